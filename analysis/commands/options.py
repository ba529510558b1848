"""Options that several commands share, and how a finished command speaks."""

from __future__ import annotations

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


def out_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--out``: the data folder; its value is written nowhere."""
    return click.option(
        "--out",
        "out",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        show_default=True,
        help="Data folder to work in.",
    )(function)


def quiet_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--quiet``: no progress and no closing words on standard error."""
    return click.option("--quiet", is_flag=True, help="No progress, no closing words.")(function)


def snapshot_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """SNAPSHOT: a folder, or the name of one under the data folder's ``raw``."""
    return click.argument("snapshot", metavar="SNAPSHOT")(function)


def home_of(out: Path) -> Home:
    """The data folder a command works in."""
    return Home(out)


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

    Args:
        items: What is worked on.
        words: What the bar is called.
        total: How many there will be; without it the bar shows the rate alone.
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


def protocol_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--protocol``: another protocol than the one that ships."""
    return click.option(
        "--protocol",
        "protocol",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Protocol to follow instead of the one that ships: thresholds, exclusions, repairs, families, grids.",
    )(function)
