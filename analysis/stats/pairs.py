"""Order statistics of all differences a - b, without holding n * m of them when the groups are large."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import stats

from analysis.stats.columns import FloatArray, Z

MATRIX_LIMIT = 1_000_000
EXACT_LIMIT = 2_500


def pair_counts(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """For each value the number of smaller minus the number of larger values in the other group.

    >>> below_a, below_b = pair_counts(np.array([1.0, 3.0]), np.array([2.0]))
    >>> below_a.tolist(), below_b.tolist()
    ([-1.0, 1.0], [0.0])
    """

    def balance(values: FloatArray, others: FloatArray) -> FloatArray:
        ordered = np.sort(others)
        below = np.searchsorted(ordered, values, side="left")
        return np.asarray(below + np.searchsorted(ordered, values, side="right") - len(ordered), dtype=float)

    return balance(a, b), balance(b, a)


def nth_differences(a: FloatArray, b: FloatArray, ranks: tuple[int, ...]) -> list[float]:
    """The differences a_i - b_j that stand at the given places (from 0) among all n * m, in ascending order.

    Up to a million differences are sorted; above that each place is found by halving the range of values and counting
    (memory n + m), then sorting only what is left in the range.

    >>> nth_differences(np.array([1.0, 5.0]), np.array([1.0, 2.0]), (0, 3))
    [-1.0, 4.0]
    """
    if len(a) * len(b) <= MATRIX_LIMIT:
        differences = np.partition(np.subtract.outer(a, b).ravel(), sorted(set(ranks)))
        return [float(differences[rank]) for rank in ranks]
    ordered_a, ordered_b = np.sort(a), np.sort(b)
    return [_select(ordered_a, ordered_b, rank) for rank in ranks]


def _count_up_to(a: FloatArray, b: FloatArray, limit: float) -> int:
    """How many differences are at most ``limit``."""
    return int((len(b) - np.searchsorted(b, a - limit, side="left")).sum())


def _select(a: FloatArray, b: FloatArray, rank: int) -> float:
    """One order statistic of the differences of two sorted columns."""
    low, high = float(a[0] - b[-1]), float(a[-1] - b[0])
    low = np.nextafter(low, -math.inf) - abs(low) * 1e-12
    high = high + abs(high) * 1e-12
    below, upto = 0, len(a) * len(b)
    while upto - below > MATRIX_LIMIT:
        middle = low + (high - low) / 2
        if not low < middle < high:
            return high
        count = _count_up_to(a, b, middle)
        if count <= rank:
            low, below = middle, count
        else:
            high, upto = middle, count
    first = np.searchsorted(b, a - high, side="left")
    last = np.searchsorted(b, a - low, side="left")
    widths = np.maximum(last - first, 0)
    starts = np.repeat(first - np.concatenate(([0], np.cumsum(widths)[:-1])), widths) + np.arange(widths.sum())
    left = np.repeat(a, widths) - b[starts]
    return float(np.partition(left, rank - below)[rank - below])


def shift_ranks(n: int, m: int, tie_term: float) -> tuple[int, int] | None:
    """Places (from 0) of the differences that bound the 95 % interval of the shift.

    None where the groups are too small for one. The null distribution of U is counted exactly for n * m up to 2,500 (as
    R does without ties), else normal with ties.

    >>> shift_ranks(10, 5, 0.0), shift_ranks(2, 2, 0.0)
    ((8, 41), None)
    """
    pairs = n * m
    if pairs <= EXACT_LIMIT:
        below = np.cumsum(_u_counts(min(n, m), max(n, m)))
        place = int(np.searchsorted(below / below[-1], 0.025, side="left"))
    else:
        spread = math.sqrt(pairs / 12 * (n + m + 1 - tie_term))
        place = math.floor(pairs / 2 - Z * spread)
    return (place - 1, pairs - place) if place >= 1 else None


def tie_term(values: FloatArray) -> float:
    """Sum of t³ - t over groups of t ties, over N (N - 1): what ties take off the variance of U.

    >>> tie_term(np.array([1.0, 1.0, 2.0]))
    1.0
    """
    _, counts = np.unique(values, return_counts=True)
    total = len(values)
    return float((counts.astype(float) ** 3 - counts).sum() / (total * (total - 1)))


@lru_cache(maxsize=64)
def _u_counts(n: int, m: int) -> FloatArray:
    """Number of orderings with U = 0, 1, ..., n m (the Gaussian binomial coefficients)."""
    counts = np.zeros(n * m + 1)
    counts[0] = 1
    for i in range(1, n + 1):
        above = m + i
        if above <= n * m:
            counts[above:] -= counts[: len(counts) - above].copy()
        for place in range(i, len(counts)):
            counts[place] += counts[place - i]
    return counts


def mean_ranks(groups: list[FloatArray]) -> tuple[FloatArray, list[float]]:
    """Midranks of all values together, and their mean in each group.

    >>> mean_ranks([np.array([1.0, 2.0]), np.array([3.0])])[1]
    [1.5, 3.0]
    """
    ranks = stats.rankdata(np.concatenate(groups))
    ends = np.cumsum([len(group) for group in groups])
    return ranks, [float(part.mean()) for part in np.split(ranks, ends[:-1])]
