"""Boundaries of an energy figure, routes to it, and an interval: the words that contract and model share."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

__all__ = ["BOUNDARIES", "Boundary", "Interval", "Route"]

Boundary = Literal["gpu", "machine", "node", "facility"]
BOUNDARIES: tuple[Boundary, ...] = get_args(Boundary)
Route = Literal["hours", "flop", "size-and-tokens", "fine-tune"]


class Interval(Struct, frozen=True, gc=False):
    """A central value with its interval; ``validated`` where it was tested on at least five developers left out."""

    central: float
    low: float
    high: float
    level: float
    validated: bool
