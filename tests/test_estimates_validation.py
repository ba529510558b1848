"""The page of the validation is what the benchmark measured."""

from __future__ import annotations

import numpy as np

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
