"""Files of a dump that a snapshot kept whole, cut into units.

Rows go from Arrow to records, in parallel, without an envelope between.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from mining.build.parts import Part, Tally, finished, write_folder, write_part
from mining.build.workers import ROWS, Task, rejected_row, take, take_normalized, without_collector
from mining.normalize.dump_batches import hub_rows, is_ordinary
from mining.normalize.model import normalize_row
from mining.snapshot import SnapshotReader
from mining.snapshot.recovery import FILES
from mining.sources.dump_cells import Columns
from mining.sources.dump_rows import model_envelope

PART_ROWS = 16_384
UNIT_ROWS = 16 * PART_ROWS
KEPT = frozenset({"whole", "columns"})
"""Values of ``detail.raw`` in the plan of a dump that keeps files: as received, or the columns that are needed."""


class DumpUnit(Struct, frozen=True):
    """Neighbouring rows of one row group.

    Attributes:
        name: Name of the unit; its parts are numbered behind it.
        path: The file.
        address: What stands in messages for the file.
        revision: Revision of the dump.
        group: Row group.
        first: First row in it.
        rows: Number of rows.
    """

    name: str
    path: str
    address: str
    revision: str
    group: int
    first: int
    rows: int

    @property
    def parts(self) -> list[str]:
        """Names of the parts that the unit gives."""
        return [f"{self.name}-{number:03d}" for number in range(-(-self.rows // PART_ROWS))]


def dump_units(reader: SnapshotReader) -> list[DumpUnit]:
    """Units of all files of a dump that were kept whole; none for other snapshots."""
    if not is_kept_whole(reader.manifest.plan):
        return []
    units = []
    for number, entry in enumerate(reader.manifest.files):
        path = reader.folder / FILES / entry.name
        metadata = pq.ParquetFile(path).metadata
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            for first in range(0, rows, UNIT_ROWS):
                name = f"dump-{number:03d}-{group:05d}-{first:09d}"
                size = min(UNIT_ROWS, rows - first)
                revision = f"sha256:{entry.sha256[:16]}"
                units.append(DumpUnit(name, str(path), entry.name, revision, group, first, size))
    return units


def is_kept_whole(plan: dict[str, object]) -> bool:
    """Whether a snapshot keeps files of a dump instead of envelopes."""
    detail = plan.get("detail")
    return isinstance(detail, dict) and detail.get("raw") in KEPT


@without_collector()
def read_dump_rows(task: Task, unit: DumpUnit) -> Tally:
    """Normalize the rows of a unit, a part at a time; parts that an earlier run finished are kept."""
    total = Tally()
    known = [finished(task.part(ROWS, name)) for name in unit.parts]
    batches = _batches(unit) if None in known else iter(())
    for name, done in zip(unit.parts, known, strict=True):
        batch = next(batches, None)
        total.add(done or (Tally() if batch is None else _read_part(task, name, batch, unit)))
    return total


def _batches(unit: DumpUnit) -> Iterator[pa.RecordBatch]:
    """The rows of a unit in batches of :data:`PART_ROWS`."""
    file = pq.ParquetFile(unit.path)
    passed = 0
    for batch in file.iter_batches(batch_size=PART_ROWS, row_groups=[unit.group]):
        if passed >= unit.first + unit.rows:
            return
        if passed >= unit.first:
            yield batch
        passed += batch.num_rows


def _read_part(task: Task, name: str, batch: pa.RecordBatch, unit: DumpUnit) -> Tally:
    part = Part()
    columns = Columns(unit.address, {field.name: str(field.type) for field in batch.schema})
    ordinary = is_ordinary(batch.schema)
    for number, row in enumerate(hub_rows(batch) if ordinary else [None] * batch.num_rows):
        outcome = normalize_row(row[0], source=task.source, speaks=row[1]) if row is not None else None
        if outcome is not None:
            take_normalized(part, task, outcome)
            continue
        envelope = model_envelope(columns.row(batch.slice(number, 1).to_pylist()[0]), unit.address, unit.revision)
        if envelope.failure is not None:
            part.rejects.append(rejected_row(envelope))
        else:
            take(part, task, envelope, ())
    if not ordinary:
        columns.check()
    tally = part.tally({"model": batch.num_rows}, 0)
    write_folder(task.part(ROWS, name), lambda beside: write_part(beside, part, tally))
    return tally
