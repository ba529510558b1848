"""Inputs of a run that contradict each other: shown, never averaged."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from analysis.estimates import model
from analysis.estimates.compute import compute_of
from analysis.estimates.devices import Board, UnknownDeviceError, board
from analysis.estimates.reference import prior
from analysis.estimates.run_inputs import RunInputs
from analysis.rounding import spoken

__all__ = ["contradictions"]

LONG_HOURS = 20_000.0
"""Wall-clock hours (over two years) beyond which a statement rather means device hours."""
FULL_PEAK = 0.9
ALIKE_FLOP = 1.5
"""Ratio up to which stated FLOP and those of size and tokens agree: conventions differ in attention and recomputation.
"""
POWER_OF_RATED = (0.2, 1.5)
"""Stated power of one device as a share of its rating that a cap, or another form of the device, explains."""


def contradictions(run: RunInputs, device: Board) -> Iterator[str]:
    """What the inputs say against each other, a sentence each; the first named is what the estimate is made of."""
    if "count" not in run.where and run.count and device.stated_count and run.count != device.stated_count:
        yield f"count {run.count:g} is given, but the hardware says {device.stated_count}"
    if device.others:
        yield f"more than one device is named: {device.name} is taken, {', '.join(device.others)} left out; count each"
    yield from _power(run, device)
    if run.hours is not None and run.basis == "wall-clock" and run.hours > LONG_HOURS:
        yield f"{spoken(run.hours)} hours are longer than two years: device hours may be meant"
    yield from _hours_and_flop(run, device)
    by_size = compute_of(replace(run, flop=None)) if run.flop is not None else None
    if run.flop is not None and by_size is not None and not 1 / ALIKE_FLOP <= by_size.flop / run.flop <= ALIKE_FLOP:
        yield f"{spoken(run.flop)} FLOP are stated, but parameters and tokens give {spoken(by_size.flop)}"


def _power(run: RunInputs, device: Board) -> Iterator[str]:
    """Stated power that is far from the device's rating."""
    if run.power_w is None or run.hardware is None:
        return
    try:
        rated = board(run.hardware)
    except UnknownDeviceError:  # without a published rating it is known by its stated power alone
        return
    low, high = POWER_OF_RATED
    if not low * rated.low_w <= run.power_w <= high * rated.high_w:
        yield f"{spoken(run.power_w)} W are stated for one device, but {rated.name} is rated {spoken(rated.rated_w)} W"


def _hours_and_flop(run: RunInputs, device: Board) -> Iterator[str]:
    """Hours and FLOP that imply a utilisation nobody reaches."""
    found = compute_of(run)
    if found is None or device.peak_flops is None or run.hours is None:
        return
    hours = run.hours * (run.count or 1) if run.basis == "wall-clock" else run.hours
    utilisation = found.flop / (hours * 3600 * device.peak_flops)
    if prior("mfu", "all training runs").low / 4 <= utilisation <= FULL_PEAK:
        return
    other = found.flop / (device.peak_flops * model.coefficients()["mfu"]) / 3600
    yield (
        f"hours and FLOP contradict each other: {_share(utilisation)}; "
        f"FLOP alone would give {spoken(other)} device hours, not {spoken(hours)}"
    )


def _share(utilisation: float) -> str:
    """A share of peak in words that fit its size."""
    if utilisation > 1:
        return f"{spoken(utilisation)} times the peak of the devices"
    return f"{spoken(utilisation * 100, 2)} % of the devices' peak"
