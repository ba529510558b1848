"""When the models of the synthetic Hub were made: a growing Hub, 2019 to September 2026."""

from __future__ import annotations

import bisect
import functools
from datetime import UTC, datetime

FLOOR_SECOND = 0x621FFDC0  # 2022-03-02T23:29:04Z: the Hub began to store creation dates


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


# Share of all models that exist at a date; early years weigh more than on the Hub, so that small samples have every
# month.
KNOTS = (
    ("2019-03-01", 0.0),
    ("2020-12-01", 0.006),
    ("2021-10-01", 0.016),
    ("2022-03-02", 0.035),
    ("2022-12-01", 0.10),
    ("2023-12-01", 0.26),
    ("2024-12-01", 0.52),
    ("2025-12-01", 0.82),
    ("2026-09-01", 1.0),
)
_SECONDS = tuple(_second(date) for date, _ in KNOTS)
_SHARES = tuple(share for _, share in KNOTS)
LAST_SECOND = _SECONDS[-1]
ERA_STARTS = tuple(_second(f"{year}-01-01") for year in (2021, 2022, 2023, 2024, 2025, 2026))


def second_of(share: float) -> int:
    """Creation second of the model that stands at this share of all models; it never falls as the share grows."""
    if share >= 1.0:
        return LAST_SECOND
    place = bisect.bisect_right(_SHARES, share) - 1
    low, high = _SHARES[place], _SHARES[place + 1]
    start, end = _SECONDS[place], _SECONDS[place + 1]
    return start + int((share - low) / (high - low) * (end - start))


def share_of(second: int) -> float:
    """Share of all models that exist at a second: the inverse of :func:`second_of`."""
    place = min(max(bisect.bisect_right(_SECONDS, second) - 1, 0), len(_SECONDS) - 2)
    start, end = _SECONDS[place], _SECONDS[place + 1]
    return _SHARES[place] + (second - start) / (end - start) * (_SHARES[place + 1] - _SHARES[place])


def era(second: int) -> int:
    """Number of the era: 0 before 2021, then one a year, 6 from 2026."""
    return bisect.bisect_right(ERA_STARTS, second)


def months(second: int) -> int:
    """Whole months since January 2022 (negative before)."""
    moment = datetime.fromtimestamp(second, UTC)
    return (moment.year - 2022) * 12 + moment.month - 1


@functools.lru_cache(maxsize=8192)
def _day(number: int) -> str:
    return datetime.fromtimestamp(number * 86_400, UTC).strftime("%Y-%m-%dT")


_MINUTES = tuple(f"{number // 60:02d}:{number % 60:02d}:" for number in range(1440))
_ENDS = tuple(f"{number:02d}.000Z" for number in range(60))


def stamp(second: int) -> str:
    """A date as the Hub writes it."""
    rest = second % 86_400
    return _day(second // 86_400) + _MINUTES[rest // 60] + _ENDS[rest % 60]
