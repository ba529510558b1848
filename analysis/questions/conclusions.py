"""Sentences and verdicts, generated from numbers alone; a planted reversal of the numbers turns both over.

A verdict sets the 95 % interval of the repaired estimate against the published finding and against the smallest effect
of interest that the protocol declares. That interval within plus and minus the bound is the equivalence test (two
one-sided tests at .025 each).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from analysis.questions.protocol import Claim, Protocol
from analysis.results import Baseline, ClaimVerdict, Conclusion, Estimate, Result
from analysis.rounding import count, interval, number, p_statement, percent, with_unit

WEAKEST_FIRST: tuple[ClaimVerdict, ...] = (
    "contradicted", "inconclusive", "not-answerable", "weaker", "stronger", "confirmed",
)  # fmt: skip
PUBLISHED_WORDS: dict[ClaimVerdict, str] = {
    "confirmed": "This confirms what was published{published}.",
    "stronger": "The relation is stronger than published{published}.",
    "weaker": "The relation is weaker than published{published}.",
    "inconclusive": "The interval decides neither for nor against what was published{published}.",
    "contradicted": "This contradicts what was published{published}.",
    "not-answerable": "What was published cannot be judged from these data.",
}
RECIPE_WORDS: dict[ClaimVerdict, str] = {
    "confirmed": "The 2023 recipe agrees{published}.",
    "stronger": "The 2023 recipe agrees in direction and finds less{published}.",
    "weaker": "The 2023 recipe agrees in direction and finds more{published}.",
    "inconclusive": "Whether the 2023 recipe agrees cannot be told{published}.",
    "contradicted": "The 2023 recipe does not agree{published}.",
    "not-answerable": "",
}


PERCENT_A_MONTH = "%/month"


class Bounds(NamedTuple):
    """An estimate with its 95 % interval, on a scale where zero means no effect."""

    value: float
    low: float
    high: float


def sentence(result: Result) -> str:
    """The result in one sentence."""
    found = result.estimate
    if found.refused is not None:
        return f"{result.title}: not computed, {found.refused}."
    parts = []
    if found.estimate is not None and is_share(found):
        parts.append(percent(found.estimate, found.low, found.high))
    elif found.estimate is not None:
        name = f"{found.estimate_name} " if found.estimate_name else ""
        parts.append(f"{name}{with_unit(found.estimate, found.unit)}")
    if not is_share(found) and (found.low is not None or found.high is not None):
        parts.append(f"95 % interval {interval(found.low, found.high)}")
    if found.effect_size is not None and found.effect_size != found.estimate:
        parts.append(f"{found.effect_name} {number(found.effect_size)}")
    if found.p is not None:
        parts.append(p_statement(found.p))
    if result.p_adjusted is not None and result.p_adjusted != found.p:
        parts.append(f"corrected {p_statement(result.p_adjusted)}")
    parts.append(f"n = {count(found.n)}")
    return f"{result.title}: {', '.join(parts)}."


def is_share(found: Estimate) -> bool:
    """Whether an estimate is a share, which is said in per cent."""
    return found.estimate_name == "share" and found.unit in {None, "", "1"}


def verdict(direction: int, published: float | None, found: Bounds, bound: float) -> ClaimVerdict:
    """What became of a finding.

    Args:
        direction: Sign of the published effect; 0 where the study found none.
        published: The published estimate on the scale of ``found``, None where the scales differ.
        found: The repaired estimate; zero means no effect.
        bound: Smallest effect of interest, above zero.

    >>> verdict(1, 0.56, Bounds(0.25, 0.15, 0.35), 0.1), verdict(1, None, Bounds(0.01, -0.05, 0.07), 0.1)
    ('weaker', 'contradicted')
    >>> verdict(0, None, Bounds(0.0, -0.18, 0.19), 0.1), verdict(0, None, Bounds(0.0, -0.05, 0.06), 0.1)
    ('inconclusive', 'confirmed')
    """
    is_negligible = -bound < found.low and found.high < bound
    shown = 1 if found.low > 0 else -1 if found.high < 0 else 0
    if direction == 0:
        return "confirmed" if is_negligible else "contradicted" if shown else "inconclusive"
    if is_negligible or shown == -direction:
        return "contradicted"
    if shown == 0:
        return "inconclusive"
    if published is None:
        return "confirmed"
    nearest, farthest = sorted((direction * found.low, direction * found.high))
    return (
        "stronger" if nearest > direction * published else "weaker" if farthest < direction * published else "confirmed"
    )


def bounds_of(result: Result | None, claim: Claim) -> Bounds | None:
    """The estimate of a result on the scale of a claim; None where there is no estimate or no interval."""
    if result is None:
        return None
    found = result.estimate
    effect = claim.number == "effect size"
    value, low, high = found.effect if effect else found.interval
    if value is None or low is None or high is None:
        return None
    return Bounds(value - claim.neutral, low - claim.neutral, high - claim.neutral)


def direction(result: Result | None, claim: Claim, level: float) -> int | None:
    """Direction of the study's own finding.

    1 or -1 where it called it significant, 0 where not, None where nothing was computed. A share has no p-value: its
    interval decides on which side of the neutral value it lies.
    """
    if result is None:
        return None
    p = result.estimate.p if result.p_adjusted is None else result.p_adjusted
    found = bounds_of(result, claim)
    if p is not None and p >= level:
        return 0
    if found is None:
        return None
    is_shown = p is not None or found.low > 0 or found.high < 0
    return (1 if found.value > 0 else -1) if is_shown else 0


def judged(
    claim: Claim, results: Mapping[str, Result], protocol: Protocol, baseline: Baseline, missing: str | None = None
) -> Conclusion:
    """The conclusion of one claim.

    Args:
        claim: The claim.
        results: Results by id.
        protocol: Level and smallest effects.
        baseline: What the version ``as-published`` is on these data.
        missing: What these data lack, said where there is no result at all.
    """
    before, after = results.get(claim.published), results.get(claim.repaired)
    found = bounds_of(after, claim)
    way = direction(before, claim, protocol.level)
    against = bounds_of(before, claim)
    if claim.is_difference and found is not None and against is not None:
        found, way = Bounds(*(one - against.value for one in found)), 0
    bound = protocol.smallest_effects[claim.smallest]
    finding = _finding(claim, after, found, bound, missing)
    if found is None or way is None:
        return Conclusion(
            verdict="not-answerable",
            sentence=f"{finding} {_said('not-answerable', baseline, '')}".rstrip(),
            claim=claim.id,
        )
    compared = against.value if against is not None and claim.same_scale and not claim.is_difference else None
    decided = verdict(way, compared, found, bound)
    return Conclusion(
        verdict=decided,
        sentence=f"{finding} {_said(decided, baseline, _was(before, claim, way))}",
        claim=claim.id,
        result=claim.repaired,
        low=found.low + claim.neutral,
        high=found.high + claim.neutral,
        bound=bound,
        published=None if compared is None else compared + claim.neutral,
    )


def _finding(claim: Claim, result: Result | None, found: Bounds | None, bound: float, missing: str | None) -> str:
    """The finding in words with estimate, interval and n."""
    if result is None or found is None:
        refused = missing if result is None else result.estimate.refused
        reason = refused or "there are too few data"
        return f"{claim.subject}: not answerable, {reason}."
    shown = 1 if found.low > 0 else -1 if found.high < 0 else 0
    is_negligible = -bound < found.low and found.high < bound
    words = claim.none if is_negligible else {1: claim.up, -1: claim.down, 0: claim.unclear}[shown]
    return f"{words} ({_numbers(result, claim)}, n {count(result.estimate.n)})."


def _numbers(result: Result, claim: Claim) -> str:
    """Name, estimate and interval as they stand in a sentence."""
    found = result.estimate
    if claim.number == "effect size":
        return f"{found.effect_name} {number(found.effect_size)} {interval(found.effect_low, found.effect_high)}"
    if is_share(found):
        return percent(found.estimate, found.low, found.high)
    if found.unit == PERCENT_A_MONTH:
        return f"{number(found.estimate)} % a month {interval(found.low, found.high)}"
    unit = f" {found.unit}" if found.unit not in {None, "1"} else ""
    return f"{found.estimate_name} {number(found.estimate)}{unit} {interval(found.low, found.high)}"


def _was(result: Result | None, claim: Claim, way: int) -> str:
    """What the study found, in brackets."""
    if result is None:
        return ""
    found = result.estimate
    value = found.effect_size if claim.number == "effect size" else found.estimate
    p = result.estimate.p if result.p_adjusted is None else result.p_adjusted
    shown = percent(value) if is_share(found) else number(value)
    said = [] if value is None or not claim.same_scale else [shown]
    said += [] if p is None else [p_statement(p)]
    said += ["no difference shown"] if way == 0 and p is not None else []
    return f" ({', '.join(said)})" if said else ""


def _said(decided: ClaimVerdict, baseline: Baseline, published: str) -> str:
    """What the finding means for the published one."""
    words = PUBLISHED_WORDS if baseline == "as published" else RECIPE_WORDS
    return words[decided].format(published=published)


def together(parts: list[Conclusion]) -> Conclusion | None:
    """One conclusion of several claims: the verdict, interval and bound are those of the weakest."""
    if len(parts) < 2:
        return parts[0] if parts else None
    weakest = min(parts, key=lambda part: WEAKEST_FIRST.index(part.verdict))
    return Conclusion(
        verdict=weakest.verdict,
        sentence=" ".join(part.sentence for part in parts),
        claim=weakest.claim,
        result=weakest.result,
        low=weakest.low,
        high=weakest.high,
        bound=weakest.bound,
        published=weakest.published,
        parts=tuple(parts),
    )
