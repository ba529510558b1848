"""The published numbers of the 2023 study beside the recomputed ones, one verdict per id.

This is the only module that reads ``published_numbers.yml``; the computation knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml
from msgspec import Struct

Agreement = Literal["equal", "differs", "not computed"]


class Number(Struct, frozen=True, kw_only=True):
    """One published number beside its recomputation.

    Attributes:
        id: Name of the number.
        published: As published; text for printed numbers.
        recomputed: At full precision.
        difference: Recomputed minus published, for single numbers.
        verdict: Equal at every printed digit, or not.
        where: Place it was published.
    """

    id: str
    published: Any
    recomputed: Any
    difference: float | None
    verdict: Agreement
    where: str
    unit: str | None = None
    note: str | None = None


class Unavailable(Struct, frozen=True, kw_only=True):
    """One published number that public data cannot carry, and why."""

    id: str
    value: str
    where: str
    reason: str


class Replication(Struct, frozen=True, kw_only=True):
    """All numbers with their verdicts, and what cannot be checked."""

    numbers: tuple[Number, ...]
    unavailable: tuple[Unavailable, ...]

    @property
    def holds(self) -> bool:
        """Whether every number is equal."""
        return all(number.verdict == "equal" for number in self.numbers)

    @property
    def tally(self) -> dict[str, int]:
        """How many numbers got each verdict."""
        verdicts = [number.verdict for number in self.numbers]
        return {verdict: verdicts.count(verdict) for verdict in get_args(Agreement)}


def published() -> dict[str, Any]:
    """The data file of published numbers."""
    content: dict[str, Any] = yaml.safe_load(files("analysis").joinpath("published/published_numbers.yml").read_bytes())
    return content


def compare(recomputed: Mapping[str, Any]) -> Replication:
    """Set every published number beside the recomputed one.

    Args:
        recomputed: Numbers by id, from :func:`analysis.published.recompute.recompute`.
    """
    content = published()
    reasons = content["reasons"]
    return Replication(
        numbers=tuple(_compared(entry, recomputed) for entry in content["numbers"]),
        unavailable=tuple(
            Unavailable(id=entry["id"], value=entry["value"], where=entry["where"], reason=reasons[entry["reason"]])
            for entry in content["unavailable"]
        ),
    )


def run(frames: Mapping[str, Any], tags_metadata: bytes | None) -> Replication:
    """Recompute the numbers and compare.

    Args:
        frames: The published tables ``mined``, ``merged`` and ``curated``.
        tags_metadata: Content of the published ``tags_metadata.yaml``.

    Returns:
        One verdict per id; a number that altered tables no longer carry (an empty group, no reference model) is ``not
        computed``.
    """
    from analysis.published.recompute import recompute

    return compare(recompute(frames, tags_metadata, tolerant=True))


def _compared(entry: Mapping[str, Any], recomputed: Mapping[str, Any]) -> Number:
    """One number with its verdict."""
    identifier = entry["id"]
    value = recomputed.get(identifier)
    verdict: Agreement = "not computed" if value is None else "equal" if _holds(entry, value) else "differs"
    return Number(
        id=identifier,
        published=_shown(entry),
        recomputed=value,
        difference=_difference(entry, value),
        verdict=verdict,
        where=entry["where"],
        unit=entry.get("unit"),
        note=entry.get("note"),
    )


def _shown(entry: Mapping[str, Any]) -> Any:
    """The published value as it is shown."""
    if "below" in entry:
        return f"< {entry['below']}"
    return entry.get("printed", entry.get("exact"))


def _holds(entry: Mapping[str, Any], value: Any) -> bool:
    """Whether a recomputed value is the published one."""
    if "below" in entry:
        return bool(value < entry["below"])
    if "exact" in entry:
        return bool(entry["exact"] == value)
    printed = entry["printed"]
    if isinstance(printed, list):
        return len(printed) == len(value) and all(
            reads(text, number) for text, number in zip(printed, value, strict=True)
        )
    return reads(printed, value)


def reads(printed: str, value: float) -> bool:
    """Whether a number, rounded to as many digits as are printed, reads the same."""
    text = Decimal(printed)
    try:
        return Decimal(repr(float(value))).quantize(text) == text
    except InvalidOperation:
        return False


def _difference(entry: Mapping[str, Any], value: Any) -> float | None:
    """Recomputed minus published, where both are single numbers."""
    shown = entry.get("printed", entry.get("exact"))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(shown, (int, float, str)):
        return None
    return float(value) - float(shown)
