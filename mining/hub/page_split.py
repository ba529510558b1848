"""Takes a page of the listing apart that is not sound JSON as a whole, so that a bad row costs itself and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

import msgspec

Head = TypeVar("Head")

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_SCALAR = re.compile(rb'(?:"(?:[^"\\]|\\.)*+"|[^\s\[\]{},"]+)(?=\s*[,\]])', re.DOTALL)
_NEXT_ROW = re.compile(rb'\s*,\s*(?=\{\s*"(?:_id|id|modelId)"\s*:)')
_BETWEEN = re.compile(rb"[\s,]*")
_BORDER = re.compile(rb'\}\s{0,20},\s{0,20}\{\s{0,20}"(?:_id|id|modelId)"')
_MORE_BEHIND = re.compile(r"trailing characters \(byte (\d+)\)")
_CUT = "Input data was truncated"
_BLANKS = b", \t\r\n"
_TRIES = 4
_STEPS = bytes(1 if chr(code) in "[{" else 255 for code in range(256))
_NO_BRACKET = bytes(code for code in range(256) if chr(code) not in "[]{}")


def split_rows(body: bytes, decoder: msgspec.json.Decoder[Head]) -> Iterator[tuple[int, bytes, Head | None]]:
    """The rows of a page.

    Most of them are sound. They end where the next row begins, with the same key as the first; what is sound up to
    there is one row, and is read only this once. Where nothing sound is found, brackets are counted.

    Args:
        body: The page.
        decoder: Reads what is wanted of a row.

    Yields:
        Where each row begins, the row, and what was read of it; None where it cannot be read.

    Raises:
        ValueError: The page is no JSON array.
    """
    start, end = body.find(b"["), body.rfind(b"]")
    if start < 0 or end < start or body[:start].strip() or body[end + 1 :].strip():
        raise ValueError("no JSON array")
    border = _BORDER.search(body, start)
    between = border[0] if border else b"},{"
    step = between.index(b"{")
    place = _past(body, start + 1)
    while place < end:
        after = body.find(between, place, end)
        row = body[place : end if after < 0 else after + 1]
        head: Head | None
        try:
            head = decoder.decode(row)
        except (msgspec.DecodeError, RecursionError) as error:
            found = _second_try(body, place, end, between, decoder, str(error))
            row, head = found
            after = -1
        yield place, row.rstrip(_BLANKS), head
        place = after + step if after >= 0 else _past(body, place + len(row))


def outside_texts(row: bytes) -> bytes:
    """A row with its texts emptied."""
    return b'""'.join(row.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])


def steps(row: bytes) -> Sequence[int]:
    """The brackets outside texts: 1 for each that opens, -1 for each that closes."""
    return memoryview(outside_texts(row).translate(_STEPS, _NO_BRACKET)).cast("b")


def _second_try(
    body: bytes,
    place: int,
    end: int,
    between: bytes,
    decoder: msgspec.json.Decoder[Head],
    trouble: str,
) -> tuple[bytes, Head | None]:
    """The row at a place where the first try failed.

    The next row begins with another key, or this one holds rows of its own, or is bad.
    """
    if more_behind := _MORE_BEHIND.search(trouble):
        row = body[place : place + int(more_behind[1])].rstrip(_BLANKS)
        return row, _head_or_none(row, decoder)
    after = body.find(between, place, end) if trouble.startswith(_CUT) else -1
    for _ in range(_TRIES):
        after = body.find(between, after + 1, end) if after >= 0 else -1
        if after < 0:
            break
        row = body[place : after + 1]
        if (head := _head_or_none(row, decoder)) is not None:
            return row, head
    row = body[place : _row_end(body, place, end, between)]
    return row, _head_or_none(row, decoder) if trouble.startswith(_CUT) else None


def _head_or_none(row: bytes, decoder: msgspec.json.Decoder[Head]) -> Head | None:
    try:
        return decoder.decode(row)
    except (msgspec.DecodeError, RecursionError):
        return None


def _past(body: bytes, place: int) -> int:
    """The place behind blanks and commas."""
    match = _BETWEEN.match(body, place)
    return match.end() if match else place


def _row_end(body: bytes, place: int, end: int, between: bytes) -> int:
    """Where a row that is not sound ends: at the bracket that closes it, or before what looks like the next row."""
    scalar = _SCALAR.match(body, place, end + 1)
    if scalar:
        return scalar.end()
    following = body.find(between, place, end)
    brackets = steps(body[place : following + 1]) if following > 0 else b""
    if brackets and not sum(brackets) and 0 not in accumulate(brackets[:-1]):
        return following + 1
    open_brackets = bytearray()
    for token in _TOKEN.finditer(body, place, end):
        kind = body[token.start()]
        if kind in b"[{":
            open_brackets.append(kind)
        elif kind in b"]}":
            if not open_brackets or open_brackets.pop() != kind - 2:
                break
            if not open_brackets:
                return token.end()
    match = _NEXT_ROW.search(body, place, end)
    return match.start() if match else end
