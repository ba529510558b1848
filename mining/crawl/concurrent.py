"""Asking for many things at once without losing their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 8


def in_order(ask: Callable[[Item], Result], items: Iterable[Item], *, workers: int) -> Iterator[Result]:
    """Results in the order of the items, a bounded number of questions ahead.

    Args:
        ask: Asks for one item; called from several threads.
        items: What to ask for, consumed lazily.
        workers: Threads.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="hub")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(ask, item))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
