"""What was received about one model beside its row in the listing: card, info, files, commits, or why there is none."""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct, field

from mining.fields import FileFault
from mining.meter_files import is_meter_file
from mining.normalize.times import oldest
from mining.schema import CardStatus, Envelope

CARD_FILE = "README.md"
_FAILURES: dict[str, CardStatus] = {
    "gated": "gated", "gone": "gone", "disabled": "disabled", "too-large": "too-large", "absent": "absent",
    "unreadable": "not-text",
}  # fmt: skip
_ABSENT_CODE = "EntryNotFound"


class ModelResponses(Struct):
    """Answers about one model, sorted by what was asked for.

    Attributes:
        card: Bytes of the card; None where it was not read.
        card_status: What came of asking for it; None where the answer has to be read first.
        info: JSON of the single-model answer.
        files: Other files by name.
        unread_files: Why a meter's file could not be had, by name.
        first_commit: Date of the oldest commit.
        revision: Commit that the card was read at.
    """

    card: bytes | None = None
    card_status: CardStatus | None = "not-asked"
    info: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    unread_files: dict[str, FileFault] = field(default_factory=dict)
    first_commit: str | None = None
    revision: str | None = None


def sort_responses(envelopes: Iterable[Envelope]) -> ModelResponses:
    """Sort the answers about one model; of two to one question the later counts, unless only the first came through."""
    responses = ModelResponses()
    for envelope in envelopes:
        if _is_about_card(envelope):
            _take_card(responses, envelope)
        elif envelope.failure is not None:
            name = file_name(envelope.address)
            if envelope.failure != "absent" and is_meter_file(name):
                responses.unread_files[name] = (
                    "file-too-large" if envelope.failure == "too-large" else "file-not-fetched"
                )
        elif envelope.kind == "info":
            responses.info = envelope.body
        elif envelope.kind == "file":
            responses.files[file_name(envelope.address)] = body_bytes(envelope)
        elif envelope.kind == "commits":
            responses.first_commit = oldest(_commit_dates(envelope.body))
    return responses


def _is_about_card(envelope: Envelope) -> bool:
    """Whether a card was asked for; a failure tells it by its address only."""
    if envelope.kind == "failure":
        return envelope.address.partition("?")[0].endswith(f"/{CARD_FILE}")
    return envelope.kind == "card"


def _take_card(responses: ModelResponses, envelope: Envelope) -> None:
    if envelope.kind == "card" and envelope.failure is None and envelope.status < 400:
        responses.card, responses.card_status = body_bytes(envelope), None
        responses.revision = envelope.headers.get("x-repo-commit")
    elif responses.card is None:
        responses.card_status = failure_status(envelope)


def failure_status(envelope: Envelope) -> CardStatus:
    """Why there is no card: an entry that does not exist is an absent card, a missing repository is gone."""
    code = next((value for name, value in envelope.headers.items() if name.lower() == "x-error-code"), None)
    if code == _ABSENT_CODE:
        return "absent"
    if envelope.failure in _FAILURES:
        return _FAILURES[envelope.failure]
    return "absent" if envelope.status == 404 and code is None and envelope.failure is None else "unreachable"


def body_bytes(envelope: Envelope) -> bytes:
    """Body of an answer as bytes."""
    if envelope.encoding != "base64":
        return envelope.body.encode("utf-8", "surrogatepass")
    try:
        return binascii.a2b_base64(envelope.body, strict_mode=True)
    except (binascii.Error, ValueError):
        return b""


def file_name(address: str) -> str:
    """Name of the file inside its repository, from the address it was asked at."""
    path = address.partition("?")[0]
    for place in ("/resolve/", "/raw/"):
        if place in path:
            return path.partition(place)[2].partition("/")[2]
    return path.rsplit("/", 1)[-1]


def _commit_dates(body: str) -> list[str | None]:
    try:
        commits = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return []
    return [_date(commit) for commit in commits] if isinstance(commits, list) else []


def _date(commit: Any) -> str | None:
    date = commit.get("date") if isinstance(commit, dict) else None
    return date if isinstance(date, str) else None
