"""RQ3.5: what of the life around a training.

Requests until inference equals training, and trainings shared by a family.
"""

from __future__ import annotations

from analysis.estimates.life_cycle import break_even
from analysis.questions.estimated_models import counted
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer

SIZES = (("up to 1 billion", None, 1e9), ("1 to 10 billion", 1e9, 1e10), ("more than 10 billion", 1e10, None))
TRAINED_KWH = 1000.0
SHOWN = 25
FAMILIES = """
SELECT base.model_id, base.emissions_gco2e, count(*) AS children
FROM (SELECT unnest(base_models) AS base_id FROM models) AS child JOIN models AS base ON base.model_id = child.base_id
WHERE base.emissions_gco2e IS NOT NULL GROUP BY ALL ORDER BY children DESC, base.model_id
"""


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Break-even by task and size for each MWh of training; reported bases with what was made of them."""
    made = UncorrectedAnswer("RQ3.5", protocol)
    rows = [
        (one.task, size, one.requests, one.low, one.high, one.models)
        for size, smallest, largest in SIZES
        for one in break_even(TRAINED_KWH, smallest=smallest, largest=largest)
    ]
    made.put(
        "break_even",
        rows,
        "requests after which inference has used as much energy as each MWh of training; nobody's number of requests "
        "is known",
    )
    families = study.tables.query(FAMILIES)
    children = int(families["children"].sum())
    made.add(
        "reused.repaired",
        "Models made directly of a base that reports its training",
        counted(float(children), study.tables.count(), name="models"),
    )
    shared = [
        (name, float(grams), int(n), float(grams) / (1 + int(n)))
        for name, grams, n in families.head(SHOWN).itertuples(index=False)
    ]
    made.put(
        "families",
        shared,
        "direct descendants; a base that reports nothing is in no row, so the table is a lower bound",
    )
    made.n_flow = [("bases that report", len(families)), ("models made of them", children)]
    return made
