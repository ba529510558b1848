"""``hf-carbon explain``: what every printed word means; for a probe also how it is judged and what to do."""

from __future__ import annotations

import click

from analysis.classify import explain
from mining.errors import UsageError


@click.command()
@click.argument("name", metavar="WORD", required=False)
@click.option("--list", "listing", is_flag=True, help="List every name that can be explained.")
def command(name: str | None, listing: bool) -> None:
    """Explain a WORD that is printed: a probe, level, rule, flag, scope, class, or a field of a table.

    Fields carry their unit as the last word: gco2e is grams of CO2 equivalent, kwh kilowatt hours, h hours, w watts.
    """
    if listing:
        click.echo("\n".join([*explain.names(), *_repairs()]))
    elif name is None:
        raise UsageError("say what to explain, or --list")
    else:
        click.echo(_repairs().get(name) or explain.explain(name))


def _repairs() -> dict[str, str]:
    """Repairs of the study's recipe, by their ids."""
    from analysis.questions import protocol

    return {repair.id: f"{repair.id} (repair): {repair.meaning}" for repair in protocol.load().repairs}
