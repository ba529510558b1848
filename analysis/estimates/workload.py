"""Words of a card that lower the share of the rated power a training draws: declared by judgement, never fitted."""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["share_of_words"]

SMALL_NETWORK_SHARE = 0.5
"""Small networks on tables of numbers wait for kernel launches, not for arithmetic."""
_SMALL_NETWORK = regex(r"\b(?:tabular|recommend\w*|xgboost|mlp)\b", re.IGNORECASE)


def share_of_words(text: str) -> float:
    """Share by the words of a text; 1 where none lowers it."""
    return SMALL_NETWORK_SHARE if _SMALL_NETWORK.search(text) else 1.0
