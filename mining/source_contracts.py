"""What every source of snapshots promises: how it is fetched, whether it can be resumed, and what it can say.

One table for the whole project; nothing else branches on the name of a source.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mining.errors import UsageError
from mining.fields import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mining.crawl.progress import Progress
    from mining.crawl.request import Acquired, CrawlRequest
    from mining.paths import Home


class SourceContract(Struct, frozen=True, kw_only=True):
    """One source.

    Attributes:
        name: Name on the command line and in every record.
        module: Module whose ``acquire(request, home, progress=, clock=)`` gives a complete snapshot.
        usual_plan: Plan of ``study`` where the user names none: on the real Hub the tagged models, which takes minutes.
        usual_cards: Cards where the user names none.
        needs_origin: What ``--from`` has to name; empty where the source has a public origin.
        is_crawled: Whether a plan is carried out page by page, so that its cost can be told beforehand.
        is_resumable: Whether a stopped fetch goes on where it was.
        is_dated: Whether the name of a snapshot tells its day, because the next day's differs.
        is_synthetic: Whether the data is made up.
        is_on_hub: Whether the names are those of models on the real Hub.
        has_cards: Whether the snapshot holds the cards of its models.
        has_revisions: Whether records carry revisions, so that ``since:`` can compare.
        has_licences: Whether it would tell a licence that is stated.
        has_published_tables: Whether it holds the tables of the 2023 study.
    """

    name: Source
    module: str
    usual_plan: str = "census"
    usual_cards: str | None = None
    needs_origin: str = ""
    is_crawled: bool = False
    is_resumable: bool = True
    is_dated: bool = False
    is_synthetic: bool = False
    is_on_hub: bool = False
    has_cards: bool = True
    has_revisions: bool = True
    has_licences: bool = True
    has_published_tables: bool = False

    def acquire(
        self, request: CrawlRequest, home: Home, *, progress: Progress | None, clock: Callable[[], datetime]
    ) -> Acquired:
        """A complete snapshot; the module of the source is imported only now.

        Args:
            request: What is asked for.
            home: Data folder that the snapshot is written below.
            progress: Where to show progress.
            clock: Wall clock, for ``run.log``, the age, and the date in a name.
        """
        module: Any = import_module(self.module)
        acquired: Acquired = module.acquire(request, home, progress=progress, clock=clock)
        return acquired


SOURCES: dict[str, SourceContract] = {
    one.name: one
    for one in (
        SourceContract(
            name="sample", module="mining.sources.sample", usual_cards="flagged", is_crawled=True, is_synthetic=True
        ),
        SourceContract(
            name="published", module="mining.sources.published", is_resumable=False,
            has_cards=False, has_revisions=False, has_licences=False, has_published_tables=True,
        ),
        SourceContract(
            name="hub", module="mining.sources.hub", usual_plan="reporters", usual_cards="reporters",
            is_crawled=True, is_dated=True, is_on_hub=True,
        ),
        SourceContract(name="dump", module="mining.sources.dump", usual_cards="all", is_on_hub=True),
        SourceContract(
            name="cards", module="mining.sources.cards", usual_cards="all", has_revisions=False,
            needs_origin="DIR, a folder of README.md files",
        ),
    )
}  # fmt: skip

SOURCE_NAMES = tuple(SOURCES)


def source_of(name: str) -> SourceContract:
    """Contract of a source.

    Raises:
        UsageError: Nothing is known of a source of that name (a snapshot of a later version).

    >>> source_of("published").has_cards
    False
    """
    if name not in SOURCES:
        raise UsageError(f"no source '{name}': {', '.join(SOURCES)}")
    return SOURCES[name]
