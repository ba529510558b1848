"""The shape of a snapshot folder, and what is done to one that a crawl left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from mining.errors import SnapshotDamagedError, UsageError
from mining.files import remove_unfinished
from mining.snapshot import manifest as manifests
from mining.snapshot.journal import NAME as JOURNAL_NAME
from mining.snapshot.journal import State

SHARDS = "shards"
FILES = "files"
RUN_LOG = "run.log"


def safe_name(name: str) -> str:
    """Check a file's name inside a snapshot.

    Raises:
        UsageError: The name could leave the folder, or is hidden.
    """
    if not manifests.is_safe(name):
        raise UsageError(f"not a name for a file inside a snapshot: {name!r}")
    return name


def kind_of(name: str) -> str:
    """Kind of the envelopes in a shard."""
    return name.partition("-")[0]


def cut_back(folder: Path, state: State) -> int:
    """Cut every shard to its confirmed length and remove shards that were never confirmed.

    Returns:
        How many bytes were cut off.
    """
    cut = 0
    remove_unfinished(folder)
    remove_unfinished(folder / FILES)
    for path in sorted((folder / SHARDS).iterdir()):
        size = path.stat().st_size
        confirmed = state.shards[path.name].size_bytes if path.name in state.shards else 0
        if size < confirmed:
            raise SnapshotDamagedError(f"{path}: truncated, {size} bytes where the journal confirms {confirmed}")
        cut += size - confirmed
        if confirmed == 0:
            path.unlink()
        elif size > confirmed:
            os.truncate(path, confirmed)
    missing = sorted(name for name in state.shards if not (folder / SHARDS / name).is_file())
    if missing:
        raise SnapshotDamagedError(f"{folder}: shard {missing[0]} is confirmed by the journal but not there")
    return cut


def remove_empty(folder: Path) -> None:
    """Remove a snapshot in which nothing was ever confirmed; files of other origin stay."""
    for name in (manifests.NAME, JOURNAL_NAME, RUN_LOG):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / SHARDS, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
