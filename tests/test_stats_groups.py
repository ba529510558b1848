"""Group comparisons and corrections for many tests, against R, SciPy, statsmodels, plain loops and planted truths."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from random import Random
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present
from scipy import stats as scipy_stats
from statsmodels.stats.multitest import multipletests

from analysis.results import Estimate
from analysis.stats import adjust, cliffs_delta, dunn, kruskal, mann_whitney
from analysis.stats import pairs as pair_room

# R: help(wilcox.test), Hollander & Wolfe (1973), p. 69: permeability constants of the human chorioamnion
TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
WEEKS = [1.15, 0.88, 0.90, 0.74, 1.21]
# R: help(kruskal.test), Hollander & Wolfe (1973), p. 116: mucociliary efficiency
MUCUS = {
    "normal": [2.9, 3.0, 2.5, 2.6, 3.2],
    "obstructed": [3.8, 2.7, 4.0, 2.4],
    "asbestosis": [2.8, 3.4, 3.7, 2.2, 2.0],
}


def test_mann_whitney_agrees_with_r() -> None:
    """R: wilcox.test(x, y) has W = 35.

    Its help page prints p = 0.1272 for alternative "greater", the two-sided is twice that.
    """
    found = mann_whitney(TERM, WEEKS)
    assert found.statistic == 35
    assert found.p == pytest.approx(2 * 0.1272, abs=1e-4)
    differences = np.sort(np.subtract.outer(TERM, WEEKS).ravel())
    assert found.estimate == pytest.approx(np.median(differences), rel=1e-12)
    # qwilcox(0.025, 10, 5) = 9: the 9th smallest and the 9th largest difference
    assert (found.low, found.high) == pytest.approx((differences[8], differences[-9]), rel=1e-12)
    assert found.effect_size == pytest.approx(2 * 35 / 50 - 1, rel=1e-12)
    assert found.n_by_group == {"a": 10, "b": 5}
    assert found.n == 15
    assert found.details == {"median_a": pytest.approx(1.415), "median_b": 0.9}
    assert found.assumptions[1] == "values tied: 0 of 15"
    spread = scipy_stats.levene(TERM, WEEKS, center="median").pvalue
    assert found.assumptions[0] == f"equal spread (Brown-Forsythe): p = {spread:.3g}"


def exact_u(n: int, m: int) -> list[int]:
    """Null distribution of U by the textbook recursion."""
    table = {(0, j): [1] for j in range(m + 1)} | {(i, 0): [1] for i in range(n + 1)}
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            row = [0] * (i * j + 1)
            for u, count in enumerate(table[i - 1, j]):
                row[u + j] += count
            for u, count in enumerate(table[i, j - 1]):
                row[u] += count
            table[i, j] = row
    return table[n, m]


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 3), (5, 5), (4, 9), (8, 3)])
def test_null_distribution_of_u(n: int, m: int) -> None:
    assert pair_room._u_counts(n, m).tolist() == exact_u(n, m)


def test_places_of_the_shift_interval() -> None:
    assert pair_room.shift_ranks(3, 3, 0.0) is None
    # qwilcox(0.025, 4, 4) = 1 and qwilcox(0.025, 20, 24) = 158 in R; the first is the smallest case with an interval at
    # 95 %
    assert pair_room.shift_ranks(4, 4, 0.0) == (0, 15)
    counts = np.cumsum(exact_u(20, 24)) / math.comb(44, 20)
    place = int(np.argmax(counts >= 0.025))
    assert pair_room.shift_ranks(20, 24, 0.0) == (place - 1, 480 - place)
    # 2,500 pairs are still counted exactly, 2,550 are not
    counts = np.cumsum(pair_room._u_counts(50, 50)) / math.comb(100, 50)
    place = int(np.argmax(counts >= 0.025))
    assert pair_room.shift_ranks(50, 50, 0.0) == (place - 1, 2500 - place)
    place = math.floor(50 * 51 / 2 - 1.959963984540054 * math.sqrt(50 * 51 * 102 / 12))
    assert pair_room.shift_ranks(50, 51, 0.0) == (place - 1, 2550 - place)
    tied = math.floor(50 * 51 / 2 - 1.959963984540054 * math.sqrt(50 * 51 * (102 - 12) / 12))
    assert pair_room.shift_ranks(50, 51, 12.0) == (tied - 1, 2550 - tied)


def test_tie_term() -> None:
    values = np.array([1.0, 1, 1, 2, 2, 3])
    assert pair_room.tie_term(values) == pytest.approx(((27 - 3) + (8 - 2)) / 30, rel=1e-12)


@pytest.mark.parametrize("digits", [0, 1, 8])
def test_differences_are_selected_without_the_matrix(monkeypatch: pytest.MonkeyPatch, digits: int) -> None:
    generator = np.random.default_rng(5)
    a, b = generator.normal(size=80).round(digits), generator.normal(1, 2, size=50).round(digits)
    expected = np.sort(np.subtract.outer(a, b).ravel())
    ranks = (0, 1, 17, 1999, 2000, 3998, 3999)
    assert pair_room.nth_differences(a, b, ranks) == [expected[rank] for rank in ranks]
    monkeypatch.setattr(pair_room, "MATRIX_LIMIT", 40)
    assert pair_room.nth_differences(a, b, ranks) == [expected[rank] for rank in ranks]


def test_selection_of_equal_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_room, "MATRIX_LIMIT", 10)
    assert pair_room.nth_differences(np.full(30, 2.0), np.full(20, 2.0), (0, 300, 599)) == [0.0, 0.0, 0.0]
    mixed = np.array([0.0] * 30 + [5.0])
    assert pair_room.nth_differences(mixed, np.zeros(20), (0, 599, 600, 619)) == pytest.approx(
        [0.0, 0.0, 5.0, 5.0], abs=1e-12
    )


def test_sixty_thousand_against_sixty_thousand_stays_small() -> None:
    import tracemalloc

    generator = np.random.default_rng(6)
    a, b = generator.normal(0.5, 1, size=60_000), generator.normal(size=60_000)
    tracemalloc.start()
    found = mann_whitney(a, b)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6
    assert present(found.low) < 0.5 < present(found.high)
    assert present(found.high) - present(found.low) < 0.03


def delta_by_loops(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Cliff's delta and the Feng-Cliff interval from the full matrix."""
    signs = np.sign(np.subtract.outer(a, b))
    n, m = signs.shape
    delta = signs.mean()
    rows, cols = signs.mean(axis=1), signs.mean(axis=0)
    s2 = (m**2 * ((rows - delta) ** 2).sum() + n**2 * ((cols - delta) ** 2).sum() - ((signs - delta) ** 2).sum()) / (
        n * m * (n - 1) * (m - 1)
    )
    s2 = max(s2, (1 - delta**2) / (n * m - 1))
    z = 1.959963984540054
    root = z * math.sqrt(s2) * math.sqrt((1 - delta**2) ** 2 + z**2 * s2)
    scale = 1 - delta**2 + z**2 * s2
    return delta, (delta - delta**3 - root) / scale, (delta - delta**3 + root) / scale


def test_cliffs_delta_agrees_with_the_matrix() -> None:
    generator = np.random.default_rng(8)
    for sizes, spread in (((20, 24), 1), ((6, 31), 3), ((50, 9), 1)):
        a, b = generator.normal(0.6, spread, size=sizes[0]).round(1), generator.normal(size=sizes[1]).round(1)
        found = mann_whitney(a, b)
        assert (found.effect_size, found.effect_low, found.effect_high) == pytest.approx(
            delta_by_loops(a, b), rel=1e-10
        )
        test = scipy_stats.mannwhitneyu(a, b)
        assert (found.statistic, found.p) == (test.statistic, test.pvalue)
        alone = cliffs_delta(a, b)
        assert (alone.estimate, alone.low, alone.high) == (found.effect_size, found.effect_low, found.effect_high)
        assert (alone.effect_size, alone.effect_low, alone.effect_high) == (alone.estimate, alone.low, alone.high)
        assert (alone.p, alone.statistic, alone.n, alone.n_by_group) == (
            found.p,
            found.statistic,
            found.n,
            found.n_by_group,
        )


def test_groups_without_overlap() -> None:
    found = mann_whitney([10, 11, 12, 13, 14], [1, 2, 3, 4, 5, 6])
    z2 = 1.959963984540054**2
    assert (found.effect_size, found.effect_high) == (1, 1)
    assert found.effect_low == pytest.approx((5 - z2) / (5 + z2), rel=1e-12)
    turned = cliffs_delta([1, 2, 3, 4, 5, 6], [10, 11, 12, 13, 14])
    assert (turned.estimate, turned.low) == (-1, -1)
    assert present(turned.high) == pytest.approx(-present(found.effect_low), rel=1e-12)


def test_too_few_for_a_shift_interval() -> None:
    found = mann_whitney([1, 2, 3], [2.5, 4, 5])
    assert found.estimate is not None
    assert found.low is found.high is None
    assert found.effect_low is not None


@pytest.mark.parametrize("function", [mann_whitney, cliffs_delta])
def test_two_group_refusals(function: Callable[..., Estimate]) -> None:
    assert function([], [1, 2]).refused == "a group has fewer than 2 values (n = 0 and 2)"
    assert function([1, 2], [1, None]).n_missing == 1
    assert function([1, 2], [1, None]).refused == "a group has fewer than 2 values (n = 2 and 1)"
    flat = function([3, 3], [3, 3, 3])
    assert flat.refused == "no variation: all values are equal"
    assert flat.n_by_group == {"a": 2, "b": 3}
    assert function([1, 2], [1, 2]).refused is None


def test_spread_of_constant_groups_is_not_testable() -> None:
    assert mann_whitney([1, 1], [2, 2]).assumptions[0] == "equal spread (Brown-Forsythe): not testable"


values = st.lists(st.integers(-20, 20), min_size=2, max_size=12)


@settings(max_examples=40, deadline=None)
@given(values, values)
def test_two_groups_swap_sign_and_know_only_order(a: list[int], b: list[int]) -> None:
    found, swapped = mann_whitney(a, b), mann_whitney(b, a)
    assert found.refused == swapped.refused
    if found.refused:
        return
    assert present(swapped.estimate) == pytest.approx(-present(found.estimate), abs=1e-12)
    assert swapped.p == pytest.approx(found.p, rel=1e-9)
    assert present(swapped.effect_size) == pytest.approx(-present(found.effect_size), abs=1e-12)
    assert present(swapped.effect_low) == pytest.approx(-present(found.effect_high), abs=1e-9)
    assert present(found.statistic) + present(swapped.statistic) == len(a) * len(b)
    assert -1 <= present(found.effect_low) <= present(found.effect_size) <= present(found.effect_high) <= 1
    if found.low is not None:
        assert present(found.low) <= present(found.estimate) <= present(found.high)
        assert (swapped.low, swapped.high) == pytest.approx((-present(found.high), -found.low), abs=1e-12)
    cubed = mann_whitney(np.array(a, dtype=float) ** 3, np.array(b, dtype=float) ** 3)
    assert (cubed.statistic, cubed.effect_size, cubed.effect_low) == (
        found.statistic,
        found.effect_size,
        found.effect_low,
    )
    shifted = mann_whitney(np.array(a) + 7, b)
    if not shifted.refused:
        assert present(shifted.estimate) == pytest.approx(present(found.estimate) + 7, abs=1e-12)


def test_kruskal_agrees_with_r() -> None:
    """R: kruskal.test(list(x, y, z)) prints Kruskal-Wallis chi-squared = 0.77143, df = 2, p-value = 0.68."""
    found = kruskal(MUCUS)
    assert found.statistic == pytest.approx(0.77143, abs=5e-6)
    assert found.p == pytest.approx(0.68, abs=5e-4)
    assert found.details["df"] == 2
    assert found.estimate == found.effect_size == pytest.approx(0.77143 / 13, abs=1e-6)
    assert found.n_by_group == {"normal": 5, "obstructed": 4, "asbestosis": 5}
    assert found.low == found.effect_low == 0
    assert scipy_stats.ncx2.cdf(found.statistic, 2, present(found.high) * 13) == pytest.approx(0.025, abs=1e-9)
    assert found.effect_high == found.high


def test_kruskal_interval_inverts_the_noncentral_distribution() -> None:
    generator = np.random.default_rng(2)
    found = kruskal(
        {"a": generator.normal(size=30), "b": generator.normal(1, 1, size=40), "c": generator.normal(2, 1, size=20)}
    )
    assert scipy_stats.ncx2.cdf(found.statistic, 2, present(found.low) * 89) == pytest.approx(0.975, abs=1e-9)
    assert scipy_stats.ncx2.cdf(found.statistic, 2, present(found.high) * 89) == pytest.approx(0.025, abs=1e-9)
    assert present(found.low) < present(found.estimate) < present(found.high) < 1


def test_dunn_by_plain_formula() -> None:
    groups = {"a": [1, 2, 2, 3, 9], "b": [4, 5, 2, 7], "c": [8, 8, 9, 10, 11, 12]}
    pooled = np.concatenate(list(groups.values())).astype(float)
    ranks = scipy_stats.rankdata(pooled)
    means = {"a": ranks[:5].mean(), "b": ranks[5:9].mean(), "c": ranks[9:].mean()}
    ties = sum(t**3 - t for t in np.unique(pooled, return_counts=True)[1])
    unit = 15 * 16 / 12 - ties / (12 * 14)
    found, flat = dunn(groups), kruskal(groups).details
    assert list(found) == [("a", "b"), ("a", "c"), ("b", "c")]
    raw = {}
    for one, two in found:
        z = (means[one] - means[two]) / math.sqrt(unit * (1 / len(groups[one]) + 1 / len(groups[two])))
        raw[one, two] = 2 * scipy_stats.norm.sf(abs(z))
        assert found[one, two].statistic == flat[f"dunn.{one}|{two}.z"] == pytest.approx(z, rel=1e-12)
        assert found[one, two].p == flat[f"dunn.{one}|{two}.p"] == pytest.approx(raw[one, two], rel=1e-9)
        sizes = mann_whitney(groups[one], groups[two])
        assert (found[one, two].estimate, found[one, two].low, found[one, two].high) == (
            sizes.estimate,
            sizes.low,
            sizes.high,
        )
        assert (found[one, two].effect_size, found[one, two].effect_low) == (sizes.effect_size, sizes.effect_low)
        assert (found[one, two].n, found[one, two].effect_high) == (sizes.n, sizes.effect_high)
    holm = multipletests(list(raw.values()), method="holm")[1]
    for pair, corrected in zip(raw, holm, strict=True):
        assert found[pair].details["p_holm"] == pytest.approx(corrected, rel=1e-9)
        assert flat[f"dunn.{pair[0]}|{pair[1]}.p_holm"] == found[pair].details["p_holm"]


def test_groups_of_one_and_none() -> None:
    found = kruskal({"a": [1, 2, None], "b": [5.0], "empty": [], "gone": [None]})
    assert found.refused is None
    assert found.n_by_group == {"a": 2, "b": 1, "empty": 0, "gone": 0}
    assert (found.n, found.n_missing) == (3, 2)
    assert found.assumptions == ("groups without values left out: empty, gone",)
    single = dunn({"a": [1, 2], "b": [5.0]})["a", "b"]
    assert single.statistic is not None
    assert single.estimate is single.effect_size is None
    assert kruskal({"a": [1, 2], "b": []}).refused == "fewer than 2 groups with values (1)"
    assert kruskal({}).refused == "fewer than 2 groups with values (0)"
    assert kruskal({"a": [1, 1], "b": [1]}).refused == "no variation: all values are equal"
    assert dunn({"a": [1, 1], "b": [1]}) == dunn({"a": [1, 2]}) == {}


def test_a_planted_group_is_found() -> None:
    generator = np.random.default_rng(4)
    groups = {
        "low": generator.normal(size=60),
        "same": generator.normal(size=60),
        "high": generator.normal(2, 1, size=60),
    }
    pairs = dunn(groups)
    assert present(pairs["low", "high"].details["p_holm"]) < 0.001
    assert present(pairs["same", "high"].effect_size) < -0.5
    assert present(pairs["low", "same"].details["p_holm"]) > 0.05
    assert present(kruskal(groups).p) < 1e-10


@settings(max_examples=20, deadline=None)
@given(st.lists(values, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_kruskal_knows_only_order_and_no_names(groups: list[list[int]], random: Random) -> None:
    named = {str(place): group for place, group in enumerate(groups)}
    found = kruskal(named)
    turned = kruskal(
        {name: [-value for value in random.sample(group, len(group))] for name, group in reversed(named.items())}
    )
    assert turned.refused == found.refused
    if not found.refused:
        assert turned.statistic == pytest.approx(found.statistic, abs=1e-9)
        assert 0 <= present(found.low) <= present(found.estimate) <= present(found.high) <= 1


def test_adjust_agrees_with_r() -> None:
    """R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") prints 0.05 0.08 0.09 0.09 0.09."""
    found = adjust(dict(zip("abcde", [0.01, 0.02, 0.03, 0.04, 0.05], strict=True)))
    assert list(found.values()) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09], rel=1e-12)


def test_adjust_reproduces_a_published_family() -> None:
    """The 14 raw p-values of the 2023 study and the smallest corrected ones it printed."""
    raw = [
        0.0642,
        0.0010269,
        0.926,
        0.692,
        0.771,
        0.438,
        0.417,
        0.318,
        0.482,
        1.0,
        0.0292,
        3.294e-5,
        4.191e-5,
        1.1409e-15,
    ]
    found = list(adjust(dict(enumerate(raw))).values())
    assert found[13] == pytest.approx(1.60e-14, rel=5e-3)
    assert found[11] == pytest.approx(0.000428, rel=1e-3)
    assert found[12] == pytest.approx(0.000503, rel=1e-3)
    assert found[1] == pytest.approx(0.01130, rel=1e-3)
    assert found[10] == pytest.approx(0.2921, rel=1e-3)
    assert found[0] == pytest.approx(0.5779, rel=1e-3)
    assert found[2:10] == [1.0] * 8


p_values = st.dictionaries(st.text(max_size=3), st.one_of(st.none(), st.floats(0, 1)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(p_values, st.sampled_from(["holm", "bonferroni", "fdr_bh"]))
def test_adjust_against_statsmodels_and_order(
    family: dict[str, float | None], method: Literal["holm", "bonferroni", "fdr_bh"]
) -> None:
    found = adjust(family, method)
    assert list(found) == list(family)
    known = {key: p for key, p in family.items() if p is not None}
    assert {key for key, p in found.items() if p is not None} == set(known)
    if not known:
        return
    expected = multipletests(list(known.values()), method=method)[1]
    assert [found[key] for key in known] == pytest.approx(list(expected), rel=1e-12, abs=1e-300)
    ordered = sorted(known, key=lambda key: known[key])
    assert all(present(found[one]) <= present(found[two]) for one, two in itertools.pairwise(ordered))
    assert all(present(known[key]) <= present(found[key]) <= 1 for key in known)


def test_adjust_refuses_what_is_no_p_value() -> None:
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="not a p-value: a = "):
            adjust({"a": wrong, "b": 0.5})
    with pytest.raises(ValueError, match="unknown correction 'tukey'"):
        adjust({"a": 0.5}, "tukey")  # type: ignore[arg-type]
    assert adjust({}) == {}
    assert adjust({"a": None}) == {"a": None}
    assert adjust({"a": 0.0, "b": 1.0}) == {"a": 0.0, "b": 1.0}


def test_shift_interval_of_large_tied_groups() -> None:
    generator = np.random.default_rng(17)
    a, b = generator.integers(0, 4, size=60).astype(float), generator.integers(0, 3, size=70).astype(float)
    ties = pair_room.tie_term(np.concatenate([a, b]))
    place = math.floor(2100 - 1.959963984540054 * math.sqrt(4200 / 12 * (131 - ties)))
    differences = np.sort(np.subtract.outer(a, b).ravel())
    found = mann_whitney(a, b)
    assert (found.low, found.high) == (differences[place - 1], differences[4200 - place])
    assert differences[math.floor(2100 - 1.959963984540054 * math.sqrt(350 * 131)) - 1] <= found.low
    assert found.assumptions[1] == f"values tied: {130 - len(set(a) | set(b))} of 130"


def test_other_corrections_by_hand() -> None:
    """R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "BH") prints 0.05 five times.

    "bonferroni" 0.05 0.10 0.15 0.20 0.25.
    """
    family = dict(zip("abcde", [0.01, 0.02, 0.03, 0.04, 0.05], strict=True))
    assert list(adjust(family, "fdr_bh").values()) == pytest.approx([0.05] * 5, rel=1e-12)
    assert list(adjust(family, "bonferroni").values()) == pytest.approx([0.05, 0.10, 0.15, 0.20, 0.25], rel=1e-12)
