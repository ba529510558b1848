"""Where a text holds the words of ``roles.csv``.

Nearly all are words and phrases of scripts that part words: they are looked up by the words of the text. Those of
Chinese, Japanese and Korean may begin and end anywhere, and are sought with an Aho-Corasick automaton.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Set
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING

from msgspec import Struct

from mining.card.lexicon.spellings import COLUMNS, LANGUAGES, LATIN, WIDE, is_ideographic, is_wide, spellings
from mining.patterns import regex

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["LONGEST", "TOKEN", "Found", "found_in", "in_token", "phrases_in"]

LONGEST = 48
"""Letters that no single word of the table exceeds."""
MANY = 400
"""Texts from which phrases are sought all at once."""
TOKEN = regex(r"[^\W_]+")
_BEGINNINGS = ("\u0400", "\u0530", "\u0600", "\u0700", "\u0900", "\u0980", WIDE)
"""Where scripts begin and end: Cyrillic, Arabic, Devanagari, those without blanks."""
_ALPHABETS = ("\u3100", "\uac00")
"""Where alphabets begin: Han, Hangul; kana before."""

Sense = tuple[int, bool, bool]
"""The number of a concept, and whether its word begins and ends with a word of the text."""
Found = tuple[int, int, Sense, tuple[str, ...]]
"""A word found: its end and start, which of its senses, and the languages of that sense."""


_Senses = tuple[tuple[Sense, tuple[str, ...]], ...]
"""Senses of a word, each with its languages."""


class _Phrase(Struct, frozen=True):
    """A spelling of several parts: its letters and its senses."""

    letters: str
    senses: _Senses


_Phrases = tuple[tuple[_Phrase, ...], dict[str, tuple[_Phrase, ...]]]
"""Spellings that begin with the same part: those that nothing else must hold for, and others by their second part."""


def _scripts_in(text: str) -> tuple[int, ...]:
    """The scripts whose words a text may hold."""
    if text.isascii():
        return (LATIN,)
    found = {bisect_right(_BEGINNINGS, mark) for mark in set(text)}
    return (LATIN, *(script for script in COLUMNS if script in found))


def _senses_of(written: str, cells: Iterable[int]) -> _Senses:
    """The senses of a spelling, each with its languages."""
    spoken: dict[int, tuple[str, ...]] = {}
    for at in cells:
        number, column = divmod(at, len(LANGUAGES))
        spoken[number] = (*spoken.get(number, ()), LANGUAGES[column])
    begins, ends = written[0] != "*", written[-1] != "*"
    return tuple(((number, begins, ends), languages) for number, languages in spoken.items())


def in_token(token: str) -> tuple[Found, ...]:
    """Words of one part in a run of letters and digits in small letters.

    Args:
        token: The run, without letters of the scripts that have no blanks.
    """
    return _in_token(token) if len(token) <= LONGEST else _in_token.__wrapped__(token)


@lru_cache(maxsize=32_768)
def _in_token(token: str) -> tuple[Found, ...]:
    found: list[Found] = []
    size = len(token)
    for script in _scripts_in(token):
        known = spellings(script).begun(token)
        places = [(0, end, form) for end in range(1, min(size, LONGEST) + 1) if (form := f"{token[:end]}*") in known]
        if token in known:
            places.append((0, size, token))
        for start, end, form in (*places, *_inside(token, script)):
            found += [(end, start, sense, spoken) for sense, spoken in _senses_of(form, known[form])]
    return tuple(found)


@cache
def _endings(script: int) -> tuple[AhoCorasick, tuple[str, ...]] | None:
    """The few words that may begin inside another one: their letters, and as written."""
    import ahocorasick_rs

    forms = spellings(script).endings
    return (ahocorasick_rs.AhoCorasick([form.strip("*") for form in forms]), forms) if forms else None


def _inside(token: str, script: int) -> Iterator[tuple[int, int, str]]:
    """Words that may begin inside another one, where they stand in a run."""
    if (known := _endings(script)) is not None:
        automaton, forms = known
        for number, start, end in automaton.find_matches_as_indexes(token, overlapping=True):
            if forms[number][-1] == "*" or end == len(token):
                yield start, end, forms[number]


@lru_cache(maxsize=32_768)
def _phrases_from(token: str, script: int) -> _Phrases | None:
    """Spellings of several parts whose first part is a run of letters and digits; none where there are none."""
    found: dict[str, tuple[_Phrase, ...]] = {}
    known = spellings(script)
    for form in known.phrases_from(token):
        letters = form.strip("*")
        second, *_ = *TOKEN.findall(letters)[1 : -1 if form[-1] == "*" else None], ""
        found[second] = (*found.get(second, ()), _Phrase(letters, _senses_of(form, known.known[form])))
    return (found.pop("", ()), found) if found else None


@cache
def _all_phrases(script: int) -> tuple[AhoCorasick, tuple[_Senses, ...]] | None:
    """All spellings of several parts at once: dear to make, and quicker from then on."""
    import ahocorasick_rs

    known = spellings(script)
    words: dict[str, list[tuple[Sense, tuple[str, ...]]]] = {}
    for form in known.phrases():
        words.setdefault(form.strip("*"), []).extend(_senses_of(form, known.known[form]))
    if not words:
        return None
    kind = ahocorasick_rs.Implementation.ContiguousNFA
    return ahocorasick_rs.AhoCorasick(list(words), implementation=kind), tuple(map(tuple, words.values()))


_texts = count()


def phrases_in(low: str, tokens: Set[str]) -> list[Found]:
    """Words of several parts in a text.

    Args:
        low: Text in small letters.
        tokens: Its runs of letters and digits.
    """
    found: list[Found] = []
    are_many = next(_texts) >= MANY
    for script in _scripts_in(low):
        if not are_many:
            found += _phrases_begun(low, tokens, script)
        elif (known := _all_phrases(script)) is not None:
            automaton, senses = known
            for number, start, end in automaton.find_matches_as_indexes(low, overlapping=True):
                found += _placed(low, start, end, senses[number])
    return found


def _phrases_begun(low: str, tokens: Set[str], script: int) -> Iterator[Found]:
    """The same, by the words that they begin with."""
    for token in tokens:
        known = _phrases_from(token, script) if len(token) <= LONGEST else None
        if known is None:
            continue
        phrases, more = known
        if not more.keys().isdisjoint(tokens):
            phrases = (*phrases, *(phrase for second in more.keys() & tokens for phrase in more[second]))
        for phrase in phrases:
            at = low.find(phrase.letters)
            while at >= 0:
                yield from _placed(low, at, at + len(phrase.letters), phrase.senses)
                at = low.find(phrase.letters, at + 1)


def _placed(low: str, start: int, end: int, senses: _Senses, is_wide: bool = False) -> list[Found]:
    """The senses that letters at a place have, by what stands before and behind."""
    before, after = low[start - 1 : start], low[end : end + 1]
    begins = not before.isalnum() or is_ideographic(before) or (is_wide and is_ideographic(low[start]))
    ends = not after.isalnum() or is_ideographic(after) or (is_wide and is_ideographic(low[end - 1]))
    return [
        (end, start, sense, spoken) for sense, spoken in senses if (begins or not sense[1]) and (ends or not sense[2])
    ]


@cache
def _wide_words(alphabet: int) -> tuple[AhoCorasick, tuple[_Senses, ...]] | None:
    """The words with letters of the scripts without blanks, whose first such letter is of an alphabet."""
    import ahocorasick_rs

    words: dict[str, list[tuple[Sense, tuple[str, ...]]]] = {}
    for form, cells in spellings(max(COLUMNS)).all().items():
        if is_wide(form) and bisect_right(_ALPHABETS, next(filter(WIDE.__le__, form))) == alphabet:
            words.setdefault(form.strip("*"), []).extend(_senses_of(form, cells))
    if not words:
        return None
    kind = ahocorasick_rs.Implementation.ContiguousNFA
    return ahocorasick_rs.AhoCorasick(list(words), implementation=kind), tuple(map(tuple, words.values()))


def _wide_in(low: str) -> list[Found]:
    """Words of the scripts without blanks in a text."""
    found: list[Found] = []
    for alphabet in {bisect_right(_ALPHABETS, mark) for mark in set(low) if mark >= WIDE}:
        if (known := _wide_words(alphabet)) is not None:
            automaton, senses = known
            for number, start, end in automaton.find_matches_as_indexes(low, overlapping=True):
                found += _placed(low, start, end, senses[number], is_wide=True)
    return found


VIRAMA = "\u094d"
"""Joins a letter of Devanagari to the next one; no letter for Python, so that what stands before looks like a word."""


def found_in(low: str) -> list[Found]:
    """All words in a text, in the order of their ends.

    Args:
        low: Text in small letters, as long as what was written.
    """
    plain = low
    found: list[Found] = []
    if not low.isascii() and max(low) >= WIDE:
        found = _wide_in(low)
        plain = "".join(" " if is_ideographic(mark) else mark for mark in low)
    tokens: set[str] = set()
    for match in TOKEN.finditer(plain):
        token, at = match.group(), match.start()
        tokens.add(token)
        found += [(at + end, at + start, sense, spoken) for end, start, sense, spoken in in_token(token)]
    found += phrases_in(low, tokens)
    if VIRAMA in low:
        found = [one for one in found if low[one[0] : one[0] + 1] != VIRAMA]  # a word goes on behind it
    found.sort(key=_place)
    return found


def _place(one: Found) -> tuple[int, int, int]:
    return one[0], one[1], one[2][0]
