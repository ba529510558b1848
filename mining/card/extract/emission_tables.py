"""Emission claims of tables: columns and rows whose heading announces emissions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document, Row, Table
from mining.card.extract.emission_claim import ambiguity, emission_claim, emission_scope
from mining.card.extract.roles import labelled_role
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import MARKET, TOTAL, is_emission_label, is_placeholder
from mining.card.values.emission_value import read_value
from mining.patterns import regex
from mining.schema import Claim, Outcome
from mining.units import find_quantities

__all__ = ["table_emissions"]

CELL_CAP = 160
MOST_COLUMNS = 12
_PART_COLUMN = regex(
    r"epoch|step|token|checkpoint|stage|phase|batch|fold|component|\brun\b|trial|source|device|iteration|\bdate"
    r"|part\b|category",
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
    found = [*_column_claims(table, card), *(_row_claims(table, card) if table.width > 2 else ())]
    yield from found or _unnamed_claims(table, card)


def _column_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Columns whose heading announces emissions; the first column names what a row is about."""
    columns = [
        at
        for at, head in enumerate(table.header)
        if is_emission_label(head) and len(head) <= 160 and not any(find_quantities(head))
    ]
    if (
        table.width == 2
        and len(columns) == 1
        and columns[0] == 0
        and any(is_emission_label(row.cells[0].plain) for row in table.rows if row.cells)
    ):
        return  # labels and values, the first pair of which stands in the head
    parts = bool(table.header) and (_PART_COLUMN.search(table.header[0]) is not None or _names_stages(table.header[0]))
    for row in table.rows:
        for at in columns:
            if at < len(row.cells) and row.cells[at].plain and (at == 0 or row.cells[at] is not row.cells[at - 1]):
                name = row.cells[0].plain if at > 0 else ""
                yield from _cell_claim(table, card, row, at, table.header[at], name, parts and at > 0)


def _names_stages(head: str) -> bool:
    return any(hit.concept == "stage" for hit in find_concepts(head))


def _unnamed_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Cells that state a mass of CO2 where no heading announces it; the first cell names what its row is about."""
    for row in (table.header_row, *table.rows):
        for at, cell in enumerate(row.cells[:MOST_COLUMNS]):
            if len(cell.plain) > CELL_CAP or not any(
                one.has_co2 and one.rate is None for one in find_quantities(cell.plain)
            ):
                continue
            name = row.cells[0].plain if at > 0 else ""
            if not (at == 1 and is_emission_label(name) and table.width == 2):
                yield from _cell_claim(table, card, row, at, "", name, False)


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
    scope = labelled_role(scope, f"{label} {name}", line, frozenset({"en", *card.languages}))
    total = TOTAL.search(name) is not None
    if total:
        scope = "training-run" if parts else "family-total"
    elif parts:
        scope = "training-run" if any(hit.concept == "own" for hit in find_concepts(name)) else "component"
    flags = ("table", *(("market-based",) if MARKET.search(label) else ()), *(("total",) if total else ()))
    flags = (*flags, *(("only-row",) if len(table.rows) == 1 else ()), *ambiguity(card, cell.plain, 0, len(cell.plain)))
    subject = None if total or parts or not name else name
    text = cell.text if cell.text in line.text else line.text.strip()
    if found is None:
        outcome: Outcome = "not-reported" if is_placeholder(cell.plain) else "unreadable"
        yield emission_claim(text, line, cell.line, scope, outcome=outcome, flags=flags, subject=subject)
    else:
        yield emission_claim(text, line, cell.line, scope, found=found, flags=flags, subject=subject)
