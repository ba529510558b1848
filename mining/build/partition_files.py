"""Envelopes sorted into partitions by the name of their model.

One file of one frame a partition, with an index of offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

import msgspec

from mining.build import name_digests
from mining.schema import Envelope
from mining.snapshot import decode_frame
from mining.snapshot.frames import encode_frame

DATA = "spill.jsonl.zst"
INDEX = "spill.json"


def write_spill(folder: Path, envelopes: Iterable[Envelope], partitions: int) -> None:
    """Write envelopes into a folder, sorted by partition, otherwise in their order."""
    sorted_out: list[list[Envelope]] = [[] for _ in range(partitions)]
    for envelope in envelopes:
        sorted_out[name_digests.digest(envelope.id) % partitions].append(envelope)
    frames = [encode_frame(page) if page else b"" for page in sorted_out]
    (folder / DATA).write_bytes(b"".join(frames))
    (folder / INDEX).write_bytes(msgspec.json.encode([0, *accumulate(len(frame) for frame in frames)]))


def read_partition(folder: Path, partition: int) -> Iterator[Envelope]:
    """Envelopes of one partition, in the order they were written; none where the folder has no spill."""
    index = folder / INDEX
    if not index.is_file():
        return
    offsets = msgspec.json.decode(index.read_bytes(), type=list[int])
    start, end = offsets[partition], offsets[partition + 1]
    if end > start:
        with (folder / DATA).open("rb") as stream:
            stream.seek(start)
            yield from decode_frame(stream.read(end - start))
