"""The journal: after each page one line says how long every shard is and where the crawl goes on.

A line is written only after the bytes it speaks of are on the disk. The last whole line is the truth: what a shard
holds beyond it was never confirmed and is cut off on resuming. A torn last line is such an unconfirmed write too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mining.errors import SnapshotDamagedError
from mining.files import full_disk_is_clear, sync_folder, write_all
from mining.snapshot.manifest import FileEntry

NAME = "journal.jsonl"


class Extent(Struct, frozen=True, array_like=True):
    """Confirmed length of a shard: bytes, frames, envelopes."""

    size_bytes: int = 0
    frames: int = 0
    envelopes: int = 0


class Entry(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line of the journal; names only what changed."""

    shards: dict[str, Extent] = {}
    failures: dict[str, int] = {}
    duplicates: int = 0
    cursor: Any = None
    notes: tuple[str, ...] = ()
    files: tuple[FileEntry, ...] = ()
    closed: bool = False


class State:
    """What the whole lines of a journal add up to."""

    def __init__(self) -> None:
        self.shards: dict[str, Extent] = {}
        self.failures: dict[str, int] = {}
        self.duplicates = 0
        self.cursor: Any = None
        self.notes: list[str] = []
        self.files: dict[str, FileEntry] = {}
        self.closed = False

    def apply(self, entry: Entry) -> None:
        """Add one line."""
        self.shards.update(entry.shards)
        for reason, count in entry.failures.items():
            self.failures[reason] = self.failures.get(reason, 0) + count
        self.duplicates += entry.duplicates
        self.notes.extend(note for note in entry.notes if note not in self.notes)
        self.files.update({file.name: file for file in entry.files})
        self.closed = self.closed or entry.closed
        if entry.cursor is not None:
            self.cursor = entry.cursor


def read_journal(folder: Path) -> tuple[State, int]:
    """Add up the journal of a folder.

    Returns:
        The state, and the length in bytes of the whole lines (a torn last line is not counted).

    Raises:
        SnapshotDamagedError: There is no journal, or a line before the last is not readable.
    """
    path = folder / NAME
    if not path.is_file():
        raise SnapshotDamagedError(f"{folder} has no {NAME}: it is not known how far its crawl got")
    state = State()
    good = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                break
            try:
                state.apply(msgspec.json.decode(line, type=Entry))
            except msgspec.MsgspecError as error:
                raise SnapshotDamagedError(f"{path}: line {number} is altered: {error}") from error
            good += len(line)
    return state, good


class Journal:
    """The journal of a running crawl, open for appending.

    Args:
        folder: The snapshot folder.
        keep_bytes: Length of the confirmed lines; anything beyond is cut off.
    """

    def __init__(self, folder: Path, keep_bytes: int = 0) -> None:
        self._path = folder / NAME
        self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        self._offset = keep_bytes
        os.ftruncate(self._handle, keep_bytes)
        os.lseek(self._handle, keep_bytes, os.SEEK_SET)
        sync_folder(folder)

    def append(self, entry: Entry) -> None:
        """Write one line and make it durable.

        Raises:
            DiskFullError: No room; the journal is as long as before.
        """
        line = msgspec.json.encode(entry) + b"\n"
        with full_disk_is_clear(NAME):
            try:
                write_all(self._handle, line)
                os.fsync(self._handle)
            except OSError:
                os.ftruncate(self._handle, self._offset)
                os.lseek(self._handle, self._offset, os.SEEK_SET)
                raise
        self._offset += len(line)

    def close(self) -> None:
        """Close the file; calling it twice does no harm."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
