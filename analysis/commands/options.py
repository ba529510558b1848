"""Options that several commands share, and how a finished command speaks."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from mining.paths import Home, Processed

T = TypeVar("T")
SHOWN_AFTER_S = 2.0
"""Seconds of work after which a bar appears."""


class FiniteRange(click.FloatRange):
    """A range of numbers that holds neither nan (which no bound keeps out) nor infinity."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number.

        Raises:
            click.BadParameter: It is none, or outside the range.
        """
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{number} is no finite number.", param, ctx)
        return number


FILE = click.Path(dir_okay=False, path_type=Path)
GIVEN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
SEED = click.IntRange(min=0)
LEAST_ONE = click.IntRange(min=1)

snapshot_argument = click.argument("snapshot", metavar="SNAPSHOT")
out_option = click.option("--out", type=FOLDER, default=Path("data"), show_default=True, help="Data folder to work in.")
snapshots_option = click.option("--out", type=FOLDER, default=Path("data"), help="Data folder that snapshots lie in.")
quiet_option = click.option("--quiet", is_flag=True, help="No progress, no closing words.")
again_option = click.option("--refresh", is_flag=True, help="Do it again even if nothing changed.")
endpoint_option = click.option("--endpoint", metavar="URL", help="Another Hub than huggingface.co (also: HF_ENDPOINT).")
revision_option = click.option("--revision", metavar="R", help="Branch, tag or commit on the Hub.")
format_option = click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
protocol_option = click.option(
    "--protocol",
    type=GIVEN_FILE,
    metavar="FILE",
    help="Protocol to follow instead of the one that ships: thresholds, exclusions, repairs, families, grids.",
)


def stacked(*decorators: Callable[..., Any]) -> Callable[..., Any]:
    """Several decorators as one; the first stands on top."""
    return lambda function: functools.reduce(lambda inner, decorator: decorator(inner), reversed(decorators), function)


on_snapshot = stacked(snapshot_argument, out_option, quiet_option)
"""Head of a command about one snapshot of the data folder."""
source_options = stacked(
    click.option("--from", "origin", metavar="PATH_OR_URL", help="Folder, file or address instead of the public one."),
    click.option("--max-models", type=LEAST_ONE, help="No more models than this, for a first look."),
    click.option(
        "--sample-models", type=click.IntRange(1, 3_000_000), default=5_000, show_default=True,
        help="Size of the synthetic Hub.",
    ),
    endpoint_option,
    click.option("--resume", is_flag=True, help="Continue an unfinished crawl of the same plan."),
    click.option("--refresh", is_flag=True, help="Crawl again even if there is a snapshot of the same plan."),
    out_option,
    quiet_option,
)  # fmt: skip
"""What can be asked of any source."""


def processed_of(snapshot: str, out: Path) -> Processed:
    """The processed folder of the snapshot that a command was given."""
    home = Home(out)
    return home.processed_of(home.find(snapshot))


class Console:
    """Says on standard error what a command did; silent with ``--quiet``."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    def say(self, words: str) -> None:
        """One line on standard error."""
        if not self.quiet:
            click.echo(words, err=True)


def counted(items: Iterable[T], words: str, total: int | None = None) -> Iterator[T]:
    """The items, with a bar and the time left on standard error; nothing where that is no terminal.

    The bar is called ``words``; without a ``total`` it shows the rate alone.
    """
    from tqdm import tqdm

    return iter(tqdm(items, desc=words, total=total, disable=None, leave=False, delay=SHOWN_AFTER_S))


def echo_beside_bar(text: str, *, err: bool = False) -> None:
    """A line printed while a bar of :func:`counted` may stand in the terminal."""
    from tqdm import tqdm

    with tqdm.external_write_mode():
        click.echo(text, err=err)


def progress_bar(*, quiet: bool = False) -> Callable[[str, int, int], None]:
    """A bar a step with the time left, on standard error; nothing where that is no terminal."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def advance(step: str, done: int, total: int) -> None:
        if total and step not in bars:
            bars[step] = tqdm(total=total, desc=step, unit="unit", leave=False, disable=True if quiet else None)
        if step in bars:
            bars[step].update(done - bars[step].n)
            if done >= total:
                bars[step].close()

    return advance
