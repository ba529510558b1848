"""Whether a sentence says what emitted an amount, and that is nothing that a training is known by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.roles import Feature
from mining.card.extract.said_of_grids import GRID
from mining.card.lexicon.keywords import names_device
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = ["has_strange_subject"]

_ANYWHERE = frozenset(
    {
        "train",
        "finetune",
        "pretrain",
        "stagename",
        "own",
        "own-name",
        "agrees",
        "portion",
        "meter",
        "energy",
        "stage",
        "replicate",
        "ordinal",
    }
)
"""What speaks for a training wherever it stands in the amount's clause."""
_BEFORE = frozenset({"we", "measured", "energy", "carbon", "total", "environment", "deny", "factor"})
"""What speaks for one before the amount only: behind it they tell who counted, or where."""
_TRAINED = frozenset({"train", "finetune", "pretrain", "own"})
LEAST = 0.3
MOST_KNOWN = 1
REACH = 160
_TOLD_BY = regex(
    r"=|train|\b(?:brought|cut|got) (?:that|this|it) (?:down|up)\b|\d\s?(?:hours?|hrs?|h|days?|min\w*|w|watts?)\b"
    r"|\bk?wh\b"
    r"|watt"
    r"|električn|stromm|electric|électri|eléctr|elettric|elétric|elektric|elektr|prąd|ström|\bel\b|strøm|电|電|전력"
    r"|전기|برق|كهرب"
    r"|(?:[^\W\d_]{2,12}|\d)\s(?:stunden|heures|horas|ore|uren|uur|godzin\w?|час(?:ов|а)|годин\w?|saat (?:çalış"
    r"|sür)\w+|timmars?|timer"
    r"|tunnin|tuntia|orduko|ordu|hores|jam|giờ|tiếng)\b"
    r"|based|basiert|baseret|basado|baseado|perustei|बिजली|điện|listrik|\b(?:that|this|it|das|es|cela|ça|eso"
    r"|esto|isso|det|dat|это|це)"
    r"(?:\s(?:is|was|makes?|(?:must|should|has to|cannot) (?:be|have been)|ist|sind|war|wären"
    r"|macht|fait"
    r"|es|era|é|è|är|er|blir|was|komt|было)\b|['’]s\b)",
    re.IGNORECASE,
)
"""Electricity, an equation, or a pronoun that takes up what was said before."""
_WORD = regex(r"[^\W\d_]{4,}")
_LONG_SIGNS = regex(r"[\u3040-\u30ff\u3400-\u9fff]")
SIGNS_OF_A_WORD = 2
_SAYS_NOTHING = regex(
    r"about|around|roughly|approx\w*|nearly|almost|some(?:where|thing)?|between|under|over|than|more|less|just|only"
    r"|that|this|these|those|there|here|which|what|with|from|into|down|back|have|been|were|would|could"
    r"|figure|number|value|estimate\w*|reckon\w*|result\w*|answer|best|right|correct\w*|final\w*|brought|gave|gives?"
    r"|comes?|came|makes?|made|works?|out|order|magnitude|according|again|then|also|still|ungefähr|etwa|rund|knapp|gut"
    r"|environ|presque|autour|aproximad\w*|cerca|unos|unas|alrededor|circa|intorno|quasi|ongeveer|około|prawie"
    r"|около|примерно|почти|близько|приблизно|yaklaşık|sekitar|kira|khoảng|حوالي|نحو|تقريبا|حدود|लगभग|करीब|ungefär"
    r"|cirka|omkring|noin|suunnilleen",
    re.IGNORECASE,
)
"""Words around any amount."""


def has_strange_subject(
    text: str, start: int, amount: int, features: Sequence[Feature], languages: frozenset[str]
) -> bool:
    """Whether an amount is said of something that no word of a training, a machine or this model stands for.

    Args:
        text: Plain text of a paragraph.
        start: Where the amount's sentence begins.
        amount: Where the amount begins.
        features: Evidence of the amount.
        languages: Languages whose words count.
    """
    near = {one.name for one in features if one.zone in {"clause", "label"} and one.strength >= LEAST}
    beside = {
        one.name
        for one in features
        if one.zone in {"before", "sentence"} or (one.zone == "after" and one.name == "own")
    }
    if near & _ANYWHERE or beside & _TRAINED:
        return False
    before = text[max(start, amount - REACH) : amount]
    hits = find_concepts(before, languages)
    if any(hit.concept in _BEFORE for hit in hits) or names_device(before.lower()):
        return False
    if _TOLD_BY.search(before) or GRID.search(before):
        return False
    known = [(hit.start, hit.end) for hit in hits]
    strange = [
        word
        for word in _WORD.finditer(before)
        if not any(low < word.end() and word.start() < high for low, high in known)
        and not _SAYS_NOTHING.fullmatch(word.group())
    ]
    return sum(max(1, len(_LONG_SIGNS.findall(word.group())) // SIGNS_OF_A_WORD) for word in strange) > MOST_KNOWN
