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

from analysis.classify.findings import Case
from analysis.classify.probes import PROBES, probe_all
from analysis.classify.probes.disclosure import DOUBTS, METADATA
from analysis.classify.probes.training import CLOSE, FORMULA
from analysis.classify.rubric import rubric
from analysis.classify.verdict import UNKNOWN_LEVEL, judge
from mining.corrections import BY_HAND
from mining.schema import Claim, Context, ModelRecord, Outcome, Settlement

STATED = ("hardware", "energy_kwh", "power_w", "region", "provider", "intensity_g_per_kwh", "pue_ratio", "tool")
"""Context of which probes ask only whether it is stated."""
ALL = "all models"
REPORTERS = "reporting models"
FAILED: frozenset[Outcome] = frozenset({"not-reported", "unreadable"})


class TablesLike(Protocol):
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


def verdicts(tables: TablesLike) -> list[Group]:
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


def verdicts_by_row(tables: TablesLike, models: str) -> Iterator[tuple[Judged, Any]]:
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


def _signatures(tables: TablesLike, models: str = "models", measure: str = "count(*) AS n") -> Iterator[dict[str, Any]]:
    """Every distinct set of facts with the count of its models, or another measure of them."""
    stated = ", ".join(f"{name} IS NOT NULL AS {name}" for name in STATED)
    doubts = ", ".join(f"'{name}'" for name in sorted(DOUBTS))
    formula = " OR ".join(f"contains(lower(text), '{sign}')" for sign in FORMULA)
    frame = tables.query(
        f"""WITH said AS (
            SELECT model_key, string_agg(claim, ';' ORDER BY claim) AS claims
            FROM (SELECT DISTINCT model_key, concat_ws('|', quantity, scope, outcome, starts_with("where",
            '{METADATA}'),
                subject IS NULL, quantity = 'emissions' AND ({formula})) AS claim FROM claims) GROUP BY model_key)
        SELECT generator, left(year_month, 4) AS year, source, card_status, gated, is_disabled, has_weights,
            parameters_count IS NOT NULL AS size, storage_bytes IS NOT NULL AS storage, len(datasets) > 0 AS data,
            datasets_bytes IS NOT NULL AS data_size, len(base_models) > 0 AS base, base_relation, license IS NOT NULL AS
            license,
            emissions_metadata_value IS NOT NULL AND emissions_metadata_value <> 0 AS literal, emissions_gco2e IS NOT
            NULL AS grams,
            coalesce(emissions_gco2e = 0, false) AS zero,
            coalesce(abs(energy_kwh * intensity_g_per_kwh * coalesce(nullif(pue_ratio, 0), 1) / nullif(emissions_gco2e,
            0) - 1) <= {CLOSE},
                false) AS follows,
            emissions_outcome, emissions_unit_status, emissions_scope, emissions_source,
            coalesce(emissions_decided_by = '{BY_HAND}', false) AS by_hand,
            list_has_any(emissions_flags, [{doubts}]) AS doubt, hardware_count IS NOT NULL AS hardware_count,
            duration_h IS NOT NULL AS duration, duration_basis, training_type, {stated},
            list_sort(list_filter(tags, lambda tag: lower(tag) IN ('optimized', 'pruned', 'distilled', 'ecocard'))) AS
            tags,
            coalesce(said.claims, '') AS claims, {measure}
        FROM {models} LEFT JOIN said USING (model_key) GROUP BY ALL ORDER BY ALL"""  # noqa: S608 - names of our own only
    )
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


def example(facts: Mapping[str, Any]) -> Case:
    """A model that has the facts of a signature and nothing else; its values are placeholders and are never shown."""
    there = {name: 1.0 if name.endswith(("_kwh", "_w", "_ratio")) else "stated" for name in STATED if facts[name]}
    if facts["intensity_g_per_kwh"] and not facts["follows"]:
        there["intensity_g_per_kwh"] = 2.0
    training = Context(
        **there,  # type: ignore[arg-type]
        hardware_count=1 if facts["hardware_count"] else None,
        duration_h=1.0 if facts["duration"] else None,
        duration_basis=facts["duration_basis"],
        training_type=facts["training_type"],
    )
    carbon = Settlement(
        emissions_gco2e=float(not facts["zero"]) if facts["grams"] else None,
        emissions_outcome=facts["emissions_outcome"] or "not-reported",
        emissions_unit_status=facts["emissions_unit_status"],
        emissions_scope=facts["emissions_scope"],
        emissions_source=facts["emissions_source"],
        emissions_decided_by=BY_HAND if facts["by_hand"] else None,
        emissions_flags=tuple(sorted(DOUBTS)[:1]) if facts["doubt"] else (),
    )
    record = ModelRecord(
        model_key="example",
        source=facts["source"] or "hub",
        card_status=facts["card_status"] or "not-asked",
        gated=facts["gated"],
        is_disabled=facts["is_disabled"],
        has_weights=facts["has_weights"],
        parameters_count=1 if facts["size"] else None,
        storage_bytes=1 if facts["storage"] else None,
        datasets=("data",) if facts["data"] else (),
        datasets_bytes=1.0 if facts["data_size"] else None,
        base_models=("base",) if facts["base"] else (),
        base_relation=facts["base_relation"],
        license="stated" if facts["license"] else None,
        tags=facts["tags"] or (),
        emissions_metadata_value=1.0 if facts["literal"] else None,
        carbon=carbon,
        training=training,
    )
    return Case(record, tuple(_claims(facts["claims"])), data_sizes_asked=facts["source"] != "cards")


def _claims(written: str) -> Iterator[Claim]:
    """Claims as the signature lists them: quantity, scope, outcome, in metadata, of the own model, with a formula."""
    for part in filter(None, written.split(";")):
        quantity, scope, outcome, metadata, own, formula = part.split("|")
        yield Claim(
            quantity=quantity,  # type: ignore[arg-type]
            scope=scope,  # type: ignore[arg-type]
            outcome=outcome,  # type: ignore[arg-type]
            where=f"{METADATA}key" if metadata == "true" else "card:Section:1",
            subject=None if own == "true" else "another",
            text=FORMULA[0] if formula == "true" else "stated",
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
