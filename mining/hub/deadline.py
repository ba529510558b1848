"""One deadline for a whole request, counted from sending, that nothing a server does can stretch.

The client's own timeouts count from one read to the next, so that a server which sends one byte a minute is never too
slow. Here every read from a connection is given only what is left of the deadline of the thread that reads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from httpx2 import TimeoutException

TOO_SLOW = "too slow"


class TooSlowError(Exception):
    """The deadline of a request has passed."""


class _Latest(threading.local):
    at: float | None = None


_latest = _Latest()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Bound everything that this thread reads from traced connections meanwhile.

    Raises:
        TooSlowError: The time is over.
    """
    _latest.at = time.monotonic() + seconds
    try:
        yield
    except TimeoutException as error:
        if time.monotonic() >= _latest.at:
            raise TooSlowError(TOO_SLOW) from error
        raise
    finally:
        _latest.at = None


def trace(event: str, info: Mapping[str, Any]) -> None:
    """Hook for the client's extension ``trace``: give each new connection's stream reads that keep the deadline."""
    if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
        stream = info["return_value"]
        stream.read = _bounded(stream.read)


def _bounded(read: Callable[..., bytes]) -> Callable[..., bytes]:
    def bounded(max_bytes: int, timeout: float | None = None) -> bytes:
        if _latest.at is None:
            return read(max_bytes, timeout)
        left = _latest.at - time.monotonic()
        if left <= 0:
            raise TooSlowError(TOO_SLOW)
        return read(max_bytes, left if timeout is None else min(timeout, left))

    return bounded
