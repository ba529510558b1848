"""``hf-carbon study``: the main job, from a source to its report, skipping what is current."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.options import Console, protocol_option, source_options
from mining.escaping import escaped
from mining.paths import Home, Processed
from mining.source_contracts import SOURCE_NAMES, source_of


@click.command("study")
@click.option(
    "--source", type=click.Choice(SOURCE_NAMES), default="sample", show_default=True, help="Where the models come from."
)
@click.option(
    "--plan", help="census, reporters, author:NAME, ids:FILE or since:SNAPSHOT [hub: reporters, otherwise census]."
)
@click.option(
    "--cards", help="Cards to fetch: reporters, flagged, sample:N, all, none [hub: reporters, sample: flagged]."
)
@click.option("--unverified", is_flag=True, help="Accept published files whose SHA-256 differs.")
@click.option("--multiverse", is_flag=True, help="Run every defensible analysis as well (minutes).")
@protocol_option
@source_options
def command(
    out: Path, quiet: bool, protocol: Path | None, unverified: bool, multiverse: bool, plan: str | None, **asked: Any
) -> None:
    """Crawl, build, analyse and report; print the address of the report.

    Sources: `sample` is a synthetic Hub served on this machine (its numbers mean nothing and say SYNTHETIC);
    `published` is the data of the 2023 study; `hub` is the real Hub; `dump` reads the public daily dumps; `cards` a
    folder of README.md files. Emissions are grams of CO2 equivalent. A stage whose inputs, options and code are
    unchanged is skipped.
    """
    from analysis.commands import crawl

    home, console = Home(out), Console(quiet)
    contract = source_of(asked["source"])
    request = crawl.make_request(home, plan=plan or contract.usual_plan, verified=not unverified, **asked)
    raw = crawl.run(request, home, console).folder
    if not contract.is_resumable:
        console.say(f"raw: {raw.name}")
    processed = home.processed_of(raw)
    if not _stages(raw, home, processed, protocol, console, has_multiverse=multiverse):
        console.say("study: everything is current, nothing to do")
    click.echo(escaped(str(processed.report)))


def _stages(
    raw: Path, home: Home, processed: Processed, protocol: Path | None, console: Console, *, has_multiverse: bool
) -> bool:
    """Build, analyse and report; whether any of them had to be done."""
    from analysis.commands import analyse, build, multiverse
    from analysis.questions.multiverse import kept
    from analysis.report.freshness import is_report_current
    from mining.snapshot import SnapshotReader

    manifest = SnapshotReader(raw).manifest
    is_done = build.is_built(raw, processed) and analyse.is_answered(processed, protocol)
    is_done = is_done and (not has_multiverse or kept.is_computed(processed, protocol))
    if is_done and is_report_current(processed, manifest):
        return False
    from tqdm import tqdm

    from analysis.report import render

    with tqdm(total=3, desc="build", unit="stage", disable=console.quiet, leave=False) as bar:
        account = build.run(raw, home)
        bar.update()
        bar.set_description("analyse")
        answers = analyse.run(processed, protocol)
        curves = multiverse.run(processed, protocol) if has_multiverse else None
        bar.update()
        bar.set_description("report")
        done = render(processed, manifest)
        bar.update()
    console.say("build: current" if account is None else build.closing(account))
    console.say("analyse: current" if answers is None else f"analyse: {len(answers)} questions answered")
    if has_multiverse:
        console.say("multiverse: current" if curves is None else f"multiverse: {len(curves.curves)} claims analysed")
    console.say("report: current" if done.skipped else f"report: {done.figures} figures, {done.tables} tables")
    return account is not None or answers is not None or curves is not None or not done.skipped
