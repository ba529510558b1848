"""How the trend of RQ1.2 hangs on what its months rest on.

Months weighted by their reports, and without the owner who made most of one month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import stats
from analysis.questions import descriptives
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import AUTOTRAIN
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate

PERCENT = descriptives.PERCENT
LEAST_REPORTS = 3
LogTrend = Callable[[pd.Series, Protocol], Estimate]


class OwnerMonth(NamedTuple):
    """One owner's reports of one month, and the trend without them."""

    month: str
    owner: str
    reports: int
    of: int
    trend: Estimate


def add(made: UncorrectedAnswer, rows: pd.DataFrame, medians: pd.Series, log_trend: LogTrend) -> None:
    """Add both checks to the answer.

    Args:
        made: Answer of RQ1.2.
        rows: Repaired rows.
        medians: Monthly medians of all of them.
        log_trend: Trend of the logarithms of monthly medians, in per cent a month.
    """
    cohorts = {"all-reporters": rows, "autotrain": rows[rows["group"] == AUTOTRAIN]}
    for slug, kept in cohorts.items():
        title = f"Trend of reported emissions, {slug.replace('-', ' ')} (months weighted by their reports)"
        made.add(
            f"check.log-trend-weighted-{slug}.repaired", title, weighted(kept, medians, made.protocol), unit=PERCENT
        )
    found = log_trend(medians, made.protocol)
    cells = sorted(_owner_months(rows, medians, made.protocol, log_trend), key=lambda cell: -_moved(cell, found))
    lines = [
        (c.month, c.owner, c.reports, c.of, c.trend.estimate, c.trend.low, c.trend.high, _moved(c, found))
        for c in cells
    ]
    made.put("owner_months", lines)
    named = {
        "without-one-owner": max(cells, key=_share, default=None),
        "without-most-moving-owner": next(iter(cells), None),
    }
    for slug, cell in named.items():
        if cell is not None:
            left_out = f"one owner's {cell.reports} of {cell.of} reports of {cell.month}"
            title = f"Trend of reported emissions without {left_out}"
            made.add(f"check.log-trend-{slug}.repaired", title, cell.trend, unit=PERCENT)


def _share(cell: OwnerMonth) -> tuple[float, str]:
    """Share of its month that an owner made; the later of two alike."""
    return cell.reports / cell.of, cell.month


def weighted(rows: pd.DataFrame, medians: pd.Series, protocol: Protocol) -> Estimate:
    """Per cent a month from the logarithms of monthly medians, each month weighing its reports."""
    kept = descriptives.medians(rows[rows["month"].isin(set(medians.index))], "value", least=protocol.least_month_n)
    kept = kept[kept["median"] > 0]
    if len(kept) < protocol.least_months:
        refused = f"only {len(kept)} months with enough reports"
        return Estimate(method="weighted least squares", n=len(kept), unit=PERCENT, refused=refused)
    months = [float(descriptives.month_number(str(month))) for month in kept.index]
    found = stats.weighted_trend(np.log(kept["median"]), kept["size"], [month - months[0] for month in months])
    return descriptives.as_percent(found)


def _moved(cell: OwnerMonth, found: Estimate) -> float:
    """By how much the trend differs without the cell; a trend that then cannot be told counts most."""
    if cell.trend.estimate is None or found.estimate is None:
        return float("inf")
    return abs(cell.trend.estimate - found.estimate)


def _owner_months(
    rows: pd.DataFrame, medians: pd.Series, protocol: Protocol, log_trend: LogTrend
) -> Iterator[OwnerMonth]:
    """Each month's owner of most reports, with the trend without them; the month stays with what others report."""
    for month, kept in rows[rows["month"].isin(set(medians.index))].groupby("month"):
        owner, reports = descriptives.tally(kept["cluster"])[0]
        if reports < LEAST_REPORTS or reports == len(rows):
            continue
        rest = kept.loc[kept["cluster"] != owner, "value"]
        changed = medians.drop(month)
        if len(rest) >= protocol.least_month_n:
            changed = pd.concat([changed, pd.Series({month: float(rest.median())})]).sort_index()
        yield OwnerMonth(str(month), str(owner), reports, len(kept), log_trend(changed, protocol))
