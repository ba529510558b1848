"""Faults on demand: what a crawler meets on a bad day, seeded so that a test can repeat it."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

STATUS_FAULTS = ("500", "502", "503", "504", "408", "429")
ALL_FAULTS = (*STATUS_FAULTS, "reset", "stall", "truncated", "not-json", "wrong-json")


@dataclass(frozen=True)
class Faults:
    """Which share of the answers goes wrong, and how.

    Attributes:
        share: Share of the requests that go wrong, 0 to 1.
        kinds: Kinds to draw from, evenly: a status code, ``reset`` (connection reset), ``stall`` (no answer for
            ``stall_s``, then the connection closes), ``truncated`` (body cut, connection closed), ``not-json`` (an HTML
            page under status 200, or under 502 for files), ``wrong-json`` (valid JSON of another shape under status
            200).
        seed: Seed of the draw; request number k always meets the same fate.
        stall_s: Seconds that a stall lasts.
        retry_after_s: ``Retry-After`` of injected 429 and 503 answers.
        under: Only requests whose path starts so.
        most: No more than this many faults; None for no bound.
    """

    share: float = 0.1
    kinds: tuple[str, ...] = ALL_FAULTS
    seed: int = 0
    stall_s: float = 5.0
    retry_after_s: int = 1
    under: str = "/"
    most: int | None = None

    def __post_init__(self) -> None:
        """Refuse unknown kinds and impossible shares."""
        unknown = set(self.kinds) - set(ALL_FAULTS)
        if unknown:
            raise ValueError(f"unknown faults {sorted(unknown)}; known are {list(ALL_FAULTS)}")
        if not 0 <= self.share <= 1:
            raise ValueError(f"the share of faults lies between 0 and 1, not {self.share}")


class FaultDice:
    """Draws the fate of each request in turn."""

    def __init__(self, faults: Faults | None) -> None:
        self.faults = faults
        self._lock = threading.Lock()
        self._asked = 0
        self._thrown = 0

    def draw(self, path: str) -> str | None:
        """Kind of fault for this request, or None."""
        faults = self.faults
        if faults is None or not faults.kinds or not path.startswith(faults.under):
            return None
        with self._lock:
            number, self._asked = self._asked, self._asked + 1
            if faults.most is not None and self._thrown >= faults.most:
                return None
            digest = hashlib.blake2b(f"{faults.seed}:{number}".encode(), digest_size=12).digest()
            if int.from_bytes(digest[:8], "big") >= faults.share * 2**64:
                return None
            self._thrown += 1
        return faults.kinds[int.from_bytes(digest[8:], "big") % len(faults.kinds)]
