"""Which tool wrote a card.

Generators leave three kinds of marks: a sentence of their template in the text, a tag, and a library. The text is asked
first, since tags outlive a card that was rewritten by hand; without a text the tags decide. The first mark that holds
wins, special before general.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

HEAD_CHARACTERS = 20_000

_ROWS = list(csv.DictReader(Path(__file__).with_name("generator_marks.csv").read_text(encoding="utf-8").splitlines()))


def _marks(where: str) -> dict[str, list[str]]:
    """Marks in one place by generator, in the order in which they are looked for."""
    found: dict[str, list[str]] = {}
    for row in _ROWS:
        if row["where"] == where:
            found.setdefault(row["generator"], []).append(row["mark"])
    return found


_TEXT_MARKS = [(name, mark) for name, marks in _marks("text").items() for mark in marks]

_TEMPLATE_MARK = "[more information needed]"
_TEMPLATE_LEAST = 10
"""Empty slots from which a card counts as the Hub's template left as it was."""

_TEMPLATE_HEADINGS = _marks("heading")["template"]
"""Headings of ``modelcard_template.md`` (huggingface_hub 2.4); six of them together hardly come by chance."""
_HEADINGS_LEAST = 6

_TAG_MARKS = {tag: (rank, name) for rank, (name, tags) in enumerate(_marks("tag").items()) for tag in tags}
"""Tags that a generator leaves, and their rank: the lowest wins."""
_TAG_NAMES = frozenset(_TAG_MARKS)
_TRAINER = "trainer"
_SENTENCE_TAG = "sentence-transformers"


def generator_of(text: str | None, tags: Sequence[str]) -> str | None:
    """Name of the tool that wrote the card.

    Args:
        text: Text of the card; None where it was not read.
        tags: Tags as listed.

    Returns:
        Name of the generator; None where the card was written by hand or the tool is not recognised.
    """
    if text:
        return _by_text(text[:HEAD_CHARACTERS].lower(), tags)
    return _by_tags(tags)


@cache
def _automaton() -> BytesAhoCorasick:
    """Finds all marks of a text in one pass: those of generators, then the headings and the slot of the template."""
    import ahocorasick_rs

    marks = [*(mark for _, mark in _TEXT_MARKS), *_TEMPLATE_HEADINGS, _TEMPLATE_MARK]
    kind = ahocorasick_rs.Implementation.DFA
    return ahocorasick_rs.BytesAhoCorasick([mark.encode() for mark in marks], implementation=kind)


def _by_text(text: str, tags: Sequence[str]) -> str | None:
    hits = _automaton().find_matches_as_indexes(text.encode("utf-8", "surrogatepass"), overlapping=True)
    if not hits:
        return _by_tags(tags)
    found = Counter([number for number, _, _ in hits])
    first = min(found, default=len(_TEXT_MARKS))
    if first < len(_TEXT_MARKS):
        return _TEXT_MARKS[first][0]
    by_tags = _by_tags(tags)
    return "template" if by_tags is None and _is_template(found) else by_tags


def _is_template(found: Counter[int]) -> bool:
    """Whether the Hub's template can still be seen: many empty slots, or most of its own headings."""
    slots = found.pop(len(_TEXT_MARKS) + len(_TEMPLATE_HEADINGS), 0)
    return slots >= _TEMPLATE_LEAST or len(found) >= _HEADINGS_LEAST


def _by_tags(tags: Sequence[str]) -> str | None:
    if _TAG_NAMES.isdisjoint(tags):
        return None
    name = min(_TAG_MARKS[tag] for tag in tags if tag in _TAG_MARKS)[1]
    return _SENTENCE_TAG if name == _TRAINER and _SENTENCE_TAG in tags else name
