"""The words of ``roles.csv`` by their first two letters: a card is looked up in a few hundred of twenty thousand."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import filterfalse
from pathlib import Path

from msgspec import Raw, Struct, msgpack

from mining.prepared import prepared

__all__ = [
    "COLUMNS", "KEPT", "LANGUAGES", "LATIN", "TABLE", "WIDE", "Spellings", "concept_names", "concept_rows",
    "is_ideographic", "is_wide", "kept", "spellings",
]  # fmt: skip

TABLE = Path(__file__).with_name("roles.csv")
KEPT = Path(__file__).with_name("roles.msgpack")
LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "ca", "nl", "pl", "ru", "uk", "tr", "id", "vi", "zh", "ja", "ko", "ar", "fa"),
    *("hi", "sv", "da", "fi", "eu"),
)
COLUMNS = {1: ("ru", "uk"), 3: ("ar", "fa"), 5: ("hi",), 7: ("zh", "ja", "ko")}
"""Languages whose words are of ASCII or hold a letter of that script, by its place (``written_words``); all others are
of Latin."""
LATIN = 0
WIDE = "\u3000"
"""From here on lie the scripts that are written without blanks between words."""


class _Kept(Struct, frozen=True):
    """Names of the concepts; by script the words that begin inside others, and words by head with their cells."""

    concepts: tuple[str, ...]
    endings: dict[int, tuple[str, ...]]
    heads: dict[int, dict[str, Raw]]


@cache
def concept_rows() -> tuple[tuple[str, list[str]], ...]:
    """Concepts, each with its words in every language, in small letters."""
    lines = TABLE.read_bytes().decode().splitlines()
    rows = (next(csv.reader([line])) if '"' in line else line.split(",") for line in lines[1:])
    return tuple((concept, [words.lower() for words in cells]) for concept, *cells in rows)


def _words_of(script: int) -> dict[str, list[int]]:
    """The words of the languages of a script, each with the numbers of its cells; of ASCII only the Latin ones."""
    foreign = {LANGUAGES.index(language): script for script, spoken in COLUMNS.items() for language in spoken}
    words: dict[str, list[int]] = {}
    for number, (_, cells) in enumerate(concept_rows()):
        for column, cell in enumerate(cells):
            its_script = foreign.get(column, LATIN)
            if not cell or script not in {LATIN, its_script}:
                continue
            written: Iterator[str] = iter(cell.split(";"))
            if its_script != LATIN:
                written = (filter if script == LATIN else filterfalse)(str.isascii, written)
            for word in written:
                words.setdefault(word, []).append(number * len(LANGUAGES) + column)
    return words


def _head_of(form: str) -> str:
    """What a spelling is kept under; words of one letter, and phrases that begin with one, under that letter."""
    return form[:2] if form[:2].isalnum() else form[:1]


def kept() -> _Kept:
    """All that is kept, made anew of the table."""
    endings: dict[int, tuple[str, ...]] = {}
    heads: dict[int, dict[str, Raw]] = {}
    for script in (LATIN, *COLUMNS):
        parts: dict[str, dict[str, list[int]]] = {}
        words = _words_of(script)
        for form, cells in words.items():
            parts.setdefault(_head_of(form), {})[form] = list(dict.fromkeys(cells))
        endings[script] = tuple(form for form in words if form[0] == "*")
        heads[script] = {head: Raw(msgpack.encode(part)) for head, part in parts.items()}
    return _Kept(tuple(concept for concept, _ in concept_rows()), endings, heads)


@cache
def _kept() -> _Kept:
    return prepared(KEPT, (TABLE,), _Kept, kept)


def concept_names() -> tuple[str, ...]:
    """Names of the concepts, by number."""
    return _kept().concepts


class Spellings:
    """The words of a script as written, read by what a text begins them with.

    Args:
        script: Number of the script.
    """

    def __init__(self, script: int) -> None:
        self._script = script
        self._parts = dict(_kept().heads[script])
        self._phrases: dict[str, tuple[str, ...]] = {}
        self.endings = _kept().endings[script]
        self.known: dict[str, tuple[int, ...]] = {}
        """Words read so far, each with the numbers of its cells."""
        self._read("*")

    def _read(self, head: str) -> None:
        if (part := self._parts.pop(head, None)) is not None:
            words = msgpack.decode(part, type=dict[str, tuple[int, ...]])
            self.known.update(words)
            self._phrases[head] = tuple(sorted(filter(self._is_phrase, words)))

    def _is_phrase(self, form: str) -> bool:
        is_one = form.isalnum() or form.strip("*").isalnum()
        return not is_one and not (self._script == max(COLUMNS) and is_wide(form))

    def begun(self, token: str) -> dict[str, tuple[int, ...]]:
        """Known words; among them all that begin a run of letters and digits, and all that it begins.

        Args:
            token: The run.
        """
        if self._parts:
            self._read(token[:2])
            self._read(token[:1])
        return self.known

    def phrases_from(self, token: str) -> Iterator[str]:
        """Spellings of several parts whose first part is a run of letters and digits, sorted.

        Args:
            token: The run.
        """
        self.begun(token)
        size, forms = len(token), self._phrases.get(_head_of(token), ())
        for form in forms[bisect_left(forms, token) : bisect_left(forms, f"{token}\U0010ffff")]:
            if len(letters := form.strip("*")) > size and not letters[size].isalnum():
                yield form

    def all(self) -> dict[str, tuple[int, ...]]:
        """All words, in the order of the table."""
        for head in tuple(self._parts):
            self._read(head)
        return {form: self.known[form] for form in _words_of(self._script)}

    def phrases(self) -> list[str]:
        """All spellings of several parts, sorted; they begin with a letter or a digit (``test_card_lexicon.py``)."""
        return sorted(filter(self._is_phrase, self.all()))


@cache
def spellings(script: int) -> Spellings:
    """The words of the languages of a script; those of ASCII are always with the Latin ones.

    Args:
        script: Number of the script.
    """
    return Spellings(script)


def is_ideographic(mark: str) -> bool:
    """Chinese, Japanese and Korean do not part words by spaces."""
    return "\u3040" <= mark <= "\u30ff" or "\u3400" <= mark <= "\u9fff" or "\uac00" <= mark <= "\ud7a3"


def is_wide(form: str) -> bool:
    """Whether a spelling holds letters of the scripts that are written without blanks."""
    return max(form) >= WIDE and any(map(is_ideographic, form))
