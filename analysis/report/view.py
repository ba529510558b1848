"""Turns answers into what the page's template prints.

Every number rounded, every number in a sentence linked to its result.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from analysis import rounding
from analysis.figures.gallery import Drawn
from analysis.questions.conclusions import is_share
from analysis.report import typeset
from analysis.report.names import anchor, file_name
from analysis.results import Answer, Column, RepairStep, Result, Table

MAX_PAGE_ROWS = 60
NUMBER = "n"
"""Class of a cell that holds a number; short, because there are thousands."""
SAMPLE_ROWS = 10
NUMBER_IN_TEXT = re.compile(
    r"(?<![\w.&#;])(?<![A-Za-z]-)(?!(?:19|20)\d\d(?![\d.,]))[−-]?\d[\d,]*(?:\.\d+)?(?:\s×\s10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?(?!\w|\s%\s(?:interval|band|confidence))"
)
VERSION_TAILS = (".as-published", ".published", ".repaired")
BADGE_KINDS = {True: "stands", False: "changes", None: "open"}
RECIPES = {True: "2023 recipe agrees", False: "2023 recipe differs", None: "2023 recipe: cannot be told"}
SENTENCE_END = re.compile(r"(?<=\.)\s+(?=[A-Z])")
RESULT_HEADS = (
    ("Measure", False),
    ("Version", False),
    ("Estimate", True),
    ("95 % interval", False),
    ("p", True),
    ("Adjusted p", True),
    ("n", True),
    ("Missing", True),
    ("Effect size", True),
    ("Its interval", False),
    ("The estimate is", False),
    ("The effect size is", False),
    ("Method", False),
)


def linked(sentence: str, target: str) -> Markup:
    """The sentence as text, each number a link to the result it was made from."""
    parts, last = [], 0
    for found in NUMBER_IN_TEXT.finditer(sentence):
        parts.append(escape(sentence[last : found.start()]))
        parts.append(Markup('<a class="n" href="#{}">{}</a>').format(target, found[0]))
        last = found.end()
    parts.append(escape(sentence[last:]))
    return Markup("").join(parts)


def measure_of(result: Result) -> str:
    """Id without its version: what a published and a repaired result have in common."""
    return next((result.id.removesuffix(tail) for tail in VERSION_TAILS if result.id.endswith(tail)), result.id)


def _is_open(answer: Answer) -> bool:
    """Whether there is no answer to compare."""
    return answer.status == "not-answerable" or (
        answer.conclusion is not None and answer.conclusion.verdict == "not-answerable"
    )


def _badge(answer: Answer) -> dict[str, str] | None:
    """How the answer compares with 2023; on other data than the study's, whether its recipe leads to the same."""
    conclusion = answer.conclusion
    if _is_open(answer):
        return {"kind": "open", "words": "not answerable"}
    if conclusion is None:
        return None  # nothing of 2023 to compare with
    is_published = answer.baseline == "as published"
    words = f"2023 finding: {conclusion.verdict}" if is_published else RECIPES[conclusion.holds]
    return {"kind": BADGE_KINDS[conclusion.holds], "words": words}


def _version(answer: Answer, version: str) -> str:
    """Name of a version: nothing is "as published" on other data than the study's."""
    return answer.baseline if version == "as-published" else rounding.VERSION_NAMES[version]


def finding(answer: Answer) -> list[Markup]:
    """What was found, a sentence per claim, without the comparison with 2023; each number leads to its result."""
    conclusion = answer.conclusion
    if conclusion is None:
        main = [one for one in answer.results if one.role == "main" and one.sentence and one.estimate.refused is None]
        return [linked(one.sentence, anchor(one.id)) for one in main[:2]] or [Markup.escape(answer.reason or "")]
    found = {}
    for part in conclusion.parts or (conclusion,):
        if answer.baseline != "as published" and (part.claim or "").endswith("like-for-like"):
            continue  # the study's own rows are in no other source
        target = part.result if part.result in {one.id for one in answer.results} else None
        words = SENTENCE_END.split(part.sentence)[0]
        found[words] = linked(words, anchor(target) if target else f"results-{anchor(answer.question)}")
    return list(found.values())


def _sentence(answer: Answer) -> Markup:
    if answer.conclusion is None:
        return escape(answer.reason or "No conclusion can be drawn.")
    return linked(answer.conclusion.sentence, f"results-{anchor(answer.question)}")


def _number_cell(value: float | None, shown: str) -> dict[str, Any]:
    return {"numeric": True, "raw": _sorted_by(value), "shown": shown, "kind": NUMBER}


def _sorted_by(value: float | None) -> str:
    """What a table is sorted by: enough digits to tell rows apart, the files hold all."""
    return "" if value is None or rounding.is_missing(value) else f"{value:.6g}"


def _text_cell(shown: str, kind: str = "") -> dict[str, Any]:
    return {"numeric": False, "raw": "", "shown": shown, "kind": kind}


def _result_row(answer: Answer, result: Result) -> dict[str, Any]:
    estimate = result.estimate
    unit = f", in {rounding.pretty_unit(estimate.unit)}" if estimate.unit not in {None, "", "1"} else ""
    cells = [
        _text_cell(result.title, "long"),
        _text_cell(_version(answer, result.version), "tight"),
        _number_cell(estimate.estimate, rounding.number(estimate.estimate)),
        _text_cell(rounding.interval(estimate.low, estimate.high), "tight"),
        _number_cell(estimate.p, rounding.p_value(estimate.p)),
        _number_cell(result.p_adjusted, rounding.p_value(result.p_adjusted)),
        _number_cell(estimate.n, rounding.count(estimate.n)),
        _number_cell(estimate.n_missing, rounding.count(estimate.n_missing)),
        _number_cell(estimate.effect_size, rounding.number(estimate.effect_size)),
        _text_cell(rounding.interval(estimate.effect_low, estimate.effect_high), "tight"),
        _text_cell(
            f"not computed: {estimate.refused}" if estimate.refused else f"{estimate.estimate_name}{unit}".lstrip(", "),
            "long",
        ),
        _text_cell(estimate.effect_name, "long"),
        _text_cell(estimate.method, "long"),
    ]
    return {"anchor": anchor(result.id), "cells": cells}


def _results_view(answer: Answer) -> dict[str, Any]:
    order = {
        measure: place for place, measure in enumerate(dict.fromkeys(measure_of(result) for result in answer.results))
    }
    results = sorted(answer.results, key=lambda result: (order[measure_of(result)], result.version))
    return {
        "title": f"Results of {answer.question}",
        "anchor": f"results-{anchor(answer.question)}",
        "heads": [{"title": title, "numeric": numeric} for title, numeric in RESULT_HEADS],
        "rows": [_result_row(answer, result) for result in results],
        "note": "",
        "files": [
            ("results.csv", "tables/results.csv"),
            (f"{answer.question}.json, full precision", f"results/{answer.question}.json"),
        ],
    }


def table_view(
    table: Table, *, is_published: bool = True, has_files: bool = True, shown: Collection[str] = ()
) -> dict[str, Any]:
    """A result table for the page; a long one is cut there, its files hold every row.

    Args:
        table: The table.
        is_published: Whether the data are those of the study.
        has_files: Whether the table is kept as a file of its own.
        shown: Anchors of the tables that stand on the page; with them, names in a column "table" are links.
    """
    numeric = [_is_numeric(table, index) for index in range(len(table.columns))]
    most = MAX_PAGE_ROWS if typeset.is_printed(table) else SAMPLE_ROWS
    rows = [{"anchor": None, "cells": _cells(row, table.columns, numeric, is_published)} for row in table.rows[:most]]
    if shown:
        _link_names(rows, table, shown)
    cut = (
        f" The first {most} of {rounding.count(len(table.rows))} rows; the CSV file holds all."
        if len(table.rows) > most
        else ""
    )
    heads = [{"title": _heading(column), "numeric": one} for column, one in zip(table.columns, numeric, strict=True)]
    return {
        "title": table.title,
        "anchor": f"table-{anchor(table.id)}",
        "files": _files(table) if has_files else [],
        "heads": heads,
        "rows": rows,
        "note": f"{table.note}{cut}".strip(),
    }


def _link_names(rows: Iterable[dict[str, Any]], table: Table, shown: Collection[str]) -> None:
    """Make the names in the column ``table`` links: to the table on the page, its file, or the snapshot's own files."""
    column = [one.name for one in table.columns].index("table")
    for row in rows:
        name = str(row["cells"][column]["shown"])
        place = f"table-{anchor(name)}"
        file = "#availability" if name.endswith(".parquet") else f"tables/{file_name(name)}.csv"
        target = f"#{place}" if place in shown else file
        row["cells"][column]["shown"] = Markup('<a href="{}">{}</a>').format(target, name)


def _files(table: Table) -> list[tuple[str, str]]:
    """Words and addresses of the files of a table."""
    place = f"tables/{file_name(table.id)}"
    return [
        ("CSV, full precision", f"{place}.csv"),
        *([("LaTeX", f"{place}.tex")] if typeset.is_printed(table) else []),
    ]


def _cells(
    row: Sequence[Any], columns: Sequence[Column], numeric: Sequence[bool], is_published: bool
) -> list[dict[str, Any]]:
    cells = []
    for value, column, is_number in zip(row, columns, numeric, strict=True):
        shown = rounding.cell(value, column.name, column.unit, is_published=is_published)
        cells.append(_number_cell(value, shown) if is_number else _text_cell(shown))
    return cells


def _heading(column: Column) -> str:
    unit = "" if column.unit in {None, "", "1", "models"} else f" ({rounding.pretty_unit(column.unit)})"
    return f"{column.title}{unit}"


def _is_numeric(table: Table, index: int) -> bool:
    values = [row[index] for row in table.rows if row[index] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _pair(answer: Answer) -> list[dict[str, Any]]:
    """The headline, published beside repaired: the first measure with both versions, or each version's first."""
    by_measure: dict[str, dict[str, Result]] = {}
    firsts: dict[str, Result] = {}
    for result in answer.results:
        if result.estimate.estimate is not None:
            by_measure.setdefault(measure_of(result), {})[result.version] = result
            firsts.setdefault(result.version, result)
    headline = next((versions for versions in by_measure.values() if len(versions) == 2), firsts)
    return [_side(answer, headline[version]) for version in ("as-published", "repaired") if version in headline]


def _side(answer: Answer, result: Result) -> dict[str, Any]:
    estimate = result.estimate
    has_interval = estimate.low is not None or estimate.high is not None
    details = [f"95 % interval {rounding.interval(estimate.low, estimate.high)}"] if has_interval else []
    details += [rounding.p_statement(estimate.p)] if estimate.p is not None else []
    details += [f"adjusted {rounding.p_statement(result.p_adjusted)}"] if result.p_adjusted is not None else []
    details += [f"n = {rounding.count(estimate.n)}"]
    value = f"{estimate.estimate_name} {rounding.with_unit(estimate.estimate, estimate.unit)}".lstrip()
    if is_share(estimate):
        value, details = rounding.percent(estimate.estimate, estimate.low, estimate.high), details[has_interval:]
    return {
        "kind": result.version,
        "name": _version(answer, result.version),
        "title": result.title,
        "anchor": anchor(result.id),
        "value": value if estimate.refused is None else "not computed",
        "details": linked("; ".join(details), anchor(result.id)),
    }


def _effect(name: str, value: float | None) -> str:
    return rounding.p_value(value) if name.partition(" ")[0] == "p" else rounding.number(value)


def _repair(step: RepairStep) -> dict[str, Any]:
    effects = [
        f"{name}: {_effect(name, step.before.get(name))} → {_effect(name, step.after.get(name))}"
        for name in dict.fromkeys([*step.before, *step.after])
        if _effect(name, step.before.get(name)) != _effect(name, step.after.get(name))
    ]
    return {"name": step.repair, "meaning": step.meaning, "changed": rounding.count(step.n_changed), "effects": effects}


def _flow(answer: Answer) -> dict[str, Any]:
    columns = (Column(name="step", title="Kept after"), Column(name="rows", title="Rows"))
    return table_view(
        Table(
            id=f"flow-{answer.question}",
            title=f"Inclusion flow of {answer.question}",
            columns=columns,
            rows=answer.n_flow,
        ),
        has_files=False,
    )


def figure_view(drawn: Drawn, shown: Collection[str]) -> dict[str, Any]:
    """A drawn figure for the page.

    Args:
        drawn: The figure.
        shown: Anchors of the tables that stand on the page.
    """
    spec = drawn.spec
    sources = [(file_name(name), f"table-{anchor(name)}") for name in drawn.sources]
    return {
        "id": spec.id,
        "title": spec.title,
        "finding": drawn.finding or f"{spec.title}.",
        "svg": Markup(drawn.page),  # noqa: S704 - our own drawing; names in it are escaped
        "wide": drawn.wide,
        "kinds": sorted(drawn.files),
        "sources": [{"file": file, "anchor": place if place in shown else None} for file, place in sources],
        "code": f"{spec.draw.__module__}.{spec.draw.__name__}",
    }


def _on_page(answer: Answer) -> list[Table]:
    """Tables that stand on the page: those with rows, without those that stand there in another form."""
    prefix = answer.question.lower().replace(".", "_")
    elsewhere = {f"{prefix}.inclusion", f"{prefix}.repairs"}
    return [table for table in answer.tables if table.rows and table.id not in elsewhere]


def shown_tables(answers: Iterable[Answer]) -> frozenset[str]:
    """Anchors of all tables of the questions that stand on the page."""
    return frozenset(f"table-{anchor(table.id)}" for answer in answers for table in _on_page(answer))


def answer_view(answer: Answer, figures: Iterable[Drawn], shown: Collection[str]) -> dict[str, Any]:
    """One question for the page; ``shown`` are the anchors of the tables that stand there."""
    prefix = answer.question.lower().replace(".", "_")
    is_published = answer.baseline == "as published"
    return {
        "question": answer.question,
        "anchor": anchor(answer.question),
        "title": answer.title,
        "status": answer.status.replace("-", " "),
        "reason": answer.reason,
        "badge": _badge(answer),
        "finding": finding(answer),
        "is_open": _is_open(answer),
        "sentence": _sentence(answer),
        "pair": _pair(answer),
        "results": _results_view(answer),
        "repairs": [one for step in answer.repairs if (one := _repair(step))["effects"]],
        "repairs_file": next((file_name(table.id) for table in answer.tables if table.id == f"{prefix}.repairs"), None),
        "flow": _flow(answer),
        "tables": [table_view(table, is_published=is_published) for table in _on_page(answer)],
        "figures": [figure_view(drawn, shown) for drawn in figures],
    }
