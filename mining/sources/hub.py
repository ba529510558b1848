"""The real Hub as a source: a plan carried out page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mining.crawl.driver import crawl
from mining.crawl.progress import Progress
from mining.crawl.request import Acquired, CrawlRequest, shelve
from mining.hub.client import HubClient
from mining.paths import Home


def acquire(request: CrawlRequest, home: Home, *, progress: Progress | None, clock: Callable[[], datetime]) -> Acquired:
    """Snapshot of the Hub; the contract is that of :class:`mining.source_contracts.SourceContract`."""
    plan, base = request.read()
    folder, reused = shelve(plan, home, request, clock)
    if reused is not None:
        return reused
    client = HubClient(request.endpoint, seed=request.seed)
    tally = crawl(
        plan, folder, client=client, base=base, resume=request.resume, protocol_hash=request.protocol_hash,
        progress=progress, clock=clock,
    )  # fmt: skip
    return Acquired(folder, tally)
