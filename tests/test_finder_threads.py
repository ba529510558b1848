"""A finder sorts its spellings in as texts ask for them: threads that begin together find the same as one alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from mining.patterns import MANY, regex
from mining.vocab.finder import Finder, Match

THREADS, ROUNDS = 6, 20


@pytest.fixture(autouse=True)
def often_switched() -> Iterator[None]:
    """Threads take turns far more often than Python lets them, so that a race is run into."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_begin_together_find_the_same() -> None:
    spellings = {
        f"{first}{second}name {number}": f"{first}{second}"
        for number, first in enumerate("abcdefghij")
        for second in "klmnopqrst"
    }
    text = " and ".join(spellings)
    alone = Finder(spellings, {}).find(text)
    assert len(alone) == len(spellings)
    for _ in range(ROUNDS):
        finder, barrier = Finder(spellings, {}), Barrier(THREADS)

        def find(finder: Finder = finder, barrier: Barrier = barrier) -> list[Match]:
            barrier.wait()
            return finder.find(text)

        with ThreadPoolExecutor(THREADS) as pool:
            assert all(one.result() == alone for one in [pool.submit(find) for _ in range(THREADS)])


def test_stems_are_those_of_the_text_that_is_searched() -> None:
    first, second = regex(r"(heron)ry", stems="heron"), regex(r"(wren)let", stems="wren")
    texts = [f"{word} {number}" for number in range(50) for word in ("a heronry", "a wrenlet", "nothing")]
    for number in range(MANY + 1):
        first.search(f"text {number}")
    barrier = Barrier(THREADS)

    def look(shift: int) -> list[tuple[bool, bool]]:
        barrier.wait()
        return [
            (first.search(text) is not None, second.search(text) is not None)
            for _ in range(ROUNDS)
            for text in texts[shift:] + texts[:shift]
        ]

    with ThreadPoolExecutor(THREADS) as pool:
        found = [pool.submit(look, shift) for shift in range(THREADS)]
    for shift, one in enumerate(found):
        told = [("heronry" in text, "wrenlet" in text) for text in texts[shift:] + texts[:shift]]
        assert one.result() == told * ROUNDS
