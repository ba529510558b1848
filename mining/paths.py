"""Every path of the project: the only place that knows the shape of the disk."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from mining.errors import UsageError

RAW = "raw"
PROCESSED = "processed"
MANIFEST = "manifest.json"
RUN_LOG = "run.log"
LATEST = "latest"
_LISTED = 12


def _listed(folders: list[Path]) -> str:
    """Names of snapshots as a user reads them."""
    names = [folder.name for folder in folders[:_LISTED]]
    more = len(folders) - len(names)
    return (", ".join(names) or "none") + (f" and {more} more (hf-carbon list)" if more else "")


def _last_line(folder: Path) -> str:
    """Last line of ``run.log``, which begins with its time; empty where there is none."""
    try:
        return (folder / RUN_LOG).read_text(encoding="utf-8").splitlines()[-1]
    except (OSError, IndexError, ValueError):
        return ""


class Home(Struct, frozen=True):
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
            snapshot: A folder, the name of one under ``raw``, the beginning of such a name, or ``latest``.

        Raises:
            UsageError: There is no such folder, or several names begin so; the message names those nearest.
        """
        for candidate in (Path(snapshot), self.root / RAW / snapshot):
            if (candidate / MANIFEST).is_file():
                return candidate
        known = self.snapshots()
        if snapshot == LATEST and known:
            return max(known, key=lambda folder: (_last_line(folder), folder.name))
        fitting = [folder for folder in known if snapshot and folder.name.startswith(snapshot)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise UsageError(f"several snapshots begin with '{snapshot}': {_listed(fitting)}")
        if not known:
            none = f"there are none in {self.root / RAW} yet; `hf-carbon study` makes one"
            raise UsageError(f"no snapshot '{snapshot}': {none}")
        import difflib

        near = difflib.get_close_matches(snapshot, [folder.name for folder in known], n=3, cutoff=0.3)
        here = (
            f"did you mean {' or '.join(near)}? Here are: {_listed(known)}" if near else f"here are: {_listed(known)}"
        )
        raise UsageError(f"no snapshot '{snapshot}' in {self.root / RAW}; {here}")

    def snapshots(self) -> list[Path]:
        """Folders of all raw snapshots, by name."""
        raw = self.root / RAW
        return sorted(folder for folder in raw.iterdir() if (folder / MANIFEST).exists()) if raw.is_dir() else []

    def processed_of(self, raw: Path) -> Processed:
        """Folders derived from the raw snapshot in ``raw`` (beside it, where it lies in a data folder)."""
        raw = raw.resolve()
        root = raw.parent.parent if raw.parent.name == RAW else self.root
        return Processed(root / PROCESSED / raw.name)


class Processed(Struct, frozen=True):
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
