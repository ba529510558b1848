"""Every result table that the questions may hand out: its id, title and columns, defined once.

Figures and paper tables draw from these ids and columns and from nothing else. Rows are sorted, numbers are at full precision, a missing
number is None. ``version`` is ``as-published`` or ``repaired``; ``month`` is ``YYYY-MM``, ``quarter`` is ``YYYYQn``; shares lie in 0..1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from analysis.results import Column, Table

MONTH = Column(name="month", title="Month")
QUARTER = Column(name="quarter", title="Quarter")
VERSION = Column(name="version", title="Version")
N = Column(name="n", title="n", unit="models")
LOW = Column(name="low", title="95 % low")
HIGH = Column(name="high", title="95 % high")
BY_AUTHOR = (
    Column(name="low_by_author", title="95 % low, authors counted"),
    Column(name="high_by_author", title="95 % high, authors counted"),
)
P = Column(name="p", title="p")
P_ADJUSTED = Column(name="p_adjusted", title="p (corrected)")
GROUP = Column(name="group", title="Group")
NAME = Column(name="name", title="Model")
LIKES = Column(name="likes", title="Likes")
DOMAIN = Column(name="domain", title="Domain")
EMISSIONS = Column(name="emissions_gco2e", title="Emissions", unit="g CO2eq")
MODELS = Column(name="models", title="Models", unit="models")
REPORTERS = Column(name="reporters", title="Reporting models", unit="models")
SHARE = Column(name="share", title="Share", unit="1")
GENERATOR = Column(name="generator", title="Generator of the card")

BOX = (
    N,
    Column(name="minimum", title="Minimum", unit="g CO2eq"),
    Column(name="q1", title="First quartile", unit="g CO2eq"),
    Column(name="median", title="Median", unit="g CO2eq"),
    Column(name="q3", title="Third quartile", unit="g CO2eq"),
    Column(name="maximum", title="Maximum", unit="g CO2eq"),
    Column(name="mean", title="Mean", unit="g CO2eq"),
)


def _named(name: str, title: str, unit: str | None = None) -> Column:
    return Column(name=name, title=title, unit=unit)


FOREST = (
    _named("result", "Result"),
    _named("title", "What is compared"),
    VERSION,
    _named("effect_name", "Effect size"),
    _named("effect", "Effect"),
    LOW,
    HIGH,
    N,
    P_ADJUSTED,
)
WITH_WITHOUT = (
    _named("headline", "Headline number"),
    _named("without", "Left out"),
    N,
    _named("estimate", "Estimate"),
    LOW,
    HIGH,
    _named("p", "p"),
    _named("unit", "Unit"),
)
REPAIRS = (
    _named("step", "Step"),
    _named("repair", "Repair"),
    _named("meaning", "Meaning"),
    _named("n_changed", "Rows changed", "models"),
    _named("number", "Number"),
    _named("before", "Before"),
    _named("after", "After"),
)
INCLUSION = (_named("order", "Step"), _named("step", "Kept after"), _named("rows", "Rows", "models"))
CORRELATION = (
    _named("cohort", "Cohort"),
    _named("variable", "Variable"),
    _named("method", "Method"),
    VERSION,
    N,
    _named("estimate", "Correlation"),
    LOW,
    HIGH,
    P,
    P_ADJUSTED,
)
TERM = (
    _named("model", "Regression"),
    _named("term", "Term"),
    VERSION,
    N,
    _named("estimate", "Coefficient"),
    LOW,
    HIGH,
    P,
    P_ADJUSTED,
)

COMPARED = (
    NAME,
    EMISSIONS,
    _named("estimated_gco2e", "Estimated", "g CO2eq"),
    _named("ratio", "Reported over estimated", "1"),
    _named("inside", "Inside the 90 % interval"),
    _named("flags", "Contradictions"),
)

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
        (MONTH, REPORTERS, MODELS, SHARE, LOW, HIGH, _named("fitted_share", "Fitted share", "1"), VERSION),
    ),
    "rq1_1.monthly_by_group": ("Reporting models by month and kind of card", (MONTH, GROUP, REPORTERS, MODELS, SHARE)),
    "rq1_2.monthly_median": (
        "Median reported emissions by month",
        (MONTH, N, _named("median_gco2e", "Median", "g CO2eq"), _named("fitted_gco2e", "Fitted", "g CO2eq"), VERSION),
    ),
    "rq1_2.monthly_by_group": (
        "Reported emissions by month and kind of card",
        (
            MONTH,
            GROUP,
            N,
            _named("q1_gco2e", "First quartile", "g CO2eq"),
            _named("median_gco2e", "Median", "g CO2eq"),
            _named("q3_gco2e", "Third quartile", "g CO2eq"),
        ),
    ),
    "rq1_2.trends": (
        "Trend of the monthly median by cohort and method",
        (
            _named("cohort", "Cohort"),
            _named("method", "Method"),
            _named("months", "Months"),
            _named("slope", "Slope", "g CO2eq/month"),
            LOW,
            HIGH,
            P,
            P_ADJUSTED,
            VERSION,
        ),
    ),
    "rq1_2.generator_box": (
        "Reported emissions by generator of the card",
        (GENERATOR, *BOX, _named("total_gco2e", "Sum", "g CO2eq"), _named("mass_share", "Share of the sum", "1")),
    ),
    "rq1_2.generator_points": ("Reported emissions of single models by generator", (GENERATOR, EMISSIONS, MONTH)),
    "rq1_3.domain": (
        "Reporting models by domain",
        (
            DOMAIN,
            REPORTERS,
            SHARE,
            MODELS,
            _named("share_within", "Share within the domain", "1"),
            LOW,
            HIGH,
            VERSION,
            *BY_AUTHOR,
        ),
    ),
    "rq1_3.domain_quarterly": (
        "Reporting models by quarter and domain",
        (QUARTER, DOMAIN, REPORTERS, SHARE, MODELS, _named("share_within", "Share within the domain", "1")),
    ),
    "rq1_3.library": (
        "Reporting models by library",
        (_named("library", "Library"), REPORTERS, SHARE, LOW, HIGH, *BY_AUTHOR),
    ),
    "rq1_3.generator": (
        "Reporting models by generator of the card",
        (
            GENERATOR,
            REPORTERS,
            SHARE,
            _named("total_gco2e", "Sum", "g CO2eq"),
            _named("mass_share", "Share of the sum", "1"),
        ),
    ),
    "rq1_3.tool": ("Source of the emission as stated", (_named("tool", "Source"), REPORTERS, SHARE, VERSION)),
    "rq1_3.tags": ("Most frequent tags", (_named("tag", "Tag"), MODELS, SHARE, _named("population", "Population"))),
    "rq1_3.frameworks_quarterly": (
        "Frameworks by quarter",
        (QUARTER, _named("framework", "Framework"), MODELS, SHARE, _named("population", "Population")),
    ),
    "rq1_3.models_monthly": ("New models by month", (MONTH, MODELS, _named("population", "Population"))),
    "rq1_3.autotrain_monthly": (
        "AutoTrain among reporting models by month",
        (MONTH, _named("autotrain", "AutoTrain"), REPORTERS, SHARE),
    ),
    "rq1_4.classes": ("Reporting classes", (_named("class", "Class"), MODELS, SHARE, LOW, HIGH, VERSION, *BY_AUTHOR)),
    "rq1_4.classes_by_group": ("Reporting classes by kind of card", (_named("class", "Class"), GROUP, MODELS, VERSION)),
    "rq1_4.confusion": (
        "Reporting class as published and repaired",
        (_named("published", "As published"), _named("repaired", "Repaired"), MODELS),
    ),
    "rq1_4.context": ("What else reporters state", (_named("item", "Item"), MODELS, SHARE, LOW, HIGH, *BY_AUTHOR)),
    "rq1_4.levels": (
        "Level of transparency by generator of the card and year of creation",
        (GENERATOR, _named("year", "Year"), _named("level", "Level"), MODELS),
    ),
    "rq1_4.failing_probes": (
        "What is not reported, by probe",
        (
            _named("probe", "Probe"),
            GROUP,
            _named("judged", "Judged", "models"),
            _named("not_reported", "Not reported", "models"),
            SHARE,
        ),
    ),
    "rq1_4.top": ("Most liked models of the class Energy Awareness", (NAME, LIKES, EMISSIONS, VERSION)),
    "rq2_1.correlations": ("Emissions and performance", CORRELATION),
    "rq2_1.scatter": (
        "Performance and emissions of single models",
        (
            _named("cohort", "Cohort"),
            _named("metric", "Metric"),
            _named("performance", "Performance"),
            EMISSIONS,
            NAME,
            VERSION,
        ),
    ),
    "rq2_2.correlations": ("Emissions and size of model and data", CORRELATION),
    "rq2_2.scatter": (
        "Size and emissions of single models",
        (
            _named("predictor", "Predictor"),
            _named("x", "Size"),
            EMISSIONS,
            NAME,
            LIKES,
            GROUP,
            _named("is_landmark", "Labelled in the figure"),
            VERSION,
        ),
    ),
    "rq2_2.fit": (
        "Fitted line with its 95 % band, log-log",
        (
            _named("predictor", "Predictor"),
            _named("x", "Size"),
            _named("fitted_gco2e", "Fitted", "g CO2eq"),
            LOW,
            HIGH,
            VERSION,
        ),
    ),
    "rq2_2.shapley": (
        "What each repair moves, on the mean over all orders of the repairs",
        (
            _named("predictor", "Predictor"),
            _named("repair", "Repair"),
            _named("part", "Moves r by"),
            _named("published", "r with no repair"),
            _named("repaired", "r with all repairs"),
        ),
    ),
    "rq2_2.leave_one_out": (
        "Models whose absence moves the correlation most",
        (
            _named("predictor", "Predictor"),
            _named("cohort", "Cohort"),
            NAME,
            EMISSIONS,
            _named("without", "r without it"),
            _named("change", "Change"),
        ),
    ),
    "rq2_2.regressions": ("Slopes on the log-log scale", TERM),
    "rq2_3.box": ("Emissions by training type", (_named("training_type", "Training type"), *BOX, VERSION)),
    "rq2_3.points": (
        "Emissions of single models by training type",
        (_named("training_type", "Training type"), EMISSIONS, DOMAIN, NAME, VERSION),
    ),
    "rq2_4.box": ("Emissions by domain", (DOMAIN, *BOX, VERSION)),
    "rq2_4.points": (
        "Emissions of single models by domain",
        (DOMAIN, EMISSIONS, _named("storage_bytes", "Size", "B"), GROUP, VERSION),
    ),
    "rq2_4.domain_training": (
        "Emissions by domain and training type",
        (DOMAIN, _named("training_type", "Training type"), *BOX, VERSION),
    ),
    "rq2_4.regressions": ("Domain with size held constant", TERM),
    "rq2_5.labels": ("Efficiency labels", (_named("label", "Label"), MODELS, SHARE, LOW, HIGH, VERSION, *BY_AUTHOR)),
    "rq2_5.confusion": (
        "Efficiency label as published and repaired",
        (_named("published", "As published"), _named("repaired", "Repaired"), MODELS),
    ),
    "rq2_5.ratings": ("Ratings per metric", (_named("metric", "Metric"), _named("rating", "Rating"), MODELS, VERSION)),
    "rq2_5.cut_points": (
        "Cut points of the index per metric",
        (
            _named("metric", "Metric"),
            _named("reference", "Reference value"),
            _named("a", "A above"),
            _named("b", "B above"),
            _named("c", "C above"),
            _named("d", "D above"),
            VERSION,
        ),
    ),
    "rq2_5.sensitivity": (
        "Labels that change when one choice of the repaired label is changed",
        (_named("choice", "Choice"), _named("changed", "Labels changed", "models"), SHARE),
    ),
    "rq2_5.examples": (
        "Labels of the most liked models",
        (NAME, LIKES, EMISSIONS, _named("published", "As published"), _named("repaired", "Repaired")),
    ),
    "rq3_1.routes": ("Models by the route of their estimate", (_named("route", "Route"), MODELS, SHARE, LOW, HIGH)),
    "rq3_2.compared": ("Reported beside estimated emissions", COMPARED),
    "rq3_2.farthest": ("Reports farthest from their estimate", COMPARED),
    "rq3_3.moved": (
        "The same run elsewhere",
        (
            _named("lever", "Moved"),
            _named("device", "Device"),
            _named("place", "Place"),
            _named("year", "Year"),
            EMISSIONS,
            _named("low", "90 % low", "g CO2eq"),
            _named("high", "90 % high", "g CO2eq"),
        ),
    ),
    "rq3_4.compliance": (
        "Reports by method, and whether they are the formula",
        (_named("kind", "Method"), _named("formula", "Product of what is stated"), MODELS, SHARE),
    ),
    "rq3_5.break_even": (
        "Requests until inference equals one MWh of training",
        (
            _named("task", "Task"),
            _named("size", "Parameters"),
            _named("requests", "Median", "requests"),
            _named("low", "Smallest", "requests"),
            _named("high", "Largest", "requests"),
            _named("measured", "Models measured"),
        ),
    ),
    "rq3_5.families": (
        "Bases that report, and what was made of them",
        (
            NAME,
            EMISSIONS,
            _named("children", "Made of it", "models"),
            _named("shared_gco2e", "Each one's share", "g CO2eq"),
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
    """Tables of their own and tables that every question has; estimates have no headline with and without flagged models."""
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
