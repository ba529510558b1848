"""The rows of a page, judged one by one.

Kept as received, repaired where that is harmless, or set aside with the reason. A page that is sound is taken apart in
one pass. Only where that fails are its rows looked for singly, so that one bad row costs itself.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import accumulate
from typing import Any, NoReturn

import msgspec
from msgspec import Raw, Struct

from mining.envelope import as_text
from mining.fields import RowFailure
from mining.hub.page_split import outside_texts, split_rows, steps
from mining.schema import Envelope

TOO_DEEP: RowFailure = "row-too-deep"
NO_OBJECT: RowFailure = "row-not-an-object"
NO_ID: RowFailure = "row-without-id"
NOT_JSON: RowFailure = "row-not-json"
NO_FINITE_NUMBER: RowFailure = "row-with-nan"
TOO_LARGE_NUMBER: RowFailure = "row-beyond-64-bits"
MAX_DEPTH = 200
_KEPT_BYTES = 4096

_LONE = re.compile(r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_NAME = re.compile(rb'"(?:id|modelId)"\s*:\s*"([\x21\x23-\x5b\x5d-\x7e]{1,200})"')
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDE = b"0" * 19
_DIGITS = bytes(48 if chr(code).isdigit() and code < 128 else 32 for code in range(256))


class RowHead(Struct):
    """What the crawler itself reads of a row; everything else is kept as received."""

    id: str
    key: str | None = msgspec.field(name="_id", default=None)


_HEAD = msgspec.json.Decoder(RowHead)


class BadRowError(ValueError):
    """A row that is set aside; the message is the reason."""


def rows_of(body: bytes) -> list[bytes]:
    """The rows of a page as they stand in it.

    Raises:
        ValueError: The page is no JSON array.
    """
    try:
        return [bytes(row) for row in msgspec.json.decode(body, type=list[Raw])]
    except (msgspec.DecodeError, RecursionError):
        return [row for _, row, _ in split_rows(body, _HEAD)]


def envelopes_of(body: bytes, address: str) -> list[Envelope]:
    """The rows of a page, each as an envelope: a model, or a failure with the reason why the row was set aside.

    Raises:
        ValueError: The page is no JSON array.
    """
    digits = body.translate(_DIGITS)
    return [
        _judged(row, address, head, may_be_wide=digits.find(_WIDE, place, place + len(row)) >= 0)
        for place, row, head in split_rows(body, _HEAD)
    ]


def envelope_of(row: bytes, address: str) -> Envelope:
    """A row as an envelope."""
    try:
        head = _HEAD.decode(row)
    except (msgspec.DecodeError, RecursionError):
        head = None
    return _judged(row, address, head, may_be_wide=True)


def _judged(row: bytes, address: str, head: RowHead | None, *, may_be_wide: bool) -> Envelope:
    """A row as an envelope, by what was read of it: None where that was nothing."""
    if head is None:
        return _second_look(row, address)
    if may_be_wide and _has_wide_number(row):
        return _set_aside(row, address, TOO_LARGE_NUMBER)
    if not head.id:
        return _set_aside(row, address, NO_ID)
    try:
        return Envelope(kind="model", id=head.id, key=head.key, address=address, body=row.decode("utf-8"))
    except UnicodeDecodeError:
        return _second_look(row, address)


def readable(row: bytes) -> tuple[RowHead, str, str]:
    """A row that needs a repair.

    Returns:
        Its head, its text as JSON, and what was repaired.

    Raises:
        BadRowError: It cannot be repaired.
    """
    if _is_too_deep(row):
        raise BadRowError(TOO_DEEP)
    if _has_wide_number(row):
        raise BadRowError(TOO_LARGE_NUMBER)
    text, repairs = _as_utf8(row)
    text, more = _mended(text)
    with suppress(msgspec.DecodeError):
        head = _HEAD.decode(text)
        if head.id:
            return head, text, " ".join(repairs + more) or "control-character"
    return _rebuilt(text, repairs + more)


def _mended(text: str) -> tuple[str, list[str]]:
    """Text of a row in which what no JSON may hold is written as JSON can, and what that was."""
    repairs = []
    if _HALF.search(text) and (whole := _LONE.sub(lambda match: match[1] or "\\ufffd", text)) != text:
        text = whole
        repairs.append("lone-surrogate")
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
        repairs.append("control-character")
    return text, repairs


def _rebuilt(text: str, repairs: list[str]) -> tuple[RowHead, str, str]:
    """A row read leniently and written anew.

    Raises:
        BadRowError: It cannot be read.
    """
    try:
        value = _lenient.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise BadRowError(NOT_JSON) from None
    if not isinstance(value, dict):
        raise BadRowError(NO_OBJECT)
    repairs += _name_as_text(value)
    whole = sound_json(value)
    try:
        head = _HEAD.decode(whole)
    except msgspec.DecodeError:
        raise BadRowError(NO_FINITE_NUMBER if "Infinity" in whole else NOT_JSON) from None
    return head, whole, " ".join(repairs) or "control-character"


def sound_json(value: Any) -> str:
    """A value as JSON in ASCII; a lone half of a surrogate pair becomes U+FFFD."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return _LONE.sub(lambda match: match[1] or "\\ufffd", written) if "\\ud" in written else written


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


def _is_too_deep(row: bytes) -> bool:
    """Whether brackets outside texts nest deeper than is read."""
    if row.count(b"[") + row.count(b"{") <= MAX_DEPTH:
        return False
    return any(depth > MAX_DEPTH for depth in accumulate(steps(row)))


def _has_wide_number(row: bytes) -> bool:
    """Whether a whole number stands outside texts that 64 bits do not hold."""
    if _WIDE not in row.translate(_DIGITS):
        return False
    numbers = re.findall(rb"[:,\[]\s*(-?\d{19,})\s*(?=[,\]}])", outside_texts(row))
    return any(not -(2**63) <= int(number[:40]) < 2**64 for number in numbers)
