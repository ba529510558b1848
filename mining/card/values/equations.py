"""Energy and emissions as a card works them out: "4 x 0.4 kW x 10 h = 16 kWh", "543 g/kWh x 0.060 kW x 2 h"."""

from __future__ import annotations

import re

from mining.patterns import regex
from mining.units import Number, find_quantities, parse_number

__all__ = ["emissions_of_equation", "energy_of_equation", "is_factor"]

_TIMES = regex(r"\s*(?:[x×*·⋅]|\btimes\b)\s*", re.IGNORECASE)
MOST_FACTORS = 8
MOST_WORDS = 16
"""Characters that may follow a factor ("4 GPUs", "10 h of training")."""


def energy_of_equation(value: str) -> tuple[float, str, float] | None:
    """Energy that an equation states or, where it gives no result, amounts to.

    Args:
        value: Plain text of a value.

    Returns:
        The number, its unit, and the energy in kWh; None where the text is no equation of one power, one duration and
        plain factors.
    """
    left, equals, result = value.rpartition("=")
    if equals:
        stated = next((one for one in find_quantities(result, ("energy",)) if one.rate is None), None)
        if stated is not None:
            return stated.number.value, stated.unit, stated.inner
    product = _product(left if equals else value)
    return None if product is None else (product, "kWh", product)


def emissions_of_equation(product: str) -> float | None:
    """Grams of CO2 equivalent that a product of an intensity with an energy, or with a power and a duration, gives.

    Args:
        product: Plain text of one side of an equation.
    """
    found = _factors(product, ("intensity", "energy", "power", "duration"))
    kinds = sorted(found[0]) if found is not None else []
    return (
        found[1]
        if found is not None and kinds in (["energy", "intensity"], ["duration", "intensity", "power"])
        else None
    )


def _product(text: str) -> float | None:
    """Kilowatt hours of a product with exactly one power and one duration."""
    found = _factors(text, ("power", "duration"))
    return found[1] if found is not None and sorted(found[0]) == ["duration", "power"] else None


def _factors(text: str, sought: tuple[str, ...]) -> tuple[list[str], float] | None:
    """Kinds of the measures of a product, and the product with powers in kW; None where a factor is something else."""
    factors = _TIMES.split(text.strip(" .()"))
    if not 2 <= len(factors) <= MOST_FACTORS:
        return None
    kinds: list[str] = []
    product = 1.0
    for factor in factors:
        quantity = next(iter(find_quantities(factor, sought)), None)
        if (
            quantity is not None
            and quantity.start <= 1
            and (quantity.rate is None or quantity.kind == "intensity")
            and len(factor) - quantity.end <= MOST_WORDS
        ):
            kinds.append(quantity.kind)
            product *= quantity.inner / (1000.0 if quantity.kind == "power" else 1.0)
            continue
        number = parse_number(factor.partition(" ")[0])
        if not isinstance(number, Number) or number.low is not None or len(factor) > MOST_WORDS:
            return None
        product *= number.value
    return kinds, product


FACTOR_REACH = 90
_MULTIPLIED_BY = regex(
    r"\b(?:m[ou]ltipl\w+|mnoż\w+|умнож\w+|помнож\w+|vermenigvuldig\w*|kalikan|malnehmen|kertoma\w+|biderka\w*)\b"
    r"[^.;=]{0,60}\s(?:by|per|por|mit|par|met|przez|на|with|med)\s[~≈]?$",
    re.IGNORECASE,
    stems="multipl;moltipl;mnoż;умнож;помнож;vermenigvuldig;kalikan;malnehmen;kertoma;biderka",
)
"""Before a factor, whatever unit it bears ("multiply the kWh by 256 g CO2")."""


def is_factor(text: str, start: int, at: int) -> bool:
    """Whether an amount is what something is multiplied by.

    Args:
        text: Plain text.
        start: Where the amount's sentence begins.
        at: Where the amount begins.
    """
    return _MULTIPLIED_BY.search(text, max(start, at - FACTOR_REACH), at) is not None
