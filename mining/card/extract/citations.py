"""Where a text cites others: a paper, or what another model's makers say of it."""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["citations"]


def citations(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Citations in a text: ``citation`` of a paper, ``their-card`` of another model's card.

    A paper that is named for its calculator or its method says nothing of whose amount it is.

    Args:
        text: Plain text.
        start: Where to begin.
        end: Where to end.
    """
    found = [
        ("citation", match.start(), match.end())
        for match in _CITATION.finditer(text[:end], start)
        if "lacoste" not in match.group().lower()
        and _OF_A_METHOD.search(text, max(0, match.start() - METHOD_REACH), match.start()) is None
    ]
    found.extend(
        ("their-card", match.start(), match.end())
        for pattern in (_THEIR_CARD, _ITS_CARD)
        for match in pattern.finditer(text[:end], start)
    )
    return found


METHOD_REACH = 90
_OF_A_METHOD = regex(
    r"\b(?:calculat\w+|rechner|calculad\w+|calcolator\w+|estimator|tool|tracker|carbon ?tracker|code ?carbon|eco2 ?ai"
    r"|green[- ]?algorithms?|ml ?co2\w*|ml-?co2-?impact|cumulator|method\w*|méthod\w+|método\w*|metod\w+|approach"
    r"|formula|procedure"
    r"|recipe|protocol|framework|form|website|equations?|lacoste)\b(?:[^.;:!?]|\bal\.){0,60}$",
    re.IGNORECASE,
    stems="calculat;rechner;calculad;calcolator;estimator;tool;tracker;codecarbon;code carbon;eco2;green;mlco2"
    ";ml co2;ml-;cumulator"
    ";method;méthod;método;metod;approach;formula;procedure;recipe;protocol;framework;form;website;equation;lacoste",
)
"""Before the paper that a calculator or a method is from ("the calculator presented in Lacoste et al. (2019)")."""
_CITATION = regex(
    r"\[\d{1,3}\]|\(['\"“]?[A-Z][^()]{1,60}\b(?:[Rr]eport|[Pp]aper|[Cc]ard|[Aa]ppendix|[Ss]ection"
    r"|[Tt]able)\b[^()]{0,30}\)|\bet al\b|\(\w[\w .&,]{1,60}(?:19|20)\d\d\)|\(20[12]\d\)|\barxiv\b|\\cite"
    r"|\bstrubell\b"
    r"|\bpatterson\b|\bluccioni\b",
    re.IGNORECASE,
    stems="19;20;[;\\cite;able;aper;ard;arxiv;ection;eport;et al;luccioni;patterson;ppendix;strubell",
)
_THEIR_CARD = regex(
    r"(?:\b[A-Z][\w.-]{1,30}['’]s(?: (?:own|model|original|technical|tech))?"
    r" (?:card|page|paper|report|readme|authors?|makers?|says|gives)\b"
    r"|\b(?!(?:It|We|They|This|That|These|Table|Section|Figure|Training)\b)"
    r"[A-Z][a-z][\w-]{1,24}\s(?:reports|reported|states)\b(?=(?:[^.;]|\.\d){0,80}\b(?:its|their)\b)"
    r"|\b(?:card|page|paper|report|readme) of [A-Z][\w.-]{2,30}\b)"
    r"(?!(?:[^.;]|\.\d){0,80}\b(?:this|our|the present) (?:model|run|training|adapter|checkpoint|version)\b)",
    stems="card;page;paper;report;readme;author;maker;says;gives;states",
)
"""What another model's makers say of it: "Heron's card gives", "Heron reports 3 kg for its training"; but a meter or a
site says it of this training ("Zeus reported 3 kg", "LUMI's report gives 3 kg for this run")."""
_ITS_CARD = regex(
    r"\b(?:according to|per|says|laut|gemäß|nach|selon|d'après|según|segundo|secondo|segons|volgens|według|согласно"
    r"|по|за|enligt|ifølge)\s"
    r"(?:its|their|dessen|deren|seiner|ihrer|sa|leur|su|a sua|o seu|la sua|il suo|la seva|zijn|haar|jego|jej|ich|её"
    r"|его|їх|його|її|dess|dens)"
    r"\s(?:eigene[rn]?\s|own\s|propre\s|propia\s|própria\s)?"
    r"(?:\w*karte|card|page|paper|fiche|carte|ficha|scheda|fitxa|\w*kaart|kart\w+|карточк\w+|картк\w+|modellkort"
    r"|\w*kort)\b",
    re.IGNORECASE,
    stems="kart;card;page;paper;fiche;carte;ficha;scheda;fitxa;kaart;карточк;картк;kort",
)
"""The same of the model that a sentence speaks of ("laut dessen Karte")."""
