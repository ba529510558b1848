"""Context stated in sentences.

Devices, durations, energy, places and providers of the run that made the card's own model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.document import Document, Line
from mining.card.extract.context_energy import STAGE_ITEM, energies_of
from mining.card.extract.context_fields import duration_claim, name_claim
from mining.card.extract.context_grids import find_grids
from mining.card.extract.context_groups import OF_USE
from mining.card.extract.context_places import find_places
from mining.card.extract.context_providers import find_centres, find_providers, named_centres
from mining.card.extract.context_roles import TRAINED, Roles
from mining.card.extract.context_statements import LINE_CAP, Statement, claim_of, is_aside, statements
from mining.card.extract.context_times import durations_told, exact_of, sum_of_stages
from mining.card.lexicon.gloss import Locale
from mining.card.lexicon.keywords import Cue, names_device
from mining.card.values.context_values import VALUE_CAP, is_generic, read_devices, read_name
from mining.card.values.duration_parts import is_of_everything
from mining.patterns import regex
from mining.schema import Claim, Quantity
from mining.vocab.load import finder

__all__ = ["prose_claims"]

_RUN = regex(
    r"\b(?:took|takes|taken|spent|last(?:ed|s)|ran|used|using|consumed|cumulative|duration|wall[\s-]?clock|elapsed"
    r"|needed|during|billed|run-?time|spread over|epochs|steps|(?:total|final|main|whole|full|single)\s(?:run|job"
    r"|training))\b",
    re.IGNORECASE,
    stems="took;take;spent;last;ran;used;using;consumed;cumulative;duration;wall;elapsed;needed;during;billed"
    ";run;spread;epochs;steps;"
    "job;training",
)
_STAGE = regex(
    r"\W{0,6}(?:stage|phase|step|part|étape|fase|etap|этап|aşama)\s?(?:\d|[IV]{1,3}\b|one|two)|\bstage \d",
    re.IGNORECASE,
    stems="stage;phase;step;part;étape;fase;etap;этап;aşama",
)
_GENERIC = regex(
    r"\bdesktop\b|\bworkstation\b|\brig\b|[gt]pu|nvidia|tesla|geforce|accelerator|\bmac\b|macbook|apple|cpu|\bcards?\b",
    re.IGNORECASE,
    stems="gpu;tpu;nvidia;tesla;geforce;accelerator;mac;apple;cpu;card;desktop;workstation;rig",
)
_ON_A_DEVICE = regex(
    r"\b(?:on|with|using)\s{1,2}(?:(?:an?\s)?(?:an?|single|\d{1,5})[\s×x]{1,3}(?:single\s)?[tlpvahmb]\d{1,3}"
    r"|[pvah]\d{3})s?\b|\b[1-5]0[5-9]0\sti\b|^\W*\d{1,4}\s?[x×]?\s?(?:[tlpvahb]\d{1,3}|mi\d{3})s?\b"
    r"|\b(?:rented|borrowed|my|our|old|used|\w+['’]s|on (?:an?|the|one|two|1|2))\s(?:an?\s|1\s)?[1-5]0[5-9]0\b",
    re.IGNORECASE,
)
"""A short name of a device right where a training names what it ran on, or that cannot be anything else."""
_DIGIT = regex(r"\d")
_WANTED_WORDS = (
    *("gpu", "tpu", "quadro", "cluster", "cloud", "colab", "kaggle", "comput", "server", "hour", "half", "macbook"),
    *("region", "modal", "azure", "location", "machine", "partition", "workstation", "laptop", "rack", "carried out"),
    *("performed", "conducted", "took place", "office", "studio", "laborator", "datacent", "data cent"),
)
_WANTED = regex(
    r"\btitan\b|\brtx\b|\baws\b|\bgcp\b|\bplace:|\bdays?\b|\bweeks?\b|\bminutes?\b|\bmonths?\b"
    r"|\bsite\b|\btrain(?:ed|ing)\b[^.;]{0,40}?\b(?:in|at|on)\b|\b(?:run|ran) on\b|\bhappened\b|\bcolo\b|\bplace of\b",
    re.IGNORECASE,
    stems="titan;rtx;aws;gcp;place:;day;week;minute;month;site;train;run on;ran on;happened;colo;place of",
)
"""Without any of these, and without a number, an English sentence states no context."""
_RUNS = regex(
    r"\bruns\b|\brun\s(?:on|with|in|at)\b|\bworks?\s(?:on|with)\b|tokens?\s?/|\bfps\b|\bms\b",
    re.IGNORECASE,
    stems="run;work;token;fps;ms",
)
"""In the present it is the model's use that runs somewhere."""
_OF_OURS = regex(
    r"\b(?:we|our|i|my|us|on|with|using|used|by|had|was|were)\b|^\W*[^.:]{0,30}:|^\W{0,3}\S{1,20}\s\S{1,10}\s"
    r"|\d\s?[x×]\s?\w",
    re.IGNORECASE,
)
STATEMENTS_CAP = 800
_SPENT = regex(r"\d\s?[km]wh\b|\d\s?(?:k?g|t|kilograms?|grams?)\s?(?:of\s)?co2", re.IGNORECASE, stems="wh;co2")
_CALCULATOR: tuple[tuple[Quantity, re.Pattern[str]], ...] = (
    ("region", regex(r"in region (?P<name>[^,.;]{2,40}),? which has a carbon efficiency", re.IGNORECASE)),
    (
        "provider",
        regex(r"us(?:ing|ed) (?P<name>[^,.;]{2,40}?)(?: in region|,? which has a carbon efficiency)", re.IGNORECASE),
    ),
)
"""The paragraph that the ML impact calculator hands out."""
_PLACE_BEHIND = regex(r"co2\w{0,3}\s{0,2}\((?P<region>[^\W\d][^()]{2,40})\)\W*$", re.IGNORECASE)


_OF_RECORDINGS = regex(
    r"\bcorp(?:us|ora)\b|\bdatasets?\b|\baudio\b|\bspeech\b|\brecordings?\b|\bsplits?\b",
    re.IGNORECASE,
    stems="audio;corp;dataset;recording;speech;split",
)
"""Sections in which hours are material."""


class _Before(Struct, frozen=True):
    """What the sentence before leaves: whether it spoke of a training, its roles, and the machines it told of."""

    trained: bool
    roles: Roles | None
    nodes: int
    devices: bool


_TEMPLATE = regex(
    r"\W*(?:fine-?tuned from|developed by|funded by|shared by|model type|languages?\b|licen[cs]e"
    r"|repository|paper|demo|datasets?)\b[^:.]{0,24}:",
    re.IGNORECASE,
    stems="dataset;demo;developed by;funded by;language;licen;model type;paper;repository;shared by;tuned from & :",
)
"""Fields of a card's template that are about something else."""
_SHORT_TIME = regex(r"\d\s?(?:h|hrs?|min)\b")
SHORT = 160
"""Characters of a sentence beside which the device of the sentence before still speaks."""
_START = _Before(False, None, 1, False)


_ONLY_A_NAME = regex(r"\W{0,4}[A-Z][\w-]+(?:,? [A-Z][\w.-]+){0,3}\.?\W{0,3}")
"""A fragment of a few names ("Texas.", "Kharkiv, Ukraine")."""


def _is_wanted(said: str) -> bool:
    if _DIGIT.search(said) is not None or any(map(said.lower().__contains__, _WANTED_WORDS)):
        return True
    is_told = _WANTED.search(said) or _ONLY_A_NAME.fullmatch(said)
    return is_told is not None or finder("provider").may_hold(said)


def prose_claims(card: Document, locale: Locale, own: frozenset[str]) -> Iterator[Claim]:
    """Context claims of the sentences of a body, tools and training types apart.

    Args:
        card: A parsed card.
        locale: Of the card.
        own: Words of the names of its model.

    Yields:
        Claims with standard names.
    """
    before = _START
    beside = _beside_amounts(card)
    cues = -1 if locale.languages else Cue.DEVICE | Cue.TIME | Cue.MACHINE | Cue.ENERGY | Cue.TRAINING
    for told in islice(statements(card, cues, locale, _is_wanted), STATEMENTS_CAP):
        one = replace(told, near=True) if told.line.number in beside else told
        before = _START if one.first else before
        trains = TRAINED.search(one.said) is not None
        roles = Roles(one.said, own, before.roles)
        if one.wanted and not _TEMPLATE.match(one.said):
            yield from _of_sentence(one, roles, trains, before, locale.languages)
        found = names_device(one.said.lower()) or (before.devices and len(one.said) <= SHORT)
        before = _Before(trains or (before.trained and one.wanted), roles, _nodes_in(one.said), found)
    for line, _ in card.lines_with(Cue.CALCULATOR):
        if line.kind == "text":
            yield from _calculator(line, line.plain[:LINE_CAP])


def _beside_amounts(card: Document) -> set[int]:
    """Lines of the lists one item of which states energy or emissions: the others tell of the same training."""
    found: set[int] = set()
    for line, _ in card.lines_with(Cue.ENERGY | Cue.EMISSION):
        if line.number in found or not _ITEM.match(line.text) or not _SPENT.search(line.plain):
            continue
        items = {line.number}
        for step in (-1, 1):
            at = line.number + step
            while 0 < at <= len(card.lines) and len(items) < LONGEST_LIST and _ITEM.match(card.line(at).text):
                items.add(at)
                at += step
        found |= items if not any(OF_USE.search(card.line(at).plain) for at in items) else set()
    return found


_ITEM = regex(r"\s{0,8}(?:[-*+•‣–]\s|\(?(?:\d{1,3}|[a-z])[.)]\s)")
LONGEST_LIST = 12


def _of_sentence(
    one: Statement, roles: Roles, trains: bool, before: _Before, languages: tuple[str, ...]
) -> Iterator[Claim]:
    told = (
        trains
        or before.trained
        or one.near
        or _SPENT.search(one.said) is not None
        or _STAGES_RAN.search(one.said) is not None
    )
    timed = bool(languages) or one.cues & (Cue.TIME | Cue.DEVICE) or _SHORT_TIME.search(one.said)
    durations = list(durations_told(one, roles, told)) if timed else []
    devices = list(_devices(one, roles, told, bool(durations), before.nodes))
    durations = [] if durations and not devices and _OF_RECORDINGS.search(one.line.section or "") else durations
    yield from devices
    if durations and (
        told
        or devices
        or before.devices
        or any(duration.basis == "device-hours" for duration in durations)
        or _RUN.search(one.said)
    ):
        clocks = [duration for duration in durations if duration.basis != "device-hours"]
        whole = next((duration for duration in clocks or durations if is_of_everything(one.said, duration)), None)
        best = whole or sum_of_stages(one.said, clocks) or exact_of(clocks or durations)
        marks = ("total",) if whole else ("stage",) if _is_stage(one) else ()
        yield duration_claim(best, claim_of("duration", one), (*marks, "beside") if devices else marks)
    yield from energies_of(one, roles)
    yield from _places_and_hosts(one, roles, told, bool(devices or durations), languages)


_STAGES_RAN = regex(
    r"\b(?:all|the|both|these)\s(?:[\w-]+\s)?(?:stages|phases|steps|runs)\b[^.;]{0,60}\b(?:ran|run|were|was|took|used"
    r"|occupied)\b",
    re.IGNORECASE,
    stems="stages;phases;steps;runs",
)
"""Stages of a training that something is told of ("all four stages were run on 512 H100")."""


def _is_stage(one: Statement) -> bool:
    """Whether a sentence states one of several stages: it begins with the word, or stands in a numbered list."""
    return _STAGE.match(one.said) is not None or (
        STAGE_ITEM.match(one.line.text) is not None and _SPENT.search(one.said) is not None
    )


def _places_and_hosts(
    one: Statement, roles: Roles, told: bool, used: bool, languages: tuple[str, ...]
) -> Iterator[Claim]:
    places = [
        name
        for name, start in find_places(one.said, languages, told or used)
        if roles.at(start) is None and not roles.is_own_name(start)
    ]
    for name in places:
        yield replace(claim_of("region", one), label=name)
    for name in find_grids(one.said) if not places else ():
        yield replace(claim_of("region", one), label=name, flags=("prose", "aside"))
    hosts = [*find_providers(one.said, told or used, used)]
    if not hosts and languages and (told or used):
        hosts = [*named_centres(one.text)]
    for name, start in hosts or (find_centres(one.said) if told or used else ()):
        if roles.at(start) is None:
            yield replace(claim_of("provider", one), label=name)


def _devices(one: Statement, roles: Roles, told: bool, timed: bool, nodes: int) -> Iterator[Claim]:
    if not finder("hardware").may_hold(one.said[:VALUE_CAP]):
        return
    weak = told or timed or _GENERIC.search(one.said) is not None or _ON_A_DEVICE.search(one.said) is not None
    found = read_devices(one.said, weak, in_sentence=True)
    sure = told or timed or (any(device.pieces for device in found) and _RUN.search(one.said) is not None)
    if not sure and (_RUNS.search(one.said) or not _OF_OURS.search(one.said) or is_aside(one.line.section)):
        return
    sure = sure and (_AN_ANSWER.search(one.said) is None or TRAINED.search(one.said) is not None)
    base = claim_of("hardware", one)
    base = base if sure else replace(base, flags=("prose", "aside"))
    for device in found:
        if device.name and not is_generic(device.name) and roles.at(device.start) is None:
            pieces = device.pieces and device.pieces * (nodes if _EACH_NODE.search(one.said[: device.end]) else 1)
            claim = replace(base, label=device.name, count=pieces)
            yield from (claim,) if sure else _on_its_line(claim, one)


_AN_ANSWER = regex(
    r"\b(?:takes?|needs?|requires?|in|within|about|around)\s(?:(?:about|around|some|only|just|roughly)\s)?~?\d[\d.,]*\s?(?:ms|milliseconds?|seconds?|sec|s)\s"
    r"(?:each\s|apiece\s)?(?:on|with)\s(?:an?|one|1|my|our|the|a single)\s",
    re.IGNORECASE,
    stems="on;with",
)
"""How long one answer takes on a device ("one member needs eleven seconds on an L4")."""


def _on_its_line(claim: Claim, one: Statement) -> Iterator[Claim]:
    """A claim of a device at the one line of a wrapped sentence that names it."""
    for number, piece in enumerate(one.text.split("\n"), one.line.number):
        if piece.lstrip().startswith(("<t", "|")):
            continue  # a row; its table is read by its columns
        if any(device.name == claim.label for device in read_devices(piece, True)):
            yield replace(claim, text=piece.strip(), line=number, where=f"card:{one.line.section or ''}:{number}")
            return


_NODES_TOLD = regex(
    r"(?<![\w.,])(\d{1,4})\s(?:\w+\s)?nodes?\b(?![^.]{0,60}\b(?:each|per)\b)", re.IGNORECASE, stems="node"
)
_EACH_NODE = regex(
    r"^(?!.*\d\s(?:\w+\s)?nodes).*\b(?:each|every|per|1)\s(?:\w+\s)?nodes?\b",
    re.IGNORECASE,
    stems="node",
    as_written=True,
)


def _nodes_in(said: str) -> int:
    """How many machines a sentence tells of that says nothing of what each holds; 1 where none."""
    found = _NODES_TOLD.search(said)
    return int(found[1]) if found else 1


def _calculator(line: Line, plain: str) -> Iterator[Claim]:
    for quantity, pattern in _CALCULATOR if "carbon efficiency" in plain else ():
        match = pattern.search(plain)
        if match is not None:
            text = line.text[match.start() : match.end()]
            yield name_claim(quantity, match["name"].removeprefix("a ").strip(), text, line, "training-run", ("prose",))
    behind = _PLACE_BEHIND.search(plain[-120:]) if plain.rstrip().endswith(")") else None
    if behind is not None and read_name("region", behind["region"]).name is not None:
        yield name_claim("region", behind["region"], line.text.strip(), line, "training-run", ("prose",))
