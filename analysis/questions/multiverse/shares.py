"""Universes of a share: against one half or another share, rows or clusters counted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from msgspec.structs import replace

from analysis import stats
from analysis.questions.multiverse.contributions import Contributions, of_mean
from analysis.results import Estimate

HALF = 0.5


def against(
    hits: pd.Series, clusters: Sequence[str] | None, authors: pd.Series, neutral: float, named: str
) -> tuple[Estimate, Contributions]:
    """A share with its distance from a neutral one as effect size, and each author's contribution to it.

    Args:
        hits: Whether each row has the property.
        clusters: Cluster of each row; None where rows are taken as independent.
        authors: Author of each row, who is drawn as a whole in the joint test.
        neutral: The share under no relation.
        named: What the distance is called.
    """
    if clusters is None:
        found = stats.proportion(int(hits.sum()), len(hits))
    else:
        found = stats.clustered_share(hits.astype(float).tolist(), list(clusters))
    value, low, high = (None if bound is None else bound - neutral for bound in found.interval)
    away = hits.to_numpy(dtype=float) - neutral
    judged = replace(found, effect_size=value, effect_low=low, effect_high=high, effect_name=named)
    return judged, of_mean(away, authors)


def majority(hits: pd.Series, clusters: Sequence[str] | None, authors: pd.Series) -> tuple[Estimate, Contributions]:
    """A share against one half; arguments as in :func:`against`."""
    return against(hits, clusters, authors, HALF, "distance of the share from one half")
