"""What a user wishes for, and where its snapshot lies: to be reused, resumed or begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from mining.crawl.plan import CrawlPlan, make_plan
from mining.crawl.tally import Tally
from mining.errors import UsageError
from mining.paths import RAW, Home
from mining.schema import Source
from mining.snapshot import Shelf, SnapshotWriter
from mining.snapshot.shelf import age
from mining.source_contracts import source_of

SAMPLE_SEED = 7
SAMPLE_MODELS = 5_000


class CrawlRequest(Struct, frozen=True, kw_only=True):
    """What a user asks a crawl for.

    Attributes:
        source: Where to take the records from.
        plan: Which models, as written by the user.
        cards: Which cards, as written by the user; None for what suits the source.
        origin: Folder or file to read instead of the network, for ``dump`` and ``cards``.
        endpoint: Address of the Hub; None for the one ``huggingface_hub`` knows.
        max_models: No more models than this.
        seed: Seed of the card sample.
        sample_models: Size of the synthetic Hub.
        refresh: Crawl anew although a complete snapshot lies there.
        resume: Go on with a partial snapshot of the same plan.
        protocol_hash: Hash of the study protocol.
        verified: Refuse published files that are not the pinned ones.
    """

    source: Source = "hub"
    plan: str = "census"
    cards: str | None = None
    origin: str | None = None
    endpoint: str | None = None
    max_models: int | None = None
    seed: int = 0
    sample_models: int = SAMPLE_MODELS
    refresh: bool = False
    resume: bool = False
    protocol_hash: str | None = None
    verified: bool = True

    def read(self) -> tuple[CrawlPlan, Path | None]:
        """The plan, and the snapshot it compares with."""
        detail, contract = {}, source_of(self.source)
        if contract.is_synthetic:
            detail = {"sample_seed": str(SAMPLE_SEED), "sample_models": str(self.sample_models)}
        cards = self.cards or contract.usual_cards or "reporters"
        return make_plan(
            self.plan, cards, source=self.source, max_models=self.max_models, seed=self.seed, detail=detail
        )


class Acquired(Struct, frozen=True):
    """A complete snapshot.

    Attributes:
        folder: Its folder.
        tally: Account of the crawl; None where the snapshot lay there already.
        age: Age of a snapshot that lay there already, as far as its ``run.log`` tells.
    """

    folder: Path
    tally: Tally | None = None
    age: timedelta | None = None


def shelve(
    plan: CrawlPlan, home: Home, request: CrawlRequest, clock: Callable[[], datetime], name: str | None = None
) -> tuple[Path, Acquired | None]:
    """Folder for a plan: a complete snapshot to reuse, a partial one to resume, or a new one.

    Returns:
        The folder, and the finished snapshot where nothing is left to do.

    Raises:
        UsageError: A partial snapshot lies there and ``resume`` is not set.
    """
    shelf = Shelf(home.root / RAW)
    partial = shelf.partial(plan.hash)
    complete = None if request.refresh else shelf.complete(plan.hash)
    if complete is not None:
        SnapshotWriter.tidy(complete)
        return complete, Acquired(complete, None, age(complete, clock()))
    if partial is not None and request.resume:
        return partial, None
    if partial is not None and not request.refresh:
        raise UsageError(
            f"an unfinished snapshot of this plan is in {partial}: continue with --resume, or restart with --refresh"
        )
    date = f"{clock():%Y-%m-%d}-" if source_of(plan.source).is_dated else ""
    return shelf.new(name or f"{plan.source}-{date}{plan.hash[:8]}"), None
