"""Amounts that a training's log says in words of its own, between the lines of a meter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mining.card.document.code_blocks import code_blocks, is_shown_as_example
from mining.card.document.document import Document, Line
from mining.patterns import regex
from mining.schema import Claim
from mining.units import PhysicalQuantity, find_quantities

__all__ = ["logged_emissions"]

_METER = regex(
    r"\[?code ?carbon\b|carbon ?tracker|eco2ai|of electricity used", re.IGNORECASE, stems="carbon;eco2ai;electricity"
)
_SAID = regex(
    r"\bemissions?\b|\bemitted\b|\bco2(?:eq?)? total\b|\btotal co2", re.IGNORECASE, stems="emission;emitted;co2"
)
_OTHERWISE = regex(
    r"predict|expected|intensity|per (?:epoch|step|image|hour|request)|/kwh|evaluat|inferen|rate\b|budget|limit|so far",
    re.IGNORECASE,
)
_RECORD = regex(
    r"[\"']emissions[\"']\s?:\s?(?P<number>\d[\d.e+-]{0,24})[^{}\n]{0,80}?[\"'](?:emissions_)?units?[\"']\s?:\s?[\"'](?P<unit>[^\"']{1,16})[\"']",
    re.IGNORECASE,
    stems="emissions",
)
"""A record that gives its unit beside its number."""
_EVALUATION = regex(r"evaluat|benchmark|inferen", re.IGNORECASE)
_PROGRAM = regex(
    r"\s{0,12}(?:from \w+(?:\.\w+)* import|import \w+|def \w+\(|with \w+\(|print\(|\w+ = \w+(?:\.\w+)*\(|return\b)"
)
"""A line of a program, whose comments show what it may print."""
LINE_CAP = 300


def logged_emissions(card: Document) -> Iterator[Claim]:
    """The last amount of emissions that each pasted log of a metered training says.

    Args:
        card: A parsed card.

    Yields:
        One claim a log.
    """
    if _METER.search(card.text) is None and _TRAINER.search(card.text) is None:
        return
    for block in code_blocks(card):
        if _EVALUATION.search(block[0].section or "") or any(_PROGRAM.match(line.text[:LINE_CAP]) for line in block):
            continue
        if not _is_of_a_run(block) or _is_of_use(block):
            continue
        last = next((found for line in reversed(block) if (found := _claim(card, line)) is not None), None)
        if last is not None:
            yield last
    alone = (one for one in card.body[-LINES_CAP:] if one.kind == "text")
    records = (one for one in alone if _RECORD_ALONE.fullmatch(one.text.strip()[:LINE_CAP]))
    yield from filter(None, (_claim(card, one) for one in records))


LINES_CAP = 400
_RECORD_ALONE = regex(r"`?\{[^{}]{1,280}\}`?")
"""A line that is a record and nothing else ("{'emissions': 0.0004, 'unit': 'kg CO2eq'}")."""


def _claim(card: Document, line: Line) -> Claim | None:
    """The claim of a line of a log, if it states an amount and is no example."""
    found = _amount(line)
    if found is None or is_shown_as_example(card, line.number):
        return None
    return Claim(
        quantity="emissions",
        value=found.number.value,
        unit=found.unit,
        inner_value=found.inner,
        text=line.text.strip()[:LINE_CAP],
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("log",),
    )


def _is_of_a_run(block: Sequence[Line]) -> bool:
    """Whether a block is a meter's, or the log of a training that counts epochs or steps."""
    texts = [line.text[:LINE_CAP] for line in block]
    return any(map(_METER.search, texts)) or any(map(_TRAINER.search, texts))


_TRAINER = regex(
    r"\bepoch\s{0,3}\d{1,5}\s?/\s?\d|\bstep\s{0,3}\d{1,9}\s?/\s?\d[^\n]{0,80}\bloss\b"
    r"|\btotal training time\b",
    re.IGNORECASE,
)
"""A line that a trainer writes ("epoch 59/60  loss 0.004")."""


def _is_of_use(block: Sequence[Line]) -> bool:
    """Whether a block shows a program's prompt, at which the model was used and not trained."""
    typed = [line.text[:LINE_CAP] for line in block if _PROMPT.match(line.text)]
    return any(map(_USES.search, typed)) and not any(map(_TRAINS.search, typed))


_PROMPT = regex(r"\s{0,12}(?:>>>|\.\.\.|In \[\d{1,4}\]:|\$)\s")
_USES = regex(
    r"predict|infer|generat|classif|embed|encode|transcri|translat|summar|pipeline\(|forecast|\bclf\("
    r"|\bpipe\("
    r"|model\(",
    re.IGNORECASE,
)
_TRAINS = regex(r"(?<!pre)train(?!ed)|\.fit\(|\bfit\(|epoch|fine_?tune", re.IGNORECASE)


_DONE = regex(r"^\W{0,4}(?:done|finished|training (?:done|finished|took)|total|end)\b", re.IGNORECASE)
"""How the last line of a log begins, which may give an amount without a word for it ("done in 960 s, 28 g CO2eq")."""


def _amount(line: Line) -> PhysicalQuantity | None:
    """The amount that a line of a log says, if any."""
    text = line.text[:LINE_CAP]
    if not (_SAID.search(text) or _DONE.search(text)) or _OTHERWISE.search(text):
        return None
    if (record := _RECORD.search(text)) is not None:
        text = f"{record['number']} {record['unit']}"
    amounts = [one for one in find_quantities(text) if one.has_co2 and one.rate is None]
    return amounts[0] if len(amounts) == 1 else None
