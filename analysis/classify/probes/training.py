"""Probes about the training: energy, hardware, time, place, and how the numbers were had."""

from __future__ import annotations

from analysis.classify.findings import Case, Finding, absent, not_reported, reported, unreadable
from analysis.classify.probes.disclosure import claims_of, place
from mining.schema import Claim

CLOSE = 0.1
"""How far a product of rounded factors may lie from the emissions stated."""
OUTSIDE_TRAINING = frozenset({"inference"})
FORMULA = ("x time", "× time", "* time", "x carbon", "× carbon", "* carbon", "*time", "x hours", "× hours")
"""How a formula in words looks beside a value: power x time x carbon of the grid."""


MILLION = 1e6


def _stated(case: Case, probe: str, value: object, quantity: str, what: str) -> Finding:
    """Reported where the settled context has a value; otherwise what the claims say of its absence."""
    claims = [claim for claim in claims_of(case, quantity) if claim.scope not in OUTSIDE_TRAINING]
    good = next((claim for claim in claims if claim.outcome == "reported"), None)
    if value is not None:
        return reported(probe, f"{what} is stated: {value}", place(good) if good else None)
    bad = next((claim for claim in claims if claim.outcome == "unreadable"), None)
    if bad:
        return unreadable(probe, f"{what}: what is written cannot be understood", place(bad))
    if claims:
        return not_reported(probe, f"{what}: only a placeholder or a refusal", place(claims[0]))
    return absent(case, probe, f"{what} is not stated")


def _digits(value: float) -> str:
    """A number as people write it: 1,082,990 and not 1.08299e+06."""
    return f"{value:,.0f}" if value >= MILLION else f"{value:,.6g}"


def energy_stated(case: Case) -> Finding:
    """Is the energy used for training stated?"""
    energy = case.record.training.energy_kwh
    return _stated(case, "energy-stated", None if energy is None else f"{_digits(energy)} kWh", "energy", "energy")


def hardware_stated(case: Case) -> Finding:
    """Is the training hardware named?"""
    return _stated(case, "hardware-stated", case.record.training.hardware, "hardware", "hardware")


def hardware_count_stated(case: Case) -> Finding:
    """Is it said how many devices were used? Device-hours answer it as well."""
    training = case.record.training
    if training.hardware_count is not None:
        claim = next((claim for claim in claims_of(case, "hardware") if claim.count), None)
        return reported(
            "hardware-count-stated",
            f"number of devices is stated: {training.hardware_count}",
            place(claim) if claim else None,
        )
    if training.duration_basis == "device-hours":
        return reported("hardware-count-stated", "the training time is stated in device-hours")
    return absent(case, "hardware-count-stated", "the number of devices is not stated")


def duration_stated(case: Case) -> Finding:
    """Is the training time stated?"""
    training = case.record.training
    value = (
        None
        if training.duration_h is None
        else f"{_digits(training.duration_h)} h ({training.duration_basis or 'basis not stated'})"
    )
    return _stated(case, "duration-stated", value, "duration", "training time")


def power_or_intensity_stated(case: Case) -> Finding:
    """Is power, carbon intensity or PUE stated?"""
    training = case.record.training
    given = (
        ("power", training.power_w, "W", "power"),
        ("carbon intensity", training.intensity_g_per_kwh, "g/kWh", "intensity"),
        ("PUE", training.pue_ratio, "", "pue"),
    )
    for what, value, unit, quantity in given:
        if value is not None:
            return _stated(case, "power-or-intensity-stated", f"{_digits(value)} {unit}".strip(), quantity, what)
    return absent(case, "power-or-intensity-stated", "neither power nor carbon intensity nor PUE is stated")


def region_stated(case: Case) -> Finding:
    """Is the place of training stated, as country or finer?"""
    return _stated(case, "region-stated", case.record.training.region, "region", "place")


def provider_stated(case: Case) -> Finding:
    """Is the cloud or computing centre named?"""
    return _stated(case, "provider-stated", case.record.training.provider, "provider", "cloud or computing centre")


def tool_stated(case: Case) -> Finding:
    """Is the tool or method of measurement named?"""
    formula = None if case.record.training.tool else _formula(case)
    if formula is not None:
        return reported("tool-stated", "the formula is written beside the value", place(formula))
    if case.record.training.tool is None and _follows(case):
        return reported("tool-stated", "the emissions are the stated energy times the stated carbon intensity")
    return _stated(case, "tool-stated", case.record.training.tool, "tool", "tool or method")


def _follows(case: Case) -> bool:
    """Whether energy, carbon intensity and PUE as stated give the emissions as stated: then the method is plain."""
    training, grams = case.record.training, case.record.carbon.emissions_gco2e
    if not grams or training.energy_kwh is None or training.intensity_g_per_kwh is None:
        return False
    return abs(training.energy_kwh * training.intensity_g_per_kwh * (training.pue_ratio or 1.0) / grams - 1) <= CLOSE


def _formula(case: Case) -> Claim | None:
    """The first emissions that come with the formula they were computed by."""
    claims = [claim for claim in claims_of(case, "emissions") if claim.outcome == "reported"]
    return next((claim for claim in claims if any(sign in claim.text.lower() for sign in FORMULA)), None)


def training_type_stated(case: Case) -> Finding:
    """Is it said whether the model was pre-trained or fine-tuned? A named base model says it as well."""
    record = case.record
    if record.training.training_type is None and record.base_relation in {"finetune", "adapter"}:
        return reported("training-type-stated", f"the relation to the base model says it: {record.base_relation}")
    return _stated(case, "training-type-stated", record.training.training_type, "training-type", "training type")
