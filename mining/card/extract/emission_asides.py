"""Amounts whose words stand elsewhere: a footnote's in the sentence above, those of a list behind a model's size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.document.passages import Passage, sentences
from mining.card.extract.amounts import Amount
from mining.card.extract.roles import Role
from mining.card.lexicon.keywords import names_device
from mining.card.lexicon.words import TRAINING
from mining.patterns import regex

__all__ = ["referring_sentence", "tells_of_training", "with_own_size"]

_NOTE = regex(r"\s{0,3}\[\^(?P<mark>[\w-]{1,24})\]:", stems="[^")
NOTE_REACH = 400


def referring_sentence(card: Document, passage: Passage) -> str:
    """The sentence that a footnote is a note to; empty where a passage is none.

    Args:
        card: The card.
        passage: One of its paragraphs.
    """
    note = _NOTE.match(passage.lines[0].text)
    if note is None:
        return ""
    mark = f"[^{note['mark']}]"
    for line in card.body:
        at = line.text.find(mark)
        if at > 0 and not _NOTE.match(line.text):
            before = line.text[max(0, at - NOTE_REACH) : at]
            cut = sentences(before)
            return before[cut[-1][0] :] if cut else before
    return ""


def tells_of_training(sentence: str) -> bool:
    """Whether the sentence of a footnote tells of a training, or of devices and hours.

    Args:
        sentence: As it is written.
    """
    return TRAINING.search(sentence) is not None or names_device(sentence.lower())


_SIZE = (
    r"(?:tiny|mini|nano|micro|small|base|medium|large|xl|xxl|huge|giant|klein|mittel|groß|petit|moyen|grand"
    r"|peque\u00f1o|mediano|grande"
    r"|\d{1,4}(?:\.\d{1,2})?[bm])"
)
_SIZED = regex(
    rf"(?:^|[,;:.(–—]\s?|\b(?:and|und|et|y|e|en|i|the|for|a)\s)(?P<size>{_SIZE})(?:\s(?:model|variant"
    rf"|version))?\s?[:(=]?\s{{0,2}}"
    r"[~≈]?$",
    re.IGNORECASE,
)
"""Right before an amount of a list: the size that it is of ("small 0.6 t, medium 1.5 t")."""
_IN_TITLE = regex(rf"(?<![^\W_]){_SIZE}(?![^\W_])", re.IGNORECASE)
SIZE_REACH = 32


_OF_OTHERS = frozenset({"other", "other-name", "base", "base-name", "citation", "their-card", "sibling"})


def _size_of(amount: Amount) -> str:
    """The size that stands right before an amount; empty where none does."""
    if amount.quantity is None or not amount.grams:
        return ""
    start = amount.quantity.start
    match = _SIZED.search(amount.passage.text[max(0, start - SIZE_REACH) : start])
    return match["size"].lower() if match else ""


def with_own_size(amounts: Sequence[Amount], title: str) -> list[Amount]:
    """Amounts; of those of several sizes in one paragraph the one of the size in the card's title is this model's.

    Args:
        amounts: Amounts of one card in order.
        title: The card's title.
    """
    own = {one.lower() for one in _IN_TITLE.findall(title)}
    found: list[Amount] = []
    for _, group in groupby(amounts, lambda one: id(one.passage)):
        block = list(group)
        sizes = [_size_of(one) for one in block]
        named = [size for size in sizes if size]
        ours = [size for size in named if size in own]
        strange = any(size and one.has(_OF_OTHERS) for one, size in zip(block, sizes, strict=True))
        if not strange and len(set(named)) == len(named) > 1 and len(ours) == 1:
            block = [_of_size(one, size, ours[0]) for one, size in zip(block, sizes, strict=True)]
        found.extend(block)
    return found


def _of_size(amount: Amount, size: str, own: str) -> Amount:
    if size == own:
        flags = tuple(dict.fromkeys((*(flag for flag in amount.claim.flags if flag != "unclear-subject"), "total")))
        claim = replace(amount.claim, scope="training-run", flags=flags)
        return replace(amount, claim=claim, role=Role("training-run", True, None, 1.0, 9.0))
    if size:
        return replace(amount, claim=replace(amount.claim, scope="other-model"))
    is_total = "total" in amount.claim.flags
    return replace(amount, claim=replace(amount.claim, scope="family-total")) if is_total else amount
