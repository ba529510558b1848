"""Things that a sentence leaves out of its amount ("not counting data collection, training emitted 2.7 kg")."""

from __future__ import annotations

import re

from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = ["without_left_out"]

REACH = 56
"""Characters before a word in which the word stands that leaves it out."""
_LEAVABLE = frozenset(
    {
        "data",
        "trial",
        "evaluate",
        "infer",
        "embodied",
        "project",
        "part",
        "portion",
        "replicate",
        "base",
        "pretrain",
        "stagename",
        "saved",
        "facility",
        "usage",
        "train",
        "finetune",
    }
)
"""What an amount may be told without; without "training" it is of something else, by the words that stay."""
_HINT = regex(
    r"exclu|excl\.|without|count|include|leav|apart from|except|net of|left out|ohne|exkl|abgesehen|gerechnet"
    r"|ausgenommen|hors|sans"
    r"|\bsin\b|excloent|\bsem\b|senza|esclu|sense|zonder|meegerekend|\bbez\b|licząc|wyłącz|без|считая|исключ|рахуючи"
    r"|tanpa"
    r"|termasuk|không|utan|uden|eksklusive|medregn|medräkn|oräkn|ilman|lukien|lukuun|بدون|باستثناء|جز|不含|不包|不计|不計|未计|除"
    r"|之外|を除|含ま|제외|빼고|hariç|dışında|को छोड़|gabe",
    re.IGNORECASE,
)
_BEFORE = regex(
    r"(?:\b(?:excluding|excludes|excl\.?|exclusive of|without|not counting|not including|doesn['’]t include"
    r"|does not include"
    r"|leav(?:ing|es) (?:out|aside)|apart from|except(?: for)?|net of|ohne|exklusive|exkl\.|abgesehen von"
    r"|nicht (?:mit)?gerechnet"
    r"|hors|sans(?: compter)?|sin(?: contar| incluir)?|excluyendo|sem(?: contar| incluir)?|excluindo|senza(?: contare)?"
    r"|escludendo|sense(?: comptar)?|excloent|zonder|exclusief|bez(?: uwzględnienia)?|nie licząc|wyłączając"
    r"|без(?: учёта| учета| урахування)?|не считая|исключая|не рахуючи|tanpa|tidak termasuk|không (?:kể|tính|bao gồm)"
    r"|utan|uden|eksklusive|ilman|pois lukien|بدون|باستثناء|بدون احتساب|به جز)\W"
    r"[^.!?,;:()\d]{0,40}|(?:不含|不包括|不计|不計|未计|除去|除了)[^,，;；:：。\d]{0,14})$",
    re.IGNORECASE,
)
_BEHIND = regex(
    r"[^\s.!?,;:()\d]{0,12}\s?(?:[^\s.!?,;:()\d]{1,14}\s)?(?:\b(?:excluded|left out|not (?:counted|included)"
    r"|ausgenommen"
    r"|non compris\w*|exclu[es]?|excluid[oa]s?|esclus[oaie]|niet meegerekend|wyłączon\w+|исключен\w*|hariç|dışında"
    r"|gabe|ikke medregnet|inte medräkna\w+|oräknat|lukuun ottamatta)\b"
    r"|を除|は含ま|を含ま|제외|빼고|को छोड़|之外|除外|不计|不計)",
    re.IGNORECASE,
)


def without_left_out(text: str, languages: frozenset[str]) -> str:
    """A text of the same length without the phrases that leave something out.

    Args:
        text: Plain text.
        languages: Languages whose words count.
    """
    if _HINT.search(text) is None:
        return text
    told = text
    for hit in find_concepts(text, languages):
        if hit.concept not in _LEAVABLE:
            continue
        before = _BEFORE.search(text, max(0, hit.start - REACH), hit.start)
        behind = _BEHIND.match(text, hit.end)
        if before is not None or behind is not None:
            low = hit.start if before is None else before.start()
            high = hit.end if behind is None else behind.end()
            told = told[:low] + " " * (high - low) + told[high:]
    return told
