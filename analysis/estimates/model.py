"""The hours route as a formula: device hours to energy at four boundaries, with fitted constants and tested intervals.

Form, priors and test were declared before the fit (``docs/decisions/estimates-form.md``); ``python -m benchmarks
estimates`` fits and tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp, hypot, inf
from typing import Literal, get_args

from msgspec import Struct

from analysis.estimates.boundaries import Interval
from analysis.estimates.devices import Board
from analysis.estimates.reference import read_table

__all__ = [
    "CLASSES",
    "Energy",
    "Tested",
    "coefficients",
    "device_class",
    "energy",
    "interval",
    "tested",
]

DeviceClass = Literal["limited", "pod", "single", "several"]
CLASSES: tuple[DeviceClass, ...] = get_args(DeviceClass)

LEVEL = 0.9
NODES: tuple[DeviceClass, ...] = ("pod", "several")
"""Classes whose boards make a node; a single board's share of one is not known."""
LIMITED_W = 75.0
"""Boards that live on the slot's power alone: their limit binds first."""
POD_DEVICES = 8
HOST_W = {"laptop": 30.0, "limited": 50.0, "desktop": 60.0, "data-centre": 100.0, "processor": 0.0}
"""Power of processor, memory and the rest of the machine per device, W (declared)."""
PROCESSOR_SHARE = 0.5
"""Mean power of a processor as a share of its rating, as CodeCarbon assumes it; only the machine boundary is given for
one."""
WHOLE_MACHINES = ("cpu", "soc")
"""Kinds whose rating is that of the machine: a processor, and a chip that holds processor, graphics and memory."""
DEVELOPERS_LEAST = 5


class Energy(Struct, frozen=True):
    """Energy in kWh at the four boundaries; None where a boundary makes no sense, as the node of a single board."""

    gpu: float | None
    machine: float
    node: float | None
    facility: float


class Tested(Struct, frozen=True):
    """What the test on left-out developers gave for one route and boundary: spreads in log space and their support."""

    down: float
    up: float
    rows: int
    developers: int

    @property
    def is_validated(self) -> bool:
        """Whether at least five developers were left out in turn."""
        return self.developers >= DEVELOPERS_LEAST


@cache
def coefficients() -> Mapping[str, float]:
    """Fitted constants by name."""
    return {row["name"]: float(row["value"]) for row in read_table("coefficients")}


@cache
def tested(route: str, boundary: str) -> Tested:
    """Spread of one route and boundary; routes that were never tested borrow the widest."""
    for row in read_table("intervals"):
        if (row["route"], row["boundary"]) == (route, boundary):
            return Tested(float(row["down"]), float(row["up"]), int(row["rows"]), int(row["developers"]))
    raise KeyError((route, boundary))


def device_class(board: Board, count: float) -> DeviceClass:
    """One of four classes that device and count alone decide."""
    if board.place == "laptop" or board.rated_w / board.chips <= LIMITED_W:
        return "limited"
    devices = count * board.chips
    if devices >= POD_DEVICES and board.place == "data-centre":
        return "pod"
    return "several" if devices > 1 else "single"


def energy(
    board: Board, count: float, device_hours: float, pue: float, values: Mapping[str, float], share: float = 1.0
) -> Energy:
    """Energy of device hours.

    Args:
        board: The device.
        count: How many (their class depends on it).
        device_hours: Hours summed over devices.
        pue: Power usage effectiveness of the place.
        values: Fitted constants by name.
        share: Further share of the rated power that words of the card give (1 where they give none); limited boards
            saturate all the same.
    """
    if board.kind in WHOLE_MACHINES:
        part = PROCESSOR_SHARE if board.kind == "cpu" else values["k limited"]
        machine = device_hours * board.rated_w * part / 1000
        return Energy(None, machine, None, machine * pue)
    kind = device_class(board, count)
    gpu = device_hours * board.rated_w * values[f"k {kind}"] * (1.0 if kind == "limited" else share) / 1000
    host = HOST_W["limited" if kind == "limited" and board.place != "laptop" else board.place]
    machine = gpu + values["host factor"] * host * board.chips * device_hours / 1000
    node = gpu * values["node to gpu"] if board.place == "data-centre" and kind in NODES else None
    return Energy(gpu, machine, node, pue * (node if kind == "pod" and node is not None else machine))


def interval(central: float, spread: Tested, *, wider: float = 0.0) -> Interval:
    """Interval of one central value.

    Args:
        central: The value.
        spread: Of its route and boundary.
        wider: Further half-width in log space, of an input that is itself uncertain; added in quadrature, and tested by
            nobody.
    """
    high = central * exp(hypot(spread.up, wider))
    is_tested = spread.is_validated and not wider
    low = central * exp(-hypot(spread.down, wider))
    return Interval(central, low, high if high < inf else central, LEVEL, is_tested)
