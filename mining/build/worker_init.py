"""How a process that only builds is started."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
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


def worker_init() -> None:
    """What every process of a build begins with: no pandas; the interrupt is left to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    without_pandas()


def without_pandas() -> None:
    """Keep pandas out of this process.

    Arrow imports it where it is installed before it makes its first array of Python objects, only to ask whether they
    are frames: a second and 60 MB for each process. Arrow also works where pandas is not installed, which is what it is
    told here; for a process of our own only, since it never asks again.
    """
    sys.meta_path.insert(0, _Refusal())
