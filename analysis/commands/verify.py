"""``hf-carbon verify``: prove that a raw snapshot is whole."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.commands.options import on_snapshot
from mining.escaping import escaped
from mining.paths import Home


@click.command("verify")
@on_snapshot
def command(snapshot: str, out: Path, quiet: bool) -> None:
    """Check the raw snapshot SNAPSHOT: SHA-256 of every file, manifest, counts, closed journal.

    SNAPSHOT is a folder, or the name of one under the data folder's raw/. The exit code is 0 if it is
    intact and 4 if it is damaged; a damaged file is named.
    """
    from mining.snapshot import SnapshotReader

    folder = Home(out).find(snapshot)
    reader = SnapshotReader(folder)
    reader.verify()
    manifest = reader.manifest
    counts = ", ".join(f"{count:,} {kind}" for kind, count in manifest.counts.items()) or "no records"
    click.echo(
        f"{escaped(folder.name)}: intact · {manifest.source} · {counts} · {len(manifest.files):,} files · content "
        f"{manifest.digest[:16]}"
    )
    if not quiet:
        for note in manifest.notes:
            click.echo(f"note: {note}", err=True)
