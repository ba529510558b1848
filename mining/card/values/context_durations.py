"""Durations as cards write them: hours, days and minutes, clocks, equations, device hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from mining.card.values.moments import between_moments
from mining.patterns import regex, text_before
from mining.units import Number, PhysicalQuantity, find_number, find_quantities
from mining.vocab.load import finder

__all__ = ["SMALL_NUMBERS", "VALUE_CAP", "Duration", "read_duration", "read_durations", "with_small_numbers"]

VALUE_CAP = 600
"""Characters of a value that are looked at."""
SENTENCE_CAP = 2_000

SMALL_NUMBERS: dict[str, float] = {
    **dict(
        zip(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), range(1, 11), strict=True)
    ),
    "a": 1,
    "an": 1,
    "single": 1,
    "un": 1,
    "dual": 2,
    "couple": 2,
    "zwei": 2,
    "deux": 2,
    "dos": 2,
    "twelve": 12,
    "sixteen": 16,
    "half": 0.5,
    "both": 2,
}
_HOURS_MINUTES = regex(
    r"(?<![\w.,])(\d{1,4})\s?(?:h|hrs?|hours(?=\s\d\d\s{0,2}(?:$"
    r"|[.,;)])))(?:[\s,]{0,2}(\d{1,2})\s?m(?:ins?|inutes?)?|\s?(\d\d)(?=\s{0,4}(?:$"
    r"|[.,;)·|/+]|(?:sur|on|auf|su|en|em|op|på|na|w|at|à|et|avec)\b)))(?![\w:]|\.\d)",
    re.IGNORECASE,
)
"""Hours with minutes; minutes without a unit only at the end of a statement ("2h30", but not "3h 16 GPUs")."""
_HARDWARE_HOURS = regex(
    r"(?P<number>\d(?<![\w.,].)(?:[\d,.]{0,14}\d)?(?:\s?[kKM](?!\w)|\s(?:thousand"
    r"|million))?)\s{1,2}(?P<device>(?:(?=\d{0,4}[A-Za-z])[\w-]{2,14}[\s-]{1,2}){0,3}?)"
    r"(?:(?P<generic>[gt]pus?|npu|chip|core|card|node|accelerator"
    r"|device)[\s-]{0,3})?(?P<unit>hours?|hrs?|days?|weeks?|months?|h)\b",
    re.IGNORECASE,
    stems="day;h;week",
)
_MARKS_BEFORE = regex(r"~|about|around|approx|roughly|circa|some\s$", re.IGNORECASE)
_LEADS = regex(r"\W{0,4}\d[\d,.]{0,14}\s{0,2}(?:\(|$|wall\b|elapsed\b|real time\b)", re.IGNORECASE)
_TOTAL = regex(r"\btotal", re.IGNORECASE, stems="total")
_PER_DEVICE = regex(r"(?:[gt]pu|npu|device|card|node|machine|chip|accelerator)s?\b", re.IGNORECASE)
"""Twelve hours *per GPU* are twelve hours of the clock, not a rate."""
_CLOCK = regex(
    r"(?<!-\d\d[ T])(?<![\d:])(?:(\d{1,3})(?:\s*(?:d|days?)[,\s]+|(?<!-\d)(?<!-\d\d)-(?=[012]\d:)))?"
    r"(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.\d+)?(?![\d:])",
    stems=":",
)
"""A clock, with days as words or as a batch system writes them ("1-02:30:00"); no time of a date."""
_SMALL_NUMBER = regex(
    rf"\b(half(?= an?\s)|{'|'.join(SMALL_NUMBERS)})(?:(?<=half)\san?)?\s(?P<half>and a half\s)?(?:full\s|whole\s)?"
    r"(?=(?:[gt]pu[\s-])?(?:hours?|days?|weeks?|months?|minutes?)\b)",
    re.IGNORECASE,
)
_AND_HALF = regex(r"(?<![\w.,])(\d{1,2})\s0\.5(?=\s{1,2}(?:hours|days|weeks)\b)", stems="0.5")
"""Eight and a half in languages that put no "and" between ("otte en halv time")."""
_TIME_UNIT = regex(r"(?:hour|day|week|month|minute)s?\b", re.IGNORECASE, stems="hour;day;week;month;minute")
_PORTION = regex(
    r"\b(?:(?P<n>an?|one|two|three|four|1|2|3|4)\s)?(?P<of>half|thirds?|quarters?|fifths?)\sof\s(?:an?|one|1|the)\s"
    r"(?=(?:full\s|whole\s|working\s)?(?:hour|day|week|month)\b)",
    re.IGNORECASE,
    stems="half;third;quarter;fifth",
)
_PARTS = {"h": 2, "t": 3, "q": 4, "f": 5}
"""By the first letter of a fraction's word, how many of it make a whole."""
_THINGS_A = regex(r"\b(?:[a-z]{3,}s|[kmµM]?wh|kg|times|once|twice)\s(?:a|an|per|every|each|1)\s?$", re.IGNORECASE)
_RUN_OF = regex(
    r"(?<=[\w])-(?=(?:minute|hour|day|week)\s(?:[\w-]+\s)?(?:training|run|job|fit|fine-tun\w+|pre-?training)\b)",
    re.IGNORECASE,
    stems="fine-tun;fit;job;run;training",
)
"""The hyphen of "the 6-minute training"."""
_DEVICE_NAME = regex(r"(?:[A-Z]{2,}|Quadro|Titan|GeForce|Radeon)\s?$")
_PROCESSOR = regex(r"\b(?:ryzen|core|xeon|ultra|threadripper|intel|amd|i[3579])(?:[\s-]\d)?[\s-]$", re.IGNORECASE)
_WIDTH = regex(r"\b(?:hidden|feed-?forward|layers|width|embedding)\b", re.IGNORECASE)
"""What is a number of times as wide as H."""
_PLUS = regex(r"\s?(?:\([^()]{1,40}\)\s?)?\+\s?")
"""Between the times of stages that a value adds up: "14 h (stage 1) + 3.5 h (stage 2)"."""
_JOIN = regex(r"[\s,;&+]{0,4}(?:and|und|et|y|e|en|og|och|ja|i|и|та|й|і|ve|dan|và|eta|a|と|와|과|و)?[\s,]{0,3}")
_DEVICE_HOURS = regex(
    r"(?:[gt]pu|npu|device|accelerator|chip|card|node|core|[avh]100|mi\d{3}x?)s?[\s*·_-]{0,3}(?:h\b|hrs?\b|hours?\b"
    r"|time\b|days?\b|weeks?\b|months?\b|years?\b)"
    r"|\bhours?\s(?:of\s|in\s|de\s)?(?:gpu|tpu)s?\b(?! \w?\d)|[x×*]\s?\d{1,5}\s(?:devices|gpus|tpus|cards|chips)"
    r"|aggregate|cumulative|across all (?:gpus|devices)",
    re.IGNORECASE,
    stems="pu;device;accelerator;chip;card;node;core;a100;v100;h100;mi0;mi1;mi2;mi3;mi4;mi5;mi6;mi7;mi8;mi9;"
    "aggregate;cumulative;across all",
)
_CLOCK_WORDS = regex(
    r"wall[\s-]?(?:clock|time)|elapsed|real time|\btook\b|\btakes\b|\blasted\b",
    re.IGNORECASE,
    stems="wall;elapsed;real time;took;takes;lasted",
)
_OF_DATA = regex(
    r"\s{0,2}(?:long\s)?of\s(?!(?:the\s|our\s|this\s|my\s|that\s)?(?:pure |actual |total |continuous "
    r"|uninterrupted |net |raw |effective |real )?"
    r"(?:calendar|comput|training|gpu|tpu|(?:1|one|an?|that|\d)\s(?:night|day|evening|weekend|afternoon)|wall|fine"
    r"|pre-?train|processing|work|run|energy|h100|a100|v100"
    r"|execution|optimi|number|an? machine|1 machine|machine|runtime|clock|stepping|real time|use\b|usage|fan|load))"
    r"|\s(?:audio|speech|video|data|recordings?|later|ago|old)\b|-long|\s?before|\s?after\s",
    re.IGNORECASE,
    stems="-long;after;ago;audio;before;data;later;of;old;recording;speech;video",
)


class Duration(Struct, frozen=True):
    """A duration in hours; ``basis`` says whether it counts the clock or every device, None where not stated."""

    hours: float
    low: float | None
    high: float | None
    value: float
    unit: str
    basis: str | None
    marks: tuple[str, ...]
    start: int
    end: int


def read_duration(text: str, label: str = "") -> Duration | None:
    """The duration that a text states, in hours.

    The result of an equation counts before its parts, a total before the rest, else the first chain of units ("4 days
    and 9.5 hours").

    Args:
        text: Plain text of a value or of a sentence.
        label: Label of the field, whose unit counts for a bare number ("Hours used").

    Returns:
        The duration, or None where none can be read.
    """
    text = text[:VALUE_CAP]
    result = text.rfind("=")
    offset = result + 1 if result >= 0 and any(map(str.isdigit, text[result:])) else 0
    tail = with_small_numbers(text[offset:])
    basis = _basis(f"{label} {text}")
    if (leads := _LEADS.match(tail)) and (bare := _bare(tail, label, basis, offset)) is not None:
        return bare if leads.group().endswith("(") else replace(bare, basis=_basis(f"{label} {tail.partition('(')[0]}"))
    clock = _CLOCK.search(tail) or _HOURS_MINUTES.search(tail)
    if clock is not None:
        return _of_clock(clock, basis, offset)
    chains = _chains(tail)
    if not chains:
        return next(_all_of_devices(tail, offset), None) or _bare(tail, label, basis, offset)
    if basis == "device-hours" and len(chains) > 1 and (on_clock := _on_clock(tail)) is not None:
        return replace(on_clock, start=on_clock.start + offset, end=on_clock.end + offset)
    if len(chains) > 1 and all(_PLUS.fullmatch(tail, one[-1].end, two[0].start) for one, two in pairwise(chains)):
        chains = [[part for chain in chains for part in chain]]
    return _summed(
        tail,
        next((chain for chain in chains if _TOTAL.search(text_before(tail, chain[0].start))), chains[0]),
        basis,
        offset,
    )


def _on_clock(text: str) -> Duration | None:
    """The one time of the clock beside device hours ("7,440 GPU-hours (310 h wall clock)"), if there is one."""
    on_clock = [one for one in read_durations(text) if one.basis == "wall-clock"]
    return on_clock[0] if len(on_clock) == 1 else None


def _of_clock(clock: re.Match[str], basis: str | None, offset: int) -> Duration:
    parts = [int(part or 0) for part in clock.groups()]
    day, hour, minute, second = (
        (0, parts[0], sum(parts[1:]), 0) if clock.re.pattern == _HOURS_MINUTES.pattern else parts
    )
    hours = day * 24 + hour + minute / 60 + second / 3600
    marks = ("approximate",) if _MARKS_BEFORE.search(clock.string[max(0, clock.start() - 16) : clock.start()]) else ()
    return Duration(hours, None, None, hours, "h", basis, marks, offset + clock.start(), offset + clock.end())


def _all_of_devices(text: str, offset: int = 0) -> Iterator[Duration]:
    """Device hours with the device between number and unit: "300 V100 GPU hours", "103k chip-hours"."""
    for match in _HARDWARE_HOURS.finditer(text):
        number = find_number(match["number"])
        named = next(iter(finder("hardware").find(match["device"], weak=True)), None)
        if not isinstance(number, Number) or not (match["generic"] or named is not None) or (named and named.start > 1):
            continue
        factor = {"d": 24.0, "w": 168.0, "m": 730.0}.get(match["unit"][0].lower(), 1.0)
        marks = _MARKS_BEFORE.search(text[max(0, match.start() - 16) : match.start("number")])
        yield Duration(
            number.value * factor,
            None,
            None,
            number.value,
            {24.0: "d", 168.0: "wk", 730.0: "mo"}.get(factor, "h"),
            "device-hours",
            ("approximate",) if marks else (),
            offset + match.start("number"),
            offset + match.end(),
        )


def read_durations(text: str) -> list[Duration]:
    """All durations of a sentence, each with the basis that the words beside it give.

    Args:
        text: The gloss of a sentence.

    Returns:
        Durations in order that do not overlap.
    """
    text = with_small_numbers(text[:SENTENCE_CAP])
    if not any(map(str.isnumeric, text)):
        return []
    found = [*_all_of_devices(text)]
    found.extend(
        Duration(hours, None, None, hours, "h", "wall-clock", (), start, end)
        for hours, start, end in (between_moments(text) if _TIME_OF_DAY.search(text) else ())
    )
    for pattern in (_CLOCK, _HOURS_MINUTES) if _TIME_OF_DAY.search(text) else (_HOURS_MINUTES,):
        found.extend(_of_clock(match, None, 0) for match in pattern.finditer(text))
    found.extend(_of_times(match) for match in (_FROM_TO.finditer(text) if _TIME_OF_DAY.search(text) else ()))
    for chain in _chains(text):
        told = _CLOCK_WORDS.match(text, chain[-1].end + (text[chain[-1].end : chain[-1].end + 1] == " "))
        basis = "wall-clock" if told else _basis(text[max(0, chain[0].start - 24) : chain[-1].end + 14])
        found.append(_summed(text, chain, basis, 0))
    kept: list[Duration] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


_TIME_OF_DAY = regex(r"\d:[0-5]\d", stems=":")
_FROM_TO = regex(
    r"\b(?:start(?:ed|ing)?|from|began|between|begun|launched)\b\D{0,12}(?P<h>[01]?\d"
    r"|2[0-3]):(?P<m>[0-5]\d)\D{1,30}(?P<h2>[01]?\d|2[0-3]):(?P<m2>[0-5]\d)(?![\d:])",
    re.IGNORECASE,
    stems=":",
)


def _of_times(match: re.Match[str]) -> Duration:
    """The time between two times of the day: "started 18:40, finished 04:10"."""
    minutes = (int(match["h2"]) * 60 + int(match["m2"]) - int(match["h"]) * 60 - int(match["m"])) % 1440
    hours = minutes / 60
    return Duration(hours, None, None, hours, "h", "wall-clock", (), match.start(), match.end())


def with_small_numbers(text: str) -> str:
    """Number words before a unit of time as digits of the same width, so that offsets stay true.

    Args:
        text: A text or its gloss.
    """

    def digits(match: re.Match[str]) -> str:
        value = SMALL_NUMBERS[match.group(1).lower()] + (0.5 if match["half"] else 0)
        return f"{value:g}".ljust(match.end() - match.start())

    if not _TIME_UNIT.search(text):
        return text
    text = _PORTION.sub(_portion, text)
    text = _AND_HALF.sub(lambda match: f"{match[1]}.5".ljust(len(match.group())), text)
    return _SMALL_NUMBER.sub(digits, _RUN_OF.sub(" ", text) if "-" in text else text)


def _portion(match: re.Match[str]) -> str:
    """A fraction of a unit of time as a number of the same width ("two thirds of a day")."""
    count = (match["n"] or "one").lower()
    value = SMALL_NUMBERS.get(count) or float(count)
    return f"{value / _PARTS[match['of'][0].lower()]:.4g} ".rjust(match.end() - match.start())


def _is_device(text: str, one: PhysicalQuantity) -> bool:
    return (
        _DEVICE_NAME.search(text, 0, one.start) is not None
        or next(iter(finder("hardware").find(text[one.start : one.end - 1], weak=True)), None) is not None
    )


def _is_no_time(text: str, one: PhysicalQuantity) -> bool:
    """Whether a number with a letter behind it is a name, a rate or a thing ("16 H100", "RTX 4090s", "5600H", "3D")."""
    glued = text[one.end - 2 : one.end - 1].isdigit()
    behind = text[one.end : one.end + 2]
    return (
        behind[:1].isdigit()
        or (glued and one.unit == "s" and _is_device(text, one))  # "a pair of 4090s"
        or (one.number.value == 1 and _THINGS_A.search(text[: one.start + 2]) is not None)  # "queries a month"
        or (glued and text[one.end - 1] == "H" and bool(_PROCESSOR.search(text, 0, one.start) or _WIDTH.search(text)))
        or (one.unit == "s" and behind.startswith("-"))  # "one second-hand card"
        # no training takes years; projects and depreciations do
        or (one.unit == "yr" and not _DEVICE_HOURS.search(text, max(0, one.start - 4), one.end))
        or (glued and one.unit == "d" and text[one.end - 1] == "D")
        or (one.rate is not None and not _PER_DEVICE.match(one.rate))
        or _OF_DATA.match(text, one.end) is not None
    )


def _chains(text: str) -> list[list[PhysicalQuantity]]:
    chains: list[list[PhysicalQuantity]] = []
    for one in find_quantities(text, ("duration",)):
        if _is_no_time(text, one):
            continue
        last = chains[-1][-1] if chains else None
        joined = (
            last is not None and _JOIN.fullmatch(text, last.end, one.start) is not None and one.factor < last.factor
        )
        if joined and last is not None and last.number.low is None:
            chains[-1].append(one)
        else:
            chains.append([one])
    return chains


def _summed(text: str, chain: list[PhysicalQuantity], basis: str | None, offset: int) -> Duration:
    start, end = chain[0].start, chain[-1].end
    hours = sum(one.inner for one in chain)
    marks = tuple(dict.fromkeys(mark for one in chain for mark in one.number.marks))
    basis = basis or ("wall-clock" if chain[0].unit in {"d", "wk", "mo", "s", "min"} else None)
    if len(chain) == 1:
        one = chain[0]
        return Duration(
            hours, one.inner_low, one.inner_high, one.number.value, one.unit, basis, marks, offset + start, offset + end
        )
    return Duration(hours, None, None, hours, "h", basis or "wall-clock", marks, offset + start, offset + end)


def _bare(text: str, label: str, basis: str | None, offset: int) -> Duration | None:
    """A number without a unit, where the label gives one."""
    number = find_number(text)
    unit = _label_unit(label)
    if unit is None or not isinstance(number, Number) or number.value < 0:
        return None
    rest = text[number.end : number.end + 24].strip()
    far = number.start > 24 and text[: number.start].strip(" *~<>(.")
    if far or _NO_TIME.match(rest):
        return None
    factor = {"h": 1.0, "min": 1 / 60, "s": 1 / 3600, "d": 24.0}[unit]
    low = None if number.low is None else number.low * factor
    high = None if number.high is None else number.high * factor
    return Duration(
        number.value * factor,
        low,
        high,
        number.value,
        unit,
        basis,
        number.marks,
        offset + number.start,
        offset + number.end,
    )


_LABEL_UNITS = (
    (
        "h",
        regex(
            r"hours?\b|\bhrs?\b|\b[gt]pu-?h\b|(?:^|[\s(\[])h[)\]]?\W*$|[(\[]h[)\]]|heures|stunden|horas|\bore\b"
            r"|時間|小时|\buur|timer\b",
            re.IGNORECASE,
        ),
    ),
    ("d", regex(r"\bdays?\b|[(\[]d[)\]]|\bjours\b|\btage\b", re.IGNORECASE)),
    ("min", regex(r"\bmin(?:ute)?s?\b", re.IGNORECASE)),
    ("s", regex(r"\bsec(?:ond)?s?\b|[(\[]s[)\]]", re.IGNORECASE)),
)


_NO_TIME = regex(r"%|epochs?|steps?|gb\b|w\b|watts?|million|tokens|[gt]pus?\b|samples|x\b", re.IGNORECASE)


def _label_unit(label: str) -> str | None:
    return next((unit for unit, pattern in _LABEL_UNITS if pattern.search(label)), None)


def _basis(text: str) -> str | None:
    if _DEVICE_HOURS.search(text):
        return "device-hours"
    return "wall-clock" if _CLOCK_WORDS.search(text) else None
