"""The 2023 recipe: every published number comes out, twice, and altered data shows."""

from __future__ import annotations

import ast
import gzip
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.published import independent, recipe, replicate
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
    return replicate.run(frames, contents)


@pytest.mark.shared
def test_every_published_number_comes_out(replication: replicate.Replication) -> None:
    assert [number for number in replication.numbers if number.verdict != "equal"] == []
    assert replication.holds
    assert len(replication.numbers) >= 129


@pytest.mark.shared
def test_second_computation_agrees_for_all_but_text_and_constants(replication: replicate.Replication) -> None:
    alone = {number.id for number in replication.numbers if number.second is None}
    assert {number.id for number in replication.numbers if number.second is False} == set()
    assert alone == {
        "tags.task-to-domain",
        "tags.model-to-domain",
        "tags.concept-to-domain",
        "rq1.4.unreachable-classes",
        "rq2.5.examples",
    }


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
    found = replicate.run(frames_of(altered), altered)
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
    assert replicate.agrees({"a": [1.0, 2]}, {"a": [1.0 + 1e-12, 2]})
    assert not replicate.agrees({"a": [1.0, 2]}, {"a": [1.0 + 1e-8, 2]})
    assert not replicate.agrees({"a": 1}, {"b": 1})
    assert not replicate.agrees("x", "y")
    assert not replicate.agrees([1], [1, 2])


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


@pytest.mark.parametrize("module", ["recipe.py", "recompute.py", "independent.py"])
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
    tree = ast.parse((project_dir / "analysis" / "published" / "independent.py").read_text(encoding="utf-8"))
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
