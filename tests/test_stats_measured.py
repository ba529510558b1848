"""The figures in the docstrings are those of the stored full run of the simulation."""

from __future__ import annotations

import json
import re
from pathlib import Path

from analysis import stats
from analysis.questions.multiverse.joint import wild_cluster_test
from analysis.questions.multiverse.months import autoregressive_test
from benchmarks import bench_statistics, simulation


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


def test_what_ships_is_the_stored_run(project_dir: Path) -> None:
    """The report reads the cells from a file of the package, made from the same run."""
    kept = json.loads((project_dir / "benchmarks" / "results" / "statistics.json").read_text(encoding="utf-8"))
    shipped = (project_dir / "analysis" / "stats" / "measured.csv").read_text(encoding="utf-8")
    assert shipped == bench_statistics.measured(kept["cells"])
    assert all(row["error"] is not None for row in kept["cells"] if row["value"] is not None)


def test_every_miss_is_said_in_the_docstring(project_dir: Path) -> None:
    """A cell outside .03 to .07 or .93 to .97, in a nasty design, is quoted by the function that it measures."""
    kept = json.loads((project_dir / "benchmarks" / "results" / "statistics.json").read_text(encoding="utf-8"))
    texts = {name: getattr(stats, name).__doc__ for name in dir(stats) if hasattr(getattr(stats, name), "__doc__")} | {
        "multiverse, wild clusters": wild_cluster_test.__doc__,
        "multiverse, autoregressive": autoregressive_test.__doc__,
    }
    for row in kept["cells"]:
        name = row["test"].split(",")[0] if not row["test"].startswith("multiverse") else row["test"]
        text = texts.get(name)
        if row["outside"] and text is not None and row["test"] in {name, "ols, clustered", "binomial_glm, in time"}:
            assert f"{row['value']:.3f}".lstrip("0") in text, (row["test"], row["n"], row["scenario"], row["value"])


def test_the_stored_run_is_the_full_one(project_dir: Path) -> None:
    kept = json.loads((project_dir / "benchmarks" / "results" / "statistics.json").read_text(encoding="utf-8"))
    assert not kept["quick"]
    assert kept["seed"] == simulation.SEED
    named = {(row["test"], row["n"], row["scenario"]) for row in kept["cells"]}
    assert {cell[:3] for cell in bench_statistics.cells()} <= named
