"""Bytes of the data sets that models name, from the Hub's answers about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mining.normalize.wire import decode_any
from mining.schema import Envelope
from mining.snapshot import SnapshotReader

MAX_BYTES = 1e17


def bytes_by_name(reader: SnapshotReader) -> dict[str, float]:
    """Bytes of all data sets about which an answer was received."""
    found: dict[str, float] = {}
    for envelope in reader.envelopes("dataset"):
        if envelope.failure is None and (size := bytes_of(envelope)) is not None:
            found[envelope.id] = size
    return dict(sorted(found.items()))


def bytes_of(envelope: Envelope) -> float | None:
    """Bytes of one data set: its card's ``dataset_size``, summed, else the storage of its repository."""
    body = decode_any(envelope.body)
    if not isinstance(body, dict):
        return None
    sizes = list(_stated_sizes(body.get("cardData")))
    size = sum(sizes) if sizes else body.get("usedStorage")
    return (
        float(size) if isinstance(size, int | float) and not isinstance(size, bool) and 0 < size < MAX_BYTES else None
    )


def _stated_sizes(card: Any) -> Iterator[float]:
    """Sizes that the metadata ``dataset_info`` states, one a configuration."""
    info = card.get("dataset_info") if isinstance(card, dict) else None
    for entry in info if isinstance(info, list) else [info]:
        size = entry.get("dataset_size") if isinstance(entry, dict) else None
        if isinstance(size, int | float) and not isinstance(size, bool) and 0 < size < MAX_BYTES:
            yield float(size)
