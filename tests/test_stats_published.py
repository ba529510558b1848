"""The statistics room finds the numbers the 2023 study printed, from the published files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from present import present
from scipy import stats as scipy_stats

from analysis.stats import kruskal, mann_whitney, ols, pearson, simple_trend, spearman

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def mined(shared_dir: Path) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "published" / "HFStreamlit.csv.gz", low_memory=False)


@pytest.fixture(scope="module")
def curated(shared_dir: Path) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "published" / "HFClean.csv")


def test_vision_against_language(mined: pd.DataFrame) -> None:
    grams = mined["co2_eq_emissions"]
    found = mann_whitney(grams[mined["domain"] == "Computer Vision"], grams[mined["domain"] == "NLP"])
    assert found.statistic == 69376
    assert found.p == pytest.approx(1.1409e-15, rel=1e-4)
    assert found.n_by_group == {"a": 188, "b": 1160}
    assert (found.details["median_a"], found.details["median_b"]) == pytest.approx((1.17, 4.99), abs=0.005)
    assert found.effect_size == pytest.approx(2 * 69376 / (188 * 1160) - 1, rel=1e-12)
    assert present(found.low) < present(found.estimate) < present(found.high) < 0


def test_pretraining_against_fine_tuning(curated: pd.DataFrame) -> None:
    grams = curated["co2_eq_emissions"]
    found = mann_whitney(
        grams[curated["training_type"] == "pretraining"], grams[curated["training_type"] == "fine-tuning"]
    )
    assert found.statistic == 333
    assert found.p == pytest.approx(0.0292, abs=5e-5)
    assert found.n_by_group == {"a": 20, "b": 24}
    assert (found.details["median_a"], found.details["median_b"]) == pytest.approx((432.67, 17), abs=0.005)


@pytest.mark.parametrize(
    ("column", "n", "r", "p", "rho"),
    [("size", 48, 0.5615, 3.294e-5, 0.534), ("datasets_size", 47, 0.5604, 4.191e-5, 0.591)],
)
def test_emissions_and_size(curated: pd.DataFrame, column: str, n: int, r: float, p: float, rho: float) -> None:
    """The study adds 1e-6 before taking logarithms."""
    x, y = np.log(curated[column] + 1e-6), np.log(curated["co2_eq_emissions"] + 1e-6)
    found = pearson(x, y)
    assert (found.n, found.n_missing) == (n, 48 - n)
    assert found.estimate == pytest.approx(r, abs=5e-5)
    assert found.p == pytest.approx(p, rel=5e-4)
    assert present(found.low) < present(found.estimate) < present(found.high)
    assert spearman(x, y).estimate == pytest.approx(rho, abs=5e-4)


@pytest.mark.parametrize(
    ("metric", "n", "rho", "p"),
    [
        ("accuracy", 834, 0.0032, 0.926),
        ("f1", 766, -0.0144, 0.692),
        ("rouge1", 224, -0.0195, 0.771),
        ("rougeL", 224, -0.0521, 0.438),
    ],
)
def test_emissions_and_performance_of_autotrain(mined: pd.DataFrame, metric: str, n: int, rho: float, p: float) -> None:
    rows = mined[mined["auto"]]
    found = spearman(rows["co2_eq_emissions"], rows[metric])
    assert found.n == n
    assert found.estimate == pytest.approx(rho, abs=5e-5)
    assert found.p == pytest.approx(p, abs=5e-4)
    assert present(found.low) < 0 < present(found.high)


@pytest.mark.parametrize(
    ("metric", "n", "rho", "p"),
    [("accuracy", 11, 0.2727, 0.417), ("f1", 9, -0.3766, 0.318), ("rouge1", 7, 0.3214, 0.482), ("rougeL", 4, 0.0, 1.0)],
)
def test_emissions_and_performance_of_the_curated(
    curated: pd.DataFrame, metric: str, n: int, rho: float, p: float
) -> None:
    found = spearman(curated["co2_eq_emissions"], curated[metric], p_value="t")
    assert (found.n, found.estimate) == pytest.approx((n, rho), abs=5e-5)
    assert found.p == pytest.approx(p, abs=5e-4)
    exact = spearman(curated["co2_eq_emissions"], curated[metric])
    assert exact.details["p_t"] == found.p
    assert exact.p == pytest.approx(found.p, abs=0.03)


def test_monthly_medians_fall(mined: pd.DataFrame) -> None:
    """Seventeen monthly medians, November 2021 to March 2023: slope -0.6917 g a month, p = 0.0010269."""
    months = pd.to_datetime(mined["created_at"], utc=True).dt.strftime("%Y-%m")
    medians = mined.groupby(months)["co2_eq_emissions"].median()
    window = medians[(medians.index >= "2021-11") & (medians.index <= "2023-03")]
    found = simple_trend(window)
    assert found.n == 17
    assert found.estimate == pytest.approx(-0.6917, abs=5e-5)
    assert found.p == pytest.approx(0.0010269, abs=5e-8)


def test_least_squares_with_size_held_constant(mined: pd.DataFrame) -> None:
    """On the study's split, scikit-learn's with random_state 42.

    -1.8723 (p .263), -2.6344 (p .119), 0.77058, R squared .082, n = 1,038.
    """
    rows = mined[mined["size"].notna()]
    assert len(rows) == 1298
    rows = rows.iloc[np.random.RandomState(42).permutation(1298)[260:]]
    columns = {
        "nlp": (rows["domain"] == "NLP").to_numpy(dtype=float),
        "cv": (rows["domain"] == "Computer Vision").to_numpy(dtype=float),
        "size": np.log(rows["size"].to_numpy(dtype=float) + 1e-6),
    }
    found = ols(np.log(rows["co2_eq_emissions"] + 1e-6), columns)
    assert found["nlp"].n == 1038
    assert found["nlp"].estimate == pytest.approx(-1.8723, abs=5e-5)
    assert found["cv"].estimate == pytest.approx(-2.6344, abs=5e-5)
    assert found["size"].estimate == pytest.approx(0.77058, abs=1e-5)
    assert found["nlp"].details["classic_p"] == pytest.approx(0.263, abs=5e-4)
    assert found["cv"].details["classic_p"] == pytest.approx(0.119, abs=5e-4)
    assert present(found["size"].details["classic_p"]) < 0.001
    assert found["size"].details["r_squared"] == pytest.approx(0.082, abs=5e-4)
    assert present(found["size"].low) > 0


def test_domains_differ(mined: pd.DataFrame) -> None:
    groups = {str(name): rows["co2_eq_emissions"] for name, rows in mined.groupby("domain")}
    found = kruskal(groups)
    assert found.n_by_group["NLP"] == 1160
    expected = scipy_stats.kruskal(*groups.values())
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert present(found.details["dunn.Computer Vision|NLP.p_holm"]) < 1e-10
