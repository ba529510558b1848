"""The one-page label: one classification with all its evidence, as a self-contained, escaped HTML page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from analysis.classify.classification import Classification
from analysis.classify.rubric import rubric
from analysis.estimates.life_cycle import BreakEven, break_even
from analysis.label.badge import badge
from analysis.label.wording import (
    OUTCOME_WORDS,
    SIGNS,
    clean,
    emissions_in_words,
    level_in_words,
    name_of,
    outcome_in_words,
    place_in_words,
)

FIRST_STEPS = 3


@cache
def _template() -> jinja2.Template:
    """The page's template; everything put into it is escaped, and an unknown name is an error."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )
    environment.filters["code"] = with_code
    return environment.from_string((Path(__file__).parent / "page.html.j2").read_text(encoding="utf-8"))


def with_code(text: str) -> markupsafe.Markup:
    """Escaped text whose words between backticks are code."""
    escaped = str(markupsafe.escape(clean(text)))
    return markupsafe.Markup(re.sub("`([^`]+)`", r"<code>\1</code>", escaped))  # noqa: S704 (escaped one line above)


def _harmless(value: Any) -> Any:
    """Text without control characters and changes of direction; its lines are kept."""
    if not isinstance(value, str) or isinstance(value, markupsafe.Markup):
        return value
    return "\n".join(clean(line) for line in value.split("\n"))


def page(answer: Classification) -> str:
    """The label of one model as an HTML page: no scripts, nothing fetched, Hub text escaped."""
    remedies = {probe.id: probe.remedy for probe in answer.transparency.probes if probe.remedy}
    return _template().render(
        answer=answer,
        name=name_of(answer),
        badge=markupsafe.Markup(badge(answer)),  # noqa: S704 (escaped where it is made)
        level=level_in_words(answer),
        score=f"{answer.transparency.score:.0f}",
        coverage=f"{answer.transparency.coverage:.0%}",
        emissions=emissions_in_words(answer.emissions),
        evidence=next(
            (f"{place_in_words(item.where)}: {item.text}" for item in answer.emissions.evidence if item.decided), ""
        ),
        notes=list(answer.notes),
        steps=[remedies[name] for name in answer.transparency.next_steps if name in remedies][:FIRST_STEPS],
        beside=answer.estimate.scenarios,
        break_even=_break_even(answer),
        questions={probe.id: probe.question for probe in rubric().probes},
        titles={name: yardstick.title for name, yardstick in rubric().yardsticks.items()},
        signs=SIGNS,
        words=OUTCOME_WORDS,
        outcome_in_words=outcome_in_words,
    )


def _break_even(answer: Classification) -> list[BreakEven]:
    """Requests until inference equals the estimated training at the machine, by task; none without an estimate."""
    machine = answer.estimate.boundaries.machine
    return break_even(machine.central) if machine else []
