"""Rows of a dump as the Hub's rows, column by column: no row is written as JSON to be read again.

Only files whose columns have the types of the public dumps come here; every other file, and every row that a column
reader stumbles over, goes the way of single rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mining.normalize.wire import CARBON_WORDS, NOTHING, BaseModels, Gguf, HubRow, NamedModel, Safetensors

_is_text = pa.types.is_string
_is_count = pa.types.is_int64
_is_time = pa.types.is_timestamp
_IGNORED = frozenset({"trendingScore", "childrenModelCount", "mask_token", "inference", "spaces", "private"})
"""Columns that become no field of a record."""
_gguf_decoder = msgspec.json.Decoder(Gguf | None)


def _has_counts(kind: pa.DataType) -> bool:
    """``struct<parameters: struct<TYPE: int64, ...>, total: int64>``."""
    if not pa.types.is_struct(kind) or {field.name for field in kind} != {"parameters", "total"}:
        return False
    inner = kind.field("parameters").type
    are_counts = pa.types.is_struct(inner) and all(_is_count(f.type) for f in inner)
    return bool(are_counts and _is_count(kind.field("total").type))


def _has_bases(kind: pa.DataType) -> bool:
    """``struct<relation: string, models: list<struct<_id: string, id: string>>>``."""
    if not pa.types.is_struct(kind) or {field.name for field in kind} != {"relation", "models"}:
        return False
    models = kind.field("models").type
    if not _is_text(kind.field("relation").type) or not pa.types.is_list(models):
        return False
    item = models.value_type
    return bool(pa.types.is_struct(item)) and item.get_field_index("id") >= 0 and _is_text(item.field("id").type)


def _has_texts(kind: pa.DataType) -> bool:
    """``list<string>``."""
    return bool(pa.types.is_list(kind) and _is_text(kind.value_type))


_COLUMNS: dict[str, tuple[str, Callable[[pa.DataType], bool]]] = {
    "_id": ("key", _is_text),
    "id": ("id", _is_text),
    "author": ("author", _is_text),
    "sha": ("sha", _is_text),
    "createdAt": ("created_at", _is_time),
    "lastModified": ("last_modified", _is_time),
    "downloads": ("downloads", _is_count),
    "downloadsAllTime": ("downloads_all_time", _is_count),
    "likes": ("likes", _is_count),
    "pipeline_tag": ("pipeline_tag", _is_text),
    "library_name": ("library_name", _is_text),
    "tags": ("tags", _has_texts),
    "cardData": ("card_data", _is_text),
    "safetensors": ("safetensors", _has_counts),
    "gguf": ("gguf", _is_text),
    "baseModels": ("base_models", _has_bases),
}

_CARBON = "(?i)" + "|".join(word.decode() for word in CARBON_WORDS)
UNREAD = object()
"""Stands for a cell that only the reader of single rows may judge."""


def is_ordinary(schema: pa.Schema) -> bool:
    """Whether every column of a file has the type that the public dumps give it."""
    names = schema.names
    known = all(name in _IGNORED or (name in _COLUMNS and _COLUMNS[name][1](schema.field(name).type)) for name in names)
    return bool(known) and "id" in names and len(set(names)) == len(names)


def hub_rows(batch: pa.RecordBatch) -> Iterator[tuple[HubRow, bool] | None]:
    """Rows of a batch, each with whether its metadata hold a word of carbon.

    None for a row that has to be read on its own (no name, or metadata that are no object).

    Args:
        batch: Rows of a file that :func:`is_ordinary`.
    """
    columns = {
        _COLUMNS[name][0]: _READERS.get(name, pa.Array.to_pylist)(batch.column(name))
        for name in batch.schema.names
        if name in _COLUMNS
    }
    speaks: Iterable[bool] = repeat(False)
    if "cardData" in batch.schema.names:
        speaks = pc.fill_null(pc.match_substring_regex(batch.column("cardData"), _CARBON), False).to_pylist()
    cells = [columns.get(name) or repeat(default) for name, default in _DEFAULTS]
    unread = [columns[name] for name in ("card_data", "gguf") if name in columns]
    for row, spoken, *doubtful in zip(map(HubRow, *cells), speaks, *unread, strict=False):
        yield (row, spoken) if row.id and UNREAD not in doubtful else None


_FIELDS = msgspec.structs.fields(HubRow)
_LAST = max(number for number, field in enumerate(_FIELDS) if field.name in {name for name, _ in _COLUMNS.values()})
_DEFAULTS = [(field.name, field.default) for field in _FIELDS[: _LAST + 1]]
"""Fields of a row in their order, up to the last that a dump fills, with what stands for a column that is not there."""


def _times(column: pa.Array) -> list[str | None]:
    """Times in the one form of the Hub."""
    seconds = pc.cast(pc.floor_temporal(column, unit="second"), pa.timestamp("s"), safe=False)
    texts = pc.replace_substring(pc.cast(seconds, pa.string()), " ", "T", max_replacements=1)
    found: list[str | None] = pc.binary_join_element_wise(texts, "Z", "").to_pylist()
    return found


def _cards(column: pa.Array) -> list[Any]:
    """Metadata as they lie in the file."""
    found: list[Any] = []
    for cell in column.cast(pa.binary()).to_pylist():
        if cell is None or cell == b"null" or not cell:
            found.append(NOTHING)
        else:
            found.append(msgspec.Raw(cell) if cell[:1] == b"{" and cell[-1:] == b"}" else UNREAD)
    return found


def _tags(column: pa.Array) -> list[list[Any] | None]:
    """Lists of tags without missing ones; most come again and again, so each becomes one text."""
    encoded = column.flatten().dictionary_encode()
    words = encoded.dictionary.to_pylist()
    if not encoded.null_count:
        return _sliced(column, [words[place] for place in encoded.indices.to_numpy().tolist()])
    cut = _sliced(column, encoded.to_pylist())
    return [own and [tag for tag in own if tag is not None] for own in cut]


def _sliced(column: pa.Array, items: list[Any]) -> list[list[Any] | None]:
    """Items of a list column, cut at its offsets."""
    ends = np.cumsum(pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)).tolist()
    cut: list[list[Any] | None] = [items[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    if column.null_count:
        return [None if missing else part for part, missing in zip(cut, column.is_null().to_pylist(), strict=True)]
    return cut


def _safetensors(column: pa.Array) -> list[Safetensors | None]:
    """Stored elements by type; types that a model does not have stay out."""
    totals = pc.struct_field(column, "total").to_pylist()
    parameters: list[dict[str, int]] = [{} for _ in range(len(column))]
    inner = pc.struct_field(column, "parameters")
    for field in inner.type:
        counts = pc.struct_field(inner, field.name)
        rows = np.flatnonzero(counts.is_valid().to_numpy(zero_copy_only=False))
        for row, count in zip(rows.tolist(), counts.take(pa.array(rows)).to_pylist(), strict=True):
            parameters[row][field.name] = count
    missing = column.is_null().to_pylist()
    return [
        None if is_missing else Safetensors(own, total)
        for own, total, is_missing in zip(parameters, totals, missing, strict=True)
    ]


def _ggufs(column: pa.Array) -> list[Any]:
    """Headers of GGUF files."""
    return [None if cell is None else _gguf(cell) for cell in column.to_pylist()]


def _gguf(cell: str) -> Any:
    try:
        return _gguf_decoder.decode(cell) if cell else None
    except (msgspec.DecodeError, RecursionError):
        return UNREAD


def _bases(column: pa.Array) -> list[BaseModels | None]:
    """Relations to bases, and their names."""
    relations = pc.struct_field(column, "relation").to_pylist()
    models = pc.struct_field(column, "models")
    names = pc.struct_field(models.flatten(), "id").to_pylist()
    missing = column.is_null().to_pylist()
    return [
        None if is_missing else BaseModels(relation, [NamedModel(name) for name in own or () if name])
        for relation, own, is_missing in zip(relations, _sliced(models, names), missing, strict=True)
    ]


_READERS: dict[str, Callable[[pa.Array], list[Any]]] = {
    "createdAt": _times, "lastModified": _times, "cardData": _cards, "tags": _tags, "safetensors": _safetensors,
    "gguf": _ggufs, "baseModels": _bases,
}  # fmt: skip
