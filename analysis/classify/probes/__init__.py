"""Probes: each asks one question of one model and knows nothing of weights or of other models.

The registry maps the id of every probe in ``rubric.yml`` to its function; a test locks both together.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.classify.findings import Case, Finding, our_error
from analysis.classify.probes import disclosure, openness, training

Function = Callable[[Case], Finding]

PROBES: dict[str, Function] = {
    "emissions-in-metadata": disclosure.emissions_in_metadata,
    "emissions-in-card": disclosure.emissions_in_card,
    "unit-explicit": disclosure.unit_explicit,
    "emissions-plausible": disclosure.emissions_plausible,
    "scope-stated": disclosure.scope_stated,
    "experiments-stated": disclosure.experiments_stated,
    "energy-stated": training.energy_stated,
    "hardware-stated": training.hardware_stated,
    "hardware-count-stated": training.hardware_count_stated,
    "duration-stated": training.duration_stated,
    "power-or-intensity-stated": training.power_or_intensity_stated,
    "region-stated": training.region_stated,
    "provider-stated": training.provider_stated,
    "tool-stated": training.tool_stated,
    "training-type-stated": training.training_type_stated,
    "model-size-known": openness.model_size_known,
    "dataset-named": openness.dataset_named,
    "dataset-size-known": openness.dataset_size_known,
    "base-share-stated": openness.base_share_stated,
    "inference-cost-stated": disclosure.inference_cost_stated,
    "embodied-or-water-stated": disclosure.embodied_or_water_stated,
    "weights-open": openness.weights_open,
    "license-stated": openness.license_stated,
}


def probe_all(case: Case) -> tuple[Finding, ...]:
    """Findings of all probes, in the order of the registry.

    A probe that fails is our error, reported as such; the others still answer.
    """
    return tuple(_ask(name, function, case) for name, function in PROBES.items())


def _ask(name: str, function: Function, case: Case) -> Finding:
    """One finding, whatever happens."""
    try:
        return function(case)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return our_error(name, f"the probe failed: {type(error).__name__}")
