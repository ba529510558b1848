"""RQ3.1: of how much of the Hub could energy be estimated from what cards state, and by which route?"""

from __future__ import annotations

from collections import Counter

from analysis import stats
from analysis.questions.estimated_models import NO_HARDWARE, counted, estimated_models
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer

SILENT = "SELECT count(*) FROM models WHERE emissions_gco2e IS NULL"
NO_SILENT = "the models that report nothing are not in these data"


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Routes and refusals, counted; never a sum of energy or emissions."""
    made = UncorrectedAnswer("RQ3.1", protocol)
    found = estimated_models(study)
    total = study.tables.count()
    counts = Counter(one.outcome for one in found)
    counts[NO_HARDWARE] += total - len(found)
    routed = sum(one.answer.route is not None for one in found)
    made.add("estimable.repaired", "Models whose training could be estimated", stats.proportion(routed, total))
    new = sum(one.answer.route is not None for one in found if one.is_silent)
    silent = study.tables.query(SILENT).iloc[0, 0]
    made.add(
        "estimable-silent.repaired",
        "Models that report nothing and could be estimated",
        stats.proportion(new, total) if silent else counted(None, total, refused=NO_SILENT),
    )
    made.n_flow = [("all models", total), ("state hardware", len(found)), ("can be estimated", routed)]
    rows = [(name, n, *_share(n, total)) for name, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
    made.put("routes", rows, "counts only: no total of the Hub is made of estimates")
    return made


def _share(n: int, total: int) -> tuple[float | None, float | None, float | None]:
    share = stats.proportion(n, total)
    return share.interval
