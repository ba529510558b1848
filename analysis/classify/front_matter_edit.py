"""One key of a card's front matter is added or replaced, and every other byte stays.

A real YAML loader reads the metadata before and after: both must be a mapping, equal but for the one key. Where that
cannot be, the card is left alone with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mining.card.document.front_matter import FrontMatter, find_front_matter, is_dangerous
from mining.errors import CheckFailedError, UsageError
from mining.patterns import regex

KEY = "co2_eq_emissions"
FENCE = "---"
BOM = "\ufeff"
LARGE = 60_000
"""Characters from which on the loader in C is used: the same language, a hundred times as fast."""
_OUR_KEY = regex(rf"[\"']?{KEY}[\"']?\s*:")
_EMISSIONS_LINE = regex(r"((\s*)(?:-\s+)?[\"']?emissions[\"']?\s*:)(?=\s|$).*", re.DOTALL)
_KEY_LINE = regex(r"\s*(?:-\s+)?[\"']?\w+[\"']?\s*:(?:\s|$)")
_ITEM = regex(r"-\s+(?:[\"']?\w+[\"']?\s*:(?:\s|$)|[\d.~\"'{])")
_FLOW_NUMBER = regex(r"([{,]\s*[\"']?emissions[\"']?\s*:\s*)[^,{}\[\]\"'#]+?(\s*[,}])")
_LONE_RETURN = regex(r"\r(?!\n)")
_LEFT_ALONE = "; nothing was written. The block to add is:\n"
_PLACES = {
    "misplaced": "the metadata do not begin in the first line",
    "fenced": "the metadata stand in a code fence",
    "unclosed": "the metadata are never closed",
    "twice": "the metadata begin twice",
}


def with_block(card: bytes, block: str) -> bytes:
    """The card with the block in its front matter; every other byte as it was.

    Args:
        card: The card, UTF-8, with or without byte-order mark, with either kind of line end.
        block: YAML lines of the one key.

    Returns:
        The new card. An existing mapping keeps its other keys: only its ``emissions`` is replaced.

    Raises:
        UsageError: The card is not UTF-8.
        CheckFailedError: The metadata are no mapping, stand in an odd place, or would not be equal afterwards.
    """
    try:
        text = card.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"the card is not UTF-8 (byte {error.start}); nothing was written") from error
    mark, text = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    before, body = parts_of(text, block)
    ending = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    ours = [line + ("\r" if ending == "\r\n" else "") for line in block.rstrip("\n").split("\n")]
    after_text = "\n".join(_placed(text.split("\n"), ours, ending))
    try:
        after, after_body = parts_of(after_text, block)
    except CheckFailedError:
        raise _refused(
            "the metadata are written in a form that no line can be added to (JSON, or indented)", block
        ) from None
    if not _equal_but_for_ours(before, after) or body != after_body:
        raise _refused("the metadata would not be the same afterwards", block)
    return (mark + after_text).encode("utf-8")


def parts_of(text: str, block: str = "") -> tuple[dict[Any, Any], str]:
    """Metadata of a card as a real YAML loader reads them, and the text behind them.

    Args:
        text: The card without byte-order mark.
        block: What was to be added, for the message.

    Raises:
        CheckFailedError: The metadata are no mapping, or stand in a place where the Hub does not read them.
    """
    front = _front(text)
    if front.status == "absent" and text.startswith(FENCE) and text[3:4] in {"\r", "\n"}:
        raise _refused(_PLACES["unclosed"], block)
    if front.status == "absent":
        if "\r" in text and "\n" not in text:
            raise _refused("its lines end in carriage returns only", block)
        return {}, text
    if front.status in _PLACES:
        raise _refused(_PLACES[front.status], block)
    lines = text.split("\n")
    inside = "".join(f"{line}\n" for line in lines[front.first_line : front.last_line - 1])
    if _LONE_RETURN.search(inside):
        raise _refused("lines of the metadata end in carriage returns only", block)
    return _loaded(inside, block), "\n".join(lines[front.last_line :])


def _front(text: str) -> FrontMatter:
    return find_front_matter([line.rstrip("\r") for line in text.split("\n")])


def _refused(reason: str, block: str) -> CheckFailedError:
    return CheckFailedError(f"{reason}{_LEFT_ALONE}{block}" if block else f"{reason}; nothing was written")


def _loaded(text: str, block: str) -> dict[Any, Any]:
    """The metadata as a mapping."""
    import yaml

    danger = is_dangerous(text)
    if danger is not None:
        raise _refused(f"the metadata are not read, since they hold {DANGERS[danger]}", block)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if len(text) > LARGE else yaml.SafeLoader
    try:
        value = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, either of them
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError, AttributeError):
        raise _refused("the metadata are not valid YAML", block) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _refused("the metadata are not a mapping of keys to values", block)
    return value


DANGERS = {"anchors": "anchors, merge keys or tags", "too-deep": "brackets that are nested too deeply"}
"""What :func:`mining.card.document.front_matter.is_dangerous` finds, in words."""


def _equal_but_for_ours(before: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Whether two mappings say the same in the same order, apart from our key, which the second has."""
    kept = [[(repr(key), repr(value)) for key, value in mapping.items() if key != KEY] for mapping in (before, after)]
    return KEY in after and kept[0] == kept[1]


def _placed(lines: list[str], ours: list[str], ending: str) -> list[str]:
    """The lines with ours in their place."""
    front = find_front_matter([line.rstrip("\r") for line in lines])
    if front.status == "absent":
        fence = FENCE + ending.removesuffix("\n")
        return [fence, *ours, fence, *lines]
    start, end = _our_block(lines, front)
    if start is None:
        at = front.body_line - 1 if front.status == "empty" else front.last_line - 1
        return lines[:at] + ours + lines[at:]
    return lines[:start] + _replaced(lines[start:end], ours) + lines[end:]


def _our_block(lines: Sequence[str], front: FrontMatter) -> tuple[int | None, int]:
    """First line of an existing block and the line behind it, counted from 0; (None, 0) where there is none."""
    last = front.last_line - 1
    for at in range(front.body_line - 1, last):
        if _OUR_KEY.match(lines[at]):
            end = at + 1
            while end < last and _goes_on(lines[end]):
                end += 1
            while end > at + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
                end -= 1
            return at, end
    return None, 0


def _goes_on(line: str) -> bool:
    """Whether a block may go on over this line; a Markdown heading or bullet is never part of it."""
    return not line.strip() or (line[0] in " \t#" and not line.startswith("##")) or _ITEM.match(line) is not None


def _replaced(old: list[str], ours: list[str]) -> list[str]:
    """An existing block mended: only its number where it is a mapping with emissions, the whole block otherwise."""
    number = next(match[0][match.end(1) :] for line in ours if (match := _EMISSIONS_LINE.match(line)))
    for at, line in enumerate(old[1:], start=1):
        match = _EMISSIONS_LINE.match(line)
        if match:
            return [*old[:at], f"{match[1]}{number}", *old[_end_of_value(old, at, len(match[2])) :]]
    flow = "\n".join(old)
    mended, count = _FLOW_NUMBER.subn(lambda match: f"{match[1]}{number.strip()}{match[2]}", flow)
    return mended.split("\n") if count == 1 and "#" not in flow else ours


def _end_of_value(lines: Sequence[str], at: int, indent: int) -> int:
    """Line behind a value that may go on over deeper lines."""
    end = at + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip(" ")) > indent:
        if _KEY_LINE.match(lines[end]):
            break
        end += 1
    return end
