"""Blocks of code of a card, and those that only show how a thing is done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document
from mining.card.document.lines import Line
from mining.patterns import regex

__all__ = ["code_blocks", "is_exercise", "is_shown_as_example"]

BLOCK_CAP = 2_000
"""Lines of one block that are read."""


def code_blocks(card: Document) -> Iterator[list[Line]]:
    """Runs of lines of code that follow each other.

    Args:
        card: A parsed card.

    Yields:
        Lines of one block.
    """
    block: list[Line] = []
    for line in card.body:
        if line.kind == "code" and (not block or line.number == block[-1].number + 1):
            block.append(line)
            continue
        if block:
            yield block[-BLOCK_CAP:]
        block = [line] if line.kind == "code" else []
    if block:
        yield block[-BLOCK_CAP:]


INTRODUCTION_LINES = 40
_EXAMPLE = regex(
    r"example|(?:typical|sample|expected|possible) output"
    r"|how to|\be\.?\s?g\.|such as|template|for instance|\bformat\b|snippet|\busage\b|looks? like|\byou (?:can"
    r"|could|should|may)\b"
    r"|\badd (?:this|these|the following|a)\b|your (?:own )?(?:card|model|readme|metadata)"
    r"|\bexercises?\b|\bworksheet|\bhomework\b|\blesson\b|\bquiz\b",
    re.IGNORECASE,
    stems="example;output;how to;g.;such as;template;for instance;format;snippet;usage;look;you ;add ;your ;exercise"
    ";worksheet;homework;lesson;quiz",
)
"""Words that lead to a block of code which only shows how a thing is written."""


def is_shown_as_example(card: Document, number: int) -> bool:
    """Whether the headings above a line of code, or the text that leads to it, say that it only shows how it is done.

    Args:
        card: A parsed card.
        number: Number of the line.
    """
    above = (card.line(at) for at in range(number - 1, max(0, number - INTRODUCTION_LINES), -1))
    introduction = next((line.plain for line in above if line.kind == "text"), "")
    return _EXAMPLE.search(f"{card.line(number).path} {introduction}") is not None


_EXERCISE = regex(
    r"\bexercises?\b|\bworksheet|\bhomework\b|\blesson\b|\bquiz\b|\btutorial\b|\bmade[- ]up\b|\bfictitious\b"
    r"|\bpractice\b",
    re.IGNORECASE,
    stems="exercise;worksheet;homework;lesson;quiz;tutorial;made-up;made up;fictitious;practice",
)


def is_exercise(card: Document, number: int) -> bool:
    """Whether the headings above a line, or the text that leads to it, call what follows an exercise or made up.

    Args:
        card: A parsed card.
        number: Number of the line.
    """
    line = card.line(number)
    above = (card.line(at) for at in range(number - 1, max(0, number - INTRODUCTION_LINES), -1))
    introduction = next((one.plain for one in above if one.kind == "text"), "") if line.kind == "code" else ""
    return _EXERCISE.search(f"{line.path} {introduction}") is not None
