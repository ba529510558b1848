"""The commands after the crawl on a large generated Hub.

Time and memory of `build`, `analyse`, `report`, each a process of its own. Sizes are 100,000, 1,000,000 and 3,000,000
models. Peak memory is that of the largest single process; the build's processes together are measured in the part named
build. Models beyond the first 100,000 repeat those under new names, and no card is read in ``commands``. In
``with_cards`` the tables of a build with the cards of its reporters are repeated under new keys, names and authors, so
that claims and authors grow with the models as they do on the Hub; there only `analyse` and `report` are measured.
Bars: 2 GiB and 5 minutes for both on 3,000,000 models. ``--size N`` measures one size.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.bench_build import DISTINCT, generated, write_snapshot
from benchmarks.bench_study import timed
from mining.files import file_sha256
from mining.paths import Home, Processed

SIZES = (100_000, 1_000_000, 3_000_000)
QUICK_SIZES = (10_000,)
BARS = {"models": 3_000_000, "peak_mib": 2048, "wall_s_analyse_and_report": 300}
NAME = "generated"
OWN = ("model_key", "group", "model_id", "name", "author", "duplicate_group")
"""Columns that must differ from one repetition to the next."""


def main(out: Path, quick: bool = False, size: int | None = None) -> None:
    """Measure and write JSON.

    Args:
        out: File to write.
        quick: One small size.
        size: This size alone.
    """
    sizes = (size,) if size else QUICK_SIZES if quick else SIZES
    result: dict[str, Any] = {"sizes": list(sizes), "bars": BARS, "commands": [], "with_cards": []}
    for models in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
            apart(prepare, folder, models)
            result["commands"] += measured(folder, models, ("build", "analyse", "report"))
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
        models = apart(prepare_with_cards, folder, max(sizes))
        result["with_cards"] = measured(folder, models, ("analyse", "report"))
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def apart(prepare: Callable[[str, int], int], folder: str, models: int) -> int:
    """Prepare in a process of its own: a measured process is never told smaller than the one that started it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(prepare, folder, models).result()


def prepare(folder: str, models: int) -> int:
    """Write a snapshot of a listing; the number of its models."""
    write_snapshot(Home(Path(folder)).raw(NAME), generated(min(DISTINCT, models)), models, cards=False)
    return models


def prepare_with_cards(folder: str, models: int) -> int:
    """Write, build and repeat a snapshot with cards; the number of its models."""
    home, distinct = Home(Path(folder)), min(DISTINCT, models)
    write_snapshot(home.raw(NAME), generated(distinct), distinct, cards=True)
    timed(["-m", "analysis", "build", NAME, "--out", folder, "--quiet"])
    repeat(home.processed(NAME), models // distinct)
    return models // distinct * distinct


def measured(folder: str, models: int, commands: tuple[str, ...]) -> list[dict[str, Any]]:
    """Time and memory of commands on the snapshot of a folder, one after the other."""
    found = []
    for command in commands:
        run = timed(["-m", "analysis", command, NAME, "--out", folder, "--quiet"])
        found.append({"models": models, "command": command, **run, "models_per_s": models / run["wall_s"]})
    return found


def repeat(processed: Processed, times: int) -> None:
    """Repeat built tables in place: the first time as they are, then under new keys, names and authors.

    Args:
        processed: Built tables.
        times: How often every model stands in them afterwards.
    """
    provenance = json.loads(processed.provenance.read_text(encoding="utf-8"))
    with duckdb.connect(
        config={"memory_limit": "2GB", "threads": 1, "temp_directory": str(processed.folder / "spill")}
    ) as connection:
        for name in provenance["tables"]:
            path = processed.table(name)
            repeated = path.with_suffix(".repeated")
            connection.execute("SET enable_progress_bar = false")
            connection.execute(f"CREATE VIEW one AS SELECT * FROM read_parquet('{path}')")
            columns = {row[0] for row in connection.execute("DESCRIBE one").fetchall()}
            named = ", ".join(
                f"""CASE WHEN turn > 0 THEN "{own}" || '-r' || turn ELSE "{own}" END AS "{own}\""""
                for own in OWN
                if own in columns
            )
            replaced = f"REPLACE ({named})" if named else ""
            connection.execute(
                f"COPY (SELECT * EXCLUDE (turn) {replaced} FROM range({times}) AS turns(turn), one) TO '{repeated}' "
                f"(FORMAT parquet)"
            )
            connection.execute("DROP VIEW one")
            repeated.replace(path)
            provenance["tables"][name]["sha256"] = file_sha256(path)
    shutil.rmtree(processed.folder / "spill", ignore_errors=True)
    processed.provenance.write_text(json.dumps(provenance), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--size", type=int)
    chosen = parser.parse_args()
    main(chosen.out, chosen.quick, chosen.size)
