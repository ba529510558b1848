"""The words of ``gloss.csv``: those that tell a language, and those of a language with their English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from msgspec import Raw, Struct, msgpack

from mining.prepared import prepared
from mining.vocab.tables import path_of, read_table

__all__ = ["GLUED", "KEPT", "TABLES", "codes_of", "kept", "markers_of", "number_rows"]

KEPT = Path(__file__).with_name("gloss.msgpack")
TABLES = (path_of("gloss"),)
_MARKERS = "(markers)"
_ENGLISH = "(english)"
"""Rows of words by which a language is told, and of English words, which tell no other language."""
LEAST_ALIKE = 5
"""Letters of the shortest word that is looked for in other languages."""
GLUED = frozenset({"zh", "ja"})
"""Written without blanks, so that a word may begin and end anywhere."""


class _Kept(Struct, frozen=True):
    """Words that tell languages, of ASCII and all; words of each language, with their English."""

    of_ascii: Raw
    markers: Raw
    codes: dict[str, Raw]
    numbers: Raw


def kept() -> _Kept:
    """All that is kept, made anew of the table."""
    of_ascii, markers = (Raw(msgpack.encode(dict(sorted(_markers(is_ascii).items())))) for is_ascii in (True, False))
    languages = [name for name in read_table("gloss")[0] if name != "english"]
    return _Kept(
        of_ascii,
        markers,
        {language: Raw(msgpack.encode(_codes(language))) for language in languages},
        Raw(msgpack.encode(_numbers())),
    )


@cache
def _kept() -> _Kept:
    return prepared(KEPT, TABLES, _Kept, kept)


@cache
def markers_of(is_ascii: bool) -> Mapping[str, Sequence[str]]:
    """Languages that a word tells; for a text of ASCII alone without the other half of the words.

    Args:
        is_ascii: Whether the text is of ASCII alone.
    """
    kept = _kept()
    return msgpack.decode(kept.of_ascii if is_ascii else kept.markers, type=dict[str, tuple[str, ...]])


@cache
def number_rows() -> tuple[tuple[float, dict[str, str]], ...]:
    """Numbers up to a hundred, each with its words by language."""
    return msgpack.decode(_kept().numbers, type=tuple[tuple[float, dict[str, str]], ...])


def _numbers() -> list[tuple[float, dict[str, str]]]:
    found = []
    for row in read_table("gloss"):
        with suppress(ValueError):
            found.append((float(row["english"]), row))
    return found


@cache
def codes_of(language: str) -> dict[str, tuple[str, bool, bool]]:
    """Words of a language, each with its English, and whether it is whole or may stand inside another.

    Args:
        language: Name of its column.
    """
    return msgpack.decode(_kept().codes[language], type=dict[str, tuple[str, bool, bool]])


def _markers(is_ascii: bool) -> Mapping[str, Sequence[str]]:
    rows = read_table("gloss")
    english = {word for row in rows if row["english"] == _ENGLISH for word in row["en"].split(";")}
    markers: dict[str, list[str]] = {}
    for row in rows:
        for language, cell in row.items() if row["english"] == _MARKERS else ():
            for word in cell.split(";") if cell and language != "english" else ():
                if word.isascii() or not is_ascii:
                    markers.setdefault(word, []).append(language)
    telling: dict[str, Sequence[str]] = {}
    shared: set[str] = set()
    for language in (name for name in rows[0] if name != "english"):
        words = {
            word
            for word in _glossed(language) - english
            if len(word) >= LEAST_ALIKE and (word.isascii() or not is_ascii)
        }
        bare = {word.removeprefix("=") for word in words}
        shared |= telling.keys() & bare
        telling.update(dict.fromkeys(bare, (language,)))
    for word in shared:
        del telling[word]
    return {**telling, **markers}


def _glossed(language: str) -> set[str]:
    """Words of a language, as written, that do not merely begin like their English."""
    rows = [(row["english"], cell) for row in read_table("gloss") if (cell := row[language])]
    rows = [(english, cell) for english, cell in rows if english not in {_MARKERS, _ENGLISH}]
    words = set(";".join([cell for _, cell in rows]).split(";"))
    alike = [english for english, cell in rows if english[:LEAST_ALIKE] in cell]
    for begun in {english[:size] for english in alike for size in range(LEAST_ALIKE, len(english) + 1)} & words:
        if all(english.startswith(begun) for english, cell in rows if begun in cell.split(";")):
            words.remove(begun)
    return words


def _codes(language: str) -> dict[str, tuple[str, bool, bool]]:
    codes: dict[str, tuple[str, bool, bool]] = {}
    for row in read_table("gloss"):
        for word in row[language].split(";") if row[language] and row["english"][0] != "(" else ():
            codes.setdefault(word.removeprefix("="), (row["english"], word[0] == "=", language in GLUED))
    return codes
