"""Words of many languages put into the few English ones that the readers of context know.

A language is a column of ``gloss.csv``. The gloss of a sentence is read instead of the sentence: number words are
digits, units of time and of energy, words for devices, for training and for everything that is not training are
English, digits are plain. Evidence is always cut from what was written, never from the gloss.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from mining.card.lexicon.gloss_words import GLUED, codes_of, markers_of
from mining.patterns import regex
from mining.remembered import remembered
from mining.units import NOTHING

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["Locale", "gloss", "locale_of", "plain_digits"]

_WORD = regex(r"[^\W\d_]+")
_LETTERS = bytes(mark if 97 <= mark <= 122 else 32 for mark in range(256))
_SCRIPTS = (
    ("ja", regex(r"[\u3040-\u30ff]")),
    ("zh", regex(r"[\u4e00-\u9fff]")),
    ("ko", regex(r"[\uac00-\ud7af]")),
    ("fa", regex(r"[پچژگکی]")),
    ("ar", regex(r"[\u0620-\u064a]")),
    ("hi", regex(r"[\u0900-\u097f]")),
    ("uk", regex(r"[іїєґ]")),
    ("ru", regex(r"[а-яё]")),
)
"""Languages told by their letters, in this order; the first of a script that is found rules the others of it out."""
_SAME_SCRIPT = {"ja": {"zh"}, "fa": {"ar"}, "uk": {"ru"}}
_COUNTER = regex(r"\s*(?:[台臺块塊张張枚卡个個小时時天日晝昼夜週周月年分秒間基節点台部颗顆片轮本機机]|[A-Za-z]{0,3}\d)")
_NUMERAL = regex(
    r"[〇零一二两兩三四五六七八九十百千]{2,}(?=\s*(?:[台臺块塊张張枚卡个個小天日晝昼週周月分秒時基節颗顆片]|[A-Z]))"
)
_NUMERALS = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "零": 0, "两": 2, "兩": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def _numeral(match: re.Match[str]) -> str:
    return _digits(match.group())


def _digits(characters: str) -> str:
    """A number in Chinese characters as digits."""
    total, digit = 0, 0
    for mark in characters:
        if mark in _PLACES:
            total, digit = total + (digit or 1) * _PLACES[mark], 0
        else:
            digit = digit * 10 + _NUMERALS[mark] if digit else _NUMERALS[mark]
    return str(total + digit)


def _half(match: re.Match[str]) -> str:
    number = match.group(1)
    return f"{number if number.isdigit() else _digits(number)}.5"


_HALFGLUED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (regex(r"([一二两兩三四五六七八九十]{1,3}|\d{1,4})\s?[个個]?半(?=个?[小钟鐘月星天年])"), _half),
    (regex(r"(時間|日間|週間|天|小时|小時|周|週|个月)半"), r"\1 and 0.5 "),
    (regex(r"(\d{1,3})\s?日(?=と(?:半|\s?\d{1,2}\s?時間))"), r"\1日間"),
)
"""A half that Chinese and Japanese write between a number and its unit, or right behind the unit."""
_TEN_THOUSANDS = regex(r"(\d{1,6}(?:\.\d{1,4})?)\s?[万萬](?=\s?(?:度|千瓦|k[wW]|キロ|小时|小時|時間))", stems="万;萬")
_NO_KWH = regex(
    r"(?<=[长長温溫精速程宽寬高深角强強密梯难難力维維进進年季月态態制限额額幅调調量印尺粒濃浓进亮硬厚跨准準频頻])度(?!电|電)",
    stems="度",
)
"""The sign for a kilowatt-hour where it is the end of another word ("长度": length)."""
_DAYS_ALONE = regex(r"^(\s{0,3}約?\s?\d{1,3}(?:\.\d)?)日(?=\s{0,3}$)", stems="日")
"""A value that is a number of days, not a date."""
_FOR_ONE = regex(
    r"\b(за|течение|протягом|впродовж|przez|لمدة|خلال|طوال|duration)\s(?=(?:weeks|months|days)\b(?!\s\d))",
    stems="duration;przez;впродовж;за;протягом;течение;خلال;طوال;لمدة & days;months;weeks",
)
"""Words for "during" behind which a unit alone is one of it."""
_UNITS = r"hours|days|weeks|months|minutes|kWh|MWh|kilowatt[\s-]hours|megawatt[\s-]hours"
_MASS = r"\s?(?:[km]?g|t|kilo\w*|gram\w*|ton\w*|lbs?|pounds?|[^\W\d]{0,2}CO2\w*)\b|\s?%"
"""A unit behind which a number is an amount of its own: "2 kWh and 0.7 kg"."""
_AND_PART = regex(
    rf"(?<![\d.,])(\d{{1,4}})(?:\s?(?P<unit>{_UNITS}))?[\s,]{{0,3}}(?:and 0\.(?P<part>\d{{1,2}})(?!\d|{_MASS})"
    rf"(?:\s(?P<behind>{_UNITS})\b)?"
    r"|0\.(?P<alone>5)(?=\s{0,2}(?:$|[^\x00-\x7f]|[.,;:)])))|साढ़े\s(?P<more>\d{1,3})\s?(?P<of>hours|days|weeks)",
    stems="0.5;and 0.;साढ़े",
)
"""A half or a quarter behind a number or its unit."""
_JOINED = regex(
    r"(?<=\d)(?:&(?:nbsp|thinsp|#160|#8239);|\\[,;:! ]|\{,\}|[\u00a0\u2009\u202f\u2007'’_]|\*\*[,.]?\*\*"
    r"|[\u200b\u200c\u2060\ufeff])(?=\d{3}(?!\d))"
)
"""What typesetters put between groups of three digits."""
_MAYBE_JOINED = regex(r"[&\\{\u00a0\u2009\u202f\u2007'’_*\u200b\u200c\u2060\ufeff](?<=\d.)")
_MAYBE_JOINED_IN_ASCII = regex(r"[&\\{'_*](?<=\d.)")
_SPACED = regex(r"\d \d{3}")
_INVISIBLE = regex(rf"[\u200b\u2060\ufeff\u00ad{NOTHING}]")
_GROUPS_POINT = regex(r"(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?![\d])")
_SEAM = regex(r"(?<=[A-Za-z\d])(?=[\u3040-\u9fff\uac00-\ud7af])|(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[A-Za-z\d])")
"""Where a Latin word touches a script that is written without blanks."""
_NAME_OF_TWO = regex(r"[^\W\d_a-zà-ỹ]\w{0,7} [^\W\d_a-zà-ỹ]\w")
"""Two words with capitals: a name in Vietnamese, whose parts are words as well ("Cần Thơ")."""
_LETTER = regex(r"[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u064b-\u0655]")


class Locale(Struct, frozen=True, cache_hash=True):
    """Languages of a text besides English."""

    languages: tuple[str, ...]


def locale_of(text: str) -> Locale:
    """Languages of a text, from its letters and its little words.

    Args:
        text: The lines of a card that are looked at.
    """
    return Locale(_languages(text))


@lru_cache(maxsize=32_768)
def _points(word: str, is_ascii: bool) -> tuple[tuple[str, int], ...]:
    """Languages that a word tells, each with its points; the fewer languages, the more."""
    markers = markers_of(is_ascii)
    forms = markers.get(word)
    if forms is None and len(word) > 4:
        forms = markers.get(word[:-1]) or markers.get(word[:-2])
    return tuple((language, 12 // len(forms)) for language in forms or () if forms)


_SILENT: set[str] = set()
"""Words that tell no language, of the cards read before."""
SILENT_CAP = 50_000


_NOT_ASCII = regex(r"[^\x00-\x7f]+")


def _languages(text: str) -> tuple[str, ...]:
    found: list[str] = []
    low = text.lower()
    # the few marks beyond ASCII of most texts are no letters ("’", "✓")
    others = "" if low.isascii() else "".join(set("".join(_NOT_ASCII.findall(low))))
    for language, letters in _SCRIPTS if others else ():
        if not any(language in _SAME_SCRIPT.get(other, ()) for other in found) and letters.search(others):
            found.append(language)
    score: dict[str, int] = {}
    is_ascii = not any(map(str.isalnum, others))
    words = low.encode("ascii", "replace").translate(_LETTERS).decode().split() if is_ascii else _WORD.findall(low)
    counts: dict[str, int] = {}
    telling = set(words) - _SILENT
    for word in filter(telling.__contains__, words) if telling else ():
        counts[word] = counts.get(word, 0) + 1
    for word, often in counts.items():
        told = _points(word, is_ascii)
        if not told:
            _SILENT.add(word)
        for language, points in told:
            score[language] = score.get(language, 0) + points * often
    if len(_SILENT) > SILENT_CAP:
        _SILENT.clear()
    english = score.pop("en", 0)
    best = max(score.values(), default=0)
    if best >= 24 or best > 2 * english:
        found.extend(
            language for language, points in Counter(score).most_common(2) if points >= max(6, 0.7 * best, english / 4)
        )
    return tuple(found)


@lru_cache(maxsize=64)
def _automaton(languages: tuple[str, ...]) -> tuple[AhoCorasick, tuple[tuple[str, bool, bool], ...]]:
    """Automaton of the words of some languages; of each its English, and whether it is whole or may stand inside."""
    import ahocorasick_rs

    codes: dict[str, tuple[str, bool, bool]] = {}
    for language in (*reversed(languages), "en"):
        codes |= codes_of(language)
    kind = ahocorasick_rs.MatchKind.LeftmostLongest
    return ahocorasick_rs.AhoCorasick(list(codes), matchkind=kind), tuple(codes.values())


def plain_digits(text: str) -> str:
    """A text whose numbers hold no marks between groups of digits; the document has put points before decimals.

    Args:
        text: Any text.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _ascii_digits(text).replace("\u200cو", " و ")))
    if (_MAYBE_JOINED_IN_ASCII if text.isascii() else _MAYBE_JOINED).search(text):
        text = _JOINED.sub("", text)
    return _GROUPS_POINT.sub(lambda match: match.group().replace(" ", ""), text) if _SPACED.search(text) else text


def _ascii_digits(text: str) -> str:
    """Digits of other scripts and in full width as ASCII ones."""
    if not any("\u0660" <= mark <= "\u096f" or "\uff10" <= mark <= "\uff19" for mark in text):
        return text
    text = re.sub(r"(?<=\d)٫(?=\d)", ".", re.sub(r"(?<=\d)٬(?=\d)", "", text))
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text)


@remembered(16_384)
def gloss(text: str, locale: Locale) -> str:
    """What a text says, in the English words that the readers of context know.

    Args:
        text: Plain text of a sentence, a label or a value.
        locale: Of its document.

    Returns:
        The gloss; words that are in no column stay as they are.
    """
    text = plain_digits(text)
    if not GLUED.isdisjoint(locale.languages):
        text = _TEN_THOUSANDS.sub(lambda match: f"{float(match[1]) * 10_000:.12g}", text)
        text = _NO_KWH.sub("~", text)
        for pattern, plain in _HALFGLUED if "半" in text or "日と" in text else ():
            text = pattern.sub(plain, text)
        text = _DAYS_ALONE.sub(r"\g<1>日間", _NUMERAL.sub(_numeral, text))
    low = text.replace("İ", "I").lower()
    if len(low) != len(text):
        text = low
    automaton, codes = _automaton(locale.languages)
    parts: list[str] = []
    done = 0
    for number, start, end in automaton.find_matches_as_indexes(low):
        english, whole, glued = codes[number]
        if start < done or (not glued and start and _LETTER.match(low, start - 1)):
            continue
        stop = end
        while not glued and stop < len(low) and _LETTER.match(low, stop):
            stop += 1
        if "vi" in locale.languages and start and _NAME_OF_TWO.match(text, start):
            continue
        if (whole and stop != end) or (
            glued and english.replace(".", "", 1).isdigit() and not _COUNTER.match(low, end)
        ):
            continue
        parts.append(text[done:start])
        parts.append(f" {english} " if glued else english)
        done = stop
    glossed = "".join((*parts, text[done:])) if parts else text
    glossed = glossed if glossed.isascii() else _SEAM.sub(" ", glossed)
    if not glossed.isascii():
        glossed = _FOR_ONE.sub(r"\1 1 ", glossed)
    return _AND_PART.sub(_with_part, " ".join(glossed.split())) if "0." in glossed or "साढ़े" in glossed else glossed


def _with_part(match: re.Match[str]) -> str:
    if match["more"]:
        return f"{match['more']}.5 {match['of']}"
    unit = match["unit"] or match["behind"]
    return f"{match[1]}.{match['part'] or match['alone']} {unit}" if unit else match.group()
