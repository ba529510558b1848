"""One row of a dump as the envelope that a crawl would have stored."""

from __future__ import annotations

from typing import Any

import msgspec

from mining.envelope import MAX_TEXT_BYTES
from mining.fields import RowFailure
from mining.hub.fields import FIELDS
from mining.schema import Envelope
from mining.snapshot import KeyMap

CARD_COLUMNS = (
    "_id", "id", "modelId", "author", "card", "createdAt", "downloads", "last_modified", "lastModified",
    "library_name", "likes", "pipeline_tag", "sha", "tags",
)  # fmt: skip
_KNOWN = frozenset(
    {*FIELDS, *CARD_COLUMNS, "private", "trendingScore", "childrenModelCount", "inference", "mask_token", "spaces"}
)
_RENAMED = {"last_modified": "lastModified", "modelId": "id"}


def unknown_columns(columns: tuple[str, ...]) -> list[str]:
    """Columns that the listing of the Hub does not have."""
    return sorted(set(columns) - _KNOWN)


def model_envelope(row: dict[str, Any], name: str, revision: str) -> Envelope:
    """Envelope of a row of metadata, its cells read; a row without a name becomes a failure."""
    record = {_RENAMED.get(column, column): value for column, value in row.items()}
    model_id = record.get("id")
    if not isinstance(model_id, str) or not model_id:
        no_id: RowFailure = "row-without-id"
        return Envelope(kind="failure", id="", address=name, failure=no_id, source_revision=revision)
    key = record.get("_id")
    try:
        body = msgspec.json.encode(record).decode()
    except (OverflowError, UnicodeEncodeError, RecursionError) as error:
        reason: RowFailure = "row-beyond-64-bits" if isinstance(error, OverflowError) else "row-not-json"
        return Envelope(kind="failure", id=model_id, address=name, failure=reason, source_revision=revision)
    return Envelope(
        kind="model",
        id=model_id,
        key=key if isinstance(key, str) else None,
        address=name,
        body=body,
        source_revision=revision,
    )


def model_of_card_row(row: dict[str, Any], name: str, revision: str) -> Envelope:
    """The metadata that a row of card texts carries."""
    return model_envelope({column: value for column, value in row.items() if column != "card"}, name, revision)


def card_envelope(row: dict[str, Any], revision: str, keys: KeyMap) -> Envelope:
    """Envelope of a row of card texts; a row without a text is an absent card, a huge text is too large.

    Args:
        row: The row.
        revision: Revision of the dump.
        keys: Keys of the models by name; card dumps do not carry them.
    """
    model_id = str(row.get("modelId") or row.get("id") or "")
    text = row.get("card")
    size = len(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else 0
    failure = "absent" if not isinstance(text, str) else "too-large" if size > MAX_TEXT_BYTES else None
    return Envelope(
        kind="card" if failure is None else "failure",
        id=model_id,
        key=keys.get(model_id),
        address=f"/{model_id}/resolve/main/README.md",
        status=200 if failure is None else 0,
        body=text if failure is None and isinstance(text, str) else "",
        failure=failure,
        size_bytes=size if failure == "too-large" else None,
        source_revision=revision,
    )
