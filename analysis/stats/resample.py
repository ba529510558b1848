"""Bootstrap of whole clusters, for observations that come in groups of near copies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.results import Estimate
from analysis.stats.columns import LEVEL, FloatArray, complete, estimated, labels, refusal

MIN_CLUSTERS = 5
MAX_FAILED = 0.1
Statistic = Callable[..., float]


def cluster_draws(
    clusters: npt.NDArray[Any], draws: int, generator: np.random.Generator
) -> Iterator[npt.NDArray[np.intp]]:
    """Rows of one bootstrap sample after the other.

    As many clusters as there are, drawn with replacement, with all their rows.

    >>> [rows.tolist() for rows in cluster_draws(np.array(["a", "a", "b"]), 2, np.random.default_rng(0))]
    [[2, 2], [2, 0, 1]]
    """
    _, codes = np.unique(clusters, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    for _ in range(draws):
        chosen = generator.integers(0, len(members), size=len(members))
        yield np.concatenate([members[place] for place in chosen])


def cluster_bootstrap(
    statistic: Statistic, data: Sequence[Any], clusters: Any, *, seed: int, draws: int = 2000
) -> Estimate:
    """How sure is a statistic when the observations come in clusters of near copies?

    Whole clusters are drawn with replacement; the interval is Efron's BCa, its acceleration from leaving out one
    cluster at a time.

    Args:
        statistic: Function of the columns, for instance ``lambda x, y: float(np.corrcoef(x, y)[0, 1])``.
        data: Columns of numbers, each of shape (n,).
        clusters: Cluster of each row (text or number), shape (n,); rows without one are dropped as missing.
        seed: Seed of the draws.
        draws: Number of draws.

    Returns:
        ``estimate`` is the statistic of all rows, ``low`` and ``high`` bound it. ``details``: ``n_clusters``,
        ``largest_cluster``, ``draws``, ``draws_failed`` (no finite value), ``bias`` (mean of the draws minus estimate),
        ``se``. Rows with a missing value are dropped. No p-value.

    Assumes independent clusters, and at least 5 of them. Refused where over 10 % of the draws fail.
    Source: Efron, JASA 82, 1987; Davison & Hinkley, Bootstrap Methods, 1997, section 3.8.

    Measured for Pearson's r of 48 rows in 25 and 40 clusters: coverage .920, .920.

    >>> columns = [[1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7]]
    >>> correlation = lambda x, y: float(np.corrcoef(x, y)[0, 1])
    >>> result = cluster_bootstrap(correlation, columns, list("aabbccde"), seed=1, draws=200)
    >>> round(result.estimate, 3), result.details["n_clusters"]
    (0.905, 5.0)
    """
    method = "cluster bootstrap, BCa interval"
    columns, kept = complete(*data)
    groups = labels(clusters, len(kept))[kept]
    known = groups != ""
    columns, groups = tuple(column[known] for column in columns), groups[known].astype(str)
    counts = {"n": len(groups), "n_missing": len(kept) - len(groups), "seed": seed}
    sizes = np.unique(groups, return_counts=True)[1]
    if len(sizes) < MIN_CLUSTERS:
        return refusal(method, f"fewer than {MIN_CLUSTERS} clusters ({len(sizes)})", **counts)
    value = _compute(statistic, columns)
    if not math.isfinite(value):
        return refusal(method, "the statistic has no finite value", **counts)
    drawn = [
        _compute(statistic, tuple(column[rows] for column in columns))
        for rows in cluster_draws(groups, draws, np.random.default_rng(seed))
    ]
    finite = np.array([one for one in drawn if math.isfinite(one)])
    if len(finite) < (1 - MAX_FAILED) * draws:
        return refusal(method, f"{draws - len(finite)} of {draws} draws have no finite value", **counts)
    low, high = _bca(value, finite, _left_out(statistic, columns, groups))
    return estimated(
        method,
        (value, low, high),
        estimate_name="statistic",
        details={
            "n_clusters": len(sizes),
            "largest_cluster": int(sizes.max()),
            "draws": draws,
            "draws_failed": draws - len(finite),
            "bias": float(finite.mean()) - value,
            "se": float(finite.std(ddof=1)),
        },
        assumptions=(f"clusters: {len(sizes)}, the largest holds {sizes.max() / sizes.sum():.0%} of the rows",),
        **counts,
    )


def _compute(statistic: Statistic, columns: tuple[FloatArray, ...]) -> float:
    """The statistic, NaN where it divides by nothing."""
    with np.errstate(all="ignore"):
        return float(statistic(*columns))


def _left_out(statistic: Statistic, columns: tuple[FloatArray, ...], groups: npt.NDArray[Any]) -> FloatArray:
    """The statistic without each cluster in turn, where finite."""
    found = [_compute(statistic, tuple(column[groups != name] for column in columns)) for name in np.unique(groups)]
    return np.array([one for one in found if math.isfinite(one)])


def _bca(value: float, drawn: FloatArray, left_out: FloatArray) -> tuple[float, float]:
    """Bias-corrected and accelerated bounds."""
    share = float(((drawn < value).sum() + (drawn == value).sum() / 2) / len(drawn))
    bias = float(stats.norm.ppf(min(max(share, 1 / (len(drawn) + 1)), len(drawn) / (len(drawn) + 1))))
    gaps = left_out.mean() - left_out
    spread = float((gaps**2).sum())
    acceleration = float((gaps**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    points = bias + stats.norm.ppf([0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    levels = stats.norm.cdf(bias + points / (1 - acceleration * points))
    low, high = np.quantile(drawn, levels)
    return float(low), float(high)
