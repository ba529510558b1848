"""Tables whose emissions are of no training: what a leaderboard spent, what the things emit that a model is about."""

from __future__ import annotations

import re

from mining.card.document.document import Line, Table
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = ["is_of_a_leaderboard", "is_of_the_world", "is_of_use"]

HEADS = 12
"""Heads of a table that are looked at."""


def is_of_a_leaderboard(table: Table, label: str) -> bool:
    """Whether a column gives what a leaderboard spent on running its benchmarks, which stand beside it.

    Args:
        table: The table.
        label: Head of the column.
    """
    is_cost = _COST.search(label) is not None
    return is_cost and any(_BENCHMARK.search(head) is not None for head in table.header[:HEADS])


_COST = regex(r"\bCO\S{1,2}\scosts?\b", re.IGNORECASE)
_BENCHMARK = regex(
    r"\b(?:IFEval|BBH|GPQA|MUSR|MMLU(?:[- ]?Pro)?|HellaSwag|TruthfulQA|Winogrande|GSM8K|MATH(?: lvl 5)?|ARC(?:-C)?"
    r"|Average)\b",
    re.IGNORECASE,
)


def is_of_use(caption: str, languages: frozenset[str]) -> bool:
    """Whether the words above a table say that it is of the model's use.

    Args:
        caption: The line above the table.
        languages: Languages whose words count.
    """
    concepts = {hit.concept for hit in find_concepts(caption, languages)}
    return "infer" in concepts and concepts.isdisjoint({"train", "finetune", "pretrain", "own", "we"})


def is_of_the_world(table: Table, line: Line) -> bool:
    """Whether the rows of a table are controllers, routes or scenarios of what a model is about.

    Args:
        table: The table.
        line: A line of it.
    """
    if any(_OF_A_TRAINING.search(name) for name in (*table.header[:HEADS], *table.labels[:HEADS])):
        return False
    return _THING.fullmatch(table.header[0].strip()) is not None or _SIMULATED.search(line.path) is not None


_OF_A_TRAINING = regex(
    r"(?<!after )(?<!un)train(?!ed (?:agent|policy|controller)|s\b)|[gt]pu|epoch|tuning|kwh|param|hardware|hours"
    r"|\blearning\b",
    re.IGNORECASE,
)
_THING = regex(
    r"(?:controller|policy|strategy|scenario|route|schedule|timetable|dispatch|process|plant|building"
    r"|vehicle|truck"
    r"|ship|vessel|flight|farm|field|crop|product|material|recipe|dish|meal|household|sector|company|regler"
    r"|szenario"
    r"|strategie|stratégie|scénario|escenario|estrategia|cenário|estratégia|scenariusz|сценарий|стратегия|方案|策略"
    r"|シナリオ)s?",
    re.IGNORECASE,
)
_SIMULATED = regex(
    r"\bsimulat(?:ed|ion)\b|\bsimuliert|\bsimulé|\bsimulad|\bsimulat[aoie]\b|仿真|シミュレーション", re.IGNORECASE
)
