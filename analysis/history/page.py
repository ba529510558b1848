"""The pages of a comparison and of a history: one file each, no request to elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from analysis import rounding
from analysis.history.differences import Differences
from analysis.report.html import fill, own_file
from analysis.report.view import table_view
from analysis.results import Table
from mining.version import package_version

MOST_ROWS = 300


class Card(Struct, frozen=True):
    """A headline number and its words."""

    value: str
    words: str


class Section(Struct, frozen=True, kw_only=True):
    """A part of a page; tables are given with whether they are folded."""

    title: str
    words: tuple[str, ...] = ()
    figures: tuple[dict[str, Any], ...] = ()
    tables: tuple[tuple[Table, bool], ...] = ()


def page(title: str, lead: str, cards: Sequence[Card], sections: Sequence[Section], *, with_files: bool = True) -> str:
    """A page of headline numbers and sections."""
    return fill(
        "history.html.j2",
        title=title,
        lead=lead,
        cards=cards,
        style=own_file("report.css"),
        sections=[
            {
                "title": one.title,
                "words": one.words,
                "figures": one.figures,
                "tables": [_table(*each, with_files) for each in one.tables],
            }
            for one in sections
        ],
        version=package_version(),
    )


def _table(table: Table, folded: bool, with_files: bool) -> dict[str, Any]:
    """A table with its first rows."""
    note = table.note
    if len(table.rows) > MOST_ROWS:
        note = f"{note} The first {MOST_ROWS} of {rounding.count(len(table.rows))} rows.".strip()
    shown = msgspec.structs.replace(table, rows=table.rows[:MOST_ROWS], note=note)
    return {"view": table_view(shown), "folded": folded, "file": table.id if with_files else None}


def diff_page(found: Differences) -> str:
    """What changed between two dates."""
    cards = [
        Card(f"{rounding.count(found.models[0])} → {rounding.count(found.models[1])}", "models"),
        Card(f"{rounding.count(found.reporters[0])} → {rounding.count(found.reporters[1])}", "models that report"),
        *(Card(rounding.count(count), kind) for kind, count in found.counts.items() if count),
    ]
    made = found.as_table()
    sections = [
        Section(
            title=f"{kind.capitalize()}: {rounding.count(count)}",
            tables=(
                (
                    msgspec.structs.replace(
                        made, title=kind, note="", rows=tuple(r for r in made.rows if r[0] == kind)
                    ),
                    count > 20,
                ),
            ),
        )
        for kind, count in found.counts.items()
        if count
    ]
    return page(made.title, found.note, cards, sections, with_files=False)
