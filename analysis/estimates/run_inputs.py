"""What is known of one training run, and what cannot be."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from msgspec import Struct

from analysis.rounding import spoken
from mining.errors import UsageError

if TYPE_CHECKING:
    from mining.schema import DurationBasis

__all__ = ["MAX_COUNT", "MAX_HOURS", "RunInputs", "check"]

MAX_COUNT = 1_000_000
MAX_HOURS = 1e10
BOUNDS: dict[str, tuple[str, int, float]] = {
    "count": ("count", 1, MAX_COUNT),
    "hours": ("hours", 0, MAX_HOURS),
    "pue": ("PUE", 1, 5),
    "power_w": ("power (W)", 0, 100_000),
    "flop": ("FLOP", 0, 1e32),
    "parameters": ("parameters", 0, 1e16),
    "tokens": ("tokens", 0, 1e18),
}
"""Inputs by their field: the words for it, least (0 itself is never possible) and most."""


class RunInputs(Struct, frozen=True, kw_only=True):
    """What is known of one training run. Energy kWh, time hours, power W, intensity g CO2eq per kWh.

    Attributes:
        hours: Wall-clock hours, or hours summed over devices where ``basis`` says so.
        power_w: Rated or capped power of one device, where it is stated.
        share: Share of the rated power by words of the card.
        epochs: Passes over those tokens.
        is_fine_tuning: Whether an existing model is trained on; ``is_frozen_base`` where only an adapter beside it is.
        where: Places of the inputs in the card, by name of the field.
        assumed: Fields whose value is not stated but taken from something else.
    """

    hardware: str | None = None
    count: float | None = None
    hours: float | None = None
    basis: DurationBasis = "wall-clock"
    power_w: float | None = None
    pue: float | None = None
    region: str | None = None
    year: int | None = None
    g_per_kwh: float | None = None
    flop: float | None = None
    parameters: float | None = None
    tokens: float | None = None
    epochs: float = 1.0
    is_fine_tuning: bool = False
    is_frozen_base: bool = False
    share: float = 1.0
    where: dict[str, str] = {}
    assumed: frozenset[str] = frozenset()


def check(run: RunInputs) -> None:
    """Refuse what cannot be.

    Raises:
        UsageError: A number is out of its range.
    """
    for name, (words, low, high) in BOUNDS.items():
        value = getattr(run, name)
        if value is not None and not (isfinite(value) and low <= value <= high and value > 0):
            shown = spoken(value) if isfinite(value) else value
            between = f"between {low} and {spoken(high)}" if low else f"above 0 and at most {spoken(high)}"
            raise UsageError(f"impossible {words} {shown}: must lie {between}")
    if run.count is not None and run.count != int(run.count):
        raise UsageError(f"impossible count {run.count:g}: devices are counted in whole numbers")
