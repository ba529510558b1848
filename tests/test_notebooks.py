"""The notebooks: they only look, they stand executed, and every cell still runs."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis.report import notebook as look
from analysis.results import Answer, Column, Conclusion, Estimate, RepairStep, Result, Table
from mining.errors import DamagedDataError, UsageError

NAMES = (
    "01-reporting",
    "02-emissions",
    "03-study-in-ten-cells",
    "04-landmarks",
    "05-improve-a-card",
    "06-estimates",
    "07-explore-and-history",
    "08-every-defensible-analysis",
    "09-a-question-of-your-own",
)
RESULTS = "docs/replication-2023/results"


def cells(project_dir: Path, name: str) -> list[dict[str, Any]]:
    notebook = json.loads((project_dir / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_defines_nothing_and_stands_executed(project_dir: Path, name: str) -> None:
    for number, cell in enumerate(cells(project_dir, name), 1):
        tree = ast.parse("".join(cell["source"]))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
        assert not [node for node in ast.walk(tree) if isinstance(node, kinds)]
        assert cell["execution_count"] == number
        assert [output for output in cell["outputs"] if output["output_type"] == "error"] == []
        assert [output for output in cell["outputs"] if output.get("name") == "stderr"] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_names_no_machine_and_no_time(project_dir: Path, name: str) -> None:
    text = (project_dir / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    text = re.sub(r'"image/png": "[^"]*"', "", text)
    assert len(text) < 200_000
    assert not re.search(r"(?<![\w.<])/(?:tmp|home|root|usr)/", text)
    assert "iopub" not in text


def test_the_study_takes_ten_cells(project_dir: Path) -> None:
    assert len(cells(project_dir, "03-study-in-ten-cells")) == 10


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("default")
def test_every_cell_runs(project_dir: Path, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    if name[:2] in {"01", "02"} and not (project_dir / RESULTS).is_dir():
        pytest.skip("the derived results of the 2023 study are not in this checkout")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    notebook = nbformat.read(project_dir / "notebooks" / f"{name}.ipynb", as_version=4)
    place = {"metadata": {"path": str(project_dir / "notebooks")}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()
    stored = cells(project_dir, name)
    for old, new in zip(stored, [cell for cell in notebook.cells if cell.cell_type == "code"], strict=True):
        assert len(old["outputs"]) == len(new.outputs)


def answer() -> Answer:
    estimates = (("rq9.1.main.repaired", 0.51234), ("rq9.1.check.other.repaired", 2.0))
    results = tuple(
        Result(
            id=name,
            question="RQ9.1",
            version="repaired",
            role="check" if ".check." in name else "main",
            title=name,
            p_adjusted=0.0001,
            estimate=Estimate(method="m", estimate=value, n=1417),
        )
        for name, value in estimates
    )
    step = RepairStep(
        repair="one", meaning="m", n_changed=3, before={"a": 1.0, "b": 2.5}, after={"a": 1.5, "b": 2.5001}
    )
    same = RepairStep(repair="two", meaning="m", n_changed=0, before={"a": 1.5}, after={"a": 1.5})
    grams = Table(
        id="rq9_1.grams",
        title="t",
        columns=(Column(name="g", title="Grams", unit="g CO2eq"),),
        rows=((1.23456,), (None,), (7,)),
    )
    return Answer(
        question="RQ9.1",
        title="?",
        status="answered",
        results=results,
        tables=(grams,),
        repairs=(step, same),
        conclusion=Conclusion(verdict="contradicted", sentence="It falls."),
    )


def test_answers_are_shown_rounded() -> None:
    shown = look.estimates(answer())
    assert shown["estimate"].tolist() == ["0.512"]
    assert shown["p corrected"].tolist() == ["< 0.001"]
    assert shown["n"].tolist() == ["1,417"]
    assert len(look.estimates(answer(), checks=True)) == 2
    assert look.table(answer(), "rq9_1.grams")["Grams [g CO2eq]"].tolist() == ["1.23", "–", 7]
    assert len(look.table(answer(), "rq9_1.grams", rows=1)) == 1
    assert look.repairs(answer())[["number", "before", "after"]].values.tolist() == [
        ["a", "1", "1.50"],
        ["no number changes", "", ""],
    ]
    assert look.conclusions({"RQ9.1": answer()}).loc["RQ9.1", "published conclusion"] == "contradicted"


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"rq9_1\.grams"):
        look.table(answer(), "rq9_1.other")
    with pytest.raises(UsageError, match="no answers"):
        look.answers_in(tmp_path)
    with pytest.raises(UsageError, match="effect_sizes"):
        look.figure({}, "no-such-figure", "source")
    with pytest.raises(UsageError, match="cannot be drawn"):
        look.figure({"RQ9.1": answer()}, "label_distribution", "source")
    (tmp_path / "RQ1.1.json").write_text("{")
    with pytest.raises(DamagedDataError):
        look.answers_in(tmp_path)
