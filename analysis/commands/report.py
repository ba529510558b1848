"""``hf-carbon report``: figures, tables, number macros and the report page of an analysed snapshot."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.commands.options import Console, again_option, on_snapshot
from mining.escaping import escaped
from mining.paths import Home


@click.command(name="report")
@on_snapshot
@again_option
def command(snapshot: str, out: Path, refresh: bool, quiet: bool) -> None:
    """Draw figures, typeset tables and write the report of an analysed SNAPSHOT.

    Written below the processed folder: report.html, figures/ (PDF, SVG, PNG; 85 or 178 mm wide), tables/ (LaTeX, CSV),
    numbers.tex. Emissions are in grams of CO2 equivalent, scaled with their unit where they are shown. Skipped when
    nothing changed since.
    """
    from analysis.report import render
    from mining.snapshot import SnapshotReader

    home = Home(out)
    raw = home.find(snapshot)
    processed = home.processed_of(raw)
    done = render(processed, SnapshotReader(raw).manifest, force=refresh)
    tell = Console(quiet)
    if done.skipped:
        tell.say("report: current, nothing to do")
    else:
        tell.say(f"report: {done.figures} figures, {done.tables} tables")
        for name, reason in (done.missing or {}).items():
            tell.say(f"report: no figure {name}: {reason}")
    click.echo(escaped(str(processed.report)))
