"""The first screen: what the snapshot is, its five numbers, and a sentence to quote, in words made from results."""

from __future__ import annotations

from typing import Any

from analysis import rounding
from analysis.questions.snapshot_summary import SnapshotSummary
from analysis.report.names import anchor
from analysis.report.study import Study
from analysis.results import Estimate


def first_screen(study: Study) -> dict[str, Any] | None:
    """Sentence, numbers and quotation; None where the snapshot's tables are not at hand."""
    summary = study.summary
    if summary is None:
        return None
    missing = _missing_most(study)
    return {
        "sentence": _sentence(summary),
        "numbers": [
            _number(study, "RQ1.1", *_reporting(summary)),
            _number(study, "RQ1.2", *_spread(summary)),
            _number(study, "RQ1.4", *_lacking(missing)),
            _number(study, "RQ1.3", *_mass(summary)),
            _number(study, "RQ1.2", rounding.count(summary.not_own), _not_own(summary)),
        ],
        "quote": _quote(summary, missing),
    }


def _number(study: Study, question: str, value: str, words: str) -> dict[str, str]:
    known = {answer.question for answer in study.answers}
    return {"value": value, "words": words, "target": anchor(question) if question in known else "summary"}


def _sentence(summary: SnapshotSummary) -> str:
    """What this snapshot is."""
    stating = rounding.count(summary.reporters)
    models = _of(summary.reporters, "model states", "models state")
    if summary.population is None:
        begin = f"{stating} {models} their carbon emissions; the models that state none are not in these data."
    else:
        begin = f"{stating} of {rounding.count(summary.population)} models state their carbon emissions."
    kept = (
        f" {rounding.count(summary.kept)} of the {stating} numbers {_of(summary.kept, 'remains', 'remain')} "
        f"after the checks."
    )
    unread = f" {rounding.count(summary.unread_cards)} model cards were not read." if summary.unread_cards else ""
    return f"{begin}{kept if summary.reporters else ''}{unread}"


def _of(n: int, one: str, many: str) -> str:
    return one if n == 1 else many


def _share(estimate: Estimate) -> str:
    return _with_interval(*estimate.interval)


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """A share with its interval, both in per cent; small shares keep two decimals."""
    decimals = 2 if (value or 0) < 0.01 else 1
    shown = rounding.share(value, decimals)
    return (
        shown
        if low is None or high is None
        else f"{shown} [{rounding.share(low, decimals)}, {rounding.share(high, decimals)}]"
    )


def _reporting(summary: SnapshotSummary) -> tuple[str, str]:
    if summary.share is None:
        return rounding.count(summary.reporters), "models state emissions; their share is not known."
    return _share(summary.share), f"of {rounding.count(summary.population)} models state emissions (95 % interval)."


def _spread(summary: SnapshotSummary) -> tuple[str, str]:
    if summary.median_gco2e is None:
        return rounding.MISSING, "median emissions: no value remains after the checks."
    low, high = (rounding.scaled(value, "g CO2eq") for value in (summary.smallest_gco2e, summary.largest_gco2e))
    return rounding.scaled(
        summary.median_gco2e, "g CO2eq"
    ), f"median emissions; from {low} to {high} (n {rounding.count(summary.kept)})."


def _missing_most(study: Study) -> dict[str, Any] | None:
    """Row of the table of context that the fewest reports state."""
    table = study.tables.get("rq1_4.context")
    if table is None or not table.rows:
        return None
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    known = [row for row in rows if row["share"] is not None]
    return min(known, key=lambda row: row["share"]) if known else None


def _lacking(row: dict[str, Any] | None) -> tuple[str, str]:
    if row is None:
        return rounding.MISSING, "missing most: no report to look at."
    return rounding.share(1 - row["share"]), f"of reports do not state the {row['item']}, which is missing most."


def _mass(summary: SnapshotSummary) -> tuple[str, str]:
    if summary.largest_share is None or summary.kept <= summary.largest_models:
        few = (
            f"share of the largest models: only {rounding.count(summary.kept)} "
            f"{_of(summary.kept, 'value', 'values')} to compare."
        )
        return rounding.MISSING, few
    which = _of(summary.largest_models, "largest model", f"{summary.largest_models} largest models")
    return rounding.share(summary.largest_share), f"of all reported emissions belong to the {which}."


def _not_own(summary: SnapshotSummary) -> str:
    reports = _of(
        summary.not_own, "report is not its model's own measurement", "reports are not their model's own measurement"
    )
    return f"{reports} (of {rounding.count(summary.reporters)})."


def _quote(summary: SnapshotSummary, row: dict[str, Any] | None) -> str:
    """One sentence with its interval."""
    if summary.share is not None:
        return (
            f"Of {rounding.count(summary.population)} models, {_share(summary.share)} state their carbon emissions "
            f"(95 % interval); {rounding.count(summary.kept)} of {rounding.count(summary.reporters)} stated numbers "
            f"{_of(summary.kept, 'remains', 'remain')} after the checks."
        )
    if row is None:
        return _sentence(summary)
    low, high = row.get("low_by_author"), row.get("high_by_author")
    if low is None or high is None:
        low, high = row["low"], row["high"]
    lacking = _with_interval(1 - row["share"], None if high is None else 1 - high, None if low is None else 1 - low)
    return (
        f"Of {rounding.count(summary.reporters)} models that state their emissions, {lacking} do not state the "
        f"{row['item']} (95 % interval)."
    )
