"""RQ3.5: what of the life around a training.

Requests until inference equals training, and trainings shared by a family.
"""

from __future__ import annotations

from analysis.estimates.family import NOT_OWN
from analysis.estimates.life_cycle import break_even
from analysis.questions.estimated_models import counted
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer

NO_BASES = "no model of these data names a base"
NAMED = "SELECT count(*) FROM models WHERE len(base_models) > 0"
SIZES = (("up to 1 billion", None, 1e9), ("1 to 10 billion", 1e9, 1e10), ("more than 10 billion", 1e10, None))
TRAINED_KWH = 1000.0
SHOWN = 25
FAMILIES = """
SELECT base.model_id, base.emissions_gco2e, count(*) AS children
FROM (SELECT unnest(base_models) AS base_id FROM models) AS child JOIN models AS base ON base.model_id = child.base_id
WHERE base.emissions_gco2e IS NOT NULL AND NOT coalesce(list_has_any(base.emissions_flags, ?), false)
GROUP BY ALL ORDER BY children DESC, base.model_id
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
    by_size = [[row[2] for row in rows if row[1] == size] for size, *_ in SIZES]
    made.add(
        "tasks.repaired",
        "Requests that use as much as a training, most over fewest by task, models alike in size",
        counted(max(max(values) / min(values) for values in by_size), len(rows), name="ratio"),
    )
    families = study.tables.query(FAMILIES, [sorted(NOT_OWN)])
    children = int(families["children"].sum())
    named = study.tables.query(NAMED).iloc[0, 0]
    made.add(
        "reused.repaired",
        "Models made directly of a base that reports its training",
        counted(
            float(children) if named else None, study.tables.count(), unit="models", refused=None if named else NO_BASES
        ),
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
