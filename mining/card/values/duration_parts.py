"""Durations and energies of a part of a training, times the number of parts: epochs, folds, days."""

from __future__ import annotations

import re

from msgspec.structs import replace

from mining.card.values.context_durations import Duration, with_small_numbers
from mining.patterns import regex

__all__ = ["days_of", "is_a_day", "is_of_everything", "whole_of_parts"]

_EACH_PASS = regex(
    r"\b(\d{1,4})\s(?:epochs?|folds?|seeds|passes)\b[^.]{0,24}?\beach\b|\b(\d{1,4})\s(?:epochs?|folds?|seeds)\s?[x×*]"
    r"|\beach\b[^.]{0,12}\b(\d{1,4})\s(?:epochs?|folds?)\b",
    re.IGNORECASE,
)
_A_DAY = regex(r"(?:a|per|each|every|/)\s?(?:day|night|evening)\b|(?:each|every) ", re.IGNORECASE)
_DAYS = regex(
    r"\b(?:for|over|during|on)\s(?:about\s)?(\d{1,3})\s(?:\w+\s)?(?:days|nights|evenings|weekdays)\b"
    r"|\b(\d{1,3})\s(?:nights|days|evenings),?\s(?:at|with|of)?",
    re.IGNORECASE,
)
"""On how many days something ran for so long."""
_PART_BEFORE = regex(
    r"\b(?:each|every|per)\s(?:\w+\s)?run\b[^.;]{0,60}$|\b(?:(?:each|every|per)\s(?:\w+\s)?(?:epochs?|step|iteration"
    r"|batch|fold|seed|trial|query|image|sample)\b[^.;]{0,60}|(?:one|single|1)\s(?:\w+\s)?(?:epochs?|step|iteration"
    r"|batch|fold|seed|trial|query|image|sample)\b[^.;,]{0,60})$|\b(?:one|an?|each|every|1)\s(?:(?!(?:re"
    r"|pre-?)?train|run|fit|fine|full|complete)[\w-]+\s){1,2}"
    r"(?:needs?|takes?|requires?)\s[^.;,]{0,16}$|(?<!\d\s)(?<!\ball\s)(?<!\d\sfull\s)\bepochs?\s(?:took|takes?|lasts?|lasted|needs?|needed)\b[^."
    r";,]{0,24}$|\beach (?:taking|took|takes)\b[^.;,]{0,16}$",
    re.IGNORECASE,
    stems="epoch;each;every;per;one;single;1;need;take;require & run;epoch;step;iteration;batch;fold;seed;trial;query"
    ";image;sample;each ;need;take;require",
)
_PART_AFTER = regex(
    r"^\s?(?:per|each|/|a|every)\s?(?:(?:an?|one|1)\s)?(?:epoch|step|iteration|batch|fold|seed|trial|query|image"
    r"|sample|day|night|evening|week|month|year)\b|^\s?each\b(?! (?:node|gpu))",
    re.IGNORECASE,
    stems="epoch;step;iteration;batch;fold;seed;trial;query;image;sample;day;night;evening;week;month;year;each",
)


def whole_of_parts(said: str, duration: Duration) -> Duration | None:
    """The duration, of one part times the number of parts; None where it is of one part and their number is not told.

    Args:
        said: The gloss that the duration was read from.
        duration: One of its durations.
    """
    before, after = said[: duration.start], said[duration.end :].lstrip()
    if not (_PART_BEFORE.search(before[-100:]) or _PART_AFTER.match(after)):
        return duration
    each_day = _A_DAY.match(after) or (after.startswith("each") and _EACH_PASS.search(said) is None)
    times = (_DAYS if each_day else _EACH_PASS).search(said)
    if times is None:
        return None
    pieces = int(next(filter(None, times.groups())))
    return replace(duration, hours=duration.hours * pieces, value=duration.value * pieces)


def is_of_everything(said: str, duration: Duration) -> bool:
    """Whether a duration is called the one of the whole training ("the complete schedule lasted 252 hours").

    Args:
        said: The gloss that the duration was read from.
        duration: One of its durations.
    """
    if duration.basis == "device-hours" or _LOST.search(said):
        return False
    return (
        _WHOLE_BEFORE.search(said, max(0, duration.start - WHOLE_REACH), duration.start) is not None
        or _WHOLE_AFTER.match(said, duration.end) is not None
    )


WHOLE_REACH = 80
_LOST = regex(
    r"\b(?:lost|losing|cost (?:us|me)|down-?time|wait(?:ed|ing)|fail\w*|interrupt\w*|crash\w*|outages?|repair\w*"
    r"|idle|delay\w*|stood still)\b",
    re.IGNORECASE,
)
"""Time in which nothing was trained ("two node failures cost us a day in total")."""
_WHOLE_BEFORE = regex(
    r"\b(?:whole thing|(?:complete|entire|full|whole|overall|total)\s(?:training\s|wall[- ]clock\s)?(?:schedule"
    r"|training|run|job|duration"
    r"|time|procedure|process|pipeline|recipe)|in total|added up|adds up to|all told|altogether|all in all"
    r"|taken together"
    r"|all (?:stages|phases|steps|parts|folds|runs)(?: together)?|sums? to|total(?:s|led|ling)?)\b(?:(?!\b(?:data"
    r"|audio|speech|corpus)\b)[^.;\d]){0,40}"
    r"[~≈]?$",
    re.IGNORECASE,
    stems="whole;complete;entire;full;overall;total;added up;adds up;all told;altogether;all in all;taken together"
    ";all ;sum",
)
_WHOLE_AFTER = regex(
    r"\s?(?:in (?:total|all)\b(?! of)|altogether\b|all told\b|overall\b|from start to finish\b|end to end\b"
    r"|for everything\b|for the whole thing\b)",
    re.IGNORECASE,
    stems="in total;in all;altogether;all told;overall;from start;end to end;for everything;for the whole",
)


def is_a_day(behind: str) -> bool:
    """Whether what stands behind a value makes it one of a day ("12 kWh a day").

    Args:
        behind: The gloss behind the value.
    """
    return _A_DAY.match(behind.lstrip()) is not None


def days_of(said: str) -> int | None:
    """On how many days something went on, where a sentence says so ("for five nights").

    Args:
        said: The gloss of a sentence.
    """
    found = _DAYS.search(with_small_numbers(said))
    return int(next(filter(None, found.groups()))) if found else None
