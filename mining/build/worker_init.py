"""How processes that only build are started, and how they end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from types import ModuleType

UNWANTED = "pandas"


class _Refusal(MetaPathFinder):
    """Says of one module that it is not there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse the unwanted module and leave all others to the next finder.

        Raises:
            ModuleNotFoundError: The module is the unwanted one.
        """
        if fullname == UNWANTED:
            raise ModuleNotFoundError(f"No module named {fullname!r} in a process that only builds", name=fullname)
        return None


@contextmanager
def processes(count: int | None) -> Iterator[ProcessPoolExecutor]:
    """Processes of this machine.

    They are deaf to the interrupt from their first moment on (it is for the one that started them), are ended where
    anything goes wrong, and end by themselves where the one that started them was killed.

    Args:
        count: How many; None for one on each core.
    """
    context = multiprocessing.get_context("spawn")
    count = count or os.cpu_count() or 1
    with ProcessPoolExecutor(count, mp_context=context, initializer=_worker_init) as pool:
        try:
            _started(pool, count)
            yield pool
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _started(pool: ProcessPoolExecutor, count: int) -> None:
    """Start the processes while the interrupt is held back, which they inherit.

    The executor starts one for each task that finds none idle.
    """
    resource_tracker.ensure_running()  # starting it lets the interrupt through again
    with _interrupt_later():
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(count):
                pool.submit(os.getpid)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def _interrupt_later() -> Iterator[None]:
    """Answer an interrupt only afterwards.

    One that came through another thread would leave a process without its first words.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _worker_init() -> None:
    """What every process begins with: no pandas, and an eye on the process that started it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    without_pandas()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def without_pandas() -> None:
    """Keep pandas out of this process.

    Arrow imports it where it is installed before it makes its first array of Python objects, only to ask whether they
    are frames: a second and 60 MB for each process. Arrow also works where pandas is not installed, which is what it is
    told here; for a process of our own only, since it never asks again.
    """
    sys.meta_path.insert(0, _Refusal())
