"""Quantities: a number with a unit, found in text, in the inner unit of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from mining.patterns import regex
from mining.remembered import LONGEST
from mining.units.numbers import NOTHING, Number, Refusal, next_number, number_of
from mining.units.unit_words import UNITS, group_of, has_each_near, is_over_energy, names_each, patterns_of

_PER = (
    r"\s{0,4}(?:/|\bper\b|\bfor (?:each|every)\b(?! of\b| k(?:wh|ilowatt))"
    r"|\bpro\b|\bpar\b|\bpor\b|\bje\b|\bpr\.|प्रति|\bبر(?=\s)|لكل|به ازای هر|برای هر|mỗi|每"
    r"|\b(?:na|на)(?=\s(?:ton|тон|zapyt|запит|запрос|kilom|килом|кілом|km\b|км\b|osob|mieszk|человек|людин|sztuk|штук"
    r"|litr|литр|літр|obraz|zdję|zdan|stron|стран|сторін|minut|минут|хвилин|godzin|годин|час\b|tysi|тысяч|тисяч|mili"
    r"|милли|мільй)))\s{0,4}"
)
_HARMLESS_PER = (
    r"(?!(?:a\s(?:l'|la\s|el\s)?|l'|el\s|la\s|cada\s|das\s|den\s|il\s|i\s|gli\s|le\s|los\s|las\s|els\s|les\s|die\s"
    r"|alle\s|todos\s|todas\s)?(?:(?!year|day|month|week)[^\W\d]{3,9}\s)?(?:net\b|gross\b|train|fine-?tuning|run\b"
    r"|model|e[sx]p[eé]ri|trial|"
    r"entra|entren|trein|addestr|allen|fine|co\W?2)"
    r"|(?!ogni|cada|mille|cento|mil\b|cien|cem\b)(?:[^\W\d_]{2,12}|\d{1,3})\s(?:ore|giorni|hores|horas|días|dias)\b)"
)
_MANY = (
    r"(?:(?:\d[\d,. \u202f]{0,9}|an?|one|ten|(?:an?\s)?(?:hundred|thousand|million|dozen))\s"
    r"(?!(?:k?g|t|lbs?|[km]?wh|[km]?w|h|hrs?|hours?|days?|gpus?|co2\w*)\b))?"
)
"""So many of the things that an amount is counted by ("per 1 000 photos")."""
_RATE = regex(rf"[\s)\]]{{0,3}}{_PER}{_HARMLESS_PER}{_MANY}(?P<what>[^\W\d_]\w{{0,20}})", re.IGNORECASE)

_LETTER = regex(r"[^\W\d_]")
"""Every unit has one."""
LONGEST_UNIT = 240
"""Characters in which every unit ends."""
GAP = 32
"""Characters between a number and its unit."""
BEFORE_RATE = " \t\n\r\f\v)]"
BEFORE_UNIT = " \t\n\r\f\v_-~(["


def _none_begins(letters: str) -> frozenset[str]:
    """Characters of ASCII, in small letters, with which none of some words begins; nothing at all is one, too."""
    return frozenset({"", *map(chr, range(ord("!"), 127))} - {*letters})


CO2_BEGINS = frozenset({"co", "c0", "ca", "di", "dw", "an", "ka", "ko", "ku", "hi"})
NO_MASS_BUT = frozenset({"kw", "mw", "gw", "tw", "gp", "tp", "gb", "tb", "mb", "kb", "ho", "da"})
"""Kilowatts, GPUs, gigabytes, hours, days: they begin like a unit of mass or a word for CO2, and are none."""
NO_MASS = _none_begins("kmlptgqcacdhkesou")
NO_UNIT_BUT = "em"
"""How the word "emissions" begins, and no unit."""
_ASCII_WORDS = bytes(mark if chr(mark).isalnum() else 32 for mark in range(128)) + bytes(128)
NO_UNIT = {
    kind: _none_begins(letters)
    for kind, letters in (
        ("energy", "gmtkwjqc"),
        ("power", "kmw"),
        ("duration", "abdeghjkmnoptsuvwy"),
        ("water", "kmclg"),
        ("flop", "pzetf"),
    )
}
"""What follows a number that has no such unit, so that no expression has to be tried (or compiled)."""


_ENERGY_BEGINS = "gw gi gj mw me mj tw te kw ki kj wh wa jo qu ch"
_DURATION_BEGINS = (
    "ac as ay bu da de di dn do dy dz eg gi go gp ha he hi ho hr ja jo ku ma me mi mo mu ng no or ph sa se so st su ta"
    " th ti to tp tu ty ug uu ur va ve vi vu wa we wk wo ye"
)
UNIT_BEGINS = {"energy": frozenset(_ENERGY_BEGINS.split()), "duration": frozenset(_DURATION_BEGINS.split())}
"""Two letters with which units begin (``tests/test_units.py``)."""
ONE_LETTER = frozenset("hdsj")


class PhysicalQuantity(Struct, frozen=True):
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
        return UNITS["emissions"][mass][1] / UNITS["energy"][energy][1]
    return UNITS[kind][unit][1]


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
    if label.isascii() and not _may_give_unit(kind, label[:300]):
        return None
    for match in patterns_of(label.isascii()).in_label[kind].finditer(label[:300]):
        if kind == "emissions" and _rate_at(label, match.end()):
            return None
        name = _unit_name(match, UNITS[kind])
        if kind != "emissions" or match["co2"] or name not in {"t", "g"} or _bracketed(label, match):
            return name
        best = best or (name if len(match.group().strip(" ([")) > 1 else None)
    return best


def _may_give_unit(kind: str, label: str) -> bool:
    """Whether any word of a label of ASCII begins like a unit."""
    no_unit = NO_MASS if kind == "emissions" else NO_UNIT[kind]
    words = label.lower().encode().translate(_ASCII_WORDS).decode().split()
    return any(word[0] not in no_unit and word[:2] != NO_UNIT_BUT for word in words)


def _bracketed(label: str, match: re.Match[str]) -> bool:
    return (
        "(" in match.group()
        or "[" in match.group()
        or bool(re.search(r"\bin\s", match.group(), re.IGNORECASE))
        or label[match.end() : match.end() + 1] == ")"
        or (_CO2_BEFORE.search(label, 0, match.end()) is not None and not label[match.end() :].strip())
    )


_CO2_BEFORE = regex(r"\bCO\S{1,6}\s{1,3}[gt]$", re.IGNORECASE)
"""A unit at the end of a label, whose square brackets were blanked as those of a link ("CO2eq [g]")."""


def _unit_name(match: re.Match[str], table: dict[str, tuple[str, float]]) -> str:
    written = match.groupdict()
    return next(name for name in table if written.get(group_of(name)) is not None)


def find_quantities(text: str, kinds: tuple[str, ...] = ("emissions",)) -> Iterator[PhysicalQuantity]:
    """All quantities of the given kinds, from left to right.

    Args:
        text: Plain text.
        kinds: What to look for. A mass over an energy is an intensity, never an emission.

    Returns:
        Quantities; numbers that cannot be understood are left out.
    """
    return iter(_kept_quantities(text, kinds)) if len(text) <= LONGEST else _quantities(text, kinds, _numbers(text))


@lru_cache(maxsize=8192)
def _kept_quantities(text: str, kinds: tuple[str, ...]) -> tuple[PhysicalQuantity, ...]:
    return tuple(_quantities(text, kinds, _kept_numbers(text)))


@lru_cache(maxsize=4096)
def _kept_numbers(text: str) -> tuple[Number, ...]:
    """Numbers of a text, which is searched for one kind after the other."""
    return tuple(_numbers(text))


def _quantities(text: str, kinds: tuple[str, ...], numbers: Iterable[Number]) -> Iterator[PhysicalQuantity]:
    found = (quantity_at(text, number, kinds) for number in numbers)
    return (quantity for quantity in found if quantity is not None)


def _numbers(text: str) -> Iterator[Number]:
    """Numbers of a text that can be understood."""
    at = 0
    while (match := next_number(text, at) if at or _LETTER.search(text) else None) is not None:
        number = number_of(match)
        if isinstance(number, Refusal):
            at = match.end()
            continue
        at = number.end  # "stage 2 and 156 kg": no range, and the second number counts for itself
        yield number


def quantity_at(text: str, number: Number, kinds: tuple[str, ...]) -> PhysicalQuantity | None:
    """The quantity that begins with a number, if a unit of the given kinds follows it."""
    for kind in kinds:
        quantity = _mass(text, number, kind) if kind in {"emissions", "intensity"} else _other(text, number, kind)
        if quantity is not None:
            return quantity
    return None


def _mass(text: str, number: Number, kind: str) -> PhysicalQuantity | None:
    at = _behind(text, number)
    first = _first_letters(text, at)
    if first[:1] in NO_MASS or first in NO_MASS_BUT:
        return None
    patterns = patterns_of(_is_ascii_near(text, at))
    beside = patterns.mass_co2.match(text, at)
    if beside is None and (first in CO2_BEGINS or first[1:].isspace() or not first.isascii()):
        beside = patterns.co2_first.match(text, at)
    match = beside or patterns.mass_bare.match(text, at)
    if match is None or _REFERENCE.search(text, max(0, number.start - REFERENCE_REACH), number.start):
        return None
    unit = _unit_name(match, UNITS["emissions"])
    if beside is None and (_OTHER_GAS.match(text, match.end()) or _is_count(text, match, unit)):
        return None
    factor = UNITS["emissions"][unit][1]
    has_co2 = beside is not None
    over = _over_energy(text, match.end())
    before = text[max(0, number.start - 32) : number.start]
    each = over is None and names_each(before, "每")
    head = patterns_of(before.isascii()).intensity_head.search(before) if each else None
    per = over or head
    if per is not None:
        energy = _energy_unit(next(per[name] for name in _ENERGY_GROUPS if per.re.groupindex.get(name) and per[name]))
        if kind != "intensity":
            return None
        end = over.end() if over is not None else match.end()
        ratio = factor / UNITS["energy"][energy][1]
        return PhysicalQuantity("intensity", number, f"{unit}/{energy}", ratio, has_co2, None, number.start, end)
    if kind == "intensity":
        return None
    rate = None if _ends_sentence(text, match.end()) else _rate_behind(text, match)
    return PhysicalQuantity("emissions", number, unit, factor, has_co2, rate, number.start, match.end())


def _is_count(text: str, match: re.Match[str], unit: str) -> bool:
    return unit in {"t", "g"} and _COUNTED.match(text, match.end() - 1) is not None


_OTHER_GAS = regex(
    r"\s?(?:of |de |di |d['’]|von |van )?(?:CH\s?4|CH₄|N2O|N₂O|NO[xX2₂]|SO[2₂xX]|PM\s?\d|NH3|CO(?![\w₂\-]|\s?2)"
    r"|[Mm]ethane?s?|[Mm]éthane|[Mm]etano|[Mm]etaan|[Mm]etanu|[Мм]етана?|甲烷|メタン|메탄)(?![^\W\d_])"
)
"""A mass of another gas than CO2."""
_COUNTED = regex(
    r"[TGg](?:rillions?)?\s?(?:-\s?)?(?:(?:of|training|unique|high-quality|text|web|english|multilingual)\s){0,2}"
    r"(?:tokens?|param(?:eter)?s?|words?|FLOPs?|examples|samples|frames|bytes|characters|B\b)",
)
"""A trillion or a billion of something ("2T tokens")."""


REFERENCE_REACH = 14
_REFERENCE = regex(
    r"\b(?:tables?|tab\.|figures?|fig\.|sections?|sec\.|appendix|chapter|equation|eq\.|tabelle|abbildung|abb\."
    r"|tableau|tabla"
    r"|tabela|tabella|taula|tabel|табл\w{0,4}\.?|рис\.?|рисун\w{1,3})\s$",
    re.IGNORECASE,
)
"""Before the number of a table or a figure, whatever unit is named behind it ("in Table 3 in kg of CO2")."""


_ENERGY_GROUPS = ("unit", "unit_first", "unit_inverse")


def _over_energy(text: str, at: int) -> re.Match[str] | None:
    """The energy that a mass is divided by."""
    patterns = patterns_of(_is_ascii_near(text, at))
    over = patterns.intensity_tail.match(text, at) if is_over_energy(text, at) else None
    return over or (patterns.intensity_each.match(text, at) if has_each_near(text, at) else None)


def _rate_at(text: str, at: int) -> re.Match[str] | None:
    """What an amount is divided by."""
    first = text[at : at + 9].lstrip(BEFORE_RATE)[:1]
    return _RATE.match(text, at) if first and (first in "/pjmfnPJMFN" or not first.isascii()) else None


def _is_ascii_near(text: str, at: int) -> bool:
    """Whether a unit that begins here can only be of ASCII; the expressions for that know fewer words."""
    return text.isascii() or text[at : at + LONGEST_UNIT].isascii()


def _first_letters(text: str, at: int) -> str:
    """Two letters that follow a number and blanks and brackets, in small letters; of "in kg" what follows the "in"."""
    rest = text[at : at + GAP].lstrip(BEFORE_UNIT)
    return rest[:2].lower() if rest[:2].lower() != "in" else rest[2:].lstrip()[:2].lower()


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
    match = patterns_of(word.isascii()).unit["energy"].fullmatch(word)
    assert match is not None
    return _unit_name(match, UNITS["energy"])


def _other(text: str, number: Number, kind: str) -> PhysicalQuantity | None:
    at = _behind(text, number)
    first = _first_letters(text, at)
    if first[:1] in NO_UNIT[kind] or (kind in UNIT_BEGINS and first.isascii() and not _begins_unit(kind, first)):
        return None
    patterns = patterns_of(_is_ascii_near(text, at))
    match = (patterns.energy_from(first[:1]) if kind == "energy" else patterns.unit[kind]).match(text, at)
    if match is None:
        return None
    unit = _unit_name(match, UNITS[kind])
    rate = _rate_behind(text, match)
    return PhysicalQuantity(kind, number, unit, UNITS[kind][unit][1], False, rate, number.start, match.end())


def _begins_unit(kind: str, first: str) -> bool:
    """Whether two characters of ASCII are those that some unit begins with; a unit of one letter may end there."""
    return first in UNIT_BEGINS[kind] or (not first[1:].isalpha() and first[0] in ONE_LETTER)


def _rate_behind(text: str, match: re.Match[str]) -> str | None:
    rate = _rate_at(text, match.end())
    return rate["what"].lower() if rate else None
