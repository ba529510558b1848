"""RQ2.1: are carbon emissions related to performance?

As published: Spearman correlations, AutoTrain and curated models apart, down to four values, metrics of all tasks
pooled. Repaired: settled grams, one scale per metric, the most frequent task where tasks are known, refusal below the
least n, errors that count clusters; beside it within one task, and within one task and one owner.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis import stats
from analysis.published import recipe
from analysis.questions import descriptives, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import AUTOTRAIN, StudyData
from analysis.questions.uncorrected_answer import Results, UncorrectedAnswer
from analysis.questions.vocabulary import tasks_of
from analysis.results import Estimate
from analysis.rounding import interval, number

METRICS = {"accuracy": "accuracy", "f1": "f1", "rouge1": "rouge1", "rougeL": "rougel"}
MOST_POINTS = 1500
Frame = pd.DataFrame


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Correlation of emissions and performance, as published and repaired."""
    made = UncorrectedAnswer("RQ2.1", protocol, study.baseline, _remark)
    scatter = _published(made, study)
    repaired = repairs.run(made, study, lambda rows, methods: _measure(rows, study, methods, protocol))
    lines: list[tuple[object, ...]] = []
    for cohort, choose in _cohorts().items():
        for metric in METRICS:
            found = valued(choose(repaired.rows), study, metric, repaired.methods)
            estimate = _rho(found, protocol, repaired.methods)
            key = made.add(f"{cohort}-{metric}.repaired", f"Emissions and {metric}, {_named(cohort)}", estimate)
            lines.append((cohort, metric, "Spearman", "repaired", *made.cells(key)))
            scatter += _points(found, cohort, metric, "repaired", protocol)
    lines += _within(made, repaired.rows, study, repaired.methods)
    known = made.tables["rq2_1.correlations"][0]
    made.put("correlations", [*known, *lines])
    made.put("scatter", scatter)
    repairs.with_without(
        made,
        repaired.settled,
        "rho of emissions and accuracy",
        "1",
        lambda rows: _rho(valued(rows, study, "accuracy", repaired.methods), protocol, repaired.methods),
    )
    return made


def _cohorts() -> dict[str, Callable[[Frame], Frame]]:
    """AutoTrain, whose metrics are of one make, and all others."""
    return {
        "autotrain": lambda rows: rows[rows["group"] == AUTOTRAIN],
        "other": lambda rows: rows[rows["group"] != AUTOTRAIN],
    }


def _named(cohort: str) -> str:
    """A cohort in words."""
    return {"autotrain": "AutoTrain", "other": "all but AutoTrain", "curated": "curated models"}[cohort]


def _published(made: UncorrectedAnswer, study: StudyData) -> list[tuple[object, ...]]:
    """The study's eight correlations; returns the points of the scatter plots."""
    frames = study.frames
    lines: list[tuple[object, ...]] = []
    points: list[tuple[object, ...]] = []
    for cohort in ("autotrain", "curated"):
        for metric in METRICS:
            if cohort == "autotrain":
                grams, values = recipe.autotrain_performance(frames["merged"], metric)
            else:
                grams, values = recipe.curated_pair(frames["curated"], metric)
            estimate = stats.spearman(grams, values, p_value="t")
            whose = _named(cohort) if study.is_published or cohort == "autotrain" else study.own_rows_named
            key = made.add(f"{cohort}-{metric}.as-published", f"Emissions and {metric}, {whose}", estimate)
            lines.append((cohort, metric, "Spearman", "as-published", *made.cells(key)))
            points += [
                (cohort, metric, value, gram, None, "as-published") for gram, value in zip(grams, values, strict=True)
            ][:MOST_POINTS]
    made.put("correlations", lines)
    return points


def valued(rows: Frame, study: StudyData, metric: str, methods: frozenset[str], *, one_task: bool = True) -> Frame:
    """Rows with one value of a metric in ``performance``.

    With ``one_task`` of its most frequent task, where tasks are known.
    """
    values = study.metrics[study.metrics["metric"] == METRICS[metric]]
    values = values[values["model_key"].isin(rows["key"])]
    if one_task and "one-metric-scale" in methods and values["task"].notna().any():
        task = descriptives.tally(values["task"].dropna())[0][0]
        values = values[values["task"] == task]
    first = values.drop_duplicates("model_key").set_index("model_key")["metric_value"]
    found = rows.assign(performance=rows["key"].map(first).astype(float))
    if "one-metric-scale" in methods:
        found["performance"] = found["performance"].where(found["performance"] <= 1, found["performance"] / 100)
    return found[found["performance"].notna()]


def _within(
    made: UncorrectedAnswer, rows: Frame, study: StudyData, methods: frozenset[str]
) -> list[tuple[object, ...]]:
    """The same correlations among AutoTrain models of one task, and of one task and one owner: tasks are not pooled."""
    lines: list[tuple[object, ...]] = []
    chosen = rows[rows["group"] == AUTOTRAIN]
    for metric in METRICS:
        found = with_task(valued(chosen, study, metric, methods, one_task=False), study)
        both = [f"{task}|{owner}" for task, owner in zip(found["task"], found["cluster"], strict=True)]
        strata = {"task": list(found["task"]), "task-and-owner": both}
        for name, labels in strata.items():
            words = name.replace("-", " ")
            x, y = descriptives.numbers(found["value"]), descriptives.numbers(found["performance"])
            estimate = stats.stratified_spearman(x, y, labels, list(found["cluster"]))
            if estimate.n < made.protocol.least_n:
                estimate = Estimate(
                    method="Spearman", n=estimate.n, refused=f"only {estimate.n} values share a {words}"
                )
            title = f"Emissions and {metric}, AutoTrain, within {words}"
            key = made.add(f"check.within-{name}-{metric}.repaired", title, estimate)
            lines.append(("autotrain", metric, f"Spearman, within {words}", "repaired", *made.cells(key)))
    return lines


def with_task(rows: Frame, study: StudyData) -> Frame:
    """Rows with the ``task`` of each model.

    Of its metrics where that is known, else the tasks among its tags, else ``unknown``.
    """
    known = study.metrics.dropna(subset=["task"]).drop_duplicates("model_key").set_index("model_key")["task"]
    tagged = [tasks_of(tags) for tags in rows["tags"]]
    of_metric = rows["key"].map(known)
    return rows.assign(
        task=of_metric.where(of_metric.notna(), pd.Series(tagged, index=rows.index).replace("", "unknown"))
    )


def _rho(rows: Frame, protocol: Protocol, methods: frozenset[str]) -> Estimate:
    """Rank correlation with what is switched on."""
    clusters = list(rows["cluster"]) if "clustered" in methods else None
    x, y = descriptives.numbers(rows["value"]), descriptives.numbers(rows["performance"])
    if "enough-values" in methods:
        return repairs.least(protocol, lambda: _spearman(x, y, clusters), len(rows), "Spearman")
    return _spearman(x, y, clusters)


def _spearman(x: descriptives.FloatArray, y: descriptives.FloatArray, clusters: list[str] | None) -> Estimate:
    """Rank correlation, with the errors of clusters where there are any."""
    return stats.spearman(x, y) if clusters is None else stats.clustered_spearman(x, y, clusters)


def _measure(rows: Frame, study: StudyData, methods: frozenset[str], protocol: Protocol) -> dict[str, float | None]:
    """Correlation per metric among AutoTrain models."""
    found: dict[str, float | None] = {}
    for metric in METRICS:
        estimate = _rho(valued(rows[rows["group"] == AUTOTRAIN], study, metric, methods), protocol, methods)
        found |= {f"rho {metric}": estimate.estimate, f"p {metric}": estimate.p}
    return found


def _points(rows: Frame, cohort: str, metric: str, version: str, protocol: Protocol) -> list[tuple[object, ...]]:
    """Points of a scatter plot."""
    kept = descriptives.sampled(rows, MOST_POINTS, protocol.seeds.sample)
    columns = zip(kept["performance"], kept["value"], kept["name"], strict=True)
    return [(cohort, metric, value, grams, name, version) for value, grams, name in columns]


def _remark(results: Results) -> str:
    """What is left within one task and one owner, where nothing is pooled."""
    found = {metric: results[f"rq2.1.check.within-task-and-owner-{metric}.repaired"].estimate for metric in METRICS}
    told = [
        f"{metric} {number(one.estimate)} {interval(one.low, one.high)}"
        for metric, one in found.items()
        if one.estimate is not None and one.low is not None
    ]
    return f"Within one task and one owner the correlations are {', '.join(told)}." if told else ""
