"""Packaged tables of the vocabularies and of the reference data (sources: ``mining/vocab/SOURCES.md``)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


def path_of(name: str) -> Path:
    """File of a packaged table.

    Args:
        name: Name of the table without its ending.
    """
    return _HERE / f"{name}.csv"


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one packaged table; they are shared, and not to be changed.

    Args:
        name: Name of the table without its ending.

    Returns:
        One mapping a row, column name to text.

    Raises:
        FileNotFoundError: No such table.
    """
    lines = path_of(name).read_text(encoding="utf-8").splitlines()
    head, *rows = csv.reader(lines)
    return tuple(dict(zip(head, row, strict=True)) for row in rows)
