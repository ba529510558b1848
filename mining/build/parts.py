"""Part folders: what one unit of work gave, written beside and renamed when whole.

So that a killed build goes on where it was.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Struct
from numpy.typing import ArrayLike

from mining.build import name_digests
from mining.normalize.lineage import EmissionRecord
from mining.schema import Claim, Metric, ModelRecord, Rejection
from mining.tables import to_arrow
from mining.vocab.quarantine import Quarantine, Unseen

NAMES = "names.npy"
SIZES = "sizes.npy"
BASES = "bases.npy"
EMISSION_RECORDS = "emission-records.msgpack"
TALLY = "tally.json"
DATASET_KIND = "dataset"
UNSEEN_OF_A_UNIT = 500
"""Unseen values of one vocabulary that a unit passes on by name."""
NOTES_TOLD = 500
"""Different notes that are told; more can only come from keys that nobody knows."""
OTHER_NOTES = "other-notes"


def bounded(notes: Counter[str]) -> dict[str, int]:
    """Counts by note, in order; beyond ``NOTES_TOLD`` the seldom are counted together, so that memory is bounded."""
    others = notes.pop(OTHER_NOTES, 0)
    frequent = sorted(notes.items(), key=lambda item: (-item[1], item[0]))
    others += sum(times for _, times in frequent[NOTES_TOLD:])
    return dict(sorted([*frequent[:NOTES_TOLD], *([(OTHER_NOTES, others)] if others else [])]))


class Tally(Struct):
    """Counts of one unit.

    Attributes:
        received: Envelopes read, by kind.
        models: Models that became a record.
        rejected: Models that became none, by reason; data sets without an answer stand in the rows only.
        notes: Smaller faults, by reason: unknown keys, wrong types, unreadable values.
        deferred: Models passed on because more was received about them.
        claims, metrics: Rows.
        unseen: Values that stood in no list of their vocabulary, by vocabulary. Not added up by :meth:`add`, since the
            order counts.
    """

    received: dict[str, int] = {}
    models: int = 0
    rejected: dict[str, int] = {}
    notes: dict[str, int] = {}
    deferred: int = 0
    claims: int = 0
    metrics: int = 0
    unseen: dict[str, Unseen] = {}

    def add(self, other: Tally) -> None:
        """Add the counts of another unit."""
        for name in ("received", "rejected"):
            total = Counter(getattr(self, name)) + Counter(getattr(other, name))
            setattr(self, name, dict(sorted(total.items())))
        self.notes = bounded(Counter(self.notes) + Counter(other.notes))
        for name in ("models", "deferred", "claims", "metrics"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Part(Struct):
    """Rows that one unit gave, in memory."""

    models: list[ModelRecord] = []
    claims: list[Claim] = []
    metrics: list[Metric] = []
    rejects: list[Rejection] = []
    emission_records: list[EmissionRecord] = []
    notes: list[str] = []
    unseen: Quarantine = msgspec.field(default_factory=Quarantine)

    def tally(self, received: dict[str, int], deferred: int) -> Tally:
        """Counts of the part."""
        return Tally(
            received=received,
            models=len(self.models),
            rejected=dict(
                sorted(Counter(reject.reason for reject in self.rejects if reject.kind != DATASET_KIND).items())
            ),
            notes=bounded(Counter(self.notes)),
            deferred=deferred,
            claims=len(self.claims),
            metrics=len(self.metrics),
            unseen=self.unseen.counts(UNSEEN_OF_A_UNIT),
        )


def finished(folder: Path) -> Tally | None:
    """Tally of a part that an earlier run finished; None where it has to be made."""
    path = folder / TALLY
    return msgspec.json.decode(path.read_bytes(), type=Tally) if path.is_file() else None


def unseen_of(folders: Iterable[Path]) -> Quarantine:
    """All values that stood in no vocabulary, over finished parts in their order."""
    quarantine = Quarantine()
    for folder in folders:
        if (tally := finished(folder)) is not None:
            quarantine.add(tally.unseen)
    return quarantine


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside its name and rename it, so that a folder with this name is always whole."""
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    fill(beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def write_part(folder: Path, part: Part, tally: Tally) -> None:
    """Write the rows of a unit into its open folder."""
    for name, rows, struct in (
        ("models", part.models, ModelRecord),
        ("claims", part.claims, Claim),
        ("metrics", part.metrics, Metric),
        ("rejects", part.rejects, Rejection),
    ):
        if rows:
            write_rows(folder / f"{name}.arrow", to_arrow(rows, struct))
    names = name_digests.digests([record.model_id or record.model_key for record in part.models])
    name_digests.save(folder / NAMES, names)
    _write_sizes(folder, part.models, names)
    if part.emission_records:
        (folder / EMISSION_RECORDS).write_bytes(msgspec.msgpack.encode(part.emission_records))
    (folder / TALLY).write_bytes(msgspec.json.encode(tally))


def write_rows(path: Path, table: pa.Table) -> None:
    """Write rows of a part as they lie in memory: a part is read once and thrown away."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_rows(path: Path) -> pa.Table:
    """Rows of a part, as they lie in its file: nothing is copied before it is needed."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _write_sizes(folder: Path, models: list[ModelRecord], names: name_digests.Digests) -> None:
    """Parameter counts that others may borrow, by the digest of the name, and rows that borrow from their base."""
    counted = [
        (number, record.parameters_count)
        for number, record in enumerate(models)
        if record.model_id and record.parameters_count and record.parameters_source in {"safetensors", "gguf"}
    ]
    open_rows = [
        number
        for number, record in enumerate(models)
        if record.base_models
        and record.base_relation in BORROWING
        and record.parameters_source in {None, "name", "base-model"}
    ]
    name_digests.save(folder / SIZES, _pairs(names[[number for number, _ in counted]], [count for _, count in counted]))
    name_digests.save(
        folder / BASES, _pairs(open_rows, name_digests.digests(models[number].base_models[0] for number in open_rows))
    )


BORROWING = frozenset({"quantized", "finetune"})
"""Relations under which a model has as many parameters as its base; a merge may have any number, an adapter has its
own."""


def _pairs(left: ArrayLike, right: ArrayLike) -> name_digests.Digests:
    """Two columns of whole numbers."""
    return np.column_stack((np.asarray(left, dtype=np.uint64), np.asarray(right, dtype=np.uint64)))


def read_emission_records(folder: Path) -> list[EmissionRecord]:
    """Claim-bearing models of a part."""
    path = folder / EMISSION_RECORDS
    return msgspec.msgpack.decode(path.read_bytes(), type=list[EmissionRecord]) if path.is_file() else []
