"""Numbers that tables and figures show beside the estimates: boxes, shares, months.

No test, no interval of its own making.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec.structs import replace

from analysis import stats
from analysis.results import Estimate

FloatArray = npt.NDArray[np.float64]
PERCENT = "%/month"
POWER_FACTOR = (1.959964 + 0.841621) / 1.959964
"""A slope this many half-widths of the interval away from zero is shown in 80 of 100 draws."""


def numbers(values: Any) -> FloatArray:
    """Values as floats, missing ones left out."""
    found: FloatArray = np.array(pd.Series(values).dropna(), dtype=np.float64)
    return found


def box(values: Any) -> tuple[float | None, ...]:
    """n, minimum, quartiles, maximum, mean; numbers are None where there is no value."""
    found = numbers(values)
    if not len(found):
        return (0, *[None] * 6)
    q1, median, q3 = (float(value) for value in np.percentile(found, [25, 50, 75]))
    return (len(found), float(found.min()), q1, median, q3, float(found.max()), float(found.mean()))


def share(part: int, whole: int) -> tuple[float | None, float | None, float | None]:
    """A share with its 95 % interval (Wilson)."""
    found = stats.proportion(part, whole)
    return found.interval


def clustered_share(hits: pd.Series, rows: pd.DataFrame) -> Estimate:
    """Share of rows with a property, its interval by clusters."""
    return stats.clustered_share(hits.astype(float).tolist(), list(rows["cluster"]))


def by_cluster(hits: pd.Series, rows: pd.DataFrame) -> tuple[float | None, float | None]:
    """Bounds of such a share."""
    found = clustered_share(hits, rows)
    return found.low, found.high


def month_number(month: str) -> int:
    """Months since year 0, so that gaps in a series stay gaps."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_name(number: int) -> str:
    """``YYYY-MM`` of a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def full_months(months: Iterable[Any], last: str | None = None) -> list[str]:
    """Every month from the first to the last, those without a value too."""
    known = sorted({month for month in months if isinstance(month, str)})
    if not known:
        return []
    end = month_number(last or known[-1])
    return [month_name(number) for number in range(month_number(known[0]), end + 1)]


def medians(rows: pd.DataFrame, column: str, by: str = "month", least: int = 1) -> pd.DataFrame:
    """Median and count of a column by month (or quarter), groups with fewer than ``least`` values left out; sorted."""
    grouped = rows[rows[column].notna() & rows[by].notna()].groupby(by)[column].agg(["median", "size"])
    return grouped[grouped["size"] >= least].sort_index()


def spaced(series: pd.Series) -> tuple[list[str], list[float | None]]:
    """A monthly series on an even grid: every month, None where it has no value."""
    months = full_months(series.index)
    return months, [float(series[month]) if month in series.index else None for month in months]


def fitted(months: Sequence[str], trend: Estimate) -> list[float | None]:
    """Values of a straight trend at each month of an even grid; None where there is no trend."""
    slope, intercept = trend.estimate, trend.details.get("intercept")
    if slope is None or intercept is None:
        return [None] * len(months)
    return [intercept + slope * place for place in range(len(months))]


def tally(values: Iterable[Hashable]) -> list[tuple[Any, int]]:
    """Values with how often they occur: most frequent first, then by name."""
    counts = pd.Series(list(values), dtype=object).value_counts()
    return sorted(((value, int(count)) for value, count in counts.items()), key=lambda item: (-item[1], str(item[0])))


def pairs(rows: pd.DataFrame, x: str, y: str, *, positive: bool = False) -> pd.DataFrame:
    """Rows in which both columns have a value; with ``positive``, a value above zero (a logarithm can be taken)."""
    kept = rows[rows[x].notna() & rows[y].notna()]
    return kept[(kept[x] > 0) & (kept[y] > 0)] if positive else kept


def sampled(rows: pd.DataFrame, most: int, seed: int) -> pd.DataFrame:
    """At most so many rows, drawn with a seed, in their old order: for points of a figure."""
    if len(rows) <= most:
        return rows
    chosen = np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False))
    return rows.iloc[chosen]


def cells(counts: pd.Series) -> list[tuple[Any, ...]]:
    """Values of a series with a two-part index, as (first, second, value)."""
    return [(key[0], key[1], value) for key, value in zip(list(counts.index), list(counts), strict=True)]


def as_percent(slope: Estimate) -> Estimate:
    """A slope of logarithms as per cent a step.

    With the slope that a test of this power would find in four of five draws.
    """
    if slope.estimate is None:
        return replace(slope, unit=PERCENT)
    low, high = (None if bound is None else 100 * math.expm1(bound) for bound in (slope.low, slope.high))
    width = None if slope.low is None or slope.high is None else (slope.high - slope.low) / 2
    found = None if width is None else 100 * math.expm1(width * POWER_FACTOR)
    return replace(
        slope,
        estimate=100 * math.expm1(slope.estimate),
        estimate_name="change a month",
        unit=PERCENT,
        low=low,
        high=high,
        details={**slope.details, "log_slope": slope.estimate, "smallest_shown_percent": found},
    )
