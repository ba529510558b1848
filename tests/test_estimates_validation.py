"""The page of the validation is what the benchmark measured."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from analysis.estimates.reference import read_table
from benchmarks.estimate_unseen import SETS, first_score, runs, unseen
from docs import generate_validation as validation


def test_the_page_is_up_to_date() -> None:
    """After a change: ``python -m docs.generate_validation``."""
    assert validation.PAGE.read_text(encoding="utf-8") == validation.page()


def test_the_figure_shows_every_run_of_the_table() -> None:
    axes = validation.drawn(validation.points()).axes
    drawn = [len(np.asarray(panel.collections[1].get_offsets())) for panel in axes]
    counted = [
        sum((one["route"], one["boundary"]) == panel for one in validation.points()) for panel in validation.PANELS
    ]
    assert drawn == counted
    assert min(drawn) > 0


def test_no_mixed_boundary_is_called_validated() -> None:
    line = next(line for line in validation.page().splitlines() if "| mixed |" in line)
    assert line.endswith("| not validated for any one boundary |")


def test_developers_never_seen_are_scored_as_the_page_prints_them() -> None:
    """Today's form on both sets is what the results hold; the interval keeps 82 % where the device was used."""
    assert validation.measured()["unseen"] == unseen()
    found = {(row["set"], row["boundary"], row["runs"]): row for row in unseen()}
    for which in SETS:
        gpu, machine = (found[which, name, "that used the device"] for name in ("gpu", "machine"))
        assert gpu["coverage of 90 %"] >= 0.82
        assert gpu["half-width"] <= 2.5
        assert machine["median factor"] <= 1.5
        assert found[which, "gpu", "all"]["developers"] > gpu["developers"]


def test_the_clean_score_stays_and_is_shown_as_missed() -> None:
    """What was scored first is not overwritten by later forms, and the page does not hide that the bars were missed."""
    first = {(row["boundary"], row["runs"]): row for row in first_score()}
    assert (first["gpu", "all"]["median factor"], first["gpu", "all"]["coverage of 90 %"]) == ("1.873", "0.667")
    page = validation.page()
    assert page.index("The clean test: missed") < page.index("no longer clean")
    assert "| gpu | all | 18 | 9 | 1.873 | 0.667 | 2.46 | 1 |" in page


def test_every_row_of_a_set_names_its_file_and_commit_and_is_a_run_of_its_own() -> None:
    rows = runs("second")
    assert len({(row["developer"], row["run"]) for row in rows}) == len(rows)
    assert all(re.fullmatch(r"github\.com/\S+/\S+ \S+\.csv @[0-9a-f]{7}", row["source"]) for row in rows)
    assert all(float(row["hours"]) > 1 / 6 and float(row["gpu_kwh"]) <= float(row["machine_kwh"]) for row in rows)
    assert max(Counter(row["developer"] for row in rows).values()) <= 3
    assert not {row["developer"] for row in rows} & {row["developer"] for row in runs("first")}


def test_developers_never_seen_are_in_no_table_of_the_fit() -> None:
    known = {row["house"].lower() for row in read_table("training_runs")}
    assert not known & {row["developer"].lower() for which in SETS for row in runs(which)}
