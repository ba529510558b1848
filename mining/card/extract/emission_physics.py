"""What energies and intensities say of an amount: that it is their product, or no amount but an intensity."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from mining.card.extract.emission_surroundings import Reader
from mining.card.extract.roles import Feature
from mining.card.values.equations import emissions_of_equation
from mining.patterns import regex
from mining.units import PhysicalQuantity, find_quantities

__all__ = ["intensities_apart", "physics"]

LEAST_G_PER_KWH, MOST_G_PER_KWH = 5, 1500
"""Carbon intensities of grids in words apart from their energy ("each kilowatt-hour ... 560 g")."""
SLACK = 0.04
LEAST_KWH = 0.01
"""Less than that is a request's energy, no training's."""
MOST_RATIO = 2500
"""Grams per kWh that no grid has."""
REACH = 90
_EQUALS = regex(r"\s?(?:CO\w{1,5}\s?)?=\s?")
_KWH = (
    r"(?:k(?:ilo)?w(?:att)?[\s.·-]?(?:h\b|hours?|stunde|heure|uur|timm|time|tun|ordu)\w{0,9}|quilowatt\w*|chilowatt\w*"
    r"|kilovat\w*|kilowatogodzin\w*|кВт\W{0,3}(?:ч|год)\w*|киловатт\W?час\w*|кіловат\W?годин\w*|千瓦时|度电|キロワット時|킬로와트시"
    r"|كيلوواط[\s-]?ساعة|کیلووات[\s-]?ساعت|किलोवाट[\s-]?घंट\w*|यूनिट)"
)
_EACH_BEFORE = regex(
    r"(?:\b(?:each|every|one|an?|per|jede\w?|pro|je|chaque|par|cada|por|ogni|per|elke?|każd\w+|на|кажд\w+"
    r"|кожн\w+|her|setiap"
    rf"|tiap|mỗi|varje|hver|jokai\w+|1)\s|每|一|各|كل\s|لكل\s|هر\s|प्रति\s){_KWH}[^.;!?\d]{{0,{REACH}}}$",
    re.IGNORECASE,
)
_EACH_BEHIND = regex(
    rf"\s{{0,2}}(?:CO[\w₂]{{1,4}}\s)?(?:(?:for|per|pro|je|par|por|per|voor|за|на|a|to|the|each|every|one|elke"
    rf"|chaque|cada|ogni)\s){{0,3}}{_KWH}",
    re.IGNORECASE,
)


_FACTORS = regex(
    r"(?<![\d.,])\d{1,9}(?:\.\d{1,9})?(?:[^\d=≈~×*]{0,24}(?:[×*]|\sx\s)[^\d=≈~×*]{0,24}\d{1,9}(?:\.\d{1,9})?){1,3}"
    r"(?:[^\d=≈]{0,24}(?:=|≈|→)[^\d]{0,6}|\s{5,24})$",
    stems="×;*;x",
)
"""Numbers that are multiplied right before an amount; the sign of equality may have been markup."""
_NUMBER = regex(r"\d{1,9}(?:\.\d{1,9})?")


def _product_before(plain: str, start: int, quantity: PhysicalQuantity) -> float | None:
    """The amount in grams, where the numbers that are multiplied before it make it ("0.25 × 6 × 0.79 ≈ 1.19 kg")."""
    match = _FACTORS.search(plain, max(start, quantity.start - REACH), quantity.start)
    if match is None:
        return None
    product = math.prod(float(one) for one in _NUMBER.findall(match.group()))
    value = quantity.number.value
    fits = any(value and abs(product / scale - value) <= SLACK * value for scale in (1.0, 1e3, 1e6, 1e-3))
    return quantity.inner if fits else None


_TIMES_BEFORE = regex(
    rf"{_KWH}\s?(?:[×x*]|times|mal|fois|por|vezes|keer|razy|на|kez|lần|gånger|gange)\s?$", re.IGNORECASE
)
_TIMES_BEHIND = regex(
    rf"(?:\s?CO[\w₂]{{1,4}})?\s?(?:[×x*]|times|mal|fois|por|vezes|keer|razy|kez|lần|gånger"
    rf"|gange)\s?\d[\d.,]{{0,8}}\s?{_KWH}",
    re.IGNORECASE,
)
"""An energy multiplied by a mass: that mass is of each kilowatt-hour."""


def intensities_apart(plain: str, quantities: Sequence[PhysicalQuantity], reader: Reader) -> dict[int, float]:
    """Amounts that are no amounts but intensities, said apart from their energy: place of each in the text, in g/kWh.

    Args:
        plain: Text of a paragraph.
        quantities: Its masses.
        reader: What the card says besides.
    """
    found: dict[int, float] = {}
    last: PhysicalQuantity | None = None
    for one in quantities:
        if not LEAST_G_PER_KWH <= one.inner <= MOST_G_PER_KWH or one.rate is not None:
            continue
        others = [other.inner for other in quantities if other is not one and other.inner > 2 * one.inner]
        products = (one.inner * energy for energy in reader.energies if energy != 1)
        if (
            any(abs(product - other) <= SLACK * other for product in products for other in others)
            or _follows_each(plain, one.start)
            or _TIMES_BEFORE.search(plain, max(0, one.start - REACH), one.start)
            or _TIMES_BEHIND.match(plain, one.end)
            or (
                not one.has_co2
                and _AT_SO_MUCH.search(plain, max(0, one.start - AT_REACH), one.start)
                and _OF_THE_GRID.match(plain, one.end)
            )
            or _EACH_BEHIND.match(plain, one.end)
            or (not one.has_co2 and _BESIDE_INTENSITY.search(plain, max(0, one.start - 2 * REACH), one.start))
            or (last is not None and not one.has_co2 and _AND_SO_MUCH_IN.fullmatch(plain, last.end, one.start))
        ):
            found[one.start] = one.inner
            last = one
    return found


_AND_SO_MUCH_IN = regex(
    r"\s(?:in|for|at|at the|of)\s[^.;!?\d]{2,40}?(?:,|,?\s(?:and|or|und|et|y|e|en|i))\s(?:(?:some|about"
    r"|around)\s)?[~≈]?",
    re.IGNORECASE,
)
"""Between an intensity and the next one ("380 g in Germany and 710 g in Poland")."""
_BESIDE_INTENSITY = regex(
    rf"(?:/|\b(?:per|pro|par|por|je|na|на|за)\s)\s?(?:{_KWH}|kWh)[^.;!?]{{0,24}}?\b(?:as opposed to|versus|vs\.?"
    rf"|compared (?:to|with)|against"
    r"|rather than|instead of|while|whereas|statt|gegenüber|contre|au lieu de|frente a|en vez de|invece di"
    r"|contro|tegenover|zamiast"
    r"|вместо|против|замість)\s[^.;!?\d]{0,16}$",
    re.IGNORECASE,
)
"""Before an intensity whose energy is left out, as it stands beside another one ("1.7 g per kWh, as opposed
to 410 g")."""
AT_REACH = 24
_AT_SO_MUCH = regex(
    r"\b(?:at|with|using|assuming|taking|given|bei|mit|avec|à|con|a|com|amb|met|bij|przy|при|за|med|ved|per)\s"
    r"(?:(?:the|some|about|roughly|an?|den|der|die|les|los|las|unos|i|gli|de|circa|etwa|rund|environ"
    r"|ok\.)\s){0,2}[~≈]?$",
    re.IGNORECASE,
)
_OF_THE_GRID = regex(
    r"[^.,;:!?()\d]{0,24}(?:\bgrid\b|\bmix\b|strommix|netz\w*|\bréseau\b|\bred\b|\brete\b|\brede\b|\bxarxa\b"
    r"|\bnet\b|sieci\b"
    r"|сет[ьи]\b|мереж\w|elnät\w*|elmix\w*|sähköverk\w*)",
    re.IGNORECASE,
)
"""A mass at which an energy is counted, and the grid that it is of ("at the 207 grams National Grid quoted")."""


def _follows_each(plain: str, start: int) -> bool:
    """Whether a number stands behind "each kilowatt-hour" that has no mass of its own before it."""
    match = _EACH_BEFORE.search(plain, max(0, start - REACH - 40), start)
    return match is not None and not any(
        map(str.isdigit, _FORMULA.sub("", plain[max(0, match.start() - 14) : match.start()]))
    )


_FORMULA = regex(r"CO\s?2", re.IGNORECASE)


def physics(
    reader: Reader,
    plain: str,
    quantity: PhysicalQuantity,
    sentence: tuple[int, int],
    before: str,
    grids: Sequence[float],
) -> Iterator[Feature]:
    """Energy beside the amount, and whether energy times intensity gives it, or no energy of the card can.

    Args:
        reader: What the card says.
        plain: Text of the paragraph.
        quantity: The amount.
        sentence: Where its sentence begins and ends.
        before: The sentence before.
        grids: Intensities of the paragraph said apart, in g/kWh.
    """
    grams = quantity.inner
    equals = _EQUALS.match(plain, quantity.end)
    worked_out = emissions_of_equation(plain[equals.end() : sentence[1]]) if equals else None
    products = [energy * grid for energy in reader.energies for grid in (*reader.intensities, *grids)]
    worked_out = worked_out if worked_out is not None else _product_before(plain, sentence[0], quantity)
    agrees = any(abs(product - grams) <= SLACK * grams for product in (*products, worked_out) if product is not None)
    if agrees:
        yield Feature("agrees", "clause", 1.0)
    here = [
        one.inner for one in find_quantities(f"{before} . {plain[slice(*sentence)]}", ("energy",)) if one.rate is None
    ]
    if any(energy > 0 and 3 <= grams / energy <= 1300 for energy in here):
        yield Feature("energy", "clause", 1.0)
    known = [energy for energy in reader.energies if energy >= LEAST_KWH]
    if known and not agrees and not any(grams <= MOST_RATIO * energy for energy in known):
        yield Feature("disagrees", "clause", 1.0)
