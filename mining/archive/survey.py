"""All dates of a series observed, each on its own: in processes, resumable, and what is odd about each said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from mining.archive.built import observe_built
from mining.archive.dates import ArchiveDate, DateNote
from mining.archive.observation import Observation
from mining.archive.observe import observe
from mining.build.worker_init import processes
from mining.errors import CouldNotLookError, SchemaMismatchError
from mining.paths import Home

Progress = Callable[[str, int, int], None]
MEANINGS = {
    "duplicate-id": "rows repeat a name; the first row of each name counts",
    "metadata-unreadable": "models have metadata that could not be read; they count as not assessed, never as not "
    "reporting",
    "row-without-name": "rows have no name and are left out",
    "rejected-not-json": "rows could not be read",
}


class Survey(Struct):
    """What came of a series.

    Attributes:
        observed: Dates that count, in order.
        notes: What is to be known of these and of the others, by date.
    """

    observed: list[Observation]
    notes: list[DateNote]


def survey(
    dates: Sequence[ArchiveDate], folder: Path, *, executor: Executor | None = None, progress: Progress | None = None
) -> Survey:
    """Observe every date into ``folder/<label>``; dates that an earlier run finished are kept.

    Args:
        dates: The dates, in order.
        folder: Where the observations go.
        executor: Any ``concurrent.futures`` executor that sees the same disk; processes of this machine by default.
        progress: Called with the step, the dates done, and all.
    """
    with _pool(executor, len(dates)) as pool:
        jobs = [(one, _submitted(pool, one, folder / one.label)) for one in dates]
        outcomes: list[Observation | DateNote] = []
        for number, (one, job) in enumerate(jobs, start=1):
            outcomes.append(_outcome(one, job))
            if progress is not None:
                progress("dates", number, len(jobs))
    return _sorted_out(outcomes)


def _submitted(pool: Executor, one: ArchiveDate, folder: Path) -> Future[Observation] | None:
    if one.path is None:
        return None
    if one.snapshot is not None:
        return pool.submit(observe_built, Home().processed_of(one.snapshot), one.label, folder)
    return pool.submit(observe, one.path, one.label, folder)


@contextmanager
def _pool(executor: Executor | None, dates: int) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    workers = max(1, min(dates, os.cpu_count() or 1))
    with processes(workers) as pool:
        yield pool


def _outcome(one: ArchiveDate, job: Future[Observation] | None) -> Observation | DateNote:
    if job is None:
        lacking = (
            "The folder of this date holds no models.parquet."
            if one.snapshot is None
            else f"The crawl {one.snapshot.name} is not built; `hf-carbon build {one.snapshot.name}` does it."
        )
        return DateNote(one.label, "unreadable", lacking)
    try:
        return job.result()
    except BrokenExecutor as error:
        raise CouldNotLookError(
            f"a process ended while reading {one.label} (out of memory?); run history again to continue"
        ) from error
    except SchemaMismatchError as error:
        return DateNote(
            one.label, "unreadable", f"The file could not be read: {str(error).removeprefix(f'{one.label}: ')}."
        )


def _sorted_out(outcomes: Sequence[Observation | DateNote]) -> Survey:
    """Dates with equal bytes are one observation; notes on what changed from date to date."""
    found = Survey([], [])
    seen: dict[str, str] = {}
    for one in outcomes:
        if isinstance(one, DateNote):
            found.notes.append(one)
        elif one.sha256 in seen:
            found.notes.append(
                DateNote(one.date, "repeated", f"The file equals that of {seen[one.sha256]}: one observation, not two.")
            )
        else:
            seen[one.sha256] = one.date
            found.notes += list(_oddities(one, found.observed[-1] if found.observed else None))
            found.observed.append(one)
    return found


def _oddities(one: Observation, before: Observation | None) -> Iterator[DateNote]:
    for name, times in one.notes.items():
        yield DateNote(one.date, "note", f"{times:,} {MEANINGS.get(name, f'rows: {name}')}.")
    if before is None:
        return
    for name in sorted({*one.types, *before.types}):
        was, now = before.types.get(name), one.types.get(name)
        if was != now and not (was and now and was.startswith("struct") and now.startswith("struct")):
            change = f"is {now}, at {before.date} it was {was}" if was and now else "is new" if now else "is gone"
            yield DateNote(one.date, "note", f"Column {name} {change}.")
    if one.newest_change and before.newest_change and one.newest_change < before.newest_change:
        words = f"Its newest change ({one.newest_change}) is older than that of {before.date} ({before.newest_change})."
        yield DateNote(one.date, "note", f"{words} The dates may be out of order.")
