"""The tables as they are handed on: without quotes of cards unless they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from mining.exports import CARD_TEXT
from mining.paths import Processed
from mining.schema import TABLES
from mining.tables import TableColumn, columns

PUBLISHED = ("models", "claims", "metrics", "lineage")
"""Tables that are handed on; rejected records hold raw text and stay at home."""
QUOTES = frozenset(CARD_TEXT["claims"])
"""Columns of ``claims`` that are words of the card."""
BATCH_ROWS = 100_000


class Table(Struct, frozen=True, kw_only=True):
    """One table of the data set.

    Attributes:
        columns: Its columns as the registry defines them, those left out taken away.
    """

    name: str
    meaning: str
    file: str
    rows: int
    columns: tuple[TableColumn, ...]


def write_tables(
    processed: Processed,
    folder: Path,
    *,
    with_quotes: bool,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Table, ...]:
    """Copy the tables in pieces, leaving out what is not to be handed on.

    Args:
        processed: The tables as they were built.
        folder: Folder of the data set; the files go to ``data`` below it.
        with_quotes: Keep the words of cards that state a quantity.
        progress: Told the table, the rows written so far and how many there are.
    """
    (folder / "data").mkdir(parents=True)
    report = progress or _silent
    return tuple(_write(processed, folder, name, report, with_quotes=with_quotes) for name in PUBLISHED)


def _silent(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def _write(
    processed: Processed, folder: Path, name: str, report: Callable[[str, int, int], None], *, with_quotes: bool
) -> Table:
    source = pq.ParquetFile(processed.table(name))
    left_out = QUOTES if name == "claims" and not with_quotes else frozenset()
    kept = [field for field in source.schema_arrow.names if field not in left_out]
    file = f"data/{name}.parquet"
    schema = pa.schema([source.schema_arrow.field(field).with_metadata(None) for field in kept])
    done = 0
    with pq.ParquetWriter(folder / file, schema, compression="zstd") as writer:
        for batch in source.iter_batches(BATCH_ROWS, columns=kept):
            piece = pa.Table.from_batches([batch]).cast(schema)
            writer.write_table(_without_headings(piece) if left_out else piece)
            done += piece.num_rows
            report(name, done, source.metadata.num_rows)
    struct = TABLES[name]
    return Table(
        name=name,
        meaning=" ".join((struct.__doc__ or "").strip().splitlines()[0].replace("``", "`").split()),
        file=file,
        rows=source.metadata.num_rows,
        columns=tuple(column for column in columns(struct) if column.name in kept),
    )


def _without_headings(table: pa.Table) -> pa.Table:
    """Places without the headings of cards: ``card:Section:12`` becomes ``card:12``, a file keeps its row alone."""
    place = pc.replace_substring_regex(table["where"], r"(?s)^(card|file):.*:([0-9]+)$", r"\1:\2")
    place = pc.if_else(pc.match_substring_regex(place, r"^(metadata:[\w.\[\]-]+|(card|file):[0-9]+)$"), place, "card")
    return table.set_column(table.schema.get_field_index("where"), table.schema.field("where"), place)
