"""Statistics room: arrays in, a complete :class:`analysis.results.Estimate` out; SciPy and statsmodels do the mathematics.

All functions are pure. Numbers keep full precision, a number that does not exist is None (never NaN), and where nothing can be
computed ``refused`` says why. None, NaN and infinite values are missing: they are dropped and counted in ``n_missing``. Intervals
are at 95 %, p-values two-sided. Anything random takes a seed. Names are imported on first use, because SciPy starts slowly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.stats.agreement import cohen_kappa
    from analysis.stats.clustered import clustered_mann_whitney, clustered_pearson, clustered_share, clustered_spearman
    from analysis.stats.correlation import kendall, pearson, spearman
    from analysis.stats.linear import line_band, ols, simple_trend
    from analysis.stats.monthly import weighted_trend
    from analysis.stats.multiple import adjust
    from analysis.stats.odds import binomial_glm
    from analysis.stats.quantiles import median_interval, median_regression
    from analysis.stats.ranks import cliffs_delta, dunn, kruskal, mann_whitney
    from analysis.stats.resample import cluster_bootstrap
    from analysis.stats.shares import proportion, weighted_mean, weighted_share
    from analysis.stats.strata import stratified_spearman
    from analysis.stats.tails import hill
    from analysis.stats.trend import mann_kendall, theil_sen

_HOMES = {
    "adjust": "multiple",
    "binomial_glm": "odds",
    "cliffs_delta": "ranks",
    "cluster_bootstrap": "resample",
    "clustered_mann_whitney": "clustered",
    "clustered_pearson": "clustered",
    "clustered_share": "clustered",
    "clustered_spearman": "clustered",
    "cohen_kappa": "agreement",
    "dunn": "ranks",
    "hill": "tails",
    "kendall": "correlation",
    "kruskal": "ranks",
    "line_band": "linear",
    "mann_kendall": "trend",
    "mann_whitney": "ranks",
    "median_interval": "quantiles",
    "median_regression": "quantiles",
    "ols": "linear",
    "pearson": "correlation",
    "proportion": "shares",
    "simple_trend": "linear",
    "spearman": "correlation",
    "stratified_spearman": "strata",
    "theil_sen": "trend",
    "weighted_mean": "shares",
    "weighted_share": "shares",
    "weighted_trend": "monthly",
}

__all__ = [
    "adjust",
    "binomial_glm",
    "cliffs_delta",
    "cluster_bootstrap",
    "clustered_mann_whitney",
    "clustered_pearson",
    "clustered_share",
    "clustered_spearman",
    "cohen_kappa",
    "dunn",
    "hill",
    "kendall",
    "kruskal",
    "line_band",
    "mann_kendall",
    "mann_whitney",
    "median_interval",
    "median_regression",
    "ols",
    "pearson",
    "proportion",
    "simple_trend",
    "spearman",
    "stratified_spearman",
    "theil_sen",
    "weighted_mean",
    "weighted_share",
    "weighted_trend",
]


def __getattr__(name: str) -> Any:
    """Import a public function from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
