"""Figures of the estimates.

Routes, reported against estimated, the same run elsewhere, requests until inference equals training.
"""

from __future__ import annotations

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
    axes.barh(range(len(rows)), [row["models"] for row in rows], 0.6, color=colours)
    for place, row in enumerate(rows):
        words = rounding.count(row["models"])
        axes.annotate(words, (row["models"], place), (3, 0), textcoords="offset points", va="center", fontsize=6.5)
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


def moved(figure: Figure, tables: use.Tables) -> str:
    """The same run on other devices, in other places and years, with 90 % intervals."""
    rows = use.rows_of(tables, "rq3_3.moved", "emissions_gco2e", "low", "high")
    axes: Axes = figure.subplots()
    for place, row in enumerate(rows):
        axes.plot([row["low"], row["high"]], [place, place], color=GREY, linewidth=1)
        axes.plot(row["emissions_gco2e"], place, "o", color=BLUE, markersize=3.5)
    names = [
        f"{use.shorten(str(row['device']).removeprefix('NVIDIA '), 20)}, {row['place']} {row['year']}" for row in rows
    ]
    axes.set_yticks(range(len(rows)), names, fontsize=6)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("Emissions of the same run (g CO₂eq)")
    low, high = (edge(row["emissions_gco2e"] for row in rows) for edge in (min, max))
    return (
        f"Points with 90 % intervals on a log axis: the same run in {len(rows)} settings, {high / low:.0f} times "
        f"from least to most."
    )


def break_even(figure: Figure, tables: use.Tables) -> str:
    """Requests until inference equals one MWh of training, by task: range over the models measured."""
    rows = use.rows_of(tables, "rq3_5.break_even", "requests", "low", "high")
    tasks: dict[str, list[float]] = {}
    for row in rows:
        tasks.setdefault(str(row["task"]), []).extend((row["low"], row["requests"], row["high"]))
    order = sorted(tasks, key=lambda task: (-max(tasks[task]), task))
    axes: Axes = figure.subplots()
    for place, task in enumerate(order):
        axes.plot([min(tasks[task]), max(tasks[task])], [place, place], color=BLUE, linewidth=2)
        axes.plot(tasks[task][1::3], [place] * (len(tasks[task]) // 3), "o", color=INK, markersize=2.5)
    axes.set_yticks(range(len(order)), [use.shorten(task, 32) for task in order], fontsize=6)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("Requests until inference equals 1 MWh of training")
    return f"Ranges on a log axis by task, {len(order)} tasks, from {order[-1]} to {order[0]}."
