"""``hf-carbon list``: the snapshots of a data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.options import format_option, out_option
from mining.paths import Home

COLUMNS = ("name", "source", "plan", "date", "models_count", "reporters_count", "size_bytes", "state")


@click.command("list")
@format_option
@out_option
def command(form: str, out: Path) -> None:
    """List the snapshots of the data folder: name, source, plan, date, models, reporters, bytes, how far each has come.

    Reporters are models that report training emissions in metadata or card; they are counted once a snapshot is built.
    """
    from analysis.history.tables import table
    from analysis.report.typeset import csv_text

    home = Home(out)
    rows = [_row(folder, home) for folder in home.snapshots()]
    if form == "json":
        import json

        click.echo(json.dumps(rows, indent=1))
    elif form == "csv":
        cells = [tuple(row[name] for name in COLUMNS) for row in rows]
        click.echo(csv_text(table("list", "Snapshots", COLUMNS, cells)).decode(), nl=False)
    elif not rows:
        click.echo(f"No snapshots in {out}. The first: hf-carbon study")
    else:
        _print(rows)


def _row(folder: Path, home: Home) -> dict[str, Any]:
    """What is known of one snapshot."""
    from mining.errors import SnapshotDamagedError
    from mining.snapshot.manifest import load_manifest
    from mining.snapshot.shelf import finished_at

    row: dict[str, Any] = {**dict.fromkeys(COLUMNS), "name": folder.name}
    try:
        manifest = load_manifest(folder)
    except SnapshotDamagedError:
        return row | {"state": "damaged"}
    processed = home.processed_of(folder)
    done = finished_at(folder)
    detail = manifest.plan.get("detail") or {}
    date = detail.get("date") or detail.get("dump_date") or (f"{done:%Y-%m-%d}" if done else None)
    models, reporters = _counts(processed.table("models"))
    state = "report" if processed.report.is_file() else "analysed" if processed.results.is_dir() else "built"
    return row | {
        "source": manifest.source,
        "plan": _plan(manifest.plan),
        "date": date,
        "models_count": models if models is not None else manifest.counts.get("model"),
        "reporters_count": reporters,
        "size_bytes": sum(s.size_bytes for s in manifest.shards) + sum(f.size_bytes for f in manifest.files),
        "state": manifest.status if manifest.status == "partial" or models is None else state,
    }


def _plan(plan: dict[str, Any]) -> str:
    """A plan in the words of the command line."""
    frame = plan.get("frame", "census")
    return f"{frame}, cards {'+'.join(plan.get('cards') or ()) or 'none'}"


def _counts(models: Path) -> tuple[int | None, int | None]:
    """Models and reporters of a built snapshot."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(models, columns=["emissions_gco2e", "emissions_metadata_value"])
    except (OSError, pa.ArrowException):
        return None, None
    return found.num_rows, int(pc.sum(pc.or_(*(pc.is_valid(column) for column in found.columns))).as_py() or 0)


def _print(rows: list[dict[str, Any]]) -> None:
    """The table for the terminal."""
    heads = ("name", "source", "plan", "date", "models", "reporters", "size", "state")
    cells = [[_cell(row[name], name) for name in COLUMNS] for row in rows]
    widths = [max(len(head), *(len(row[place]) for row in cells)) for place, head in enumerate(heads)]
    for line in (heads, *cells):
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any, name: str) -> str:
    if value is None:
        return "-"
    if name == "size_bytes":
        return f"{value / 1e9:.1f} GB" if value >= 1e9 else f"{value / 1e6:.1f} MB"
    return f"{value:,}" if isinstance(value, int) else str(value)
