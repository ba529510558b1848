"""The dates of an archive, or of crawls of our own: which there are, which are chosen, what is wrong with them.

An archive is a folder with ``models/<YYYY-MM-DD>/models.parquet``, as ``hfmlsoc/hub_weekly_snapshots`` has it. The
folder's date is a label: the collector stores under it the last upstream file before the label + 7 days, so that a week
without an upstream commit repeats a file.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from msgspec import Struct

from mining.errors import SnapshotDamagedError, UsageError
from mining.paths import Home
from mining.snapshot.manifest import load_manifest
from mining.snapshot.shelf import finished_at

FILE = "models.parquet"
PREFIX = "models"
WEEK = timedelta(days=7)
Every = Literal["week", "month"]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BOUND = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class ArchiveDate(Struct, frozen=True):
    """One date of an archive.

    Attributes:
        label: Name of its folder, YYYY-MM-DD.
        path: Its file; None where the folder holds none.
        snapshot: The raw snapshot that shows this date, where the series is made of crawls of our own.
    """

    label: str
    path: Path | None
    snapshot: Path | None = None


class DateNote(Struct, frozen=True):
    """What is to be known of a date that is not, or not fully, part of a series.

    Attributes:
        date: The label.
        status: ``missing``, ``unreadable``, ``repeated``, ``not chosen``, or ``note`` for a date that counts.
        note: A sentence.
    """

    date: str
    status: str
    note: str


def dates_in(folder: Path) -> tuple[list[ArchiveDate], list[DateNote]]:
    """Dates of an archive's folder, in the order of their labels; else of the crawls of the whole Hub that lie there.

    Raises:
        UsageError: No such folder, or no date in it.
    """
    if kept := _kept(folder):
        return kept, []
    crawls, odd = _crawls(folder)
    if crawls:
        return crawls, odd
    root = folder / PREFIX if (folder / PREFIX).is_dir() else folder
    found: list[ArchiveDate] = []
    notes: list[DateNote] = []
    for child in sorted(root.iterdir()) if root.is_dir() else ():
        if not child.is_dir():
            continue
        if not _is_day(child.name):
            notes.append(DateNote(child.name[:40], "not chosen", "The folder's name is not a date (YYYY-MM-DD)."))
        elif (child / FILE).is_file():
            found.append(ArchiveDate(child.name, child / FILE))
        else:
            found.append(ArchiveDate(child.name, None))
    if not found:
        raise UsageError(f"no dates in '{folder}': an archive holds {PREFIX}/<YYYY-MM-DD>/{FILE}")
    return found, notes


def _kept(folder: Path) -> list[ArchiveDate]:
    """Dates that a crawl of the archive keeps as snapshots in ``folder``: of several of one date the last by name."""
    found = {}
    for path in sorted(folder.glob("*/manifest.json")):
        try:
            manifest = json.loads(path.read_bytes())
            detail = manifest["plan"]["detail"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if detail.get("dump") == "weekly" and manifest.get("status") == "complete" and _is_day(str(detail.get("date"))):
            found[detail["date"]] = ArchiveDate(detail["date"], path.parent / "files" / FILE)
    return [found[label] for label in sorted(found)]


def _crawls(folder: Path) -> tuple[list[ArchiveDate], list[DateNote]]:
    """Complete crawls of the whole listing by the day they were finished on; of several of a day the last counts.

    A series is of one source. A crawl that ``run.log`` does not date, or that is not built, does not count.

    Raises:
        UsageError: Crawls of several sources lie there.
    """
    found: dict[str, ArchiveDate] = {}
    notes: list[DateNote] = []
    sources = set()
    dated = []
    for path in sorted(folder.glob("*/manifest.json")):
        try:
            manifest = load_manifest(path.parent)
        except SnapshotDamagedError as error:
            notes.append(DateNote(path.parent.name, "unreadable", f"{str(error)[:200]}."))
            continue
        if manifest.status != "complete" or manifest.plan.get("frame") != "census":
            notes.append(DateNote(path.parent.name, "not chosen", "No complete crawl of the whole listing."))
        elif (done := finished_at(path.parent)) is None:
            notes.append(DateNote(path.parent.name, "not chosen", "Its run.log tells no date."))
        else:
            sources.add(manifest.source)
            dated.append((done, path.parent))
    if len(sources) > 1:
        raise UsageError(f"crawls of several sources lie in '{folder}' ({', '.join(sorted(sources))}): keep one apart")
    for done, raw in sorted(dated):
        label = f"{done:%Y-%m-%d}"
        if label in found:
            earlier = found[label].snapshot
            notes.append(
                DateNote(label, "not chosen", f"{earlier and earlier.name}: a later crawl of the day is used.")
            )
        table = Home(folder.parent).processed_of(raw).table("models")
        found[label] = ArchiveDate(label, table if table.is_file() else None, raw)
    return [found[label] for label in sorted(found)], notes


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def read_range(text: str | None) -> tuple[date, date]:
    """First and last day of ``2024-07..2026-09`` (years, months or days; one end may be left open).

    Raises:
        UsageError: The words are not understood, or the range is empty.
    """
    first, dots, last = (text or "..").partition("..")
    try:
        low = _bound(first, last=False) if first else date.min
        high = _bound(last if dots else first, last=True) if last or not dots else date.max
    except ValueError as error:
        raise UsageError(f"no dates {text!r}: FROM..TO, for instance 2024-07..2026-09") from error
    if low > high:
        raise UsageError(f"--dates {text}: the first date is later than the last")
    return low, high


def _bound(text: str, *, last: bool) -> date:
    """First or last day of a year, a month or a day."""
    match = _BOUND.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = int(match[1]), int(match[2] or (12 if last else 1)), match[3]
    return date(year, month, int(day) if day else calendar.monthrange(year, month)[1] if last else 1)


def choose(
    found: Sequence[ArchiveDate], *, dates: str | None = None, every: Every | None = None
) -> tuple[list[ArchiveDate], list[DateNote]]:
    """The dates of a range; with ``every``, the last of each calendar week or month.

    Returns:
        The dates in order, and a note for every date inside the range that is left out, and for every week or month
        without one.
    """
    low, high = read_range(dates)
    inside = sorted((one for one in found if low <= date.fromisoformat(one.label) <= high), key=lambda one: one.label)
    if every is None:
        return inside, []
    last = {_period(one.label, every): one for one in inside if one.path is not None}
    chosen = [one for one in inside if one.path is None or last[_period(one.label, every)] is one]
    notes = [
        DateNote(one.label, "not chosen", f"A later date of the same {every} is used.")
        for one in inside
        if one not in chosen
    ]
    return chosen, notes + gaps([one.label for one in chosen], every)


def _period(label: str, every: Every) -> str:
    day = date.fromisoformat(label)
    return f"{day:%Y-%m}" if every == "month" else "{}-W{:02}".format(*day.isocalendar()[:2])


def gaps(labels: Iterable[str], every: Every) -> list[DateNote]:
    """A note for every week or month between the first and the last label that has none."""
    days = sorted(date.fromisoformat(label) for label in labels)
    if not days:
        return []
    have = {_period(day.isoformat(), every) for day in days}
    steps = (days[0] + WEEK * number for number in range((days[-1] - days[0]) // WEEK))
    lacking = dict.fromkeys(_period(day.isoformat(), every) for day in steps)
    return [
        DateNote(
            period,
            "missing",
            f"The archive has no date in this {every}; the next date is compared with the one before.",
        )
        for period in lacking
        if period not in have
    ]
