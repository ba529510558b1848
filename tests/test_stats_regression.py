"""Least squares, binomial and median regression against certified values, R, plain NumPy and planted truths."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present
from scipy import optimize
from scipy import stats as scipy_stats
from scipy.linalg import sqrtm

from analysis.stats import binomial_glm, line_band, median_interval, median_regression, ols, simple_trend
from analysis.stats.design import leverages, regression

T_RANGE = scipy_stats.t.ppf(0.975, 9)


def longley() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Longley's data as NIST certifies them."""
    data = sm.datasets.longley.load_pandas().data
    return data["TOTEMP"].to_numpy(), {
        name: data[name].to_numpy() for name in ("GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR")
    }


def test_ols_reproduces_certified_values() -> None:
    """NIST StRD, Longley: certified coefficients, standard deviations, R squared and residual standard deviation."""
    found = ols(*longley())
    assert found["intercept"].estimate == pytest.approx(-3482258.63459582, rel=1e-7)
    assert found["GNPDEFL"].estimate == pytest.approx(15.0618722713733, rel=1e-7)
    assert found["UNEMP"].estimate == pytest.approx(-2.02022980381683, rel=1e-7)
    assert found["YEAR"].estimate == pytest.approx(1829.15146461355, rel=1e-7)
    details = found["GNPDEFL"].details
    assert details["classic_se"] == pytest.approx(84.9149257747669, rel=1e-7)
    assert found["intercept"].details["classic_se"] == pytest.approx(890420.383607373, rel=1e-7)
    assert details["r_squared"] == pytest.approx(0.995479004577296, rel=1e-10)
    assert details["residual_sd"] == pytest.approx(304.854073561965, rel=1e-8)
    assert details["df"] == 9
    assert details["classic_low"] == pytest.approx(15.0618722713733 - T_RANGE * 84.9149257747669, rel=1e-6)
    assert details["classic_high"] == pytest.approx(15.0618722713733 + T_RANGE * 84.9149257747669, rel=1e-6)
    assert details["classic_p"] == pytest.approx(2 * scipy_stats.t.sf(15.0618722713733 / 84.9149257747669, 9), rel=1e-6)


def simulated(n: int = 40, seed: int = 1) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    generator = np.random.default_rng(seed)
    x, z = generator.normal(3, 2, size=n), generator.integers(0, 2, size=n).astype(float)
    clusters = generator.integers(0, 8, size=n)
    y = 1 + 0.5 * x - 2 * z + generator.normal(size=8)[clusters] + generator.normal(size=n) * (1 + z)
    return y, {"x": x, "z": z}, clusters


def test_hc3_and_information_by_plain_formula() -> None:
    y, predictors, _ = simulated()
    table = np.column_stack([np.ones(40), predictors["x"], predictors["z"]])
    inverse = np.linalg.inv(table.T @ table)
    beta = inverse @ table.T @ y
    residuals = y - table @ beta
    hat = np.einsum("ij,jk,ik->i", table, inverse, table)
    hc3 = np.sqrt(np.diag(inverse @ (table.T * (residuals / (1 - hat)) ** 2) @ table @ inverse))
    found = ols(y, predictors)
    assert list(found) == ["intercept", "x", "z"]
    half = scipy_stats.t.ppf(0.975, 37) * hc3
    rss, tss = residuals @ residuals, ((y - y.mean()) ** 2).sum()
    likelihood = -20 * (math.log(2 * math.pi * rss / 40) + 1)
    for place, one in enumerate(found.values()):
        assert one.estimate == pytest.approx(beta[place], rel=1e-9)
        assert (one.low, one.high) == pytest.approx((beta[place] - half[place], beta[place] + half[place]), rel=1e-9)
        assert one.details["hc3_se"] == pytest.approx(hc3[place], rel=1e-9)
        assert (one.details["hc3_low"], one.details["hc3_high"], one.details["hc3_p"]) == (one.low, one.high, one.p)
        assert one.statistic == pytest.approx(beta[place] / hc3[place], rel=1e-9)
        assert one.p == pytest.approx(2 * scipy_stats.t.sf(abs(beta[place] / hc3[place]), 37), rel=1e-7)
        assert "cluster_se" not in one.details
        assert (one.n, one.n_missing) == (40, 0)
        assert "HC3" in one.method
    details = found["x"].details
    assert details["r_squared"] == pytest.approx(1 - rss / tss, rel=1e-10)
    assert details["r_squared_adjusted"] == pytest.approx(1 - rss / 37 / (tss / 39), rel=1e-10)
    assert details["log_likelihood"] == pytest.approx(likelihood, rel=1e-10)
    assert details["aic"] == pytest.approx(6 - 2 * likelihood, rel=1e-10)
    assert details["bic"] == pytest.approx(3 * math.log(40) - 2 * likelihood, rel=1e-10)
    assert details["residual_sd"] == pytest.approx(math.sqrt(rss / 37), rel=1e-10)
    assert details["f_p"] == pytest.approx(scipy_stats.f.sf((tss - rss) / 2 / (rss / 37), 2, 37), rel=1e-8)
    assert details["condition_number"] == pytest.approx(np.linalg.cond(table), rel=1e-8)
    squares = residuals**2
    auxiliary = table @ (inverse @ table.T @ squares)
    lagrange = 40 * (1 - ((squares - auxiliary) ** 2).sum() / ((squares - squares.mean()) ** 2).sum())
    assert details["breusch_pagan_p"] == pytest.approx(scipy_stats.chi2.sf(lagrange, 2), rel=1e-8)
    assert details["jarque_bera_p"] == pytest.approx(scipy_stats.jarque_bera(residuals).pvalue, rel=1e-8)
    assert found["x"].assumptions == (
        f"one spread of residuals (Breusch-Pagan): p = {details['breusch_pagan_p']:.3g}",
        f"normal residuals (Jarque-Bera): p = {details['jarque_bera_p']:.3g}",
    )
    scale = predictors["x"].std() / y.std()
    assert found["x"].effect_size == pytest.approx(found["x"].estimate * scale, rel=1e-10)
    assert (found["x"].effect_low, found["x"].effect_high) == pytest.approx(
        (found["x"].low * scale, found["x"].high * scale), rel=1e-10
    )
    assert found["x"].effect_name == "standardised coefficient"
    assert (found["intercept"].effect_size, found["intercept"].effect_name) == (None, "")


def test_clustered_errors_by_plain_formula() -> None:
    y, predictors, clusters = simulated()
    table = np.column_stack([np.ones(40), predictors["x"], predictors["z"]])
    inverse = np.linalg.inv(table.T @ table)
    beta = inverse @ table.T @ y
    residuals = y - table @ beta
    names = np.unique(clusters)
    scores = np.array([table[clusters == name].T @ residuals[clusters == name] for name in names])
    groups = len(names)
    cr1 = np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse) * groups / (groups - 1) * 39 / 37)
    # CR2 and its degrees of freedom from the whole hat matrix and matrix roots, as Bell and McCaffrey (2002) write them
    kept = np.eye(40) - table @ inverse @ table.T
    adjusted = []
    for name in names:
        own = clusters == name
        root = np.real(np.linalg.inv(sqrtm(kept[np.ix_(own, own)])))
        adjusted.append((own, root @ table[own] @ inverse))
    cr2 = np.sqrt(sum((part.T @ residuals[own]) ** 2 for own, part in adjusted))
    found = ols(y, predictors, clusters=clusters)
    for place, one in enumerate(found.values()):
        moved = np.array([kept[:, own] @ part[:, place] for own, part in adjusted])
        df = np.trace(moved @ moved.T) ** 2 / ((moved @ moved.T) ** 2).sum()
        half = scipy_stats.t.ppf(0.975, df) * cr2[place]
        assert one.details["cluster_cr1_se"] == pytest.approx(cr1[place], rel=1e-8)
        assert one.details["cluster_se"] == pytest.approx(cr2[place], rel=1e-8)
        assert one.details["cluster_df"] == pytest.approx(df, rel=1e-8)
        assert (one.low, one.high) == pytest.approx((beta[place] - half, beta[place] + half), rel=1e-8)
        assert one.p == pytest.approx(2 * scipy_stats.t.sf(abs(beta[place]) / cr2[place], df), rel=1e-7)
        assert one.details["hc3_se"] == ols(y, predictors)[list(found)[place]].details["hc3_se"]
        assert one.details["n_clusters"] == groups
        assert "CR2" in one.method
    share = max(np.bincount(clusters)) / 40
    assert found["x"].assumptions[2] == f"clusters: {groups}, the largest holds {share:.0%} of the rows"
    lettered = ols(y, predictors, clusters=[f"author-{name}" for name in clusters])
    assert lettered["x"].low == pytest.approx(found["x"].low, rel=1e-10)


def test_very_uneven_clusters_are_said_to_be_too_narrow() -> None:
    y, predictors, clusters = simulated()
    lopsided = np.where(np.arange(40) < 28, 0, np.arange(40))
    assert not any("too narrow" in said for said in ols(y, predictors, clusters=clusters)["x"].assumptions)
    found = ols(y, predictors, clusters=lopsided)["x"]  # 13 clusters worth 40^2 / (28^2 + 12) = 2.0
    assert "size .090 instead of .05, coverage .917" in found.assumptions[-1]


def test_a_cluster_that_alone_determines_a_coefficient() -> None:
    y, predictors, clusters = simulated()
    predictors["only"] = (clusters == 2).astype(float)
    found = ols(y, predictors, clusters=clusters)["x"]
    assert "cluster_se" not in found.details
    assert (found.low, found.high, found.p) == tuple(
        found.details[f"cluster_cr1_{side}"] for side in ("low", "high", "p")
    )
    assert found.assumptions[-1] == "one row or cluster alone determines a coefficient: no HC3, CR1 instead of CR2"


def test_a_row_that_alone_determines_a_coefficient() -> None:
    found = ols([1, 2, 3.5, 4, 9], {"x": [1, 2, 3, 4, 5], "last": [0, 0, 0, 0, 1]})
    assert found["x"].estimate is not None
    assert found["x"].low is found["x"].p is found["x"].effect_low is found["x"].statistic is None
    assert found["x"].details["classic_low"] is not None
    assert "no HC3" in found["x"].assumptions[-1]


def test_an_exact_fit_has_no_likelihood() -> None:
    found = ols([1, 2, 3, 4, 5], {"x": [0, 1, 2, 3, 4]})["x"]
    assert found.estimate == pytest.approx(1, rel=1e-12)
    assert found.details["r_squared"] == pytest.approx(1, rel=1e-12)
    assert found.details["aic"] is found.details["breusch_pagan_p"] is found.details["f_p"] is None
    assert found.assumptions == ("residuals are zero: the fit is exact",)


def test_regression_refusals() -> None:
    assert ols([1, 2], {"x": [1, 2]})["x"].refused == "2 complete rows are too few for 2 coefficients"
    assert ols([1, 2, 4], {"x": [1, 2, 4]})["x"].refused is None
    assert ols([1, 2, 3, 5], {"x": [1, 1, 1, 1], "z": [1, 2, 3, 4]})["z"].refused == "no variation in x"
    assert ols([2, 2, 2, 2], {"z": [1, 2, 3, 4]})["z"].refused == "no variation in the outcome"
    twice = ols([1, 3, 2, 5], {"x": [1, 2, 3, 4], "y": [2, 4, 6, 8]})
    assert set(twice) == {"intercept", "x", "y"}
    assert twice["x"].refused == "the predictors determine one another (the table has not full rank)"
    assert ols([1, 3, 2, 5], {"x": [1, 2, 3, 4]}, clusters=[1, 1, 2, 2])["x"].refused == "fewer than 3 clusters"
    assert ols([1, 3, 2, 5], {"x": [1, 2, 3, 4]}, clusters=[1, 1, 2, 3])["x"].refused is None
    for wrong in ({}, {"intercept": [1, 2, 3]}):
        with pytest.raises(ValueError, match="at least one predictor"):
            ols([1, 2, 3], wrong)
    with pytest.raises(ValueError, match="differ in length"):
        ols([1, 2, 3], {"x": [1, 2]})


def test_columns_of_very_different_size_do_not_drown_each_other() -> None:
    y, predictors, clusters = simulated()
    huge = {"x": predictors["x"] * 1e-9, "z": predictors["z"] * 1e12}
    plain, scaled = ols(y, predictors, clusters=clusters), ols(y, huge, clusters=clusters)
    for name, factor in (("x", 1e-9), ("z", 1e12)):
        assert present(scaled[name].estimate) * factor == pytest.approx(plain[name].estimate, rel=1e-9)
        for kind in ("classic", "hc3", "cluster", "cluster_cr1"):
            assert present(scaled[name].details[f"{kind}_se"]) * factor == pytest.approx(
                plain[name].details[f"{kind}_se"], rel=1e-8
            )
        assert scaled[name].effect_size == pytest.approx(plain[name].effect_size, rel=1e-9)
        medians = [median_regression(y, columns, draws=9, seed=1)[name] for columns in (predictors, huge)]
        assert present(medians[1].low) * factor == pytest.approx(medians[0].low, rel=1e-6)
        assert present(medians[1].estimate) * factor == pytest.approx(medians[0].estimate, rel=1e-6)
        kernel = [present(median_regression(y, columns)[name].low) for columns in (predictors, huge)]
        assert kernel[1] * factor == pytest.approx(kernel[0], rel=1e-5)
        hits = np.arange(40) % 7 + 1
        odds = [binomial_glm(hits, [9] * 40, columns)[name] for columns in (predictors, huge)]
        assert present(odds[1].effect_low) * factor == pytest.approx(odds[0].effect_low, rel=1e-6)
    assert line_band([1e12, 2e12, 4e12], [1, 3, 4], [2e12])[0][1:] == pytest.approx(
        line_band([1, 2, 4], [1, 3, 4], [2])[0][1:], rel=1e-9
    )


def test_regression_counts_missing_rows_and_clusters() -> None:
    design = regression([1, None, 3, 4, 6, 5], {"x": [1, 2, 3, math.nan, 5, 6]}, ["a", "b", None, "c", "d", "e"])
    assert design.counts == {"n": 3, "n_missing": 3}
    assert design.clusters is not None
    assert design.clusters.tolist() == ["a", "d", "e"]
    assert design.y.tolist() == [1, 6, 5]
    assert (design.x * design.scale).tolist() == pytest.approx(np.array([[1, 1], [1, 5], [1, 6]]))
    assert design.scale.tolist() == [1, 6]
    assert leverages(np.column_stack([np.ones(4), [0, 0, 0, 1.0]])).tolist() == pytest.approx([1 / 3] * 3 + [1])


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.floats(0.1, 50))
def test_ols_knows_no_row_order_and_scales(random: Random, scale: float) -> None:
    y, predictors, clusters = simulated(30, 4)
    order = random.sample(range(30), 30)
    found = ols(y, predictors, clusters=clusters)["x"]
    moved = ols(
        y[order] * scale, {"x": predictors["x"][order] / scale, "z": predictors["z"][order]}, clusters=clusters[order]
    )["x"]
    assert present(moved.estimate) == pytest.approx(present(found.estimate) * scale**2, rel=1e-7)
    assert present(moved.low) == pytest.approx(present(found.low) * scale**2, rel=1e-6)
    assert moved.p == pytest.approx(found.p, rel=1e-5)
    assert moved.effect_size == pytest.approx(found.effect_size, rel=1e-7)


def test_simple_trend_is_the_classic_slope() -> None:
    series = [3.1, 2.9, 3.6, 4.0, 3.3, 4.8, 5.1, 4.4]
    found = simple_trend(series)
    line = ols(series, {"t": list(range(8))})["t"]
    assert found.estimate == pytest.approx(line.estimate, rel=1e-10)
    assert (found.low, found.high, found.p) == pytest.approx(
        [line.details[f"classic_{one}"] for one in ("low", "high", "p")], rel=1e-9
    )
    assert present(found.statistic) == pytest.approx(
        present(line.estimate) / present(line.details["classic_se"]), rel=1e-9
    )
    assert found.details["r_squared"] == pytest.approx(line.details["r_squared"], rel=1e-9)
    assert found.details["df"] == 6
    t = np.arange(8)
    residuals = np.array(series) - found.details["intercept"] - present(found.estimate) * t
    assert residuals.sum() == pytest.approx(0, abs=1e-9)
    watson = ((residuals[1:] - residuals[:-1]) ** 2).sum() / (residuals**2).sum()
    assert found.details["durbin_watson"] == pytest.approx(watson, rel=1e-9)
    assert found.details["lag1_autocorrelation"] == pytest.approx(
        (residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum(), rel=1e-9
    )
    assert found.assumptions == (f"independent residuals: Durbin-Watson {watson:.2f} (2 is independent)",)
    r, half = np.corrcoef(t, series)[0, 1], 1.959963984540054 / math.sqrt(5)
    assert (found.effect_size, found.effect_low, found.effect_high) == pytest.approx(
        (r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)), rel=1e-9
    )


def test_simple_trend_keeps_the_place_of_a_missing_month() -> None:
    found = simple_trend([0, 1, None, 3, 4, 5.5])
    assert (found.n, found.n_missing) == (5, 1)
    assert found.estimate == pytest.approx(np.polyfit([0, 1, 3, 4, 5], [0, 1, 3, 4, 5.5], 1)[0], rel=1e-10)
    assert simple_trend([1, None, 2]).refused == "fewer than 3 values (2)"
    assert simple_trend([2, 2, 2]).refused == "no variation: all values are equal"
    short = simple_trend([1, 2, 4])
    assert short.low is not None
    assert short.effect_low is None
    exact = simple_trend([1, 2, 3, 4])
    assert exact.estimate == 1
    assert exact.statistic is exact.effect_low is exact.details["durbin_watson"] is None


def test_line_band_by_plain_formula() -> None:
    x, y = np.array([1.0, 2, 3, 5, 8, 9]), np.array([2.0, 1, 4, 4, 9, 7])
    slope, start = np.polyfit(x, y, 1)
    residuals = y - start - slope * x
    s = math.sqrt(residuals @ residuals / 4)
    for at, mean, low, high in line_band(x, y, [0, 4.5, 12]):
        half = scipy_stats.t.ppf(0.975, 4) * s * math.sqrt(1 / 6 + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
        assert (mean, low, high) == pytest.approx(
            (start + slope * at, start + slope * at - half, start + slope * at + half), rel=1e-9
        )
    assert line_band([1, 1, 1], [1, 2, 3], [1]) == []


def test_binomial_glm_agrees_with_r_on_budworms() -> None:
    """R: glm(cbind(dead, 20 - dead) ~ sex + ldose, binomial) in Venables & Ripley.

    -3.4732, 1.1007, 1.0642, deviance 6.7571 on 9 df.
    """
    dead = [1, 4, 9, 13, 18, 20, 0, 2, 6, 10, 12, 16]
    found = binomial_glm(dead, [20] * 12, {"male": [1] * 6 + [0] * 6, "ldose": [0, 1, 2, 3, 4, 5] * 2})
    assert found["intercept"].effect_size == pytest.approx(-3.4732, abs=5e-5)
    assert found["male"].effect_size == pytest.approx(1.1007, abs=5e-5)
    assert found["ldose"].effect_size == pytest.approx(1.0642, abs=5e-5)
    details = found["ldose"].details
    assert details["deviance"] == pytest.approx(6.7571, abs=5e-5)
    assert details["null_deviance"] == pytest.approx(124.8756, abs=5e-5)
    assert (details["df"], details["n_trials"], details["n_successes"]) == (9, 240, 111)
    # standard errors of the same print: 0.4685, 0.3558, 0.1311; the dispersion lies below 1 and so widens nothing
    assert present(details["dispersion"]) < 1
    assert [one.details["se"] for one in found.values()] == pytest.approx([0.4685, 0.3558, 0.1311], abs=5e-5)
    assert present(found["male"].p) == pytest.approx(
        2 * scipy_stats.t.sf(present(found["male"].effect_size) / present(found["male"].details["se"]), 9), rel=1e-9
    )
    assert found["male"].details["binomial_p"] == pytest.approx(0.00198, abs=1e-5)
    assert (found["intercept"].estimate_name, found["ldose"].estimate_name) == ("odds", "odds ratio per unit")


def newton(successes: np.ndarray, totals: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Logistic regression by hand: coefficients, their covariance, Pearson dispersion."""
    beta = np.zeros(table.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-table @ beta))
        information = (table.T * (totals * p * (1 - p))) @ table
        beta = beta + np.linalg.solve(information, table.T @ (successes - totals * p))
    pearson = (((successes - totals * p) ** 2) / (totals * p * (1 - p))).sum() / (len(totals) - len(beta))
    return beta, np.linalg.inv(information), pearson


def test_binomial_glm_widens_by_the_dispersion() -> None:
    generator = np.random.default_rng(9)
    totals, month = generator.integers(50, 900, size=18), np.arange(18)
    chance = generator.beta(4, 36, size=18)
    hits = generator.binomial(totals, chance)
    beta, covariance, dispersion = newton(hits, totals, np.column_stack([np.ones(18), month]))
    assert dispersion > 3
    found = binomial_glm(hits, totals, {"month": month})["month"]
    se = math.sqrt(covariance[1, 1] * dispersion)
    half = scipy_stats.t.ppf(0.975, 16) * se
    assert found.details["dispersion"] == pytest.approx(dispersion, rel=1e-7)
    assert found.details["se"] == pytest.approx(se, rel=1e-7)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        np.exp([beta[1], beta[1] - half, beta[1] + half]), rel=1e-7
    )
    assert (found.effect_size, found.effect_low, found.effect_high) == pytest.approx(
        (beta[1], beta[1] - half, beta[1] + half), rel=1e-6
    )
    assert found.statistic == pytest.approx(beta[1] / se, rel=1e-6)
    assert found.details["binomial_p"] == pytest.approx(
        2 * scipy_stats.norm.sf(abs(beta[1]) / math.sqrt(covariance[1, 1])), rel=1e-6
    )
    p = 1 / (1 + np.exp(-beta[0] - beta[1] * month))
    residuals = (hits - totals * p) / np.sqrt(totals * p * (1 - p))
    lag1 = (residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum()
    assert found.details["lag1_autocorrelation"] == pytest.approx(lag1, rel=1e-5)
    assert found.assumptions == (
        f"binomial spread: dispersion {dispersion:.2f} (1 is binomial)",
        f"independent rows: autocorrelation of neighbouring residuals {lag1:.2f}",
    )


def test_binomial_glm_recovers_a_planted_ratio() -> None:
    generator = np.random.default_rng(10)
    month = np.arange(40)
    hits = generator.binomial(5000, 1 / (1 + np.exp(3 - math.log(1.05) * month)))
    found = binomial_glm(hits, [5000] * 40, {"month": month})["month"]
    assert present(found.low) < 1.05 < present(found.high)
    assert present(found.high) - present(found.low) < 0.01
    assert found.details["dispersion"] == pytest.approx(1, abs=0.6)


def test_binomial_glm_in_time_counts_neighbours_that_resemble() -> None:
    generator = np.random.default_rng(5)
    n, month, rejected = 36, np.arange(36), {"p": 0, "p_independent": 0}
    for _ in range(120):
        errors = generator.normal(size=n)
        for place in range(1, n):
            errors[place] += 0.5 * errors[place - 1]
        totals = generator.integers(2000, 15000, size=n)
        hits = generator.binomial(totals, 1 / (1 + np.exp(4.5 - 0.3 * errors)))
        found = binomial_glm(hits, totals, {"month": month}, in_time=True)["month"]
        rejected["p"] += present(found.p) <= 0.05
        rejected["p_independent"] += present(found.details["p_independent"]) <= 0.05
    assert rejected["p_independent"] >= 20  # months taken as independent: .25 of 120 expected
    assert rejected["p"] <= 22  # .10 of 120 expected, and said in the assumptions
    plain = binomial_glm(hits, totals, {"month": month})["month"]
    raw, phi = present(plain.details["lag1_autocorrelation"]), present(found.details["autocorrelation"])
    assert phi == pytest.approx((raw + 2 / n) / (1 - 4 / n))
    assert present(found.details["se"]) / present(plain.details["se"]) == pytest.approx(
        math.sqrt((1 + phi) / (1 - phi))
    )
    assert found.estimate == plain.estimate
    assert found.details["p_independent"] == plain.p
    assert ".12 of series of 18 months" in found.assumptions[1]


def test_binomial_glm_missing_and_refused() -> None:
    found = binomial_glm([1, 2, None, 4, 0, 5], [10, 10, 10, None, 0, 12], {"x": [1, 2, 3, 4, 5, 6]})["x"]
    assert (found.n, found.n_missing) == (3, 3)
    assert found.refused is None
    apart = binomial_glm([0, 0, 10, 10], [10, 10, 10, 10], {"x": [0, 1, 2, 3]})
    assert apart["x"].refused == apart["intercept"].refused
    assert "separate successes from failures" in present(apart["x"].refused)
    assert binomial_glm([0, 0, 0, 0], [9, 9, 9, 9], {"x": [0, 1, 2, 3]})["x"].refused == "no variation in the outcome"
    assert binomial_glm([9, 9, 9, 9], [9, 9, 9, 9], {"x": [0, 1, 2, 3]})["x"].refused == "no variation in the outcome"
    level = binomial_glm([3, 3, 3, 3], [9, 9, 9, 9], {"x": [0, 1, 2, 3]})["x"]
    assert level.estimate == pytest.approx(1, abs=1e-9)
    assert present(level.low) < 1 < present(level.high)
    for hits, totals in (([-1, 2, 3], [5, 5, 5]), ([6, 2, 3], [5, 5, 5]), ([0, 2, 3], [-5, 5, 5])):
        with pytest.raises(ValueError, match="between 0 and the number of trials"):
            binomial_glm(hits, totals, {"x": [1, 2, 3]})
    with pytest.raises(ValueError, match="differ in length"):
        binomial_glm([1, 2], [5, 5, 5], {"x": [1, 2, 3]})


def test_median_regression_agrees_with_r_on_engel() -> None:
    """R: rq(foodexp ~ income, tau = 0.5, data = engel) prints 81.4822474 and 0.5601806."""
    engel = sm.datasets.engel.load_pandas().data
    found = median_regression(engel["foodexp"], {"income": engel["income"]})
    assert found["intercept"].estimate == pytest.approx(81.4822474, abs=5e-8)
    assert found["income"].estimate == pytest.approx(0.5601806, abs=5e-8)
    assert present(found["income"].low) < 0.56 < present(found["income"].high)
    assert (found["income"].n, found["income"].details["df"]) == (235, 233)
    wide = [np.subtract(*np.quantile(engel[name], [0.75, 0.25])) for name in ("income", "foodexp")]
    assert found["income"].effect_size == pytest.approx(found["income"].estimate * wide[0] / wide[1], rel=1e-9)
    assert found["income"].effect_low == pytest.approx(found["income"].low * wide[0] / wide[1], rel=1e-9)
    assert found["income"].effect_high == pytest.approx(found["income"].high * wide[0] / wide[1], rel=1e-9)
    assert found["intercept"].effect_size is None
    fitted = sm.QuantReg(engel["foodexp"].to_numpy(), sm.add_constant(engel["income"].to_numpy())).fit(0.5)
    assert found["income"].details["se"] == pytest.approx(fitted.bse[1], rel=1e-6)
    assert found["income"].details["pseudo_r_squared"] == pytest.approx(fitted.prsquared, rel=1e-6)
    half = scipy_stats.t.ppf(0.975, 233) * fitted.bse[1]
    assert (found["income"].low, found["income"].high) == pytest.approx(
        (fitted.params[1] - half, fitted.params[1] + half), rel=1e-6
    )
    assert found["income"].statistic == pytest.approx(fitted.params[1] / fitted.bse[1], rel=1e-6)
    assert found["income"].p == pytest.approx(2 * scipy_stats.t.sf(fitted.params[1] / fitted.bse[1], 233), rel=1e-4)


def test_median_regression_bootstrap() -> None:
    generator = np.random.default_rng(12)
    x = generator.normal(size=60)
    y = 2 + 0.8 * x + generator.standard_t(2, size=60)
    found = median_regression(y, {"x": x}, draws=199, seed=3)
    again = median_regression(y, {"x": x}, draws=199, seed=3)
    other = median_regression(y, {"x": x}, draws=199, seed=4)
    assert found == again
    assert found["x"].low != other["x"].low
    assert present(found["x"].low) < 0.8 < present(found["x"].high)
    assert (found["x"].seed, found["x"].details["draws"]) == (3, 199)
    assert found["x"].p == pytest.approx(2 / 200)
    assert found["x"].estimate == median_regression(y, {"x": x})["x"].estimate
    assert "bootstrap" in found["x"].method
    assert "draws" not in median_regression(y, {"x": x})["x"].details


def test_median_regression_with_clusters() -> None:
    generator = np.random.default_rng(13)
    clusters = np.repeat(np.arange(12), 6)
    x = generator.normal(size=12)[clusters]
    y = 0.5 * x + generator.normal(size=12)[clusters] + 0.1 * generator.normal(size=72)
    whole = median_regression(y, {"x": x}, clusters=clusters, draws=199, seed=1)["x"]
    rows = median_regression(y, {"x": x}, draws=199, seed=1)["x"]
    assert whole.details["n_clusters"] == 12
    assert "n_clusters" not in rows.details
    assert present(whole.high) - present(whole.low) > 1.5 * (present(rows.high) - present(rows.low))
    unrelated = median_regression(generator.permutation(y), {"x": x}, draws=199, seed=1)["x"]
    assert 0.05 < present(unrelated.p) <= 1
    with pytest.raises(ValueError, match="clustered rows need a bootstrap"):
        median_regression(y, {"x": x}, clusters=clusters)
    with pytest.raises(ValueError, match="a bootstrap needs a seed"):
        median_regression(y, {"x": x}, draws=10)


def test_least_absolute_deviations_are_least() -> None:
    from analysis.stats.quantiles import _least_absolute

    generator = np.random.default_rng(14)
    table = np.column_stack([np.ones(30), generator.normal(size=30)])
    y = table @ [1, 2] + generator.standard_t(2, size=30)
    solved = _least_absolute(y, table)
    searched = optimize.minimize(
        lambda beta: abs(y - table @ beta).sum(), [1, 2], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9}
    )
    assert abs(y - table @ solved).sum() <= searched.fun + 1e-7
    assert present(_least_absolute(np.array([1.0, 2, 9]), np.ones((3, 1)))).tolist() == pytest.approx([2.0])


def test_median_regression_refusals_and_zero_ranges() -> None:
    few = median_regression(range(9), {"x": range(9)}, draws=5, seed=2)["x"]
    assert few.refused == "fewer than 10 complete rows (9)"
    assert few.seed == 2
    assert median_regression([1, 3, 2, 5, 4, 6, 8, 7, 9, 9.5], {"x": range(10)})["x"].refused is None
    assert median_regression([1] * 12, {"x": range(12)})["x"].refused == "no variation in the outcome"
    rare = [0] * 11 + [1]
    generator = np.random.default_rng(15)
    found = median_regression(generator.normal(size=12), {"rare": rare, "x": generator.normal(size=12)})["rare"]
    assert found.estimate is not None
    assert (found.effect_size, found.effect_name) == (None, "")


def test_median_interval_by_the_binomial() -> None:
    generator = np.random.default_rng(16)
    for n in (6, 11, 20, 24, 100):
        values = generator.normal(size=n)
        found, ordered = median_interval(values), np.sort(values)
        places = [k for k in range(1, n // 2 + 1) if 1 - 2 * scipy_stats.binom.cdf(k - 1, n, 0.5) >= 0.95]
        k = max(places)
        assert (found.low, found.high) == (ordered[k - 1], ordered[n - k])
        assert found.details["level"] == pytest.approx(1 - 2 * scipy_stats.binom.cdf(k - 1, n, 0.5), rel=1e-12)
        assert found.estimate == pytest.approx(np.median(values), rel=1e-12)
        assert found.assumptions == ()
    assert found.details["mean"] == pytest.approx(values.mean())
    assert (found.details["min"], found.details["max"]) == (values.min(), values.max())
    assert (found.details["q1"], found.details["q3"]) == pytest.approx(np.quantile(values, [0.25, 0.75]))


def test_median_interval_of_few() -> None:
    pair = median_interval([1, None, 4])
    assert (pair.estimate, pair.low, pair.high, pair.n, pair.n_missing) == (2.5, None, None, 2, 1)
    assert pair.assumptions == ("too few values for an interval at 95 %",)
    assert pair.details["level"] is None
    assert median_interval([5.0] * 5).low is None
    assert median_interval([5.0] * 6).low == 5.0
    assert median_interval([]).refused == "no values"
    assert median_interval([None]).n_missing == 1
