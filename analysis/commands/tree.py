"""``hf-carbon tree``: ancestors and descendants of a model in a snapshot, with their cumulative footprint."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.commands.options import out_option, processed_of

COLUMNS = "model_id, base_models, base_relation, emissions_gco2e, emissions_flags, downloads_count"
RELATED = "len(base_models) > 0 OR model_id = ? OR model_id IN (SELECT unnest(base_models) FROM models)"
"""Most models have no relative: only those of some family are read."""
ALIKE = """
SELECT model_id FROM (SELECT model_id, jaro_winkler_similarity(lower(model_id), lower(?)) AS likeness FROM models)
WHERE likeness > 0.85 ORDER BY likeness DESC, model_id LIMIT 3
"""


@click.command()
@click.argument("model", metavar="ORG/MODEL")
@click.option("--snapshot", metavar="S", default="latest", help="Built snapshot to look in; the newest unless given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@out_option
def command(model: str, snapshot: str, as_json: bool, out: Path) -> None:
    """Show the family of a model: base models, what was made of it, cumulative emissions (g CO2 equivalent).

    Each training counts once. An ancestor that reports nothing, or is in no snapshot, stays unknown: the sum is a
    lower bound and says so. Only reported emissions are summed, never estimates.
    """
    import msgspec

    from analysis.classify.targets import repository_of
    from analysis.estimates.family import family_of, in_words
    from analysis.questions.tables import Tables
    from mining.errors import GoneError
    from mining.escaping import escaped

    processed, model = processed_of(snapshot, out), repository_of(model)
    sql = f"SELECT {COLUMNS} FROM models WHERE {RELATED} ORDER BY model_key"  # noqa: S608 - texts of our own only
    with Tables(processed) as tables:
        family = family_of(model, tables.query(sql, [model]).to_dict("records"))
        alike = tables.query(ALIKE, [model])["model_id"].tolist() if family is None else []
    if family is None:
        near = f"; nearest: {', '.join(alike)}" if alike else ""
        raise GoneError(f"no model '{model}' in snapshot '{processed.folder.name}'{near}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(family), indent=1).decode())
    else:
        click.echo("\n".join(escaped(line) for line in in_words(family)))
