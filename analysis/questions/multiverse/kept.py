"""The multiverse as it is kept beside the results.

Where it lies, whether it is current, and how it is read back for the report.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.files import file_sha256
from mining.freshness import STAMP_FOLDER, is_current

if TYPE_CHECKING:
    from analysis.results import Table
    from mining.paths import Processed

STAGE = "multiverse"
NAME = "multiverse.json"


def folder_of(processed: Processed) -> Path:
    """Where the multiverse of a snapshot lies."""
    return processed.results / "multiverse"


def inputs_of(processed: Processed, protocol: Path | None) -> dict[str, Any]:
    """What it is made from, as content hashes."""
    from analysis.questions.protocol import grid_hash, load, protocol_hash, read

    grid = grid_hash(load() if protocol is None else read(protocol))
    return {"provenance": file_sha256(processed.provenance), "protocol": protocol_hash(protocol), "grid": grid}


def is_computed(processed: Processed, protocol: Path | None = None) -> bool:
    """Whether it is current under a protocol."""
    return processed.provenance.is_file() and is_current(processed.folder, STAGE, inputs_of(processed, protocol))


def digest_of_current(processed: Processed) -> str | None:
    """SHA-256 of the curves, where they were made from these very tables under the protocol of these answers.

    Else None.
    """
    stamp, answered = (_inputs(processed, stage) for stage in (STAGE, "analyse"))
    if not stamp or not processed.provenance.is_file() or stamp.get("provenance") != file_sha256(processed.provenance):
        return None
    is_same = stamp.get("protocol") == answered.get("protocol") and is_current(processed.folder, STAGE, stamp)
    return file_sha256(folder_of(processed) / NAME) if is_same else None


def _inputs(processed: Processed, stage: str) -> dict[str, Any]:
    """What a stage was last run with; empty where that is not known."""
    path = processed.folder / STAMP_FOLDER / f"{stage}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get("inputs")
    except (OSError, ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}


def read_current(processed: Processed) -> tuple[Table, ...]:
    """All tables of the curves that are current, the summary first; none where there are no such curves."""
    if digest_of_current(processed) is None:
        return ()
    import pyarrow.parquet as pq

    from analysis.questions.multiverse.curves import CHOICES, CURVE, EXPLAINED, SUMMARY
    from analysis.results import Table

    columns_of = {"choices": CHOICES, "explained": EXPLAINED, "summary": SUMMARY}
    paths = sorted(
        folder_of(processed).glob("multiverse.*.parquet"),
        key=lambda path: (path.stem != "multiverse.summary", path.stem),
    )
    found = []
    for path in paths:
        read = pq.read_table(path)
        columns = columns_of.get(path.stem.rsplit(".", 1)[-1], CURVE)
        rows = tuple(tuple(row[column.name] for column in columns) for row in read.to_pylist())
        title = (read.schema.metadata or {}).get(b"title", path.stem.encode()).decode()
        found.append(Table(id=path.stem, title=title, columns=columns, rows=rows))
    return tuple(found)
