"""A shared limiter per rate-limit bucket: spend what the window gives, then sleep to its end.

The Hub counts in fixed windows and says with every answer how many requests are left (``r``) and how many seconds the
window still runs (``t``, whole seconds, rounding unknown). The limiter therefore takes ``now + t + 1`` as the latest
possible end, sharpened by every answer, and begins each window with one request whose answer tells what the new window
holds; the others follow at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from huggingface_hub.utils import RateLimitInfo

ROUNDING_S = 1.0
WINDOW_S = 300
"""Length of the Hub's rate-limit window where an answer does not name it."""
LONGEST_WINDOW_S = 600
"""A window that claims to be longer is not believed."""


class RateLimiter:
    """Requests left in the current window of one bucket; safe to share between threads.

    Args:
        clock: Monotonic clock in seconds.
        sleep: Sleeps for a number of seconds.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._changed = threading.Condition()
        self._left: int | None = None
        self._ends = 0.0
        self._blocked_until = 0.0
        self._waited_until = 0.0
        self._in_flight = 0
        self._taken = 0
        self._alone = 0
        self._is_unmetered = False
        self.limit: int | None = None
        self.waited_s = 0.0

    @property
    def left(self) -> int | None:
        """Requests left in the window; None where no answer has told yet."""
        return self._left

    def take(self) -> int:
        """Wait until one more request may be sent, and count it.

        Returns:
            Ticket to settle the request with.
        """
        while True:
            with self._changed:
                wait_s = self._wait_s()
                if wait_s is None:
                    self._taken += 1
                    self._alone = self._taken if self._in_flight == 0 else 0
                    self._in_flight += 1
                    return self._taken
                if wait_s == 0:
                    self._changed.wait()
                    continue
                self._count_wait(wait_s)
            self._sleep(wait_s)

    def _wait_s(self) -> float | None:
        """Seconds to sleep before asking again, 0 to wait for another thread's answer, None to go ahead."""
        now = self._clock()
        if now < self._blocked_until:
            return self._blocked_until - now
        if self._is_unmetered:
            return None
        if self._left is not None and now >= self._ends:
            self._left = None
        if self._left is None:
            return None if self._in_flight == 0 else 0
        if self._left > 0:
            self._left -= 1
            return None
        return self._ends - now

    def _count_wait(self, wait_s: float) -> None:
        """Count time that passes waiting; threads that wait side by side count once."""
        now = self._clock()
        self.waited_s += max(0.0, now + wait_s - max(now, self._waited_until))
        self._waited_until = max(self._waited_until, now + wait_s)

    def give_back(
        self, ticket: int, info: RateLimitInfo | None, *, answered: bool = True, refund: bool = False
    ) -> None:
        """Settle a request: what the answer said, or None where it said nothing.

        Args:
            ticket: What :meth:`take` gave.
            info: The answer's rate-limit headers.
            answered: False where no answer came at all; then nothing is concluded.
            refund: True where the server does not count this request.
        """
        with self._changed:
            self._in_flight -= 1
            if refund:
                self._left = None if self._left is None else self._left + 1
            elif info is not None:
                self._learn(info, is_exact=ticket == self._alone)
            elif answered and self.limit is None:
                self._is_unmetered = True
            self._changed.notify_all()

    def _learn(self, info: RateLimitInfo, *, is_exact: bool) -> None:
        """Take over what an answer says of the window.

        Answers to concurrent requests may arrive in another order than they were counted, so that they may only lower
        what is left; the answer to a request that was alone on its way is exact.
        """
        now = self._clock()
        window_s = info.window_seconds if info.window_seconds and info.window_seconds <= LONGEST_WINDOW_S else WINDOW_S
        reset_s = min(info.reset_in_seconds, window_s)
        ends = now + reset_s + ROUNDING_S
        self._is_unmetered = False
        self.limit = info.limit
        if self._left is None or ends > self._ends + window_s / 2:
            self._left, self._ends = max(0, info.remaining - self._in_flight), ends
        elif ends > self._ends - window_s / 2:
            self._left = info.remaining if is_exact else min(self._left, info.remaining)
            self._ends = min(self._ends, ends)

    def block(self, seconds: float) -> None:
        """Send nothing for some seconds (``Retry-After``)."""
        with self._changed:
            self._blocked_until = max(self._blocked_until, self._clock() + seconds)
