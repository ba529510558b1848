"""One HTTP answer as a value, and the refusals of the Hub."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON_TYPE = "application/json; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})", re.ASCII)
DISABLED_MESSAGE = "Access to this resource is disabled."


@dataclass(frozen=True)
class Request:
    """What a client asked for.

    Attributes:
        method: HTTP method.
        path: Path without query, percent-decoding left to the routes.
        query: Pairs of the query in their order.
        token: Token of the Authorization header, or None.
        body: Body of the request.
        content_type: Its declared type.
        host: Address of the server as the client wrote it.
        range: Header that asks for a part of the body.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    token: str | None = None
    body: bytes = b""
    content_type: str = ""
    host: str = ""
    range: str = ""

    def all(self, name: str) -> list[str]:
        """Every value of a query parameter, in its order."""
        return [value for key, value in self.query if key == name]

    def one(self, name: str) -> str | None:
        """First value of a query parameter, or None."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True)
class Response:
    """What the server says.

    Attributes:
        status: HTTP status.
        body: Body bytes.
        headers: Headers beside those of the transport.
        content_type: Declared type of the body.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE


def ok(value: Any, headers: dict[str, str] | None = None) -> Response:
    """A JSON value."""
    return Response(200, msgspec.json.encode(value), headers or {})


def ranged(answer: Response, request: Request) -> Response:
    """The part of a file that a client asked for, as the Hub's storage gives it, or the whole file."""
    wanted = _RANGE.fullmatch(request.range.strip())
    if wanted is None or answer.status != 200:
        return answer
    size = len(answer.body)
    first = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2] or 0))
    last = min(int(wanted[2]), size - 1) if wanted[1] and wanted[2] else size - 1
    if first >= size or last < first:
        return Response(416, b"", {"Content-Range": f"bytes */{size}"}, TEXT_TYPE)
    headers = answer.headers | {"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"}
    return Response(206, answer.body[first : last + 1], headers, answer.content_type)


def refusal(status: int, message: str, *, code: str | None = None, said: str | None = None) -> Response:
    """A refusal as the Hub words it: JSON body, ``X-Error-Message``, and ``X-Error-Code`` where one exists.

    Args:
        status: HTTP status.
        message: Text of the body's ``error``.
        code: Value of ``X-Error-Code``.
        said: Value of ``X-Error-Message``; ``message`` unless given.
    """
    headers = {"X-Error-Message": said or message}
    if code is not None:
        headers["X-Error-Code"] = code
    return Response(status, msgspec.json.encode({"error": message}), headers)


def repository_not_found(token: str | None) -> Response:
    """Missing and private repositories look alike: 401 to strangers, 404 to the known."""
    if token is None:
        return refusal(401, "Invalid username or password.", code="RepoNotFound", said="Repository not found")
    return refusal(404, "Repository not found", code="RepoNotFound")


def gated(model_id: str, token: str | None) -> Response:
    """The repository exists, but its files need an accepted agreement."""
    message = f"Access to model {model_id} is restricted."
    hint = (
        " You must have access to it and be authenticated to access it."
        if token is None
        else " You are not in the authorized list."
    )
    return refusal(401 if token is None else 403, message + hint, code="GatedRepo")


def disabled() -> Response:
    """The repository was disabled by the Hub."""
    return refusal(403, DISABLED_MESSAGE)


def revision_not_found(revision: str) -> Response:
    """No branch, tag or commit of that name."""
    return refusal(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def entry_not_found() -> Response:
    """No file of that name at that revision."""
    return refusal(404, "Entry not found", code="EntryNotFound")


def moved(location: str) -> Response:
    """The repository was renamed: same method, other place."""
    body = f"Temporary Redirect. Redirecting to {location}".encode()
    return Response(307, body, {"Location": location}, TEXT_TYPE)
