"""Vocabularies, each built from its packaged table when it is first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import repeat

from msgspec import Raw, Struct, msgpack

from mining.patterns import regex
from mining.prepared import prepared
from mining.vocab.encoder import Code, Encoder, fold, key_of
from mining.vocab.finder import Finder, codes_of
from mining.vocab.tables import path_of, read_table

__all__ = ["KEPT", "TABLES", "VOCABULARIES", "finder", "is_hopeless", "kept", "vocabulary"]

VOCABULARIES = ("generator", "hardware", "library", "licence", "provider", "region", "task", "tool", "training_type")
"""Names of the vocabularies; a table of the same name holds ``name``, attributes, and ``aliases`` (separated by
``;``)."""
KEPT = path_of("vocabularies").with_suffix(".msgpack")
TABLES = tuple(path_of(name) for name in (*VOCABULARIES, "hopeless", "machines"))

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


_Spelling = tuple[str, str]
"""A mark and a key: ``?`` needs a fitting label or neighbour, ``=`` is the whole value."""


@cache
def _spellings(name: str) -> tuple[tuple[str, tuple[_Spelling, ...]], ...]:
    """Standard names of a vocabulary, each with its other spellings, folded."""
    return tuple((row["name"], tuple(_aliases(row.get("aliases", "")))) for row in read_table(name))


def _aliases(cell: str) -> Iterable[_Spelling]:
    """Marks and keys of the spellings in a cell, most of which are keys as they stand."""
    if not cell:
        return ()
    letters = cell.replace(";", "").replace(" ", "").replace(_WEAK, "").replace(_WHOLE, "")
    if letters.isascii() and letters.islower() and letters.isalnum():
        if _WEAK not in cell and _WHOLE not in cell:
            return zip(repeat(""), filter(None, cell.split(";")), strict=False)
        return [(alias[: len(alias) - len(key)], key) for alias in cell.split(";") if (key := alias.lstrip("?="))]
    return [
        (alias[: len(alias) - len(text)], key_of(text)) for alias in cell.split(";") if (text := alias.lstrip("?="))
    ]


@cache
def _hopeless() -> tuple[tuple[str, frozenset[str]], ...]:
    """Folded values that are no answer, each with the vocabularies in which they are one."""
    return tuple((key_of(row["value"]), frozenset(row["unless"].split(";"))) for row in read_table("hopeless"))


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
    return Encoder(name, _Standards(_kept()[name].standards), codes=partial(_codes_of, name))


class _Standards(Mapping[str, Mapping[str, str]]):
    """Attributes of standard names, each read when it is asked for."""

    def __init__(self, kept: Raw) -> None:
        self._rows: dict[str, Raw | dict[str, str]] = msgpack.decode(kept, type=dict[str, Raw])

    def __getitem__(self, name: str) -> dict[str, str]:
        row = self._rows[name]
        if not isinstance(row, dict):
            row = self._rows[name] = msgpack.decode(row, type=dict[str, str])
        return row

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _codes_of(name: str) -> dict[str, Code]:
    return msgpack.decode(_kept()[name].codes, type=dict[str, Code])


class _Kept(Struct, frozen=True):
    """Attributes by standard name, what a value is filed as by key, and what a finder knows spellings by."""

    standards: Raw
    codes: Raw
    spellings: Raw


def kept() -> dict[str, _Kept]:
    """All vocabularies as they are kept, made anew of the tables; the three lists of each are proven."""
    return {
        name: _Kept(*(Raw(msgpack.encode(one)) for one in (_rows(name), _encoder_of(name).codes(), _found_by(name))))
        for name in VOCABULARIES
    }


@cache
def _kept() -> dict[str, _Kept]:
    return prepared(KEPT, TABLES, dict[str, _Kept], kept)


def _rows(name: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in read_table(name)}


def _encoder_of(name: str) -> Encoder:
    standards = _rows(name)
    fixes = [(key, standard) for standard, spellings in _spellings(name) for _, key in spellings]
    hopeless = [key for key, unless in _hopeless() if name not in unless]
    return Encoder(name, standards, fixes, hopeless, are_keys=True)


def _found_by(name: str) -> dict[str, tuple[str, bool]]:
    strong: dict[str, str] = {}
    weak: dict[str, str] = {}
    for standard, spellings in _spellings(name):
        strong[key_of(standard)] = standard
        for mark, key in spellings:
            if mark != _WHOLE:
                (weak if mark == _WEAK else strong)[key] = standard
    if name == "hardware":
        for row in read_table("machines"):
            strong[key_of(row["machine"])] = row["machine"]
            strong[key_of(row["machine"].removeprefix("Standard_"))] = row["machine"]
    return codes_of(strong, weak, compounds=name == "hardware")


@cache
def finder(name: str) -> Finder:
    """Finder of standard names of one vocabulary inside longer texts.

    Args:
        name: One of :data:`VOCABULARIES`.

    Returns:
        Its finder; spellings marked weak are found only when asked for, spellings that count only as a whole value
        never.
    """
    codes = msgpack.decode(_kept()[name].spellings, type=dict[str, tuple[str, bool]])
    return Finder({}, {}, compounds=name == "hardware", codes=codes)


@cache
def _hopeless_keys() -> frozenset[str]:
    return frozenset(key for key, _ in _hopeless())


def is_hopeless(text: str) -> bool:
    """Whether a value is known to be no answer: empty, punctuation, "unknown" and their like."""
    key = fold(text)
    return not key or key in _hopeless_keys() or (len(key) < 160 and _PLACEHOLDER.search(key) is not None)
