"""Regular expressions that are compiled when they are first used.

Card reading knows hundreds; compiling all of them would be half of a cold start, while an ordinary card
needs a few. An expression of many alternatives may name stems, one of which any match holds: where none of them stands
in a text, it is neither searched nor compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_METHODS = (
    "search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "groupindex", "groups", "flags",
)  # fmt: skip

_ESCAPED = re.compile(r"\\.|\(\?P<")


class _Later:
    """Stands for a compiled expression; the first use of any of its methods compiles it and takes its place."""

    __slots__ = ("_as_written", "_options", "_source", "_stems", "pattern", *_METHODS)

    def __init__(self, source: str, options: int, stems: str, as_written: bool) -> None:
        self._source = self.pattern = source
        self._options = options
        self._stems = stems
        self._as_written = as_written
        if stems:
            _WRITTEN.append(stems)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        if self._stems and name in _NOTHING:
            setattr(self, name, _gated(self, name, _NOTHING[name]))
            return getattr(self, name)
        if self._stems and name == "sub":
            self.sub = _gated_sub(self)
            return self.sub
        compiled = self.compiled()
        for method in _METHODS:
            if not self._stems or (method not in _NOTHING and method != "sub"):
                setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def compiled(self, without: int = 0) -> re.Pattern[str]:
        """The compiled expression, without some of its flags."""
        return re.compile(self._source, self._options & ~without)

    def is_small(self) -> bool:
        """Whether it finds the same in small letters, with case and without, and may be sought in them."""
        if self._as_written:
            return False
        plain = _ESCAPED.sub("", self._source)
        return bool(self._options & re.IGNORECASE) and plain == plain.lower()

    def stems(self) -> tuple[frozenset[str], ...]:
        """Groups of pieces in small letters; every match holds a piece of each."""
        return tuple(frozenset(filter(None, group.split(";"))) for group in self._stems.split(_GROUPS))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what it stands for."""
        return regex, (self._source, self._options, self._stems, self._as_written)


_WRITTEN: list[str] = []
"""The stems of all expressions, as they are given."""
_GROUPS = " & "


MANY = 2_000
"""Texts from which one automaton of the stems of all expressions pays."""


KEPT, LONGEST = 1_000, 400
"""Texts whose stems are kept, and the characters of the longest of them: readers come back to a sentence in turn."""


_At = tuple[str, str, "frozenset[str] | None", int]
"""A text, the same in small letters, its stems once they were sought, and how many expressions had stems then."""


class _Looked:
    """The text that was last put into small letters; many expressions look at the same sentence one after the other.

    The first looks for its own stems; for the others the stems of all expressions are sought in one pass. What belongs
    together is one tuple that is read and set as a whole, so that threads never see the stems of another text.
    """

    __slots__ = ("_kept", "_made", "at", "texts")

    def __init__(self) -> None:
        self.at: _At = ("", "", None, 0)
        self.texts = 0
        self._kept: dict[str, _At] = {}
        self._made: tuple[AhoCorasick | None, int] = (None, 0)

    def take(self, text: str) -> _At:
        """Another text."""
        kept, before = self._kept, self.at
        if len(kept) > KEPT:
            self._kept = kept = {}
        if before[2] is not None and len(before[0]) <= LONGEST:
            kept[before[0]] = before
        known = kept.get(text)
        now = (text, text.lower(), None, 0) if known is None else (text, *known[1:])
        self.at = now
        self.texts += 1
        return now

    def look(self, at: _At) -> frozenset[str]:
        """The stems that a text holds."""
        automaton, known = self._made
        if automaton is None or known != len(_WRITTEN):
            import ahocorasick_rs

            known = len(_WRITTEN)
            stems = {stem for one in _WRITTEN for group in one.split(_GROUPS) for stem in group.split(";") if stem}
            automaton = ahocorasick_rs.AhoCorasick(sorted(stems), store_patterns=True)
            self._made = automaton, known
        found = frozenset(automaton.find_matches_as_strings(at[1], overlapping=True))
        self.at = (at[0], at[1], found, known)
        return found


_LOOKED = _Looked()
_NOTHING: dict[str, Callable[[], Any]] = {
    "search": lambda: None,
    "match": lambda: None,
    "fullmatch": lambda: None,
    "finditer": lambda: iter(()),
    "findall": list,
}
"""What the methods answer of a text in which nothing matches."""
_IN_SMALL = frozenset({"search", "finditer"})


def _gated(later: _Later, name: str, nothing: Callable[[], Any]) -> Callable[..., Any]:
    """A method that first looks for the stems."""
    first, *others = later.stems()
    is_list = name == "findall"
    empty = nothing()  # an iterator at its end may be given to all, a list may not
    small = name in _IN_SMALL and later.is_small()
    in_small: Callable[..., Any] | None = None
    anywhere: Callable[..., Any] | None = None
    looked = _LOOKED

    def gated(text: str, *span: int) -> Any:
        nonlocal in_small, anywhere
        at = looked.at
        if text is at[0] and looked.texts > MANY:
            found = at[2]
            if found is None or at[3] != len(_WRITTEN):
                found = looked.look(at)
            if first.isdisjoint(found) or (others and any(map(found.isdisjoint, others))):
                return [] if is_list else empty
            low = at[1]
        else:
            low = at[1] if text is at[0] else looked.take(text)[1]
            holds = low.__contains__
            if not any(map(holds, first)) or (others and not all(any(map(holds, group)) for group in others)):
                return [] if is_list else empty
        if small and len(low) == len(text):
            in_small = in_small or getattr(later.compiled(re.IGNORECASE), name)
            return in_small(low, *span)
        anywhere = anywhere or getattr(later.compiled(), name)
        return anywhere(text, *span)

    return gated


def _gated_sub(later: _Later) -> Callable[..., str]:
    """Replaces what matches, after looking for the stems."""
    may_match = _gated(later, "search", lambda: None)

    def gated(new: Any, text: str, count: int = 0) -> str:
        return later.compiled().sub(new, text, count) if may_match(text) else text

    return gated


NEAR = 60
"""Characters before a word in which another one changes what it says."""


def text_before(text: str, at: int) -> str:
    """What stands right before a place in a text."""
    return text[max(0, at - NEAR) : at]


def regex(source: str, flags: int = 0, stems: str = "", as_written: bool = False) -> re.Pattern[str]:
    """An expression as :func:`re.compile` gives it, compiled when it is first used.

    Args:
        source: The expression; a wrong one is found when it is first used, so each has its test.
        flags: Flags of :mod:`re`.
        stems: Pieces in small letters, separated by ``;``, one of which every match holds (``tests/test_patterns.py``);
            where every match holds one of several groups, these are separated by `` & ``.
            An expression without capitals that ignores case is then searched in the text in small letters, so that the
            words of a match are small.
        as_written: Whether it is searched in the text as it is written nevertheless.
    """
    return cast("re.Pattern[str]", _Later(source, flags, stems, as_written))
