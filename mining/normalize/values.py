"""Single values of the wire: bases among tags, the literal emissions number, first texts and counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mining.normalize.size import MAX_COUNT
from mining.normalize.wire import texts
from mining.patterns import regex
from mining.schema import BASE_RELATIONS

_LITERAL_NUMBER = regex(r"\d+(?:\.\d+)?")


def bases_in_tags(tags: Iterable[str]) -> tuple[tuple[str, ...], str | None]:
    """Bases and relation from tags ``base_model:ID`` and ``base_model:RELATION:ID``."""
    bases: dict[str, None] = {}
    relation = None
    for tag in tags:
        if tag.startswith("base_model:"):
            kind, _, rest = tag[11:].partition(":")
            if kind in BASE_RELATIONS and rest:
                relation = relation or kind
                bases[rest] = None
            else:
                bases[tag[11:]] = None
    return tuple(bases), relation


def literal_number(value: Any) -> float | None:
    """Number in the metadata key ``co2_eq_emissions`` as the 2023 study read it.

    A number as it is, of a mapping the entry ``emissions``, of a text the number it *begins* with, whatever unit or
    exponent follows (the study's ``harmonize_co2``: "0.2 kg" is 0.2, "1,400" is 1, "<1 g" is none).
    """
    if isinstance(value, dict):
        value = value.get("emissions")
    elif isinstance(value, list):
        value = next((item["emissions"] for item in value if isinstance(item, dict) and "emissions" in item), None)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        number = float(value) if abs(value) < 1e300 else None
        return number if number is not None and number == number else None  # noqa: PLR0124 - not a number
    if isinstance(value, str) and (match := _LITERAL_NUMBER.match(value)):
        return float(match[0]) if len(match[0]) < 300 else None
    return None


def first_text(value: Any) -> str | None:
    """The first text of a metadata value, shortened; None where it holds none."""
    found = texts(value)
    return found[0][:120] if found else None


def count_of(value: int | None) -> int | None:
    """A count as received; negative or absurd numbers are not known."""
    return value if value is not None and 0 <= value < MAX_COUNT else None
