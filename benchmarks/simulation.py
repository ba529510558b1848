"""One cell of the simulation table.

Data of known truth, drawn many times, and how often p or the interval is right, with its own error.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.results import Estimate

SEED = 20230403
SIZE_TARGET, COVERAGE_TARGET = (0.03, 0.07), (0.93, 0.97)
Random = np.random.Generator
Array = np.ndarray


class Cell(NamedTuple):
    """One simulation: ``draw`` makes data and returns the Estimate.

    ``truth`` is None for a size, else the planted value.
    """

    test: str
    n: str
    scenario: str
    draws: int
    draw: Callable[[Random], Estimate]
    truth: float | None
    of_effect: bool = False


def run(cell: Cell, draws: int) -> dict[str, object]:
    """Simulate one cell; refused or missing answers are counted apart and are neither hit nor miss."""
    generator = np.random.default_rng([SEED, zlib.crc32("|".join(cell[:3]).encode())])
    hits, answered, method = 0, 0, ""
    for _ in range(draws):
        found = cell.draw(generator)
        method = found.method
        if cell.truth is None:
            answered += found.p is not None
            hits += found.p is not None and found.p <= 0.05
            continue
        low, high = (found.effect_low, found.effect_high) if cell.of_effect else (found.low, found.high)
        if low is not None and high is not None:
            answered += 1
            hits += low <= cell.truth <= high
    value = hits / answered if answered else None
    measure, target = ("size", SIZE_TARGET) if cell.truth is None else ("coverage", COVERAGE_TARGET)
    return {
        "test": cell.test,
        "n": cell.n,
        "scenario": cell.scenario,
        "measure": measure,
        "value": value,
        "error": None if value is None else math.sqrt(value * (1 - value) / answered),
        "outside": None if value is None else not target[0] <= round(value, 3) <= target[1],
        "draws": draws,
        "unanswered": draws - answered,
        "method": method,
    }
