"""Which of a model's claims decided its emissions: the one whose words a reader is shown first."""

from __future__ import annotations

from collections.abc import Sequence

from mining.schema import Claim, Settlement

CLOSE = 1e-6
"""How far a claim may lie from the settled grams and still state them."""


def states(claim: Claim, grams: float | None) -> bool:
    """Whether a claim states these very grams; a number without a unit counts as grams."""
    if grams is None or claim.outcome != "reported":
        return False
    amount = claim.inner_value if claim.inner_value is not None else claim.value
    return amount is not None and abs(amount - grams) <= CLOSE * abs(grams)


def decisive_claim(claims: Sequence[Claim], carbon: Settlement) -> Claim | None:
    """The claim that decided.

    Args:
        claims: All claims of the model.
        carbon: What was settled.

    Returns:
        The claim that states the settled grams, best in the settled place and with a unit; where a unit was corrected
        without such words, the claim that was corrected. None where nothing was settled.
    """
    if carbon.emissions_gco2e is None:
        return None
    emissions = [claim for claim in claims if claim.quantity == "emissions" and claim.value is not None]
    stating = [claim for claim in emissions if states(claim, carbon.emissions_gco2e)]
    original = [
        claim
        for claim in emissions
        if (claim.value, claim.unit) == (carbon.emissions_original, carbon.emissions_original_unit)
    ]
    return min(stating or original, key=lambda claim: _distance(claim, carbon), default=None)


def _distance(claim: Claim, carbon: Settlement) -> tuple[bool, bool, bool, int]:
    """How little a claim looks like the one that was settled on."""
    return (
        claim.where.partition(":")[0] != carbon.emissions_source,
        claim.value != carbon.emissions_original,
        claim.scope != carbon.emissions_scope,
        claim.line or 0,
    )
