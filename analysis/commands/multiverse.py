"""``hf-carbon multiverse``: every defensible analysis of each claim, with joint tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import (
    Console,
    again_option,
    on_snapshot,
    processed_of,
    progress_bar,
    protocol_option,
)
from mining.escaping import escaped

if TYPE_CHECKING:
    from analysis.questions.multiverse.curves import MultiverseResult
    from analysis.results import Table
    from mining.paths import Processed


@click.command("multiverse")
@on_snapshot
@protocol_option
@again_option
def command(snapshot: str, out: Path, protocol: Path | None, refresh: bool, quiet: bool) -> None:
    """Run every defensible analysis of each claim on the built SNAPSHOT, and print the folder of the results.

    The choices (unit, exclusions, cohort, scale, estimator, clusters, month, window) are declared in the protocol.
    Writes results/multiverse/: one CSV and Parquet file a table and multiverse.json with the hash of the grid. Values
    on the common scale of each claim: a correlation, Cliff's delta, or a difference of logarithms. Skipped when nothing
    changed since.
    """
    from analysis.questions.multiverse.kept import folder_of

    processed = processed_of(snapshot, out)
    found = run(processed, protocol, refresh=refresh, progress=progress_bar(quiet=quiet))
    tell = Console(quiet)
    if found is None:
        tell.say("multiverse: current, nothing to do")
    else:
        for curve in found.curves:
            tell.say(f"{curve.question} {curve.sentence}")
    click.echo(escaped(str(folder_of(processed))))


def run(
    processed: Processed,
    protocol: Path | None = None,
    *,
    refresh: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> MultiverseResult | None:
    """Compute the multiverse unless it is current.

    Args:
        processed: Folders of the snapshot.
        protocol: Another protocol than the one that ships.
        refresh: Compute also where the result is current.
        progress: Told the step, the claims done so far and how many there are.

    Returns:
        The curves; None where they are current.
    """
    from analysis.questions.multiverse.kept import is_computed

    if not refresh and is_computed(processed, protocol):
        return None
    from analysis.questions.multiverse import curves, kept
    from analysis.questions.protocol import load, read
    from analysis.questions.study_data import StudyData
    from analysis.questions.tables import Tables
    from mining.lock import FolderLock

    with Tables(processed) as tables:
        inputs = kept.inputs_of(processed, protocol)
        chosen = load() if protocol is None else read(protocol)
        with FolderLock(processed.folder, "build, analysis or report"):
            found = curves.run(StudyData(tables), chosen, inputs["grid"], progress)
            _keep(processed, found, inputs)
    return found


def _keep(processed: Processed, found: MultiverseResult, inputs: dict[str, Any]) -> None:
    """Write the curves: numbers as JSON, every table as CSV and Parquet."""
    import msgspec

    from analysis.commands.analyse import parquet
    from analysis.questions.multiverse.kept import NAME, STAGE, folder_of
    from mining.files import write_bytes
    from mining.freshness import mark_current

    folder = folder_of(processed)
    folder.mkdir(parents=True, exist_ok=True)
    bare = msgspec.structs.replace(
        found, curves=tuple(msgspec.structs.replace(curve, tables=()) for curve in found.curves)
    )
    written = [folder / NAME]
    write_bytes(written[0], msgspec.json.format(msgspec.json.encode(bare), indent=1) + b"\n")
    for table in (found.summary, *(table for curve in found.curves for table in curve.tables)):
        written += [folder / f"{table.id}.parquet", folder / f"{table.id}.csv"]
        write_bytes(written[-2], parquet(table))
        write_bytes(written[-1], csv_of(table))
    mark_current(processed.folder, STAGE, inputs, written)


def csv_of(table: Table) -> bytes:
    """A table as CSV at full precision; a missing number is an empty cell."""
    import csv
    import io

    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([["" if value is None else value for value in row] for row in table.rows])
    return sink.getvalue().encode()
