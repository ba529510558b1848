"""Settling: among all claims of a card, the training emissions of its model, in grams, and the rule that decided.

Order of the rules for a unit: written beside the number; the body repeats the metadata's number with a unit; emissions
over energy; hardware, count, hours and power; else the metadata's own definition (grams). A corrected value keeps the
original beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mining.card.resolve.candidates import best_of_body, names_a_size, names_of, rivals, usable
from mining.card.resolve.plausibility import Evidence, evidence_of, is_beyond, is_instant, plausibility_of
from mining.card.values.rounding import agrees, same_digits
from mining.schema import Claim, Settlement, StatedIn
from mining.units import scaled, unit_factor

RULES = (
    "metadata-states-unit",
    "body-agrees",
    "body-repeats-number",
    "file-repeats-number",
    "energy-ratio",
    "hardware-bound",
    "tool-prints-kilograms",
    "metadata-grams",
    "body-states-unit",
    "card-label",
    "card-table",
    "card-prose",
    "card-log",
    "card-energy-ratio",
    "card-hardware-bound",
    "file-kilograms",
    "by-hand",
)
"""Every name that `Settlement.emissions_decided_by` can have."""

_OF_TRAINING = frozenset({"training-run", "pre-training", "fine-tuning", "family-total", "unknown"})
_DOUBTS_OF_READING = frozenset({"ambiguous-number", "unclear-subject"})
"""Flags of a claim that can be read in two ways; alone it is unreadable, never not reported."""
_FLAGS = ("zero", "range", "upper-bound", "lower-bound", "approximate")


MOST_G = 1e12
"""A million tonnes: more than any training known; all of mankind emits some 5e16 g a year."""
LEAST_G = 1e-6
"""A small processor emits more in a second on the cleanest grid."""
BILLIONS = 1_000_000_000
"""Parameters from which a training that emitted one gram is a number that only holds a place."""


class ModelFacts(Struct, frozen=True, kw_only=True):
    """What is known of the model beside its card.

    Attributes:
        title: First heading of the card.
        base_relation: finetune, quantized, merge, adapter.
        parameters_count: Parameters of the model.
    """

    title: str | None = None
    base_relation: str | None = None
    parameters_count: int | None = None


def settle(
    claims: Iterable[Claim],
    *,
    model_id: str | None = None,
    front_matter: Mapping[str, Any] | None = None,
    facts: ModelFacts | None = None,
) -> Settlement:
    """Choose the training emissions.

    Args:
        claims: Claims of one model (`CardReading.claims`).
        model_id: Repository, to find the model's own row in a table of several.
        front_matter: Metadata of the card.
        facts: What else is known; pass at least the card's title.

    Returns:
        The settlement; its outcome tells *not reported* from *unreadable*.
    """
    claims = tuple(claims)
    facts = facts or ModelFacts()
    emissions = [claim for claim in claims if claim.quantity == "emissions"]
    if not emissions:
        return Settlement()
    metadata = next((claim for claim in emissions if _source(claim) == "metadata" and usable(claim)), None)
    files = [claim for claim in emissions if _source(claim) == "file" and usable(claim)]
    names = names_of(model_id, facts.title, front_matter)
    body = best_of_body([claim for claim in emissions if _source(claim) == "card"], names)
    evidence = evidence_of(claims, None if body is None else body.subject)
    if metadata is None and body is not None and _is_too_much(body, claims):
        emissions = [_unclear(claim) if _is_too_much(claim, claims) else claim for claim in emissions]
        body = best_of_body([claim for claim in emissions if _source(claim) == "card"], names)
    in_body = [claim for claim in emissions if _source(claim) == "card"]
    settled: Settlement | None
    if metadata is not None and metadata.value == 0 and body is None and _flags_of_none(in_body):
        settled = None  # a nought beside "to be added" holds a place
    elif metadata is not None:
        settled = _instant(_with_metadata(metadata, body, [*emissions, *files], evidence), metadata, claims)
    elif body is not None:
        settled = _from_body(body, evidence)
        if settled is not None and rivals(body, in_body):
            settled = _flagged(settled, "contradicted")
    else:
        settled = _from_files(files) if files else None
    if settled is None:
        return Settlement(emissions_outcome=_outcome(emissions), emissions_flags=_flags_of_none(emissions))
    return _believable(_of_the_model(settled, emissions, model_id, facts, front_matter), metadata, facts)


def _is_too_much(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Whether an amount of a sentence is more than the training that the card tells of can have emitted."""
    if not claim.inner_value or _labelled(claim) or "ambiguous-number" in claim.flags:
        return False
    return is_beyond(claim.inner_value, claims)


def _unclear(claim: Claim) -> Claim:
    return replace(claim, flags=tuple(dict.fromkeys((*claim.flags, "unclear-subject"))))


def _flagged(settled: Settlement, *flags: str) -> Settlement:
    return replace(settled, emissions_flags=tuple(dict.fromkeys((*settled.emissions_flags, *flags))))


def _believable(settled: Settlement, metadata: Claim | None, facts: ModelFacts) -> Settlement:
    """Bounds that need no other evidence, and numbers that only hold a place."""
    grams = settled.emissions_gco2e or 0.0
    if grams > MOST_G or 0 < grams < LEAST_G:
        return _flagged(settled, "implausible")
    is_copy = facts.base_relation in {"merge", "quantized", "adapter"}
    if (
        metadata is not None
        and metadata.value == 1
        and grams == 1
        and not is_copy
        and (facts.parameters_count or 0) >= BILLIONS
    ):
        return _flagged(settled, "implausible", "placeholder")
    return settled


def _source(claim: Claim) -> StatedIn:
    return claim.place.source


def _outcome(emissions: Sequence[Claim]) -> Any:
    if any(
        claim.outcome == "unreadable"
        or (
            claim.outcome == "reported"
            and (
                claim.inner_value is None
                or claim.scope == "experiments"
                or not _DOUBTS_OF_READING.isdisjoint(claim.flags)
            )
        )
        for claim in emissions
    ):
        return "unreadable"
    return "could-not-look" if any(claim.outcome == "could-not-look" for claim in emissions) else "not-reported"


def _flags_of_none(emissions: Sequence[Claim]) -> tuple[str, ...]:
    return ("placeholder",) if any("placeholder" in claim.flags for claim in emissions) else ()


def _settled(claim: Claim, grams: float, status: Any, rule: str, *flags: str) -> Settlement:
    factor = grams / claim.value if claim.value else 1.0
    low = None if claim.low is None else claim.low * factor
    high = None if claim.high is None else claim.high * factor
    if "upper-bound" in claim.flags and low is None:
        low, high = 0.0, grams
    kept = tuple(flag for flag in _FLAGS if flag in claim.flags)
    return Settlement(
        emissions_gco2e=grams,
        emissions_low_gco2e=low,
        emissions_high_gco2e=high,
        emissions_source=_source(claim),
        emissions_unit_status=status,
        emissions_decided_by=rule,
        emissions_scope=claim.scope,
        emissions_flags=tuple(dict.fromkeys((*flags, *kept))),
        emissions_original=claim.value,
        emissions_original_unit=claim.unit,
        emissions_outcome="reported",
    )


def _of_the_model(
    settled: Settlement,
    emissions: Sequence[Claim],
    model_id: str | None,
    facts: ModelFacts,
    front_matter: Mapping[str, Any] | None,
) -> Settlement:
    """What the value is to this model: a family's total on a member's card, or a copy's inheritance."""
    flags = settled.emissions_flags
    scope = settled.emissions_scope
    totals = [
        claim for claim in emissions if claim.scope == "family-total" and "total" in claim.flags and usable(claim)
    ]
    if settled.emissions_gco2e and any(agrees(settled.emissions_gco2e, claim) for claim in totals):
        scope = "family-total"
    if scope == "family-total" and names_a_size(model_id, facts.title):
        flags = (*flags, "family-total")
    relation = facts.base_relation or (front_matter or {}).get("base_model_relation")
    if relation == "quantized":
        flags = (*flags, "inherited")
    return replace(settled, emissions_flags=tuple(dict.fromkeys(flags)), emissions_scope=scope)


def _instant(settled: Settlement, metadata: Claim, claims: Sequence[Claim]) -> Settlement:
    """A number by hand that would be seconds of a GPU; CodeCarbon prints kilograms, else it is doubtful."""
    grams = settled.emissions_gco2e
    by_hand = metadata.value is not None and len(repr(metadata.value).replace(".", "").strip("0")) < 7
    if settled.emissions_decided_by != "metadata-grams" or not by_hand or not grams or not is_instant(grams, claims):
        return settled
    tool = " ".join(claim.text.lower() for claim in claims if claim.quantity == "tool")
    if "codecarbon" in tool.replace(" ", ""):
        return _settled(metadata, scaled(grams, 1000), "corrected", "tool-prints-kilograms", "corrected-unit")
    return replace(settled, emissions_flags=tuple(dict.fromkeys((*settled.emissions_flags, "implausible"))))


def _with_metadata(metadata: Claim, body: Claim | None, others: Sequence[Claim], evidence: Evidence) -> Settlement:
    """The metadata's number: its unit by the rules in their order."""
    assert metadata.value is not None
    assert metadata.inner_value is not None
    grams = metadata.inner_value
    if metadata.value == 0:
        return _zero_metadata(metadata, body, evidence)
    others = [
        claim for claim in others if _source(claim) != "metadata" and usable(claim) and claim.inner_value is not None
    ]
    if any(agrees(grams, claim) for claim in others):
        return _settled(metadata, grams, "stated", "body-agrees", *_doubts(grams, evidence))
    repeated = next(
        (claim for claim in others if claim.unit not in {None, "g"} and same_digits(metadata.value, claim)), None
    )
    if repeated is not None and repeated.inner_value is not None and repeated.value:
        grams = scaled(metadata.value, unit_factor("emissions", repeated.unit or "g"))
        rule = "file-repeats-number" if _source(repeated) == "file" else "body-repeats-number"
        return _settled(metadata, grams, "corrected", rule, "corrected-unit", *_doubts(grams, evidence))
    verdict = plausibility_of(grams, evidence)
    if verdict.as_kilograms and (body is None or body.inner_value is None or not _labelled(body)):
        return _settled(metadata, scaled(grams, 1000), "corrected", verdict.rule or "energy-ratio", "corrected-unit")
    return _against_body(metadata, grams, body, verdict.implausible, evidence)


def _against_body(
    metadata: Claim, grams: float, body: Claim | None, implausible: bool, evidence: Evidence
) -> Settlement:
    """Metadata and body differ, or only the metadata speaks."""
    stated = metadata.unit is not None
    rule: str = "metadata-states-unit" if stated else "metadata-grams"
    status = "stated" if stated else "assumed"
    flags = ("implausible",) if implausible else ()
    flags = flags if stated else (*flags, "assumed-unit")
    if body is None or not body.inner_value or body.scope == "experiments":
        return _settled(metadata, grams, status, rule, *flags)
    body_plausible = not plausibility_of(body.inner_value, evidence).implausible
    if (
        body_plausible
        and ((_labelled(body) and body.unit not in {None, "g"}) or implausible)
        and body.scope in _OF_TRAINING
    ):
        return _settled(body, body.inner_value, "contradicted", "body-states-unit", "contradicted")
    if _labelled(body) or (body.scope in _OF_TRAINING and "range" not in body.flags):
        return _settled(metadata, grams, "contradicted", rule, *flags, "contradicted")
    return _settled(metadata, grams, status, rule, *flags)


def _zero_metadata(metadata: Claim, body: Claim | None, evidence: Evidence) -> Settlement:
    if body is not None and body.inner_value and _labelled(body):
        return _settled(body, body.inner_value, "contradicted", "body-states-unit", "contradicted")
    return _settled(
        metadata,
        0.0,
        "stated" if metadata.unit else "assumed",
        "metadata-grams",
        *(() if metadata.unit else ("assumed-unit",)),
    )


def _labelled(claim: Claim) -> bool:
    return bool({"labelled", "table", "log"} & set(claim.flags))


def _doubts(grams: float, evidence: Evidence) -> tuple[str, ...]:
    return ("implausible",) if plausibility_of(grams, evidence).implausible else ()


def _from_body(body: Claim, evidence: Evidence) -> Settlement | None:
    if "ambiguous-number" in body.flags and body.inner_value:
        allowed = _by_physics(body, evidence)
        if allowed is None:
            return None
        body = allowed
    if body.inner_value is not None:
        kind = next((name for name in ("labelled", "table", "log") if name in body.flags), "prose")
        rule = "card-label" if kind == "labelled" else f"card-{kind}"
        return _settled(body, body.inner_value, "stated", rule, *_doubts(body.inner_value, evidence))
    if not body.value:
        return None
    verdict = plausibility_of(body.value, evidence)
    if verdict.rule is None or verdict.implausible:
        return None
    grams = scaled(body.value, 1000) if verdict.as_kilograms else body.value
    return _settled(body, grams, "assumed", f"card-{verdict.rule}", "assumed-unit")


def _by_physics(body: Claim, evidence: Evidence) -> Claim | None:
    """The reading of "17,465 kg" that the card's energy or hardware allows; None where they allow both or neither."""
    assert body.inner_value is not None
    assert body.value is not None
    fitting = [
        factor
        for factor in (1.0, 1e-3, 1e3)
        if (factor == 1.0 or (factor < 1) == (body.value >= 1000))
        and (verdict := plausibility_of(body.inner_value * factor, evidence)).rule is not None
        and not verdict.implausible
        and not verdict.as_kilograms
    ]
    if len(fitting) != 1:
        return None
    return replace(body, value=body.value * fitting[0], inner_value=scaled(body.inner_value, fitting[0]))


def _from_files(files: Sequence[Claim]) -> Settlement | None:
    """CodeCarbon appends a row for every run: the last one stands for the model, all of them bound it."""
    last = files[-1]
    if last.inner_value is None:
        return None
    settled = _settled(last, last.inner_value, "stated", "file-kilograms")
    if len(files) == 1:
        return settled
    values = [claim.inner_value or 0.0 for claim in files]
    return replace(
        settled,
        emissions_low_gco2e=min(values),
        emissions_high_gco2e=sum(values),
        emissions_flags=(*settled.emissions_flags, "range"),
    )
