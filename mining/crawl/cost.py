"""What a plan will cost before it is carried out: requests, time, and which of quota and latency binds."""

from __future__ import annotations

import math

from msgspec import Struct

from mining.crawl.plan import CrawlPlan

WINDOW_S = 300
# Public models on 1 September 2026, by harvardMadsys/hf-hub-characterization.
HUB_MODELS = 3_034_516
# Assumptions, printed with the estimate: 1,419 tagged models in 2023; the number today is not known before it is asked.
ASSUMED_REPORTERS = 10_000
ASSUMED_SUSPECT_SHARE = 0.05
ASSUMED_AUTHOR_MODELS = 1_000
PAGE_ROWS = 1_000

# Requests per window of 300 s: API calls, resolver calls. hub-docs, docs/hub/rate-limits.md, August 2026.
TIERS = {
    "anonymous": (500, 3_000),
    "free": (1_000, 5_000),
    "PRO": (2_500, 12_000),
    "Team": (3_000, 20_000),
    "Enterprise": (6_000, 50_000),
    "Enterprise Plus": (10_000, 100_000),
    "Academia Hub": (3_000, 20_000),
}


class TierTime(Struct, frozen=True):
    """Time in one tier.

    Attributes:
        tier: Name of the tier.
        quota_s: Seconds that the rate limit alone costs.
        latency_s: Seconds that the answers alone cost.
        binds: ``quota`` or ``latency``.
    """

    tier: str
    quota_s: float
    latency_s: float

    @property
    def total_s(self) -> float:
        """The larger of the two."""
        return max(self.quota_s, self.latency_s)

    @property
    def binds(self) -> str:
        """Which of the two it is."""
        return "quota" if self.quota_s > self.latency_s else "latency"


class CrawlCost(Struct, frozen=True):
    """Cost of a plan.

    Attributes:
        models: Models expected.
        list_requests: Pages of the listing, or single calls for ``ids``.
        api_requests: API calls, the listing included.
        resolver_requests: Files fetched by resolver.
        tiers: Time per tier.
        assumptions: What had to be assumed.
    """

    models: int
    list_requests: int
    api_requests: int
    resolver_requests: int
    tiers: tuple[TierTime, ...]
    assumptions: tuple[str, ...]


def estimate(plan: CrawlPlan, *, latency_s: float = 1.0, workers: int = 8, models: int | None = None) -> CrawlCost:
    """Estimate the cost of a plan without asking anything.

    Args:
        plan: The plan.
        latency_s: Seconds one answer takes.
        workers: Concurrent calls for cards and details; the listing goes page by page.
        models: Models there are, where that is known.
    """
    count, assumptions = _models(plan, models)
    is_single = plan.frame == "ids"
    pages = count if is_single else math.ceil(count / PAGE_ROWS)
    reporters, cards, more = _cards(plan, count)
    details = 0 if is_single else reporters
    api = pages + details
    tiers = []
    for tier, (api_quota, resolver_quota) in TIERS.items():
        quota_s = max(_windows_s(api, api_quota), _windows_s(cards, resolver_quota))
        side_by_side = (pages if is_single else 0) + details + cards
        latency = (0 if is_single else pages * latency_s) + side_by_side * latency_s / workers
        tiers.append(TierTime(tier, quota_s, latency))
    return CrawlCost(count, pages, api, cards, tuple(tiers), tuple(assumptions + more))


def _models(plan: CrawlPlan, known: int | None) -> tuple[int, list[str]]:
    """Models expected, and what was assumed for it."""
    assumptions = []
    if plan.frame == "ids":
        count = len(plan.ids)
    elif known is not None:
        count = known
    elif plan.frame == "reporters":
        count = ASSUMED_REPORTERS
        assumptions.append(f"{count:,} reporters (1,419 in 2023; today's number is not known before it is asked)")
    elif plan.frame == "author":
        count = ASSUMED_AUTHOR_MODELS
        assumptions.append(f"{count:,} models of the author")
    else:
        count = HUB_MODELS
        assumptions.append(f"{count:,} public models (1 September 2026)")
    return min(count, plan.max_models or count), assumptions


def _cards(plan: CrawlPlan, count: int) -> tuple[int, int, list[str]]:
    """Reporters that get an info call, cards expected, and what was assumed for it."""
    if plan.cards == ("none",):
        return 0, 0, []
    assumptions = []
    reporters = count if plan.frame == "reporters" else min(ASSUMED_REPORTERS, count)
    if plan.frame != "reporters":
        assumptions.append(f"{reporters:,} of them reporters")
    cards = 0
    if "reporters" in plan.cards or "flagged" in plan.cards:
        cards = reporters
    if "flagged" in plan.cards:
        cards = min(count, cards + math.ceil(ASSUMED_SUSPECT_SHARE * count))
        assumptions.append(f"{ASSUMED_SUSPECT_SHARE:.0%} of the models look as if their card reports")
    if "sample" in plan.cards:
        cards = min(count, cards + plan.sample_size)
    return reporters, count if "all" in plan.cards else cards, assumptions


def _windows_s(requests: int, quota: int) -> float:
    """Seconds until the last request may be sent: every window but the last is waited for."""
    return max(0, math.ceil(requests / quota) - 1) * WINDOW_S


def words(seconds: float) -> str:
    """A duration for people."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} d"


def lines(plan: CrawlPlan, cost: CrawlCost, latency_s: float) -> list[str]:
    """The dry run in words."""
    requests = (
        f"list requests {cost.list_requests:,} · API requests {cost.api_requests:,} · resolver requests "
        f"{cost.resolver_requests:,}"
    )
    head = [
        f"plan {plan.hash}: {plan.frame} from {plan.source}, cards: {', '.join(plan.cards)}",
        f"models {cost.models:,} · {requests}",
        *(f"assumed: {text}" for text in cost.assumptions),
        f"time at {latency_s:g} s an answer = max(quota, requests × latency):",
    ]
    rows = [
        f"  {tier.tier:<16} {words(tier.total_s):>8}   quota {words(tier.quota_s)}, latency {words(tier.latency_s)}: "
        f"{tier.binds} binds"
        for tier in cost.tiers
    ]
    return head + rows
