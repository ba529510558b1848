"""Universes of a majority: a share against one half, rows or clusters counted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from msgspec.structs import replace

from analysis import stats
from analysis.results import Estimate

HALF = 0.5


def majority(hits: pd.Series, clusters: Sequence[str] | None, owners: pd.Series) -> tuple[Estimate, pd.Series]:
    """A share with its distance from one half as effect size, and each owner's contribution to it.

    Args:
        hits: Whether each row has the property.
        clusters: Cluster of each row; None where rows are taken as independent.
        owners: Owner of each row, whose signs the joint test flips.
    """
    if clusters is None:
        found = stats.proportion(int(hits.sum()), len(hits))
    else:
        found = stats.clustered_share(hits.astype(float).tolist(), list(clusters))
    low, high = (None if bound is None else bound - HALF for bound in (found.low, found.high))
    value = None if found.estimate is None else found.estimate - HALF
    scores = (hits.astype(float) - HALF).groupby(owners.to_numpy()).sum()
    named = "distance of the share from one half"
    return replace(found, effect_size=value, effect_low=low, effect_high=high, effect_name=named), scores
