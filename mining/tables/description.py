"""A registry table in words: pandera validator and data dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mining.schema import SCHEMA_VERSION, TABLES
from mining.tables.columns import TableColumn, columns, table_name

if TYPE_CHECKING:
    import pandera.pandas as pandera_pandas


def validator(struct: type[Struct]) -> pandera_pandas.DataFrameSchema:
    """Pandera schema of the table as a pandas frame (strict: no unknown columns); imported late, it is slow."""
    import pandera.pandas as pandera

    return pandera.DataFrameSchema(
        {
            column.name: pandera.Column(None, checks=_checks(column), nullable=column.is_nullable)
            for column in columns(struct)
        },
        strict=True,
        name=table_name(struct),
    )


def _checks(column: TableColumn) -> list[Any]:
    import pandera.pandas as pandera

    checks = []
    if column.ge is not None:
        checks.append(pandera.Check.ge(column.ge))
    if column.le is not None:
        checks.append(pandera.Check.le(column.le))
    if column.allowed is not None:
        checks.append(pandera.Check.isin(list(column.allowed)))
    return checks


_KIND_WORDS = {
    "text": "text",
    "whole": "whole number",
    "number": "number",
    "truth": "true or false",
    "texts": "list of text",
}


def dictionary(tables: Mapping[str, type[Struct]] | None = None) -> str:
    """Data dictionary of the tables as Markdown."""
    parts = [
        (
            f"# Data dictionary\n\nSchema version {SCHEMA_VERSION}. One heading per table; the unit of a column is the "
            f"last word of its name.\n"
        )
    ]
    for name, struct in (tables or TABLES).items():
        summary = (struct.__doc__ or "").strip().splitlines()[0]
        parts.append(
            f"## {name}\n\n{summary}\n\n| column | type | unit | meaning | a missing value means | on the Hub "
            f"|\n|---|---|---|---|---|---|"
        )
        parts.extend(_dictionary_line(column) for column in columns(struct))
        parts.append("")
    return "\n".join(parts)


def _dictionary_line(column: TableColumn) -> str:
    meaning = column.meaning
    if column.allowed is not None:
        meaning += " One of: " + ", ".join(f"`{value}`" for value in column.allowed) + "."
    cells = (
        f"`{column.name}`",
        _KIND_WORDS[column.kind],
        column.unit or "",
        meaning,
        column.missing,
        f"`{column.path}`" if column.path else "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
