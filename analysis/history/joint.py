"""Watches by all exposures at once: what joint hazards are fitted on, gathered while the dates go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.history.panel import Day, Ints
from analysis.history.tables import table
from analysis.results import Table
from analysis.stats.durations import BUCKETS

if TYPE_CHECKING:
    from analysis.stats.joint_hazards import Watches

EXPOSURES = ("generator", "domain", "size_class", "licence", "owner_size")
COLUMNS = (
    "event",
    "exposure",
    "level",
    "watched_count",
    "events",
    "ratio",
    "low",
    "high",
    "compared_with",
    "e_value",
    "e_value_limit",
    "refused",
)
_AT_ONCE = 1 << 18
_RADIX = 64
"""Levels of an exposure that are told apart; a date has at most thirteen."""
_OTHER = "other"
NOTE = (
    "Ratio of hazards to the largest level, all exposures in one model (complementary log-log, 95 % interval over "
    "owners). A ratio is a difference between models that are alike in the other exposures, not an effect. E-value: "
    "how large a ratio something unseen would need with both exposure and event to explain the ratio (limit: the "
    "end of its interval nearest to 1) away."
)


class JointCounts:
    """Watches and events by length, level of every exposure and group of owners.

    Nothing grows with the number of models.
    """

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {name: [_OTHER] for name in EXPOSURES}
        self._cells: dict[str, tuple[Ints, Ints, Ints]] = {}

    def add(self, event: str, day: Day, rows: Ints, days: Ints, ended: Ints) -> None:
        """Count watches that began with some rows of a day.

        Args:
            event: What may end them.
            day: The earlier date.
            rows: Its rows, shape (n,).
            days: Length of each watch, shape (n,).
            ended: Whether each ended in the event, shape (n,).
        """
        for start in range(0, len(rows), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            self._add(event, day, rows[some], days[some], ended[some])

    def _add(self, event: str, day: Day, rows: Ints, days: Ints, ended: Ints) -> None:
        keys = days.astype(np.int64)
        for name in EXPOSURES:
            keys = keys * _RADIX + self._codes(name, day, rows)
        keys = keys * BUCKETS + (day.owner[rows] % np.uint64(BUCKETS)).astype(np.int64)
        hits, times = np.unique(keys[ended.astype(bool)], return_counts=True)
        keys, watched = np.unique(keys, return_counts=True)
        events = np.zeros(len(keys), dtype=np.int64)
        events[np.searchsorted(keys, hits)] = times
        before = self._cells.get(event)
        if before is not None:
            keys, watched, events = (np.concatenate(pair) for pair in zip(before, (keys, watched, events), strict=True))
        found, places = np.unique(keys, return_inverse=True)
        watched, events = (np.bincount(places, weights=each, minlength=len(found)) for each in (watched, events))
        self._cells[event] = found, np.rint(watched).astype(np.int64), np.rint(events).astype(np.int64)

    def _codes(self, name: str, day: Day, rows: Ints) -> Ints:
        """Level of some models as its place among all names met so far."""
        known = self._names[name]
        for level in day.groups[name].levels:
            if level not in known and len(known) < _RADIX:
                known.append(level)
        places = [known.index(level) if level in known else 0 for level in day.groups[name].levels] or [0]
        found: Ints = np.array(places, dtype=np.int64)[day.groups[name].codes[rows]]
        return found

    def watches(self, event: str) -> Watches:
        """All watches of an event."""
        from analysis.stats.joint_hazards import Watches

        keys, watched, events = self._cells[event]
        rest, groups = np.divmod(keys, BUCKETS)
        levels = {}
        for name in reversed(EXPOSURES):
            rest, codes = np.divmod(rest, _RADIX)
            levels[name] = np.array(self._names[name], dtype=object)[codes]
        return Watches(rest.astype(np.float64), groups, watched, events, {name: levels[name] for name in EXPOSURES})

    @property
    def events(self) -> list[str]:
        """Events that were watched for."""
        return list(self._cells)


def joint_table(counts: JointCounts) -> Table:
    """Hazards of each event by all exposures at once."""
    from analysis.stats.joint_hazards import joint_hazards, largest

    rows = []
    for event in counts.events:
        watches = counts.watches(event)
        for (exposure, level), found in joint_hazards(watches).items():
            base = largest(watches.levels[exposure], watches)
            more = found.details
            rows.append(
                (
                    event,
                    exposure,
                    level,
                    found.n,
                    more.get("events"),
                    *found.interval,
                    base,
                    more.get("e_value"),
                    more.get("e_value_limit"),
                    found.refused,
                )
            )
    return table("joint-hazards", "How often, all exposures held at once", COLUMNS, rows, NOTE)
