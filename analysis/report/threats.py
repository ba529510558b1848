"""Threats to validity as a table made from results.

Dependence, concentration, measurement, selection, confounding, target.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis import rounding
from analysis.questions.protocol import load as load_protocol
from analysis.report.study import Study
from analysis.results import Column, Result, Table

COLUMNS = (
    Column(name="threat", title="Threat"),
    Column(name="found", title="What the results show"),
    Column(name="meaning", title="What follows"),
    Column(name="table", title="Data"),
)
Row = tuple[str, str, str, str]


def threat_table(study: Study) -> Table:
    """One row a threat, from the tables and results of the study."""
    results = {result.id: result for result in study.results()}
    rows: list[Row] = [
        ("Target of inference", load_protocol().target, "Read each interval as one of that process.", "protocol.yml")
    ]
    rows += [*_dependence(study), *_concentration(study, results), *_measurement(study), *_selection(study)]
    rows += _confounding(results)
    return Table(id="threats", title="Threats to validity, read off the results", columns=COLUMNS, rows=tuple(rows))


def rows_of(study: Study, name: str) -> list[dict[str, Any]]:
    """Rows of a result table as dictionaries; none where it is not there."""
    table = study.tables.get(name)
    if table is None:
        return []
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def _dependence(study: Study) -> Iterator[Row]:
    rows = rows_of(study, "rq1_3.clusters")
    told = [
        f"{rounding.count(row['clusters'])} {row['definition']}, worth {rounding.count(row['effective'])} equal ones, "
        f"NLP share {rounding.percent(row['share'], row['low'], row['high'])}"
        for row in rows
        if row["clusters"] and row["share"] is not None
    ]
    if told:
        found = f"{'; '.join(told)}."
        yield (
            "Dependence",
            found,
            "Intervals count authors; rows taken as independent would look more certain than they are.",
            "rq1_3.clusters",
        )


def _concentration(study: Study, results: dict[str, Result]) -> Iterator[Row]:
    rows = rows_of(study, "rq1_3.concentration")
    if not rows:
        return
    told = ", ".join(
        f"{rounding.percent(row['mass_share'])} in the largest {rounding.count(row['largest'])}" for row in rows
    )
    tail = results.get("rq1.3.check.tail-index.repaired")
    index = ""
    meaning = "Medians and logarithms are used; a mean or a total would be a statement about a few models."
    if tail is not None and tail.estimate.estimate is not None:
        found = tail.estimate
        index = (
            f" Tail index {rounding.number(found.estimate)} {rounding.interval(found.low, found.high)} "
            f"(Hill, k {rounding.count(found.details['k'])})."
        )
        if found.high is not None and found.high < 1:
            meaning = (
                "Below an index of 1 no mean exists: no mean and no total can "
                "be estimated, only medians and logarithms."
            )
    yield ("Concentration", f"Of the reported mass {told}.{index}", meaning, "rq1_3.concentration")


def _measurement(study: Study) -> Iterator[Row]:
    rows = rows_of(study, "rq1_3.measurement")
    told = [
        (
            f"{row['kind']} {rounding.count(row['reporters'])} ({rounding.percent(row['share'])}), "
            f"median {rounding.scaled(row['median'], 'g CO2eq')}"
        )
        for row in rows
        if row["median"] is not None
    ]
    if told:
        meaning = "Meters and calculators are told apart; where neither is said the number cannot be judged."
        yield ("Measurement", f"{'; '.join(told)}.", meaning, "rq1_3.measurement")


def _selection(study: Study) -> Iterator[Row]:
    rows = rows_of(study, "rq1_3.selection")
    told = [
        (
            f"{row['trait']} {rounding.percent(row['share'], row['low'], row['high'])} of reporting "
            f"against {rounding.percent(row['share_of_all'])} of all models"
        )
        for row in rows
        if row["share"] is not None
    ]
    found = f"{'; '.join(told)}." if told else "The models that report nothing are not in these data."
    yield (
        "Selection",
        found,
        "Reporting is a choice: no result speaks for models that report nothing.",
        "rq1_3.selection",
    )


def _confounding(results: dict[str, Result]) -> Iterator[Row]:
    held = {
        "nothing held": "rq2.4.check.raw.repaired",
        "month held": "rq2.4.total.repaired",
        "size held": "rq2.4.at-size.repaired",
        "size and month held": "rq2.4.direct.repaired",
    }
    told = []
    for words, name in held.items():
        found = results[name].estimate if name in results else None
        if found is not None and found.estimate is not None:
            told.append(f"{rounding.number(found.estimate)} {rounding.interval(found.low, found.high)} with {words}")
    if told:
        text = f"Log ratio of vision to language models: {'; '.join(told)}."
        meaning = (
            "Month of creation, generator, task and author act on domain and "
            "emissions; size is a consequence of the domain."
        )
        yield ("Confounding", text, meaning, "rq2_4.regressions")
