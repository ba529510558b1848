"""Estimates of a snapshot's models, for the questions RQ3.1 to RQ3.5.

Made of stated context only, never of reported emissions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from analysis.estimates.contract import Estimate
from analysis.estimates.from_card import estimate_of
from analysis.questions.study_data import StudyData
from analysis.results import Estimate as Figure
from mining.schema import Context, ModelRecord, Settlement

TRAINING = (
    "hardware, hardware_count, duration_h, duration_basis, energy_kwh, power_w, region, intensity_g_per_kwh, "
    "pue_ratio, "
    "training_flop, training_type, tool"
)
OTHERS = (
    "model_key, model_id, author, name, created_at, created_at_is_floor, domain, pipeline_tag, base_relation, "
    "emissions_gco2e"
)
SQL = f"SELECT {OTHERS}, emissions_flags, {TRAINING} FROM models WHERE hardware IS NOT NULL ORDER BY model_key"  # noqa: S608
NOT_OWN = frozenset(
    {"inherited", "copied-card", "near-duplicate", "family-total", "component", "exercise", "placeholder"}
)
NO_HARDWARE = "no estimate: no hardware is stated"

_KEPT: list[tuple[StudyData, list[Estimated]]] = []
"""The last snapshot's estimates: four questions ask for the same."""


class Estimated(NamedTuple):
    """One model that states hardware, with its estimate.

    Attributes:
        grams: Reported emissions of a training of its own; None where there are none.
        tool: Tool or method that the card names.
    """

    model_id: str
    author: str
    grams: float | None
    energy_kwh: float | None
    tool: str | None
    training: Context
    answer: Estimate

    @property
    def outcome(self) -> str:
        """Route of the estimate, or why there is none."""
        if self.answer.route is not None:
            return f"{self.answer.route} route"
        reason = self.answer.refusal or ""
        return f"no estimate: {'unknown device' if reason.startswith('unknown device') else reason.partition(':')[0]}"


def estimated_models(study: StudyData) -> list[Estimated]:
    """All models of the snapshot that state hardware, in the order of their keys, each with its estimate."""
    if not _KEPT or _KEPT[0][0] is not study:
        frame = study.tables.query(SQL)
        rows = frame.astype(object).where(pd.notna(frame), None).to_dict("records")
        _KEPT[:] = [(study, [_estimated(row) for row in rows])]
    return _KEPT[0][1]


def _estimated(row: dict[Any, Any]) -> Estimated:
    training = Context(
        **{name: row[name] for name in TRAINING.split(", ") if name != "hardware_count"},
        hardware_count=_whole(row["hardware_count"]),
    )
    flags = set(row["emissions_flags"]) if row["emissions_flags"] is not None else set()
    grams = row["emissions_gco2e"] if not flags & NOT_OWN else None
    record = ModelRecord(
        model_key=row["model_key"], model_id=row["model_id"], name=row["name"] or "", domain=row["domain"],
        pipeline_tag=row["pipeline_tag"],
        created_at=row["created_at"], created_at_is_floor=bool(row["created_at_is_floor"]),
        base_relation=row["base_relation"],
        training=training, carbon=Settlement(emissions_gco2e=grams),
    )  # fmt: skip
    answer = estimate_of(record, ())
    return Estimated(
        row["model_id"] or row["name"], row["author"] or "", grams, training.energy_kwh, training.tool, training, answer
    )


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def counted(value: float | None, n: int, *, name: str, refused: str | None = None, method: str = "counted") -> Figure:
    """A number that was counted or taken from the middle of a sample, without a test."""
    return Figure(estimate_name=name, estimate=value, n=n, method=method, refused=refused)
