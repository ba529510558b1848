"""Trends of short series against SciPy, plain loops and planted truths."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present
from scipy import stats as scipy_stats

from analysis.results import Estimate
from analysis.stats import mann_kendall, theil_sen
from analysis.stats import trend as trend_room
from analysis.stats.trend import Correction

Z = 1.959963984540054


def series(n: int, phi: float, slope: float, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    noise = generator.normal(size=n + 50)
    for place in range(1, n + 50):
        noise[place] += phi * noise[place - 1]
    return noise[50:] + slope * np.arange(n)


def by_loops(y: Sequence[float] | np.ndarray) -> tuple[int, float]:
    """S and its variance as the textbook writes them."""
    n = len(y)
    s = sum(int(np.sign(y[j] - y[i])) for i in range(n) for j in range(i + 1, n))
    ties = sum(t * (t - 1) * (2 * t + 5) for t in np.unique(y, return_counts=True)[1])
    return s, (n * (n - 1) * (2 * n + 5) - ties) / 18


def test_mann_kendall_by_plain_loops() -> None:
    """The Nile at Aswan, 1871-1970, falls (statsmodels.datasets.nile)."""
    nile = sm.datasets.nile.load_pandas().data["volume"].to_numpy()
    s, variance = by_loops(nile)
    found = mann_kendall(nile, correction="none")
    assert (found.details["s"], found.details["var_s"]) == pytest.approx((s, variance), rel=1e-12)
    z = (s + 1) / math.sqrt(variance)
    assert found.statistic == pytest.approx(z, rel=1e-12)
    assert found.p == found.details["p_uncorrected"] == pytest.approx(2 * scipy_stats.norm.sf(-z), rel=1e-9)
    assert found.estimate == found.effect_size == pytest.approx(s / 4950, rel=1e-12)
    half = Z * math.sqrt(0.437 / 96)
    assert found.low == found.effect_low == pytest.approx(math.tanh(math.atanh(s / 4950) - half), rel=1e-9)
    assert found.high == found.effect_high == pytest.approx(math.tanh(math.atanh(s / 4950) + half), rel=1e-9)
    assert found.details["variance_factor"] == 1
    assert (found.n, found.n_missing) == (100, 0)


def ar1_factor(y: np.ndarray, t: np.ndarray) -> tuple[float, float]:
    n = len(y)
    slope, start = np.polyfit(t, y, 1)
    e = y - start - slope * t
    r = (e[1:] * e[:-1]).sum() / (e**2).sum()
    phi = min(max((r + 2 / n) / (1 - 4 / n), 0), 0.95)
    total = sum((n - i) * (n - i - 1) * (n - i - 2) * 6 / math.pi * math.asin(phi**i / 2) for i in range(1, n - 2))
    return 1 + 2 / (n * (n - 1) * (n - 2)) * total, phi


def hamed_rao(y: np.ndarray) -> float:
    n = len(y)
    slope = np.median([(y[j] - y[i]) / (j - i) for i in range(n) for j in range(i + 1, n)])
    ranks = scipy_stats.rankdata(y - slope * np.arange(n))
    e = ranks - ranks.mean()
    total = 0.0
    for i in range(1, n - 2):
        r = (e[i:] * e[:-i]).sum() / (e**2).sum()
        if abs(r) > Z / math.sqrt(n):
            total += (n - i) * (n - i - 1) * (n - i - 2) * r
    return max(1.0, 1 + 2 / (n * (n - 1) * (n - 2)) * total)


@pytest.mark.parametrize(
    ("n", "phi", "seed"), [(17, 0.5, 1), (18, 0.0, 2), (60, 0.6, 3), (60, -0.6, 4), (100, 0.9, 5), (17, 0.9, 6)]
)
def test_corrections_by_plain_loops(n: int, phi: float, seed: int) -> None:
    y = series(n, phi, 0.05, seed)
    s, variance = by_loops(y)
    factor, found_phi = ar1_factor(y, np.arange(n))
    found = mann_kendall(y)
    z = (s - math.copysign(1, s)) / math.sqrt(variance * factor)
    assert found.details["variance_factor"] == pytest.approx(factor, rel=1e-9)
    assert found.details["autocorrelation"] == pytest.approx(found_phi, abs=1e-9)
    assert found.statistic == pytest.approx(z, rel=1e-9)
    assert found.p == found.details["p_ar1"] == pytest.approx(2 * scipy_stats.t.sf(abs(z), n - 2), rel=1e-8)
    half = scipy_stats.t.ppf(0.975, n - 2) * math.sqrt(0.437 / (n - 4) * factor)
    tau = 2 * s / (n * (n - 1))
    assert (found.low, found.high) == pytest.approx(
        (math.tanh(math.atanh(tau) - half), math.tanh(math.atanh(tau) + half)), rel=1e-9
    )
    other = mann_kendall(y, correction="hamed-rao")
    z = (s - math.copysign(1, s)) / math.sqrt(variance * hamed_rao(y))
    assert other.details["variance_factor"] == pytest.approx(hamed_rao(y), rel=1e-9)
    assert (
        other.p
        == other.details["p_hamed_rao"]
        == found.details["p_hamed_rao"]
        == pytest.approx(2 * scipy_stats.norm.sf(abs(z)), rel=1e-8)
    )
    half = Z * math.sqrt(0.437 / (n - 4) * hamed_rao(y))
    assert other.low == pytest.approx(math.tanh(math.atanh(tau) - half), rel=1e-9)
    assert "hamed-rao" in other.method
    sentence = (
        f"independent months: autocorrelation of neighbours {found_phi:.2f}, "
        f"which widens the variance of S by {factor:.2f}"
    )
    assert found.assumptions == (f"{sentence}; {trend_room.LIMITS}",)


def test_autocorrelation_is_not_taken_for_a_trend() -> None:
    hits = {"ar1": 0, "hamed-rao": 0, "none": 0}
    for seed in range(200):
        found = mann_kendall(series(17, 0.4, 0, 1000 + seed)).details
        for name, key in (("ar1", "p_ar1"), ("hamed-rao", "p_hamed_rao"), ("none", "p_uncorrected")):
            hits[name] += present(found[key]) <= 0.05
    assert hits["ar1"] <= 24
    assert hits["none"] >= 20


@pytest.mark.parametrize("seed", range(4))
def test_theil_sen_agrees_with_scipy(seed: int) -> None:
    generator = np.random.default_rng(seed)
    t = np.sort(generator.choice(60, size=18, replace=False)).astype(float)
    y = (0.2 * t + generator.normal(size=18)).round(1)
    found, scipy_found = theil_sen(y, t, correction="none"), scipy_stats.theilslopes(y, t)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (scipy_found.slope, scipy_found.low_slope, scipy_found.high_slope), rel=1e-12
    )
    assert found.details["intercept"] == pytest.approx(scipy_found.intercept, rel=1e-12)
    assert found.p == pytest.approx(mann_kendall(y, correction="none").p, rel=1e-12)
    assert found.statistic == pytest.approx(mann_kendall(y, correction="none").statistic, rel=1e-12)
    assert found.effect_size == pytest.approx(scipy_stats.kendalltau(t, y).statistic, rel=1e-12)
    half = Z * math.sqrt(0.437 / 14)
    assert found.effect_low == pytest.approx(math.tanh(math.atanh(present(found.effect_size)) - half), rel=1e-9)
    assert found.effect_high == pytest.approx(math.tanh(math.atanh(present(found.effect_size)) + half), rel=1e-9)


def test_theil_sen_widens_its_interval() -> None:
    y = series(18, 0.6, 0.3, 21)
    slopes = np.sort([(y[j] - y[i]) / (j - i) for i in range(18) for j in range(i + 1, 18)])
    factor, _ = ar1_factor(y, np.arange(18))
    assert factor > 1.2
    half = scipy_stats.t.ppf(0.975, 16) * math.sqrt(by_loops(y)[1] * factor)
    found = theil_sen(y)
    assert found.estimate == pytest.approx(np.median(slopes), rel=1e-12)
    assert found.low == pytest.approx(slopes[round((153 - half) / 2) - 1], rel=1e-12)
    assert found.high == pytest.approx(slopes[round((153 + half) / 2)], rel=1e-12)
    assert found.p == pytest.approx(mann_kendall(y).p, rel=1e-9)
    assert found.details["p_ar1"] == found.p
    assert found.details["variance_factor"] == pytest.approx(factor, rel=1e-9)
    plain = theil_sen(y, correction="none")
    assert present(plain.high) - present(plain.low) < present(found.high) - present(found.low)
    assert plain.details["variance_factor"] == 1
    assert theil_sen(y, correction="hamed-rao").p == found.details["p_hamed_rao"]


def test_theil_sen_orders_by_time_and_skips_equal_times() -> None:
    t, y = [5, 1, 3, 2, 4, 4], [9.0, 1, 5, 3.5, 7, 8]
    order = np.argsort(t, kind="stable")
    found, ordered = theil_sen(y, t), theil_sen(np.array(y)[order], np.array(t)[order])
    assert found == ordered
    pairs = [(y[j] - y[i]) / (t[j] - t[i]) for i in range(6) for j in range(i + 1, 6) if t[i] != t[j]]
    assert found.estimate == pytest.approx(np.median(pairs), rel=1e-12)


def test_variance_with_ties_on_both_sides() -> None:
    """Kendall's variance with ties in both columns, SciPy's.

    Z = (C - D) / sqrt(var) in kendalltau(method = "asymptotic").
    """
    t, y = np.array([1.0, 1, 2, 2, 3, 4, 5, 5]), np.array([2.0, 1, 1, 3, 3, 3, 5, 4])
    s, variance = trend_room._score(y, t)
    p = scipy_stats.kendalltau(t, y, method="asymptotic").pvalue
    assert 2 * scipy_stats.norm.sf(abs(s) / math.sqrt(variance)) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("function", [mann_kendall, theil_sen])
def test_trend_refusals_and_missing(function: Callable[..., Estimate]) -> None:
    assert function([1, 2, 3]).refused == "fewer than 4 values (3)"
    assert function([1, None, 3, math.nan]).n_missing == 2
    assert function([4, 4, 4, 4]).refused == "no variation: all values are equal"
    four = function([1, 3, 2, 4])
    assert four.refused is None
    assert four.effect_low is None
    assert function([1, 3, 2, 4, 5]).effect_low is not None
    assert function([1, 3, None, 2, 4, 5]).n == 5


def test_theil_sen_guards() -> None:
    assert theil_sen([1, 2, 3, 4], [2, 2, 2, 2]).refused == "no variation in time"
    assert theil_sen([1, 2, None, 4, 5], [1, 2, 3, 4, None]).refused == "fewer than 4 values (3)"
    with pytest.raises(ValueError, match="more than 5000 rows"):
        theil_sen(np.arange(5001))
    small = theil_sen([1, 3, 2, 4])
    assert (small.low, small.high) == (None, None)
    # gaps in time: place 2 is missing, so the slopes know the true distance
    assert theil_sen([0, 1, None, 3, 4]).estimate == 1


def test_exact_lines() -> None:
    rising = mann_kendall(range(1, 11))
    assert rising.estimate == 1
    assert rising.high == 1
    assert rising.details["variance_factor"] == 1
    assert rising.low == pytest.approx(
        math.tanh(math.atanh(1 - 2 / 90) - scipy_stats.t.ppf(0.975, 8) * math.sqrt(0.437 / 6)), rel=1e-9
    )
    assert present(mann_kendall(range(10, 0, -1)).statistic) == -present(rising.statistic)
    flat = mann_kendall([1, 2, 2, 1])
    assert (flat.estimate, flat.statistic, flat.p) == (0, 0, 1)


def test_a_planted_slope_is_found() -> None:
    found = theil_sen(series(120, 0.3, 0.1, 31))
    assert present(found.low) < 0.1 < present(found.high)
    assert present(found.p) < 1e-6
    spoilt = series(120, 0.3, 0.1, 31)
    spoilt[60] = 1e6
    assert theil_sen(spoilt).estimate == pytest.approx(found.estimate, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=5, max_size=20), st.sampled_from(["ar1", "hamed-rao", "none"]))
def test_trends_turn_with_the_sign(values: list[int], correction: Correction) -> None:
    found, turned = (
        mann_kendall(values, correction=correction),
        mann_kendall([-value for value in values], correction=correction),
    )
    assert found.refused == turned.refused
    if found.refused:
        return
    assert present(turned.estimate) == pytest.approx(-present(found.estimate), abs=1e-12)
    assert turned.p == pytest.approx(found.p, rel=1e-6)
    assert present(found.details["variance_factor"]) >= 1
    assert -1 <= present(found.low) <= present(found.estimate) <= present(found.high) <= 1
    slope, scaled = (
        theil_sen(values, correction=correction),
        theil_sen([3 * value + 5 for value in values], correction=correction),
    )
    assert present(scaled.estimate) == pytest.approx(3 * present(slope.estimate), abs=1e-9)
    assert slope.p == pytest.approx(found.p, rel=1e-6)
    if slope.low is not None:
        assert present(slope.low) <= present(slope.estimate) <= present(slope.high)
