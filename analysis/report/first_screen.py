"""The first screen: what the snapshot is, its five numbers, and a sentence to quote, in words made from results.

Each number is a row of :func:`summary_table`, which says how it is counted and is kept as CSV: a statement leads there
in one click, and from there to the data in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis import rounding
from analysis.questions.snapshot_summary import SnapshotSummary
from analysis.report.study import Study
from analysis.results import Column, Table

SUMMARY = "summary-numbers"
COLUMNS = (
    Column(name="name", title="Number"),
    Column(name="value", title="Value"),
    Column(name="low", title="95 % low"),
    Column(name="high", title="95 % high"),
    Column(name="unit", title="Unit"),
    Column(name="n", title="n"),
    Column(name="method", title="How it is counted"),
    Column(name="table", title="Data"),
)


def first_screen(study: Study) -> dict[str, Any] | None:
    """Sentence, numbers and quotation; None where the snapshot's tables are not at hand."""
    summary = study.summary
    if summary is None:
        return None
    missing = _missing_most(study)
    numbers = (
        _reporting(summary),
        _spread(summary),
        _lacking(missing),
        _mass(summary),
        (rounding.count(summary.not_own), _not_own(summary)),
    )
    return {
        "target": f"table-{SUMMARY}",
        "sentence": _sentence(summary),
        "numbers": [{"value": value, "words": words, "target": f"table-{SUMMARY}"} for value, words in numbers],
        "quote": _quote(summary, missing),
    }


def summary_table(study: Study) -> Table | None:
    """Every number of the first screen with its interval, n, how it is counted, and the table that holds the data."""
    if study.summary is None:
        return None
    rows = tuple(_summary_rows(study.summary, _missing_most(study)))
    return Table(id=SUMMARY, title="The first numbers, and how they are counted", columns=COLUMNS, rows=rows)


def _summary_rows(summary: SnapshotSummary, missing: dict[str, Any] | None) -> Iterator[tuple[Any, ...]]:
    """Rows of the table; a number that is not known is left out."""
    stating, every = summary.reporters, summary.population
    if summary.share is not None:
        words = "Models with a number in their metadata or card, over all models; Wilson's interval"
        yield ("share that states emissions", *summary.share.interval, "1", every, words, "rq1_1.monthly_share")
    else:
        yield _counted("models that state emissions", stating, stating, "Counted", "rq1_1.monthly_share")
    words = "Readable, of the model's own training, neither repeated nor doubtful"
    yield _counted("numbers that remain after the checks", summary.kept, stating, words, "rq1_2.inclusion")
    if summary.median_gco2e is not None:
        low, high = (rounding.scaled(one, "g CO2eq") for one in (summary.smallest_gco2e, summary.largest_gco2e))
        words = f"Median of the numbers that remain; they run from {low} to {high}"
        yield (
            "median emissions",
            summary.median_gco2e,
            None,
            None,
            "g CO2eq",
            summary.kept,
            words,
            "rq1_2.generator_box",
        )
    if missing is not None:
        found = (1 - missing["share"], *_lacking_bounds(missing))
        words = f"Reports that do not state the {missing['item']}; interval counts authors where it can"
        yield (f"share without {missing['item']}", *found, "1", stating, words, "rq1_4.context")
    if summary.largest_share is not None:
        words = f"Sum of the {summary.largest_models} largest over the sum of all that remain"
        found = (summary.largest_share, None, None)
        yield ("share of the largest models", *found, "1", summary.kept, words, "rq1_3.concentration")
    words = "Copied, inherited, a total, a component or a repeated constant"
    yield _counted("reports that are not their own measurement", summary.not_own, stating, words, "rq1_2.with_without")
    words = "Card absent, gated, not fetched, or not in the source"
    yield _counted("cards that could not be looked at", summary.unread_cards, every, words, "models.parquet")


def _counted(name: str, value: int, n: int | None, words: str, table: str) -> tuple[Any, ...]:
    """Row of a plain count."""
    return (name, value, None, None, "models", n, words, table)


def _sentence(summary: SnapshotSummary) -> str:
    """What this snapshot is."""
    stating = rounding.count(summary.reporters)
    models = _of(summary.reporters, "model states", "models state")
    if summary.population is None:
        begin = f"{stating} {models} their carbon emissions; the models that state none are not in these data."
    else:
        begin = f"{stating} of {rounding.count(summary.population)} models state their carbon emissions."
    kept = (
        f" {rounding.count(summary.kept)} of the {stating} numbers "
        f"{_of(summary.kept, 'remains', 'remain')} after the checks."
    )
    unread = f" {_unread(summary)}" if summary.unread_cards else ""
    return f"{begin}{kept if summary.reporters else ''}{unread}"


def _unread(summary: SnapshotSummary) -> str:
    """How many cards could not be looked at."""
    n = summary.unread_cards
    if n == summary.population:
        return f"None of the {rounding.count(n)} model cards could be looked at."
    return f"{rounding.count(n)} model {_of(n, 'card', 'cards')} could not be looked at."


def _of(n: int, one: str, many: str) -> str:
    return one if n == 1 else many


def _share(summary: SnapshotSummary) -> str:
    """Share of models that state emissions, with its interval."""
    found = summary.share
    return rounding.MISSING if found is None else rounding.percent(found.estimate, found.low, found.high)


def _reporting(summary: SnapshotSummary) -> tuple[str, str]:
    if summary.share is None:
        return rounding.count(summary.reporters), "models state emissions; their share is not known."
    return _share(summary), f"of {rounding.count(summary.population)} models state emissions (95 % interval)."


def _spread(summary: SnapshotSummary) -> tuple[str, str]:
    if summary.median_gco2e is None:
        return rounding.MISSING, "median emissions: no value remains after the checks."
    middle, low, high = (
        rounding.scaled(value, "g CO2eq")
        for value in (summary.median_gco2e, summary.smallest_gco2e, summary.largest_gco2e)
    )
    return middle, f"median emissions; from {low} to {high} (n {rounding.count(summary.kept)})."


def _missing_most(study: Study) -> dict[str, Any] | None:
    """Row of the table of context that the fewest reports state."""
    table = study.tables.get("rq1_4.context")
    if table is None or not table.rows:
        return None
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    known = [row for row in rows if row["share"] is not None]
    return min(known, key=lambda row: row["share"]) if known else None


def _lacking_bounds(row: dict[str, Any]) -> tuple[float | None, float | None]:
    """Interval of the share that lacks an item, authors counted where that could be done."""
    low, high = row.get("low_by_author"), row.get("high_by_author")
    if low is None or high is None:
        low, high = row["low"], row["high"]
    return None if high is None else 1 - high, None if low is None else 1 - low


def _lacking(row: dict[str, Any] | None) -> tuple[str, str]:
    if row is None:
        return rounding.MISSING, "missing most: no report to look at."
    return rounding.percent(1 - row["share"]), f"of reports do not state the {row['item']}, which is missing most."


def _mass(summary: SnapshotSummary) -> tuple[str, str]:
    if summary.largest_share is None or summary.kept <= summary.largest_models:
        few = (
            f"share of the largest models: only {rounding.count(summary.kept)} "
            f"{_of(summary.kept, 'value', 'values')} to compare."
        )
        return rounding.MISSING, few
    which = _of(summary.largest_models, "largest model", f"{summary.largest_models} largest models")
    return rounding.percent(summary.largest_share), f"of all reported emissions belong to the {which}."


def _not_own(summary: SnapshotSummary) -> str:
    reports = _of(
        summary.not_own, "report is not its model's own measurement", "reports are not their model's own measurement"
    )
    return f"{reports} (of {rounding.count(summary.reporters)})."


def _quote(summary: SnapshotSummary, row: dict[str, Any] | None) -> str:
    """One sentence with its interval."""
    if summary.share is not None:
        return (
            f"Of {rounding.count(summary.population)} models, {_share(summary)} "
            "state their carbon emissions (95 % interval); "
            f"{rounding.count(summary.kept)} of {rounding.count(summary.reporters)} stated numbers "
            f"{_of(summary.kept, 'remains', 'remain')} after the checks."
        )
    if row is None:
        return _sentence(summary)
    lacking = rounding.percent(1 - row["share"], *_lacking_bounds(row))
    stating = rounding.count(summary.reporters)
    return f"Of {stating} models that state their emissions, {lacking} do not state the {row['item']} (95 % interval)."
