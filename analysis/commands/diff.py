"""``hf-carbon diff A B``: what changed between two snapshots, or two dates of an archive."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands.options import FILE, format_option, out_option
from mining.escaping import escaped
from mining.paths import Home

if TYPE_CHECKING:
    from analysis.history.differences import Differences

SHOWN = 10


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@format_option
@click.option("--html", type=FILE, help="Also write the differences as a page.")
@out_option
def command(first: str, second: str, form: str, html: Path | None, out: Path) -> None:
    """Say what changed from A to B: models that entered or left, reports that began, stopped or changed, with evidence.

    A and B are built snapshots (a name, the beginning of one, `latest`, or a folder), or files of an archive
    (models/2026-09-30/models.parquet). Amounts are as the metadata hold them; a number without a unit is in grams by
    the Hub.
    """
    from analysis.history.differences import differences
    from analysis.report.typeset import csv_text
    from mining.files import write_text

    with tempfile.TemporaryDirectory(prefix="hf-carbon-") as work:
        home = Home(out)
        found = differences(_observed(first, home, Path(work) / "a"), _observed(second, home, Path(work) / "b"))
    if html is not None:
        from analysis.history.page import diff_page

        write_text(html, diff_page(found))
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
    elif form == "csv":
        click.echo(csv_text(found.as_table()).decode(), nl=False)
    else:
        _print(found)


def _observed(target: str, home: Home, folder: Path) -> tuple[str, Path]:
    """Name and folder of one side."""
    from mining.archive.built import observe_built
    from mining.archive.dates import FILE
    from mining.archive.observe import observe

    path = Path(target)
    file = path / FILE if (path / FILE).is_file() and not (path / "manifest.json").is_file() else path
    if file.is_file():
        name = file.parent.name if file.name == FILE else file.name
        observe(file, name, folder)
        return name, folder
    raw = home.find(target)
    observe_built(home.processed_of(raw), raw.name, folder)
    return raw.name, folder


def _print(found: Differences) -> None:
    """The counts, and the first differences of each kind."""
    click.echo(
        f"{found.first} → {found.second}: {found.models[0]:,} → {found.models[1]:,} models, "
        f"{found.reporters[0]:,} → {found.reporters[1]:,} of them report"
    )
    for kind, count in found.counts.items():
        if not count:
            continue
        click.echo(f"\n{count:,} {kind}")
        rows = [row for row in found.rows if row.change == kind]
        for row in rows[:SHOWN]:
            values = f": {row.before or '(nothing)'} → {row.after or '(nothing)'}" if row.before or row.after else ""
            click.echo(escaped(f"  {row.model_id}{values}"[:300]))
        if count > SHOWN:
            click.echo(f"  … and {count - SHOWN:,} more; --format csv lists all")
    click.echo(f"\n{found.note}")
