"""Parts become tables: rows in their order, findings of the second pass applied, doubles left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from mining.building import keys
from mining.building.parts import BASES, NAMES, SIZES, read_rows
from mining.normalize.lineage import Marks
from mining.normalize.strata import size_class, stratum_of
from mining.paths import Processed
from mining.schema import Claim, Lineage, Metric, ModelRecord, Rejection
from mining.tables import BATCH_ROWS, TableWriter, arrow_schema, to_arrow

DUPLICATE = "duplicate"
BORROWED = "base-model"


class Gather:
    """Collects tables until a row group is full."""

    def __init__(self, writer: TableWriter) -> None:
        self._writer = writer
        self._tables: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        self._tables.append(table)
        self._rows += table.num_rows
        if self._rows >= BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what was collected as one row group."""
        if self._rows:
            self._writer.write_table(pa.concat_tables(self._tables).combine_chunks())
        self._tables, self._rows = [], 0


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
        self._flags = marks.flags()
        self._groups = marks.duplicate_groups
        self._lineage = marks.rows
        self._sizes, self._counts = _known_sizes(folders)
        self._doubles = _doubles(folders)
        self._dropped: set[str] = set()
        self._strata: Counter[str] = Counter()

    def merge(self, processed: Processed) -> Merged:
        """Write all tables."""
        rows = {"models": self._merge_models(processed)}
        for name, struct in (("claims", Claim), ("metrics", Metric)):
            rows[name] = self._merge_plain(processed, name, struct)
        rows["rejects"] = self._merge_rejects(processed)
        with TableWriter(processed.table("lineage"), Lineage) as writer:
            writer.write([row for row in self._lineage if row.model_key not in self._dropped])
        rows["lineage"] = writer.rows
        return Merged(rows=rows, duplicates=self._count_doubles(), strata=dict(sorted(self._strata.items())))

    def _merge_models(self, processed: Processed) -> int:
        with TableWriter(processed.table("models"), ModelRecord) as writer:
            gather = Gather(writer)
            for number, folder in enumerate(self._folders):
                path = folder / "models.arrow"
                if path.is_file():
                    table = self._finish(number, folder, read_rows(path))
                    counts = table["stratum"].value_counts().to_pylist()
                    self._strata.update({str(entry["values"]): int(entry["counts"]) for entry in counts})
                    gather.add(table)
            gather.flush()
        return writer.rows

    def _finish(self, number: int, folder: Path, table: pa.Table) -> pa.Table:
        """Apply everything that only the whole snapshot can tell."""
        table = self._borrow_sizes(folder, table)
        table = self._mark(table)
        doubles = self._doubles.get(number)
        if doubles:
            keep = np.ones(table.num_rows, dtype=np.bool_)
            keep[doubles] = False
            self._dropped.update(table["model_key"].take(pa.array(doubles)).to_pylist())
            table = table.filter(pa.array(keep))
        return table

    def _borrow_sizes(self, folder: Path, table: pa.Table) -> pa.Table:
        """Parameters of quantized and fine-tuned models whose own files do not tell them, from their base."""
        wanted = keys.load(folder / BASES)
        if not len(wanted) or not len(self._sizes):
            return table
        bases = wanted[:, 1]
        places = np.minimum(np.searchsorted(self._sizes, bases), len(self._sizes) - 1)
        found = self._sizes[places] == bases
        if not found.any():
            return table
        borrowed = dict(zip(wanted[found, 0].tolist(), self._counts[places[found]].tolist(), strict=True))
        return _with_sizes(table, borrowed)

    def _mark(self, table: pa.Table) -> pa.Table:
        """Add flags and groups of near-identical cards."""
        marked = self._flags.keys() | self._groups.keys()
        if not marked:
            return table
        model_keys = table["model_key"].to_pylist()
        rows = [row for row, key in enumerate(model_keys) if key in marked]
        if not rows:
            return table
        flags = {row: self._flags[model_keys[row]] for row in rows if model_keys[row] in self._flags}
        groups = {row: self._groups[model_keys[row]] for row in rows if model_keys[row] in self._groups}
        old = table["emissions_flags"].to_pylist()
        table = _replaced(table, "emissions_flags", {row: sorted({*old[row], *new}) for row, new in flags.items()})
        return _replaced(table, "duplicate_group", groups)

    def _merge_plain(self, processed: Processed, name: str, struct: type[Struct]) -> int:
        with TableWriter(processed.table(name), struct) as writer:
            gather = Gather(writer)
            for table in self._parts(name):
                gather.add(self._without_dropped(table))
            gather.flush()
        return writer.rows

    def _without_dropped(self, table: pa.Table) -> pa.Table:
        if not self._dropped:
            return table
        return table.filter(pc.invert(pc.is_in(table["model_key"], value_set=pa.array(sorted(self._dropped)))))

    def _merge_rejects(self, processed: Processed) -> int:
        doubles = [Rejection(kind="model", id=key, reason=DUPLICATE, detail="the same name came before") for key in sorted(self._dropped)]
        with TableWriter(processed.table("rejects"), Rejection) as writer:
            gather = Gather(writer)
            for table in self._parts("rejects"):
                gather.add(table)
            gather.add(to_arrow(doubles, Rejection))
            gather.flush()
        return writer.rows

    def _parts(self, name: str) -> Iterator[pa.Table]:
        for folder in self._folders:
            path = folder / f"{name}.arrow"
            if path.is_file():
                yield read_rows(path)

    def _count_doubles(self) -> int:
        return sum(len(rows) for rows in self._doubles.values())


def _known_sizes(folders: Sequence[Path]) -> tuple[keys.Digests, keys.Digests]:
    """Parameter counts of all models whose files tell them, sorted by the digest of their name."""
    pairs = [pair for folder in folders if len(pair := keys.load(folder / SIZES))]
    if not pairs:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint64)
    table = np.concatenate(pairs)
    order = np.argsort(table[:, 0], kind="stable")
    return table[order, 0], table[order, 1]


def _doubles(folders: Sequence[Path]) -> dict[int, list[int]]:
    """Rows of each part whose name stood in an earlier row."""
    names = [keys.load(folder / NAMES) for folder in folders]
    if not names:
        return {}
    joined = np.concatenate(names)
    _, first = np.unique(joined, return_index=True)
    if len(first) == len(joined):
        return {}
    is_double = np.ones(len(joined), dtype=np.bool_)
    is_double[first] = False
    ends = np.cumsum([len(part) for part in names])
    found: dict[int, list[int]] = {}
    for place in np.flatnonzero(is_double).tolist():
        number = int(np.searchsorted(ends, place, side="right"))
        found.setdefault(number, []).append(place - int(ends[number] - len(names[number])))
    return found


def _with_sizes(table: pa.Table, borrowed: Mapping[int, int]) -> pa.Table:
    """Put borrowed parameter counts in, with the classes that follow from them."""
    domains, popularity = table["domain"].to_pylist(), table["popularity_class"].to_pylist()
    classes = {row: size_class(count) for row, count in borrowed.items()}
    strata = {row: stratum_of((domains[row], classes[row], popularity[row])) for row in borrowed}
    table = _replaced(table, "parameters_count", borrowed)
    table = _replaced(table, "parameters_source", dict.fromkeys(borrowed, BORROWED))
    table = _replaced(table, "parameters_class", classes)
    return _replaced(table, "stratum", strata)


def _replaced(table: pa.Table, name: str, values: Mapping[int, Any]) -> pa.Table:
    """The table with some cells of one column replaced."""
    if not values:
        return table
    cells = table[name].to_pylist()
    for row, value in values.items():
        cells[row] = value
    place = table.column_names.index(name)
    field = arrow_schema(ModelRecord).field(name)
    return table.set_column(place, field, pa.array(cells, type=field.type))
