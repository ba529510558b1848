"""The inclusion flow: one trunk of what all questions leave out, and a branch where a question needs something more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, INK, LOUD, MUTED, STRONG_FAMILY, NothingToDrawError, Size

SUFFIX = ".inclusion"
OTHER_START = "RQ3"
"""Questions of estimates start from other rows; their tables say from which."""
SAME_ROWS = {"all reports": "settled values"}
"""Two names of one step: what can be read as grams stays."""
BOX_WIDTH, BOX_HEIGHT = 0.8, 0.78
ROW_MM, EDGES_MM = 17.0, 12.0


@dataclass
class Node:
    """A step with what it keeps, the questions that rest on it, and the steps that follow."""

    step: str
    rows: int
    questions: list[str] = field(default_factory=list)
    following: dict[tuple[str, int], Node] = field(default_factory=dict)
    across: int = 0
    down: int = 0


def _flows(tables: use.Tables) -> dict[str, list[dict[str, Any]]]:
    flows = {}
    for identity in sorted(name for name in tables if name.endswith(SUFFIX)):
        question = identity.removesuffix(SUFFIX).upper().replace("_", ".")
        try:
            rows = use.rows_of(tables, identity, "rows")
        except NothingToDrawError:
            continue
        if not question.startswith(OTHER_START):
            flows[question] = sorted(rows, key=lambda row: row["order"])
    if not flows:
        raise NothingToDrawError("no question of this source gives its inclusion flow")
    return flows


def _tree(tables: use.Tables) -> Node:
    """All flows as one tree: equal beginnings are one, a step that leaves nothing out is not drawn."""
    root = Node("", 0)
    for question, rows in _flows(tables).items():
        at, kept = root, None
        for row in rows:
            if row["rows"] == kept:
                continue
            step, kept = SAME_ROWS.get(str(row["step"]), str(row["step"])), row["rows"]
            at = at.following.setdefault((step, kept), Node(step, kept))
        at.questions.append(question)
    place = 0
    for start in root.following.values():
        place = _laid_out(start, 0, place)
    return root


def _laid_out(node: Node, across: int, down: int) -> int:
    """Give every box its place, the branch that holds most questions straight on; the first free line below."""
    node.across, node.down = across, down
    below = down
    for following in sorted(node.following.values(), key=lambda one: -_weight(one)):
        below = _laid_out(following, across + 1, below)
    return max(below, down + 1)


def _weight(node: Node) -> int:
    return len(node.questions) + sum(_weight(one) for one in node.following.values())


def _all(node: Node) -> Iterator[Node]:
    for following in node.following.values():
        yield following
        yield from _all(following)


def size(tables: use.Tables) -> Size:
    """Height for the number of branches."""
    lines = 1 + max(node.down for node in _all(_tree(tables)))
    return Size(2, min(230.0, EDGES_MM + ROW_MM * max(lines, 2)))


def inclusion(figure: Figure, tables: use.Tables) -> str:
    """Boxes from left to right; what is left out stands on the arrow.

    The questions that rest on a box below its words.
    """
    root = _tree(tables)
    nodes = list(_all(root))
    widest = 1 + max(node.across for node in nodes)
    axes: Axes = figure.subplots()
    for node in nodes:
        _box(axes, node, widest)
        for following in node.following.values():
            _arrow(axes, node, following)
    axes.set_xlim(-0.1, widest)
    axes.set_ylim(max(node.down for node in nodes) + 0.55, -0.5)
    axes.set_axis_off()
    ends = "; ".join(f"{', '.join(node.questions)} {rounding.count(node.rows)}" for node in nodes if node.questions)
    start = next(iter(root.following.values()))
    return f"Flow chart from {rounding.count(start.rows)} ({start.step}) to what the questions rest on: {ends}."


def _box(axes: Axes, node: Node, widest: int) -> None:
    corner = (node.across, node.down - BOX_HEIGHT / 2)
    axes.add_patch(Rectangle(corner, BOX_WIDTH, BOX_HEIGHT, facecolor=BLUE, alpha=0.1, edgecolor="none"))
    axes.add_patch(Rectangle(corner, BOX_WIDTH, BOX_HEIGHT, facecolor="none", edgecolor=BLUE, linewidth=0.7))
    middle, width = node.across + BOX_WIDTH / 2, max(12, round(120 / widest))
    number = rounding.count(node.rows)
    axes.text(middle, node.down - 0.24, number, ha="center", va="center", fontsize=8, fontfamily=STRONG_FAMILY)
    words = use.wrapped(node.step, width, 2)
    axes.text(middle, node.down + 0.0, words, ha="center", va="center", fontsize=5.8, color=MUTED, linespacing=1.0)
    if node.questions:
        named = use.wrapped(" ".join(node.questions), width + 4, 2)
        look: dict[str, Any] = {"fontsize": 5.8, "fontfamily": STRONG_FAMILY, "color": INK, "linespacing": 1.0}
        axes.text(middle, node.down + 0.27, named, ha="center", va="center", **look)


def _arrow(axes: Axes, node: Node, following: Node) -> None:
    """Straight on, or down along the gap to a branch."""
    begin, end, line = node.across + BOX_WIDTH, following.across, following.down
    gap = begin + 0.06
    if line == node.down:
        axes.plot([begin, end - 0.03], [line, line], color=MUTED, linewidth=0.7, solid_capstyle="butt")
    else:
        axes.plot([begin, gap, gap, end - 0.03], [node.down, node.down, line, line], color=MUTED, linewidth=0.7)
    axes.plot([end - 0.03], [line], ">", color=MUTED, markersize=3.2)
    lost = rounding.count(following.rows - node.rows)
    place, side = (gap + 0.02, "center") if line == node.down else (gap - 0.03, "right")
    axes.text(place, line - 0.2, lost, ha=side, va="center", fontsize=5.6, color=LOUD)
