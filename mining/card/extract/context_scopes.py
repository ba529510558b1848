"""The scope that headings and labels give a field below them."""

from __future__ import annotations

import re

from mining.card.extract.context_statements import ELSEWHERE
from mining.patterns import regex
from mining.schema import Scope

__all__ = ["scope_above"]

_EVALUATION = regex(
    r"evaluat|benchmark|testing|validation|data generation|data collection|preprocess",
    re.IGNORECASE,
    stems="evaluat;benchmark;testing;validation;data ;preprocess",
)
_EXPERIMENTS = regex(
    r"all (?:the )?experiments|hyper-?parameter search|total project|development|\bpilot\b|\btrials?\b|\bablations?\b"
    r"|\bsweep\b|preliminary|\bfailed\b|original plan|planned"
    r"|\bnext (?:step|run|phase|training)\b|\bexpected (?:energy|emissions?|hours|duration|runtime|time|hardware"
    r"|consumption)",
    re.IGNORECASE,
    stems="all ;hyper;total project;development;pilot;trial;ablation;sweep;preliminary;failed;plan;next ;expected ",
)
_OTHERS = regex(
    r"related work|for (?:comparison|reference)|\bcompared\b|\bbaselines?\b|\b(?:original|base|parent|teacher"
    r"|previous) model(?:'s)?\b(?!$)|of the (?:original|base|teacher)",
    re.IGNORECASE,
    stems="related work;for comparison;for reference;compared;baseline;original;base;parent;teacher;previous",
)


def scope_above(words: str) -> Scope | None:
    """Scope that the headings and labels above a field give it; None where they name another model."""
    if _OTHERS.search(words):
        return None
    if ELSEWHERE.search(words) and not _AND_TRAINING.search(words):
        return "inference"
    if _EXPERIMENTS.search(words):
        return "experiments"
    return "component" if _EVALUATION.search(words) else "training-run"


_AND_TRAINING = regex(
    r"\b(?:inference|use|usage|deployment|operation)\s?(?:and|&|/|\+|und|et|y|e|en|i|и|і|و|ve|dan|và|och|og|ja"
    r"|,)?\s?train(?:ing|ed)\b"
    r"|\btrain(?:ing|ed)\s?(?:and|&|/|\+|und|et|y|e|en|i|и|і|و|ve|dan|và|och|og|ja|,)\s?(?:inference|use|usage"
    r"|deployment|operation)\b",
    re.IGNORECASE,
    stems="train & inference;use;usage;deployment;operation",
)
"""A heading over both ("Running and training")."""
