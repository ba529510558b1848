"""The shelf of raw snapshots: which plans lie there already, how old they are, and what a new one is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mining.errors import SnapshotDamagedError
from mining.snapshot.manifest import NAME, Manifest, load_manifest
from mining.snapshot.recovery import RUN_LOG


@dataclass(frozen=True)
class Shelf:
    """Folder whose children are snapshots.

    Attributes:
        root: The folder, ``data/raw`` in a data folder.
    """

    root: Path

    def complete(self, plan_hash: str) -> Path | None:
        """Newest complete snapshot of a plan (by ``run.log``, then by name)."""
        return self._newest(plan_hash, "complete")

    def partial(self, plan_hash: str) -> Path | None:
        """Newest partial snapshot of a plan: the one to resume."""
        return self._newest(plan_hash, "partial")

    def new(self, name: str) -> Path:
        """Folder for a new snapshot: the name, with a number behind it where it is taken."""
        number = 1
        folder = self.root / name
        while (folder / NAME).exists():
            number += 1
            folder = self.root / f"{name}-{number}"
        return folder

    def _newest(self, plan_hash: str, status: str) -> Path | None:
        found = []
        for path in sorted(folder / NAME for folder in self.root.iterdir()) if self.root.is_dir() else ():
            manifest = _peek(path.parent) if path.exists() else None
            if manifest is not None and (manifest.plan_hash, manifest.status) == (plan_hash, status):
                found.append(
                    (finished_at(path.parent) or datetime.min.replace(tzinfo=UTC), path.parent.name, path.parent)
                )
        return max(found)[2] if found else None


def finished_at(folder: Path) -> datetime | None:
    """Time of the last line of ``run.log``; None where there is none that can be read."""
    try:
        line = (folder / RUN_LOG).read_text(encoding="utf-8").splitlines()[-1]
        return datetime.strptime(line.partition(" ")[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (OSError, IndexError, ValueError):
        return None


def age(folder: Path, now: datetime) -> timedelta | None:
    """How long ago a snapshot was finished; None where its ``run.log`` does not tell."""
    then = finished_at(folder)
    return None if then is None else now - then


def _peek(folder: Path) -> Manifest | None:
    """Manifest of a folder, or None where it is damaged (then it is of no use, and not in the way)."""
    try:
        return load_manifest(folder)
    except SnapshotDamagedError:
        return None
