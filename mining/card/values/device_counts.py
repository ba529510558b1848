"""How many devices a text tells of: numbers before and behind a name, machines and what each of them holds."""

from __future__ import annotations

import re

from msgspec.structs import replace

from mining.card.values.context_durations import SMALL_NUMBERS
from mining.patterns import regex
from mining.vocab.finder import Match

__all__ = ["count_of"]

_COUNT_WORDS = "|".join(word for word in SMALL_NUMBERS if word not in {"couple", "half"})
_MAKER = (
    r"(?:nvidia|tesla|geforce|google|amd|ec2|azure|rented|own|our|instinct|radeon|intel|cloud|quadro|apple"
    r"|graphcore|aws|huawei|habana|free)(?::\w{1,3})?"
)
_ADJECTIVE = (
    r"(?:(?!(?:h|hrs?|hours?|days?|weeks?|min|minutes?|months?|epochs?|steps?|runs?|stages?|phases?|times|layers?"
    r"|heads?|seeds?"
    r"|on|in|at|with|of|for|per|to|and|or|by|hardware|type|accelerat\w+|card|gpus?|model|via|using|from|gb|the|than"
    r"|is|was|nodes?|machines?|servers?|instances?|experts?|"
    r"billion|million|thousand)\b)[a-z][a-z-]{2,14}\s)"
)
"""A word between a number and a device that says what kind it is ("16 custom A100")."""
_MEMORY = r"(?:(?<!\d)\d{1,3}\s?-?\s?(?:gb|gib|g)\b[\s-]{0,2})"
_COUNT_BEFORE = regex(
    rf"(?<![\w.,/-])(?<!epyc )(?<!ryzen )(?<!xeon )(?<!core )(?P<count>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}}"
    rf"|{_COUNT_WORDS})(?:\s{{0,3}}|-(?=[gt]pu|card|way))"
    rf"(?:[x×*]|(?:pieces?|units?|nodes?) of\.?)?\s{{0,3}}"
    r"(?:of\s(?:the\s|our\s|these\s|type\s)?|(?:(?!(?:h|hrs?|hours?|days?|weeks?|min|minutes?"
    r"|months?)\b)[^\W\d][^\W\d-]{1,15}\s)?gpus?:?\s"
    rf"|cards?\s|way\s"
    rf"|gpus?,?\s(?:of(?: the)?(?: type| model)?"
    rf"|type|model)\s"
    rf"|(?:[gt]pus?|cards?|accelerators?)\s{{0,2}}\(|\()?"
    rf"{_MEMORY}?(?:(?-i:{_ADJECTIVE}))?(?:{_MAKER}\s{{1,2}}){{0,3}}{_MEMORY}?$",
    re.IGNORECASE,
)
_COUNT_AFTER = regex(
    r"(?:[\s-]{0,2}(?:\d{1,3}\s?gb|sxm\d?|pcie|nvl|hbm\d\w?"
    r"|gpus?|tpus?|cards?|tensor core|accelerators?|pods?|slice)){0,4}"
    r"[\s,，をはが는을를로]{0,4}(?:total\s{1,2}|in total\s|共)?"
    r"(?:\(?\s?[x×*]\s?(?P<count>\d{1,5})\b"
    r"|\((?P<paren>\d{1,5})\s?(?:gpus?|cards?|units?|devices?|chips?|modules?|pieces(?: of)?|x"
    r"|×)?\.?(?:[,;)]|\s(?:at|of|in|from|on)\s)"
    r"|(?<=\s)(?P<pieces>\d{1,5})\s?(?:gpus\b|modules\b|pieces of\b|device\(s\))"
    r"|(?<=\s)(?P<post>[1-9]|1\d|2[04]|3[26]|64)(?=\s?(?:$"
    r"|[^\d\s.,\w]|[^\x00-\x7f]|[.,;:]\s|[.,;]?$)))",
    re.IGNORECASE,
)
_MACHINE = r"(?:nodes?|machines|servers|instances|hosts|stations|workstations|boxes|pods?)"
_BETWEEN = r"(?:(?!(?:h|hrs?|hours?|days?|weeks?|min|minutes?|on|in|at|an?|the|per|of|with)\b)[A-Za-z][\w.-]*\s)"
"""A word between a number and the machines that it counts: no unit of time, no preposition ("30 hours on a node")."""
_NODES = regex(
    rf"(?<![\w.,])(?P<n>\d{{1,5}})\s?(?:[x×]\s)?{_BETWEEN}{{0,3}}?{_MACHINE}\b(?P<link>[\s,(]{{0,3}}(?:eac"
    rf"h\s)?"
    r"(?:with|of|having|containing|equipped with|featuring|x|×|\*|at|à|com|con|mit|z|с|з|avec|each|de|di|da|von|van|med"
    r"|ve|met|per)?\s{0,2}(?:each\s)?)$",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
"""Machines right before the number of devices: "16 nodes of", "6 nodes, "."""
_NODES_TIMES = regex(
    rf"\b{_MACHINE}(?:_\w)?\s?[x×*]\s?(?P<n>\d{{1,5}})\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
_TIMES_NODES = regex(
    rf"[^.;()（）]{{0,20}}?[x×*]\s?(\d{{1,4}})\s?{_MACHINE}\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
"""Machines behind the number that each holds: "V100 × 4 GPUs × 4 nodes"."""
_NODES_ANYWHERE = regex(
    rf"(?<![\w.,])(?P<n>\d{{1,5}})\s{_BETWEEN}{{0,2}}?{_MACHINE}\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod",
)
_PER_NODE = regex(
    rf"^[^.;]{{0,44}}?(?:\b(?:per|a|each|in each|every)|/)\s?{_MACHINE}|^[^.;,]{{0,28}}\b(?:each|apiece)\b",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod;each;apiece",
)
_NODE_EACH = regex(
    rf"(?:\b1 {_MACHINE}\b[^.;]{{0,6}}each|\beach {_MACHINE}\b|\beach\b|\bper {_MACHINE}\b)[^.;\d]{{0,12}}$",
    re.IGNORECASE,
    stems="node;machine;server;instance;host;station;box;pod;each",
)
_TIMES = regex(r"(?<![\w.,])(\d{1,4})\s?[x×*]\s?$")
_OF_THEM = regex(
    rf"(?:[\s-]{{0,2}}(?:\d{{1,3}}\s?gb|sxm\d?|pcie"
    rf"|nvl)){{0,3}}(?:\s?\([^()]{{1,40}}\))?(?:\snodes(?=,))?[,，、(\s]{{1,3}}(?:so\s)?(?P<n>\d{{1,4}}|{_COUNT_WORDS}"
    rf"|(?:a )?pair)"
    r"\s{1,2}(?:of\s(?:them|these|those|which|it)\b|in (?:all|total)\b|altogether\b|(?:cards?|gpus?|devices?|chips?"
    r"|accelerators?)(?=[\s,，、;.)]|$)"
    r"(?!\s(?:per|each|a|hours?|hrs?|h|days?|time)\b))"
    rf"|(?:\s?\([^()]{{1,40}}\),\s(?P<after>\d{{1,3}})|(?:\s?\([^()]{{1,40}}\))?,\s(?P<last>{_COUNT_WORDS}))(?=[."
    rf";,)]|$)",
    re.IGNORECASE,
)
"""How many, behind a name: "RTX 3090, two of them"."""
_TIMES_TAKEN = regex(r"\sx$", re.IGNORECASE)
"""A sign of multiplication that was read as the end of a name ("A100 x 4": there is an A100X)."""
_TIMES_INSIDE = regex(r"(?<![^\W\d])[x×]\s?(\d{1,2})$", re.IGNORECASE)
"""How many, inside a name as a service writes it ("T4 x2")."""
_DUAL = regex(
    rf"(?:(?<![\w.,/-])(?P<n>\d{{1,4}}|{_COUNT_WORDS})\s)?\b(?:(?P<each>dual|twin|quad|octa|8-way|4-way)[\s-]"
    rf"|(?P<digit>[248])-)"
    rf"(?:{_MAKER}\s)?$",
    re.IGNORECASE,
    stems="dual;twin;quad;octa;way;2-;4-;8-",
)
"""How many each of several machines holds, said of their kind ("four quad-V100 nodes")."""
_DUAL_MACHINES = regex(
    rf"(?:(?<![\w.,/-])(?P<n>\d{{1,4}}|{_COUNT_WORDS})\s)?\b(?:(?P<each>dual|twin|quad|octa|8-way|4-way)"
    rf"|(?P<digit>[248]))[\s-]"
    rf"(?:[gt]pu|card)\s{_MACHINE}\s(?:of|in|from|with)\s(?:(?:the|a|an|our)\s)?(?:[^\W\d]\S{{0,14}}\s)?$",
    re.IGNORECASE,
    stems="gpu;tpu;card & boxes;hosts;instances;machines;node;pod;servers;stations;workstations",
)
"""The same before the device's name ("eight quad-GPU nodes of the V100 partition")."""
_PIECES_OF = {"dual": 2, "twin": 2, "quad": 4, "4-way": 4, "octa": 8, "8-way": 8}
_OF_ALL = regex(
    rf"(?<![\w.,/-])(?P<used>\d{{1,5}}|{_COUNT_WORDS})\s(?:out\s)?of\s(?:(?:the|our|its|these|those|all|a total of)\s)?"
    r"(?:[^\W\d][\w-]{1,15}\s)?$",
    re.IGNORECASE,
    stems="of",
    as_written=True,
)
"""How many of all the devices that stand there were used ("16 of our 64 A100s")."""
_USED_OF_THEM = regex(
    r"[^.;]{0,40}?\b(?:of which|of them|of these)\b[^.;\d]{0,24}\b(?:used?|ran|trained|took|needed)\s"
    r"(?:only\s|just\s)?(?P<used>\d{1,5})\b(?!\s?(?:h|hours|days|%|gb)\b)"
    r"|[^.;]{0,40}?\b(?:of which|of them|of these)\b,?\s(?:only\s|just\s)?"
    r"(?P<then>\d{1,5})\s(?:were|was)\s(?:used|needed|rented|busy)",
    re.IGNORECASE,
    stems="of which;of them;of these",
)
"""The same behind the name ("64 A100, of which we used 16")."""
_SINGLE = regex(
    r"\b(?:my|our|an?|his|her|their|the)\s(?:[\w-]+\s){0,2}(?:laptop|pc|desktop|workstation"
    r"|macbook)\s?\(\W*(?:\w+\s){0,2}$|"
    r"\b(?:single|1)\s(?:[\w-]+\s){0,2}?(?:[gt]pu|card|accelerator)s?\b[^.;]{0,50}\(\W*(?:\w+\s){0,2}$|\b(?:single"
    r"|1)\s(?:shared\s)?(?:[gt]pu)s?\s(?:of|in|on)\b[^.;]{0,40}\(\W*(?:\w+\s){0,2}$",
    re.IGNORECASE,
    stems="single;1;laptop;pc;desktop;workstation;macbook & accelerator;card;desktop;laptop;macbook;pc;pu;workstation",
)
_HOURS_BEHIND = regex(r"[\s-](?:\d{1,3}gb?[\s-])?(?:[gt]pu[\s-])?(?:hours?|hrs?|h|days?)\b", re.IGNORECASE)
_CARDS = regex(r"\s?\((\d{1,5})\s(?:gpus|cards|chips|devices|accelerators)\b", re.IGNORECASE)
_CARDS_BEHIND = regex(
    rf"[^.;]{{0,60}}?[\s(](\d{{1,5}}|{_COUNT_WORDS})\s(?:gpus|cards|chips|devices|accelerators)\b(?!\s(?:per|each"
    rf"|a)\b)",
    re.IGNORECASE,
)
"""How many of them, further behind device hours ("3,168 H100-hours on three HGX nodes (24 cards)")."""
_MACHINES_OF = regex(
    rf"(?<![\w.,])(\d{{1,4}})\s{_MACHINE}\s(?:of|with|à|de|mit|med|con|com|z|по|po)\s(\d{{1,3}})(?!\s?(?:gb|[\d.,]))\b",
    re.IGNORECASE,
    stems="boxes;hosts;instances;machines;node;pod;servers;stations;workstations",
    as_written=True,
)
"""Machines and what each holds, apart from the device's name: "four machines of eight"."""
_IN_ALL = regex(
    r"^[^.;]{0,12}[(（]\W{0,2}\d{1,4}\s?(?:pieces of\s)?(?:\w+\s){0,2}?nodes\b[^()（）]{0,30}\d",
    re.IGNORECASE,
    stems="nodes",
    as_written=True,
)
"""Behind a number of devices: how many machines hold how many of them."""


def count_of(text: str, match: Match, in_sentence: bool = False) -> int | None:
    """How many devices a text tells of: before the name, behind it, or machines times what each holds.

    Args:
        text: Plain text, or its gloss.
        match: The device's name in it.
        in_sentence: Whether it is a sentence, in which a desktop's device without a number is one.

    Returns:
        The number; None where none is told.
    """
    if match.pieces is not None:
        return match.pieces
    if (inside := _TIMES_INSIDE.search(text, match.start, match.end)) is not None:
        return int(inside.group(1))
    text = text.replace("_", " ")
    if _TIMES_TAKEN.search(text, match.start, match.end):
        match = replace(match, end=match.end - 2)
    ahead, behind = text[max(0, match.start - 120) : match.start], text[match.end : match.end + 60]
    if (kind := _DUAL.search(ahead[-48:]) or _DUAL_MACHINES.search(ahead[-60:])) is not None:
        held_each = _PIECES_OF[kind["each"].lower()] if kind["each"] else int(kind["digit"])
        return held_each * _number(kind["n"] or "1")
    if (hours := _HOURS_BEHIND.match(text, match.end)) is not None:
        cards = _CARDS.match(text, hours.end()) or _CARDS_BEHIND.match(text, hours.end())
        return _number(cards[1]) if cards else None  # "300 V100 hours" counts hours
    return _beside(text, match, ahead, behind, in_sentence)


def _number(written: str) -> int:
    written = written.lower().replace(",", "")
    return int(SMALL_NUMBERS.get(written) or written)


def _beside(text: str, match: Match, ahead: str, behind: str, in_sentence: bool) -> int | None:
    """The number before a device's name, or behind it, times that of the machines."""
    before = _COUNT_BEFORE.search(ahead[-48:])
    if before is not None:
        pieces = _number(before["count"])
        ahead = ahead[: len(ahead) - len(before.group())]
        if (used := _used_of(ahead, behind)) is not None and used < pieces:
            return used
        if pieces == 1 and (held_by := _COUNT_AFTER.match(text, match.end)) is not None and held_by["paren"]:
            return int(held_by["paren"])  # "one v5p-128 slice (64 chips)"
    elif (told := _behind(text, match.end)) is not None:
        pieces = told
    elif (held := _MACHINES_OF.search(ahead[-60:] + behind)) is not None:
        return int(held[1]) * int(held[2])
    else:
        return 1 if _SINGLE.search(ahead) or _is_one(text, match, ahead, in_sentence) else None
    return pieces if _IN_ALL.search(behind, 0, 60) else pieces * _machines(text, ahead, behind, pieces)


def _behind(text: str, end: int) -> int | None:
    """The number right behind a device's name."""
    if (them := _OF_THEM.match(text, end)) is not None:
        written = (them["n"] or them["after"] or them["last"]).lower()
        return 2 if written.endswith("pair") else _number(written)
    after = _COUNT_AFTER.match(text, end)
    return int(after["count"] or after["paren"] or after["pieces"] or after["post"]) if after else None


def _used_of(ahead: str, behind: str) -> int | None:
    """How many of the devices told of were used, where the text says so."""
    if (out_of := _OF_ALL.search(ahead[-40:])) is not None:
        return _number(out_of["used"])
    then = _USED_OF_THEM.match(behind)
    return int(then["used"] or then["then"]) if then else None


_ARTICLE = regex(
    r"(?:^|[^\w-])(?:an?|one|my|our|his|her|its|1|[^\W\d]+['’]s)\s(?:(?!of\b|or\b|and\b)[^\W\d][\w'-]{0,18}\s){0,3}$",
    re.IGNORECASE,
)
"""One device: its article or owner before it, with no number and no noun of many between."""
_THE = regex(r"\b(?:on|by|with|in) the $", re.IGNORECASE)
_SOMETIMES = regex(r"\b(?:sometimes|either|whatever|maybe|any|perhaps)\b", re.IGNORECASE)
_MANY_BEHIND = regex(
    r"s\b|(?:[\s-](?:\d{1,3}\s?gb|sxm\d?|pcie|ti|super)\b){0,2}[\s-](?:gpus|cards|cluster"
    r"|nodes?\b|machines|servers|partition|pod|instances|accelerators|fleet"
    r"|class|generation|series|family|equivalent|-)|\s?(?:/|or )",
    re.IGNORECASE,
)
_MANY_BETWEEN = regex(
    r"\b(?:node|nodes|cluster|server|machine|instance|hardware|pod|pair|set|couple|few|handful"
    r"|lot|mix|rack|of|with|multi\S*|more|different)\b",
    re.IGNORECASE,
)


_OWNED = regex(r"GeForce|Apple M\d|TITAN|Radeon RX|Intel Arc", stems="geforce;apple;titan;radeon rx;intel arc")
"""Devices of desktops and laptops, which have one where no number is told (182 of 187 on annotated cards)."""
_NUMBER_BEFORE = regex(
    r"[:：|]\W*(?:\w+\s){0,2}$|\d\W{0,3}(?!hours|days|min|weeks|epochs|h\b)(?:[^\W\d]\S{0,12}\s){0,2}$"
)


_MANY_BEFORE = regex(
    r"\b(?:nodes?|clusters?|servers?|multi\S*|several|both|each|pairs?|set|mix|rack|gpus|cards|farm|of type)\b",
    re.IGNORECASE,
)


def _is_one(text: str, match: Match, ahead: str, in_sentence: bool) -> bool:
    """Whether a device is told of in the singular ("my RTX 3060", "a rented A10G")."""
    article = _ARTICLE.search(ahead[-60:]) or _THE.search(ahead[-12:])
    bare = in_sentence and _OWNED.search(match.name) is not None and _NUMBER_BEFORE.search(ahead) is None
    return (
        (article is not None or bare)
        and _SOMETIMES.search(ahead[-24:]) is None
        and (_MANY_BETWEEN.search(article.group()) if article else _MANY_BEFORE.search(ahead[-24:])) is None
        and _MANY_BEHIND.match(text, match.end) is None
        and not text[match.start : match.end].endswith("s")
    )


def _machines(text: str, ahead: str, behind: str, pieces: int) -> int:
    """How many machines hold as many devices each; 1 where the number of devices is that of all of them."""
    times = _TIMES.search(ahead) or _NODES_TIMES.search(ahead) or _TIMES_NODES.match(behind)
    if times is not None:
        return int(times.group(1))
    each = _PER_NODE.search(behind) or _NODE_EACH.search(ahead)
    nodes = _NODES.search(ahead)
    if nodes is None and each is not None:
        nodes = _NODES_ANYWHERE.search(text)
        return int(nodes["n"]) if nodes is not None else 1
    if nodes is None:
        return 1
    return int(nodes["n"]) if each is not None or nodes["link"].strip(" ,(") else 1
