"""Models of this one's family that a text names: another suffix, another size, an earlier number, an older version."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.document.document import Document, Line
from mining.card.extract.model_names import made_from
from mining.patterns import regex

__all__ = ["is_other_version", "names_sibling", "siblings_in"]

STEM = 4
_FIRST = regex(
    r"(?:\b(?:first|original|ersten?|premi[eè]re?|primer[ao]?|primeir[ao]|prim[oa]|eerste|pierwsz\w+|перв\w+|перш\w+"
    r"|ilk"
    r"|första|første|ensimmäi\w+|lehen\w*)|第一代|第一个|初代|最初の|첫)\s?\W{0,2}(?P<name>[^\W\d_]{4,30})",
    re.IGNORECASE,
)
_SUFFIXED = regex(r"(?<![\w/.-])([^\W\d_]{4,30}(?:-[^\W_]{2,16}){0,2})-([^\W\d_A-Z]{2,14})(?![\w-]|\.\w)", stems="-")
_EDITION = regex(
    r"tiny|mini|small|base|medium|large|huge|giant|nano|micro|maxi|midi|x+l|pro|lite|plus|ultra|max|big|turbo|chat"
    r"|instruct"
    r"|petite?|grande?|moyen|peque[nñ][oa]|kleine?|gro(?:ss|ß)e?|mittel|piccol[oa]|k[uü][cç][uü]k|b[uü]y[uü]k|orta"
    r"|ma[lł]y"
    r"|du[zż]y|liten|stor|lille|pieni|iso|txiki|handi|kecil|besar|mala|velika",
    re.IGNORECASE,
)
"""Suffixes by which the models of a family are told apart."""
_TUNED_KIND = regex(r"chat|instruct|turbo", re.IGNORECASE)
"""Editions that are no sizes, and made of another edition."""
TUNED_REACH = 40
_SIZES = "tiny|mini|small|base|medium|large|huge|giant|nano|micro|maxi|xl|xxl"
_SIZED = regex(
    rf"\b(?:versi(?:on|one|ón|ó)|versão|wersj\w{{1,3}}|versie|variant\w?|верси\w{{1,3}}|версі\w{{1,3}}|modell?)"
    rf"\s\W?(?P<behind>{_SIZES})\b|\b(?P<before>{_SIZES})[\s-](?:version|variant|versie|wersj\w{{1,3}}|variante"
    rf"|верси\w{{1,3}}"
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
        *_older_ones(text, start, end, names),
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


def _older_ones(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    """An older version by its bare number ("v1 was logged at 7.3 kg" on the card of "... v2")."""
    versioned = [name for name in names if not _VERSION.isdisjoint(name)]
    own = {int(match[1]) for name in versioned for word in name if (match := _OWN_VERSION.fullmatch(word))}
    return [
        ("sibling", match.start(1) - 1, match.end())
        for match in (_BARE_VERSION.finditer(text, start, end) if len(own) == 1 else ())
        if int(match[1]) < min(own)
    ]


_VERSION = frozenset({"v", "version"})
_OWN_VERSION = regex(r"(\d{1,2})(?:\.\d{1,2}){0,2}")
_BARE_VERSION = regex(
    r"(?:(?<![^\n])\W{0,4}|[,;:(.—–]\s|\b(?:the|of|for|by|and|while|than|in|training|die|der|von|für|la|le|de|du"
    r"|pour|para|del"
    r"|per|della|voor|van|dla|z|для|из|в|of|till|för|til)\s)[vV](\d{1,2})(?:\.\d{1,2})?\b(?!-\d|\s(?:chip|pod))",
    stems="v",
)


def names_sibling(text: str, title: str) -> re.Match[str] | None:
    """The last name in a text that has this model's first part and another suffix ("Wren-maxi" for "Wren-mini").

    Args:
        text: Plain text.
        title: Name of this model.
    """
    own = {(match[1].lower(), match[2]) for match in _SUFFIXED.finditer(title.lower())}
    stems = {stem for stem, _ in own}
    is_size = any(_TUNED_KIND.fullmatch(suffix) is None and _EDITION.fullmatch(suffix) for _, suffix in own)
    found = None
    for match in _SUFFIXED.finditer(text) if own else ():
        pair = (match[1].lower(), match[2])
        before = text[max(0, match.start() - TUNED_REACH) : match.start()]
        # one size is not made of another; "fine-tuning wren-base" on the card of wren-chat is
        is_base = made_from(before) and not (is_size and _TUNED_KIND.fullmatch(pair[1]) is None)
        if pair[0] in stems and pair not in own and _EDITION.fullmatch(pair[1]) and not is_base:
            found = match
    return found


def _other_sizes(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    own = {word for name in names for word in name} & set(_SIZES.split("|"))
    return [
        ("sibling", match.start(), match.end())
        for match in (_SIZED.finditer(text, start, end) if own else ())
        if (match["behind"] or match["before"]).lower() not in own
    ]


def is_other_version(text: str, line: Line, card: Document, names: Sequence[frozenset[str]]) -> bool:
    """Whether a paragraph is the entry of another version in a history.

    Args:
        text: Plain text of the paragraph or item.
        line: Its first line.
        card: The card.
        names: Word sets of the names of this model; without a number in them the newest version is this one.
    """
    match = _ITEM.match(text)
    if match is None or not _is_in_history(line, card):
        return False
    own = {word for name in names for word in name if word[0].isdigit()}
    if own:
        return not any(match["number"] == word or match["number"].startswith(f"{word}.") for word in own)
    mine = _number(match["number"])
    others = (_ITEM.match(one.plain) for one in card.body[:ITEMS_CAP] if one.kind in {"text", "heading"})
    return any(other is not None and _number(other["number"]) > mine for other in others)


def _is_in_history(line: Line, card: Document) -> bool:
    above = (card.line(at) for at in range(line.number - 1, max(0, line.number - HISTORY_REACH), -1))
    leads = (one.plain for one in above if one.kind == "text" and _ITEM.match(one.plain) is None)
    return _HISTORY.search(f"{line.path} {next(leads, '')[:80]}") is not None


HISTORY_REACH = 24
_HISTORY = regex(
    r"histor|changelog|change log|changes\b|version|release|geschichte|änderung|historique|historial|storico|novità"
    r"|cambios|geschiedenis|wijziging|wersj|zmiany|истори|версии|зміни|історі|geçmiş|sürüm|riwayat|lịch sử|历史|更新"
    r"|版本|履歴|バージョン|변경|버전|이력",
    re.IGNORECASE,
)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
