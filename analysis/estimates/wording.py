"""Estimates in plain English: number first, its width beside it, route and boundary named."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.estimates.boundaries import BOUNDARIES, Interval
from analysis.estimates.contract import Emissions, Estimate, Input, Scenario, Statistical
from analysis.rounding import spoken

__all__ = ["energy_in_words", "estimate_line", "in_words", "mass_in_words", "one_mass", "range_in_words"]

BOUNDARY_WORDS = {"gpu": "boards alone", "machine": "machine", "node": "node at the socket", "facility": "building"}
ROUTE_WORDS = {
    "hours": "hours route",
    "flop": "FLOP route",
    "size-and-tokens": "size and tokens",
    "fine-tune": "fine-tuning",
}
MASS = ((1e6, "t"), (1e3, "kg"), (1.0, "g"), (1e-3, "mg"))
ENERGY = ((1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh"), (1e-3, "Wh"))
UNITS = {"kg CO2eq": ((1e3, "t CO2eq"), (1.0, "kg CO2eq"), (1e-3, "g CO2eq")), "kWh": ENERGY}
WORLD = "OWID_WRL"
MOST_REQUESTS = 10
"""Tasks shown with ``--requests``, those with most models measured; JSON holds all."""


def _step(value: float, steps: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    return next((step for step in steps if value >= step[0]), steps[-1])


def range_in_words(low: float, high: float, steps: tuple[tuple[float, str], ...]) -> str:
    """A range with two digits, each end in the unit that suits it; the unit once where both share it."""
    (least, below), (most, above) = _step(low, steps), _step(high, steps)
    if below == above or low == 0:
        return f"{spoken(low / most, 2)} to {spoken(high / most, 2)} {above}"
    return f"{spoken(low / least, 2)} {below} to {spoken(high / most, 2)} {above}"


def mass_in_words(low: float, high: float) -> str:
    """A range of emissions in the unit that suits its upper end, two digits each."""
    size, name = _step(high, MASS[:3])
    return f"{spoken(low / size, 2)}-{spoken(high / size, 2)} {name}"


def one_mass(grams: float, digits: int) -> str:
    """Emissions in the unit that suits them."""
    size, name = _step(grams, MASS)
    return f"{spoken(grams / size, digits)} {name}"


def energy_in_words(kwh: float) -> str:
    """Energy with two digits, in Wh, kWh, MWh or GWh."""
    size, name = _step(kwh, ENERGY)
    return f"{spoken(kwh / size, 2)} {name}"


def estimate_line(answer: Estimate) -> str | None:
    """One line for a card that reports nothing; None where there is a report, or no estimate."""
    if answer.reported_gco2e is not None or answer.emissions_gco2e is None or answer.route is None:
        return None
    order = ", order of magnitude" if answer.is_order_of_magnitude else ""
    emissions = answer.emissions_gco2e
    return (
        f"not reported; estimated {mass_in_words(emissions.low, emissions.high)} CO2eq "
        f"({ROUTE_WORDS[answer.route]}{order})"
    )


def in_words(answer: Estimate) -> Iterator[str]:
    """Lines for a terminal."""
    yield f"{answer.model_id or answer.input or 'Training run'}"
    if answer.reported_gco2e is not None:
        reported = spoken(answer.reported_gco2e / (size := _step(answer.reported_gco2e, MASS))[0])
        yield f"  {'Reported':<20}{reported} {size[1]} CO2eq (not used in the estimate below)"
    if answer.refusal is not None:
        yield f"  {'No estimate':<20}{answer.refusal}"
    if answer.statistical is not None:
        yield f"  {'Size, domain, month':<20}{_statistical(answer.statistical)}"
    yield from _estimated(answer)
    for flag in answer.flags:
        yield f"  {'Note' if flag.startswith('unknown place') else 'Contradiction':<20}{flag}"
    for item in answer.inputs:
        yield f"  {'Assumed' if item.assumed else 'Given':<10}{item.what}: {_value(item)} [{item.where}]"
    for scenario in answer.scenarios:
        if scenario.kind != "requests":
            yield f"  {'Besides':<10}{scenario.what}: {_range(scenario)} [{scenario.source}]"
    yield from _requests(answer)


def _estimated(answer: Estimate) -> Iterator[str]:
    """Emissions, energy at every boundary, and the route."""
    if answer.emissions_gco2e is None or answer.route is None:
        return
    yield f"  {'Emissions':<20}{_emissions(answer.emissions_gco2e)}"
    for name in BOUNDARIES:
        one = getattr(answer.boundaries, name)
        if one is not None:
            yield f"  {BOUNDARY_WORDS[name].capitalize():<20}{_energy(one)}"
    order = f"; an order of magnitude{_mixed()}" if answer.is_order_of_magnitude else ""
    yield f"  {'Route':<20}{ROUTE_WORDS[answer.route]}{order}"


def _requests(answer: Estimate) -> Iterator[str]:
    """Energy of the user's requests by task."""
    found = [one for one in answer.scenarios if one.kind == "requests"]
    for one in found[:MOST_REQUESTS]:
        yield f"  {'Besides':<10}{one.what}: {_range(one)}"
    if len(found) > MOST_REQUESTS:
        yield (
            f"  {'':<10}and {len(found) - MOST_REQUESTS} more tasks (--json); models measured elsewhere, "
            f"[{found[0].source}]"
        )


def _range(one: Scenario) -> str:
    return range_in_words(one.low, one.high, UNITS[one.unit])


def _value(item: Input) -> str:
    return spoken(item.value, 4) if isinstance(item.value, float | int) else item.value


def _statistical(one: Statistical) -> str:
    """What it is: no estimate."""
    if one.low_gco2e is None or one.high_gco2e is None:
        return f"refused: {one.refusal}"
    return (
        f"{range_in_words(one.low_gco2e, one.high_gco2e, MASS)} CO2eq, {spoken(one.decades, 2)} decades wide: "
        f"too wide to use, in no total"
    )


def _mixed() -> str:
    """What the FLOP route was tested on: runs of several boundaries together, none of them alone."""
    from analysis.estimates.model import tested

    found = tested("flop", "mixed")
    return f" (tested on {found.rows} runs of {found.developers} developers with boundaries mixed, no boundary alone)"


def _emissions(one: Emissions) -> str:
    zone = "world" if one.zone == WORLD else one.zone
    place = f"{one.g_per_kwh:.0f} g/kWh, {zone}{f' {one.year}' if one.year else ''}"
    size, name = _step(one.central, MASS)
    return (
        f"{spoken(one.central / size, 2)} {name} CO2eq, 90 % interval {range_in_words(one.low, one.high, MASS)} "
        f"({BOUNDARY_WORDS[one.boundary]}; {place})"
    )


def _energy(one: Interval) -> str:
    width = (one.high / one.low) ** 0.5
    tested = "tested" if one.validated else "not validated"
    return (
        f"{energy_in_words(one.central)}, {range_in_words(one.low, one.high, ENERGY)} (a factor of "
        f"{spoken(width, 2)}; {tested})"
    )
