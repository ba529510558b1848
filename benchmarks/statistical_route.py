"""Fit the statistical route.

Reported emissions by size, domain and month of the reporters of 2023, and how little that says. Run ``python -m
benchmarks.statistical_route FOLDER --write`` with the folder of the published files. Nothing of them is copied: the
packaged table holds eight coefficients and the support.
"""

from __future__ import annotations

import csv
import gzip
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from analysis.estimates.statistical import DOMAINS, month_index

TABLE = Path(__file__).parents[1] / "analysis" / "estimates" / "tables" / "statistical.csv"
LEAST_A_MONTH = 10
ENDS = (0.05, 0.95)


def reporters(folder: Path) -> list[dict[str, str]]:
    """Rows with emissions, size and one of the two domains, of months with enough reporters."""
    with gzip.open(folder / "HFStreamlit.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    rows = [
        row
        for row in rows
        if _positive(row["co2_eq_emissions"]) and _positive(row["size"]) and row["domain"] in DOMAINS
    ]
    months = [row["created_at"][:7] for row in rows]
    return [row for row, month in zip(rows, months, strict=True) if months.count(month) >= LEAST_A_MONTH]


def _positive(text: str) -> bool:
    try:
        return 0 < float(text) < math.inf
    except ValueError:
        return False


def fit(rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Least squares of ln grams.

    The interval holds 90 % of the reporters of either kind of tool, AutoTrain and others.
    """
    grams = np.log([float(row["co2_eq_emissions"]) for row in rows])
    months = [row["created_at"][:7] for row in rows]
    design = np.array(
        [[1.0, math.log(float(row["size"])), row["domain"] == DOMAINS[1], month_index(month)] for row,
        month in zip(rows, months, strict=True)]
    )  # fmt: skip
    found, *_ = np.linalg.lstsq(design, grams, rcond=None)
    residuals, is_auto = grams - design @ found, np.array([row["auto"] == "True" for row in rows])
    ends = [np.quantile(residuals[kind], ENDS) for kind in (is_auto, ~is_auto)]
    sizes = np.quantile([float(row["size"]) for row in rows], (0.01, 0.99))
    return {
        "intercept": found[0], "per_ln_bytes": found[1], "computer_vision": found[2], "per_month": found[3],
        "down": -min(low for low, _ in ends), "up": max(high for _, high in ends), "least_bytes": sizes[0],
        "most_bytes": sizes[1],
        "first_month": month_index(min(months)), "last_month": month_index(max(months)), "rows": len(rows),
    }  # fmt: skip


def main() -> None:
    """Fit; with ``--write`` pack the coefficients."""
    found = fit(reporters(Path(sys.argv[1])))
    if "--write" in sys.argv:
        with TABLE.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["name", "value"])
            writer.writerows([name, f"{value:.5g}"] for name, value in found.items())
    print(found, (found["down"] + found["up"]) / math.log(10), "decades")


if __name__ == "__main__":
    main()
