"""Every number that is shown is rounded here and nowhere else; results keep full precision until this point.

A missing number is a dash, never a zero. Minus signs are real minus signs, thousands are parted by commas, and a
p-value is never printed as zero.
"""

from __future__ import annotations

import math

MISSING = "–"
MINUS = "−"
SIGNIFICANT_DIGITS = 3
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
MASS_STEPS = (
    (1e-6, "µg", 1e6),
    (1e-3, "mg", 1e3),
    (1.0, "g", 1.0),
    (1e3, "kg", 1e-3),
    (1e6, "t", 1e-6),
    (1e9, "kt", 1e-9),
)
COUNT_STEPS = ((1.0, "", 1.0), (1e3, "k", 1e-3), (1e6, "M", 1e-6), (1e9, "B", 1e-9), (1e12, "T", 1e-12))
BYTE_STEPS = (
    (1.0, "B", 1.0),
    (1e3, "kB", 1e-3),
    (1e6, "MB", 1e-6),
    (1e9, "GB", 1e-9),
    (1e12, "TB", 1e-12),
    (1e15, "PB", 1e-15),
)
PUBLISHED_NAME, RECIPE_NAME = "as published", "2023 recipe"
VERSION_NAMES = {"as-published": PUBLISHED_NAME, "repaired": "repaired"}
SCALES = {"g CO2eq": MASS_STEPS, "1": COUNT_STEPS, "B": BYTE_STEPS}


def is_missing(value: object) -> bool:
    """Whether there is no number to show."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def count(value: float | None) -> str:
    """A whole number with thousands parted by commas: ``1,417``."""
    if value is None or is_missing(value):
        return MISSING
    return f"{round(value):,}".replace("-", MINUS)


def number(value: float | None, digits: int = SIGNIFICANT_DIGITS) -> str:
    """A number with so many significant digits: ``0.0032``, ``432.7``, ``69,376``, ``2.87 × 10⁻⁵¹``.

    Whole numbers below a million are shown in full, and no digit before the decimal point is ever rounded away below
    that.
    """
    if value is None or is_missing(value):
        return MISSING
    if value == 0:
        return "0"
    size = abs(value)
    if float(value).is_integer() and size < 1e6:
        return count(value)
    if size < 1e-4 or size >= 1e7:
        return _power_of_ten(value, digits)
    shown = float(f"{size:.{digits - 1}e}")
    decimals = max(0, digits - 1 - math.floor(math.log10(shown)))
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def _power_of_ten(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.replace('-', MINUS)} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def spoken(value: float | None, digits: int = SIGNIFICANT_DIGITS) -> str:
    """A number as people write it in a sentence: ``1.5 trillion``, ``20 million``, ``3,050``, ``0.22``, ``6.3 × 10²²``.

    No trailing zeros.
    """
    if value is None or is_missing(value):
        return MISSING
    rounded = float(f"{value:.{digits - 1}e}")
    for size, word in ((1e15, None), (1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(rounded) >= size:
            return (
                _trimmed(_power_of_ten(rounded, digits))
                if word is None
                else _trimmed(number(rounded / size, digits)) + word
            )
    return _trimmed(number(rounded, digits))


def _trimmed(text: str) -> str:
    """Decimals without the zeros at their end."""
    digits, sign, power = text.partition(" × ")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + sign + power


def p_value(value: float | None) -> str:
    """A p-value with its sign of relation left out: ``0.029``, ``< 0.001``, ``1``."""
    if value is None or is_missing(value):
        return MISSING
    if value < 0.001:
        return "< 0.001"
    if value > 0.9995:
        return "1"
    return f"{value:.3f}"


def p_statement(value: float | None) -> str:
    """A p-value as it stands in a sentence: ``p = 0.029``, ``p < 0.001``."""
    shown = p_value(value)
    return f"p {shown}" if shown.startswith("<") else f"p = {shown}"


def share(value: float | None, decimals: int = 1) -> str:
    """A share between 0 and 1 as per cent: ``91.1 %``."""
    if value is None or is_missing(value):
        return MISSING
    return f"{100 * value:.{decimals}f} %".replace("-", MINUS)


SMALL_SHARE = 0.01


def percent(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """A share as a reader quotes it, with its interval where there is one.

    ``0.12 % [0.05 %, 0.28 %]``, ``0 % [0 %, 0.09 %]``, ``0 % [0 %, 79.4 %]``.

    Shares below one in a hundred keep two decimals, unless their interval is wide.
    """
    is_small = value is not None and value < SMALL_SHARE and (high is None or high < 10 * SMALL_SHARE)
    decimals = 2 if is_small else 1
    shown, lower, upper = (_whole(share(one, decimals)) for one in (value, low, high))
    return shown if MISSING in {lower, upper} else f"{shown} [{lower}, {upper}]"


def _whole(shown: str) -> str:
    """``0 %`` and ``100 %`` without decimals."""
    return {"0.0 %": "0 %", "0.00 %": "0 %", "100.0 %": "100 %", "100.00 %": "100 %"}.get(shown, shown)


def interval(low: float | None, high: float | None, digits: int = SIGNIFICANT_DIGITS) -> str:
    """An interval in brackets: ``[0.31, 0.74]``; a dash where neither end is known, ∞ where one is open."""
    if is_missing(low) and is_missing(high):
        return MISSING
    lower = f"{MINUS}∞" if is_missing(low) else number(low, digits)
    upper = "∞" if is_missing(high) else number(high, digits)
    return f"[{lower}, {upper}]"


def scaled(value: float | None, unit: str | None, digits: int = SIGNIFICANT_DIGITS) -> str:
    """A quantity in the handiest multiple of its unit: ``24.7 t CO₂eq``, ``110 M``, ``1.2 GB``.

    Args:
        value: The quantity in ``unit``.
        unit: Inner unit of the registry (``g CO2eq``, ``B``, ``1``); any other is written as it is.
        digits: Significant digits.
    """
    if value is None or is_missing(value):
        return MISSING
    if unit is None or unit not in SCALES:
        return with_unit(value, unit, digits)
    chosen = _step(value, SCALES[unit])
    tail = f"{chosen[1]} CO₂eq" if unit == "g CO2eq" else chosen[1]
    return f"{number(value * chosen[2], digits)} {tail}".rstrip()


def with_unit(value: float | None, unit: str | None, digits: int = SIGNIFICANT_DIGITS) -> str:
    """A number followed by its unit, where it has one."""
    shown = number(value, digits)
    if unit in {None, "", "1"} or shown == MISSING:
        return shown
    return f"{shown} {pretty_unit(unit)}"


def pretty_unit(unit: str | None) -> str:
    """A unit with its subscripts: ``g CO₂eq``."""
    return (unit or "").replace("CO2", "CO₂")


def plain(value: float) -> str:
    """A round number without trailing noise, as axis ticks want it: ``0.75``, ``1,250``."""
    return f"{value:,.6g}".replace("-", MINUS)


def tick(value: float, unit: str) -> str:
    """Label of an axis tick in the handiest multiple of its unit: ``10 kg``, ``2.5 M``, ``0.1 mg``."""
    chosen = _step(value, SCALES[unit])
    return f"{plain(value * chosen[2])} {chosen[1]}".rstrip()


def _step(value: float, steps: tuple[tuple[float, str, float], ...]) -> tuple[float, str, float]:
    """The largest multiple that the value reaches; the smallest for anything below."""
    return next((step for step in reversed(steps) if abs(value) >= step[0] * 0.9995), steps[0])


def version_name(version: str, *, is_published: bool = True) -> str:
    """A version in words; nothing is "as published" on other data than the study's.

    >>> version_name("as-published"), version_name("as-published", is_published=False)
    ('as published', '2023 recipe')
    """
    return RECIPE_NAME if version == "as-published" and not is_published else VERSION_NAMES.get(version, version)


def cell(value: object, name: str = "", unit: str | None = None, *, is_published: bool = True) -> str:
    """Anything that stands in a cell of a printed table.

    Args:
        value: What the table holds.
        name: Name of the column; shares (``share``, ``mass_share``, ``share_within``) are shown as per cent, p-values
            as such, a ``year`` without a comma.
        unit: Unit of the column.
        is_published: Whether the data are those of the study, so that its version is "as published".
    """
    if value is None or is_missing(value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return version_name(str(value), is_published=is_published)
    if "share" in name.split("_") and unit == "1":
        return share(value)
    if name in {"p", "p_adjusted"}:
        return p_value(value)
    if name == "year":
        return str(value)
    return count(value) if isinstance(value, int) else number(value)
