"""Shares, weighted samples, agreement and the cluster bootstrap against R, plain formulas and planted truths."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present
from scipy import stats as scipy_stats

from analysis.results import Estimate
from analysis.stats import cluster_bootstrap, cohen_kappa, proportion, weighted_mean, weighted_share
from analysis.stats.resample import cluster_draws

Z = 1.959963984540054


def wilson(p: float, n: float, z: float = Z) -> tuple[float, float]:
    centre, half = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n * n))
    return (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)


def test_proportion_agrees_with_r() -> None:
    """R: prop.test(15, 25, correct = FALSE) prints the interval 0.4074 to 0.7660."""
    found = proportion(15, 25)
    assert found.estimate == 0.6
    assert (found.low, found.high) == pytest.approx((0.4074, 0.7660), abs=5e-5)
    assert (found.low, found.high) == pytest.approx(wilson(0.6, 25), rel=1e-12)
    assert (found.n, found.n_missing, found.p, found.details) == (25, 0, None, {"successes": 15})


def test_proportion_at_its_ends() -> None:
    none, every = proportion(0, 10), proportion(10, 10)
    assert (none.estimate, none.low) == (0, 0)
    assert none.high == pytest.approx(Z**2 / (10 + Z**2), rel=1e-12)
    assert (every.estimate, every.high) == (1, 1)
    assert present(every.low) == pytest.approx(1 - present(none.high), rel=1e-12)
    assert proportion(0, 0).refused == "no observations"
    for successes, n in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match=f"{successes} of {n} is not a share"):
            proportion(successes, n)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.integers(1, 40))
def test_proportion_mirrors(successes: int, more: int) -> None:
    n = successes + more
    found, other = proportion(successes, n), proportion(n - successes, n)
    assert 0 <= present(found.low) <= present(found.estimate) <= present(found.high) <= 1
    assert (other.low, other.high) == pytest.approx((1 - present(found.high), 1 - present(found.low)), abs=1e-12)


def test_weighted_mean_by_plain_formula() -> None:
    values = {"a": [1.0, 3, 4, 8], "b": [10.0, 12, 17]}
    sizes = {"a": 40.0, "b": 10.0}
    mean = (40 * np.mean(values["a"]) + 10 * np.mean(values["b"])) / 50
    variance = sum(
        (sizes[h] / 50) ** 2 * (1 - len(values[h]) / sizes[h]) * np.var(values[h], ddof=1) / len(values[h])
        for h in sizes
    )
    parts = {
        h: (sizes[h] / 50) ** 2 * (1 - len(values[h]) / sizes[h]) * np.var(values[h], ddof=1) / len(values[h])
        for h in sizes
    }
    free = variance**2 / sum(parts[h] ** 2 / (len(values[h]) - 1) for h in sizes)
    half = scipy_stats.t.ppf(0.975, free) * math.sqrt(variance)
    found = weighted_mean(values["a"] + values["b"], strata=["a"] * 4 + ["b"] * 3, population=sizes)
    assert (found.estimate, found.low, found.high) == pytest.approx((mean, mean - half, mean + half), rel=1e-10)
    assert found.details["se"] == pytest.approx(math.sqrt(variance), rel=1e-10)
    assert 2 < free < 5
    assert found.details["df"] == pytest.approx(free, rel=1e-10)
    assert (found.details["n_strata"], found.details["population"], found.details["coverage"]) == (2, 50, 1)
    assert found.details["effective_n"] == pytest.approx(50**2 / (4 * 10**2 + 3 * (10 / 3) ** 2), rel=1e-10)
    assert found.n_by_group == {"a": 4, "b": 3}
    assert found.assumptions == ()


def test_weighted_mean_of_a_simple_sample_is_the_t_interval() -> None:
    values = [2.0, 4, 4, 7, 9]
    found = weighted_mean(values)
    low, high = scipy_stats.t.interval(0.95, 4, np.mean(values), np.std(values, ddof=1) / math.sqrt(5))
    assert (found.estimate, found.low, found.high) == pytest.approx((5.2, low, high), rel=1e-10)
    assert found.details["population"] is None
    assert found.details["coverage"] == 1
    assert found.n_by_group == {}
    assert weighted_mean(values, [3] * 5).low == pytest.approx(low, rel=1e-10)


def test_weights_that_vary_by_plain_formula() -> None:
    values, weights = np.array([1.0, 5, 2, 8]), np.array([1.0, 2, 3, 4])
    mean = (values * weights).sum() / 10
    e = weights * (values - mean) / 10
    variance = 4 / 3 * ((e - e.mean()) ** 2).sum()
    found = weighted_mean(values, weights)
    assert found.estimate == pytest.approx(mean, rel=1e-12)
    assert found.details["se"] == pytest.approx(math.sqrt(variance), rel=1e-12)
    assert found.details["effective_n"] == pytest.approx(100 / 30, rel=1e-12)


def test_a_census_has_no_error() -> None:
    found = weighted_mean([1, 2, 6], strata=["a"] * 3, population={"a": 3})
    assert (found.low, found.high) == (found.estimate, found.estimate)
    share = weighted_share([1, 0, 1], strata=["a"] * 3, population={"a": 3})
    assert (share.low, share.high) == pytest.approx((share.estimate, share.estimate))


def test_weighted_share_joins_strata() -> None:
    sizes = {"a": 500.0, "b": 100.0}
    found = weighted_share([1] * 3 + [0] * 17 + [1] * 6 + [0] * 4, strata=["a"] * 20 + ["b"] * 10, population=sizes)
    share = (500 * 0.15 + 100 * 0.6) / 600
    wa, wb = (500 / 600) ** 2 * (1 - 20 / 500), (100 / 600) ** 2 * (1 - 10 / 100)
    va, vb = wa * 0.15 * 0.85 / 19, wb * 0.6 * 0.4 / 9
    free = (va + vb) ** 2 / (va**2 / 19 + vb**2 / 9)
    t = scipy_stats.t.ppf(0.975, free)
    (la, ua), (lb, ub) = wilson(0.15, 20, t), wilson(0.6, 10, t)
    assert found.estimate == pytest.approx(share, rel=1e-12)
    assert found.low == pytest.approx(share - math.sqrt(wa * (0.15 - la) ** 2 + wb * (0.6 - lb) ** 2), rel=1e-9)
    assert found.high == pytest.approx(share + math.sqrt(wa * (ua - 0.15) ** 2 + wb * (ub - 0.6) ** 2), rel=1e-9)
    assert found.details["df"] == pytest.approx(free, rel=1e-9)
    se = math.sqrt(wa * 0.15 * 0.85 / 19 + wb * 0.6 * 0.4 / 9)
    assert found.details["se"] == pytest.approx(se, rel=1e-9)


def test_weighted_share_without_strata_is_wilson() -> None:
    found = weighted_share([True, False, False, True, True, False, False, False])
    assert (found.low, found.high) == pytest.approx(wilson(3 / 8, 8), rel=1e-10)
    none = weighted_share([0] * 12)
    assert (none.estimate, none.low) == (0, 0)
    assert none.high == pytest.approx(wilson(0, 12)[1], rel=1e-10)
    uneven = weighted_share([1, 0, 0, 1], [1, 2, 3, 4])
    assert (uneven.low, uneven.high) == pytest.approx(wilson(0.5, 100 / 30), rel=1e-10)


def test_strata_with_one_row_none_and_missing_values() -> None:
    found = weighted_mean([1, 3, 9, None], strata=["a", "a", "b", "c"], population={"a": 10, "b": 5, "c": 5})
    assert (found.n, found.n_missing) == (3, 1)
    assert found.estimate == pytest.approx((10 * 2 + 5 * 9) / 15)
    assert found.details["coverage"] == pytest.approx(15 / 20)
    assert found.assumptions == (
        "strata with a single row, centred at the overall mean: 1",
        "strata without rows hold 25.0% of the population and are left out",
    )
    mean = present(found.estimate)
    variance = (10 / 15) ** 2 * 0.8 * 2 / 2 + (1 - 1 / 5) * (5 / 15 * (9 - mean)) ** 2
    assert found.details["se"] == pytest.approx(math.sqrt(variance), rel=1e-10)
    nameless = weighted_mean([1, 2, 3], strata=["a", "a", None])
    assert (nameless.n, nameless.n_missing) == (2, 1)


@pytest.mark.parametrize("function", [weighted_mean, weighted_share])
def test_weighted_guards(function: Callable[..., Estimate]) -> None:
    assert function([1]).refused == "fewer than 2 rows (1)"
    assert function([]).refused == "fewer than 2 rows (0)"
    assert function([1, 0]).refused is None
    alone = function([1, 0], strata=["a", "b"])
    assert alone.details["df"] == 0
    with pytest.raises(ValueError, match="weights must be above 0"):
        function([1, 0], [1, 0])
    with pytest.raises(ValueError, match="no population total for stratum b"):
        function([1, 0, 1], strata=["a", "a", "b"], population={"a": 9})
    with pytest.raises(ValueError, match="a share is taken of values 0 and 1"):
        weighted_share([1, 2])
    assert weighted_mean([1, 0], strata=["a", "b"]).low is None


def test_stratified_weights_recover_a_population() -> None:
    generator = np.random.default_rng(41)
    people = {"big": generator.binomial(1, 0.02, size=20_000), "small": generator.binomial(1, 0.6, size=1000)}
    truth = np.concatenate(list(people.values())).mean()
    picked = [generator.choice(values, size=400, replace=False) for values in people.values()]
    found = weighted_share(
        np.concatenate(picked), strata=["big"] * 400 + ["small"] * 400, population={"big": 20_000, "small": 1000}
    )
    assert found.low < truth < found.high
    assert np.mean(np.concatenate(picked)) > found.high


def test_kappa_by_plain_formula() -> None:
    """Cohen's table of 200: po = 0.85 with margins 0.5 and 0.55 to 0.45 gives kappa 0.7."""
    table = np.array([[90, 10], [20, 80]])
    a = np.repeat(["yes", "no"], table.sum(axis=1))
    b = np.concatenate([np.repeat(["yes", "no"], row) for row in table])
    found = cohen_kappa(a, b)
    p = table / 200
    row, col = p.sum(axis=1), p.sum(axis=0)
    po, pe = np.trace(p), row @ col
    kappa = (po - pe) / (1 - pe)
    assert kappa == pytest.approx(0.7)
    assert found.estimate == found.effect_size == pytest.approx(kappa, rel=1e-12)
    assert (found.details["agreement"], found.details["expected"], found.details["n_labels"]) == pytest.approx(
        (po, pe, 2)
    )
    term = sum(p[i, i] * (1 - (row[i] + col[i]) * (1 - kappa)) ** 2 for i in range(2))
    term += (1 - kappa) ** 2 * sum(p[i, j] * (col[i] + row[j]) ** 2 for i in range(2) for j in range(2) if i != j)
    se = math.sqrt((term - (kappa - pe * (1 - kappa)) ** 2) / 200) / (1 - pe)
    assert (found.low, found.high) == pytest.approx((kappa - Z * se, kappa + Z * se), rel=1e-9)
    assert (found.effect_low, found.effect_high) == (found.low, found.high)
    se0 = math.sqrt((pe + pe**2 - sum(row[i] * col[i] * (row[i] + col[i]) for i in range(2))) / 200) / (1 - pe)
    assert found.statistic == pytest.approx(kappa / se0, rel=1e-9)
    assert found.p == pytest.approx(2 * scipy_stats.norm.sf(kappa / se0), rel=1e-9)
    assert found.details["kappa_max"] == pytest.approx((np.minimum(row, col).sum() - pe) / (1 - pe), rel=1e-9)
    assert found.n == 200


def test_kappa_at_full_agreement_keeps_a_width() -> None:
    found = cohen_kappa(["a"] * 10 + ["b"] * 10, ["a"] * 10 + ["b"] * 10)
    assert (found.estimate, found.high) == (1, 1)
    assert found.low == pytest.approx((wilson(1, 20)[0] - 0.5) / 0.5, rel=1e-9)


def test_kappa_missing_and_refused() -> None:
    found = cohen_kappa(["a", None, "b", "a", "b"], ["a", "a", math.nan, "b", "b"])
    assert (found.n, found.n_missing) == (3, 2)
    assert cohen_kappa(["a", None], ["a", "b"]).refused == "fewer than 2 pairs (1)"
    assert cohen_kappa(["a", "a"], ["a", "a"]).refused == "no variation: there is a single label"
    assert cohen_kappa(["a", "b"], ["b", "a"]).estimate == -1
    lazy = cohen_kappa(["a", "a", "a", "a"], ["a", "a", "b", "b"])
    assert (lazy.estimate, lazy.low, lazy.high, lazy.p) == (0, None, None, None)
    assert lazy.assumptions == ("no interval: the large-sample error is zero",)
    with pytest.raises(ValueError, match="expected 2 labels, got 3"):
        cohen_kappa(["a", "b"], ["a", "b", "c"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_kappa_knows_no_names_and_no_sides(pairs: list[tuple[str, str]]) -> None:
    a, b = zip(*pairs, strict=True)
    found, swapped = cohen_kappa(a, b), cohen_kappa(b, a)
    renamed = cohen_kappa(
        [{"a": "z", "b": "m", "c": "k"}[x] for x in a], [{"a": "z", "b": "m", "c": "k"}[x] for x in b]
    )
    assert found.refused == swapped.refused == renamed.refused
    if not found.refused:
        assert swapped.estimate == pytest.approx(found.estimate, abs=1e-12)
        assert (renamed.low is None) == (found.low is None) == bool(found.assumptions)
        if found.low is not None:
            assert renamed.low == pytest.approx(found.low, abs=1e-9)
            assert -1 <= present(found.low) <= present(found.estimate) <= present(found.high) <= 1


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(x, y)[0, 1])


def test_cluster_draws_take_whole_clusters() -> None:
    clusters = np.array(["b", "a", "b", "c", "c", "c"])
    members = {"a": [1], "b": [0, 2], "c": [3, 4, 5]}
    for rows in cluster_draws(clusters, 30, np.random.default_rng(1)):
        counts = np.bincount(rows, minlength=6)
        assert sum(counts[members[name][0]] for name in members) == 3
        for inside in members.values():
            assert len(set(counts[inside].tolist())) == 1


def bca(values: np.ndarray, estimate: float, left: np.ndarray) -> tuple[float, float]:
    """Efron and Tibshirani (1993), equations 14.10, 14.14 and 14.15."""
    normal = scipy_stats.norm
    z0 = normal.ppf(((values < estimate).sum() + (values == estimate).sum() / 2) / len(values))
    d = left.mean() - left
    a = (d**3).sum() / (6 * (d**2).sum() ** 1.5)
    levels = [normal.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))) for z in (-Z, Z)]
    low, high = np.quantile(values, levels)
    return low, high


def test_cluster_bootstrap_by_plain_formula() -> None:
    generator = np.random.default_rng(51)
    clusters = np.repeat(np.arange(10), [1, 2, 3, 4, 1, 2, 3, 4, 1, 2])
    x = generator.normal(size=23)
    y = x + generator.normal(size=23)
    found = cluster_bootstrap(correlation, [x, y], clusters, seed=7, draws=300)
    names = clusters.astype(str)
    drawn = np.array([correlation(x[rows], y[rows]) for rows in cluster_draws(names, 300, np.random.default_rng(7))])
    left = np.array([correlation(x[names != name], y[names != name]) for name in np.unique(names)])
    assert found.estimate == pytest.approx(correlation(x, y), rel=1e-12)
    assert (found.low, found.high) == pytest.approx(bca(drawn, correlation(x, y), left), rel=1e-9)
    assert found.details["se"] == pytest.approx(drawn.std(ddof=1), rel=1e-9)
    assert found.details["bias"] == pytest.approx(drawn.mean() - correlation(x, y), rel=1e-9)
    assert (found.details["n_clusters"], found.details["largest_cluster"], found.details["draws"]) == (10, 4, 300)
    assert (found.details["draws_failed"], found.seed, found.n, found.p) == (0, 7, 23, None)
    assert found.method == "cluster bootstrap, BCa interval"
    assert found.assumptions == ("clusters: 10, the largest holds 17% of the rows",)
    assert found == cluster_bootstrap(correlation, [x, y], clusters, seed=7, draws=300)
    assert found.low != cluster_bootstrap(correlation, [x, y], clusters, seed=8, draws=300).low


def test_copies_add_nothing() -> None:
    generator = np.random.default_rng(52)
    x = generator.normal(size=25)
    y = 0.6 * x + generator.normal(size=25)
    single = cluster_bootstrap(correlation, [x, y], range(25), seed=1, draws=500)
    fourfold = cluster_bootstrap(
        correlation, [np.repeat(x, 4), np.repeat(y, 4)], np.repeat(np.arange(25), 4), seed=1, draws=500
    )
    naive = cluster_bootstrap(correlation, [np.repeat(x, 4), np.repeat(y, 4)], range(100), seed=1, draws=500)
    width = present(single.high) - present(single.low)
    assert present(fourfold.high) - present(fourfold.low) == pytest.approx(width, rel=0.15)
    assert present(naive.high) - present(naive.low) < 0.7 * width


def test_cluster_bootstrap_refusals() -> None:
    few = cluster_bootstrap(correlation, [[1, 2, 3, 4], [2, 1, 4, 3]], "abcd", seed=1)
    assert few.refused == "fewer than 5 clusters (4)"
    assert few.seed == 1
    five = cluster_bootstrap(lambda x: float(x.mean()), [[1, 2, 3, 4, 6]], "abcde", seed=1, draws=50)
    assert five.refused is None
    flat = cluster_bootstrap(lambda x: float(x.mean() * math.nan), [[1, 1, 1, 1, 1, 1]], "abcdef", seed=1, draws=50)
    assert flat.refused == "the statistic has no finite value"
    rare = cluster_bootstrap(lambda x: 1.0 if 6 in x else math.inf, [[1, 2, 3, 4, 5, 6]], "abcdef", seed=1, draws=50)
    assert rare.refused is not None
    assert rare.refused.endswith("of 50 draws have no finite value")
    gaps = cluster_bootstrap(
        lambda x: float(x.mean()), [[1, 2, 3, 4, 5, None, 7]], ["a", "b", "c", "d", "e", "f", None], seed=1, draws=50
    )
    assert (gaps.n, gaps.n_missing) == (5, 2)
    same = cluster_bootstrap(lambda x: float(len(x) * 0 + 3), [[1, 2, 3, 4, 5]], "abcde", seed=1, draws=50)
    assert (same.low, same.high) == (3, 3)


def test_a_few_failed_draws_are_left_out() -> None:
    def first(x: np.ndarray) -> float:
        return float(np.sum(x)) if 1 in x or len(set(x.tolist())) > 6 else math.nan

    values = list(range(1, 31))
    found = cluster_bootstrap(first, [values], range(30), seed=2, draws=200)
    assert found.refused is None
    picky = cluster_bootstrap(
        lambda x: math.nan if np.mean(x == 30) > 0.12 else float(np.mean(x)), [values], range(30), seed=2, draws=200
    )
    assert 0 < present(picky.details["draws_failed"]) <= 20
    assert picky.details["draws"] == 200
