"""The packaged hours route on developers left out of the fit, two sets: ``unseen_runs.csv`` and ``unseen_runs_2.csv``.

Facts from CodeCarbon's own files in public repositories and from one model card, each with its source.
The first set (``docs/decisions/estimates-form.md``) was looked at when form 4 was made and tests it no more. The second
was collected by rules that were committed before a row was opened (``docs/decisions/estimates-unseen-2.md``).
A run whose device drew less than :data:`IDLE_SHARE` of its rating was computed elsewhere (an idle device): it is scored
too, and left out apart, because device, count and hours cannot tell.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

from analysis import estimate_run
from analysis.estimates.devices import board
from mining.errors import UsageError

SETS = {"first": "unseen_runs.csv", "second": "unseen_runs_2.csv"}
FIRST_SCORE = Path(__file__).with_name("unseen_score_2.csv")
IDLE_SHARE = 0.15
SCORED = ("gpu", "machine")


class Scored(NamedTuple):
    """One metered run beside its estimate (kWh); ``is_idle`` where the device hardly drew power.

    ``is_cpu_metered`` is false where CodeCarbon took a constant for the processor.
    """

    developer: str
    boundary: str
    metered: float
    central: float
    low: float
    high: float
    is_idle: bool
    is_cpu_metered: bool

    @property
    def error(self) -> float:
        """Absolute error in log space."""
        return abs(log(self.metered / self.central))


def runs(which: str) -> list[dict[str, str]]:
    """Rows of one set as collected."""
    with Path(__file__).with_name(SETS[which]).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def scored(which: str) -> list[Scored]:
    """Every row by every boundary that was metered and that an estimate is given for.

    Device, count and hours are all that the estimate is given. A row whose device is in no table, or whose device has
    no such boundary (the graphics part of a chip that holds all), is refused.
    """
    found = []
    for row in runs(which):
        count, hours = float(row["count"]), float(row["hours"])
        try:
            boundaries = estimate_run(row["device"], count=count, hours=hours).boundaries
        except UsageError:
            continue
        rated_kwh = board(row["device"]).rated_w * count * hours / 1000
        is_idle = bool(row["gpu_kwh"]) and float(row["gpu_kwh"]) < IDLE_SHARE * rated_kwh
        for boundary in SCORED:
            interval = getattr(boundaries, boundary)
            if row[f"{boundary}_kwh"] and interval:
                metered = float(row[f"{boundary}_kwh"])
                limits = interval.central, interval.low, interval.high
                is_cpu_metered = row.get("cpu_mode") != "constant"
                found.append(Scored(row["developer"], boundary, metered, *limits, is_idle, is_cpu_metered))
    return found


def summary(rows: Sequence[Scored]) -> dict[str, Any]:
    """Median factor, coverage of the 90 % interval and half-width; developers weigh equally."""
    developers = sorted({row.developer for row in rows})
    sizes = {name: sum(row.developer == name for row in rows) for name in developers}
    shares = [1 / sizes[row.developer] / len(developers) for row in rows]
    total, median = 0.0, 0.0
    for error, share in sorted((row.error, share) for row, share in zip(rows, shares, strict=True)):
        total, median = total + share, error
        if total >= 0.5 - 1e-12:
            break
    covered = sum(share for row, share in zip(rows, shares, strict=True) if row.low <= row.metered <= row.high)
    widths = sorted((row.high / row.low) ** 0.5 for row in rows)
    return {
        "rows": len(rows), "developers": len(developers), "median factor": round(exp(median), 3),
        "coverage of 90 %": round(covered, 3), "half-width": round(widths[len(widths) // 2], 2),
    }  # fmt: skip


def _all(_: Scored) -> bool:
    return True


def _used(row: Scored) -> bool:
    return not row.is_idle


def _metered(row: Scored) -> bool:
    return row.is_cpu_metered


VIEWS: dict[str, tuple[tuple[str, str, Callable[[Scored], bool]], ...]] = {
    "first": tuple(
        (boundary, words, keep)
        for boundary in SCORED
        for words, keep in (("that used the device", _used), ("all", _all))
    ),
    "second": (
        ("gpu", "all", _all),
        ("gpu", "that used the device", _used),
        ("machine", "without a constant processor", _metered),
        ("machine", "all", _all),
        ("machine", "that used the device", _used),
    ),
}
"""What is printed of a set; of the second as its rules declare it, and what is held against the bars first."""


def unseen() -> list[dict[str, Any]]:
    """One row a set, boundary and choice of runs; of all metered rows of the boundary, how many were refused."""
    lines = []
    for which, views in VIEWS.items():
        metered, rows = runs(which), scored(which)
        for boundary, words, keep in views:
            mine = [row for row in rows if row.boundary == boundary]
            refused = sum(bool(row[f"{boundary}_kwh"]) for row in metered) - len(mine)
            chosen = summary([row for row in mine if keep(row)])
            lines.append({"set": which, "boundary": boundary, "runs": words, **chosen, "refused": refused})
    return lines


def first_score() -> list[dict[str, str]]:
    """The second set as it was scored once, before anything was changed for it (form 4, 2026-11-29)."""
    with FIRST_SCORE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


if __name__ == "__main__":
    for line in unseen():
        print(line)
