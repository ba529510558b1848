"""Tables of a history, as they are written and shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from analysis.history.series import CHANGE_COLUMNS, COLUMNS, Change, Row
from analysis.results import Column, Table

FLOW_COLUMNS = (
    "date",
    "entered_reporting_count",
    "left_reporting_count",
    "began_count",
    "stopped_count",
    "recreated_count",
    "returned_count",
    "possibly_renamed_count",
    "renamed_count",
    "unknown_count",
)
DATE_COLUMNS = ("date", "status", "upstream_before", "observed_at", "size_bytes", "sha256", "models_count", "note")


def table(identity: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> Table:
    """A table whose columns are named as in the file."""
    titles = tuple(Column(name=name, title=name.replace("_count", "").replace("_", " ")) for name in columns)
    return Table(id=identity, title=title, columns=titles, rows=tuple(tuple(row) for row in rows), note=note)


def history_table(rows: Iterable[Row]) -> Table:
    """The contract: counts and changes by date; the first date has no changes."""
    return table("history", "Models and reporters by date", COLUMNS, _fields(rows, COLUMNS))


def flows_table(rows: Iterable[Row]) -> Table:
    """Where reporters come from and go to."""
    return table("flows", "Where reporters come from and go to", FLOW_COLUMNS, _fields(rows, FLOW_COLUMNS))


def changes_table(changes: Iterable[Change]) -> Table:
    """Every change of a report with what stood there before and after."""
    return table("changes", "Every change of a report", CHANGE_COLUMNS, _fields(changes, CHANGE_COLUMNS))


def _fields(rows: Iterable[msgspec.Struct], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in columns) for row in rows]
