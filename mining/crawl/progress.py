"""Progress on standard error: rate, quota left, estimated end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.hub.client import HubClient

_UNMETERED = 10**8
SHOWN_WAIT_S = 5.0


class Progress:
    """A bar per phase; silent where asked, or where standard error is no terminal and ``always`` is not set.

    Args:
        quiet: Show nothing.
        always: Show it also where standard error is no terminal.
    """

    def __init__(self, *, quiet: bool = False, always: bool = False) -> None:
        self._quiet = quiet
        self._off = quiet or not (always or sys.stderr.isatty())
        self._bar: Any = None

    def phase(self, name: str, total: int | None, done: int = 0, unit: str = "models") -> None:
        """Begin a phase.

        Args:
            name: What is being fetched.
            total: How many are expected; None where nobody knows.
            done: How many were done by earlier runs.
            unit: What is counted.
        """
        from tqdm import tqdm

        self.close()
        self._bar = tqdm(
            total=total,
            initial=done,
            desc=name,
            unit=f" {unit}",
            disable=self._off,
            file=sys.stderr,
            dynamic_ncols=True,
            mininterval=0.5,
        )

    def waiting(self, seconds: float, reason: str) -> None:
        """Say that nothing comes for a while; without a terminal, too, where it is long."""
        if self._quiet or seconds < SHOWN_WAIT_S:
            return
        words = f"waiting {seconds:.0f} s ({reason})"
        if self._bar is not None and not self._off:
            self._bar.set_postfix_str(words)
        else:
            print(words, file=sys.stderr, flush=True)  # noqa: T201 - a line for people, as the bar is

    def step(self, count: int, client: HubClient | None = None) -> None:
        """Count what came, and show the quota that is left."""
        if self._bar is None:
            return
        if client is not None and not self._off:
            self._bar.set_postfix_str(quota_words(client), refresh=False)
        self._bar.update(count)

    def close(self) -> None:
        """End the phase."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def quota_words(client: HubClient) -> str:
    """Quota left in the current windows, for instance ``api 712/1000 left``."""
    words = [
        f"{name} {limiter.left}/{limiter.limit} left"
        for name, limiter in client.limiters.items()
        if limiter.left is not None and limiter.limit is not None and limiter.limit < _UNMETERED
    ]
    return ", ".join(words)
