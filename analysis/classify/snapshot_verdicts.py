"""Verdicts of a whole snapshot.

Level, score, coverage and findings of every model, judged once per distinct set of facts. Probes ask whether things are
there, hardly ever what they are, so that millions of models share some thousand *signatures*: what of the record is
there, and which kinds of claims. DuckDB counts the signatures, each is judged by the very functions of ``classify`` on
one model that has it, and the counts are summed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol

from msgspec import Struct

from analysis.classify.facts import VERDICT_READS, example, signatures_sql
from analysis.classify.probes import PROBES, probe_all
from analysis.classify.rubric import rubric
from analysis.classify.verdict import UNKNOWN_LEVEL, judge
from mining.schema import Outcome

ALL = "all models"
REPORTERS = "reporting models"
FAILED: frozenset[Outcome] = frozenset({"not-reported", "unreadable"})


class Queryable(Protocol):
    """What is asked of processed tables; see :class:`analysis.questions.tables.Tables`."""

    def query(self, sql: str, parameters: list[Any] | None = None) -> Any:
        """Result of a query over the views, a frame."""


class Judged(Struct, frozen=True, kw_only=True):
    """The verdict that models of one signature share.

    Attributes:
        outcomes: Outcome of every probe.
    """

    level: str
    reason: str
    score: float
    coverage: float
    disclosure: str
    published_level: str
    repaired_level: str
    outcomes: dict[str, Outcome]
    next_steps: tuple[str, ...]


class Group(Struct, frozen=True, kw_only=True):
    """Models of one signature, one generator and one year of creation.

    Attributes:
        generator: Generator of the card; None where it was written by hand or not recognised.
        year: Year of creation; None where it is not known.
        n: How many models.
    """

    generator: str | None
    year: str | None
    n: int
    verdict: Judged


def verdicts(tables: Queryable) -> list[Group]:
    """Verdicts of all models of a snapshot, those alike counted together.

    Args:
        tables: Processed tables with the views ``models`` and ``claims``.

    Returns:
        Groups in the order of their signatures; their counts sum to the number of models.
    """
    return [
        Group(
            generator=_text(row["generator"]), year=_text(row["year"]), n=int(row["n"]), verdict=_judged(_frozen(row))
        )
        for row in _signatures(tables)
    ]


def verdicts_by_row(tables: Queryable, models: str) -> Iterator[tuple[Judged, Any]]:
    """Verdicts of a snapshot with the rows that they hold for.

    Args:
        tables: Processed tables with the view ``claims``.
        models: What to select the models from in SQL; it has the columns of ``models`` and ``file_row_number``.

    Yields:
        A verdict, and the row numbers of its models, from 0.
    """
    for row in _signatures(tables, models, "list(file_row_number) AS n"):
        yield _judged(_frozen(row)), row["n"]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _signatures(tables: Queryable, models: str = "models", measure: str = "count(*) AS n") -> Iterator[dict[str, Any]]:
    """Every distinct set of facts with the count of its models, or another measure of them."""
    read = {name for probe in PROBES.values() for name in probe.reads} | set(VERDICT_READS)
    frame = tables.query(signatures_sql(models, measure, read))
    names = list(frame.columns)
    for values in zip(*(frame[name].tolist() for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


Signature = tuple[tuple[str, Any], ...]


def _frozen(row: Mapping[str, Any]) -> Signature:
    """What of a row its verdict depends on, as a key; a missing value of any kind is None."""
    return tuple((name, _plain(value)) for name, value in row.items() if name not in {"generator", "year", "n"})


def _plain(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    return tuple(value) if hasattr(value, "__len__") else None


@cache
def _judged(signature: Signature) -> Judged:
    """The verdict of a model with this signature."""
    case = example(dict(signature))
    verdict = judge(case, probe_all(case))
    return Judged(
        level=verdict.level,
        reason=verdict.reason,
        score=verdict.score,
        coverage=verdict.coverage,
        disclosure=verdict.disclosure,
        published_level=verdict.published_level,
        repaired_level=verdict.repaired_level,
        outcomes={finding.id: finding.outcome for finding in verdict.findings},
        next_steps=verdict.next_steps,
    )


def levels_table(groups: Iterable[Group]) -> list[tuple[str, str, str, int]]:
    """Generator of the card, year of creation, level, models: levels from least to most, those without any left out."""
    order = {level: place for place, level in enumerate((UNKNOWN_LEVEL, *rubric().level_ids()))}
    found: Counter[tuple[str, str, str]] = Counter()
    for group in groups:
        found[group.generator or "none", group.year or "not known", group.verdict.level] += group.n
    return [(*key, n) for key, n in sorted(found.items(), key=lambda item: (item[0][0], item[0][1], order[item[0][2]]))]


def failing_table(groups: Iterable[Group]) -> list[tuple[str, str, int, int, float | None]]:
    """Probe, group of models, models that could be judged, models that do not report, their share.

    What fails most comes first. Groups are all models, the reporting ones, and the reporting ones of each generator.
    """
    seen: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    for group in groups:
        for name in _names(group):
            for probe, outcome in group.verdict.outcomes.items():
                if outcome == "reported" or outcome in FAILED:
                    seen[name, probe] += group.n
                    failed[name, probe] += group.n if outcome in FAILED else 0
    names = sorted({name for name, _ in seen}, key=lambda name: (name != ALL, name != REPORTERS, name))
    rows = [
        (probe, name, seen[name, probe], failed[name, probe]) for name in names for probe in PROBES if seen[name, probe]
    ]
    place = {name: number for number, name in enumerate(names)}
    rows.sort(key=lambda row: (place[row[1]], -row[3] / row[2], row[0]))
    return [(*row, row[3] / row[2]) for row in rows]


def _names(group: Group) -> tuple[str, ...]:
    """Groups that models are counted in."""
    if group.verdict.level not in {"stated", "explained", "verifiable"}:
        return (ALL,)
    return ALL, REPORTERS, f"{REPORTERS}, {group.generator or 'no generator'}"
