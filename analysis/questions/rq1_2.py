"""RQ1.2: how have reported carbon emissions evolved?

As published: a straight line through the monthly medians of November 2021 to March 2023, months taken as independent. Repaired: Theil-Sen
slope with a Mann-Kendall test corrected for autocorrelation, over all full months with enough reports, AutoTrain alone and the rest alone
as well, because one tool made nine of ten reports of 2023.
"""

from __future__ import annotations

import pandas as pd

from analysis import stats
from analysis.published import recipe
from analysis.questions import descriptives
from analysis.questions import repairs
from analysis.questions.conclusions import Words, compared, direction
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import AUTOTRAIN, GROUPS, StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer, CorrectedPRef, Results
from analysis.results import Conclusion, Estimate

WORDS = Words("reported emissions rise", "reported emissions fall", "no trend in reported emissions can be shown")
UNIT = "g CO2eq/month"
MOST_POINTS = 4000


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Trend of the monthly median, as published and repaired."""
    made = UncorrectedAnswer("RQ1.2", protocol, lambda results: _conclude(results, protocol))
    published = _published_medians(study)
    slope = made.add("slope.as-published", "Trend of the monthly median", _line(published), unit=UNIT)
    repaired = repairs.run(made, study, lambda rows, methods: _measure(rows, study, methods, protocol), needed="month")
    trends = [("all reporters", "straight line", len(published), _line(published), slope, "as-published")]
    trends += _trends(made, repaired.rows)
    repairs.with_without(
        made,
        repaired.settled,
        "slope of the monthly median",
        UNIT,
        lambda rows: _robust(_medians(rows, protocol), protocol),
    )
    made.put(
        "trends",
        [
            (cohort, method, n, *_slope(found), CorrectedPRef(key), version)
            for cohort, method, n, found, key, version in trends
        ],
    )
    _tables(made, published, study.frames["mined"].groupby("year_month")["modelId"].size(), repaired.rows)
    return made


def _slope(found: Estimate) -> tuple[float | None, ...]:
    """Slope, its interval, and its raw p-value."""
    return (found.estimate, found.low, found.high, found.p)


def _published_medians(study: StudyData) -> pd.Series:
    """Monthly medians in the study's window; for other sources from its first month to the last but one."""
    mined = study.frames["mined"]
    if study.is_published:
        return recipe.monthly_medians(mined)
    medians = mined.groupby("year_month")["co2_eq_emissions"].median()
    return (
        medians[(medians.index >= recipe.TREND_MONTHS[0]) & (medians.index < medians.index.max())]
        if len(medians)
        else medians
    )


def _medians(rows: pd.DataFrame, protocol: Protocol) -> pd.Series:
    """Medians of full months with enough reports; the last month is still running and left out."""
    found = descriptives.medians(rows, "value", least=protocol.least_month_n)
    last = rows["month"].dropna().max() if rows["month"].notna().any() else ""
    return found.loc[found.index < last, "median"]


def _line(medians: pd.Series) -> Estimate:
    """The study's straight line, months without a value left empty."""
    return stats.simple_trend(descriptives.spaced(medians)[1])


def _robust(medians: pd.Series, protocol: Protocol) -> Estimate:
    """Theil-Sen slope per month with its corrected test."""
    if len(medians) < protocol.least_months:
        return Estimate(
            method="Theil-Sen", n=len(medians), unit=UNIT, refused=f"only {len(medians)} months with enough reports"
        )
    months = [descriptives.month_number(str(month)) for month in medians.index]
    return stats.theil_sen(medians.to_numpy(dtype=float), [month - months[0] for month in months])


def _measure(
    rows: pd.DataFrame, study: StudyData, methods: frozenset[str], protocol: Protocol
) -> dict[str, float | None]:
    """Slope of the monthly median with the methods switched on so far."""
    if "full-months" in methods:
        medians = _medians(rows, protocol)
    else:
        window = _published_medians(study).index
        medians = descriptives.medians(rows, "value")["median"]
        medians = medians[medians.index.isin(window)]
    found = _robust(medians, protocol) if "robust-trend" in methods else _line(medians)
    return {"slope, g per month": found.estimate, "p": found.p, "months": float(len(medians))}


def _trends(made: UncorrectedAnswer, rows: pd.DataFrame) -> list[tuple[str, str, int, Estimate, str, str]]:
    """Robust trends of every cohort, and the other methods as checks."""
    protocol = made.protocol
    cohorts = {
        "all reporters": rows,
        "AutoTrain": rows[rows["group"] == AUTOTRAIN],
        "all but AutoTrain": rows[rows["group"] != AUTOTRAIN],
    }
    found = []
    for cohort, kept in cohorts.items():
        medians = _medians(kept, protocol)
        slug = cohort.lower().replace(" ", "-")
        name = "trend.repaired" if cohort == "all reporters" else f"trend-{slug}.repaired"
        methods = {
            "Theil-Sen": (name, _robust(medians, protocol)),
            "straight line": (f"check.line-{slug}.repaired", _line(medians)),
            "Mann-Kendall": (f"check.mann-kendall-{slug}.repaired", _kendall(medians, protocol)),
        }
        for method, (identifier, estimate) in methods.items():
            key = made.add(
                identifier,
                f"Trend of the monthly median, {cohort} ({method})",
                estimate,
                unit=None if method == "Mann-Kendall" else UNIT,
            )
            if method != "Mann-Kendall":
                found.append((cohort, method, len(medians), estimate, key, "repaired"))
    return found


def _kendall(medians: pd.Series, protocol: Protocol) -> Estimate:
    """The rank test of a trend alone."""
    if len(medians) < protocol.least_months:
        return Estimate(
            method="Mann-Kendall", n=len(medians), refused=f"only {len(medians)} months with enough reports"
        )
    return stats.mann_kendall(medians.to_numpy(dtype=float))


def _tables(made: UncorrectedAnswer, published: pd.Series, published_n: pd.Series, rows: pd.DataFrame) -> None:
    """Monthly medians with their lines, quartiles by kind of card, boxes and points by generator."""
    repaired = _medians(rows, made.protocol)
    counts = rows.groupby("month")["key"].size()
    lines = _median_lines(published, _line(published), published_n, "as-published")
    lines += _median_lines(repaired, _robust(repaired, made.protocol), counts, "repaired")
    made.put("monthly_median", lines)
    quartiles = [(month, group, *_quartiles(kept["value"])) for month, group, kept in _by_month_and_group(rows)]
    made.put("monthly_by_group", quartiles)
    total = float(rows["value"].sum())
    boxes = [
        (
            generator,
            *descriptives.box(kept["value"]),
            float(kept["value"].sum()),
            float(kept["value"].sum()) / total if total else None,
        )
        for generator, kept in sorted(rows.groupby("generator"), key=lambda item: (-len(item[1]), str(item[0])))
    ]
    made.put("generator_box", boxes)
    points = descriptives.sampled(rows, MOST_POINTS, made.protocol.seeds.sample)
    made.put(
        "generator_points",
        sorted(
            zip(points["generator"], points["value"], points["month"], strict=True), key=lambda row: (row[0], row[1])
        ),
    )


def _by_month_and_group(rows: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Rows of every month and kind of card that has any."""
    cells = [
        (str(month), group, kept[kept["group"] == group]) for month, kept in rows.groupby("month") for group in GROUPS
    ]
    return [(month, group, kept) for month, group, kept in cells if len(kept)]


def _quartiles(values: pd.Series) -> tuple[float | None, ...]:
    """How many values, and their three quartiles."""
    found = descriptives.box(values)
    return (found[0], found[2], found[3], found[4])


def _median_lines(medians: pd.Series, trend: Estimate, counts: pd.Series, version: str) -> list[tuple[object, ...]]:
    """Rows of one version on an even grid of months."""
    months, values = descriptives.spaced(medians)
    line = descriptives.fitted(months, trend)
    return [
        (month, int(counts.get(month, 0)), value, fit, version)
        for month, value, fit in zip(months, values, line, strict=True)
    ]


def _conclude(results: Results, protocol: Protocol) -> Conclusion:
    """Falling, rising or neither, in both versions; AutoTrain alone is named."""
    found = compared(
        direction(results.get("rq1.2.slope.as-published"), protocol.level),
        direction(results.get("rq1.2.trend.repaired"), protocol.level),
        WORDS,
    )
    alone = {
        name: direction(results.get(f"rq1.2.trend-{name}.repaired"), protocol.level)
        for name in ("autotrain", "all-but-autotrain")
    }
    said = {"autotrain": "AutoTrain alone", "all-but-autotrain": "Without AutoTrain"}
    more = [f"{said[name]}: {WORDS.of(way)}." for name, way in alone.items() if way is not None]
    return Conclusion(stands=found.stands, sentence=" ".join([found.sentence, *more]))
