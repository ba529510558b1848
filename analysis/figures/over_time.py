"""Figures along the calendar: shares and medians by month, stacked shares by quarter."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import BLUE, GREY, INK, MUTED, VERSION_COLOURS, NothingToDrawError

NO_OTHERS = "the models that do not report are not in this source"


def _panel(figure: Figure, y_title: str) -> Axes:
    axes: Axes = figure.subplots()
    axes.grid(visible=True, axis="y")
    axes.set_ylabel(y_title)
    return axes


LEAST_OF_SHARE = 30
"""New models of a month whose share is drawn: of fewer the interval is as wide as the figure."""


def reporting_share(figure: Figure, tables: use.Tables) -> str:
    """Share of new models that report emissions, by month, with its fitted line."""
    rows = [row for row in use.rows_of(tables, "rq1_1.monthly_share", "share") if row["models"] >= LEAST_OF_SHARE]
    if not rows:
        raise NothingToDrawError(f"no month has {LEAST_OF_SHARE} new models")
    axes = _panel(figure, "Share of new models that report")
    for version in use.versions_of(rows):
        own, colour = use.of_version(rows, version), VERSION_COLOURS[version]
        label = use.version_name(tables, version)
        axes.plot(use.places_of(own), use.column(own, "share"), "o-", color=colour, label=label)
        banded = [row for row in own if row["low"] is not None and row["high"] is not None]
        if banded:
            low, high = use.column(banded, "low"), use.column(banded, "high")
            axes.fill_between(use.places_of(banded), low, high, color=colour, alpha=0.18, linewidth=0)
        fitted = [row for row in own if row["fitted_share"] is not None]
        axes.plot(use.places_of(fitted), use.column(fitted, "fitted_share"), "--", color=colour, linewidth=0.9)
    use.month_axis(axes, use.column(rows, "month"))
    use.share_axis(axes.yaxis)
    ends = [row["high"] for row in rows if row["high"] is not None]
    most = max(row["share"] for row in rows)
    axes.set_ylim(0, min(1.0, max(4 * most, sorted(ends)[len(ends) // 2] if ends else most) * 1.05) or 1.0)
    use.legend_above(axes)
    highest = max(rows, key=lambda row: row["share"])
    return (
        f"Line chart of the share of new models that report emissions, {rows[0]['month']} to {rows[-1]['month']}; "
        f"the highest month is {highest['month']} with {rounding.share(highest['share'], 2)}. Dashed: fitted line."
    )


def reporting_by_group(figure: Figure, tables: use.Tables) -> str:
    """Reporting models by month, stacked by the kind of card."""
    rows = use.rows_of(tables, "rq1_1.monthly_by_group", "reporters")
    months = sorted({row["month"] for row in rows})
    axes = _panel(figure, "Reporting models created")
    groups = use.in_order(row["group"] for row in rows)
    colours = use.colour_map(groups)
    below = dict.fromkeys(months, 0.0)
    for group in groups:
        heights = {row["month"]: row["reporters"] for row in rows if row["group"] == group}
        places, tall = [use.month_index(month) for month in months], [heights.get(month, 0) for month in months]
        axes.bar(places, tall, 0.8, [below[m] for m in months], color=colours[group], label=group)
        below = {month: below[month] + heights.get(month, 0) for month in months}
    use.month_axis(axes, months)
    use.legend_above(axes)
    peak = max(below, key=lambda month: below[month])
    return (
        f"Stacked bars of reporting models per month by kind of card; the peak is {peak} with "
        f"{rounding.count(below[peak])} models."
    )


LEAST_MODELS = 10
UNKNOWN = {"none": "unknown"}


def monthly_median(figure: Figure, tables: use.Tables) -> str:
    """Monthly median of the reported emissions with its fitted line, published and repaired."""
    rows = use.positive(use.rows_of(tables, "rq1_2.monthly_median", "median_gco2e"), "median_gco2e")
    axes, counts = figure.subplots(2, 1, height_ratios=(4, 1), sharex=True)
    axes.set_ylabel(use.EMISSIONS_TITLE)
    axes.grid(visible=True, axis="y")
    for version in use.versions_of(rows):
        own, colour, name = use.of_version(rows, version), VERSION_COLOURS[version], use.version_name(tables, version)
        shape = "o-" if version == "as-published" else "s-"
        axes.plot(use.places_of(own), use.column(own, "median_gco2e"), shape, color=colour, label=f"median, {name}")
        fitted = use.positive(own, "fitted_gco2e")
        look: dict[str, Any] = {"color": colour, "linewidth": 0.9, "label": f"trend, {name}"}
        axes.plot(use.places_of(fitted), use.column(fitted, "fitted_gco2e"), "--", **look)
    use.log_axis(axes.yaxis, "g CO2eq")
    axes.set_ylim(*use.log_limits(use.column(rows, "median_gco2e")))
    last = use.of_version(rows, use.versions_of(rows)[-1])
    counts.bar(use.places_of(last), use.column(last, "n"), 0.8, color=GREY)
    counts.set_ylabel("models")
    use.month_axis(counts, use.column(rows, "month"))
    use.legend_above(axes, columns=2)
    first = use.of_version(rows, use.versions_of(rows)[0])
    return (
        f"Monthly median of reported emissions, {first[0]['month']} to {first[-1]['month']}: from "
        f"{rounding.scaled(first[0]['median_gco2e'], 'g CO2eq')} to "
        f"{rounding.scaled(first[-1]['median_gco2e'], 'g CO2eq')} "
        f"({use.version_name(tables, first[0]['version'])}). Dashed: fitted trends."
    )


def quartiles_by_group(figure: Figure, tables: use.Tables) -> str:
    """Monthly median and quartiles of the reported emissions by kind of card, one panel each."""
    rows = use.positive(use.rows_of(tables, "rq1_2.monthly_by_group", "median_gco2e"), "median_gco2e")
    groups = use.in_order(row["group"] for row in rows)
    if not groups:
        raise NothingToDrawError("no positive value in any group")
    panels = figure.subplots(1, len(groups), sharey=True, squeeze=False)[0]
    for axes, (group, colour) in zip(panels, use.colour_map(groups).items(), strict=True):
        own = [row for row in rows if row["group"] == group]
        _quartile_panel(axes, own, colour)
        axes.set_title(f"{group} (n = {rounding.count(sum(row['n'] for row in own))})")
        use.month_axis(axes, use.column(rows, "month"), most=5)
    use.log_axis(panels[0].yaxis, "g CO2eq")
    panels[0].set_ylabel(use.EMISSIONS_TITLE)
    values = [row[name] for row in rows for name in ("q1_gco2e", "q3_gco2e") if row[name]]
    panels[0].set_ylim(*use.log_limits(values or [row["median_gco2e"] for row in rows]))
    return (
        f"Monthly median (dot) and quartiles (bar) of reported emissions on a log axis, one panel per kind of "
        f"card: {', '.join(groups)}."
    )


def _quartile_panel(axes: Axes, rows: use.Rows, colour: str) -> None:
    axes.grid(visible=True, axis="y")
    places, low, high = use.places_of(rows), use.column(rows, "q1_gco2e"), use.column(rows, "q3_gco2e")
    axes.vlines(places, low, high, color=colour, alpha=0.5, linewidth=2)
    axes.plot(places, use.column(rows, "median_gco2e"), "o", color=colour)


def autotrain_share(figure: Figure, tables: use.Tables) -> str:
    """AutoTrain models among the reporting models, by month."""
    rows = use.rows_of(tables, "rq1_3.autotrain_monthly", "reporters", "autotrain")
    axes = _panel(figure, "Reporting models created")
    months, every, made = use.places_of(rows), use.column(rows, "reporters"), use.column(rows, "autotrain")
    axes.bar(months, every, 0.8, color=GREY, alpha=0.6, label="all reporting models")
    axes.bar(months, made, 0.8, color=BLUE, label="made by AutoTrain or AutoNLP")
    use.month_axis(axes, use.column(rows, "month"))
    use.legend_above(axes)
    return (
        f"Bars of reporting models per month with the part made by AutoTrain: {rounding.count(sum(made))} of "
        f"{rounding.count(sum(every))}."
    )


def new_models(figure: Figure, tables: use.Tables) -> str:
    """New models by month."""
    rows = _of_all_models(use.rows_of(tables, "rq1_3.models_monthly", "models"))
    axes = _panel(figure, "New models")
    axes.bar(use.places_of(rows), use.column(rows, "models"), 0.8, color=BLUE)
    use.month_axis(axes, use.column(rows, "month"))
    axes.yaxis.set_major_formatter(lambda value, _: rounding.tick(value, "1"))
    total = rounding.count(sum(row["models"] for row in rows))
    return f"Bars of models created per month, {rows[0]['month']} to {rows[-1]['month']}, {total} in all."


def _of_all_models(rows: use.Rows) -> use.Rows:
    """Rows about all models; those about reporters alone do not answer what the figure asks."""
    kept = [row for row in rows if "all" in str(row["population"])]
    if not kept:
        raise NothingToDrawError(NO_OTHERS)
    return kept


def reporter_domains(figure: Figure, tables: use.Tables) -> str:
    """Domains among the reporting models, stacked shares by quarter."""
    rows = use.rows_of(tables, "rq1_3.domain_quarterly", "share")
    return _stacked(figure, rows, "domain", "share", "Share of reporting models")


def all_domains(figure: Figure, tables: use.Tables) -> str:
    """Domains among all models, stacked shares by quarter."""
    rows = use.rows_of(tables, "rq1_3.domain_quarterly", "models", why=NO_OTHERS)
    return _stacked(figure, rows, "domain", "models", "Share of new models")


def frameworks(figure: Figure, tables: use.Tables) -> str:
    """Frameworks, stacked shares by quarter."""
    rows = use.rows_of(tables, "rq1_3.frameworks_quarterly", "models")
    population = use.in_order(row["population"] for row in rows)[0]
    alternative = _stacked(
        figure, [row for row in rows if row["population"] == population], "framework", "models", "Share of tags"
    )
    figure.axes[0].set_title(f"population: {population}", color=MUTED, fontsize=7, loc="right", pad=14)
    return f"{alternative} Population: {population}."


def _stacked(figure: Figure, rows: use.Rows, category: str, value: str, y_title: str) -> str:
    """Stacked bars that each reach one, by quarter; quarters of a few models stay empty."""
    count = "reporters" if value == "share" else value
    seen = {
        quarter: sum(row[count] or 0 for row in rows if row["quarter"] == quarter)
        for quarter in use.in_order(row["quarter"] for row in rows)
    }
    rows = [row for row in rows if seen[row["quarter"]] >= LEAST_MODELS]
    if not rows:
        raise NothingToDrawError(f"no quarter has {LEAST_MODELS} models")
    quarters = use.quarters_between(row["quarter"] for row in rows)
    names = use.in_order(row[category] for row in sorted(rows, key=lambda row: -(row[value] or 0)))
    totals = {quarter: sum(row[value] for row in rows if row["quarter"] == quarter) for quarter in quarters}
    axes = _panel(figure, y_title)
    below = [0.0] * len(quarters)
    for name, colour in use.colour_map(names).items():
        found = {
            row["quarter"]: row[value] / totals[row["quarter"]]
            for row in rows
            if row[category] == name and totals[row["quarter"]]
        }
        heights = [found.get(quarter, 0.0) for quarter in quarters]
        label = use.shorten(UNKNOWN.get(str(name), str(name)), 18)
        axes.bar(range(len(quarters)), heights, 0.86, below, color=colour, label=label)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    use.quarter_axis(axes, quarters)
    use.share_axis(axes.yaxis)
    axes.set_ylim(0, 1)
    use.legend_above(axes)
    return (
        f"Stacked bars of shares by quarter, {quarters[0]} to {quarters[-1]}, of "
        f"{', '.join(str(name) for name in names)}."
    )


def share_within_domain(figure: Figure, tables: use.Tables) -> str:
    """Share of the models of each domain that report, by quarter."""
    rows = use.rows_of(tables, "rq1_3.domain_quarterly", "share_within", why=NO_OTHERS)
    quarters = use.quarters_between(row["quarter"] for row in rows)
    axes = _panel(figure, "Share of the domain's models that report")
    names = use.in_order(row["domain"] for row in rows)
    for name, colour in use.colour_map(names).items():
        own = [row for row in rows if row["domain"] == name]
        places = [quarters.index(row["quarter"]) for row in own]
        axes.plot(places, use.column(own, "share_within"), "o-", color=colour, label=name)
    use.quarter_axis(axes, quarters)
    use.share_axis(axes.yaxis)
    axes.set_ylim(bottom=0)
    use.legend_above(axes)
    return (
        f"Lines of the share of models that report inside each domain, by quarter, {quarters[0]} to "
        f"{quarters[-1]}: {', '.join(names)}."
    )


def frequent_tags(figure: Figure, tables: use.Tables) -> str:
    """The most frequent tags; models without any tag in grey."""
    rows = use.rows_of(tables, "rq1_3.tags", "models")
    population = use.in_order(row["population"] for row in rows)[0]
    kept = sorted((row for row in rows if row["population"] == population), key=lambda row: -row["models"])[:20]
    pairs = [(row["tag"], row["models"]) for row in kept]
    axes: Axes = figure.subplots()
    places = range(len(pairs))
    colours = [GREY if str(name) in {"no-tag", "none", "unknown"} else BLUE for name, _ in pairs]
    axes.barh(places, [value for _, value in pairs], 0.72, color=colours)
    axes.set_yticks(places, [use.shorten(str(name), 34) for name, _ in pairs])
    axes.invert_yaxis()
    axes.set_xlabel(f"Models with the tag (population: {population})")
    axes.set_xlim(0, max(value for _, value in pairs) * 1.16)
    axes.xaxis.set_major_formatter(lambda value, _: rounding.tick(value, "1"))
    for place, (_, value) in zip(places, pairs, strict=True):
        use.number_beside(axes, rounding.count(value), value, place, color=INK)
    listed = ", ".join(f"{name} {rounding.count(value)}" for name, value in pairs[:5])
    return f"Bars, longest on top: {listed}{' and more' if len(pairs) > 5 else ''}."
