"""Crawling: a plan is carried out page by page into a snapshot, and can be killed and resumed at any instant."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.crawl.cost import Estimate, estimate
    from mining.crawl.driver import crawl
    from mining.crawl.plan import CrawlPlan, make_plan
    from mining.crawl.progress import Progress
    from mining.crawl.request import Acquired, CrawlRequest
    from mining.crawl.tally import Tally

__all__ = ["Acquired", "CrawlPlan", "CrawlRequest", "Estimate", "Progress", "Tally", "crawl", "estimate", "make_plan"]

_HOMES = {
    "CrawlPlan": "plan",
    "Estimate": "cost",
    "Acquired": "request",
    "Progress": "progress",
    "Tally": "tally",
    "CrawlRequest": "request",
    "crawl": "driver",
    "estimate": "cost",
    "make_plan": "plan",
}


def __getattr__(name: str) -> Any:
    """Import a public name only when it is used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
