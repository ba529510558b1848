"""Writing a snapshot: pages go to the shards first, then to the journal, each durable before the next step."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from mining.errors import UsageError
from mining.files import file_sha256, full_disk_is_clear, sync_folder, write_all, write_bytes, written_beside
from mining.lock import FolderLock
from mining.schema import Envelope, Source
from mining.snapshot import manifest as manifests
from mining.snapshot.frames import decode_frame, encode_frame, walk_frames
from mining.snapshot.journal import NAME as JOURNAL_NAME
from mining.snapshot.journal import Entry, Extent, Journal, State, read_journal
from mining.snapshot.manifest import FileEntry, Manifest, ShardEntry, load_manifest
from mining.snapshot.recovery import FILES, RUN_LOG, SHARDS, cut_back, kind_of, remove_empty, safe_name
from mining.snapshot.seen import KeySet

MAX_SHARD_BYTES = 64 << 20
_KIND = re.compile(r"[a-z]{1,20}\Z")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class SnapshotWriter:
    """Writer of one snapshot folder.

    Made by :meth:`create` or :meth:`resume`, closed by :meth:`complete` or :meth:`close`.

    Attributes:
        folder: The snapshot folder.
        manifest: The manifest as it stands (``partial`` until :meth:`complete`).
        seen: Keys of all models written so far.
    """

    def __init__(
        self, folder: Path, heading: Manifest, state: State, journal: Journal, lock: FolderLock, clock: Clock
    ) -> None:
        self.folder = folder
        self.manifest = heading
        self.seen = KeySet()
        self.max_shard_bytes = MAX_SHARD_BYTES
        self._state = state
        self._journal = journal
        self._lock = lock
        self._clock = clock
        self._pending_notes: list[str] = []
        self._handles: dict[str, int] = {}

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        source: Source,
        plan: Mapping[str, Any],
        plan_hash: str,
        protocol_hash: str | None = None,
        versions: Mapping[str, str] | None = None,
        clock: Clock = utc_now,
    ) -> SnapshotWriter:
        """Begin a snapshot in a new folder.

        Args:
            folder: Where to write; it must not hold a snapshot yet.
            source: Where the records come from.
            plan: What is asked for, as plain JSON values.
            plan_hash: Stable hash of the plan.
            protocol_hash: Hash of the study protocol, where one stands.
            versions: Versions of the code that shapes the bytes.
            clock: Wall clock, used in ``run.log`` only.

        Raises:
            UsageError: The folder already holds a snapshot, or another crawler works in it.
        """
        (folder / SHARDS).mkdir(parents=True, exist_ok=True)
        lock = FolderLock(folder)
        try:
            if (folder / manifests.NAME).exists():
                raise UsageError(f"{folder} already holds a snapshot; snapshots are written once")
            heading = Manifest(
                source=source,
                status="partial",
                plan=dict(plan),
                plan_hash=plan_hash,
                protocol_hash=protocol_hash,
                versions={**(versions or {}), "zstd": ".".join(map(str, zstandard.ZSTD_VERSION))},
            )
            journal = Journal(folder)
            write_bytes(folder / manifests.NAME, heading.encode(), durable=True)
        except BaseException:
            lock.release()
            raise
        writer = cls(folder, heading, State(), journal, lock, clock)
        writer.log("started")
        return writer

    @classmethod
    def resume(cls, folder: Path, *, plan_hash: str | None = None, clock: Clock = utc_now) -> SnapshotWriter:
        """Go on with a partial snapshot: every shard is cut back to what the journal confirms.

        Args:
            folder: Folder of the partial snapshot.
            plan_hash: Where given, the plan must be this one.
            clock: Wall clock, used in ``run.log`` only.

        Raises:
            UsageError: The snapshot is complete, has another plan, or another crawler works in it.
            SnapshotDamagedError: Shard or journal lost confirmed bytes.
        """
        heading = load_manifest(folder)
        if heading.status == "complete":
            raise UsageError(f"{folder} is complete; snapshots are written once")
        if plan_hash is not None and heading.plan_hash != plan_hash:
            raise UsageError(f"{folder} was begun with another plan ({heading.plan_hash}, not {plan_hash})")
        lock = FolderLock(folder)
        try:
            state, good = read_journal(folder)
            cut = cut_back(folder, state)
            writer = cls(folder, heading, state, Journal(folder, good), lock, clock)
            writer._remember_models()
        except BaseException:
            lock.release()
            raise
        writer.log(f"resumed; {cut} unconfirmed bytes cut off")
        return writer

    @staticmethod
    def tidy(folder: Path) -> None:
        """Remove the closed journal that a crawl left when it died in its very last step.

        Raises:
            UsageError: Another crawler works in the folder.
        """
        if not (folder / JOURNAL_NAME).exists() or load_manifest(folder).status != "complete":
            return
        lock = FolderLock(folder)
        try:
            if read_journal(folder)[0].closed:
                (folder / JOURNAL_NAME).unlink()
        finally:
            lock.release()

    @property
    def cursor(self) -> Any:
        """Where the crawl goes on: the cursor of the last confirmed page, None at the beginning."""
        return self._state.cursor

    @property
    def counts(self) -> dict[str, int]:
        """Confirmed envelopes by kind."""
        counts: Counter[str] = Counter()
        for name, extent in self._state.shards.items():
            counts[kind_of(name)] += extent.envelopes
        return dict(sorted(counts.items()))

    @property
    def failures(self) -> dict[str, int]:
        """Confirmed failures by reason."""
        return dict(sorted(self._state.failures.items()))

    @property
    def duplicates(self) -> int:
        """Model rows that came more than once."""
        return self._state.duplicates

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes so far."""
        return tuple(dict.fromkeys((*self._state.notes, *self._pending_notes)))

    def note(self, text: str) -> None:
        """Keep a remark for the manifest; it becomes durable with the next page."""
        self._pending_notes.append(text)

    def log(self, text: str) -> None:
        """Add a line with the wall-clock time to ``run.log``."""
        with full_disk_is_clear(RUN_LOG), (self.folder / RUN_LOG).open("a", encoding="utf-8") as stream:
            stream.write(f"{self._clock().strftime('%Y-%m-%dT%H:%M:%SZ')} {text}\n")

    def append(self, page: Iterable[Envelope], *, cursor: Any = None) -> int:
        """Write one page: one frame per kind, then one line of the journal.

        Model envelopes whose key was written before are dropped and counted.

        Args:
            page: Envelopes in the order they are to be kept.
            cursor: Where to go on after this page, as plain JSON; None leaves it as it was.

        Returns:
            How many envelopes were written.

        Raises:
            DiskFullError: No room; nothing of this page counts, and the crawl can be resumed.
        """
        groups, failures, duplicates = self._sort_out(page)
        extents = {}
        for kind, envelopes in groups.items():
            name, extent = self._shard_for(kind)
            frame = encode_frame(envelopes)
            self._write_frame(name, extent, frame)
            extents[name] = Extent(extent.size_bytes + len(frame), extent.frames + 1, extent.envelopes + len(envelopes))
        self._confirm(
            Entry(
                shards=extents,
                failures=failures,
                duplicates=duplicates,
                cursor=cursor,
                notes=tuple(self._pending_notes),
            )
        )
        self._pending_notes.clear()
        return sum(len(envelopes) for envelopes in groups.values())

    def written(self, kind: str) -> Iterator[Envelope]:
        """Confirmed envelopes of a kind, one page in memory at a time; no more of that kind is written meanwhile."""
        for name in sorted(self._state.shards):
            if kind_of(name) == kind:
                for frame in walk_frames(self.folder / SHARDS / name):
                    yield from decode_frame(frame)

    def add_file(self, name: str, data: bytes) -> None:
        """Keep a file byte for byte under ``files/<name>``.

        Raises:
            UsageError: The name could leave the folder.
            DiskFullError: No room.
        """
        path = self.folder / FILES / safe_name(name)
        write_bytes(path, data, durable=True)
        self._confirm(Entry(files=(FileEntry(name=name, size_bytes=len(data), sha256=file_sha256(path)),)))

    def keep_file(self, name: str, fill: Callable[[Path], object]) -> FileEntry:
        """Keep what ``fill`` writes to a place under ``files/<name>``, unless an earlier run did.

        Returns its size and digest.

        Raises:
            DiskFullError: No room.
        """
        if name in self._state.files:
            return self._state.files[name]
        path = self.folder / FILES / safe_name(name)
        with written_beside(path) as beside:
            fill(beside)
        entry = FileEntry(name=name, size_bytes=path.stat().st_size, sha256=file_sha256(path))
        self._confirm(Entry(files=(entry,)))
        return entry

    def complete(self) -> Manifest:
        """Close the journal, take the digests and mark the snapshot complete; the folder is never written again.

        Returns:
            The final manifest.
        """
        self._confirm(Entry(closed=True, notes=tuple(self._pending_notes)))
        self._pending_notes.clear()
        shards = tuple(self._shard_entry(name, extent) for name, extent in sorted(self._state.shards.items()))
        self.manifest = msgspec.structs.replace(
            self.manifest,
            status="complete",
            counts=self.counts,
            failures=self.failures,
            duplicates=self.duplicates,
            notes=self.notes,
            shards=shards,
            files=tuple(file for _, file in sorted(self._state.files.items())),
        )
        write_bytes(self.folder / manifests.NAME, self.manifest.encode(), durable=True)
        self.log("finished")
        (self.folder / JOURNAL_NAME).unlink()
        sync_folder(self.folder)
        self.close()
        return self.manifest

    def discard_if_empty(self) -> bool:
        """Remove the folder where no page was ever confirmed, so that a failed beginning is not in the way.

        Returns:
            Whether it was removed.
        """
        if self._state.shards or self._state.files or self._state.cursor is not None:
            return False
        self.close()
        remove_empty(self.folder)
        return True

    def close(self) -> None:
        """Leave the folder as it is, resumable where it is not complete; calling it twice does no harm."""
        for handle in self._handles.values():
            os.close(handle)
        self._handles.clear()
        self._journal.close()
        self._lock.release()

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _sort_out(self, page: Iterable[Envelope]) -> tuple[dict[str, list[Envelope]], dict[str, int], int]:
        """Envelopes by kind without repeated models, failures by reason, and the number of repeated models."""
        groups: dict[str, list[Envelope]] = {}
        failures: Counter[str] = Counter()
        duplicates = 0
        for envelope in page:
            if envelope.kind == "model" and not self.seen.add(envelope.key or envelope.id):
                duplicates += 1
                continue
            if envelope.failure is not None:
                failures[envelope.failure] += 1
            groups.setdefault(envelope.kind, []).append(envelope)
        return groups, dict(sorted(failures.items())), duplicates

    def _shard_for(self, kind: str) -> tuple[str, Extent]:
        """The shard that takes the next frame of a kind: the last one, or a new one where that is full."""
        if not _KIND.match(kind):
            raise UsageError(f"not a kind of envelope: {kind!r}")
        names = sorted(name for name in self._state.shards if kind_of(name) == kind)
        if names and self._state.shards[names[-1]].size_bytes < self.max_shard_bytes:
            return names[-1], self._state.shards[names[-1]]
        return f"{kind}-{len(names):05d}.jsonl.zst", Extent()

    def _write_frame(self, name: str, extent: Extent, frame: bytes) -> None:
        """Append a frame to its shard and make it durable; where there is no room, cut the shard back."""
        handle = self._handle_of(name)
        with full_disk_is_clear(name):
            try:
                os.lseek(handle, extent.size_bytes, os.SEEK_SET)
                write_all(handle, frame)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, extent.size_bytes)
                raise

    def _handle_of(self, name: str) -> int:
        """Open shard; the one it follows is closed."""
        if name not in self._handles:
            for other in [other for other in self._handles if kind_of(other) == kind_of(name)]:
                os.close(self._handles.pop(other))
            path = self.folder / SHARDS / name
            with full_disk_is_clear(name):
                self._handles[name] = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
                sync_folder(path.parent)
        return self._handles[name]

    def _confirm(self, entry: Entry) -> None:
        """Write a line of the journal, then believe it."""
        self._journal.append(entry)
        self._state.apply(entry)

    def _shard_entry(self, name: str, extent: Extent) -> ShardEntry:
        """Description of a finished shard."""
        digest = file_sha256(self.folder / SHARDS / name)
        return ShardEntry(
            name=name,
            kind=kind_of(name),
            size_bytes=extent.size_bytes,
            frames=extent.frames,
            envelopes=extent.envelopes,
            sha256=digest,
        )

    def _remember_models(self) -> None:
        """Fill the set of keys from the shards written before."""
        for envelope in self.written("model"):
            self.seen.add(envelope.key or envelope.id)
