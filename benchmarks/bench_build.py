"""Measure the build on generated models: rows a second, peak memory of all its processes, growth with size.

Beside it the study's recipe. Models come from the synthetic Hub. The first 100,000 are generated one by one; larger
snapshots repeat them under new names and keys, since generating three million takes longer than building them. Run
``python benchmarks/bench_build.py OUT.json [--quick]``.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from mining.schema import Envelope
from mining.snapshot import SnapshotWriter
from sample_hub import SampleHub

SEED = 7
PAGE = 1000
DISTINCT = 100_000
SIZES = (100_000, 1_000_000, 3_000_000)
QUICK_SIZES = (5_000, 10_000, 20_000)
BASELINE_ROWS = (10_000, 20_000, 40_000)
BARS = {"rows_per_s": 25_000, "peak_rss_gib": 1.5}
POLL_S = 0.1
BUILD = """\
import sys
from pathlib import Path

from mining.build.run import build
from mining.paths import Processed

if __name__ == "__main__":
    build(Path(sys.argv[1]), Processed(Path(sys.argv[2])))
"""


def main(out: Path, quick: bool) -> dict[str, Any]:
    """Measure and write ``out``."""
    sizes = QUICK_SIZES if quick else SIZES
    with tempfile.TemporaryDirectory(prefix="bench-build-") as name:
        folder = Path(name)
        rows = generated(min(DISTINCT, max(sizes)))
        builds = [measured_build(folder, rows, size, cards=False) for size in sizes]
        with_cards = measured_build(folder, rows, sizes[0], cards=True)
        baseline = [measured_baseline(rows, count) for count in (BASELINE_ROWS if not quick else (2_000, 4_000))]
    answer = {
        "benchmark": "build",
        "quick": quick,
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "load_before": os.getloadavg()[0]},
        "bars": BARS,
        "builds": builds,
        "build_with_cards": with_cards,
        "linearity": linearity(builds),
        "baseline": {"what": "preprocessing of the 2023 study, re-implemented with pandas", "runs": baseline},
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    return answer


def generated(count: int) -> list[tuple[str, str, str]]:
    """Key, name and body of generated models."""
    hub = SampleHub(SEED, count)
    rows = []
    for index in range(count):
        record = hub.record(index)
        rows.append((record["_id"], record["id"], msgspec.json.encode(record).decode()))
    return rows


def repeated(rows: list[tuple[str, str, str]], size: int) -> Iterator[Envelope]:
    """As many models as asked for: the generated ones again and again, under new names and keys."""
    for number in range(size):
        again, place = divmod(number, len(rows))
        key, name, body = rows[place]
        if again:
            new_key, new_name = f"{key[:8]}{again:010x}{key[18:]}", f"{name}-r{again}"
            body = body.replace(f'"{key}"', f'"{new_key}"').replace(f'"{name}"', f'"{new_name}"')
            key, name = new_key, new_name
        yield Envelope(kind="model", id=name, key=key, address="/api/models?limit=1000", body=body)


def write_snapshot(folder: Path, rows: list[tuple[str, str, str]], size: int, *, cards: bool) -> dict[str, int]:
    """Write a raw snapshot; with cards, of all models that report."""
    writer = SnapshotWriter.create(
        folder, source="sample", plan={"plan": "census", "models": size}, plan_hash=f"bench-{size}"
    )
    page: list[Envelope] = []
    for envelope in repeated(rows, size):
        page.append(envelope)
        if len(page) == PAGE:
            writer.append(page)
            page = []
    writer.append(page)
    count = 0
    if cards:
        hub = SampleHub(SEED, len(rows))
        for index in range(min(size, len(rows))):
            if hub.planner.kind(index).reports and (text := hub.card(index)) is not None:
                key, name, _ = rows[index]
                page.append(
                    Envelope(kind="card", id=name, key=key, address=f"/{name}/resolve/main/README.md", body=text)
                )
        writer.append(page)
        count = len(page)
    writer.complete()
    writer.close()
    return {"models": size, "cards": count}


def measured_build(folder: Path, rows: list[tuple[str, str, str]], size: int, *, cards: bool) -> dict[str, Any]:
    """Build one snapshot in a process of its own; wall time and the largest memory of all its processes together."""
    raw, processed, script = folder / "raw", folder / "processed", folder / "build.py"
    script.write_text(BUILD)
    began = time.perf_counter()
    counts = write_snapshot(raw, rows, size, cards=cards)
    written_s = time.perf_counter() - began
    raw_bytes = sum(path.stat().st_size for path in raw.rglob("*") if path.is_file())
    spent_before = children_cpu_s()
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(script), str(raw), str(processed)])
    peak = 0
    while process.poll() is None:
        peak = max(peak, tree_rss(process.pid))
        time.sleep(POLL_S)
    took = time.perf_counter() - began
    cpu_s = children_cpu_s() - spent_before
    if process.returncode:
        raise RuntimeError(f"the build of {size} models failed")
    tables = sum(path.stat().st_size for path in processed.glob("*.parquet"))
    shutil.rmtree(raw)
    shutil.rmtree(processed)
    return counts | {
        "build_s": round(took, 2),
        "rows_per_s": round(size / took),
        "cpu_s": round(cpu_s, 2),
        "rows_per_cpu_s": round(size / cpu_s),
        "cards_per_s": round(counts["cards"] / took) if cards else None,
        "peak_rss_gib": round(peak / 2**30, 3),
        "raw_bytes": raw_bytes,
        "table_bytes": tables,
        "writing_the_snapshot_s": round(written_s, 2),
    }


def children_cpu_s() -> float:
    """Processor seconds of all finished children: what the work cost, however busy the machine was."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def tree_rss(root: int) -> int:
    """Resident bytes of a process and everything below it (shared pages counted once a process)."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        waiting.extend(children.get(process, ()))
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


def linearity(builds: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds a million rows at each size, and the exponent of growth between the two largest (1 is linear)."""
    import math

    first, last = builds[-2], builds[-1]
    exponent = math.log(last["build_s"] / first["build_s"]) / math.log(last["models"] / first["models"])
    return {f"s_per_million_at_{one['models']}": round(one["build_s"] / one["models"] * 1e6, 1) for one in builds} | {
        "exponent": round(exponent, 3)
    }


# ---------------------------------------------------------------- the study's recipe


def measured_baseline(rows: list[tuple[str, str, str]], count: int) -> dict[str, Any]:
    """Run the study's preprocessing on the first models; it holds everything in one frame."""
    frame = pd.DataFrame([msgspec.json.decode(body) for _, _, body in rows[:count]])
    began = time.perf_counter()
    table = published_recipe(frame)
    took = time.perf_counter() - began
    return {
        "models": len(frame),
        "s": round(took, 2),
        "rows_per_s": round(len(frame) / took),
        "columns": table.shape[1],
    }


def published_recipe(frame: pd.DataFrame) -> pd.DataFrame:
    """The preprocessing of the 2023 study in its own order, with its own tools.

    Row-wise apply, one-hot tags, a four-way split. Only what a listing carries is used; the steps that read card bodies
    are left out, which is to the recipe's advantage.
    """
    work = pd.DataFrame(
        {
            "modelId": frame["id"].apply(lambda name: name.split("/")[-1]),
            "tags": frame["tags"],
            "co2_eq_emissions": frame["cardData"].apply(
                lambda data: data.get("co2_eq_emissions") if isinstance(data, dict) else None
            ),
            "datasets": frame["cardData"].apply(lambda data: data.get("datasets") if isinstance(data, dict) else None),
            "downloads": frame["downloads"],
            "size": frame["usedStorage"],
            "created_at": pd.to_datetime(frame["createdAt"]),
        }
    )
    work["co2_eq_emissions"] = work["co2_eq_emissions"].apply(_harmonized)
    work["tags"] = work["tags"].apply(_filtered)
    work["library_name"] = work["tags"].apply(
        lambda tags: [tag for tag in tags if tag in {"pytorch", "tf", "jax", "transformers", "keras"}]
    )
    work["domain"] = work["tags"].apply(_domain)
    work["year_month"] = work["created_at"].dt.strftime("%Y-%m")
    work["size_efficency"] = work["size"] / pd.to_numeric(work["co2_eq_emissions"])
    half = len(work) // 2
    quarters = [
        part for whole in (work[:half], work[half:]) for part in (whole[: len(whole) // 2], whole[len(whole) // 2 :])
    ]
    table = pd.concat([_one_hot(part) for part in quarters])
    tags = [name for name in table.columns if name.startswith("is_")]
    return table.assign(**{name: table[name].fillna(0) for name in tags})


def _harmonized(value: object) -> float | None:
    import re

    if isinstance(value, dict):
        value = value.get("emissions")
    match = re.match(r"\d+(?:\.\d+)?", str(value)) if value is not None else None
    return float(match[0]) if match else None


def _filtered(tags: list[str]) -> list[str]:
    kept = [
        tag.lower().replace(" ", "-") for tag in tags if not tag.startswith(("license:", "arxiv:", "dataset:", "doi:"))
    ]
    return kept or ["no-tag"]


def _domain(tags: list[str]) -> str | None:
    table = {
        "text-generation": "NLP",
        "text-classification": "NLP",
        "image-classification": "Computer Vision",
        "reinforcement-learning": "RL",
    }
    found = [table[tag] for tag in tags if tag in table]
    return max(set(found), key=found.count) if found else None


def _one_hot(part: pd.DataFrame) -> pd.DataFrame:
    """One column for each tag with more than a hundred uses in this part."""
    counts = part["tags"].explode().value_counts()
    for tag in counts[counts > 100].index:
        part = part.assign(**{f"is_{tag}": part["tags"].apply(lambda tags, tag=tag: int(tag in tags))})
    return part


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), "--quick" in sys.argv), indent=1))
