"""RQ3.4: how much of what is reported is measured, and how much is the very formula that estimates use?"""

from __future__ import annotations

from collections import Counter

from analysis import stats
from analysis.questions.estimated_models import Estimated, counted, estimated_models
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer

METERS = ("codecarbon", "eco2ai", "carbontracker", "experiment-impact-tracker", "autotrain")
CALCULATORS = ("mlco2", "ml co2", "calculator", "lacoste", "green algorithms", "green-algorithms")
TOLERANCE = 0.02
UNTOLD = "cannot be told"
NONE_TOLD = "no report states an intensity together with energy, or with hours and power"


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Reports by method, and how many equal hours x power x intensity to two per cent, of those that state these."""
    made = UncorrectedAnswer("RQ3.4", protocol)
    found = [one for one in estimated_models(study) if one.grams]
    kinds = Counter((_kind(one), _formula(one)) for one in found)
    rows = [(kind, formula, n, n / len(found)) for (kind, formula), n in sorted(kinds.items())]
    told = sum(n for (_, formula), n in kinds.items() if formula != UNTOLD)
    exact = told - sum(n for (_, formula), n in kinds.items() if formula == "no")
    made.add(
        "formula.repaired",
        "Reports that are an exact product, among those that state its factors",
        stats.proportion(exact, told) if told else counted(None, len(found), refused=NONE_TOLD),
    )
    metered = sum(n for (kind, _), n in kinds.items() if kind == "metered")
    made.add(
        "metered.repaired", "Reports of a meter, among those that state hardware", stats.proportion(metered, len(found))
    )
    made.n_flow = [("report emissions and state hardware", len(found)), ("state the factors of the formula", told)]
    made.put("compliance", rows, "metered and calculated values apart; a product to two per cent counts as the formula")
    return made


def _kind(one: Estimated) -> str:
    tool = (one.tool or "").casefold()
    if any(name in tool for name in METERS):
        return "metered"
    return "calculated" if any(name in tool for name in CALCULATORS) else "method not said"


def _formula(one: Estimated) -> str:
    """The product that the reported value equals (of energy and intensity, of hours, power and intensity); or no.

    It cannot be told where the factors are not stated.
    """
    run, grams = one.training, one.grams or 0.0
    if not run.intensity_g_per_kwh:
        return UNTOLD
    overheads = {1.0, run.pue_ratio or 1.0}
    if run.energy_kwh and any(_equal(grams, run.energy_kwh * run.intensity_g_per_kwh * factor) for factor in overheads):
        return "energy x intensity"
    watts = run.power_w or next((item.value for item in one.answer.inputs if item.what == "rated power (W)"), None)
    if isinstance(watts, float) and run.duration_h:
        counts = {1, run.hardware_count or 1}
        energy = [n * run.duration_h * watts / 1000 * factor for n in counts for factor in overheads]
        if any(_equal(grams, each * run.intensity_g_per_kwh) for each in energy):
            return "hours x power x intensity"
    return "no" if run.energy_kwh or (watts and run.duration_h) else UNTOLD


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * other
