"""The amount in a labelled value or a cell: a mass beside it, or a bare number with the unit in its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from mining.card.lexicon.words import MARKET, TOTAL, TRAINING
from mining.patterns import regex
from mining.units import Number, PhysicalQuantity, find_number, find_quantities, unit_factor, unit_in_label

OFFSET_NEAR = regex(r"offset|compensat", re.IGNORECASE)
_EQUALS = regex(r"=|~|≈|->|→")
_FORMULA = regex(
    r"[\w)]\s{0,3}[*/×x]\s{0,3}(?=[\w(])(?:[^/]{0,80}[\w)]\s{0,3}[*/×x]\s{0,3}[\w(])|\)\s?/\s?\d|\w_\w{1,40}\s?[*/×]"
    r"|[*×]\s?\w{1,40}_\w"
)
_OPERATOR = regex(r"(?<=[\w)])\s?[x×*·+]\s?(?=[\d(.])|\bx\b", re.IGNORECASE)
_NUMBER_ONLY = regex(r"[\s~≈<>≤*(\[]*[-+]?[\d.,_' ]+(?:e[-+]?\d+)?\s*[*)\]]*\s*", re.IGNORECASE)


class Found(Struct, frozen=True):
    """A reading of a value: number, unit, marks."""

    number: Number
    unit: str | None
    factor: float | None


def read_value(value: str, label: str) -> Found | None:
    """The amount in a labelled value: a mass beside it, or a bare number with the unit in the label."""
    quantities = list(find_quantities(value, ("emissions", "energy")))
    masses = [
        one
        for one in joined(value, quantities)
        if one.kind == "emissions" and one.rate is None and not _is_offset(value, one)
    ]
    if masses:
        chosen = _choose(value, masses)
        is_own = not _are_only_added(value, masses) and not _is_of_a_use(value, quantities, masses[0].start)
        return Found(chosen.number, chosen.unit, chosen.factor) if is_own else None
    if quantities or not any(map(str.isdigit, value)):
        return None
    if _FORMULA.search(value) or ("=" in value and _OPERATOR.search(value)):
        return read_value(value.rpartition("=")[2], label) if "=" in value else None
    head = re.split(r"[(\[,;]\s|\s[(\[]", value, maxsplit=1)[0]
    head = head if any(map(str.isdigit, head)) else value
    number = find_number(head)
    if not isinstance(number, Number):
        return None
    unit = unit_in_label("emissions", label)
    rest = head[number.end :].strip(" *.)")
    if rest.startswith(("%", "‰", "percent", "per cent")):
        return None
    if rest and unit is None and not re.match(r"co\W{0,14}2", rest, re.IGNORECASE):
        return None
    if unit is None and not _NUMBER_ONLY.fullmatch(
        re.sub(
            r"co\W{0,14}2\s?-?(?:e|eq\.?|equivalent)?",
            "",
            re.sub(
                r"^\W*(?:about|approx\w*\.?|around|cc?a\.?|circa|estimated(?: at)?|total:?)\s*",
                "",
                head,
                flags=re.IGNORECASE,
            ),
            flags=re.IGNORECASE,
        )
    ):
        return None
    return Found(number, unit, unit_factor("emissions", unit) if unit else None)


def _is_of_a_use(value: str, quantities: Sequence[PhysicalQuantity], first: int) -> bool:
    """Whether a value begins with a rate of the use ("0.3 g per 1 000 photos, some 95 g in September")."""
    rates = [one for one in quantities if one.kind == "emissions" and one.rate and one.rate not in _OF_A_TRAINING]
    return bool(rates) and rates[0].start < first and not TRAINING.search(value, rates[0].end)


_OF_A_TRAINING = frozenset(
    {
        "seed",
        "fold",
        "run",
        "epoch",
        "stage",
        "phase",
        "step",
        "gpu",
        "device",
        "card",
        "node",
        "model",
        "language",
        "training",
        "trial",
    }
)
"""What a training consists of, or several of them: "0.27 kg per seed, 0.81 kg in all"."""


def is_formula(value: str) -> bool:
    """Whether a value says how an amount is worked out, instead of stating one."""
    return _FORMULA.search(value) is not None


def _is_offset(value: str, quantity: PhysicalQuantity) -> bool:
    near = value[max(0, quantity.start - 24) : quantity.end + 14]
    return (
        OFFSET_NEAR.search(near[: quantity.start + 1]) is not None
        and "of which" not in near
        and not value[:40].strip().startswith(value[quantity.start : quantity.end][:4])
    )


def _are_only_added(value: str, masses: list[PhysicalQuantity]) -> bool:
    """Whether a plus stands between amounts whose sum nobody wrote: none of them is the whole."""
    if len(masses) < 2 or "=" in value or TOTAL.search(value):
        return False
    return all(PLUS.fullmatch(value[one.end : after.start]) for one, after in pairwise(masses))


PLUS = regex(r"[^+;/]{0,60}\+\s{0,3}[~≈]?\s{0,3}")
"""Between two amounts that are added ("9.8 kg for the training + 0.7 kg for the adaptation")."""


def by_location(value: str) -> str:
    """Of a value on both bases, the part by the grid of the place ("market-based 0 kg; location-based 520 kg").

    Args:
        value: The value behind a label.
    """
    parts = [part for part in _APART.split(value) if part.strip()]
    if len(parts) != 2 or not all(any(map(str.isdigit, part)) for part in parts):
        return value
    of_place = [part for part in parts if _LOCATION.search(part) and not MARKET.search(part)]
    return of_place[0].strip() if len(of_place) == 1 and any(map(MARKET.search, parts)) else value


_APART = regex(
    r";|,(?=\s(?:location|market|standort|markt))|\s(?:/|and|und|et|y|e|en)\s(?=(?:location|market)\W)", re.IGNORECASE
)
_LOCATION = regex(
    r"location[\s-]?based|standort\w*|basé\w*\ssur\s(?:le\slieu|la\slocalisation)|basad\w\sen\sla\subicación"
    r"|basead\w\sna\slocalização|basat\w\ssulla\s(?:localizzazione|posizione)|locatie\w*|基于位置|基於位置|ロケーション基準"
    r"|위치\s?기반|sijaintiperust\w*",
    re.IGNORECASE,
)


def _choose(value: str, masses: list[PhysicalQuantity]) -> PhysicalQuantity:
    """Of several amounts: the one called total, the result of an equation, else the first."""
    if len(masses) == 1:
        return masses[0]
    for one in masses:
        near = value[max(0, one.start - 14) : one.start] + " " + value[one.end : one.end + 14]
        if TOTAL.search(near):
            return one
    for one, after in pairwise(masses):
        between = value[one.end : after.start]
        if _EQUALS.search(between) and _OPERATOR.search(value[: one.end + 4]):
            return after
    return masses[0]


def joined(plain: str, quantities: Sequence[PhysicalQuantity]) -> list[PhysicalQuantity]:
    """Amounts, those in two units made one ("1 kilo and 430 grams of CO2").

    Args:
        plain: Plain text of a paragraph.
        quantities: Its masses in order.
    """
    found: list[PhysicalQuantity] = []
    for one in quantities:
        last = found[-1] if found else None
        if (
            last is not None
            and last.factor / one.factor in LARGER
            and last.number.value == int(last.number.value)
            and one.inner < last.factor
            and last.number.low is None
            and not last.has_co2
            and _AND.fullmatch(plain, last.end, one.start)
        ):
            ratio = last.factor / one.factor
            value = float(f"{last.number.value + one.number.value / ratio:.12g}")
            number = replace(last.number, value=value, half_step=one.number.half_step / ratio)
            found[-1] = replace(last, number=number, has_co2=one.has_co2, rate=one.rate, end=one.end)
        else:
            found.append(one)
    return found


LARGER = (1000.0, 10.0, 16.0)
"""How many of the next unit make one: grams a kilogram, hectograms a kilogram, ounces a pound."""
_AND = regex(r"[\s,]{0,3}(?:(?:and|und|et|y|e|i|en|и|і|та|ve|dan|và|och|og|ja|eta|और|و|с)\s|و)?\s{0,40}", re.IGNORECASE)
