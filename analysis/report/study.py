"""What the report is made from: the answers, the provenance of the tables, and the manifest of the snapshot.

Nothing else is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from analysis.questions.multiverse.kept import read_current
from analysis.questions.protocol import load as load_protocol
from analysis.questions.snapshot_summary import SnapshotSummary, snapshot_summary
from analysis.questions.tables import Tables
from analysis.report.over_dates import HistorySummary, read_history
from analysis.results import RESULTS_SCHEMA, Answer, Result, Table
from mining.errors import DamagedDataError, SchemaMismatchError, UsageError
from mining.paths import Processed
from mining.source_contracts import source_of

QUESTION_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Study:
    """Everything that one report says.

    Attributes:
        snapshot: Name of the snapshot.
        source: Source of the snapshot: sample, published, hub, dump or cards.
        answers: One answer per research question, in their order.
        provenance: What the tables were built from, with the row account.
        manifest: Manifest of the raw snapshot.
        summary: First numbers of the snapshot; None where its tables are not at hand.
        curves: Tables of the multiverse, the summary first; empty where none is current.
        history: The history of the data folder, where there is one of this source.
    """

    snapshot: str
    source: str
    answers: tuple[Answer, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    summary: SnapshotSummary | None = None
    curves: tuple[Table, ...] = ()
    history: HistorySummary | None = None

    @property
    def is_synthetic(self) -> bool:
        """Whether the data was made up by the generator."""
        return source_of(self.source).is_synthetic

    @property
    def is_published(self) -> bool:
        """Whether these are the data of the study, so that its version is as published."""
        return source_of(self.source).has_published_tables

    @property
    def tables(self) -> dict[str, Table]:
        """All result tables by id."""
        return {table.id: table for answer in self.answers for table in answer.tables} | {
            table.id: table for table in self.curves
        }

    def results(self) -> Iterator[Result]:
        """All results in the order of the questions; those of single repair steps are not among them."""
        for answer in self.answers:
            yield from answer.results


def question_order(question: str) -> tuple[int, ...]:
    """Sorting key that puts RQ1.10 after RQ1.9."""
    return tuple(int(part) for part in QUESTION_NUMBER.findall(question))


def load_study(processed: Processed, raw_manifest: Any) -> Study:
    """Read the answers and the provenance of a processed snapshot.

    Args:
        processed: Folders of the snapshot.
        raw_manifest: Manifest of the raw snapshot, as a mapping or a msgspec struct.

    Raises:
        UsageError: The snapshot has not been analysed.
        DamagedDataError: An answer or the provenance cannot be read.
        SchemaMismatchError: An answer was written under another version.
    """
    paths = sorted(processed.results.glob("RQ*.json"))
    if not paths:
        raise UsageError(f"no results for '{processed.folder.name}'; run analyse first")
    answers = [read_answer(path.name, path.read_bytes()) for path in paths]
    manifest: dict[str, Any] = msgspec.to_builtins(raw_manifest)
    provenance = _read_provenance(processed)
    source = str(provenance.get("source") or manifest.get("source") or "hub")
    return Study(
        snapshot=processed.folder.name,
        source=source,
        answers=tuple(sorted(answers, key=lambda answer: question_order(answer.question))),
        provenance=provenance,
        manifest=manifest,
        summary=_summary(processed),
        curves=read_current(processed),
        history=read_history(processed, source),
    )


def _summary(processed: Processed) -> SnapshotSummary | None:
    """First numbers from the processed tables, where they are there."""
    if not processed.table("models").is_file():
        return None
    with Tables(processed) as tables:
        return snapshot_summary(tables, load_protocol())


def read_answer(name: str, body: bytes) -> Answer:
    """One answer from its file.

    Raises:
        DamagedDataError: The file is not an answer.
        SchemaMismatchError: It was written under another version.
    """
    try:
        answer = msgspec.json.decode(body, type=Answer)
    except msgspec.MsgspecError as error:
        raise DamagedDataError(f"{name} is not an answer: {error}; run analyse again") from error
    if answer.schema != RESULTS_SCHEMA:
        raise SchemaMismatchError(f"{name} follows {answer.schema}, this is {RESULTS_SCHEMA}; run analyse again")
    return answer


def _read_provenance(processed: Processed) -> dict[str, Any]:
    try:
        provenance: dict[str, Any] = json.loads(processed.provenance.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"no processed tables for '{processed.folder.name}'; run build first") from None
    except ValueError as error:
        raise DamagedDataError(f"{processed.provenance.name} of '{processed.folder.name}' is not JSON") from error
    return provenance
