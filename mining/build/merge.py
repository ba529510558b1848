"""Parts become tables: rows in their order, findings of the second pass applied, doubles left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from mining.build import name_digests
from mining.build.arrow_cells import Rows, cells_at, with_cells, without_rows
from mining.build.parts import BASES, NAMES, SIZES, read_rows
from mining.build.row_group_writer import RowGroupWriter
from mining.normalize.lineage import Marks
from mining.normalize.strata import size_class, stratum_of
from mining.paths import Processed
from mining.schema import Claim, Lineage, Metric, ModelRecord, Rejection
from mining.tables import BATCH_ROWS, TableWriter, to_arrow

DUPLICATE = "duplicate"
BORROWED = "base-model"

Doubles = Mapping[int, Rows]
"""Rows whose name stood in an earlier row, by the number of their part."""


class Merged(Struct):
    """What was merged.

    Attributes:
        rows: Rows by table.
        duplicates: Models that stood twice and were kept once.
        strata: Models by stratum.
    """

    rows: dict[str, int]
    duplicates: int
    strata: dict[str, int]


class Merger:
    """Merges part folders into the tables of a processed folder.

    Args:
        folders: Part folders with model rows, in their order.
        marks: Findings of the second pass.
    """

    def __init__(self, folders: Sequence[Path], marks: Marks) -> None:
        self._folders = folders
        self._marks = marks
        self._doubles = _doubles(folders)

    def merge(self, processed: Processed, pool: Executor | None = None) -> Merged:
        """Write all tables.

        Args:
            processed: Where they go.
            pool: Processes that may write the models and the other tables at the same time; None for this one.
        """
        work = (self._folders, self._marks, self._doubles, processed)
        if pool is None:
            (models, strata), others = merge_models(*work), merge_others(*work)
        else:
            first, second = pool.submit(merge_models, *work), pool.submit(merge_others, *work)
            (models, strata), others = first.result(), second.result()
        duplicates = sum(len(rows) for rows in self._doubles.values())
        return Merged(rows={"models": models, **others}, duplicates=duplicates, strata=strata)


# ---------------------------------------------------------------- models


def merge_models(
    folders: Sequence[Path], marks: Marks, doubles: Doubles, processed: Processed
) -> tuple[int, dict[str, int]]:
    """Write the table of models; returns its rows, and the rows of each stratum."""
    finish = _Finish(folders, marks, doubles)
    strata: Counter[str] = Counter()
    with TableWriter(processed.table("models"), ModelRecord) as writer, RowGroupWriter(writer) as gather:
        for starts, rows in _grouped(folders):
            table = finish.finished(starts, rows)
            for entry in table["stratum"].value_counts().to_pylist():
                strata[str(entry["values"])] += int(entry["counts"])
            gather.add(table)
    return writer.rows, dict(sorted(strata.items()))


def _grouped(folders: Sequence[Path]) -> Iterator[tuple[dict[int, int], pa.Table]]:
    """Models of neighbouring parts, about a row group together, and the row that each part begins at, by its number."""
    starts: dict[int, int] = {}
    tables: list[pa.Table] = []
    rows = 0
    for number, folder in enumerate(folders):
        path = folder / "models.arrow"
        if not path.is_file():
            continue
        tables.append(read_rows(path))
        starts[number] = rows
        rows += tables[-1].num_rows
        if rows >= BATCH_ROWS:
            yield starts, pa.concat_tables(tables)
            starts, tables, rows = {}, [], 0
    if tables:
        yield starts, pa.concat_tables(tables)


class _Finish:
    """Applies to models what only the whole snapshot can tell."""

    def __init__(self, folders: Sequence[Path], marks: Marks, doubles: Doubles) -> None:
        self._folders = folders
        self._flags = marks.flags()
        self._groups = marks.duplicate_groups
        self._marked = pa.array(sorted({*self._flags, *self._groups}), type=pa.string())
        self._sizes, self._counts = _known_sizes(folders)
        self._doubles = doubles

    def finished(self, starts: Mapping[int, int], table: pa.Table) -> pa.Table:
        """The rows of some parts, put right; ``starts`` names the first row of each part."""
        table = self._mark(self._borrow_sizes(starts, table))
        doubles = [self._doubles[number] + start for number, start in starts.items() if number in self._doubles]
        return without_rows(table, np.concatenate(doubles)) if doubles else table

    def _borrow_sizes(self, starts: Mapping[int, int], table: pa.Table) -> pa.Table:
        """Parameters of quantized and fine-tuned models whose own files do not tell them, from their base."""
        wanted = [(name_digests.load(self._folders[number] / BASES), start) for number, start in starts.items()]
        rows = np.concatenate([pairs[:, 0].astype(np.int64) + start for pairs, start in wanted])
        bases = np.concatenate([pairs[:, 1] for pairs, _ in wanted])
        if not len(rows) or not len(self._sizes):
            return table
        places = np.minimum(np.searchsorted(self._sizes, bases), len(self._sizes) - 1)
        found = self._sizes[places] == bases
        return _with_sizes(table, rows[found], self._counts[places[found]].tolist())

    def _mark(self, table: pa.Table) -> pa.Table:
        """Add flags and groups of near-identical cards."""
        rows = np.flatnonzero(pc.is_in(table["model_key"], value_set=self._marked).to_numpy())
        if not len(rows):
            return table
        marked = list(
            zip(
                rows.tolist(), cells_at(table, "model_key", rows), cells_at(table, "emissions_flags", rows), strict=True
            )
        )
        flags = {row: sorted({*old, *self._flags[key]}) for row, key, old in marked if key in self._flags}
        groups = {row: self._groups[key] for row, key, _ in marked if key in self._groups}
        table = with_cells(table, "emissions_flags", _rows(flags), list(flags.values()))
        return with_cells(table, "duplicate_group", _rows(groups), list(groups.values()))


def _rows(cells: Mapping[int, object]) -> Rows:
    return np.fromiter(cells, dtype=np.int64, count=len(cells))


def _known_sizes(folders: Sequence[Path]) -> tuple[name_digests.Digests, name_digests.Digests]:
    """Parameter counts of all models whose files tell them, sorted by the digest of their name."""
    pairs = [pair for folder in folders if len(pair := name_digests.load(folder / SIZES))]
    if not pairs:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint64)
    table = np.concatenate(pairs)
    order = np.argsort(table[:, 0], kind="stable")
    return table[order, 0], table[order, 1]


def _with_sizes(table: pa.Table, rows: Rows, counts: Sequence[int]) -> pa.Table:
    """Put borrowed parameter counts in, with the classes that follow from them."""
    classes = [size_class(count) for count in counts]
    others = zip(cells_at(table, "domain", rows), classes, cells_at(table, "popularity_class", rows), strict=True)
    strata = [stratum_of(values) for values in others]
    table = with_cells(table, "parameters_count", rows, counts)
    table = with_cells(table, "parameters_source", rows, [BORROWED] * len(rows))
    table = with_cells(table, "parameters_class", rows, classes)
    return with_cells(table, "stratum", rows, strata)


# ---------------------------------------------------------------- other tables


def merge_others(folders: Sequence[Path], marks: Marks, doubles: Doubles, processed: Processed) -> dict[str, int]:
    """Write claims, metrics, rejections and lineage; returns the rows of each."""
    dropped = sorted({key for number, rows in doubles.items() for key in _keys_of(folders[number], rows)})
    rows = {
        name: _merge_plain(folders, dropped, processed, name, struct)
        for name, struct in (("claims", Claim), ("metrics", Metric))
    }
    rows["rejects"] = _merge_rejects(folders, dropped, processed)
    gone = frozenset(dropped)
    with TableWriter(processed.table("lineage"), Lineage) as writer:
        writer.write([row for row in marks.rows if row.model_key not in gone])
    return rows | {"lineage": writer.rows}


def _keys_of(folder: Path, rows: Rows) -> list[str]:
    """Keys of some models of a part."""
    return [str(key) for key in cells_at(read_rows(folder / "models.arrow"), "model_key", rows)]


def _merge_plain(
    folders: Sequence[Path], dropped: Sequence[str], processed: Processed, name: str, struct: type[Struct]
) -> int:
    """Write a table as it stands in the parts, without the rows of models that were dropped."""
    keys_dropped = pa.array(dropped, type=pa.string())
    with TableWriter(processed.table(name), struct) as writer, RowGroupWriter(writer) as gather:
        for table in _parts(folders, name):
            kept = table.filter(pc.invert(pc.is_in(table["model_key"], value_set=keys_dropped))) if dropped else table
            gather.add(kept)
    return writer.rows


def _merge_rejects(folders: Sequence[Path], dropped: Sequence[str], processed: Processed) -> int:
    doubles = [Rejection(kind="model", id=key, reason=DUPLICATE, detail="the same name came before") for key in dropped]
    with TableWriter(processed.table("rejects"), Rejection) as writer, RowGroupWriter(writer) as gather:
        for table in _parts(folders, "rejects"):
            gather.add(table)
        gather.add(to_arrow(doubles, Rejection))
    return writer.rows


def _parts(folders: Sequence[Path], name: str) -> Iterator[pa.Table]:
    for folder in folders:
        path = folder / f"{name}.arrow"
        if path.is_file():
            yield read_rows(path)


def _doubles(folders: Sequence[Path]) -> Doubles:
    """Rows of each part whose name stood in an earlier row."""
    names = [name_digests.load(folder / NAMES) for folder in folders]
    if not names:
        return {}
    joined = np.concatenate(names)
    ordered = np.sort(joined)
    if not (ordered[1:] == ordered[:-1]).any():
        return {}
    is_double = np.ones(len(joined), dtype=np.bool_)
    is_double[np.unique(joined, return_index=True)[1]] = False
    parts = np.split(is_double, np.cumsum([len(part) for part in names])[:-1])
    return {number: rows for number, part in enumerate(parts) if len(rows := np.flatnonzero(part))}
