"""How the card's own model was made.

Pre-trained, fine-tuned, or both, from what metadata, labels and sentences say of it. What is said is weighed
(:data:`WEIGHTS`); the heavier side is the answer, both where each is said strongly and no base model is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.context_checkpoints import checkpoint_claims
from mining.card.extract.context_roles import own_names
from mining.card.extract.context_statements import claim_of, is_aside, statements
from mining.card.extract.context_type_rows import types_of_labels, types_of_name, types_of_stages
from mining.card.extract.context_type_sentences import types_of_sentence
from mining.card.lexicon.gloss import Locale
from mining.card.lexicon.keywords import Cue
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["type_claims"]

_PLACEHOLDER = regex(
    r"from model\b[^:]{0,14}:\W*(?:more information|todo|n/?a\b|none\b|\[|$)", re.IGNORECASE, stems="from model & :"
)
SENTENCES_CAP = 400
_WANTED = regex(
    r"tun|train|scratch|adapt|lora|built |random|inherited|no weights|starting weights|initiali[sz]|start|began|begin"
    r"|begun|continu|masked|base\b|foundation|tokens|objective|supervised|without labels|transfer|took|taken"
    r"|residues|underneath",
    re.IGNORECASE,
    stems="tun;train;initiali;scratch;adapt;lora;built ;random;inherited;no weights;starting weights;start;beg;continu"
    ";masked;base;foundation;tokens;objective;supervised;without labels;transfer;took;taken;residues;underneath",
)


_NOBODY = frozenset[str]()


def _is_wanted(said: str) -> bool:
    low = said.lower()
    return "train" in low or "tun" in low or _WANTED.search(said) is not None


def type_claims(card: Document, locale: Locale, own: frozenset[str], only_made: bool = False) -> Iterator[Claim]:
    """Claims of training types in labels and sentences.

    Args:
        card: A parsed card.
        locale: Of the card.
        own: Words of the names of its model.
        only_made: Whether it has no word of emissions, energy or hardware.

    Yields:
        Claims flagged with their kind of evidence.
    """
    yield from types_of_labels(card, locale, own)
    yield from types_of_stages(card, locale)
    yield from types_of_name(card)
    yield from checkpoint_claims(card, own) if not only_made else ()
    cues = -1 if locale.languages else Cue.MADE if only_made else Cue.MADE | Cue.BEGAN
    for one in islice(statements(card, cues, locale, _is_wanted, has_near=False), SENTENCES_CAP):
        if not one.wanted:
            continue
        low = one.said.lower()
        if "from model" in low and _PLACEHOLDER.search(one.said):
            continue
        named = own & own_names(one.said) if any(map(low.__contains__, own)) else _NOBODY
        found = types_of_sentence(one.said, named, one.line.kind == "heading", bool(locale.languages))
        if found and one.line.kind != "heading" and is_aside(one.line.section):
            found = tuple((label, mark) for label, mark in found if mark != "made" or label != "fine-tuning")
        for label, mark in found:
            yield replace(claim_of("training-type", one), label=label, flags=("prose", mark))
