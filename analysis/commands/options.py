"""Options that several commands share, and how a finished command speaks."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mining.paths import Home

SOURCES = ("sample", "published", "hub", "dump", "cards")


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


class Teller:
    """Says on standard error what a command did; silent with ``--quiet``."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    def say(self, words: str) -> None:
        """One line on standard error."""
        if not self.quiet:
            click.echo(words, err=True)


def protocol_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--protocol``: another protocol than the one that ships."""
    return click.option(
        "--protocol",
        "protocol",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Protocol to follow instead of the one that ships: thresholds, exclusions, repairs, families, grids.",
    )(function)
