"""``hf-carbon analyse``: the research questions, answered on built tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import Console, again_option, on_snapshot, processed_of, protocol_option
from mining.escaping import escaped

if TYPE_CHECKING:
    from analysis.results import Answer, Table
    from mining.paths import Processed

STAGE = "analyse"


@click.command("analyse")
@on_snapshot
@protocol_option
@again_option
def command(snapshot: str, out: Path, protocol: Path | None, refresh: bool, quiet: bool) -> None:
    """Answer the research questions on the built SNAPSHOT, as published and repaired, and print the results folder.

    Writes results/RQ*.json (estimates with 95 % intervals, effect sizes, n, p and corrected p, the effect of every
    repair, a generated conclusion) and every result table as Parquet. Emissions in g CO2eq, sizes in bytes. Skipped
    when nothing changed since.
    """
    processed = processed_of(snapshot, out)
    answers = run(processed, protocol, refresh=refresh)
    tell = Console(quiet)
    if answers is None:
        tell.say("analyse: current, nothing to do")
    else:
        for answer in answers:
            tell.say(f"{answer.question} {answer.status}: {_closing(answer)}")
    click.echo(escaped(str(processed.results)))


def run(processed: Processed, protocol: Path | None = None, *, refresh: bool = False) -> list[Answer] | None:
    """Answer all questions unless their results are current.

    Args:
        processed: Folders of the snapshot.
        protocol: Another protocol than the one that ships.
        refresh: Answer also where the results are current.

    Returns:
        The answers; None where the results are current.
    """
    if not refresh and is_answered(processed, protocol):
        return None
    from analysis.questions import answer_all
    from analysis.questions.protocol import load, read
    from analysis.questions.tables import Tables
    from mining.lock import FolderLock

    tables = Tables(processed)
    try:
        inputs = _inputs(processed, protocol)
        chosen = load() if protocol is None else read(protocol)
        with FolderLock(processed.folder, "build, analysis or report"):
            answers = answer_all(tables, chosen)
            _keep(processed, answers, inputs)
    finally:
        tables.close()
    return answers


def _keep(processed: Processed, answers: list[Answer], inputs: dict[str, Any]) -> None:
    """Write the results, and remove those of earlier runs that are none any more."""
    from mining.files import remove_unfinished
    from mining.freshness import mark_current

    remove_unfinished(processed.results)
    written = [path for answer in answers for path in write(processed, answer)]
    for old in sorted({*processed.results.glob("RQ*.json"), *processed.results.glob("*.parquet")} - set(written)):
        old.unlink()
    mark_current(processed.folder, STAGE, inputs, written)


def is_answered(processed: Processed, protocol: Path | None = None) -> bool:
    """Whether the results are current; asked before anything that computes is imported."""
    from mining.freshness import is_current

    if not processed.provenance.is_file() or not is_current(processed.folder, STAGE, _inputs(processed, protocol)):
        return False
    return _tables_are_whole(processed)


def _tables_are_whole(processed: Processed) -> bool:
    """Whether the tables are those that the provenance names; what is not so is refused where they are opened."""
    from mining.files import file_sha256

    try:
        tables = json.loads(processed.provenance.read_text(encoding="utf-8"))["tables"]
        return all(file_sha256(processed.table(name)) == entry["sha256"] for name, entry in tables.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _inputs(processed: Processed, protocol: Path | None = None) -> dict[str, str]:
    from analysis.questions.protocol import protocol_hash
    from mining.files import file_sha256

    return {"provenance": file_sha256(processed.provenance), "protocol": protocol_hash(protocol)}


def write(processed: Processed, answer: Answer) -> list[Path]:
    """Write one answer as JSON and each of its tables as Parquet, each beside its place and then renamed.

    Args:
        processed: Folders of the snapshot.
        answer: The answer.

    Returns:
        The files.
    """
    import msgspec

    from mining.files import write_bytes

    path = processed.results / f"{answer.question}.json"
    write_bytes(path, msgspec.json.format(msgspec.json.encode(answer), indent=1) + b"\n")
    paths = [path]
    for table in answer.tables:
        paths.append(processed.results / f"{table.id}.parquet")
        write_bytes(paths[-1], parquet(table))
    return paths


def parquet(table: Table) -> bytes:
    """A result table as Parquet, title and units as metadata; a column of mixed kinds becomes text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [_column([row[place] for row in table.rows]) for place in range(len(table.columns))]
    fields = [
        pa.field(
            column.name, values.type, metadata={"title": column.title, **({"unit": column.unit} if column.unit else {})}
        )
        for column, values in zip(table.columns, columns, strict=True)
    ]
    schema = pa.schema(fields, metadata={"id": table.id, "title": table.title, "note": table.note})
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), sink, compression="zstd")
    body: bytes = sink.getvalue().to_pybytes()
    return body


def _column(values: list[Any]) -> Any:
    """An Arrow array of one column."""
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and float in kinds:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if len(kinds) > 1:
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array(values, pa.string()) if not kinds else pa.array(values)


def _closing(answer: Answer) -> str:
    """What is said of an answer in one line."""
    return answer.conclusion.sentence if answer.conclusion else answer.reason or ""
