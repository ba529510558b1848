"""From inputs to an estimate: hours first, then FLOP, then size and tokens; otherwise a refusal with its reason."""

from __future__ import annotations

from math import isfinite, log
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from analysis.estimates import model
from analysis.estimates.boundaries import BOUNDARIES, Interval, Route
from analysis.estimates.contract import Boundaries, Emissions, Estimate, Input, refused
from analysis.estimates.devices import Board, UnknownDeviceError, board
from analysis.estimates.life_cycle import scenarios
from analysis.estimates.places import GridIntensity, grid_intensity
from analysis.estimates.reference import prior
from mining.errors import UsageError

__all__ = ["RunInputs", "estimate_run", "estimated"]

MAX_COUNT = 1_000_000
MAX_HOURS = 1e10
LONG_HOURS = 20_000.0
"""Wall-clock hours (over two years) beyond which a statement rather means device hours."""
ONE_DEVICE_HOURS = 1_000.0
"""Device hours (six weeks) beyond which more than one device is assumed where no count is given."""
PUE_DATA_CENTRE = (1.06, 1.2, 1.56)
DENSE_FLOP, FROZEN_FLOP = 6, 4
"""FLOP per parameter and token: forward and backward pass; without the gradient of a frozen base."""
FULL_PEAK = 0.9
NO_DEVICE = "FLOP without a device: name the hardware they were computed on"
UNKNOWN_COUNT_SPREAD = log(4) / 2
"""Half-width in log space where the number of devices is not stated and one is assumed."""


class RunInputs(Struct, frozen=True, kw_only=True):
    """What is known of one training run. Energy kWh, time hours, power W, intensity g CO2eq per kWh.

    Attributes:
        hours: Wall-clock hours, or hours summed over devices where ``basis`` says so.
        power_w: Rated or capped power of one device, where it is stated.
        share: Share of the rated power by words of the card.
        where: Places of the inputs in the card, by name of the field.
        assumed: Fields whose value is not stated but taken from something else.
    """

    hardware: str | None = None
    count: float | None = None
    hours: float | None = None
    basis: Literal["wall-clock", "device-hours"] = "wall-clock"
    power_w: float | None = None
    pue: float | None = None
    region: str | None = None
    year: int | None = None
    g_per_kwh: float | None = None
    flop: float | None = None
    parameters: float | None = None
    tokens: float | None = None
    is_frozen_base: bool = False
    share: float = 1.0
    where: dict[str, str] = {}
    assumed: frozenset[str] = frozenset()


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
        hardware=hardware, count=count, hours=hours, region=region, year=year, pue=pue, power_w=power_w, flop=flop,
        parameters=parameters, tokens=tokens
    )  # fmt: skip
    check(run)
    if hardware is None and (flop is not None or parameters is not None):
        raise UsageError(NO_DEVICE)
    answer = estimated(run)
    if answer.refusal is not None:
        raise UsageError(answer.refusal)
    return answer


def check(run: RunInputs) -> None:
    """Refuse what cannot be.

    Raises:
        UsageError: A number is out of its range.
    """
    bounds = {"count": (1, MAX_COUNT), "hours": (0, MAX_HOURS), "pue": (1, 5), "power_w": (0, 100_000), "flop": (0,
    1e32),
              "parameters": (0, 1e16), "tokens": (0, 1e18)}  # fmt: skip
    for name, (low, high) in bounds.items():
        value = getattr(run, name)
        if value is not None and not (isfinite(value) and low <= value <= high and value > 0):
            raise UsageError(f"impossible {name.removesuffix('_w')} {value:g}: it must lie between {low} and {high:g}")
    if run.count is not None and run.count != int(run.count):
        raise UsageError(f"impossible count {run.count:g}: devices are counted in whole numbers")


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
    if run.hours is not None:
        answer = _by_hours(run, device)
        return replace(answer, flags=(*answer.flags, *_against_flop(run, device)))
    flop, route = _flop(run)
    if flop is None:
        return refused("neither hours, nor FLOP, nor size and tokens are stated")
    if device.peak_flops is None:
        return refused(f"no 16-bit peak is known for {device.name}: FLOP give no device hours")
    hours = flop / (device.peak_flops * model.coefficients()["mfu"]) / 3600
    count = run.count or _devices(hours)
    known = [("flop", flop), *((name, getattr(run, name)) for name in ("parameters", "tokens") if run.flop is None)]
    inputs = [_input(run, name, value, route) for name, value in known]
    inputs.append(
        Input(
            what="model FLOP utilisation",
            value=round(model.coefficients()["mfu"], 3),
            where="coefficients: fitted on metered runs",
            assumed=True,
        )
    )
    return _finished(run, device, route, count, hours, tuple(inputs), is_order=True)


def _flop(run: RunInputs) -> tuple[float | None, Route]:
    if run.flop is not None:
        return run.flop, "flop"
    if run.parameters is None or run.tokens is None:
        return None, "size-and-tokens"
    return (FROZEN_FLOP if run.is_frozen_base else DENSE_FLOP) * run.parameters * run.tokens, "size-and-tokens"


def _devices(device_hours: float) -> int:
    """Devices assumed where none are counted: one, or a pod where one alone would have run for weeks."""
    return 1 if device_hours <= ONE_DEVICE_HOURS else model.POD_DEVICES


def _by_hours(run: RunInputs, device: Board) -> Estimate:
    assert run.hours is not None
    summed = run.basis == "device-hours"
    count = run.count or (_devices(run.hours) if summed else 1)
    hours = run.hours if summed else run.hours * count
    inputs = (_input(run, "hours", run.hours, run.basis),)
    answer = _finished(
        run, device, "hours", count, hours, inputs, is_order=False, is_count_open=run.count is None and not summed
    )
    if not summed and run.hours > LONG_HOURS:
        return replace(
            answer,
            flags=(*answer.flags, f"{run.hours:,.0f} hours are longer than two years: device hours may be meant"),
        )
    return answer


def _input(run: RunInputs, name: str, value: float | str, note: str = "") -> Input:
    where = run.where.get(name, "given")
    return Input(what=name, value=value, where=f"{where} ({note})" if note else where, assumed=name in run.assumed)


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
    open_power = log(device.high_w / device.low_w) / 2 if device.is_assumed else 0.0
    wider = (open_power**2 + (UNKNOWN_COUNT_SPREAD**2 if is_count_open else 0.0)) ** 0.5
    spreads = {name: _spread(route, name) for name in BOUNDARIES}
    pue_spread = log(high / low) / 2
    widths = {name: (wider**2 + pue_spread**2) ** 0.5 if name == "facility" else wider for name in BOUNDARIES}
    found = {
        name: model.interval(value, spreads[name], wider=widths[name])
        for name in BOUNDARIES
        if (value := getattr(energy, name)) is not None
    }
    grid = _grid(run)
    named = [
        _input(run, "hardware", device.name),
        Input(what="rated power (W)", value=round(device.rated_w, 1), where=device.source, assumed=device.is_assumed),
        Input(
            what="count",
            value=count,
            where=run.where.get("count", "given") if run.count else "not stated",
            assumed=run.count is None or "count" in run.assumed,
        ),
        Input(
            what="PUE",
            value=pue,
            where=run.where.get("pue", "given") if run.pue is not None else "by the kind of device",
            assumed=run.pue is None,
        ),
        Input(
            what="carbon intensity (g/kWh)", value=round(grid.g_per_kwh, 1), where=grid.source, assumed=grid.is_assumed
        ),
    ]
    if run.share != 1.0:
        named.append(
            Input(
                what="share of rated power", value=run.share, where="words of the card: a small network", assumed=True
            )
        )
    emissions = _emissions(found["facility"], grid)
    beside = scenarios(device, device_hours, energy.facility)
    return Estimate(
        route=route,
        is_order_of_magnitude=is_order,
        boundaries=Boundaries(**found),
        emissions_gco2e=emissions,
        inputs=(*inputs, *named),
        scenarios=beside,
    )


def _spread(route: Route, boundary: str) -> model.Tested:
    """Spread of a route; FLOP were tested over all boundaries together, so no single boundary counts as tested."""
    if route == "hours":
        return model.tested("hours", boundary)
    return model.tested("flop", "mixed")._replace(rows=0, developers=0)


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
    from math import exp

    return Emissions(
        central=central, low=central * exp(-down), high=central * exp(up), level=model.LEVEL, boundary="facility",
        g_per_kwh=grid.g_per_kwh, zone=grid.zone, year=grid.year, table=grid.source,
    )  # fmt: skip


def _against_flop(run: RunInputs, device: Board) -> tuple[str, ...]:
    """Contradiction between stated hours and stated FLOP: shown, never averaged."""
    flop, _ = _flop(run)
    if flop is None or device.peak_flops is None or run.hours is None:
        return ()
    hours = run.hours * (run.count or 1) if run.basis == "wall-clock" else run.hours
    utilisation = flop / (hours * 3600 * device.peak_flops)
    mfu = prior("mfu", "all training runs")
    if mfu.low / 4 <= utilisation <= FULL_PEAK:
        return ()
    other = flop / (device.peak_flops * model.coefficients()["mfu"]) / 3600
    return (
        (
            f"hours and FLOP contradict each other: {utilisation:.0%} of peak; FLOP alone would give "
            f"{other:,.0f} device hours, not {hours:,.0f}"
        ),
    )
