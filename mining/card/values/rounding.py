"""Whether two written numbers can be the same number, given the digits that were written."""

from __future__ import annotations

from mining.schema import Claim
from mining.units import Refusal
from mining.units.numbers import number_matches, number_of

RELATIVE = 0.01


def half_step(claim: Claim) -> float:
    """Half of the last digit that the claim's number was written with, in the claim's own unit."""
    steps = []
    for match in number_matches(claim.text):
        number = number_of(match)
        if not isinstance(number, Refusal) and number.value == claim.value:
            steps.append(number.half_step)
    return max(steps, default=0.0)


def agrees(grams: float, claim: Claim) -> bool:
    """Whether a claim can be a rounded writing of that many grams."""
    if claim.inner_value is None or claim.value is None:
        return False
    factor = (
        claim.inner_value / claim.value
        if claim.value
        else {"kg": 1e3, "t": 1e6, "mg": 1e-3}.get(claim.unit or "g", 1.0)
    )
    # rounding moves by half a digit either way, truncation only takes away, up to a whole digit: "0.1 t" is never a
    # tenth of a gram
    slack, half = RELATIVE * claim.inner_value, 1.01 * half_step(claim) * factor
    return -max(slack, half) <= grams - claim.inner_value <= max(slack, 2 * half)


def same_digits(value: float, claim: Claim) -> bool:
    """Whether a claim repeats the number itself, whatever its unit."""
    if claim.value is None or claim.value == 0:
        return False
    room = max(0.001 * claim.value, min(1.02 * half_step(claim), 0.03 * claim.value))
    return abs(value - claim.value) <= room
