"""Specification curves: the value of every defensible analysis in order, above it the band of no relation.

Below it what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, GREY, INK, MUTED, ORANGE, NothingToDrawError, Size

PREFIX = "multiverse."
NOT_CLAIMS = frozenset({"summary"})
CURVE_MM, OPTION_MM, DIMENSION_MM, EDGES_MM = 52.0, 3.6, 2.4, 20.0
LEAST_COMPUTED = 2


def claims_of(tables: use.Tables) -> list[str]:
    """Claims of which there is a curve."""
    names = [name.removeprefix(PREFIX) for name in tables if name.startswith(PREFIX)]
    return [name for name in names if "." not in name and name not in NOT_CLAIMS]


def drawing(claim: str) -> tuple[Callable[[Figure, use.Tables], str], Callable[[use.Tables], Size]]:
    """How the curve of a claim is drawn, and how large it is."""
    return (lambda figure, tables: curve(figure, tables, claim)), (lambda tables: size(tables, claim))


def _options(tables: use.Tables, claim: str) -> list[tuple[str, str]]:
    """Dimensions and their options in the order of the protocol, those with one option left out."""
    found = use.in_order((row["dimension"], row["option"]) for row in use.rows_of(tables, f"{PREFIX}{claim}.explained"))
    many = {dimension for dimension, _ in found if sum(one == dimension for one, _ in found) > 1}
    return [(dimension, option) for dimension, option in found if dimension in many]


def size(tables: use.Tables, claim: str) -> Size:
    """Height for the number of options."""
    options = _options(tables, claim)
    matrix = OPTION_MM * len(options) + DIMENSION_MM * len({dimension for dimension, _ in options})
    return Size(2, min(230.0, EDGES_MM + CURVE_MM + matrix))


def curve(figure: Figure, tables: use.Tables, claim: str) -> str:
    """The curve of one claim with its decision matrix."""
    rows = use.rows_of(tables, f"{PREFIX}{claim}", "value")
    if len(rows) < LEAST_COMPUTED:
        raise NothingToDrawError("fewer than two analyses can be computed")
    options = _options(tables, claim)
    matrix = OPTION_MM * len(options) + DIMENSION_MM * len({dimension for dimension, _ in options})
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(CURVE_MM, matrix))
    _values(above, rows)
    _matrix(below, tables, claim, options, {row["rank"] for row in rows})
    below.set_xlabel(f"{rounding.count(len(rows))} analyses, lowest value first")
    below.set_xlim(0, len(rows) + 1)
    ours = [row for row in rows if row["is_headline"]]
    where = f" The headline analysis stands at place {rounding.count(ours[0]['rank'])}." if ours else ""
    values = [row["value"] for row in rows]
    return (
        f"Specification curve of {rounding.count(len(rows))} analyses, from "
        f"{rounding.number(min(values))} to {rounding.number(max(values))}; "
        f"{rounding.count(sum(bool(row['holds']) for row in rows))} of them "
        f"hold.{where} Below, the choices of each analysis."
    )


def _values(axes: Axes, rows: use.Rows) -> None:
    """Values in order, the band of no relation behind them, the study's and the headline analysis marked."""
    axes.grid(visible=True, axis="y")
    banded = [row for row in rows if row["band_low"] is not None]
    if banded:
        places, low, high = (use.column(banded, name) for name in ("rank", "band_low", "band_high"))
        axes.fill_between(places, low, high, color=GREY, alpha=0.25, linewidth=0, label="no relation, 95 % of draws")
    axes.axhline(0, color=MUTED, linewidth=0.7)
    for holds, colour, words in ((False, GREY, "does not hold"), (True, BLUE, "holds")):
        own = [row for row in rows if bool(row["holds"]) is holds]
        if own:
            axes.plot(use.column(own, "rank"), use.column(own, "value"), "o", color=colour, markersize=2, label=words)
    for name, shape, colour, words in (
        ("is_published", "D", ORANGE, "2023 recipe"),
        ("is_headline", "s", INK, "headline"),
    ):
        own = [row for row in rows if row[name]]
        look: dict[str, Any] = {"color": colour, "markersize": 5, "label": words, "zorder": 5}
        axes.plot(use.column(own, "rank"), use.column(own, "value"), shape, **look)
    axes.set_ylabel("Value")
    use.legend_above(axes, columns=5)


def _matrix(axes: Axes, tables: use.Tables, claim: str, options: list[tuple[str, str]], ranks: set[int]) -> None:
    """A row an option: a stroke over the ranks that chose it.

    Consecutive ranks are one stroke, all strokes of a row one line.
    """
    chosen: dict[tuple[str, str], list[int]] = {option: [] for option in options}
    for row in use.rows_of(tables, f"{PREFIX}{claim}.choices"):
        if row["rank"] in ranks and (row["dimension"], row["option"]) in chosen:
            chosen[row["dimension"], row["option"]].append(row["rank"])
    places, labels, place, before = [], [], 0.0, None
    for option in options:
        place += 1 + (DIMENSION_MM / OPTION_MM if before not in {None, option[0]} else 0)
        before = option[0]
        xs, ys = _strokes(sorted(chosen[option]), place)
        axes.plot(xs, ys, color=BLUE, linewidth=2.2, solid_capstyle="butt")
        places.append(place)
        labels.append(f"{option[0].replace('_', ' ')}: {option[1].replace('-', ' ')}")
    axes.set_yticks(places, [use.shorten(label, 34) for label in labels], fontsize=6)
    axes.set_ylim(place + 0.8, 0.2)
    axes.tick_params(axis="y", length=0)


def _strokes(ranks: list[int], place: float) -> tuple[list[float], list[float]]:
    """One broken line over runs of consecutive ranks."""
    xs: list[float] = []
    start = None
    for at, rank in enumerate(ranks):
        start = rank if start is None else start
        if at + 1 == len(ranks) or ranks[at + 1] != rank + 1:
            xs += [start - 0.5, rank + 0.5, float("nan")]
            start = None
    return xs, [place] * len(xs)
