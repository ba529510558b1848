"""Proposing a change on the Hub: one file, one pull request.

Never two for the same change, and never a word too many about what was sent. The change goes into the request itself,
as the Hub takes small files (``POST /api/models/{id}/commit/{rev}``, newline-delimited JSON, as in ``huggingface_hub``
2.4). The client's own way of sending may be told by the server to upload the file elsewhere; a card has no need of it.
"""

from __future__ import annotations

import base64
import re
from typing import Any, NamedTuple, NoReturn

import msgspec
from huggingface_hub import get_token

from mining.errors import CheckFailedError, CouldNotLookError, TokenRefusedError, UnreachableError
from mining.hub.answers import HubResponse
from mining.hub.calls import quoted
from mining.hub.client import HubClient

WHAT_TO_RUN = "a pull request needs a token; nothing was sent. Run: hf auth login"
_NUMBER = re.compile(r"/discussions/(\d{1,9})/?\Z")
_MOST_WORDS = 300


class PullRequest(NamedTuple):
    """A pull request: its address, and whether it was opened just now."""

    address: str
    is_new: bool


def has_token() -> bool:
    """Whether the user is logged in, or the environment holds a token."""
    return get_token() is not None


def propose_file(
    endpoint: str | None,
    model_id: str,
    path: str,
    content: bytes,
    *,
    parent: str | None,
    summary: str,
    description: str,
) -> PullRequest:
    """Open one pull request that changes one file, or find the open one of the same title.

    Args:
        endpoint: The Hub; None for the one the client knows.
        model_id: Repository.
        path: File inside it.
        content: New bytes of the whole file.
        parent: Commit that the change was made from; the Hub refuses when the file has moved on.
        summary: Title of the pull request.
        description: Text of the pull request.

    Returns:
        The pull request.

    Raises:
        CouldNotLookError: No token, the Hub refused, or it cannot be known whether the change arrived.
        CheckFailedError: The Hub's own check of the front matter failed.
        UnreachableError: The Hub could not be reached; nothing was sent.
    """
    if not has_token():
        raise CouldNotLookError(WHAT_TO_RUN)
    with HubClient(endpoint) as client:
        proposal = _Proposal(client, model_id, summary)
        proposal.validate(content)
        found = proposal.open_one()
        address = found or proposal.send(path, content, parent, description)
        return PullRequest(address, is_new=found is None)


class _Proposal:
    """One change of one repository."""

    def __init__(self, client: HubClient, model_id: str, summary: str) -> None:
        self._client = client
        self._model_id = model_id
        self._summary = summary
        self._api = f"/api/models/{quoted(model_id)}"
        self._discussions = f"{client.endpoint}/{quoted(model_id)}/discussions"

    def validate(self, content: bytes) -> None:
        """Ask the Hub whether it finds fault with the front matter.

        Raises:
            CheckFailedError: It does.
        """
        question = {"content": content.decode("utf-8", "replace"), "repoType": "model"}
        answer = self._client.post("/api/validate-yaml", msgspec.json.encode(question), "application/json")
        said = _mapping(answer)
        if answer.status == 400 or said.get("errors"):
            faults = [str(one.get("message", "")) for one in said.get("errors") or () if isinstance(one, dict)]
            words = "; ".join(faults)[:_MOST_WORDS]
            raise CheckFailedError(f"the Hub rejects the metadata of {self._model_id}; nothing was sent. {words}")

    def open_one(self) -> str | None:
        """Address of an open pull request of the same title; None where there is none, or the Hub does not tell."""
        try:
            answer = self._client.get(f"{self._api}/discussions?p=0&type=pull_request&status=open")
        except TokenRefusedError:
            raise
        except CouldNotLookError:
            return None
        for one in _mapping(answer).get("discussions") or ():
            if isinstance(one, dict) and (one.get("title"), one.get("status")) == (self._summary, "open"):
                return self._address(one.get("num"))
        return None

    def send(self, path: str, content: bytes, parent: str | None, description: str) -> str:
        """Send the change.

        Raises:
            CouldNotLookError: The Hub refused it, or its answer does not tell what became of it.
        """
        header: dict[str, Any] = {"summary": self._summary, "description": description}
        if parent is not None:
            header["parentCommit"] = parent
        file = {"path": path, "encoding": "base64", "content": base64.b64encode(content).decode()}
        lines = [{"key": "header", "value": header}, {"key": "file", "value": file}]
        body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        try:
            answer = self._client.post(f"{self._api}/commit/main?create_pr=1", body, "application/x-ndjson")
        except UnreachableError as error:
            return self.open_one() or self._unknown(error.reason)
        if answer.status >= 500:
            return self.open_one() or self._unknown(f"it answered with status {answer.status}")
        if not 200 <= answer.status < 300:
            moved_on = "; the card has changed since it was read" if answer.status in (409, 412) else ""
            raise CouldNotLookError(
                f"the Hub refused the pull request on {self._model_id} (status {answer.status}){moved_on}; nothing "
                f"was changed"
            )
        number = _NUMBER.search(str(_mapping(answer).get("pullRequestUrl", "")))
        address = self._address(int(number[1])) if number else self.open_one()
        return address or self._unknown("its answer is none")

    def _address(self, number: Any) -> str | None:
        return f"{self._discussions}/{number}" if isinstance(number, int) and number > 0 else None

    def _unknown(self, reason: str) -> NoReturn:
        raise CouldNotLookError(
            f"the change was sent to {self._model_id}, but the Hub did not confirm it ({reason}): look "
            f"at {self._discussions}"
        )


def _mapping(answer: HubResponse) -> dict[str, Any]:
    """A JSON object in a body; an empty one where it is none."""
    try:
        value = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}
    return value if isinstance(value, dict) else {}
