"""Cities, and the names of countries in other languages.

Looked up only where a place is told and the vocabulary of regions has none. ``tables/places.txt`` is sorted by folded
name, so that a name is found by halving and nothing is built when the table is first asked.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import count
from pathlib import Path

from mining.patterns import regex
from mining.remembered import remembered
from mining.vocab.encoder import fold, unaccented, unaccented_piece
from mining.vocab.finder import Match
from mining.vocab.tables import read_table

__all__ = ["find_named_places"]

_CITIES, _TOWNS = "places.txt", "towns.txt"
"""Lines ``folded name TAB country [TAB name as written]``; an empty third cell marks the country itself, an empty
second one a name in several countries. Names of towns and of parts of countries count only right behind a word for
"in"."""
_SIGNS = "\u0900-\u0903\u093a-\u094f"
"""Vowel signs of Devanagari, which belong to the word."""
_WORD = regex(rf"[^\W\d_][^\W\d_]*(?:[-'’{_SIGNS}]+[^\W\d_]+)*[{_SIGNS}]*")
_DEVANAGARI = regex(r"[\u0900-\u097f]")
_WIDE = regex(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2,}")
_LONG_SCRIPT = "\u0900"
"""From here on lie scripts without capitals, whose names of places are short."""
_KATAKANA = regex(r"[\u30a0-\u30ff]")
_VOWELS = "aeiouyаяоиіеьй"
TEXT_CAP = 2_000
LONGEST_WORDS = 4
LEAST_STEM = 4
LONGEST_ENDING = 5


@cache
def _table(name: str) -> bytes:
    return (Path(__file__).with_name("tables") / name).read_bytes()


MANY = 200
"""Searches from which cutting a table into lines pays."""
_searches = count()


@cache
def _lines(name: str) -> list[bytes]:
    return _table(name).rstrip(b"\n").split(b"\n")


def _line_from(prefix: str, table: str = _CITIES) -> str:
    """The first line that does not come before a text; found by halving, since cutting the table would take longer."""
    data, key = _table(table), prefix.encode("utf-8", "surrogatepass")
    if next(_searches) >= MANY:
        lines = _lines(table)
        at = bisect_left(lines, key)
        return lines[at].decode() if at < len(lines) else ""
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        start = max(low, data.rfind(b"\n", low, middle) + 1)
        end = data.find(b"\n", middle)
        end = len(data) if end < 0 else end
        if data[start:end] < key:
            low = end + 1
        else:
            high = start
    end = data.find(b"\n", low)
    return data[low : end if end >= 0 else len(data)].decode()


@lru_cache(maxsize=4096)
def _begins_name(prefix: str) -> bool:
    return _line_from(prefix).startswith(prefix) or _line_from(prefix, _TOWNS).startswith(prefix)


@cache
def _countries() -> dict[str, str]:
    return {row["country"]: row["name"] for row in read_table("region") if row["kind"] == "country"}


@lru_cache(maxsize=16_384)
def _named(key: str, table: str = _CITIES) -> str | None:
    """Standard name of a folded name."""
    line = _line_from(f"{key}\t", table)
    if not line.startswith(f"{key}\t"):
        return None
    _, country, *written = line.split("\t")
    within = _countries().get(country, country)
    city = written[0] if written else key.title()
    return within if city in {"", within} else f"{city}, {within}" if within else city


def _may_begin(word: str, endings: bool) -> bool:
    """Whether a name may begin with a word; told of words of ASCII without endings."""
    return endings or not word.isascii() or _begins_name(fold(word))


def _most_words(text: str, words: list[re.Match[str]], endings: bool) -> int:
    """How many words from the first one on a name may have: only one where no name begins with the first two."""
    if endings or len(words) == 1:
        return len(words)
    pair = text[words[0].start() : words[1].end()]
    return len(words) if not pair.isascii() or _begins_name(fold(pair)) else 1


@lru_cache(maxsize=4096)
def _stemmed(stem: str, table: str = _CITIES) -> str | None:
    """Standard name of the one whose folded name is a stem, or a stem and one vowel that endings take the place of."""
    return _named(stem, table) or next((one for vowel in _VOWELS if (one := _named(stem + vowel, table))), None)


def find_named_places(text: str, endings: bool = False) -> list[Match]:
    """Cities and countries named in a text; a Latin or Cyrillic name counts with a capital only.

    Args:
        text: Any text.
        endings: Whether names may carry endings of a case ("Łodzi", "Donostian", "Ankara'daki").

    Returns:
        Matches in order; those of towns are weak.
    """
    text = text[:TEXT_CAP]
    words = list(_WORD.finditer(text))
    found: list[Match] = []
    at = 0
    while at < len(words):
        used, town = 1, None
        if not words[at].group()[0].islower() and _may_begin(words[at].group(), endings):
            for length in range(_most_words(text, words[at : at + LONGEST_WORDS], endings), 0, -1):
                written = text[words[at].start() : words[at + length - 1].end()]
                name = _name(written, False) or (town := _town(written, False))
                if name is None and endings and length == 1:
                    name = _name(written, True) or (town := _town(written, True))
                if name is not None:
                    found.append(Match(name, words[at].start(), words[at + length - 1].end(), weak=name == town))
                    used = length
                    break
        at += used
    if not text.isascii():
        found.extend(
            one for one in _wide(text) if all(one.start >= other.end or one.end <= other.start for other in found)
        )
    return sorted(found, key=lambda match: match.start)


@remembered(16_384)
def _name(text: str, endings: bool) -> str | None:
    if text[:1] in "بلو" and (found := _named(fold(text[1:]))) is not None:
        return found  # "in" and "and" are written with the name in Arabic
    key = unaccented(text) if _DEVANAGARI.match(text) else fold(text)
    name = _named(key)
    if name is None and endings:
        stem, apostrophe, _ = key.partition(" ")
        if apostrophe and ("'" in text or "’" in text):
            return _named(stem)
        if apostrophe:
            return None
        least = 2 if key[:1] >= _LONG_SCRIPT else LEAST_STEM
        cuts = range(len(key) - 1, max(least, len(key) - LONGEST_ENDING) - 1, -1)
        name = next((found for cut in cuts if (found := _stemmed(key[:cut])) is not None), None)
    return name


LEAST_TOWN = 6


def _town(text: str, endings: bool) -> str | None:
    """Standard name of a small town or a part of a country, in Latin letters."""
    key = fold(text)
    name = _named(key, _TOWNS)
    if name is None and endings and len(key) > LEAST_TOWN and " " not in key:
        cuts = range(len(key) - 1, max(LEAST_TOWN, len(key) - LONGEST_ENDING) - 1, -1)
        name = next((found for cut in cuts if (found := _stemmed(key[:cut], _TOWNS)) is not None), None)
    return name


def _cuts_a_word(text: str, start: int, end: int) -> object:
    """Whether katakana goes on beside a name of katakana ("タイ" in "タイプ")."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return (_KATAKANA.match(before) and _KATAKANA.match(text[start])) or (
        _KATAKANA.match(after) and _KATAKANA.match(text[end - 1])
    )


def _wide(text: str) -> list[Match]:
    """Names in scripts that are written without blanks, the longest that begins at each place."""
    found: list[Match] = []
    for run in _WIDE.finditer(text):
        start = run.start()
        while start < run.end() - 1:
            name, end = None, start + 1
            if not _begins_name(unaccented_piece(text[start : start + 2])[:2]):
                start += 1
                continue
            for end in range(min(run.end(), start + 8), start + 1, -1):
                if (name := _named(unaccented_piece(text[start:end]))) is not None:
                    break
            if name is not None and not _cuts_a_word(text, start, end):
                found.append(Match(name, start, end, False))
            start = end if name is not None else start + 1
    return found
