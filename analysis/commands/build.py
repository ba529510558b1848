"""``hf-carbon build``: typed tables out of a raw snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands.options import FILE, Console, again_option, on_snapshot, progress_bar
from mining.errors import CouldNotLookError, UsageError
from mining.escaping import escaped
from mining.paths import Home, Processed

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from mining.build.run import Account, Progress

STAGE = "build"
CORRECTIONS = "corrections.csv"


@click.command("build")
@on_snapshot
@click.option(
    "--scheduler", metavar="tcp://HOST:PORT", help="Work on a Dask cluster that sees the same disk (extra `cluster`)."
)
@click.option("--csv", is_flag=True, help="Also write the tables as CSV with a Frictionless descriptor, into csv/.")
@click.option("--no-card-text", is_flag=True, help="Leave the words quoted from cards out of the CSV files.")
@click.option(
    "--corrections",
    type=FILE,
    help="Apply corrections by hand (CSV: model, field, value, reason, source). Kept beside the tables; delete it "
    "there to undo.",
)
@again_option
def command(
    *,
    snapshot: str,
    out: Path,
    scheduler: str | None,
    csv: bool,
    no_card_text: bool,
    corrections: Path | None,
    refresh: bool,
    quiet: bool,
) -> None:
    """Turn the raw snapshot SNAPSHOT into processed tables and print their folder.

    Writes models, claims, metrics, rejects and lineage as Parquet, provenance.json with the row account, and
    dictionary.md, which names the unit of every column (emissions in g CO2eq, energy in kWh, durations in h, sizes in
    bytes). Kill it at any moment and call it again: it continues where it stopped and gives the same bytes. Skipped
    when nothing changed since.
    """
    home = Home(out)
    raw = home.find(snapshot)
    processed = home.processed_of(raw)
    tell = Console(quiet)
    if corrections is not None:
        _keep_corrections(corrections, processed)
    with executor_of(scheduler) as executor:
        account = run(raw, home, executor=executor, refresh=refresh, progress=progress_bar(quiet=quiet))
    tell.say("build: current, nothing to do" if account is None else closing(account))
    if csv:
        from mining.exports import export

        export(processed, processed.folder / "csv", with_card_text=not no_card_text)
    click.echo(escaped(str(processed.folder)))


def run(
    raw: Path, home: Home, *, executor: Executor | None = None, refresh: bool = False, progress: Progress | None = None
) -> Account | None:
    """Build a snapshot unless its tables are current.

    Args:
        raw: Folder of the raw snapshot.
        home: Data folder.
        executor: Where the work is done; processes of this machine by default.
        refresh: Build also where the tables are current.
        progress: Called with step, done, all.

    Returns:
        The row account; None where the tables are current.
    """
    processed = home.processed_of(raw)
    if not refresh and is_built(raw, processed):
        return None
    from mining.build.run import build
    from mining.corrections import read_corrections
    from mining.freshness import mark_current

    inputs = _inputs(raw, processed)
    kept = processed.folder / CORRECTIONS
    corrections = read_corrections(kept) if kept.is_file() else None
    account = build(raw, processed, executor=executor, progress=progress, corrections=corrections)
    mark_current(processed.folder, STAGE, inputs, written(processed, account))
    return account


def is_built(raw: Path, processed: Processed) -> bool:
    """Whether the tables are current; asked before anything that computes is imported."""
    from mining.freshness import is_current

    return is_current(processed.folder, STAGE, _inputs(raw, processed))


def _keep_corrections(path: Path, processed: Processed) -> None:
    """Check corrections and keep them beside the tables, so that every later build applies them too."""
    from mining.corrections import read_corrections
    from mining.files import write_bytes

    read_corrections(path)
    write_bytes(processed.folder / CORRECTIONS, path.read_bytes())


def _inputs(raw: Path, processed: Processed) -> dict[str, str]:
    from mining.files import file_sha256
    from mining.snapshot import SnapshotReader

    kept = processed.folder / CORRECTIONS
    corrections = {"corrections": file_sha256(kept)} if kept.is_file() else {}
    return {"snapshot": SnapshotReader(raw).manifest.digest, **corrections}


def written(processed: Processed, account: Account) -> list[Path]:
    """Files that a build has written."""
    return [*(processed.table(name) for name in account.rows), processed.dictionary, processed.provenance]


@contextmanager
def executor_of(scheduler: str | None) -> Iterator[Executor | None]:
    """The executor of an existing Dask cluster, or None for this machine."""
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--scheduler needs the extra `cluster`: pip install 'hf-carbon[cluster]'") from error
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise CouldNotLookError(f"no Dask scheduler answers at {scheduler}") from error
    with client:
        yield client.get_executor()


def closing(account: Account) -> str:
    """One line on what was built."""
    rejected = sum(account.models_rejected.values())
    found = ", ".join(f"{count:,} {kind}" for kind, count in account.lineage.items()) or "none"
    return (
        f"build: {account.models_in:,} models in, {account.models_kept:,} kept, {rejected:,} rejected · "
        f"{account.rows.get('claims', 0):,} claims · not their own measurement: {found}"
    )
