"""The scorecard of an organisation: one row a model, totals by level, and the three most useful things to do."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from analysis.classify.classification import Classification
from analysis.classify.rubric import rubric
from analysis.label.wording import clean, grams_in_words, level_in_words, name_of

ACTIONS = 3
EFFORT = {"low": 1, "medium": 2, "high": 4}
"""What an action costs beside others, as in the order of a single model's next steps."""
NOT_ASSESSED = "Not assessed"


class Row(Struct, frozen=True, kw_only=True):
    """One model.

    Attributes:
        grams: Training emissions in grams of CO2 equivalent; None where no value could be chosen.
        missing_first: What to add first; empty where nothing is missing or the model was not assessed.
        link: Address on the Hub; empty for a local card.
        problem: Why it was not assessed; empty where it was.
    """

    model: str
    level: str
    score: float | None
    grams: float | None
    missing_first: str
    link: str
    problem: str


class Action(Struct, frozen=True, kw_only=True):
    """Something that would help many models.

    Attributes:
        models: Models that lack it.
        of: Models that were assessed.
        points: Points of the score that it would add over all of them.
    """

    probe: str
    question: str
    remedy: str
    models: int
    of: int
    points: int


class Scorecard(Struct, frozen=True, kw_only=True):
    """Everything that is said of a list of models."""

    title: str
    rows: tuple[Row, ...]
    levels: tuple[tuple[str, int], ...]
    actions: tuple[Action, ...]

    @property
    def assessed(self) -> int:
        """Models that could be assessed."""
        return sum(count for level, count in self.levels if level != NOT_ASSESSED)


def scorecard(answers: Sequence[Classification], title: str) -> Scorecard:
    """The scorecard of models that were classified.

    Args:
        answers: One classification a model.
        title: What the models have in common, as the user typed it.
    """
    counts = Counter(_level(answer) for answer in answers)
    order = [level.title for level in reversed(rubric().levels)]
    levels = [(level, counts[level]) for level in order] + [(NOT_ASSESSED, counts[NOT_ASSESSED])]
    return Scorecard(
        title=clean(title),
        rows=tuple(_row(answer) for answer in answers),
        levels=tuple(levels),
        actions=_actions([answer for answer in answers if _level(answer) != NOT_ASSESSED]),
    )


def _level(answer: Classification) -> str:
    known = answer.transparency.level in rubric().level_ids()
    return level_in_words(answer) if known else NOT_ASSESSED


def _row(answer: Classification) -> Row:
    is_assessed = _level(answer) != NOT_ASSESSED
    step = next(iter(answer.transparency.next_steps), None) if is_assessed else None
    probe = rubric().probe(step) if step else None
    return Row(
        model=clean(name_of(answer)),
        level=_level(answer),
        score=answer.transparency.score if is_assessed else None,
        grams=answer.emissions.grams,
        missing_first=probe.id.removesuffix("-stated").replace("-", " ") if probe else "",
        link=f"https://huggingface.co/{clean(answer.model_id)}" if answer.model_id else "",
        problem=clean(answer.problem or ""),
    )


def _actions(answers: Sequence[Classification]) -> tuple[Action, ...]:
    """What adds most over all models for the least effort."""
    lacking: Counter[str] = Counter(step for answer in answers for step in answer.transparency.next_steps)
    probes = [probe for probe in rubric().probes if lacking[probe.id]]
    probes.sort(key=lambda probe: (-probe.weight * lacking[probe.id] / EFFORT[probe.effort], probe.id))
    return tuple(
        Action(
            probe=probe.id,
            question=probe.question,
            remedy=probe.remedy,
            models=lacking[probe.id],
            of=len(answers),
            points=probe.weight * lacking[probe.id],
        )
        for probe in probes[:ACTIONS]
    )


def as_table(card: Scorecard) -> str:
    """For a terminal: rows, totals, actions."""
    width = max([len(row.model) for row in card.rows] or [5])
    width = min(max(width, 5), 60)
    lines = [f"{'model':<{width}}  {'level':<12}  {'emissions':>14}  missing first"]
    for row in card.rows:
        grams = grams_in_words(row.grams).removesuffix(" CO2eq") if row.grams is not None else "–"
        lines.append(f"{row.model:<{width}}  {row.level:<12}  {grams:>14}  {row.problem or row.missing_first}".rstrip())
    lines += ["", _totals(card), ""]
    lines += [f"{number}. {_in_words(action)}" for number, action in enumerate(card.actions, 1)]
    return "\n".join(lines).rstrip()


def _totals(card: Scorecard) -> str:
    counted = ", ".join(f"{count} {level.lower()}" for level, count in card.levels if count)
    return f"{len(card.rows)} {'model' if len(card.rows) == 1 else 'models'}: {counted}."


def _in_words(action: Action) -> str:
    return f"{action.models} of {action.of} lack it: {action.question} {action.remedy}"


def as_csv(card: Scorecard) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["model", "level", "score", "emissions_gco2e", "missing_first", "link", "problem"])
    for row in card.rows:
        cells = (row.model, row.level, row.score, row.grams, row.missing_first, row.link, row.problem)
        writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" and cell else cell for cell in cells]
        )
    return stream.getvalue().rstrip("\r\n")


def as_markdown(card: Scorecard) -> str:
    """The whole scorecard as Markdown; Hub text is escaped."""
    lines = [f"# {_md(card.title)}", "", _totals(card), "", "| model | level | emissions | missing first |"]
    lines.append("|---|---|---:|---|")
    for row in card.rows:
        name = f"[{_md(row.model)}](<{row.link}>)" if _is_plain(row.link) else _md(row.model)
        grams = grams_in_words(row.grams) if row.grams is not None else ""
        lines.append(f"| {name} | {row.level} | {grams} | {_md(row.problem or row.missing_first)} |")
    lines += ["", "## To do first", ""]
    lines += [f"{number}. {_in_words(action)}" for number, action in enumerate(card.actions, 1)]
    return "\n".join(lines).rstrip()


def _is_plain(link: str) -> bool:
    return bool(link) and not set(link) & set(" <>\"'`\\|")


def _md(text: str) -> str:
    """Hub text that Markdown takes for nothing but text."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{character}" if character in "\\`*_[]|#!" else character for character in escaped)
