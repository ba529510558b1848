"""The cohort of the efficiency label twice.

With the artefacts of the study's merge, and with one row per repository.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.classify.efficiency import METRICS, REFERENCE_MODEL, Values, metrics_of, stored
from analysis.published import recipe

OWN_COLUMNS = ("co2_eq_emissions", "size", "datasets_size", "downloads")


@dataclass(frozen=True)
class Cohort:
    """Rows to be labelled.

    Attributes:
        published: Metrics of the rows of the merged table.
        reference: Metrics of the reference model among them.
        own: Metrics of one row per repository.
        own_reference: Metrics of the reference model among those.
        origin: For each row of ``published``, its place in ``own``.
        keys: Keys of the rows of ``own``; None where they are all reporters in their order.
    """

    published: list[dict[str, float | None]]
    reference: Values
    own: list[dict[str, float | None]]
    own_reference: Values
    origin: list[int]
    keys: list[str] | None = None

    def on_own_rows(self, labels: Sequence[str | None]) -> list[str | None]:
        """Labels of merged rows as labels of repositories: of several rows of one repository the first counts."""
        if len(labels) == len(self.own):
            return list(labels)
        first: dict[int, str | None] = {}
        for place, label in zip(self.origin, labels, strict=True):
            first.setdefault(place, label)
        return [first[place] for place in range(len(self.own))]

    def changed(self, old: Sequence[str | None], new: Sequence[str | None]) -> int:
        """How many labels differ; merged rows are compared with merged rows, else repositories with repositories."""
        pair = (old, new) if len(old) == len(new) else (self.on_own_rows(old), self.on_own_rows(new))
        return sum(before != after for before, after in zip(*pair, strict=True))


def of(frames: Mapping[str, pd.DataFrame], *, is_published: bool) -> Cohort:
    """The cohort of the published tables, or of tables made alike, which have no merge and hence no artefacts."""
    merged = frames["merged"]
    published = recipe.label_rows(merged)
    reference = _reference(list(merged["modelId"]), published)
    if not is_published:
        keys = list(merged["key"]) if "key" in merged else None
        return Cohort(published, reference, published, reference, list(range(len(published))), keys)
    mined, curated = frames["mined"], frames["curated"]
    own = own_rows(mined, curated)
    origin = (
        mined[["modelId"]]
        .assign(place=range(len(mined)))
        .merge(curated[["modelId"]], on="modelId", how="left")["place"]
    )
    return Cohort(published, reference, own, _reference(list(mined["modelId"]), own), [int(place) for place in origin])


def own_rows(mined: pd.DataFrame, curated: pd.DataFrame) -> list[dict[str, float | None]]:
    """Metrics of each mined row; a curated value counts for the repository of the same name and creation time only."""
    identity = ["modelId", "created_at"]
    known = curated.drop_duplicates(identity)[[*identity, *OWN_COLUMNS]]
    joined = mined.merge(known, on=identity, how="left", suffixes=("", "_y"))
    columns = {name: joined[f"{name}_y"].where(joined[f"{name}_y"].notna(), joined[name]) for name in OWN_COLUMNS}
    columns["performance_score"] = joined["performance_score"]
    cells = {name: [None if pd.isna(value) else float(value) for value in values] for name, values in columns.items()}
    return [metrics_of(*row) for row in zip(*cells.values(), strict=True)]


def _reference(names: Sequence[str], rows: Sequence[Mapping[str, float | None]]) -> Values:
    """Metrics of the reference model; where the cohort lacks it, those stored from the published cohort."""
    for name, row in zip(names, rows, strict=True):
        if name == REFERENCE_MODEL:
            return row
    return {metric: stored("as-published").reference[metric] for metric in METRICS}
