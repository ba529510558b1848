"""Physical plausibility: what a stated energy, or hardware, count and hours, allow emissions to be.

Bands: electricity emits between 1 and 1,200 g CO2eq a kilowatt hour (hydropower states about 1.6, the dirtiest grids
about 1,000). A number that is a thousandth of the plausible was written in kilograms. Devices are taken at their rated
power; how far real draw, idle hosts and cooling can lie above it is the slack of the upper bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from mining.schema import Claim

LOW_G_PER_KWH, HIGH_G_PER_KWH = 1.0, 1200.0
SUSPICIOUS_G_PER_KWH = 3.0
"""Less than this over rated power and hours is doubtful, unless the card itself states so clean a grid."""
HARDWARE_SLACK = 4.0
"""How far above rated power, hours and the dirtiest grid an amount may lie before it is called implausible."""
BEYOND = 20.0
"""How far above the energy, or the rated power, on the dirtiest grid an amount is another one's for sure."""
MOST_AT_HOME, MOST_HOME_W = 8, 250.0
"""Cards below so many watts stand by so few, where nobody says how many."""
FACTORS_SLACK = 5.0
"""How far an amount may lie from the energy times the carbon intensity that its card states (a PUE, an offset, a part
of the energy)."""
DEFAULT_W = {"gpu": 250.0, "tpu": 250.0, "accelerator": 250.0, "cpu": 65.0}
SHORTEST_RUN_S = 30.0
"""No training that somebody reports keeps a GPU busy for less; a smaller amount, written by hand, is a slip of the
unit."""
TYPICAL_G_PER_KWH = 400.0
_OTHER_SCOPES = frozenset({"inference", "component", "embodied", "other-model", "saved", "planned"})


class Evidence(Struct, frozen=True):
    """Energy in kWh and where it comes from (energy-ratio or hardware-bound).

    The ends differ where device hours are unclear.

    Attributes:
        rule: energy-ratio or hardware-bound.
        low_kwh: Least energy.
        high_kwh: Most energy, at rated power.
        stated_g_per_kwh: Carbon intensity that the card states.
        is_bounded: Whether the most is known; not so where nobody says how many devices ran.
    """

    rule: str | None
    low_kwh: float
    high_kwh: float
    stated_g_per_kwh: float | None = None
    is_bounded: bool = True


class Plausibility(Struct, frozen=True):
    """What the evidence says of an amount.

    Attributes:
        rule: energy-ratio or hardware-bound; None without evidence.
        implausible: The amount fits neither as grams nor as kilograms.
        as_kilograms: It fits as kilograms and does not as grams.
    """

    rule: str | None
    implausible: bool
    as_kilograms: bool


NO_EVIDENCE = Evidence(None, 0.0, 0.0)


def evidence_of(claims: Iterable[Claim], subject: str | None = None) -> Evidence:
    """The best physical evidence among the claims: a stated energy, else hardware times hours.

    Args:
        claims: All claims of a card.
        subject: Model whose row of a table was chosen; its own row is better evidence than the card at large.

    Returns:
        Energy bounds, or `NO_EVIDENCE`.
    """
    claims = tuple(claims)
    own = tuple(claim for claim in claims if claim.subject == subject)
    if subject is not None and any(claim.quantity in {"energy", "duration"} for claim in own):
        claims = (*own, *(claim for claim in claims if claim.quantity == "hardware"))
    else:
        claims = tuple(claim for claim in claims if claim.subject is None or claim.quantity == "hardware")
    energies = [
        claim
        for claim in claims
        if claim.quantity == "energy" and claim.inner_value and claim.scope not in _OTHER_SCOPES
    ]
    energy = min(energies, key=_energy_rank, default=None)
    if energy is not None and energy.inner_value:
        grids = {claim.inner_value for claim in claims if claim.quantity == "intensity" and claim.inner_value}
        return Evidence(
            "energy-ratio", energy.inner_value, energy.inner_value, grids.pop() if len(grids) == 1 else None
        )
    return _hardware_evidence(claims)


def _energy_rank(claim: Claim) -> tuple[bool, bool, bool]:
    return ("prose" in claim.flags, claim.scope == "experiments", claim.place.source != "metadata")


def plausibility_of(grams: float, evidence: Evidence) -> Plausibility:
    """Whether an amount fits the evidence.

    Args:
        grams: The amount, read as grams.
        evidence: Energy bounds.

    Returns:
        The verdict; without evidence nothing is implausible.
    """
    if evidence.rule is None or evidence.high_kwh <= 0 or grams <= 0:
        return Plausibility(None, False, False)
    least = LOW_G_PER_KWH * evidence.low_kwh
    most = HIGH_G_PER_KWH * evidence.high_kwh * (1.0 if evidence.rule == "energy-ratio" else HARDWARE_SLACK)
    if (
        evidence.rule == "hardware-bound"
        and least <= grams < SUSPICIOUS_G_PER_KWH * evidence.low_kwh
        and not _fits(grams * 1000, evidence)
    ):
        return Plausibility(
            evidence.rule, evidence.stated_g_per_kwh is None or evidence.stated_g_per_kwh > SUSPICIOUS_G_PER_KWH, False
        )
    if evidence.rule == "energy-ratio" and evidence.stated_g_per_kwh and least <= grams:
        expected = evidence.stated_g_per_kwh * evidence.high_kwh
        if not expected / FACTORS_SLACK <= grams <= expected * FACTORS_SLACK:
            return Plausibility(evidence.rule, True, False)
    if grams < least:
        fits = _fits(grams * 1000, evidence)
        return Plausibility(evidence.rule, not fits, fits)
    return Plausibility(evidence.rule, evidence.is_bounded and grams > most, False)


def is_beyond(grams: float, claims: Sequence[Claim]) -> bool:
    """Whether an amount is more than any energy of a card, or its devices in its longest time, can have emitted.

    Args:
        grams: The amount.
        claims: All claims of the card.
    """
    stated = {
        quantity: [one.inner_value for one in claims if one.quantity == quantity and one.inner_value]
        for quantity in ("energy", "duration")
    }
    counts = [one.count for one in claims if one.quantity == "hardware" and one.count]
    watts = [power for power, _ in _rated(claims, default=True)] if stated["duration"] else []
    most = max(counts) if counts else MOST_AT_HOME if max(watts, default=MOST_HOME_W) < MOST_HOME_W else 0
    rated = max(watts) * most * max(stated["duration"]) / 1000 if watts and most else 0.0
    if not rated and (stated["duration"] or not stated["energy"]):
        return False  # hours of nobody knows how many devices
    return grams > HIGH_G_PER_KWH * max(rated, *stated["energy"], 0.0) * BEYOND


def _fits(grams: float, evidence: Evidence) -> bool:
    return LOW_G_PER_KWH * evidence.low_kwh <= grams <= HIGH_G_PER_KWH * evidence.high_kwh


def is_instant(grams: float, claims: Sequence[Claim]) -> bool:
    """Whether an amount would keep the named accelerator busy for a few seconds only (at a typical grid)."""
    watts = max((power for power, kind in _rated(claims, default=False) if kind != "cpu"), default=None)
    if watts is None or grams <= 0:
        return False
    seconds = grams / TYPICAL_G_PER_KWH / (watts / 1000) * 3600
    return seconds < SHORTEST_RUN_S


def _hardware_evidence(claims: tuple[Claim, ...]) -> Evidence:
    hours, per_device = _hours(claims)
    if hours is None:
        return NO_EVIDENCE
    stated_count = 1 if per_device else _count(claims)
    count = stated_count or 1
    stated = next(
        (
            claim.inner_value
            for claim in claims
            if claim.quantity == "power" and claim.inner_value and 5 <= claim.inner_value <= 2000
        ),
        None,
    )
    watts = stated or next((power for power, _ in _rated(claims, default=True)), None)
    if watts is None:
        return NO_EVIDENCE
    grid = next((claim.inner_value for claim in claims if claim.quantity == "intensity" and claim.inner_value), None)
    return Evidence(
        "hardware-bound", hours * watts / 1000, hours * watts * count / 1000, grid, stated_count is not None
    )


def _hours(claims: tuple[Claim, ...]) -> tuple[float | None, bool]:
    """Hours, and whether they count every device already."""
    durations = [
        claim
        for claim in claims
        if claim.quantity == "duration" and claim.inner_value and claim.scope not in _OTHER_SCOPES
    ]
    if durations:
        chosen = min(durations, key=lambda claim: ("prose" in claim.flags, claim.place.source != "metadata"))
        return chosen.inner_value, re.search(r"[gt]pu[\s-]?h|device", chosen.text, re.IGNORECASE) is not None
    from mining.card.values.context_values import read_duration

    for claim in claims:
        if claim.quantity == "hardware" and claim.outcome == "reported":
            found = read_duration(claim.text)
            if found is not None and found.unit:
                return found.hours, found.basis == "device-hours"
    return None, False


def _count(claims: Sequence[Claim]) -> int | None:
    """How many devices; None where no claim says."""
    from mining.card.values.context_values import read_devices

    for claim in claims:
        if claim.quantity == "hardware" and claim.outcome == "reported":
            if claim.count:
                return claim.count
            pieces = [device.pieces for device in read_devices(claim.text, weak=True) if device.pieces]
            if pieces:
                return pieces[0]
    return None


def _rated(claims: Sequence[Claim], *, default: bool) -> list[tuple[float, str]]:
    """Rated power and kind of the hardware named; a plain "GPU" counts only where a default will do."""
    from mining.card.values.context_values import read_devices
    from mining.vocab import power

    found: list[tuple[float, str]] = []
    for claim in claims:
        if claim.quantity != "hardware" or claim.outcome != "reported":
            continue
        estimate = power(claim.label or claim.text)
        if estimate is not None:
            found.append((estimate.w, estimate.kind))
        elif default:
            kinds = [
                device.name.partition(" ")[0].lower()
                for device in read_devices(claim.text, weak=True)
                if device.kind == "generic"
            ]
            found.extend((DEFAULT_W[kind], kind) for kind in kinds[:1] if kind in DEFAULT_W)
    return found
