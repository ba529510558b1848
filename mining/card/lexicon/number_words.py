"""Amounts whose number is written in words ("half a tonne", "neunhundert Gramm"), put into digits.

Numbers up to a hundred stand in ``gloss.csv``, fractions and larger ones in ``number_words.csv``; both have a column a
language.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from pathlib import Path

from mining.card.lexicon.gloss_words import number_rows
from mining.card.lexicon.number_forms import (
    is_behind_between,
    spoken,
    with_halves,
    with_plain_ranges,
    with_two_units,
    with_units_beside,
)
from mining.patterns import regex, text_before
from mining.units import mass_words

__all__ = ["with_digits"]

TABLE = Path(__file__).with_name("number_words.csv")
MOST_WORDS = 6
LONGEST_WORD = 48
LEAD = 24
"""Characters before an amount in which "between" stands."""
UNIT_REACH = 120
"""Characters from the last number word to the end of its unit."""
_BLANK = regex(r"\s")
_LINK = r"(?:(?<=thousand),)?[\s-]{0,2}(?:(?:and|und|et|y|e|i|en|och|og|ja|va|eta|و|с|з)[\s-]{1,2}(?:a[\s-])?)?"
_POINT = r"(?:point|komma|comma|coma|virgule|vírgula|virgola|virgül|koma|kropka|przecinek|phẩy|punt|pilkku|koma)"
_DANGLING = regex(rf"(?:{_POINT}|цел\w{{2,4}}|ціл\w{{1,4}}|[\d点點])[\s-]{{1,3}}$", re.IGNORECASE)
"""What stands before number words that are the tail of a number."""
_CJK = regex(
    r"(?<![〇一二三四五六七八九十百千万两兩零点點・.\d])[一二三四五六七八九十百千两兩零]{1,9}?(?=\s?(?:千克|公斤|公克|吨|噸|公吨|公噸|キログラム|トン|グラム|克))"
)


@cache
def _larger_rows() -> tuple[dict[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


@cache
def _column(language: str) -> dict[str, float]:
    """Value of every number word of a language."""
    found: dict[str, float] = {}
    for value, row in number_rows():
        for word in row.get(language, "").split(";"):
            if word:
                found.setdefault(word.removeprefix("=").lower(), value)
    for row in _larger_rows():
        for word in row.get(language, "").split(";"):
            if word:
                found[word.lower()] = float(row["value"])
    return found


@lru_cache(maxsize=64)
def _values(languages: tuple[str, ...]) -> dict[str, float]:
    values: dict[str, float] = {}
    for language in languages:
        if language not in {"zh", "ja"}:
            values.update({word: value for word, value in _column(language).items() if word not in values})
    return values


def _may_hold(text: str, low: str, words: Collection[str]) -> bool:
    """Whether a number word begins somewhere with a unit near behind it, and one ends right before a unit."""
    heads = (word.partition(" ")[0] for word in words)
    if not any(_UNIT_BEHIND.search(low, at, at + UNIT_REACH) for head in heads for at in _begins(low, head)):
        return False
    ends = tuple(words)
    return _ends_before(_GAP, text, low, ends) and _ends_before(_before_unit(), text, low, ends)


def _ends_before(gap: re.Pattern[str], text: str, low: str, words: tuple[str, ...]) -> bool:
    """Whether a number word ends where a gap begins, or at a little word in it: "half | a t", "a quarter of a | t"."""
    for match in gap.finditer(text):
        before = _BLANK.sub(" ", low[max(0, match.start() - LONGEST_WORD) : match.end()])
        size = match.end() - match.start()
        if any(before[: len(before) - size + at].endswith(words) for at in (0, *_word_ends(before[-size:]))):
            return True
    return False


def _begins(low: str, word: str) -> Iterator[int]:
    """Where a word begins in a text."""
    at = low.find(word)
    while at >= 0:
        if not at or not low[at - 1].isalnum():
            yield at
        at = low.find(word, at + 1)


def _word_ends(text: str) -> list[int]:
    return [at for at in range(1, len(text)) if text[at] in " -" and text[at - 1] not in " -"]


_FILLED = r"[\s-]{1,3}(?:(?:of|de|di|a|d'un|d'une)\s){0,2}"


_GAP = regex(_FILLED, re.IGNORECASE)


@cache
def _before_unit() -> re.Pattern[str]:
    return re.compile(rf"{_FILLED}(?=(?:{mass_words()})(?![^\W_]))", re.IGNORECASE)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Expressions of runs of number words before a unit, and of one such word."""
    one = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))
    runs = re.compile(
        rf"(?<![^\W_])(?<![^\W_]-)(?:(?P<whole>(?:{one})(?:{_LINK}(?:{one})){{0,3}})\s{_POINT}\s)?"
        rf"(?:{one})(?:{_LINK}(?:{one})){{0,{MOST_WORDS}}}(?={_FILLED}(?:{mass_words()})(?![^\W_]))",
        re.IGNORECASE,
    )
    return runs, re.compile(one, re.IGNORECASE)


def with_digits(text: str, languages: frozenset[str]) -> str:
    """A text with the number words before units of mass in digits, at the same length.

    Args:
        text: Plain text.
        languages: Languages that it may be written in.
    """
    text = with_halves(with_plain_ranges(with_units_beside(text)))
    low = text.lower()
    if len(low) != len(text) or not any(word in low for word in _UNITS):
        return text
    known = tuple(sorted(languages))
    values = _values(known)
    if _may_hold(text, low, values):
        # an expression of all number words would take longer to compile than the card to read
        pattern, single = _pattern(tuple(word for word in values if word.partition(" ")[0] in low))
        text = with_halves(pattern.sub(lambda match: _replaced(match, single, values), text))
    if not languages.isdisjoint({"zh", "ja"}):
        text = with_two_units(text)
        text = _CJK.sub(lambda match: _digits(match.group(), float(spoken(match.group()))), text)
    return text


_UNITS = (
    "gram",
    "gam",
    "kilo",
    "ton",
    "quilo",
    "chilo",
    "chili",
    "كيلو",
    "طن",
    "کیلو",
    "تن",
    "грам",
    "тонн",
    "кіло",
    "кило",
    "किलो",
    "टन",
    "ग्राम",
    "गرم",
    "غرام",
    "جرام",
    "گرم",
    "公斤",
    "千克",
    "吨",
    "噸",
    "kg",
    "pound",
    "lb",
    "кг",
    "tấn",
    "tona",
    "킬로",
    "톤",
    "그램",
    "キロ",
    "トン",
    "グラム",
    "克",
    "etto",
    "etti",
    "cân",
    "公克",
    "ounce",
    "libra",
    "livre",
)
_UNIT_BEHIND = regex(rf"[\s-](?:{'|'.join(_UNITS)}|[tg]\b)")


def _replaced(match: re.Match[str], single: re.Pattern[str], values: dict[str, float]) -> str:
    """Digits for a run of number words; a part of a number that is not understood stays as it is."""
    written = match.group()
    if _DANGLING.search(text_before(match.string, match.start())):
        return written
    if _goes_on(match.string[match.end() : match.end() + UNIT_REACH].lower(), values):
        return written
    if _ends_in_number(match.string[max(0, match.start() - LONGEST_WORD) : match.start()].lower(), values):
        return written
    whole = match["whole"]
    if whole is None:
        numbers = _numbers(written.lower(), single, values)
        if len(numbers) == 1:
            return _digits(written, numbers[0])
        is_range = len(numbers) == 2 and is_behind_between(match.string[max(0, match.start() - LEAD) : match.start()])
        both = "-".join(f"{one:g}" for one in numbers)
        return both.rjust(len(written)) if is_range and len(both) <= len(written) else written
    decimals = "".join(f"{values.get(word, 0):g}" for word in _words(written[len(whole) :].lower(), single))
    if not decimals.isdigit():
        return written
    return _digits(written, float(f"{sum(_numbers(whole.lower(), single, values)):g}.{decimals}"))


@cache
def _behind_unit() -> re.Pattern[str]:
    return re.compile(rf"{_FILLED}(?:{mass_words()})(?![^\W_])\s(?:(?:and|und|et|y|e|i|en|og|och|ja|va|eta|и|و|và)\s)?")


def _goes_on(after: str, values: dict[str, float]) -> bool:
    """Whether more of a number stands behind its unit, and no unit behind that ("un kilo trois cents")."""
    unit = _behind_unit().match(after)
    if unit is None or not (rest := after[unit.end() :]):
        return False
    first = max((word for word in values if rest.startswith(word)), key=len, default="")
    if not first or values[first] < 1 or rest[len(first) : len(first) + 1].isalpha() or first in _LITTLE:
        return False
    return not any(len(rest[: other.start()].split()) <= MOST_WORDS for other in _before_unit().finditer(rest))


_LITTLE = frozenset({"a", "an", "un", "una", "une", "uno", "um", "uma", "en", "ett", "et", "ein", "eine", "een"})
_BEFORE_REST = regex(r"[\s,-]{1,3}(?:(?:and|und|et|y|e|i|en|og|och|ja|va|eta|та|и|و|và|lẻ|linh)\s)?$")
_HUNDRED = 100


def _ends_in_number(before: str, values: dict[str, float]) -> bool:
    """Whether what stands before number words is the head of the same number, written in a way that is not known."""
    head = _BEFORE_REST.sub("", before)
    return head != before and head.endswith(tuple(word for word, value in values.items() if value >= _HUNDRED))


def _numbers(words: str, single: re.Pattern[str], values: dict[str, float]) -> list[float]:
    """Values of a run of number words: hundreds and thousands multiply what stands before them.

    More than one where a word does not go on the number before it ("two hundred and two hundred and sixty").
    """
    found: list[float] = []
    total = now = 0.0
    run = [(word, values.get(" ".join(word.split()), 0.0)) for word in _words(words, single)]
    run = _with_shares(words, single, run)
    for (word, value), (behind, after) in zip(run, [*run[1:], ("", 0.0)], strict=True):
        is_next = after == 100 and not behind.lower().startswith(_ARTICLES)
        if (now >= 100 > value >= 1 and is_next) or (total and now == 0 and value >= 1 and after == 1000):
            found.append(total + now)
            total = now = 0.0
        if value == 1000:
            total, now = total + max(now, 1.0) * 1000, 0.0
        elif value > 1000 and not value % 1000:
            total += value
        elif value == 100 and 0 < now < 100 and not word.lower().startswith(_ARTICLES):
            now *= 100
        elif word in _TENS and now % 10:
            now += now % 10 * 9
        elif _adds(now, value):
            now += value
        else:
            found.append(total + now)
            total, now = 0.0, value
    return [*found, total + now]


def _with_shares(words: str, single: re.Pattern[str], run: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """A run whose fractions right behind a small number are put together: one half, two thirds ("ein halbes", .5)."""
    spans = [match.span() for match in single.finditer(words)]
    found: list[tuple[str, float]] = []
    for at, (word, value) in enumerate(run):
        between = words[spans[at - 1][1] : spans[at][0]] if at else ""
        is_share = 0 < value < 1 and found and 1 <= found[-1][1] <= MOST_SHARES and word != "einhalb"
        if is_share and between and not any(map(str.isalpha, between)):
            found[-1] = (word, found[-1][1] * value)
        else:
            found.append((word, value))
    return found


MOST_SHARES = 9
_ARTICLES = ("a ", "an ", "one ")
"""What begins a number of its own ("a hundred and fifteen and a hundred and forty-five")."""
_TENS = frozenset({"십", "mươi"})
"""Words for ten that multiply the digit before them, like those for a hundred."""


def _adds(now: float, value: float) -> bool:
    """Whether a number word goes on the number before it ("twenty five", "a hundred and five", "ein und zwanzig")."""
    if value < 1 or now < 1:
        return True
    return now >= 100 > value or (now >= 20 and value < 20) or (now < 10 and 20 <= value < 100)


def _words(text: str, single: re.Pattern[str]) -> Iterator[str]:
    return (match.group() for match in single.finditer(text))


def _digits(written: str, value: float) -> str:
    digits = f"{value:.6g}"
    digits = digits if len(digits) <= len(written) else f"{value:g}".replace("000", "e3")
    return digits.rjust(len(written)) if len(digits) <= len(written) else written
