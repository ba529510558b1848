"""Cards on disk as they would have been received from the Hub, and the files of meters beside them.

Nothing is judged here.
"""

from __future__ import annotations

import binascii
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mining.envelope import Envelope
from mining.errors import UsageError
from mining.files import files_below, kind_of_file
from mining.meter_files import meter_files

__all__ = ["CARD_NAME", "MAX_CARD_BYTES", "card_envelope", "cards_at", "count_of", "local_envelopes"]

CARD_NAME = "README.md"
CARD_ADDRESS = f"/{CARD_NAME}"
CARD_SUFFIXES = {".md", ".markdown", ".mdx"}
MAX_CARD_BYTES = 5_000_000


def cards_at(path: Path) -> list[Path]:
    """The card at a path, or every card of a folder in the order of their names.

    Raises:
        UsageError: The folder holds no card.
    """
    if not path.is_dir():
        return [path]
    cards = sorted(file for file in files_below(path) if file.suffix.lower() in CARD_SUFFIXES and file.is_file())
    if not cards:
        raise UsageError(f"no model card (*.md) in folder '{path}'")
    return cards


def count_of(targets: Sequence[str]) -> int | None:
    """How many cards the targets are; None where one of them is not on disk or holds none."""
    try:
        return sum(len(cards_at(path)) for path in map(Path, targets)) if all(map(os.path.exists, targets)) else None
    except UsageError:
        return None


def card_envelope(data: str | bytes, model_id: str) -> Envelope:
    """A card as it would have been received from the Hub; one that is too large becomes a failure with its size."""
    body = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(body) > MAX_CARD_BYTES:
        return Envelope(
            kind="failure", id=model_id, address=CARD_ADDRESS, status=0, failure="too-large", size_bytes=len(body)
        )
    try:
        return Envelope(kind="card", id=model_id, address=CARD_ADDRESS, body=body.decode("utf-8"))
    except UnicodeDecodeError:
        return Envelope(
            kind="card",
            id=model_id,
            address=CARD_ADDRESS,
            body=binascii.b2a_base64(body, newline=False).decode("ascii"),
            encoding="base64",
        )


def local_envelopes(path: Path) -> list[Envelope]:
    """A card on disk as it would have been received, and the meters' files beside it; the card is the first.

    Raises:
        UsageError: The file cannot be opened.
    """
    try:
        return [_card_on_disk(path), *_meters_files(path)]
    except OSError as error:
        raise UsageError(f"cannot read '{path}': {error.strerror}") from error


def _card_on_disk(path: Path) -> Envelope:
    """The card; one that is too large, or no plain file, is not even opened."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise UsageError(f"'{path}' is {kind_of_file(state.st_mode)}, not a card")
    size = state.st_size
    if size > MAX_CARD_BYTES:
        return Envelope(kind="failure", id="", address=CARD_ADDRESS, status=0, failure="too-large", size_bytes=size)
    return card_envelope(path.read_bytes(), "")


def _meters_files(card: Path) -> list[Envelope]:
    """Files of meters beside a README.md; one that is too large, or no plain file, is named and not opened."""
    if card.name != CARD_NAME:
        return []
    return [_file_on_disk(card.with_name(name)) for name in meter_files(file.name for file in card.parent.iterdir())]


def _file_on_disk(file: Path) -> Envelope:
    address = f"/resolve/main/{file.name}"
    if not file.is_file():
        return Envelope(kind="failure", id="", address=address, status=0, failure="unreadable")
    size = file.stat().st_size
    if size > MAX_CARD_BYTES:
        return Envelope(kind="failure", id="", address=address, status=0, failure="too-large", size_bytes=size)
    return msgspec.structs.replace(card_envelope(file.read_bytes(), ""), kind="file", address=address)
