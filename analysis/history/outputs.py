"""Everything a history writes: tables, figures and one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.history.series import Series, walk
from analysis.history.tables import DATE_COLUMNS, changes_table, flows_table, history_table, table
from analysis.questions.protocol import load as load_protocol
from analysis.report.typeset import csv_text
from analysis.results import Table
from mining.archive.dates import DateNote
from mining.archive.survey import Survey
from mining.files import write_bytes

NOT_OWN = ("not-own", "constant", "exercise", "doubtful")
"""Exclusions of the protocol under which a number is not a model's own training, or not to be believed."""


def write(survey: Survey, out: Path, dates: str) -> Iterator[str]:
    """Compute and write all tables and the page; yields the lines to say.

    Args:
        survey: The dates that were observed.
        out: Folder to write into.
        dates: Name of the folder of the observations in it.
    """
    series = walk([(one.date, out / dates / one.date) for one in survey.observed], not_own_flags())
    survey.notes = sorted([*survey.notes, *(DateNote(date, "note", words) for date, words in series.names)], key=_order)
    for made in (
        history_table(series.rows),
        flows_table(series.rows),
        changes_table(series.changes),
        dates_table(survey),
    ):
        write_bytes(out / "tables" / f"{made.id}.csv", csv_text(made))
    yield closing(series)


def _order(note: DateNote) -> tuple[str, str, str]:
    return note.date, note.status, note.note


def not_own_flags() -> frozenset[str]:
    """Flags under which a report does not count as the model's own training."""
    protocol = load_protocol()
    return frozenset(flag for name in NOT_OWN for flag in protocol.flags_of(name))


def dates_table(survey: Survey) -> Table:
    """What each date is, and why a date does not count."""
    rows: list[tuple[Any, ...]] = [
        (one.date, "observed", one.newest_change, one.size_bytes, one.sha256, one.models, "") for one in survey.observed
    ]
    rows += [(note.date, note.status, None, None, None, None, note.note) for note in survey.notes]
    return table(
        "dates", "What each date is", DATE_COLUMNS, sorted(rows, key=lambda row: (row[0], row[1] != "observed", row[6]))
    )


def closing(series: Series) -> str:
    """One line on the whole series."""
    first, last = series.rows[0], series.rows[-1]
    shares = [100 * row.reporters_count / row.models_count if row.models_count else 0.0 for row in (first, last)]
    return (
        f"{len(series.rows)} dates, {first.date} to {last.date}: {shares[0]:.3g} % to {shares[1]:.3g} % of models report "
        f"({first.reporters_count:,} of {first.models_count:,}; {last.reporters_count:,} of {last.models_count:,})"
    )
