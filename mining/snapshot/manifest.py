"""The manifest: what a snapshot was asked to be, what it holds, and the digest of every file."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from mining.errors import SnapshotDamagedError
from mining.schema import SCHEMA_VERSION, Source

NAME = "manifest.json"
FORMAT = "hf-carbon/snapshot/1"
_MAX_BYTES = 64 << 20
_SHARD_NAME = re.compile(r"[a-z]{1,20}-\d{5}\.jsonl\.zst\Z", re.ASCII)
_FILE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ -]{0,120}\Z")


class ShardEntry(Struct, frozen=True, kw_only=True):
    """One shard: ``shards/<name>``."""

    name: str
    kind: str
    size_bytes: int
    frames: int
    envelopes: int
    sha256: str


class FileEntry(Struct, frozen=True, kw_only=True):
    """One file kept byte for byte: ``files/<name>``."""

    name: str
    size_bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """Description of a snapshot; holds no wall-clock time and no path of the machine.

    Attributes:
        format: Name and version of the folder's layout.
        schema_version: Version of the registry the envelopes follow.
        source: Where the records come from.
        status: ``partial`` while the crawl runs or waits to be resumed, then ``complete``.
        plan: What was asked for.
        plan_hash: Stable hash of the plan.
        protocol_hash: Hash of the study protocol that stood when the crawl began.
        versions: Versions of the code and of the libraries that shape the bytes.
        counts: Envelopes by kind.
        failures: Failed answers by reason.
        duplicates: Model rows that came twice and were kept once.
        notes: Remarks: refused fields, revisions of a dump, SYNTHETIC.
        shards: Shards with their digests.
        files: Files kept byte for byte.
    """

    format: str = FORMAT
    schema_version: str = SCHEMA_VERSION
    source: Source
    status: Literal["partial", "complete"]
    plan: dict[str, Any]
    plan_hash: str
    protocol_hash: str | None = None
    versions: dict[str, str] = {}
    counts: dict[str, int] = {}
    failures: dict[str, int] = {}
    duplicates: int = 0
    notes: tuple[str, ...] = ()
    shards: tuple[ShardEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()

    def encode(self) -> bytes:
        """The manifest as indented JSON, ending in a newline; equal manifests give equal bytes."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=1) + b"\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the encoded manifest: content hash of the snapshot, since it names every file's digest."""
        return hashlib.sha256(self.encode()).hexdigest()


def is_safe(name: str) -> bool:
    """Whether a name, with folders before it, stays inside a snapshot's folder and is not hidden."""
    return all(_FILE_PART.match(part) for part in name.split("/"))


def load_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder.

    Raises:
        SnapshotDamagedError: No manifest, not readable, or of another version.
    """
    path = folder / NAME
    if not path.is_file():
        raise SnapshotDamagedError(f"{folder} is not a snapshot: it has no {NAME}")
    if path.is_symlink():
        raise SnapshotDamagedError(f"{path} is a link, not the manifest of this folder")
    if path.stat().st_size > _MAX_BYTES:
        raise SnapshotDamagedError(f"{path} is too large for a manifest")
    data = path.read_bytes()
    try:
        head = msgspec.json.decode(data, type=dict[str, Any])
        _check_version(path, head)
        manifest = msgspec.convert(head, Manifest)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise SnapshotDamagedError(f"{path} is not a manifest: {error}") from error
    _check_names(path, manifest)
    return manifest


def _check_names(path: Path, manifest: Manifest) -> None:
    """Refuse a manifest whose names lead out of the snapshot's folder, or stand for something else than they say."""
    shards = [shard.name for shard in manifest.shards]
    files = [file.name for file in manifest.files]
    wrong = [shard.name for shard in manifest.shards if _SHARD_NAME.match(shard.name) is None]
    wrong += [shard.name for shard in manifest.shards if shard.name.partition("-")[0] != shard.kind]
    wrong += [name for name in files if not is_safe(name)]
    wrong += [f"{names[0]} ..." for names in (shards, files) if len(set(names)) < len(names)]
    if wrong:
        raise SnapshotDamagedError(f"{path}: not a name for a file of a snapshot: {wrong[0][:100]!r}")


def _check_version(path: Path, head: dict[str, Any]) -> None:
    """Refuse a manifest that another version wrote."""
    if head.get("format") != FORMAT:
        raise SnapshotDamagedError(f"{path}: foreign format {head.get('format')!r}, expected {FORMAT!r}")
    if head.get("schema_version") != SCHEMA_VERSION:
        raise SnapshotDamagedError(
            f"{path}: schema version {head.get('schema_version')!r}, expected {SCHEMA_VERSION!r}"
        )
