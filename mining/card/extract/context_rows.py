"""Which claims beside emissions count: each once, and those of the same training: rows, energies of a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from mining.fields import ClaimFlag
from mining.schema import Claim, Quantity

__all__ = ["NUMBERS", "distinct", "own_rows", "whole_of", "with_measures_of_settled", "without_strange_energy"]

NUMBERS: tuple[Quantity, ...] = ("duration", "energy", "power", "intensity", "pue", "water", "flop")
"""Quantities that are numbers; a row states its own."""


def distinct(claims: Iterable[Claim]) -> list[Claim]:
    """Without claims that say the same at the same place; a service's own lines name it on every card.

    Args:
        claims: Claims in order.
    """
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        place = "" if claim.label == "autotrain" and "prose" in claim.flags else claim.where
        seen.setdefault((claim.quantity, place, claim.label, claim.count, claim.inner_value, claim.outcome), claim)
    return list(seen.values())


def whole_of(stages: list[float]) -> float:
    """The sum of stages; where one of them is what all others add up to, by whatever word it is called, that one.

    Args:
        stages: What each took.
    """
    largest = max(stages, default=0.0)
    is_sum = len(stages) > LEAST_PARTS and abs(sum(stages) - 2 * largest) <= SLACK * largest
    return largest if is_sum else sum(stages, 0.0)


def own_rows(claims: list[Claim], emissions_gco2e: float | None) -> list[Claim]:
    """Claims without those of other rows of the table that the settled emissions stand in.

    Where a row of it is the model's own by its name, that row counts, whatever the emissions are of.
    """
    stating = [claim for claim in claims if _states(claim, emissions_gco2e)]
    own = {(claim.section, claim.line) for claim in stating}
    is_total = any("total" in claim.flags for claim in stating)
    sections = {section for section, _ in own}
    named = {(claim.section, claim.quantity) for claim in claims if "cell" in claim.flags}
    return [
        claim
        for claim in claims
        if (
            "table" not in claim.flags
            or (claim.section, claim.line) in own
            or (
                "row" not in claim.flags
                and (
                    claim.section not in sections
                    or (is_total and claim.quantity not in NUMBERS)  # the devices of its stages
                )
            )
        )
        and not ("row" in claim.flags and (claim.section, claim.quantity) in named)
    ]


def _states(claim: Claim, emissions_gco2e: float | None) -> bool:
    return (
        claim.quantity == "emissions"
        and "table" in claim.flags
        and emissions_gco2e is not None
        and claim.inner_value == emissions_gco2e
    )


def without_strange_energy(claims: list[Claim]) -> list[Claim]:
    """Claims without the energies of sentences all of whose emissions are a project's, an answer's or another model's.

    Args:
        claims: All claims of a card.
    """
    told: dict[str, set[bool]] = {}
    for claim in claims:
        if claim.quantity == "emissions" and "prose" in claim.flags and claim.inner_value:
            is_strange = claim.scope in _STRANGE and "unclear-subject" not in claim.flags
            told.setdefault(claim.text, set()).add(not is_strange)
    strange = [text for text, own in told.items() if own == {False} and len(text) > LEAST_TEXT]
    return [
        claim
        for claim in claims
        if not (
            claim.quantity == "energy"
            and "prose" in claim.flags
            and any(text in claim.text or claim.text in text for text in strange)
        )
    ]


_STRANGE = frozenset({"experiments", "planned", "inference"})
LEAST_TEXT = 12


def with_measures_of_settled(claims: list[Claim], emissions_gco2e: float | None) -> list[Claim]:
    """Claims; times and energies that stand in the sentence of the settled emissions, or in those of its parts, count.

    Args:
        claims: All claims of a card.
        emissions_gco2e: The settled emissions.
    """
    told = [one for one in claims if one.quantity == "emissions" and "prose" in one.flags and one.inner_value]
    settled = next((one for one in told if emissions_gco2e and one.inner_value == emissions_gco2e), None)
    if settled is None or not emissions_gco2e:
        return claims
    measured = [one for one in claims if one.quantity == "energy" and _is_beside(one, settled)]
    measured = [one for one in measured if _is_paired(one, settled, claims)] or measured
    beside = [
        _as_total(one, "beside")
        if any(one is own for own in measured)
        else _of_more(one)
        if measured and one.quantity == "energy" and "prose" in one.flags
        else one
        for one in claims
    ]
    parts = [one for one in told if one.scope == "component" and one.line != settled.line]
    parts = [one for one in parts if (one.line or 0) < (settled.line or 0)] or parts
    if not LEAST_PARTS <= len(parts) <= MOST_PARTS or abs(_sum(parts) - emissions_gco2e) > SLACK * emissions_gco2e:
        return beside
    return [*beside, *(claim for quantity in _OF_PARTS if (claim := _of_parts(quantity, parts, beside)) is not None)]


LEAST_PARTS, MOST_PARTS = 2, 8
SLACK = 0.02
LEAST_G_PER_KWH, MOST_G_PER_KWH = 3.0, 1300.0
_OF_PARTS: tuple[Quantity, ...] = ("duration", "energy")


def _sum(claims: list[Claim]) -> float:
    return sum(claim.inner_value or 0.0 for claim in claims)


def _as_total(claim: Claim, *more: ClaimFlag) -> Claim:
    return replace(claim, flags=tuple(dict.fromkeys((*claim.flags, "total", *more))))


def _of_more(claim: Claim) -> Claim:
    """A total that is of more than the settled emissions, beside which another energy stands."""
    return replace(claim, flags=tuple(flag for flag in claim.flags if flag != "total"))


def _is_beside(claim: Claim, emissions: Claim) -> bool:
    """Whether a claim is made by the sentence that states emissions."""
    same = claim.text in emissions.text or emissions.text in claim.text
    intensity = (emissions.inner_value or 0.0) / (claim.inner_value or 1.0)
    is_of_it = LEAST_G_PER_KWH <= intensity <= MOST_G_PER_KWH  # else it is of a smaller model that stands beside
    return "prose" in claim.flags and same and is_of_it and min(len(claim.text), len(emissions.text)) > LEAST_TEXT


def _is_paired(energy: Claim, settled: Claim, claims: list[Claim]) -> bool:
    """Whether an energy stands where the settled emissions stand, in a sentence that gives several of each in turn."""
    amounts = [one for one in claims if one.quantity == "emissions" and one.text == settled.text]
    energies = [one for one in claims if one.quantity == "energy" and one.text == energy.text]
    places = [at for at, one in enumerate(amounts) if one is settled]
    return len(amounts) == len(energies) and places == [at for at, one in enumerate(energies) if one is energy]


def _of_parts(quantity: Quantity, parts: list[Claim], claims: list[Claim]) -> Claim | None:
    """What the stages took together, where each of them states it beside its emissions."""
    found = []
    for part in parts:
        near = (one for one in claims if one.quantity == quantity and one.line == part.line and one.inner_value)
        one = next((claim for claim in near if "device-hours" not in claim.flags), None)
        if one is None:
            return None
        found.append(one)
    if len({one.line for one in found}) != len(found) or any(
        "total" in one.flags for one in _claims_of(quantity, claims)
    ):
        return None
    total = _sum(found)
    return replace(_as_total(found[0]), inner_value=total, value=total, unit="h" if quantity == "duration" else "kWh")


def _claims_of(quantity: Quantity, claims: list[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.quantity == quantity]
