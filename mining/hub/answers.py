"""What came back: an answer with the headers worth keeping, and its translation into an envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mining.envelope import as_text
from mining.schema import Envelope

# Everything else stays behind: request ids, dates, cookies and routing differ from run to run or tell of the machine.
KEPT_HEADERS = (
    "etag", "x-repo-commit", "x-error-code", "x-error-message", "x-total-count", "x-linked-size", "x-linked-etag",
)  # fmt: skip
_HEADER_MAX_CHARS = 500
_ERROR_BODY_MAX_BYTES = 4096
_BY_CODE = {"GatedRepo": "gated", "EntryNotFound": "absent", "RevisionNotFound": "gone", "RepoNotFound": "gone"}
_BY_STATUS = {401: "gone", 403: "gated", 404: "gone", 410: "gone", 451: "disabled"}
_DISABLED_MESSAGE = "access to this resource is disabled"


class HubResponse(Struct, kw_only=True):
    """One answer of the server, complete or too large.

    Attributes:
        address: Path and query that were asked for.
        status: HTTP status.
        headers: Headers worth keeping.
        body: Body as received, without the token; empty where it is too large.
        content: What the caller's reader made of the body.
        next: Path and query of the next page.
        moved_to: Path that the repository was renamed to, where the answer came from there.
        too_large_bytes: Size of a body that was not kept.
        failure: Why the answer is of no use: gated, gone, disabled, absent, unreadable, too-large; None where it is
            good.
    """

    address: str
    status: int
    headers: dict[str, str] = {}
    body: bytes = b""
    content: Any = None
    next: str | None = None
    moved_to: str | None = None
    too_large_bytes: int | None = None
    failure: str | None = None


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The allowed headers, shortened."""
    return {name: headers[name][:_HEADER_MAX_CHARS] for name in KEPT_HEADERS if name in headers}


def failure_of(status: int, headers: Mapping[str, str]) -> str | None:
    """Why an answer is of no use, by the Hub's own error codes; None where it is good.

    The codes are those of ``huggingface_hub`` 2.4, ``hf_raise_for_status``; its own function reads bodies and headers
    less tolerantly than hostile or broken servers need.

    Args:
        status: HTTP status.
        headers: All headers, names in any case.
    """
    if status < 400:
        return None if status == 200 else "unreadable"
    code = headers.get("x-error-code", "")
    if code in _BY_CODE:
        return _BY_CODE[code]
    if headers.get("x-error-message", "").strip().lower().startswith(_DISABLED_MESSAGE):
        return "disabled"
    return _BY_STATUS.get(status, "unreadable")


def as_envelope(answer: HubResponse, kind: str, model_id: str, key: str | None = None) -> Envelope:
    """Write an answer as an envelope; a failed one becomes kind ``failure``."""
    body, encoding = as_text(answer.body if answer.failure is None else answer.body[:_ERROR_BODY_MAX_BYTES])
    headers = dict(answer.headers)
    if answer.moved_to is not None:
        headers["location"] = answer.moved_to[:_HEADER_MAX_CHARS]
    return Envelope(
        kind=kind if answer.failure is None else "failure",
        id=model_id,
        key=key,
        address=short_address(answer.address),
        status=answer.status,
        headers=headers,
        body=body,
        encoding=encoding,
        failure=answer.failure,
        size_bytes=answer.too_large_bytes,
    )


def failed(address: str, model_id: str, failure: str, key: str | None = None, *, reason: str = "") -> Envelope:
    """An envelope for an answer that never came (status 0), with the reason in its body."""
    return Envelope(kind="failure", id=model_id, key=key, address=address, status=0, failure=failure, body=reason)


def short_address(address: str) -> str:
    """An address without the fields, which the manifest names once for all."""
    path, _, query = address.partition("?")
    kept = [
        part for part in query.split("&") if part and not part.startswith(("expand=", "expand%5B%5D=", "expand[]="))
    ]
    return f"{path}?{'&'.join(kept)}" if kept else path
