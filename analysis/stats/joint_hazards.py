"""Hazards by several exposures at once, from models that are seen only at dates.

A constant hazard h = exp(b0 + b x) ends a watch of t years with probability 1 - exp(-h t): a binomial regression with
the complementary log-log link and log t as offset, which keeps the interval censoring. Owners are clusters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import stats
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.families.links import CLogLog
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.results import Estimate
from analysis.stats.columns import LEVEL, estimated, refusal
from analysis.stats.durations import DAYS_PER_YEAR

FEW = "other levels"
LEAST_EVENTS = 5
EVENTS_A_COEFFICIENT = 10
METHOD = "ratio of hazards, other exposures held (complementary log-log, owners clustered)"
Ints = npt.NDArray[np.int64]


class Watches(Struct):
    """Watches of one event, cells of equal length, levels and group of owners together.

    Attributes:
        days: Length of a watch, shape (cells,).
        groups: Group of owners, shape (cells,).
        watched, events: Watches, and those that ended in the event, shape (cells,).
        levels: For each exposure the level of every cell, as text, shape (cells,).
    """

    days: npt.NDArray[np.float64]
    groups: Ints
    watched: Ints
    events: Ints
    levels: dict[str, npt.NDArray[Any]]


def joint_hazards(watches: Watches) -> dict[tuple[str, str], Estimate]:
    """Ratio of hazards of every level to the largest level of its exposure, the other exposures held.

    Levels of fewer than :data:`LEAST_EVENTS` events are taken together. Refused under
    :data:`EVENTS_A_COEFFICIENT` events a coefficient, and where levels cannot be told apart.

    Returns:
        By exposure and level; ``details`` hold ``watched``, ``events``, and ``e_value`` and ``e_value_limit``: how
        large a ratio something unseen would need with both exposure and event to make the ratio, or the limit of its
        interval nearest to 1, one (VanderWeele & Ding, Annals of Internal Medicine 167, 2017; the event is seldom).

    Source: Prentice & Gloeckler, Biometrics 34, 1978.
    """
    if not watches.events.sum():
        return {}
    columns = {name: _joined(values, watches) for name, values in watches.levels.items()}
    names, design = _design(columns, watches.watched)
    total = int(watches.events.sum())
    refused = None
    if not names:
        return {}
    if total < EVENTS_A_COEFFICIENT * (len(names) + 1):
        refused = f"fewer than {EVENTS_A_COEFFICIENT} events a coefficient ({total} for {len(names) + 1})"
    elif np.linalg.matrix_rank(design[watches.watched > 0]) < design.shape[1]:
        refused = "the levels of the exposures cannot be told apart"
    support = {name: _support(columns[name[0]] == name[1], watches) for name in names}
    if refused is not None:
        return {name: refusal(METHOD, refused, n=support[name][0]) for name in names}
    counts = np.column_stack([watches.events, watches.watched - watches.events])
    offset = np.log(watches.days / DAYS_PER_YEAR)
    fitted = GLM(counts, design, family=Binomial(link=CLogLog()), offset=offset).fit(
        cov_type="cluster", cov_kwds={"groups": watches.groups}
    )
    reach = float(stats.t.ppf(0.5 + LEVEL / 2, len(np.unique(watches.groups)) - 1))
    return {
        name: _ratio(float(fitted.params[place]), reach * float(fitted.bse[place]), support[name])
        for place, name in enumerate(names, start=1)
    }


def _joined(values: npt.NDArray[Any], watches: Watches) -> npt.NDArray[Any]:
    """Levels with few events taken together."""
    places = np.unique(values, return_inverse=True)[1]
    events = np.bincount(places, weights=watches.events)
    return np.where(events[places] >= LEAST_EVENTS, values, FEW)


def _design(columns: dict[str, npt.NDArray[Any]], watched: Ints) -> tuple[list[tuple[str, str]], npt.NDArray[Any]]:
    """A column of ones, then one a level but the largest of each exposure."""
    names: list[tuple[str, str]] = []
    made = [np.ones(len(watched))]
    for exposure, values in columns.items():
        levels, places = np.unique(values, return_inverse=True)
        base = int(np.argmax(np.bincount(places, weights=watched)))
        for place, level in enumerate(levels.tolist()):
            if place != base:
                names.append((exposure, level))
                made.append((places == place).astype(np.float64))
    return names, np.column_stack(made)


def largest(values: npt.NDArray[Any], watches: Watches) -> str:
    """The level that the others of its exposure are compared with."""
    joined = _joined(values, watches)
    levels, places = np.unique(joined, return_inverse=True)
    return str(levels[int(np.argmax(np.bincount(places, weights=watches.watched)))])


def _support(rows: npt.NDArray[np.bool_], watches: Watches) -> tuple[int, int]:
    return int(watches.watched[rows].sum()), int(watches.events[rows].sum())


def _ratio(log_ratio: float, half: float, support: tuple[int, int]) -> Estimate:
    value, low, high = (math.exp(log_ratio + side) for side in (0.0, -half, half))
    nearest = low if low > 1 else high if high < 1 else 1.0
    return estimated(
        METHOD,
        (value, low, high),
        estimate_name="hazard ratio",
        n=support[0],
        details={
            "watched": support[0],
            "events": support[1],
            "e_value": e_value(value),
            "e_value_limit": e_value(nearest),
        },
        assumptions=("hazards are constant and proportional; owners are independent; a difference is no effect",),
    )


def e_value(ratio: float) -> float:
    """Smallest ratio with which something unseen could explain a ratio away.

    >>> round(e_value(3.9), 2)
    7.26
    """
    larger = max(ratio, 1 / ratio)
    return larger + math.sqrt(larger * (larger - 1))


def watches_of(cells: Sequence[tuple[float, int, int, int, dict[str, str]]]) -> Watches:
    """Watches from rows of days, group, watched, events and levels."""
    exposures = list(cells[0][4]) if cells else []
    days, groups, watched, events = (np.array([cell[place] for cell in cells]) for place in range(4))
    levels = {name: np.array([cell[4][name] for cell in cells], dtype=object) for name in exposures}
    return Watches(days.astype(float), groups, watched, events, levels)
