"""Joint test of trends: months without a trend that resemble their neighbours as the observed ones may.

Shuffled blocks of months cannot do this: a block short enough to leave several of them in 17 months breaks the
resemblance that makes a trend out of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats as scipy_stats

from analysis.questions.descriptives import month_number
from analysis.questions.multiverse.joint import Joint, judged
from analysis.stats.columns import FloatArray

STEPS = np.append(np.arange(0.0, 0.99, 0.07), 0.98)
"""Autocorrelations that are tried; months that resemble each other more have no trend that could be told."""
UPPER = 0.75
"""The autocorrelation is taken where three chances in four lie below: too small a value costs more than too large
a one, and at its middle the test rejects in .08 to .10 of series of 17 months at .6 to .8."""
SERIES, SEED = 2000, 1
Months = npt.NDArray[np.intp]


def autoregressive_test(series: Sequence[pd.Series], draws: int, seed: int) -> Joint:
    """Joint test of universes with monthly series by first-order series without a trend.

    Each universe's months are ranked (normal scores). Its t statistic is that of a straight line by generalised least
    squares (Prais and Winsten) at the upper quartile of the autocorrelations that the observed one is compatible with.
    Every draw makes series of that autocorrelation without a trend, with innovations that resemble each other across
    universes as the residuals do, puts the observed ranks in their order and goes through the same steps.

    Args:
        series: Values by month ``YYYY-MM``, one series a universe; months may be missing.
        draws: Number of draws.
        seed: Seed of the innovations.

    Source: Prais & Winsten, Cowles Commission 383, 1954; Andrews, Econometrica 61, 1993 (unbiased autocorrelation from
    simulated quantiles).

    Measured with 4 universes of 17, 30, 60 months, independent: size .059, .054, .057; at an autocorrelation of .5:
    .059, .053, .056; at .8: .078, .055, .054. Too often at .8 in 17 months, and where independent noise lies over
    months that resemble each other, so that no first-order series describes them: in 17 and 30 months .083, .102 at
    .5, .126, .139 at .8; the report says so.
    """
    first = min(month_number(str(month)) for one in series for month in one.index)
    places = [np.array([month_number(str(month)) - first for month in one.index]) for one in series]
    fits = [_fitted(one.to_numpy(dtype=float), place) for one, place in zip(series, places, strict=True)]
    length = max(int(place[-1]) for place in places) + 1
    shares = _shared(fits, length)
    noise = np.random.default_rng(seed).normal(size=(draws, length, length))
    drawn = [_drawn(one, noise @ share) for one, share in zip(fits, shares, strict=True)]
    return judged(np.array([one.statistic for one in fits]), np.column_stack(drawn))


class _Fit(NamedTuple):
    """One universe: its months, normal scores, autocorrelation, t statistic and residuals of independent months."""

    places: Months
    scores: FloatArray
    alike: float
    statistic: float
    residuals: FloatArray


def _fitted(values: FloatArray, places: Months) -> _Fit:
    """A straight line through one universe."""
    scores = normal_scores(values[None, :])
    alike = upper_autocorrelation(scores, np.diff(places))
    statistic, residuals = trend_t(scores, places, alike)
    return _Fit(places, scores[0], float(alike[0]), float(statistic[0]), residuals[0])


def _shared(fits: Sequence[_Fit], length: int) -> FloatArray:
    """Residuals of each universe by month, of length one; a month that it lacks is that of the other universes."""
    table = np.full((len(fits), length), np.nan)
    for row, one in enumerate(fits):
        table[row, one.places] = one.residuals / max(float(np.sqrt(np.mean(one.residuals**2))), 1e-300)
    known = np.isfinite(table)
    usual = np.divide(np.nansum(table, axis=0), known.sum(axis=0), out=np.zeros(length), where=known.any(axis=0))
    table = np.where(known, table, usual)
    return np.asarray(table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-300), dtype=float)


def _drawn(one: _Fit, innovations: FloatArray) -> FloatArray:
    """The t statistics of one universe in all draws."""
    made = first_order(innovations, one.alike)[:, one.places]
    scores = np.sort(one.scores)[made.argsort(axis=1).argsort(axis=1)]
    return trend_t(scores, one.places, upper_autocorrelation(scores, np.diff(one.places)))[0]


def normal_scores(rows: FloatArray) -> FloatArray:
    """Ranks of each row as quantiles of the normal distribution, equal values with equal scores."""
    ranks = scipy_stats.rankdata(rows, axis=1)
    return np.asarray(scipy_stats.norm.ppf((ranks - 0.5) / rows.shape[1]), dtype=float)


def first_order(innovations: FloatArray, autocorrelation: float) -> FloatArray:
    """First-order series of each row, in their long run from the first month on."""
    made = np.empty_like(innovations)
    made[:, 0] = innovations[:, 0] / np.sqrt(1 - autocorrelation**2)
    for month in range(1, innovations.shape[1]):
        made[:, month] = autocorrelation * made[:, month - 1] + innovations[:, month]
    return made


def trend_t(rows: FloatArray, places: Months, autocorrelation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Trend of each row: the t statistic of a straight line, and the residuals that are left of independent months.

    Args:
        rows: Shape (m, n).
        places: Months as numbers, shape (n,), ascending.
        autocorrelation: Of neighbouring months, one a row.

    Returns:
        Shapes (m,) and (m, n).
    """
    alike = autocorrelation[:, None] ** np.diff(places)
    start = np.sqrt(1 - autocorrelation[:, None] ** 2)
    spread = start / np.sqrt(1 - alike**2)

    def independent(columns: FloatArray) -> FloatArray:
        return np.concatenate([start * columns[:, :1], spread * (columns[:, 1:] - alike * columns[:, :-1])], axis=1)

    level = independent(np.ones_like(rows))
    time = independent(np.broadcast_to(places - places.mean(), rows.shape))
    outcome = independent(rows)
    weight = (level**2).sum(axis=1, keepdims=True)
    time, outcome = (one - level * ((level * one).sum(axis=1, keepdims=True) / weight) for one in (time, outcome))
    squares = (time**2).sum(axis=1)
    slope = (time * outcome).sum(axis=1) / squares
    residuals = outcome - slope[:, None] * time
    error = np.sqrt((residuals**2).sum(axis=1) / (rows.shape[1] - 2) / squares)
    return np.divide(slope, error, out=np.zeros_like(slope), where=error > 0), residuals


def upper_autocorrelation(rows: FloatArray, gaps: Months) -> FloatArray:
    """Upper quartile of the autocorrelations that would give the observed one of neighbours about a straight line.

    Args:
        rows: Normal scores, shape (m, n).
        gaps: Months between neighbours, shape (n - 1,).
    """
    observed = _neighbours(rows, np.concatenate([[0], np.cumsum(gaps)]))
    return np.asarray(np.interp(observed, _lower(tuple(map(int, gaps))), STEPS), dtype=float)


def _neighbours(rows: FloatArray, places: Months) -> FloatArray:
    """Autocorrelation of neighbouring values about a straight line, of each row."""
    time = places - places.mean()
    left = rows - rows.mean(axis=1, keepdims=True)
    left = left - np.outer(left @ time / (time @ time), time)
    total = (left**2).sum(axis=1)
    products = (left[:, 1:] * left[:, :-1]).sum(axis=1)
    return np.asarray(np.divide(products, total, out=np.zeros_like(total), where=total > 1e-12), dtype=float)


@lru_cache(maxsize=512)
def _lower(gaps: tuple[int, ...]) -> FloatArray:
    """Lower quartile of the observed autocorrelation at each of ``STEPS``, for months with these gaps."""
    places = np.concatenate([[0], np.cumsum(gaps)])
    noise = np.random.default_rng(SEED).normal(size=(SERIES, int(places[-1]) + 1))
    found = [
        float(np.quantile(_neighbours(normal_scores(first_order(noise, step)[:, places]), places), 1 - UPPER))
        for step in STEPS
    ]
    return np.asarray(np.maximum.accumulate(found) + np.arange(len(STEPS)) * 1e-9, dtype=float)
