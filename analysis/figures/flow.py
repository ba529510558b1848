"""The inclusion flow: how many rows went in, what was left out and why, and how many each question rests on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, LOUD, MUTED, STRONG_FAMILY, NothingToDrawError, Size

SUFFIX = ".inclusion"
BOX_WIDTH, BOX_HEIGHT = 0.76, 0.74
ROW_MM, EDGES_MM = 15.5, 9.0
MAX_STEPS = 7


def _flows(tables: use.Tables) -> dict[str, list[dict[str, Any]]]:
    flows = {}
    for identity in sorted(name for name in tables if name.endswith(SUFFIX)):
        try:
            rows = use.rows_of(tables, identity, "rows")
        except NothingToDrawError:
            continue
        question = identity.removesuffix(SUFFIX).upper().replace("_", ".")
        flows[question] = sorted(rows, key=lambda row: row["order"])
    if not flows:
        raise NothingToDrawError("no question of this source gives its inclusion flow")
    return flows


def _cut(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most seven steps: the first, and the last six; the table lists them all."""
    return rows if len(rows) <= MAX_STEPS else [rows[0], *rows[-(MAX_STEPS - 1) :]]


def size(tables: use.Tables) -> Size:
    """Height for the number of questions."""
    return Size(2, min(230.0, EDGES_MM + ROW_MM * len(_flows(tables))))


def inclusion(figure: Figure, tables: use.Tables) -> str:
    """One line of boxes per question, the loss written on the arrow between two boxes."""
    flows = {question: _cut(rows) for question, rows in _flows(tables).items()}
    widest = max(len(rows) for rows in flows.values())
    axes: Axes = figure.subplots()
    for line, (question, rows) in enumerate(flows.items()):
        axes.text(-0.12, line, question, ha="right", va="center", fontsize=8, fontfamily=STRONG_FAMILY)
        for place, row in enumerate(rows):
            _box(axes, place, line, row, widest)
        for place, (before, after) in enumerate(pairwise(rows)):
            _arrow(axes, place, line, before["rows"] - after["rows"])
    axes.set_xlim(-0.65, widest - 0.2)
    axes.set_ylim(len(flows) - 0.45, -0.5)
    axes.set_axis_off()
    ends = "; ".join(
        f"{question} {rounding.count(rows[0]['rows'])} to {rounding.count(rows[-1]['rows'])}"
        for question, rows in flows.items()
    )
    return f"Flow chart of the rows that each question starts from and ends with: {ends}."


def _box(axes: Axes, place: int, line: int, row: dict[str, Any], widest: int) -> None:
    corner = (place, line - BOX_HEIGHT / 2)
    axes.add_patch(Rectangle(corner, BOX_WIDTH, BOX_HEIGHT, facecolor=BLUE, alpha=0.1, edgecolor="none"))
    axes.add_patch(Rectangle(corner, BOX_WIDTH, BOX_HEIGHT, facecolor="none", edgecolor=BLUE, linewidth=0.7))
    middle = place + BOX_WIDTH / 2
    axes.text(
        middle, line - 0.22, rounding.count(row["rows"]), ha="center", va="center", fontsize=8, fontfamily=STRONG_FAMILY
    )
    width = max(14, round(120 / widest))
    axes.text(
        middle,
        line + 0.13,
        use.wrapped(str(row["step"]), width, 3),
        ha="center",
        va="center",
        fontsize=5.6,
        color=MUTED,
        linespacing=1.05,
    )


def _arrow(axes: Axes, place: int, line: int, lost: int) -> None:
    begin, end = place + BOX_WIDTH, place + 1
    axes.plot([begin, end - 0.04], [line, line], color=MUTED, linewidth=0.7, solid_capstyle="butt")
    axes.plot([end - 0.04], [line], ">", color=MUTED, markersize=3.2)
    if lost:
        axes.text(
            (begin + end) / 2, line - 0.17, rounding.count(-lost), ha="center", va="center", fontsize=5.8, color=LOUD
        )
