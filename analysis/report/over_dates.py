"""The history of the same Hub, as the report shows it: what ``hf-carbon history`` left in the data folder."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from analysis.results import Column, Table
from mining.errors import DamagedDataError
from mining.files import file_sha256
from mining.paths import Processed

SCHEMA = "hf-carbon/history/1"
FOLDER, NAME, PAGE = "history", "history.json", "history.html"
ARCHIVED = ("hub", "dump")
"""Sources of which the archive is the history."""
COLUMNS = ("date", "models_count", "reporters_count", "share", "low", "high")
TITLES = ("Date", "Models listed", "State a number", "Share", "Low (95 %)", "High (95 %)")


class HistorySummary(Struct, frozen=True, kw_only=True):
    """A history in short.

    Attributes:
        headline: The share at the last and the first date, in words.
        basis: What the numbers rest on.
        sources: Sources whose reports show it.
        figure: Title, caption and alternative text of the figure, and its SVG as a data address.
        rows: Of each date what :data:`COLUMNS` name.
    """

    schema: str = SCHEMA
    headline: str
    basis: str
    sources: tuple[str, ...]
    figure: dict[str, str]
    rows: tuple[tuple[str, int, int, float | None, float | None, float | None], ...]

    def as_table(self) -> Table:
        """All dates as a table."""
        columns = tuple(Column(name=name, title=title) for name, title in zip(COLUMNS, TITLES, strict=True))
        return Table(id="history_shares", title="Share of all listed models, by date", columns=columns, rows=self.rows)


def path_of(processed: Processed) -> Path:
    """Where the history of the data folder lies that a snapshot belongs to."""
    return processed.folder.parent.parent / FOLDER / NAME


def digest_of_history(processed: Processed) -> str | None:
    """SHA-256 of the history; None where there is none."""
    path = path_of(processed)
    return file_sha256(path) if path.is_file() else None


def read_history(processed: Processed, source: str) -> HistorySummary | None:
    """The history of the data folder, where it is one of this source.

    Raises:
        DamagedDataError: The file is no history.
    """
    path = path_of(processed)
    if not path.is_file():
        return None
    try:
        found = msgspec.json.decode(path.read_bytes(), type=HistorySummary)
    except msgspec.MsgspecError as error:
        raise DamagedDataError(f"{FOLDER}/{NAME} is no history ({error}); run history again, or remove it") from error
    return found if source in found.sources and found.schema == SCHEMA else None
