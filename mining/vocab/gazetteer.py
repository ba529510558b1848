"""Cities, and the names of countries in other languages.

Looked up only where a place is told and the vocabulary of regions has none.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from mining.patterns import regex
from mining.vocab.encoder import fold, unaccented
from mining.vocab.finder import Match
from mining.vocab.tables import read_table

__all__ = ["find_named_places"]

_WORD = regex(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_WIDE = regex(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2,}")
TEXT_CAP = 2_000
LONGEST_WORDS = 4
LEAST_STEM = 4
LONGEST_ENDING = 5


class _Gazetteer(NamedTuple):
    names: dict[str, str]
    stems: dict[str, str]


@cache
def _gazetteer() -> _Gazetteer:
    """Folded spelling -> standard place; and the same without the last vowel, for languages with endings."""
    names: dict[str, str] = {}
    stems: dict[str, str] = {}
    for row in read_table("places"):
        for alias in row["aliases"].split(";") if row["aliases"] else ():
            key = fold(alias)
            names.setdefault(key, row["name"])
            if " " not in key and len(key) > LEAST_STEM:
                stems.setdefault(key, row["name"])
                stems.setdefault(key.rstrip("aeiouyаяоиіеь"), row["name"])
    for row in read_table("region"):
        for alias in (
            (row["name"].split(",")[0], *row["aliases"].split(";")) if row["kind"] in {"city", "country"} else ()
        ):
            key = fold(alias)
            if alias[:1] not in "?=" and " " not in key and len(key) > LEAST_STEM:
                stems[key] = row["name"]
                stems.setdefault(key.rstrip("aeiouyаяоиіеь"), row["name"])
    return _Gazetteer(names, stems)


def find_named_places(text: str, endings: bool = False) -> list[Match]:
    """Cities and countries named in a text; a Latin or Cyrillic name counts with a capital only.

    Args:
        text: Any text.
        endings: Whether names may carry endings of a case ("Łodzi", "Donostian").

    Returns:
        Matches in order.
    """
    text = text[:TEXT_CAP]
    words = list(_WORD.finditer(text))
    found: list[Match] = []
    at = 0
    while at < len(words):
        used = 1
        if not words[at].group()[0].islower():
            for length in range(min(LONGEST_WORDS, len(words) - at), 0, -1):
                name = _name(text[words[at].start() : words[at + length - 1].end()], endings and length == 1)
                if name is not None:
                    found.append(Match(name, words[at].start(), words[at + length - 1].end(), False))
                    used = length
                    break
        at += used
    if not found and not text.isascii():
        found.extend(_wide(text))
    return found


def _name(text: str, endings: bool) -> str | None:
    places = _gazetteer()
    key = fold(text)
    name = places.names.get(key)
    if name is None and endings and " " not in key:
        cuts = range(len(key), max(LEAST_STEM, len(key) - LONGEST_ENDING) - 1, -1)
        name = next((places.stems[key[:cut]] for cut in cuts if key[:cut] in places.stems), None)
    return name


def _wide(text: str) -> list[Match]:
    """Names in scripts that are written without blanks."""
    names = _gazetteer().names
    for run in _WIDE.finditer(text):
        for start in range(run.start(), run.end() - 1):
            for end in range(min(run.end(), start + 8), start + 1, -1):
                name = names.get(unaccented(text[start:end]))
                if name is not None:
                    return [Match(name, start, end, False)]
    return []
