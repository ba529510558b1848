"""The main job from a cold start.

Wall time, processor time and peak memory of `hf-carbon study`, beside importing its libraries alone. The baseline is a
process that only imports pandas, statsmodels, matplotlib, pyarrow and duckdb: what any study in Python pays first.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mining.version import package_version

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT.parent / "shared" / "published"
CARDS = ROOT.parent / "shared" / "cards" / "github"
PACKAGES = ("mining", "analysis", "sample_hub")
BEST_OF = 7
BASE = "HF_CARBON_BASE"
"""Environment variable with another checkout that has its ``.venv``; without it that comparison is left out."""
IMPORTS = "import pandas, statsmodels.api, matplotlib.figure, pyarrow.parquet, duckdb"


def timed(
    arguments: list[str], python: Path = Path(sys.executable), folder: Path = ROOT, may_not_look: bool = False
) -> dict[str, float]:
    """Wall and processor seconds, and peak memory in MiB of the largest process, of one command."""
    os.chdir(folder)
    start = time.perf_counter()
    process = os.posix_spawn(
        python,
        [str(python), *arguments],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) not in ((0, 3) if may_not_look else (0,)):
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


def plain_environment(folder: Path) -> Path:
    """Interpreter of an environment without an editable installation: packages copied, bytecode compiled."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    found = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    library = Path(found.stdout.strip())
    for package in PACKAGES:
        shutil.copytree(ROOT / package, library / package, ignore=shutil.ignore_patterns("__pycache__"))
    (library / f"hf_carbon-{package_version()}.dist-info").mkdir()
    needed = {path for path in sys.path if path.endswith("site-packages")}
    (library / "dependencies.pth").write_text("".join(f"{path}\n" for path in sorted(needed)), encoding="utf-8")
    subprocess.run([str(python), "-m", "compileall", "-q", *(str(library / one) for one in PACKAGES)], check=True)
    return python


def current(source: list[str], folder: Path, python: Path) -> dict[str, float]:
    """Best of seven of a study in which everything is current, beside ``python -c pass`` of the same environment."""
    again = ["-m", "analysis", "study", "--quiet", "--source", *source, "--out", str(folder / f"current-{source[0]}")]
    timed(again, python, folder)
    best: dict[str, float] = {}
    for _ in range(BEST_OF):
        for name, arguments in (("bare", ["-c", "pass"]), ("study", again)):
            run = timed(arguments, python, folder)
            for unit in ("wall_s", "cpu_s"):
                key = f"{name} {unit.removesuffix('_s')} ms"
                best[key] = min(best.get(key, math.inf), run[unit] * 1000)
    ratios = {f"{unit} times bare": best[f"study {unit} ms"] / best[f"bare {unit} ms"] for unit in ("wall", "cpu")}
    return best | ratios


def beside(base: Path, folder: Path, runs: int) -> list[dict[str, Any]]:
    """Classify and build by this code and by another checkout, in turns: best processor seconds, and their ratio.

    Both build the snapshot that the other checkout crawled from its own sample.
    """
    there = base / ".venv" / "bin" / "python"
    crawled = ["-m", "analysis", "crawl", "--quiet", "--source", "sample", "--sample-models", "5000", "--out"]
    timed([*crawled, str(folder / "beside")], there, base)
    (snapshot,) = (path.name for path in (folder / "beside" / "raw").iterdir())
    asked = {
        "classify --jsonl, annotated cards": ["classify", "--jsonl", str(CARDS)],
        "build, 5,000 models of the sample": [
            "build",
            snapshot,
            "--refresh",
            "--quiet",
            "--out",
            str(folder / "beside"),
        ],
    }
    rows = []
    for what, arguments in asked.items():
        best = {"here": math.inf, "base": math.inf}
        for _ in range(runs):
            for name, python, place in (("base", there, base), ("here", Path(sys.executable), ROOT)):
                best[name] = min(
                    best[name], timed(["-m", "analysis", *arguments], python, place, may_not_look=True)["cpu_s"]
                )
        rows.append({"what": what, **{f"{k} cpu s": v for k, v in best.items()}, "ratio": best["here"] / best["base"]})
    return rows


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
        rows.append({"what": "study --source sample, cold", **study(["sample"], Path(folder), runs)})
        python = plain_environment(Path(folder) / "plain")
        sources = [["published", "--from", str(PUBLISHED)], ["cards", "--from", str(CARDS)], ["sample"]]
        result["everything current, plain environment, best of seven"] = [
            {"source": source[0], **current(source, Path(folder), python)}
            for source in sources
            if len(source) == 1 or Path(source[2]).is_dir()
        ]
        if BASE in os.environ:
            result["beside an older checkout"] = beside(Path(os.environ[BASE]), Path(folder), runs)
    base = rows[0]["wall_s"]
    result["times"] = [{**row, "ratio_to_baseline": row["wall_s"] / base} for row in rows]
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), quick="--quick" in sys.argv)
