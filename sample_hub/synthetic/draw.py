"""Random numbers that belong to an index.

The same (seed, index) gives the same numbers, in any order, in any process.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from statistics import NormalDist

_unpack = struct.Struct("<16I").unpack
_PART = 2.0**-32
_NORMAL = NormalDist()


class Dice:
    """Sixteen numbers per index, drawn by hashing.

    Args:
        seed: Seed of everything.
        purpose: Keeps the numbers of different purposes apart.
    """

    def __init__(self, seed: int, purpose: str = "") -> None:
        self._prefix = f"{seed}:{purpose}:".encode()

    def digest(self, index: int) -> bytes:
        """The 64 bytes from which the numbers of an index are made."""
        return blake2b(self._prefix + index.to_bytes(8, "big")).digest()

    def shares(self, index: int) -> list[float]:
        """Sixteen numbers from 0 up to, but not including, 1."""
        return shares_of(self.digest(index))


def shares_of(digest: bytes) -> list[float]:
    """Sixteen numbers from 0 up to, but not including, 1, of 64 bytes."""
    return [word * _PART for word in _unpack(digest)]


def normal(share: float) -> float:
    """Standard normal deviate of a share between 0 and 1."""
    return _NORMAL.inv_cdf(min(max(share, 1e-9), 1 - 1e-9))


def hexadecimal(text: str, length: int = 40) -> str:
    """A made-up hash of that many hexadecimal digits."""
    return blake2b(text.encode()).hexdigest()[:length]
