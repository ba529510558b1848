"""Figures that set groups side by side: emissions by domain, training type and generator; what reporters state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, INK, VERSION_COLOURS


def _box_panel(
    axes: Axes, rows: use.Rows, labels: Sequence[str], colours: Sequence[str], points: Sequence[Sequence[float]]
) -> None:
    """Boxes from top to bottom on a log axis of emissions, each with its points below the box's middle line."""
    axes.grid(visible=True, axis="x")
    for place, (row, colour) in enumerate(zip(rows, colours, strict=True)):
        cloud = [value for value in points[place] if value > 0] if points else []
        use.draw_points(axes, cloud, [place + 0.2 * shift for shift in use.spread(len(cloud))], colour)
        use.draw_box(axes, place, row, colour)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.45, -0.55)
    use.log_axis(axes.xaxis, "g CO2eq")
    ends = [row[name] for row in rows for name in ("minimum", "maximum") if row[name] > 0]
    axes.set_xlim(*use.log_limits(ends))


def _says(rows: use.Rows, name: str) -> str:
    return "; ".join(
        f"{row[name]} n = {rounding.count(row['n'])}, median {rounding.scaled(row['median'], 'g CO2eq')}"
        for row in rows
    )


def _by_version(figure: Figure, tables: use.Tables, identity: str, name: str) -> str:
    """One panel per version, a box per group, the single models behind it."""
    rows = use.rows_of(tables, f"{identity}.box", "minimum", "q1", "median", "q3", "maximum")
    points = use.rows_of(tables, f"{identity}.points", "emissions_gco2e") if f"{identity}.points" in tables else []
    versions = use.versions_of(rows)
    panels = figure.subplots(len(versions), 1, sharex=True, squeeze=False)[:, 0]
    for axes, version in zip(panels, versions, strict=True):
        own = use.of_version(rows, version)
        labels = [f"{use.shorten(str(row[name]), 26)}\nn = {rounding.count(row['n'])}" for row in own]
        clouds = [
            [p["emissions_gco2e"] for p in points if p["version"] == version and p[name] == row[name]] for row in own
        ]
        colours = list(use.colour_map([str(row[name]) for row in own]).values())
        _box_panel(axes, own, labels, colours, clouds)
        axes.set_title(use.version_name(tables, version))
        axes.label_outer()
    every = [row[end] for row in rows for end in ("minimum", "maximum") if row[end] > 0]
    panels[-1].set_xlim(*use.log_limits(every))
    panels[-1].set_xlabel(use.EMISSIONS_TITLE)
    return f"Box plots of emissions on a log axis ({use.version_name(tables, versions[-1])}): " + (
        _says(use.of_version(rows, versions[-1]), name)
        + ". Whiskers reach the extremes; one that leaves at the left edge ends at zero."
    )


def by_domain(figure: Figure, tables: use.Tables) -> str:
    """Emissions by domain."""
    return _by_version(figure, tables, "rq2_4", "domain")


def by_training_type(figure: Figure, tables: use.Tables) -> str:
    """Emissions by training type."""
    return _by_version(figure, tables, "rq2_3", "training_type")


def by_domain_and_training(figure: Figure, tables: use.Tables) -> str:
    """Emissions by domain and training type."""
    rows = use.rows_of(tables, "rq2_4.domain_training", "minimum", "q1", "median", "q3", "maximum")
    version = use.versions_of(rows)[-1]
    own = use.of_version(rows, version)
    axes: Axes = figure.subplots()
    kinds = use.in_order(row["training_type"] for row in own)
    colours = use.colour_map(kinds)
    labels = [
        f"{use.shorten(str(row['domain']), 18)}, {row['training_type']} ({rounding.count(row['n'])})" for row in own
    ]
    _box_panel(axes, own, labels, [colours[row["training_type"]] for row in own], ())
    axes.set_xlabel(use.EMISSIONS_TITLE)
    named = [{**row, "both": f"{row['domain']} {row['training_type']}"} for row in own]
    return (
        "Box plots of emissions on a log axis by domain and training type "
        f"({use.version_name(tables, version)}): {_says(named, 'both')}."
    )


def by_generator(figure: Figure, tables: use.Tables) -> str:
    """Emissions by the tool that made the card, with its share of models and of the total mass."""
    rows = use.rows_of(tables, "rq1_2.generator_box", "minimum", "q1", "median", "q3", "maximum")
    points = use.rows_of(tables, "rq1_2.generator_points", "emissions_gco2e")
    rows = sorted(rows, key=lambda row: -row["n"])[:10]
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
    labels = [f"{use.shorten(str(row['generator']), 24)}\nn = {rounding.count(row['n'])}" for row in rows]
    clouds = [[point["emissions_gco2e"] for point in points if point["generator"] == row["generator"]] for row in rows]
    colours = list(use.colour_map([str(row["generator"]) for row in rows]).values())
    _box_panel(left, rows, labels, colours, clouds)
    left.set_xlabel(use.EMISSIONS_TITLE)
    right.barh(range(len(rows)), [row["mass_share"] or 0 for row in rows], 0.5, color=colours)
    for place, row in enumerate(rows):
        use.number_beside(right, rounding.share(row["mass_share"], 2), row["mass_share"] or 0, place)
    right.set_xlim(0, 1.45)
    right.set_xticks([0, 0.5, 1])
    use.share_axis(right.xaxis)
    right.set_xlabel("Share of the total mass,\ndoubtful left out")
    said = _says(rows, "generator")
    return (
        f"Box plots of emissions on a log axis by generator of the card, beside each its share of the total "
        f"mass, doubtful values left out: {said}."
    )


def stated_context(figure: Figure, tables: use.Tables) -> str:
    """What else reporters state, as shares with intervals."""
    rows = use.rows_of(tables, "rq1_4.context", "share")
    axes: Axes = figure.subplots()
    axes.grid(visible=True, axis="x")
    places = range(len(rows))
    axes.barh(places, [row["share"] for row in rows], 0.6, color=BLUE, alpha=0.8)
    for place, row in enumerate(rows):
        if row["low"] is not None and row["high"] is not None:
            axes.plot([row["low"], row["high"]], [place, place], color=INK, linewidth=0.9)
        use.number_beside(axes, rounding.share(row["share"]), max(row["share"], row["high"] or 0), place)
    axes.set_yticks(places, [use.shorten(str(row["item"]), 28) for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, min(1.2, max(row["high"] or row["share"] for row in rows) * 1.25))
    use.share_axis(axes.xaxis)
    axes.set_xlabel("Share of reporting models")
    return (
        "Bars with 95 % intervals: " + ", ".join(f"{row['item']} {rounding.share(row['share'])}" for row in rows) + "."
    )


def _versions_side_by_side(figure: Figure, tables: use.Tables, rows: use.Rows, name: str, x_title: str) -> str:
    """Bars of shares per category, published beside repaired."""
    axes: Axes = figure.subplots()
    axes.grid(visible=True, axis="x")
    versions, names = use.versions_of(rows), use.in_order(row[name] for row in rows)
    height = 0.8 / len(versions)
    for index, version in enumerate(versions):
        found = {row[name]: row for row in rows if row["version"] == version}
        places = [place - 0.4 + height * (index + 0.5) for place in range(len(names))]
        own: list[Any] = [found.get(each, {"share": 0.0, "models": 0}) for each in names]
        look: dict[str, Any] = {"color": VERSION_COLOURS[version], "label": use.version_name(tables, version)}
        axes.barh(places, [row["share"] or 0 for row in own], height * 0.92, **look)
        for place, row in zip(places, own, strict=True):
            use.number_beside(axes, rounding.count(row["models"]), row["share"] or 0, place)
    axes.set_yticks(range(len(names)), [use.shorten(str(each), 32) for each in names])
    axes.invert_yaxis()
    axes.set_xlim(0, max(row["share"] or 0 for row in rows) * 1.18)
    use.share_axis(axes.xaxis)
    axes.set_xlabel(x_title)
    use.legend_above(axes)
    listed = "; ".join(
        f"{use.version_name(tables, version)} "
        + ", ".join(f"{r[name]} {rounding.count(r['models'])}" for r in rows if r["version"] == version)
        for version in versions
    )
    return f"Bars of shares with the number of models: {listed}."


def reporting_classes(figure: Figure, tables: use.Tables) -> str:
    """Reporting classes, published beside repaired."""
    return _versions_side_by_side(
        figure, tables, use.rows_of(tables, "rq1_4.classes", "share"), "class", "Share of models"
    )


def label_distribution(figure: Figure, tables: use.Tables) -> str:
    """Efficiency labels, published beside repaired."""
    return _versions_side_by_side(
        figure, tables, use.rows_of(tables, "rq2_5.labels", "share"), "label", "Share of models"
    )
