"""One writer per folder: a lock that the system drops when its process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from mining.errors import UsageError

NAME = ".lock"


class FolderLock:
    """Exclusive hold of a folder, as a context manager or until it is released.

    The lock is the kernel's (``flock``), so that the file a dead process left behind is simply taken over.

    Args:
        folder: The folder; it is made where it does not exist.
        who: Who else may work in it, for the message.

    Raises:
        UsageError: Another process works in the folder.
    """

    def __init__(self, folder: Path, who: str = "crawler") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / NAME
        self._who = who
        self._handle = self._take()

    def _take(self) -> int:
        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
                os.close(handle)
                raise UsageError(f"another {self._who} (process {holder}) is running in {self._path.parent}") from None
            if self._is_current(handle):
                os.ftruncate(handle, 0)
                os.write(handle, f"{os.getpid()}\n".encode("ascii"))
                return handle
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

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
