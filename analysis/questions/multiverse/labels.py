"""Universes of RQ2.5: the share of the labels A and B, against the same share by the 2023 arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property

import pandas as pd
from msgspec.structs import replace

from analysis.classify.efficiency import AS_PUBLISHED, CutPoints, Switches, fit, rate, stored
from analysis.published import label_cohort
from analysis.questions import repairs, rq2_5
from analysis.questions.multiverse.contributions import Contributions
from analysis.questions.multiverse.shares import against
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import AUTOTRAIN, StudyData
from analysis.results import Estimate

BEST = frozenset({"A", "B"})
EFFECT = "share of the labels A and B less that by the 2023 arithmetic"
OWN = {"values": "mined", "cuts": "fitted", "labelled": "every", "excluded": "nothing", "clusters": "rows"}
Found = tuple[Estimate, Contributions | None]


class Labels:
    """Labels of one snapshot by every arithmetic."""

    def __init__(self, study: StudyData, protocol: Protocol) -> None:
        """Hold the tables.

        Args:
            study: The tables.
            protocol: The protocol with its exclusions.
        """
        self._study, self._protocol = study, protocol
        self._labels = cache(self._made)

    @cached_property
    def _cohort(self) -> label_cohort.Cohort:
        return label_cohort.of(self._study.frames, is_published=self._study.is_published)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """One row per repository."""
        return rq2_5.cohort_rows(self._cohort, self._study)

    @cached_property
    def _published(self) -> pd.Series:
        """Labels of the study's own rows by its own arithmetic, those without a label left out."""
        return self._of_merged(AS_PUBLISHED)

    def universe(self, choice: Mapping[str, str], exclusions: Sequence[str]) -> Found:
        """The share of one universe.

        Args:
            choice: Option by dimension.
            exclusions: Exclusions of the protocol that are left out.
        """
        if not self._cohort.published or self._published.empty:
            return _refused("no model reports emissions")
        neutral = float(self._published.isin(BEST).mean())
        if choice["cohort"] == "study":
            if any(choice[name] != option for name, option in OWN.items()):
                return _refused("the study's own table has no other values and no authors")
            labels = self._of_merged(_switches(choice))
            each = pd.Series([f"row {place}" for place in range(len(labels))], dtype=object)
            return against(labels.isin(BEST), None, each, neutral, EFFECT)
        rows = self._kept(choice, exclusions)
        if len(rows) < self._protocol.least_n:
            return _refused(f"only {len(rows)} labels", len(rows))
        column = {"rows": None, "authors": "cluster", "cards": "card"}[choice["clusters"]]
        clusters = None if column is None else list(rows[column])
        return against(rows["label"].isin(BEST), clusters, rows["cluster"], neutral, EFFECT)

    def _kept(self, choice: Mapping[str, str], exclusions: Sequence[str]) -> pd.DataFrame:
        """Labelled repositories after exclusions and cohort."""
        labels = self._labels(choice["scale"], choice["arithmetic"], choice["values"], choice["cuts"])
        rows = self._rows.assign(label=pd.Series(labels, index=self._rows.index, dtype=object))
        if choice["labelled"] == "comparable":
            rows = rows[pd.Series(self._comparable(choice["values"]), index=rows.index)]
        for kind in exclusions:
            rows = rows[~repairs.flagged(rows, self._protocol.flags_of(kind))]
        rows = rows[rows["label"].notna()]
        if choice["cohort"] == "autotrain":
            return rows[rows["group"] == AUTOTRAIN]
        return rows[rows["group"] != AUTOTRAIN] if choice["cohort"] == "all-but-autotrain" else rows

    def _values(self, values: str) -> Sequence[Mapping[str, float | None]]:
        """The five metrics of each repository."""
        return rq2_5.settled_values(self._cohort, self._study) if values == "settled" else self._cohort.own

    def _comparable(self, values: str) -> list[bool]:
        """Whether each repository may have a label by the rule of ``classify``."""
        return [
            rq2_5.is_comparable(row, (*flags, scope))
            for row, flags, scope in zip(self._values(values), self._rows["flags"], self._rows["scope"], strict=True)
        ]

    def _made(self, scale: str, arithmetic: str, values: str, cuts: str) -> list[str | None]:
        """Label of each repository."""
        switches, rows = _switches({"scale": scale, "arithmetic": arithmetic}), self._values(values)
        if cuts == "fitted":
            points: CutPoints = fit("this cohort", rows, self._cohort.own_reference, switches)
        else:
            points = replace(stored("repaired" if switches.one_scale else "as-published"), switches=switches)
        return [rate(row, points).label for row in rows]

    def _of_merged(self, switches: Switches) -> pd.Series:
        """Labels of the rows of the study's merged table, those without a label left out."""
        rows = self._cohort.published
        points = fit("this cohort", rows, self._cohort.reference, switches)
        return pd.Series([rate(row, points).label for row in rows], dtype=object).dropna()


def _switches(choice: Mapping[str, str]) -> Switches:
    """Arithmetic of the label."""
    exact = choice["arithmetic"] == "exact"
    return Switches(one_scale=choice["scale"] == "one-scale", zero_is_zero=exact, exact_ties=exact)


def _refused(reason: str, n: int = 0) -> Found:
    """A universe in which nothing can be computed."""
    return Estimate(method="none", n=n, refused=reason), None
