"""Verdicts from intervals.

A planted interval gives each of the outcomes, and "not significant" twice is no agreement.
"""

from __future__ import annotations

import pytest

from analysis.questions.conclusions import Bounds, judged, together, verdict
from analysis.questions.protocol import load
from analysis.results import ClaimVerdict, Estimate, Result

PROTOCOL = load()


@pytest.mark.parametrize(
    ("direction", "published", "found", "expected"),
    [
        (1, 0.5, (0.45, 0.3, 0.6), "confirmed"),
        (1, 0.5, (0.7, 0.6, 0.8), "stronger"),
        (1, 0.5, (0.25, 0.15, 0.35), "weaker"),
        (1, 0.5, (0.2, -0.1, 0.5), "inconclusive"),
        (1, 0.5, (0.0, -0.08, 0.09), "contradicted"),
        (1, 0.5, (-0.3, -0.5, -0.1), "contradicted"),
        (-1, -0.5, (-0.7, -0.8, -0.6), "stronger"),
        (-1, -0.5, (-0.25, -0.35, -0.15), "weaker"),
        (1, None, (0.25, 0.15, 0.35), "confirmed"),
        (0, 0.0, (0.0, -0.05, 0.05), "confirmed"),
        (0, 0.0, (0.0, -0.2, 0.2), "inconclusive"),
        (0, 0.0, (0.4, 0.2, 0.6), "contradicted"),
        (0, 0.0, (0.04, 0.01, 0.07), "confirmed"),
    ],
)
def test_outcomes(
    direction: int, published: float | None, found: tuple[float, float, float], expected: ClaimVerdict
) -> None:
    assert verdict(direction, published, Bounds(*found), 0.1) == expected


def correlation(version: str, value: float, low: float, high: float, p: float) -> Result:
    name = f"rq2.2.model-size.{version}"
    estimate = Estimate(
        method="Pearson", estimate=value, estimate_name="Pearson's r", low=low, high=high, effect_size=value, p=p, n=99
    )
    return Result(id=name, question="RQ2.2", version=version, title="t", estimate=estimate)  # type: ignore[arg-type]


def test_two_results_that_are_not_significant_do_not_agree() -> None:
    claim = next(claim for claim in PROTOCOL.claims if claim.id == "model-size")
    both = [correlation("as-published", 0.1, -0.3, 0.5, 0.4), correlation("repaired", 0.2, -0.2, 0.6, 0.3)]
    found = judged(claim, {one.id: one for one in both}, PROTOCOL, "as published")
    assert found.verdict == "inconclusive"
    assert (found.low, found.high, found.bound) == (-0.2, 0.6, 0.1)


def test_only_the_study_is_published() -> None:
    claim = next(claim for claim in PROTOCOL.claims if claim.id == "model-size")
    both = [correlation("as-published", 0.5, 0.3, 0.7, 0.001), correlation("repaired", 0.2, 0.15, 0.25, 0.001)]
    results = {one.id: one for one in both}
    study = judged(claim, results, PROTOCOL, "as published")
    other = judged(claim, results, PROTOCOL, "the 2023 recipe")
    assert study.verdict == other.verdict == "weaker"
    assert "published" in study.sentence
    assert "published" not in other.sentence
    assert "The 2023 recipe agrees in direction and finds more" in other.sentence


def test_words_of_the_study_stand_only_where_they_apply() -> None:
    """Elsewhere nothing of 2023 is compared where nothing is found; what the data lack is named."""
    for claim in PROTOCOL.claims:
        if claim.id.endswith("like-for-like"):
            continue  # never judged on other data
        nothing = judged(claim, {}, PROTOCOL, "the 2023 recipe", "no dates are known")
        assert nothing.verdict == "not-answerable"
        assert "2023" not in nothing.sentence
        assert nothing.sentence.endswith("not answerable, no dates are known.")


def test_the_weakest_claim_decides() -> None:
    claims = [claim for claim in PROTOCOL.claims if claim.id in {"model-size", "data-size"}]
    results = {one.id: one for one in (correlation("as-published", 0.5, 0.3, 0.7, 0.001),)}
    parts = [judged(claim, results, PROTOCOL, "as published") for claim in claims]
    found = together(parts)
    assert found is not None
    assert found.verdict == "not-answerable"
    assert found.holds is None
    assert "not answerable" in found.sentence
