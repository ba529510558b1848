"""What one process does with one unit of work.

Every function here can be sent to another machine that sees the same disk.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mining.build import name_digests
from mining.build.partition_files import read_partition, write_spill
from mining.build.parts import DATASET_KIND, Part, Tally, finished, write_folder, write_part
from mining.build.work import Unit
from mining.corrections import Corrections, corrected
from mining.errors import DamagedDataError
from mining.fields import ROW_FAILURES
from mining.normalize.lineage import emission_record_of
from mining.normalize.model import Normalized, normalize
from mining.normalize.similar import signature
from mining.normalize.unseen import unseen_values
from mining.schema import Envelope, Rejection, Source
from mining.snapshot import asked_for

RESPONSES = "responses"
ROWS = "rows"
JOINED = "joined"
RESPONSE_NAMES = "response-names.npy"
DATASETS = "datasets.msgpack"
CORRECTIONS = "corrections.msgpack"
NO_ROW = "not-in-listing"
CORRECTED = "corrected:"
"""Beginning of the notes that count corrected fields."""


class Task(Struct, frozen=True):
    """What all units of a build share.

    Attributes:
        folder: Working folder of the build.
        source: Source of the snapshot.
        partitions: Number of partitions of the answers about single models; 0 where there are none.
        corrections_sha256: Digest of the corrections that are applied; empty where there are none.
    """

    folder: str
    source: Source
    partitions: int
    corrections_sha256: str = ""

    def part(self, stage: str, name: str) -> Path:
        """Folder of one unit's part."""
        return Path(self.folder) / stage / name


@contextmanager
def without_collector() -> Iterator[None]:
    """Hold the cycle collector for a whole unit.

    It makes a million objects without a cycle, and walking them takes a fifth of its time. The unit's objects are gone
    before the collector is let go, so that it does not walk them then.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@without_collector()
def sort_responses(task: Task, unit: Unit) -> Tally:
    """Sort answers about single models into partitions by the name of the model."""
    folder = task.part(RESPONSES, unit.name)
    if (tally := finished(folder)) is not None:
        return tally
    tally = Tally()

    def fill(beside: Path) -> None:
        envelopes = [envelope for page in unit.pages() for envelope in page]
        write_spill(beside, envelopes, task.partitions)
        names = name_digests.digests(envelope.id for envelope in envelopes)
        name_digests.save(beside / "names.npy", name_digests.unique(names))
        tally.received = dict(sorted(Counter(envelope.kind for envelope in envelopes).items()))
        (beside / "tally.json").write_bytes(msgspec.json.encode(tally))

    write_folder(folder, fill)
    return tally


@without_collector()
def read_rows(task: Task, unit: Unit) -> Tally:
    """Normalize the rows of a listing; a model about which more was received is passed on to its partition."""
    folder = task.part(ROWS, unit.name)
    if (tally := finished(folder)) is not None:
        return tally
    part = Part()
    deferred: list[Envelope] = []
    received = 0
    known = names_with_responses(task.folder) if task.partitions else None
    for page in unit.pages():
        received += len(page)
        for envelope, is_known in zip(page, _known(known, page), strict=True):
            if is_known:
                deferred.append(envelope)
            else:
                take(part, task, envelope, ())
    tally = part.tally({"model": received}, len(deferred))

    def fill(beside: Path) -> None:
        if deferred:
            write_spill(beside, deferred, task.partitions)
        write_part(beside, part, tally)

    write_folder(folder, fill)
    return tally


def _known(known: name_digests.Digests | None, page: Sequence[Envelope]) -> Sequence[bool]:
    if known is None:
        return [False] * len(page)
    found: list[bool] = name_digests.contains(known, name_digests.digests(envelope.id for envelope in page)).tolist()
    return found


def join(task: Task, partition: int, responses: Sequence[str], rows: Sequence[str]) -> Tally:
    """Normalize the models of one partition together with all that was received about them.

    Args:
        task: What all units share.
        partition: Number of the partition.
        responses: Names of the units of single answers, in their order.
        rows: Names of the units of the listing, in their order.
    """
    folder = task.part(JOINED, f"{partition:05d}")
    if (tally := finished(folder)) is not None:
        return tally
    by_model: dict[str, list[Envelope]] = {}
    part = Part()
    for name in responses:
        for envelope in read_partition(task.part(RESPONSES, name), partition):
            if envelope.failure in ROW_FAILURES:
                part.rejects.append(rejected_row(envelope))
            else:
                by_model.setdefault(envelope.id, []).append(envelope)
    for name in rows:
        for envelope in read_partition(task.part(ROWS, name), partition):
            take(part, task, envelope, by_model.pop(envelope.id, ()))
    for envelopes in by_model.values():
        _take_leftover(part, task, envelopes)
    tally = part.tally({}, 0)
    write_folder(folder, lambda beside: write_part(beside, part, tally))
    return tally


def rejected_row(envelope: Envelope) -> Rejection:
    """A row of the listing that the crawl set aside."""
    return Rejection(
        kind="model",
        id=envelope.id[:200],
        address=envelope.address[:300],
        reason=str(envelope.failure),
        detail=envelope.body[:120],
    )


def take(part: Part, task: Task, row: Envelope | None, responses: Sequence[Envelope]) -> None:
    """Normalize one model into the part."""
    outcome = normalize(row, responses, source=task.source, dataset_bytes=dataset_bytes(task.folder))
    if isinstance(outcome, Rejection):
        part.rejects.append(outcome)
        return
    take_normalized(part, task, outcome)


def take_normalized(part: Part, task: Task, outcome: Normalized) -> None:
    """Add a model to the part, its corrections applied."""
    if task.corrections_sha256:
        outcome = _corrected(outcome, corrections_of(task.folder, task.corrections_sha256))
    part.models.append(outcome.record)
    part.claims.extend(outcome.claims)
    part.metrics.extend(outcome.metrics)
    part.notes.extend(outcome.notes)
    for vocabulary, text in unseen_values(outcome.record, outcome.claims):
        part.unseen.note(vocabulary, text)
    _take_emission_record(part, outcome)


def _corrected(outcome: Normalized, corrections: Corrections) -> Normalized:
    """A model with its corrections applied and counted."""
    wanted = corrections.of(outcome.record.model_id, outcome.record.model_key)
    if not wanted:
        return outcome
    notes = [*outcome.notes, *(f"{CORRECTED}{one.field}" for one in wanted)]
    return replace(outcome, record=corrected(outcome.record, wanted), notes=notes)


def _take_emission_record(part: Part, outcome: Normalized) -> None:
    emission = emission_record_of(outcome.record, outcome.claims, None)
    if emission is not None:
        sketch = signature(outcome.text) if outcome.text else None
        part.emission_records.append(
            msgspec.structs.replace(emission, signature=sketch) if sketch is not None else emission
        )


def _take_leftover(part: Part, task: Task, envelopes: list[Envelope]) -> None:
    """Answers about a model without a listing row: a model where a card or an info came, else a rejection."""
    of_data_sets = [envelope for envelope in envelopes if asked_for(envelope) == DATASET_KIND]
    for envelope in of_data_sets:
        reason = envelope.failure or "unreachable"
        part.rejects.append(
            Rejection(kind=DATASET_KIND, id=envelope.id[:200], address=envelope.address[:300], reason=reason)
        )
    envelopes = [envelope for envelope in envelopes if envelope not in of_data_sets]
    if not envelopes:
        return
    if any(envelope.kind in {"card", "info"} and envelope.failure is None for envelope in envelopes):
        take(part, task, None, envelopes)
        return
    first = envelopes[0]
    reason = next((envelope.failure for envelope in envelopes if envelope.failure), None) or NO_ROW
    part.rejects.append(Rejection(kind=asked_for(first), id=first.id[:200], address=first.address[:300], reason=reason))


@lru_cache(maxsize=2)
def names_with_responses(folder: str) -> name_digests.Digests:
    """Sorted digests of all models about which more than a row was received."""
    return name_digests.load(Path(folder) / RESPONSE_NAMES)  # type: ignore[return-value]


@lru_cache(maxsize=2)
def corrections_of(folder: str, sha256: str) -> Corrections:
    """The corrections of a build, by their digest."""
    found = msgspec.msgpack.decode((Path(folder) / CORRECTIONS).read_bytes(), type=Corrections)
    if found.sha256 != sha256:
        raise DamagedDataError("the corrections of this build were changed while it ran; run it again")
    return found


@lru_cache(maxsize=2)
def dataset_bytes(folder: str) -> Mapping[str, float]:
    """Bytes of data sets by name."""
    path = Path(folder) / DATASETS
    return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, float]) if path.is_file() else {}
