"""The plain part of YAML, read fast: nested block mappings and lists of plain words and numbers.

Anything else is left to the loader.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import Struct

from mining.patterns import regex

_LINE = regex(r"( *)((?:- +)*)(?:([A-Za-z_][\w .-]*?):(?: +|$))?(.*)$")
_WORD = regex(r"(?!(?:null|Null|NULL)$)[^\W\d_](?:[\w ./+()%-]*[\w+)%])?")
_KEY = regex(r"[A-Za-z_][\w-]*")
_INT = regex(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = regex(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]{1,3})?")
_QUOTED = regex(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_SPREAD = regex(r"-?[0-9]+(?:\.[0-9]+)? \+/- [0-9]+(?:\.[0-9]+)?")
DEPTH_CAP = 12
UNKNOWN = object()


class _Event(Struct, frozen=True, gc=False):
    """One thing of a line: a list item (`key` is None) or a key, at its column; `value` UNKNOWN: it follows below."""

    column: int
    is_item: bool
    key: str | None
    value: Any


def read_plain(lines: list[str], *, as_text: bool = False) -> Any:
    """Read a block.

    Args:
        lines: Lines of the block, its key first.
        as_text: Whether numbers stay the text that was written.

    Returns:
        The mapping, as the loader would give it (words that look like booleans stay words), or UNKNOWN where it takes
        the loader.
    """
    if len(lines) > 1 and all(line.startswith("- ") for line in lines[1:]):
        words = [line[2:].strip() for line in lines[1:]]
        key, colon, rest = lines[0].partition(":")
        if colon and not rest.strip() and _KEY.fullmatch(key) and all(map(_WORD.fullmatch, words)):
            return {key: words}
    events: list[_Event] = []
    for line in lines:
        if line and not line.isspace():
            found = (_events_of if len(line) > SHORT else _kept_events)(line, as_text)
            if found is None:
                return UNKNOWN
            events += found
    if not events:
        return UNKNOWN
    value, end = _build(events, 0, 0, "" if as_text else None)
    return value if end == len(events) else UNKNOWN


def _events_of(line: str, as_text: bool) -> tuple[_Event, ...] | None:
    """What a line holds, in order; None where it takes the loader."""
    match = _LINE.match(line)
    if match is None:
        return None
    indent, dashes, key, rest = match.groups()
    key = key.strip() if key else key
    column = len(indent)
    rest = rest.strip()
    value = UNKNOWN if not rest else _text(rest) if as_text else _scalar(rest)
    if (rest and value is UNKNOWN) or (key is None and not dashes):
        return None
    events: list[_Event] = []
    blanks = dashes.split("-")[1:] if dashes else []
    for number, piece in enumerate(blanks, 1):
        is_valued = key is None and rest and number == len(blanks)
        events.append(_Event(column, True, None, value if is_valued else UNKNOWN))
        column += 1 + len(piece)
    if key is not None:
        events.append(_Event(column, False, key, value))
    return tuple(events)


SHORT = 80
"""Characters of a line that is remembered: most lines of metadata are those of many cards."""
_kept_events = lru_cache(maxsize=16_384)(_events_of)


def _scalar(text: str) -> Any:
    if _WORD.fullmatch(text):
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if text in {"[]", "{}"}:
        return [] if text == "[]" else {}
    if _SPREAD.fullmatch(text):
        return text
    quoted = _QUOTED.fullmatch(text)
    return UNKNOWN if quoted is None else quoted.group(1) if quoted.group(1) is not None else quoted.group(2)


def _text(text: str) -> Any:
    """A scalar as it was written, without the quotes around it."""
    value = _scalar(text)
    return value if value is UNKNOWN or isinstance(value, str | list | dict) else text


def _build(events: list[_Event], at: int, depth: int, nothing: Any) -> tuple[Any, int]:
    """Build the node that begins at an event; the end is -1 where the shape is not plain."""
    if depth > DEPTH_CAP:
        return UNKNOWN, -1
    column, is_item = events[at].column, events[at].is_item
    node: Any = [] if is_item else {}
    while at < len(events) and events[at].column == column and events[at].is_item == is_item:
        event = events[at]
        at += 1
        value = event.value
        if type(value) is list or type(value) is dict:
            value = type(value)()  # an empty one, for this card alone
        elif value is UNKNOWN:
            value = nothing
            if at < len(events) and _is_below(events[at], event):
                value, at = _build(events, at, depth + 1, nothing)
                if at < 0:
                    return UNKNOWN, -1
        if is_item:
            node.append(value)
        else:
            node[event.key] = value
    if at < len(events) and events[at].column > column:
        return UNKNOWN, -1
    return node, at


def _is_below(event: _Event, parent: _Event) -> bool:
    if event.column > parent.column:
        return True
    return event.is_item and not parent.is_item and event.column == parent.column
