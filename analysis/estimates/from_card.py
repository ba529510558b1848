"""Inputs of an estimate from a model record and its claims: each with its place in the card.

Contradictions shown, never averaged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from analysis.estimates.contract import Estimate, refused
from analysis.estimates.wording import energy_in_words, one_mass
from analysis.rounding import spoken
from mining.errors import UsageError
from mining.patterns import regex
from mining.schema import BASE_RELATIONS, OWN_SCOPES, Claim, ModelRecord

if TYPE_CHECKING:
    from analysis.estimates.run_inputs import RunInputs

__all__ = ["estimate_of"]

VISION = frozenset({"Computer Vision", "Audio", "Multimodal", "Reinforcement Learning", "Tabular"})
G_PER_KWH = (5.0, 1200.0)
"""Intensities that a grid can have, g CO2eq per kWh."""


def estimate_of(record: ModelRecord, claims: Sequence[Claim], target: str = "", text: str | None = None) -> Estimate:
    """Estimate the training of one model from what its card states besides emissions.

    Args:
        record: The model record.
        claims: Its claims: they give places, and the words that name a device's form.
        target: What the user asked about.
        text: The card, for its size and tokens where it states neither hours nor FLOP; None where it is not at hand.

    Returns:
        The estimate beside what is reported, or a refusal; never raises for what a card says.
    """
    known: dict[str, Any] = {
        "input": target,
        "model_id": record.model_id,
        "reported_gco2e": record.carbon.emissions_gco2e,
    }
    answer = _estimate_of(record, claims, text, known)
    if answer.route is not None or record.carbon.emissions_gco2e is not None:
        return answer
    from analysis.estimates.statistical import statistical_of

    return replace(answer, statistical=statistical_of(record))


def _estimate_of(record: ModelRecord, claims: Sequence[Claim], text: str | None, known: dict[str, Any]) -> Estimate:
    """The estimate by the first route that the inputs allow, or the refusal."""
    if record.training.hardware is None:
        return refused("no hardware is stated", **known)
    run, reason = _inputs(record, claims), None
    if run.hours is None and run.flop is None and text is not None:
        run, reason = _with_size_and_data(run, record, text)
    answer = _placed(run)
    if reason is not None and answer.refusal is not None and not answer.refusal.startswith("unknown device"):
        return refused(f"{answer.refusal}: {reason}", **known)
    if answer.route not in {"hours", None} and (reason := _abstains(record, answer)):
        return refused(reason, inputs=answer.inputs, **known)
    return replace(answer, **known, flags=(*answer.flags, *_contradictions(claims), *_implied(record, answer)))


def _placed(run: RunInputs) -> Estimate:
    """The estimate in the place and year of the run; the newest year where the upload's has no figure yet.

    A place that no table knows costs the emissions' place, not the energy.
    """
    from analysis.estimates.routes import estimated

    for tried in (run, replace(run, year=None)):
        try:
            return estimated(tried)
        except UsageError as error:
            why = str(error)
    answer = estimated(replace(run, region=None, year=None))
    return replace(answer, flags=(*answer.flags, why))


def _inputs(record: ModelRecord, claims: Sequence[Claim]) -> RunInputs:
    """What the record settled on, with places and the device's own words."""
    from analysis.estimates.run_inputs import MAX_COUNT, MAX_HOURS, RunInputs
    from analysis.estimates.workload import share_of_words

    training = record.training
    places = _places(record, claims) if claims else {}
    year = int(record.created_at[:4]) if record.created_at and not record.created_at_is_floor else None
    words = _claim(claims, "hardware", "hardware", record) if claims else None
    assumed = {"year": year is not None, "basis": training.duration_basis is None}
    hours = training.duration_h if training.duration_h and 0 < training.duration_h < MAX_HOURS else None
    return RunInputs(
        hardware=f"{training.hardware} {words.text[:200]}" if words and _is_form(words.text) else training.hardware,
        count=training.hardware_count if training.hardware_count and training.hardware_count <= MAX_COUNT else None,
        hours=hours,
        basis=training.duration_basis or "wall-clock",
        power_w=training.power_w if training.power_w and training.power_w < 5000 else None,
        pue=training.pue_ratio if training.pue_ratio and training.pue_ratio <= 3 else None,
        region=training.region,
        year=year,
        g_per_kwh=training.intensity_g_per_kwh or None,
        flop=training.training_flop or None,
        share=share_of_words(f"{record.name} {record.pipeline_tag or ''}"),
        where=places,
        assumed=frozenset(name for name, is_assumed in assumed.items() if is_assumed),
    )


_QUANTITIES = {
    "hardware": "hardware",
    "count": "hardware",
    "hours": "duration",
    "power_w": "power",
    "pue": "pue",
    "region": "region",
    "g_per_kwh": "intensity",
    "flop": "flop",
}
_FORM = regex(
    r"\b(?:pcie?|sxm\d?|nvl|laptop|mobile|max-?q|pods?|cluster|\d{2}\s?gb)\b",
    re.IGNORECASE,
    stems="cluster;gb;laptop;max;mobile;nvl;pci;pod;sxm",
)


def _places(record: ModelRecord, claims: Sequence[Claim]) -> dict[str, str]:
    found = ((name, _claim(claims, quantity, name, record)) for name, quantity in _QUANTITIES.items())
    return {name: claim.where for name, claim in found if claim is not None}


def _is_form(text: str) -> bool:
    """Whether the words tell the form of a device (bus, laptop part, memory)."""
    return _FORM.search(text) is not None


def _claim(claims: Sequence[Claim], quantity: str, name: str, record: ModelRecord) -> Claim | None:
    """The claim that gave a value: the one that says the same, else the first of its quantity."""
    mine = [claim for claim in claims if claim.quantity == quantity and claim.outcome == "reported"]
    values = {
        "hours": record.training.duration_h,
        "hardware": record.training.hardware,
        "count": record.training.hardware,
    }
    wanted = values.get(name)
    return next(
        (claim for claim in mine if wanted is not None and wanted in (claim.inner_value, claim.label)),
        mine[0] if mine else None,
    )


def _with_size_and_data(run: RunInputs, record: ModelRecord, text: str) -> tuple[RunInputs, str | None]:
    """The inputs with parameters, tokens and epochs; or why there are none."""
    from analysis.estimates.size_and_data import NotKnownError, size_and_data

    try:
        found = size_and_data(record, text)
    except NotKnownError as error:
        return run, str(error)
    more = {"where": {**run.where, **found.pop("where")}, "assumed": run.assumed | found.pop("assumed")}
    return replace(run, **found, **more), None


def _abstains(record: ModelRecord, answer: Estimate) -> str | None:
    """Why the routes by FLOP abstain: they were tested on language transformers trained from scratch only."""
    if answer.route == "flop" and (
        record.base_relation in BASE_RELATIONS or record.training.training_type == "fine-tuning"
    ):
        return "fine-tuning by FLOP is not validated: state the hours"
    if record.domain in VISION:
        return f"FLOP of {record.domain} models are not validated: state the hours"
    return None


def _contradictions(claims: Sequence[Claim]) -> Iterator[str]:
    """Inputs that the card states twice with different values."""
    for quantity, unit in (("duration", "h"), ("energy", "kWh"), ("pue", ""), ("intensity", "g/kWh")):
        stated = {
            claim.inner_value: claim.where
            for claim in claims
            if claim.quantity == quantity and claim.inner_value and claim.scope in OWN_SCOPES and claim.subject is None
        }
        if len(stated) > 1 and max(stated) > 1.05 * min(stated):
            shown = "; ".join(
                f"{spoken(value, 4)} {unit}".strip() + f" ({where})" for value, where in list(stated.items())[:4]
            )
            yield f"the card states more than one {quantity}: {shown}"


def _implied(record: ModelRecord, answer: Estimate) -> Iterator[str]:
    """What the stated emissions or energy imply when set against the estimate."""
    facility, gpu = answer.boundaries.facility, answer.boundaries.gpu
    grams, energy = record.carbon.emissions_gco2e, record.training.energy_kwh
    if facility is None:
        return
    emissions = answer.emissions_gco2e
    inside = grams is not None and emissions is not None and emissions.low <= grams <= emissions.high
    if grams and not inside and (grams / facility.low < G_PER_KWH[0] or grams / facility.high > G_PER_KWH[1]):
        implied = f"{spoken(grams / facility.central, 2)} g/kWh: outside what grids have"
        yield f"{one_mass(grams, 4)} stated over {energy_in_words(facility.central)} estimated imply {implied}"
    low = gpu.low if gpu else facility.low
    if energy and not low <= energy <= facility.high:
        estimated = f"{energy_in_words(low)} to {energy_in_words(facility.high)}"
        yield f"{spoken(energy, 4)} kWh stated lie outside the estimate's {estimated}"
