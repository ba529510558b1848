"""The synthetic Hub as the two public daily dumps: Parquet of the metadata, Parquet of the card texts.

Columns follow ``cfahlgren1/hub-stats`` (fields of the listing; values of varying shape as JSON text) and
``librarian-bots/model_cards_with_metadata``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sample_hub.server.catalog import Catalog, Record

ROWS = 2_000
MODELS_FILE = "models.parquet"
CARDS_FILE = "data/train-00000-of-00001.parquet"
JSON_COLUMNS = ("baseModels", "cardData", "config", "gguf", "model-index", "safetensors")
_TIME = pa.timestamp("ms", tz="UTC")
_FILES = pa.list_(pa.struct([("rfilename", pa.string())]))
MODELS_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("_id", "id", "author", "sha", "library_name", "pipeline_tag", "gated")),
        *((name, pa.string()) for name in JSON_COLUMNS),
        *((name, pa.int64()) for name in ("downloads", "downloadsAllTime", "likes", "trendingScore", "usedStorage")),
        *((name, pa.bool_()) for name in ("private", "disabled")),
        *((name, _TIME) for name in ("createdAt", "lastModified")),
        ("tags", pa.list_(pa.string())),
        ("siblings", _FILES),
    ]
)
CARDS_SCHEMA = pa.schema(
    [
        ("modelId", pa.string()), ("author", pa.string()), ("last_modified", _TIME), ("downloads", pa.int64()),
        ("likes", pa.int64()), ("library_name", pa.string()), ("tags", pa.list_(pa.string())),
        ("pipeline_tag", pa.string()), ("createdAt", _TIME), ("card", pa.string()),
    ]
)  # fmt: skip


def write_dump(catalog: Catalog, folder: Path, count: int | None = None) -> dict[str, Path]:
    """Write both dumps of a catalog, streamed.

    Args:
        catalog: Models.
        folder: Where to write ``hub-stats/models.parquet`` and ``model-cards/data/train-00000-of-00001.parquet``.
        count: Only the first so many models; None for all.

    Returns:
        Paths of the files: ``models`` and ``cards``.
    """
    number = len(catalog) if count is None else min(count, len(catalog))
    paths = {"models": folder / "hub-stats" / MODELS_FILE, "cards": folder / "model-cards" / CARDS_FILE}
    indices = range(number)
    _write(paths["models"], MODELS_SCHEMA, (model_row(catalog.record(index)) for index in indices))
    _write(paths["cards"], CARDS_SCHEMA, _card_rows(catalog, indices))
    return paths


def _write(path: Path, schema: pa.Schema, rows: Iterator[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with pq.ParquetWriter(beside, schema, compression="zstd") as writer:
        while batch := list(itertools.islice(rows, ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
    beside.replace(path)


def model_row(record: Record) -> Record:
    """A model as a row of the dump of metadata."""
    row: Record = {name: record.get(name) for name in MODELS_SCHEMA.names}
    row |= {name: _as_text(row[name]) for name in JSON_COLUMNS}
    row["gated"] = str(row["gated"])  # False, auto, manual: one type for a column
    row |= {name: datetime.fromisoformat(record[name]) for name in ("createdAt", "lastModified")}
    return row


def _as_text(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _card_rows(catalog: Catalog, indices: Iterable[int]) -> Iterator[Record]:
    """Cards that anybody can read."""
    for index in indices:
        if catalog.access(index) != "open":
            continue
        card = catalog.files(index).get("README.md")
        if card is None:
            continue
        record = catalog.record(index)
        row: Record = {name: record.get(name) for name in CARDS_SCHEMA.names}
        row |= {"modelId": record["id"], "card": card.decode("utf-8", "replace")}
        row["last_modified"] = datetime.fromisoformat(record["lastModified"])
        row["createdAt"] = datetime.fromisoformat(record["createdAt"])
        yield row
