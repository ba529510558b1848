"""The page of the validation is what the benchmark measured."""

from __future__ import annotations

import numpy as np

from analysis.estimates.reference import read_table
from benchmarks.estimate_unseen import scored, unseen
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


def test_developers_never_seen_are_estimated_within_the_bars() -> None:
    """Runs whose developers shaped no constant; those whose device stood idle are counted apart, and shown."""
    assert validation.measured()["unseen"] == unseen()
    found = {(row["boundary"], row["runs"]): row for row in unseen()}
    gpu, machine = (found[name, "that used the device"] for name in ("gpu", "machine"))
    assert gpu["median factor"] <= 1.25
    assert gpu["coverage of 90 %"] >= 0.82
    assert gpu["half-width"] <= 2.5
    assert machine["median factor"] <= 1.5
    assert found["gpu", "all"]["developers"] > gpu["developers"]


def test_developers_never_seen_are_in_no_table_of_the_fit() -> None:
    known = {row["house"].lower() for row in read_table("training_runs")}
    assert not known & {row.developer.lower() for row in scored()}
