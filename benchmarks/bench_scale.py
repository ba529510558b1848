"""The commands after the crawl on a large generated Hub: time and memory of `build`, `analyse`, `report`, each a process of its own.

Peak memory is that of the largest single process; the build's processes together are measured in the part named build.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.bench_build import DISTINCT, generated, write_snapshot
from benchmarks.bench_study import timed

SIZES = (100_000, 1_000_000)
QUICK_SIZES = (10_000,)


def main(out: Path, quick: bool = False) -> None:
    """Measure and write JSON.

    Args:
        out: File to write.
        quick: One small size.
    """
    sizes = QUICK_SIZES if quick else SIZES
    rows = generated(min(DISTINCT, max(sizes)))
    result: dict[str, Any] = {"commands": []}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-scale-") as name:
            write_snapshot(Path(name) / "raw" / "generated", rows, size, cards=False)
            for command in ("build", "analyse", "report"):
                run = timed(["-m", "analysis", command, "generated", "--out", name, "--quiet"])
                result["commands"].append({"models": size, "command": command, **run, "models_per_s": size / run["wall_s"]})
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), quick="--quick" in sys.argv)
