"""Constructors named for the outer unit; each returns the inner unit of its quantity."""

from __future__ import annotations

GRAMS_PER_POUND = 453.59237
"""International avoirdupois pound, exact by definition (1959)."""
LITRES_PER_GALLON = 3.785411784
"""United States liquid gallon, exact by definition."""
HOURS_PER_MONTH = 730.5
"""A twelfth of a Julian year of 365.25 days."""
KWH_PER_MEGAJOULE = 1 / 3.6


def milligrams(value: float) -> float:
    """Milligrams in g."""
    return value / 1000


def grams(value: float) -> float:
    """Grams in g."""
    return value


def kilograms(value: float) -> float:
    """Kilograms in g."""
    return value * 1000


def tonnes(value: float) -> float:
    """Metric tonnes in g."""
    return value * 1_000_000


def pounds(value: float) -> float:
    """Avoirdupois pounds in g."""
    return value * GRAMS_PER_POUND


def watt_hours(value: float) -> float:
    """Watt hours in kWh."""
    return value / 1000


def kilowatt_hours(value: float) -> float:
    """Kilowatt hours in kWh."""
    return value


def megawatt_hours(value: float) -> float:
    """Megawatt hours in kWh."""
    return value * 1000


def watts(value: float) -> float:
    """Watts in W."""
    return value


def kilowatts(value: float) -> float:
    """Kilowatts in W."""
    return value * 1000


def seconds(value: float) -> float:
    """Seconds in h."""
    return value / 3600


def minutes(value: float) -> float:
    """Minutes in h."""
    return value / 60


def hours(value: float) -> float:
    """Hours in h."""
    return value


def days(value: float) -> float:
    """Days in h."""
    return value * 24


def kilograms_per_kilowatt_hour(value: float) -> float:
    """Kilograms of CO2eq a kilowatt hour, in g/kWh."""
    return value * 1000


def litres(value: float) -> float:
    """Litres in L."""
    return value
