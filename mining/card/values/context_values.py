"""Values of context fields: written hardware, places and names become standard names and counts.

Durations come from ``context_hours``.
"""

from __future__ import annotations

import re

from msgspec import Struct

from mining.card.lexicon.roles import find_concepts
from mining.card.values.context_durations import VALUE_CAP, Duration, read_duration
from mining.card.values.device_counts import count_of
from mining.patterns import regex
from mining.remembered import remembered
from mining.vocab.encoder import fold
from mining.vocab.finder import Match
from mining.vocab.gazetteer import find_named_places
from mining.vocab.load import finder, is_hopeless, vocabulary
from mining.vocab.reference import machine

__all__ = [
    "VALUE_CAP",
    "Device",
    "Duration",
    "Named",
    "exactness",
    "is_generic",
    "is_mere_generic",
    "is_name",
    "is_nothing",
    "is_refusal",
    "read_devices",
    "read_duration",
    "read_name",
    "read_training_type",
]

_VERSION_OF = regex(r"(?:[A-Z]\d{2,3}|\b[NS][CDV]\d{0,3})\s$")
"""A device or a size of machine right before "v4": its version, no TPU."""
_INSTANCE = regex(r"-(?:ultra|high|mega|edge)gpu|-standard|\sv\d\b", re.IGNORECASE)
"""What follows the family of a virtual machine, which may be spelled like a device ("a2-ultragpu")."""
_MAKES_DEVICE = regex(r"(?:nvidia|geforce|rtx|gtx|gpus?|\d\s?[x×*])[\s-]{0,2}$", re.IGNORECASE)
_ONE_BEFORE = regex(r"\b(?:single|1|2|3|4|8|two|three|four|eight)\s$", re.IGNORECASE)
_OWNED_BEFORE = regex(r"\b(?:my|our|an?|his|her|their|the|old|used|gaming|dual)\s$", re.IGNORECASE)
_NO_THINGS_BEHIND = regex(
    r"\s?(?:$|[.,;:)(]|(?:in|on|for|at|with|that|which|it|and|to|from|was|is|under|ran|crunch\w*|did|over|took)\b)",
    re.IGNORECASE,
)
_MAKES_DEVICE_AFTER = regex(r"[\s-]{0,2}(?:ti|super|gpus?|graphics)\b", re.IGNORECASE)
_NO_DEVICE = regex(r"^\W*(?:no|without|not? use[ds]?)\b.{0,12}\b[gt]pus?\b", re.IGNORECASE, stems="gpu;tpu")


class Device(Struct, frozen=True):
    """Hardware named in a text: standard name, how many, kind, and the offsets of the words."""

    name: str
    pieces: int | None
    kind: str
    start: int
    end: int


class Named(Struct, frozen=True):
    """A name in a closed vocabulary, or what was written where it is in no list."""

    name: str | None
    whole: bool


def is_nothing(text: str) -> bool:
    """Whether a value is a placeholder or a refusal ("unknown", "[More Information Needed]", "No GPU used")."""
    # "none (a server of our own)": what stands in brackets is a remark
    return (
        is_hopeless(text)
        or is_hopeless(_REMARK.split(text, maxsplit=1)[0])
        or (len(text) < 60 and _NO_DEVICE.search(text) is not None)
    )


_REMARK = regex(r"(?<=\w)\s?[(（]|(?<=\w),\s")
_REFUSAL = regex(
    r"^\W*(?:no|none|not|nobody|nothing|never|nil|please|there (?:is|are|was)|ask|see|same|various|any|tba|varies"
    r"|it (?:is|was)|we (?:do|did|have)|i (?:do|did|have))\b"
    r"|\b(?:not|n't|never) (?:\w+ )?(?:mention|stat|know|provid|specif|record|track|disclos|given|available|report"
    r"|measur|sure|applicable|used)"
    r"|\bno (?:information|record|data|details?|one|cloud|idea)\b|\bunknown\b|\bwithheld\b|\bconfidential\b"
    r"|\bundisclosed\b|\bcannot be\b|\bon request\b",
    re.IGNORECASE,
    stems=(
        "any;applicable;ask;available;cannot be;confidential;disclos;given;i ;it ;know;measur;mention;"
        "never;nil;no;no ;nobody;none;not;nothing;on request;please;provid;record;report;same;see;"
        "specif;stat;sure;tba;there ;track;undisclosed;unknown;used;varies;various;we ;withheld"
    ),
    as_written=True,
)
_SENTENCE_WORDS = regex(
    r"\b(?:is|are|was|were|the model|this|that|which|what|can|could|please|has|have|been|will|we|our|you|contact|ask"
    r"|authors?)\b",
    re.IGNORECASE,
)


_UNIT = regex(r"co2|wh\b", re.IGNORECASE)
"""What stands in the unit of a column, and in no name."""


def is_refusal(text: str) -> bool:
    """Whether a value says in words that nothing is told ("Not used", "There is no record of it")."""
    head = text[:200]
    refuses = _REFUSAL.search(head) is not None or any(hit.concept == "deny" for hit in find_concepts(head))
    return refuses and next(iter(finder("hardware").find(head)), None) is None


def is_name(text: str) -> bool:
    """Whether a value that is in no list may still be a name: few words, none of them a sentence's."""
    return (
        2 < len(text) <= 80
        and any(map(str.isalpha, text))
        and len(text.split()) <= 6
        and _UNIT.search(text) is None
        and _SENTENCE_WORDS.search(text) is None
        and not text.islower()
    )


@remembered(4096)
def read_devices(text: str, weak: bool, in_sentence: bool = False) -> list[Device]:
    """Hardware named in a text.

    Args:
        text: Plain text.
        weak: Whether the place is one for hardware, so that short names ("T4", "3090", "GPU") count as well.
        in_sentence: Whether it is a sentence (:func:`count_of`).

    Returns:
        Devices in order, not to be changed; generic words ("GPU") only where nothing more exact is named.
    """
    text = text[:VALUE_CAP]
    found = [
        _device(text, match, in_sentence)
        for match in finder("hardware").find(text, weak)
        if not (_is_bare_number(text, match) or _is_version(text, match) or _is_area(text, match))
    ]
    exact = [device for device in found if device.kind != "generic"]
    return exact or found[:1]


def _is_version(text: str, match: Match) -> bool:
    """Whether the version in the name of a virtual machine ("NC12s_v3") was taken for a TPU."""
    return (
        match.name.startswith("TPU")
        and (
            text[: match.start][-1:] == "_"
            or _VERSION_OF.search(text, max(0, match.start - 24), match.start) is not None
        )
    ) or _INSTANCE.match(text, match.end) is not None


def _is_area(text: str, match: Match) -> bool:
    """Whether square or cubic metres ("341 m2/s2") were taken for a chip."""
    return match.name.startswith("Apple M") and _METRES.search(text, max(0, match.start - 6), match.end) is not None


_METRES = regex(r"(?:(?<=[\d/])\s?|(?:per|pro|par|por|al|je|/)\s)m[23²³]$|m[²³]$")


def _is_bare_number(text: str, match: Match) -> bool:
    """Whether a match is only a number ("960") that nothing beside it makes a device; "3090" alone names one."""
    if (
        not text[match.start : match.end].isdigit()
        or match.pieces is not None
        or text.strip() == text[match.start : match.end]
    ):
        return False
    before = text[max(0, match.start - 12) : match.start]
    owned = _OWNED_BEFORE.search(before) is not None and _NO_THINGS_BEHIND.match(text, match.end) is not None
    made = _MAKES_DEVICE.search(before) or _ONE_BEFORE.search(before)
    return not (owned or made) and not _MAKES_DEVICE_AFTER.match(text, match.end)


def is_generic(name: str) -> bool:
    """Whether a standard name says no more than "a GPU"."""
    return name in vocabulary("hardware") and vocabulary("hardware").attributes(name)["kind"] == "generic"


_FILL = regex(
    r"\d+|[gt]pus?|cpus?|nvidia|google|colab|cloud|cluster|cards?|free|single|an?|the|of|with|x|gb|ram|memory|cores?"
    r"|amd|intel|and|or|only|cuda|pods?|vm"
    r"|multi|core|x86|64|one|two|four|eight|unspecified|type|standard|basic|laptop|local|personal|computer|macbook"
    r"|apple|silicon|mps"
    r"|pro|air|mac|mini|studio|enabled|based"
)


def is_mere_generic(text: str) -> bool:
    """Whether a hardware value holds nothing but words such as "GPU", counts and fillers."""
    return all(_FILL.fullmatch(word) for word in fold(text).split(" "))


def _device(text: str, match: Match, in_sentence: bool) -> Device:
    held = machine(match.name)
    count = count_of(text, match, in_sentence)
    if held is not None:
        hardware, pieces = held
        kind = vocabulary("hardware").attributes(hardware)["kind"]
        held_in_it = _ITS_DEVICES.match(text, match.end)
        count = None if held_in_it and int(held_in_it[1]) == pieces else count
        return Device(hardware, pieces * (count or 1), kind, match.start, match.end)
    return Device(match.name, count, vocabulary("hardware").attributes(match.name)["kind"], match.start, match.end)


_ITS_DEVICES = regex(r"[\s,:(]{1,3}(\d{1,2})\s?(?:gpus|cards|accelerators|chips)\b", re.IGNORECASE)
"""What a machine holds, told behind its name ("g5.12xlarge, 4 GPUs")."""
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
"""Kinds of names, the most telling first: a place inside another, a tool before a mere word for estimating, a cloud
before "local"."""


def _agreeing(places: list[Match]) -> list[Match]:
    """Without cities of another country than the state or country that is named beside them ("Paris, Texas")."""
    rows = [vocabulary("region").attributes(place.name) for place in places]
    wide = {row["country"] for row in rows if row["kind"] in {"state", "country"}}
    return [
        place
        for place, row in zip(places, rows, strict=True)
        if row["kind"] != "city" or not wide or row["country"] in wide
    ]


def exactness(region: str) -> int:
    """How exact a standard place is: 0 for a cloud region, more for wider places."""
    return _RANK[vocabulary("region").attributes(region)["kind"]] if region in vocabulary("region") else _RANK["city"]


_CYRILLIC = regex(r"[\u0400-\u04ff]")
_GLUED_NUMBER = regex(r"([a-z]{2,9}(?:-[a-z]{4,9})+)(\d)[a-c]?", re.IGNORECASE, stems="-")
"""The code of a cloud's region without the dash before its number."""


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
    found = finder(kind).find(text[:160], weak=kind == "provider")
    if kind == "region" and not found:
        joined = _GLUED_NUMBER.fullmatch(text)
        if joined is not None and (name := vocabulary(kind).encode(f"{joined[1]}-{joined[2]}").name) is not None:
            return Named(name, True)
        found = find_named_places(text[:160], _CYRILLIC.search(text) is not None) if len(text) < 100 else []
        return Named(found[0].name if found else None, False)
    if kind == "region" and (city := _city_of(text, found)) is not None:
        return Named(city, False)
    if kind == "region" and len(found) > 1:
        found = _agreeing(found)
    found.sort(key=lambda match: (_RANK.get(vocabulary(kind).attributes(match.name)["kind"], 0), match.start))
    return Named(found[0].name if found else None, False)


_PRE = regex(r"pre[\s_-]?-?train|from scratch|事前学習|预训练|preentren|pré-?entra|vortrain", re.IGNORECASE)
_FINE = regex(
    r"fin?e[\s_-]?-?tun|finetun|transfer|\blora\b|instruct|\bsft\b|adapt|ajuste fino|微调|"
    r"ファインチューニング|\bdpo\b|distill",
    re.IGNORECASE,
)


def _city_of(text: str, found: list[Match]) -> str | None:
    """The city that a value names before its country ("Southampton, UK")."""
    if len(text) > 100 or any(vocabulary("region").attributes(one.name)["kind"] != "country" for one in found):
        return None
    cities = find_named_places(text[: found[0].start])
    return next((one.name for one in cities if one.name.endswith(f", {found[0].name}")), None)


def read_training_type(text: str) -> str | None:
    """``pre-training``, ``fine-tuning`` or ``both``; None where the value says neither."""
    coded = vocabulary("training_type").encode(text)
    if coded.name is not None:
        return coded.name
    pre, fine = _PRE.search(text[:VALUE_CAP]), _FINE.search(text[:VALUE_CAP])
    if pre and fine:
        return "both"
    return "pre-training" if pre else "fine-tuning" if fine else None
