"""From the name of a source to a complete snapshot: the one place that knows every source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from mining.crawl.driver import crawl
from mining.crawl.plan import CrawlPlan
from mining.crawl.progress import Progress
from mining.crawl.request import SAMPLE_SEED, Acquired, CrawlRequest, shelve
from mining.crawl.tally import Tally
from mining.errors import UsageError
from mining.hub.client import HubClient
from mining.paths import Home
from mining.snapshot.reader import SYNTHETIC_MARK
from mining.snapshot.writer import utc_now

SYNTHETIC = f"{SYNTHETIC_MARK}: made by the sample generator of this project; says nothing of real models"


def acquire(
    request: CrawlRequest, home: Home, *, progress: Progress | None = None, clock: Callable[[], datetime] = utc_now
) -> Acquired:
    """A complete snapshot of what is wished for: one that lies there, or a new one.

    Args:
        request: What is asked for; every source but ``published``.
        home: Data folder that the snapshot is written below.
        progress: Where to show progress.
        clock: Wall clock, for ``run.log``, the age, and the date in the name of a Hub snapshot.

    Raises:
        UsageError: The request is not understood, or a partial snapshot of the plan lies there and ``resume`` is not
            set.
        CouldNotLookError: The source cannot be reached.
    """
    if request.source == "dump":
        from mining.sources.dump import acquire_dump

        return acquire_dump(request, home, progress=progress, clock=clock)
    if request.source == "cards":
        from mining.sources.cards import acquire_cards

        return acquire_cards(request, home, clock=clock)
    if request.source == "published":
        raise UsageError("the published files are fetched, not crawled")
    plan, base = request.read()
    folder, reused = shelve(plan, home, request, clock)
    if reused is not None:
        return reused
    if request.source == "sample":
        return Acquired(folder, _crawl_sample(request, plan, base, folder, progress, clock))
    client = HubClient(request.endpoint, seed=request.seed)
    tally = crawl(
        plan,
        folder,
        client=client,
        base=base,
        resume=request.resume,
        protocol_hash=request.protocol_hash,
        progress=progress,
        clock=clock,
    )
    return Acquired(folder, tally)


def _crawl_sample(
    request: CrawlRequest,
    plan: CrawlPlan,
    base: Path | None,
    folder: Path,
    progress: Progress | None,
    clock: Callable[[], datetime],
) -> Tally:
    """Crawl the synthetic Hub through the real client; the user's token stays out of it."""
    from sample_hub import LoopbackHub, SampleHub

    with (
        LoopbackHub(SampleHub(SAMPLE_SEED, request.sample_models), quota={}) as hub,
        HubClient(hub.endpoint, token=False, is_local=True, seed=request.seed) as client,
    ):
        return crawl(
            plan,
            folder,
            client=client,
            base=base,
            resume=request.resume,
            protocol_hash=request.protocol_hash,
            notes=(SYNTHETIC,),
            progress=progress,
            clock=clock,
        )
