"""How the allocations of a stratified sample compare in error and coverage, by simulation on the synthetic Hub.

For each allocation many samples are drawn; the error of an estimate is its root mean squared distance from the census
value, its coverage how often its 95 % interval holds that value, with the 95 % interval of the simulation itself
(Wilson). Run ``python benchmarks/bench_sampling.py OUT.json [--quick]``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from analysis.results import Estimate
from analysis.stats import proportion, weighted_mean, weighted_share
from mining.build.run import build
from mining.paths import Processed
from mining.sampling import Allocation, Frame, allocate, draw, frame_of
from mining.sampling.drawing import ALLOCATIONS
from mining.schema import Envelope, ModelRecord
from mining.snapshot import SnapshotWriter
from mining.tables import read_table
from sample_hub import SampleHub

SEED = 7
BY = ("domain", "popularity")
PAGE = 1000


def main(out: Path, quick: bool) -> dict[str, Any]:
    """Simulate and write ``out``."""
    models, draws, n = (3_000, 60, 300) if quick else (20_000, 1_000, 400)
    with tempfile.TemporaryDirectory(prefix="bench-sampling-") as name:
        processed = built(Path(name), models)
        frame = frame_of(processed, BY)
        downloads = read_table(processed.table("models"), ModelRecord, ["downloads_count"])[
            "downloads_count"
        ].to_numpy()
        tags = read_table(processed.table("models"), ModelRecord, ["license"])["license"].to_pylist()
    logs = np.log10(np.asarray(downloads, dtype=float) + 1)
    licensed = np.array([licence is not None for licence in tags], dtype=float)
    spreads = {
        name: float(logs[frame.strata == name].std(ddof=1)) if size > 1 else 0.0 for name, size in frame.sizes.items()
    }
    columns = (logs, licensed)
    answer = {
        "benchmark": "sampling",
        "label": "SYNTHETIC",
        "models": models,
        "strata": len(frame.sizes),
        "n": n,
        "draws": draws,
        "nominal_coverage": 0.95,
        "allocations": [
            simulated(how, frame, columns, allocated(how, frame, spreads, n), draws) for how in ALLOCATIONS
        ],
        "simple_random": simple(logs, licensed, n, draws),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    return answer


def built(folder: Path, models: int) -> Processed:
    """Tables of a synthetic listing."""
    hub = SampleHub(SEED, models)
    writer = SnapshotWriter.create(folder / "raw", source="sample", plan={"models": models}, plan_hash="bench")
    for start in range(0, models, PAGE):
        records = [hub.record(index) for index in range(start, min(start + PAGE, models))]
        writer.append(
            [
                Envelope(
                    kind="model",
                    id=one["id"],
                    key=one["_id"],
                    address="/api/models",
                    body=msgspec.json.encode(one).decode(),
                )
                for one in records
            ]
        )
    writer.complete()
    writer.close()
    processed = Processed(folder / "processed")
    build(folder / "raw", processed)
    return processed


def allocated(how: Allocation, frame: Frame, spreads: dict[str, float], n: int) -> dict[str, int]:
    """Sample size of each stratum; with ``fixed`` as many a stratum as make about ``n`` in all."""
    return allocate(frame.sizes, n // len(frame.sizes) if how == "fixed" else n, how, spreads=spreads)


def simulated(how: str, frame: Frame, columns: Any, wanted: dict[str, int], draws: int) -> dict[str, Any]:
    """Errors of a mean and of a share under one allocation, and how often their intervals cover the census value."""
    logs, licensed = columns
    means, shares = [], []
    for seed in range(draws):
        rows = draw(frame.strata, wanted, seed).rows
        sample = {"strata": frame.strata[rows], "population": frame.sizes}
        means.append(weighted_mean(logs[rows], **sample))
        shares.append(weighted_share(licensed[rows], **sample))
    return {
        "allocation": how,
        "drawn": sum(wanted.values()),
        "rmse_mean_log10_downloads": rmse([one.estimate or 0.0 for one in means], float(logs.mean())),
        "rmse_share_with_licence": rmse([one.estimate or 0.0 for one in shares], float(licensed.mean())),
        **covered("mean", means, float(logs.mean())),
        **covered("share", shares, float(licensed.mean())),
    }


def covered(name: str, found: list[Estimate], truth: float) -> dict[str, float | None]:
    """How often the intervals hold the true value, with the interval of the simulation."""
    hits = sum(one.low is not None and one.high is not None and one.low <= truth <= one.high for one in found)
    coverage = proportion(hits, len(found))
    return {
        f"coverage_of_{name}": coverage.estimate,
        f"coverage_of_{name}_low": coverage.low,
        f"coverage_of_{name}_high": coverage.high,
    }


def simple(logs: Any, licensed: Any, n: int, draws: int) -> dict[str, float]:
    """The same errors of samples without strata."""
    picks = [np.random.default_rng([SEED, seed]).choice(len(logs), n, replace=False) for seed in range(draws)]
    return {
        "rmse_mean_log10_downloads": rmse([float(logs[rows].mean()) for rows in picks], float(logs.mean())),
        "rmse_share_with_licence": rmse([float(licensed[rows].mean()) for rows in picks], float(licensed.mean())),
    }


def rmse(estimates: list[float], truth: float) -> float:
    """Root mean squared error."""
    return round(float(np.sqrt(np.mean((np.array(estimates) - truth) ** 2))), 5)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), "--quick" in sys.argv), indent=1))
