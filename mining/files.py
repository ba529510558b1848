"""Files: digests, and writes that are whole or not there.

A file is written under a name beside its place that nobody can guess, and renamed there, so that nobody ever sees half
of it. Links are written through where they stay inside the repository; devices and pipes are never replaced.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mining.errors import ChangedMeanwhileError, DiskFullError, UsageError

UNFINISHED = ".part"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NAME_BYTES = 200
_AT_ONCE_BYTES = 1 << 20
MAX_GIVEN_BYTES = 64 << 20
"""Longest file of settings, names or corrections that is read."""


def file_sha256(path: Path) -> str:
    """SHA-256 of a file; a large one is read in pieces."""
    import hashlib

    with path.open("rb", buffering=0) as stream:
        if os.fstat(stream.fileno()).st_size <= _AT_ONCE_BYTES:
            return hashlib.sha256(stream.readall()).hexdigest()
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_given(path: Path, what: str, *, most_bytes: int = MAX_GIVEN_BYTES) -> bytes:
    """Bytes of a file that the user named; a folder, a device or a pipe is not opened.

    Args:
        path: The file.
        what: What it is, for the message: "the list of models".
        most_bytes: Larger than any such file.

    Raises:
        UsageError: It cannot be read, is no plain file, or is too large.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise UsageError(f"cannot read {what} '{path}': it is {kind_of_file(state.st_mode)}, not a file")
        if state.st_size > most_bytes:
            raise UsageError(f"cannot read {what} '{path}': it has more than {most_bytes:,} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {what} '{path}': {getattr(error, 'strerror', None) or error}") from error


def files_below(folder: Path, *, hidden: bool = True) -> Iterator[Path]:
    """Files of a folder and of all folders in it, by name; links to folders are not followed.

    Args:
        folder: The folder.
        hidden: Also those in folders whose names begin with a dot.

    Raises:
        OSError: A folder cannot be listed: what is in it is not known, which is not the same as nothing.
    """

    def fail(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=fail, followlinks=False):
        folders[:] = sorted(name for name in folders if hidden or not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names))


@contextmanager
def full_disk_is_clear(what: str) -> Iterator[None]:
    """Turn "no space left" into :class:`DiskFullError`, naming what was written."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(f"no space left while writing {what}: free some room, then run it again") from error
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


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8; a name that is no UTF-8 inside it is shown with its bytes escaped."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, body: bytes, *, durable: bool = False, before: bytes | None = None) -> None:
    """Write a whole file, or leave the one that is there as it was.

    Args:
        path: Where to write; its folder is made where it does not exist. Rights of a file that is there stay.
        body: Whole content.
        durable: Return only when the bytes and the name are on the disk.
        before: Where given, the file must still hold these bytes just before it is replaced.

    Raises:
        UsageError: ``path`` is a folder, a device or a pipe, or a link that leaves the repository.
        DiskFullError: There is no room.
        ChangedMeanwhileError: The file no longer holds ``before``.
    """
    target = written_place(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with full_disk_is_clear(path.name):
        beside, handle = open_beside(target)
        try:
            try:
                _keep_rights(target, handle)
                write_all(handle, body)
                if durable:
                    os.fsync(handle)
            finally:
                os.close(handle)
            if before is not None and target.read_bytes() != before:
                raise ChangedMeanwhileError(f"{path} was changed while it was read; nothing was written")
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        if durable:
            sync_folder(target.parent)


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """A place beside ``path`` for a writer that wants a name; renamed when the block ends without an error."""
    target = written_place(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with full_disk_is_clear(path.name):
        beside, handle = open_beside(target)
        os.close(handle)
        try:
            yield beside
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def open_beside(target: Path, token: Callable[[int], bytes] = os.urandom) -> tuple[Path, int]:
    """A new file beside ``target`` with a name that was not there, and its open handle; links are not followed."""
    name = os.fsdecode(os.fsencode(target.name)[:_NAME_BYTES])
    while True:
        beside = target.with_name(f".{name}.{token(8).hex()}{UNFINISHED}")
        try:
            return beside, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
        except FileExistsError:
            continue


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed process left unfinished in a folder; only for one who holds the folder's lock."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name.startswith(".") and path.name.endswith(UNFINISHED) and not path.is_dir():
                path.unlink(missing_ok=True)


def written_place(path: Path) -> Path:
    """The file that a write to ``path`` changes: itself, or what it links to inside the same repository.

    Raises:
        UsageError: It is a folder, a device or a pipe, or a link that leaves the repository.
    """
    target = path
    if path.is_symlink():
        try:
            target = path.resolve()
        except (OSError, RuntimeError):  # a loop; newer versions of Python leave it to the first use
            raise UsageError(f"{path} is a link that leads nowhere; nothing was written") from None
        if not target.is_relative_to(repository_of(path)):
            raise UsageError(f"{path} is a link out of its repository; nothing was written")
    try:
        mode = target.stat().st_mode
    except OSError:
        return target
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is {kind_of_file(mode)}, not a file; nothing was written")
    return target


def repository_of(path: Path) -> Path:
    """The nearest folder above ``path`` that is a repository; the folder of ``path`` where none is."""
    folder = path.parent.resolve()
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), folder)


def kind_of_file(mode: int) -> str:
    """What a file is that is no regular one, in words."""
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((words for holds, words in kinds if holds(mode)), "a device")


def _keep_rights(target: Path, handle: int) -> None:
    """Give the new file the rights, and where that is allowed the owner, of the one it takes the place of."""
    try:
        old = target.stat()
    except OSError:
        return
    os.fchmod(handle, stat.S_IMODE(old.st_mode))
    if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        try:
            os.fchown(handle, old.st_uid, old.st_gid)
        except OSError:
            return
