"""``hf-carbon replicate``: the published numbers beside recomputed ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import Console, quiet_option

if TYPE_CHECKING:
    from analysis.published.replicate import Replication


@click.command()
@click.option(
    "--from", "origin", metavar="PATH_OR_URL", help="Folder or base address of the published files, plain or gzipped."
)
@click.option("--unverified", is_flag=True, help="Accept files that are not the published ones (SHA-256 differs).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@quiet_option
def command(origin: str | None, unverified: bool, as_json: bool, quiet: bool) -> None:
    """Compare the published numbers of the 2023 study with recomputed ones.

    Every number that public data can carry is computed and compared at every printed digit; what cannot be checked is
    listed with the reason. Emissions in g CO2eq. Exit code 1 when a number differs.
    """
    from mining.errors import CheckFailedError

    found = _replication(origin, verified=not unverified)
    click.echo(_json(found) if as_json else "\n".join(_lines(found)))
    tally = ", ".join(f"{count} {verdict}" for verdict, count in found.tally.items())
    Console(quiet).say(
        f"{len(found.numbers)} published numbers: {tally}; {len(found.unavailable)} cannot be checked with public data"
    )
    if not found.holds:
        wrong = [number.id for number in found.numbers if number.verdict != "equal"]
        raise CheckFailedError(f"{len(wrong)} of {len(found.numbers)} numbers differ, first {wrong[0]}")


def _replication(origin: str | None, *, verified: bool) -> Replication:
    """Fetch the files into a passing folder, recompute, compare."""
    from analysis.published.replicate import run
    from mining.paths import Home
    from mining.snapshot import SnapshotReader
    from mining.sources import published

    with tempfile.TemporaryDirectory(prefix="hf-carbon-") as folder:
        reader = SnapshotReader(published.fetch(Home(Path(folder)), origin, verified=verified))
        return run(published.read_tables(reader), reader.file("tags_metadata.yaml"))


def _json(found: Replication) -> str:
    """One JSON object: numbers, what is unavailable, tally."""
    import msgspec

    content = {
        "schema": "hf-carbon/replication/2",
        "holds": found.holds,
        "tally": found.tally,
        "numbers": found.numbers,
        "unavailable": found.unavailable,
    }
    return msgspec.json.format(msgspec.json.encode(content)).decode()


def _lines(found: Replication) -> Iterable[str]:
    """A table for the eye, then what cannot be checked."""
    rows = [("id", "published", "recomputed", "difference", "verdict")]
    for number in found.numbers:
        difference = "" if number.difference is None else f"{number.difference:+.3g}"
        cells = (_short(number.published), _short(number.recomputed), difference, number.verdict)
        rows.append((number.id, *cells))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    yield "Cannot be checked:"
    for missing in found.unavailable:
        yield f"  {missing.id}  {missing.value} ({missing.where}): {missing.reason}"
    notes = [f"  {number.id}: {number.note}" for number in found.numbers if number.note]
    yield from ("", "Notes:", *notes)


def _short(value: Any) -> str:
    """A value in one narrow cell."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        return _clipped(", ".join(f"{key} {_short(part)}" for key, part in sorted(value.items())))
    if isinstance(value, (list, tuple)):
        return _clipped(" ".join(_short(part) for part in value))
    return str(value)


def _clipped(text: str, width: int = 38) -> str:
    """Text of at most a width."""
    return text if len(text) <= width else text[: width - 1] + "…"
