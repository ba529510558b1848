"""How long the client keeps trying, what makes it try again, and the account of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

import httpx2
import msgspec
from huggingface_hub.utils import parse_ratelimit_headers

from mining.hub.answers import Answer

DEADLINE_S = 180.0
MAX_RETRY_AFTER_S = 3600


def default_timeout() -> httpx2.Timeout:
    """Timeouts of one request; the library's own default is none at all."""
    return httpx2.Timeout(connect=10.0, read=60.0, write=30.0, pool=120.0)


class TryAgainError(Exception):
    """This answer is of no use, another try may be."""

    def __init__(
        self, reason: str, after_s: float | None = None, *, is_quota: bool = False, answer: Answer | None = None
    ) -> None:
        super().__init__(reason)
        self.after_s = after_s
        self.is_quota = is_quota
        self.answer = answer


@dataclass(frozen=True)
class RetryPolicy:
    """How long the client keeps trying.

    Attributes:
        attempts: Tries of one request before it counts as unreachable.
        first_attempts: Tries as long as the server has never answered (wrong address, no network): tell the user soon.
        base_s: Wait after the first failure, doubled after each further one.
        cap_s: Longest wait between two tries.
        timeout: Timeouts of connecting, reading, writing.
        deadline_s: Longest time one answer may take to arrive.
    """

    attempts: int = 8
    first_attempts: int = 3
    base_s: float = 1.0
    cap_s: float = 60.0
    timeout: httpx2.Timeout = attribute(default_factory=default_timeout)
    deadline_s: float = DEADLINE_S


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


def shaped(answer: Answer, shape: Any) -> Answer:
    """Refuse a good answer whose body has another shape than it must."""
    if shape is not None and answer.failure is None:
        try:
            msgspec.json.decode(answer.body, type=shape)
            answer.body.decode("utf-8")
        except msgspec.ValidationError:
            raise TryAgainError("other shape", answer=answer) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise TryAgainError("not JSON", answer=answer) from None
    return answer


def retry_after(headers: httpx2.Headers, *, is_quota: bool) -> float | None:
    """Seconds that the server asks to wait; None where it does not say (an exhausted window is waited for by the limiter)."""
    info = parse_ratelimit_headers(headers)
    if is_quota and info is not None and info.remaining == 0:
        return info.reset_in_seconds + 1.0
    text = headers.get("retry-after", "").strip()
    return float(min(int(text), MAX_RETRY_AFTER_S)) if text.isdigit() and len(text) < 9 else None
