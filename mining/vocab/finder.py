"""Finds the spellings of a vocabulary inside a text, longest first, in time linear in the length of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from threading import Lock

from msgspec import Struct

from mining.patterns import regex
from mining.vocab.encoder import unaccented, unaccented_piece

__all__ = ["Finder", "Match"]

_WORD = regex(r"(?<![^\W_])[avphkltAVPHKLT]-\d{2,3}(?![^\W_])|[^\W_]+")
"""Words; "V-100" is one."""
_ASCII_RUN = regex(r"[a-z]+|[0-9]+")
_GLUED_COUNT = regex(r"\d[x×]")
_BEYOND_LATIN = regex(r"[^\u0000-\u02ff\u2000-\u2bff]")
_COUNTED = regex(r"(\d{1,6})[x×](\D.*)$")
_TIMES = regex(r"(.*[^\Wx])x(\d{1,5})$")
_GAP = regex(r"(?<=[a-z]{2}) (?=\d)|(?<=\d) (?=[a-z])")
_RUN = regex(r"[^\W\d_]+|\d+")
_PARTED = regex(r"\),|[,;](?=\s)")
"""Marks between two words that are none of one name ("(80 GB), 300 hours" names no GB300)."""
MANY = 100
"""Texts from which all spellings are made ready at once."""
MOST_KEPT, LONGEST_KEPT = 20_000, 40
"""Words whose parts are kept, and the letters of the longest of them."""
_WIDE = "\u0e00"
"""From here on lie the scripts that are written without blanks between words (Thai, Chinese, Japanese, Korean)."""


class Match(Struct, frozen=True, gc=False):
    """A spelling found: standard name, offsets in the text, whether it is weak, and a count glued to it ("8xA100")."""

    name: str
    start: int
    end: int
    weak: bool
    pieces: int | None = None


class _Word(Struct, frozen=True, gc=False):
    key: str
    start: int
    end: int
    pieces: int | None


@lru_cache(maxsize=16)
def _runs_of(text: str) -> list[str] | None:
    """Runs of letters and of digits of a text; None where marks part words, or a count is glued to one ("8xA100")."""
    if text.isascii():
        low = text.lower()
        return None if _GLUED_COUNT.search(low) else _ASCII_RUN.findall(low)
    if _BEYOND_LATIN.search(text):
        return None
    low = unaccented(text)
    return None if _GLUED_COUNT.search(low) else _RUN.findall(low)


def glued(spelling: str) -> str:
    """Key of a folded spelling, letters and digits together or apart ("rtx 3090 ti", "rtx3090ti")."""
    return _GAP.sub("", spelling) if " " in spelling else spelling


def _keys(spellings: Iterable[str], compounds: bool) -> list[str]:
    """Keys of many spellings at once."""
    return _GAP.sub("", "\n".join(spellings)).split("\n") if compounds and spellings else list(spellings)


def codes_of(
    strong: Mapping[str, str], weak: Mapping[str, str], compounds: bool = False
) -> dict[str, tuple[str, bool]]:
    """Keys of spellings, each with its standard name and whether it is weak.

    Args:
        strong: Folded spelling -> standard name.
        weak: Folded spelling -> standard name.
        compounds: Letters and digits of a spelling may be written together or apart.
    """
    codes = {key: (name, True) for key, name in zip(_keys(weak, compounds), weak.values(), strict=True)}
    codes.update({key: (name, False) for key, name in zip(_keys(strong, compounds), strong.values(), strict=True)})
    return codes


class Finder:
    """Finder of the spellings of one vocabulary.

    Args:
        strong: Folded spelling -> standard name, found anywhere.
        weak: Folded spelling -> standard name, found only when the caller says that the place is a fitting one.
        compounds: Letters and digits of a spelling may be written together or apart ("RTX3090", "RTX 3090Ti").
        codes: What :func:`codes_of` makes of the spellings, instead of them.
    """

    def __init__(
        self,
        strong: Mapping[str, str],
        weak: Mapping[str, str],
        compounds: bool = False,
        codes: dict[str, tuple[str, bool]] | None = None,
    ) -> None:
        self._key = glued if compounds else str
        self._codes = codes_of(strong, weak, compounds) if codes is None else codes
        self._compounds = compounds
        self._reach: dict[str, int] = {}
        self._heads: dict[str, set[str]] = {}
        self._unsorted: dict[str, list[str]] = {}
        for form in self._codes:
            self._unsorted.setdefault(form[:2], []).append(form)
        self._sorting = Lock()
        self._texts = 0
        self._parts_of: dict[str, _Word] = {}
        self._wide = frozenset(form for form in self._codes if form[0] >= _WIDE)
        self._wide_heads = frozenset(form[:2] for form in self._wide)

    def _sort_in(self, runs: list[str] | None) -> None:
        """Note where spellings begin and how far they reach: those that a text may hold, or all of them.

        A card names a few of hundreds of things, so that the first few texts need few.
        """
        self._texts += 1
        with self._sorting:
            if runs is None or self._texts > MANY:
                begun = list(self._unsorted)
            else:
                begins = {run[:2] for run in runs}
                begun = [
                    two
                    for two in self._unsorted
                    if two in begins or (two[0] in begins and not (two.isalpha() or two.isdigit()))
                ]
            for two in begun:
                for form in self._unsorted[two]:
                    self._note(form)
                del self._unsorted[two]  # other threads wait as long as they are there

    def _note(self, form: str) -> None:
        runs = [form] if form.isalpha() else _RUN.findall(form) or [form]
        self._heads.setdefault(runs[0], set()).add(runs[1] if len(runs) > 1 else "")
        words = len(runs) if self._compounds else 1 + form.count(" ")
        for head in {form[:2], form[:3], form.partition(" ")[0][:3]}:
            if words > self._reach.get(head, 0):
                self._reach[head] = words

    def find(self, text: str, weak: bool = False) -> list[Match]:
        """All spellings in a text that do not overlap, from left to right.

        Args:
            text: Any text.
            weak: Whether spellings marked weak count as well.

        Returns:
            Matches in order; offsets count in ``text``.
        """
        if not self.may_hold(text):
            return []
        if self._unsorted:
            self._sort_in(_runs_of(text))
        words = [self._split(word) for word in _WORD.finditer(text)]
        found: list[Match] = []
        at = 0
        while at < len(words):
            reach = self._reach.get(words[at].key[:3], 0)
            if not reach:
                at += 1
                continue
            match, used = self._at(words, at, min(reach, len(words) - at), weak)
            if match is not None and used > 1 and self._compounds and _PARTED.search(text, match.start, match.end):
                match, used = self._at(words, at, 1, weak)
            if match is not None and match.weak and used > 1 and (later := self._reaching_further(words, at, used)):
                match, used = None, later
            if match is not None:
                found.append(match)
            at += used
        if self._wide and not text.isascii():
            found.extend(self._find_wide(text))
        return found

    def may_hold(self, text: str) -> bool:
        """Whether the first two runs of letters or digits of any spelling follow each other in a text."""
        runs = _runs_of(text)
        if self._unsorted:
            self._sort_in(runs)
        if runs is None:
            return True
        heads = self._heads
        if heads.keys().isdisjoint(runs):
            return False
        for run, after in zip(runs, (*runs[1:], ""), strict=True):
            if (seconds := heads.get(run)) is not None and ("" in seconds or after in seconds):
                return True
        return False

    def _at(self, words: list[_Word], at: int, reach: int, weak: bool) -> tuple[Match | None, int]:
        for length in range(reach, 0, -1):
            group = words[at : at + length]
            code = self._codes.get(self._key(" ".join(word.key for word in group)))
            if code is not None and (weak or not code[1]):
                pieces = next((word.pieces for word in group if word.pieces is not None), None)
                return Match(code[0], group[0].start, group[-1].end, code[1], pieces), length
        return None, 1

    def _reaching_further(self, words: list[_Word], at: int, used: int) -> int:
        """How many words to pass over where a strong spelling begins inside a weak match and ends behind it."""
        for step in range(1, used):
            reach = self._reach.get(words[at + step].key[:3], 0)
            match, length = self._at(words, at + step, min(reach, len(words) - at - step), False)
            if match is not None and step + length > used:
                return step
        return 0

    def _split(self, word: re.Match[str]) -> _Word:
        """A word, without a count glued to it."""
        text, at = word.group(), word.start()
        parts = self._parts_of.get(text)
        if parts is None:
            parts = self._parts(text)
            if len(text) <= LONGEST_KEPT and len(self._parts_of) < MOST_KEPT:
                self._parts_of[text] = parts
        return _Word(parts.key, at + parts.start, at + parts.end, parts.pieces)

    def _parts(self, word: str) -> _Word:
        """Take a count off a word, where what is left begins a spelling: "8xA100", "A100x8"."""
        key = unaccented(word).replace("-", "")
        if key[-1:] == "s" and key[-2:-1].isdigit() and key not in self._codes:
            key = key[:-1]  # "RTX 4090s"
        if "x" in key and key not in self._codes:
            if (counted := _COUNTED.match(key)) and (
                counted.group(2) in self._codes or counted.group(2) in self._heads
            ):
                return _Word(counted.group(2), counted.start(2), len(word), int(counted.group(1)))
            if (times := _TIMES.match(key)) and times.group(1) in self._codes:
                return _Word(times.group(1), 0, times.end(1), int(times.group(2)))
        return _Word(key, 0, len(word), None)

    def _find_wide(self, text: str) -> list[Match]:
        """Spellings in scripts that are written without blanks."""
        found = []
        for start, mark in enumerate(text):
            if mark < _WIDE or unaccented_piece(text[start : start + 2])[:2] not in self._wide_heads:
                continue
            for length in range(min(8, len(text) - start), 1, -1):
                piece = unaccented_piece(text[start : start + length])
                if piece in self._wide:
                    found.append(Match(self._codes[piece][0], start, start + length, False))
                    break
        return found
