"""The classification for a person at a terminal: verdict, evidence, what is missing, what to do first.

All findings where asked for.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from typing import Literal

import click

from analysis.classify.classification import Classification, ProbeView
from analysis.classify.verdict import WORDS
from analysis.estimates.wording import estimate_line
from analysis.label.wording import (
    OUTCOME_WORDS,
    SIGNS,
    clean,
    disclosure_in_words,
    emissions_in_words,
    grams_in_words,
    level_in_words,
    name_of,
    outcome_in_words,
    place_in_words,
)
from mining.escaping import escaped
from mining.schema import Outcome

__all__ = ["Detail", "clean", "legend", "render", "row"]

Detail = Literal["verdict", "compact", "full"]
MIN_WIDTH, MAX_WIDTH = 60, 160
ID_WIDTH = 26
LABEL_WIDTH = 12
COLOURS: dict[Outcome, str] = {
    "reported": "green",
    "not-reported": "red",
    "unreadable": "yellow",
    "could-not-look": "cyan",
    "our-error": "magenta",
}
USUAL_WIDTH = 100
FIRST_STEPS = 3
STEP_LINES = 2
EVIDENCE_LINES = 2
MORE = " …"
MISSING = WORDS | {
    "emissions-in-metadata": "emissions in the metadata",
    "emissions-in-card": "emissions in the text",
    "emissions-plausible": "numbers that agree",
    "training-type-stated": "training type",
    "license-stated": "licence",
    "dataset-named": "data sets",
    "base-share-stated": "base model",
}
"""What a failing probe lacks, in two or three words; the others (experimental, or of little weight) are shown with all
findings."""


def render(answer: Classification, *, width: int | None = None, detail: Detail = "compact") -> str:
    """Lines for a terminal.

    Args:
        answer: What was found.
        width: Columns; those of the terminal unless given.
        detail: The verdict alone, with what is missing and what to do first, or with every finding.

    Returns:
        Text with colour codes (click strips them where the output is no terminal). Control characters of hostile text
        are gone.
    """
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width or _columns()))
    lines = list(_head(answer, columns, brief=detail != "full"))
    if detail == "compact":
        lines += [*_missing(answer, columns), *_steps(answer, columns)]
    elif detail == "full":
        lines += ["", *_probes(answer, columns), "", *_steps(answer, columns), *_block(answer)]
    return "\n".join(lines).rstrip("\n")


def row(answer: Classification, width: int | None = None) -> str:
    """One line of a table of several cards: level, emissions, score, name.

    Args:
        answer: What was found.
        width: Columns; those of the terminal unless given.
    """
    columns = width or _columns()
    transparency = answer.transparency
    score = f"{transparency.score:.0f}" if transparency.coverage else "–"
    line = (
        f"{level_in_words(answer):<13}{grams_in_words(answer.emissions.grams):>18}{score:>7}  {escaped(answer.input)}"
    )
    return line if len(line) <= max(MIN_WIDTH, columns) else line[: max(MIN_WIDTH, columns) - 1] + "…"


def _columns() -> int:
    """Columns of the terminal, or those that the environment tells; :mod:`shutil`, which knows, is slow to import."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size().columns or USUAL_WIDTH
    except (AttributeError, OSError, ValueError):
        return USUAL_WIDTH


ROW_HEAD = f"{'Level':<13}{'Emissions':>18}{'Score':>7}  Card"


def _wrapped(label: str, text: str, columns: int, most: int | None = None) -> Iterator[str]:
    """A label and a text, wrapped under itself, at most so many lines."""
    indent = " " * LABEL_WIDTH
    room = max(20, columns - len(indent))
    words = textwrap.wrap(clean(text), room, break_long_words=True, max_lines=most, placeholder=MORE) or [""]
    yield f"{label:<{LABEL_WIDTH}}{words[0]}"
    yield from (indent + line for line in words[1:])


def _head(answer: Classification, columns: int, *, brief: bool) -> Iterator[str]:
    """Name, verdict, emissions with the words that decided, score, and the label where there is one."""
    transparency, efficiency, most = answer.transparency, answer.efficiency, 2 if brief else None
    name = clean(name_of(answer))
    path = f"  ({escaped(answer.input)})" if answer.title and answer.model_id is None else ""
    revision = f"  @ {answer.revision[:12]}" if answer.revision else ""
    yield click.style(name[:columns], bold=True) + clean(path + revision)[: max(0, columns - len(name))]
    if answer.problem:
        yield from _wrapped("Problem", answer.problem, columns, most)
    yield from _wrapped("Disclosure", f"{level_in_words(answer)}. {transparency.reason}", columns, most)
    emissions = estimate_line(answer.estimate) or emissions_in_words(answer.emissions)
    yield from _wrapped("Emissions", emissions, columns, most)
    for item in answer.emissions.evidence[:1]:
        if item.decided:
            yield from _wrapped("", f"{place_in_words(item.where)}: {item.text}", columns, 1 if brief else None)
    for note in answer.notes[: 1 if brief else None]:
        yield from _wrapped("Note", note, columns, most)
    for told in answer.corrections:
        yield from _wrapped("Corrected", told, columns, most)
    if transparency.coverage:
        score = (
            f"{transparency.score:.0f} of 100 ({transparency.coverage:.0%} assessed), "
            f"{disclosure_in_words(answer)} disclosure"
        )
        yield from _wrapped("Score", score, columns)
    if efficiency.label or not brief:
        letters = (
            f"{efficiency.label}; as published {efficiency.published_label or 'none'}. " if efficiency.label else ""
        )
        yield from _wrapped("Efficiency", letters + efficiency.reason, columns, most)
    if not brief:
        classes = f"{transparency.published_level} as published; {transparency.repaired_level} repaired"
        yield from _wrapped("2023 class", classes, columns)


def _missing(answer: Classification, columns: int) -> Iterator[str]:
    """What fails, in one line."""
    failing = [probe.id for probe in answer.transparency.probes if probe.remedy and probe.id in MISSING]
    if failing:
        yield from _wrapped("Missing", ", ".join(MISSING[name] for name in failing), columns, 1)


def _probes(answer: Classification, columns: int) -> Iterator[str]:
    for probe in answer.transparency.probes:
        yield from _probe(probe, columns)


def _probe(probe: ProbeView, columns: int) -> Iterator[str]:
    sign = click.style(SIGNS[probe.outcome], fg=COLOURS.get(probe.outcome))
    room = max(20, columns - ID_WIDTH - 3)
    reason = textwrap.wrap(clean(f"{outcome_in_words(probe)}: {probe.reason}"), room) or [""]
    yield f"{sign} {probe.id:<{ID_WIDTH}} {reason[0]}"
    indent = " " * (ID_WIDTH + 3)
    yield from (indent + line for line in reason[1:])
    if probe.evidence and probe.outcome in {"reported", "unreadable"}:
        quote = textwrap.wrap(clean(probe.evidence), room, max_lines=EVIDENCE_LINES, placeholder=MORE)
        yield from (click.style(indent + line, dim=True) for line in quote)


def _steps(answer: Classification, columns: int) -> Iterator[str]:
    """What to do first."""
    remedies = {probe.id: probe.remedy for probe in answer.transparency.probes if probe.remedy}
    chosen = [name for name in answer.transparency.next_steps if name in remedies][:FIRST_STEPS]
    for number, name in enumerate(chosen, start=1):
        yield from _wrapped("To do" if number == 1 else "", f"{number}. {remedies[name]}", columns, STEP_LINES)


def _block(answer: Classification) -> Iterator[str]:
    """The metadata that could be written."""
    if answer.suggested_metadata:
        yield ""
        yield "The text says it already; `--write` adds this to the metadata:"
        yield from ("   " + clean(line) for line in answer.suggested_metadata.splitlines())


def legend() -> str:
    """What the signs mean."""
    return "  ".join(f"{sign} {OUTCOME_WORDS[outcome]}" for outcome, sign in SIGNS.items())
