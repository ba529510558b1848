"""Confusion figures: what a model was called by the study, and what it is called once the recipe is repaired."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, ON_DARK, ON_LIGHT, PAPER, Size

SHADES = LinearSegmentedColormap.from_list("house", ["#eef3f8", BLUE])
DARK_FROM = 0.55


def _matrix(figure: Figure, rows: use.Rows, order: list[str], what: str, wrap: int) -> str:
    """Counts of each pair as shaded cells; the shade grows with the root of the count."""
    found = {(str(row["published"]), str(row["repaired"])): row["models"] for row in rows}
    counts = np.array([[found.get((one, other), 0) for other in order] for one in order], dtype=float)
    totals = counts.sum(axis=1, keepdims=True)
    axes: Axes = figure.subplots()
    shades = np.sqrt(counts / max(1.0, counts.max()))
    axes.pcolormesh(shades, cmap=SHADES, vmin=0, vmax=1, edgecolors=PAPER, linewidth=1)
    for (line, column), value in np.ndenumerate(counts):
        if value:
            colour = ON_DARK if shades[line, column] > DARK_FROM else ON_LIGHT
            look: dict[str, Any] = {"ha": "center", "va": "center", "color": colour, "fontsize": 7}
            axes.text(column + 0.5, line + 0.5, rounding.count(value), **look)
    middles = np.arange(len(order)) + 0.5
    axes.set_xticks(middles, [use.wrapped(name, wrap) for name in order])
    axes.set_yticks(
        middles,
        [f"{use.wrapped(name, 14)} ({rounding.count(total)})" for name, total in zip(order, totals[:, 0], strict=True)],
    )
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.set_xlabel("repaired (darker: more models)")
    axes.set_ylabel("2023 recipe (models)")
    same, total = np.trace(counts), counts.sum()
    return (
        f"Table of cells, {what} by the 2023 recipe against repaired: {rounding.count(same)} "
        f"of {rounding.count(total)} models keep theirs."
    )


def label_confusion(figure: Figure, tables: use.Tables) -> str:
    """Efficiency label by the 2023 recipe against repaired."""
    rows = use.rows_of(tables, "rq2_5.confusion", "models")
    order = sorted({str(row[side]) for row in rows for side in ("published", "repaired")})
    return _matrix(figure, rows, order, "efficiency label", 12)


def class_size(tables: use.Tables) -> Size:
    """One column for few classes, two for many."""
    order = use.in_order(
        str(row[side]) for row in use.rows_of(tables, "rq1_4.confusion", "models") for side in ("published", "repaired")
    )
    return Size(1 if len(order) <= 3 else 2, 34 + 11 * len(order))


def class_confusion(figure: Figure, tables: use.Tables) -> str:
    """Reporting class by the 2023 recipe against repaired."""
    rows = use.rows_of(tables, "rq1_4.confusion", "models")
    order = use.in_order(str(row[side]) for row in rows for side in ("published", "repaired"))
    return _matrix(figure, rows, order, "reporting class", 12)
