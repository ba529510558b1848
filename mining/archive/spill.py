"""Models of a date sorted by the digest of their name without all of them in memory.

Rows are put into files by the first bits of their digest as they come; each file is then small enough to be sorted on
its own, and the files follow each other in the order of the digests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mining.archive.strata import with_classes, with_owners
from mining.build import name_digests

BITS = 5
ROWS = 65_536
"""Rows that are gathered before they are divided."""


class Spill:
    """Rows on the disk by the first bits of their digest.

    Args:
        folder: An empty folder.

    Attributes:
        models: Models, each name once; known after :meth:`sort`.
        states: Models by state; known after :meth:`sort`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[pa.Table] = []
        self._rows = 0
        self._schema: pa.Schema | None = None
        self._parts: list[pa.RecordBatchStreamWriter] = []
        self._owners: list[name_digests.Digests] = []
        self.models = 0
        self.states: Counter[int] = Counter()

    def add(self, table: pa.Table) -> None:
        """Take rows in."""
        self._held.append(table)
        self._rows += table.num_rows
        if self._rows >= ROWS:
            self._divide()

    def _divide(self) -> None:
        """Write what is held, each row to the file of its first bits."""
        if not self._held:
            return
        table = _plain(pa.concat_tables(self._held))
        self._held, self._rows = [], 0
        if self._schema is None:
            self._schema = table.schema
            self._parts = [pa.ipc.new_stream(str(self._path(part)), self._schema) for part in range(1 << BITS)]
        parts = (np.asarray(table["digest"]) >> np.uint64(64 - BITS)).astype(np.int64)
        order = np.argsort(parts, kind="stable")
        ends = np.searchsorted(parts[order], np.arange((1 << BITS) + 1)).tolist()
        table = table.take(pa.array(order))
        for writer, start, end in zip(self._parts, ends[:-1], ends[1:], strict=True):
            writer.write_table(table.slice(start, end - start))

    def _path(self, part: int) -> Path:
        return self._folder / f"{part:02}.arrows"

    def sort(self) -> int:
        """Sort every file, the first row of each name kept; returns how many rows repeated a name."""
        self._divide()
        doubles = 0
        for part, writer in enumerate(self._parts):
            writer.close()
            table = _read(self._path(part))
            digests = np.asarray(table["digest"])
            order = np.argsort(digests, kind="stable")
            is_first = np.ones(len(order), dtype=np.bool_)
            is_first[1:] = digests[order][1:] != digests[order][:-1]
            doubles += len(order) - int(is_first.sum())
            table = with_owners(table.take(pa.array(order[is_first])))
            self.models += table.num_rows
            self.states.update(np.asarray(table["state"]).tolist())
            self._owners.append(np.asarray(table["owner"]).copy())
            with pa.ipc.new_stream(str(self._path(part)), table.schema) as sink:
                sink.write_table(table)
        return doubles

    def members(self) -> Iterator[pa.Table]:
        """Models in the order of their digests, with the class of their owner."""
        owners, counts = self._counted()
        for part in range(len(self._parts)):
            yield with_classes(_read(self._path(part)), owners, counts)

    def _counted(self) -> tuple[name_digests.Digests, npt.NDArray[np.int64]]:
        joined = np.concatenate(self._owners) if self._owners else np.zeros(0, np.uint64)
        self._owners = []
        owners, counts = np.unique(joined, return_counts=True)
        return owners, counts


def _read(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_stream(source).read_all().combine_chunks()


def _plain(table: pa.Table) -> pa.Table:
    """Dictionaries as text: those of different batches do not fit each other."""
    fields = [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))
