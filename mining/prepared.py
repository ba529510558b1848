"""What is worked out from packaged tables, kept beside them as it is used, so that a cold start works out nothing.

``python -m benchmarks.prepare_tables`` writes the files, the same bytes every time; ``tests/test_prepared.py`` knows
whether they are current. A file begins with the check sum of the tables that it was made of: where these were changed
since, it is passed over, and everything is worked out from them.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from msgspec import msgpack

__all__ = ["as_kept", "prepared"]

Made = TypeVar("Made")
_SIZE = 4


def _sum_of(tables: Iterable[Path]) -> bytes:
    total = 0
    for table in tables:
        total = crc32(table.read_bytes(), total)
    return total.to_bytes(_SIZE, "big")


def prepared(path: Path, tables: Iterable[Path], kind: type[Made], make: Callable[[], Made]) -> Made:
    """What was made of tables, as it is kept; made anew where it is not, or where they have changed.

    Args:
        path: File that it is kept in.
        tables: Files that it is made of.
        kind: Type of what is made.
        make: Makes it.
    """
    kept = path.read_bytes() if path.is_file() else b""
    return msgpack.decode(kept[_SIZE:], type=kind) if kept[:_SIZE] == _sum_of(tables) else make()


def as_kept(tables: Iterable[Path], made: Any) -> bytes:
    """Content of a file that :func:`prepared` reads.

    Args:
        tables: Files that it was made of.
        made: What was made.
    """
    return _sum_of(tables) + msgpack.encode(made)
