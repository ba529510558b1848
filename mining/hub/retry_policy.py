"""How long the client keeps trying, what makes it try again, and the account of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

import httpx2
import msgspec
from huggingface_hub.utils import parse_ratelimit_headers

from mining.hub.answers import HubResponse
from mining.hub.rate_limiter import LONGEST_WINDOW_S, WINDOW_S

PAGE_DEADLINE_S = 90.0
DEADLINE_S = 20.0

Read = Callable[[bytes], Any]
"""Reads a body; raises ValueError where it has another shape than it must."""


def default_timeout() -> httpx2.Timeout:
    """Timeouts of one request; the library's own default is none at all."""
    return httpx2.Timeout(connect=10.0, read=60.0, write=30.0, pool=120.0)


class TryAgainError(Exception):
    """This answer is of no use, another try may be."""

    def __init__(
        self,
        reason: str,
        after_s: float | None = None,
        *,
        is_quota: bool = False,
        at_most: int | None = None,
        answer: HubResponse | None = None,
    ) -> None:
        super().__init__(reason)
        self.after_s = after_s
        self.is_quota = is_quota
        self.at_most = at_most
        self.answer = answer


@dataclass(frozen=True)
class RetryPolicy:
    """How long the client keeps trying.

    Attributes:
        attempts: Tries of one request before it counts as unreachable.
        first_attempts: Tries as long as the server has never answered (wrong address, no network): tell the user soon.
        shape_attempts: Tries where the server answers, but with something else than was asked for.
        slow_attempts: Tries where the deadline passes.
        base_s: Wait after the first failure, doubled after each further one.
        cap_s: Longest wait between two tries.
        timeout: Timeouts of connecting, reading, writing.
        deadline_s: Longest time one answer may take, from sending; None for what suits its size.
    """

    attempts: int = 8
    first_attempts: int = 3
    shape_attempts: int = 3
    slow_attempts: int = 2
    base_s: float = 1.0
    cap_s: float = 60.0
    timeout: httpx2.Timeout = attribute(default_factory=default_timeout)
    deadline_s: float | None = None


@dataclass
class Traffic:
    """What the client did so far.

    Attributes:
        asked: Requests sent, by bucket.
        statuses: Answers by HTTP status.
        retried: Tries that had to be repeated, by reason.
        backoff_s: Seconds slept between tries, summed over threads.
    """

    asked: Counter[str] = attribute(default_factory=Counter)
    statuses: Counter[int] = attribute(default_factory=Counter)
    retried: Counter[str] = attribute(default_factory=Counter)
    backoff_s: float = 0.0


def shaped(answer: HubResponse, read: Read | None, policy: RetryPolicy) -> HubResponse:
    """Read a good answer; one that is of another shape than it must be is tried again."""
    if read is None or answer.failure is not None:
        return answer
    try:
        answer.content = read(answer.body)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        raise TryAgainError("other shape", at_most=policy.shape_attempts, answer=answer) from None
    return answer


def window_of(headers: httpx2.Headers) -> int:
    """Length of the rate-limit window in seconds, as the answer's policy names it."""
    info = parse_ratelimit_headers(headers)
    window_s = info.window_seconds if info is not None else None
    return window_s if window_s and 0 < window_s <= LONGEST_WINDOW_S else WINDOW_S


def retry_after(headers: httpx2.Headers, *, is_quota: bool) -> float | None:
    """Seconds that the server asks to wait; None where it does not say (the limiter waits for a window)."""
    info = parse_ratelimit_headers(headers)
    if is_quota and info is not None and info.remaining == 0:
        return info.reset_in_seconds + 1.0
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
