"""Concepts that tell whose an amount is and what it covers, in 24 languages.

A table with a column a language (``roles.csv``). A word ends with ``*`` where it is the beginning of words, and begins
with it where it may stand inside one. All words of all languages are sought in one pass of an Aho-Corasick automaton.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mining.patterns import regex

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

TABLE = Path(__file__).with_name("roles.csv")
LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "ca", "nl", "pl", "ru", "uk", "tr", "id", "vi", "zh", "ja", "ko", "ar", "fa"),
    *("hi", "sv", "da", "fi", "eu"),
)
MARGIN = 1.2
"""How many times as many words of another language as English ones a text must have; cards keep English terms."""
ALSO = 0.75
"""Share of the likeliest language's words from which another one is thought of as well."""
LEAST_WORDS, LEAST_SHARE = 12, 0.08
"""A text of that many words of which fewer than that share are words of one language is in none of the table."""
LEAST_ENGLISH = 3
"""Words of English from which a text is not called unknown; many cards are lists of terms."""
_FOREIGN = regex(r"[\u0370-\u03ff\u0530-\u05ff\u0700-\u08ff\u0980-\u10ff\u1200-\u137f\u1780-\u17ff]")
"""Letters of scripts without a column: Greek, Armenian, Hebrew, other Indian scripts, Thai to Georgian, Ethiopic."""
_FOREIGN_LETTERS = frozenset("řěůťďľĺŕșțţőűģķņļčėųįāēīūžђјљњћџѓќўәғқңұһ")
"""Letters of languages without a column (Czech, Romanian, Hungarian, Baltic and South Slavic ones, Kazakh, ...)."""
FOREIGN_SHARE, LEAST_LETTERS = 0.008, 5
"""Share of such letters, and their least number, from which a text is of a language without a column."""
HARD_SIGNS = 0.01
"""Share of hard signs in Bulgarian; a Russian text has a tenth of it, and letters that Bulgarian lacks."""
CONTENT_WEIGHT = 0.6
"""Weight of a word of a concept beside a function word, when the language is told."""


class Hit(Struct, frozen=True):
    """A word of a concept in a text."""

    concept: str
    start: int
    end: int


_Senses = dict[tuple[int, bool, bool], list[str]]
"""Of a word: the number of its concept, whether it begins and ends with the word in the text, and its languages."""
_Known = tuple["AhoCorasick", tuple[_Senses, ...], frozenset[int]]
_ALPHABETS = ("\x80", "\u0100", "\u0370", "\u0600", "\u0900", "\u0980", "\u3000", "\u3100", "\uac00")
"""Where alphabets begin: Latin with accents, Cyrillic, Arabic, Devanagari, Vietnamese and marks, kana, Han, Hangul."""


@cache
def _rows() -> list[tuple[str, list[str]]]:
    """Concepts, each with its words in every language, in small letters."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        _, *rows = csv.reader(lines)
    return [(concept, [words.lower() for words in cells]) for concept, *cells in rows]


def _alphabets_in(text: str) -> list[int]:
    """Alphabets that the letters of a text are of, ASCII first."""
    return [0, *{bisect_right(_ALPHABETS, mark) for mark in set(text) if mark > "\x7f"}] if not text.isascii() else [0]


@cache
def _concepts() -> tuple[str, ...]:
    return tuple(concept for concept, _ in _rows())


@cache
def _senses(are_ascii: bool, language: str | None = None) -> dict[int, dict[str, _Senses]]:
    """The senses of each word of ASCII or of each other word, by alphabet, in one language or in all."""
    found: dict[int, dict[str, _Senses]] = {}
    columns = range(len(LANGUAGES)) if language is None else (LANGUAGES.index(language),)
    for number, (_, cells) in enumerate(_rows()):
        whole = (number, True, True)
        for column in columns:
            cell, spoken = cells[column], LANGUAGES[column]
            for written in cell.split(";") if cell and (are_ascii or not cell.isascii()) else ():
                word, sense = written, whole
                if "*" in written:
                    word, sense = written.strip("*"), (number, written[0] != "*", written[-1] != "*")
                if word and word.isascii() == are_ascii:
                    first = 0 if are_ascii else bisect_right(_ALPHABETS, next(filter("\x7f".__lt__, word)))
                    found.setdefault(first, {}).setdefault(word, {}).setdefault(sense, []).append(spoken)
    return found


@cache
def _words(alphabet: int, language: str | None = None, in_parts: bool | None = None) -> _Known | None:
    """The automaton, the senses of each of its words, and the numbers of those that may stand inside another word.

    Of the words of ASCII, or of those whose first other letter is of an alphabet: a text holds no others, and an
    automaton of all words of 24 languages would take longer to build than a card to read. Or only of those of several
    parts ("came from"), which no single word of a text holds, or only of the others.
    """
    import ahocorasick_rs

    words = _senses(alphabet == 0, language).get(alphabet, {})
    if in_parts is not None:
        words = {word: senses for word, senses in words.items() if word.isalnum() != in_parts}
    if not words:
        return None
    automaton = ahocorasick_rs.AhoCorasick(list(words), implementation=ahocorasick_rs.Implementation.ContiguousNFA)
    senses = tuple(words.values())
    loose = (at for at, known in enumerate(senses) if not all(begins or ends for _, begins, ends in known))
    return automaton, senses, frozenset(loose)


_Found = tuple[int, int, tuple[int, bool, bool], list[str]]
"""A word found: its end and start, which of its senses, and the languages of that sense."""


@lru_cache(maxsize=2048)
def find_concepts(text: str, languages: frozenset[str] | None = None) -> tuple[Hit, ...]:
    """All words of all concepts in a text, in order.

    Args:
        text: Plain text; offsets of the answer count in it.
        languages: Languages whose words count; all where not given.
    """
    concepts = _concepts()
    return tuple(
        Hit(concept, start, end)
        for end, start, (number, _, _), _ in _found(text, languages)
        if (concept := concepts[number]) != "function"
    )


@cache
def _words_of(concept: str) -> AhoCorasick:
    import ahocorasick_rs

    cells = next(cells for known, cells in _rows() if known == concept)
    words = {written.strip("*") for cell in cells for written in cell.split(";") if written}
    return ahocorasick_rs.AhoCorasick(sorted(words))


def may_name(concept: str, low: str) -> bool:
    """Whether a lower-case text holds the letters of any word of a concept, in any language: a quick look beforehand.

    Args:
        concept: Name of the concept.
        low: Text in lower case.
    """
    return bool(_words_of(concept).find_matches_as_indexes(low))


def _found(text: str, languages: frozenset[str] | None = None) -> list[_Found]:
    """Words of some languages, or of all, in the order of their ends."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    alphabets = _alphabets_in(low)
    if languages is None:
        automata = [_words(at, None, in_parts) for at in alphabets for in_parts in (False, True)]
    else:
        automata = [_words(at, one) for at in alphabets for one in LANGUAGES if one in languages]
    found = [one for known in automata for one in _found_of(low, known, low.isascii())]
    if len(automata) == 1:
        return found
    distinct = {(end, start, sense): spoken for end, start, sense, spoken in reversed(found)}
    return [(*one, distinct[one]) for one in sorted(distinct, key=_place)]


def _place(one: tuple[int, int, tuple[int, bool, bool]]) -> tuple[int, int, int]:
    return one[0], one[1], one[2][0]


def _found_of(low: str, known: _Known | None, plain: bool) -> list[_Found]:
    """Words of one automaton in a text in small letters."""
    if known is None:
        return []
    automaton, senses, loose = known
    padded = f" {low} "
    found: list[_Found] = []
    for number, start, end in automaton.find_matches_as_indexes(low, overlapping=True):
        before, after = padded[start], padded[end + 1]
        begins = not before.isalnum() or (not plain and (_is_ideographic(before) or _is_ideographic(padded[start + 1])))
        ends = not after.isalnum() or (not plain and (_is_ideographic(after) or _is_ideographic(padded[end])))
        if not (begins or ends or number in loose):
            continue
        found += [
            (end, start, sense, spoken)
            for sense, spoken in senses[number].items()
            if (begins or not sense[1]) and (ends or not sense[2])
        ]
    return found


def _is_ideographic(mark: str) -> bool:
    """Chinese, Japanese and Korean do not part words by spaces."""
    return "\u3040" <= mark <= "\u30ff" or "\u3400" <= mark <= "\u9fff" or "\uac00" <= mark <= "\ud7a3"


def _is_foreign(text: str) -> bool:
    """Whether most letters are of scripts that no column is written in (Greek, Hebrew, Thai, Georgian, ...)."""
    foreign = "".join(_FOREIGN.findall(text)) if not text.isascii() else ""
    return sum(map(str.isalpha, foreign)) > 0.5 * sum(map(str.isalpha, text)) if foreign else False


def _has_foreign_letters(text: str) -> bool:
    """Whether the letters are of a language without a column whose neighbour has one (Czech is no Polish)."""
    low = text.lower()
    letters = sum(map(str.isalpha, low))
    strange = sum(mark in _FOREIGN_LETTERS for mark in low)
    if not any(mark in low for mark in "ươạảấếềệốộớợủứừ"):
        strange += low.count("ă") + low.count("đ")  # Romanian and South Slavic where it is not Vietnamese
    if "ъ" in low and not any(mark in low for mark in "ыэёіїє"):
        strange += low.count("ъ") if low.count("ъ") >= HARD_SIGNS * letters else 0
    return strange >= max(LEAST_LETTERS, FOREIGN_SHARE * letters)


def _is_unknown(text: str, best: float) -> bool:
    """Whether a text has many words and hardly any that are known."""
    words = sum(word.strip(".,;:!?()").isalpha() and len(word) > 1 for word in text.split())
    return words >= LEAST_WORDS and best < LEAST_SHARE * words and sum(map(_is_ideographic, text)) < words


_TOKEN = regex(r"[^\W_]+")
_ASCII_TOKENS = bytes(mark if chr(mark).isalnum() else 32 for mark in range(256))


def _counts(text: str) -> dict[str, float]:
    """Weight of the words of each language in a text."""
    low = text.lower()
    if len(low) != len(text) or (not low.isascii() and any(map(_is_ideographic, set(low)))):
        votes = [_votes_of(_found(text))]
        times = [1]
    else:
        plain = low.encode().translate(_ASCII_TOKENS).decode() if low.isascii() else None
        tokens = Counter(_TOKEN.findall(low) if plain is None else plain.split())
        phrases = [one for at in _alphabets_in(low) for one in _found_of(low, _words(at, None, True), low.isascii())]
        told = {token: vote for token in tokens if (vote := _votes_of_token(token))}
        votes = [*told.values(), _votes_of(phrases)]
        times = [*map(tokens.__getitem__, told), 1]
    functions, contents = dict.fromkeys(LANGUAGES, 0), dict.fromkeys(LANGUAGES, 0)
    for vote, often in zip(votes, times, strict=True):
        for language, function, content in vote:
            functions[language] += function * often
            contents[language] += content * often
    return {language: functions[language] + CONTENT_WEIGHT * contents[language] for language in LANGUAGES}


@lru_cache(maxsize=32_768)
def _votes_of_token(token: str) -> tuple[tuple[str, int, int], ...]:
    """Votes of one word in small letters; the same few thousand words make up most texts."""
    plain = token.isascii()
    return _votes_of(one for at in _alphabets_in(token) for one in _found_of(token, _words(at, None, False), plain))


def _votes_of(found: Iterable[_Found]) -> tuple[tuple[str, int, int], ...]:
    """Languages, each with the number of its function words and of its words of concepts."""
    found = list(found)
    if not found:
        return ()
    function = _concepts().index("function")
    functions, contents = Counter[str](), Counter[str]()
    for _, _, sense, spoken in found:
        (functions if sense[0] == function else contents).update(spoken)
    return tuple((language, functions[language], contents[language]) for language in functions | contents)


@lru_cache(maxsize=4)
def languages_of(text: str) -> tuple[str, ...]:
    """The languages that a text may be written in, the likeliest first; English where no other is likelier.

    None where no table has its words.

    Args:
        text: Some prose.
    """
    if _is_foreign(text):
        return ()
    counts = _counts(text)
    order = sorted(LANGUAGES, key=counts.__getitem__, reverse=True)
    best = order[0]
    if counts["en"] < LEAST_ENGLISH and _is_unknown(text, counts[best]):
        return ()
    if best != "en" and counts[best] > MARGIN * counts["en"] and not text.isascii() and _has_foreign_letters(text):
        return ()
    likely = tuple(language for language in order if counts[language] >= ALSO * max(counts[best], 0.1))
    return tuple(dict.fromkeys(("en", *likely[:3]))) if counts[best] <= MARGIN * counts["en"] + 0.5 else likely
