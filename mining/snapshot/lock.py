"""One crawler per folder: a lock that the system drops when its process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from mining.errors import UsageError

NAME = ".lock"


class FolderLock:
    """Exclusive hold of a snapshot folder.

    The lock is the kernel's (``flock``), so that the file a dead process left behind is simply taken over.

    Args:
        folder: The snapshot folder; it must exist.

    Raises:
        UsageError: Another crawler works in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._handle = self._take()

    def _take(self) -> int:
        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
                os.close(handle)
                raise UsageError(f"another crawler (process {holder}) works in {self._path.parent}") from None
            if self._is_current(handle):
                os.ftruncate(handle, 0)
                os.write(handle, f"{os.getpid()}\n".encode("ascii"))
                return handle
            os.close(handle)

    def _is_current(self, handle: int) -> bool:
        """Whether the locked file still carries the name (its last holder removes it)."""
        try:
            return os.fstat(handle).st_ino == self._path.stat().st_ino
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Give the folder back; calling it twice does no harm."""
        if self._handle >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1
