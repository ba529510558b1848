"""The build: raw snapshot to processed tables, streamed through processes, resumable, every row accounted for."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from mining.build import name_digests, workers
from mining.build.account import UNSEEN_TOLD, Account, write_provenance
from mining.build.data_sets import bytes_by_name
from mining.build.dump_units import dump_units, read_dump_rows
from mining.build.merge import DUPLICATE, Merged, Merger
from mining.build.parts import NAMES, Tally, read_emission_records, unseen_of
from mining.build.published import build_published
from mining.build.work import DATASET_KIND, MODEL_KIND, RESPONSE_KINDS, Unit, partitions_for, units_of
from mining.build.worker_init import processes
from mining.build.workers import JOINED, RESPONSES, ROWS, Task
from mining.corrections import Corrections
from mining.errors import CouldNotLookError, UsageError
from mining.files import remove_unfinished, write_bytes, write_text
from mining.lock import FolderLock
from mining.normalize.lineage import Marks, find
from mining.paths import Processed
from mining.schema import SCHEMA_VERSION
from mining.snapshot import SnapshotReader
from mining.source_contracts import source_of
from mining.tables import dictionary
from mining.version import code_version

__all__ = ["Account", "Progress", "build", "finish"]

WORK = ".parts"
KEY = "key.json"
UNITS_WORTH_A_POOL = 3
UNUSED = "correction-without-model"

Progress = Callable[[str, int, int], None]
Function = Callable[..., Tally]


def build(
    raw: Path,
    processed: Processed,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    corrections: Corrections | None = None,
) -> Account:
    """Turn a raw snapshot into processed tables.

    The same snapshot gives the same bytes, whatever executor is used and however often the build was killed and run
    again: finished units are kept in ``.parts`` inside the processed folder until the build is done.

    Args:
        raw: Folder of a complete snapshot.
        processed: Where the tables go.
        executor: Any ``concurrent.futures`` executor whose workers see the same disk (a Dask cluster:
            ``client.get_executor()``); None for processes of this machine, or none at all where the work is small.
        progress: Called with the name of the step, the units done, and all units.
        corrections: What is put right by hand.

    Returns:
        The row account, as it also stands in ``provenance.json``.

    Raises:
        SnapshotDamagedError: The snapshot is partial or damaged.
        UsageError: Another process works in the folder.
        CouldNotLookError: A process died; what was finished is kept.
    """
    reader = SnapshotReader(raw)
    reader.check()
    with FolderLock(processed.folder, "build, analysis or report"):
        remove_unfinished(processed.folder)
        return _build(reader, processed, executor, progress, corrections or Corrections())


def _build(
    reader: SnapshotReader,
    processed: Processed,
    executor: Executor | None,
    progress: Progress | None,
    corrections: Corrections,
) -> Account:
    if source_of(reader.manifest.source).has_published_tables:
        if corrections.sha256:
            raise UsageError("the published files are kept as they were published; corrections apply to cards")
        return build_published(reader, processed)
    work = _open_work(processed, reader, corrections)
    steps = _Steps(reader, work, executor, progress, corrections)
    account, merged = steps.run(processed)
    finish(reader, processed, account, merged, corrections.sha256)
    shutil.rmtree(work)
    return account


def finish(
    reader: SnapshotReader, processed: Processed, account: Account, merged: Merged, corrections_sha256: str = ""
) -> None:
    """Check the account and write dictionary and provenance."""
    account.check()
    write_text(processed.dictionary, dictionary())
    write_provenance(processed, reader.manifest, account, merged.rows, corrections_sha256)


def _open_work(processed: Processed, reader: SnapshotReader, corrections: Corrections) -> Path:
    """The working folder; emptied where it was begun from another snapshot or by other code."""
    work = processed.folder / WORK
    digests = {"snapshot": reader.manifest.digest, "corrections": corrections.sha256}
    key = msgspec.json.encode({**digests, "code": code_version(), "schema": SCHEMA_VERSION})
    if work.is_dir() and not ((work / KEY).is_file() and (work / KEY).read_bytes() == key):
        shutil.rmtree(work)
    write_bytes(work / KEY, key)
    write_bytes(work / workers.CORRECTIONS, msgspec.msgpack.encode(corrections))
    return work


@contextmanager
def _pool(executor: Executor | None, units: int) -> Iterator[Executor | None]:
    """The caller's executor, or processes of this machine where that is worth their start."""
    if executor is not None or units < UNITS_WORTH_A_POOL:
        yield executor
        return
    with processes(None) as pool:
        yield pool


@contextmanager
def _deaths_told(step: str) -> Iterator[None]:
    """Make one clear line of the death of a process."""
    try:
        yield
    except BrokenExecutor as error:
        raise CouldNotLookError(
            f"a build process ended in step '{step}' (out of memory?); run build again, it continues where it stopped"
        ) from error


class _Steps:
    """The steps of one build."""

    def __init__(
        self,
        reader: SnapshotReader,
        work: Path,
        executor: Executor | None,
        progress: Progress | None,
        corrections: Corrections,
    ) -> None:
        self._reader = reader
        self._work = work
        self._executor = executor
        self._progress = progress or (lambda step, done, total: None)
        self._tally = Tally()
        self._corrections = corrections

    def run(self, processed: Processed) -> tuple[Account, Merged]:
        """Run all steps; returns the account and what was merged."""
        responses = units_of(self._reader, RESPONSE_KINDS)
        rows = units_of(self._reader, (MODEL_KIND,))
        kept = dump_units(self._reader)
        task = Task(
            folder=str(self._work.resolve()),
            source=self._reader.manifest.source,
            partitions=partitions_for(responses) if responses else 0,
            corrections_sha256=self._corrections.sha256,
        )
        with _pool(self._executor, len(responses) + len(rows) + len(kept)) as pool:
            self._sort_responses(pool, task, responses)
            self._run(pool, "rows", workers.read_rows, [(task, unit) for unit in rows])
            self._run(pool, "rows", read_dump_rows, [(task, unit) for unit in kept])
            self._join(pool, task, responses, rows)
            folders = [task.part(ROWS, unit.name) for unit in rows]
            folders += [task.part(ROWS, name) for unit in kept for name in unit.parts]
            folders += [task.part(JOINED, f"{number:05d}") for number in range(task.partitions)]
            marks = find(emission for folder in folders for emission in read_emission_records(folder))
            merged = self._merge(pool, folders, marks, processed)
            unseen = unseen_of(folders).counts(UNSEEN_TOLD)
        return msgspec.structs.replace(self._account(merged, marks), unseen=unseen), merged

    def _merge(self, pool: Executor | None, folders: Sequence[Path], marks: Marks, processed: Processed) -> Merged:
        """Write the tables: in processes of this machine where there are any, never by the caller's executor."""
        self._progress("merge", 0, 1)
        with _deaths_told("merge"):
            merged = Merger(folders, marks).merge(processed, pool if pool is not self._executor else None)
        self._progress("merge", 1, 1)
        return merged

    def _sort_responses(self, pool: Executor | None, task: Task, units: list[Unit]) -> None:
        """Sort the answers about single models, and note their names and the sizes of data sets for the workers."""
        write_bytes(self._work / workers.DATASETS, msgspec.msgpack.encode(bytes_by_name(self._reader)))
        self._run(pool, "answers", workers.sort_responses, [(task, unit) for unit in units])
        if units:
            names = [name_digests.load(task.part(RESPONSES, unit.name) / NAMES) for unit in units]
            name_digests.save(self._work / workers.RESPONSE_NAMES, np.unique(np.concatenate(names)))

    def _join(self, pool: Executor | None, task: Task, responses: list[Unit], rows: list[Unit]) -> None:
        names = ([unit.name for unit in responses], [unit.name for unit in rows])
        self._run(pool, "models", workers.join, [(task, number, *names) for number in range(task.partitions)])

    def _run(self, pool: Executor | None, step: str, function: Function, calls: Sequence[tuple[object, ...]]) -> None:
        """Run one step over all its units and add up what they counted."""
        if pool is None:
            for done, call in enumerate(calls, start=1):
                self._tally.add(function(*call))
                self._progress(step, done, len(calls))
            return
        futures: list[Future[Tally]] = []
        try:
            with _deaths_told(step):
                futures.extend(pool.submit(function, *call) for call in calls)
                for done, future in enumerate(as_completed(futures), start=1):
                    future.result()
                    self._progress(step, done, len(calls))
                # in the order of the units: which notes are told by name must not depend on who was done first
                for future in futures:
                    self._tally.add(future.result())
        finally:
            # Processes of this machine end with all that waits for them; to cancel it as well confuses their executor.
            for future in futures if pool is self._executor else ():
                future.cancel()

    def _notes(self, notes: dict[str, int]) -> dict[str, int]:
        """Notes, with the corrections that no model of the snapshot was there for."""
        wanted = sum(len(fields) for fields in self._corrections.by_model.values())
        unused = wanted - sum(count for note, count in notes.items() if note.startswith(workers.CORRECTED))
        return dict(sorted({**notes, UNUSED: unused}.items())) if unused else notes

    def _account(self, merged: Merged, marks: Marks) -> Account:
        tally = self._tally
        rejected = dict(tally.rejected)
        if merged.duplicates:
            rejected[DUPLICATE] = rejected.get(DUPLICATE, 0) + merged.duplicates
        received = dict(tally.received) | {DATASET_KIND: self._reader.manifest.counts.get(DATASET_KIND, 0)}
        return Account(
            models_in=tally.models + sum(tally.rejected.values()),
            models_kept=merged.rows["models"],
            models_rejected=dict(sorted(rejected.items())),
            received=dict(sorted(received.items())),
            rows=dict(sorted(merged.rows.items())),
            notes=self._notes(tally.notes),
            lineage=dict(sorted(Counter(row.lineage_kind for row in marks.rows).items())),
            strata=merged.strata,
        )
