"""The figures in the docstrings are those of the stored full run of the simulation."""

from __future__ import annotations

import json
import re
from pathlib import Path

from analysis import stats


def stored(project_dir: Path) -> dict[tuple[str, str, str], float]:
    rows = json.loads((project_dir / "benchmarks" / "results" / "statistics.json").read_text(encoding="utf-8"))["cells"]
    return {(row["test"], row["n"], row["scenario"]): row["value"] for row in rows}


def test_every_public_function_quotes_its_measurement() -> None:
    for name in dir(stats):
        text = getattr(stats, name).__doc__
        assert "Measured" in text, name
        assert ">>>" in text, name


def test_docstrings_quote_the_stored_run(project_dir: Path) -> None:
    """Each figure of a 'Measured' passage is a rounded value of the stored run."""
    values = {f"{value:.3f}" for value in stored(project_dir).values() if value is not None}
    for name in dir(stats):
        passage = re.search(r"Measured(.*?)(?:\n\n|\Z)", getattr(stats, name).__doc__, re.DOTALL)
        assert passage is not None
        quoted = re.findall(r"\.\d{3}", passage.group(1))
        wrong = [figure for figure in quoted if f"0{figure}" not in values and figure != ".050"]
        assert not wrong, f"{name}: {wrong}"


def test_the_stored_run_is_the_full_one(project_dir: Path) -> None:
    kept = json.loads((project_dir / "benchmarks" / "results" / "statistics.json").read_text(encoding="utf-8"))
    assert not kept["quick"]
    from benchmarks import bench_statistics

    assert kept["seed"] == bench_statistics.SEED
    named = {(row["test"], row["n"], row["scenario"]) for row in kept["cells"]}
    assert {cell[:3] for cell in bench_statistics.cells()} <= named
