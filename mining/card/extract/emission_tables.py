"""Emission claims of tables: columns and rows whose heading announces emissions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document, Row, Table
from mining.card.extract.emission_claim import emission_claim, emission_scope
from mining.card.lexicon.words import MARKET, TOTAL, is_emission_label, is_placeholder
from mining.card.values.emission_value import read_value
from mining.patterns import regex
from mining.schema import Claim, Outcome

__all__ = ["table_emissions"]

_PART_COLUMN = regex(
    r"epoch|step|token|checkpoint|stage|phase|batch|fold|component|\brun\b|trial|source|device|iteration|\bdate|part\b|category",
    re.IGNORECASE,
)


def table_emissions(table: Table, card: Document) -> Iterator[Claim]:
    """Emission claims of one table.

    Args:
        table: The table.
        card: The card it stands in.

    Yields:
        Claims whose subject is what the row (or column) is about.
    """
    if table.width > 2:
        yield from _column_claims(table, card)
        yield from _row_claims(table, card)
    elif table.width == 2:
        yield from _column_claims(table, card)


def _column_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Columns whose heading announces emissions; the first column names what a row is about."""
    columns = [at for at, head in enumerate(table.header) if at > 0 and is_emission_label(head) and len(head) <= 160]
    parts = _PART_COLUMN.search(table.header[0]) is not None if table.header else False
    for row in table.rows:
        for at in columns:
            if at < len(row.cells) and row.cells[at].plain and row.cells[at] is not row.cells[at - 1]:
                yield from _cell_claim(table, card, row, at, table.header[at], row.cells[0].plain, parts)


def _row_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Rows whose first cell announces emissions; the headings name what a column is about."""
    for row in table.rows:
        if row.cells and is_emission_label(row.cells[0].plain) and len(row.cells[0].plain) <= 160:
            for at in range(1, min(len(row.cells), table.width)):
                if row.cells[at].plain:
                    yield from _cell_claim(table, card, row, at, row.cells[0].plain, table.header[at], False)


def _cell_claim(table: Table, card: Document, row: Row, at: int, label: str, name: str, parts: bool) -> Iterator[Claim]:
    cell = row.cells[at]
    found = read_value(cell.plain, label)
    if found is None and not cell.text:
        return
    line = card.line(cell.line)
    scope = emission_scope(f"{label} {name}", "", line.path)
    total = TOTAL.search(name) is not None
    if total:
        scope = "training-run" if parts else "family-total"
    elif parts:
        scope = "component"
    flags = ("table", *(("market-based",) if MARKET.search(label) else ()), *(("total",) if total else ()))
    flags = (*flags, *(("only-row",) if len(table.rows) == 1 else ()))
    subject = None if total or parts or not name else name
    text = cell.text if cell.text in line.text else line.text.strip()
    if found is None:
        outcome: Outcome = "not-reported" if is_placeholder(cell.plain) else "unreadable"
        yield emission_claim(text, line, cell.line, scope, outcome=outcome, flags=flags, subject=subject)
    else:
        yield emission_claim(text, line, cell.line, scope, found=found, flags=flags, subject=subject)
