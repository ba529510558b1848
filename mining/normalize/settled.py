"""Settlement and context of a model's claims; where nothing is claimed, their modules are not even loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mining.schema import Claim, Context, Settlement

__all__ = ["settled"]


def settled(
    claims: Sequence[Claim],
    front_matter: Mapping[str, Any] | None,
    model_id: str,
    title: str | None,
    base_relation: str | None,
    parameters_count: int | None,
) -> tuple[Settlement, Context]:
    """What the claims of a card come to.

    Args:
        claims: Claims of one model.
        front_matter: Metadata of the card.
        model_id: Repository.
        title: First heading of the card.
        base_relation: finetune, quantized, merge, adapter.
        parameters_count: Parameters of the model.
    """
    carbon = Settlement()
    if any(claim.quantity == "emissions" for claim in claims):
        from mining.card import ModelFacts, settle

        facts = ModelFacts(title=title, base_relation=base_relation, parameters_count=parameters_count)
        carbon = settle(claims, model_id=model_id, front_matter=front_matter, facts=facts)
    if not claims:
        from mining.card.extract.training_type import training_type

        return carbon, Context(training_type=training_type((), front_matter))
    from mining.card.extract.context import context

    return carbon, context(claims, front_matter=front_matter, emissions_gco2e=carbon.emissions_gco2e)
