"""Answers of pure functions of short texts, kept: the sentences of templates come again on card after card."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

__all__ = ["LONGEST", "remembered"]

LONGEST = 1_000
"""Characters of the longest text whose answer is kept, so that hostile texts fill no memory."""
Rest = ParamSpec("Rest")
Kept = TypeVar("Kept")


def remembered(
    most: int,
) -> Callable[[Callable[Concatenate[str, Rest], Kept]], Callable[Concatenate[str, Rest], Kept]]:
    """Keep the latest answers of a function whose first argument is a text, and whose answers nobody changes.

    Args:
        most: How many answers are kept.

    Returns:
        A decorator.
    """

    def decorate(function: Callable[Concatenate[str, Rest], Kept]) -> Callable[Concatenate[str, Rest], Kept]:
        kept = lru_cache(maxsize=most)(function)

        def answer(text: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Kept:
            return kept(text, *rest, **named) if len(text) <= LONGEST else function(text, *rest, **named)  # type: ignore[arg-type]

        update_wrapper(answer, function)
        return answer

    return decorate
