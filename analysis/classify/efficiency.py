"""The carbon-efficiency label of the 2023 study, as published and repaired; pure and quick to import.

Five metrics of a model are turned into an index against a reference model, each index is rated 0 (best) to 4 by cut
points fitted on the cohort, and the weighted mean of the ratings is the label A to E. Source: notebook
HFEmissionsAnalysis of the replication package GAISSA-UPC/ML-EnergyLabel (identical logic in its
``app/energy_label.py``).

As published, the cut points of the emissions are percentiles of the *square root* of the index while the index itself
is rated: 94 % of all models get an A on the heaviest metric. The repairs of the label are switches in
:class:`Switches`, in the order they are applied: one scale for cut points and values, zero never divided by, one
arithmetic for ties. What a repair does to the cohort (copies, merge artefacts, units) is not a matter of this module.

Rounding: the weighted mean often is a half exactly, and Python rounds halves to the even neighbour, so its last bit
decides. As published the mean is a dot product of normalised weights with one rounding per term (a fused multiply-add,
as processors do); the published labels come out the same with every arithmetic tried, the number of labels that one
scale changes does not: 888 so, 883 with a plain sum, 882 with exact fractions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from analysis.results import Version

Metric = Literal["co2_eq_emissions", "size_efficency", "datasets_size_efficency", "downloads", "performance_score"]
Values = Mapping[str, float | None]

METRICS: tuple[Metric, ...] = get_args(Metric)
"""Names as the study spells them: grams of CO2eq, bytes per gram of the model and of its data, downloads, a score in
0..1."""

WEIGHTS: dict[Metric, Fraction] = {
    "co2_eq_emissions": Fraction(35, 100),
    "size_efficency": Fraction(10, 100),
    "datasets_size_efficency": Fraction(10, 100),
    "downloads": Fraction(25, 100),
    "performance_score": Fraction(20, 100),
}
LETTERS = "ABCDE"
WORST = 4
REFERENCE_MODEL = "distilgpt2"
PERCENTILES = (80.0, 60.0, 40.0, 20.0)
DOWNLOADS_PERCENTILES = (96.0, 94.0, 85.0, 60.0)


class Switches(Struct, frozen=True, kw_only=True):
    """Repairs of the label itself, all off as published.

    Attributes:
        one_scale: Percentiles of the index itself, not of its square root.
        zero_is_zero: A claim of zero grams has no index: it is not rated on emissions. A model without a rating of its
            emissions gets no carbon label, whatever its other ratings.
        exact_ties: Exact arithmetic for the weighted mean, halves to the worse letter.
    """

    one_scale: bool = False
    zero_is_zero: bool = False
    exact_ties: bool = False


AS_PUBLISHED = Switches()
REPAIRED = Switches(one_scale=True, zero_is_zero=True, exact_ties=True)


class CutPoints(Struct, frozen=True, kw_only=True):
    """What a label is read off from: reference values and descending cut points per metric.

    Attributes:
        name: Name of the cohort they were fitted on.
        switches: Repairs they were fitted with, and are to be used with.
        reference: Value of the reference model per metric (the cohort's median where it has none).
        boundaries: Four cut points of the index per metric, from A to D, descending.
        n: Values the cut points of each metric rest on.
    """

    name: str
    switches: Switches
    reference: dict[str, float]
    boundaries: dict[str, tuple[float, float, float, float]]
    n: dict[str, int] = {}


class Efficiency(Struct, frozen=True, kw_only=True):
    """Label of one model: the letter, and the rating 0..4 of every metric that could be rated."""

    label: str | None
    ratings: dict[str, int]

    @property
    def letters(self) -> dict[str, str | None]:
        """Rating of every metric as a letter, None where it could not be rated."""
        return {metric: LETTERS[self.ratings[metric]] if metric in self.ratings else None for metric in METRICS}


def metrics_of(
    emissions_gco2e: float | None,
    storage_bytes: float | None,
    datasets_bytes: float | None,
    downloads_count: float | None,
    performance_score: float | None = None,
) -> dict[str, float | None]:
    """The five metrics from a model's own values; bytes per gram are missing where grams are zero or missing."""
    grams = emissions_gco2e or None
    return {
        "co2_eq_emissions": emissions_gco2e,
        "size_efficency": None if grams is None or storage_bytes is None else storage_bytes / grams,
        "datasets_size_efficency": None if grams is None or datasets_bytes is None else datasets_bytes / grams,
        "downloads": downloads_count,
        "performance_score": performance_score,
    }


def index_of(metric: str, value: float | None, reference: float, switches: Switches = AS_PUBLISHED) -> float | None:
    """Index of a value against the reference: reference/value for emissions, value/reference otherwise.

    Returns:
        None for a missing value, and for zero grams once they are repaired; infinity for zero grams as published.
    """
    if value is None or math.isnan(value):
        return None
    if metric != "co2_eq_emissions":
        return value / reference if reference else 0.0
    if value == 0:
        return None if switches.zero_is_zero else math.inf
    return reference / value


def percentile(ascending: Sequence[float], percent: float) -> float:
    """Percentile with linear interpolation between neighbours, in the arithmetic of ``numpy.percentile``."""
    place = (len(ascending) - 1) * (percent / 100.0)
    lower = math.floor(place)
    upper = min(lower + 1, len(ascending) - 1)
    low, high, part = ascending[lower], ascending[upper], place - lower
    if part == 0 or low == high:
        return low
    step = high - low
    return high - step * (1 - part) if part >= 0.5 else low + step * part


def fit(name: str, rows: Sequence[Values], reference_row: Values, switches: Switches = AS_PUBLISHED) -> CutPoints:
    """Cut points of a cohort.

    Args:
        name: Name of the cohort, kept with the cut points.
        rows: Metrics of each model.
        reference_row: Metrics of the reference model; a missing one becomes the cohort's median.
        switches: Repairs to apply.

    Returns:
        Cut points of every metric that any model of the cohort has; the others are not rated.
    """
    reference: dict[str, float] = {}
    boundaries: dict[str, tuple[float, float, float, float]] = {}
    n: dict[str, int] = {}
    for metric in METRICS:
        values = sorted(_present(row.get(metric) for row in rows))
        if not values:
            continue
        given = next(iter(_present([reference_row.get(metric)])), None)
        reference[metric] = percentile(values, 50.0) if given is None else given
        found = _indices(metric, values, reference[metric], switches)
        if not found:
            continue
        cuts = DOWNLOADS_PERCENTILES if metric == "downloads" else PERCENTILES
        a, b, c, d = (percentile(found, percent) for percent in cuts)
        boundaries[metric] = (a, b, c, d)
        n[metric] = len(found)
    return CutPoints(name=name, switches=switches, reference=reference, boundaries=boundaries, n=n)


def _present(values: Iterable[float | None]) -> list[float]:
    """The values that are there."""
    return [float(value) for value in values if value is not None and not math.isnan(value)]


def _indices(metric: str, values: Sequence[float], reference: float, switches: Switches) -> list[float]:
    """Ascending indices that the cut points of a metric are percentiles of; emissions as published: square roots."""
    found = sorted(index for value in values if (index := index_of(metric, value, reference, switches)) is not None)
    if metric == "co2_eq_emissions" and not switches.one_scale:
        return [math.sqrt(index) for index in found if index >= 0]
    return found


def rating(index: float | None, boundaries: Sequence[float]) -> int | None:
    """Rating 0..4 of an index: the first of the intervals (upper, lower] that holds it, the worst where none does."""
    if index is None or math.isnan(index):
        return None
    for place, lower in enumerate((*boundaries, 0.0)):
        if index > lower:
            return place
    return WORST


def compound(ratings: Mapping[str, int], switches: Switches = AS_PUBLISHED) -> str | None:
    """Letter of the weighted mean of the ratings that are there, their weights made to sum to one."""
    return _letter(tuple(ratings.get(metric) for metric in METRICS), exact=switches.exact_ties)


@cache
def _letter(ratings: tuple[int | None, ...], *, exact: bool) -> str | None:
    """Letter of the ratings in the order of the metrics; there are few combinations, hence the cache."""
    pairs = [(rate, WEIGHTS[metric]) for rate, metric in zip(ratings, METRICS, strict=True) if rate is not None]
    if not pairs:
        return None
    if exact:
        total = sum((weight for _, weight in pairs), Fraction(0))
        mean = sum((rate * weight for rate, weight in pairs), Fraction(0)) / total
        return LETTERS[math.floor(mean + Fraction(1, 2))]
    return LETTERS[round(_fused_mean(pairs))]


@cache
def _normalised(weights: tuple[Fraction, ...]) -> tuple[float, ...]:
    """Weights over their sum, in floating point."""
    numbers = [float(weight) for weight in weights]
    total = 0.0
    for number in numbers:
        total += number
    return tuple(number / total for number in numbers)


def _fused_mean(pairs: Sequence[tuple[int, Fraction]]) -> float:
    """Weighted mean with one rounding per term, as a fused multiply-add gives it."""
    weights = _normalised(tuple(weight for _, weight in pairs))
    mean = 0.0
    for (rate, _), weight in zip(pairs, weights, strict=True):
        mean = math.fsum((mean, *[weight] * rate))
    return mean


def rate(values: Values, cut_points: CutPoints) -> Efficiency:
    """Label of one model by given cut points.

    Args:
        values: The five metrics, None where missing (:func:`metrics_of`).
        cut_points: Fitted (:func:`fit`) or stored (:func:`stored`) cut points.
    """
    ratings: dict[str, int] = {}
    for metric in METRICS:
        if metric not in cut_points.boundaries:
            continue
        index = index_of(metric, values.get(metric), cut_points.reference[metric], cut_points.switches)
        rated = rating(index, cut_points.boundaries[metric])
        if rated is not None:
            ratings[metric] = rated
    if cut_points.switches.zero_is_zero and "co2_eq_emissions" not in ratings:
        return Efficiency(label=None, ratings=ratings)
    return Efficiency(label=compound(ratings, cut_points.switches), ratings=ratings)


@cache
def stored(version: Version) -> CutPoints:
    """Cut points of the published 2023 cohort that ship with the package."""
    content = json.loads(files("analysis.classify").joinpath("cut_points_2023.json").read_bytes())
    return msgspec.convert(content["cut_points"][version], CutPoints)
