"""``hf-carbon publish``: a built snapshot as a data set on the Hub, or as a folder for an archive."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import click

from analysis.commands.options import FOLDER, Console, endpoint_option, on_snapshot, processed_of, progress_bar
from mining.errors import UsageError

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\Z")


@click.command(name="publish")
@on_snapshot
@click.option("--repo", "repository", required=True, metavar="OWNER/NAME", help="Data set on the Hub.")
@click.option("--dry-run", is_flag=True, help="Write nothing but the list of files that would be sent.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@click.option("--folder", type=FOLDER, help="Write the folder here (for Zenodo); it is sent only with --yes.")
@click.option("--with-quotes", is_flag=True, help="Keep the words of cards that state a quantity.")
@endpoint_option
def command(
    snapshot: str,
    repository: str,
    dry_run: bool,
    yes: bool,
    folder: Path | None,
    with_quotes: bool,
    endpoint: str | None,
    out: Path,
    quiet: bool,
) -> None:
    """Publish a built SNAPSHOT as a data set: Parquet, dictionary, card, Croissant, checksums, citation.

    Quotes of model cards are left out unless --with-quotes. Needs a token with write access to send (`hf auth login`).
    """
    from analysis.publishing.folder import write_folder
    from mining.hub.publishing import DatasetHome

    if not _REPOSITORY.match(repository) or ".." in repository or "--" in repository:
        raise UsageError(f"not the name of a data set: '{repository}' (owner/name)")
    processed = processed_of(snapshot, out)
    is_sent = not dry_run and (yes or folder is None)
    place = DatasetHome(repository, endpoint) if is_sent else None
    with tempfile.TemporaryDirectory(prefix="hf-carbon-") as name:
        target = folder if folder is not None and not dry_run else Path(name) / "dataset"
        written = write_folder(
            processed, target, repository, with_quotes=with_quotes, progress=progress_bar(quiet=quiet)
        )
        tell = Console(quiet)
        for file, size in written.files:
            tell.say(f"publish: {size:>12,} B  {file}")
        if place is None:
            click.echo(str(folder) if folder is not None and not dry_run else f"{repository}: nothing was sent")
            return
        if not yes:
            _ask(repository, len(written.files), is_there=place.exists())
        click.echo(place.upload(target, f"Snapshot {processed.folder.name}, {written.models:,} models"))


def _ask(repository: str, files: int, *, is_there: bool) -> None:
    """Ask before anything is sent.

    Raises:
        UsageError: The user declined, or nobody was there to ask.
    """
    what = (
        f"exists; {files} files in it would be replaced or added"
        if is_there
        else f"would be made public, {files} files"
    )
    try:
        agreed = click.confirm(f"{repository} {what}. Send?", err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        raise UsageError("nothing was sent; confirm, or give --yes")
