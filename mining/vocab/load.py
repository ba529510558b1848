"""Vocabularies, each built from its packaged table when it is first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mining.patterns import regex
from mining.vocab.encoder import Encoder, fold, key_of
from mining.vocab.finder import Finder
from mining.vocab.tables import read_table

__all__ = ["VOCABULARIES", "finder", "is_hopeless", "vocabulary"]

VOCABULARIES = ("generator", "hardware", "library", "licence", "provider", "region", "task", "tool", "training_type")
"""Names of the vocabularies; a table of the same name holds ``name``, attributes, and ``aliases`` (separated by
``;``)."""

_WEAK, _WHOLE = "?", "="
_PLACEHOLDER = regex(
    r"more info\w* (?:is )?needed|information (?:is )?(?:not|un)\s?available|to be (?:added|determined|announced"
    r"|filled|completed|decided)"
    r"|fill (?:me|this|in)\b|not (?:yet )?(?:specified|provided|disclosed|known|measured|reported|available|recorded"
    r"|tracked)$"
    r"|(?:not|never) (?:specified|disclosed|stated|reported|known|given|mentioned) in\b"
    r"|^(?:currently |still |mostly |presumably )?unknown\b|\bdefault\(|^needs? more info|^forthcoming|^coming soon"
    r"|^to be \w+$|^e g |^for (?:example|instance)\b|^example\b|^z b |^por ejemplo|^par exemple|^p ex |^misalnya",
    re.IGNORECASE,
    stems="more info;information;to be ;fill ;not ;never ;unknown;default;forthcoming;coming soon"
    ";e g ;instance;example;z b ;ejemplo;exemple;p ex;misal",
)


def _aliases(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Marks and spellings of one row: ``?`` needs a fitting label or neighbour, ``=`` is the whole value."""
    for alias in row.get("aliases", "").split(";"):
        text = alias.lstrip("?=")
        if text:
            yield alias[: len(alias) - len(text)], text


@cache
def vocabulary(name: str) -> Encoder:
    """The closed vocabulary of that name.

    Args:
        name: One of :data:`VOCABULARIES`.

    Returns:
        Its encoder; the same object every time.

    Raises:
        KeyError: No such vocabulary.
    """
    if name not in VOCABULARIES:
        raise KeyError(name)
    rows = read_table(name)
    standards = {row["name"]: row for row in rows}
    fixes = [(text, row["name"]) for row in rows for _, text in _aliases(row)]
    hopeless = [row["value"] for row in read_table("hopeless") if name not in row["unless"].split(";")]
    return Encoder(name, standards, fixes, hopeless)


@cache
def finder(name: str) -> Finder:
    """Finder of standard names of one vocabulary inside longer texts.

    Args:
        name: One of :data:`VOCABULARIES`.

    Returns:
        Its finder; spellings marked weak are found only when asked for, spellings that count only as a whole value
        never.
    """
    strong: dict[str, str] = {}
    weak: dict[str, str] = {}
    for row in read_table(name):
        strong[key_of(row["name"])] = row["name"]
        for mark, text in _aliases(row):
            if mark != _WHOLE:
                (weak if mark == _WEAK else strong)[key_of(text)] = row["name"]
    if name == "hardware":
        for row in read_table("machines"):
            strong[key_of(row["machine"])] = row["machine"]
            strong[key_of(row["machine"].removeprefix("Standard_"))] = row["machine"]
    return Finder(strong, weak, compounds=name == "hardware")


@cache
def _hopeless_keys() -> frozenset[str]:
    return frozenset(fold(row["value"]) for row in read_table("hopeless"))


def is_hopeless(text: str) -> bool:
    """Whether a value is known to be no answer: empty, punctuation, "unknown" and their like."""
    key = fold(text)
    return not key or key in _hopeless_keys() or (len(key) < 160 and _PLACEHOLDER.search(key) is not None)
