"""Units as words and marks of many languages, their factors to the inner units, and the expressions that find them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from mining.patterns import regex

__all__ = ["UNITS", "group_of", "has_each_near", "is_over_energy", "mass_words", "names_each", "patterns_of"]

GRAMS_PER_POUND = 453.59237
"""International avoirdupois pound, exact by definition (1959)."""
LITRES_PER_GALLON = 3.785411784
"""United States liquid gallon, exact by definition."""
HOURS_PER_MONTH = 730.5
"""A twelfth of a Julian year of 365.25 days."""
KWH_PER_MEGAJOULE = 1 / 3.6

_TWO = r"(?:\s{0,14}_{0,2}\s{0,14}2|₂|<sub>2</sub>|\$_\{?2\}?\$)"
CO2 = (
    rf"c\s{{0,6}}[oо0]{_TWO}|С\s?О{_TWO}|carbon[\s-]{{1,3}}dioxide|dioxyde de carbone"
    rf"|di[oóò]xid[oe]? de carbon[oei]?|"
    rf"anidride carbonica|dwutlenku węgla|углекислого газа|вуглекислого газу|karbondioksit|koldioxid|kuldioxid"
    rf"|koolstofdioxide|"
    rf"hiilidioksidi\w{{0,12}}|karbono dioxido\w{{0,6}}|karbon dioksida|कार्बन डाइऑक्साइड|이산화탄소|二酸化炭素|二氧化碳|"
    rf"ثاني أكسيد الكربون|دی اکسید کربن|دی‌اکسید کربن"
)
_EQ = r"(?:[\s._-]{0,3}(?:equivalents?|[ée]quivalent|equiv\.?|eqv?\.?|e\b|_2))?"
_EQUIVALENT = (
    r"éq\.?|eq(?:uivalents?|\.|v\.?)?|äquivalente?n?|[ée]quivalents?|equivalentes?|equivalenti?|ekwiwalent\w{0,3}"
    r"|эквивалент\w{0,3}|"
    r"еквівалент\w{0,3}|eşdeğeri?|ekvivalent\w{0,4}|setara|quy đổi|tương đương|"
    r"مكافئ|معادل|समतुल्य|当量|當量|換算|환산|상당"
    r"|baliokide"
)
_MASS = {
    "kg": (
        r"kgs?|kilo(?:gramme|gram|gramo|grama)?s?|千克|公斤|キログラム|кг|cân(?!\s(?:bằng|nhắc|đối|chỉnh))|ký(?!\s(?:tự|hiệu|kết))",
        1e3,
    ),
    "mg": (r"mg|milligram(?:me)?s?", 1e-3),
    "kt": (r"kt|kilo-?ton(?:ne)?s?", 1e9),
    "Mt": (r"(?-i:Mt)|megaton(?:ne)?s?", 1e12),
    "hg": (r"hg|hekto(?:gram)?|ett[oi]|ettogramm[oi]", 100.0),
    "short-ton": (r"short[\s-]tons?|u\.?s\.?\stons?", 2000 * GRAMS_PER_POUND),
    "long-ton": (r"long[\s-]tons?", 2240 * GRAMS_PER_POUND),
    "oz": (r"oz|ounces?", GRAMS_PER_POUND / 16),
    "lb": (r"lbs?\.?|pounds?", GRAMS_PER_POUND),
    "t": (r"(?:metric[\s-]{1,3})?ton(?:ne|elada)?s?|(?-i:MT)|t|公?[吨噸]|トン|тонн?", 1e6),
    "g": (r"g(?:r|rs)?|gram(?:me|o|a|m)?s?|公?克|グラム|г", 1.0),
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
UNITS: dict[str, dict[str, tuple[str, float]]] = {
    "emissions": _MASS, "energy": _ENERGY, "power": _POWER, "duration": _DURATION, "water": _WATER, "flop": _FLOP,
}  # fmt: skip
_NOT_WORD = (
    r"(?![A-Za-z\u00aa-\u024f\u0370-\u052f\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0900-\u0963"
    r"\u0970-\u097f\u0300-\u036f\u0530-\u05ff\u10a0-\u10ff\u1e00-\u1fff])"
)
"""No letter follows; commas and dandas of Arabic and Devanagari may."""


_PER_ENERGY = (
    r"/|\b(?:per|pro|par|por|je|pr\.?|na|po|à|al?|за|на(?: один)?|tiap|mỗi|cada|voor elke|per elke)\b"
    r"|प्रति|हर|\bبر(?=\s)|لكل|به ازای هر|برای هر|در هر|每"
)
_INVERSE = r"\s?(?:\^\s?\{?\s?-\s?1\s?\}?|⁻¹|\*\*\s?-1|-1(?!\d))"
"""The power of minus one, behind the unit that an amount is divided by."""
_PER_NEXT = regex(
    rf"[\s)\]]{{0,12}}(?:{_PER_ENERGY})|[\s~·*]{{0,6}}(?:C\S{{2,6}}\s{{0,3}})?[kKMmGg]?W\s?h{_INVERSE}", re.IGNORECASE
)
_EACH = ("başına", "kohti", "kohden", "bakoitzeko", "あたり", "当たり", "当り", "당", "마다", "प्रति")
_EACH_REACH = 80
_EACH_AFTER = rf"\s{{0,2}}(?:{'|'.join(_EACH)})"


def group_of(name: str) -> str:
    """Name of a unit as a group of an expression."""
    return "u_" + name.replace("-", "_")


def _readable(pattern: str, is_ascii: bool) -> str:
    """The alternatives of a pattern; for a text of ASCII without those that need another letter."""
    if not is_ascii or pattern.isascii():
        return pattern
    return "|".join(filter(_may_be_ascii, alternatives(pattern)))


def _may_be_ascii(part: str) -> bool:
    if part.replace(" ", "").isalpha():
        return part.isascii()
    return part[:1].isascii() or part[1:2] in {"?", "*", "{"}


def alternatives(pattern: str) -> list[str]:
    """The alternatives of an expression, those inside brackets left together."""
    parts, depth = [""], 0
    for mark in pattern:
        depth += (mark in "([") - (mark in ")]")
        if mark == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += mark
    return parts


class _Patterns:
    """Expressions of all units, for texts of ASCII alone (they know fewer words) or for any text."""

    def __init__(self, is_ascii: bool) -> None:
        tables = {
            kind: {name: _readable(pattern, is_ascii) for name, (pattern, _) in table.items()}
            for kind, table in UNITS.items()
        }
        named = {
            kind: "|".join(f"(?P<{group_of(name)}>{pattern})" for name, pattern in table.items())
            for kind, table in tables.items()
        }
        mass, energy = named["emissions"], "|".join(f"(?:{pattern})" for pattern in tables["energy"].values())
        co2 = f"(?:{_readable(CO2, is_ascii)})"
        equal = _readable(_EQUIVALENT, is_ascii)
        links = _readable(r"\(?of|de|di|von|van|d'|av|af|の|的|из|من|के", is_ascii)
        join = rf"(?:(?:{links}|{equal})[\s.-]{{0,3}}){{0,3}}(?:\()?"
        tail = (
            rf"(?:[\s._-]{{0,16}}{join}\s{{0,3}}{co2}{_EQ}"
            r"|[\s._-]{0,3}(?:of\s{1,3})?carbon(?=\s{1,3}(?:emi|equiv|eq\b|was emi|were emi|footprint))"
            r"|[\s._-]{0,3}c[o0]2e?q?\b)"
        )
        self.unit = {kind: _unit(words) for kind, words in named.items()}
        self._energy = tables["energy"] if is_ascii else {}
        self._energy_by_letter: dict[str, re.Pattern[str]] = {}
        self.in_label = {
            kind: regex(rf"(?:^|[\s(\[/_,|-])(?:in\s{{1,3}})?(?:{words})(?=$|[\s)\],|:-])", re.IGNORECASE)
            for kind, words in named.items()
        }
        self.in_label["emissions"] = regex(
            rf"(?:^|[\s(\[/_,|-])(?:in\s{{1,3}})?(?:{mass})\.?(?P<co2>{tail})?(?=$|[\s)\],/|:_-])", re.IGNORECASE
        )
        self.mass_co2 = regex(rf"[\s_]{{0,16}}(?:-\s?)?[(\[]?(?:in\s)?(?:{mass})\.?(?P<co2>{tail})", re.IGNORECASE)
        self.mass_bare = regex(
            rf"[\s_]{{0,16}}[(\[]?(?:in\s)?(?:{mass})(?:[\s.]{{0,3}}eq(?:\b|uiv\w*)\.?)?{_NOT_WORD}(?![\d/]\d)",
            re.IGNORECASE,
        )
        self.co2_first = regex(rf"[\s_]{{0,16}}{co2}{_EQ}[\s.,(-]{{0,4}}(?:in\s)?(?:{mass}){_NOT_WORD}", re.IGNORECASE)
        self.intensity_tail = regex(
            rf"[\s)\]]{{0,12}}(?:(?:{_PER_ENERGY})\s{{0,12}}(?:1\s?)?(?P<unit>{energy}){_NOT_WORD}"
            rf"|(?P<unit_inverse>{energy}){_INVERSE})",
            re.IGNORECASE,
        )
        self.intensity_each = regex(rf"[\s)\]]{{0,12}}(?P<unit>{energy}):?\w{{0,3}}{_EACH_AFTER}", re.IGNORECASE)
        self.intensity_head = regex(
            rf"(?:(?P<unit>{energy}){_EACH_AFTER}|每(?P<unit_first>{energy}))[^\d.;。]{{0,12}}$", re.IGNORECASE
        )

    def energy_from(self, letter: str) -> re.Pattern[str]:
        """The expression of those units of energy that may begin with a letter; few are compiled faster than all."""
        if not self._energy or not "a" <= letter <= "z":
            return self.unit["energy"]
        if letter not in self._energy_by_letter:
            begun = (
                (name, "|".join(part for part in alternatives(pattern) if _may_begin(part, letter)))
                for name, pattern in self._energy.items()
            )
            words = "|".join(f"(?P<{group_of(name)}>{pattern})" for name, pattern in begun if pattern)
            self._energy_by_letter[letter] = _unit(words) if words else self.unit["energy"]
        return self._energy_by_letter[letter]


def _unit(words: str) -> re.Pattern[str]:
    return regex(rf"[\s_~]{{0,6}}[(\[]?(?:{words}){_NOT_WORD}", re.IGNORECASE)


def _may_begin(part: str, letter: str) -> bool:
    """Whether an alternative may begin with a letter: unless it begins with another one that has to be there."""
    return part[:1].lower() == letter or not part[:1].isalpha() or part[1:2] in {"?", "*", "{"}


def mass_words() -> str:
    """A pattern of all names of units of mass, for readers of numbers in words."""
    return "|".join(f"(?:{pattern})" for pattern, _ in _MASS.values())


@cache
def patterns_of(is_ascii: bool) -> _Patterns:
    """Expressions of all units, for a text of ASCII alone or for any; compiled when they are first used."""
    return _Patterns(is_ascii)


def is_over_energy(text: str, at: int) -> bool:
    """Whether what follows may be an energy that a mass is divided by, behind a word for "per"."""
    return _PER_NEXT.match(text, at) is not None


def has_each_near(text: str, at: int) -> bool:
    """Whether a word for "each" may stand behind an energy that a mass is divided by."""
    return names_each(text[at : at + _EACH_REACH])


def names_each(text: str, *more: str) -> bool:
    """Whether a text has a word for "each" that stands behind what it counts, or one of some more words."""
    low = text.lower()
    return any(word in low for word in (*_EACH, *more))
