"""Whether a report is current; imports nothing that draws, so that asking costs nothing."""

from __future__ import annotations

from typing import Any

import msgspec

from analysis.questions.multiverse.kept import digest_of_current
from analysis.report.over_dates import digest_of_history
from mining.files import file_sha256
from mining.freshness import is_current
from mining.paths import Processed

STAGE = "report"


def inputs_of(processed: Processed, raw_manifest: Any) -> dict[str, Any]:
    """What a report is made from, as content hashes."""
    paths = [processed.provenance, *sorted(processed.results.glob("RQ*.json"))]
    files = {path.name: file_sha256(path) for path in paths}
    others = {"multiverse": digest_of_current(processed), "history": digest_of_history(processed)}
    return {"manifest": msgspec.to_builtins(raw_manifest), "files": files, **others}


def is_report_current(processed: Processed, raw_manifest: Any) -> bool:
    """Whether the report was written from these results by this code, and its files are unchanged."""
    return processed.provenance.is_file() and is_current(processed.folder, STAGE, inputs_of(processed, raw_manifest))
