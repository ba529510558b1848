"""Sentences that state emissions in a way that cannot be read: the language is unknown, or the number a fraction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document
from mining.card.document.passages import Passage, passages
from mining.card.extract.emission_claim import emission_claim
from mining.patterns import regex
from mining.schema import Claim
from mining.units import find_quantities

__all__ = ["of_fractions", "of_unknown_language"]

_TOKEN = regex(r"CO\s{0,6}2(?!\d)|\b[kM]Wh\b", re.IGNORECASE)
NEAR = 80
"""Characters around the token in which a number must stand."""
_FRACTION = regex(r"(?<![\d/.,٫])\d{1,3}\s?[/⁄∕]\s?(?=\d{1,3}(?![\d/]))")
"""The upper number of a fraction and its stroke; in Persian the stroke may be the decimal mark as well."""


def of_unknown_language(card: Document, used: set[int]) -> Iterator[Claim]:
    """The first sentence with CO2 or kWh and a number in an unknown language: stated, and not readable.

    Args:
        card: The card.
        used: Numbers of lines that other readers have read.
    """
    for passage in _passages(card, used):
        token = _TOKEN.search(passage.text)
        if token is not None and any(
            map(str.isdigit, passage.text[max(0, token.start() - NEAR) : token.end() + NEAR].replace("CO2", ""))
        ):
            yield _unreadable(passage, token.start())
            return


def of_fractions(card: Document, used: set[int]) -> Iterator[Claim]:
    """The first sentence that gives a fraction of a unit of CO2 ("3/4 kg CO2e"): stated, and not readable.

    Args:
        card: The card.
        used: Numbers of lines that other readers have read.
    """
    for passage in _passages(card, used):
        for upper in _FRACTION.finditer(passage.text):
            lower = passage.text[upper.end() :]
            found = next(find_quantities(lower[:NEAR]), None)
            if found is not None and found.start == 0 and found.has_co2 and found.rate is None:
                yield _unreadable(passage, upper.start())
                return


def _passages(card: Document, used: set[int]) -> Iterator[Passage]:
    return iter(passages([line for line in card.body if line.kind == "text" and line.number not in used]))


def _unreadable(passage: Passage, at: int) -> Claim:
    line = passage.line_at(at)
    text = line.text.strip()[:200]
    return emission_claim(text, line, line.number, "unknown", outcome="unreadable", flags=("prose",))
