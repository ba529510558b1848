"""Names as 64-bit digests, so that sets of millions of names fit in small arrays.

Two of three million names share a digest with probability below 3e-7; a shared digest can only send a row the longer
way round.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mining.files import write_bytes

Digests = npt.NDArray[np.uint64]


def digest(name: str) -> int:
    """Stable 64-bit digest of a name."""
    return int.from_bytes(_bytes_of(name), "little")


def digests(names: Iterable[str]) -> Digests:
    """Digests of names, in their order."""
    found: Digests = np.frombuffer(b"".join(map(_bytes_of, names)), dtype="<u8").astype(np.uint64, copy=False)
    return found


def _bytes_of(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def contains(known: Digests, asked: Digests) -> npt.NDArray[np.bool_]:
    """Which of the digests asked about stand in a sorted array."""
    if not len(known):
        return np.zeros(len(asked), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    found: npt.NDArray[np.bool_] = known[places] == asked
    return found


def save(path: Path, values: npt.NDArray[np.generic]) -> None:
    """Write an array; the same values give the same bytes."""
    held = io.BytesIO()
    np.save(held, values, allow_pickle=False)
    write_bytes(path, held.getvalue())


def load(path: Path) -> npt.NDArray[np.generic]:
    """Read an array."""
    values: npt.NDArray[np.generic] = np.load(path, allow_pickle=False)
    return values


def unique(values: Digests) -> Digests:
    """Sorted distinct digests."""
    found: Digests = np.unique(values)
    return found
