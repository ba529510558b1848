"""Acceptance in small: faults, kills, quota. The same functions run in full in benchmarks/bench_crawl.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from present import present

from mining.crawl import estimate, make_plan
from mining.crawl.cost import lines, words


@pytest.fixture(scope="module")
def bench(project_dir: Path) -> ModuleType:
    path = project_dir / "benchmarks/bench_crawl.py"
    if not path.is_file():
        pytest.skip("the benchmarks are not part of this installation")
    spec = present(importlib.util.spec_from_file_location("bench_crawl", path))
    module = importlib.util.module_from_spec(spec)
    present(spec.loader).exec_module(module)
    return module


def test_with_one_answer_in_ten_faulty_every_lasting_model_is_there_once(bench: ModuleType) -> None:
    found = bench.fault_test(3_000, share=0.2)
    assert found["models_missing"] == 0
    assert found["models_twice"] == 0
    assert found["unreachable"] == 0
    assert sum(found["faults_injected"].values()) > 10


@pytest.mark.slow
def test_killed_at_random_instants_and_resumed_equals_uninterrupted(bench: ModuleType) -> None:
    found = bench.kill_test(5, models=3_000, slow_s=0.2)
    assert found["kills"] == 5
    assert found["equal_to_uninterrupted"]
    assert found["kills_beyond_journal"] >= 1


@pytest.mark.parametrize("quota", [{"api": 5, "resolvers": 3_000}, {"api": 500, "resolvers": 16}])
def test_the_quota_is_used_up_and_never_exceeded_by_the_servers_own_count(
    bench: ModuleType, quota: dict[str, int]
) -> None:
    found = bench.quota_test(2_000, quota, cards="sample:60")
    assert found["answers_429"] == 0
    (share,) = found["used_share_where_quota_binds"].values()
    assert share == 1.0
    assert found["list_requests"] <= found["list_requests_allowed"]


def test_concurrent_requests_never_exceed_the_quota(bench: ModuleType) -> None:
    found = bench.quota_test(1_000, {"api": 25, "resolvers": 40}, speed=100, cards="sample:120")
    assert found["answers_429"] == 0
    assert found["failed"].get("unreachable", 0) == 0


def test_memory_does_not_grow_with_the_hub(bench: ModuleType) -> None:
    small, large = bench.memory_test((2_000, 8_000))
    assert large["peak_bytes"] < 1.15 * small["peak_bytes"]


def test_the_whole_hub_by_tier_and_seconds_a_page() -> None:
    plan, _ = make_plan("census", "none")
    by_tier = {tier.tier: tier for tier in estimate(plan, latency_s=0.1).tiers}
    # 3,035 pages: 7, 4 and 2 windows of 300 s, of which all but the last are waited for.
    assert [by_tier[tier].quota_s for tier in ("anonymous", "free", "PRO")] == [1800, 900, 300]
    assert by_tier["anonymous"].binds == "quota"
    assert {tier.binds for tier in estimate(plan, latency_s=3).tiers} == {"latency"}
    assert estimate(plan).list_requests == 3035
    said = lines(plan, estimate(plan), 1.0)
    assert any("quota 30 min" in line and "latency binds" in line for line in said)


@pytest.mark.parametrize(
    ("plan", "cards", "list_requests", "resolver_requests"),
    [
        ("census", "all", 3035, 3_034_516),
        ("reporters", "reporters", 10, 10_000),
        ("author:x", "sample:5", 1, 5),
        ("census", "none", 3035, 0),
    ],
)
def test_requests_are_counted_before_they_are_made(
    plan: str, cards: str, list_requests: int, resolver_requests: int
) -> None:
    cost = estimate(make_plan(plan, cards)[0])
    assert (cost.list_requests, cost.resolver_requests) == (list_requests, resolver_requests)
    assert cost.assumptions


def test_durations_are_said_for_people() -> None:
    assert [words(s) for s in (3, 600, 7200, 10 * 86400)] == ["3 s", "10 min", "2.0 h", "10.0 d"]
