"""The forest of the effect sizes that answer the questions, published beside repaired, each with its 95 % interval."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import INK, MUTED, VERSION_COLOURS, NothingToDrawError, Size

ROW_MM = 5.8
PANEL_MM = 16.0
EDGES_MM = 16.0
MAX_ROWS = 44
ASIDE = {"check", "outside"}
SHIFTS = {"as-published": -0.17, "repaired": 0.17}
SHAPES = {"as-published": "D", "repaired": "o"}


def _is_aside(result: str) -> bool:
    """Whether a result only checks another one, or was computed beside the published study."""
    return any(part in ASIDE for part in result.split("."))


def _rows(tables: use.Tables) -> use.Rows:
    rows: use.Rows = []
    for identity in sorted(tables):
        if identity.endswith(".forest"):
            question = identity.removesuffix(".forest").upper().replace("_", ".")
            try:
                found = [row for row in use.rows_of(tables, identity, "effect") if not _is_aside(row["result"])]
            except NothingToDrawError:
                continue
            rows += [{**row, "question": question, "line": f"{question} {row['title']}"} for row in found]
    if not rows:
        raise NothingToDrawError("no result of this source carries an effect size")
    return rows


def _panels(rows: use.Rows) -> dict[str, use.Rows]:
    """Rows by measure: a panel for each, the largest first."""
    panels: dict[str, use.Rows] = {}
    for row in rows:
        panels.setdefault(row["effect_name"], []).append(row)
    ordered = sorted(panels.items(), key=lambda panel: -len(panel[1]))
    kept: dict[str, use.Rows] = {}
    left = MAX_ROWS
    for name, own in ordered:
        lines = _most_telling(own)[:left]
        left -= len(lines)
        if lines:
            kept[name] = [row for row in own if row["line"] in lines]
    return kept


def _most_telling(rows: use.Rows) -> list[str]:
    """Lines with both versions first, then those the study published, then the rest: what has room is shown."""
    versions: dict[str, set[str]] = {}
    for row in rows:
        versions.setdefault(row["line"], set()).add(row["version"])
    return sorted(versions, key=lambda line: (-len(versions[line]), "as-published" not in versions[line]))


def size(tables: use.Tables) -> Size:
    """Height for the number of rows."""
    panels = _panels(_rows(tables))
    lines = sum(len(use.in_order(row["line"] for row in own)) for own in panels.values())
    return Size(2, min(230.0, EDGES_MM + PANEL_MM * len(panels) + ROW_MM * lines))


def forest(figure: Figure, tables: use.Tables) -> str:
    """All effect sizes with intervals."""
    panels = _panels(_rows(tables))
    heights = [len(use.in_order(row["line"] for row in own)) + 0.8 for own in panels.values()]
    for axes, (name, own) in zip(
        figure.subplots(len(panels), 1, height_ratios=heights, squeeze=False)[:, 0], panels.items(), strict=True
    ):
        _draw_panel(axes, name, own, tables)
    use.legend_above(figure.axes[0])
    count = sum(len(use.in_order(row["line"] for row in own)) for own in panels.values())
    certain = [
        row for own in panels.values() for row in own if row["low"] is not None and row["low"] * (row["high"] or 0) > 0
    ]
    return (
        f"Forest plot of {count} effect sizes with 95 % intervals, {use.version_name(tables, 'as-published')} "
        "(diamond) beside repaired (circle); "
        f"{len(certain)} intervals leave out zero. Checks of these results "
        f"stand in the tables.{_left_out(tables, count)}"
    )


def _left_out(tables: use.Tables, shown: int) -> str:
    every = len(use.in_order(row["line"] for row in _rows(tables)))
    return f" {every - shown} further effect sizes stand in the tables." if every > shown else ""


def _draw_panel(axes: Axes, name: str, rows: use.Rows, tables: use.Tables) -> None:
    lines = use.in_order(row["line"] for row in rows)
    axes.axvline(0, color=MUTED, linewidth=0.7, zorder=1)
    axes.grid(visible=True, axis="x")
    for version in use.versions_of(rows):
        own = use.of_version(rows, version)
        places = [lines.index(row["line"]) + SHIFTS[version] for row in own]
        colour = VERSION_COLOURS[version]
        for place, row in zip(places, own, strict=True):
            if row["low"] is not None and row["high"] is not None:
                ends = [row["low"], row["high"]]
                axes.plot(ends, [place, place], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
        look: dict[str, Any] = {"color": colour, "markersize": 3.6, "zorder": 3}
        label = use.version_name(tables, version)
        axes.plot(use.column(own, "effect"), places, SHAPES[version], label=label, **look)
    axes.set_yticks(range(len(lines)), [use.wrapped(line, 58, 2) for line in lines], linespacing=1.0)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(use.shorten(name, 60))
    _numbers_beside(axes, rows, lines)


def _numbers_beside(axes: Axes, rows: use.Rows, lines: list[str]) -> None:
    """At the right edge of each line: which effect size it is and how many models it rests on."""
    across = axes.get_yaxis_transform()
    for place, line in enumerate(lines):
        own = [row for row in rows if row["line"] == line]
        counts = "/".join(use.in_order(rounding.count(row["n"]) for row in own))
        words = use.wrapped(f"{own[0]['effect_name']}, n={counts}", 34, 2).replace("n=", "n = ")
        axes.text(1.01, place, words, transform=across, va="center", fontsize=6.3, color=INK, linespacing=1.0)
