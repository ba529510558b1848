"""The one place for units: written numbers and quantities become inner units, or a refusal with a reason.

Inner units: g CO2eq (emissions), kWh (energy), W (power), h (duration), g/kWh (intensity), L (water), FLOP
(computation).
"""

from mining.units.numbers import NOTHING, Number, Refusal, find_number, parse_number
from mining.units.quantities import PhysicalQuantity, find_quantities, scaled, unit_factor, unit_in_label
from mining.units.unit_words import mass_words

__all__ = [
    "NOTHING", "Number", "PhysicalQuantity", "Refusal", "find_number", "find_quantities", "mass_words",
    "parse_number", "scaled", "unit_factor", "unit_in_label",
]  # fmt: skip
