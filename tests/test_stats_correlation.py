"""Correlations against R, SciPy, plain formulas, planted truths and invariances."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present
from scipy import stats as scipy_stats

from analysis.results import Estimate
from analysis.stats import kendall, pearson, spearman
from analysis.stats.columns import complete, constant, estimated, labels, numbers, refusal

# R: help(cor.test), Hollander & Wolfe (1973), p. 187: assessment of tuna quality
TUNA_X = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
TUNA_Y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]


def test_pearson_agrees_with_r_on_tuna() -> None:
    """R: cor.test(x, y) prints t = 1.8411, df = 7, p-value = 0.1082, interval -0.1497426 to 0.8955795.

    Cor 0.5711816.
    """
    found = pearson(TUNA_X, TUNA_Y)
    assert found.estimate == pytest.approx(0.5711816, abs=5e-8)
    assert found.statistic == pytest.approx(1.8411, abs=5e-5)
    assert found.p == pytest.approx(0.1082, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((-0.1497426, 0.8955795), abs=5e-8)
    assert found.details["df"] == 7
    assert found.details["r_squared"] == pytest.approx(0.5711816**2, abs=1e-7)
    assert (found.effect_size, found.effect_low, found.effect_high) == (found.estimate, found.low, found.high)
    assert (found.n, found.n_missing, found.refused) == (9, 0, None)
    assert found.statistic_name == "t"


def test_kendall_agrees_with_r_on_tuna() -> None:
    """R: cor.test(x, y, method = "kendall") prints T = 26, p-value = 0.1194, tau 0.4444444 (exact)."""
    found = kendall(TUNA_X, TUNA_Y)
    assert found.estimate == pytest.approx(0.4444444, abs=5e-8)
    assert found.p == pytest.approx(0.1194, abs=5e-5)
    half = 1.959963984540054 * math.sqrt(0.437 / 5)
    assert found.low == pytest.approx(math.tanh(math.atanh(4 / 9) - half), rel=1e-12)
    assert found.high == pytest.approx(math.tanh(math.atanh(4 / 9) + half), rel=1e-12)
    assert found.statistic == found.effect_size == found.estimate


def test_spearman_agrees_with_r_on_tuna() -> None:
    """R: cor.test(x, y, method = "spearman") prints S = 48, p-value = 0.0968, rho 0.6 (exact)."""
    found = spearman(TUNA_X, TUNA_Y)
    assert found.estimate == pytest.approx(0.6, rel=1e-12)
    assert found.p == pytest.approx(0.0968, abs=5e-5)
    half = 1.959963984540054 * math.sqrt((1 + 0.36 / 2) / 6)
    assert found.low == pytest.approx(math.tanh(math.atanh(0.6) - half), rel=1e-12)
    assert found.high == pytest.approx(math.tanh(math.atanh(0.6) + half), rel=1e-12)
    assert found.details["p_t"] == pytest.approx(scipy_stats.spearmanr(TUNA_X, TUNA_Y).pvalue, rel=1e-12)
    assert found.details["df"] == 7


@pytest.mark.parametrize("n", [4, 5, 6, 7])
def test_exact_spearman_p_is_the_share_of_all_permutations(n: int) -> None:
    generator = np.random.default_rng(n)
    for _ in range(5):
        x, y = generator.integers(0, 4, size=(2, n)).astype(float)
        if constant(x) or constant(y):
            continue
        ranks_x, ranks_y = (scipy_stats.rankdata(column) - (n + 1) / 2 for column in (x, y))
        all_products = np.abs(np.array(list(itertools.permutations(ranks_y))) @ ranks_x)
        assert spearman(x, y).p == pytest.approx(np.mean(all_products >= abs(ranks_x @ ranks_y) - 1e-9), rel=1e-12)


def test_spearman_p_by_size_and_choice() -> None:
    generator = np.random.default_rng(3)
    x, y = generator.normal(size=(2, 12))
    exact, approximate = spearman(x, y), spearman(x, y, p_value="t")
    assert "exact" in exact.method
    assert "t p-value" in approximate.method
    assert approximate.p == exact.details["p_t"] != exact.p
    assert exact.p == pytest.approx(approximate.p, abs=0.01)
    assert spearman(x, y, p_value="exact") == exact
    longer = generator.normal(size=(2, 13))
    assert spearman(*longer).p == pytest.approx(scipy_stats.spearmanr(*longer).pvalue, rel=1e-12)
    with pytest.raises(ValueError, match="at most 12 rows, not 13"):
        spearman(*longer, p_value="exact")


def test_a_perfect_order_of_four_is_no_proof() -> None:
    found = spearman([1, 2, 3, 4], [1, 2, 3, 4])
    assert found.estimate == pytest.approx(1, abs=1e-12)
    assert found.p == pytest.approx(2 / 24, rel=1e-12)
    inner, half = 0.9, 1.959963984540054 * math.sqrt(1 + 0.9**2 / 2)
    assert found.low == pytest.approx(math.tanh(math.atanh(inner) - half), rel=1e-9)
    assert found.high == pytest.approx(1, abs=1e-9)
    turned = spearman([1, 2, 3, 4], [4, 3, 2, 1])
    assert (turned.low, turned.high) == pytest.approx((-present(found.high), -present(found.low)), rel=1e-9)


def test_a_perfect_kendall_is_moved_in_by_half_a_step() -> None:
    found = kendall(range(5), range(5))
    half = 1.959963984540054 * math.sqrt(0.437)
    assert found.estimate == pytest.approx(1, abs=1e-12)
    assert found.low == pytest.approx(math.tanh(math.atanh(0.9) - half), rel=1e-9)
    assert found.high == pytest.approx(1, abs=1e-12)


def test_a_perfect_line_has_no_finite_t() -> None:
    for sign in (1, -1):
        found = pearson([1, 2, 3, 4], [sign * value for value in (2, 4, 6, 8)])
        assert found.estimate == sign
        assert found.statistic is None
        assert (found.low, found.high) == (sign, sign)
        assert found.p == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("function", "smallest"), [(pearson, 4), (spearman, 4), (kendall, 5)])
def test_interval_needs_its_smallest_n(function: Callable[..., Estimate], smallest: int) -> None:
    x, y = [1, 2, 3, 4, 5], [2, 1, 4, 3, 5]
    without = function(x[: smallest - 1], y[: smallest - 1])
    assert without.estimate is not None
    assert without.low is without.high is without.effect_low is without.effect_high is None
    assert function(x[:smallest], y[:smallest]).low is not None


@pytest.mark.parametrize("function", [pearson, spearman, kendall])
def test_refusals_and_missing(function: Callable[..., Estimate]) -> None:
    few = function([1, 2, None], [1, 2, 3])
    assert few.refused == "fewer than 3 complete rows (2)"
    assert (few.estimate, few.p, few.n, few.n_missing) == (None, None, 2, 1)
    for flat in (function([1, 1, 1, 1], [1, 2, 3, 4]), function([1, 2, 3, 4], [7, 7, 7, 7])):
        assert flat.refused == "no variation in one of the columns"
        assert flat.n == 4
    assert function([], []).n == 0
    with pytest.raises(ValueError, match=r"differ in length: \[2, 3\]"):
        function([1, 2], [1, 2, 3])
    gaps = function([1, None, 3, math.nan, 5, math.inf, 7], [2, 9, 1, 4, 6, 5, 8])
    assert (gaps.n, gaps.n_missing) == (4, 3)
    assert gaps.estimate == function([1, 3, 5, 7], [2, 1, 6, 8]).estimate
    assert function([1, 2, 4], [1, 3, 2]).refused is None


@pytest.mark.parametrize(
    ("function", "truth"),
    [(pearson, 0.6), (spearman, 6 / math.pi * math.asin(0.3)), (kendall, 2 / math.pi * math.asin(0.6))],
)
def test_a_planted_correlation_is_found(function: Callable[..., Estimate], truth: float) -> None:
    generator = np.random.default_rng(11)
    x, noise = generator.normal(size=(2, 4000))
    found = function(x, 0.6 * x + 0.8 * noise)
    assert present(found.low) < truth < present(found.high)
    assert present(found.high) - present(found.low) < 0.07
    assert present(found.p) < 1e-100


columns = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=5, max_size=8)


@settings(max_examples=30, deadline=None)
@given(columns, st.randoms(use_true_random=False))
def test_rank_correlations_know_only_order(rows: list[tuple[float, float]], random: Random) -> None:
    x, y = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    shuffled = list(range(len(x)))
    random.shuffle(shuffled)
    for function in (spearman, kendall):
        found = function(x, y)
        stretched = function(x**3, np.exp(y / 10))
        moved = function(x[shuffled], y[shuffled])
        turned = function(x, -y)
        assert stretched.refused == moved.refused == found.refused
        if found.refused:
            continue
        assert stretched.estimate == pytest.approx(found.estimate, abs=1e-12)
        assert stretched.p == pytest.approx(found.p, abs=1e-12)
        assert moved.estimate == pytest.approx(found.estimate, abs=1e-12)
        assert moved.p == pytest.approx(found.p, abs=1e-12)
        assert present(turned.estimate) == pytest.approx(-present(found.estimate), abs=1e-12)
        assert turned.p == pytest.approx(found.p, abs=1e-9)
        assert -1 <= present(found.low) <= present(found.estimate) <= present(found.high) <= 1
        assert 0 < present(found.p) <= 1


@settings(max_examples=30, deadline=None)
@given(columns, st.floats(0.1, 100), st.floats(-100, 100))
def test_pearson_knows_no_unit(rows: list[tuple[float, float]], scale: float, shift: float) -> None:
    x, y = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found, scaled = pearson(x, y), pearson(scale * x + shift, -y)
    assert found.refused == scaled.refused
    if not found.refused:
        assert present(scaled.estimate) == pytest.approx(-present(found.estimate), abs=1e-9)
        assert present(found.low) <= present(found.estimate) <= present(found.high)


def test_assumptions_are_sentences_with_figures() -> None:
    assert pearson(TUNA_X, TUNA_Y).assumptions == ()  # a test of normality would have no consequence
    assert spearman([1, 1, 2, 3], [1, 2, 2, 2]).assumptions == ("ties: 1 in x, 2 in y",)
    assert kendall([1, 1, 2, 3], [1, 2, 2, 2]).assumptions == ("ties: 1 in x, 2 in y",)


def test_columns_take_what_people_hold() -> None:
    pandas = pytest.importorskip("pandas")
    assert np.isnan(numbers(pandas.Series([1, None], dtype="Int64"))[1])
    assert numbers([True, False]).tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match="shape"):
        numbers([[1, 2], [3, 4]])
    (x,), kept = complete([None, 2])
    assert x.tolist() == [2.0]
    assert kept.tolist() == [False, True]
    assert labels(["a", None, math.nan, pandas.NA, 2], 5).tolist() == ["a", "", "", "", "2"]
    with pytest.raises(ValueError, match="expected 3 labels, got 2"):
        labels(["a", "b"], 3)


def test_estimates_never_hold_nan() -> None:
    made = estimated(
        "m",
        (math.inf, np.float64("nan"), 1.0),
        n=np.int64(3),
        details={"a": math.nan, "b": np.int64(2), "c": None},
    )
    assert made.estimate is made.low is None
    assert type(made.n) is int
    assert made.details == {"a": None, "b": 2.0, "c": None}
    assert refusal("m", "why", n=1).refused == "why"


def test_unknown_names_are_refused() -> None:
    import analysis.stats as room

    with pytest.raises(AttributeError, match="anova"):
        _ = getattr(room, "anova")  # noqa: B009
    for name in dir(room):
        assert callable(getattr(room, name))
