"""Everything a history writes: tables, figures and one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from analysis import rounding
from analysis.history import answers, figures
from analysis.history.counts import ALL, DurationCounts, ShareCounts
from analysis.history.joint import joint_table
from analysis.history.page import Card, Section, page
from analysis.history.panel import load
from analysis.history.series import Series, walk
from analysis.history.tables import DATE_COLUMNS, changes_table, flows_table, history_table, table
from analysis.questions.protocol import load as load_protocol
from analysis.report import over_dates
from analysis.report.typeset import csv_text
from analysis.results import Table
from mining.archive.dates import WEEK, DateNote
from mining.archive.survey import Survey
from mining.files import write_bytes, write_text

NOT_OWN = ("not-own", "constant", "exercise", "doubtful")
"""Exclusions of the protocol under which a number is not a model's own training, or not to be believed."""
GROUPED = ("generator", "domain")
FROM_ARCHIVE = (
    "What these numbers rest on: an archive of the Hub's metadata. A model is its name and creation time; one that is "
    "missing is no longer listed, which may mean deleted, renamed or private. Card texts, gating and revisions are not "
    "in it."
)
FROM_CRAWLS = (
    "What these numbers rest on: crawls of the whole Hub. A model is the Hub's own id where every crawl has it, so "
    "that a renamed model stays the same; one that is missing is no longer listed: deleted, or made private. A card "
    "that could not be read (gated, disabled, not asked for) never counts as a report that was removed."
)
LIMITS = (
    (
        "The listed models are taken as one draw of what owners might have published; owners, not models, are "
        "independent in every interval."
    ),
    (
        "Tested on 200 simulated archives with known rates: the 95 % intervals of the hazards held the true average "
        "over the time watched in 94.5 to 97 % (first report, its ratio between two kinds, report removed, no longer "
        "listed). That average lies up to 4 % below the rate of a new model, because ready reporters leave first."
    ),
)
FLOWS = "history-flows"
NO_MOVES = "No report began or stopped, and no model that reports was added or dropped, between these dates."


def write(
    survey: Survey, out: Path, dates: str, crawl: tuple[str, Path] | None = None, *, own_source: str | None = None
) -> Iterator[str]:
    """Compute and write all tables, figures and the page; yields the lines to say.

    Args:
        survey: The dates that were observed.
        out: Folder to write into.
        dates: Name of the folder of the observations in it.
        crawl: Name and folder of a crawl that was observed, to be compared with the last date.
        own_source: Source of the crawls, where the dates are crawls of our own and not an archive's.
    """
    shares, durations = ShareCounts(), DurationCounts()
    folders = [(one.date, out / dates / one.date) for one in survey.observed]
    series = walk(folders, not_own_flags(), (shares, durations))
    survey.notes = sorted([*survey.notes, *(DateNote(date, "note", words) for date, words in series.names)], key=_order)
    made = [
        history_table(series.rows),
        flows_table(series.rows),
        changes_table(series.changes),
        dates_table(survey, is_archive=own_source is None),
        answers.shares_table(shares),
        answers.decomposition_table(shares),
        answers.breaks_table(shares),
        answers.incidence_table(durations),
        answers.hazards_table(durations),
        joint_table(durations.joint),
    ]
    if crawl is not None:
        made.append(_agreement(folders[-1], crawl))
    for one in made:
        write_bytes(out / "tables" / f"{one.id}.csv", csv_text(one))
    is_own = own_source is not None
    drawn = _figures(made, series, shares, "Crawls of the Hub" if is_own else "Archive of the Hub's metadata")
    for drawing in drawn:
        for kind, data in drawing["files"].items():
            write_bytes(out / "figures" / f"{drawing['id']}.{kind}", data)
    write_text(out / "history.html", _page({one.id: one for one in made}, series, shares, drawn, is_own=is_own))
    write_bytes(out / over_dates.NAME, _summary(made, shares, drawn[0], own_source))
    yield answers.headline(shares)


def _summary(made: list[Table], shares: ShareCounts, figure: figures.Drawing, own_source: str | None) -> bytes:
    """What a report shows of the history."""
    rows = [row for row in _dicts(next(one for one in made if one.id == "shares")) if row["grouping"] == ALL]
    found = over_dates.HistorySummary(
        headline=answers.headline(shares),
        basis=FROM_ARCHIVE if own_source is None else FROM_CRAWLS,
        sources=over_dates.ARCHIVED if own_source is None else (own_source,),
        figure={name: str(figure[name]) for name in ("title", "caption", "alternative", "data")},
        rows=tuple(tuple(row[name] for name in over_dates.COLUMNS) for row in rows),
    )
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _order(note: DateNote) -> tuple[str, str, str]:
    return note.date, note.status, note.note


def not_own_flags() -> frozenset[str]:
    """Flags under which a report does not count as the model's own training."""
    protocol = load_protocol()
    return frozenset(flag for name in NOT_OWN for flag in protocol.flags_of(name))


def dates_table(survey: Survey, *, is_archive: bool) -> Table:
    """What each date is, and why a date does not count.

    Three times are kept apart: the label; the day before which the archived file was committed upstream, which follows
    from how the archive is filled (its commit time is not passed on); and the newest change that the file shows.
    """
    rows: list[tuple[Any, ...]] = [
        (
            one.date,
            "observed",
            _upstream(one.date) if is_archive else None,
            one.newest_change,
            one.size_bytes,
            one.sha256,
            one.models,
            "",
        )
        for one in survey.observed
    ]
    rows += [(note.date, note.status, None, None, None, None, None, note.note) for note in survey.notes]
    rows.sort(key=lambda row: (row[0], row[1] != "observed", row[7]))
    return table("dates", "What each date is", DATE_COLUMNS, rows)


def _upstream(label: str) -> str:
    """The first day that is too late for the upstream commit of an archive's date."""
    return str(date.fromisoformat(label) + WEEK)


def _agreement(archive: tuple[str, Path], crawl: tuple[str, Path]) -> Table:
    """Archive and crawl side by side."""
    stated = []
    for name, folder in (archive, crawl):
        day = load(folder, name)
        reports = {
            key: (report["value"], report["unit"]) for key, report in day.reports.items() if report["value"] is not None
        }
        stated.append({key: reports.get(key) for key in day.digest.tolist()})
    return answers.agreement_table(stated[0], stated[1], (f"archive {archive[0]}", f"crawl {crawl[0]}"))


def _dicts(made: Table) -> list[dict[str, Any]]:
    names = [column.name for column in made.columns]
    return [dict(zip(names, row, strict=True)) for row in made.rows]


def _figures(made: list[Table], series: Series, shares: ShareCounts, source: str) -> list[figures.Drawing]:
    """All figures that the series carries."""
    rows = _dicts(next(one for one in made if one.id == "shares"))
    line = f"{source}, {shares.dates[0]} to {shares.dates[-1]}, {len(shares.dates)} dates."
    drawn = [
        figures.draw(
            "history-share", "shares", line, 78, figures.share_figure(rows, series.rows, answers.headline(shares))
        )
    ]
    if len(series.rows) > 1:
        if any(figures.moves_of(row) for row in series.rows[1:]):
            drawn.append(figures.draw(FLOWS, "flows", line, 70, figures.flow_figure(series.rows)))
        drawn += [
            figures.draw(f"history-{name}", "shares", line, 70, figures.group_figure(rows, name)) for name in GROUPED
        ]
    return drawn


def _page(
    made: dict[str, Table], series: Series, shares: ShareCounts, drawn: list[figures.Drawing], *, is_own: bool
) -> str:
    """The page."""
    basis = FROM_CRAWLS if is_own else FROM_ARCHIVE
    last = series.rows[-1]
    rows = [row for row in _dicts(made["shares"]) if row["grouping"] == ALL]
    low, high = answers.percent(rows[-1]["low"]), answers.percent(rows[-1]["high"])
    cards = [
        Card(answers.percent(rows[-1]["share"]), f"of models state a carbon number (95 %: {low} to {high})"),
        Card(rounding.count(last.models_count), f"models listed on {last.date}"),
        Card(rounding.count(last.reporters_settled_count), "numbers are the model's own training after the checks"),
        Card(rounding.count(sum(row.began_count or 0 for row in series.rows)), "listed models began to report"),
        Card(rounding.count(sum(row.stopped_count or 0 for row in series.rows)), "listed models stopped reporting"),
    ]
    flows = tuple(one for one in drawn if one["id"] == FLOWS)
    breaks = [row for row in made["breaks"].rows if row[-1] < load_protocol().level]
    sections = [
        Section(
            title="How has the share of reporting models evolved?",
            figures=(drawn[0],),
            tables=((made["history"], True), (made["shares"], True)),
        ),
        Section(
            title="Where do reports come from, and where do they go?",
            words=() if flows else (NO_MOVES,),
            figures=flows,
            tables=((made["flows"], True), (made["changes"], True)),
        ),
        Section(
            title="What moved the share?",
            words=(answers.drivers(made["decomposition"].rows), _breaks(breaks)),
            figures=tuple(one for one in drawn[1:] if one not in flows),
            tables=((made["decomposition"], False), (made["breaks"], True)),
        ),
        Section(
            title="How soon do models report, and do they go on?",
            words=(_soon(made["incidence"]), basis, *LIMITS),
            tables=((made["incidence"], False), (made["hazards"], True), (made["joint-hazards"], True)),
        ),
        *(
            [Section(title="Do archive and crawl agree?", tables=((made["agreement"], False),))]
            if "agreement" in made
            else []
        ),
        Section(title="What each date is", words=(_odd(made["dates"]),), tables=((made["dates"], True),)),
    ]
    lead = f"{len(shares.dates)} dates from {shares.dates[0]} to {shares.dates[-1]}. {basis}"
    return page("Carbon reporting on the Hub over time", lead, cards, sections)


def _breaks(found: list[tuple[Any, ...]]) -> str:
    if not found:
        return "No kind of model began or stopped to report at a date that differs from chance."
    said = [
        f"{row[1]} ({row[0].replace('_', ' ')}) from {row[2]}: {answers.percent(row[4])} to "
        f"{answers.percent(row[6])} of new models"
        for row in found[:5]
    ]
    return f"Breaks: {'; '.join(said)}."


def _soon(made: Table) -> str:
    known = [row for row in _dicts(made) if row["incidence"] is not None]
    if not known:
        return "The series is too short, or holds too few reports, to tell how soon new models report."
    said = [
        f"{answers.percent(row['incidence'])} within {row['months']} month{'s' if row['months'] > 1 else ''} "
        f"(95 %: {answers.percent(row['low'])} to {answers.percent(row['high'])})"
        for row in known
    ]
    least, most = (answers.percent(known[-1][name]) for name in ("least", "most"))
    return (
        f"Of models that entered during the series, {', '.join(said)} of being listed report, if no longer being "
        f"listed is a competing end. "
        f"What could not be seen: if none, or all, of the models that left the listing or could not be read at entry "
        f"had come to report, it "
        f"would be {least} to {most} within {known[-1]['months']} month{'s' if known[-1]['months'] > 1 else ''}."
    )


def _odd(made: Table) -> str:
    statuses = [row[1] for row in made.rows]
    counted = {name: statuses.count(name) for name in ("observed", "repeated", "missing", "unreadable")}
    return ", ".join(f"{count} {name}" for name, count in counted.items() if count or name == "observed") + "."
