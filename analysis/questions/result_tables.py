"""Every result table that the questions may hand out: its id, title and columns, defined once.

Figures and paper tables draw from these ids and columns and from nothing else. Rows are sorted, numbers are at full
precision, a missing number is None. ``version`` is ``as-published`` or ``repaired``; ``month`` is ``YYYY-MM``,
``quarter`` is ``YYYYQn``; shares lie in 0..1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from analysis.questions.table_columns import (
    BOX,
    BY_AUTHOR,
    CLUSTER_DEFINITIONS,
    COMPARED,
    CORRELATION,
    DOMAIN,
    EMISSIONS,
    FOREST,
    GENERATOR,
    GROUP,
    HIGH,
    INCLUSION,
    LIKES,
    LOW,
    MEASUREMENT,
    MODELS,
    MONTH,
    NAME,
    OWNER_MONTHS,
    P_ADJUSTED,
    QUARTER,
    REPAIRS,
    REPORTERS,
    SELECTION,
    SHARE,
    TERM,
    VERSION,
    WITH_WITHOUT,
    N,
    P,
    named,
)
from analysis.results import Column, Table

QUESTIONS = (
    "rq1_1",
    "rq1_2",
    "rq1_3",
    "rq1_4",
    "rq2_1",
    "rq2_2",
    "rq2_3",
    "rq2_4",
    "rq2_5",
    "rq3_1",
    "rq3_2",
    "rq3_3",
    "rq3_4",
    "rq3_5",
)

SPECIFIC: dict[str, tuple[str, tuple[Column, ...]]] = {
    "rq1_1.monthly_share": (
        "Share of new models that report emissions, by month",
        (MONTH, REPORTERS, MODELS, SHARE, LOW, HIGH, named("fitted_share", "Fitted share", "1"), VERSION),
    ),
    "rq1_1.monthly_by_group": ("Reporting models by month and kind of card", (MONTH, GROUP, REPORTERS, MODELS, SHARE)),
    "rq1_2.monthly_median": (
        "Median reported emissions by month",
        (MONTH, N, named("median_gco2e", "Median", "g CO2eq"), named("fitted_gco2e", "Fitted", "g CO2eq"), VERSION),
    ),
    "rq1_2.monthly_by_group": (
        "Reported emissions by month and kind of card",
        (
            MONTH,
            GROUP,
            N,
            named("q1_gco2e", "First quartile", "g CO2eq"),
            named("median_gco2e", "Median", "g CO2eq"),
            named("q3_gco2e", "Third quartile", "g CO2eq"),
        ),
    ),
    "rq1_2.trends": (
        "Trend of the monthly median by cohort and method",
        (
            named("cohort", "Cohort"),
            named("method", "Method"),
            named("months", "Months"),
            named("slope", "Slope", "g CO2eq/month"),
            LOW,
            HIGH,
            P,
            P_ADJUSTED,
            VERSION,
        ),
    ),
    "rq1_2.owner_months": ("Trend without the reports that one owner made in one month", OWNER_MONTHS),
    "rq1_2.generator_box": (
        "Reported emissions by generator of the card",
        (GENERATOR, *BOX, named("total_gco2e", "Sum", "g CO2eq"), named("mass_share", "Share of the sum", "1")),
    ),
    "rq1_2.generator_points": ("Reported emissions of single models by generator", (GENERATOR, EMISSIONS, MONTH)),
    "rq1_3.domain": (
        "Reporting models by domain",
        (
            DOMAIN,
            REPORTERS,
            SHARE,
            MODELS,
            named("share_within", "Share within the domain", "1"),
            LOW,
            HIGH,
            VERSION,
            *BY_AUTHOR,
        ),
    ),
    "rq1_3.domain_quarterly": (
        "Reporting models by quarter and domain",
        (QUARTER, DOMAIN, REPORTERS, SHARE, MODELS, named("share_within", "Share within the domain", "1")),
    ),
    "rq1_3.library": (
        "Reporting models by library",
        (named("library", "Library"), REPORTERS, SHARE, LOW, HIGH, *BY_AUTHOR),
    ),
    "rq1_3.generator": (
        "Reporting models by generator of the card",
        (
            GENERATOR,
            REPORTERS,
            SHARE,
            named("total_gco2e", "Sum", "g CO2eq"),
            named("mass_share", "Share of the sum", "1"),
        ),
    ),
    "rq1_3.tool": ("Source of the emission as stated", (named("tool", "Source"), REPORTERS, SHARE, VERSION)),
    "rq1_3.tags": ("Most frequent tags", (named("tag", "Tag"), MODELS, SHARE, named("population", "Population"))),
    "rq1_3.frameworks_quarterly": (
        "Frameworks by quarter",
        (QUARTER, named("framework", "Framework"), MODELS, SHARE, named("population", "Population")),
    ),
    "rq1_3.models_monthly": ("New models by month", (MONTH, MODELS, named("population", "Population"))),
    "rq1_3.autotrain_monthly": (
        "AutoTrain among reporting models by month",
        (MONTH, named("autotrain", "AutoTrain"), REPORTERS, SHARE),
    ),
    "rq1_3.clusters": ("What counts as independent, three definitions", CLUSTER_DEFINITIONS),
    "rq1_3.concentration": (
        "Share of the reported mass in the largest models",
        (named("largest", "Largest models", "models"), N, named("mass_share", "Share of the mass", "1")),
    ),
    "rq1_3.measurement": ("Reports by how their number came about", MEASUREMENT),
    "rq1_3.selection": ("Reporting models beside all models", SELECTION),
    "rq1_4.classes": ("Reporting classes", (named("class", "Class"), MODELS, SHARE, LOW, HIGH, VERSION, *BY_AUTHOR)),
    "rq1_4.classes_by_group": ("Reporting classes by kind of card", (named("class", "Class"), GROUP, MODELS, VERSION)),
    "rq1_4.confusion": (
        "Reporting class by the 2023 recipe and repaired",
        (named("published", "2023 recipe"), named("repaired", "Repaired"), MODELS),
    ),
    "rq1_4.context": ("What else reporters state", (named("item", "Item"), MODELS, SHARE, LOW, HIGH, *BY_AUTHOR)),
    "rq1_4.levels": (
        "Level of transparency by generator of the card and year of creation",
        (GENERATOR, named("year", "Year"), named("level", "Level"), MODELS),
    ),
    "rq1_4.failing_probes": (
        "What is not reported, by probe",
        (
            named("probe", "Probe"),
            GROUP,
            named("judged", "Judged", "models"),
            named("not_reported", "Not reported", "models"),
            SHARE,
        ),
    ),
    "rq1_4.top": ("Most liked models of the class Energy Awareness", (NAME, LIKES, EMISSIONS, VERSION)),
    "rq2_1.correlations": ("Emissions and performance", CORRELATION),
    "rq2_1.scatter": (
        "Performance and emissions of single models",
        (
            named("cohort", "Cohort"),
            named("metric", "Metric"),
            named("performance", "Performance"),
            EMISSIONS,
            NAME,
            VERSION,
        ),
    ),
    "rq2_2.correlations": ("Emissions and size of model and data", CORRELATION),
    "rq2_2.scatter": (
        "Size and emissions of single models",
        (
            named("predictor", "Predictor"),
            named("x", "Size"),
            EMISSIONS,
            NAME,
            LIKES,
            GROUP,
            named("is_landmark", "Labelled in the figure"),
            VERSION,
        ),
    ),
    "rq2_2.fit": (
        "Fitted line with its 95 % band, log-log",
        (
            named("predictor", "Predictor"),
            named("x", "Size"),
            named("fitted_gco2e", "Fitted", "g CO2eq"),
            LOW,
            HIGH,
            VERSION,
        ),
    ),
    "rq2_2.shapley": (
        "What each repair moves, on the mean over all orders of the repairs",
        (
            named("predictor", "Predictor"),
            named("repair", "Repair"),
            named("part", "Moves r by"),
            named("published", "r with no repair"),
            named("repaired", "r with all repairs"),
        ),
    ),
    "rq2_2.leave_one_out": (
        "Models whose absence moves the correlation most",
        (
            named("predictor", "Predictor"),
            named("cohort", "Cohort"),
            NAME,
            EMISSIONS,
            named("without", "r without it"),
            named("change", "Change"),
        ),
    ),
    "rq2_2.regressions": ("Slopes on the log-log scale", TERM),
    "rq2_3.box": ("Emissions by training type", (named("training_type", "Training type"), *BOX, VERSION)),
    "rq2_3.points": (
        "Emissions of single models by training type",
        (named("training_type", "Training type"), EMISSIONS, DOMAIN, NAME, VERSION),
    ),
    "rq2_4.box": ("Emissions by domain", (DOMAIN, *BOX, VERSION)),
    "rq2_4.points": (
        "Emissions of single models by domain",
        (DOMAIN, EMISSIONS, named("storage_bytes", "Size", "B"), GROUP, VERSION),
    ),
    "rq2_4.domain_training": (
        "Emissions by domain and training type",
        (DOMAIN, named("training_type", "Training type"), *BOX, VERSION),
    ),
    "rq2_4.regressions": ("Domain with size held constant", TERM),
    "rq2_5.labels": ("Efficiency labels", (named("label", "Label"), MODELS, SHARE, LOW, HIGH, VERSION, *BY_AUTHOR)),
    "rq2_5.confusion": (
        "Efficiency label by the 2023 recipe and repaired",
        (named("published", "2023 recipe"), named("repaired", "Repaired"), MODELS),
    ),
    "rq2_5.ratings": ("Ratings per metric", (named("metric", "Metric"), named("rating", "Rating"), MODELS, VERSION)),
    "rq2_5.cut_points": (
        "Cut points of the index per metric",
        (
            named("metric", "Metric"),
            named("reference", "Reference value"),
            named("a", "A above"),
            named("b", "B above"),
            named("c", "C above"),
            named("d", "D above"),
            VERSION,
        ),
    ),
    "rq2_5.sensitivity": (
        "Labels that change when one choice of the repaired label is changed",
        (named("choice", "Choice"), named("changed", "Labels changed", "models"), SHARE),
    ),
    "rq2_5.examples": (
        "Labels of the most liked models",
        (NAME, LIKES, EMISSIONS, named("published", "2023 recipe"), named("repaired", "Repaired")),
    ),
    "rq3_1.routes": ("Models by the route of their estimate", (named("route", "Route"), MODELS, SHARE, LOW, HIGH)),
    "rq3_2.compared": ("Reported beside estimated emissions", COMPARED),
    "rq3_2.farthest": ("Reports farthest from their estimate", COMPARED),
    "rq3_3.moved": (
        "The same run elsewhere",
        (
            named("lever", "Moved"),
            named("device", "Device"),
            named("place", "Place"),
            named("year", "Year"),
            EMISSIONS,
            named("low", "90 % low", "g CO2eq"),
            named("high", "90 % high", "g CO2eq"),
        ),
    ),
    "rq3_4.compliance": (
        "Reports by method, and whether they are the formula",
        (named("kind", "Method"), named("formula", "Product of what is stated"), MODELS, SHARE),
    ),
    "rq3_5.break_even": (
        "Requests until inference equals one MWh of training",
        (
            named("task", "Task"),
            named("size", "Parameters"),
            named("requests", "Median", "requests"),
            named("low", "Smallest", "requests"),
            named("high", "Largest", "requests"),
            named("measured", "Models measured"),
        ),
    ),
    "rq3_5.families": (
        "Bases that report, and what was made of them",
        (
            NAME,
            EMISSIONS,
            named("children", "Made of it", "models"),
            named("shared_gco2e", "Each one's share", "g CO2eq"),
        ),
    ),
}

COMMON: dict[str, tuple[str, tuple[Column, ...]]] = {
    "forest": ("Effect sizes with 95 % intervals", FOREST),
    "with_without": ("Headline numbers with and without flagged models", WITH_WITHOUT),
    "repairs": ("Effect of each repair, in order", REPAIRS),
    "inclusion": ("Inclusion flow", INCLUSION),
}


def _all() -> dict[str, tuple[str, tuple[Column, ...]]]:
    """Tables of their own and tables that every question has; estimates have no headline without flagged models."""
    shared = {
        f"{question}.{name}": entry
        for question in QUESTIONS
        for name, entry in COMMON.items()
        if name != "with_without" or not question.startswith("rq3")
    }
    return dict(sorted({**SPECIFIC, **shared}.items()))


CATALOGUE = _all()
"""Id of every table, with its title and columns."""


def table(identifier: str, rows: Iterable[Sequence[Any]], note: str = "") -> Table:
    """Build a table of the catalogue.

    Args:
        identifier: Id in :data:`CATALOGUE`.
        rows: Rows in the order of its columns.
        note: What a reader must know of it.

    Raises:
        ValueError: A row has another number of cells than the table has columns.
    """
    title, columns = CATALOGUE[identifier]
    kept = tuple(tuple(row) for row in rows)
    for row in kept:
        if len(row) != len(columns):
            raise ValueError(f"{identifier}: a row of {len(row)} cells for {len(columns)} columns")
    return Table(id=identifier, title=title, columns=columns, rows=kept, note=note)
