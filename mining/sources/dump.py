"""The public daily dumps of the Hub as a raw snapshot.

Two data sets: ``cfahlgren1/hub-stats`` (one row per model with the fields of the listing) and
``librarian-bots/model_cards_with_metadata`` (one row per model with the text of its card). Both are read batch by
batch; a row becomes the envelope that a crawl would have stored, marked with the dump's revision. Columns nobody here
knows are kept and noted, columns that are missing are simply missing.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
from msgspec import Struct

from mining.crawl.plan import CrawlPlan, make_plan
from mining.crawl.progress import Progress
from mining.crawl.request import Acquired, CrawlRequest, shelve
from mining.crawl.suspects import is_reporter, is_suspect
from mining.crawl.tally import tally_of
from mining.errors import SchemaMismatchError, UnreachableError, UsageError
from mining.files import file_sha256, files_below
from mining.hub.datasets import fetch_dump
from mining.hub.models import read_head
from mining.normalize.dump_batches import is_ordinary
from mining.paths import Home
from mining.schema import Envelope
from mining.snapshot import KeyMap, KeySet, SnapshotWriter
from mining.sources.cards import open_writer
from mining.sources.dump_cells import Columns
from mining.sources.dump_rows import CARD_COLUMNS, card_envelope, model_envelope, model_of_card_row, unknown_columns

METADATA = "cfahlgren1/hub-stats"
METADATA_PREFIX = "models"
CARDS = "librarian-bots/model_cards_with_metadata"
CARDS_PREFIX = "data/"
ROWS = 1_000
_CHANGES = frozenset({"lastModified", "last_modified"})


class DumpFile(Struct, frozen=True):
    """One Parquet file of a dump.

    Attributes:
        name: Name to show in addresses, without any local path.
        path: Where it lies.
        revision: Revision of the dump.
        has_cards: Whether it holds card texts.
        columns: Its columns.
    """

    name: str
    path: Path
    revision: str
    has_cards: bool
    columns: tuple[str, ...]


def acquire(request: CrawlRequest, home: Home, *, progress: Progress | None, clock: Callable[[], datetime]) -> Acquired:
    """Snapshot of the dumps.

    Args:
        request: Its ``origin`` is a folder with Parquet files, or one such file; None fetches the public dumps (some
            gigabytes).
        home: Data folder that the snapshot is written below.
        progress: Where to show progress.
        clock: Wall clock, for ``run.log``.

    Raises:
        UsageError: No such file, no Parquet files, or a plan that a dump cannot carry out.
        SchemaMismatchError: A file is no Parquet, or has neither ``id`` nor ``modelId``.
        UnreachableError: The public dumps cannot be had.
    """
    asked, _ = make_plan(request.plan, request.cards or "all", source="dump", max_models=request.max_models)
    if asked.frame not in ("census", "reporters") or "sample" in asked.cards:
        raise UsageError(
            "--source dump knows the plans census and reporters, and the cards reporters, flagged, all and none"
        )
    files, detail = (
        _local_files(Path(request.origin)) if request.origin is not None else _public_files(request.endpoint, asked)
    )
    if asked.cards == ("none",):
        files = [file for file in files if not file.has_cards]
    whole = asked.frame == "census" and request.max_models is None and all(map(_can_be_kept, files))
    detail |= {"raw": "whole"} if whole else {}
    plan = CrawlPlan(
        source="dump", frame=asked.frame, max_models=request.max_models, cards=asked.cards, fields=(), detail=detail
    )
    folder, reused = shelve(plan, home, request, clock)
    if reused is not None:
        return reused
    began = clock()
    with open_writer(plan, folder, request, clock) as writer:
        if whole:
            rows = _keep(files, writer, progress or Progress(quiet=True))
        else:
            _Loader(plan, files, writer, progress or Progress(quiet=True)).go()
        tally = tally_of(writer, None, (clock() - began).total_seconds())
        if whole:
            tally = msgspec.structs.replace(tally, received={"model": rows})
        writer.complete()
    return Acquired(folder, tally)


def _can_be_kept(file: DumpFile) -> bool:
    """Whether a build can read a file as it is: metadata only, with the types of the public dumps."""
    return not file.has_cards and is_ordinary(pq.ParquetFile(file.path).schema_arrow)


def _keep(files: list[DumpFile], writer: SnapshotWriter, progress: Progress) -> int:
    """Keep the files as received; returns their rows.

    Raises:
        UnreachableError: A file was changed while it was read.
    """
    total = 0
    for place, file in enumerate(files):
        rows = pq.ParquetFile(file.path).metadata.num_rows
        progress.phase(file.name, rows, 0, unit="rows")
        entry = writer.keep_file(f"models-{place:03d}.parquet", partial(shutil.copyfile, file.path))
        if file.revision.startswith("sha256:") and not entry.sha256.startswith(file.revision.removeprefix("sha256:")):
            raise UnreachableError(file.name, "the file was changed while it was read; try again")
        total += rows
        progress.step(rows)
    return total


class _Loader:
    """Loads the files one after the other; the cursor is the file and the row that come next."""

    def __init__(self, plan: CrawlPlan, files: list[DumpFile], writer: SnapshotWriter, progress: Progress) -> None:
        self.plan = plan
        self.files = files
        self.writer = writer
        self.progress = progress
        self.chosen = self._chosen_before()

    def go(self) -> None:
        """Load what is not loaded yet."""
        at, row = self.writer.cursor or (0, 0)
        for place, file in enumerate(self.files[at:], start=at):
            strange = unknown_columns(file.columns)
            if row == 0 and strange:
                self.writer.note(f"{file.name}: unknown columns kept: {', '.join(strange)[:500]}")
            self._load(file, place, row)
            row = 0

    def _load(self, file: DumpFile, place: int, done: int) -> None:
        """Load one file from a row on."""
        total = pq.ParquetFile(file.path).metadata.num_rows
        self.progress.phase(file.name, total, done, unit="rows")
        rows = islice(_rows(file), done, None)
        while page := list(islice(rows, ROWS)):
            envelopes = [envelope for row in page for envelope in self._envelopes(file, row)]
            done += len(page)
            self.writer.append(envelopes, cursor=[place, done])
            self.progress.step(len(page))
        self.writer.append([], cursor=[place + 1, 0])

    def _envelopes(self, file: DumpFile, row: dict[str, Any]) -> Iterator[Envelope]:
        """Envelopes of one row that the plan asks for."""
        if not file.has_cards:
            yield from self._listed_model(model_envelope(row, file.name, file.revision))
            return
        card = card_envelope(row, file.revision, self.chosen)
        if card.id in self.chosen:
            yield card
        elif not self._has_metadata:
            yield from self._listed_model(model_of_card_row(row, file.name, file.revision))
            if card.id in self.chosen:
                yield card_envelope(row, file.revision, self.chosen)

    def _listed_model(self, model: Envelope) -> Iterator[Envelope]:
        """A model that the plan asks for, or a row that is none."""
        if model.failure is not None:
            yield model
        elif self._wants(model) and self._has_room(model):
            self._remember(model)
            yield model

    @property
    def _has_metadata(self) -> bool:
        return any(not file.has_cards for file in self.files)

    def _wants(self, model: Envelope) -> bool:
        return self.plan.frame == "census" or is_reporter(read_head(model))

    def _has_room(self, model: Envelope) -> bool:
        if self.plan.max_models is None:
            return True
        self._listed.add(model.id)
        return len(self._listed) <= self.plan.max_models

    def _remember(self, model: Envelope) -> None:
        """Note a model whose card is asked for."""
        head, cards = read_head(model), self.plan.cards
        reports = is_reporter(head)
        is_flagged = "flagged" in cards and (reports or is_suspect(head))
        if "all" in cards or is_flagged or ("reporters" in cards and reports):
            self.chosen.remember(model.id, model.key)

    def _chosen_before(self) -> KeyMap:
        """Models chosen by earlier runs."""
        self.chosen = KeyMap()
        self._listed = KeySet()
        for model in self.writer.written("model"):
            self._listed.add(model.id)
            self._remember(model)
        return self.chosen


def _rows(file: DumpFile) -> Iterator[dict[str, Any]]:
    """Rows of a file, some at a time."""
    columns = None if not file.has_cards else [name for name in file.columns if name in CARD_COLUMNS]
    parquet = pq.ParquetFile(file.path)
    reader = Columns(file.name, {field.name: str(field.type) for field in parquet.schema_arrow})
    for number, batch in enumerate(parquet.iter_batches(batch_size=ROWS, columns=columns)):
        rows = [reader.row(row) for row in batch.to_pylist()]
        if number == 0:
            reader.check()
        yield from rows
    reader.check()


def _describe(path: Path, name: str, revision: str) -> DumpFile:
    """A Parquet file by its schema.

    Raises:
        SchemaMismatchError: No Parquet, or no column with the name of the model.
    """
    try:
        columns = tuple(pq.ParquetFile(path).schema_arrow.names)
    except (OSError, ValueError) as error:
        raise SchemaMismatchError(f"{name} is not a Parquet file: {str(error)[:200]}") from error
    if not {"id", "modelId"} & set(columns):
        raise SchemaMismatchError(f"{name} has no column 'id' or 'modelId'; its columns are {', '.join(columns)[:300]}")
    return DumpFile(name, path, revision, "card" in columns, columns)


def _local_files(origin: Path) -> tuple[list[DumpFile], dict[str, str]]:
    """Parquet files that lie on this machine; their digest stands for the revision, which is not known."""
    paths = sorted(path for path in files_below(origin) if path.suffix == ".parquet") if origin.is_dir() else [origin]
    if not paths or not all(path.is_file() for path in paths):
        raise UsageError(f"no Parquet files in '{origin}'")
    digests = [file_sha256(path) for path in paths]
    names = [path.relative_to(origin).as_posix() if origin.is_dir() else "dump.parquet" for path in paths]
    files = [
        _describe(*each) for each in zip(paths, names, (f"sha256:{digest[:16]}" for digest in digests), strict=True)
    ]
    together = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    return _ordered(files), {"dump_sha256": together, "dump_date": newest_day(paths) or "not known"}


def _public_files(endpoint: str | None, plan: CrawlPlan) -> tuple[list[DumpFile], dict[str, str]]:
    """The public dumps at their newest revision."""
    wanted = [(METADATA, METADATA_PREFIX, "metadata")]
    if plan.cards != ("none",):
        wanted.append((CARDS, CARDS_PREFIX, "cards"))
    files: list[DumpFile] = []
    detail: dict[str, str] = {}
    for repository, prefix, what in wanted:
        dump = fetch_dump(repository, prefix, endpoint=endpoint)
        files += [_describe(path, f"{repository}/{name}", dump.revision) for name, path in dump.paths.items()]
        detail |= {
            f"{what}_dataset": repository,
            f"{what}_revision": dump.revision,
            f"{what}_date": dump.date or "not known",
        }
    return _ordered(files), detail


def _ordered(files: list[DumpFile]) -> list[DumpFile]:
    """Metadata before cards, so that cards find their models."""
    return sorted(files, key=lambda file: (file.has_cards, file.name))


def newest_day(paths: list[Path]) -> str | None:
    """Newest day among the last changes that the files' own statistics tell of: the day of the dump."""
    days = []
    for path in paths:
        metadata = pq.ParquetFile(path).metadata
        for group in range(metadata.num_row_groups):
            for column in range(metadata.num_columns):
                chunk = metadata.row_group(group).column(column)
                if chunk.path_in_schema in _CHANGES and chunk.statistics is not None and chunk.statistics.has_min_max:
                    days.append(str(chunk.statistics.max)[:10])
    return max(days, default=None)
