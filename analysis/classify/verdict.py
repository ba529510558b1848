"""Findings become a verdict.

Level, score with coverage, disclosure, the 2023 classes, and which other yardsticks are satisfied. This room weighs
answers and knows nothing of the Hub. It first checks that exactly the expected probes reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from analysis.classify.classes_2023 import published_class, repaired_class
from analysis.classify.findings import Case, Finding
from analysis.classify.rubric import Disclosure, Rubric, rubric
from mining.errors import CheckFailedError
from mining.schema import Outcome

UNKNOWN_LEVEL = "unknown"
"""Given when nothing could be looked at; it stands outside the order of the levels."""

EMISSIONS = ("emissions-in-metadata", "emissions-in-card")
CONTEXT = (
    "hardware-stated", "duration-stated", "energy-stated", "region-stated", "provider-stated",
    "power-or-intensity-stated",
)  # fmt: skip
EXPLAINED = ("unit-explicit", "scope-stated", "hardware-stated", "tool-stated")
RECOMPUTABLE = (
    ("energy-stated", "region-stated"),
    ("hardware-stated", "hardware-count-stated", "duration-stated", "region-stated"),
)
UNSEEN: frozenset[Outcome] = frozenset({"could-not-look", "our-error"})
REPORTED: frozenset[Outcome] = frozenset({"reported"})


WORDS = {
    "unit-explicit": "an unambiguous unit", "scope-stated": "what the value covers", "hardware-stated": "hardware",
    "hardware-count-stated": "number of devices", "tool-stated": "tool or method", "energy-stated": "energy",
    "duration-stated": "training time", "region-stated": "place", "provider-stated": "cloud or computing centre",
    "power-or-intensity-stated": "power, carbon intensity or PUE",
}  # fmt: skip
"""What each of the probes that decide the level asks for."""


class Met(Struct, frozen=True, kw_only=True):
    """Whether one item of another yardstick is satisfied: reported, not-reported, or could-not-look."""

    yardstick: str
    item: str
    asks: str
    outcome: Outcome


class Verdict(Struct, frozen=True, kw_only=True):
    """The judgement of one model's disclosure.

    Attributes:
        level: Our level; ``unknown`` where nothing could be looked at.
        reason: Why that level, in one sentence.
        published_level: Class of the 2023 study by its own code; ``repaired_level`` by its own criteria.
        disclosure: direct, indirect or none.
        score: 0 to 100: weight of what is reported in the weight of what applies and was seen.
        coverage: 0 to 1: weight of what was seen in the weight of what applies.
        next_steps: Ids of probes whose remedy adds most, first things first.
    """

    level: str
    reason: str
    published_level: str
    repaired_level: str
    disclosure: Disclosure
    score: float
    coverage: float
    findings: tuple[Finding, ...]
    yardsticks: tuple[Met, ...]
    next_steps: tuple[str, ...]
    rubric_version: str


def judge(case: Case, findings: Sequence[Finding], rules: Rubric | None = None) -> Verdict:
    """Weigh the findings of one model.

    Args:
        case: The model and its claims.
        findings: One finding of every probe.
        rules: The rubric; the shipped one unless given.

    Raises:
        CheckFailedError: A probe is missing, unknown or answered twice: an internal error, never a low score.
    """
    rules = rules or rubric()
    weighed = _weighed(tuple([(finding.id, finding.outcome) for finding in findings]), rules)
    emissions, hardware = case.record.carbon.emissions_gco2e is not None, case.record.training.hardware is not None
    return Verdict(
        level=weighed.level,
        reason=weighed.reason,
        published_level=published_class(reports_emissions=_published_emissions(case), reports_hardware=hardware),
        repaired_level=repaired_class(reports_emissions=emissions, reports_hardware=hardware, tags=case.record.tags),
        disclosure=weighed.disclosure,
        score=weighed.score,
        coverage=weighed.coverage,
        findings=tuple(findings),
        yardsticks=weighed.yardsticks,
        next_steps=weighed.next_steps,
        rubric_version=rules.version,
    )


class _Weighed(Struct, frozen=True, kw_only=True):
    """The part of a verdict that the outcomes alone decide; fields as in :class:`Verdict`."""

    level: str
    reason: str
    disclosure: Disclosure
    score: float
    coverage: float
    yardsticks: tuple[Met, ...]
    next_steps: tuple[str, ...]


@lru_cache(maxsize=4096)
def _weighed(answers: tuple[tuple[str, Outcome], ...], rules: Rubric) -> _Weighed:
    """Weigh outcomes by probe; most models share theirs with many others, hence the cache.

    Raises:
        CheckFailedError: Not exactly the probes of the rubric answered.
    """
    outcomes = _expected(answers, rules)
    level, reason = level_of(outcomes)
    score, coverage = score_of(outcomes, rules)
    return _Weighed(
        level=level,
        reason=reason,
        disclosure=disclosure_of(outcomes),
        score=score,
        coverage=coverage,
        yardsticks=_met(outcomes, rules),
        next_steps=_next_steps(outcomes, rules),
    )


def _published_emissions(case: Case) -> bool:
    """Whether the 2023 code would have found emissions: it reads the metadata key, and takes zero for nothing."""
    return bool(case.record.emissions_metadata_value)


def _expected(answers: Sequence[tuple[str, Outcome]], rules: Rubric) -> dict[str, Outcome]:
    """Outcomes by probe, after checking that exactly the expected set answered."""
    outcomes = dict(answers)
    expected = {probe.id for probe in rules.probes}
    if set(outcomes) != expected or len(answers) != len(expected):
        raise CheckFailedError(f"probes and rubric disagree: {sorted(set(outcomes) ^ expected)}")
    return outcomes


def _all(outcomes: Mapping[str, Outcome], names: Sequence[str]) -> bool:
    return all(outcomes[name] == "reported" for name in names)


def _any(outcomes: Mapping[str, Outcome], names: Sequence[str]) -> bool:
    return any(outcomes[name] == "reported" for name in names)


def level_of(outcomes: Mapping[str, Outcome]) -> tuple[str, str]:
    """Level and its reason, from the outcomes alone."""
    if not _any(outcomes, EMISSIONS):
        return _level_without_emissions(outcomes)
    missing = missing_for_next(outcomes)
    if any(name in EXPLAINED for name in missing):
        return "stated", f"To reach Explained, add: {_words(missing)}."
    if outcomes["emissions-plausible"] != "reported":
        return "explained", "Another stated number contradicts the emissions."
    if any(_all(outcomes, way) for way in RECOMPUTABLE):
        return "verifiable", "The emissions can be recomputed from what is stated."
    return "explained", f"To reach Verifiable, add: {_words(missing)}."


def missing_for_next(outcomes: Mapping[str, Outcome]) -> list[str]:
    """Probes that stand between a model and its next level."""
    if not _any(outcomes, EMISSIONS):
        return [EMISSIONS[0]]
    unexplained = [name for name in EXPLAINED if outcomes[name] != "reported"]
    if unexplained:
        return unexplained
    if outcomes["emissions-plausible"] != "reported":
        return ["emissions-plausible"]
    return min(([name for name in way if outcomes[name] != "reported"] for way in RECOMPUTABLE), key=len)


def _level_without_emissions(outcomes: Mapping[str, Outcome]) -> tuple[str, str]:
    """Level where no emissions are reported: context, silent, or unknown where nobody could look."""
    found = [name for name in CONTEXT if outcomes[name] == "reported"]
    if found:
        return "context", f"No emissions are reported, but: {_words(found)}."
    if any(outcomes[name] in UNSEEN for name in (*EMISSIONS, *CONTEXT)):
        return UNKNOWN_LEVEL, "The card could not be read."
    if any(outcomes[name] == "unreadable" for name in EMISSIONS):
        return "silent", "A value for the emissions is unreadable."
    return "silent", "Nothing about emissions, energy, hardware, time or place."


def _words(names: Sequence[str]) -> str:
    """What probes ask for, as words of a list."""
    return ", ".join(WORDS.get(name, name) for name in names)


def disclosure_of(outcomes: Mapping[str, Outcome]) -> Disclosure:
    """Direct, indirect or no disclosure, after Luccioni et al. (arXiv 2506.15572), on the training of the model."""
    if _any(outcomes, (*EMISSIONS, "energy-stated")):
        return "direct"
    open_weights = _all(outcomes, ("weights-open", "model-size-known"))
    return "indirect" if open_weights or _any(outcomes, CONTEXT) else "none"


def score_of(outcomes: Mapping[str, Outcome], rules: Rubric) -> tuple[float, float]:
    """Score (0 to 100) and coverage (0 to 1); what was not seen lowers the coverage, never the score."""
    applies = seen = good = 0
    for probe in rules.probes:
        outcome, weight = outcomes[probe.id], probe.weight
        applies += weight if outcome != "does-not-apply" else 0
        seen += weight if outcome != "does-not-apply" and outcome not in UNSEEN else 0
        good += weight if outcome == "reported" else 0
    score = 100 * good / seen if seen else 0.0
    return round(score, 6), round(seen / applies, 6) if applies else 0.0


def _met(outcomes: Mapping[str, Outcome], rules: Rubric) -> tuple[Met, ...]:
    """Cross-walk to other yardsticks."""
    met = []
    for name, yardstick in rules.yardsticks.items():
        for item_id, item in yardstick.items.items():
            found = {outcomes[probe] for probe in item.probes}
            outcome: Outcome = "reported"
            if found != REPORTED:
                outcome = "not-reported" if found - UNSEEN - REPORTED else "could-not-look"
            met.append(Met(yardstick=name, item=item_id, asks=item.asks, outcome=outcome))
    return tuple(met)


def _next_steps(outcomes: Mapping[str, Outcome], rules: Rubric) -> tuple[str, ...]:
    """What to add first: what stands between the model and its next level, then most weight for least effort."""
    first = set(missing_for_next(outcomes))
    effort = {"low": 1, "medium": 2, "high": 4}
    open_probes = [probe for probe in rules.probes if outcomes[probe.id] in {"not-reported", "unreadable"}]
    ranked = sorted(
        open_probes, key=lambda probe: (probe.id not in first, -probe.weight / effort[probe.effort], probe.id)
    )
    return tuple(probe.id for probe in ranked)
