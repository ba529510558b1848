"""``hf-carbon crawl``: fetch a raw snapshot from a source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import SEED, Console, FiniteRange, source_options
from mining.errors import HfCarbonError, UsageError
from mining.escaping import escaped
from mining.paths import Home
from mining.source_contracts import SOURCE_NAMES, source_of

if TYPE_CHECKING:
    from mining.crawl import Acquired, CrawlRequest


@click.command("crawl")
@click.option(
    "--source", type=click.Choice(SOURCE_NAMES), default="hub", show_default=True, help="Where to fetch from."
)
@click.option(
    "--plan", default="census", show_default=True, help="census, reporters, author:NAME, ids:FILE or since:SNAPSHOT."
)
@click.option("--cards", help="Cards to fetch: reporters, flagged, sample:N, all, none, or several joined by commas.")
@click.option(
    "--dump", type=click.Choice(["daily", "weekly"]), default="daily", show_default=True, help="Which public dump."
)
@click.option("--date", help="One date of the weekly archive, YYYY-MM-DD.")
@click.option("--dates", metavar="FROM..TO", help="Dates of the weekly archive, for instance 2024-07..2026-09.")
@click.option("--every", type=click.Choice(["week", "month"]), help="One date of each week or month.")
@click.option(
    "--raw", type=click.Choice(["whole", "columns"]), default="whole", show_default=True,
    help="Whole files of the weekly archive, or only the columns that a history needs.",
)  # fmt: skip
@click.option("--seed", type=SEED, default=0, show_default=True, help="Seed of the drawn card sample.")
@click.option("--dry-run", is_flag=True, help="Only say what the plan asks and how long it takes, in seconds per tier.")
@click.option(
    "--latency", type=FiniteRange(min=0), default=1.0, show_default=True, help="Seconds an answer takes, for --dry-run."
)
@source_options
def command(out: Path, quiet: bool, dry_run: bool, latency: float, **asked: Any) -> None:
    """Fetch a raw snapshot into the data folder's raw/ and print its folder.

    Kill it at any moment and call it again with --resume: every model that exists throughout is kept, once. A complete
    snapshot of the same plan is reused. A token (HF_TOKEN or `hf auth login`) doubles the rate limit; it is sent to the
    Hub only and written nowhere.
    """
    home = Home(out)
    weekly = {name: asked.pop(name) for name in ("dump", "date", "dates", "every", "raw")}
    if weekly.pop("dump") == "weekly":
        _crawl_archive(home, Console(quiet), dry_run, asked, weekly)
        return
    if any(weekly[name] for name in ("date", "dates", "every")):
        raise UsageError("--date, --dates and --every are for --source dump --dump weekly")
    if dry_run and not source_of(asked["source"]).is_crawled:
        raise UsageError("--dry-run is for the sources hub and sample; the others ask for whole files")
    request = make_request(home, **asked)
    if dry_run:
        _tell_cost(request, latency)
        return
    click.echo(escaped(str(run(request, home, Console(quiet)).folder)))


def _crawl_archive(home: Home, console: Console, dry_run: bool, asked: dict[str, Any], weekly: dict[str, Any]) -> None:
    """Fetch dates of the weekly archive, each a snapshot of its own; a date that fails costs only itself."""
    from analysis.questions.protocol import protocol_hash
    from mining.archive.fetch import ArchiveRequest, chosen, fetch, projected

    if asked["source"] != "dump":
        raise UsageError("--dump weekly is for --source dump")
    day = weekly.pop("date")
    request = ArchiveRequest(
        origin=asked["origin"] or asked["endpoint"],
        dates=weekly["dates"] or day,
        every=weekly["every"],
        raw=weekly["raw"],
        refresh=asked["refresh"],
        protocol_hash=protocol_hash(),
    )
    if dry_run:
        for line in projected(request):
            click.echo(line)
        return
    files, notes = chosen(request)
    for note in notes:
        console.say(f"{note.date}: {note.note}")
    code = 0
    for one in files:
        try:
            acquired = fetch(one, request, home)
        except HfCarbonError as error:
            click.echo(escaped(f"hf-carbon: {error}"), err=True)
            code = max(code, error.exit_code)
            continue
        console.say(f"{one.label}: {'reused' if acquired.tally is None else 'kept'}")
        click.echo(escaped(str(acquired.folder)))
    if code:
        raise click.exceptions.Exit(code)


def make_request(home: Home, **asked: Any) -> CrawlRequest:
    """What the user asked for; the snapshot behind ``since:`` may be a name under ``raw``.

    Args:
        home: Data folder.
        asked: Fields of :class:`mining.crawl.CrawlRequest`, as the command line gives them.

    Raises:
        UsageError: The words are not understood.
    """
    import msgspec

    from analysis.questions.protocol import protocol_hash
    from mining.crawl import CrawlRequest

    plan = asked.get("plan", "census")
    if plan.startswith("since:"):
        asked["plan"] = f"since:{home.find(plan.removeprefix('since:'))}"
    needed = source_of(asked["source"]).needs_origin
    if needed and asked.get("origin") is None:
        raise UsageError(f"--source {asked['source']} needs --from {needed}")
    return msgspec.convert({**asked, "protocol_hash": protocol_hash()}, CrawlRequest)


def run(request: CrawlRequest, home: Home, console: Console) -> Acquired:
    """Obtain the snapshot; say how old a reused one is, or what the crawl did, or how to go on after a stop."""
    from mining.acquire_snapshot import acquire
    from mining.crawl.progress import Progress

    is_resumable = source_of(request.source).is_resumable
    try:
        acquired = acquire(request, home, progress=Progress(quiet=console.quiet))
    except (HfCarbonError, KeyboardInterrupt) as error:
        if is_resumable and not isinstance(error, UsageError) and _is_partial(request, home):
            console.say("stopped; what was received is kept: continue with the same command and --resume")
        raise
    if not is_resumable:
        return acquired
    if acquired.tally is None:
        from mining.crawl.cost import words

        age = "unknown age" if acquired.age is None else f"{words(max(0.0, acquired.age.total_seconds()))} old"
        console.say(f"reusing {acquired.folder.name} ({age}); --refresh crawls again")
    else:
        for line in acquired.tally.lines():
            console.say(line)
    return acquired


def _is_partial(request: CrawlRequest, home: Home) -> bool:
    """Whether a part of the snapshot lies there."""
    from mining.paths import RAW
    from mining.snapshot.shelf import Shelf

    return Shelf(home.root / RAW).partial(request.read()[0].hash) is not None


def _tell_cost(request: CrawlRequest, latency: float) -> None:
    """Print the dry run."""
    from mining.crawl.cost import estimate, lines

    plan, _ = request.read()
    cost = estimate(
        plan, latency_s=latency, models=request.sample_models if source_of(request.source).is_synthetic else None
    )
    for line in lines(plan, cost, latency):
        click.echo(line)
