"""An archive simulated in memory.

Owners of unequal size, planted hazards of reporting, removal and disappearance, dates that could not look.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from msgspec import Struct

from analysis.history.counts import DurationCounts, ShareCounts
from analysis.history.panel import GROUPINGS, REPORTING, SILENT, UNKNOWN, Day, Grouping, Ints, compare

FIRST = date(2024, 7, 3)
DATES = 24
DAYS_PER_YEAR = 365.25
FIRST_REPORT, REMOVED, GONE = 0.4, 0.8, 0.25
"""Planted hazards a year: the first report of a silent model, the removal of a report, and being listed no longer."""
RATIO = 2.0
"""Planted ratio of the first-report hazard of generator B to A."""
BLIND = 0.02
"""Share of models whose metadata a date cannot read."""
FRAILTY = 4.0
"""Shape of the gamma frailty of owners: models of an owner report together more than chance."""


class Simulated(Struct):
    """What was counted, and the truth beside it.

    Attributes:
        true_shares: Share of reporters at each date among those whose metadata could be read.
        first_report: Hazard of the first report a year by generator, averaged over the time that silent models were
            watched. It lies below the planted one: models of owners that report readily leave the silent first
            (frailty), so that those still under watch are the reluctant ones. This is what a hazard over all models can
            estimate.
    """

    shares: ShareCounts
    durations: DurationCounts
    true_shares: list[float]
    first_report: dict[str, float]


def simulate(seed: int, owners: int = 300, dates: int = DATES) -> Simulated:
    """One archive by continuous-time hazards, seen at weekly dates."""
    draw = np.random.default_rng(seed)
    sizes = np.minimum(1 + draw.geometric(0.15, owners), 60)
    owner = np.repeat(np.arange(owners), sizes)
    n = len(owner)
    generator = draw.integers(0, 2, n)
    frailty = draw.gamma(FRAILTY, 1 / FRAILTY, owners)[owner]
    horizon = dates * 7 / DAYS_PER_YEAR
    entry = np.where(draw.random(n) < 0.4, draw.uniform(0, horizon, n), -1.0)
    start = np.maximum(entry, 0)
    hazard = FIRST_REPORT * np.where(generator == 1, RATIO, 1.0) * frailty
    report = start + draw.exponential(1, n) / hazard
    report = np.where((entry < 0) & (draw.random(n) < 0.05), -0.5, report)
    stop = np.maximum(report, 0) + draw.exponential(1 / REMOVED, n)
    gone = start + draw.exponential(1 / GONE, n)
    digests = draw.permutation(n).astype(np.uint64)
    names = draw.integers(0, 2**63, owners).astype(np.uint64)[owner]
    watched = np.clip(np.minimum(np.minimum(report, gone), (dates - 0.5) * 7 / DAYS_PER_YEAR) - start, 0, None)
    average = {
        name: float(np.average(hazard[generator == code], weights=watched[generator == code]))
        for code, name in enumerate("AB")
    }
    found = Simulated(ShareCounts(), DurationCounts(), [], average)
    old: Day | None = None
    for number in range(dates):
        now = (number + 0.5) * 7 / DAYS_PER_YEAR
        listed = np.flatnonzero((entry <= now) & (gone > now))
        listed = listed[np.argsort(digests[listed])]
        truly = np.where((report[listed] <= now) & (stop[listed] > now), REPORTING, SILENT)
        blind = draw.random(len(listed)) < BLIND
        new = _day(number, digests[listed], names[listed], np.where(blind, UNKNOWN, truly), generator[listed])
        step = compare(old, new) if old is not None else None
        for watch in (found.shares, found.durations):
            watch(new, old, step)
        found.true_shares.append(float((truly[~blind] == REPORTING).sum() / len(listed)))
        old = new
    return found


def _day(number: int, digests: Ints, owners: Ints, states: Ints, generator: Ints) -> Day:
    groups = {name: Grouping(("all",), np.zeros(len(digests), dtype=np.int16)) for name in GROUPINGS}
    groups["generator"] = Grouping(("A", "B"), generator.astype(np.int16))
    state = states.astype(np.int8)
    return Day(
        date=str(FIRST + timedelta(7 * number)),
        digest=digests,
        owner=owners,
        created_s=np.full(len(digests), -1, dtype=np.int32),
        state=state,
        reports={},
        groups=groups,
        known=state.copy(),
        looked=np.zeros(len(digests), dtype=np.bool_),
    )
