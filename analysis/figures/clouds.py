"""Scatter figures: emissions against the size of model and data, and against performance."""

from __future__ import annotations

from collections import Counter

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, CATEGORY_COLOURS, INK, VERSION_COLOURS, NothingToDrawError

MAX_LABELS = 7
MANY = 300
PREDICTOR_TITLES = {"model-size": "Model size (weights file)", "data-size": "Data set size", "parameters": "Parameters"}
UNIT_OF_WORD = (("parameter", "1"), ("byte", "B"), ("size", "B"), ("data", "B"), ("storage", "B"))


def _unit(predictor: str) -> str:
    """Unit of a predictor by the words of its name; the registry's names end with it."""
    return next((unit for word, unit in UNIT_OF_WORD if word in predictor.lower()), "1")


LEAST_VALUES = 10
"""Fewer values carry no line: the tables refuse the correlation."""


def emissions_and_size(figure: Figure, tables: use.Tables) -> str:
    """Emissions against model size and data size, log-log, with fitted band and landmark models; a row per version."""
    rows = use.positive(use.rows_of(tables, "rq2_2.scatter", "x", "emissions_gco2e"), "x", "emissions_gco2e")
    sizes = Counter((row["version"], row["predictor"]) for row in rows)
    rows = [row for row in rows if sizes[row["version"], row["predictor"]] >= LEAST_VALUES]
    if not rows:
        raise NothingToDrawError(f"no relation rests on {LEAST_VALUES} values")
    fits = use.positive(use.rows_of(tables, "rq2_2.fit", "x", "fitted_gco2e"), "x", "fitted_gco2e")
    versions, predictors = use.versions_of(rows), use.in_order(row["predictor"] for row in rows)
    panels = figure.subplots(len(versions), len(predictors), sharey=True, squeeze=False)
    shown = []
    for line, version in zip(panels, versions, strict=True):
        for axes, predictor in zip(line, predictors, strict=True):
            own = [row for row in rows if row["version"] == version and row["predictor"] == predictor]
            if not own:
                axes.set_visible(False)
                continue
            fit = [row for row in fits if row["version"] == version and row["predictor"] == predictor]
            _size_panel(axes, own, fit, predictor)
            axes.set_title(f"{use.version_name(tables, version)} (n = {rounding.count(len(own))})")
            words = f"{predictor}, {use.version_name(tables, version)}: n = {rounding.count(len(own))}"
            shown.append((axes, own, words))
        line[0].set_ylabel(use.EMISSIONS_TITLE)
    panels[0][0].set_ylim(*use.log_limits([row["emissions_gco2e"] for row in rows]))
    use.settle_layout(figure)
    landmarks = {row["name"] for row in rows if row["is_landmark"]}
    for axes, own, _ in shown:
        marked = sorted((row for row in own if row["name"] in landmarks), key=lambda row: -(row["likes"] or 0))
        use.label_points(axes, [(row["x"], row["emissions_gco2e"], row["name"]) for row in marked[:MAX_LABELS]])
    listed = "; ".join(words for _, _, words in shown)
    return (
        "Scatter plots on log axes with fitted lines, 95 % bands and landmark models named; a model of zero grams "
        "has no place on a log "
        f"axis. {listed}."
    )


def _size_panel(axes: Axes, rows: use.Rows, fit: use.Rows, predictor: str) -> None:
    axes.grid(visible=True)
    colour = VERSION_COLOURS[rows[0]["version"]]
    size, alpha = (1.7, 0.35) if len(rows) > MANY else (3, 0.55)
    use.draw_points(axes, use.column(rows, "x"), use.column(rows, "emissions_gco2e"), colour, size, alpha)
    fit = sorted(fit, key=lambda row: row["x"])
    banded = [row for row in fit if row["low"] and row["high"]]
    low, high = use.column(banded, "low"), use.column(banded, "high")
    axes.fill_between(use.column(banded, "x"), low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(use.column(fit, "x"), use.column(fit, "fitted_gco2e"), color=INK, linewidth=1)
    use.log_axis(axes.xaxis, _unit(predictor), ticks=6)
    use.log_axis(axes.yaxis, "g CO2eq")
    axes.set_xlim(*use.log_limits([row["x"] for row in rows]))
    axes.set_xlabel(PREDICTOR_TITLES.get(predictor, use.shorten(predictor.replace("_", " "), 48)))


def emissions_and_performance(figure: Figure, tables: use.Tables) -> str:
    """Emissions against performance, one panel per metric; colours tell the cohort."""
    rows = use.positive(use.rows_of(tables, "rq2_1.scatter", "performance", "emissions_gco2e"), "emissions_gco2e")
    version = use.versions_of(rows)[-1]
    own = [row for row in rows if row["version"] == version]
    metrics, cohorts = use.in_order(row["metric"] for row in own)[:6], use.in_order(row["cohort"] for row in own)
    colours = dict(zip(cohorts, (BLUE, CATEGORY_COLOURS[1], *CATEGORY_COLOURS[2:]), strict=False))
    panels = figure.subplots(1, len(metrics), sharex=True, squeeze=False)[0]
    for axes, metric in zip(panels, metrics, strict=True):
        axes.grid(visible=True)
        for cohort in cohorts:
            cloud = [row for row in own if row["metric"] == metric and row["cohort"] == cohort]
            xs, ys = use.column(cloud, "emissions_gco2e"), use.column(cloud, "performance")
            size, alpha = (3, 0.9) if len(cloud) < 60 else (1.7, 0.4)
            use.draw_points(axes, xs, ys, colours[cohort], size, alpha, label=cohort)
        axes.set_title(f"{metric} (n = {rounding.count(sum(row['metric'] == metric for row in own))})")
        use.log_axis(axes.xaxis, "g CO2eq", ticks=4)
        axes.set_xlim(*use.log_limits([row["emissions_gco2e"] for row in own]))
    panels[0].set_ylabel("Performance")
    panels[len(panels) // 2].set_xlabel(use.EMISSIONS_TITLE)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper left", ncols=len(names))
    return (
        "Scatter plots of performance against emissions (log axis, "
        f"{use.version_name(tables, version)}) for {', '.join(metrics)}."
    )
