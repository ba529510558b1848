"""Words of a sentence that only together say what an amount is of.

Several runs, several models, a counted stage, what a firm emits in a year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.said_of_plans import COMMA_LIKE
from mining.patterns import regex

__all__ = ["FAR", "families", "of_a_facility", "portions", "several"]

FAR = 220
"""Characters beyond which a word of the same sentence counts half."""
PORTION = 24
"""Signs between an ordinal and the stage that it counts."""
_WHOLE = regex(r"runs?\b|läuf|lauf|source|categor|component|parte?\b|partie|osa|moment")
"""Stage words that also name a whole training: the first run may be the only one."""
_JOINED = regex(r"[^.,;:!?()\d]{0,28}")
_COUNTED = regex(r"(?<![\d.,])(?:[2-9]|[1-9]\d{1,2})(?:[\s-]+[^\W\d]{1,12})?[\s-]{0,2}(?:つの|個の|个|次|개의?)?$")
_REPEATED = regex(
    r"(?:\b\d{1,3}|\b(?:ten|twenty|thirty|forty|fifty|hundred|dozens? of|several|many|five|six|seven"
    r"|eight|nine))\s(?:times|fois|veces|vezes|volte"
    r"|keer|razy|раз(?:а|ів)?|kez|defa|kali|lần|gånger|gange|kertaa|aldiz)\b(?! (?:as|of|out of|in|more|less|larger"
    r"|smaller|the|that|higher|lower|faster|plus"
    r"|más|mais|più|meer|więcej|больше|більше|lebih|hơn|mer|mere))",
    re.IGNORECASE,
    stems="aldiz;defa;fois;gange;gånger;kali;keer;kertaa;kez;lần;razy;times;veces;vezes;volte;раз",
)
"""A training that was done many times over."""
_FACTORS = regex(r"[×x*]\s?\d{1,3}\s?$")
"""Settings that are multiplied ("38 images × 12 repeats"): no runs of a training."""
_ONE_OF = regex(r"\b(?:best|one|each|single|average|mean|per) (?:of|over|across) (?:the |these |all )?$", re.IGNORECASE)
_ACROSS = regex(r"\b(?:across|for) all (?:customers|users|jobs|tenants|clients)\b", re.IGNORECASE)
_YEAR = regex(r"(?<![\d.,-])20[12]\d(?![\d.,-])|\bFY\s?'?(?:20)?[12]\d\b")


def of_a_facility(
    text: str, words: Sequence[tuple[str, int, int]], sentence: tuple[int, int]
) -> list[tuple[str, int, int]]:
    """What a data centre, a firm or an office emitted in a year."""
    facility = next((one for one in words if one[0] == "facility"), None)
    if facility is None or not (
        any(one[0] == "annual" for one in words) or _YEAR.search(text, *sentence) or _ACROSS.search(text, *sentence)
    ):
        return []
    return [("facility-year", facility[1], facility[2])]


def several(text: str, words: Sequence[tuple[str, int, int]], start: int, end: int) -> list[tuple[str, int, int]]:
    """Several seeds, folds or runs ("all five seeds", "10 folds"): their sum is no single training's."""
    if "ensemble" in text[max(0, start - FAR) : start + FAR].lower():
        return []  # the model is made of them
    counts = [(low, high) for concept, low, high in words if concept == "many"]
    repeated = _REPEATED.search(text, start, min(end, start + 2 * FAR))
    found = [("several", *repeated.span())] if repeated else []
    for concept, low, high in words:
        if concept != "replicate":
            continue
        near = next((one for one in counts if one[0] <= low and _JOINED.fullmatch(text[one[1] : low])), None)
        digits = _COUNTED.search(text[max(start, low - 24) : low])
        if digits and _FACTORS.search(text, max(start, low - 32), low):
            continue
        first = near[0] if near else low - len(digits.group()) if digits else None
        if first is not None and not _ONE_OF.search(text[max(start, first - 24) : first]):
            found.append(("several", first, high))
    return found


_WHOLE_SERIES = regex(
    r"\b(?:whole|entire|full|complete|hele|gehele|volledige|ganzen?r?|gesamten?r?|kompletten?r?|toute la|toda la"
    r"|toda a|tutta la|całej|cał[ąa]"
    r"|всей|вс[юя]|всієї|усієї|tüm|seluruh|toàn bộ|hela|koko)\s(?:\S{1,30}[\s-]){0,2}"
    r"(?:family|series|suite|collection|reeks|serie|familie|reihe|kollektion|famille|série|gamme|familia"
    r"|colección|família|coleção|famiglia"
    r"|rodzin\w+|seri[aięą]\w*|семь\w+|сери\w+|лине[йк]\w+|сім[\W]?\w+|сері\w+|ailesi\w*|serisi\w*|keluarga"
    r"|familj\w*|perhe\w*|sarja\w*)\b",
    re.IGNORECASE,
    stems="family;series;suite;collection;reeks;serie;familie;reihe;kollektion;famille;série;gamme;familia"
    ";colección;família;coleção"
    ";famiglia;rodzin;seri;семь;сери;лине;сім;сері;aile;keluarga;familj;perhe;sarja",
)
"""All models of a series that has a name ("de hele Ooievaar-reeks")."""


def families(text: str, words: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Several models ("all four sizes"): what their trainings emitted together."""
    counts = [(low, high) for concept, low, high in words if concept == "many"]
    named = [("family", *match.span()) for match in _WHOLE_SERIES.finditer(text)]
    return named + [
        ("family", first, high)
        for concept, low, high in words
        for first, end in counts
        if (concept == "members" or (concept == "own-name" and text[high : high + 2] in {"s ", "s,", "s:"}))
        and end <= low <= end + 28
        and _JOINED.fullmatch(text[end:low])
    ]


_SINCE = regex(
    r"\b(?:from|since|at|before|after|ab|seit|vom|desde|depuis|dès|dal|vanaf|od|с|від|з)\s(?:the|der|dem|el|la"
    r"|le|het|o|a)?\s?$",
    re.IGNORECASE,
)


def portions(text: str, words: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """A counted stage ("the first of three stages", "the first two epochs"): a part of the training."""
    counts = [
        (low, high)
        for concept, low, high in words
        if concept == "ordinal" and not _SINCE.search(text[max(0, low - 12) : low])  # "on from the first step"
    ]
    stages = [
        (low, high) for concept, low, high in words if concept == "stage" and not _WHOLE.match(text[low:high].lower())
    ]
    return [
        ("portion", first, high)
        for low, high in stages
        for first, end in counts
        if (end <= low <= end + PORTION and not COMMA_LIKE.search(text[end:low])) or low <= first < high
    ]
