"""Regular expressions that are compiled when they are first used.

Card reading knows more than a hundred; compiling all of them would be half of a cold start, while an ordinary card
needs a few.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = (
    "search",
    "match",
    "fullmatch",
    "finditer",
    "findall",
    "sub",
    "subn",
    "split",
    "pattern",
    "groupindex",
    "groups",
    "flags",
)


class _Later:
    """Stands for a compiled expression; the first use of any of its methods compiles it and takes its place."""

    __slots__ = ("_options", "_source", *_METHODS)

    def __init__(self, source: str, options: int) -> None:
        self._source = source
        self._options = options

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._source, self._options)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what it stands for."""
        return regex, (self._source, self._options)


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """An expression as :func:`re.compile` gives it, compiled when it is first used.

    Args:
        source: The expression; a wrong one is found when it is first used, so each has its test.
        flags: Flags of :mod:`re`.
    """
    return cast("re.Pattern[str]", _Later(source, flags))
