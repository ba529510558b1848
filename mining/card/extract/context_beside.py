"""Places and hosts that stand in a value for something else, behind a device or in brackets."""

from __future__ import annotations

import re

from mining.card.values.context_values import is_name
from mining.patterns import regex
from mining.remembered import remembered
from mining.vocab.finder import Match
from mining.vocab.gazetteer import find_named_places
from mining.vocab.load import finder, vocabulary

__all__ = ["host_in", "may_be_place", "place_behind", "place_in"]

_PLACE_NAME = regex(
    r"(?:[^\W\d_a-z][\w'’-]{1,24}|de|la|of|am|an der|sur|upon)(?:[\s,]{1,2}(?:[^\W\d_a-z][\w'’-]{1,24}|de|la|of|am"
    r"|sur)){0,4}"
)
_NO_PLACE_NAME = regex(
    r"your|city|state\b|country|datacent|data cent|cloud|renewable|carbon|local|server|home|office|cluster",
    re.IGNORECASE,
)


def may_be_place(value: str) -> bool:
    """Whether a value in no list may be the name of a place: words with capitals, or two signs without blanks."""
    if not value.isascii() and value.isalpha() and 1 < len(value) < 12:
        return True
    return _PLACE_NAME.fullmatch(value) is not None and not _NO_PLACE_NAME.search(value) and is_name(value)


_MAKERS = frozenset(
    {
        "nvidia",
        "google",
        "amazon",
        "apple",
        "huawei",
        "intel",
        "lightning",
        "alibaba",
        "meta",
        "microsoft",
        "ibm",
        "vega",
        "together",
        "vast",
        "modal",
        "hf",
    }
)


def place_behind(value: str) -> Match | None:
    """The city that stands last in a value, behind a comma.

    Args:
        value: Plain text.
    """
    *_, comma, last = (
        re.split(r"([,،、，]\s?)", value)
        if (_PLAIN_COMMA if value.isascii() else _COMMA).search(value)
        else ("", "", value)
    )
    last = last.strip(" .)）")
    found = find_named_places(last) if comma and len(last) < 40 else []
    if not found or found[0].end != len(last) or (found[0].weak and found[0].start == 0):
        return None
    return found[0] if found[0].start == 0 or _SITE_OF.fullmatch(last[: found[0].start]) else None


_COMMA = regex(r"[,،、，]\s?(?=\D)")
_PLAIN_COMMA = regex(r",\s?(?=\D)")
_SITE_OF = regex(
    r"(?:[^\W\d_]{2,16}\s){0,2}(?:in|at|of|de|du|d'|à|en|di|a|da|do|em|van|te|von|i|w|v|u|в|у)\s?", re.IGNORECASE
)
"""What stands before the place of a data centre, behind the device ("mésocentre de Toulouse")."""


def _is_host(name: str) -> bool:
    return vocabulary("provider").attributes(name)["kind"] != "private"


def _is_place_beside(value: str, match: Match) -> bool:
    """Whether a place in a field for something else is one: a cloud's code, or a place in brackets or at the end."""
    if vocabulary("region").attributes(match.name)["kind"] == "cloud-region":
        return any(map(str.isdigit, value[match.start : match.end]))
    before = value[: match.start].rstrip()
    return match.name != "World" and (before[-1:] in "(," or before.endswith((" in", " at"))) and bool(before)


@remembered(4096)
def find_hosts(text: str) -> tuple[Match, ...]:
    """Providers that a text names; short names that are also other words ("NSC", "JADE") in capitals only.

    Args:
        text: Plain text or its gloss.
    """
    return tuple(
        one for one in finder("provider").find(text, weak=True) if not one.weak or text[one.start : one.end].isupper()
    )


def host_in(value: str) -> str | None:
    """The provider whose machines a value names.

    Args:
        value: Plain text.
    """
    named = next((one for one in find_hosts(value) if _is_host(one.name)), None)
    return None if named is None or value[named.start : named.end].lower() in _MAKERS else named.name


def place_in(value: str) -> str | None:
    """The place that a value for something else names.

    Args:
        value: Plain text.
    """
    coded = next((one for one in finder("region").find(value) if _is_place_beside(value, one)), None)
    coded = coded or place_behind(value) or _in_brackets(value)
    return None if coded is None else coded.name


def _in_brackets(value: str) -> Match | None:
    """The last of the places that stand in brackets at the end of a value ("ABCI（千葉県柏市）")."""
    inside = _BRACKETS.search(value)
    if inside is None:
        return None
    hosts = find_hosts(inside[1])  # "(परम सिद्धि)" is a machine, not the city of Perm
    named = [
        one
        for one in find_named_places(inside[1])
        if not one.weak and all(one.end <= other.start or one.start >= other.end for other in hosts)
    ]
    return named[-1] if named else None


_BRACKETS = regex(r"[(（]([^()（）]{2,40})[)）]\W*$")
