"""One page of envelopes is one zstd frame of JSON lines.

Frames stand one behind the other in a shard. They are found again by walking block headers (RFC 8878, 3.1.1), without
decompressing, so that a build can hand whole frames to its workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard

from mining.errors import SnapshotDamagedError
from mining.schema import Envelope

LEVEL = 3
MAX_FRAME_BYTES = 1 << 30
_MAGIC = zstandard.FRAME_HEADER
_HEADER_MAX_BYTES = 18
_BLOCK_HEADER_BYTES = 3
_RLE = 1
_RESERVED = 3

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def encode_frame(envelopes: Iterable[Envelope]) -> bytes:
    """Compress envelopes into one frame; the same envelopes give the same bytes (fixed level, one thread, no times)."""
    lines = _encoder.encode_lines(list(envelopes))
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, write_content_size=True).compress(lines)


def inflate(frame: bytes) -> bytes:
    """Decompress one frame.

    Raises:
        SnapshotDamagedError: The frame is not whole, or claims to be larger than any page.
    """
    try:
        size = zstandard.get_frame_parameters(frame).content_size
        if size in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR) or size > MAX_FRAME_BYTES:
            raise SnapshotDamagedError(f"a frame claims {size} bytes, more than any page holds")
        return zstandard.ZstdDecompressor().decompress(frame)
    except zstandard.ZstdError as error:
        raise SnapshotDamagedError(f"a frame cannot be decompressed: {error}") from error


def decode_frame(frame: bytes) -> list[Envelope]:
    """Envelopes of one compressed frame.

    Args:
        frame: Bytes of exactly one frame, as given by :func:`walk_frames`.

    Raises:
        SnapshotDamagedError: The frame is damaged, or holds something else than envelopes.
    """
    try:
        return _decoder.decode_lines(inflate(frame))
    except msgspec.DecodeError as error:
        raise SnapshotDamagedError(f"a frame contains a line that is not an envelope: {error}") from error


def walk_frames(path: Path) -> Iterator[bytes]:
    """Compressed frames of a shard, one after the other.

    Raises:
        SnapshotDamagedError: The shard ends inside a frame, or something else than a frame stands in it.
    """
    with path.open("rb") as stream:
        while head := stream.read(_HEADER_MAX_BYTES):
            try:
                yield _whole_frame(stream, head)
            except SnapshotDamagedError as error:
                raise SnapshotDamagedError(f"{path.name}: {error}") from None


def _whole_frame(stream: BinaryIO, head: bytes) -> bytes:
    """The frame whose first bytes are ``head``; leaves the stream at its end."""
    if not head.startswith(_MAGIC):
        raise SnapshotDamagedError("bytes that are not a zstd frame")
    try:
        header_bytes = zstandard.frame_header_size(head)
        has_checksum = zstandard.get_frame_parameters(head).has_checksum
    except zstandard.ZstdError as error:
        raise SnapshotDamagedError(f"truncated or altered frame header ({error})") from error
    start = stream.tell() - len(head)
    position = start + header_bytes
    last = False
    while not last:
        stream.seek(position)
        block = stream.read(_BLOCK_HEADER_BYTES)
        if len(block) < _BLOCK_HEADER_BYTES:
            raise SnapshotDamagedError("truncated inside a frame")
        word = int.from_bytes(block, "little")
        last, kind, size = bool(word & 1), (word >> 1) & 3, word >> 3
        if kind == _RESERVED or position - start > MAX_FRAME_BYTES:
            raise SnapshotDamagedError("altered block header")
        position += _BLOCK_HEADER_BYTES + (1 if kind == _RLE else size)
    position += 4 if has_checksum else 0
    stream.seek(start)
    frame = stream.read(position - start)
    if len(frame) < position - start:
        raise SnapshotDamagedError("truncated inside a frame")
    return frame
