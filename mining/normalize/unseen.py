"""Values of closed vocabularies that nobody has filed yet: licence, task, library, and the names that claims state.

They are counted, never repaired: a person decides whether a value is a new name, another spelling of one, or no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from mining.schema import Claim, ModelRecord, Quantity
from mining.vocab import vocabulary

NAMED: dict[Quantity, str] = {
    "hardware": "hardware",
    "region": "region",
    "provider": "provider",
    "tool": "tool",
    "training-type": "training_type",
}
"""Quantities whose claims are names, and the vocabulary of each."""

_CARD_PLACE = "card:"
_OWN_NAME = "other: "

Value = tuple[str, str]
"""Name of a vocabulary, and a value as written."""


def unseen_values(record: ModelRecord, claims: Sequence[Claim]) -> tuple[Value, ...]:
    """What a model states that stands in no list of its vocabulary.

    A placeholder ("unknown", "N/A") is known to be no answer and is not unseen; neither is a licence that its author
    named under ``other``.

    Args:
        record: The record of the model.
        claims: Its claims.

    Returns:
        Vocabulary and value, each time it is stated; empty for most models.
    """
    is_plain = not claims and _is_filed("task", record.pipeline_tag) and _is_filed("library", record.library)
    if is_plain and _is_filed("licence", record.license):
        return ()
    return (*_of_record(record), *_of_claims(claims))


def _of_record(record: ModelRecord) -> Iterator[Value]:
    for name, value in (("task", record.pipeline_tag), ("library", record.library)):
        if value is not None and not _is_filed(name, value):
            yield name, value
    if (
        record.license is not None
        and not record.license.startswith(_OWN_NAME)
        and not _is_filed("licence", record.license)
    ):
        yield from (("licence", one) for one in record.license.split(", ") if not _is_filed("licence", one))


def _of_claims(claims: Sequence[Claim]) -> Iterator[Value]:
    """Names that the card reader found no standard name for; in a card's own text a label may stand before the name."""
    for claim in claims:
        if claim.label is None and claim.outcome == "reported" and claim.quantity in NAMED:
            _, colon, after = claim.text.partition(":")
            text = after if colon and claim.where.startswith(_CARD_PLACE) else claim.text
            if not _is_filed(NAMED[claim.quantity], text):
                yield NAMED[claim.quantity], text


@lru_cache(maxsize=16_384)
def _is_filed(name: str, value: str | None) -> bool:
    """Whether a value stands in a list of the vocabulary, or there is none."""
    return value is None or vocabulary(name).encode(value).status != "unseen"
