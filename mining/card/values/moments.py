"""Durations told by two moments: "3 March, 00:00 → 17 March, 00:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from mining.patterns import regex

__all__ = ["between_moments"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOMENT = (
    rf"(?:(20\d\d)-([01]\d)-([0-3]\d)[T ]|([0-3]?\d)\.?\s({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?(?:,?\s(20\d\d))?,?\s"
    r"(?:at\s)?)([0-2]?\d):([0-5]\d)(?::[0-5]\d(?:\.\d{1,9})?)?Z?(?!\d|:\d)"
)
_FROM_DATE = regex(rf"{_MOMENT}[^\d.;]{{1,40}}{_MOMENT}", re.IGNORECASE, stems=":")
MOST_HOURS = 24 * 366


def between_moments(text: str) -> Iterator[tuple[float, int, int]]:
    """Hours between two moments that a text names one behind the other, and where the two stand.

    Args:
        text: Plain text; a moment has a day and a time of the day, in ISO form or with an English month.

    Yields:
        Hours, begin and end in the text.
    """
    for match in _FROM_DATE.finditer(text):
        first, last = match.groups()[:8], match.groups()[8:]
        named = next((part for part in (first[0], first[5], last[0], last[5]) if part), None)
        try:
            spans = {
                _moment(last, year) - _moment(first, year) for year in ((named,) if named else (COMMON_YEAR, LEAP_YEAR))
            }
        except ValueError:
            continue
        hours = spans.pop().total_seconds() / 3600
        if 0 < hours < MOST_HOURS and not spans:  # over an end of February of a year not named nobody knows
            yield hours, match.start(), match.end()


COMMON_YEAR, LEAP_YEAR = "2023", "2024"
"""Years that stand for one that is not named."""


def _moment(parts: Sequence[Any], year: str) -> datetime:
    """The moment of the eight groups of ``_MOMENT``; day and time are in every match."""
    month = int(parts[1]) if parts[1] else _MONTHS.index(parts[4][:3].lower()) + 1
    day = int(parts[2] or parts[3])
    return datetime(int(parts[0] or parts[5] or year), month, day, int(parts[6]), int(parts[7]), tzinfo=UTC)
