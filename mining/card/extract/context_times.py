"""Which of the durations of a sentence is the time of the training."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from mining.card.extract.context_energy import STAGE_WORD, TOTAL
from mining.card.extract.context_roles import TRAINED, Roles
from mining.card.extract.context_statements import Statement
from mining.card.values.context_durations import Duration, read_durations
from mining.card.values.duration_parts import whole_of_parts
from mining.patterns import regex
from mining.remembered import remembered

__all__ = ["durations_told", "exact_of", "sum_of_stages"]

_LEFT_OUT = regex(
    r"\b(?:without|excluding|except|apart from|besides|not (?:counting|including)|minus)\b[^.;,]{0,24}$",
    re.IGNORECASE,
    stems="without;exclud;except;apart;besides;not ;minus",
)
"""Before a time that the training's does not hold: "without the two days in which the job waited"."""

_MATERIAL_BEFORE = regex(
    r"\b(?:data(?:sets?)?|(?:sub)?sets?|splits?|corp(?:us|ora)|speech|audio|clips?|utterances|videos?|recordings?"
    r"|interviews?)\b[^\w,;]{0,3}(?:is|are|was|were|has|have|of|with|contain(?:s|ing)?|total(?:s|led|ling)?)?\W{0,3}"
    r"(?:about|around|approximately|roughly|over|only|nearly|more than|~)?\W{0,3}$"
    r"|\b(?:contain(?:s|ing)?|consist(?:s|ing)? of|compris(?:es|ing)|made of|amount(?:s|ing)? to"
    r"|covering)\b[^.;]{0,30}$"
    r"|\b(?:noisy|labell?ed|unlabell?ed)\W{0,2}$"
    r"|\b(?:on|using|from|auf|sur|op|su|sobre|на|trên)(?:\s(?:about|around|over|approximately|roughly|nearly"
    r"|more than|only|just|the|an additional))?\s?$"
    r"|\b(?:audio|speech)\b[^.;]{0,24}$|audio\W{0,2}data\W[^.;]{0,30}$|\w:\s\w+\s\(~?$",
    re.IGNORECASE,
)

_MATERIAL_AFTER = regex(
    r"^\W{0,3}(?:of\s)?(?:train(?:ing)?|dev(?:elopment)?|test)\b(?:\s(?:set|data|split|audio|material|samples"
    r"|subset)\b|[^.;]{0,20}\d\s?h(?:ou)?rs?\b)"
    r"|^[^\w,;]{0,3}(?:of\s|d'|de\s|di\s|van\s|av\s)?(?:[^\s,;]+\s){0,2}?(?:d')?(?:spoken|transcrib\w+|labell?ed"
    r"|unlabell?ed"
    r"|pseudo|audio|speech|recordings?|dialogues?|video|footage|music|data(?:set)?\b(?!\s?cent)|corpus|broadcast)"
    r"|^\W{0,3}on (?:your|any|every|most)\b|^\W{0,3}(?:later|ago|before|old|after|news|samples|utterances)\b"
    r"|^[^.;]{0,14}\butterances|^\W{0,3}(?:墙钟|wall[\s-]?clock|time)?\s?(?:limit\b|cap\b|time-?out\b|maximum\b|上限|限制)",
    re.IGNORECASE,
    stems="limit;cap;out;maximum;上限;限制;after;ago;any;audio;before;broadcast;corpus;data;dev;dialogue;every;footage;label;"
    "later;most;music;news;old;pseudo;recording;samples;speech;spoken;test;train;"
    "transcrib;utterances;video;your",
)
"""Words beside hours of recordings: they are material, not time."""

_CALENDAR = regex(
    r"within the (?:last|next)|in the (?:last|next|past)|^\W{0,2}old\b|\bold\W{0,2}$|collected"
    r"|update[sd]?\b|expires?|deadline|response"
    r"|release[sd]?\s(?:in|after|every)|\bages?\b|forecast|horizon|^\W{0,2}ahead\b|\bt ?\+\W?$|\bnext\W{0,2}$"
    r"|\blast\W{0,2}$",
    re.IGNORECASE,
    stems="within the ;in the ;old;collected;update;expire;deadline;response;release;age;forecast;horizon;ahead;t+;t +;"
    "next;last",
)


def sum_of_stages(said: str, durations: list[Duration]) -> Duration | None:
    """The sum of durations each of which stands behind the word of its own stage; None where they are not stages."""
    if not 2 <= len(durations) <= 6 or any(one.basis == "device-hours" for one in durations):
        return None
    bounds = [0, *(one.end for one in durations)]
    words = [STAGE_WORD.findall(said[at : one.start]) for at, one in zip(bounds, durations, strict=False)]
    if not all(words) or TOTAL.search(said[bounds[-2] : durations[-1].end]):
        return None
    hours = sum(one.hours for one in durations)
    return replace(durations[0], hours=hours, low=None, high=None, value=hours, unit="h", end=durations[-1].end)


def exact_of(durations: list[Duration]) -> Duration:
    """The first duration, or a later one that says the same more exactly ("four days, 94 hours to be precise")."""
    first = durations[0]
    if not first.hours:
        return first
    near = (one for one in durations[1:] if 0.85 < one.hours / first.hours < 1.18)
    return next(
        (one for one in near if _FINER[one.unit] < _FINER[first.unit] or 0 < one.start - first.end < BRACKET), first
    )


BRACKET = 4
"""Signs between a rough duration and the exact one in brackets behind it ("six hours (6.2 h by the scheduler)")."""

_FINER = {"s": 0, "min": 1, "h": 2, "d": 3, "wk": 4, "mo": 5, "yr": 6}

_durations_in = remembered(4096)(read_durations)


def durations_told(one: Statement, roles: Roles, told: bool) -> Iterator[Duration]:
    """Durations of a sentence that may be the time of training, those of one part times the number of parts."""
    for duration in _durations_in(one.said):
        before, after = one.said[: duration.start], " " + one.said[duration.end :].lstrip()
        if roles.at(duration.start) is not None or _CALENDAR.search(before[-40:]) or _CALENDAR.search(after[:12]):
            continue
        if duration.basis != "device-hours" and (
            _MATERIAL_BEFORE.search(before[-70:].rstrip(" ~") + " ") or _MATERIAL_AFTER.search(after[:60])
        ):
            continue
        if duration.hours < SHORTEST_H and not TRAINED.search(one.said):
            continue  # "processing takes about a second"
        whole = whole_of_parts(one.said, duration)
        if whole is not None and not _LEFT_OUT.search(before[-50:]):
            yield whole


SHORTEST_H = 1 / 360
"""Hours below which a duration is of an answer, unless its sentence speaks of a training."""
