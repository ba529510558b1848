"""Asking for many things at once without losing their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 8


def in_order(ask: Callable[[Item], Result], items: Iterable[Item], *, workers: int) -> Iterator[Result]:
    """Results in the order of the items, a bounded number of questions ahead.

    The threads are daemons: one that waits for a server does not hold up the end of the program (an executor's threads
    would).

    Args:
        ask: Asks for one item; called from several threads.
        items: What to ask for, consumed lazily.
        workers: Threads.
    """
    tasks: SimpleQueue[tuple[Item, Future[Result]] | None] = SimpleQueue()
    waiting: deque[Future[Result]] = deque()
    threads = 0
    try:
        for item in items:
            future: Future[Result] = Future()
            waiting.append(future)
            tasks.put((item, future))
            if threads < min(workers, len(waiting)):
                threads += 1
                Thread(target=_work, args=(ask, tasks), name=f"hub-{threads}", daemon=True).start()
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        for _ in range(threads):
            tasks.put(None)


def _work(ask: Callable[[Item], Result], tasks: SimpleQueue[tuple[Item, Future[Result]] | None]) -> None:
    """What one thread does until there is nothing left."""
    while (task := tasks.get()) is not None:
        item, future = task
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(ask(item))
        except BaseException as error:
            future.set_exception(error)
