"""Rate limits in fixed windows, with the Hub's headers, and the server's own count of what was asked."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

WINDOW_S = 300.0
# Requests per window of 300 s; hub-docs, docs/hub/rate-limits.md (August 2026).
ANONYMOUS = {"api": 500, "resolvers": 3_000, "pages": 100}
WITH_TOKEN = {"api": 1_000, "resolvers": 5_000, "pages": 200}
PRO = {"api": 2_500, "resolvers": 12_000, "pages": 400}
UNLIMITED = 1_000_000_000


@dataclass
class Counters:
    """The server's own record of what it was asked; the tests' witness.

    Attributes:
        requests: Requests let through, by (bucket, window).
        refused: Requests answered 429 for want of quota, by (bucket, window).
        kinds: Requests let through, by kind of route (list, info, card, file, commits, dataset, ...).
        paths: Requests let through, by method and path.
        faults: Faults injected, by kind.
        statuses: Answers by HTTP status, injected faults included.
    """

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    refused: Counter[tuple[str, int]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)

    def windows(self, bucket: str = "api") -> dict[int, int]:
        """Requests let through in each window of a bucket, in order; windows without any are left out."""
        return {window: count for (name, window), count in sorted(self.requests.items()) if name == bucket}

    def total(self, bucket: str | None = None) -> int:
        """Requests let through, of one bucket or of all."""
        return sum(count for (name, _), count in self.requests.items() if bucket in (None, name))

    @property
    def too_many(self) -> int:
        """Requests refused for want of quota (injected 429s are under ``faults``)."""
        return sum(self.refused.values())


class Quota:
    """Fixed windows per bucket; every client of one tier shares one allowance, as on one IP address.

    Args:
        quota: Requests per window: one number for the ``api`` bucket, a mapping by bucket, or None for the Hub's own
            figures (which depend on whether a token is sent).
        window_s: Length of a window in seconds of ``clock``.
        clock: Monotonic clock; a test may run it faster than real time.
    """

    def __init__(
        self, quota: int | Mapping[str, int] | None, window_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._given = {"api": quota} if isinstance(quota, int) else dict(quota) if quota is not None else None
        self.window_s = window_s
        self._clock = clock
        self._start = clock()
        self._lock = threading.Lock()
        self._spent: dict[tuple[str, bool], tuple[int, int]] = {}
        self.counters = Counters()

    def limit(self, bucket: str, *, with_token: bool) -> int:
        """Requests per window of a bucket."""
        if self._given is None:
            return (WITH_TOKEN if with_token else ANONYMOUS)[bucket]
        return self._given.get(bucket, UNLIMITED)

    def window(self) -> tuple[int, float]:
        """Number of the current window and the seconds left in it."""
        passed = self._clock() - self._start
        number = int(passed // self.window_s)
        return number, (number + 1) * self.window_s - passed

    def spend(self, bucket: str, *, with_token: bool) -> tuple[bool, dict[str, str]]:
        """Count one request.

        Returns:
            Whether it may be answered, and the headers every answer carries (with ``Retry-After`` where it may not).
        """
        with self._lock:
            number, left_s = self.window()
            limit = self.limit(bucket, with_token=with_token)
            seen, spent = self._spent.get((bucket, with_token), (number, 0))
            spent = spent if seen == number else 0
            granted = spent < limit
            spent += granted
            self._spent[bucket, with_token] = (number, spent)
            (self.counters.requests if granted else self.counters.refused)[bucket, number] += 1
        wait_s = max(1, math.ceil(left_s))
        headers = {
            "ratelimit": f'"{bucket}";r={limit - spent};t={wait_s}',
            "ratelimit-policy": f'"fixed window";"{bucket}";q={limit};w={max(1, round(self.window_s))}',
        }
        if not granted:
            headers["Retry-After"] = str(wait_s)
        return granted, headers

    def note(self, kind: str, path: str) -> None:
        """Record which route a granted request took."""
        with self._lock:
            self.counters.kinds[kind] += 1
            self.counters.paths[path] += 1

    def note_answer(self, status: int, fault: str | None = None) -> None:
        """Record how a request ended."""
        with self._lock:
            self.counters.statuses[status] += 1
            if fault is not None:
                self.counters.faults[fault] += 1
