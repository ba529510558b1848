"""Clustered correlations, comparisons and shares.

Symmetric, honest about dependence, the plain numbers where clusters are rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from present import present
from scipy.stats import spearmanr

from analysis import stats
from analysis.results import Estimate
from analysis.stats.clustered import MOST_BLOCKS, blocks


def skewed(seed: int, n_clusters: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(n_clusters), rng.integers(1, 9, n_clusters))
    x = np.exp(rng.normal(size=n_clusters)[codes] + rng.normal(size=len(codes)))
    return x, np.exp(rng.normal(size=n_clusters)[codes] + rng.normal(size=len(codes))), codes


@pytest.mark.parametrize("function", [stats.clustered_pearson, stats.clustered_spearman])
@pytest.mark.parametrize("seed", range(8))
def test_p_does_not_depend_on_the_order_of_the_columns(function: Callable[..., Estimate], seed: int) -> None:
    """Slope errors times a ratio of spreads flipped 28 % of the decisions of a skewed design."""
    x, y, codes = skewed(seed)
    one, two = function(x, y, codes), function(y, x, codes)
    assert one.p == pytest.approx(two.p, rel=1e-9)
    assert (one.low, one.high) == pytest.approx((two.low, two.high), rel=1e-9)


def test_the_interval_stays_inside_without_being_clamped() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=31)
    found = stats.clustered_pearson(x, x + 0.5 * rng.normal(size=31), np.arange(31) // 2)
    assert -1 < present(found.low) < present(found.estimate) < present(found.high) < 1


def test_jackknife_of_rank_correlation_is_that_of_refits() -> None:
    x, y, codes = skewed(3)
    z = np.arctanh([spearmanr(x[codes != one], y[codes != one])[0] for one in range(40)])
    se = np.sqrt(39 / 40 * ((z - z.mean()) ** 2).sum())
    found = stats.clustered_spearman(x, y, codes)
    width = np.arctanh(present(found.high)) - np.arctanh(present(found.low))
    from scipy.stats import t

    assert width / 2 / t.ppf(0.975, found.details["df"]) == pytest.approx(se, rel=1e-9)


def test_copies_add_nothing() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 20))
    once = stats.clustered_pearson(x, y, np.arange(20))
    copied = stats.clustered_pearson(np.repeat(x, 5), np.repeat(y, 5), np.repeat(np.arange(20), 5))
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high), rel=1e-9)
    assert (
        present(stats.pearson(np.repeat(x, 5), np.repeat(y, 5)).high) - present(once.estimate)
        < (present(once.high) - present(once.estimate)) * 0.6
    )


def test_shift_widens_with_clusters() -> None:
    rng = np.random.default_rng(2)
    codes = np.repeat(np.arange(24), 10)
    y = rng.normal(size=24)[codes] + 0.3 * rng.normal(size=240)
    a, b = y[codes < 12], y[codes >= 12]
    plain = stats.mann_whitney(a, b)
    found = stats.clustered_mann_whitney(a, b, codes[codes < 12], codes[codes >= 12])
    assert found.estimate == plain.estimate
    assert present(found.high) - present(found.low) > 2 * (present(plain.high) - present(plain.low))


def test_too_few_clusters_give_no_interval() -> None:
    found = stats.clustered_pearson([1, 2, 3, 5, 4, 6], [1, 3, 2, 4, 6, 5], list("aabbcc"))
    assert found.estimate is not None
    assert (found.low, found.high, found.p) == (None, None, None)
    assert any("too few for an interval" in words for words in found.assumptions)


def test_share_with_one_hand_that_made_most_is_wide() -> None:
    hits = [1.0] * 80 + [0.0] * 20
    owners = ["one"] * 80 + [f"owner {i}" for i in range(20)]
    found = stats.clustered_share(hits, owners)
    assert present(found.details["naive_high"]) - present(found.details["naive_low"]) < 0.17
    assert present(found.low) < 0.2
    assert present(stats.clustered_share([1.0] * 30, [i // 3 for i in range(30)]).low) < present(
        stats.proportion(30, 30).low
    )


def test_independent_rows_keep_the_plain_interval() -> None:
    hits = np.random.default_rng(3).integers(0, 2, 400)
    found = stats.clustered_share(hits, np.arange(400))
    assert (found.low, found.high) == pytest.approx((found.details["naive_low"], found.details["naive_high"]), abs=5e-4)


def test_many_small_clusters_are_pooled_and_the_largest_stay_alone() -> None:
    codes = np.concatenate([np.zeros(50, int), np.arange(1, 1200)])
    pooled = blocks(codes)
    assert len(set(pooled.tolist())) == MOST_BLOCKS
    assert (pooled == pooled[0]).sum() == 50
