"""Physical plausibility: what energy, or hardware, count and hours, allow emissions to be.

Bands: electricity emits between 1 and 1,200 g CO2eq a kilowatt hour (hydropower plants state about 1.6, the dirtiest grids about 1,000;
with losses 1,200). A device draws between a tenth of its rated power and its rated power times 2.5 (idle hours, host, cooling).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from mining.schema import Claim

LOW_G_PER_KWH, HIGH_G_PER_KWH = 1.0, 1200.0
TYPICAL_LOW_G_PER_KWH = 8.0
DEVICE_W = (30.0, 1200.0)
"""Power of one device where its name is not known."""
UNDER, OVER = 0.1, 2.5
"""Share of the rated power that a device draws at least, and at most with host and cooling."""
_COUNT = re.compile(
    r"(?<![\w.])(\d{1,5})\s{0,3}(?:[x×*]|(?=\s*(?:nvidia|tesla|a100|v100|h100|gpu|tpu|rtx|gtx|t4|p100|k80|a10|l4|a6000|mi\d)))",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(?:for|in|about|\W)\s{0,3}(\d{1,6}(?:[.,]\d{1,3})?)\s{0,3}(hours?|hrs?|h|days?|minutes?)\b", re.IGNORECASE)
_HOURS_OF = {"h": 1.0, "d": 24.0, "m": 1 / 60}


class Evidence(NamedTuple):
    """Energy bounds in kWh and where they come from (`energy` or `hardware`)."""

    rule: str | None
    low_kwh: float
    high_kwh: float


class Verdict(NamedTuple):
    """What the evidence says of an amount.

    Attributes:
        rule: energy-ratio or hardware-bound; None without evidence.
        implausible: Neither the amount nor a thousand times it fits... or it is far too large.
        as_kilograms: A thousand times the amount fits and the amount itself does not.
    """

    rule: str | None
    implausible: bool
    as_kilograms: bool


def evidence_of(claims: Iterable[Claim]) -> Evidence:
    """The best physical evidence among the claims: a stated energy, else hardware times hours."""
    claims = tuple(claims)
    energies = [
        claim
        for claim in claims
        if claim.quantity == "energy" and claim.inner_value and claim.scope not in {"inference", "component", "embodied"}
    ]
    energy = min(energies, key=_energy_rank, default=None)
    if energy is not None and energy.inner_value:
        return Evidence("energy-ratio", energy.inner_value, energy.inner_value)
    return _hardware_evidence(claims)


def _energy_rank(claim: Claim) -> tuple[int, int, int]:
    place = 0 if claim.where.startswith("metadata:") else 1
    return ("prose" in claim.flags, claim.scope == "experiments", place)


def _hardware_evidence(claims: tuple[Claim, ...]) -> Evidence:
    hours, certain = _hours(claims)
    if hours is None:
        return Evidence(None, 0.0, 0.0)
    hardware = [claim for claim in claims if claim.quantity == "hardware" and claim.outcome == "reported"]
    count = max((claim.count or _count_in(claim.text) for claim in hardware), default=1)
    low, high = _power(claims, hardware)
    low_count = 1 if certain is False else count
    return Evidence("hardware-bound", hours * low * low_count / 1000, hours * high * count / 1000)


def _hours(claims: tuple[Claim, ...]) -> tuple[float | None, bool]:
    durations = [
        claim for claim in claims if claim.quantity == "duration" and claim.inner_value and claim.scope not in {"inference", "component"}
    ]
    if durations:
        chosen = min(durations, key=lambda claim: "labelled" not in claim.flags and not claim.where.startswith("metadata:"))
        return chosen.inner_value, False
    for claim in claims:
        if claim.quantity == "hardware":
            match = _HOURS.search(" " + claim.text)
            if match:
                return float(match.group(1).replace(",", ".")) * _HOURS_OF[match.group(2)[0].lower()], False
    return None, False


def _count_in(text: str) -> int:
    match = _COUNT.search(text)
    return max(1, int(match.group(1))) if match else 1


def _power(claims: tuple[Claim, ...], hardware: list[Claim]) -> tuple[float, float]:
    """Bounds of one device's draw in W, from a stated power, the vocabulary, or the generous default."""
    stated = next(
        (claim.inner_value for claim in claims if claim.quantity == "power" and claim.inner_value and 5 <= claim.inner_value <= 2000), None
    )
    rated = stated or _rated(hardware)
    if rated is None:
        return DEVICE_W[0] * UNDER, DEVICE_W[1]
    return rated * UNDER, rated * OVER


def _rated(hardware: list[Claim]) -> float | None:
    try:
        from mining.vocab import device_power_w
    except ImportError:
        return None
    for claim in hardware:
        power = device_power_w(claim.label or claim.text)
        if power:
            return float(power)
    return None


def judge(grams: float, evidence: Evidence) -> Verdict:
    """Whether an amount fits the evidence.

    Args:
        grams: The amount, read as grams.
        evidence: Energy bounds.

    Returns:
        The verdict; without evidence nothing is implausible.
    """
    if evidence.rule is None or evidence.high_kwh <= 0 or grams <= 0:
        return Verdict(None, False, False)
    least, most = evidence.low_kwh * LOW_G_PER_KWH, evidence.high_kwh * HIGH_G_PER_KWH
    slack = 1.0 if evidence.rule == "energy-ratio" else 2.0
    if grams < least:
        fits = evidence.low_kwh * TYPICAL_LOW_G_PER_KWH <= grams * 1000 <= most
        return Verdict(evidence.rule, not fits, fits)
    return Verdict(evidence.rule, grams > most * slack, False)
