"""The packaged hours route on developers left out of the fit: ``unseen_runs.csv``.

Facts from CodeCarbon's own files in public repositories and from one model card, each with its source. The rule
(``docs/decisions/estimates-form.md``): repositories found by the exact name of such a file, opened where their name
speaks of a network; kept are runs of at least 0.1 h with energy of one kind of device, the three longest of a developer
in the part that was read. A run whose device drew less than :data:`IDLE_SHARE` of its rating
was computed elsewhere (an idle device): it is scored too, and shown apart, because device, count and hours cannot tell.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

from analysis import estimate_run
from analysis.estimates.devices import board

RUNS = Path(__file__).with_name("unseen_runs.csv")
IDLE_SHARE = 0.15
SCORED = ("gpu", "machine")


class Scored(NamedTuple):
    """One metered run beside its estimate (kWh); ``is_idle`` where the device hardly drew power."""

    developer: str
    boundary: str
    metered: float
    central: float
    low: float
    high: float
    is_idle: bool

    @property
    def error(self) -> float:
        """Absolute error in log space."""
        return abs(log(self.metered / self.central))


def scored() -> list[Scored]:
    """Every row by every boundary that was metered; device, count and hours are all that the estimate is given."""
    found = []
    with RUNS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            answer = estimate_run(row["device"], count=float(row["count"]), hours=float(row["hours"]))
            rated_kwh = board(row["device"]).rated_w * float(row["count"]) * float(row["hours"]) / 1000
            is_idle = bool(row["gpu_kwh"]) and float(row["gpu_kwh"]) < IDLE_SHARE * rated_kwh
            for boundary in SCORED:
                interval = getattr(answer.boundaries, boundary)
                if row[f"{boundary}_kwh"]:
                    metered = float(row[f"{boundary}_kwh"])
                    found.append(
                        Scored(
                            row["developer"],
                            boundary,
                            metered,
                            interval.central,
                            interval.low,
                            interval.high,
                            is_idle,
                        )
                    )
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


def unseen() -> list[dict[str, Any]]:
    """One row a boundary, over the runs that computed on the device, and over all."""
    rows = scored()
    return [
        {"boundary": boundary, "runs": words, **summary([row for row in chosen if row.boundary == boundary])}
        for boundary in SCORED
        for words, chosen in (("that used the device", [row for row in rows if not row.is_idle]), ("all", rows))
    ]


if __name__ == "__main__":
    for line in unseen():
        print(line)
