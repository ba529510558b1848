"""The work of a build, cut into units that do not depend on how many workers there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from mining.schema import Envelope
from mining.snapshot import SnapshotReader, decode_frame

MODEL_KIND = "model"
RESPONSE_KINDS = ("card", "info", "file", "commits", "failure")
DATASET_KIND = "dataset"
FRAMES_PER_UNIT = 8
BYTES_PER_UNIT = 4 << 20
BYTES_PER_PARTITION = 8 << 20
MAX_PARTITIONS = 256


class Unit(Struct, frozen=True):
    """Some frames of one shard, worked on at once.

    Attributes:
        name: Name of the unit, which is the name of its part folder.
        shard: Path of the shard.
        extents: Offset and length of each frame, in bytes.
    """

    name: str
    shard: str
    extents: tuple[tuple[int, int], ...]

    def pages(self) -> Iterator[list[Envelope]]:
        """Envelopes of the unit, a page at a time."""
        with Path(self.shard).open("rb") as stream:
            for offset, length in self.extents:
                stream.seek(offset)
                yield decode_frame(stream.read(length))


def units_of(reader: SnapshotReader, kinds: tuple[str, ...]) -> list[Unit]:
    """Cut all shards of some kinds into units of at most 8 frames or 4 MiB."""
    units = []
    for kind in kinds:
        for shard in reader.shards(kind):
            for number, extents in enumerate(_groups(reader, shard)):
                name = f"{shard.name.partition('.')[0]}-{number:05d}"
                units.append(Unit(name=name, shard=str(shard), extents=extents))
    return units


def _groups(reader: SnapshotReader, shard: Path) -> Iterator[tuple[tuple[int, int], ...]]:
    """Neighbouring frames of a shard, grouped."""
    group: list[tuple[int, int]] = []
    offset = weight = 0
    for frame in reader.frames(shard):
        length = len(frame)
        if group and (len(group) >= FRAMES_PER_UNIT or weight + length > BYTES_PER_UNIT):
            yield tuple(group)
            group, weight = [], 0
        group.append((offset, length))
        offset += length
        weight += length
    if group:
        yield tuple(group)


def partitions_for(units: list[Unit]) -> int:
    """Number of partitions of the answers about single models, so that one fits easily into memory."""
    total = sum(length for unit in units for _, length in unit.extents)
    return min(MAX_PARTITIONS, 1 + total // BYTES_PER_PARTITION)
