"""How the allocations of a stratified sample compare in error, by simulation on the synthetic Hub.

For each allocation many samples are drawn; the error of an estimate is its root mean squared distance from the census value. Run
``python benchmarks/bench_sampling.py OUT.json [--quick]``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from analysis.stats import weighted_share
from mining.build import build
from mining.loopback import SampleHub
from mining.paths import Processed
from mining.sampling import allocate, draw, frame_of
from mining.schema import Envelope, ModelRecord
from mining.snapshot import SnapshotWriter
from mining.tables import read_table

SEED = 7
BY = ("domain", "popularity")
PAGE = 1000


def main(out: Path, quick: bool) -> dict[str, Any]:
    """Simulate and write ``out``."""
    models, draws, n = (3_000, 60, 300) if quick else (20_000, 1_000, 400)
    with tempfile.TemporaryDirectory(prefix="bench-sampling-") as name:
        processed = built(Path(name), models)
        frame = frame_of(processed, BY)
        downloads = read_table(processed.table("models"), ModelRecord, ["downloads_count"])["downloads_count"].to_numpy()
        tags = read_table(processed.table("models"), ModelRecord, ["license"])["license"].to_pylist()
    logs = np.log10(np.asarray(downloads, dtype=float) + 1)
    licensed = np.array([licence is not None for licence in tags], dtype=float)
    spreads = {name: float(logs[frame.strata == name].std(ddof=1)) if size > 1 else 0.0 for name, size in frame.sizes.items()}
    answer = {
        "benchmark": "sampling",
        "label": "SYNTHETIC",
        "models": models,
        "strata": len(frame.sizes),
        "n": n,
        "draws": draws,
        "allocations": {how: simulated(how, frame, (logs, licensed), spreads, (n, draws)) for how in ("proportional", "equal", "neyman")},
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
                Envelope(kind="model", id=one["id"], key=one["_id"], address="/api/models", body=msgspec.json.encode(one).decode())
                for one in records
            ]
        )
    writer.complete()
    writer.close()
    processed = Processed(folder / "processed")
    build(folder / "raw", processed)
    return processed


def simulated(how: Any, frame: Any, columns: Any, spreads: dict[str, float], extent: tuple[int, int]) -> dict[str, float]:
    """Errors of a mean and of a share under one allocation, and how often the share's interval covers."""
    logs, licensed = columns
    n, draws = extent
    wanted = allocate(frame.sizes, n, how, spreads=spreads)
    means, shares, covered = [], [], 0
    for seed in range(draws):
        drawn = draw(frame.strata, wanted, seed)
        means.append(float(np.average(logs[drawn.rows], weights=drawn.weights)))
        found = weighted_share(licensed[drawn.rows], strata=frame.strata[drawn.rows], population=frame.sizes)
        shares.append(found.estimate or 0.0)
        covered += (found.low or 0.0) <= licensed.mean() <= (found.high or 0.0)
    return {
        "rmse_mean_log10_downloads": rmse(means, float(logs.mean())),
        "rmse_share_with_licence": rmse(shares, float(licensed.mean())),
        "coverage_of_share": covered / draws,
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
