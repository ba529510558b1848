"""Every path of the project: the only place that knows the shape of the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mining.errors import UsageError

RAW = "raw"
PROCESSED = "processed"


@dataclass(frozen=True)
class Home:
    """A data folder with ``raw/<snapshot>`` and ``processed/<snapshot>`` below it.

    Attributes:
        root: The data folder, ``data`` unless ``--out`` names another.
    """

    root: Path = Path("data")

    def raw(self, snapshot: str) -> Path:
        """Folder of the raw snapshot."""
        return self.root / RAW / snapshot

    def processed(self, snapshot: str) -> Processed:
        """Folders of everything derived from the snapshot."""
        return Processed(self.root / PROCESSED / snapshot)

    def find(self, snapshot: str) -> Path:
        """Turn what a user typed into the folder of a raw snapshot.

        Args:
            snapshot: A folder, or the name of one under ``raw``.

        Raises:
            UsageError: There is no such folder.
        """
        for candidate in (Path(snapshot), self.root / RAW / snapshot):
            if (candidate / "manifest.json").is_file():
                return candidate
        raise UsageError(
            f"no snapshot '{snapshot}': neither a folder with a manifest.json nor a name under {self.root / RAW}"
        )

    def processed_of(self, raw: Path) -> Processed:
        """Folders derived from the raw snapshot in ``raw`` (beside it, where it lies in a data folder)."""
        raw = raw.resolve()
        root = raw.parent.parent if raw.parent.name == RAW else self.root
        return Processed(root / PROCESSED / raw.name)


@dataclass(frozen=True)
class Processed:
    """Files derived from one snapshot."""

    folder: Path

    def table(self, name: str) -> Path:
        """Parquet file of a table: models, claims, metrics, rejects, ..."""
        return self.folder / f"{name}.parquet"

    @property
    def provenance(self) -> Path:
        """What the tables were made from, and the row account."""
        return self.folder / "provenance.json"

    @property
    def dictionary(self) -> Path:
        """Data dictionary of the tables."""
        return self.folder / "dictionary.md"

    @property
    def results(self) -> Path:
        """Folder with one JSON file per answered question."""
        return self.folder / "results"

    @property
    def figures(self) -> Path:
        """Folder of the figures."""
        return self.folder / "figures"

    @property
    def paper_tables(self) -> Path:
        """Folder of the LaTeX and CSV tables."""
        return self.folder / "tables"

    @property
    def report(self) -> Path:
        """The report page."""
        return self.folder / "report.html"

    @property
    def numbers(self) -> Path:
        """LaTeX macros of every number in the text."""
        return self.folder / "numbers.tex"
