"""``hf-carbon config``: what is configured, and from where."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from analysis import settings
from analysis.commands.classify import FORMATS, LEVELS
from analysis.commands.options import FILE


@click.command()
@click.option("--file", type=FILE, help="Read this file instead.")
def command(file: Path | None) -> None:
    """Show what is configured: each setting, its value, and where the value comes from.

    A project is configured in hf-carbon.toml, or under [tool.hf-carbon] in pyproject.toml. Example:

    \b
      fail-below = "stated"
      [[waive]]
      probe = "pue-stated"
      reason = "the cluster's operator does not publish it"
      until = 2027-06-30
    """  # noqa: D301 - click's mark for text that is not wrapped
    path = file or settings.find(Path.cwd())
    held = settings.Settings() if path is None else settings.read(path, levels=LEVELS, formats=FORMATS)
    origin = "built in" if path is None else path.name
    for name, value, usual in (
        ("fail-below", held.fail_below, "none: no gate"),
        ("format", held.format, "text"),
        ("out", held.out, "data"),
    ):
        click.echo(f"{name:<12}{value or usual:<24}{'built in' if value is None else origin}")
    today = datetime.now(UTC).date()
    for waiver in held.waive:
        state = f"until {waiver.until}" if waiver.until >= today else f"ended {waiver.until}"
        click.echo(f"{'waive':<12}{waiver.probe:<24}{state}: {waiver.reason} ({origin})")
    if path is None:
        click.echo(f"No {settings.FILE} and no [tool.{settings.TABLE}] here: everything is built in.", err=True)
