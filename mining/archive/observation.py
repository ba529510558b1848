"""The folder of a date: every model once, every model whose metadata speak of carbon, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from mining.archive.strata import FAMILIES
from mining.build import name_digests
from mining.build.parts import write_folder

MEMBERS = "members.parquet"
REPORTERS = "reporters.parquet"
ABOUT = "date.json"
SILENT, REPORTING, UNKNOWN = 0, 1, 2
"""States of a model: no number in its metadata, a number, metadata that could not be read."""


class Observation(Struct, frozen=True, kw_only=True):
    """What one date shows, in counts.

    Attributes:
        date: Label of the date.
        sha256: Digest of the file.
        size_bytes: Its size.
        rows: Rows of the file.
        models: Models, each name once.
        reporters: Models whose metadata hold a number, before any judgement.
        unknown: Models whose metadata could not be read.
        newest_change: Newest last change of any model: the day the file was observed, as near as its content tells.
        types: Arrow type of each column that was read.
        notes: What was set aside or doubted, counted.
        code: Version of the code.
    """

    date: str
    sha256: str
    size_bytes: int
    rows: int
    models: int
    reporters: int
    unknown: int
    newest_change: str | None
    types: dict[str, str]
    notes: dict[str, int]
    code: str


class Reporter(Struct, frozen=True, kw_only=True):
    """A model whose metadata speak of carbon: what it states, and what became of it after the checks."""

    model_id: str
    model_key: str = ""
    source: str | None = None
    author: str | None = None
    created_at: str | None = None
    value: float | None = None
    unit: str | None = None
    text: str = ""
    emissions_gco2e: float | None = None
    outcome: str = "not-reported"
    scope: str | None = None
    flags: tuple[str, ...] = ()
    level: str = "silent"
    tool: str | None = None
    relation: str | None = None


def read_about(folder: Path) -> Observation | None:
    """What an earlier run wrote of a date; None where there is nothing that can be read."""
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=Observation)
    except (OSError, msgspec.MsgspecError):
        return None


def write_observation(folder: Path, members: Iterable[pa.Table], reporters: pa.Table, about: Observation) -> None:
    """Write the folder of a date, whole or not at all; members come in the order of their digests."""

    def fill(beside: Path) -> None:
        writer = None
        for table in members:
            writer = writer or pq.ParquetWriter(beside / MEMBERS, table.schema, compression="zstd")
            writer.write_table(table)
        assert writer is not None
        writer.close()
        pq.write_table(reporters, beside / REPORTERS, compression="zstd")
        (beside / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about, order="deterministic")) + b"\n")

    write_folder(folder, fill)


def reporters_table(reporters: Sequence[Reporter]) -> pa.Table:
    """Reporters as a table of one fixed schema."""
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("model_id", "model_key", "source", "author", "created_at")),
            ("value", pa.float64()),
            *((name, pa.string()) for name in ("unit", "text")),
            ("emissions_gco2e", pa.float64()),
            *((name, pa.string()) for name in ("outcome", "scope")),
            ("flags", pa.list_(pa.string())),
            *((name, pa.string()) for name in ("level", "tool", "relation")),
        ]
    )
    return pa.Table.from_pylist([msgspec.structs.asdict(one) for one in reporters], schema=schema)


def members_table(columns: dict[str, Any], digests: name_digests.Digests) -> pa.Table:
    """Members of some rows in one fixed schema."""
    kinds = {
        "id": pa.string(),
        "author": pa.string(),
        "created_s": pa.int64(),
        "state": pa.int8(),
        "looked": pa.bool_(),
    }
    kinds |= dict.fromkeys(("author", *FAMILIES), pa.dictionary(pa.int32(), pa.string()))
    arrays = {"digest": pa.array(digests, pa.uint64())}
    for name, kind in kinds.items():
        values = columns.get(name, [])
        arrays[name] = values.cast(kind) if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, kind)
    return pa.table(arrays)
