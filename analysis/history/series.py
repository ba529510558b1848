"""A series of dates: counts and changes of each, with the evidence of every change of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from analysis.history.panel import REPORTING, UNKNOWN, Day, Ints, Step, compare, identity_of, load, names_of
from mining.build.name_digests import contains
from mining.schema import OWN_SCOPES

COLUMNS = (
    "date",
    "models_count",
    "reporters_count",
    "entered_count",
    "left_count",
    "began_count",
    "stopped_count",
    "changed_count",
    "reporters_settled_count",
)
CHANGE_COLUMNS = ("date", "previous_date", "model_id", "change", "before", "after", "before_text", "after_text")
NAMED = 20
"""Models of a kind that are named at one date; the tables count them all."""
"""Scopes under which a number may be the model's own training."""


class Row(Struct, frozen=True, kw_only=True):
    """One row of the history; changes are None at the first date."""

    date: str
    models_count: int
    reporters_count: int
    entered_count: int | None = None
    left_count: int | None = None
    began_count: int | None = None
    stopped_count: int | None = None
    changed_count: int | None = None
    reporters_settled_count: int = 0
    entered_reporting_count: int | None = None
    left_reporting_count: int | None = None
    recreated_count: int | None = None
    possibly_renamed_count: int | None = None
    renamed_count: int | None = None
    returned_count: int | None = None
    unknown_count: int = 0


class Change(Struct, frozen=True):
    """One change of a report, with what stood there before and after."""

    date: str
    previous_date: str
    model_id: str
    change: str
    before: str
    after: str
    before_text: str
    after_text: str


class Series(Struct):
    """All dates together.

    Attributes:
        names: Notes on single models: renamed, created anew, listed again.
        identity: Column that tells models apart (:func:`analysis.history.panel.identity_of`).
    """

    rows: list[Row] = []
    changes: list[Change] = []
    names: list[tuple[str, str]] = []
    identity: str = "digest"


Watcher = Callable[[Day, Day | None, Step | None], None]


def walk(folders: Sequence[tuple[str, Path]], not_own: frozenset[str], watchers: Sequence[Watcher] = ()) -> Series:
    """Go through the dates in their order; two of them are in memory at a time.

    Args:
        folders: Label and folder of each date that was observed.
        not_own: Flags under which a report is not the model's own training.
        watchers: Called with each date, the date before, and how they differ.
    """
    series = Series(identity=identity_of(folder for _, folder in folders))
    gone = Gone()
    old: Day | None = None
    before = Path()
    for date, folder in folders:
        new = load(folder, date, series.identity)
        step = compare(old, new) if old is not None else None
        series.rows.append(_row(old, new, step, not_own))
        if old is not None and step is not None:
            series.changes.extend(changes(old, new, step))
            returned = gone.returned(old, new, step)
            series.rows[-1] = msgspec.structs.replace(series.rows[-1], returned_count=len(returned))
            series.names.extend(_named(step, (before, folder), date, returned, series.identity))
        for watch in watchers:
            watch(new, old, step)
        old, before = new, folder
    return series


class Gone:
    """Names that were listed once and are no longer, so that one that comes back is noticed."""

    def __init__(self) -> None:
        self._digests = np.zeros(0, dtype=np.uint64)

    def returned(self, old: Day, new: Day, step: Step) -> Ints:
        """Rows of the later date that were listed before, but not at the earlier date."""
        came = step.entered[contains(self._digests, new.digest[step.entered])]
        gone = np.union1d(self._digests, old.digest[step.left])
        self._digests = gone[~contains(new.digest, gone)]
        return came


def _named(
    step: Step, folders: tuple[Path, Path], date: str, returned: Ints, identity: str
) -> Iterator[tuple[str, str]]:
    """Notes on single models of a date, the first of each kind."""
    before, folder = folders
    olds, news = (np.array([pair[side] for pair in step.renamed[:NAMED]], dtype=np.int64) for side in (0, 1))
    if len(olds):
        for one, other in zip(names_of(before, olds, identity), names_of(folder, news, identity), strict=True):
            yield (
                date,
                (
                    f"{one} is no longer listed and {other} is new, with the same author and creation time: possibly "
                    f"renamed."
                ),
            )
    anew = step.named_anew[:NAMED]
    if len(anew):
        pair = names_of(before, step.before[anew], identity), names_of(folder, step.after[anew], identity)
        yield from (
            (date, f"{one} is {other} now: the Hub's own id is the same.") for one, other in zip(*pair, strict=True)
        )
    for rows, words in (
        (
            step.recreated,
            "has another creation time than at the date before: another repository, counted as left and entered",
        ),
        (returned, "was listed before, then not, and is listed again: counted as entered"),
    ):
        if len(rows):
            yield from ((date, f"{name} {words}.") for name in names_of(folder, rows[:NAMED], identity))


def _row(old: Day | None, new: Day, step: Step | None, not_own: frozenset[str]) -> Row:
    reporting = [new.report(row) for row in (new.state == REPORTING).nonzero()[0]]
    row = Row(
        date=new.date,
        models_count=new.size,
        reporters_count=len(reporting),
        reporters_settled_count=sum(is_settled(report, not_own) for report in reporting),
        unknown_count=int((new.state == UNKNOWN).sum()),
    )
    if old is None or step is None:
        return row
    return Row(
        date=row.date,
        models_count=row.models_count,
        reporters_count=row.reporters_count,
        reporters_settled_count=row.reporters_settled_count,
        unknown_count=row.unknown_count,
        entered_count=len(step.entered),
        left_count=len(step.left),
        began_count=len(step.began),
        stopped_count=len(step.stopped),
        changed_count=len(step.changed),
        entered_reporting_count=int((new.known[step.entered] == REPORTING).sum()),
        left_reporting_count=int((old.known[step.left] == REPORTING).sum()),
        recreated_count=len(step.recreated),
        possibly_renamed_count=len(step.renamed),
        renamed_count=len(step.named_anew),
    )


def is_settled(report: dict[str, Any], not_own: frozenset[str]) -> bool:
    """Whether a report is, after the checks, a number of the model's own training."""
    return (
        report.get("emissions_gco2e") is not None
        and report.get("outcome") == "reported"
        and (report.get("scope") or "unknown") in OWN_SCOPES
        and not not_own.intersection(report.get("flags") or ())
    )


def changes(old: Day, new: Day, step: Step) -> Iterator[Change]:
    """Every change of a report between two dates, by kind and name."""
    found = [
        (kind, old.report(step.before[place]), new.report(step.after[place]))
        for kind, places in (("began", step.began), ("stopped", step.stopped), ("changed", step.changed))
        for place in places.tolist()
    ]
    found += [
        ("entered reporting", {}, new.report(row)) for row in step.entered.tolist() if new.known[row] == REPORTING
    ]
    found += [("left reporting", old.report(row), {}) for row in step.left.tolist() if old.known[row] == REPORTING]
    for kind, before, after in sorted(found, key=lambda one: (one[0], _name(one[1], one[2]))):
        yield Change(
            new.date,
            old.date,
            _name(before, after),
            kind,
            amount(before),
            amount(after),
            before.get("text") or "",
            after.get("text") or "",
        )


def _name(before: dict[str, Any], after: dict[str, Any]) -> str:
    return str(after.get("model_id") or before.get("model_id") or "")


def amount(report: dict[str, Any]) -> str:
    """Number and unit as the metadata hold them; nothing where they hold none."""
    value = report.get("value")
    if value is None:
        return ""
    return f"{value!r} {report.get('unit') or '(no unit: grams by the Hub)'}"
