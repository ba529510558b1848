"""Amounts that a statement adds up without a word for their sum, and one to which another is added unread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from mining.card.extract.amounts import NO_STAGE, Amount
from mining.card.values.emission_value import PLUS
from mining.patterns import regex
from mining.schema import OWN_SCOPES

__all__ = ["MOST_PARTS", "PART_OF", "are_added", "is_first_of_more"]

MOST_PARTS = 8
PART_OF = frozenset({*OWN_SCOPES, "component"})


def are_added(block: Sequence[Amount]) -> bool:
    """Whether a plus stands between all amounts of a statement ("9.8 kg for this + 0.7 kg for that").

    Args:
        block: Amounts of one statement in order.
    """
    text = block[0].passage.text
    return (
        2 <= len(block) <= MOST_PARTS
        and "+" in text
        and all(one.passage is block[0].passage and one.quantity for one in block)
        and all(one.grams and one.claim.scope in PART_OF and not one.has(NO_STAGE) for one in block)
        and all(
            first.quantity is not None
            and after.quantity is not None
            and PLUS.fullmatch(text[first.quantity.end : after.quantity.start])
            for first, after in pairwise(block)
        )
    )


def is_first_of_more(amount: Amount, block: Sequence[Amount]) -> bool:
    """Whether a lone amount is said of the first of several passes, and the next one adds to it in other words.

    Args:
        amount: The amount.
        block: Amounts of its statement in order.
    """
    if amount.quantity is None or sum(one.claim.scope in PART_OF for one in block) != 1:
        return False
    text = amount.passage.text
    low = max(0, amount.quantity.start - FIRST_REACH)
    return (
        _THE_FIRST.search(text, low, amount.quantity.start) is not None
        and _THE_NEXT.search(text, amount.quantity.end, amount.quantity.end + FIRST_REACH) is not None
    )


FIRST_REACH = 220
_THE_FIRST = regex(r"\bthe first\b(?!\stime)", re.IGNORECASE)
_THE_NEXT = regex(
    r"\bthe (?:second|other|next|third)\b[^.;]{0,120}\b(?:added|adding|another|cost|took|emitted|put)\b", re.IGNORECASE
)
