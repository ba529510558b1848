"""How fast the synthetic sample is generated and served: records/s, cards/s, pages/s, memory, on one core."""

from __future__ import annotations

import http.client
import json
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from sample_hub import LoopbackHub, SampleHub

MODELS = 3_000_000
FIELDS = (
    "author", "baseModels", "cardData", "config", "createdAt", "disabled", "downloads", "downloadsAllTime", "gated",
    "gguf", "lastModified",
    "library_name", "likes", "model-index", "pipeline_tag", "private", "safetensors", "sha", "siblings", "tags",
    "trendingScore",
)  # fmt: skip


def rate(act: Callable[[int], object], count: int, rounds: int = 3) -> tuple[float, float]:
    """Calls per second by wall clock and by processor time; the best of some rounds (the machine may be shared)."""
    best_wall = best_cpu = 0.0
    for turn in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        for number in range(count):
            act(turn * count + number)
        best_wall = max(best_wall, count / (time.perf_counter() - wall))
        best_cpu = max(best_cpu, count / (time.process_time() - cpu))
    return best_wall, best_cpu


def peak_mib() -> float:
    """Peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench_records(sample: SampleHub, count: int) -> dict[str, float]:
    encode = msgspec.json.Encoder().encode
    start = len(sample) // 2
    sizes: list[int] = []
    wall, cpu = rate(lambda number: sizes.append(len(encode(sample.record(start + number)))), count)
    return {"records_per_s": wall, "records_per_cpu_s": cpu, "mean_record_bytes": sum(sizes) / len(sizes)}


def bench_pages(sample: SampleHub, pages: int) -> dict[str, float]:
    with LoopbackHub(sample, quota=10**9) as hub:
        connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=60)
        query = "&".join(f"expand={name}" for name in FIELDS)
        first = f"/api/models?sort=createdAt&limit=1000&{query}"
        state = {"target": first, "rows": 0, "bytes": 0}

        def fetch(_: int) -> None:
            connection.request("GET", state["target"])
            answer = connection.getresponse()
            body = answer.read()
            state["bytes"] += len(body)
            state["rows"] += 1000
            link = answer.headers["Link"]
            state["target"] = link[1 : link.index(">")].removeprefix(hub.endpoint)

        wall, cpu = rate(fetch, pages)
        connection.close()
    return {"pages_per_s": wall, "pages_per_cpu_s": cpu, "mean_page_bytes": state["bytes"] / (state["rows"] / 1000)}


def bench_reporters(sample: SampleHub) -> dict[str, float]:
    before = time.perf_counter()
    hub = LoopbackHub(sample)
    match = hub.catalog.matcher("co2_eq_emissions")
    assert match is not None
    chosen = range(0, len(sample), max(1, len(sample) // 100_000))
    found, looked = sum(map(match, chosen)), len(chosen)
    return {"filtered_models_per_s": looked / (time.perf_counter() - before), "reporters_share": found / looked}


def main(out: Path, quick: bool) -> None:
    """Measure and write the figures.

    Args:
        out: JSON file to write.
        quick: A tenth of the work.
    """
    part = 10 if quick else 1
    sample = SampleHub(seed=7, n_models=MODELS // part)
    result = {
        "what": "synthetic sample: generation, serialisation and serving",
        "models": len(sample),
        "python": platform.python_version(),
        **bench_records(sample, 30_000 // part),
        **{
            f"cards_{name}": value
            for name, value in zip(("per_s", "per_cpu_s"), rate(sample.card, 3_000 // part), strict=True)
        },
        **bench_pages(sample, 60 // part),
        **bench_reporters(sample),
        "peak_memory_mib": peak_mib(),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(out.name + ".part")
    beside.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    beside.replace(out)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "bench_sample.json"), quick="--quick" in sys.argv)
