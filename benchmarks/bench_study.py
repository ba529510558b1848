"""The main job from a cold start.

Wall time, processor time and peak memory of `hf-carbon study`, beside importing its libraries alone. The baseline is a
process that only imports pandas, statsmodels, matplotlib, pyarrow and duckdb: what any study in Python pays first.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT.parent / "shared" / "published"
IMPORTS = "import pandas, statsmodels.api, matplotlib.figure, pyarrow.parquet, duckdb"


def timed(arguments: list[str]) -> dict[str, float]:
    """Wall and processor seconds, and peak memory in MiB of the largest process, of one command."""
    start = time.perf_counter()
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, *arguments],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"command failed: {' '.join(arguments)}")
    return {
        "wall_s": time.perf_counter() - start,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
    }


def median_of(runs: list[dict[str, float]]) -> dict[str, float]:
    """Median of each figure over the runs."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def study(source: list[str], folder: Path, runs: int) -> dict[str, float]:
    """Cold runs, each into a new folder."""
    measured = []
    for number in range(runs):
        out = folder / f"{source[0]}-{number}"
        measured.append(timed(["-m", "analysis", "study", "--quiet", "--source", *source, "--out", str(out)]))
    return median_of(measured)


def main(out: Path, quick: bool = False) -> None:
    """Measure and write JSON.

    Args:
        out: File to write.
        quick: One run instead of three.
    """
    os.chdir(ROOT)
    runs = 1 if quick else 3
    result: dict[str, Any] = {"runs": runs, "processors": os.cpu_count()}
    rows = [{"what": "baseline: imports alone", **median_of([timed(["-c", IMPORTS]) for _ in range(runs)])}]
    with tempfile.TemporaryDirectory() as folder:
        if PUBLISHED.is_dir():
            rows.append(
                {
                    "what": "study --source published, cold",
                    **study(["published", "--from", str(PUBLISHED)], Path(folder), runs),
                }
            )
            again = ["-m", "analysis", "study", "--quiet", "--source", "published", "--from", str(PUBLISHED), "--out"]
            rows.append(
                {"what": "the same again (everything current)", **timed([*again, str(Path(folder) / "published-0")])}
            )
        rows.append({"what": "study --source sample, cold", **study(["sample"], Path(folder), runs)})
    base = rows[0]["wall_s"]
    result["times"] = [{**row, "ratio_to_baseline": row["wall_s"] / base} for row in rows]
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), quick="--quick" in sys.argv)
