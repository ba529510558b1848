"""Values of context fields: written hardware, durations and names become standard names, counts and hours."""

from __future__ import annotations

import re
from typing import NamedTuple

from mining.units import Number, Quantity, find_number, find_quantities
from mining.vocab.encoder import fold
from mining.vocab.finder import Match
from mining.vocab.load import finder, is_hopeless, vocabulary
from mining.vocab.reference import machine

__all__ = [
    "Device",
    "Duration",
    "Named",
    "exactness",
    "is_generic",
    "is_mere_generic",
    "is_nothing",
    "read_devices",
    "read_duration",
    "read_name",
    "read_training_type",
]

VALUE_CAP = 600
"""Characters of a value that are looked at."""

_SMALL: dict[str, float] = {
    **dict(zip(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), range(1, 11), strict=True)),
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
}
_COUNT_WORDS = "|".join(word for word in _SMALL if word not in {"couple", "half"})
_MAKER = r"(?:nvidia|tesla|geforce|google|amd|instinct|radeon|intel|cloud|quadro|apple|graphcore|aws|huawei|habana|free)"
_MEMORY = r"(?:\d{1,3}\s?-?\s?(?:gb|gib|g)\b[\s-]{0,2})"
_COUNT_BEFORE = re.compile(
    rf"(?<![\w.,/-])(?P<count>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}}|{_COUNT_WORDS})\s{{0,3}}"
    rf"(?:[x×*]|pieces? of|units? of|nodes? of)?\s{{0,3}}(?:of\s|gpus?:?\s|gpus?,?\s(?:of|type)\s|\()?"
    rf"{_MEMORY}?(?:{_MAKER}\s{{1,2}}){{0,3}}{_MEMORY}?$",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(
    r"(?:[\s-]{0,2}(?:\d{1,3}\s?gb|sxm\d?|pcie|nvl|gpus?|tpus?|cards?|tensor core|accelerators?)){0,4}[\s,]{0,2}"
    r"(?:\(?\s?[x×*]\s?(?P<count>\d{1,5})\b|\((?P<paren>\d{1,5})\s?(?:gpus?|cards?|units?|devices?|x|×)?\))",
    re.IGNORECASE,
)
_NODES = re.compile(
    r"(?<![\w.,])(\d{1,5})\s(?:\w{1,12}\s)?(?:nodes|machines|servers|instances)\b[^.]{0,40}?(?:\beach\b|\bwith\b|\bof\b|[x×*])",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?<![\w.,])(\d{1,4})\s?[x×*]\s?$")
_HOURS_BEHIND = re.compile(r"[\s-](?:\d{1,3}gb?[\s-])?(?:[gt]pu[\s-])?(?:hours?|hrs?|days?)\b", re.IGNORECASE)
_MAKES_DEVICE = re.compile(r"(?:nvidia|geforce|rtx|gtx|\d\s?[x×*])[\s-]{0,2}$", re.IGNORECASE)
_MAKES_DEVICE_AFTER = re.compile(r"[\s-]{0,2}(?:ti|super|gpus?|graphics)\b", re.IGNORECASE)
_NO_DEVICE = re.compile(r"^\W*(?:no|without|not? use[ds]?)\b.{0,12}\b[gt]pus?\b", re.IGNORECASE)
_HOURS_MINUTES = re.compile(r"(?<![\w.,])(\d{1,4})\s?(?:h|hrs?)[\s,]{0,2}(\d{1,2})\s?(?:m(?:ins?)?)?(?![\w:.])", re.IGNORECASE)
_HARDWARE_HOURS = re.compile(
    r"(?<![\w.,])(?P<number>\d(?:[\d,.]{0,14}\d)?(?:\s?[kKM](?!\w))?)\s{1,2}(?P<device>(?:(?=\d{0,4}[A-Za-z])[\w-]{2,14}[\s-]){1,3}?)(?:[gt]pu[\s-])?"
    r"(?P<unit>hours?|hrs?|days?)\b",
    re.IGNORECASE,
)
_MARKS_BEFORE = re.compile(r"~|about|around|approx|roughly|circa|some\s$", re.IGNORECASE)
_LEADS = re.compile(r"\W{0,4}\d[\d,.]{0,14}\s{0,2}(?:\(|$)")
_TOTAL = re.compile(r"\btotal", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:])(?:(\d{1,3})\s*(?:d|days?)[,\s]+)?(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.\d+)?(?![\d:])")
_SMALL_NUMBER = re.compile(
    rf"\b({'|'.join(_SMALL)})\s(?:and a half\s)?(?:full\s|whole\s)?(?=(?:[gt]pu[\s-])?(?:hours?|days?|weeks?|months?|minutes?)\b)",
    re.IGNORECASE,
)
_JOIN = re.compile(r"[\s,;&+]{0,4}(?:and|und|et|y)?[\s,]{0,3}")
_DEVICE_HOURS = re.compile(
    r"(?:[gt]pu|npu|device|accelerator|chip|card|node|core|[avh]100|mi\d{3}x?)s?[\s*·_-]{0,3}(?:h\b|hrs?\b|hours?\b"
    r"|time\b|days?\b|years?\b)"
    r"|[x×*]\s?\d{1,5}\s(?:devices|gpus|tpus|cards|chips)|aggregate|cumulative|across all (?:gpus|devices)",
    re.IGNORECASE,
)
_CLOCK_WORDS = re.compile(r"wall[\s-]?(?:clock|time)|elapsed|real time|\btook\b|\btakes\b|\blasted\b", re.IGNORECASE)
_OF_DATA = re.compile(
    r"\s{0,2}(?:long\s)?of\s(?!comput|training|gpu|tpu|wall|fine|pre-?train|processing|work|run|energy|h100|a100|v100|execution)"
    r"|\s(?:audio|speech|video|data|recordings?|later|ago|old)\b|-long|\s?before|\s?after\s",
    re.IGNORECASE,
)


class Device(NamedTuple):
    """Hardware named in a text: standard name, how many, kind, and the offsets of the words."""

    name: str
    pieces: int | None
    kind: str
    start: int
    end: int


class Duration(NamedTuple):
    """A duration in hours; ``basis`` says whether it counts the clock or every device, None where that is not stated."""

    hours: float
    low: float | None
    high: float | None
    value: float
    unit: str
    basis: str | None
    marks: tuple[str, ...]
    start: int
    end: int


class Named(NamedTuple):
    """A name in a closed vocabulary, or what was written where it is in no list."""

    name: str | None
    whole: bool


def is_nothing(text: str) -> bool:
    """Whether a value is a placeholder or a refusal ("unknown", "[More Information Needed]", "No GPU used")."""
    return is_hopeless(text) or (len(text) < 60 and _NO_DEVICE.search(text) is not None)


def read_devices(text: str, weak: bool) -> list[Device]:
    """Hardware named in a text.

    Args:
        text: Plain text.
        weak: Whether the place is one for hardware, so that short names ("T4", "3090", "GPU") count as well.

    Returns:
        Devices in order; generic words ("GPU") only where nothing more exact is named.
    """
    text = text[:VALUE_CAP]
    found = [_device(text, match) for match in finder("hardware").find(text, weak) if not _is_bare_number(text, match)]
    exact = [device for device in found if device.kind != "generic"]
    return exact or found[:1]


def _is_bare_number(text: str, match: Match) -> bool:
    """Whether a match is only a number ("960") that nothing beside it makes a device."""
    if not text[match.start : match.end].isdigit() or match.pieces is not None:
        return False
    return not _MAKES_DEVICE.search(text[max(0, match.start - 12) : match.start]) and not _MAKES_DEVICE_AFTER.match(text, match.end)


def is_generic(name: str) -> bool:
    """Whether a standard name says no more than "a GPU"."""
    return name in vocabulary("hardware") and vocabulary("hardware").attributes(name)["kind"] == "generic"


_FILL = re.compile(
    r"\d+|[gt]pus?|cpus?|nvidia|google|colab|cloud|cluster|cards?|free|single|an?|the|of|with|x|gb|ram|memory|cores?"
    r"|amd|intel|and|or|only|cuda|pods?|vm"
    r"|multi|core|x86|64|one|two|four|eight|unspecified|type|standard|basic|laptop|local|personal|computer|macbook|apple|silicon|mps"
    r"|pro|air|mac|mini|studio|enabled|based"
)


def is_mere_generic(text: str) -> bool:
    """Whether a hardware value holds nothing but words such as "GPU", counts and fillers; any other word may be a device yet unseen."""
    return all(_FILL.fullmatch(word) for word in fold(text).split(" "))


def _device(text: str, match: Match) -> Device:
    held = machine(match.name)
    count = _count(text, match)
    if held is not None:
        hardware, pieces = held
        kind = vocabulary("hardware").attributes(hardware)["kind"]
        return Device(hardware, pieces * (count or 1), kind, match.start, match.end)
    return Device(match.name, count, vocabulary("hardware").attributes(match.name)["kind"], match.start, match.end)


def _count(text: str, match: Match) -> int | None:
    if match.pieces is not None:
        return match.pieces
    before = _COUNT_BEFORE.search(text[max(0, match.start - 48) : match.start])
    if _HOURS_BEHIND.match(text, match.end):
        return None  # "300 V100 hours" counts hours
    if before is not None:
        written = before["count"].lower().replace(",", "")
        pieces = int(_SMALL.get(written) or written)
        ahead = text[max(0, match.start - 80) : match.start]
        nodes = _NODES.search(ahead) or _TIMES.search(ahead[: len(ahead) - len(before.group())])
        several = nodes is not None and nodes.group(1) != before["count"]
        return pieces * int(nodes.group(1)) if nodes is not None and several else pieces
    after = _COUNT_AFTER.match(text, match.end)
    return int(after["count"] or after["paren"]) if after is not None else None


def read_duration(text: str, label: str = "") -> Duration | None:
    """The duration that a text states, in hours.

    The result of an equation counts before its parts, a total before the rest, else the first chain of units ("4 days and 9.5 hours").

    Args:
        text: Plain text of a value or of a sentence.
        label: Label of the field, whose unit counts for a bare number ("Hours used").

    Returns:
        The duration, or None where none can be read.
    """
    text = text[:VALUE_CAP]
    result = text.rfind("=")
    offset = result + 1 if result >= 0 and any(map(str.isdigit, text[result:])) else 0
    tail = _small_numbers(text[offset:])
    basis = _basis(f"{label} {text}")
    if _LEADS.match(tail) and (bare := _bare(tail, label, basis, offset)) is not None:
        return bare
    clock = _CLOCK.search(tail) or _HOURS_MINUTES.search(tail)
    if clock is not None:
        return _of_clock(clock, basis, offset)
    chains = _chains(tail)
    if not chains:
        return _of_devices(tail, offset) or _bare(tail, label, basis, offset)
    return _summed(
        tail,
        next((chain for chain in chains if _TOTAL.search(tail[max(0, chain[0].start - 40) : chain[0].start])), chains[0]),
        basis,
        offset,
    )


def _of_clock(clock: re.Match[str], basis: str | None, offset: int) -> Duration:
    parts = [int(part or 0) for part in clock.groups()]
    day, hour, minute, second = (0, *parts, 0) if clock.re is _HOURS_MINUTES else parts
    hours = day * 24 + hour + minute / 60 + second / 3600
    return Duration(hours, None, None, hours, "h", basis, (), offset + clock.start(), offset + clock.end())


def _of_devices(text: str, offset: int) -> Duration | None:
    """Device hours with the device between number and unit: "300 V100 GPU hours"."""
    for match in _HARDWARE_HOURS.finditer(text):
        number = find_number(match["number"])
        named = next(iter(finder("hardware").find(match["device"], weak=True)), None)
        if isinstance(number, Number) and named is not None and named.start == 0:
            factor = 24.0 if match["unit"].lower().startswith("d") else 1.0
            unit = "d" if factor > 1 else "h"
            start, end = offset + match.start("number"), offset + match.end()
            marks = _MARKS_BEFORE.search(text[max(0, match.start() - 16) : match.start("number")])
            return Duration(
                number.value * factor, None, None, number.value, unit, "device-hours", ("approximate",) if marks else (), start, end
            )
    return None


def _small_numbers(text: str) -> str:
    """Number words before a unit of time as digits of the same width, so that offsets stay true."""

    def digits(match: re.Match[str]) -> str:
        value = _SMALL[match.group(1).lower()]
        return f"{value:g}".ljust(match.end() - match.start())

    return _SMALL_NUMBER.sub(digits, text)


def _chains(text: str) -> list[list[Quantity]]:
    chains: list[list[Quantity]] = []
    for one in find_quantities(text, ("duration",)):
        if one.rate is not None or _OF_DATA.match(text, one.end):
            continue
        last = chains[-1][-1] if chains else None
        joined = last is not None and _JOIN.fullmatch(text, last.end, one.start) is not None and one.factor < last.factor
        if joined and last is not None and last.number.low is None:
            chains[-1].append(one)
        else:
            chains.append([one])
    return chains


def _summed(text: str, chain: list[Quantity], basis: str | None, offset: int) -> Duration:
    start, end = chain[0].start, chain[-1].end
    hours = sum(one.inner for one in chain)
    marks = tuple(dict.fromkeys(mark for one in chain for mark in one.number.marks))
    basis = basis or ("wall-clock" if chain[0].unit in {"d", "wk", "mo", "s", "min"} else None)
    if len(chain) == 1:
        one = chain[0]
        return Duration(hours, one.inner_low, one.inner_high, one.number.value, one.unit, basis, marks, offset + start, offset + end)
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
    return Duration(number.value * factor, low, high, number.value, unit, basis, number.marks, offset + number.start, offset + number.end)


_LABEL_UNITS = (
    ("h", re.compile(r"hours?\b|\bhrs?\b|\(h\)|heures|stunden|horas|\bore\b|時間|小时|\buur|timer\b", re.IGNORECASE)),
    ("d", re.compile(r"\bdays?\b|\bjours\b|\btage\b", re.IGNORECASE)),
    ("min", re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE)),
    ("s", re.compile(r"\bsec(?:ond)?s?\b|\(s\)", re.IGNORECASE)),
)


_NO_TIME = re.compile(r"%|epochs?|steps?|gb\b|w\b|watts?|million|tokens|[gt]pus?\b|samples|x\b", re.IGNORECASE)


def _label_unit(label: str) -> str | None:
    return next((unit for unit, pattern in _LABEL_UNITS if pattern.search(label)), None)


def _basis(text: str) -> str | None:
    if _DEVICE_HOURS.search(text):
        return "device-hours"
    return "wall-clock" if _CLOCK_WORDS.search(text) else None


_RANK: dict[str, int] = {
    "cloud-region": 0,
    "city": 1,
    "state": 2,
    "cloud-area": 3,
    "country": 4,
    "area": 5,
    "tracker": 0,
    "calculator": 0,
    "platform": 0,
    "dashboard": 0,
    "data": 2,
    "article": 2,
    "measurement": 2,
    "calculation": 3,
    "private": 1,
}
"""Kinds of names, the most telling first: a place inside another, a tool before a mere word for estimating, a cloud before "local"."""


def _agreeing(places: list[Match]) -> list[Match]:
    """Without cities of another country than the state or country that is named beside them ("Paris, Texas")."""
    rows = [vocabulary("region").attributes(place.name) for place in places]
    wide = {row["country"] for row in rows if row["kind"] in {"state", "country"}}
    return [place for place, row in zip(places, rows, strict=True) if row["kind"] != "city" or not wide or row["country"] in wide]


def exactness(region: str) -> int:
    """How exact a standard place is: 0 for a cloud region, more for wider places."""
    return _RANK[vocabulary("region").attributes(region)["kind"]]


def read_name(kind: str, text: str) -> Named:
    """Standard name that a value states.

    Args:
        kind: Vocabulary: region, provider or tool.
        text: Plain text of the value.

    Returns:
        The name, and whether the whole value is that name. Of several places the most exact counts.
    """
    text = text[:VALUE_CAP].strip()
    coded = vocabulary(kind).encode(text)
    if coded.status in {"standard", "fixed"}:
        return Named(coded.name, True)
    found = finder(kind).find(text[:160])
    if kind == "region" and len(found) > 1:
        found = _agreeing(found)
    found.sort(key=lambda match: (_RANK.get(vocabulary(kind).attributes(match.name)["kind"], 0), match.start))
    return Named(found[0].name if found else None, False)


_PRE = re.compile(r"pre[\s_-]?-?train|from scratch|事前学習|预训练|preentren|pré-?entra|vortrain", re.IGNORECASE)
_FINE = re.compile(
    r"fin?e[\s_-]?-?tun|finetun|transfer|\blora\b|instruct|\bsft\b|adapt|ajuste fino|微调|ファインチューニング|\bdpo\b|distill",
    re.IGNORECASE,
)


def read_training_type(text: str) -> str | None:
    """``pre-training``, ``fine-tuning`` or ``both``; None where the value says neither."""
    coded = vocabulary("training_type").encode(text)
    if coded.name is not None:
        return coded.name
    pre, fine = _PRE.search(text[:VALUE_CAP]), _FINE.search(text[:VALUE_CAP])
    if pre and fine:
        return "both"
    return "pre-training" if pre else "fine-tuning" if fine else None
