"""What size, domain and month alone say of a training's emissions.

An interval of more than four decades, shown as what it is. It answers nothing and enters nothing: no route, no form, no
count of estimates, no total. It is shown so that nobody has to guess how little a regression on reporters knows, and it
is refused outside their support (nine of ten reporters are one tool's models of 2021 to 2023).
"""

from __future__ import annotations

from functools import cache
from math import exp, log

from analysis.estimates.contract import Statistical
from analysis.estimates.reference import read_table
from analysis.rounding import spoken
from mining.schema import ModelRecord

__all__ = ["DOMAINS", "month_index", "statistical_of"]

DOMAINS = ("NLP", "Computer Vision")
"""Domains with enough reporters; the first is the baseline."""
BYTES_A_PARAMETER = 4
"""Reporters' sizes are those of weights in 32 bits."""
_FIRST_YEAR = 2021


def month_index(month: str) -> int:
    """Months since January 2021 of ``2022-03``."""
    year, _, number = month.partition("-")
    return (int(year) - _FIRST_YEAR) * 12 + int(number) - 1


@cache
def _fitted() -> dict[str, float]:
    return {row["name"]: float(row["value"]) for row in read_table("statistical")}


def statistical_of(record: ModelRecord) -> Statistical:
    """Interval of one model from its size, domain and month, or why it is refused."""
    fitted = _fitted()
    size = BYTES_A_PARAMETER * record.parameters_count if record.parameters_count else record.storage_bytes
    month = record.year_month
    if size is None or record.domain is None or month is None or record.created_at_is_floor:
        return Statistical(refusal="size, domain or month of creation is not known")
    at = month_index(month)
    if not (fitted["first_month"] <= at <= fitted["last_month"]):
        return Statistical(refusal=f"made in {month}: reporters it was fitted on are of 2021-10 to 2023-04")
    if record.domain not in DOMAINS:
        return Statistical(refusal=f"too few models of {record.domain} report")
    if not fitted["least_bytes"] <= size <= fitted["most_bytes"]:
        low, high = (fitted[name] / 1e9 for name in ("least_bytes", "most_bytes"))
        return Statistical(
            refusal=f"{spoken(size / 1e9)} GB: reporters it was fitted on have {low:.2g} to {high:.2g} GB"
        )
    mean = fitted["intercept"] + fitted["per_ln_bytes"] * log(size) + fitted["per_month"] * at
    mean += fitted["computer_vision"] * (record.domain == DOMAINS[1])
    return Statistical(
        central_gco2e=exp(mean),
        low_gco2e=exp(mean - fitted["down"]),
        high_gco2e=exp(mean + fitted["up"]),
        decades=(fitted["down"] + fitted["up"]) / log(10),
    )
