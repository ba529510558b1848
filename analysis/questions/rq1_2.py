"""RQ1.2: how have reported carbon emissions evolved?

As published: a straight line through the monthly medians of November 2021 to March 2023, months taken as independent.
Repaired: Theil-Sen slope with a Mann-Kendall test corrected for autocorrelation, over all full months with enough
reports, AutoTrain alone and the rest alone as well, because one tool made nine of ten reports of 2023.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import stats
from analysis.published import recipe
from analysis.questions import descriptives, monthly_checks, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import AUTOTRAIN, GROUPS, StudyData
from analysis.questions.uncorrected_answer import CorrectedPRef, Results, UncorrectedAnswer
from analysis.results import Estimate
from analysis.rounding import number

UNIT = "g CO2eq/month"
PERCENT = descriptives.PERCENT
LEAST_ROWS = 10
MOST_POINTS = 4000


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Trend of the monthly median, as published and repaired."""
    made = UncorrectedAnswer("RQ1.2", protocol, study.baseline, _remark)
    published = _published_medians(study)
    slope = made.add("slope.as-published", "Trend of the monthly median", _line(published), unit=UNIT)
    repaired = repairs.run(made, study, lambda rows, methods: _measure(rows, study, methods, protocol), needed="month")
    trends = [("all reporters", "straight line", len(published), _line(published), slope, "as-published")]
    trends += _trends(made, repaired.rows)
    monthly_checks.add(made, repaired.rows, _medians(repaired.rows, protocol), _log_trend)
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


def _line(medians: pd.Series, protocol: Protocol | None = None) -> Estimate:
    """The study's straight line, months without a value left empty.

    With a protocol, refused below its fewest months.
    """
    if protocol is not None and len(medians) < protocol.least_months:
        refused = f"only {len(medians)} months with enough reports"
        return Estimate(method="straight line", n=len(medians), unit=UNIT, refused=refused)
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
    first = min(_medians(rows, protocol).index, default="")
    for cohort, kept in cohorts.items():
        medians = _medians(kept, protocol)
        since = kept[kept["month"].fillna("") >= first]
        slug = cohort.lower().replace(" ", "-")
        tail = "" if cohort == "all reporters" else f"-{slug}"
        log_name = f"log-trend{tail}.repaired"
        methods = {
            "Theil-Sen": (f"trend{tail}.repaired", _robust(medians, protocol), UNIT),
            "straight line": (f"check.line-{slug}.repaired", _line(medians, protocol), UNIT),
            "Mann-Kendall": (f"check.mann-kendall-{slug}.repaired", _kendall(medians, protocol), None),
            "Theil-Sen, logarithms": (log_name, _log_trend(medians, protocol), PERCENT),
            "single models, domain held": (f"check.log-line-{slug}.repaired", _log_line(since, domains=True), PERCENT),
            "single models": (f"check.log-line-raw-{slug}.repaired", _log_line(since, domains=False), PERCENT),
        }
        if cohort == "all but AutoTrain":
            methods["Theil-Sen, logarithms"] = (log_name, _log_line(since, domains=True), PERCENT)
            del methods["single models, domain held"]
        for method, (identifier, estimate, unit) in methods.items():
            key = made.add(identifier, f"Trend of reported emissions, {cohort} ({method})", estimate, unit=unit)
            if unit == UNIT:
                found.append((cohort, method, len(medians), estimate, key, "repaired"))
    return found


def _log_trend(medians: pd.Series, protocol: Protocol) -> Estimate:
    """Theil-Sen slope of the logarithms of the monthly medians above zero, as per cent a month."""
    positive = medians[medians > 0]
    return descriptives.as_percent(_robust(np.log(positive), protocol))


def _log_line(rows: pd.DataFrame, *, domains: bool) -> Estimate:
    """Per cent a month from the logarithms of single models, domain held where asked, errors by author.

    For cohorts with too few reports a month for medians; months weigh by their reports.
    """
    kept = rows[(rows["value"] > 0) & rows["month"].notna()]
    if len(kept) < LEAST_ROWS:
        return Estimate(method="least squares", n=len(kept), refused=f"only {len(kept)} reports with a month")
    predictors = {"month": [float(descriptives.month_number(month)) for month in kept["month"]]}
    common = [name for name, count in descriptives.tally(kept["domain"]) if count >= 2][1:] if domains else []
    predictors |= {name: (kept["domain"] == name).astype(float).tolist() for name in common}
    return descriptives.as_percent(
        stats.ols(np.log(kept["value"]).tolist(), predictors, clusters=list(kept["cluster"]))["month"]
    )


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


def _remark(results: Results) -> str:
    """Whether the trend is AutoTrain's alone."""
    alone = results["rq1.2.log-trend-autotrain.repaired"].estimate
    others = results["rq1.2.log-trend-all-but-autotrain.repaired"].estimate
    if others.refused is not None:
        return f"This is seen within AutoTrain only; of all others there are too few months ({others.n})."
    if others.low is not None and others.high is not None and not others.low <= 0 <= others.high:
        return "It is seen without AutoTrain as well."
    said = "within AutoTrain" if alone.high is not None and alone.high < 0 else "not within AutoTrain either"
    least = others.details.get("smallest_shown_percent")
    fall = 100 * least / (100 + least) if least else None
    power = f"; a fall of {number(fall)} % a month would be found in four of five such data sets" if fall else ""
    return f"It is seen {said}; without AutoTrain no trend is shown{power}."
