"""A compact set of keys: 8 bytes a slot, so that three million keys fit in 64 MiB."""

from __future__ import annotations

import re
from array import array
from hashlib import blake2b

_MAX_LOAD = 0.7
_KEY_BYTES = 12
_KEY = re.compile(r"[0-9a-f]{24}\Z")


class KeySet:
    """Set of strings kept as 64-bit digests in an open-addressing table.

    Two different keys collide with probability n^2 / 2^65: below 3e-7 for three million.
    """

    def __init__(self, capacity: int = 1 << 12) -> None:
        self._mask = capacity - 1
        self._table = array("Q", bytes(8 * capacity))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: str) -> bool:
        digest = _digest(key)
        return self._table[self._slot(digest)] == digest

    def add(self, key: str) -> bool:
        """Add a key; whether it is new."""
        digest = _digest(key)
        slot = self._slot(digest)
        if self._table[slot] == digest:
            return False
        self._table[slot] = digest
        self._count += 1
        if self._count > _MAX_LOAD * (self._mask + 1):
            self._grow()
        return True

    def _slot(self, digest: int) -> int:
        """Slot that holds the digest, or the empty slot where it belongs."""
        table, mask = self._table, self._mask
        slot = digest & mask
        while table[slot] not in (0, digest):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        """Double the table."""
        old = self._table
        self._mask = 2 * len(old) - 1
        self._table = array("Q", bytes(16 * len(old)))
        for digest in old:
            if digest:
                self._table[self._slot(digest)] = digest


class KeyMap(KeySet):
    """Map from names to the Hub's 24-digit hexadecimal keys, 20 bytes a slot; other keys count as unknown."""

    def __init__(self, capacity: int = 1 << 12) -> None:
        super().__init__(capacity)
        self._keys = bytearray(_KEY_BYTES * capacity)

    def remember(self, name: str, key: str | None) -> None:
        """Remember the key of a name; the first one stays."""
        if self.add(name) and key is not None and _KEY.match(key):
            self._keys[self._place(name)] = bytes.fromhex(key)

    def get(self, name: str) -> str | None:
        """Key of a name; None where the name or its key is not known."""
        key = self._keys[self._place(name)]
        return key.hex() if any(key) and name in self else None

    def _place(self, name: str) -> slice:
        return self._bytes_of(self._slot(_digest(name)))

    @staticmethod
    def _bytes_of(slot: int) -> slice:
        return slice(_KEY_BYTES * slot, _KEY_BYTES * (slot + 1))

    def _grow(self) -> None:
        table, keys = self._table, self._keys
        super()._grow()
        self._keys = bytearray(2 * len(keys))
        for old, digest in enumerate(table):
            if digest:
                self._keys[self._bytes_of(self._slot(digest))] = keys[self._bytes_of(old)]


def _digest(key: str) -> int:
    """Stable 64-bit digest of a key, never 0 (0 marks an empty slot)."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1
