"""What a card calls its model: its first heading, or, where that is any card's, the name that its text begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from mining.card.document.lines import Line
from mining.patterns import regex

__all__ = ["is_telling", "title_of"]

_OF_ANY_CARD = regex(
    r"\W*(?:model |the )*(?:card|information|info|details?|summary|description|overview|introduction|about|readme|model"
    r"|training|usage|intended use|release|highlights)(?: (?:card|of|for|the|this|model|details))*\W*",
    re.IGNORECASE,
    stems="card;info;detail;summary;description;overview;introduction;about;readme;model;training;usage;use;release"
    ";highlights",
)
_BEGINS_WITH = regex(
    r"(?:we (?:introduce|present|release)\s|(?:introducing|this is|the)\s)?(?:\*\*|__|`)"
    r"(?P<name>[^\W\d_][\w.+]*(?:[\s-][\w.+-]+){0,5})(?:\*\*|__|`)",
    re.IGNORECASE,
)
"""A sentence that begins with a name in bold or as code."""
_TELLING = regex(r"\d|[a-z][A-Z]|\w-\w")
LINES = 12
SIGNS = 120


def is_telling(name: str) -> bool:
    """Whether a name has a mark that words do not have: a digit, a hyphen, a capital inside."""
    return _TELLING.search(name) is not None


def title_of(lines: Sequence[Line], body: Iterable[Line]) -> str | None:
    """The name that a card gives its model.

    Args:
        lines: All lines of the card.
        body: Those behind the front matter.
    """
    heading = next((line.section for line in lines if line.kind == "heading"), None)
    if heading is not None and _OF_ANY_CARD.fullmatch(heading) is None:
        return heading
    texts = islice((line for line in body if line.kind == "text"), LINES)
    begun = (_BEGINS_WITH.match(line.text.strip()[:SIGNS]) for line in texts)
    return next((one["name"] for one in begun if one is not None and is_telling(one["name"])), heading)
