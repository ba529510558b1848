"""Packaged reference data: every number comes with its table, version, year, source and licence."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

__all__ = ["VERSION", "Prior", "embodied_rows", "prior", "read_table", "rows_with", "source_of"]

VERSION = "2026-11"
"""Version of the packaged tables: the month in which they were collected."""

_HERE = Path(__file__).parent / "tables"
_SHARE_ALIKE = ("grid_intensity_electricity_maps", "embodied_ademe")
"""Tables under a share-alike licence: files of their own, in a folder of their own."""


class Prior(Struct, frozen=True):
    """A parameter with its range and where it comes from."""

    central: float
    low: float
    high: float
    source: str


@cache
def _lines(name: str) -> tuple[str, ...]:
    folder = _HERE / "share_alike" if name in _SHARE_ALIKE else _HERE
    return tuple((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines())


def _rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    rows = csv.reader(lines)
    names = next(rows)
    return (dict(zip(names, row, strict=True)) for row in rows if row)


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one packaged table.

    Args:
        name: Name of the table without its ending.
    """
    return tuple(_rows(_lines(name)))


@cache
def rows_with(name: str, column: str, value: str) -> tuple[dict[str, str], ...]:
    """Rows of one packaged table with a value in a column; the others are not parsed.

    Args:
        name: Name of the table without its ending.
        column: Name of the column.
        value: What stands in it; a plain name without quotation marks.
    """
    head, *lines = _lines(name)
    return tuple(row for row in _rows((head, *(line for line in lines if value in line))) if row[column] == value)


@cache
def _source(name: str) -> str:
    row = rows_with("sources", "source", name)[0]
    return f"{row['what']} ({row['licence']})"


def source_of(row: dict[str, str]) -> str:
    """Source and licence of one row, in words."""
    return _source(row["source"])


@cache
def prior(parameter: str, applies_to: str = "") -> Prior:
    """A prior by its parameter and the beginning of what it applies to.

    Raises:
        KeyError: No such prior, or it holds no central value.
    """
    for row in read_table("priors"):
        if row["parameter"] == parameter and row["applies_to"].startswith(applies_to) and row["central"]:
            low, high = row["low"] or row["central"], row["high"] or row["central"]
            return Prior(float(row["central"]), float(low), float(high), source_of(row))
    raise KeyError((parameter, applies_to))


def embodied_rows() -> tuple[dict[str, str], ...]:
    """Impacts of making hardware: plain facts and the share-alike table, one after the other."""
    return read_table("embodied") + read_table("embodied_ademe")
