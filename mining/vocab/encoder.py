"""Closed vocabularies: a written value is a standard name, a known fix of one, known to be no answer, or unseen.

The three lists of a vocabulary are proven disjoint when it first files a value, and every fix points at a standard
name. A value that stands in no list is *unseen*: it is counted and set aside (``mining.vocab.quarantine``) until a
person files it, and never becomes a category by itself. The idea of the three lists follows the coding tables of
catalyst-cooperative/pudl.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Literal

from msgspec import Struct

from mining.patterns import regex

__all__ = ["Code", "Coded", "Encoder", "fold", "key_of", "unaccented", "unaccented_piece"]

TEXT_CAP = 400
"""Characters of a value that are looked at; a longer value is in no vocabulary anyway."""

Status = Literal["standard", "fixed", "hopeless", "unseen"]
Code = tuple[Status, str | None]
"""What a key is filed as, and its standard name."""
_WORD = regex(r"[^\W_]+")
_ASCII_WORDS = bytes(mark if chr(mark).isalnum() else 32 for mark in range(128)) + bytes(128)


class Coded(Struct, frozen=True):
    """What became of one written value: ``name`` the standard name, None where there is none; ``key`` folded."""

    status: Status
    name: str | None
    key: str


def unaccented(text: str) -> str:
    """Casefolded text without accents; ASCII text only changes case."""
    text = text.casefold()
    if text.isascii():
        return text
    # letters for mathematics ("𝑨") become capitals only by normalizing, and folding may compose marks anew
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


@lru_cache(maxsize=32_768)
def unaccented_piece(text: str) -> str:
    """:func:`unaccented` of a few letters, which come again and again in scripts that are written without blanks."""
    return unaccented(text)


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Key of a written value: case, accents, punctuation, emphasis and spacing do not matter.

    Args:
        text: Any text.

    Returns:
        Lower-case words joined by single blanks; empty where the text holds no letter and no digit.
    """
    text = text[:TEXT_CAP]
    if "+" in text:
        text = text.replace("++", " plusplus ")
    if text.isascii():
        return " ".join(text.lower().encode().translate(_ASCII_WORDS).decode().split())
    return " ".join(_WORD.findall(unaccented(text)))


def key_of(spelling: str) -> str:
    """:func:`fold` for the spellings of packaged tables, most of which are keys already (no two blanks in a row)."""
    is_key = spelling.isascii() and spelling.islower() and spelling.replace(" ", "").isalnum()
    return spelling if is_key else fold(spelling)


class Encoder:
    """One closed vocabulary.

    Args:
        name: Name of the vocabulary.
        standards: Attributes of each standard name.
        fixes: Known other spelling -> standard name.
        hopeless: Values known to be no answer ("unknown", "N/A", a bare label ...).
        are_keys: Whether the fixes and the hopeless values are folded already.
        codes: Gives the three lists by key, already proven, instead of fixes and hopeless values.
    """

    def __init__(
        self,
        name: str,
        standards: Mapping[str, Mapping[str, str]],
        fixes: Collection[tuple[str, str]] = (),
        hopeless: Collection[str] = (),
        are_keys: bool = False,
        codes: Callable[[], dict[str, Code]] | None = None,
    ) -> None:
        self.name = name
        self._standards = standards
        self._lists = fixes, hopeless, are_keys
        self._given = codes

    @cached_property
    def _codes(self) -> dict[str, Code]:
        """The three lists by key; made when the first value is filed, since many readers only ask for attributes."""
        return self._given() if self._given is not None else self.codes()

    def codes(self) -> dict[str, Code]:
        """The three lists by key, proven.

        Raises:
            ValueError: The lists overlap, or a fix points at no standard name.
        """
        fixes, hopeless, are_keys = self._lists
        codes: dict[str, Code] = {}
        for standard in self._standards:
            self._file(codes, key_of(standard), standard, ("standard", standard))
        last: Code = ("fixed", None)
        for spelling, standard in fixes:
            if standard != last[1]:
                if standard not in self._standards:
                    message = f"vocabulary {self.name}: {spelling!r} points at {standard!r}, which is no standard name"
                    raise ValueError(message)
                last = ("fixed", standard)
            self._file(codes, spelling if are_keys else key_of(spelling), spelling, last)
        code: Code = ("hopeless", None)
        for value in hopeless:
            self._file(codes, value if are_keys else key_of(value), value, code)
        return codes

    def _file(self, codes: dict[str, Code], key: str, value: str, code: Code) -> None:
        known = codes.setdefault(key, code)
        if known is not code and (known[1] != code[1] or not key):
            raise ValueError(f"vocabulary {self.name}: {value!r} is in two places")

    def __iter__(self) -> Iterator[str]:
        return iter(self._standards)

    def __len__(self) -> int:
        return len(self._standards)

    def __contains__(self, name: object) -> bool:
        return name in self._standards

    def encode(self, text: str) -> Coded:
        """File one written value.

        Args:
            text: The value as written; any text.

        Returns:
            Its code. A value without letters and digits ("-", "**", "") is hopeless.

        Raises:
            ValueError: The lists overlap, or a fix points at no standard name.
        """
        key = fold(text)
        if not key:
            return Coded("hopeless", None, key)
        return Coded(*self._codes.get(key, ("unseen", None)), key)

    def attributes(self, name: str) -> Mapping[str, str]:
        """Attributes of a standard name.

        Raises:
            KeyError: No such standard name.
        """
        return self._standards[name]

    def keys(self, status: Status) -> tuple[str, ...]:
        """Folded values of one list, in the order they were filed."""
        return tuple(key for key, (filed, _) in self._codes.items() if filed == status)
