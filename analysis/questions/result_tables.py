"""Every result table that the questions may hand out, defined once.

Id, title and columns stand in ``result_tables.csv`` (an id with a pattern before the dot is a table of every question
that matches), name, heading and unit of the columns in ``result_columns.csv``. Figures and paper tables draw from these
and from nothing else. Rows are sorted, numbers are at full precision, a missing number is None. ``version`` is
``as-published`` or ``repaired``; ``month`` is ``YYYY-MM``, ``quarter`` is ``YYYYQn``; shares lie in 0..1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from analysis.results import Column, Table


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()))


def _all() -> dict[str, tuple[str, tuple[Column, ...]]]:
    columns = {
        row["key"]: Column(name=row["name"] or row["key"], title=row["title"], unit=row["unit"] or None)
        for row in _rows("result_columns.csv")
    }
    tables = _rows("result_tables.csv")
    questions = {row["id"].partition(".")[0] for row in tables if "*" not in row["id"]}
    found: dict[str, tuple[str, tuple[Column, ...]]] = {}
    for row in tables:
        pattern, _, name = row["id"].partition(".")
        entry = (row["title"], tuple(columns[key] for key in row["columns"].split()))
        found |= {f"{question}.{name}": entry for question in questions if fnmatchcase(question, pattern)}
    return dict(sorted(found.items()))


CATALOGUE = _all()
"""Id of every table, with its title and columns."""


def table(identifier: str, rows: Iterable[Sequence[Any]], note: str = "") -> Table:
    """A table of the catalogue, its rows in the order of the columns.

    Raises:
        ValueError: A row has another number of cells than the table has columns.
    """
    title, columns = CATALOGUE[identifier]
    kept = tuple(tuple(row) for row in rows)
    for row in kept:
        if len(row) != len(columns):
            raise ValueError(f"{identifier}: a row of {len(row)} cells for {len(columns)} columns")
    return Table(id=identifier, title=title, columns=columns, rows=kept, note=note)
