"""A straight trend through monthly numbers that rest on different counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats

from analysis.results import Estimate
from analysis.stats.columns import LEVEL, complete, constant, estimated, refusal
from analysis.stats.trend import neighbour_autocorrelation

LIMITS = (
    "in simulations of 17 months p fell below .05 in .06 of series without a "
    "trend at an autocorrelation of .5, and in .15 at .8"
)
METHOD = "weighted least squares slope, HC3 interval widened by the autocorrelation of neighbours"


def weighted_trend(y: Any, weights: Any, t: Any) -> Estimate:
    """Does a monthly number rise or fall, each month weighing what it rests on?

    Least squares with weights; HC3 errors, widened by the root of (1 + phi) / (1 - phi), phi the autocorrelation of
    neighbouring weighted residuals freed of its bias; t with n - 2 degrees of freedom.

    Args:
        y: Monthly numbers of shape (n,), in order of time.
        weights: What each month weighs, for instance its reports; months without a weight above zero are dropped.
        t: Times of shape (n,), for instance months as numbers.

    Returns:
        ``estimate`` is the slope in units of y per unit of t. ``details``: ``intercept``, ``se``, ``hc3_se``,
        ``autocorrelation``, ``df``, ``effective_months`` ((sum of weights) squared over the sum of squared weights).

    Source: MacKinnon & White, J. Econometrics 29, 1985 (HC3). R: ``lm(y ~ t, weights = w)`` with
    ``sandwich::vcovHC(type = "HC3")``.

    Measured in 17 months of very different weights at autocorrelation 0, .5, .8: size .031, .056, .149, coverage .962,
    .936, .870: too narrow at .8, and said at every result.

    >>> found = weighted_trend([1, 2, 2, 4, 5, 7], [1, 1, 2, 2, 1, 1], [0, 1, 2, 3, 4, 5])
    >>> round(found.estimate, 4)
    1.1944
    """
    (values, weight, times), kept = complete(y, weights, t)
    used = weight > 0
    values, weight, times = values[used], weight[used], times[used]
    counts = {"n": len(values), "n_missing": len(kept) - len(values)}
    if len(values) < 4:
        return refusal(METHOD, f"fewer than 4 months ({len(values)})", **counts)
    if constant(values) or constant(times):
        return refusal(METHOD, "no variation: all values are equal", **counts)
    fitted = sm.WLS(values, np.column_stack([np.ones(len(times)), times]), weights=weight).fit()
    slope, plain, df = float(fitted.params[1]), float(fitted.HC3_se[1]), float(fitted.df_resid)
    phi = neighbour_autocorrelation(np.sqrt(weight) * np.asarray(fitted.resid))
    se = plain * math.sqrt((1 + phi) / (1 - phi))
    half = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * se
    return estimated(
        METHOD,
        (slope, slope - half, slope + half),
        estimate_name="slope per unit of time",
        test=(
            "t",
            slope / se if se > 0 else math.nan,
            2 * float(stats.t.sf(abs(slope) / se, df)) if se > 0 else math.nan,
        ),
        details={
            "intercept": float(fitted.params[0]),
            "se": se,
            "hc3_se": plain,
            "autocorrelation": phi,
            "df": df,
            "effective_months": float(weight.sum() ** 2 / (weight**2).sum()),
        },
        assumptions=(f"independent months: autocorrelation of neighbours {phi:.2f}, which widens the error; {LIMITS}",),
        **counts,
    )
