"""The purse per rate-limit bucket: spends a window, sleeps to its end, and never trusts a stale count."""

from __future__ import annotations

import threading

import pytest
from huggingface_hub.utils import RateLimitInfo
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.hub.rate_limiter import RateLimiter


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.now += seconds


class Window:
    """The server's side: a fixed window that counts."""

    def __init__(self, time: Time, quota: int, window_s: int = 300) -> None:
        self.time, self.quota, self.window_s = time, quota, window_s
        self.counts: dict[int, int] = {}

    def ask(self) -> RateLimitInfo:
        number, passed = divmod(self.time.now, self.window_s)
        self.counts[int(number)] = self.counts.get(int(number), 0) + 1
        left = self.quota - self.counts[int(number)]
        assert left >= 0, "429"
        return RateLimitInfo("api", left, int(self.window_s - passed), self.quota, self.window_s)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 200), st.floats(0, 299), st.floats(0, 20))
def test_a_lone_client_uses_every_request_of_every_window_and_none_too_many(
    quota: int, requests: int, start: float, latency: float
) -> None:
    time = Time(300_000 + start)
    server, limiter = Window(time, quota), RateLimiter(time, time.sleep)
    for _ in range(requests):
        ticket = limiter.take()
        time.now += latency
        limiter.give_back(ticket, server.ask())
    if latency == 0:
        full = sorted(server.counts)[:-1]
        assert all(server.counts[number] == quota for number in full)


def test_it_sleeps_to_the_end_of_the_window_and_not_longer_than_the_rounding() -> None:
    time = Time(300_000.0)
    server, limiter = Window(time, 2), RateLimiter(time, time.sleep)
    for _ in range(3):
        limiter.give_back(limiter.take(), server.ask())
    assert 300 <= sum(time.slept) <= 301
    assert 300 <= limiter.waited_s <= 301


def test_an_answer_that_overtakes_another_does_not_give_requests_back() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.give_back(limiter.take(), RateLimitInfo("api", 10, 100, 11, 300))
    first, second = limiter.take(), limiter.take()
    limiter.give_back(second, RateLimitInfo("api", 8, 100, 11, 300))
    limiter.give_back(first, RateLimitInfo("api", 9, 100, 11, 300))
    assert limiter.left == 8


def test_what_others_spend_on_the_same_address_is_believed() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.give_back(limiter.take(), RateLimitInfo("api", 10, 100, 11, 300))
    limiter.give_back(limiter.take(), RateLimitInfo("api", 3, 100, 11, 300))
    assert limiter.left == 3


def test_a_late_answer_from_the_window_before_is_ignored() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.give_back(limiter.take(), RateLimitInfo("api", 10, 299, 11, 300))
    late = limiter.take()
    limiter.give_back(late, RateLimitInfo("api", 0, 0, 11, 300))
    assert limiter.left == 9


def test_a_server_without_headers_is_not_metered() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.give_back(limiter.take(), None)
    for _ in range(10_000):
        limiter.give_back(limiter.take(), None)
    assert time.slept == []
    assert limiter.left is None


def test_a_request_without_answer_concludes_nothing_and_a_refund_counts() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.give_back(limiter.take(), None, answered=False)
    limiter.give_back(limiter.take(), RateLimitInfo("api", 5, 100, 11, 300))
    limiter.give_back(limiter.take(), None, refund=True)
    assert limiter.left == 5


def test_retry_after_blocks_the_whole_bucket() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.block(17.0)
    limiter.take()
    assert sum(time.slept) == pytest.approx(17.0)


def test_a_new_window_begins_with_one_request() -> None:
    time = Time()
    limiter = RateLimiter(time, time.sleep)
    limiter.give_back(limiter.take(), RateLimitInfo("api", 5, 10, 11, 300))
    time.now += 20
    probe = limiter.take()
    waiting = threading.Thread(target=limiter.take, daemon=True)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    limiter.give_back(probe, RateLimitInfo("api", 10, 290, 11, 300))
    waiting.join(5)
    assert not waiting.is_alive()
    assert limiter.left == 9
