"""Looking at results, in a notebook or at a prompt.

Answers as frames whose numbers are rounded, and figures as pictures. Nothing is computed here: numbers come from stored
answers, rounding from ``analysis.rounding``, figures from ``analysis.figures``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from analysis import rounding
from analysis.results import Answer, Estimate, Result, Table
from mining.errors import DamagedDataError, UsageError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Picture:
    """A figure that a notebook shows; its alternative text where there is no picture.

    Attributes:
        png: Image.
        alternative: What a reader who does not see it is told.
    """

    png: bytes
    alternative: str

    def _repr_png_(self) -> bytes:
        return self.png

    def __repr__(self) -> str:
        return self.alternative


def answers_in(folder: Path | str) -> dict[str, Answer]:
    """Stored answers by question.

    Args:
        folder: Folder with ``RQ*.json``.

    Raises:
        UsageError: There are none.
        DamagedDataError: One of them cannot be read.
    """
    found = sorted(Path(folder).glob("RQ*.json"))
    if not found:
        raise UsageError(f"no answers (RQ*.json) in '{folder}'")
    try:
        answers = [msgspec.json.decode(path.read_bytes(), type=Answer) for path in found]
    except msgspec.DecodeError as error:
        raise DamagedDataError(f"a stored answer cannot be read: {error}") from error
    return {answer.question: answer for answer in answers}


def conclusions(answers: Mapping[str, Answer]) -> pd.DataFrame:
    """One row a question: its status, and what became of the published conclusion."""
    return _frame(
        [
            {
                "question": answer.question,
                "status": answer.status,
                "published conclusion": answer.conclusion.verdict if answer.conclusion else "–",
                "why": answer.conclusion.sentence if answer.conclusion else answer.reason or "",
            }
            for answer in answers.values()
        ],
        "question",
    )


def estimates(answer: Answer, *, checks: bool = False) -> pd.DataFrame:
    """Results of a question: estimate with 95 % interval, effect size, n, p and corrected p.

    Args:
        answer: An answer.
        checks: Show sensitivity checks as well (other cohorts, with and without flagged models).
    """
    shown = [result for result in answer.results if checks or result.role != "check"]
    return _frame([_row(result) for result in shown], "result")


def repairs(answer: Answer) -> pd.DataFrame:
    """What each repair changes, in order, on top of those before it; without numbers that print alike."""
    rows = []
    for step in answer.repairs:
        shown = [
            (name, rounding.number(step.before.get(name)), rounding.number(value)) for name, value in step.after.items()
        ]
        changed = [line for line in shown if line[1] != line[2]] or [("no number changes", "", "")]
        rows += [
            {
                "repair": step.repair,
                "rows changed": rounding.count(step.n_changed),
                "number": name,
                "before": before,
                "after": after,
            }
            for name, before, after in changed
        ]
    return _frame(rows, "repair")


def table(answer: Answer, identity: str, rows: int = 12) -> pd.DataFrame:
    """The first rows of a result table.

    Args:
        answer: An answer.
        identity: Id of the table, for instance ``rq1_3.domain``.
        rows: No more rows than this.

    Raises:
        UsageError: The answer has no such table.
    """
    import pandas as pd

    for found in answer.tables:
        if found.id == identity:
            names = [f"{column.title} [{column.unit}]" if column.unit else column.title for column in found.columns]
            return pd.DataFrame([[_cell(value) for value in row] for row in found.rows[:rows]], columns=names)
    raise UsageError(
        f"{answer.question} has no table '{identity}'; it has "
        f"{', '.join(found.id for found in answer.tables) or 'none'}"
    )


def figure(
    answers: Mapping[str, Answer], identity: str, source: str, *, synthetic: bool = False, more: Iterable[Table] = ()
) -> Picture:
    """One figure of the catalogue.

    Args:
        answers: Answers by question.
        identity: Id of the figure, for instance ``effect_sizes``.
        source: Words below the figure: where the data are from.
        synthetic: Whether the data are made up; the figure then says so.
        more: Further tables, as those of the multiverse.

    Raises:
        UsageError: There is no such figure, or the tables do not carry it.
    """
    from analysis.figures.catalogue import figures_for
    from analysis.figures.gallery import draw_all

    tables = {table.id: table for table in (*(one for answer in answers.values() for one in answer.tables), *more)}
    known = [spec.id for spec in figures_for(tables)]
    if identity not in known:
        raise UsageError(f"no figure '{identity}'; there are {', '.join(known)}")
    is_published = all(answer.baseline == "as published" for answer in answers.values())
    (drawn,) = draw_all(tables, source, synthetic=synthetic, is_published=is_published, ids=[identity])
    if drawn.missing is not None:
        raise UsageError(f"figure '{identity}' cannot be drawn: {drawn.missing}")
    return Picture(drawn.files["png"], drawn.alternative)


def _row(result: Result) -> dict[str, str]:
    """One result, rounded."""
    found: Estimate = result.estimate
    effect = (
        f"{rounding.number(found.effect_size)} {found.effect_name}".strip()
        if found.effect_size is not None
        else rounding.MISSING
    )
    return {
        "result": result.title,
        "version": rounding.VERSION_NAMES.get(result.version, result.version),
        "n": rounding.count(found.n),
        "estimate": f"{rounding.number(found.estimate)} {found.unit or ''}".strip(),
        "95 % interval": f"{rounding.number(found.low)} to {rounding.number(found.high)}"
        if found.low is not None
        else rounding.MISSING,
        "effect size": effect,
        "p": rounding.p_value(found.p),
        "p corrected": rounding.p_value(result.p_adjusted),
        "refused": found.refused or "",
    }


def _cell(value: object) -> object:
    """A value of a result table, rounded where it is a number."""
    if isinstance(value, float):
        return rounding.number(value)
    return rounding.MISSING if value is None else value


def _frame(rows: list[dict[str, str]], index: str) -> pd.DataFrame:
    """Rows with one of their columns in front."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    return frame.set_index(index) if rows else frame
