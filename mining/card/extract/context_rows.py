"""Which claims beside emissions tell of the same training as they do: rows of a table, energies of a sentence."""

from __future__ import annotations

from mining.schema import Claim, Quantity

__all__ = ["NUMBERS", "own_rows", "without_strange_energy"]

NUMBERS: tuple[Quantity, ...] = ("duration", "energy", "power", "intensity", "pue", "water", "flop")
"""Quantities that are numbers; a row states its own."""


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
