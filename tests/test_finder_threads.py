"""A finder sorts its spellings in as texts ask for them: threads that begin together find the same as one alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from mining.vocab.finder import Finder, Match

THREADS, ROUNDS = 6, 20


def test_threads_that_begin_together_find_the_same() -> None:
    spellings = {f"{first}{second}name {number}": f"{first}{second}" for number, first in enumerate("abcdefghij")
                 for second in "klmnopqrst"}  # fmt: skip
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
