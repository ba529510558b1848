"""The explorer at the size of the Hub: page built, opened from a file in Chromium, filtered; counts against DuckDB's.

Tables are multiplied from a synthetic snapshot, columns dealt anew so that models differ more than real ones do. Run
``python -m benchmarks.bench_explorer OUT.json [--quick]``.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from playwright.sync_api import Page, sync_playwright

from analysis.classify.findings import Case
from analysis.classify.probes import probe_all
from analysis.classify.verdict import judge
from analysis.questions.tables import Tables
from mining.build.run import build
from mining.files import file_sha256
from mining.paths import Home, Processed
from mining.schema import Settlement
from sample_hub import SampleHub

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from browser import FLAGS, find_chromium
from explorer_truth import GO, READ, address, counts, random_states, routes_of, truth, values_of
from sample_snapshot import write_snapshot
from test_verdicts import cases_of

Levels = dict[str, tuple[str, str]]
"""Level of a model as it is, and without its emissions and claims."""

BASE = 5_000
ROW_GROUP = 100_000
STATES = 50
REPORTING_COPIES = 10
"""One copy in so many keeps its emissions, which makes about as many reporters in a thousand as the Hub has."""
DEALT = ("library", "generator", "license", "domain", "parameters_class", "year_month")
QUERIES = ("b", "be", "ber", "bert", "bert 7b", "synthetic-lab", "")


def main(out: Path, quick: bool) -> dict[str, Any]:
    """Measure and write ``out``."""
    sizes = (5_000, 20_000) if quick else (200_000, 3_000_000)
    with tempfile.TemporaryDirectory(prefix="bench-explorer-") as name:
        base, levels = base_tables(Home(Path(name) / "base"))
        answer = {"benchmark": "explorer", "label": "SYNTHETIC", "sizes": {}}
        for models in sizes:
            checked = models <= 200_000
            answer["sizes"][str(models)] = measured(base, levels, Path(name), models, checked=checked)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    return answer


def base_tables(home: Home) -> tuple[Processed, Levels]:
    """Tables of a synthetic snapshot, and the levels of every model, judged one by one."""
    build(write_snapshot(home.raw("base"), SampleHub(11, BASE, 4.0)), home.processed("base"))
    with Tables(home.processed("base")) as tables:
        cases = cases_of(tables)
    nothing = Settlement(emissions_outcome="could-not-look")
    levels = {}
    for case in cases:
        emptied = Case(msgspec.structs.replace(case.record, carbon=nothing, emissions_metadata_value=None), ())
        both = (judge(each, probe_all(each)).level for each in (case, emptied))
        levels[case.record.model_key] = tuple(both)
    return home.processed("base"), levels


def multiplied(base: Processed, folder: Path, models: int) -> Processed:
    """Tables of many models: copies with keys and names of their own, and columns dealt anew."""
    home = Home(folder)
    home.raw("many").mkdir(parents=True)
    (home.raw("many") / "manifest.json").write_text("{}")
    processed = home.processed("many")
    processed.folder.mkdir(parents=True)
    copies = range(models // BASE)
    write_copies(base.table("models"), processed.table("models"), (_model_copy(copy) for copy in copies))
    reporting = (copy for copy in copies if copy % REPORTING_COPIES == 0)
    write_copies(base.table("claims"), processed.table("claims"), (_claim_copy(copy) for copy in reporting))
    for name in ("metrics", "rejects", "lineage"):
        processed.table(name).write_bytes(base.table(name).read_bytes())
    provenance = json.loads(base.provenance.read_text(encoding="utf-8"))
    for name, said in provenance["tables"].items():
        if processed.table(name).is_file():
            said["sha256"] = file_sha256(processed.table(name))
    processed.provenance.write_text(json.dumps(provenance), encoding="utf-8")
    return processed


def write_copies(source: Path, target: Path, copies: Iterable[Callable[[pa.Table], pa.Table]]) -> None:
    """A table as many times as there are copies, each changed on the way; row groups of 100,000 rows."""
    table = pq.read_table(source)
    with pq.ParquetWriter(target, table.schema, compression="zstd") as writer:
        waiting: list[pa.Table] = []
        for change in copies:
            waiting.append(change(table).cast(table.schema))
            if sum(map(len, waiting)) >= ROW_GROUP:
                writer.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP)
                waiting = []
        if waiting:
            writer.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP)


def _model_copy(copy: int) -> Callable[[pa.Table], pa.Table]:
    """A copy of every model: names of its own, columns dealt anew, and no emissions in nine copies of ten."""

    def change(table: pa.Table) -> pa.Table:
        rows = len(table)
        other = pa.array((np.arange(rows) * 31 + copy * 17) % rows)
        changed = {name: table[name].take(other) for name in DEALT}
        changed |= {name: _suffixed(table[name], copy) for name in ("model_key", "model_id")}
        changed["downloads_count"] = pc.add(table["downloads_count"], copy % 97)
        if copy % REPORTING_COPIES:
            changed |= {
                field.name: _instead(field, rows) for field in table.schema if field.name.startswith("emissions_")
            }
        for name, column in changed.items():
            table = table.set_column(table.schema.get_field_index(name), name, column)
        return table

    return change


def _claim_copy(copy: int) -> Callable[[pa.Table], pa.Table]:
    """The claims of a copy of every model."""

    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index("model_key")
        return table.set_column(place, "model_key", _suffixed(table["model_key"], copy))

    return change


def _suffixed(column: pa.ChunkedArray, copy: int) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(column.cast(pa.string()), str(copy), "-")


def _instead(field: pa.Field, rows: int) -> pa.Array:
    """What a copy that does not report has in a column of emissions."""
    value = {"emissions_outcome": "could-not-look", "emissions_flags": []}.get(field.name)
    return pa.array([value] * rows, pa.string() if field.name == "emissions_outcome" else field.type)


def measured(base: Processed, levels: Levels, folder: Path, models: int, *, checked: bool) -> dict[str, Any]:
    """One size: building the page in a process of its own, then using it."""
    processed = multiplied(base, folder / str(models), models)
    file = folder / f"{models}.html"
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "analysis",
        "explore",
        str(folder / str(models) / "raw" / "many"),
        "--file",
        str(file),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    built_s = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    found: dict[str, Any] = {
        "build_s": round(built_s, 1),
        "build_peak_gib": round(peak, 2),
        "page_mb": round(file.stat().st_size / 1e6, 1),
    }
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-claims=read]", state="attached", timeout=120_000)
        found |= {"requests": len(asked) - 1, **used(page)}
        if checked:
            found["states_equal_to_duckdb"] = equal_states(page, processed, levels, models)
        chromium.close()
    return found


def used(page: Page) -> dict[str, Any]:
    """Milliseconds until usable, and of searches and filters from the event to the painted frame."""
    interactions = page.evaluate(
        """async (queries) => {
          const took = [], painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const measure = async (act) => { const start = performance.now(); act(); await painted();
          took.push(performance.now() - start); };
          const search = document.getElementById("search");
          for (const query of queries) await measure(() => { search.value = query; search.dispatchEvent(new
          Event("input")); });
          const boxes = [...document.querySelectorAll("#facets li:not([hidden]) input")].slice(0, 20);
          for (const box of boxes) { await measure(() => box.click()); await measure(() => box.click()); }
          return took;
        }""",
        list(QUERIES),
    )
    return {
        "usable_ms": round(float(page.evaluate("document.documentElement.dataset.ready"))),
        "interaction_median_ms": round(statistics.median(interactions)),
        "interaction_p95_ms": round(statistics.quantiles(interactions, n=20)[-1]),
        "cells": page.evaluate("hfCarbon.facets[0].codes.length"),
    }


def equal_states(page: Page, processed: Processed, levels: Levels, models: int) -> str:
    """In how many random states every count of the page is DuckDB's."""
    copied = {
        f"{key}-{copy}": both[copy % REPORTING_COPIES != 0]
        for copy in range(models // BASE)
        for key, both in levels.items()
    }
    connection = truth(str(processed.table("models")), copied, routes_of(processed))
    equal = 0
    for state in random_states(values_of(connection), ["bert", "synthetic-lab", "7b"], STATES):
        page.evaluate(GO % json.dumps(address(state)))
        equal += page.evaluate(READ) == counts(connection, state)
    return f"{equal} of {STATES}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), "--quick" in sys.argv), indent=1) + "\n")
