"""The life around a training: making the hardware, requests until inference equals training.

Shown apart, never added to the run.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from analysis.estimates.contract import Scenario
from analysis.estimates.devices import Board
from analysis.estimates.reference import embodied_rows, prior, read_table, source_of
from analysis.rounding import spoken
from mining.vocab.encoder import fold

__all__ = ["BreakEven", "break_even", "card_impacts", "embodied_kg", "inference", "scenarios"]

HOURS_A_YEAR = 8760


def embodied_kg(
    device_hours: float,
    *,
    device_kg: float,
    server_kg: float,
    devices: int,
    life_years: float,
    utilisation: float = 1.0,
) -> float:
    """Share of making the hardware that falls to device hours, kg CO2eq.

    Args:
        device_hours: Hours summed over devices.
        device_kg: Making of one device; 0 where the server's figure holds its devices.
        server_kg: Making of the server around ``devices`` devices.
        devices: Devices in one server.
        life_years: Years in use.
        utilisation: Share of those years in which it works.
    """
    return (device_kg + server_kg / devices) * device_hours / (life_years * HOURS_A_YEAR * utilisation)


@cache
def card_impacts(device: str) -> dict[str, tuple[float, str, str]]:
    """Impacts of making one board by category (GWP, ADPe, ...), with unit and source.

    Empty where no factor names it.
    """
    found: dict[str, tuple[float, str, str]] = {}
    for row in embodied_rows():
        if row["kind"] == "gpu card" and fold(row["device"]) == fold(device) and row["value"]:
            before = found.get(row["impact"], (0.0, "", ""))[0]
            found[row["impact"]] = before + float(row["value"]), row["unit"], source_of(row)
    return found


class BreakEven(Struct, frozen=True):
    """Requests until inference has used as much energy as training, by task.

    Median and range of the models measured.
    """

    task: str
    requests: float
    low: float
    high: float
    models: int


def break_even(training_kwh: float, *, largest: float | None = None, smallest: float | None = None) -> list[BreakEven]:
    """The break-even point of every task.

    Args:
        training_kwh: Energy of the training.
        largest: Models of at most that many parameters only.
        smallest: Models of at least that many parameters only.

    Returns:
        Tasks in the order of their names; the number of requests is the user's to know, never assumed.
    """
    from statistics import median

    tasks: dict[str, list[float]] = {}
    for row in read_table("inference_energy"):
        size = float(row["parameters"]) if row["parameters"] else None
        if row["level"] != "model" or row["task"] == row["model"] or not float(row["wh_per_1000_queries"]):
            continue
        if (largest and (size is None or size > largest)) or (smallest and (size is None or size < smallest)):
            continue
        tasks.setdefault(row["task"], []).append(training_kwh * 1e6 / float(row["wh_per_1000_queries"]))
    return [BreakEven(task, median(n), min(n), max(n), len(n)) for task, n in sorted(tasks.items())]


def inference(training_kwh: float, requests: float) -> tuple[Scenario, ...]:
    """Energy of so many requests by task, kWh: what the user knows, beside the training and never added to it.

    Args:
        training_kwh: Energy of the training: a task's share of it is the requests over its break-even point.
        requests: Requests over the life of the model.
    """
    source = "inference_energy: models measured elsewhere; central from the median break-even point"
    return tuple(
        Scenario(
            kind="requests",
            what=f"{spoken(requests)} requests of {one.task} (equal to the training at {spoken(one.requests, 2)})",
            low=training_kwh * requests / one.high,
            central=training_kwh * requests / one.requests,
            high=training_kwh * requests / one.low,
            unit="kWh",
            source=source,
        )
        for one in sorted(break_even(training_kwh), key=lambda task: (-task.models, task.task))
    )


def scenarios(board: Board, device_hours: float, facility_kwh: float) -> tuple[Scenario, ...]:
    """What stands beside a run.

    The hardware's making, the trials before the final run, and reserved machines that idle.
    """
    made = _making(board, device_hours)
    return (*((made,) if made else ()), _development(facility_kwh), *_idle(board, facility_kwh))


def _making(board: Board, device_hours: float) -> Scenario | None:
    """Making of the hardware, by device hours; None where no factor names the board."""
    if board.place == "data-centre":
        rate = prior("embodied per GPU hour")
        low, central, high = (value * board.chips * device_hours for value in (rate.low, rate.central, rate.high))
        what = "making of the hardware, by device hours"
        return Scenario(
            kind="making", what=what, low=low, central=central, high=high, unit="kg CO2eq", source=rate.source
        )
    if "GWP" not in (impacts := card_impacts(board.name)):
        return None
    value, _, source = impacts["GWP"]
    life, busy = prior("device lifetime"), prior("device utilisation over life")
    low, central, high = (
        embodied_kg(device_hours, device_kg=value, server_kg=0, devices=1, life_years=years, utilisation=share)
        for years, share in ((life.high, busy.high), (life.central, busy.central), (life.low, busy.low))
    )
    what = "making of the boards alone, by device hours"
    return Scenario(kind="making", what=what, low=low, central=central, high=high, unit="kg CO2eq", source=source)


def _development(facility_kwh: float) -> Scenario:
    low, middle, high = (prior("development multiplier", of) for of in ("all experiments", "BLOOM", "Olmo 3"))
    what = f"all development, if it is like that of others ({low.central:g} to {high.central:g} times the final run)"
    return Scenario(
        kind="development",
        what=what,
        low=low.central * facility_kwh,
        central=middle.central * facility_kwh,
        high=high.central * facility_kwh,
        unit="kWh",
        source=middle.source,
    )


def _idle(board: Board, facility_kwh: float) -> tuple[Scenario, ...]:
    """Idle energy where machines are reserved for the run, as a data centre's are."""
    if board.place != "data-centre":
        return ()
    share = prior("idle over the run itself")
    kwh = share.central * facility_kwh
    what = f"machines that stay reserved between jobs, as for BLOOM ({share.central:.2g} times the run)"
    return (Scenario(kind="idle", what=what, low=0.0, central=kwh, high=kwh, unit="kWh", source=share.source),)
