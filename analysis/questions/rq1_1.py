"""RQ1.1: how has the share of models that report carbon emissions evolved?

As published: a straight line through the unweighted monthly percentages. Repaired: a binomial model of reporters among
models, each month weighing what it holds, with errors that count how much neighbouring months resemble each other. The
models that report nothing are needed for both; for the published data they were never made public.
"""

from __future__ import annotations

import pandas as pd

from analysis import stats
from analysis.published.recipe import REPORTING_SLOPE_P
from analysis.questions import descriptives, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import GROUPS, StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate

FIRST_MONTH = "2021-10"
NOT_PUBLIC = (
    "the share needs the 170,462 models that the 2023 study mined; its tables of non-reporting models were never "
    "made public, "
    "so only reporters are counted here"
)
NO_DATES = "the share over time needs the dates on which models were created; none is known here"
NO_POPULATION = "the share needs models that do not report; this snapshot holds reporters only"


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Share of reporters by month, as published and repaired."""
    made = UncorrectedAnswer("RQ1.1", protocol, study.baseline)
    population = population_of(study)
    repaired = repairs.run(made, study, lambda rows, methods: _measure(rows, population, methods, protocol))
    if population is None:
        made.status, made.reason = "partly", missing(study)
    if study.is_published:
        made.add("slope.as-published", "Trend of the share of reporters", given())
    elif population is not None:
        literal = study.reporters[study.reporters["literal"].notna() & (study.reporters["literal"] != 0)]
        made.add(
            "slope.as-published",
            "Trend of the share of reporters",
            line(monthly(literal, population["models"], FIRST_MONTH)),
        )
        made.add(
            "trend.repaired",
            "Trend of the share of reporters",
            odds(monthly(repaired.rows, population["dated"]), protocol.least_months),
        )
        _checks(made, repaired, population)
    _tables(made, study, repaired.rows, population)
    return made


def missing(study: StudyData) -> str:
    """Why there is no share."""
    if study.is_published:
        return NOT_PUBLIC
    return NO_POPULATION if study.population is None else NO_DATES


def given() -> Estimate:
    """The published p-value, taken as given: it enters the study's correction."""
    return Estimate(
        method="straight line through monthly percentages",
        estimate_name="slope",
        unit="%/month",
        p=REPORTING_SLOPE_P,
        n=18,
        assumptions=("taken from the publication: its table of all models is not public",),
    )


def population_of(study: StudyData) -> pd.DataFrame | None:
    """All models by month: ``models`` as the study counts, ``dated`` without those dated by the Hub's floor."""
    if study.population is None:
        return None
    found = study.tables.query(
        """SELECT year_month AS month,
                  count(*) FILTER (emissions_metadata_value IS NULL OR emissions_metadata_value <> 0) AS models,
                  count(*) FILTER (NOT created_at_is_floor) AS dated
           FROM models WHERE year_month IS NOT NULL GROUP BY 1 ORDER BY 1"""
    )
    return found.set_index("month") if len(found) else None


def monthly(rows: pd.DataFrame, models: pd.Series, first: str = "") -> pd.DataFrame:
    """Reporters and models by full month; the last month is still running and left out."""
    whole = models[(models.index >= first) & (models.index < models.index.max()) & (models > 0)]
    reporters = rows.groupby("month")["key"].size().reindex(whole.index, fill_value=0)
    return pd.DataFrame({"reporters": reporters.clip(upper=whole), "models": whole})


def line(counted: pd.DataFrame) -> Estimate:
    """A straight line through monthly percentages."""
    return stats.simple_trend(descriptives.spaced(100 * counted["reporters"] / counted["models"])[1])


def odds(counted: pd.DataFrame, least_months: int) -> Estimate:
    """Odds ratio of reporting per month.

    Args:
        counted: Columns ``reporters`` and ``models``, one row a month.
        least_months: Fewest months that are called a trend.
    """
    if len(counted) < least_months:
        return Estimate(method="binomial model", n=len(counted), refused=f"only {len(counted)} months")
    months = [descriptives.month_number(str(month)) for month in counted.index]
    places = {"month": [m - months[0] for m in months]}
    return stats.binomial_glm(counted["reporters"], counted["models"], places, in_time=True)["month"]


def _measure(
    rows: pd.DataFrame, population: pd.DataFrame | None, methods: frozenset[str], protocol: Protocol
) -> dict[str, float | None]:
    """Slope in per cent per month, then odds ratio per month."""
    if population is None:
        return {}
    models = population["dated"] if "full-months" in methods else population["models"]
    counted = monthly(rows, models, "" if "full-months" in methods else FIRST_MONTH)
    pooled = float(counted["reporters"].sum() / counted["models"].sum()) if len(counted) else None
    trend = odds(counted, protocol.least_months) if "binomial-trend" in methods else line(counted)
    name = "odds ratio per month" if "binomial-trend" in methods else "slope, % per month"
    return {name: trend.estimate, "p": trend.p, "pooled share": pooled}


def _checks(made: UncorrectedAnswer, repaired: repairs.RepairedRows, population: pd.DataFrame) -> None:
    """Each kind of card on its own; with and without flagged models."""
    for group in GROUPS:
        rows = repaired.rows[repaired.rows["group"] == group]
        made.add(
            f"check.{group.replace(' ', '-')}.repaired",
            f"Trend of the share of reporters, {group}",
            odds(monthly(rows, population["dated"]), made.protocol.least_months),
        )
    repairs.with_without(
        made,
        repaired.settled,
        "odds ratio of reporting per month",
        "1",
        lambda rows: odds(monthly(rows, population["dated"]), made.protocol.least_months),
    )


def _tables(made: UncorrectedAnswer, study: StudyData, rows: pd.DataFrame, population: pd.DataFrame | None) -> None:
    """Monthly shares in both versions, and by kind of card."""
    literal = study.reporters[study.reporters["literal"].notna() & (study.reporters["literal"] != 0)]
    models = {"as-published": literal, "repaired": rows}
    if population is None:
        lines = [
            (month, int(count), None, None, None, None, None, version)
            for version, kept in models.items()
            for month, count in kept.groupby("month")["key"].size().items()
        ]
        made.put("monthly_share", lines, made.reason or "")
    else:
        columns = {"as-published": ("models", FIRST_MONTH), "repaired": ("dated", "")}
        made.put(
            "monthly_share",
            [
                one
                for version, (name, first) in columns.items()
                for one in _share_lines(monthly(models[version], population[name], first), version)
            ],
        )
    _by_group(made, rows, population)


def _share_lines(counted: pd.DataFrame, version: str) -> list[tuple[object, ...]]:
    """Rows of one version, with the fitted share of its method."""
    if not len(counted):
        return []
    months = descriptives.full_months(counted.index)
    if version == "as-published":
        fitted = {
            m: None if v is None else v / 100
            for m, v in zip(months, descriptives.fitted(months, line(counted)), strict=True)
        }
    else:
        fitted = _fitted_odds(counted)
    return [
        (
            month,
            int(row["reporters"]),
            int(row["models"]),
            *descriptives.share(int(row["reporters"]), int(row["models"])),
            fitted.get(str(month)),
            version,
        )
        for month, row in counted.iterrows()
    ]


def _fitted_odds(counted: pd.DataFrame) -> dict[str, float | None]:
    """Fitted share of each month by the binomial model."""
    start = descriptives.month_number(str(counted.index[0]))
    places = {str(month): descriptives.month_number(str(month)) - start for month in counted.index}
    found = stats.binomial_glm(counted["reporters"], counted["models"], {"month": list(places.values())})
    base, ratio = found["intercept"].estimate, found["month"].estimate
    if base is None or ratio is None:
        return {}
    return {month: base * ratio**place / (1 + base * ratio**place) for month, place in places.items()}


def _by_group(made: UncorrectedAnswer, rows: pd.DataFrame, population: pd.DataFrame | None) -> None:
    """Reporters by month and kind of card."""
    counts = rows.groupby(["month", "group"])["key"].size()
    lines = []
    for month in sorted({month for month, _ in counts.index}):
        models = None if population is None or month not in population.index else int(population.loc[month, "models"])
        for group in GROUPS:
            count = int(counts.get((month, group), 0))
            lines.append((month, group, count, models, count / models if models else None))
    made.put("monthly_by_group", lines)
