"""Numbers as people write them.

Decimal point or comma, thousands with comma, point, space, apostrophe or underscore, exponents (``1e-3``, ``2.3 x
10^5``), multipliers (``370k``, ``1.3M``, ``1,400K``), ranges, ``~``, ``<``, ``cca.``. Every pattern is bounded, so time
is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from mining.patterns import regex

NumberMark = Literal["approximate", "upper-bound", "lower-bound", "range"]
"""How a number is meant."""

NOTHING = "\u2060"
"""Filler that stands inside a number for what was written there and says nothing (zero-width marks, LaTeX, emphasis).
"""
_N = f"{NOTHING}{{0,40}}"
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875}
_GROUPED = (
    rf"\d{{1,3}}(?:{_N}[,.' _\u066c]{_N}\d{{3}}){{1,6}}(?:{_N}[.,]{_N}\d{{1,20}})?(?![\d])"
    rf"|\d{{1,2}}(?:,\d{{2}}){{1,5}},\d{{3}}(?:\.\d{{1,20}})?(?![\d])"
)
_PLAIN = (
    rf"\d{{1,4}}[ ]?[½¼¾⅓⅔⅛⅜⅝⅞]|[½¼¾⅓⅔⅛⅜⅝⅞]|\d{{1,4}}[ ][1-3]/[2-48](?![\d/.])"
    rf"|\d{{1,24}}(?:{NOTHING}{{1,40}}\d{{1,24}}){{0,6}}(?:_\d{{1,12}}){{0,6}}(?:{_N}[.,]{_N}\d{{1,24}}(?:{NOTHING}{{"
    rf"1,40}}\d{{1,24}})?)?"
    rf"|\.\d{{1,24}}"
)
_EXPONENT = (
    rf"[eE][-+]?\d{{1,3}}(?!\d)|\s{{0,6}}[x×*·⋅]\s{{0,8}}10\s?(?:\^|\*\*)?\s?\{{?\(?[-+]?\d{{1,3}}\)?\}}?{_N}(?!\d)"
    r"|\s?[x×*·⋅]\s?10[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}"
)
_MULTIPLIER = (
    r"\s{0,4}(?:(?-i:[kKMB])(?![\w/²³])|(?:thousand|million|billion|mio|mil|tausend|milliones|millones|mille)\b\.?"
    r"|[万萬만亿億억](?!\s?\d))"
)
_APPROX = (
    r"~|≈|∼|≃|\babout|\baround|\broughly|\bapprox(?:\.|imately)?|\bcc?a\.?|\bcirca|\benv(?:\.|iron)|\bungef[äa]hr|"
    r"\bestimated(?: at)?|\bcerca de|\baproximadamente|\bsome|\bnearly|\balmost|約|约|大约"
)
_UPPER = (
    r"<=?|≤|\bless than|\bunder|\bbelow|\bup to|\bat most|\bfewer than|\bmax(?:imum)?\.?|\bno more than"
    r"|\bweniger als|\bmoins de|\bmenos de"
)
_LOWER = r">=?|≥|\bmore than|\bat least|\bover|\babove|\bmin(?:imum)?\.?|\bmehr als|\bplus de|\bm[áa]s de"

_BODY = rf"(?:{_GROUPED}|{_PLAIN})(?:{_EXPONENT})?"
_FIRST = (
    rf"(?<![A-Za-z0-9_.,/^{NOTHING}\u00c0-\u024f\u0370-\u052f])(?<![^\W_]-)(?P<sign>[-+](?=[\d.]))?(?P<first>{_BODY})"
    rf"(?P<kilo>{_MULTIPLIER})?"
)
_ONE = regex(rf"{_FIRST}(?P<second>(?!))?", re.IGNORECASE)
_OTHER = regex(
    rf"\s{{0,4}}(?P<link>-|to|~|±|\+/-|\+-|and|bis|à|〜)\s{{0,4}}(?P<second>{_BODY})(?P<mega>{_MULTIPLIER})?",
    re.IGNORECASE,
)
"""A second number right behind a first one; apart, since most numbers have none, and half is compiled then."""
_LINKS = ("-", "to", "~", "±", "+", "and", "bis", "à", "〜")
_LINK_REACH = 8
_MARK_RE = regex(rf"(?:(?:{_APPROX}|{_UPPER}|{_LOWER})\s{{0,6}}){{1,3}}$")
_LAST_WORD = regex(r"(?:[^\W\d_]+\.?|[~≈∼≃<=≤>≥])$")
_ENDS = (
    "about;around;roughly;approx;approximately;ca;cca;circa;env;environ;ungefähr;ungefahr;estimated;at;de;some"
    ";aproximadamente;nearly;almost;than;under;below;to;most;max;maximum;als;least;over;above;min;minimum"
    ";~;≈;∼;≃;<;=;≤;>;≥"
)
_LAST_WORDS = frozenset(_ENDS.split(";"))
"""How the words and marks before a number end."""
MARK_REACH = 32
_NOT_MORE = regex(
    r"(?:\b(?:no|not|never|cannot|hardly|nicht|kaum|pas|jamais|no|nunca|não|non|niet|nie|не)\b|n['’]t\b)[^.;:,]{0,24}$"
)
"""A denial before "more than", which makes it an upper bound."""
_APPROX_RE = regex(_APPROX)
_UPPER_RE = regex(_UPPER)
_LOWER_RE = regex(_LOWER)
_EXP_RE = regex(r"(?:[eE]|\s{0,6}[x×*·⋅]\s{0,8}10\s?(?:\^|\*\*)?\s?\{?\(?)([-+]?\d{1,3})\)?\}?\u2060*$")
_SUPER_RE = regex(r"\s?[x×*·⋅]\s?10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})$")
_SUPER = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\u2002\u2003\u200a\t", " ")
    | dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014", "-")
    | {"\u2019": "'"}
)
_SCALES = {
    "k": 1e3, "m": 1e6, "b": 1e9, "thousand": 1e3, "mil": 1e3, "mille": 1e3, "tausend": 1e3, "million": 1e6,
    "mio": 1e6, "millones": 1e6, "milliones": 1e6, "billion": 1e9, "万": 1e4, "萬": 1e4, "만": 1e4, "亿": 1e8,
    "億": 1e8, "억": 1e8,
}  # fmt: skip
_FILLERS = dict.fromkeys(map(ord, f"_' {NOTHING}\u066c"))
_INDIAN = regex(r"\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d+)?")
_JOINS = frozenset(".,_-/:;|+*=~<>()[]{}\"'×x%&#@!?$€£¥…→⇒≈≤≥±")
"""Marks between two numbers that do not make one of them; a number that touches digits through any other mark is not
read."""
_VERSION = regex(r"\d+\.\d+\.\d")
_FRACTION = regex(r"\d\s?/\s?\d")


class Number(Struct, frozen=True):
    """A number as understood.

    Attributes:
        value: The number; the middle of a range.
        low: Lower end where a range is stated.
        high: Upper end where a range is stated.
        half_step: Half of the last written digit: what rounding may have hidden.
        marks: approximate, upper-bound, lower-bound, range, in this order.
        start: Offset of the first character in the text that was searched.
        end: Offset behind the last character.
    """

    value: float
    low: float | None
    high: float | None
    half_step: float
    marks: tuple[NumberMark, ...]
    start: int
    end: int


class Refusal(Struct, frozen=True):
    """Why a text is no number.

    One of no-number, several-numbers, fraction, negative, version, ambiguous-range, text-around, too-large,
    touches-digits.
    """

    reason: str


def parse_number(text: str) -> Number | Refusal:
    """Understand a text that is one number and nothing else (marks such as ``~`` and multipliers apart).

    Args:
        text: For instance ``"~1,400.5"``, ``"60-70"``, ``"370k"``.

    Returns:
        The number, or why it is none.
    """
    text = text.translate(_SPACES).strip().strip("*").strip()
    if not any(map(str.isdigit, text)):
        return Refusal("no-number")
    if _FRACTION.search(text):
        return Refusal("fraction")
    found = find_number(text)
    if isinstance(found, Refusal):
        return found
    before, after = _MARK_RE.sub("", text[: found.start].lower()).strip(), text[found.end :].strip(" .")
    if _VERSION.search(text) and (before or after):
        return Refusal("version")
    if any(map(str.isdigit, before + after)):
        return Refusal("several-numbers")
    return Refusal("text-around") if before or after else found


def find_number(text: str, start: int = 0) -> Number | Refusal:
    """The first number at or after `start`.

    Args:
        text: Any text; offsets of the answer count in it.
        start: Where to begin.

    Returns:
        The number, or why there is none.
    """
    match = next_number(text.translate(_SPACES), start)
    return Refusal("no-number") if match is None else number_of(match)


class TwoNumbers:
    """The match of a number and of the second one behind it, as if they were one."""

    __slots__ = ("_first", "_other", "string")

    def __init__(self, first: re.Match[str], other: re.Match[str]) -> None:
        self._first = first
        self._other = other
        self.string = first.string

    def __getitem__(self, group: str) -> Any:
        return (self._other if group in {"link", "second", "mega"} else self._first)[group]

    def start(self) -> int:
        """Where the first number begins."""
        return self._first.start()

    def end(self, group: str | None = None) -> int:
        """Where the second number ends, or a group of the first one."""
        return self._other.end() if group is None else self._first.end(group)


Written = re.Match[str] | TwoNumbers
"""A number as it stands in a text."""


def next_number(text: str, at: int = 0) -> Written | None:
    """The first number that is written at or after a place, with the second one behind it."""
    match = _ONE.search(text, at)
    if match is None:
        return None
    behind = text[match.end() : match.end() + _LINK_REACH].lstrip().lower()
    if behind.isascii() and not behind.startswith(_LINKS):
        return match
    other = _OTHER.match(text, match.end())
    return match if other is None else TwoNumbers(match, other)


def number_matches(text: str) -> Iterator[Written]:
    """All numbers that are written in a text."""
    at = 0
    while (match := next_number(text, at)) is not None:
        yield match
        at = match.end()


def number_of(match: Written) -> Number | Refusal:
    """Make a number of what is written."""
    if _touches_digits(match.string, match.start(), match.end()):
        return Refusal("touches-digits")
    first = _plain_value(match["first"])
    if first is None:
        return Refusal("version")
    value, step = first
    scale = _scale(match["kilo"])
    if match["sign"] == "-":
        return Refusal("negative") if value else Number(0.0, None, None, step, (), match.start(), match.end())
    more, start = _thousands_before(match.string, match.start(), value * scale)
    marks = _marks(match.string[max(0, start - MARK_REACH) : start])
    if match["second"] is None:
        return _checked(Number(more + value * scale, None, None, step * scale, marks, start, match.end()))
    return Refusal("several-numbers") if more else _range(match, value, step, marks)


_WORDS_OF_SCALE = {
    1e3: "千 천 thousand tausend mille mila mil duizend tys tys. тыс тыс. тис тис. тысяч тысячи тысяча тисяч"
    " bin ribu nghìn ngàn tusen tusind tuhatta हज़ार हजार ألف هزار",
    1e4: "万 萬 만",
    1e5: "lakh lakhs लाख",
    1e6: "million millions millionen millones milhões milioni миллион миллиона миллионов",
    1e8: "億 亿 억",
}
_SCALE_OF = {word: scale for scale, words in _WORDS_OF_SCALE.items() for word in words.split()}
_SCALED_BEFORE = regex(
    rf"(?<![\d.,])(\d{{1,6}})\s?({'|'.join(sorted(map(re.escape, _SCALE_OF), key=len, reverse=True))})\s?$",
    re.IGNORECASE,
    stems="bin;duizend;lakh;mil;nghìn;ngàn;ribu;tausend;thousand;tuhatta;tusen;tusind;tys;"
    "миллион;тис;тыс;ألف;هزار;लाख;हज़ार;हजार;万;亿;億;千;萬;만;억;천",
)
"""Thousands, and more, written with a word before the rest of a number ("12 mille 480", "1万2,480")."""
SCALE_REACH = 24


def _thousands_before(text: str, start: int, rest: float) -> tuple[float, int]:
    """What stands before the rest of a number as a number and a word, and where it begins; nothing where none does."""
    if not (before := text[max(0, start - 2) : start].strip()[-1:]) or not (before.isalpha() or before == "."):
        return 0.0, start
    match = _SCALED_BEFORE.search(text, max(0, start - SCALE_REACH), start)
    if match is None or rest >= (scale := _SCALE_OF[match[2].lower()]):
        return 0.0, start
    return int(match[1]) * scale, match.start()


def _touches_digits(text: str, start: int, end: int) -> bool:
    """Whether further digits stand behind an unknown mark: then the match is only a part of a number."""
    after, before = text[end : end + 2], text[max(0, start - 2) : start]
    return (len(after) == 2 and after[1].isdigit() and not _is_known(after[0])) or (
        len(before) == 2 and before[0].isdigit() and not _is_known(before[1])
    )


def _is_known(mark: str) -> bool:
    return mark.isalpha() or mark.isspace() or mark in _JOINS or "\u3000" <= mark <= "\u303f"


def _range(match: Written, value: float, step: float, marks: tuple[NumberMark, ...]) -> Number | Refusal:
    other = _plain_value(match["second"])
    kilo, mega = _scale(match["kilo"]), _scale(match["mega"])
    if other is None or (
        match["link"].lower() == "and"
        and "between" not in match.string[max(0, match.start() - 12) : match.start()].lower()
    ):
        end = match.end("kilo") if match["kilo"] else match.end("first")
        return _checked(Number(value * kilo, None, None, step * kilo, marks, match.start(), end))
    second, second_step = other
    kilo = mega if match["kilo"] is None else kilo
    if match["link"] in {"±", "+/-", "+-"}:
        low, high = value * kilo - second * mega, value * kilo + second * mega
        return _checked(Number(value * kilo, max(0.0, low), high, step * kilo, marks, match.start(), match.end()))
    low, high = value * kilo, second * mega
    if low > high:
        return Refusal("ambiguous-range")
    if high >= 100 * low > 0 and match["kilo"] is None and match["link"] == "-":
        return Refusal("ambiguous-range")
    return _checked(
        Number(
            (low + high) / 2,
            low,
            high,
            max(step * kilo, second_step * mega),
            (*marks, "range"),
            match.start(),
            match.end(),
        )
    )


def _checked(number: Number) -> Number | Refusal:
    return number if max(number.value, number.high or 0.0) < 1e40 else Refusal("too-large")


def _marks(before: str) -> tuple[NumberMark, ...]:
    """Marks that stand right before the number."""
    before = before.rstrip().lower()
    if not before or not (before[-1].isalpha() or before[-1] in ".~≈∼≃<=≤>≥"):
        return ()
    last = _LAST_WORD.search(before, max(0, len(before) - MARK_REACH))
    if last is None or (last.group().rstrip(".") not in _LAST_WORDS and before[-1] not in "約约"):
        return ()
    if last.group() == "at" and not before.endswith("estimated at"):
        return ()
    match = _MARK_RE.search(before)
    if match is None:
        return ()
    text = match.group()
    found: tuple[tuple[NumberMark, re.Pattern[str]], ...] = (
        ("approximate", _APPROX_RE),
        ("upper-bound", _UPPER_RE),
        ("lower-bound", _LOWER_RE),
    )
    marks = tuple(name for name, pattern in found if pattern.search(text))
    if "lower-bound" in marks and _NOT_MORE.search(before):  # "cannot have emitted more than"
        return tuple("upper-bound" if mark == "lower-bound" else mark for mark in marks)
    return marks


def _scale(word: str | None) -> float:
    return 1.0 if word is None else _SCALES[word.strip().rstrip(".").lower()]


def _plain_value(text: str) -> tuple[float, float] | None:
    """Value and half of its last digit's step; None where separators make no sense (1.2.3)."""
    if text.isascii() and text.isdigit():
        return float(text), 0.5
    exponent = 0
    has_exponent = not text.isascii() or any(mark in text for mark in "eEx*")
    tail = (_SUPER_RE.search(text) or _EXP_RE.search(text)) if has_exponent else None
    if tail is not None:
        exponent = int(tail.group(1).translate(_SUPER))
        text = text[: tail.start()]
    text = text.strip()
    part = next((mark for mark in _FRACTIONS if mark in text), None)
    if part is not None:
        return float(text.replace(part, "").strip() or 0) + _FRACTIONS[part], _FRACTIONS[part] / 2
    if "/" in text:
        whole, _, fraction = text.partition(" ")
        above, _, below = fraction.partition("/")
        return int(whole) + int(above) / int(below), 0.5 / int(below)
    text = text.translate(_FILLERS)
    if _INDIAN.fullmatch(text):
        text = text.replace(",", "")
    digits = _with_decimal_point(text)
    if digits is None or abs(exponent) > 300:
        return None
    decimals = len(digits.partition(".")[2])
    return float(f"{digits}e{exponent}"), 0.5 * 10.0 ** (exponent - decimals)


def _with_decimal_point(text: str) -> str | None:
    """Decide which of comma and point is the decimal mark."""
    commas, points = text.count(","), text.count(".")
    if commas and points:
        decimal, group = (",", ".") if text.rfind(",") > text.rfind(".") else (".", ",")
        if text.count(decimal) > 1 or not _grouped(text.partition(decimal)[0], group):
            return None
        return text.replace(group, "").replace(decimal, ".")
    if commas > 1 or points > 1:
        return text.replace(",", "").replace(".", "") if _grouped(text, "," if commas else ".") else None
    if commas:
        head, _, tail = text.partition(",")
        return head + tail if len(tail) == 3 and head.strip("0") and len(head) <= 3 else f"{head}.{tail}"
    # "250.000" is a quarter of a million in most of Europe; a measured 250.000 is rare beside it.
    if points and re.fullmatch(r"[1-9]\d{0,2}\.000", text):
        return text.replace(".", "")
    return text


def _grouped(text: str, mark: str) -> bool:
    head, *groups = text.split(mark)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)
