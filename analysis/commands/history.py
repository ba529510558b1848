"""``hf-carbon history``: the share of reporters and every change, over a series of dates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands.build import executor_of
from analysis.commands.options import FOLDER, Console, progress_bar, quiet_option
from mining.errors import CouldNotLookError, UsageError
from mining.escaping import escaped
from mining.paths import Home

if TYPE_CHECKING:
    from mining.archive.dates import Every
    from mining.archive.survey import Survey

DATES = "dates"
DAMAGED = 4


@click.command("history")
@click.option(
    "--from",
    "origin",
    type=click.Path(path_type=Path),
    default=Path("data/raw"),
    show_default=True,
    help="Archive with models/<YYYY-MM-DD>/models.parquet, a folder of snapshots of its dates, or one of built crawls "
    "of the whole Hub.",
)
@click.option("--dates", metavar="FROM..TO", help="Only these dates, for instance 2024-07..2026-09.")
@click.option("--every", type=click.Choice(["week", "month"]), help="The last date of each week or month [every date].")
@click.option(
    "--out", type=FOLDER, default=Path("data/history"), show_default=True,
    help="Folder to write into.",
)  # fmt: skip
@click.option(
    "--crawl", metavar="SNAPSHOT", help="A built crawl of about the last date: a table says how far the two agree."
)
@click.option(
    "--scheduler", metavar="tcp://HOST:PORT", help="Read the dates on a Dask cluster that sees the same disk."
)
@quiet_option
def command(
    origin: Path,
    dates: str | None,
    every: Every | None,
    out: Path,
    crawl: str | None,
    scheduler: str | None,
    quiet: bool,
) -> None:
    """Read an archive or crawls date by date: how many models report, and every report that began, stopped or changed.

    Writes tables/history.csv (one row a date; counts of models), tables/changes.csv (every change with what was written
    before and after), tables/dates.csv (what each date is, and why a date does not count) and history.html. A report is
    a number in the metadata, before any judgement; `settled` ones are the model's own training after the checks. Kill
    it at any moment and call it again: dates that were read are kept in dates/. Exit code 4 where a date could not be
    read; all others are answered.
    """
    from mining.archive.dates import choose, dates_in
    from mining.archive.survey import survey
    from mining.snapshot.manifest import load_manifest

    tell = Console(quiet)
    found, odd = dates_in(origin)
    chosen, left_out = choose(found, dates=dates, every=every)
    if not chosen:
        raise UsageError(f"no date of the series is in {dates}; it has {found[0].label} to {found[-1].label}")
    with executor_of(scheduler) as executor:
        taken = survey(chosen, out / DATES, executor=executor, progress=progress_bar(quiet=quiet))
    taken.notes = sorted([*odd, *left_out, *taken.notes], key=lambda note: (note.date, note.status, note.note))
    if not taken.observed:
        raise CouldNotLookError(f"none of {len(chosen)} dates could be read; the first: {taken.notes[0].note}")
    from analysis.history.outputs import write

    crawled = chosen[0].snapshot
    source = None if crawled is None else load_manifest(crawled).source
    for line in write(taken, out, DATES, None if crawl is None else _observed(crawl, out), own_source=source):
        tell.say(escaped(line))
    _tell_notes(taken, tell)
    click.echo(escaped(str(out / "tables" / "history.csv")))
    if any(note.status == "unreadable" for note in taken.notes):
        raise click.exceptions.Exit(DAMAGED)


def _observed(crawl: str, out: Path) -> tuple[str, Path]:
    """A built crawl as a date beside the others; a name is looked for where ``crawl`` puts snapshots."""
    from mining.archive.built import observe_built

    home = Home(Path("data"))
    raw = home.find(crawl)
    folder = out / DATES / raw.name
    observe_built(home.processed_of(raw), raw.name, folder)
    return raw.name, folder


def _tell_notes(taken: Survey, tell: Console) -> None:
    """What is odd about dates, also with --quiet where a date is lost."""
    for note in taken.notes:
        line = f"{note.date}: {note.note}"
        if note.status == "unreadable":
            click.echo(escaped(f"hf-carbon: {line}"), err=True)
        elif note.status != "not chosen":
            tell.say(escaped(line))
