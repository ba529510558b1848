"""``hf-carbon verify``: prove that a raw snapshot is whole."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.commands.options import home_of, out_option, quiet_option, snapshot_argument
from mining.escaping import escaped


@click.command("verify")
@snapshot_argument
@out_option
@quiet_option
def command(snapshot: str, out: Path, quiet: bool) -> None:
    """Check the raw snapshot SNAPSHOT: SHA-256 of every file, manifest, counts, closed journal.

    SNAPSHOT is a folder, or the name of one under the data folder's raw/. Answers 0 where it is whole and 4 where it is
    damaged, naming the file that is truncated, altered, foreign or missing.
    """
    from mining.snapshot import SnapshotReader

    folder = home_of(out).find(snapshot)
    reader = SnapshotReader(folder)
    reader.verify()
    manifest = reader.manifest
    counts = ", ".join(f"{count:,} {kind}" for kind, count in manifest.counts.items()) or "no records"
    click.echo(
        f"{escaped(folder.name)}: whole · {manifest.source} · {counts} · {len(manifest.files):,} files · content "
        f"{manifest.digest[:16]}"
    )
    if not quiet:
        for note in manifest.notes:
            click.echo(f"note: {note}", err=True)
