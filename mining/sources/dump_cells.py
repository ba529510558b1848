"""Cells of a dump as the Hub's JSON has them, whatever types the dump's columns took.

A column that is lost for every row is refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from mining.errors import SchemaMismatchError
from mining.hub.rows import sound_json

COUNTS = frozenset({"downloads", "downloadsAllTime", "likes", "usedStorage"})
TEXTS = frozenset({"_id", "id", "modelId", "author", "sha", "pipeline_tag", "library_name", "card"})
TIMES = frozenset({"createdAt", "lastModified", "last_modified"})
# Columns that a dump may keep as JSON text, because their shape differs from row to row.
NESTED = frozenset({
    "baseModels", "cardData", "config", "evalResults", "gguf", "model-index", "safetensors", "siblings", "tags",
    "transformersInfo",
})  # fmt: skip


class NotUnderstoodError(ValueError):
    """A cell that cannot stand for what its column holds on the Hub."""


def plain(value: Any) -> Any:
    """A cell in JSON's own types, without the missing members that a common Parquet schema adds."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return text_of(value)
    if isinstance(value, Decimal):
        return (int(value) if value == value.to_integral_value() else float(value)) if value.is_finite() else None
    if isinstance(value, datetime):
        stamp = value.astimezone(UTC) if value.tzinfo else value
        return f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03d}Z"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}T00:00:00.000Z"
    return _plain_nested(value)


def _plain_nested(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items() if member is not None}
    return _pairs_as_mapping([plain(member) for member in value]) if isinstance(value, list) else str(value)


def cell(column: str, value: Any) -> Any:
    """A cell as the Hub would have sent it.

    Raises:
        NotUnderstoodError: It cannot stand for what the column holds.
    """
    value = plain(value)
    if value is None:
        return None
    reader = _READERS.get(column)
    return value if reader is None else reader(value)


def text_of(value: bytes) -> str:
    """Bytes as UTF-8, or as Latin-1 where they are none."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _pairs_as_mapping(items: list[Any]) -> Any:
    """Arrow's map type comes as a list of pairs."""
    if items and all(isinstance(item, list | tuple) and len(item) == 2 and isinstance(item[0], str) for item in items):
        return dict(items)
    return items


def _count(value: Any) -> int:
    """A whole number, however it is written."""
    if isinstance(value, str):
        try:
            value = float(value) if "." in value or "e" in value.lower() else int(value.strip())
        except ValueError:
            raise NotUnderstoodError(value[:80]) from None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise NotUnderstoodError(str(value)[:80])


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value
    raise NotUnderstoodError(str(value)[:80])


def _time(value: Any) -> str:
    """A time as text, or as seconds or milliseconds since 1970."""
    if isinstance(value, str) and value[:4].isdigit() and not value.isdigit():
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value >= 1e11 else float(value)
        if 0 < seconds < 1e10:
            return str(plain(datetime.fromtimestamp(seconds, UTC)))
    raise NotUnderstoodError(str(value)[:80])


def _nested(value: Any) -> Any:
    """A nested value, given as one or as its JSON text."""
    if isinstance(value, dict | list):
        return value
    if not isinstance(value, str):
        raise NotUnderstoodError(str(value)[:80])
    text = value.strip()
    if text in ("", "null"):
        return None
    try:
        if text[0] in "{[":
            msgspec.json.decode(text, type=msgspec.Raw)
            return msgspec.Raw(text.encode())
    except (msgspec.DecodeError, RecursionError):
        pass
    return _nested_in_loose_json(text)


def _nested_in_loose_json(text: str) -> msgspec.Raw:
    """JSON that Python wrote (``NaN``, halves of surrogate pairs), or JSON text inside JSON text."""
    try:
        value = json.loads(text, strict=False, parse_constant=lambda _: None)
        if isinstance(value, str):
            value = json.loads(value, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise NotUnderstoodError(text[:80]) from None
    if not isinstance(value, dict | list):
        raise NotUnderstoodError(text[:80])
    return msgspec.Raw(sound_json(value).encode())


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(COUNTS, _count),
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(TIMES, _time),
    **dict.fromkeys(NESTED, _nested),
}


class Columns:
    """Reads the rows of one file and keeps count of what each column gave.

    Args:
        name: Name of the file, for messages.
        types: Type of each column, for messages.
    """

    def __init__(self, name: str, types: dict[str, str]) -> None:
        self._name = name
        self._types = types
        self._read: set[str] = set()
        self._lost: dict[str, str] = {}

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row as the Hub would have sent it; what cannot be understood stays as it is."""
        found = {}
        for column, value in row.items():
            if value is None:
                continue
            try:
                got = cell(column, value)
            except NotUnderstoodError as error:
                self._lost.setdefault(column, str(error))
                got = plain(value)
            else:
                self._read.add(column)
            if got is not None:
                found[column] = got
        return found

    def check(self, columns: Sequence[str] | None = None) -> None:
        """Refuse a file of which a column was lost for every row that was read.

        Raises:
            SchemaMismatchError: Names the column and its type.
        """
        for column in sorted(self._lost.keys() - self._read):
            if columns is None or column in columns:
                kind, example = self._types.get(column, "unknown"), self._lost[column]
                raise SchemaMismatchError(
                    f"{self._name}: no value of column {column!r} (type {kind}) can be read, for instance {example!r}"
                )
