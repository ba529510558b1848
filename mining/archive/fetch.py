"""Dates of the weekly archive as raw snapshots.

Whole files with their digest, or single columns read over HTTP ranges.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from mining.archive.dates import FILE, PREFIX, WEEK, ArchiveDate, DateNote, Every, choose, dates_in, read_range
from mining.archive.observe import COLUMNS
from mining.crawl.plan import CrawlPlan
from mining.crawl.request import Acquired, CrawlRequest, shelve
from mining.crawl.tally import tally_of
from mining.errors import SchemaMismatchError, UnreachableError, UsageError
from mining.files import file_sha256
from mining.hub.archive import ArchivedFile, download, list_archive, opened
from mining.paths import Home
from mining.snapshot.writer import utc_now
from mining.sources.cards import open_writer

Raw = Literal["whole", "columns"]
BEGAN = date(2024, 7, 1)
LARGEST_BYTES = 1_572_863_800
"""Size of ``models/2026-09-30/models.parquet``, the largest that is known (list of the archive, November 2026)."""
ASSUMED_BYTES_PER_S = 25e6
READ_S = 120.0
"""Seconds that one core is assumed to read a date of three million models for: about twice the measured 4.2 s of CPU
per 200,000 rows (63 s)."""


class ArchiveRequest(Struct, frozen=True, kw_only=True):
    """Which dates of the archive are wanted, and how.

    Attributes:
        origin: Folder of an archive, or address of a Hub that serves it; None for the public one.
        dates: Range of dates, as written by the user.
        every: One date of each week or month.
        raw: Whole files, or the columns that a history needs.
        refresh: Fetch anew although a snapshot lies there.
        protocol_hash: Hash of the study protocol.
    """

    origin: str | None = None
    dates: str | None = None
    every: Every | None = None
    raw: Raw = "whole"
    refresh: bool = False
    protocol_hash: str | None = None

    @property
    def endpoint(self) -> str | None:
        """Address of the Hub; None for the usual one."""
        return self.origin if self.origin and self.origin.startswith(("http://", "https://")) else None


def chosen(request: ArchiveRequest) -> tuple[list[ArchivedFile | ArchiveDate], list[DateNote]]:
    """The dates that are asked for.

    Raises:
        UsageError: There are none.
        UnreachableError: The archive cannot be listed.
    """
    if request.origin is not None and request.endpoint is None:
        here, odd = dates_in(Path(request.origin))
        dates, notes = choose(here, dates=request.dates, every=request.every)
        files: list[ArchivedFile | ArchiveDate] = list(dates)
    else:
        there = {one.label: one for one in list_archive(request.endpoint)}
        labels = [ArchiveDate(label, Path(one.name)) for label, one in there.items()]
        dates, notes = choose(labels, dates=request.dates, every=request.every)
        odd, files = [], [there[one.label] for one in dates]
    if not files:
        raise UsageError(f"the archive has no date in {request.dates or 'it'}")
    return files, odd + notes


def fetch(
    one: ArchivedFile | ArchiveDate, request: ArchiveRequest, home: Home, clock: Callable[[], datetime] = utc_now
) -> Acquired:
    """One date as a raw snapshot; one that lies there is reused, a partial one goes on.

    Raises:
        SchemaMismatchError: The file is no Parquet file, or not the one that was declared.
        UnreachableError: It cannot be had.
    """
    plan = CrawlPlan(source="dump", frame="census", cards=("none",), fields=(), detail=_detail(one, request.raw))
    asked = CrawlRequest(source="dump", refresh=request.refresh, resume=True, protocol_hash=request.protocol_hash)
    folder, reused = shelve(plan, home, asked, clock, name=f"dump-weekly-{one.label}-{request.raw}")
    if reused is not None:
        return reused
    began = clock()
    with open_writer(plan, folder, asked, clock) as writer:
        entry = writer.keep_file(FILE, lambda target: _fill(one, request, target))
        writer.note(f"date {one.label} is a label: the file may be up to a week younger, or repeat the week before")
        if request.raw == "columns":
            writer.note(
                "single columns: the digest is of what is kept; that of the whole file is declared, not verified"
            )
        elif isinstance(one, ArchivedFile) and one.sha256 not in (None, entry.sha256):
            raise SchemaMismatchError(f"{one.label}: the file's SHA-256 is not the one that the archive declares")
        tally = tally_of(writer, None, (clock() - began).total_seconds())
        writer.complete()
    return Acquired(folder, tally)


def _detail(one: ArchivedFile | ArchiveDate, raw: Raw) -> dict[str, str]:
    """What tells the plan of a date from others, and what the archive declares of it."""
    detail = {"dump": "weekly", "date": one.label, "raw": raw, "upstream_commit": "not known"}
    if isinstance(one, ArchivedFile):
        detail |= {
            "archive_revision": one.revision,
            "declared_sha256": one.sha256 or "not declared",
            "declared_size_bytes": str(one.size_bytes),
        }
    elif one.path is not None:
        detail["declared_sha256"] = file_sha256(one.path)
    return detail


def _fill(one: ArchivedFile | ArchiveDate, request: ArchiveRequest, target: Path) -> None:
    """Write the file of a date."""
    if isinstance(one, ArchiveDate):
        if one.path is None:
            raise UnreachableError(one.label, f"the folder holds no {FILE}")
        if request.raw == "whole":
            pq.read_metadata(_checked(one.path, one.label))
            shutil.copyfile(one.path, target)
        else:
            with one.path.open("rb") as stream:
                copy_columns(stream, target, one.label)
    elif request.raw == "columns":
        with opened(one, request.endpoint) as remote:
            copy_columns(remote, target, one.label)
    else:
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target.parent) as folder:
            shutil.move(_checked(download(one, Path(folder), request.endpoint), one.label), target)


def _checked(path: Path, label: str) -> Path:
    """A file that is a Parquet file."""
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise SchemaMismatchError(f"{label}: no readable Parquet file ({str(error).splitlines()[0][:120]})") from error
    return path


def copy_columns(source: IO[bytes], target: Path, label: str) -> None:
    """Copy the columns that a history needs, batch by batch, types as they are."""
    try:
        file = pq.ParquetFile(source)
        names = [name for name in file.schema_arrow.names if name in COLUMNS]
        schema = pa.schema([file.schema_arrow.field(name) for name in names])
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for group in range(file.num_row_groups):
                for batch in file.iter_batches(row_groups=[group], columns=names, batch_size=65_536):
                    writer.write_batch(batch)
    except (pa.ArrowException, EOFError) as error:
        raise SchemaMismatchError(f"{label}: no readable Parquet file ({str(error).splitlines()[0][:120]})") from error


def projected(request: ArchiveRequest) -> Iterator[str]:
    """Traffic and time of a request, in words; the public archive is not asked for it."""
    if request.origin is not None:
        files, _ = chosen(request)
        sizes = [_size(one) for one in files]
        words = "as the archive declares"
    else:
        low, high = read_range(request.dates)
        days = (min(high, date.today()) - max(low, BEGAN)).days
        weeks = max(0, days // WEEK.days + 1)
        sizes = [LARGEST_BYTES] * (weeks if request.every != "month" else -(-weeks * 7 // 30))
        words = f"at most: every date as large as {PREFIX}/2026-09-30/{FILE}, {LARGEST_BYTES / 1e9:.2f} GB"
    total, hours = sum(sizes), sum(sizes) / ASSUMED_BYTES_PER_S / 3600
    yield f"{len(sizes):,} dates, {total / 1e9:.3g} GB ({words})"
    if request.raw == "columns":
        yield "single columns: less, as far as the files hold other columns"
    yield (
        f"assumed: {hours:.2g} h to fetch at {ASSUMED_BYTES_PER_S / 1e6:.0f} MB/s, and "
        f"{len(sizes) * READ_S / 3600:.2g} h to read on one core "
        f"at {READ_S:.0f} s a date (measured: 4.2 s of CPU per 200,000 rows), dates in parallel"
    )


def _size(one: ArchivedFile | ArchiveDate) -> int:
    if isinstance(one, ArchivedFile):
        return one.size_bytes or 0
    return one.path.stat().st_size if one.path is not None else 0
