"""From the name of a source to a complete snapshot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from mining.crawl.request import Acquired, CrawlRequest
from mining.paths import Home
from mining.snapshot.writer import utc_now
from mining.source_contracts import source_of

if TYPE_CHECKING:
    from mining.crawl.progress import Progress


def acquire(
    request: CrawlRequest, home: Home, *, progress: Progress | None = None, clock: Callable[[], datetime] = utc_now
) -> Acquired:
    """A complete snapshot of what is wished for: one that lies there, or a new one.

    Args:
        request: What is asked for.
        home: Data folder that the snapshot is written below.
        progress: Where to show progress.
        clock: Wall clock, for ``run.log``, the age, and the date in the name of a Hub snapshot.

    Raises:
        UsageError: The request is not understood, or a partial snapshot of the plan lies there and ``resume`` is not
            set.
        CouldNotLookError: The source cannot be reached.
    """
    return source_of(request.source).acquire(request, home, progress=progress, clock=clock)
