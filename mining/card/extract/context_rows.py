"""Which rows of a table of several trainings tell of the card's own model, once its emissions are settled."""

from __future__ import annotations

from mining.schema import Claim, Quantity

__all__ = ["NUMBERS", "own_rows"]

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
