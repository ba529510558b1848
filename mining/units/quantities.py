"""Quantities: a number with a unit, found in text, in the inner unit of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from mining.patterns import regex
from mining.units.numbers import NOTHING, NUMBER, Number, Refusal, number_of
from mining.units.scale import GRAMS_PER_POUND, HOURS_PER_MONTH, KWH_PER_MEGAJOULE, LITRES_PER_GALLON

UnitKind = Literal["emissions", "energy", "power", "duration", "intensity", "water", "flop"]

_TWO = r"(?:\s{0,14}_{0,2}\s{0,14}2|₂|<sub>2</sub>|\$_\{?2\}?\$)"
_CO2 = (
    rf"(?:c\s{{0,6}}[oо0]{_TWO}|С\s?О{_TWO}|carbon[\s-]{{1,3}}dioxide|dioxyde de carbone"
    rf"|di[oóò]xid[oe]? de carbon[oei]?|"
    rf"anidride carbonica|dwutlenku węgla|углекислого газа|вуглекислого газу|karbondioksit|koldioxid|kuldioxid"
    rf"|koolstofdioxide|"
    rf"hiilidioksidi\w{{0,12}}|karbono dioxido\w{{0,6}}|karbon dioksida|कार्बन डाइऑक्साइड|이산화탄소|二酸化炭素|二氧化碳|"
    rf"ثاني أكسيد الكربون|دی اکسید کربن|دی‌اکسید کربن)"
)
_EQ = r"(?:[\s._-]{0,3}(?:equivalents?|[ée]quivalent|equiv\.?|eqv?\.?|e\b|_2))?"
_EQUIVALENT = (
    r"eq(?:uivalents?|\.|v\.?)?|äquivalente?n?|[ée]quivalents?|equivalentes?|equivalenti?|ekwiwalent\w{0,3}"
    r"|эквивалент\w{0,3}|"
    r"еквівалент\w{0,3}|eşdeğeri?|ekvivalent\w{0,4}|setara|quy đổi|tương đương|"
    r"مكافئ|معادل|समतुल्य|当量|當量|換算|환산|상당"
    r"|baliokide"
)
_JOIN = rf"(?:(?:\(?of|de|di|von|van|d'|av|af|の|的|из|من|के|{_EQUIVALENT})[\s.-]{{0,3}}){{0,3}}(?:\()?"
_CO2_TAIL = (
    rf"(?:[\s._-]{{0,16}}{_JOIN}\s{{0,3}}{_CO2}{_EQ}"
    r"|[\s._-]{0,3}(?:of\s{1,3})?carbon(?=\s{1,3}(?:emi|equiv|eq\b|was emi|were emi|footprint))"
    r"|[\s._-]{0,3}c[o0]2e?q?\b)"
)

_MASS = {
    "kg": (r"kgs?|kilo(?:gramme|gram|gramo|grama)?s?|千克|公斤|キログラム|кг", 1e3),
    "mg": (r"mg|milligram(?:me)?s?", 1e-3),
    "kt": (r"kt|kilo-?ton(?:ne)?s?", 1e9),
    "Mt": (r"(?-i:Mt)|megaton(?:ne)?s?", 1e12),
    "lb": (r"lbs?\.?|pounds?", GRAMS_PER_POUND),
    "t": (r"(?:metric[\s-]{1,3})?ton(?:ne|elada)?s?|(?-i:MT)|t|吨|トン|тонн?", 1e6),
    "g": (r"g(?:r|rs)?|gram(?:me|o|a|m)?s?|克|グラム|г", 1.0),
}
_ENERGY = {
    "GWh": (r"gwh|gigawatt[\s-]?hours?", 1e6),
    "MWh": (r"mw\.?h|megawatt[\s-]?hours?", 1e3),
    "TWh": (r"twh|terawatt[\s-]?hours?", 1e9),
    "kWh": (r"kw[\s.·*-]?hr?s?|kilo-?watt[\s-]?(?:hour|heure|stunde)s?n?|kilovatios? hora", 1.0),
    "Wh": (r"wh|watt[\s-]?hours?", 1e-3),
    "kJ": (r"kj|kilojoules?", KWH_PER_MEGAJOULE / 1e3),
    "MJ": (r"(?-i:MJ)|megajoules?", KWH_PER_MEGAJOULE),
    "GJ": (r"gj|gigajoules?", KWH_PER_MEGAJOULE * 1e3),
    "J": (r"(?-i:J)|joules?", KWH_PER_MEGAJOULE / 1e6),
}
_POWER = {
    "kW": (r"kw|kilowatts?", 1e3),
    "MW": (r"(?-i:MW)|megawatts?", 1e6),
    "mW": (r"(?-i:mW)|milliwatts?", 1e-3),
    "W": (r"w|watts?", 1.0),
}
_HOUR = (
    r"(?:(?:[gt]pu|node|device|accelerator|wall[\s-]?clock)[\s-]{0,3})?"
    r"(?:h|hrs?|hours?|heures?|stunden?|horas?|ore|uur|uren|timer|timmar|saat|godzin|час(?:ов|а)?|時間|小时|小時|시간)"
)
_DURATION = {
    "s": (r"s|secs?|seconds?|secondes?|sekunden|segundos", 1 / 3600),
    "min": (r"mins?|minutes?|minuten|minutos", 1 / 60),
    "h": (_HOUR, 1.0),
    "d": (r"(?:[gt]pu[\s-]{0,3})?(?:d|days?|jours?|tage?n?|d[íi]as|dias)", 24.0),
    "wk": (r"weeks?|wks?|semaines?|wochen|semanas", 168.0),
    "mo": (r"months?|mois|monate?n?|meses", HOURS_PER_MONTH),
    "yr": (r"(?:[gt]pu[\s-]{0,3})?years?", HOURS_PER_MONTH * 12),
}
_WATER = {
    "kL": (r"kl|kilolit(?:er|re)s?|cubic met(?:er|re)s?|m3|m³", 1e3),
    "ML": (r"(?-i:ML)|megalit(?:er|re)s?", 1e6),
    "mL": (r"(?-i:ml|mL)|millilit(?:er|re)s?", 1e-3),
    "L": (r"l|lit(?:er|re)s?", 1.0),
    "gal": (r"gal(?:lon)?s?", LITRES_PER_GALLON),
}
_FLOP = {
    "PF-days": (r"p(?:eta)?f(?:lop)?(?:/s|s)?[\s-]{1,2}days?", 8.64e19),
    "ZFLOP": (r"z(?:etta)?flops?", 1e21),
    "EFLOP": (r"e(?:xa)?flops?", 1e18),
    "PFLOP": (r"p(?:eta)?flops?", 1e15),
    "TFLOP": (r"t(?:era)?flops?", 1e12),
    "FLOP": (r"flops?|floating[\s-]point operations", 1.0),
}


def _with_words(kind: str, table: dict[str, tuple[str, float]]) -> dict[str, tuple[str, float]]:
    """A table of units with the words of other languages (``unit_words.csv``)."""
    more: dict[str, str] = {unit: words for of, unit, words in _UNIT_WORDS if of == kind}
    return {
        unit: (f"{pattern}|{more[unit]}" if unit in more else pattern, factor)
        for unit, (pattern, factor) in table.items()
    }


_UNIT_WORDS = [
    line.split(",", 2)
    for line in Path(__file__).with_name("unit_words.csv").read_text(encoding="utf-8").splitlines()[1:]
]
_MASS, _ENERGY, _DURATION = (
    _with_words(kind, table) for kind, table in (("emissions", _MASS), ("energy", _ENERGY), ("duration", _DURATION))
)
_TABLES: dict[str, dict[str, tuple[str, float]]] = {
    "emissions": _MASS,
    "energy": _ENERGY,
    "power": _POWER,
    "duration": _DURATION,
    "water": _WATER,
    "flop": _FLOP,
}
_PER = r"\s{0,4}(?:/|\bper\b|\bpro\b|\bpar\b|\bpor\b|\bje\b|\bpr\.|प्रति|لكل|به ازای هر|برای هر|mỗi|每)\s{0,4}"
_HARMLESS_PER = (
    r"(?!(?:a\s|l'|el\s|la\s|cada\s|das\s|den\s|il\s)?(?:single\s)?(?:train|fine-?tuning|run\b|model|experiment|trial|"
    r"entra|entren|trein|addestr|allen|fine|co\W?2))"
)
_PER_ENERGY = (
    r"/|\b(?:per|pro|par|por|je|pr\.?|na|po|à|al?|за|на(?: один)?|tiap|mỗi|cada|voor elke|per elke)\b"
    r"|प्रति|हर|لكل|به ازای هر|برای هر|در هر|每"
)
_EACH_AFTER = r"\s{0,2}(?:başına|kohti|kohden|bakoitzeko|あたり|当たり|当り|당|마다|प्रति)"
_RATE = regex(rf"[\s)\]]{{0,3}}{_PER}{_HARMLESS_PER}(?P<what>[^\W\d_]\w{{0,20}})", re.IGNORECASE)
_NOT_WORD = r"(?![A-Za-z\u00aa-\u024f\u0370-\u052f\u0600-\u06ff\u0900-\u097f])"


def _alternatives(table: dict[str, tuple[str, float]]) -> str:
    return "|".join(f"(?P<{_group(name)}>{pattern})" for name, (pattern, _) in table.items())


def _group(name: str) -> str:
    return "u_" + name.replace("-", "_")


_ENERGY_WORD = "|".join(f"(?:{pattern})" for pattern, _ in _ENERGY.values())
_INTENSITY_TAIL = regex(
    rf"[\s)\]]{{0,12}}(?:(?:{_PER_ENERGY})\s{{0,12}}(?:1\s?)?(?P<unit>{_ENERGY_WORD}){_NOT_WORD}"
    rf"|(?P<unit_first>{_ENERGY_WORD}):?\w{{0,3}}{_EACH_AFTER})",
    re.IGNORECASE,
)
_INTENSITY_HEAD = regex(
    rf"(?:(?P<unit>{_ENERGY_WORD}){_EACH_AFTER}|每(?P<unit_first>{_ENERGY_WORD}))[^\d.;。]{{0,12}}$", re.IGNORECASE
)
_MASS_CORE = _alternatives(_MASS)
_UNIT_PATTERNS = {
    kind: regex(rf"[\s_~]{{0,6}}[(\[]?(?:{_alternatives(table)}){_NOT_WORD}", re.IGNORECASE)
    for kind, table in _TABLES.items()
    if kind != "emissions"
}
_MASS_CO2 = regex(rf"[\s_]{{0,16}}(?:-\s?)?[(\[]?(?:in\s)?(?:{_MASS_CORE})\.?(?P<co2>{_CO2_TAIL})", re.IGNORECASE)
_MASS_BARE = regex(
    rf"[\s_]{{0,16}}[(\[]?(?:in\s)?(?:{_MASS_CORE})(?:[\s.]{{0,3}}eq(?:\b|uiv\w*)\.?)?{_NOT_WORD}(?![\d/]\d)",
    re.IGNORECASE,
)
_CO2_FIRST = regex(rf"[\s_]{{0,16}}{_CO2}{_EQ}[\s.,(-]{{0,4}}(?:in\s)?(?:{_MASS_CORE}){_NOT_WORD}", re.IGNORECASE)
_IN_LABEL = {
    "emissions": regex(
        rf"(?:^|[\s(\[/_,|-])(?:in\s{{1,3}})?(?:{_MASS_CORE})\.?(?P<co2>{_CO2_TAIL})?(?=$|[\s)\],/|:_-])", re.IGNORECASE
    ),
    "energy": regex(rf"(?:^|[\s(\[/_,|-])(?:in\s{{1,3}})?(?:{_alternatives(_ENERGY)})(?=$|[\s)\],|:-])", re.IGNORECASE),
    "power": regex(rf"(?:^|[\s(\[/_,|-])(?:in\s{{1,3}})?(?:{_alternatives(_POWER)})(?=$|[\s)\],|:-])", re.IGNORECASE),
    "duration": regex(
        rf"(?:^|[\s(\[/_,|-])(?:in\s{{1,3}})?(?:{_alternatives(_DURATION)})(?=$|[\s)\],|:-])", re.IGNORECASE
    ),
}


def mass_words() -> str:
    """A pattern of all names of units of mass, for readers of numbers in words."""
    return "|".join(f"(?:{pattern})" for pattern, _ in _MASS.values())


class Quantity(NamedTuple):
    """A number with its unit.

    Attributes:
        kind: What it measures.
        number: The number as written.
        unit: Name of the unit, for instance ``kg``; ``kg/kWh`` for intensities.
        factor: What a value is multiplied with to get the inner unit.
        has_co2: Whether CO2 is written beside a mass.
        rate: What a rate is divided by (``km``, ``image``); None for a plain quantity.
        start: Offset of the number in the text.
        end: Offset behind the unit.
    """

    kind: str
    number: Number
    unit: str
    factor: float
    has_co2: bool
    rate: str | None
    start: int
    end: int

    @property
    def inner(self) -> float:
        """Value in the inner unit."""
        return scaled(self.number.value, self.factor)

    @property
    def inner_low(self) -> float | None:
        """Lower end in the inner unit, where a range is stated."""
        return None if self.number.low is None else scaled(self.number.low, self.factor)

    @property
    def inner_high(self) -> float | None:
        """Upper end in the inner unit, where a range is stated."""
        return None if self.number.high is None else scaled(self.number.high, self.factor)


def scaled(value: float, factor: float) -> float:
    """A value times a unit's factor, without the dust of binary fractions (0.1069 kg are 106.9 g)."""
    return value if factor == 1.0 else float(f"{value * factor:.15g}")


def unit_factor(kind: str, unit: str) -> float:
    """What a value in `unit` is multiplied with to get the inner unit of `kind`.

    Raises:
        KeyError: The kind has no such unit.
    """
    if kind == "intensity":
        mass, _, energy = unit.partition("/")
        return _MASS[mass][1] / _ENERGY[energy][1]
    return _TABLES[kind][unit][1]


@lru_cache(maxsize=512)
def unit_in_label(kind: str, label: str) -> str | None:
    """Unit that a label or a column's heading gives, for instance ``t`` for ``Carbon Emitted (tCO2eq)``.

    Args:
        kind: emissions, energy, power or duration.
        label: Plain text of the label.

    Returns:
        Name of the unit; None where the label gives none, or a rate.
    """
    best: str | None = None
    for match in _IN_LABEL[kind].finditer(label[:300]):
        if kind == "emissions" and _RATE.match(label, match.end()):
            return None
        name = _unit_name(match, _TABLES[kind])
        if kind != "emissions" or match["co2"] or name not in {"t", "g"} or _bracketed(label, match):
            return name
        best = best or (name if len(match.group().strip(" ([")) > 1 else None)
    return best


def _bracketed(label: str, match: re.Match[str]) -> bool:
    return (
        "(" in match.group()
        or "[" in match.group()
        or bool(re.search(r"\bin\s", match.group(), re.IGNORECASE))
        or label[match.end() : match.end() + 1] == ")"
    )


def _unit_name(match: re.Match[str], table: dict[str, tuple[str, float]]) -> str:
    return next(name for name in table if match[_group(name)] is not None)


def find_quantities(text: str, kinds: tuple[str, ...] = ("emissions",)) -> Iterator[Quantity]:
    """All quantities of the given kinds, from left to right.

    Args:
        text: Plain text.
        kinds: What to look for. A mass over an energy is an intensity, never an emission.

    Yields:
        Quantities; numbers that cannot be understood are left out.
    """
    for match in NUMBER.finditer(text):
        number = number_of(match)
        if isinstance(number, Refusal):
            continue
        quantity = quantity_at(text, number, kinds)
        if quantity is not None:
            yield quantity


def quantity_at(text: str, number: Number, kinds: tuple[str, ...]) -> Quantity | None:
    """The quantity that begins with a number, if a unit of the given kinds follows it."""
    for kind in kinds:
        quantity = _mass(text, number, kind) if kind in {"emissions", "intensity"} else _other(text, number, kind)
        if quantity is not None:
            return quantity
    return None


def _mass(text: str, number: Number, kind: str) -> Quantity | None:
    at = _behind(text, number)
    match = _MASS_CO2.match(text, at) or _CO2_FIRST.match(text, at) or _MASS_BARE.match(text, at)
    if match is None:
        return None
    unit = _unit_name(match, _MASS)
    factor = _MASS[unit][1]
    has_co2 = match.re.pattern != _MASS_BARE.pattern
    over = _INTENSITY_TAIL.match(text, match.end())
    head = _INTENSITY_HEAD.search(text[max(0, number.start - 32) : number.start]) if over is None else None
    if over is not None or head is not None:
        per = over or head
        assert per is not None
        energy = _energy_unit(per["unit"] or per["unit_first"])
        if kind != "intensity":
            return None
        return Quantity(
            "intensity",
            number,
            f"{unit}/{energy}",
            factor / _ENERGY[energy][1],
            has_co2,
            None,
            number.start,
            over.end() if over is not None else match.end(),
        )
    if kind == "intensity":
        return None
    rate = _RATE.match(text, match.end()) if not _ends_sentence(text, match.end()) else None
    return Quantity(
        "emissions", number, unit, factor, has_co2, rate["what"].lower() if rate else None, number.start, match.end()
    )


def _behind(text: str, number: Number) -> int:
    """Where the text goes on behind a number and the filler that keeps its length."""
    at = number.end
    while text.startswith(NOTHING, at):
        at += 1
    return at


def _ends_sentence(text: str, at: int) -> bool:
    """Whether a unit's point is the sentence's as well: "3.2 kg CO2eq. Per image ..."."""
    return text[at - 1 : at] == "." and text[at : at + 1] == " " and text[at + 1 : at + 2].isupper()


@lru_cache(maxsize=256)
def _energy_unit(word: str) -> str:
    """Name of a unit of energy that was written in any language."""
    return next(name for name, (pattern, _) in _ENERGY.items() if re.fullmatch(pattern, word, re.IGNORECASE))


def _other(text: str, number: Number, kind: str) -> Quantity | None:
    match = _UNIT_PATTERNS[kind].match(text, _behind(text, number))
    if match is None:
        return None
    unit = _unit_name(match, _TABLES[kind])
    rate = _RATE.match(text, match.end())
    return Quantity(
        kind,
        number,
        unit,
        _TABLES[kind][unit][1],
        False,
        rate["what"].lower() if rate else None,
        number.start,
        match.end(),
    )


def parse_quantity(text: str, kind: str) -> Quantity | Refusal:
    """Understand a text that states one quantity; the first of the kind counts, remarks around it are allowed.

    Args:
        text: For instance ``"cca. 42 kg CO2 eq."``.
        kind: emissions, energy, power, duration, intensity, water or flop.

    Returns:
        The quantity, or why there is none: no-number, no-unit, negative, ...
    """
    reason = "no-number"
    for match in NUMBER.finditer(text):
        number = number_of(match)
        if isinstance(number, Refusal):
            reason = number.reason
            continue
        quantity = quantity_at(text, number, (kind,))
        if quantity is not None:
            return quantity if quantity.rate is None else Refusal("rate")
        reason = "no-unit"
    return Refusal(reason)
