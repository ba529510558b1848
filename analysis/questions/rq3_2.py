"""RQ3.2: do reported emissions agree with what the stated run would emit; who is off, and why?"""

from __future__ import annotations

from math import log

import numpy as np

from analysis import stats
from analysis.questions.estimated_models import Estimated, counted, estimated_models
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer

SHOWN = 25
TOO_FEW = "fewer than ten models report emissions and state a run that can be estimated"


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Reported over estimated emissions: middle, spread, and the models farthest off."""
    made = UncorrectedAnswer("RQ3.2", protocol)
    found = [one for one in estimated_models(study) if one.grams and one.answer.emissions_gco2e is not None]
    ratios = np.array([_ratio(one) for one in found])
    few = TOO_FEW if len(found) < protocol.least_n else None
    middle = float(np.median(ratios)) if not few else None
    made.add(
        "ratio.repaired",
        "Reported over estimated emissions, median",
        counted(middle, len(found), name="ratio", refused=few),
    )
    inside = sum(_is_inside(one) for one in found)
    made.add(
        "inside.repaired", "Reports inside the 90 % interval of the estimate", stats.proportion(inside, len(found))
    )
    made.n_flow = [
        ("state hardware and report", sum(bool(one.grams) for one in estimated_models(study))),
        ("can be estimated", len(found)),
    ]
    points = [
        (
            one.model_id,
            one.grams,
            _central(one),
            _ratio(one),
            "yes" if _is_inside(one) else "no",
            "; ".join(one.answer.flags)[:200],
        )
        for one in found
    ]
    far = sorted(points, key=lambda row: (-abs(log(row[3])), row[0]))
    made.put("compared", sorted(points)[:500], "reported emissions beside estimates made of stated context alone")
    made.put("farthest", far[:SHOWN], "largest ratio either way; a remark says what contradicts what")
    return made


def _central(one: Estimated) -> float:
    assert one.answer.emissions_gco2e is not None
    return one.answer.emissions_gco2e.central


def _ratio(one: Estimated) -> float:
    return (one.grams or 0.0) / _central(one)


def _is_inside(one: Estimated) -> bool:
    emissions = one.answer.emissions_gco2e
    return emissions is not None and emissions.low <= (one.grams or 0.0) <= emissions.high
