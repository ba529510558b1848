"""Figures of the estimates.

Routes, reported against estimated, the same run elsewhere, requests until inference equals training.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, GREY, INK, ORANGE


def routes(figure: Figure, tables: use.Tables) -> str:
    """Models by route of their estimate, on a log axis: most state nothing."""
    rows = use.rows_of(tables, "rq3_1.routes", "models")
    axes: Axes = figure.subplots()
    colours = [GREY if str(row["route"]).startswith("no") else BLUE for row in rows]
    axes.barh(range(len(rows)), use.column(rows, "models"), 0.6, color=colours)
    for place, row in enumerate(rows):
        use.number_beside(axes, rounding.count(row["models"]), row["models"], place)
    axes.set_xscale("log")
    axes.set_xlim(0.8, max(row["models"] for row in rows) * 6)
    axes.set_yticks(range(len(rows)), [use.shorten(str(row["route"]), 46) for row in rows])
    axes.invert_yaxis()
    axes.set_xlabel("Models")
    said = ", ".join(f"{row['route']} {rounding.count(row['models'])}" for row in rows)
    return f"Bars on a log axis: {said}."


def compared(figure: Figure, tables: use.Tables) -> str:
    """Reported against estimated emissions, the line of equality drawn."""
    rows = use.rows_of(tables, "rq3_2.compared", "emissions_gco2e", "estimated_gco2e")
    axes: Axes = figure.subplots()
    for inside, colour in (("yes", BLUE), ("no", ORANGE)):
        mine = [row for row in rows if row["inside"] == inside]
        label = "inside the 90 % interval" if inside == "yes" else "outside"
        x, y = [row["estimated_gco2e"] for row in mine], [row["emissions_gco2e"] for row in mine]
        axes.scatter(x, y, s=9, color=colour, alpha=0.8, linewidths=0, label=f"{label} ({len(mine)})")
    values = [row[name] for row in rows for name in ("emissions_gco2e", "estimated_gco2e")]
    axes.plot([min(values), max(values)], [min(values), max(values)], color=INK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("Estimated emissions (g CO₂eq)")
    axes.set_ylabel("Reported emissions (g CO₂eq)")
    use.legend_above(axes)
    inside = sum(row["inside"] == "yes" for row in rows)
    return (
        f"Points on log axes: reported against estimated emissions of {len(rows)} models, {inside} inside the 90 "
        f"% interval."
    )


LEVERS = {"device": "Device (USA, 2024)", "place": "Place (A100, 2024)", "year": "Year (A100)"}


def moved(figure: Figure, tables: use.Tables) -> str:
    """The same run on other devices, in other places and years, with 90 % intervals; a block for each lever."""
    rows = use.rows_of(tables, "rq3_3.moved", "emissions_kgco2e", "low", "high")
    axes: Axes = figure.subplots()
    ticks: list[tuple[float, str]] = []
    place = 0.0
    for lever, title in LEVERS.items():
        ticks.append((place, title))
        for row in (row for row in rows if row["lever"] == lever):
            place += 1
            axes.plot([row["low"], row["high"]], [place, place], color=GREY, linewidth=1)
            axes.plot(row["emissions_kgco2e"], place, "o", color=BLUE, markersize=3.5)
            ticks.append((place, _moved_to(row)))
        place += 1.6
    axes.set_yticks([at for at, _ in ticks], [words for _, words in ticks], fontsize=6)
    for label, (_, words) in zip(axes.get_yticklabels(), ticks, strict=True):
        if words in LEVERS.values():
            label.set_fontweight(600)
    axes.set_ylim(place - 1, -0.8)
    axes.set_xscale("log")
    axes.set_xlabel("Emissions of the same run (kg CO₂eq), 90 % interval")
    said = ", ".join(f"{_ratio(rows, lever)} times by {lever}" for lever in LEVERS)
    return f"Points with 90 % intervals on a log axis: the same run moved; largest over smallest {said}."


def _moved_to(row: dict[str, Any]) -> str:
    """What is new about a run."""
    if row["lever"] == "device":
        return use.shorten(str(row["device"]).removeprefix("NVIDIA ").removeprefix("GeForce "), 20)
    return str(row["place"]) if row["lever"] == "place" else f"{row['place']} {row['year']}"


def _ratio(rows: list[dict[str, Any]], lever: str) -> str:
    values = [row["emissions_kgco2e"] for row in rows if row["lever"] == lever]
    return rounding.spoken(max(values) / min(values), 2) if values else rounding.MISSING


SIZES = {
    "up to 1 billion": (ORANGE, "≤ 1 B"),
    "1 to 10 billion": (BLUE, "1–10 B"),
    "more than 10 billion": (INK, "> 10 B"),
}
"""Colour and short label of each size, in parameters."""


def break_even(figure: Figure, tables: use.Tables) -> str:
    """Requests until inference equals one MWh of training, by task and size of the models measured."""
    rows = use.rows_of(tables, "rq3_5.break_even", "requests", "low", "high")
    reach: dict[str, float] = {}
    for row in rows:
        reach[str(row["task"])] = max(row["high"], reach.get(str(row["task"]), 0.0))
    order = sorted(reach, key=lambda task: (-reach[task], task))
    axes: Axes = figure.subplots()
    for number, (size, (colour, label)) in enumerate(SIZES.items()):
        shift = (number - 1) * 0.26
        mine = [row for row in rows if row["size"] == size]
        for row in mine:
            at = order.index(str(row["task"])) + shift
            axes.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=1.2)
        places = [order.index(str(row["task"])) + shift for row in mine]
        axes.plot([row["requests"] for row in mine], places, "o", color=colour, markersize=2.5, label=label)
    axes.set_yticks(range(len(order)), [use.shorten(task, 32) for task in order], fontsize=6)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("Requests until inference equals 1 MWh of training")
    use.legend_above(axes, title="Parameters", title_fontsize=6, fontsize=6)
    ends = (rounding.spoken(edge(row[end] for row in rows), 2) for edge, end in ((min, "low"), (max, "high")))
    tasks = f"most for {order[0]}, fewest for {order[-1]}"
    return f"Ranges on a log axis by task and size, from {' to '.join(ends)} requests; {tasks}."
