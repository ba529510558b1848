"""Estimates in plain English: number first, its width beside it, route and boundary named."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.estimates.boundaries import BOUNDARIES, Interval
from analysis.estimates.contract import Emissions, Estimate

__all__ = ["energy_in_words", "estimate_line", "in_words", "mass_in_words"]

BOUNDARY_WORDS = {"gpu": "boards alone", "machine": "machine", "node": "node at the socket", "facility": "building"}
ROUTE_WORDS = {
    "hours": "hours route",
    "flop": "FLOP route",
    "size-and-tokens": "size and tokens",
    "fine-tune": "fine-tuning",
}


def mass_in_words(low: float, high: float) -> str:
    """A range of emissions in the unit that suits its upper end, two digits each."""
    unit, name = next(((size, name) for size, name in ((1e6, "t"), (1e3, "kg")) if high >= size), (1.0, "g"))
    return f"{_two(low / unit)}-{_two(high / unit)} {name}"


def energy_in_words(kwh: float) -> str:
    """Energy with two digits, in Wh, kWh, MWh or GWh."""
    for size, name in ((1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh")):
        if kwh >= size:
            return f"{_two(kwh / size)} {name}"
    return f"{_two(kwh * 1000)} Wh"


def _two(value: float) -> str:
    """Two significant digits, without an exponent."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.2g}"


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
        yield f"  Reported      {answer.reported_gco2e:,.6g} g CO2eq (the estimate below is not made of it)"
    if answer.refusal is not None:
        yield f"  No estimate   {answer.refusal}"
    if answer.emissions_gco2e is not None and answer.route is not None:
        yield f"  Emissions     {_emissions(answer.emissions_gco2e)}"
        for name in BOUNDARIES:
            one = getattr(answer.boundaries, name)
            if one is not None:
                yield f"  {BOUNDARY_WORDS[name].capitalize():<22}{_energy(one)}"
        order = f"; an order of magnitude{_mixed()}" if answer.is_order_of_magnitude else ""
        yield f"  Route         {ROUTE_WORDS[answer.route]}{order}"
    for flag in answer.flags:
        yield f"  Contradiction {flag}"
    for item in answer.inputs:
        value = f"{item.value:,.6g}" if isinstance(item.value, float | int) else item.value
        yield f"  {'assumed' if item.assumed else 'given':<9} {item.what}: {value} [{item.where}]"
    for one in answer.scenarios:
        yield f"  apart     {one.what}: {one.low:,.3g}-{one.high:,.3g} {one.unit} [{one.source}]"


def _mixed() -> str:
    """What the FLOP route was tested on: runs of several boundaries together, none of them alone."""
    from analysis.estimates.model import tested

    found = tested("flop", "mixed")
    return f" (tested on {found.rows} runs of {found.developers} developers with boundaries mixed, no boundary alone)"


def _emissions(one: Emissions) -> str:
    year = f" {one.year}" if one.year else ""
    return (
        f"{mass_in_words(one.low, one.high)} CO2eq, central "
        f"{mass_in_words(one.central, one.central).partition('-')[2]} ({one.boundary}; {one.g_per_kwh:.0f} g/kWh, "
        f"{one.zone}{year})"
    )


def _energy(one: Interval) -> str:
    tested = "90 % interval tested" if one.validated else "not validated"
    return (
        f"{energy_in_words(one.low)} to {energy_in_words(one.high)}, central {energy_in_words(one.central)} ({tested})"
    )
