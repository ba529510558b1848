"""Base models whose name begins this model's ("crest-3b" on the card of crest-3b-recipes): who is meant by it."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.patterns import regex

__all__ = ["names_base", "stated_bases", "with_bases_told"]

_BASES = regex(r"^base_model:([^\n]{0,200}(?:\n\s{0,8}-[^\n]{0,200}){0,6})", re.MULTILINE)
_ID = regex(r"[\w.-]{2,60}/([\w.-]{3,60})")
_SEPARATORS = regex(r"[-_\s]+")
STAND_INS = ("base model", "the base", "teacher", "parent")
"""Words for a base model, the longest first; one of them stands in for its name, at the same length."""


def stated_bases(front: str) -> str:
    """What the metadata state as base models, the key left out; nothing where they state none.

    Args:
        front: Text of the metadata.
    """
    stated = _BASES.search(front) if "base_model:" in front else None
    return "" if stated is None else stated[1]


@lru_cache(maxsize=16)
def _mentions(front: str, title: str | None) -> re.Pattern[str] | None:
    """An expression of the names of base models that this model's own name goes on from."""
    stated = stated_bases(front)
    if not stated or not title:
        return None
    own = _SEPARATORS.sub("-", title.strip().lower().rpartition("/")[2])
    bases = {_SEPARATORS.sub("-", match[1].lower()) for match in _ID.finditer(stated)}
    shared = sorted(base for base in bases if base != own and own.startswith(f"{base}-"))
    if not shared:
        return None
    rest = {own[len(base) + 1 :].partition("-")[0] for base in shared}
    names = "|".join(re.escape(base).replace(r"\-", r"[-_\s]") for base in reversed(shared))
    return re.compile(
        rf"(?<![\w-])(?:{names})(?!\w|[-_]\w|\.\w|\s(?:{'|'.join(map(re.escape, sorted(rest)))})\b)", re.IGNORECASE
    )


def with_bases_told(text: str, front: str, title: str | None) -> str:
    """A text of the same length in which such a base is called one.

    Args:
        text: Plain text.
        front: Text of the metadata.
        title: Name of this model.
    """
    mentions = _mentions(front, title)
    if mentions is None:
        return text
    return mentions.sub(
        lambda found: found.group() if _is_owned(text, found.start()) else _stand_in(found.group()), text
    )


_OWNED = regex(
    r"\b(?:our|my|this|unser\w*|mein\w*|dies\w*|notre|mon|ce|nuestr[oa]|est[ea]|noss[oa]|nostr[oa]|questo|ons|onze"
    r"|dit|nasz\w*"
    r"|наш\w*|эт\w+|ця|vår\w*|vores|bizim|bu)\s(?:own\s|tuned\s|fine-tuned\s)?$",
    re.IGNORECASE,
)


def _is_owned(text: str, at: int) -> bool:
    """Whether a name is that of a base as it was tuned here ("our BERT-base run")."""
    return _OWNED.search(text, max(0, at - OWNED_REACH), at) is not None


OWNED_REACH = 24


def _stand_in(name: str) -> str:
    return next((word for word in STAND_INS if len(word) <= len(name)), name).rjust(len(name))


def names_base(label: str, front: str, title: str | None) -> bool:
    """Whether a label names such a base.

    Args:
        label: Plain text.
        front: Text of the metadata.
        title: Name of this model.
    """
    mentions = _mentions(front, title)
    return mentions is not None and mentions.search(label) is not None
