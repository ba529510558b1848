"""Whether a card says of its own metadata that their emissions are another model's: in a comment, or in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.document.passages import sentences
from mining.card.lexicon.keywords import has_emission_word
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["as_of_others", "is_said_in_comment", "is_said_in_text"]

_COMMENT = regex(
    r"\s#.*?(?:\b(?:kept|copied|inherited|taken|carried over|unchanged|borrowed)\s(?:\w+\s){0,3}from\b"
    r"|\b(?:of|from|for|by)\s(?:the\s)?(?:base|parent|upstream|teacher|(?:original|source)\s(?:model|card"
    r"|authors?))\b)",
    re.IGNORECASE,
    stems="#",
)
_METADATA = regex(
    r"\b(?:meta-?data|front ?matter|yaml|header|co2_eq_emissions|(?:carbon|climate|emissions?)[ -](?:block|field"
    r"|entry|record))\b",
    re.IGNORECASE,
    stems="meta;front;yaml;header;co2_eq_emissions;block;field;entry;record",
)
_BELONGS = regex(
    r"\b(?:belongs? to|inherited|copied|came along|comes? from|carried over|taken (?:over )?from|(?:is"
    r"|are) (?:that|those) of"
    r"|(?:is|are) the (?:base|original|parent)|(?:is|are) (?:the|an?) [\w-]+(?: [\w-]+)?['’]s|refers? to|describes?)\b",
    re.IGNORECASE,
    stems="belong;inherited;copied;came;come;carried;taken;that of;those of;is the;are the;is a;are a;refer;describe",
)
_OTHERS = frozenset({"base", "other", "family"})
_NOT = regex(r"\b(?:not|never|no longer|n't)\s(?:\w+\s)?$", re.IGNORECASE)
LINES_CAP = 400


def is_said_in_comment(block: Sequence[str]) -> bool:
    """Whether a comment in the metadata's block says so ("# kept from the parent's record").

    Args:
        block: Lines of the block.
    """
    return any(_COMMENT.search(line) for line in block)


def is_said_in_text(card: Document) -> bool:
    """Whether a sentence of the card says so ("the climate block in the header belongs to the base").

    Args:
        card: A parsed card.
    """
    for line in card.body[:LINES_CAP]:
        if line.kind != "text" or not _METADATA.search(line.plain) or not _BELONGS.search(line.plain):
            continue
        for low, high in sentences(line.plain):
            said = line.plain[low:high]
            speaks = _METADATA.search(said) and (has_emission_word(said.lower()) or "climate" in said.lower())
            verb = _BELONGS.search(said) if speaks else None
            if verb is None or _NOT.search(said, 0, verb.start()):
                continue
            concepts = {hit.concept for hit in find_concepts(said, frozenset({"en", *card.languages}))}
            if _COPIED.search(said) or _ANOTHERS.search(said) or not concepts.isdisjoint(_OTHERS):
                return True
    return False


_ANOTHERS = regex(
    r"\b(?:is|are)\s(?:the|an?)\s(?!(?:model|run|training)['’]s)[\w-]+(?:\s[\w-]+)?['’]s\b"
    r"(?!\s(?:training|emission))",
    re.IGNORECASE,
)
"""A value that is called another one's ("the value under co2_eq_emissions is the cardiology model's")."""
_COPIED = regex(r"\bcopied (?:the|this|its|their|over)\b|\bcame along\b", re.IGNORECASE, stems="copied;came along")


def as_of_others(claims: Sequence[Claim]) -> list[Claim]:
    """Claims of such metadata, as another model's.

    Args:
        claims: Claims of the metadata.
    """
    return [replace(claim, scope="other-model") if claim.outcome == "reported" else claim for claim in claims]
