"""Captions: what each figure shows, in one sentence made from the numbers it draws.

Empty where they do not carry one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis import rounding
from analysis.figures import axes as use
from analysis.figures.contract import NothingToDrawError

Finding = Callable[[use.Tables], str]
LEAST_MODELS = 10
REPAIRED = "repaired"


def _rows(tables: use.Tables, name: str, *needed: str, version: str | None = None) -> use.Rows:
    """Rows of a table; none where it has none."""
    try:
        return use.rows_of(tables, name, *needed, version=version)
    except NothingToDrawError:
        return []


def _grams(value: float | None) -> str:
    return rounding.scaled(value, "g CO2eq")


def _of_last_version(rows: use.Rows) -> use.Rows:
    """Rows of the repaired version, of the other where there is none."""
    versions = use.versions_of(rows)
    return [row for row in rows if row["version"] == versions[-1]] if versions else []


def inclusion(tables: use.Tables) -> str:
    """What remains of the reports for the strictest and the widest question."""
    ends = {}
    for name in tables:
        if name.endswith(".inclusion") and not name.startswith("rq3") and (rows := _rows(tables, name, "rows")):
            ends[name.removesuffix(".inclusion").upper().replace("_", ".")] = max(rows, key=lambda row: row["order"])[
                "rows"
            ]
    if not ends:
        return ""
    most, least = max(ends, key=lambda q: ends[q]), min(ends, key=lambda q: ends[q])
    return f"Questions rest on {rounding.count(ends[least])} ({least}) to {rounding.count(ends[most])} ({most}) models."


def forest(tables: use.Tables) -> str:
    """How many intervals leave out zero, by either method."""
    rows = [row for name in tables if name.endswith(".forest") for row in _rows(tables, name, "effect", "low", "high")]
    told = []
    for version in use.versions_of(rows):
        own = [
            row
            for row in rows
            if row["version"] == version and not {"check", "outside"} & set(row["result"].split("."))
        ]
        clear = sum(row["low"] > 0 or row["high"] < 0 for row in own)
        if own:
            told.append(f"{clear} of {len(own)} {use.version_name(tables, version)}")
    return f"Effects whose interval leaves out zero: {', '.join(told)}." if told else ""


def new_models(tables: use.Tables) -> str:
    """The busiest month."""
    rows = [row for row in _rows(tables, "rq1_3.models_monthly", "models") if "all" in str(row["population"])]
    if not rows:
        return ""
    top = max(rows, key=lambda row: row["models"])
    total = rounding.count(sum(row["models"] for row in rows))
    return (
        f"{total} models were created from {rows[0]['month']} to {rows[-1]['month']}; most "
        f"in {top['month']} ({rounding.count(top['models'])})."
    )


def reporting_share(tables: use.Tables) -> str:
    """Share of the first and of the last year drawn."""
    rows = _of_last_version(_rows(tables, "rq1_1.monthly_share", "share", "models"))
    years: dict[str, list[int]] = {}
    for row in rows:
        counts = years.setdefault(row["month"][:4], [0, 0])
        counts[0] += row["reporters"]
        counts[1] += row["models"]
    known = {year: reporters / models for year, (reporters, models) in years.items() if models >= LEAST_MODELS}
    if not known:
        return ""
    first, last = min(known), max(known)
    if first == last:
        return f"{rounding.percent(known[first])} of the models created in {first} report emissions."
    return (
        f"{rounding.percent(known[first])} of the models created in {first} report emissions, "
        f"{rounding.percent(known[last])} of those of {last}."
    )


def reporting_by_group(tables: use.Tables) -> str:
    """Who made most reports."""
    return _largest_part(_rows(tables, "rq1_1.monthly_by_group", "reporters"), "group", "reporters", "reporting models")


def _largest_part(rows: use.Rows, name: str, value: str, what: str) -> str:
    totals: dict[str, float] = {}
    for row in rows:
        totals[str(row[name])] = totals.get(str(row[name]), 0) + (row[value] or 0)
    whole = sum(totals.values())
    if not whole:
        return ""
    top = max(totals, key=lambda key: totals[key])
    return (
        f"{rounding.percent(totals[top] / whole)} of the {what} are {_words(top)} "
        f"({rounding.count(totals[top])} of {rounding.count(whole)})."
    )


def _words(name: str) -> str:
    return {"none": "of unknown domain", "hand-written": "written by hand", "autotrain": "AutoTrain's"}.get(name, name)


def monthly_median(tables: use.Tables) -> str:
    """Median of the first and the last month."""
    rows = _of_last_version(_rows(tables, "rq1_2.monthly_median", "median_gco2e"))
    if len(rows) < 2:
        return ""
    first, last = rows[0], rows[-1]
    verb = "fell" if last["median_gco2e"] < first["median_gco2e"] else "rose"
    return (
        f"The monthly median {verb} from {_grams(first['median_gco2e'])} ({first['month']}) "
        f"to {_grams(last['median_gco2e'])} ({last['month']})."
    )


def quartiles_by_group(tables: use.Tables) -> str:
    """Range of the monthly medians of each kind of card."""
    rows = _rows(tables, "rq1_2.monthly_by_group", "median_gco2e")
    told = []
    for group in use.in_order(row["group"] for row in rows):
        medians = [row["median_gco2e"] for row in rows if row["group"] == group]
        told.append(f"{group} {_grams(min(medians))} to {_grams(max(medians))}")
    return f"Monthly medians: {'; '.join(told)}." if told else ""


def by_generator(tables: use.Tables) -> str:
    """Who holds the mass, and who made most cards."""
    rows = _rows(tables, "rq1_2.generator_box", "mass_share")
    if not rows:
        return ""
    mass, many = max(rows, key=lambda row: row["mass_share"]), max(rows, key=lambda row: row["n"])
    first = (
        f"{rounding.percent(mass['mass_share'])} of the mass is in "
        f"{rounding.count(mass['n'])} {_cards(mass['generator'])}"
    )
    if mass is many:
        return f"{first}."
    return (
        f"{first}; the {rounding.count(many['n'])} {_cards(many['generator'])} "
        f"hold {rounding.percent(many['mass_share'])}."
    )


def _cards(generator: Any) -> str:
    named = {"hand-written": "hand-written cards", "template": "cards written in the Hub's template"}
    return named.get(generator, f"cards of {generator}")


def autotrain_share(tables: use.Tables) -> str:
    """Share of AutoTrain among reports."""
    rows = _rows(tables, "rq1_3.autotrain_monthly", "reporters", "autotrain")
    made, every = sum(row["autotrain"] for row in rows), sum(row["reporters"] for row in rows)
    return f"AutoTrain made {rounding.count(made)} of {rounding.count(every)} reporting models." if every else ""


def reporter_domains(tables: use.Tables) -> str:
    """Largest domain among reports."""
    return _largest_part(
        _rows(tables, "rq1_3.domain_quarterly", "reporters"), "domain", "reporters", "reporting models"
    )


def all_domains(tables: use.Tables) -> str:
    """Largest domain among all models."""
    return _largest_part(_rows(tables, "rq1_3.domain_quarterly", "models"), "domain", "models", "models")


def share_within_domain(tables: use.Tables) -> str:
    """Share that reports within each domain, all quarters together."""
    rows = _rows(tables, "rq1_3.domain_quarterly", "models")
    told = []
    for domain in use.in_order(row["domain"] for row in rows):
        own = [row for row in rows if row["domain"] == domain]
        models = sum(row["models"] for row in own)
        if models >= LEAST_MODELS:
            name = "unknown domain" if domain == "none" else domain
            told.append((sum(row["reporters"] for row in own) / models, name))
    listed = ", ".join(f"{name} {rounding.percent(share)}" for share, name in sorted(told, reverse=True))
    return f"Share that reports, all quarters: {listed}." if told else ""


def frameworks(tables: use.Tables) -> str:
    """Most frequent framework."""
    rows = _rows(tables, "rq1_3.frameworks_quarterly", "models")
    population = use.in_order(row["population"] for row in rows)[:1]
    kept = [row for row in rows if [row["population"]] == population]
    return _largest_part(kept, "framework", "models", f"framework tags of {population[0]}") if kept else ""


def frequent_tags(tables: use.Tables) -> str:
    """Most frequent tag."""
    rows = _rows(tables, "rq1_3.tags", "models")
    if not rows:
        return ""
    top = rows[0]
    return (
        f"The most frequent tag of {top['population']} is {use.shorten(str(top['tag']), 40)}: "
        f"{rounding.count(top['models'])} models ({rounding.percent(top['share'])})."
    )


def reporting_classes(tables: use.Tables) -> str:
    """Largest reporting class."""
    return _largest_class(_rows(tables, "rq1_4.classes", "share"), "class")


def label_distribution(tables: use.Tables) -> str:
    """Largest efficiency label."""
    return _largest_class(_rows(tables, "rq2_5.labels", "share"), "label")


def _largest_class(rows: use.Rows, name: str) -> str:
    own = _of_last_version(rows)
    if not own:
        return ""
    top = max(own, key=lambda row: row["models"])
    total = sum(row["models"] for row in own)
    return (
        f"{rounding.count(top['models'])} of {rounding.count(total)} models "
        f"({rounding.percent(top['share'])}) are of {name} {top[name]}."
    )


def class_confusion(tables: use.Tables) -> str:
    """How many keep their class."""
    return _kept(_rows(tables, "rq1_4.confusion", "models"), "reporting class")


def label_confusion(tables: use.Tables) -> str:
    """How many keep their label."""
    return _kept(_rows(tables, "rq2_5.confusion", "models"), "efficiency label")


def _kept(rows: use.Rows, what: str) -> str:
    same = sum(row["models"] for row in rows if row["published"] == row["repaired"])
    total = sum(row["models"] for row in rows)
    if total:
        return f"{rounding.count(same)} of {rounding.count(total)} models keep their {what} after the repairs."
    return ""


def stated_context(tables: use.Tables) -> str:
    """What is stated most and least."""
    rows = _rows(tables, "rq1_4.context", "share")
    if not rows:
        return ""
    most, least = max(rows, key=lambda row: row["share"]), min(rows, key=lambda row: row["share"])
    return (
        f"Beside emissions, reports most often state the {most['item']} ({rounding.percent(most['share'])}) "
        f"and least often the {least['item']} ({rounding.percent(least['share'])})."
    )


def emissions_and_performance(tables: use.Tables) -> str:
    """Correlations of the last version."""
    rows = _of_last_version(
        [row for row in _rows(tables, "rq2_1.correlations", "estimate") if row["method"] == "Spearman"]
    )
    told = [
        f"{row['variable']} {rounding.number(row['estimate'])} {rounding.interval(row['low'], row['high'])}"
        for row in rows
    ]
    return f"Rank correlation with emissions: {', '.join(told)}." if told else ""


def emissions_and_size(tables: use.Tables) -> str:
    """Correlations of all models."""
    rows = [
        row
        for row in _rows(tables, "rq2_2.correlations", "estimate", version=REPAIRED)
        if row["cohort"] == "all" and row["method"].startswith("Pearson")
    ]
    told = [
        (
            f"{str(row['variable']).replace('-', ' ')} {rounding.number(row['estimate'])} "
            f"{rounding.interval(row['low'], row['high'])}"
        )
        for row in rows
    ]
    return f"Correlation of log emissions with log size, all models: {', '.join(told)}." if told else ""


def _medians(tables: use.Tables, table: str, name: str) -> str:
    rows = [row for row in _of_last_version(_rows(tables, table, "median")) if row["n"] >= LEAST_MODELS]
    told = [
        f"{'unknown' if row[name] == 'none' else row[name]} {_grams(row['median'])} (n {rounding.count(row['n'])})"
        for row in rows
    ]
    return f"Median emissions: {', '.join(told)}." if told else ""


def by_training_type(tables: use.Tables) -> str:
    """Medians by training type."""
    return _medians(tables, "rq2_3.box", "training_type")


def by_domain(tables: use.Tables) -> str:
    """Medians by domain."""
    return _medians(tables, "rq2_4.box", "domain")


def by_domain_and_training(tables: use.Tables) -> str:
    """Medians of the largest and the smallest group."""
    rows = [
        row for row in _of_last_version(_rows(tables, "rq2_4.domain_training", "median")) if row["n"] >= LEAST_MODELS
    ]
    if len(rows) < 2:
        return ""
    most, least = max(rows, key=lambda row: row["median"]), min(rows, key=lambda row: row["median"])
    named = [f"{_grams(row['median'])} ({row['domain']}, {row['training_type']})" for row in (least, most)]
    return f"Group medians run from {named[0]} to {named[1]}."


def routes(tables: use.Tables) -> str:
    """Of how many models the training could be estimated."""
    rows = _rows(tables, "rq3_1.routes", "models")
    total = sum(row["models"] for row in rows)
    done = sum(row["models"] for row in rows if not str(row["route"]).startswith("no"))
    return (
        f"The training of {rounding.count(done)} of {rounding.count(total)} models could be estimated." if total else ""
    )


def compared(tables: use.Tables) -> str:
    """How many reports lie inside the interval of their estimate."""
    rows = _rows(tables, "rq3_2.compared", "emissions_gco2e", "estimated_gco2e")
    inside = sum(row["inside"] == "yes" for row in rows)
    return (
        (
            f"{rounding.count(inside)} of {rounding.count(len(rows))} reports lie "
            "inside the 90 % interval of their estimate."
        )
        if rows
        else ""
    )


def moved(tables: use.Tables) -> str:
    """Range over devices and places."""
    rows = _rows(tables, "rq3_3.moved", "emissions_kgco2e")
    values = [1000 * row["emissions_kgco2e"] for row in rows]
    if values:
        return f"The same run emits {_grams(min(values))} to {_grams(max(values))}, by device, place and year."
    return ""


def break_even(tables: use.Tables) -> str:
    """Range over tasks."""
    rows = _rows(tables, "rq3_5.break_even", "requests")
    if not rows:
        return ""
    least, most = min(rows, key=lambda row: row["requests"]), max(rows, key=lambda row: row["requests"])
    told = [f"{rounding.scaled(row['requests'], '1')} requests ({row['task']})" for row in (least, most)]
    return f"Inference equals one MWh of training after {told[0]} to {told[1]}."


def of_curve(claim: str) -> Finding:
    """The sentence of the multiverse about a claim."""

    def finding(tables: use.Tables) -> str:
        found = [row["sentence"] for row in _rows(tables, "multiverse.summary", "sentence") if row["claim"] == claim]
        return str(found[0]) if found else ""

    return finding
