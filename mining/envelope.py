"""One answer as it is kept in a raw snapshot."""

from __future__ import annotations

import binascii
from typing import Annotated

from msgspec import Struct

from mining.fields import field

MAX_TEXT_BYTES = 5_000_000
"""Longest card or file that is kept."""


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer received while crawling, exactly as it came (raw)."""

    kind: Annotated[str, field("Kind of answer: model, card, info, dataset, file, commits, or failure.")]
    id: Annotated[str, field("Repository the answer is about.")]
    key: Annotated[str | None, field("The Hub's `_id` of that repository.", missing="the answer does not carry it")] = (
        None
    )
    address: Annotated[str, field("Path and query that were asked for, without host and without secrets.")] = ""
    status: Annotated[int, field("HTTP status of the answer; 0 where no answer came.")] = 200
    headers: Annotated[dict[str, str], field("Useful headers (allow-list).")] = {}
    body: Annotated[str, field("Body exactly as received.")] = ""
    encoding: Annotated[str, field("`utf-8`, or `base64` where the body is not UTF-8.")] = "utf-8"
    failure: Annotated[
        str | None,
        field(
            "Why there is no body: absent, gated, gone, disabled, moved, unreadable, unreachable, too-large, or one "
            "of ROW_FAILURES.",
            missing="it did not fail",
        ),
    ] = None
    size_bytes: Annotated[
        int | None, field("Size of a body that was too large to keep.", unit="B", missing="the body is kept", ge=0)
    ] = None
    repaired: Annotated[
        str | None, field("What was repaired in the body, in a few words.", missing="the body is as received")
    ] = None
    source_revision: Annotated[
        str | None, field("Revision of the dump that the answer was taken from.", missing="taken from the Hub itself")
    ] = None


def as_text(data: bytes) -> tuple[str, str]:
    """Body and encoding of an envelope: UTF-8 where it is, base64 where not."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return binascii.b2a_base64(data, newline=False).decode("ascii"), "base64"
