"""Where an annotated card states its emissions, and the ways to state something else there.

Shares no code with the card reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from benchmarks.changed_words import GRAMS, SPELLINGS

NUMBER = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:_\d{3})+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?![\d,]*\d)"
)
_TWO = r"(?:2|₂|\$_2\$|<sub>2</sub>)"
_CO2 = rf"(?:[\s_]{{0,2}}(?:eq\.\s)?(?:of\s)?CO{_TWO}(?:[\s-]?(?:equivalents?|eq(?:\b\.?|(?=of)))|e\b|_2)?)"
_MASS = r"(?:(?P<kg>kilograms?|kgs?)|(?P<t>(?:metric )?ton(?:ne)?s?|t)|(?P<lb>lbs?|pounds?)|(?P<g>grams?|g))"
UNIT = re.compile(rf"\*{{0,2}}\s?(?P<unit>{_MASS}(?:{_CO2}|(?![^\W_])))", re.IGNORECASE)
LABEL_UNIT = re.compile(rf"\((?:in )?(?P<unit>{_MASS}{_CO2}?)\)", re.IGNORECASE)
EMISSION = re.compile(rf"co{_TWO}|carbon|emission|emitted|footprint|カーボン", re.IGNORECASE)
METADATA = re.compile(
    r"^co2_eq_emissions:(?:[ \t]*"
    r"|[ \t]*\n(?:[ \t-]+(?!-*[ \t]*\"?emissions).*\n)*?[ \t-]+\"?emissions\"?:[ \t]*)(?P<value>\S.*)$",
    re.MULTILINE,
)
LABELLED = re.compile(
    r"^(?P<indent>\s*)(?P<bullet>[-*+]\s+)?[*_]*(?P<label>[^:|*_][^:|]{2,110}?)(?P<mark>:[*_]*|[*_]+\s?:"
    r"|[*_]+:[*_]+)\s*(?=\S)",
    re.IGNORECASE,
)


PLACEHOLDER = re.compile(r"\W*(?:more information needed|unknown|forthcoming|n/?a|tbd)\b[^\d\n]*$", re.IGNORECASE)


class LeftOutError(Exception):
    """Why a change is not made to a card."""


class Card(NamedTuple):
    """A card and what is true of it.

    ``truths`` is None where the annotators disagree, empty where nothing is stated.
    """

    name: str
    text: str
    truths: tuple[float, ...] | None
    row: Mapping[str, Any]
    expected: Mapping[str, Any] = {}


Change = Callable[[Card, Random], Card]


class Mention(NamedTuple):
    """A number that states the card's emissions.

    Offsets of it and of its unit (beside it, or in a label), grams of one unit.
    """

    start: int
    end: int
    text: str
    factor: float
    unit: tuple[int, int] | None
    where: str

    @property
    def grams(self) -> float:
        """What it states, in grams."""
        return plain(self.text) * self.factor


class Edit(NamedTuple):
    """New words between two offsets."""

    start: int
    end: int
    text: str


def plain(number: str) -> float:
    return float(number.replace(",", "").replace("_", ""))


def decimals(number: str) -> int:
    return len(number.partition("e")[0].partition(".")[2])


def states(number: str, factor: float, truths: Iterable[float]) -> bool:
    """Whether a number says one of the truths: within a hundredth, or as far as its last digit tells."""
    step = 0.0 if "e" in number or "." not in number else 0.5001 * 10.0 ** -decimals(number)
    return any(abs(plain(number) * factor - truth) <= max(0.01 * truth, step * factor) for truth in truths)


def rendered(value: float, like: str, exact: bool) -> str:
    """A number in the manner of another, with no fewer digits that count; ``exact`` numbers have three at least."""
    if "e" in like:
        return f"{value:.3e}"
    count = min(max(significant(like), 3 if exact else 0), 15)
    places = decimals(like)
    if value > 0:
        places = max(places, count - 1 - int(f"{value:e}".partition("e")[2]))
    text = f"{value:,.{places}f}" if "," in like else f"{value:_.{places}f}" if "_" in like else f"{value:.{places}f}"
    # "801.000" is eight hundred thousand to half of Europe
    return text.partition(".")[0] if value >= 1 and re.search(r"\.0+$", text) else text


def significant(number: str) -> int:
    return len(number.partition("e")[0].replace(",", "").replace("_", "").replace(".", "").lstrip("0"))


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits; of edits of one place the first counts."""
    places: dict[tuple[int, int], Edit] = {}
    for edit in edits:
        places.setdefault((edit.start, edit.end), edit)
    for edit in sorted(places.values(), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def front_end(text: str) -> int:
    match = re.match(r"\s*---[ \t]*\n.*?\n---[ \t]*(?=\n|$)", text, re.DOTALL)
    return match.end() if match else 0


def mentions(text: str, truths: tuple[float, ...]) -> list[Mention]:
    """All numbers that state one of the truths; in the metadata also one that is off by a thousand."""
    end = front_end(text)
    return [*_in_front(text[:end], truths), *_in_body(text, end, truths)]


def clear(card: Card) -> list[Mention]:
    """Mentions of a card whose emissions are annotated without doubt; the most exact first."""
    if card.truths is None:
        raise LeftOutError("annotation is debatable")
    found = mentions(card.text, card.truths) if card.truths else []
    if not found:
        raise LeftOutError("number not found" if card.truths else "no emissions stated")
    if card.text.startswith("{\\rtf"):
        raise LeftOutError("rich text")
    return sorted(found, key=lambda one: (-significant(one.text), one.where == "front" and one.factor != 1.0))


def _in_front(front: str, truths: tuple[float, ...]) -> Iterator[Mention]:
    found = METADATA.search(front)
    number = NUMBER.search(front, *found.span("value")) if found else None
    if found is None or number is None:
        return
    unit = UNIT.match(front, number.end())
    words = unit or re.search(r"(?P<unit>(?P<kg>kg|kilograms)|(?P<g>grams?))\b", found["value"])
    span = unit.span("unit") if unit else None
    for factor in (GRAMS[_name(words)],) if words else (1.0, 1e3):
        if states(number.group(), factor, truths):
            yield Mention(*number.span(), number.group(), factor, span, "front")
            return
    raise LeftOutError("metadata states another number")


def _name(match: re.Match[str]) -> str:
    return next(name for name in GRAMS if match.groupdict().get(name))


def _in_body(text: str, start: int, truths: tuple[float, ...]) -> Iterator[Mention]:
    heading, at = "", start
    for line in text[start:].splitlines(keepends=True):
        row = line.lstrip().startswith("|")
        heading = heading if row and heading else line if row else ""
        head_at = at if heading is line else text.rfind(heading, 0, at) if heading else 0
        if EMISSION.search(line) or EMISSION.search(heading):
            for number in NUMBER.finditer(text, at, at + len(line)):
                yield from _mention(text, number, at, (heading, head_at), truths)
        at += len(line)


def _mention(
    text: str, number: re.Match[str], at: int, heading: tuple[str, int], truths: tuple[float, ...]
) -> Iterator[Mention]:
    unit, where = UNIT.match(text, number.end()), "beside"
    if unit is None:
        unit, where = LABEL_UNIT.search(text, at, number.start()), "label"
    if unit is None and heading[0]:
        column = text.count("|", at, number.start())
        cells = [match.start() for match in re.finditer(r"\|", heading[0])]
        if 0 < column < len(cells) and EMISSION.search(heading[0], cells[column - 1], cells[column]):
            unit, where = LABEL_UNIT.search(text, heading[1] + cells[column - 1], heading[1] + cells[column]), "heading"
    if unit is not None and states(number.group(), GRAMS[_name(unit)], truths):
        yield Mention(*number.span(), number.group(), GRAMS[_name(unit)], unit.span("unit"), where)


def spelt(rng: Random, unit: str, co2: bool = False) -> str:
    """A spelling of a unit, with CO2 in it where nothing else says of what it is."""
    return rng.choice([word for word in SPELLINGS[unit] if not co2 or "c" in word.lower().replace("metric", "")])


def unit_of(factor: float) -> str:
    return next(name for name, grams in GRAMS.items() if grams == factor)


def with_unit(text: str, mention: Mention, number: str, unit: str) -> list[Edit]:
    """Edits that put another number and another unit in the place of a mention."""
    assert mention.unit is not None
    after = text[mention.unit[1] : mention.unit[1] + 1]
    gap = " " if mention.where == "beside" and mention.unit[0] == mention.end and len(unit) > 5 else ""
    tail = " " if after.isalnum() else ""
    return [Edit(mention.start, mention.end, number), Edit(*mention.unit, gap + unit + tail)]


def label_of(text: str, mention: Mention) -> tuple[re.Match[str], str]:
    """The label before a number on its line, and what of it tells the unit."""
    at = text.rfind("\n", 0, mention.start) + 1
    found = LABELLED.match(text[at : mention.start + 1])
    if mention.where == "front" or found is None or not EMISSION.search(found["label"]):
        raise LeftOutError("no label before the number")
    unit = LABEL_UNIT.search(found["label"])
    return found, f" {unit.group()}" if unit else ""
