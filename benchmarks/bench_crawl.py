"""Measure the crawler against the loopback Hub: faults, kills, quota, memory; and project the time for the whole Hub.

Every figure is taken through real HTTP on this machine. Run ``python benchmarks/bench_crawl.py OUT.json [--quick]``.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.churning_hub import ChurningView
from mining.crawl import CrawlPlan, crawl, estimate, make_plan
from mining.crawl.cost import HUB_MODELS
from mining.hub import HubClient, RetryPolicy
from mining.snapshot import SnapshotReader
from mining.snapshot.journal import read_journal
from sample_hub import Faults, LoopbackHub, RecordHub, SampleHub

SEED = 7
# The victim's writes are slowed down, so that a kill has a fair chance to fall between the shard and the journal.
VICTIM = """
import os, sys, time
from pathlib import Path
import mining.snapshot.writer as writer
from mining.crawl import crawl, make_plan
from mining.hub import HubClient
whole = writer.write_all
def slow(handle, data):
    whole(handle, data[: len(data) // 2])
    time.sleep(float(sys.argv[3]))
    whole(handle, data[len(data) // 2 :])
    time.sleep(float(sys.argv[3]))
writer.write_all = slow
plan, _ = make_plan("census", sys.argv[4], source="sample")
client = HubClient(sys.argv[1], token=False, is_local=True)
print("ready", flush=True)
crawl(plan, Path(sys.argv[2]), client=client, resume=True)
"""
LISTER = """
import sys
from pathlib import Path
from mining.crawl import crawl, make_plan
from mining.hub import HubClient
plan, _ = make_plan("census", "none", source="sample")
crawl(plan, Path(sys.argv[2]), client=HubClient(sys.argv[1], token=False, is_local=True))
# The kernel's high-water mark since exec; getrusage would inherit that of the parent.
print(next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a snapshot but ``run.log``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "run.log")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def sample_plan(cards: str) -> CrawlPlan:
    return make_plan("census", cards, source="sample")[0]


def fault_test(models: int, cards: str = "reporters", share: float = 0.1) -> dict[str, Any]:
    """Crawl a Hub where a share of the answers is faulty and models appear and vanish.

    Count what is missing or twice.
    """
    faults = Faults(share=share, seed=SEED, stall_s=0.05, retry_after_s=0)
    sample = SampleHub(SEED, models)
    view = ChurningView(sample)
    with scratch() as folder, LoopbackHub(sample, quota={}, faults=faults, view=view) as hub:
        # which request meets which fault depends on the threads: with the usual tries for an answer of the wrong shape
        # one card in some thousand runs would rightly count as unreachable
        policy = RetryPolicy(base_s=0.01, cap_s=0.1, shape_attempts=8)
        client = HubClient(hub.endpoint, token=False, is_local=True, retry_policy=policy)
        tally = crawl(sample_plan(cards), folder / "s", client=client)
        reader = SnapshotReader(folder / "s")
        reader.verify()
        keys = [envelope.key for envelope in reader.envelopes("model")]
        throughout = view.throughout
        return {
            "models": models,
            "models_throughout": len(throughout),
            "models_missing": len(throughout - set(keys)),
            "models_twice": len(keys) - len(set(keys)),
            "faults_injected": dict(sorted(hub.counters.faults.items())),
            "unreachable": tally.failed.get("unreachable", 0) + tally.failed.get("unreadable", 0),
            "repeated_rows_dropped": tally.duplicates,
            "took_s": round(tally.took_s, 2),
        }


def kill_test(
    kills: int, models: int = 8_000, cards: str = "flagged", seed: int = SEED, slow_s: float = 0.3
) -> dict[str, Any]:
    """Kill a crawl again and again at random instants, resume it, and compare the end with an uninterrupted crawl."""
    rng = random.Random(seed)
    done = beyond = rounds = 0
    equal = True
    with scratch() as folder, LoopbackHub(prepared_hub(models), quota={}) as hub:
        reference = folder / "reference"
        crawl(sample_plan(cards), reference, client=HubClient(hub.endpoint, token=False, is_local=True))
        while done < kills:
            rounds += 1
            victim = folder / f"victim-{rounds}"
            while done < kills:
                outcome = _kill_once(
                    hub.endpoint, victim, slow_s, cards, rng.randint(1, 3), rng.uniform(0.0, 4 * slow_s)
                )
                if outcome is None:
                    break
                done += 1
                beyond += outcome
            last = _run_victim(hub.endpoint, victim, 0.0, cards)
            last.communicate()
            equal = equal and content(victim) == content(reference)
            SnapshotReader(victim).verify()
    return {
        "kills": done,
        "kills_beyond_journal": beyond,
        "rounds": rounds,
        "equal_to_uninterrupted": equal,
        "models": models,
    }


def prepared_hub(models: int) -> RecordHub:
    """The sample with its records made beforehand, so that a crawl spends its time writing.

    Not waiting for the server.
    """
    sample = SampleHub(SEED, models)
    records = [sample.record(index) for index in range(models)]
    files = {record["id"]: sample.files(index) for index, record in enumerate(records)}
    cards = {name: those["README.md"].decode() for name, those in files.items() if "README.md" in those}
    return RecordHub(records, cards)


def _run_victim(endpoint: str, folder: Path, slow_s: float, cards: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", VICTIM, endpoint, str(folder), str(slow_s), cards]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _kill_once(endpoint: str, folder: Path, slow_s: float, cards: str, pages: int, after_s: float) -> bool | None:
    """Kill a run some pages and a random time after it began.

    Returns:
        Whether a shard was longer than the journal confirms; None where the run ended before.
    """
    victim = _run_victim(endpoint, folder, slow_s, cards)
    assert victim.stdout is not None
    victim.stdout.readline()
    victim.stdout.close()
    goal = _confirmed_pages(folder) + pages
    while _confirmed_pages(folder) < goal and victim.poll() is None:
        time.sleep(0.005)
    with contextlib.suppress(subprocess.TimeoutExpired):
        victim.wait(after_s)
        return None
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    return is_beyond(folder)


def _confirmed_pages(folder: Path) -> int:
    """Lines of the journal."""
    try:
        return (folder / "journal.jsonl").read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def is_beyond(folder: Path) -> bool:
    """Whether a shard holds bytes that the journal does not confirm."""
    if not (folder / "journal.jsonl").exists():
        return False
    state, _ = read_journal(folder)
    confirmed = {name: extent.size_bytes for name, extent in state.shards.items()}
    return any(path.stat().st_size > confirmed.get(path.name, 0) for path in (folder / "shards").iterdir())


class FastTime:
    """A clock that runs faster on both sides, for concurrent crawls."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def clock(self) -> float:
        """Seconds that passed, by this clock."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        """Let seconds of this clock pass."""
        time.sleep(seconds / self.speed)


class StillTime:
    """A clock that moves only when the crawler sleeps or an answer takes its time.

    The load of the machine plays no part.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        """Seconds that passed, by this clock."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let seconds of this clock pass."""
        self.now += seconds


def quota_test(
    models: int,
    quota: dict[str, int],
    *,
    speed: float | None = None,
    cards: str = "sample:300",
    workers: int = 8,
    count_cache: bool = True,
) -> dict[str, Any]:
    """Crawl under the real windows of 300 s; the server's own count is the witness.

    Args:
        models: Size of the Hub.
        quota: Requests per window, by bucket.
        speed: Factor by which the clock runs faster; None for a clock that moves only when the crawler sleeps, with one
            worker.
        cards: Cards to fetch.
        workers: Concurrent requests, where the clock runs.
        count_cache: Whether the server counts the address behind a resolver redirect too.
    """
    hours = StillTime() if speed is None else FastTime(speed)
    with (
        scratch() as folder,
        LoopbackHub(SampleHub(SEED, models), quota=quota, clock=hours.clock, count_cache=count_cache) as hub,
    ):
        workers = 1 if speed is None else workers
        client = HubClient(
            hub.endpoint, token=False, is_local=True, clock=hours.clock, sleep=hours.sleep, workers=workers
        )
        tally = crawl(sample_plan(cards), folder / "s", client=client)
        used = {bucket: list(hub.counters.windows(bucket).values()) for bucket in quota}
        bound = {bucket: binding_windows(hub.counters.windows(bucket), quota[bucket]) for bucket in quota}
        return {
            "models": models,
            "clock": "still" if speed is None else f"{speed:g} times",
            "workers": workers,
            "quota_per_window": quota,
            "requests_per_window": used,
            "used_share_where_quota_binds": {bucket: share for bucket, share in bound.items() if share is not None},
            "answers_429": hub.counters.too_many,
            "list_requests": hub.counters.kinds["list"],
            "list_requests_allowed": math.ceil(models / 1000) + 2,
            "failed": tally.failed,
        }


def binding_windows(windows: dict[int, int], quota: int) -> float | None:
    """Share of the quota used in the windows between the first and the last full one; None where it never bound."""
    full = [number for number, count in windows.items() if count >= 0.9 * quota]
    if len(full) < 2:
        return None
    span = range(full[0], full[-1] + 1)
    return sum(windows.get(number, 0) for number in span) / (quota * len(span))


def memory_test(sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    """Peak memory of the crawling process for growing Hubs (the server runs in another process)."""
    rows = []
    for models in sizes:
        with scratch() as folder, LoopbackHub(SampleHub(SEED, models), quota={}) as hub:
            began = time.monotonic()
            arguments = [sys.executable, "-c", LISTER, hub.endpoint, str(folder / "s")]
            done = subprocess.run(arguments, check=True, capture_output=True, text=True)
            took_s = time.monotonic() - began
            size_bytes = sum(path.stat().st_size for path in (folder / "s").rglob("*") if path.is_file())
            requests = hub.counters.kinds["list"]
        rows.append(
            {
                "models": models,
                "peak_bytes": int(done.stdout.split()[-1]),
                "snapshot_bytes": size_bytes,
                "took_s": round(took_s, 1),
                "list_requests": requests,
            }
        )
    return rows


def projection() -> list[dict[str, Any]]:
    """Time to list the whole Hub by tier and seconds a page, and which of quota and latency binds."""
    plan, _ = make_plan("census", "none")
    return [
        {"tier": tier.tier, "page_s": latency_s, "total_s": round(tier.total_s, 1), "binds": tier.binds}
        for latency_s in (0.3, 1.0, 3.0)
        for tier in estimate(plan, latency_s=latency_s).tiers
        if tier.tier in ("anonymous", "free", "PRO")
    ]


def main(out: Path, quick: bool = False) -> None:
    """Run everything and write one JSON file."""
    steps: dict[str, Callable[[], Any]] = {
        "faults": lambda: fault_test(5_000 if quick else 20_000),
        "kills": lambda: kill_test(5, 4_000) if quick else kill_test(30),
        "quota_listing": lambda: quota_test(
            20_000 if quick else 100_000, {"api": 10, "resolvers": 3_000}, cards="none"
        ),
        "quota_concurrent": lambda: quota_test(5_000 if quick else 20_000, {"api": 20, "resolvers": 60}, speed=50),
        "memory": lambda: memory_test((10_000, 50_000) if quick else (10_000, 100_000, 1_000_000)),
        "projection_models": lambda: HUB_MODELS,
        "projection": projection,
    }
    results = {name: step() for name, step in steps.items()}
    results["machine_cores"] = os.cpu_count()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), quick="--quick" in sys.argv)
