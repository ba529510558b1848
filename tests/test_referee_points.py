"""Points 9 to 11 of the referee: trends by weight and owner, correlations within task and owner, threats as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from question_tables import hub

from analysis.questions import answer_all, monthly_checks
from analysis.questions.protocol import load
from analysis.questions.vocabulary import kind_of_tool, tasks_of
from analysis.results import Answer, Estimate
from analysis.stats import hill, stratified_spearman, weighted_trend

PROTOCOL = load()


def known(value: float | None) -> float:
    assert value is not None
    return value


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    return {answer.question: answer for answer in answer_all(hub(), PROTOCOL)}


def rows_of(answers: dict[str, Answer], name: str) -> list[dict[str, object]]:
    table = next(table for answer in answers.values() for table in answer.tables if table.id == name)
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def test_a_month_weighs_what_it_rests_on() -> None:
    """One month of two reports lies far off; months of a thousand follow the planted slope."""
    y, weights = [-0.1 * month for month in range(12)], [1000.0] * 12
    y[11], weights[11] = 9.0, 2.0
    assert weighted_trend(y, weights, range(12)).estimate == pytest.approx(-0.1, abs=0.01)
    assert known(weighted_trend(y, [1.0] * 12, range(12)).estimate) > 0.05


def test_the_owner_of_most_of_a_month_is_found_and_left_out() -> None:
    rng = np.random.default_rng(4)
    months = [f"2022-{month:02d}" for month in range(1, 13)]
    lines = [
        (month, f"author {rng.integers(1000)}", 10.0 * np.exp(rng.normal())) for month in months for _ in range(12)
    ]
    lines += [("2022-12", "author one", 1e6)] * 30
    rows = pd.DataFrame(lines, columns=["month", "cluster", "value"])
    medians = rows.groupby("month")["value"].median()

    def steepness(series: pd.Series, _: object) -> Estimate:
        return Estimate(method="last less first", estimate=float(np.log(series.iloc[-1] / series.iloc[0])))

    found = list(monthly_checks._owner_months(rows, medians, PROTOCOL, steepness))
    most = max(found, key=monthly_checks._share)
    assert (most.month, most.owner, most.reports, most.of) == ("2022-12", "author one", 30, 42)
    assert abs(known(most.trend.estimate)) < 3 < known(steepness(medians, None).estimate)


def test_pooled_tasks_make_a_relation_that_no_task_has() -> None:
    """Two tasks differ in both columns, within each nothing is related: pooled ranks say yes, ranks within tasks no."""
    rng = np.random.default_rng(5)
    task = np.repeat(["easy", "hard"], 150)
    x, y = (rng.normal(size=300) + 3 * (task == "hard") for _ in range(2))
    owners = [f"o{place // 3}" for place in range(300)]
    within = stratified_spearman(x, y, task, owners)
    assert np.corrcoef(x, y)[0, 1] > 0.5
    assert known(within.low) < 0 < known(within.high)
    planted = stratified_spearman(x, x + 0.5 * rng.normal(size=300), task, owners)
    assert known(planted.low) > 0.6


def test_the_tail_index_of_a_pareto_is_recovered_and_says_whether_a_mean_exists() -> None:
    rng = np.random.default_rng(6)
    heavy, light = hill(rng.pareto(0.7, 4000) + 1), hill(rng.pareto(3.0, 4000) + 1)
    assert known(heavy.low) < 0.7 < known(heavy.high) < 1
    assert known(light.low) < 3.0 < known(light.high)
    assert hill([1.0] * 10).refused is not None


def test_threats_are_numbers_of_the_results(answers: dict[str, Answer]) -> None:
    clusters = rows_of(answers, "rq1_3.clusters")
    assert [row["definition"] for row in clusters] == ["rows", "authors", "near-duplicate cards"]
    assert len({row["share"] for row in clusters}) == 1
    results = {one.id: one.estimate for answer in answers.values() for one in answer.results}
    share = results["rq1.3.nlp-share.repaired"]
    assert (clusters[1]["low"], clusters[1]["high"]) == (share.low, share.high)
    assert sum(int(str(row["reporters"])) for row in rows_of(answers, "rq1_3.measurement")) == share.n
    assert all(0 <= float(str(row["share_of_all"])) <= 1 for row in rows_of(answers, "rq1_3.selection"))
    assert (
        results["rq2.1.check.within-task-and-owner-accuracy.repaired"].n
        <= results["rq2.1.check.within-task-accuracy.repaired"].n
    )


def test_tasks_and_tools_come_from_the_vocabularies() -> None:
    assert tasks_of(["pytorch", "summarization", "autonlp"]) == "summarization"
    assert tasks_of([]) == ""
    assert [kind_of_tool(tool) for tool in ("codecarbon", "autotrain", "mlco2", "google-cloud", None, "odd")] == [
        "meter", "platform", "calculator", "dashboard", "not said", "not said",
    ]  # fmt: skip
