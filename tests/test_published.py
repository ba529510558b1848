"""The 2023 recipe: every published number comes out, twice, and altered data shows."""

from __future__ import annotations

import ast
import gzip
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import independent_recomputation as independent
import numpy as np
import pandas as pd
import published_like
import pytest

from analysis.published import recipe, replicate
from analysis.published.recompute import recompute

FILES = {"mined": "HFStreamlit.csv", "merged": "HFCO2.csv", "curated": "HFClean.csv"}


def frames_of(contents: dict[str, bytes]) -> dict[str, pd.DataFrame]:
    return {
        table: pd.read_csv(io.BytesIO(contents[name]), dtype={"auto": str}, low_memory=False)
        for table, name in FILES.items()
    }


@pytest.fixture(scope="module")
def contents(shared_dir: Path) -> dict[str, bytes]:
    folder = shared_dir / "published"
    found = {name: (folder / name).read_bytes() for name in ("HFCO2.csv", "HFClean.csv", "tags_metadata.yaml")}
    found["HFStreamlit.csv"] = gzip.decompress((folder / "HFStreamlit.csv.gz").read_bytes())
    return found


@pytest.fixture(scope="module")
def frames(contents: dict[str, bytes]) -> dict[str, pd.DataFrame]:
    return frames_of(contents)


@pytest.fixture(scope="module")
def replication(frames: dict[str, pd.DataFrame], contents: dict[str, bytes]) -> replicate.Replication:
    return replicate.run(frames, contents["tags_metadata.yaml"])


@pytest.mark.shared
def test_every_published_number_comes_out(replication: replicate.Replication) -> None:
    assert [number for number in replication.numbers if number.verdict != "equal"] == []
    assert replication.holds
    assert len(replication.numbers) >= 129


def agrees(first: Any, second: Any) -> bool:
    """Whether two computations agree: numbers to 1e-9 relative, everything else exactly."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(agrees(first[key], second[key]) for key in first)
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(agrees(a, b) for a, b in zip(first, second, strict=True))
    if isinstance(first, (int, float)) and isinstance(second, (int, float)):
        return math.isclose(first, second, rel_tol=1e-9, abs_tol=0 if first else 1e-12)
    return bool(first == second)


def disagreements(found: replicate.Replication, contents: dict[str, bytes]) -> tuple[set[str], set[str]]:
    """Numbers that an independent computation does not give, and numbers that it does not know."""
    again = independent.recompute(contents)
    numbers = {number.id: number.recomputed for number in found.numbers}
    wrong = {name for name, value in numbers.items() if name in again and not agrees(value, again[name])}
    return wrong, numbers.keys() - again.keys()


@pytest.mark.shared
def test_second_computation_agrees_for_all_but_text_and_constants(
    replication: replicate.Replication, contents: dict[str, bytes]
) -> None:
    assert disagreements(replication, contents) == (
        set(),
        {
            "tags.task-to-domain",
            "tags.model-to-domain",
            "tags.concept-to-domain",
            "rq1.4.unreachable-classes",
            "rq2.5.examples",
        },
    )


def test_second_computation_agrees_on_other_tables(tmp_path: Path) -> None:
    folder = published_like.write(tmp_path / "files", seed=5)
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    wrong, unknown = disagreements(replicate.run(frames_of(contents), None), contents)
    assert wrong == set()
    assert len(unknown) < 10


@pytest.mark.shared
def test_second_computation_follows_altered_tables(contents: dict[str, bytes]) -> None:
    altered = contents | {"HFStreamlit.csv": contents["HFStreamlit.csv"].replace(b",Computer Vision,", b",NLP,", 40)}
    found = replicate.run(frames_of(altered), altered["tags_metadata.yaml"])
    verdicts = {number.id: number.verdict for number in found.numbers}
    assert verdicts["rq2.4.u"] == "differs"
    assert disagreements(found, altered)[0] == set()


@pytest.mark.shared
def test_every_recomputed_number_is_compared(frames: dict[str, pd.DataFrame], contents: dict[str, bytes]) -> None:
    recomputed = recompute(frames, contents["tags_metadata.yaml"])
    assert set(recomputed) == {entry["id"] for entry in replicate.published()["numbers"]}


@pytest.mark.shared
def test_the_merge_gives_the_shipped_rows(frames: dict[str, pd.DataFrame]) -> None:
    merged = recipe.merge(frames["mined"], frames["curated"])
    assert list(merged["modelId"]) == list(frames["merged"]["modelId"])
    for column in ("co2_eq_emissions", "downloads", "datasets_size", "size"):
        np.testing.assert_allclose(merged[column].astype(float), frames["merged"][column].astype(float), rtol=1e-12)
    types = [recipe.combined_training_type(text) for text in merged["training_type"]]
    assert types == list(frames["merged"]["training_type"])


@pytest.mark.shared
def test_scaled_emissions_change_numbers(contents: dict[str, bytes]) -> None:
    altered = dict(contents)
    rows = altered["HFCO2.csv"].split(b"\n")
    altered["HFCO2.csv"] = b"\n".join([rows[0], *rows[200:]])
    found = replicate.run(frames_of(altered), altered["tags_metadata.yaml"])
    changed = {number.id for number in found.numbers if number.verdict != "equal"}
    assert not found.holds
    assert {"counts.merged-rows", "rq2.1.autotrain-accuracy.rho", "rq2.5.labels"} <= changed
    assert "rq2.4.u" not in changed
    assert {number.id: number.verdict for number in found.numbers}["rq2.5.labels"] in {"differs", "not computed"}


@pytest.mark.parametrize(
    ("printed", "value", "same"),
    [
        ("18.48", 18.482380455182465, True),
        ("18.48", 18.4851, False),
        ("1.141e-15", 1.1409164876282704e-15, True),
        ("1.142e-15", 1.1409164876282704e-15, False),
        ("4.30", 4.2962, True),
        ("4.30", 4.31, False),
        ("1", 1.0, True),
        ("1", float("nan"), False),
        ("1243469", 1243469.379, True),
    ],
)
def test_printed_digits_decide(printed: str, value: float, same: bool) -> None:
    assert replicate.reads(printed, value) is same


def test_agreement_is_relative_and_exact_for_text() -> None:
    assert agrees({"a": [1.0, 2]}, {"a": [1.0 + 1e-12, 2]})
    assert not agrees({"a": [1.0, 2]}, {"a": [1.0 + 1e-8, 2]})
    assert not agrees({"a": 1}, {"b": 1})
    assert not agrees("x", "y")
    assert not agrees([1], [1, 2])


def test_missing_numbers_are_not_computed_and_do_not_hold() -> None:
    found = replicate.compare({"counts.reporters": 1417, "rq2.4.ols.log-size-p": 0.5})
    verdicts = {number.id: number.verdict for number in found.numbers}
    assert verdicts["counts.reporters"] == "equal"
    assert verdicts["rq2.4.ols.log-size-p"] == "differs"
    assert verdicts["rq2.4.u"] == "not computed"
    assert not found.holds
    assert found.tally["equal"] == 1


def test_what_cannot_be_checked_has_a_reason() -> None:
    found = replicate.compare({})
    assert {"rq1.1.share-max", "rq1.4.context-reporting"} <= {number.id for number in found.unavailable}
    assert all("never made public" in number.reason for number in found.unavailable)


@pytest.mark.parametrize("module", ["recipe.py", "recompute.py"])
def test_computation_never_reads_the_published_values(project_dir: Path, module: str) -> None:
    source = (project_dir / "analysis" / "published" / module).read_text(encoding="utf-8")
    tree = ast.parse(source)
    names = {
        alias.name for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names
    }
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert "replicate" not in names
    assert not {"analysis.published.replicate", "importlib.resources", "pathlib"} & modules
    assert "open" not in calls
    assert not any(
        isinstance(node, ast.Constant) and str(node.value).endswith("published_numbers.yml") for node in ast.walk(tree)
    )


def test_independent_computation_shares_nothing(project_dir: Path) -> None:
    tree = ast.parse((project_dir / "tests" / "independent_recomputation.py").read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert modules == {
        "__future__",
        "collections",
        "collections.abc",
        "csv",
        "fractions",
        "io",
        "math",
        "numpy",
        "numpy.typing",
        "re",
        "scipy",
        "typing",
    }


def test_mean_ranks_share_ties() -> None:
    # scipy.stats.rankdata([10, 20, 20, 5]) -> [2., 3.5, 3.5, 1.]
    assert independent.ranks(np.array([10.0, 20.0, 20.0, 5.0])).tolist() == [2.0, 3.5, 3.5, 1.0]


def test_rank_sum_matches_scipy() -> None:
    a, b = np.array([1.1, 2.2, 3.3, 4.4, 5.5, 9, 9]), np.array([0.5, 1.5, 2.5, 2.5, 3, 4, 8])
    u, p = independent.rank_sum(a, b)
    from scipy import stats

    expected = stats.mannwhitneyu(a, b, method="asymptotic")
    assert u == expected.statistic
    assert p == pytest.approx(expected.pvalue, rel=1e-12)


def test_unreadable_metric_cells_hold_nothing() -> None:
    assert recipe.metrics_in("{'accuracy': nan, 'f1': 0.5}") == {"accuracy": None, "f1": 0.5}
    assert recipe.metrics_in("__import__('os')") == {}
    assert recipe.metrics_in(3.0) == {}
    assert recipe.metrics_in("[1]") == {}
