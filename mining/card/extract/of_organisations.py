"""What a firm, a laboratory or an institute emits in a year, which is no training's, and on which basis it counts."""

from __future__ import annotations

import re

from mining.card.document.document import Document, Line
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import MARKET
from mining.patterns import regex

__all__ = ["by_location", "is_of_an_organisation"]

LINES_AROUND = 8
_OF_A_YEAR = regex(
    r"\b(?:emissions?|footprint|CO[2₂]\w*|carbon|emissionen|fußabdruck|émissions|emisiones|emissões|emissioni|emissies"
    r"|emisj[aei]\w*|выброс\w*|викид\w*|utsläpp\w*|udledning\w*|päästö\w*|排放量?|排出量|배출량)\s?[^\d:."
    r";]{0,16}(?:FY\s?)?20[0-3]\d"
    r"\s?(?:年|년)?\W*$",
    re.IGNORECASE,
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


def by_location(value: str) -> str:
    """Of a value on both bases, the part by the grid of the place ("market-based 0 kg; location-based 520 kg").

    Args:
        value: The value behind a label.
    """
    parts = [part for part in _APART.split(value) if part.strip()]
    if len(parts) != 2 or not all(any(map(str.isdigit, part)) for part in parts):
        return value
    of_place = [part for part in parts if _LOCATION.search(part) and not MARKET.search(part)]
    return of_place[0].strip() if len(of_place) == 1 and any(map(MARKET.search, parts)) else value


_APART = regex(
    r";|,(?=\s(?:location|market|standort|markt))|\s(?:/|and|und|et|y|e|en)\s(?=(?:location|market)\W)", re.IGNORECASE
)
_LOCATION = regex(
    r"location[\s-]?based|standort\w*|basé\w*\ssur\s(?:le\slieu|la\slocalisation)|basad\w\sen\sla\subicación"
    r"|basead\w\sna\slocalização|basat\w\ssulla\s(?:localizzazione|posizione)|locatie\w*|基于位置|基於位置|ロケーション基準"
    r"|위치\s?기반|sijaintiperust\w*",
    re.IGNORECASE,
)
