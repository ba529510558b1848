"""Amounts under headings of several sizes of a family, on a card that is none of them alone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.model_names import own_size, size_of
from mining.schema import OWN_SCOPES, Claim

__all__ = ["sizes_apart"]

LEAST_SIZES = 2


def sizes_apart(claims: Sequence[Claim], card: Document) -> list[Claim]:
    """Claims, those under headings that name different sizes as parts of the family's.

    On "the models" the card of 9B and 80B, what training the 9B model emitted is not what the card's training emitted.

    Args:
        claims: Emission claims of a body.
        card: The card.
    """
    sizes = [
        size_of(claim.section or "") if claim.scope in OWN_SCOPES and claim.inner_value and not claim.subject else None
        for claim in claims
    ]
    if len({size for size in sizes if size}) < LEAST_SIZES or own_size(card) is not None:
        return list(claims)
    return [
        replace(claim, scope="component", subject=claim.section) if size else claim
        for claim, size in zip(claims, sizes, strict=True)
    ]
