"""Where a sentence turns from a word to something else before it comes to its amount, and where it does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.said_of import Word
from mining.card.extract.said_of_plans import KWH_NEAR
from mining.patterns import regex

__all__ = ["governs", "is_elliptic", "turns"]

_POSITIVE = frozenset(
    {"example", "own", "own-name", "we", "train", "finetune", "pretrain", "emit", "carbon", "total", "meter"}
)
"""Features that speak for this model's training; the intensity between them and the amount does not part them."""
_COMPARED = frozenset({"equal", "part", "many", "other", "infer", "annual", "rate"})
_USED = frozenset({"infer", "annual", "rate"})
"""Uses whose energy is put into emissions ("indexing a million documents takes 7 kWh, that is 1.9 kg")."""
_THAT_IS = regex(
    r"\b(?:that is(?: to say)?|i\.?\s?e\.?|namely|in other words|in numbers|in figures|das hei(?:ß|ss)t"
    r"|d\.\s?h\.|also|nämlich"
    r"|soit|c'est-à-dire|autrement dit|es decir|o sea|ou seja|isto é|cioè|ovvero|vale a dire|és a dir|o sigui|oftewel"
    r"|dat wil zeggen|ofwel|czyli|to znaczy|то есть|т\.\s?е\.|тобто|yani|yaitu|alias|tức là|hay|det vill säga"
    r"|dvs\.?|det vil sige|altså|alltså"
    r"|eli|toisin sanoen|hau da|alegia)[\s,:]{1,3}(?:\w+\s){0,2}[~≈]?$|(?:即|也就是|つまり|すなわち|즉|أي|یعنی"
    r"|यानी)[\s,，:]{0,3}\S{0,4}$",
    re.IGNORECASE,
)
"""Between a comparison and the amount that it stands for."""


def turns(
    text: str,
    words: Sequence[Word],
    word: Word,
    at: tuple[int, int],
    others: Sequence[tuple[int, int]],
    measures: Sequence[tuple[int, int]],
) -> int:
    """How often a sentence turns from a word to something else before it comes to the amount."""
    concept, _, high = word
    if concept in _POSITIVE:
        return 0
    if concept in _COMPARED and _THAT_IS.search(text, max(high, at[0] - 32), at[0]):
        is_likened = any(one == "equal" for one, _, _ in words)
        return 2 if concept not in _USED or is_likened or not KWH_NEAR.search(text, high, at[0]) else 0
    # "predicted 790 g and finally reported 812 g"; "at an average of 45 g/kWh, 290 g"
    return _turns_back(words, high, at, others) + any(high <= low and end <= at[0] for low, end in measures)


def _turns_back(
    words: Sequence[tuple[str, int, int]], high: int, at: tuple[int, int], others: Sequence[tuple[int, int]]
) -> bool:
    """Whether a sentence comes back to this model's training between another amount and this one."""
    between = [one for one in others if high <= one[0] and one[1] <= at[0]]
    return any(
        concept in {"measured", "own", "own-name", "we"} and place >= other[1] and end <= at[0]
        for other in between
        for concept, place, end in words
    )


_GOVERNING = frozenset({"infer", "would"})
_OF_THIS_TRAINING = frozenset({"own", "own-name", "we", "train", "finetune", "pretrain", "measured"})
_NEXT_CASE = regex(
    r"\s?(?:[Ii]n|on|at|with|for|im|bei|mit|auf|[Ee]n|à|au|chez|con|em|no|na|nel|nella|a|op|we?|z|в|во|у|i"
    r"|på)\s(?:the |der |dem |la |el |il )?"
    r"[A-ZÀ-ÞА-Я][\w'-]{1,20}(?:\s[A-ZÀ-ÞА-Я][\w'-]{1,20})?,?\s?"
    r"(?:(?:only|just|nur|solo|seulement)\s)?(?:about|around|roughly|close to|ca\.?|circa|etwa|rund|environ|unos"
    r"|cerca de|ongeveer"
    r"|około|около|близько|de|di|von|of|[~≈])?\s?"
)


def is_elliptic(before: str) -> bool:
    """Whether a clause only names the next case of the one before ("...; in Ohio, about | 43 kg").

    Args:
        before: Plain text from the beginning of the clause to its amount.
    """
    return _NEXT_CASE.fullmatch(before) is not None


_NEW_CLAUSE = regex(r"[;()؛。；]|[.!?؟]\s")


def governs(
    text: str,
    words: Sequence[Word],
    word: Word,
    at: tuple[int, int],
    others: Sequence[tuple[int, int]],
    start: int,
) -> bool:
    """Whether all amounts of a list are said under a word before them ("in service: 0.6 g an answer, 51 kg a month").

    Args:
        text: Plain text of a paragraph.
        words: Concepts of the sentence.
        word: The word.
        at: Where the amount begins and ends.
        others: Where the other amounts stand.
        start: Where the sentence begins.
    """
    between = [one for one in others if word[2] <= one[0] and one[1] <= at[0]]
    if word[0] not in _GOVERNING or not between or any(start <= low and high <= word[1] for low, high in others):
        return False
    clause = max((one.end() for one in _NEW_CLAUSE.finditer(text, word[2], at[0])), default=word[2])
    if clause != word[2] and not is_elliptic(text[clause : at[0]]):
        return False
    return not any(one in _OF_THIS_TRAINING and between[0][1] <= low and high <= at[0] for one, low, high in words)
