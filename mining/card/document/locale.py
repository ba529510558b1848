"""The number locale of a card: whether a comma or a point begins its decimals, decided once from all its numbers.

Once it is known, the plain text of every line writes its numbers with a decimal point and without grouping, at the same
length, so that no reader has to know of locales.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Literal

from mining.patterns import regex
from mining.units import NOTHING

Locale = Literal["point", "comma", "open"]

COMMA_LANGUAGES = frozenset(
    {"de", "fr", "es", "pt", "it", "ca", "nl", "pl", "ru", "uk", "tr", "id", "vi", "sv", "da", "fi", "eu"}
)
"""Languages whose texts mostly write decimals with a comma (Unicode CLDR)."""
_N = f"{NOTHING}*"
_MARKED = regex(
    rf"\d(?<![\w.,/^:{NOTHING}-].)\d{{0,8}}(?:{_N}[.,]{_N}\d{{1,12}}){{1,5}}(?![\w.,{NOTHING}]?\d)(?=(.{{0,8}}))"
)
_MAYBE_MARKED = regex(rf"[.,](?<=[\d{NOTHING}].)[\d{NOTHING}]")
_UNIT = regex(r"\s?(?:[%€$°]|[kgth]\b|[kKMGm]?[Wg]|[kг]г|т\b|[kKM]?W|кВ|к[гВ]|吨|ton|hor|stu|heu|ore|ч|год)")
_LARGE = regex(r"\s?[kKM]\b|\s?(?:million|billion)")
"""What follows a number of thousands or millions: no version of anything."""
_GROUPS = regex(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
UNIT_WEIGHT, PLAIN_WEIGHT, TABLE_WEIGHT, LANGUAGE_WEIGHT = 2.0, 1.0, 0.25, 1.5
MARGIN = 2.0
"""How many times as strong one locale must be as the other; below, the locale is open."""
EVIDENCE_CAP = 400


def locale_of(lines: Iterable[tuple[str, bool]], languages_of_card: Callable[[], tuple[str, ...]]) -> Locale:
    """Decide a card's number locale.

    Args:
        lines: Plain text of each line of the body and whether it stands in a table or in code, where numbers are often
            a program's.
        languages_of_card: Languages that it may be written in, the likeliest first; asked only where the numbers do not
            decide.
    """
    comma, point = _votes(lines)
    if comma >= MARGIN * (point + LANGUAGE_WEIGHT):
        return "comma"
    if point >= MARGIN * (comma + LANGUAGE_WEIGHT):
        return "point"
    languages = languages_of_card()
    if bool(comma) != bool(point) and (not languages or (comma >= PLAIN_WEIGHT and COMMA_LANGUAGES & {*languages})):
        return "comma" if comma else "point"
    if languages and languages[0] in COMMA_LANGUAGES:
        comma += LANGUAGE_WEIGHT
    elif languages:
        point += LANGUAGE_WEIGHT
    if not comma and not point:
        return "open"
    if comma >= MARGIN * point:
        return "comma"
    return "point" if point >= MARGIN * comma else "open"


def _votes(lines: Iterable[tuple[str, bool]]) -> tuple[float, float]:
    """Weight of the numbers that begin their decimals with a comma, and of those with a point."""
    comma = point = 0.0
    numbers = (
        (match, plain, is_printed)
        for plain, is_printed in lines
        if _MAYBE_MARKED.search(plain)
        for match in _MARKED.finditer(plain)
    )
    for match, plain, is_printed in islice(numbers, EVIDENCE_CAP):
        number = match.group().replace(NOTHING, "")
        vote = _vote(number)
        weight = UNIT_WEIGHT if _UNIT.match(match[1]) else TABLE_WEIGHT if is_printed else PLAIN_WEIGHT
        if vote == "," and (weight == UNIT_WEIGHT or plain[match.start() - 1 : match.start()] not in {"(", "["}):
            comma += weight
        elif vote == "." and (weight == UNIT_WEIGHT or number.startswith("0.") or _LARGE.match(match[1])):
            point += weight
    return comma, point


def _vote(number: str) -> str | None:
    """The decimal mark that a number must have been written with; None where both readings make sense."""
    marks = [mark for mark in number if mark in ".,"]
    if len(set(marks)) == 2:
        return marks[-1] if marks.count(marks[-1]) == 1 else None
    if len(marks) > 1:
        return None if not _GROUPS.fullmatch(number) else "," if marks[0] == "." else "."
    head, mark, tail = number.partition(marks[0])
    return mark if len(tail) != 3 or head.startswith("0") or len(head) > 3 else None


def with_points(plain: str) -> str:
    """A line of a comma locale with its numbers in the notation of programs, at the same length."""
    return _MARKED.sub(_rewritten, plain) if _MAYBE_MARKED.search(plain) else plain


def is_ambiguous(number: str) -> bool:
    """Whether a written number means a thousand times as much in one locale as in the other."""
    number = number.replace(NOTHING, "")
    return _GROUPS.fullmatch(number) is not None and _vote(number) is None


def _rewritten(match: re.Match[str]) -> str:
    written = match.group()
    number = written.replace(NOTHING, "")
    if _vote(number) == "." and number.count(".") == 1:
        return written
    if number.count(",") > 1:
        return written
    whole, comma, decimals = number.partition(",")
    if "." in whole and not _GROUPS.fullmatch(whole):
        return written
    decimals = decimals.rstrip("0") if len(decimals) == 3 else decimals
    plain = whole.replace(".", "") + (f".{decimals}" if comma and decimals else "")
    return plain.ljust(len(written), NOTHING)
