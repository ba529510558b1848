"""``hf-carbon explain``: what is asked, why, how it is judged, how to mend it."""

from __future__ import annotations

import click

from analysis.classify import explain
from mining.errors import UsageError


@click.command()
@click.argument("name", metavar="PROBE_OR_FIELD", required=False)
@click.option("--list", "listing", is_flag=True, help="List every name that can be explained.")
def command(name: str | None, listing: bool) -> None:
    """Explain a probe, a level, an item of another yardstick, or a field of a table.

    Fields carry their unit as the last word: gco2e is grams of CO2 equivalent, kwh kilowatt hours, h hours, w watts.
    """
    if listing:
        click.echo("\n".join(explain.names()))
    elif name is None:
        raise UsageError("say what to explain, or --list")
    else:
        click.echo(explain.explain(name))
