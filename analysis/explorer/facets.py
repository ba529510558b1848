"""What a reader can filter by: every facet of the explorer, and the models of a snapshot as codes of its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from mining.schema import Outcome, UnitStatus

Codes = npt.NDArray[np.unsignedinteger[Any]]

MAX_VALUES = 250
"""Values of one facet that are shown by name; rarer ones are counted together."""
OTHER = "other"
NOT_KNOWN = "not-known"
WORDS = {
    "not-known": "not known", "none": "none", "other": "all rarer values", "unknown": "not assessed",
    "could-not-look": "not assessed", "not-reported": "not reported", "does-not-apply": "does not apply",
    "our-error": "our error", "hours": "hours stated", "flop": "computation stated",
}  # fmt: skip
"""How ids that are no words of their own are shown."""
GRAM_STEPS = (
    (1.0, "under 1 g"),
    (1e2, "1 g to 100 g"),
    (1e3, "100 g to 1 kg"),
    (1e4, "1 kg to 10 kg"),
    (1e5, "10 kg to 100 kg"),
    (1e6, "100 kg to 1 t"),
    (1e7, "1 t to 10 t"),
    (1e8, "10 t to 100 t"),
    (np.inf, "100 t and more"),
)
"""Upper ends (grams of CO2 equivalent, exclusive) of the classes of reported emissions."""


class Facet(Struct, frozen=True, kw_only=True):
    """One facet.

    Attributes:
        column: Column of the table ``models``; empty where it is computed.
        missing: Id of the value that stands for a missing one.
        order: Ids in their natural order; empty for the most frequent first.
        is_many: A model can have several values.
        is_sorted: Values in the order of their names, as months are.
    """

    id: str
    title: str
    column: str = ""
    missing: str = NOT_KNOWN
    order: tuple[str, ...] = ()
    is_many: bool = False
    is_sorted: bool = False


OUTCOMES: tuple[str, ...] = get_args(Outcome)
SIZES = ("under 10M", "10M-100M", "100M-1B", "1B-10B", "10B-100B", "100B and more", NOT_KNOWN)
UNITS = (*get_args(UnitStatus), "none")
FACETS = (
    Facet(id="level", title="Level of disclosure"),
    Facet(id="outcome", title="Training emissions", column="emissions_outcome", order=OUTCOMES),
    Facet(id="emissions", title="Amount reported", order=("none", "zero", *(words for _, words in GRAM_STEPS))),
    Facet(id="unit", title="Unit of the amount", column="emissions_unit_status", missing="none", order=UNITS),
    Facet(id="flag", title="Doubts about the amount", column="emissions_flags", missing="none", is_many=True),
    Facet(id="domain", title="Domain", column="domain"),
    Facet(id="library", title="Library", column="library"),
    Facet(id="generator", title="Tool that wrote the card", column="generator"),
    Facet(id="size", title="Parameters", column="parameters_class", order=SIZES),
    Facet(id="licence", title="Licence", column="license", missing="not stated"),
    Facet(id="route", title="Estimated by", missing="none"),
    Facet(id="month", title="Month of creation", column="year_month", is_sorted=True),
)


class Coded(Struct, frozen=True, kw_only=True):
    """One facet of a snapshot.

    Attributes:
        codes: One code a model: the place of its value, or of its set of values where it can have several.
        values: Ids of the values.
        sets: Places of the values in each set; empty where a model has one value.
    """

    facet: Facet
    codes: Codes
    values: tuple[str, ...]
    sets: tuple[tuple[int, ...], ...] = ()

    def described(self) -> dict[str, Any]:
        """The facet as the page reads it, without its codes."""
        labels = [WORDS.get(value, value) for value in self.values]
        return {
            "id": self.facet.id,
            "title": self.facet.title,
            "values": self.values,
            "labels": labels,
            "sets": self.sets or None,
        }


def narrow(codes: npt.NDArray[Any], size: int) -> Codes:
    """Codes below ``size`` in the narrowest unsigned type that holds them."""
    return codes.astype(np.uint8 if size <= 1 << 8 else np.uint16 if size <= 1 << 16 else np.uint32)


def coded(facet: Facet, column: pa.ChunkedArray) -> Coded:
    """One column of the table ``models`` as codes.

    Args:
        facet: What the column is; it must have a column.
        column: Its values, text or lists of text.
    """
    if facet.is_many:
        return _coded_sets(facet, column)
    array = pc.fill_null(column.cast(pa.string()), facet.missing).combine_chunks().dictionary_encode()
    return arranged(facet, array.indices.to_numpy(), array.dictionary.to_pylist())


def arranged(facet: Facet, codes: npt.NDArray[Any], values: Sequence[str]) -> Coded:
    """Codes of values in any order as codes in the page's order; the rarest values are counted together."""
    counts = np.bincount(codes, minlength=len(values))
    by_count = sorted(range(len(values)), key=lambda code: (-int(counts[code]), values[code]))
    seen = [values[code] for code in by_count if counts[code]]
    kept = seen[:MAX_VALUES]
    if len(seen) > MAX_VALUES and OTHER not in kept:
        kept.append(OTHER)
    if facet.order:
        kept = [value for value in facet.order if value in kept] + [value for value in kept if value not in facet.order]
    elif facet.is_sorted:
        kept.sort()
    place = {value: number for number, value in enumerate(kept)}
    lookup = np.array([place.get(value, place.get(OTHER, 0)) for value in values] or [0])
    return Coded(facet=facet, codes=narrow(lookup[codes], len(kept)), values=tuple(kept))


def _coded_sets(facet: Facet, column: pa.ChunkedArray) -> Coded:
    """A column of lists: every distinct set of values has a code."""
    joined = pc.fill_null(pc.binary_join(column.cast(pa.list_(pa.string())), "\x00"), "").combine_chunks()
    array = joined.dictionary_encode()
    sets = [sorted(set(filter(None, text.split("\x00")))) or [facet.missing] for text in array.dictionary.to_pylist()]
    counts = np.bincount(array.indices.to_numpy(), minlength=len(sets))
    totals: dict[str, int] = {}
    for members, count in zip(sets, counts, strict=True):
        for value in members:
            totals[value] = totals.get(value, 0) + int(count)
    values = sorted(totals, key=lambda value: (-totals[value], value))
    place = {value: number for number, value in enumerate(values)}
    return Coded(
        facet=facet,
        codes=narrow(array.indices.to_numpy(), len(sets)),
        values=tuple(values),
        sets=tuple(tuple(place[value] for value in members) for members in sets),
    )


def coded_grams(facet: Facet, grams: npt.NDArray[np.float64]) -> Coded:
    """Reported emissions in grams (NaN where there are none) by classes of their amount."""
    ends = np.array([end for end, _ in GRAM_STEPS])
    codes = np.searchsorted(ends, grams, side="right") + 2
    codes[np.isnan(grams)] = 0
    codes[grams == 0] = 1
    return arranged(facet, codes, ("none", "zero", *(words for _, words in GRAM_STEPS)))


def cells_of(facets: Sequence[Coded], rows: int) -> tuple[npt.NDArray[Any], Codes, Codes]:
    """Models that are alike in every facet, counted together.

    Args:
        facets: Facets of the same models.
        rows: Number of models.

    Returns:
        The first model of every cell, the cell of every model, and the number of models in every cell.
    """
    key: npt.NDArray[Any] = np.zeros(rows, dtype=np.uint64)
    span = 1
    for each in facets:
        size = max(len(each.sets or each.values), 1)
        if span * size >= 1 << 62:
            distinct, places = np.unique(key, return_inverse=True)
            key, span = places.astype(np.uint64), len(distinct)
        key = key * np.uint64(size) + each.codes
        span *= size
    _, first, cell, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return first, narrow(cell, len(first)), count.astype(np.uint32)
