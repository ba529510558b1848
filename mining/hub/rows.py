"""The rows of a page, judged one by one.

Kept as received, repaired where that is harmless, or set aside with the reason. A page that is sound is taken apart in
one pass. Only where that fails are its rows looked for singly, so that one bad row costs itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec
from msgspec import Raw, Struct

from mining.fields import RowFailure
from mining.hub.answers import as_text
from mining.schema import Envelope

TOO_DEEP: RowFailure = "row-too-deep"
NO_OBJECT: RowFailure = "row-not-an-object"
NO_ID: RowFailure = "row-without-id"
NOT_JSON: RowFailure = "row-not-json"
NO_FINITE_NUMBER: RowFailure = "row-with-nan"
TOO_LARGE_NUMBER: RowFailure = "row-beyond-64-bits"
MAX_DEPTH = 200
_KEPT_BYTES = 4096

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_NEXT_ROW = re.compile(rb'\s*,\s*(?=\{\s*"(?:_id|id|modelId)"\s*:)')
_BETWEEN = re.compile(rb"[\s,]*")
_FIRST_KEY = re.compile(rb'(\{\s*"[A-Za-z_]{1,20}")')
_TRIES = 4
_LONE = re.compile(r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_WIDE = re.compile(rb"[:,\[]\s*-?\d{19}")
_NAME = re.compile(rb'"(?:id|modelId)"\s*:\s*"([\x21\x23-\x5b\x5d-\x7e]{1,200})"')
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


class RowHead(Struct):
    """What the crawler itself reads of a row; everything else is kept as received."""

    id: str
    key: str | None = msgspec.field(name="_id", default=None)


class BadRowError(ValueError):
    """A row that is set aside; the message is the reason."""


def rows_of(body: bytes) -> list[bytes]:
    """The rows of a page as they stand in it.

    Raises:
        ValueError: The page is no JSON array.
    """
    try:
        return [bytes(row) for row in msgspec.json.decode(body, type=list[Raw])]
    except (msgspec.ValidationError, RecursionError, msgspec.DecodeError):
        return list(_found_rows(body))


def envelope_of(row: bytes, address: str) -> Envelope:
    """A row as an envelope: a model, or a failure with the reason why the row was set aside."""
    try:
        if _WIDE.search(row) and _has_wide_number(row):
            raise BadRowError(TOO_LARGE_NUMBER)
        head, body = msgspec.json.decode(row, type=RowHead), row.decode("utf-8")
        if not head.id:
            raise BadRowError(NO_ID)
        return Envelope(kind="model", id=head.id, key=head.key, address=address, body=body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _second_look(row, address)
    except BadRowError as error:
        return _set_aside(row, address, str(error))


def readable(row: bytes) -> tuple[RowHead, str, str]:
    """A row that needs a repair.

    Returns:
        Its head, its text as JSON, and what was repaired.

    Raises:
        BadRowError: It cannot be repaired.
    """
    if _depth(row) > MAX_DEPTH:
        raise BadRowError(TOO_DEEP)
    if _has_wide_number(row):
        raise BadRowError(TOO_LARGE_NUMBER)
    text, repairs = _as_utf8(row)
    try:
        value = _lenient.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise BadRowError(NOT_JSON) from None
    if not isinstance(value, dict):
        raise BadRowError(NO_OBJECT)
    repairs += _name_as_text(value)
    whole = sound_json(value)
    if "\\ufffd" in whole:
        repairs.append("lone-surrogate")
    try:
        head = msgspec.json.decode(whole, type=RowHead)
    except msgspec.DecodeError:
        raise BadRowError(NO_FINITE_NUMBER if "Infinity" in whole else NOT_JSON) from None
    return head, whole, " ".join(repairs) or "control-character"


def sound_json(value: Any) -> str:
    """A value as JSON in ASCII; a lone half of a surrogate pair becomes U+FFFD."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return _LONE.sub(lambda match: match[1] or "\\ufffd", written)


def _second_look(row: bytes, address: str) -> Envelope:
    """What is left to be done for a row that is not plain."""
    try:
        head, body, repaired = readable(row)
    except BadRowError as error:
        return _set_aside(row, address, str(error))
    return Envelope(kind="model", id=head.id, key=head.key, address=address, body=body, repaired=repaired)


def _set_aside(row: bytes, address: str, reason: str) -> Envelope:
    name = _NAME.search(row)
    body, encoding = as_text(row[:_KEPT_BYTES])
    known = name[1].decode("ascii") if name else ""
    return Envelope(kind="failure", id=known, address=address, failure=reason, body=body, encoding=encoding)


def _name_as_text(value: dict[str, Any]) -> list[str]:
    """Put name and key of a row right: ``modelId`` is a name too, and a number stands for its digits.

    Raises:
        BadRowError: The row has no name.
    """
    repairs = []
    for name in ("id", "modelId", "_id"):
        if isinstance(value.get(name), int) and not isinstance(value[name], bool):
            value[name] = str(value[name])
            repairs.append(f"numeric-{name.strip('_')}")
    if not isinstance(value.get("id"), str) or not value["id"]:
        value["id"] = value.get("modelId")
        repairs.append("name-from-modelId")
    if not isinstance(value["id"], str) or not value["id"]:
        raise BadRowError(NO_ID)
    if not isinstance(value.get("_id"), str | None):
        del value["_id"]
        repairs.append("key-dropped")
    return repairs


def _as_utf8(row: bytes) -> tuple[str, list[str]]:
    """Text of a row; bytes that are no UTF-8 are taken for Latin-1."""
    try:
        return row.decode("utf-8"), []
    except UnicodeDecodeError:
        text = row.decode("utf-8", "surrogateescape")
        return re.sub("[\udc80-\udcff]", lambda match: chr(ord(match[0]) - 0xDC00), text), ["latin-1"]


def _no_number(_: str) -> NoReturn:
    raise BadRowError(NO_FINITE_NUMBER)


_lenient = json.JSONDecoder(strict=False, parse_constant=_no_number)


def _found_rows(body: bytes) -> Iterator[bytes]:
    """Rows of a page that is not sound JSON as a whole.

    Most of its rows are sound. They end where the next row begins, with the same key as the first; what is sound JSON
    up to there is one row. Only where nothing sound is found are brackets counted.
    """
    start, end = body.find(b"["), body.rfind(b"]")
    if start < 0 or end < start or body[:start].strip() or body[end + 1 :].strip():
        raise ValueError("no JSON array")
    first = _FIRST_KEY.search(body, start)
    ends = [match.start() for match in re.finditer(rb",\s*(?=" + re.escape(first[1]) + rb")", body)] if first else []
    ends.append(end)
    place, number = _past(body, start + 1), 0
    while place < end:
        while ends[number] < place:
            number += 1
        after = next((one for one in ends[number : number + _TRIES] if _is_sound(body[place:one])), None)
        if after is None:
            after = _row_end(body, place, end)
        yield body[place:after].rstrip()
        place = _past(body, after)


def _is_sound(row: bytes) -> bool:
    """Whether these bytes are one JSON value."""
    try:
        msgspec.json.decode(row, type=Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _past(body: bytes, place: int) -> int:
    """The place behind blanks and commas."""
    match = _BETWEEN.match(body, place)
    return match.end() if match else place


def _row_end(body: bytes, place: int, end: int) -> int:
    """Where a row that is not sound ends: at the bracket that closes it, or before what looks like the next row."""
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


def _depth(row: bytes) -> int:
    """Deepest nesting of brackets outside texts."""
    depth = deepest = 0
    for bracket in re.findall(rb"[\[\]{}]", _STRING.sub(b"", row)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _has_wide_number(row: bytes) -> bool:
    """Whether a whole number stands outside texts that 64 bits do not hold."""
    numbers = re.findall(rb"[:,\[]\s*(-?\d{19,})\s*(?=[,\]}])", _STRING.sub(b'""', row))
    return any(not -(2**63) <= int(number[:40]) < 2**64 for number in numbers)
