"""``hf-carbon explore``: a whole snapshot in one offline page."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.commands.options import FILE, Console, on_snapshot, processed_of, progress_bar


@click.command(name="explore")
@on_snapshot
@click.option("--file", type=FILE, help="Write the page here instead of explorer.html in the processed folder.")
@click.option(
    "--names",
    type=click.IntRange(min=0),
    default=200_000,
    show_default=True,
    help="Models listed by name: all that state something, then the most downloaded. All models are counted.",
)
def command(snapshot: str, out: Path, file: Path | None, names: int, quiet: bool) -> None:
    """Write one HTML page to search, filter and count the models of a built SNAPSHOT.

    The page opens from a file, asks nothing of the network, and counts exactly. Emissions are in grams of CO2
    equivalent, scaled with their unit where they are shown.
    """
    from analysis.explorer.packing import pack
    from analysis.explorer.page import page
    from mining.files import write_text

    processed = processed_of(snapshot, out)
    packed = pack(processed, names, progress_bar(quiet=quiet))
    target = file or processed.folder / "explorer.html"
    text = page(packed, snapshot=processed.folder.name, source=packed.source, digest=packed.digest)
    write_text(target, text)
    Console(quiet).say(f"explore: {packed.models:,} models counted, {packed.named:,} by name, {len(text) / 1e6:.1f} MB")
    click.echo(str(target))
