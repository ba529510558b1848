"""Least squares: several predictors with robust or clustered intervals, a plain trend.

And the band around a fitted line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.stattools import durbin_watson, jarque_bera

from analysis.results import Estimate
from analysis.stats.columns import LEVEL, FloatArray, Z, complete, constant, estimated, numbers, refusal
from analysis.stats.design import (
    INTERCEPT,
    Design,
    cluster_sums,
    degrees_of_freedom,
    inverse_root,
    leverages,
    regression,
)

UNEVEN = (
    "clusters are very uneven: in 60 such clusters this interval was too narrow (size .090 instead of .05, "
    "coverage .917)"
)
"""What is said of CR2 where the measured size leaves .03 to .07; figures of ``make bench``."""
DETERMINED = 1e-9
"""Smallest share of a direction that the other clusters must hold, for its coefficient to be determined without one of
them."""


def ols(y: Any, predictors: Mapping[str, Any], *, clusters: Any = None) -> dict[str, Estimate]:
    """How does an outcome change with each predictor while the others are held constant?

    Least squares with an intercept. ``low``, ``high`` and ``p`` come from HC3 errors with n - k degrees of freedom or,
    where clusters are given, from bias-reduced clustered errors (CR2) with the degrees of freedom of Bell and
    McCaffrey, few where a few clusters carry a coefficient. Where one cluster alone determines a coefficient the usual
    CR1 errors, with the correction G / (G - 1) (n - 1) / (n - k) and G - 1 degrees of freedom, take their place. The
    others stand in ``details``.

    Args:
        y: Outcome of shape (n,).
        predictors: Name to column of shape (n,); a category enters as columns of 0 and 1, one level left out.
        clusters: Cluster of each row (text or number), shape (n,), where rows are not independent.

    Returns:
        One Estimate per coefficient, ``intercept`` first. ``estimate`` in units of y per unit of x, positive when y
        grows with x; ``effect_size`` the coefficient in standard deviations of y per standard deviation of x (none for
        the intercept). ``details``: ``classic_se/low/high/p``, ``hc3_se/low/high/p``, ``cluster_se/low/high/p``,
        ``cluster_cr1_se/low/high/p``, ``cluster_df``, ``n_clusters``, ``df``, ``r_squared``, ``r_squared_adjusted``,
        ``aic``, ``bic``, ``log_likelihood``, ``residual_sd``, ``f_p``, ``breusch_pagan_p``, ``jarque_bera_p``,
        ``condition_number``. Rows with a missing value anywhere are dropped.

    Assumes a linear mean and independent rows (or clusters). Source: MacKinnon & White, J. Econometrics 29, 1985 (HC3);
    Bell & McCaffrey, Survey Methodology 28, 2002; Pustejovsky & Tipton, J. Business & Economic Statistics 36, 2018
    (CR2). R: ``lm`` with ``sandwich::vcovHC(type = "HC3")`` or ``clubSandwich::coef_test(vcov = "CR2")``.

    Measured with a spread that grows with x, n = 48 and 1,038: size .068, .067, coverage .938, .950; in 20 and 60
    uneven clusters: size .051, .090, coverage .954, .917: with very uneven clusters the interval is too narrow. HC3 at
    n = 48 and 400 with skew: size .022, .022, with ties .053, .043, zeros .032, .053, one row far away .048, .048.
    Clustered in 12, 35, 120 Pareto-sized clusters with ties: size .042, .055, .065, zeros .020, .027, .043, one row far
    away .010, .053, .063.

    >>> slope = ols([1, 2, 2, 4, 5, 7], {"x": [0, 1, 2, 3, 4, 5]})["x"]
    >>> round(slope.estimate, 4), round(slope.details["r_squared"], 4), round(slope.details["classic_p"], 5)
    (1.1714, 0.9417, 0.0013)
    """
    design = regression(y, predictors, clusters)
    kind = "HC3" if clusters is None else "CR2"
    method = f"least squares, {kind} interval"
    if design.reason:
        return {name: refusal(method, design.reason, **design.counts) for name in design.names}
    fitted = sm.OLS(design.y, design.x).fit()
    errors = _all_errors(design, fitted)
    shared, assumptions = _model_details(design, fitted)
    return {
        name: _coefficient(
            place,
            name,
            design,
            float(fitted.params[place] / design.scale[place]),
            errors,
            kind,
            method,
            shared,
            assumptions,
        )
        for place, name in enumerate(design.names)
    }


def simple_trend(values: Any) -> Estimate:
    """Does a series rise or fall along a straight line from one value to the next?

    Least squares of the values on their place 0, 1, 2, ... with the classic p-value and t interval (n - 2 degrees of
    freedom).

    Args:
        values: Series of shape (n,) in order of time, evenly spaced. A missing value is dropped, its place stays empty.

    Returns:
        ``estimate`` is the slope per step in the unit of the values, positive for growth; ``effect_size`` Pearson's r
        with the place. ``details``: ``intercept``, ``se``, ``df``, ``r_squared``, ``durbin_watson``,
        ``lag1_autocorrelation``.

    Assumes independent, normal residuals of one spread. Monthly series break the first, so see
    :func:`analysis.stats.theil_sen`. R: ``summary(lm(values ~ seq_along(values)))``.

    Measured at n = 17, 18, 60, without autocorrelation: size .048, .049, .050, coverage .959, .958, .958; at 0.3: size
    .143, .138, .149, coverage .884, .867, .848; at 0.5: size .238, .230, .252, coverage .748, .752, .752.

    >>> result = simple_trend([5, 4, 4, 2, 1])
    >>> round(result.estimate, 3), round(result.p, 5)
    (-1.0, 0.00875)
    """
    method = "least squares slope on the place in the series, classic interval"
    series = numbers(values)
    (y, t), kept = complete(series, np.arange(len(series)))
    counts = {"n": len(y), "n_missing": int((~kept).sum())}
    if len(y) < 3:
        return refusal(method, f"fewer than 3 values ({len(y)})", **counts)
    if constant(y):
        return refusal(method, "no variation: all values are equal", **counts)
    line = stats.linregress(t, y)
    df = len(y) - 2
    half = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * line.stderr
    residuals = y - line.intercept - line.slope * t
    r = float(line.rvalue)
    spread = Z / math.sqrt(len(y) - 3) if len(y) > 3 and abs(r) < 1 else math.nan
    centre = math.atanh(r) if abs(r) < 1 else math.nan
    watson, lag1 = _autocorrelation(residuals)
    return estimated(
        method,
        (line.slope, line.slope - half, line.slope + half),
        estimate_name="slope per step",
        test=("t", line.slope / line.stderr if line.stderr > 0 else math.nan, line.pvalue),
        effect=(r, math.tanh(centre - spread), math.tanh(centre + spread)),
        effect_name="Pearson's r with the place in the series",
        details={
            "intercept": line.intercept,
            "se": line.stderr,
            "df": df,
            "r_squared": r * r,
            "durbin_watson": watson,
            "lag1_autocorrelation": lag1,
        },
        assumptions=(f"independent residuals: Durbin-Watson {watson:.2f} (2 is independent)",),
        **counts,
    )


def line_band(x: Any, y: Any, at: Any) -> list[tuple[float, float, float, float]]:
    """The fitted line of y on x with the 95 % band of its mean, for drawing.

    Args:
        x: Predictor of shape (n,).
        y: Outcome of shape (n,).
        at: Places of x to evaluate, shape (k,).

    Returns:
        Rows (x, fitted, low, high); none where no line can be fitted. Classic errors: the band assumes one spread of
        the residuals.

    Measured: not by itself; the line is that of :func:`simple_trend` and :func:`ols`.

    >>> [round(number, 3) for number in line_band([0, 1, 2, 3], [0, 1, 1, 3], [1.5])[0]]
    [1.5, 1.25, -0.023, 2.523]
    """
    design = regression(y, {"x": x})
    if design.reason:
        return []
    places = numbers(at)
    table = np.column_stack([np.ones(len(places)), places]) / design.scale
    fitted = sm.OLS(design.y, design.x).fit().get_prediction(table)
    bounds = fitted.conf_int(alpha=1 - LEVEL)
    return [
        (float(place), float(mean), float(low), float(high))
        for place, mean, (low, high) in zip(places, fitted.predicted, bounds, strict=True)
    ]


def _all_errors(design: Design, fitted: Any) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Standard errors and degrees of freedom of each kind; a kind that is not defined is left out."""
    df = np.full(len(design.names), float(fitted.df_resid))
    errors = {"classic": (np.asarray(fitted.bse) / design.scale, df)}
    if leverages(design.x).max() < 1 - 1e-9:
        errors["hc3"] = (np.asarray(fitted.HC3_se) / design.scale, df)
    if design.clusters is not None:
        _, codes = np.unique(design.clusters.astype(str), return_inverse=True)
        clustered = fitted.get_robustcov_results(cov_type="cluster", groups=codes, use_correction=True)
        errors["cluster_cr1"] = (np.asarray(clustered.bse) / design.scale, np.full(len(df), float(codes.max())))
        reduced = _bias_reduced(design, codes, np.asarray(fitted.params))
        if reduced is not None:
            errors["cluster"] = (reduced[0] / design.scale, reduced[1])
    return errors


def _bias_reduced(design: Design, codes: Any, params: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Bias-reduced clustered errors (CR2) with their degrees of freedom.

    None where one cluster determines a coefficient. In an orthonormal basis Q of the columns the adjustment of a
    cluster's residuals is ``(I - Q_g'Q_g)^-1/2`` on its scores, so only tables of k by k are inverted, one a cluster.
    """
    basis, back = np.linalg.qr(design.x)
    grams = cluster_sums(basis[:, :, None] * basis[:, None, :], codes)
    rest = np.eye(len(params)) - grams
    if np.linalg.eigvalsh(rest).min() < DETERMINED:
        return None
    scores = cluster_sums(basis * (design.y - design.x @ params)[:, None], codes)
    moved = np.linalg.solve(back, np.einsum("gij,gj->gi", inverse_root(rest), scores).T)
    df = degrees_of_freedom(grams, np.linalg.inv(back).T)
    return np.asarray(np.sqrt((moved**2).sum(axis=1))), np.maximum(1.0, df)


def _coefficient(
    place: int,
    name: str,
    design: Design,
    value: float,
    errors: dict[str, tuple[FloatArray, FloatArray]],
    kind: str,
    method: str,
    shared: dict[str, float],
    assumptions: tuple[str, ...],
) -> Estimate:
    """One coefficient with the interval of the kind asked for, and all kinds in the details."""
    details = dict(shared)
    for label, (se, df) in errors.items():
        free = float(df[place])
        half = float(stats.t.ppf(0.5 + LEVEL / 2, free)) * se[place]
        p = 2 * float(stats.t.sf(abs(value) / se[place], free)) if se[place] > 0 else math.nan
        details |= {"cluster_df": free} if label == "cluster" else {}
        details |= {
            f"{label}_se": float(se[place]),
            f"{label}_low": value - half,
            f"{label}_high": value + half,
            f"{label}_p": p,
        }
    chosen = "hc3" if kind == "HC3" else "cluster"
    if chosen not in errors:
        assumptions = (
            *assumptions,
            "one row or cluster alone determines a coefficient: no HC3, CR1 instead of CR2",
        )
        chosen = "cluster_cr1" if "cluster_cr1" in errors else chosen
    bounds = {side: details.get(f"{chosen}_{side}", math.nan) for side in ("low", "high", "p", "se")}
    scale = math.nan if name == INTERCEPT else float(design.x[:, place].std() * design.scale[place] / design.y.std())
    return estimated(
        method,
        (value, bounds["low"], bounds["high"]),
        estimate_name="coefficient",
        test=("t", value / bounds["se"] if bounds["se"] > 0 else math.nan, bounds["p"]),
        effect=(value * scale, bounds["low"] * scale, bounds["high"] * scale),
        effect_name="" if name == INTERCEPT else "standardised coefficient",
        details=details,
        assumptions=assumptions,
        **design.counts,
    )


def _model_details(design: Design, fitted: Any) -> tuple[dict[str, float], tuple[str, ...]]:
    """Numbers that belong to the model as a whole, and what was checked."""
    exact = bool(np.allclose(fitted.resid, 0, atol=1e-12 * max(1.0, float(np.abs(design.y).max()))))
    spread_p = math.nan if exact else float(het_breuschpagan(fitted.resid, design.x)[1])
    shape_p = math.nan if exact else float(jarque_bera(fitted.resid)[1])
    details = {
        "df": float(fitted.df_resid),
        "r_squared": float(fitted.rsquared),
        "r_squared_adjusted": float(fitted.rsquared_adj),
        "aic": math.nan if exact else float(fitted.aic),
        "bic": math.nan if exact else float(fitted.bic),
        "log_likelihood": math.nan if exact else float(fitted.llf),
        "residual_sd": math.sqrt(float(fitted.mse_resid)),
        "f_p": math.nan if exact else float(fitted.f_pvalue),
        "breusch_pagan_p": spread_p,
        "jarque_bera_p": shape_p,
        "condition_number": float(np.linalg.cond(design.x * design.scale)),
    }
    sentences = [
        f"one spread of residuals (Breusch-Pagan): p = {spread_p:.3g}",
        f"normal residuals (Jarque-Bera): p = {shape_p:.3g}",
    ]
    if design.clusters is not None:
        details["n_clusters"] = float(len(np.unique(design.clusters)))
        sentences.append(
            f"clusters: {details['n_clusters']:.0f}, the largest holds {_largest_share(design):.0%} of the rows"
        )
        if _uneven(design):
            sentences.append(UNEVEN)
    return details, ("residuals are zero: the fit is exact",) if exact else tuple(sentences)


def _largest_share(design: Design) -> float:
    """Share of the rows in the largest cluster."""
    _, sizes = np.unique(np.asarray(design.clusters).astype(str), return_counts=True)
    return float(sizes.max() / sizes.sum())


def _uneven(design: Design) -> bool:
    """Whether the clusters, by their sizes, are worth fewer than two thirds as many equal ones (measured: half)."""
    _, sizes = np.unique(np.asarray(design.clusters).astype(str), return_counts=True)
    return bool(sizes.sum() ** 2 / (sizes**2).sum() < len(sizes) * 2 / 3)


def _autocorrelation(residuals: FloatArray) -> tuple[float, float]:
    """Durbin-Watson statistic and autocorrelation of neighbours; NaN where the residuals are zero."""
    total = float(residuals @ residuals)
    if total <= 0:
        return math.nan, math.nan
    return float(durbin_watson(residuals)), float(residuals[1:] @ residuals[:-1]) / total
