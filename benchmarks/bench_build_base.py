"""Build speed beside an older checkout: rows a processor second of both in one run, in turns, and their ratio.

The older checkout, with its ``.venv``, is the folder that ``HF_CARBON_BASE`` names; without it nothing is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROUNDS = 3
SCRIPT = """
import json, sys, tempfile
from pathlib import Path
from benchmarks.bench_build import generated, measured_build
models = int(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    print(json.dumps(measured_build(Path(folder), generated(models), models, cards=sys.argv[2] == "cards")))
"""


def built(checkout: Path, python: Path | str, models: int, kind: str) -> dict[str, Any]:
    """One build by the code of a checkout."""
    command = [str(python), "-c", SCRIPT, str(models), kind]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    said = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True).stdout
    measured: dict[str, Any] = json.loads(said.splitlines()[-1])
    return measured


def compare(base: Path, models: int, kind: str) -> dict[str, Any]:
    """Both builds in turns; the best of each counts."""
    here = Path(__file__).parents[1]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(built(base, base / ".venv/bin/python", models, kind))
        ours.append(built(here, sys.executable, models, kind))
    best = [max(one["rows_per_cpu_s"] for one in them) for them in (ours, theirs)]
    return {
        "models": models,
        "kind": kind,
        "rows_per_cpu_s": best[0],
        "rows_per_cpu_s_of_the_older": best[1],
        "ratio": round(best[0] / best[1], 3),
        "peak_rss_ratio": round(
            min(one["peak_rss_gib"] for one in ours) / min(one["peak_rss_gib"] for one in theirs), 3
        ),
    }


def main(out: Path, quick: bool = False) -> None:
    """Measure and write, where there is an older checkout."""
    if not os.environ.get("HF_CARBON_BASE"):
        print("HF_CARBON_BASE names no older checkout: the last measurement stays", file=sys.stderr)
        return
    base = Path(os.environ["HF_CARBON_BASE"])
    sizes = (2_000, 500) if quick else (50_000, 5_000)
    found = [compare(base, models, kind) for models, kind in zip(sizes, ("rows", "cards"), strict=True)]
    out.write_text(json.dumps({"builds": found}, indent=1) + "\n", encoding="utf-8")
