"""Correlations and comparisons whose p-value and interval count clusters instead of rows.

Near-copies and one author's series are not independent rows. The point estimates stay what they are; p and interval come from least
squares with cluster-robust errors on the very scale of the estimate: ranks for Spearman and Cliff's delta, the values for Pearson. With
fewer than :data:`LEAST_CLUSTERS` clusters such errors are not to be trusted, and the plain ones stay, which the result says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace
from scipy.stats import rankdata

from analysis import stats
from analysis.results import Estimate

FloatArray = npt.NDArray[np.float64]
LEAST_CLUSTERS = 10


def spearman(x: FloatArray, y: FloatArray, clusters: Sequence[str] | None = None) -> Estimate:
    """Rank correlation; with clusters, their errors on the ranks.

    Args:
        x: Numbers of shape (n,) without missing values.
        y: The same.
        clusters: Cluster of each row; None for independent rows.
    """
    plain = stats.spearman(x, y)
    return _with_clusters(plain, rankdata(y), rankdata(x), clusters, scale=None)


def pearson(x: FloatArray, y: FloatArray, clusters: Sequence[str] | None = None) -> Estimate:
    """Linear correlation; with clusters, their errors."""
    plain = stats.pearson(x, y)
    return _with_clusters(plain, y, x, clusters, scale=None)


def mann_whitney(a: FloatArray, b: FloatArray, clusters: tuple[Sequence[str], Sequence[str]] | None = None) -> Estimate:
    """Comparison of two groups; with clusters, their errors on the ranks, hence on Cliff's delta.

    Args:
        a: Numbers of the first group.
        b: Numbers of the second.
        clusters: Clusters of the rows of each group.
    """
    plain = stats.mann_whitney(a, b)
    if clusters is None:
        return plain
    ranks = rankdata(np.concatenate([a, b]))
    member = np.concatenate([np.ones(len(a)), np.zeros(len(b))])
    return _with_clusters(plain, ranks, member, [*clusters[0], *clusters[1]], scale=2 / max(len(ranks), 1))


def _with_clusters(
    plain: Estimate, y: FloatArray, x: FloatArray, clusters: Sequence[Any] | None, scale: float | None
) -> Estimate:
    """The estimate with p and the interval of its effect size from cluster-robust least squares of y on x.

    ``scale`` turns the coefficient into the effect size; None stands for the ratio of the standard deviations (a correlation).
    """
    if clusters is None or plain.refused is not None:
        return plain
    n_clusters = len(set(clusters))
    if n_clusters < LEAST_CLUSTERS:
        return replace(
            plain, assumptions=(*plain.assumptions, f"only {n_clusters} clusters: rows are taken as independent")
        )
    fitted = stats.ols(y, {"x": x}, clusters=list(clusters))["x"]
    if fitted.refused is not None or fitted.low is None or fitted.high is None:
        return replace(
            plain,
            assumptions=(
                *plain.assumptions,
                "no cluster-robust errors could be computed: rows are taken as independent",
            ),
        )
    factor = float(np.std(x) / np.std(y)) if scale is None else scale
    low, high = (min(1.0, max(-1.0, bound * factor)) for bound in (fitted.low, fitted.high))
    correlation = plain.estimate == plain.effect_size
    return replace(
        plain,
        method=f"{plain.method}, clustered errors",
        p=fitted.p,
        effect_low=low,
        effect_high=high,
        low=low if correlation else plain.low,
        high=high if correlation else plain.high,
        assumptions=(*plain.assumptions, f"{n_clusters} clusters"),
        details={**plain.details, "p_independent": plain.p, "n_clusters": float(n_clusters)},
    )
