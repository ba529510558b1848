"""Numbers beside the emissions in a body: energy, duration, power, intensity, PUE, water, computation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from mining.card.document.document import Document, LabelledValue, Line, Table
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import TOTAL, scope_of
from mining.card.values.equations import energy_of_equation
from mining.patterns import regex
from mining.schema import Claim, Quantity, Scope
from mining.units import Number, find_number, find_quantities, scaled, unit_factor, unit_in_label

_ENERGY_LABEL = regex(
    r"^\W*(?:total\s)?[kmg]wh\b(?!\s?(?:/|per))|energy|electricity|power[\s_](?:used|drawn|consum)|énergie|energía|energie"
    r"|energia|strom|電力|消費|能耗|耗电|用电|电量|전력"
    r"|소비|enerji"
    r"|consum(?:o|i|ul|matie|ption)?\b|consommation|verbrauch|verbruik|zużyci|потребл|расход|спожив|спожит|tüket"
    r"|konsumsi"
    r"|tiêu thụ|förbruk|forbrug|kulutus|kontsumo"
    r"|استهلاك|مصرف|खपत|用電|耗電|電量|能源|prąd|ström|strøm|sähk|लागत बिजली|كهرباء|전기"
    r"|energi|điện|बिजली|ऊर्जा|طاقة|برق|انرژی|энерг|енерг|electri|eletric|elettric|consum\bkwh\b",
    re.IGNORECASE,
    stems=(
        "consommation;consum;consumkwh;electri;electricity;eletric;elettric;energi;energia;energie;"
        "energy;energía;enerji;forbrug;förbruk;konsumsi;kontsumo;kulutus;power;prąd;strom;ström;strøm;"
        "sähk;tiêu thụ;tüket;verbrauch;verbruik;wh;zużyci;énergie;điện;енерг;потребл;расход;спожив;"
        "спожит;энерг;استهلاك;انرژی;برق;طاقة;كهرباء;مصرف;ऊर्जा;खपत;बिजली;लागत बिजली;消費;用电;用電;电量;耗电;耗電;"
        "能源;能耗;電力;電量;소비;전기;전력"
    ),
    as_written=True,
)
_INTENSITY_LABEL = regex(
    r"(?:carbon|emissions?|grid|co2)[\s_]*(?:intensity|efficiency|factor)|energy mix|carbon produced per|grid carbon",
    re.IGNORECASE,
    stems="carbon produced per;efficiency;energy mix;factor;grid carbon;intensity",
    as_written=True,
)
LARGEST_PUE = 5.0
_UNIT_BEHIND = regex(r"\s?[(\[][^()\[\]\d]{1,12}[)\]]\W*$")
_PUE_LABEL = regex(r"\bpue\b|power usage effectiveness", re.IGNORECASE)
_POWER_LABEL = regex(r"\bpower\b|\btdp\b|wattage|puissance|leistung", re.IGNORECASE)
_WATER_LABEL = regex(r"\bwater\b", re.IGNORECASE)
_FLOP_LABEL = regex(r"flops?\b|training compute|compute used", re.IGNORECASE)
_WORDS = (
    *(
        "consum",
        "consom",
        "verbr",
        "zuży",
        "потреб",
        "расход",
        "спожи",
        "tüket",
        "konsum",
        "tiêu",
        "förbruk",
        "forbrug",
    ),
    *("kulut", "kontsu", "استهلا", "مصرف", "खपत", "電", "电", "electr", "eletr", "elettr", "prąd", "ström", "strøm"),
    *(
        "енерг",
        "энерг",
        "sähk",
        "enerj",
        "năng",
        "điện",
        "बिजली",
        "ऊर्जा",
        "طاق",
        "برق",
        "انرژ",
        "전력",
        "소비",
        "전기",
        "能源",
        "كهرب",
    ),
    "wh",
    "energ",
    "énergie",
    "energía",
    "power",
    "pue",
    "water",
    "flop",
    "intensity",
    "efficien",
    "electric",
    "strom",
    "電力",
    "消費",
    "能耗",
    "compute",
    "tdp",
    "watt",
    "factor",
    "puissance",
    "leistung",
    "carbon produced",
)
_NOT_SPENT = regex(
    r"\bsav(?:e[ds]?|ings?)\b|offset|avoid|reduc|source|mix\b|budget|per (?:year|month|day|quer|request"
    r"|call|answer|image|page|thousand|\d)"
    r"|annual",
    re.IGNORECASE,
    stems="annual;avoid;budget;mix;offset;per ;reduc;sav;source",
)
"""Labels of energy that no training used."""
_PART = regex(r"\W*(?:cpu|gpu|ram|dram|memory|network)(?:_|\b)", re.IGNORECASE)
_LABELS: tuple[tuple[Quantity, re.Pattern[str], str], ...] = (
    ("intensity", _INTENSITY_LABEL, "g/kWh"),
    ("pue", _PUE_LABEL, "1"),
    ("energy", _ENERGY_LABEL, "kWh"),
    ("power", _POWER_LABEL, "W"),
    ("water", _WATER_LABEL, "L"),
    ("flop", _FLOP_LABEL, "FLOP"),
)


def body_measures(card: Document) -> Iterator[Claim]:
    """Numeric claims beside the emissions.

    Args:
        card: A parsed card.

    Yields:
        Claims in the inner unit of their quantity.
    """
    for pair in card.labelled_values:
        if pair.kind == "code" or len(pair.label) > 160:
            continue
        if _has_word(pair.label):
            yield from _of_pair(card, pair) if not _is_sentence(pair.label) else ()
        elif pair.kind == "table" and len(pair.value) <= SHORT:
            yield from _unnamed(card, pair)
    for table in card.tables:
        if table.width > 2:
            yield from _of_table(card, table)


SHORT = 40
"""Characters of a cell that states nothing but an energy."""


def _unnamed(card: Document, pair: LabelledValue) -> Iterator[Claim]:
    """An energy in a row whose label names no energy ("from the socket"), and nothing that is no training either."""
    found = next((one for one in find_quantities(pair.value, ("energy",)) if one.rate is None), None)
    if found is None or pair.value[: found.start].strip(" ~≈<>*(") or _NOT_SPENT.search(pair.label):
        return
    if _NO_TRAINING.isdisjoint(hit.concept for hit in find_concepts(pair.label)):
        line = card.line(pair.line)
        yield _claim(card, pair, line, "energy", found.number.value, found.unit, found.inner, scope_of(pair.label))


_NO_TRAINING = frozenset(
    {"infer", "saved", "plan", "rate", "annual", "trial", "data", "evaluate", "base", "other", "embodied", "part"}
)


@lru_cache(maxsize=4096)
def _has_word(text: str) -> bool:
    low = text.lower()
    return any(word in low for word in _WORDS)


def _is_sentence(label: str) -> bool:
    """Whether a label states amounts itself: then it is a sentence before a colon; a unit in brackets states none."""
    label = _UNIT_BEHIND.sub("", label)
    return any(map(str.isdigit, label)) and any(
        one.rate is None for one in find_quantities(label, ("energy", "emissions"))
    )


def _of_pair(card: Document, pair: LabelledValue) -> Iterator[Claim]:
    for quantity, pattern, unit in _LABELS:
        if pattern.search(pair.label) is None or (quantity == "energy" and _is_not_of_training(card, pair.label)):
            continue
        claim = _numeric(card, pair, quantity, unit)
        if claim is not None:
            yield claim
            return


def _is_not_of_training(card: Document, label: str) -> bool:
    """Whether a label names energy that was saved, or that answers take ("Énergie à l'usage, pour 1000 requêtes")."""
    if _NOT_SPENT.search(label) is not None:
        return True
    concepts = {hit.concept for hit in find_concepts(label[:120], frozenset({"en", *card.languages}))}
    return not concepts.isdisjoint(_OF_ANSWERS) and concepts.isdisjoint({"train", "finetune", "pretrain"})


_OF_ANSWERS = frozenset({"infer", "rate", "saved", "plan", "would"})


def _of_table(card: Document, table: Table) -> Iterator[Claim]:
    """Columns of watts; the first cell of a row names the model."""
    columns = [
        (at, head, unit)
        for at, head in enumerate(table.header)
        if at > 0 and re.search(r"\bpower\b", head, re.IGNORECASE) and (unit := unit_in_label("power", head))
    ]
    for row in table.rows if columns else ():
        total = TOTAL.search(row.cells[0].plain) is not None
        for at, head, stated in columns:
            if at >= len(row.cells):
                continue
            cell = row.cells[at]
            found = next((one for one in find_quantities(cell.plain, ("power",)) if one.rate is None), None)
            number = found.number if found is not None else find_number(cell.plain)
            unit = found.unit if found is not None else stated
            if not isinstance(number, Number):
                continue
            line = card.line(cell.line)
            yield Claim(
                quantity="power",
                value=number.value,
                unit=unit,
                inner_value=scaled(number.value, unit_factor("power", unit)),
                text=cell.text if cell.text in line.text else line.text.strip(),
                where=f"card:{line.section or ''}:{cell.line}",
                line=cell.line,
                section=line.section,
                scope="family-total" if total else scope_of(head),
                subject=row.cells[0].plain or None,
                flags=("table",),
            )


def _numeric(card: Document, pair: LabelledValue, quantity: Quantity, default: str) -> Claim | None:
    value = pair.value[:400]
    line = card.line(pair.line)
    scope: Scope = "component" if _PART.match(pair.label) else scope_of(pair.label)
    worked_out = energy_of_equation(_with_stars(card, pair)) if quantity == "energy" else None
    if worked_out is not None:
        return _claim(card, pair, line, "energy", *worked_out, scope)
    if quantity != "pue":
        kinds = ("energy", "power") if quantity == "energy" else (quantity,)
        found = next((one for one in find_quantities(value, kinds) if one.rate is None), None)
        if found is not None:
            if found.kind == quantity:
                return _claim(card, pair, line, quantity, found.number.value, found.unit, found.inner, scope)
            if found.unit == "kW" and not re.search(r"\bpower\b", pair.label, re.IGNORECASE):
                # "Energy consumed: 0.0074 kW": a kilowatt under a label of energy is a kilowatt hour
                return _claim(card, pair, line, "energy", found.number.value, "kWh", found.number.value, scope)
            return _claim(card, pair, line, "power", found.number.value, found.unit, found.inner, scope)
    if quantity == "intensity" and any(one.rate is None for one in find_quantities(value, ("emissions",))):
        return None  # a mass under a label that lists the factors it was multiplied from
    number = find_number(value)
    if (
        not isinstance(number, Number)
        or (quantity == "pue" and not 1 <= number.value <= LARGEST_PUE)  # "Energy (PUE 1.1): 1,626 kWh"
        or value[: number.start].strip(" ~≈<>*(")
        or quantity in {"water", "flop", "power"}
    ):
        return None
    unit = default if quantity in {"pue", "intensity"} else unit_in_label(quantity, pair.label)
    if quantity == "intensity":
        unit = "kg/kWh" if re.search(r"kg\W", pair.label, re.IGNORECASE) or number.value < 2 else "g/kWh"
    if unit is None:
        return None
    factor = 1.0 if quantity == "pue" else unit_factor(quantity, unit)
    return _claim(card, pair, line, quantity, number.value, unit, scaled(number.value, factor), scope)


def _with_stars(card: Document, pair: LabelledValue) -> str:
    """The value, with the stars that multiply; the plain text has blanked them as emphasis."""
    written = card.line(pair.value_line).text[pair.value_start :]
    stars = [at for at in range(1, len(written) - 1) if written[at - 1 : at + 2] == " * "]
    value = pair.value[:400]
    return (
        "".join("x" if at in stars else mark for at, mark in enumerate(value))
        if stars and pair.kind != "table"
        else value
    )


def _claim(
    card: Document,
    pair: LabelledValue,
    line: Line,
    quantity: Quantity,
    value: float,
    unit: str,
    inner: float,
    scope: Scope,
) -> Claim:
    where = f"card:{line.section or ''}:{pair.value_line}"
    return Claim(
        quantity=quantity,
        value=value,
        unit=unit,
        inner_value=inner,
        text=pair.evidence(card),
        where=where,
        line=pair.value_line,
        section=line.section,
        scope=scope,
        flags=("labelled",),
    )
