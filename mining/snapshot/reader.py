"""Reading a snapshot: nothing is handed out of a folder that is partial, foreign or of another version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mining.errors import SnapshotDamagedError, UsageError
from mining.files import file_sha256
from mining.schema import Envelope
from mining.snapshot.frames import decode_frame, walk_frames
from mining.snapshot.journal import NAME as JOURNAL_NAME
from mining.snapshot.journal import read_journal
from mining.snapshot.manifest import Manifest, ShardEntry, load_manifest
from mining.snapshot.recovery import FILES, SHARDS, safe_name

SYNTHETIC_MARK = "SYNTHETIC"
"""Beginning of the note in the manifest of models that were made up."""


class SnapshotReader:
    """A complete snapshot.

    Args:
        folder: The snapshot folder.

    Attributes:
        folder: The snapshot folder.
        manifest: Its manifest.

    Raises:
        SnapshotDamagedError: No snapshot, a partial one, or one of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._is_checked = False
        self.manifest: Manifest = load_manifest(folder)
        if self.manifest.status != "complete":
            raise SnapshotDamagedError(f"{folder} is partial: its crawl has not ended; resume it first")
        if (folder / JOURNAL_NAME).exists() and not read_journal(folder)[0].closed:
            raise SnapshotDamagedError(f"{folder} is partial: its journal is open")

    def verify(self) -> None:
        """Prove sizes, digests, frames and counts of all files, and that nothing foreign lies among them.

        Raises:
            SnapshotDamagedError: Says which file is truncated, altered, foreign or missing.
        """
        self.check()
        for shard in self.manifest.shards:
            _check_counts(self.folder / SHARDS / shard.name, shard)

    def check(self) -> None:
        """Compare names, sizes and digests of all files, and the counts, with the manifest.

        Done once, before anything is read.

        Raises:
            SnapshotDamagedError: Says which file is truncated, altered, foreign or missing.
        """
        if self._is_checked:
            return
        self._check_names(SHARDS, {shard.name for shard in self.manifest.shards})
        self._check_names(FILES, {file.name for file in self.manifest.files})
        for shard in self.manifest.shards:
            _check_file(self.folder / SHARDS / shard.name, shard.size_bytes, shard.sha256)
        for file in self.manifest.files:
            _check_file(self.folder / FILES / file.name, file.size_bytes, file.sha256)
        self._check_sums()
        self._check_origin()
        self._is_checked = True

    def shards(self, kind: str) -> list[Path]:
        """Paths of the shards of a kind, in the order they were written; empty where nothing of the kind was received.

        Raises:
            SnapshotDamagedError: The snapshot is not what its manifest says.
        """
        self.check()
        return [self.folder / SHARDS / shard.name for shard in self.manifest.shards if shard.kind == kind]

    def frames(self, shard: Path) -> Iterator[bytes]:
        """Compressed frames of a shard, for parallel builds; :func:`mining.snapshot.decode_frame` reads one.

        Raises:
            SnapshotDamagedError: The shard is not made of whole frames.
        """
        return walk_frames(shard)

    def envelopes(self, kind: str, shard: Path | None = None) -> Iterator[Envelope]:
        """Envelopes of a kind in the order they were received, one page in memory at a time.

        Args:
            kind: model, card, info, dataset, file, commits or failure.
            shard: Only this shard.

        Raises:
            SnapshotDamagedError: A frame is damaged.
        """
        for path in self.shards(kind) if shard is None else [shard]:
            for frame in walk_frames(path):
                yield from decode_frame(frame)

    def file(self, name: str) -> bytes:
        """A file kept byte for byte, its digest checked.

        Raises:
            UsageError: The snapshot has no such file.
            SnapshotDamagedError: The file is not what the manifest says.
        """
        for entry in self.manifest.files:
            if entry.name == safe_name(name):
                path = self.folder / FILES / name
                _check_file(path, entry.size_bytes, entry.sha256)
                return path.read_bytes()
        raise UsageError(
            f"{self.folder} keeps no file {name!r}; it has {sorted(file.name for file in self.manifest.files)}"
        )

    def _check_names(self, place: str, expected: set[str]) -> None:
        """Compare the files on the disk with those of the manifest."""
        root = self.folder / place
        if root.is_symlink():
            raise SnapshotDamagedError(f"{root}: a link, not a folder of this snapshot")
        found = (
            {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}
            if root.is_dir()
            else set()
        )
        if foreign := sorted(found - expected):
            raise SnapshotDamagedError(f"{root / foreign[0]}: foreign, the manifest does not know it")
        if missing := sorted(expected - found):
            raise SnapshotDamagedError(f"{root / missing[0]}: missing, the manifest names it")

    def _check_sums(self) -> None:
        """Counts by kind are the sums over the shards."""
        sums: dict[str, int] = {}
        for shard in self.manifest.shards:
            sums[shard.kind] = sums.get(shard.kind, 0) + shard.envelopes
        if sums != self.manifest.counts:
            raise SnapshotDamagedError(
                f"{self.folder}: altered manifest, counts {self.manifest.counts} but the shards hold {sums}"
            )

    def _check_origin(self) -> None:
        """What the plan says of the source, the manifest says too; made-up models are marked as such."""
        manifest = self.manifest
        if manifest.plan.get("source", manifest.source) != manifest.source:
            raise SnapshotDamagedError(
                f"{self.folder}: altered manifest, source {manifest.source!r} but a plan for "
                f"{manifest.plan['source']!r}"
            )
        is_made_up = "sample_seed" in (manifest.plan.get("detail") or {})
        if is_made_up and not any(note.startswith(SYNTHETIC_MARK) for note in manifest.notes):
            raise SnapshotDamagedError(f"{self.folder}: altered manifest, the note {SYNTHETIC_MARK} is missing")


def asked_for(envelope: Envelope) -> str:
    """Kind of answer that a failed envelope had asked for: card, file, info, commits, dataset or model.

    A kind other than ``failure`` is returned as it is.
    """
    if envelope.kind != "failure":
        return envelope.kind
    path = envelope.address.partition("?")[0]
    if "/resolve/" in path or "/raw/" in path:
        return "card" if path.endswith("/README.md") else "file"
    if path.startswith("/api/datasets/"):
        return "dataset"
    if "/commits/" in path:
        return "commits"
    return "info" if path.startswith("/api/models/") else "model"


def _check_file(path: Path, size_bytes: int, sha256: str) -> None:
    """Size and digest of one file."""
    if path.is_symlink() or not path.is_file():
        raise SnapshotDamagedError(f"{path}: foreign or missing, no regular file")
    size = path.stat().st_size
    if size < size_bytes:
        raise SnapshotDamagedError(f"{path}: truncated, {size} of {size_bytes} bytes")
    if size > size_bytes or file_sha256(path) != sha256:
        raise SnapshotDamagedError(f"{path}: altered, its SHA-256 is not the manifest's")


def _check_counts(path: Path, shard: ShardEntry) -> None:
    """Frames, envelopes and kinds inside one shard."""
    frames = envelopes = 0
    for frame in walk_frames(path):
        frames += 1
        for envelope in decode_frame(frame):
            envelopes += 1
            if envelope.kind != shard.kind:
                raise SnapshotDamagedError(f"{path}: foreign envelope of kind {envelope.kind!r}")
    if (frames, envelopes) != (shard.frames, shard.envelopes):
        raise SnapshotDamagedError(
            f"{path}: altered, {frames} frames with {envelopes} envelopes where the manifest counts {shard.frames} "
            f"with {shard.envelopes}"
        )
