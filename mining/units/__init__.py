"""The one place for units: written numbers and quantities become inner units, or a refusal with a reason.

Inner units: g CO2eq (emissions), kWh (energy), W (power), h (duration), g/kWh (intensity), L (water), FLOP
(computation).
"""

from mining.units.numbers import NOTHING, Number, Refusal, find_number, parse_number
from mining.units.quantities import (
    Quantity,
    UnitKind,
    find_quantities,
    parse_quantity,
    scaled,
    unit_factor,
    unit_in_label,
)
from mining.units.scale import (
    days,
    grams,
    hours,
    kilograms,
    kilograms_per_kilowatt_hour,
    kilowatt_hours,
    kilowatts,
    litres,
    megawatt_hours,
    milligrams,
    minutes,
    pounds,
    seconds,
    tonnes,
    watt_hours,
    watts,
)
from mining.units.words import mass_words

__all__ = [
    "NOTHING",
    "Number",
    "Quantity",
    "Refusal",
    "UnitKind",
    "days",
    "find_number",
    "find_quantities",
    "grams",
    "hours",
    "kilograms",
    "kilograms_per_kilowatt_hour",
    "kilowatt_hours",
    "kilowatts",
    "litres",
    "mass_words",
    "megawatt_hours",
    "milligrams",
    "minutes",
    "parse_number",
    "parse_quantity",
    "pounds",
    "scaled",
    "seconds",
    "tonnes",
    "unit_factor",
    "unit_in_label",
    "watt_hours",
    "watts",
]
