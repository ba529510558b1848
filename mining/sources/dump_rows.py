"""One row of a dump as the envelope that a crawl would have stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from mining.hub.answers import failed
from mining.hub.client import MAX_TEXT_BYTES
from mining.hub.fields import FIELDS
from mining.schema import Envelope
from mining.snapshot import KeyMap

CARD_COLUMNS = (
    "_id",
    "id",
    "modelId",
    "author",
    "card",
    "createdAt",
    "downloads",
    "last_modified",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "sha",
    "tags",
)
_KNOWN = frozenset(
    {*FIELDS, *CARD_COLUMNS, "private", "trendingScore", "childrenModelCount", "inference", "mask_token", "spaces"}
)
# Columns that a dump may keep as JSON text, because their shape differs from row to row.
_JSON_TEXT = frozenset(
    {
        "baseModels",
        "cardData",
        "config",
        "evalResults",
        "gguf",
        "model-index",
        "safetensors",
        "siblings",
        "transformersInfo",
    }
)
_RENAMED = {"last_modified": "lastModified", "modelId": "id"}


def unknown_columns(columns: tuple[str, ...]) -> list[str]:
    """Columns that the listing of the Hub does not have."""
    return sorted(set(columns) - _KNOWN)


def model_envelope(row: dict[str, Any], name: str, revision: str) -> Envelope:
    """Envelope of a row of metadata; a row without a name becomes a failure."""
    record = {_RENAMED.get(column, column): _wire(column, value) for column, value in row.items() if value is not None}
    model_id = record.get("id")
    if not isinstance(model_id, str) or not model_id:
        return msgspec.structs.replace(
            failed(name, "", "unreadable", reason="a row without a name"), source_revision=revision
        )
    key = record.get("_id")
    body = msgspec.json.encode(record).decode()
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


def _wire(column: str, value: Any) -> Any:
    """A value as the Hub's JSON has it."""
    if isinstance(value, datetime):
        stamp = value.astimezone(UTC) if value.tzinfo else value
        return f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03d}Z"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}T00:00:00.000Z"
    if column in _JSON_TEXT and isinstance(value, str):
        return _parsed(value)
    return _without_gaps(value)


def _parsed(text: str) -> Any:
    """JSON text as raw JSON; other text stays text."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.DecodeError:
        return text
    return msgspec.Raw(text.encode())


def _without_gaps(value: Any) -> Any:
    """A nested value without the missing members that a common Parquet schema forces upon it."""
    if isinstance(value, dict):
        return {name: _without_gaps(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_gaps(member) for member in value]
    if isinstance(value, datetime | date):
        return _wire("", value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
