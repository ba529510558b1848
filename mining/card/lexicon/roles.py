"""Concepts that tell whose an amount is and what it covers, in 24 languages.

A table with a column a language (``roles.csv``). A word ends with ``*`` where it is the beginning of words, and begins
with it where it may stand inside one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from mining.card.lexicon.spellings import LANGUAGES, TABLE, concept_names, concept_rows, is_ideographic
from mining.card.lexicon.written_words import TOKEN, Found, found_in, in_token, phrases_in
from mining.patterns import regex

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["LANGUAGES", "TABLE", "Hit", "find_concepts", "languages_of", "may_name"]

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


class Hit(Struct, frozen=True, gc=False):
    """A word of a concept in a text."""

    concept: str
    start: int
    end: int


@lru_cache(maxsize=2048)
def find_concepts(text: str, languages: frozenset[str] | None = None) -> tuple[Hit, ...]:
    """All words of all concepts in a text, in order.

    Args:
        text: Plain text; offsets of the answer count in it.
        languages: Languages whose words count; all where not given.
    """
    concepts = concept_names()
    return tuple(
        Hit(concept, start, end)
        for end, start, (number, _, _), spoken in _found(text)
        if (concept := concepts[number]) != "function" and (languages is None or not languages.isdisjoint(spoken))
    )


@cache
def _words_of(concept: str) -> AhoCorasick:
    import ahocorasick_rs

    cells = next(cells for known, cells in concept_rows() if known == concept)
    words = {written.strip("*") for cell in cells for written in cell.split(";") if written}
    return ahocorasick_rs.AhoCorasick(sorted(words))


def may_name(concept: str, low: str) -> bool:
    """Whether a lower-case text holds the letters of any word of a concept, in any language: a quick look beforehand.

    Args:
        concept: Name of the concept.
        low: Text in lower case.
    """
    return bool(_words_of(concept).find_matches_as_indexes(low))


def _found(text: str) -> list[Found]:
    """Words of all languages, in the order of their ends."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(one.lower()[0] for one in text)  # the Turkish capital İ has two signs in small letters
    return found_in(low)


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
    return words >= LEAST_WORDS and best < LEAST_SHARE * words and sum(map(is_ideographic, text)) < words


_ASCII_TOKENS = bytes(mark if chr(mark).isalnum() else 32 for mark in range(256))


def _counts(text: str) -> dict[str, float]:
    """Weight of the words of each language in a text."""
    low = text.lower()
    if len(low) != len(text) or (not low.isascii() and any(map(is_ideographic, set(low)))):
        votes = [_votes_of(_found(text))]
        times = [1]
    else:
        plain = low.encode().translate(_ASCII_TOKENS).decode() if low.isascii() else None
        tokens = Counter(TOKEN.findall(low) if plain is None else plain.split())
        phrases = phrases_in(low, tokens.keys())
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
    return _votes_of(in_token(token))


def _votes_of(found: Iterable[Found]) -> tuple[tuple[str, int, int], ...]:
    """Languages, each with the number of its function words and of its words of concepts."""
    found = list(found)
    if not found:
        return ()
    function = concept_names().index("function")
    functions: dict[str, int] = {}
    contents: dict[str, int] = {}
    for _, _, sense, spoken in found:
        counts = functions if sense[0] == function else contents
        for language in spoken:
            counts[language] = counts.get(language, 0) + 1
    return tuple((language, functions.get(language, 0), contents.get(language, 0)) for language in functions | contents)


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
