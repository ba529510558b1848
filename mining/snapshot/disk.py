"""Durable writes: bytes are on the disk when a call returns, and a full disk is one clear error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mining.errors import HfCarbonError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFullError(HfCarbonError):
    """There is no room for the next page; everything journalled so far is kept and the crawl can be resumed."""

    exit_code = 3


@contextmanager
def full_disk_is_clear(what: str) -> Iterator[None]:
    """Turn "no space left" into :class:`DiskFullError`, naming what was written."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(f"no space left while writing {what}: free some room, then resume") from error
        raise


def sync_folder(folder: Path) -> None:
    """Make the names inside a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write every byte of ``data``; the system call may take several turns."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside its place, make it durable, and rename it into place.

    Args:
        path: Final place; its folder is made where it does not exist.
        data: Whole content.

    Raises:
        DiskFullError: There is no room; the final place is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with full_disk_is_clear(path.name):
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            write_all(handle, data)
            os.fsync(handle)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        finally:
            os.close(handle)
        beside.replace(path)
        sync_folder(path.parent)
