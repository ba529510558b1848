"""Which words a found value rests on, and where they stand in the text that the page shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

CLOSE = 1e-6
FILE_HEADING = "\n\n──────── {name} ────────\n"
"""Heading of a file that is shown below the card."""


def chosen(claims: Iterable[Mapping[str, Any]], found: Any) -> Mapping[str, Any] | None:
    """The claim that states a value: the first that agrees with it, else the first that states anything.

    Args:
        claims: Claims of one quantity of one model, in their order, with ``inner_value`` and ``label``.
        found: Value in the inner unit of the quantity, or a standard name.
    """
    known = list(claims)
    return next((claim for claim in known if _agrees(claim, found)), known[0] if known else None)


def _agrees(claim: Mapping[str, Any], found: Any) -> bool:
    if isinstance(found, str):
        return bool(claim["label"] == found)
    value = claim["inner_value"]
    return value is not None and found is not None and math.isclose(value, found, rel_tol=CLOSE)


def occurrence(shown: str, evidence: str, where: str) -> int:
    r"""Which occurrence of the evidence in the shown text is meant, from 0; 0 where the place cannot be told.

    Args:
        shown: Card, and files below it.
        evidence: The words.
        where: ``metadata:KEY``, ``card:SECTION:LINE`` or ``file:NAME:ROW``.

    Examples:
        >>> occurrence("emissions: 12\nsteps: 12\n", "12", "card:Steps:2")
        1
    """
    start, number, at = _start(shown, where), 0, shown.find(evidence) if evidence else -1
    while 0 <= at < start:
        at = shown.find(evidence, at + 1)
        number += 1
    return number if at >= 0 else 0


def _start(shown: str, where: str) -> int:
    """Where in the text the place begins."""
    kind, _, rest = where.partition(":")
    name, _, last = rest.rpartition(":")
    if kind == "card" and last.isdigit():
        return sum(len(line) for line in shown.splitlines(keepends=True)[: int(last) - 1])
    if kind == "file":
        return max(0, shown.find(FILE_HEADING.format(name=name)))
    return max(0, shown.find(f"{rest.rpartition('.')[2]}:")) if kind == "metadata" else 0


def place_in_words(where: str) -> str:
    """A place as a reader calls it.

    Examples:
        >>> place_in_words("card:Environmental Impact:38"), place_in_words("metadata:co2_eq_emissions.source")
        ('card, line 38', 'metadata, co2_eq_emissions.source')
    """
    kind, _, rest = where.partition(":")
    name, _, last = rest.rpartition(":")
    if kind == "card" and last.isdigit():
        return f"card, line {last}"
    return f"file {name}, row {last}" if kind == "file" and name else f"{kind}, {rest}" if rest else kind
