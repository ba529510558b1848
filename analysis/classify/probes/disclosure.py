"""Probes about the emissions themselves: where they stand, in which unit, whether they can be, and what they cover."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.classify.decided import decisive_claim
from analysis.classify.findings import (
    Case,
    Finding,
    absent,
    could_not_look,
    does_not_apply,
    not_reported,
    reported,
    unreadable,
)
from mining.corrections import BY_HAND
from mining.meter_files import FILE_FAULTS
from mining.schema import Claim

METADATA = "metadata:"
"""Beginning of the place of a claim that the metadata makes."""
TRAINING_SCOPES = frozenset({"training-run", "pre-training", "fine-tuning", "family-total", "component", "unknown"})
NO_EMISSIONS = "no emissions are reported"
UNIT_WORDS = {
    "assumed": "the unit is assumed: none is written beside the number, and nothing confirms it",
    "corrected": "the unit as written is wrong",
    "contradicted": "statements contradict each other",
}
DOUBTS = frozenset({"implausible", "contradicted"})


def claims_of(case: Case, quantity: str, scopes: Iterable[str] | None = None) -> list[Claim]:
    """Claims of one quantity, optionally of some scopes only."""
    if not case.claims:
        return []
    wanted = None if scopes is None else frozenset(scopes)
    return [claim for claim in case.claims if claim.quantity == quantity and (wanted is None or claim.scope in wanted)]


def place(claim: Claim) -> str:
    """Evidence with its place in front."""
    return f"{claim.where}: {claim.text}"


def _state(case: Case, probe: str, claims: list[Claim], where: str) -> Finding:
    """Reported, unreadable or absent, from the claims found in one place."""
    good = [claim for claim in claims if claim.outcome == "reported"]
    if good:
        return reported(probe, f"stated in {where}", place(good[0]))
    bad = [claim for claim in claims if claim.outcome == "unreadable"]
    if bad:
        return unreadable(probe, why_unreadable(bad[0], where), place(bad[0]))
    unseen = [claim for claim in claims if claim.outcome == "could-not-look"]
    if unseen:
        return could_not_look(probe, why_unreadable(unseen[0], where))
    if claims:
        return not_reported(probe, f"{where}: only a placeholder or a refusal", place(claims[0]))
    return absent(case, probe, f"not stated in {where}")


def why_unreadable(claim: Claim, where: str) -> str:
    """Why a value could not be read: what a file lacks, with its name, or that it cannot be understood.

    Args:
        claim: A claim that is unreadable or could not be looked at.
        where: What to call its place, unless it is a file.
    """
    words = next((told for flag, told in FILE_FAULTS.items() if flag in claim.flags), None)
    if words is None:
        return f"{where}: a value that cannot be understood"
    name, _, row = claim.where.removeprefix("file:").rpartition(":")
    return f"{name}, row {row}: {words}" if row.strip("0") else f"{name}: {words}"


def emissions_in_metadata(case: Case) -> Finding:
    """Do the metadata state the training emissions?

    A repository whose card was not read may still show its metadata in the listing, so the claim decides, not the card.
    """
    claims = [claim for claim in claims_of(case, "emissions") if claim.where.startswith(METADATA)]
    return _amount(case, "emissions-in-metadata", claims, "the metadata")


def emissions_in_card(case: Case) -> Finding:
    """Does the text of the card, or a measurement file, state the training emissions?

    A row of a table about another model says nothing of this one, unless a row of its own was settled.
    """
    outside = [claim for claim in claims_of(case, "emissions") if not claim.where.startswith(METADATA)]
    if case.record.carbon.emissions_gco2e is None:
        outside = [claim for claim in outside if claim.subject is None]
    settled_here = case.record.carbon.emissions_source in {"card", "file"}
    claims = [claim for claim in outside if claim.scope in TRAINING_SCOPES or settled_here]
    return _amount(case, "emissions-in-card", claims, "card or measurement file")


def _amount(case: Case, probe: str, claims: list[Claim], where: str) -> Finding:
    """What came of amounts found in one place: none is reported where none could be settled on as this model's."""
    carbon = case.record.carbon
    if carbon.emissions_decided_by == BY_HAND and (carbon.emissions_source == "metadata") == (where == "the metadata"):
        return reported(probe, "corrected by hand", next(iter(case.record.corrections), None))
    decided = decisive_claim(claims, carbon)
    good = decided or next((claim for claim in claims if claim.outcome == "reported"), None)
    if good is not None and carbon.emissions_gco2e is None:
        reason = f"{where}: an amount that may not be this model's training"
        finding = unreadable if carbon.emissions_outcome == "unreadable" else not_reported
        return finding(probe, reason, place(good))
    return _state(case, probe, [decided, *claims] if decided is not None else claims, where)


def unit_explicit(case: Case) -> Finding:
    """Is the unit of the emissions beyond doubt?"""
    carbon = case.record.carbon
    if carbon.emissions_gco2e is None:
        return _without_emissions(case, "unit-explicit")
    rule = f"decided by: {carbon.emissions_decided_by}"
    if carbon.emissions_unit_status == "stated":
        return reported("unit-explicit", "a unit is stated", rule)
    if carbon.emissions_gco2e == 0:
        return reported("unit-explicit", "zero is zero in every unit", rule)
    return not_reported(
        "unit-explicit", UNIT_WORDS.get(carbon.emissions_unit_status or "", "the unit is not clear"), rule
    )


def emissions_plausible(case: Case) -> Finding:
    """Is the value physically possible and consistent across places?"""
    carbon = case.record.carbon
    if carbon.emissions_gco2e is None:
        return _without_emissions(case, "emissions-plausible")
    doubts = sorted(DOUBTS & set(carbon.emissions_flags))
    if doubts:
        return not_reported("emissions-plausible", f"a stated number contradicts the value ({', '.join(doubts)})")
    return reported("emissions-plausible", "no conflicting number found")


def scope_stated(case: Case) -> Finding:
    """Is it said what the emissions cover?"""
    record = case.record
    if record.carbon.emissions_gco2e is None:
        return _without_emissions(case, "scope-stated")
    scope = record.carbon.emissions_scope
    if scope not in {None, "unknown"}:
        return reported("scope-stated", f"the value covers: {scope}")
    if record.training.training_type:
        return reported("scope-stated", f"training type is stated: {record.training.training_type}")
    return not_reported("scope-stated", "it is not said what the value covers")


def experiments_stated(case: Case) -> Finding:
    """Are the emissions or energy of all experiments stated?"""
    claims = claims_of(case, "emissions", {"experiments"}) + claims_of(case, "energy", {"experiments"})
    return _state(case, "experiments-stated", claims, "card or metadata")


def inference_cost_stated(case: Case) -> Finding:
    """Is the energy or carbon of using the model stated?"""
    claims = claims_of(case, "emissions", {"inference"}) + claims_of(case, "energy", {"inference"})
    return _state(case, "inference-cost-stated", claims, "card or metadata")


def embodied_or_water_stated(case: Case) -> Finding:
    """Are embodied emissions or water stated?"""
    claims = claims_of(case, "emissions", {"embodied"}) + claims_of(case, "water")
    return _state(case, "embodied-or-water-stated", claims, "card or metadata")


def _without_emissions(case: Case, probe: str) -> Finding:
    """The question falls away where nothing is reported, but only where that could be seen."""
    if case.record.carbon.emissions_outcome == "could-not-look" or not case.card_was_read:
        return absent(case, probe, NO_EMISSIONS)
    return does_not_apply(probe, NO_EMISSIONS)
