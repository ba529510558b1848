"""The classification for a person at a terminal: class, reason, probes with evidence, what to add first."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

import click

from analysis.classify.classification import Classification, ProbeView
from analysis.estimates.wording import estimate_line
from analysis.label.wording import (
    OUTCOME_WORDS,
    SIGNS,
    clean,
    disclosure_in_words,
    emissions_in_words,
    level_in_words,
    name_of,
)
from mining.schema import Outcome

__all__ = ["clean", "legend", "render"]

MIN_WIDTH, MAX_WIDTH = 60, 160
ID_WIDTH = 26
COLOURS: dict[Outcome, str] = {
    "reported": "green",
    "not-reported": "red",
    "unreadable": "yellow",
    "could-not-look": "cyan",
    "our-error": "magenta",
}
USUAL_WIDTH = 100
FIRST_STEPS = 3
EVIDENCE_LINES = 2


def render(answer: Classification, *, width: int | None = None, full: bool = True) -> str:
    """Lines for a terminal.

    Args:
        answer: What was found.
        width: Columns; those of the terminal unless given.
        full: Show every probe; otherwise only the verdict.

    Returns:
        Text with colour codes (click strips them where the output is no terminal). Control characters of hostile text are gone.
    """
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width or shutil.get_terminal_size((USUAL_WIDTH, 24)).columns))
    lines = list(_head(answer, columns))
    if full:
        lines += ["", *_probes(answer, columns)]
        steps = list(_steps(answer, columns))
        lines += ["", *steps] if steps else []
    return "\n".join(lines)


def _wrapped(label: str, text: str, columns: int) -> Iterator[str]:
    """A label and a text, wrapped under itself."""
    indent = " " * 14
    words = textwrap.wrap(clean(text), max(20, columns - len(indent)), break_long_words=True) or [""]
    yield f"{label:<14}{words[0]}"
    yield from (indent + line for line in words[1:])


def _head(answer: Classification, columns: int) -> Iterator[str]:
    transparency = answer.transparency
    yield click.style(clean(name_of(answer))[:columns], bold=True) + (
        f"  @ {answer.revision[:12]}" if answer.revision else ""
    )
    if answer.problem:
        yield from _wrapped("Problem", answer.problem, columns)
    yield from _wrapped("Transparency", f"{level_in_words(answer)}: {transparency.reason}", columns)
    score = f"{transparency.score:.0f} of 100, seen {transparency.coverage:.0%} of what applies; {disclosure_in_words(answer)} disclosure"
    yield from _wrapped("Score", score, columns)
    yield from _wrapped("Emissions", emissions_in_words(answer.emissions), columns)
    if line := estimate_line(answer.estimate):
        yield from _wrapped("Estimate", line, columns)
    for item in answer.emissions.evidence[:1]:
        yield from _wrapped("", f"{item.where}: {item.text}", columns)
    efficiency = answer.efficiency
    letters = (
        f"{efficiency.label or 'none'} (2023 label repaired; as published: {efficiency.published_label or 'none'})"
    )
    yield from _wrapped("Efficiency", f"{letters}; {efficiency.reason}", columns)
    yield from _wrapped(
        "2023 class", f"{transparency.published_level} as published; {transparency.repaired_level} repaired", columns
    )


def _probes(answer: Classification, columns: int) -> Iterator[str]:
    for probe in answer.transparency.probes:
        yield from _probe(probe, columns)


def _probe(probe: ProbeView, columns: int) -> Iterator[str]:
    sign = click.style(SIGNS[probe.outcome], fg=COLOURS.get(probe.outcome))
    room = max(20, columns - ID_WIDTH - 3)
    reason = textwrap.wrap(clean(probe.reason), room) or [""]
    yield f"{sign} {probe.id:<{ID_WIDTH}} {reason[0]}"
    indent = " " * (ID_WIDTH + 3)
    yield from (indent + line for line in reason[1:])
    if probe.evidence and probe.outcome in {"reported", "unreadable"}:
        quote = textwrap.wrap(clean(probe.evidence), room, max_lines=EVIDENCE_LINES, placeholder=" …")
        yield from (click.style(indent + line, dim=True) for line in quote)


def _steps(answer: Classification, columns: int) -> Iterator[str]:
    """What to add first, with remedies."""
    remedies = {probe.id: probe.remedy for probe in answer.transparency.probes if probe.remedy}
    chosen = [name for name in answer.transparency.next_steps if name in remedies][:FIRST_STEPS]
    if not chosen:
        return
    yield click.style("To add first", bold=True)
    for number, name in enumerate(chosen, start=1):
        yield from textwrap.wrap(
            f"{remedies[name]} ({name})", columns, initial_indent=f"{number}. ", subsequent_indent="   "
        )
    if answer.suggested_metadata:
        yield "This block for the front matter follows from the card's own words (`--write` puts it there):"
        yield from ("   " + clean(line) for line in answer.suggested_metadata.splitlines())


def legend() -> str:
    """What the signs mean."""
    return "  ".join(f"{sign} {OUTCOME_WORDS[outcome]}" for outcome, sign in SIGNS.items())
