"""Changing some cells of a table without making Python objects of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Rows = npt.NDArray[np.int64]


def cells_at(table: pa.Table, name: str, rows: Rows) -> list[Any]:
    """Cells of one column at some rows, as Python values, in the order of the rows."""
    values: list[Any] = table[name].take(pa.array(rows)).to_pylist()
    return values


def with_cells(table: pa.Table, name: str, rows: Rows, values: Sequence[Any]) -> pa.Table:
    """The table with some cells of one column replaced.

    Args:
        table: Any table.
        name: Name of the column.
        rows: Places of the cells, each once, counted from 0.
        values: One new value a place, of the column's type.

    Returns:
        A table of the same schema; the same one where there is nothing to replace.
    """
    if not len(rows):
        return table
    field = table.schema.field(name)
    chunks = [*table[name].chunks, pa.array(values, type=field.type)]
    places = np.arange(table.num_rows)
    places[rows] = table.num_rows + np.arange(len(rows))
    column = pa.concat_arrays(chunks).take(pa.array(places))
    return table.set_column(table.column_names.index(name), field, column)


def without_rows(table: pa.Table, rows: Rows) -> pa.Table:
    """The table without some rows."""
    keep = np.ones(table.num_rows, dtype=np.bool_)
    keep[rows] = False
    return table.filter(pa.array(keep))
