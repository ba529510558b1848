"""All files that meters left beside one model, read together.

Their runs compete, and what could not be read is named.
"""

from __future__ import annotations

from collections.abc import Mapping

from mining.card.files.reports import log_runs, report_runs
from mining.card.files.runs import Run, claims_of_runs, fault
from mining.card.files.tables import table_runs
from mining.card.files.text_of import is_pointer, text_of
from mining.fields import FileFault
from mining.meter_files import MAX_FILES, is_meter_file, meter_files
from mining.schema import Claim

FILE_CAP = 5_000_000
"""Bytes of a file that are read; a larger one is named and not read, since its last rows count most."""


def meter_claims(files: Mapping[str, bytes], unread: Mapping[str, FileFault] | None = None) -> list[Claim]:
    """Claims of the meters' files of one model.

    Args:
        files: Files of the repository by path; those that are no meter's are passed over.
        unread: Reasons (of :data:`mining.meter_files.FILE_FAULTS`) by path, for files that are known and were not
            fetched.

    Returns:
        Claims that name what could not be read, then those of the runs; the chosen run is the last.
    """
    names = meter_files(files)
    missing = [name for name in sorted(unread or {}) if is_meter_file(name)]
    faults = [fault(name, (unread or {})[name]) for name in missing]
    faults += [fault(name, "file-not-looked-at") for name in names[MAX_FILES:]]
    runs: list[Run] = []
    for name in reversed(names[:MAX_FILES]):
        found, wrong = _read(name, bytes(files[name]))
        runs += found
        faults += wrong
    measured = [run for run in runs if run.emissions is not None]
    energies = [run for run in runs if run.emissions is None]
    # a report of energy alone stands for the model only where no meter states emissions
    claims = claims_of_runs(measured or energies, is_partial=bool(faults))
    return [*faults, *claims]


def _read(name: str, data: bytes) -> tuple[list[Run], list[Claim]]:
    """Runs of one file, and what could not be read of it."""
    if is_pointer(data):
        return [], [fault(name, "file-pointer", data[:200].decode("utf-8", "replace").strip())]
    if len(data) > FILE_CAP:
        return [], [fault(name, "file-too-large")]
    text = text_of(data)
    if text is None:
        return [], [fault(name, "file-not-text")]
    if not text.strip():
        return [], [fault(name, "file-empty")]
    lower = name.lower()
    reader = log_runs if lower.endswith(".log") else report_runs if lower.endswith(".json") else table_runs
    return reader(text, name)
