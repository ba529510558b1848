"""Whether a model may have a repaired efficiency label at all: one rule for ``classify`` and for the labels of RQ2.5.

Nothing is imported here, so that a card on disk, which never has a label, is answered without opening the cut points.
"""

from __future__ import annotations

from collections.abc import Iterable

MIN_METRICS = 2
"""Metrics a label must rest on; in the published cohort every model had at least two."""
NOT_OWN = frozenset({"family-total", "component", "inherited", "copied-card"})
"""Flags and scopes of values that are no training measurement of this model."""


def why_not_comparable(
    emissions_gco2e: float | None, marks: Iterable[str | None], others: Iterable[float | None]
) -> str | None:
    """Why a model gets no label, or None where it gets one.

    Args:
        emissions_gco2e: Settled emissions in g CO2eq.
        marks: Flags and scope of that value.
        others: What else the label would rest on: size, size of the data, downloads, performance; None where it is not
            known.

    Examples:
        >>> why_not_comparable(12.5, [], [None, None, 340])
        >>> why_not_comparable(12.5, [], [None, None, None])
        'a local card has no size or downloads; classify org/model instead'
    """
    if emissions_gco2e is None:
        return "no emissions are reported"
    if emissions_gco2e == 0:
        return "the emissions are zero"
    if not NOT_OWN.isdisjoint(marks):
        return "the value does not cover this model's own training alone"
    if 1 + sum(value is not None for value in others) < MIN_METRICS:
        return "a local card has no size or downloads; classify org/model instead"
    return None
