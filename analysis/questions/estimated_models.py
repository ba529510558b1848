"""Estimates of a snapshot's models, for the questions RQ3.1 to RQ3.5.

Made of stated context only, never of reported emissions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from analysis.estimates.contract import Estimate
from analysis.estimates.of_models import COLUMNS, estimate_of_row
from analysis.questions.study_data import StudyData
from analysis.results import Estimate as Figure
from mining.schema import Context

SQL = f"SELECT {', '.join(COLUMNS)} FROM models WHERE hardware IS NOT NULL ORDER BY model_key"  # noqa: S608
NOTHING_TO_COUNT = "neither hours, nor FLOP, nor size and tokens are stated"
NO_HARDWARE = "no estimate: no hardware is stated"

_KEPT: list[tuple[StudyData, list[Estimated]]] = []
"""The last snapshot's estimates: four questions ask for the same."""


class Estimated(NamedTuple):
    """One model that states hardware, with its estimate.

    Attributes:
        grams: Reported emissions of a training of its own; None where there are none.
        is_silent: Whether it reports no emissions at all, not even another's.
        tool: Tool or method that the card names.
    """

    model_id: str
    author: str
    grams: float | None
    energy_kwh: float | None
    tool: str | None
    training: Context
    answer: Estimate
    is_silent: bool

    @property
    def outcome(self) -> str:
        """Route of the estimate, or why there is none."""
        if self.answer.route is not None:
            return f"{self.answer.route} route"
        reason = (self.answer.refusal or "").replace(NOTHING_TO_COUNT, "no hours, FLOP or tokens")
        return f"no estimate: {'unknown device' if reason.startswith('unknown device') else reason.partition(':')[0]}"


def estimated_models(study: StudyData) -> list[Estimated]:
    """All models of the snapshot that state hardware, in the order of their keys, each with its estimate."""
    if not _KEPT or _KEPT[0][0] is not study:
        frame = study.tables.query(SQL)
        known = frame.astype(object).where(frame.notna(), None)
        rows = (dict(zip(COLUMNS, row, strict=True)) for row in known.itertuples(index=False, name=None))
        _KEPT[:] = [(study, [_estimated(row) for row in rows])]
    return _KEPT[0][1]


def _estimated(row: dict[Any, Any]) -> Estimated:
    record, answer = estimate_of_row(row)
    training, name = record.training, record.model_id or record.name
    return Estimated(
        name,
        row["author"] or "",
        record.carbon.emissions_gco2e,
        training.energy_kwh,
        training.tool,
        training,
        answer,
        row["emissions_gco2e"] is None,
    )


def counted(
    value: float | None, n: int, *, name: str = "", unit: str | None = None, refused: str | None = None
) -> Figure:
    """A number that was counted or taken from the middle of a sample, without a test."""
    return Figure(estimate_name=name, unit=unit, estimate=value, n=n, method="counted", refused=refused)
