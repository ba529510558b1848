"""The synthetic Hub as a source: crawled through the real client; the user's token stays out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mining.crawl.driver import crawl
from mining.crawl.progress import Progress
from mining.crawl.request import SAMPLE_SEED, Acquired, CrawlRequest, shelve
from mining.hub.client import HubClient
from mining.paths import Home
from mining.snapshot.reader import SYNTHETIC_MARK

SYNTHETIC = f"{SYNTHETIC_MARK}: made by the sample generator of this project; says nothing of real models"


def acquire(request: CrawlRequest, home: Home, *, progress: Progress | None, clock: Callable[[], datetime]) -> Acquired:
    """Snapshot of the sample; the contract is that of :class:`mining.source_contracts.SourceContract`."""
    from sample_hub import LoopbackHub, SampleHub

    plan, base = request.read()
    folder, reused = shelve(plan, home, request, clock)
    if reused is not None:
        return reused
    with (
        LoopbackHub(SampleHub(SAMPLE_SEED, request.sample_models), quota={}) as hub,
        HubClient(hub.endpoint, token=False, is_local=True, seed=request.seed) as client,
    ):
        tally = crawl(
            plan, folder, client=client, base=base, resume=request.resume, protocol_hash=request.protocol_hash,
            notes=(SYNTHETIC,), progress=progress, clock=clock,
        )  # fmt: skip
    return Acquired(folder, tally)
