"""Probes: each asks one question of one model and knows nothing of weights or of other models.

The registry maps the id of every probe in ``rubric.yml`` to its function and to what it reads; tests hold it to both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from analysis.classify.findings import Case, Finding, our_error
from analysis.classify.probes import disclosure, openness, training
from mining.schema import CardStatus, Context, ModelRecord, Settlement

Function = Callable[[Case], Finding]


class Probe(Struct, frozen=True):
    """A probe, and the facts (:data:`analysis.classify.facts.FACTS`) that its outcome depends on."""

    ask: Function
    reads: tuple[str, ...]


CLAIMS = ("claims", "card_status")
EMISSIONS = ("grams", "emissions_outcome", "card_status")
AMOUNT = (*CLAIMS, *EMISSIONS, "emissions_source", "by_hand")

PROBES: dict[str, Probe] = {
    "emissions-in-metadata": Probe(disclosure.emissions_in_metadata, AMOUNT),
    "emissions-in-card": Probe(disclosure.emissions_in_card, AMOUNT),
    "unit-explicit": Probe(disclosure.unit_explicit, (*EMISSIONS, "zero", "emissions_unit_status")),
    "emissions-plausible": Probe(disclosure.emissions_plausible, (*EMISSIONS, "doubt")),
    "scope-stated": Probe(disclosure.scope_stated, (*EMISSIONS, "emissions_scope", "training_type")),
    "experiments-stated": Probe(disclosure.experiments_stated, CLAIMS),
    "energy-stated": Probe(training.energy_stated, (*CLAIMS, "energy_kwh")),
    "hardware-stated": Probe(training.hardware_stated, (*CLAIMS, "hardware")),
    "hardware-count-stated": Probe(training.hardware_count_stated, ("hardware_count", "duration_basis", "card_status")),
    "duration-stated": Probe(training.duration_stated, (*CLAIMS, "duration")),
    "power-or-intensity-stated": Probe(
        training.power_or_intensity_stated, ("power_w", "intensity_g_per_kwh", "pue_ratio", "card_status")
    ),
    "region-stated": Probe(training.region_stated, (*CLAIMS, "region")),
    "provider-stated": Probe(training.provider_stated, (*CLAIMS, "provider")),
    "tool-stated": Probe(training.tool_stated, (*CLAIMS, "tool", "follows", "energy_kwh", "intensity_g_per_kwh")),
    "training-type-stated": Probe(training.training_type_stated, (*CLAIMS, "training_type", "base_relation")),
    "model-size-known": Probe(openness.model_size_known, ("size", "storage", "has_weights")),
    "dataset-named": Probe(openness.dataset_named, ("data", "card_status")),
    "dataset-size-known": Probe(openness.dataset_size_known, ("data_size", "data", "source", "card_status")),
    "base-share-stated": Probe(openness.base_share_stated, ("base", "base_relation", "training_type", "card_status")),
    "inference-cost-stated": Probe(disclosure.inference_cost_stated, CLAIMS),
    "embodied-or-water-stated": Probe(disclosure.embodied_or_water_stated, CLAIMS),
    "weights-open": Probe(openness.weights_open, ("is_disabled", "gated", "has_weights")),
    "license-stated": Probe(openness.license_stated, ("license", "source", "card_status")),
}


SETTLED = frozenset(
    {
        *(
            *AMOUNT,
            "zero",
            "emissions_unit_status",
            "doubt",
            "emissions_scope",
            "training_type",
            "energy_kwh",
            "hardware",
        ),
        *("hardware_count", "duration", "duration_basis", "power_w", "intensity_g_per_kwh", "pue_ratio", "region"),
        *("provider", "tool", "follows"),
    }
)
"""Facts that follow from what was settled on alone; a probe that reads any other is asked of every model."""
TYPE = "training-type"


def probe_all(case: Case) -> tuple[Finding, ...]:
    """Findings of all probes, in the order of the registry.

    A probe that fails is our error, reported as such; the others still answer. Most models claim at most a training
    type: what was settled on tells all of their training.
    """
    record, known = case.record, {}
    if not record.corrections and all(claim.quantity == TYPE for claim in case.claims):
        known = _of_silent(record.card_status, record.carbon, record.training)
    return tuple([known.get(name) or _ask(name, probe.ask, case) for name, probe in PROBES.items()])


@lru_cache(maxsize=1024)
def _of_silent(card_status: CardStatus, carbon: Settlement, training: Context) -> dict[str, Finding]:
    """Findings of the probes of the training but for its type, where nothing else is claimed."""
    case = Case(ModelRecord(model_key="", card_status=card_status, carbon=carbon, training=training))
    asked = (name for name, probe in PROBES.items() if SETTLED.issuperset(probe.reads) and name != f"{TYPE}-stated")
    return {name: _ask(name, PROBES[name].ask, case) for name in asked}


def _ask(name: str, function: Function, case: Case) -> Finding:
    """One finding, whatever happens."""
    try:
        return function(case)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return our_error(name, f"the probe failed: {type(error).__name__}")
