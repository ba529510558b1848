"""``hf-carbon study``: the main job, from a source to its report, skipping what is current."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from analysis.commands.options import Console, home_of, out_option, protocol_option, quiet_option
from mining.escaping import escaped
from mining.paths import Home, Processed
from mining.source_contracts import SOURCE_NAMES, source_of


class Choices(Struct, frozen=True, kw_only=True):
    """What the user chose on the command line."""

    source: str
    origin: str | None
    plan: str | None
    cards: str | None
    max_models: int | None
    sample_models: int
    endpoint: str | None
    resume: bool
    refresh: bool
    unverified: bool
    multiverse: bool
    protocol: Path | None
    out: Path
    quiet: bool


@click.command("study")
@click.option(
    "--source",
    type=click.Choice(SOURCE_NAMES),
    default="sample",
    show_default=True,
    help="Where the models come from.",
)
@click.option(
    "--from", "origin", metavar="PATH_OR_URL", help="Folder, file or address to read instead of the public origin."
)
@click.option(
    "--plan", help="census, reporters, author:NAME, ids:FILE or since:SNAPSHOT [hub: reporters, otherwise census]."
)
@click.option(
    "--cards", help="Cards to fetch: reporters, flagged, sample:N, all, none [hub: reporters, sample: flagged]."
)
@click.option("--max-models", type=click.IntRange(min=1), help="No more models than this, for a first look.")
@click.option(
    "--sample-models",
    type=click.IntRange(1, 3_000_000),
    default=5_000,
    show_default=True,
    help="Size of the synthetic Hub.",
)
@click.option("--endpoint", help="Address of the Hub; HF_ENDPOINT where it is not given.")
@click.option("--resume", is_flag=True, help="Continue an unfinished crawl of the same plan.")
@click.option("--refresh", is_flag=True, help="Crawl again even if there is a snapshot of the same plan.")
@click.option("--unverified", is_flag=True, help="Accept published files whose SHA-256 differs.")
@click.option("--multiverse", is_flag=True, help="Run every defensible analysis as well (minutes).")
@protocol_option
@out_option
@quiet_option
def command(**given: Any) -> None:
    """Crawl, build, analyse and report; print the address of the report.

    Sources: `sample` is a synthetic Hub served on this machine (its numbers mean nothing and say SYNTHETIC);
    `published` is the data of the 2023 study; `hub` is the real Hub; `dump` reads the public daily dumps; `cards` a
    folder of README.md files. Emissions are grams of CO2 equivalent. A stage whose inputs, options and code are
    unchanged is skipped.
    """
    choices = Choices(**given)
    home, console = home_of(choices.out), Console(choices.quiet)
    raw = _acquired(choices, home, console)
    processed = home.processed_of(raw)
    if not _stages(raw, home, processed, choices, console):
        console.say("study: everything is current, nothing to do")
    click.echo(escaped(str(processed.report)))


def _acquired(choices: Choices, home: Home, console: Console) -> Path:
    """Raw snapshot of the source."""
    from analysis.commands import crawl

    contract = source_of(choices.source)
    request = crawl.make_request(
        home,
        source=choices.source,
        plan=choices.plan or contract.usual_plan,
        cards=choices.cards,
        origin=choices.origin,
        max_models=choices.max_models,
        sample_models=choices.sample_models,
        endpoint=choices.endpoint,
        resume=choices.resume,
        refresh=choices.refresh,
        verified=not choices.unverified,
    )
    raw = crawl.run(request, home, console).folder
    if not contract.is_resumable:
        console.say(f"raw: {raw.name}")
    return raw


def _stages(raw: Path, home: Home, processed: Processed, choices: Choices, console: Console) -> bool:
    """Build, analyse and report; whether any of them had to be done."""
    from analysis.commands import analyse, build, multiverse
    from analysis.questions.multiverse import kept
    from analysis.report.freshness import is_report_current
    from mining.snapshot import SnapshotReader

    manifest = SnapshotReader(raw).manifest
    is_done = build.is_built(raw, processed) and analyse.is_answered(processed, choices.protocol)
    is_done = is_done and (not choices.multiverse or kept.is_computed(processed, choices.protocol))
    if is_done and is_report_current(processed, manifest):
        return False
    from tqdm import tqdm

    from analysis.report import render

    with tqdm(total=3, desc="build", unit="stage", disable=console.quiet, leave=False) as bar:
        account = build.run(raw, home)
        bar.update()
        bar.set_description("analyse")
        answers = analyse.run(processed, choices.protocol)
        curves = multiverse.run(processed, choices.protocol) if choices.multiverse else None
        bar.update()
        bar.set_description("report")
        done = render(processed, manifest)
        bar.update()
    console.say("build: current" if account is None else build.closing(account))
    console.say("analyse: current" if answers is None else f"analyse: {len(answers)} questions answered")
    if choices.multiverse:
        console.say("multiverse: current" if curves is None else f"multiverse: {len(curves.curves)} claims analysed")
    console.say("report: current" if done.skipped else f"report: {done.figures} figures, {done.tables} tables")
    return account is not None or answers is not None or curves is not None or not done.skipped
