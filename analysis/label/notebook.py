"""How a notebook shows a classification: badge, facts, what to add first, and the findings to unfold.

All text is escaped; the badge is a picture of its own, so that its style touches nothing else on the page; nothing is
fetched or executed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from analysis.classify.classification import Classification
from analysis.classify.rubric import rubric
from analysis.label.badge import badge
from analysis.label.page import with_code
from analysis.label.wording import SIGNS, clean, emissions_in_words, name_of, outcome_in_words

BADGE_WIDTH = 240
FIRST_STEPS = 3


def html(answer: Classification) -> str:
    """The label of one classification as a fragment of HTML.

    Args:
        answer: The classification.

    Returns:
        HTML without scripts or style sheets, a few kilobytes.
    """
    picture = base64.b64encode(badge(answer).encode()).decode()
    facts = "".join(
        f"<tr><th style='text-align:left'>{_safe(name)}</th><td style='text-align:left'>{_safe(text)}</td></tr>"
        for name, text in _facts(answer)
    )
    steps = "".join(f"<li>{with_code(step)}</li>" for step in _steps(answer))
    return (
        f"<div><img alt='{_safe(name_of(answer))}: {_safe(answer.transparency.level)}' width='{BADGE_WIDTH}' "
        f"src='data:image/svg+xml;base64,{picture}'><table>{facts}</table>"
        + (f"<p><b>To add first</b></p><ol>{steps}</ol>" if steps else "")
        + (f"<pre>{_lines(answer.suggested_metadata)}</pre>" if answer.suggested_metadata else "")
        + f"<details><summary>Findings</summary><table>{''.join(_findings(answer))}</table></details></div>"
    )


def _facts(answer: Classification) -> Iterator[tuple[str, str]]:
    """Name and words of the verdict."""
    transparency, efficiency = answer.transparency, answer.efficiency
    yield "Model", name_of(answer)
    if answer.problem:
        yield "Problem", answer.problem
    yield "Transparency", f"{transparency.level}: {transparency.reason}"
    yield "Score", f"{transparency.score:.0f} of 100, {transparency.coverage:.0%} of what applies was seen"
    yield "Emissions", emissions_in_words(answer.emissions)
    yield "Efficiency", f"{efficiency.label or 'none'}; {efficiency.reason}"
    yield "2023 class", f"{transparency.published_level} as published, {transparency.repaired_level} repaired"


def _steps(answer: Classification) -> list[str]:
    """Remedies that add most, first things first."""
    remedies = {probe.id: probe.remedy for probe in answer.transparency.probes if probe.remedy}
    return [remedies[name] for name in answer.transparency.next_steps if name in remedies][:FIRST_STEPS]


def _findings(answer: Classification) -> Iterator[str]:
    """Rows of questions, outcomes and reasons."""
    questions = {probe.id: probe.question for probe in rubric().probes}
    for probe in answer.transparency.probes:
        cells = (questions[probe.id], f"{SIGNS[probe.outcome]} {outcome_in_words(probe)}", probe.reason)
        yield "<tr>" + "".join(f"<td style='text-align:left'>{_safe(cell)}</td>" for cell in cells) + "</tr>"


def _safe(text: str) -> str:
    """Hub text escaped, on one line."""
    return escape(clean(text))


def _lines(text: str) -> str:
    """Several lines of Hub text, escaped."""
    return "\n".join(_safe(line) for line in text.split("\n"))
