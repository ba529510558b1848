"""From inputs to an estimate: hours first, then FLOP, then size and tokens; otherwise a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, hypot, log
from re import IGNORECASE

from msgspec.structs import replace

from analysis.estimates import model
from analysis.estimates.boundaries import BOUNDARIES, Interval, Route
from analysis.estimates.compute import compute_of, input_of
from analysis.estimates.contract import Boundaries, Emissions, Estimate, Input, refused
from analysis.estimates.contradictions import contradictions
from analysis.estimates.devices import Board, UnknownDeviceError, board
from analysis.estimates.life_cycle import scenarios
from analysis.estimates.places import GridIntensity, grid_intensity
from analysis.estimates.run_inputs import RunInputs, check
from mining.errors import UsageError
from mining.patterns import regex

__all__ = ["estimate_run", "estimated"]

ONE_DEVICE_HOURS = 1_000.0
"""Device hours (six weeks) beyond which more than one device is assumed where no count is given."""
PUE_DATA_CENTRE = (1.06, 1.2, 1.56)
TESTED_KIND = "gpu"
"""Kind of device that developers metered: TPUs, other accelerators, chips with built-in graphics and processors are
estimated, not tested."""
UNTESTED_KIND_SPREAD = log(1.5)
"""Further half-width in log space of a kind of device that no developer metered (declared)."""
NO_DEVICE = "{what} without a device: name the hardware that the model was trained on"
NO_COMPUTE = "neither hours, nor FLOP, nor size and tokens are stated"
FINE_TUNING_SPREAD = log(3)
"""Further half-width in log space of a fine-tuning by size and data: short runs on few boards, whose utilisation
nobody metered (declared)."""
_MANY = regex(r"\b(?:pods?|clusters?|supercomputer)\b", IGNORECASE)
"""Hardware of which one alone was certainly not used."""
UNKNOWN_COUNT_SPREAD = log(4) / 2
"""Half-width in log space where the number of devices is not stated and one is assumed."""


def estimate_run(
    hardware: str | None = None,
    *,
    count: float | None = None,
    hours: float | None = None,
    region: str | None = None,
    year: int | None = None,
    pue: float | None = None,
    power_w: float | None = None,
    flop: float | None = None,
    parameters: float | None = None,
    tokens: float | None = None,
) -> Estimate:
    """Energy and emissions of one training run from what is known of it.

    Args:
        hardware: Device as written, for example ``NVIDIA A100 SXM4``.
        count: How many devices; 1 where it is not known.
        hours: Wall-clock hours.
        region: Country, state, city or cloud region.
        year: Year of the training.
        pue: Power usage effectiveness of the data centre.
        power_w: Rated or capped power of one device, W.
        flop: Floating-point operations of the run.
        parameters: Active parameters of the model.
        tokens: Tokens it was trained on, from scratch.

    Returns:
        The estimate with its intervals.

    Raises:
        UsageError: An input is impossible or unknown; nearest known names are given.

    Examples:
        >>> from analysis import estimate_run
        >>> answer = estimate_run("NVIDIA A100", count=8, hours=120, region="FRA", year=2023, pue=1.1)
        >>> answer.route, answer.boundaries.gpu.low < answer.boundaries.gpu.central < answer.boundaries.gpu.high
        ('hours', True)
    """
    run = RunInputs(
        hardware=hardware,
        count=count,
        hours=hours,
        region=region,
        year=year,
        pue=pue,
        power_w=power_w,
        flop=flop,
        parameters=parameters,
        tokens=tokens,
    )
    check(run)
    if hardware is not None and not hardware.strip():
        raise UsageError("no hardware is named")
    if hardware is not None and count is None:
        run = replace(
            run, count=board(hardware, power_w=power_w).stated_count, where={"count": "words of the hardware"}
        )
    if hardware is None and (flop is not None or parameters is not None):
        raise UsageError(NO_DEVICE.format(what="FLOP" if flop is not None else "size and tokens"))
    answer = estimated(run)
    if answer.refusal is not None:
        wanted = ": give hours, FLOP, or parameters and tokens together" if answer.refusal == NO_COMPUTE else ""
        raise UsageError(answer.refusal + wanted)
    return answer


def estimated(run: RunInputs) -> Estimate:
    """The estimate by the first route that the inputs allow.

    Args:
        run: Inputs, each within its range.

    Raises:
        UsageError: The place is unknown, or there is no data for the year.
    """
    if run.hardware is None:
        return refused("no hardware is stated")
    try:
        device = board(run.hardware, power_w=run.power_w)
    except UnknownDeviceError as error:
        return refused(str(error))
    if run.count is None and run.basis == "wall-clock" and _MANY.search(run.hardware):
        return refused("the size of the pod or cluster is not stated: give the count")
    if run.hours is not None:
        return replace(_by_hours(run, device), flags=tuple(contradictions(run, device)))
    found = compute_of(run)
    if found is None:
        return refused(NO_COMPUTE)
    if device.peak_flops is None:
        return refused(f"no 16-bit peak is known for {device.name}: FLOP give no device hours; hours would do")
    hours = found.flop / (device.peak_flops * model.coefficients()["mfu"]) / 3600
    utilisation = Input(
        what="model FLOP utilisation",
        value=round(model.coefficients()["mfu"], 3),
        where="coefficients: fitted on metered runs",
        assumed=True,
    )
    inputs = (*found.inputs, utilisation)
    answer = _finished(run, device, found.route, run.count or _devices(hours), hours, inputs, is_order=True)
    return replace(answer, flags=tuple(contradictions(run, device)))


def _devices(device_hours: float) -> int:
    """Devices assumed where none are counted: one, or a pod where one alone would have run for weeks."""
    return 1 if device_hours <= ONE_DEVICE_HOURS else model.POD_DEVICES


def _by_hours(run: RunInputs, device: Board) -> Estimate:
    assert run.hours is not None
    summed = run.basis == "device-hours"
    count = run.count or (_devices(run.hours) if summed else 1)
    hours = run.hours if summed else run.hours * count
    basis = f"taken as {run.basis}" if "basis" in run.assumed else run.basis
    inputs = (input_of(run, "hours", run.hours, basis),)
    is_open = run.count is None and not summed
    return _finished(run, device, "hours", count, hours, inputs, is_order=False, is_count_open=is_open)


def _finished(
    run: RunInputs,
    device: Board,
    route: Route,
    count: float,
    device_hours: float,
    inputs: tuple[Input, ...],
    *,
    is_order: bool,
    is_count_open: bool = False,
) -> Estimate:
    """Energy at the four boundaries, emissions at the last, and every input with its place."""
    low, pue, high = (run.pue,) * 3 if run.pue is not None else _pue(device)
    energy = model.energy(device, count, device_hours, pue, model.coefficients(), run.share)
    wider = hypot(
        log(device.high_w / device.low_w) / 2 if device.is_assumed else 0.0,
        UNKNOWN_COUNT_SPREAD if is_count_open else 0.0,
        UNTESTED_KIND_SPREAD if device.kind != TESTED_KIND else 0.0,
        FINE_TUNING_SPREAD if route == "fine-tune" else 0.0,
    )
    widths = {name: hypot(wider, log(high / low) / 2) if name == "facility" else wider for name in BOUNDARIES}
    found = {
        name: model.interval(value, _spread(route, name), wider=widths[name])
        for name in BOUNDARIES
        if (value := getattr(energy, name)) is not None
    }
    grid = _grid(run)
    return Estimate(
        route=route,
        is_order_of_magnitude=is_order,
        boundaries=Boundaries(**found),
        emissions_gco2e=_emissions(found["facility"], grid),
        inputs=(*inputs, *_run_inputs(run, device, count, pue, grid)),
        scenarios=scenarios(device, device_hours, energy.facility),
    )


def _run_inputs(run: RunInputs, device: Board, count: float, pue: float, grid: GridIntensity) -> Iterator[Input]:
    """Device, count, PUE and intensity, each with its place or its source."""
    yield input_of(run, "hardware", device.name)
    rated = round(device.rated_w, 1)
    yield Input(what="rated power (W)", value=rated, where=device.source, assumed=device.is_assumed)
    is_counted = bool(run.count)
    where = run.where.get("count", "given") if is_counted else "not stated"
    yield Input(what="count", value=count, where=where, assumed=not is_counted or "count" in run.assumed)
    is_stated = run.pue is not None
    where = run.where.get("pue", "given") if is_stated else "by the kind of device"
    yield Input(what="PUE", value=pue, where=where, assumed=not is_stated)
    intensity = round(grid.g_per_kwh, 1)
    yield Input(what="carbon intensity (g/kWh)", value=intensity, where=grid.source, assumed=grid.is_assumed)
    if run.share != 1.0:
        words = "words of the card: a small network"
        yield Input(what="share of rated power", value=run.share, where=words, assumed=True)


def _spread(route: Route, boundary: str) -> model.Tested:
    """Spread of a route; FLOP were tested over all boundaries together, so no single boundary counts as tested."""
    if route == "hours":
        return model.tested("hours", boundary)
    return replace(model.tested("flop", "mixed"), rows=0, developers=0)


def _pue(device: Board) -> tuple[float, float, float]:
    return PUE_DATA_CENTRE if device.place == "data-centre" else (1.0, 1.0, 1.0)


def _grid(run: RunInputs) -> GridIntensity:
    if run.g_per_kwh is None:
        return grid_intensity(run.region, run.year)
    where = run.where.get("g_per_kwh", "given")
    return GridIntensity(
        g_per_kwh=run.g_per_kwh,
        spread=0.0,
        zone=run.region or "as stated",
        year=run.year,
        source=where,
        is_assumed=False,
    )


def _emissions(facility: Interval, grid: GridIntensity) -> Emissions:
    """Emissions of the building: independent log-normal factors, whose half-widths add in quadrature."""
    down = (log(facility.central / facility.low) ** 2 + grid.spread**2) ** 0.5 if facility.low else 0.0
    up = (log(facility.high / facility.central) ** 2 + grid.spread**2) ** 0.5 if facility.central else 0.0
    central = facility.central * grid.g_per_kwh
    return Emissions(
        central=central,
        low=central * exp(-down),
        high=central * exp(up),
        level=model.LEVEL,
        boundary="facility",
        g_per_kwh=grid.g_per_kwh,
        zone=grid.zone,
        year=grid.year,
        table=grid.source,
    )
