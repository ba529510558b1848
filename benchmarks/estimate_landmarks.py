"""Landmark runs beside the estimate by the route that their card allows, and runs that are refused.

This is agreement with a convention, and no test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from analysis.estimates.boundaries import Interval
from analysis.estimates.contract import Estimate
from analysis.estimates.reference import read_table
from analysis.estimates.routes import estimated
from analysis.estimates.run_inputs import RunInputs
from analysis.rounding import spoken
from mining.errors import UsageError

LANDMARKS = ("BLOOM-176B", "StarCoderBase", "Granite", "Llama 3.1", "Llama 3.3", "OLMo")
LLAMA_3_3_GRAMS = 12.9e6
"""What the card says since its commit 8c88b8c (2,040 t before): 2.6 g/kWh over its own 7.0 million hours at 700 W."""
GRIDS = (5.0, 1200.0)
"""Intensities that a grid can have, g CO2eq per kWh."""
NUMBERS = ("count", "device_hours", "flop", "pue", "g_per_kwh", "parameters", "active_parameters", "tokens")
BOUNDARIES = ("facility", "node", "machine", "gpu", "other")


def estimate_of_run(row: Mapping[str, str]) -> Estimate:
    """A row of ``training_runs`` by the first route that its numbers allow."""
    number = {name: _number(row[name]) for name in NUMBERS}
    return estimated(
        RunInputs(
            hardware=row["device"] or None, count=number["count"], hours=number["device_hours"], basis="device-hours",
            flop=number["flop"],
            parameters=number["active_parameters"] or number["parameters"], tokens=number["tokens"],
            pue=number["pue"], g_per_kwh=number["g_per_kwh"],
        )
    )  # fmt: skip


def _number(text: str) -> float | None:
    """The number of a cell; None where it holds none, or words beside it ("1.74 overhead multiplier")."""
    try:
        return float(text)
    except ValueError:
        return None


def landmarks() -> list[dict[str, object]]:
    """Stated energy and emissions of landmark runs over the estimate's."""
    found = []
    for row in read_table("training_runs"):
        stated = next((float(row[f"{b}_kwh"]) for b in BOUNDARIES if row[f"{b}_kwh"]), None)
        grams = float(row["emissions_kg"]) * 1000 if row["emissions_kg"] else None
        if row["model"].startswith(LANDMARKS) and (stated or grams):
            found.append({"model": row["model"], **_compared(row, stated, grams)})
        if row["model"].startswith("Llama 3.3"):
            name = f"{row['model']}, its card since February 2025"
            found.append({"model": name, **_compared(row, stated, LLAMA_3_3_GRAMS)})
    return found


def _compared(row: Mapping[str, str], stated: float | None, grams: float | None) -> dict[str, object]:
    answer = estimate_of_run(row)
    energy = answer.boundaries.facility if row["pue"] else answer.boundaries.gpu
    emissions = answer.emissions_gco2e
    return {
        "route": answer.route or "none",
        "stated kWh": stated,
        "estimated kWh": round(energy.central) if energy else None,
        "ratio": round(stated / energy.central, 2) if energy and stated else None,
        "stated t": grams / 1e6 if grams is not None else None,
        "estimated t": float(f"{emissions.central / 1e6:.3g}") if emissions else None,
        "ratio of emissions": round(grams / emissions.central, 3) if emissions and grams else None,
        "inside 90 %": None if not emissions or not grams else emissions.low <= grams <= emissions.high,
        "flag": _flag(grams, answer.boundaries.facility) if grams else None,
        "refused": answer.refusal,
    }


def _flag(grams: float, facility: Interval | None) -> str | None:
    """What the stated emissions imply over the whole interval of the building's energy."""
    if facility is None or (grams / facility.low >= GRIDS[0] and grams / facility.high <= GRIDS[1]):
        return None
    return f"implies {spoken(grams / facility.central, 2)} g/kWh, which no grid has"


def refusals() -> dict[str, int]:
    """Routes and refusals over all collected runs, counted."""
    counted: Counter[str] = Counter()
    for row in read_table("training_runs"):
        try:
            answer = estimate_of_run(row)
        except UsageError as error:
            counted[f"refused: {str(error).partition(';')[0]}"] += 1
            continue
        counted[answer.route or f"refused: {(answer.refusal or '').partition(chr(59))[0]}"] += 1
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
