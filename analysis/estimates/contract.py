"""The estimate of one training as an object: the contract of ``hf-carbon estimate --json``."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from analysis.estimates.boundaries import Interval, Route

__all__ = ["ESTIMATE_SCHEMA", "Boundaries", "Emissions", "Estimate", "Input", "Scenario", "Statistical", "refused"]

ESTIMATE_SCHEMA: Literal["hf-carbon/estimate/1"] = "hf-carbon/estimate/1"


class Boundaries(Struct, frozen=True, kw_only=True, gc=False):
    """Energy in kWh: the boards alone, the machine as CodeCarbon totals it, the node at its socket, the building."""

    gpu: Interval | None = None
    machine: Interval | None = None
    node: Interval | None = None
    facility: Interval | None = None


class Emissions(Struct, frozen=True, kw_only=True, gc=False):
    """Emissions in grams of CO2 equivalent of one boundary, with the intensity they were made of."""

    central: float
    low: float
    high: float
    level: float
    boundary: str
    g_per_kwh: float
    zone: str
    year: int | None
    table: str


class Input(Struct, frozen=True, kw_only=True, gc=False):
    """One number or name that went in: as stated, with its place, or assumed, with its source."""

    what: str
    value: float | str
    where: str
    assumed: bool


class Scenario(Struct, frozen=True, kw_only=True, gc=False):
    """Something beside the run itself, shown apart and never added to it."""

    kind: Literal["making", "development", "idle", "requests"]
    what: str
    low: float
    central: float
    high: float
    unit: Literal["kg CO2eq", "kWh"]
    source: str


class Statistical(Struct, frozen=True, kw_only=True, gc=False):
    """What size, domain and month alone say, g CO2eq at 90 %: decades wide, no estimate, and never summed.

    Or why it is refused.
    """

    central_gco2e: float | None = None
    low_gco2e: float | None = None
    high_gco2e: float | None = None
    decades: float | None = None
    refusal: str | None = None


class Estimate(Struct, frozen=True, kw_only=True):
    """An estimate, or the reason why there is none; never a reported value.

    Attributes:
        route: Way of estimating; None where none was possible.
        refusal: Why not, in one line.
        flags: Contradictions among the inputs, or between the estimate and what is stated, or a place that no table
            knows, in words.
        statistical: Beside a refusal, for a model that reports nothing: how little size, domain and month say.
        reported_gco2e: What the card itself reports, beside the estimate and apart from it.
    """

    schema: Literal["hf-carbon/estimate/1"] = ESTIMATE_SCHEMA
    input: str = ""
    model_id: str | None = None
    route: Route | None = None
    is_order_of_magnitude: bool = False
    boundaries: Boundaries = Boundaries()
    emissions_gco2e: Emissions | None = None
    inputs: tuple[Input, ...] = ()
    refusal: str | None = None
    flags: tuple[str, ...] = ()
    reported_gco2e: float | None = None
    scenarios: tuple[Scenario, ...] = ()
    statistical: Statistical | None = None

    def to_json(self, indent: int | None = 1) -> str:
        """The object as JSON, keys in the order of the contract; no NaN ever."""
        body = msgspec.json.encode(self)
        return (msgspec.json.format(body, indent=indent) if indent else body).decode()


def refused(reason: str, *, inputs: tuple[Input, ...] = (), **known: str | float | None) -> Estimate:
    """No estimate, and why."""
    return Estimate(refusal=reason, inputs=inputs, **known)  # type: ignore[arg-type]
