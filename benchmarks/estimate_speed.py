"""How fast estimates are: cold commands of a plain installation, and a study's 100,000 models.

The bare interpreter is measured beside them. The wheel is built and unpacked into an environment of its own, whose
other packages are those of this interpreter: an editable installation would count its finder, too.
"""

from __future__ import annotations

import json
import random
import site
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.estimates.of_models import COLUMNS
from analysis.questions import rq3_1, rq3_2, rq3_3, rq3_4, rq3_5
from analysis.questions.protocol import load
from analysis.questions.study_data import StudyData
from benchmarks.bench_classify import seconds_of

ROOT = Path(__file__).resolve().parent.parent
CARDS = ROOT / "examples" / "cards"
RUN = ("--hardware", "NVIDIA A100 SXM4", "--count", "8", "--hours", "120", "--region", "FRA", "--year", "2024")
STATED = "# A model\n\n- **Hardware Type:** 8 x A100 SXM4 80GB\n- **Hours used:** 120\n- **Compute Region:** France\n"
QUESTIONS = (rq3_1, rq3_2, rq3_3, rq3_4, rq3_5)
DEVICES = (
    "NVIDIA A100",
    "NVIDIA V100",
    "NVIDIA T4",
    "NVIDIA GeForce RTX 3090",
    "TPU v3-8",
    "NVIDIA H100",
    "Intel Xeon",
    None,
)
REGIONS = ("FRA", "USA", "us-east-1", "Germany", "CHN", "a place that is none", None, None)


def cold(runs: int) -> dict[str, Any]:
    """Processor and wall seconds of cold commands, and their ratio to the bare interpreter, interleaved with it."""
    with tempfile.TemporaryDirectory() as folder:
        python = _installed(Path(folder))
        card = Path(folder) / "card.md"
        card.write_text(STATED, encoding="utf-8")
        command = [str(python), "-c", "from analysis.cli import main; main()", "estimate"]
        asked = {"interpreter": [str(python), "-c", "pass"], "estimate --hardware": [*command, *RUN],
                 "estimate CARD (states a run)": [*command, str(card)],
                 "estimate CARD (states nothing)": [*command, str(CARDS / "silent.md")]}  # fmt: skip
        found = {name: seconds_of(words, runs, cwd=Path(folder)) for name, words in asked.items()}
    bare = found["interpreter"]
    return {name: {**one, **_times(one, bare)} for name, one in found.items()}


def _times(one: dict[str, float], bare: dict[str, float]) -> dict[str, float]:
    return {
        f"times bare ({kind})": round(one[f"{kind}_s_least"] / bare[f"{kind}_s_least"], 1) for kind in ("cpu", "wall")
    }


def _installed(folder: Path) -> Path:
    """A plain installation; its interpreter."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*pip, str(ROOT)], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    packages = next((folder / "venv").glob("lib/python*/site-packages"))
    with zipfile.ZipFile(next(folder.glob("hf_carbon-*.whl"))) as wheel:
        wheel.extractall(packages)
    python = folder / "venv" / "bin" / "python"
    others = [path for path in site.getsitepackages() + sys.path if path.endswith("site-packages")]
    (packages / "others.pth").write_text("\n".join(dict.fromkeys(others)) + "\n", encoding="utf-8")
    subprocess.run([str(python), "-m", "compileall", "-q", str(packages)], check=True)
    return python


class _Models:
    """The view ``models`` of a table on disk, for the questions."""

    source = "hub"

    def __init__(self, path: Path) -> None:
        self.provenance: dict[str, Any] = {}
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"CREATE VIEW models AS SELECT * FROM read_parquet('{path}')")

    def query(self, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
        return self._connection.execute(sql, parameters or []).df()

    def count(self) -> int:
        return int(self.query("SELECT count(*) AS n FROM models")["n"].iloc[0])


def study(models: int) -> dict[str, Any]:
    """Processor seconds of RQ3.1 to RQ3.5 over so many models that state hardware: each is estimated or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "models.parquet"
        pq.write_table(pa.Table.from_pylist(list(_rows(models)), schema=_schema()), path)
        data, protocol = StudyData(_Models(path)), load()  # type: ignore[arg-type]
        began, clock = time.process_time(), time.perf_counter()
        made = {question.__name__.rpartition(".")[2]: question.uncorrected(data, protocol) for question in QUESTIONS}
        seconds, wall = time.process_time() - began, time.perf_counter() - clock
        routes = {row[0]: row[1] for row in next(iter(made["rq3_1"].tables.values()))[0]}
    return {"models": models, "cpu_s": round(seconds, 2), "wall_s": round(wall, 2), "routes": routes}


def _schema() -> pa.Schema:
    numbers = {
        "duration_h",
        "energy_kwh",
        "power_w",
        "intensity_g_per_kwh",
        "pue_ratio",
        "training_flop",
        "emissions_gco2e",
    }
    counts = {"hardware_count", "parameters_count", "storage_bytes", "downloads_count"}
    lists = {"emissions_flags", "base_models"}
    names = (*COLUMNS, "base_models", "downloads_count")
    kinds = dict.fromkeys(names, pa.string()) | {"created_at_is_floor": pa.bool_()}
    kinds |= dict.fromkeys(numbers, pa.float64()) | dict.fromkeys(counts, pa.int64())
    kinds |= dict.fromkeys(lists, pa.list_(pa.string()))
    return pa.schema(list(kinds.items()))


def _rows(models: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(5)
    for number in range(models):
        reports = draw.random() < 0.4
        author = f"a{number % 4000}"
        year = draw.choice((2022, 2023, 2024, 2025))
        yield dict.fromkeys((*COLUMNS, "base_models", "downloads_count")) | {
            "model_key": f"id:{author}/m{number}", "model_id": f"{author}/m{number}", "author": author,
            "name": f"m{number}",
            "created_at": f"{year}-{draw.randint(1, 12):02d}-03T00:00:00Z", "year_month": f"{year}-05",
            "created_at_is_floor": False,
            "domain": draw.choice(("NLP", "Computer Vision", None)), "hardware": draw.choice(DEVICES[:-1]),
            "hardware_count": draw.choice((1, 1, 2, 8, 64, None)),
            "duration_h": draw.lognormvariate(2, 2) if draw.random() < 0.7 else None,
            "duration_basis": draw.choice(("wall-clock", "device-hours")), "region": draw.choice(REGIONS),
            "training_flop": 10 ** draw.uniform(18, 24) if draw.random() < 0.1 else None, "emissions_flags": [],
            "emissions_gco2e": draw.lognormvariate(5, 3) if reports else None,
            "energy_kwh": draw.lognormvariate(1, 2) if reports else None,
            "parameters_count": draw.choice((110_000_000, 7_000_000_000, None)),
            "base_models": [], "tool": draw.choice(("codecarbon", None)),
        }  # fmt: skip


def main() -> None:
    """Print what was measured."""
    print(json.dumps({"cold": cold(10), "study": study(100_000)}, indent=1))


if __name__ == "__main__":
    main()
