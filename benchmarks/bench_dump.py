"""From a public dump to the report: seconds and memory of every command, beside the commit that the bar names.

Rows are the real ones of ``../shared/dump``, repeated under new names, so that types, nesting and oddities are the
Hub's. The baseline (commit d5c4b83, a clone with an environment of its own) runs where ``HF_CARBON_BASELINE`` names its
``hf-carbon``; both run on the same file in one run. Bars: half of the baseline's time, 1 GiB.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.bench_build import POLL_S, children_cpu_s, tree_rss

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared" / "dump" / "models.parquet"
SIZES = {"both": 500_000, "large": 3_000_000}
QUICK_SIZES = {"both": 20_000, "large": 40_000}
ROW_GROUP = 50_000
BARS = {"wall_ratio": 0.5, "peak_gib": 1.0}


def main(out: Path, quick: bool = False) -> None:
    """Measure and write JSON.

    Args:
        out: File to write.
        quick: Small sizes.
    """
    sizes = QUICK_SIZES if quick else SIZES
    ours = [sys.executable, "-m", "analysis"]
    result: dict[str, Any] = {"bars": BARS, "commands": []}
    with tempfile.TemporaryDirectory(prefix="bench-dump-") as name:
        folder = Path(name)
        dump = repeated(folder, sizes["both"])
        commands = {"ours": ours}
        if baseline := os.environ.get("HF_CARBON_BASELINE"):
            commands["baseline"] = [baseline]
        for who, command in commands.items():
            result["commands"] += measured(who, command, dump, folder / who, sizes["both"])
        result["commands"] += measured("ours", ours, repeated(folder, sizes["large"]), folder / "large", sizes["large"])
    result |= summary(result["commands"], sizes)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def repeated(folder: Path, rows: int) -> Path:
    """The real rows again and again, each repetition with owners and names of its own."""
    table, written = pq.read_table(REAL), 0
    path = folder / str(rows) / "models.parquet"
    path.parent.mkdir()
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        while written < rows:
            part = table.slice(0, min(len(table), rows - written))
            if written:
                for name in ("id", "author"):
                    changed = pc.binary_join_element_wise(f"r{written}", part[name], "-")
                    part = part.set_column(part.schema.get_field_index(name), part.schema.field(name), changed)
            writer.write_table(part, row_group_size=ROW_GROUP)
            written += len(part)
    return path


def measured(who: str, command: list[str], dump: Path, out: Path, rows: int) -> list[dict[str, Any]]:
    """Every command from the dump to the report, each a process of its own."""
    crawled, snapshot = timed([*command, "crawl", "--source", "dump", "--from", str(dump), "--out", str(out)])
    found = [{"who": who, "rows": rows, "command": "crawl", **crawled}]
    for name in ("build", "analyse", "report"):
        taken, _ = timed([*command, name, snapshot, "--out", str(out)])
        found.append({"who": who, "rows": rows, "command": name, **taken})
    return found


def timed(command: list[str]) -> tuple[dict[str, float], str]:
    """Seconds and the largest memory of all processes of one command together, and its last line."""
    spent, began, peak = children_cpu_s(), time.perf_counter(), 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.DEVNULL, cwd=ROOT if command[0] == sys.executable else None
        )
        while process.poll() is None:
            peak = max(peak, tree_rss(process.pid))
            time.sleep(POLL_S)
        if process.returncode:
            raise RuntimeError(f"exit {process.returncode}: {' '.join(command)}")
        said.seek(0)
        last = said.read().decode().strip().rpartition("\n")[2]
    return {
        "wall_s": round(time.perf_counter() - began, 1),
        "cpu_s": round(children_cpu_s() - spent, 1),
        "peak_gib": round(peak / 2**30, 2),
    }, last


def summary(commands: list[dict[str, Any]], sizes: dict[str, int]) -> dict[str, Any]:
    """Totals a size, and ours by the baseline's."""

    def total(who: str, rows: int, what: str) -> float:
        return float(sum(each[what] for each in commands if each["who"] == who and each["rows"] == rows))

    found: dict[str, Any] = {
        "large": {what: round(total("ours", sizes["large"], what), 1) for what in ("wall_s", "cpu_s")},
        "large_peak_gib": max(each["peak_gib"] for each in commands if each["rows"] == sizes["large"]),
    }
    for what in ("wall_s", "cpu_s"):
        if base := total("baseline", sizes["both"], what):
            found[f"{what}_by_baseline"] = round(total("ours", sizes["both"], what) / base, 2)
            projected = base * sizes["large"] / sizes["both"]
            found[f"{what}_large_by_projected_baseline"] = round(total("ours", sizes["large"], what) / projected, 2)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--quick" in sys.argv)
