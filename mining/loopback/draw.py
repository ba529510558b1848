"""Random numbers that belong to an index: the same (seed, index) gives the same numbers, in any order, in any process."""

from __future__ import annotations

import struct
from hashlib import blake2b
from statistics import NormalDist

_WORDS = struct.Struct("<16I")
_ONE = 2.0**32
_NORMAL = NormalDist()


class Dice:
    """Sixteen numbers per index, drawn by hashing.

    Args:
        seed: Seed of everything.
        purpose: Keeps the numbers of different purposes apart.
    """

    def __init__(self, seed: int, purpose: str = "") -> None:
        self._prefix = f"{seed}:{purpose}:".encode()

    def words(self, index: int) -> tuple[int, ...]:
        """Sixteen whole numbers below 2**32."""
        return _WORDS.unpack(blake2b(self._prefix + index.to_bytes(8, "big", signed=True)).digest())

    def shares(self, index: int) -> tuple[float, ...]:
        """Sixteen numbers from 0 up to, but not including, 1."""
        return tuple(word / _ONE for word in self.words(index))


def normal(share: float) -> float:
    """Standard normal deviate of a share between 0 and 1."""
    return _NORMAL.inv_cdf(min(max(share, 1e-9), 1 - 1e-9))


def hexadecimal(text: str, length: int = 40) -> str:
    """A made-up hash of that many hexadecimal digits."""
    return blake2b(text.encode()).hexdigest()[:length]
