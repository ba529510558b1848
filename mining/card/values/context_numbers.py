"""Numbers that sentences state beside a training run: power, carbon intensity, PUE, water, computation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from mining.card.document.document import Document, Line
from mining.card.lexicon.keywords import Cue
from mining.patterns import regex, text_before
from mining.schema import Claim
from mining.schema import Quantity as QuantityName
from mining.units import find_quantities

__all__ = ["number_claims"]

LINE_CAP = 4_000
_HINT = regex(
    r"tdp|wh\b|\bpue\b|usage effectiveness|flops?\b|water",
    re.IGNORECASE,
    stems="tdp;wh;pue;usage effectiveness;flop;water",
)
_TDP = regex(r"\btdp\b|thermal design power|power (?:draw|limit|consumption)", re.IGNORECASE, stems="tdp;thermal;power")
_PUE = regex(
    r"(?:\bpue\b\)?|power usage effectiveness\)?)\s{0,2}(?:\(pue\)\s?)?(?:of|is|was|=|:|~|factor of|value of"
    r"|ratio of)?\s{0,2}"
    r"(?:of |about |approximately |~)?"
    r"(?P<value>[12]\.\d{1,3})(?![\d.])",
    re.IGNORECASE,
    stems="pue;power usage effectiveness",
)
_TRAINING = regex(r"train|comput|used|consum|cumulative|total", re.IGNORECASE)
_SPEED = regex(
    r"^\s?(?:/\s?s|per (?:second|gpu|token|sample|image|step|forward)|s\b)|utili[sz]ation|throughput", re.IGNORECASE
)
LEAST_TRAINING_FLOP = 1e12
"""Below this a number of operations is one of a pass or of a device, not of a training run."""


def number_claims(card: Document) -> Iterator[Claim]:
    """Numeric claims of sentences, in the inner unit of their quantity.

    Args:
        card: A parsed card.

    Yields:
        Claims in order of lines.
    """
    for line, _ in card.lines_with(Cue.AMOUNT):
        if line.kind == "text" and _HINT.search(line.plain):
            plain = line.plain[:LINE_CAP]
            yield from _power(line, plain)
            yield from _intensity(line, plain)
            yield from _pue(line, plain)
            yield from _volume(line, plain)


def _claim(quantity: QuantityName, line: Line, start: int, end: int) -> Claim:
    return Claim(
        quantity=quantity,
        text=line.text[start:end].strip(),
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("prose",),
    )


def _power(line: Line, plain: str) -> Iterator[Claim]:
    if _TDP.search(plain) is None:
        return
    for one in find_quantities(plain, ("power",)):
        if one.rate is None and _TDP.search(plain, max(0, one.start - 40), one.end + 12):
            claim = _claim("power", line, max(0, one.start - 12), one.end)
            yield replace(
                claim,
                value=one.number.value,
                low=one.number.low,
                high=one.number.high,
                unit=one.unit,
                inner_value=one.inner,
            )


def _intensity(line: Line, plain: str) -> Iterator[Claim]:
    if "wh" not in plain.lower():
        return
    for one in find_quantities(plain, ("intensity",)):
        claim = _claim("intensity", line, max(0, one.start - 40), one.end)
        yield replace(
            claim,
            value=one.number.value,
            low=one.number.low,
            high=one.number.high,
            unit=one.unit,
            inner_value=one.inner,
        )


def _pue(line: Line, plain: str) -> Iterator[Claim]:
    match = _PUE.search(plain)
    if match is not None:
        ratio = float(match["value"])
        yield replace(_claim("pue", line, match.start(), match.end()), value=ratio, unit="1", inner_value=ratio)


def _volume(line: Line, plain: str) -> Iterator[Claim]:
    kinds = (*(("water",) if "water" in plain.lower() else ()), *(("flop",) if "flop" in plain.lower() else ()))
    for one in find_quantities(plain, kinds) if kinds else ():
        near = text_before(plain, one.start)
        if one.rate is not None or not _TRAINING.search(near):
            continue
        if one.kind == "water" and "water" not in plain[max(0, one.start - 60) : one.end + 30].lower():
            continue
        if one.kind == "flop" and (one.inner < LEAST_TRAINING_FLOP or _SPEED.search(plain[one.end : one.end + 24])):
            continue
        name: QuantityName = "water" if one.kind == "water" else "flop"
        claim = _claim(name, line, max(0, one.start - 40), one.end)
        yield replace(claim, value=one.number.value, unit=one.unit, inner_value=one.inner)
