"""How often the 95 % intervals of a history hold the planted rates, over simulated archives of 24 dates.

Run ``python benchmarks/bench_history.py OUT.json [--quick]``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from analysis.history.counts import ALL
from analysis.results import Estimate
from analysis.stats import proportion
from analysis.stats.durations import clustered_hazard
from benchmarks.simulated_archive import FIRST_REPORT, GONE, RATIO, REMOVED, Simulated, simulate


def main(out: Path, quick: bool) -> dict[str, Any]:
    """Simulate and write ``out``."""
    replications, owners = (20, 200) if quick else (200, 400)
    planted = {
        "first report, generator A": FIRST_REPORT,
        "first report, generator B": FIRST_REPORT * RATIO,
        "ratio of B to A": RATIO,
        "report removed": REMOVED,
        "no longer listed": GONE,
    }
    found: dict[str, list[tuple[float, bool, float]]] = {name: [] for name in planted}
    for seed in range(replications):
        archive = simulate(seed, owners)
        truths = planted | _averages(archive)
        for name, estimate in _estimates(archive).items():
            if estimate.estimate is not None and estimate.low is not None and estimate.high is not None:
                held = estimate.low <= truths[name] <= estimate.high
                found[name].append((estimate.estimate, held, truths[name]))
    rows = [_row(name, planted[name], found[name], replications) for name in planted]
    result = {"replications": replications, "owners": owners, "rates": rows}
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def _averages(archive: Simulated) -> dict[str, float]:
    """Hazards of the first report as they were over the time watched, and their ratio."""
    a, b = archive.first_report["A"], archive.first_report["B"]
    return {"first report, generator A": a, "first report, generator B": b, "ratio of B to A": b / a}


def _estimates(archive: Simulated) -> dict[str, Estimate]:
    first, kept = archive.durations.first, archive.durations.kept
    a, b = first["generator", "A"], first["generator", "B"]
    return {
        "first report, generator A": clustered_hazard(a, 1),
        "first report, generator B": clustered_hazard(b, 1),
        "ratio of B to A": clustered_hazard(b, 1, a),
        "report removed": clustered_hazard(kept[ALL, ALL], 1),
        "no longer listed": clustered_hazard(first[ALL, ALL], 2),
    }


def _row(name: str, planted: float, found: list[tuple[float, bool, float]], replications: int) -> dict[str, Any]:
    coverage = proportion(sum(held for _, held, _ in found), replications)
    return {
        "rate": name,
        "planted_per_year": planted,
        "median_over_time_watched": float(np.median([truth for *_, truth in found])),
        "median_found": float(np.median([value for value, *_ in found])),
        "coverage": coverage.estimate,
        "coverage_low": coverage.low,
        "coverage_high": coverage.high,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--quick" in sys.argv)
