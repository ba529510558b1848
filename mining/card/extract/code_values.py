"""When a value in a block of code is an example or a program's, not what this model emitted."""

from __future__ import annotations

import re

from mining.card.document.code_blocks import is_exercise, is_shown_as_example
from mining.card.document.document import Document, LabelledValue
from mining.card.document.keyed import is_key_of_emissions
from mining.card.extract.emission_surroundings import is_about_emissions
from mining.card.lexicon.words import ENVIRONMENT, TRAINING
from mining.patterns import regex

__all__ = ["is_of_a_program"]

_METRIC = regex(r"(?:train|val(?:id)?|eval|test|dev)[/_.]\w", re.IGNORECASE)
"""A metric that a trainer logs, whatever it is named ("train/emissions_kg")."""


def is_of_a_program(card: Document, pair: LabelledValue, parents: str) -> bool:
    """Whether a value in a block of code is not to be read: an example, a metric, what a model of emissions returns.

    Args:
        card: The card.
        pair: The value with its label.
        parents: The labels above it.
    """
    label = " ".join(pair.label.split())
    return (
        (is_about_emissions(card) and _OF_A_RUN.search(_around(card, pair)) is None)
        or (_is_forecaster(card) and _OF_A_TRAINING.search(_around(card, pair)) is None)
        or (_METRIC.match(label) is not None and sum(one.label == pair.label for one in card.labelled_values) > 1)
        or not pair.value.strip()
        or _is_example(card, pair, " ".join((parents, label, pair.value[:200])))
    )


def _is_forecaster(card: Document) -> bool:
    """Whether a card introduces its model as one that works emissions out."""
    first = next((line.plain for line in card.body if line.kind == "text" and line.plain.strip()), "")
    return _WORKS_OUT.match(first) is not None


_WORKS_OUT = regex(
    r"\W{0,4}(?:(?:This|The|A|An)\s(?:[\w-]+\s){0,3}?(?:model|network|regressor|regression|tagger|extractor)\s(?:that\s"
    r"|which\s|to\s)?)?(?:estimat|predict|comput|calculat|forecast|extract)(?:es|s|e)?\s[^.;:]{0,40}?(?:CO[2₂]|emissions?"
    r"|carbon|footprint)",
    re.IGNORECASE,
)


def _is_example(card: Document, pair: LabelledValue, context: str) -> bool:
    """Whether a value in a code block is an example or a program's, not what this model emitted."""
    path = card.line(pair.line).path
    if is_shown_as_example(card, pair.line) or is_exercise(card, pair.line):
        return True
    if ENVIRONMENT.search(path) or TRAINING.search(context):
        return False
    if not (is_key_of_emissions(pair.label) or pair.label.lower().startswith(("final", "total", "overall", "co2"))):
        return True
    return _OF_A_RUN.search(_around(card, pair)) is None


def _around(card: Document, pair: LabelledValue) -> str:
    """The lines of code around a value."""
    around = card.lines[max(0, pair.line - RECORD_LINES - 1) : pair.line + RECORD_LINES]
    return " ".join(line.text[:400] for line in around if line.kind == "code")


RECORD_LINES = 12
_TRAINED = r"kwh|energy|[gt]pu|train|hardware|source|steps|loss|epoch"
_OF_A_TRAINING = regex(_TRAINED, re.IGNORECASE)
_OF_A_RUN = regex(rf"{_TRAINED}|duration|hours|runtime|seconds|elapsed|wall|clock", re.IGNORECASE)
"""What a run's record holds beside its emissions."""
