"""What a firm, a laboratory or an institute emits in a year, which is no training's."""

from __future__ import annotations

import re

from mining.card.document.document import Document, Line
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = ["is_of_an_organisation"]

LINES_AROUND = 8
_OF_A_YEAR = regex(
    r"\b(?:emissions?|footprint|CO[2₂]\w*|carbon|emissionen|fußabdruck|émissions|emisiones|emissões|emissioni|emissies"
    r"|emisj[aei]\w*|выброс\w*|викид\w*|utsläpp\w*|udledning\w*|päästö\w*|排放量?|排出量|배출량)\s?[^\d:."
    r";]{0,16}(?:FY\s?)?20[0-3]\d"
    r"\s?(?:年|년)?\W*$",
    re.IGNORECASE,
    stems="20",
)
_TRAINS = frozenset({"train", "finetune", "pretrain", "stagename", "own"})
_FACILITIES = frozenset({"facility", "annual"})


def is_of_an_organisation(card: Document, line: Line, label: str, value: str) -> bool:
    """Whether a label names a year and no training, where the lines around speak of offices, scopes or a whole firm.

    Args:
        card: The card.
        line: Line of the label.
        label: The label.
        value: What stands behind it.
    """
    if _OF_A_YEAR.search(label[:120]) is None:
        return False
    languages = frozenset({"en", *card.languages})
    if any(hit.concept in _TRAINS for hit in find_concepts(f"{label} {value[:200]}", languages)):
        return False
    around = card.lines[max(0, line.number - LINES_AROUND - 1) : line.number + LINES_AROUND]
    said = " ".join(one.plain[:300] for one in around if one.path == line.path)
    return any(hit.concept in _FACILITIES for hit in find_concepts(said, languages))
