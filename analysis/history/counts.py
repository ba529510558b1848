"""What the statistics of a history are made from.

Counts by date, level and group of owners, gathered while the dates go by. Nothing here grows with the number of models:
every number is a count, split over groups of owners so that intervals can count an owner once.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np

from analysis.history.joint import JointCounts
from analysis.history.panel import GROUPINGS, REPORTING, SILENT, UNKNOWN, Day, Ints, Step
from analysis.stats.durations import BUCKETS, Counts

ALL = "all models"
FIRST, REMOVED = "first report", "report removed"
BARE, WITH_CONTEXT = "number", "number with context"
STRATUM = "generator"
"""Grouping at entry within which loss may depend on the model."""
_NEVER = -1


def buckets(owners: Ints) -> Ints:
    """Group of owners of each model."""
    return (owners % np.uint64(BUCKETS)).astype(np.uint8)


def split(codes: Ints, groups: Ints, levels: int) -> Counts:
    """Models by level and group of owners, shape (levels, BUCKETS)."""
    places = codes.astype(np.int16) * np.int16(BUCKETS) + groups
    found: Counts = np.bincount(places, minlength=levels * BUCKETS).reshape(levels, BUCKETS)
    return found


class ShareCounts:
    """Models and reporters at every date, and among those that entered, by level of every grouping.

    Attributes:
        listed: Date, grouping and level to models and reporters by group of owners, shape (2, BUCKETS).
        entered: The same of models that entered since the date before.
        dates: Labels in order.
    """

    def __init__(self) -> None:
        self.dates: list[str] = []
        self.listed: dict[tuple[str, str, str], Counts] = {}
        self.entered: dict[tuple[str, str, str], Counts] = {}

    def __call__(self, new: Day, old: Day | None, step: Step | None) -> None:
        """Count a date."""
        self.dates.append(new.date)
        self._count(self.listed, new, np.arange(new.size))
        if step is not None:
            self._count(self.entered, new, step.entered)

    def _count(self, into: dict[tuple[str, str, str], Counts], day: Day, rows: Ints) -> None:
        groups, reports = buckets(day.owner[rows]), day.state[rows] == REPORTING
        for name in (ALL, *GROUPINGS):
            levels = (ALL,) if name == ALL else day.groups[name].levels
            codes = np.zeros(len(rows), dtype=np.int8) if name == ALL else day.groups[name].codes[rows]
            both = np.stack(
                [split(codes, groups, len(levels)), split(codes[reports], groups[reports], len(levels))], axis=1
            )
            into.update({(day.date, name, level): both[place] for place, level in enumerate(levels)})


class DurationCounts:
    """How long models were watched in a state, and how it ended, with the levels that they had when each watch began.

    Attributes:
        first: Grouping and level, then days of watch, to counts (watched, first report, no longer listed) of models
            never seen to report.
        kept: The same (watched, removed, changed, no longer listed) of models that report.
        raised: The same (watched, context added, removed, no longer listed) of models that report a bare number.
        joint: Watches by all exposures at once.
        ages: Stratum at entry, then age in days, to (watched, first report, no longer listed) of models that entered
            during the series.
        lost: Watches that a date could not end because it could not look.
        unread: Models that entered at a date that could not look at them; they are in no age.
    """

    def __init__(self) -> None:
        self.first: dict[tuple[str, str], dict[float, Counts]] = defaultdict(dict)
        self.kept: dict[tuple[str, str], dict[float, Counts]] = defaultdict(dict)
        self.raised: dict[tuple[str, str], dict[float, Counts]] = defaultdict(dict)
        self.joint = JointCounts()
        self.ages: dict[str, dict[int, Counts]] = defaultdict(dict)
        self.lost = self.unread = 0
        self._seen = self._entry = self._ever = self._stratum = np.zeros(0, dtype=np.int32)
        self._names: list[str] = []

    def __call__(self, new: Day, old: Day | None, step: Step | None) -> None:
        """Count what ended between two dates, and carry on what did not."""
        now = date.fromisoformat(new.date).toordinal()
        if old is not None and step is not None:
            self._ended(old, new, step, now)
        entry = np.full(new.size, _NEVER, dtype=np.int32)
        seen = np.full(new.size, now, dtype=np.int32)
        ever = new.state == REPORTING
        strata = self._codes(new)
        if step is not None:
            blind = new.state[step.after] == UNKNOWN
            self.lost += int(blind.sum())
            seen[step.after[blind]] = self._seen[step.before[blind]]
            entry[step.after], strata[step.after] = self._entry[step.before], self._stratum[step.before]
            ever[step.after] |= self._ever[step.before]
            entry[step.entered] = now
            known = step.entered[new.state[step.entered] != UNKNOWN]
            self.unread += len(step.entered) - len(known)
            entry[step.entered[new.state[step.entered] == UNKNOWN]] = _NEVER
            self._age(strata[known], np.zeros(len(known), np.int64), new.owner[known], new.state[known] == REPORTING, 0)
        self._entry, self._seen, self._ever, self._stratum = entry, seen, ever, strata

    def _codes(self, day: Day) -> Ints:
        """Stratum of every model as its place among all names met so far."""
        grouping = day.groups[STRATUM]
        self._names += [name for name in grouping.levels if name not in self._names]
        places = np.array([self._names.index(name) for name in grouping.levels] or [0], dtype=np.int16)
        found: Ints = places[grouping.codes]
        return found

    def _ended(self, old: Day, new: Day, step: Step, now: int) -> None:
        """Outcome of every watch: 0 goes on, 1 and 2 causes within the listing, 3 no longer listed, -1 not seen."""
        outcome = np.full(old.size, 3, dtype=np.int8)
        outcome[step.before] = np.where(new.state[step.after] == UNKNOWN, -1, 0)
        outcome[step.before[step.changed]] = 2
        outcome[step.before[np.concatenate([step.began, step.stopped])]] = 1
        days = now - self._seen
        silent = np.flatnonzero((old.known == SILENT) & ~self._ever.astype(bool) & (outcome >= 0))
        reporting = np.flatnonzero((old.known == REPORTING) & (outcome >= 0))
        for name in (ALL, *GROUPINGS):
            self._watch(self.first, name, old, silent, days[silent], outcome[silent], (1, 3))
            self._watch(self.kept, name, old, reporting, days[reporting], outcome[reporting], (1, 2, 3))
        self.joint.add(FIRST, old, silent, days[silent], outcome[silent] == 1)
        self.joint.add(REMOVED, old, reporting, days[reporting], outcome[reporting] == 1)
        self._watch_levels(old, new, step, reporting, days, outcome)
        cohort = silent[self._entry[silent] != _NEVER]
        for age in np.unique(now - self._entry[cohort]).tolist():
            rows = cohort[now - self._entry[cohort] == age]
            gone = outcome[rows] == 3
            self._age(self._stratum[rows], gone, old.owner[rows], outcome[rows] == 1, age)

    def _watch_levels(self, old: Day, new: Day, step: Step, reporting: Ints, days: Ints, outcome: Ints) -> None:
        """Reports of a bare number, until context is added."""
        raised = outcome.copy()
        raised[raised == 1] = 2
        raised[step.before[step.changed]] = 0
        for place in step.level_changed.tolist():
            if new.report(step.after[place]).get("level") == WITH_CONTEXT:
                raised[step.before[place]] = 1
        bare = np.array([row for row in reporting.tolist() if old.report(row).get("level") == BARE], dtype=np.int64)
        for name in (ALL, *GROUPINGS):
            self._watch(self.raised, name, old, bare, days[bare], raised[bare], (1, 2, 3))

    def _watch(
        self, into: Any, name: str, day: Day, rows: Ints, days: Ints, outcome: Ints, causes: tuple[int, ...]
    ) -> None:
        levels = (ALL,) if name == ALL else day.groups[name].levels
        codes = np.zeros(len(rows), dtype=np.int8) if name == ALL else day.groups[name].codes[rows]
        groups = buckets(day.owner[rows])
        for length in np.unique(days).tolist():
            own = days == length
            kinds = [own, *(own & (outcome == cause) for cause in causes)]
            table = np.stack([split(codes[kind], groups[kind], len(levels)) for kind in kinds], axis=2)
            for place, level in enumerate(levels):
                if table[place].any():
                    before = into[name, level].get(float(length), 0)
                    into[name, level][float(length)] = before + table[place]

    def _age(self, strata: Ints, gone: Ints, owners: Ints, first: Ints, age: int) -> None:
        groups = buckets(owners)
        kinds = [np.ones(len(strata), dtype=bool), first.astype(bool), gone.astype(bool)]
        table = np.stack([split(strata[kind], groups[kind], len(self._names)) for kind in kinds], axis=2)
        for place, name in enumerate(self._names):
            if table[place].any():
                self.ages[name][age] = self.ages[name].get(age, 0) + table[place]
