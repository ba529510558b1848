"""What of a model the probes read: one table, from which the SQL over a snapshot and the example of a case are made.

A probe asks whether things are there, hardly ever what they are: a fact is what it can tell apart. Every probe declares
the facts that it reads (:data:`analysis.classify.probes.PROBES`); a test holds it to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from analysis.classify.findings import Case
from analysis.classify.probes.disclosure import DOUBTS, METADATA
from analysis.classify.probes.training import CLOSE, FORMULA
from mining.corrections import BY_HAND
from mining.schema import Claim, Context, ModelRecord, Settlement

TAGS = ("optimized", "pruned", "distilled", "ecocard")
"""Tags that a class of 2023 asks for."""


class Fact(NamedTuple):
    """One fact: how SQL tells it of a row of ``models``, and the fields of an example that has it."""

    sql: str
    example: Callable[[Any], dict[str, Any]]


def _same(column: str) -> Fact:
    """A value of a closed list, read as it is."""
    return Fact(column, lambda value: {} if value is None else {column: value})


def _there(column: str, placeholder: Any, sql: str = "") -> Fact:
    """Something of which only the presence is read."""
    return Fact(sql or f"{column} IS NOT NULL", lambda there: {column: placeholder} if there else {})


FACTS: dict[str, Fact] = {
    **{name: _same(name) for name in ("source", "card_status", "gated", "is_disabled", "has_weights")},
    "size": _there("parameters_count", 1),
    "storage": _there("storage_bytes", 1),
    "data": _there("datasets", ("data",), "len(datasets) > 0"),
    "data_size": _there("datasets_bytes", 1.0),
    "base": _there("base_models", ("base",), "len(base_models) > 0"),
    "base_relation": _same("base_relation"),
    "license": _there("license", "stated"),
    "literal": _there(
        "emissions_metadata_value", 1.0, "emissions_metadata_value IS NOT NULL AND emissions_metadata_value <> 0"
    ),
    "grams": _there("emissions_gco2e", 2.0),
    "zero": _there("emissions_gco2e", 0.0, "coalesce(emissions_gco2e = 0, false)"),
    # Energy, intensity and PUE of an example are 1: its emissions follow from them where they are 1 as well.
    "follows": _there(
        "emissions_gco2e",
        1.0,
        f"""coalesce(abs(energy_kwh * intensity_g_per_kwh * coalesce(nullif(pue_ratio, 0), 1)
            / nullif(emissions_gco2e, 0) - 1) <= {CLOSE}, false)""",
    ),
    **{
        name: _same(name)
        for name in ("emissions_outcome", "emissions_unit_status", "emissions_scope", "emissions_source")
    },
    "by_hand": _there("emissions_decided_by", BY_HAND, f"coalesce(emissions_decided_by = '{BY_HAND}', false)"),
    "doubt": _there(
        "emissions_flags",
        tuple(sorted(DOUBTS)[:1]),
        f"list_has_any(emissions_flags, [{', '.join(repr(name) for name in sorted(DOUBTS))}])",
    ),
    "hardware_count": _there("hardware_count", 1),
    "duration": _there("duration_h", 1.0),
    "duration_basis": _same("duration_basis"),
    "training_type": _same("training_type"),
    "hardware": _there("hardware", "stated"),
    "energy_kwh": _there("energy_kwh", 1.0),
    "power_w": _there("power_w", 1.0),
    "region": _there("region", "stated"),
    "provider": _there("provider", "stated"),
    "intensity_g_per_kwh": _there("intensity_g_per_kwh", 1.0),
    "pue_ratio": _there("pue_ratio", 1.0),
    "tool": _there("tool", "stated"),
    "tags": Fact(
        f"list_sort(list_filter(tags, lambda tag: lower(tag) IN ({', '.join(repr(tag) for tag in TAGS)})))",
        lambda tags: {"tags": tags} if tags else {},
    ),
    "claims": Fact("coalesce(said.claims, '')", lambda _: {}),
}
VERDICT_READS = ("literal", "grams", "hardware", "tags")
"""What the classes of 2023 read beside the findings of the probes."""


def signatures_sql(models: str, measure: str, read: Iterable[str]) -> str:
    """Every distinct set of the facts that are read, with a measure of the models that have it.

    Args:
        models: What to select the models from.
        measure: Aggregate over the models of one set, with its name.
        read: Names of facts.
    """
    wanted = set(read)
    facts = ", ".join(f"{fact.sql} AS {name}" for name, fact in FACTS.items() if name in wanted)
    formula = " OR ".join(f"contains(lower(text), '{sign}')" for sign in FORMULA)
    kinds = f"""quantity, scope, outcome, starts_with("where", '{METADATA}'), subject IS NULL,
        quantity = 'emissions' AND ({formula})"""
    return f"""WITH said AS (
            SELECT model_key, string_agg(claim, ';' ORDER BY claim) AS claims
            FROM (SELECT DISTINCT model_key, concat_ws('|', {kinds}) AS claim FROM claims) GROUP BY model_key)
        SELECT generator, left(year_month, 4) AS year, {facts}, {measure}
        FROM {models} LEFT JOIN said USING (model_key) GROUP BY ALL ORDER BY ALL"""  # noqa: S608 - our own names only


def example(facts: Mapping[str, Any]) -> Case:
    """A model that has these facts and nothing else; its values are placeholders and are never shown."""
    fields: dict[str, Any] = {}
    for name, fact in FACTS.items():
        fields |= fact.example(facts.get(name))
    carbon = {name: value for name, value in fields.items() if name in Settlement.__struct_fields__}
    training = {name: value for name, value in fields.items() if name in Context.__struct_fields__}
    own = {name: value for name, value in fields.items() if name not in carbon and name not in training}
    record = ModelRecord(model_key="example", carbon=Settlement(**carbon), training=Context(**training), **own)
    claims = tuple(map(_claim, filter(None, (facts.get("claims") or "").split(";"))))
    return Case(record, claims, data_sizes_asked=record.source != "cards")


def _claim(written: str) -> Claim:
    """A claim as the signature lists it: quantity, scope, outcome, in metadata, of the own model, with a formula."""
    quantity, scope, outcome, metadata, own, formula = written.split("|")
    said: Any = {"quantity": quantity, "scope": scope, "outcome": outcome}
    return Claim(
        **said,
        where=f"{METADATA}key" if metadata == "true" else "card:Section:1",
        subject=None if own == "true" else "another",
        text=FORMULA[0] if formula == "true" else "stated",
    )
