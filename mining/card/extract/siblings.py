"""Models of this one's family that a text names: another suffix, another size, an earlier number, an older version."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.document.document import Document
from mining.patterns import regex

__all__ = ["is_other_version", "names_sibling", "siblings_in"]

STEM = 4
_FIRST = regex(
    r"(?:\b(?:first|original|ersten?|premi[eè]re?|primer[ao]?|primeir[ao]|prim[oa]|eerste|pierwsz\w+|перв\w+|перш\w+|ilk"
    r"|första|første|ensimmäi\w+|lehen\w*)|第一代|第一个|初代|最初の|첫)\s?\W{0,2}(?P<name>[^\W\d_]{4,30})",
    re.IGNORECASE,
)
_SUFFIXED = regex(r"(?<![\w/.-])([^\W\d_]{4,30})-([^\W\d_A-Z]{2,14})(?![\w-]|\.\w)", stems="-")
_NO_SUFFIX = regex(
    r"based|style|like|type|models?|format|compatible|specific|train\w*|tun\w+|related|family|series|team|group|project"
    r"|data\w*|corpus|mall\w+|modell\w*|modèle|modelo|modello|model\w*|модел\w*|eredu\w*|and|und|or|repo\w*|card|score\w*"
    r"|api|code|class|level|size|sized|only|free|hours?|run|runs|job"
)
_SIZES = "tiny|mini|small|base|medium|large|huge|giant|nano|micro|maxi|xl|xxl"
_SIZED = regex(
    rf"\b(?:versi(?:on|one|ón|ó)|versão|wersj\w{{1,3}}|versie|variant\w?|верси\w{{1,3}}|версі\w{{1,3}}|modell?)"
    rf"\s\W?(?P<behind>{_SIZES})\b|\b(?P<before>{_SIZES})[\s-](?:version|variant|versie|wersj\w{{1,3}}|variante|верси\w{{1,3}}"
    r"|версі\w{1,3}|sürüm\w*|checkpoint)\b",
    re.IGNORECASE,
    stems="vers;wersj;vari;верси;версі;sürüm;checkpoint;model",
)
_ITEM = regex(r"\W{0,6}v?(?P<number>\d{1,2}(?:\.\d{1,2}){1,2})[*_ ]{0,4}(?:[—–:(]|-\s)")
"""The head of an entry in a list of versions ("- 1.0 — ...")."""
ITEMS_CAP = 400


def siblings_in(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """Siblings of this model ("the base version" on the card of "Wren-mini", "the first Wren" on that of "Wren 2").

    Args:
        text: Plain text.
        start: Where to begin.
        end: Where to end.
        names: Word sets of the names of this model.

    Returns:
        ``sibling``, where it begins and ends.
    """
    return [
        *_first_ones(text, start, end, names),
        *_other_sizes(text, start, end, names),
    ]


def _first_ones(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    later = [name for name in names if any(word.isdigit() and int(word) > 1 for word in name)]
    return [
        ("sibling", match.start(), match.end())
        for match in (_FIRST.finditer(text, start, end) if later else ())
        for name in later
        if any(
            word.isalpha() and word[:-1] == match["name"].lower()[: len(word) - 1] for word in name if len(word) > STEM
        )
    ]


def names_sibling(text: str, title: str) -> re.Match[str] | None:
    """The last name in a text that has this model's first part and another suffix ("Wren-maxi" for "Wren-mini").

    Args:
        text: Plain text.
        title: Name of this model.
    """
    own = {(match[1].lower(), match[2]) for match in _SUFFIXED.finditer(title.lower())}
    stems = {stem for stem, _ in own}
    found = None
    for match in _SUFFIXED.finditer(text) if own else ():
        pair = (match[1].lower(), match[2])
        if pair[0] in stems and pair not in own and not _NO_SUFFIX.fullmatch(pair[1]):
            found = match
    return found


def _other_sizes(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    own = {word for name in names for word in name} & set(_SIZES.split("|"))
    return [
        ("sibling", match.start(), match.end())
        for match in (_SIZED.finditer(text, start, end) if own else ())
        if (match["behind"] or match["before"]).lower() not in own
    ]


def is_other_version(text: str, card: Document, names: Sequence[frozenset[str]]) -> bool:
    """Whether a paragraph is the entry of another version in a history.

    Args:
        text: Plain text of the paragraph or item.
        card: The card.
        names: Word sets of the names of this model; without a number in them the newest version is this one.
    """
    match = _ITEM.match(text)
    if match is None:
        return False
    own = {word for name in names for word in name if word[0].isdigit()}
    if own:
        return not any(match["number"] == word or match["number"].startswith(f"{word}.") for word in own)
    mine = _number(match["number"])
    others = (_ITEM.match(line.plain) for line in card.body[:ITEMS_CAP] if line.kind in {"text", "heading"})
    return any(other is not None and _number(other["number"]) > mine for other in others)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
