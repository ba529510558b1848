"""Values of context fields: written hardware, places and names become standard names and counts.

Durations come from ``context_hours``.
"""

from __future__ import annotations

import re

from msgspec import Struct

from mining.card.lexicon.roles import find_concepts
from mining.card.values.context_durations import SMALL_NUMBERS, VALUE_CAP, Duration, read_duration
from mining.patterns import regex
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

_COUNT_WORDS = "|".join(word for word in SMALL_NUMBERS if word not in {"couple", "half"})
_MAKER = (
    r"(?:nvidia|tesla|geforce|google|amd|ec2|azure|rented|own|our|instinct|radeon|intel|cloud|quadro|apple"
    r"|graphcore|aws|huawei|habana|free)"
)
_MEMORY = r"(?:\d{1,3}\s?-?\s?(?:gb|gib|g)\b[\s-]{0,2})"
_COUNT_BEFORE = regex(
    rf"(?<![\w.,/-])(?P<count>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}}|{_COUNT_WORDS})(?:\s{{0,3}}|-(?=[gt]pu|card|way))"
    rf"(?:[x×*]|pieces? of|units? of|nodes? of)?\s{{0,3}}(?:of\s|gpus?:?\s|cards?\s|way\s"
    rf"|gpus?,?\s(?:of(?: the)?(?: type| model)?"
    rf"|type|model)\s"
    rf"|(?:[gt]pus?|cards?|accelerators?)\s{{0,2}}\(|\()?"
    rf"{_MEMORY}?(?:{_MAKER}\s{{1,2}}){{0,3}}{_MEMORY}?$",
    re.IGNORECASE,
)
_COUNT_AFTER = regex(
    r"(?:[\s-]{0,2}(?:\d{1,3}\s?gb|sxm\d?|pcie|nvl|gpus?|tpus?|cards?|tensor core|accelerators?)){0,4}"
    r"[\s,をはが는을를로]{0,4}"
    r"(?:\(?\s?[x×*]\s?(?P<count>\d{1,5})\b|\((?P<paren>\d{1,5})\s?(?:gpus?|cards?|units?|devices?|x|×)?\)"
    r"|(?<=\s)(?P<pieces>\d{1,5})\s?(?:gpus|pieces of)\b|(?<=\s)(?P<post>[1-9]|1\d|2[04]|3[26]|64)(?=\s?(?:$"
    r"|[^\d\s.,\w]|[^\x00-\x7f]|[.,;:]\s|[.,;]?$)))",
    re.IGNORECASE,
)
_MACHINE = r"(?:nodes?|machines|servers|instances|hosts|stations|workstations|boxes|pods?)"
_NODES = regex(
    rf"(?<![\w.,])(?P<n>\d{{1,5}})\s?(?:[x×]\s)?(?:[A-Za-z][\w.-]*\s){{0,3}}?{_MACHINE}\b(?P<link>[\s,(]{{0,3}}(?:eac"
    rf"h\s)?"
    r"(?:with|of|having|containing|equipped with|featuring|x|×|\*|at|à|com|con|mit|z|с|з|avec|each|de|di|da|von|van|med"
    r"|ve|per)?\s{0,2}(?:each\s)?)$",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
"""Machines right before the number of devices: "16 nodes of", "6 nodes, "."""
_NODES_TIMES = regex(
    rf"\b{_MACHINE}(?:_\w)?\s?[x×*]\s?(?P<n>\d{{1,5}})\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
_NODES_ANYWHERE = regex(
    rf"(?<![\w.,])(?P<n>\d{{1,5}})\s(?:[A-Za-z][\w-]*\s){{0,2}}?{_MACHINE}\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
_PER_NODE = regex(
    rf"^[^.;]{{0,30}}?(?:\b(?:per|a|each|in each|every)|/)\s?{_MACHINE}|^[^.;,]{{0,16}}\beach\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod;each",
)
_NODE_EACH = regex(
    rf"(?:\b1 {_MACHINE}\b[^.;]{{0,6}}each|\beach {_MACHINE}\b|\beach\b|\bper {_MACHINE}\b)[^.;\d]{{0,12}}$",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod;each",
)
_TIMES = regex(r"(?<![\w.,])(\d{1,4})\s?[x×*]\s?$")
_SINGLE = regex(
    r"\b(?:single|1)\s(?:[\w-]+\s){0,2}?(?:[gt]pu|card|accelerator)s?\b[^.;]{0,50}\(\W*(?:\w+\s){0,2}$|\b(?:single"
    r"|1)\s(?:shared\s)?(?:[gt]pu)s?\s(?:of|in|on)\b[^.;]{0,40}\(\W*(?:\w+\s){0,2}$",
    re.IGNORECASE,
    stems="single;1",
)
_INSTANCE = regex(r"-(?:ultra|high|mega|edge)gpu|-standard", re.IGNORECASE)
"""What follows the family of a virtual machine, which may be spelled like a device ("a2-ultragpu")."""
_HOURS_BEHIND = regex(r"[\s-](?:\d{1,3}gb?[\s-])?(?:[gt]pu[\s-])?(?:hours?|hrs?|days?)\b", re.IGNORECASE)
_MAKES_DEVICE = regex(r"(?:nvidia|geforce|rtx|gtx|\d\s?[x×*])[\s-]{0,2}$", re.IGNORECASE)
_ONE_BEFORE = regex(r"\b(?:single|1|2|3|4|8|two|three|four|eight)\s$", re.IGNORECASE)
_OWNED_BEFORE = regex(r"\b(?:my|our|an?|his|her|their|the|old|used|gaming|dual)\s$", re.IGNORECASE)
_NO_THINGS_BEHIND = regex(
    r"\s?(?:$|[.,;:)(]|(?:in|on|for|at|with|that|which|it|and|to|from|was|is|under|ran|crunch\w*|did|over|took)\b)",
    re.IGNORECASE,
)
_MAKES_DEVICE_AFTER = regex(r"[\s-]{0,2}(?:ti|super|gpus?|graphics)\b", re.IGNORECASE)
_NO_DEVICE = regex(r"^\W*(?:no|without|not? use[ds]?)\b.{0,12}\b[gt]pus?\b", re.IGNORECASE, stems="gpu;tpu")


_MACHINES_OF = regex(
    rf"(?<![\w.,])(\d{{1,4}})\s{_MACHINE}\s(?:of|with|à|de|mit|med|con|com|z|по|po)\s(\d{{1,3}})(?!\s?(?:gb|[\d.,]))\b",
    re.IGNORECASE,
)
"""Machines and what each holds, apart from the device's name: "four machines of eight"."""
_IN_ALL = regex(
    r"^[^.;]{0,12}[(（]\W{0,2}\d{1,4}\s?(?:pieces of\s)?(?:\w+\s){0,2}?nodes\b[^()（）]{0,30}\d", re.IGNORECASE
)
"""Behind a number of devices: how many machines hold how many of them."""


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
    return is_hopeless(text) or (len(text) < 60 and _NO_DEVICE.search(text) is not None)


_REFUSAL = regex(
    r"^\W*(?:no|none|not|nobody|nothing|never|nil|please|there (?:is|are|was)|ask|see|same|various|any|tba|varies"
    r"|it (?:is|was)|we (?:do|did|have)|i (?:do|did|have))\b"
    r"|\b(?:not|n't|never) (?:\w+ )?(?:mention|stat|know|provid|specif|record|track|disclos|given|available|report"
    r"|measur|sure|applicable|used)"
    r"|\bno (?:information|record|data|details?|one|cloud|idea)\b|\bunknown\b|\bwithheld\b|\bconfidential\b"
    r"|\bundisclosed\b|\bcannot be\b|\bon request\b",
    re.IGNORECASE,
)
_SENTENCE_WORDS = regex(
    r"\b(?:is|are|was|were|the model|this|that|which|what|can|could|please|has|have|been|will|we|our|you|contact|ask"
    r"|authors?)\b",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether a value says in words that nothing is told ("Not used", "There is no record of it")."""
    head = text[:200]
    refuses = _REFUSAL.search(head) is not None or any(hit.concept == "deny" for hit in find_concepts(head))
    return refuses and next(iter(finder("hardware").find(head)), None) is None


def is_name(text: str) -> bool:
    """Whether a value that is in no list may still be a name: few words, none of them a sentence's."""
    return (
        2 < len(text) <= 80 and len(text.split()) <= 6 and _SENTENCE_WORDS.search(text) is None and not text.islower()
    )


def read_devices(text: str, weak: bool) -> list[Device]:
    """Hardware named in a text.

    Args:
        text: Plain text.
        weak: Whether the place is one for hardware, so that short names ("T4", "3090", "GPU") count as well.

    Returns:
        Devices in order; generic words ("GPU") only where nothing more exact is named.
    """
    text = text[:VALUE_CAP]
    found = [
        _device(text, match)
        for match in finder("hardware").find(text, weak)
        if not _is_bare_number(text, match) and not _is_version(text, match)
    ]
    exact = [device for device in found if device.kind != "generic"]
    return exact or found[:1]


def _is_version(text: str, match: Match) -> bool:
    """Whether the version in the name of a virtual machine ("NC12s_v3") was taken for a TPU."""
    return (match.name.startswith("TPU") and text[: match.start][-1:] == "_") or _INSTANCE.match(
        text, match.end
    ) is not None


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
    text = text.replace("_", " ")
    ahead, behind = text[max(0, match.start - 120) : match.start], text[match.end : match.end + 60]
    before = _COUNT_BEFORE.search(ahead[-48:])
    if _HOURS_BEHIND.match(text, match.end):
        return None  # "300 V100 hours" counts hours
    if before is not None:
        written = before["count"].lower().replace(",", "")
        pieces = int(SMALL_NUMBERS.get(written) or written)
        ahead = ahead[: len(ahead) - len(before.group())]
    elif (after := _COUNT_AFTER.match(text, match.end)) is not None:
        pieces = int(after["count"] or after["paren"] or after["pieces"] or after["post"])
    elif (held := _MACHINES_OF.search(ahead[-60:] + behind)) is not None:
        return int(held[1]) * int(held[2])
    else:
        return 1 if _SINGLE.search(ahead) or _is_one(text, match, ahead) else None
    return pieces if _IN_ALL.search(behind, 0, 60) else pieces * _machines(text, ahead, behind, pieces)


_ARTICLE = regex(
    r"(?:^|[^\w-])(?:an?|one|my|our|his|her|its|1)\s(?:(?!of\b|or\b|and\b)[^\W\d][\w'-]{0,18}\s){0,3}$", re.IGNORECASE
)
"""One device: its article or owner before it, with no number and no noun of many between."""
_THE = regex(r"\b(?:on|by|with|in) the $", re.IGNORECASE)
_SOMETIMES = regex(r"\b(?:sometimes|either|whatever|maybe|any|perhaps)\b", re.IGNORECASE)
_MANY_BEHIND = regex(
    r"s\b|(?:[\s-](?:\d{1,3}\s?gb|sxm\d?|pcie|ti|super)\b){0,2}[\s-](?:gpus|cards|cluster|nodes?\b|machines|servers|partition|pod|instances|accelerators|fleet"
    r"|class|generation|series|family|equivalent|-)|\s?(?:/|or )",
    re.IGNORECASE,
)
_MANY_BETWEEN = regex(
    r"\b(?:node|nodes|cluster|server|machine|instance|hardware|pod|pair|set|couple|few|handful|lot|mix|rack|of|with|multi\S*|more|different)\b",
    re.IGNORECASE,
)


def _is_one(text: str, match: Match, ahead: str) -> bool:
    """Whether a device is told of in the singular ("my RTX 3060", "a rented A10G")."""
    article = _ARTICLE.search(ahead[-60:]) or _THE.search(ahead[-12:])
    return (
        article is not None
        and _SOMETIMES.search(ahead[-24:]) is None
        and _MANY_BETWEEN.search(article.group()) is None
        and _MANY_BEHIND.match(text, match.end) is None
        and not text[match.start : match.end].endswith("s")
    )


def _machines(text: str, ahead: str, behind: str, pieces: int) -> int:
    """How many machines hold as many devices each; 1 where the number of devices is that of all of them."""
    times = _TIMES.search(ahead) or _NODES_TIMES.search(ahead)
    if times is not None:
        return int(times.group(1))
    each = _PER_NODE.search(behind) or _NODE_EACH.search(ahead)
    nodes = _NODES.search(ahead)
    if nodes is None and each is not None:
        nodes = _NODES_ANYWHERE.search(text)
        return int(nodes["n"]) if nodes is not None and int(nodes["n"]) != pieces else 1
    if nodes is None:
        return 1
    return int(nodes["n"]) if each is not None or nodes["link"].strip(" ,(") else 1


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
_GLUED_NUMBER = regex(r"([a-z]{2,9}(?:-[a-z]{4,9})+)(\d)[a-c]?", re.IGNORECASE)
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
    found = finder(kind).find(text[:160])
    if kind == "region" and not found:
        joined = _GLUED_NUMBER.fullmatch(text)
        if joined is not None and (name := vocabulary(kind).encode(f"{joined[1]}-{joined[2]}").name) is not None:
            return Named(name, True)
        found = find_named_places(text[:160], _CYRILLIC.search(text) is not None) if len(text) < 100 else []
        return Named(found[0].name if found else None, False)
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


def read_training_type(text: str) -> str | None:
    """``pre-training``, ``fine-tuning`` or ``both``; None where the value says neither."""
    coded = vocabulary("training_type").encode(text)
    if coded.name is not None:
        return coded.name
    pre, fine = _PRE.search(text[:VALUE_CAP]), _FINE.search(text[:VALUE_CAP])
    if pre and fine:
        return "both"
    return "pre-training" if pre else "fine-tuning" if fine else None
