"""What the words mean that are printed beside a model: rules, flags, scopes, outcomes, classes, routes."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from msgspec import Struct


class Term(Struct, frozen=True):
    """One word and its meaning.

    Attributes:
        kind: Closed list that it belongs to, such as `rule` or `flag`; `word` where there is none.
        name: As it is printed or written.
    """

    kind: str
    name: str
    meaning: str


@cache
def terms() -> tuple[Term, ...]:
    """All words, from ``terms.csv``; a name can stand in several lists."""
    lines = files("analysis.classify").joinpath("terms.csv").read_text(encoding="utf-8").splitlines()
    return tuple(Term(**row) for row in csv.DictReader(lines))


def meaning(kind: str, name: str) -> str:
    """What a word of one list means.

    Raises:
        KeyError: The list has no such word.
    """
    found = next((term.meaning for term in terms() if (term.kind, term.name) == (kind, name)), None)
    if found is None:
        raise KeyError(f"{kind} {name}")
    return found
