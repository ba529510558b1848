"""Licence identifiers as the Hub writes them, other spellings brought to them by the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from mining.normalize.wire import CardData, texts
from mining.vocab import vocabulary

TAG_PREFIX = "license:"
MAX_TEXT = 80


def licence_of(card: CardData | None, tags: Sequence[str]) -> str | None:
    """Licence identifier, lower case: from the metadata, else from the tags; several are joined by a comma.

    ``other`` is followed by the name that the metadata gives, where it gives one.
    """
    stated = texts(card.license) if card is not None else ()
    if not stated:
        stated = tuple(tag[len(TAG_PREFIX) :] for tag in tags if tag.startswith(TAG_PREFIX))
    if not stated:
        return None
    if len(stated) == 1 and stated[0] != "other":
        return standard_licence(stated[0])
    name = ", ".join(dict.fromkeys(standard_licence(licence) for licence in stated))
    own = texts(card.license_name) if card is not None else ()
    return f"other: {own[0].lower()[:MAX_TEXT]}" if name == "other" and own else name


@lru_cache(maxsize=4_096)
def standard_licence(text: str) -> str:
    """Identifier of the vocabulary; the text itself in lower case, shortened, where the vocabulary does not know it."""
    return vocabulary("licence").encode(text).name or text.lower()[:MAX_TEXT]
