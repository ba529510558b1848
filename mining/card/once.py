"""Attributes that are worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

__all__ = ["once"]

Kept = TypeVar("Kept")


class once(Generic[Kept]):  # noqa: N801 - a decorator
    """An attribute of an object of one thread: :class:`functools.cached_property` without its lock.

    That lock (Python 3.11) costs more than many of the answers, of which a card asks a dozen.

    Args:
        work: The method that works it out; its answer then stands in the object's ``__dict__``.
    """

    def __init__(self, work: Callable[[Any], Kept]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> once[Kept]: ...
    @overload
    def __get__(self, owner: object, kind: type) -> Kept: ...
    def __get__(self, owner: object | None, kind: type) -> once[Kept] | Kept:
        if owner is None:
            return self
        kept = owner.__dict__[self._name] = self._work(owner)
        return kept
