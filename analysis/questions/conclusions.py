"""Sentences about results, generated from their numbers; a planted reversal of the numbers turns the sentence over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.results import Conclusion, Result
from analysis.rounding import count, interval, number, p_statement, with_unit

AMONG_FIRST = ("as published", "repaired")


def sentence(result: Result) -> str:
    """The result in one sentence."""
    found = result.estimate
    if found.refused is not None:
        return f"{result.title}: not computed, {found.refused}."
    parts = []
    if found.estimate is not None:
        name = f"{found.estimate_name} " if found.estimate_name else ""
        parts.append(f"{name}{with_unit(found.estimate, found.unit)}")
    if found.low is not None or found.high is not None:
        parts.append(f"95 % interval {interval(found.low, found.high)}")
    if found.effect_size is not None and found.effect_size != found.estimate:
        parts.append(f"{found.effect_name} {number(found.effect_size)}")
    if found.p is not None:
        parts.append(p_statement(found.p))
    if result.p_adjusted is not None:
        parts.append(f"corrected {p_statement(result.p_adjusted)}")
    parts.append(f"n = {count(found.n)}")
    return f"{result.title}: {', '.join(parts)}."


@dataclass(frozen=True)
class Words:
    """How a question speaks of a significant rise, a significant fall, and neither."""

    up: str
    down: str
    none: str

    def of(self, direction: int) -> str:
        """The words of a direction: 1, -1, or 0."""
        return {1: self.up, -1: self.down, 0: self.none}[direction]


def direction(result: Result | None, level: float, *, neutral: float = 0.0) -> int | None:
    """Direction that a result shows: 1 or -1 where it is significant after correction, 0 where not, None where nothing was computed.

    Args:
        result: The corrected result.
        level: Level of significance.
        neutral: Estimate that means no difference: 0, or 1 for a ratio.
    """
    if result is None or result.estimate.estimate is None or result.estimate.p is None:
        return None
    p = result.estimate.p if result.p_adjusted is None else result.p_adjusted
    if p >= level or result.estimate.estimate == neutral:
        return 0
    return 1 if result.estimate.estimate > neutral else -1


def compared(published: int | None, repaired: int | None, words: Words) -> Conclusion:
    """Whether a published finding stands, from the directions of the two results."""
    if published is None and repaired is None:
        return Conclusion(stands=None, sentence="Neither version could be computed from these data.")
    if published is None or repaired is None:
        version, found = (AMONG_FIRST[1], repaired) if published is None else (AMONG_FIRST[0], published)
        other = AMONG_FIRST[0] if published is None else AMONG_FIRST[1]
        said = words.of(found or 0)
        return Conclusion(
            stands=None, sentence=f"Only {version}: {said}. The version {other} could not be computed from these data."
        )
    stands = published == repaired
    verdict = "The conclusion stands." if stands else "The conclusion does not stand."
    return Conclusion(
        stands=stands, sentence=f"As published: {words.of(published)}. Repaired: {words.of(repaired)}. {verdict}"
    )


def together(parts: Mapping[str, Conclusion]) -> Conclusion:
    """One conclusion of several, each named."""
    verdicts = [part.stands for part in parts.values()]
    stands = False if False in verdicts else None if None in verdicts else True
    return Conclusion(stands=stands, sentence=" ".join(f"{name}: {part.sentence}" for name, part in parts.items()))
