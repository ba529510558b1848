"""Dates of the Hub: one form, and the floor below which the Hub knows no creation date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from mining.patterns import regex

FLOOR = "2022-03-02T23:29:04Z"
FLOOR_LAST = "2022-03-02T23:29:05Z"
"""Creation dates that the Hub gives to every repository older than its own record keeping; writing them took it a
second."""

_ISO = regex(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(?:Z|UTC|([+-]\d\d):?(\d\d)?)?")
_OBJECT_ID = regex(r"[0-9a-f]{24}")


class Creation(NamedTuple):
    """When a repository was created; whether that is only the floor; its month where it is known."""

    created_at: str | None
    is_floor: bool
    year_month: str | None


def iso_time(value: str | None) -> str | None:
    """A date of the Hub as ``YYYY-MM-DDTHH:MM:SSZ``; None where it is no such date."""
    if value is None:
        return None
    if len(value) in (20, 24) and value[10] == "T" and value[-1] == "Z" and value[4] == "-":
        return value if len(value) == 20 else f"{value[:19]}Z"
    match = _ISO.fullmatch(value)
    if match is None:
        return None
    if match[3] is None or (match[3], match[4] or "00") == ("+00", "00"):
        return f"{match[1]}T{match[2]}Z"
    return _in_utc(f"{match[1]}T{match[2]}{match[3]}:{match[4] or '00'}")


def _in_utc(text: str) -> str | None:
    """A time with an offset as UTC; None where there is no such time."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None


def creation_of(created_at: str | None, key: str | None, first_commit: str | None = None) -> Creation:
    """Creation of a repository.

    Args:
        created_at: ``createdAt`` of the Hub.
        key: ``_id`` of the Hub; its first four bytes are the creation second (a MongoDB ObjectId), used where
            ``createdAt`` is missing.
        first_commit: Date of the oldest commit, where commits were asked for. It counts only at the floor, since a
            copied history brings older dates into younger repositories.

    Returns:
        Date, floor mark and month; at the floor, without commits, the month is not known.
    """
    created = iso_time(created_at) or _time_of_key(key)
    if created is None or not FLOOR <= created <= FLOOR_LAST:
        return Creation(created, False, created[:7] if created else None)
    first = iso_time(first_commit)
    if first is not None and first <= FLOOR_LAST:
        return Creation(first, False, first[:7])
    return Creation(created, True, None)


def oldest(dates: Iterable[str | None]) -> str | None:
    """Oldest of several dates; None where none can be read."""
    return min((known for date in dates if (known := iso_time(date))), default=None)


def _time_of_key(key: str | None) -> str | None:
    if key is None or not _OBJECT_ID.fullmatch(key):
        return None
    return datetime.fromtimestamp(int(key[:8], 16), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
