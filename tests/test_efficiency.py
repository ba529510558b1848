"""The efficiency label and the reporting classes of 2023, as published and repaired."""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.classify import classes_2023 as reporting_2023
from analysis.classify import efficiency
from analysis.classify.efficiency import (
    AS_PUBLISHED,
    METRICS,
    REPAIRED,
    WEIGHTS,
    Switches,
    compound,
    fit,
    index_of,
    metrics_of,
    rate,
    rating,
    stored,
)
from analysis.published import recipe
from analysis.published.cut_points import content, cut_points

FINITE = st.floats(min_value=1e-9, max_value=1e12, allow_nan=False)


@given(st.lists(FINITE, min_size=1, max_size=40), st.sampled_from([20.0, 40.0, 60.0, 80.0, 94.0, 96.0, 50.0]))
def test_percentile_is_numpys(values: list[float], percent: float) -> None:
    assert efficiency.percentile(sorted(values), percent) == np.percentile(values, percent)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (100.0, 0),
        (10.0, 1),
        (10.1, 0),
        (5.0, 2),
        (2.0, 3),
        (1.0, 4),
        (0.5, 4),
        (0.0, 4),
        (-1.0, 4),
        (math.inf, 0),
        (None, None),
        (math.nan, None),
    ],
)
def test_intervals_are_open_below_and_closed_above(index: float | None, expected: int | None) -> None:
    assert rating(index, (10.0, 5.0, 2.0, 1.0)) == expected


def test_index_turns_emissions_over_and_leaves_the_rest() -> None:
    assert index_of("co2_eq_emissions", 10.0, 100.0) == 10.0
    assert index_of("downloads", 10.0, 100.0) == 0.1
    assert index_of("downloads", 10.0, 0.0) == 0.0
    assert index_of("performance_score", None, 1.0) is None
    assert index_of("co2_eq_emissions", 0.0, 100.0) == math.inf
    assert index_of("co2_eq_emissions", 0.0, 100.0, REPAIRED) is None


def test_metrics_never_divide_by_zero_grams() -> None:
    assert metrics_of(0.0, 10.0, 20.0, 3) == {
        "co2_eq_emissions": 0.0,
        "size_efficency": None,
        "datasets_size_efficency": None,
        "downloads": 3,
        "performance_score": None,
    }
    assert metrics_of(2.0, 10.0, None, 3)["size_efficency"] == 5.0


@pytest.mark.parametrize(
    ("ratings", "published", "exact"),
    [
        ({}, None, None),
        ({"co2_eq_emissions": 4}, "E", "E"),
        ({"size_efficency": 0, "datasets_size_efficency": 1}, "A", "B"),
        ({"size_efficency": 1, "datasets_size_efficency": 2}, "C", "C"),
        ({"size_efficency": 2, "datasets_size_efficency": 3}, "C", "D"),
    ],
)
def test_a_half_goes_to_even_as_published_and_to_the_worse_letter_repaired(
    ratings: dict[str, int], published: str | None, exact: str | None
) -> None:
    assert compound(ratings, AS_PUBLISHED) == published
    assert compound(ratings, REPAIRED) == exact


@given(st.dictionaries(st.sampled_from(METRICS), st.integers(0, 4), min_size=1))
def test_the_letter_is_never_far_from_the_exact_mean(ratings: dict[str, int]) -> None:
    total = sum((WEIGHTS[metric] for metric in ratings), Fraction(0))  # type: ignore[index]
    mean = sum((WEIGHTS[metric] * rate for metric, rate in ratings.items()), Fraction(0)) / total  # type: ignore[index]
    for switches in (AS_PUBLISHED, REPAIRED):
        letter = compound(ratings, switches)
        assert letter is not None
        assert abs("ABCDE".index(letter) - mean) <= Fraction(1, 2)


def test_one_scale_is_the_whole_of_the_first_repair() -> None:
    rows = [metrics_of(float(g), 1e6, None, 5, 0.5) for g in range(1, 101)]
    published = fit("c", rows, rows[-1])
    repaired = fit("c", rows, rows[-1], Switches(one_scale=True))
    assert [round(cut**2, 9) for cut in published.boundaries["co2_eq_emissions"]] == pytest.approx(
        [float(cut) for cut in repaired.boundaries["co2_eq_emissions"]], rel=0.05
    )
    rated = Counter(rate(row, repaired).ratings["co2_eq_emissions"] for row in rows)
    assert set(rated.values()) == {20}
    assert Counter(rate(row, published).ratings["co2_eq_emissions"] for row in rows)[0] > 20
    assert repaired.boundaries["downloads"] == published.boundaries["downloads"]


def test_a_metric_that_nobody_has_is_not_rated() -> None:
    rows = [metrics_of(float(g), None, None, 5) for g in range(1, 20)]
    found = fit("c", rows, rows[0])
    assert set(found.boundaries) == {"co2_eq_emissions", "downloads"}
    assert set(rate(metrics_of(3.0, 1e6, 1e6, 5, 0.5), found).ratings) == {"co2_eq_emissions", "downloads"}


def test_no_carbon_label_without_a_rating_of_the_carbon_once_repaired() -> None:
    silent = metrics_of(None, 1e9, 1e9, 100, 0.9)
    assert rate(silent, stored("as-published")).label is not None
    assert rate(silent, stored("repaired")).label is None
    assert rate(metrics_of(0.0, 1e9, 1e9, 100, 0.9), stored("as-published")).letters["co2_eq_emissions"] == "A"
    assert rate(metrics_of(0.0, 1e9, 1e9, 100, 0.9), stored("repaired")).label is None


def test_less_carbon_is_never_a_worse_rating() -> None:
    for version in ("as-published", "repaired"):
        rated = [
            rate(metrics_of(grams, None, None, None), stored(version)).ratings["co2_eq_emissions"]
            for grams in (0.01, 1, 5, 20, 1e5, 1e9)
        ]
        assert rated == sorted(rated)


def test_import_is_light() -> None:
    heavy = "{'numpy', 'pandas', 'scipy', 'pyarrow'}"
    code = (
        f"import sys, analysis.classify.efficiency, analysis.classify.classes_2023; print(sorted({heavy} & "
        f"set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.fixture(scope="module")
def published_frames(shared_dir: Path) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    folder = shared_dir / "published"
    bodies = {name: (folder / name).read_bytes() for name in ("HFCO2.csv", "HFClean.csv")}
    bodies["HFStreamlit.csv"] = gzip.decompress((folder / "HFStreamlit.csv.gz").read_bytes())
    names = {"mined": "HFStreamlit.csv", "merged": "HFCO2.csv", "curated": "HFClean.csv"}
    frames = {
        table: pd.read_csv(io.BytesIO(bodies[name]), dtype={"auto": str}, low_memory=False)
        for table, name in names.items()
    }
    return frames, {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()}


@pytest.mark.shared
def test_stored_cut_points_come_out_of_the_published_files(
    project_dir: Path, published_frames: tuple[dict[str, pd.DataFrame], dict[str, str]]
) -> None:
    kept = (project_dir / "analysis" / "classify" / "cut_points_2023.json").read_bytes()
    assert content(*published_frames) == kept
    found = cut_points(published_frames[0])
    assert found["as-published"] == stored("as-published")
    assert found["repaired"] == stored("repaired")
    assert found["repaired"].n["co2_eq_emissions"] == 1416


@pytest.mark.shared
def test_published_labels_hold_whatever_the_arithmetic(
    published_frames: tuple[dict[str, pd.DataFrame], dict[str, str]],
) -> None:
    rated = recipe.labels(published_frames[0]["merged"])
    plain, exact = [], []
    for label in rated:
        pairs = [(label.ratings[metric], float(WEIGHTS[metric])) for metric in METRICS if metric in label.ratings]
        values, weights = np.array([value for value, _ in pairs]), np.array([weight for _, weight in pairs])
        plain.append("ABCDE"[round(float(np.sum(values * (weights / np.sum(weights)))))])
        shares = [WEIGHTS[metric] for metric in METRICS if metric in label.ratings]
        exact.append("ABCDE"[round(sum(v * w for (v, _), w in zip(pairs, shares, strict=True)) / sum(shares))])
    assert plain == exact == [label.label for label in rated]


@pytest.mark.parametrize(
    ("emissions", "hardware", "tags", "published", "repaired"),
    [
        (False, False, (), "Unknown Energy Efficiency", "Unknown Energy Efficiency"),
        (False, True, ("distilled",), "Context Reporting", "Context Reporting"),
        (True, False, ("pruned",), "Basic Energy Reporting", "Basic Energy Reporting"),
        (True, True, (), "Energy Awareness", "Energy Awareness"),
        (True, True, ("Distilled",), "Energy Awareness", "Energy Optimization"),
        (True, True, ("EcoCard",), "Energy Awareness", "Energy Awareness"),
        (True, True, ("pruned", "ecocard"), "Energy Awareness", "Certified Energy Efficiency"),
    ],
)
def test_reporting_classes(
    emissions: bool, hardware: bool, tags: tuple[str, ...], published: str, repaired: str
) -> None:
    facts = {"reports_emissions": emissions, "reports_hardware": hardware}
    assert reporting_2023.published_class(**facts) == published
    assert reporting_2023.repaired_class(**facts, tags=tags) == repaired
    assert {published, repaired} <= set(reporting_2023.CLASSES)
