"""What one file of an archive shows.

Every model with its strata, and every model whose metadata speak of carbon, in full. The file is read in batches and
mostly by Arrow; only the few rows whose metadata hold a word of carbon are normalized as a build would. A date becomes
a folder with ``members.parquet`` (every model once, sorted by the digest of its name), ``reporters.parquet`` and
``date.json``.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mining.archive.observation import (
    REPORTING,
    SILENT,
    UNKNOWN,
    Observation,
    Reporter,
    members_table,
    read_about,
    reporters_table,
    write_observation,
)
from mining.archive.spill import Spill
from mining.archive.strata import strata_of
from mining.build import name_digests
from mining.errors import DiskFullError, SchemaMismatchError
from mining.files import file_sha256
from mining.normalize.lineage import EmissionRecord, emission_record_of, find
from mining.normalize.model import Normalized, normalize
from mining.schema import Claim, Rejection
from mining.sources.dump_cells import Columns, NotUnderstoodError
from mining.sources.dump_cells import cell as read_cell
from mining.sources.dump_rows import model_envelope
from mining.version import code_version

BATCH_ROWS = 8_192
COLUMNS = (
    "_id", "id", "modelId", "author", "createdAt", "lastModified", "last_modified", "downloads", "tags", "cardData",
    "pipeline_tag",
    "library_name", "safetensors", "baseModels",
)  # fmt: skip
"""Columns that an observation reads; a download of single columns fetches these."""
_SPEAKS = "(?i)co2|carbon|emission"
TEXT_CHARACTERS = 300


def observe(path: Path, label: str, folder: Path) -> Observation:
    """Read one file into its folder, unless an earlier run did.

    Args:
        path: The Parquet file.
        label: Label of its date.
        folder: Where the tables of the date go.

    Raises:
        SchemaMismatchError: No Parquet file, a truncated one, or one without names or metadata.
    """
    digest, code = file_sha256(path), code_version()
    known = read_about(folder)
    if known is not None and (known.sha256, known.code) == (digest, code):
        return known
    with _workspace(folder) as work:
        spill = Spill(work)
        try:
            with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
                reading = _Reading(file)
                spill.add(members_table({}, np.zeros(0, np.uint64)))
                for batch in reading.batches():
                    spill.add(batch)
        except (OSError, pa.ArrowException, ValueError) as error:
            if getattr(error, "errno", None) == ENOSPC:
                raise DiskFullError(f"no room to sort the models of {label}") from error
            words = str(error).splitlines()[0][:160]
            raise SchemaMismatchError(f"{label}: no readable Parquet file ({words})") from error
        reading.note("duplicate-id", spill.sort())
        about = Observation(
            date=label,
            sha256=digest,
            size_bytes=path.stat().st_size,
            rows=reading.rows,
            models=spill.models,
            reporters=spill.states[REPORTING],
            unknown=spill.states[UNKNOWN],
            newest_change=reading.newest,
            types=reading.types,
            notes=dict(sorted(reading.notes.items())),
            code=code,
        )
        write_observation(folder, spill.members(), reading.reporters(), about)
    return about


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """A folder beside a date's, emptied before and removed after, so that a killed run leaves it to the next."""
    beside = folder.with_name(f".{folder.name}.rows")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


class _Reading:
    """Reads one file, batch by batch."""

    def __init__(self, file: pq.ParquetFile) -> None:
        schema = file.schema_arrow
        self.types = {name: str(schema.field(name).type)[:60] for name in COLUMNS if name in schema.names}
        self._name = next((name for name in ("id", "modelId") if name in self.types), "")
        if not self._name or "cardData" not in self.types:
            raise ValueError("it has no column 'id' or no column 'cardData'")
        self._file = file
        self._reader = Columns("", self.types)
        self.rows = 0
        self.newest: str | None = None
        self.notes: Counter[str] = Counter()
        self._normalized: list[tuple[Normalized, str]] = []
        self._emission_records: list[EmissionRecord] = []

    def batches(self) -> Iterator[pa.Table]:
        """Members of the file, some rows at a time."""
        for batch in self._file.iter_batches(batch_size=BATCH_ROWS, columns=list(self.types)):
            table = pa.Table.from_batches([batch])
            self.rows += table.num_rows
            self._see_changes(table)
            names = as_text(table[self._name])
            named = pc.fill_null(pc.greater(pc.utf8_length(names), 0), False)
            self.note("row-without-name", table.num_rows - int(pc.sum(named).as_py() or 0))
            yield self._batch(table.filter(named), names.filter(named))

    def _batch(self, table: pa.Table, names: pa.ChunkedArray) -> pa.Table:
        """Members of some rows."""
        cards = as_text(table["cardData"])
        states = np.zeros(table.num_rows, dtype=np.int8)
        states[_no_object(cards)] = UNKNOWN
        for row in np.flatnonzero(pc.fill_null(pc.match_substring_regex(cards, _SPEAKS), False).to_numpy()):
            cell = cards[row].as_py()
            spoken = table.slice(row, 1).to_pylist()[0] | {"cardData": cell, self._name: names[row].as_py()}
            states[row] = self._take(self._reader.row(spoken), cell) if _is_object(cell) else UNKNOWN
        self.note("metadata-unreadable", int((states == UNKNOWN).sum()))
        author = as_text(table["author"]) if "author" in self.types else pa.nulls(table.num_rows, pa.string())
        owner = pc.coalesce(author, pc.struct_field(pc.extract_regex(names, r"^(?P<owner>[^/]+)/"), "owner"), "")
        columns = {
            "id": names,
            "author": owner,
            "created_s": seconds_of(table["createdAt"]) if "createdAt" in self.types else np.full(len(names), -1),
            "state": states,
            "looked": np.zeros(table.num_rows, dtype=np.bool_),
            **strata_of(table),
        }
        return members_table(columns, name_digests.digests(names.to_pylist()))

    def _take(self, row: dict[str, Any], words: str) -> int:
        """Normalize a row that may speak of carbon; returns its state."""
        outcome = normalize(model_envelope(row, "", ""), source="dump")
        if isinstance(outcome, Rejection):
            self.note(f"rejected-{outcome.reason}", 1)
            return UNKNOWN
        value, _ = value_of(outcome)
        self._normalized.append((outcome, _written(words)))
        record = emission_record_of(outcome.record, outcome.claims, None)
        self._emission_records.extend([record] if record is not None else [])
        return REPORTING if value is not None else SILENT

    def reporters(self) -> pa.Table:
        """Reporters in the order of their names, with what the comparison of all of them found."""
        flags = find(self._emission_records).flags()
        found: dict[str, Reporter] = {}
        for outcome, text in self._normalized:
            record = outcome.record
            if value_of(outcome)[0] is None and not outcome.claims:
                continue
            name = record.model_id or ""
            if name not in found:
                found[name] = reporter_of(outcome, text, flags.get(record.model_key, ()))
        return reporters_table([found[name] for name in sorted(found)])

    def _see_changes(self, table: pa.Table) -> None:
        """Remember the newest last change."""
        for name in ("lastModified", "last_modified"):
            if name in self.types and table.num_rows:
                newest = pc.max(seconds_of(table[name])).as_py()
                if newest is not None and newest > 0:
                    day = str(np.datetime64(int(newest), "s"))
                    self.newest = max(self.newest or day, day)

    def note(self, name: str, times: int) -> None:
        """Count what was set aside or doubted."""
        if times:
            self.notes[name] += times


def reporter_of(outcome: Normalized, text: str, flags: Sequence[str]) -> Reporter:
    """What one model states, with the flags that its own card and the comparison of all gave it."""
    record, carbon, training = outcome.record, outcome.record.carbon, outcome.record.training
    value, unit = value_of(outcome)
    context = (training.hardware, training.region, training.tool, training.energy_kwh, training.duration_h)
    level = "silent" if value is None else "number" if not any(context) else "number with context"
    return Reporter(
        model_id=record.model_id or "",
        model_key=record.model_key,
        source="metadata",
        author=record.author,
        created_at=record.created_at,
        value=value,
        unit=unit,
        text=text[:TEXT_CHARACTERS],
        emissions_gco2e=carbon.emissions_gco2e,
        outcome=carbon.emissions_outcome,
        scope=carbon.emissions_scope,
        flags=tuple(sorted({*carbon.emissions_flags, *flags})),
        level=level,
        tool=training.tool,
        relation=record.base_relation,
    )


def value_of(outcome: Normalized) -> tuple[float | None, str | None]:
    """Number and unit that the metadata hold, before any judgement; a number without a unit has none."""
    claims = _own(outcome.claims)
    if claims:
        return claims[0].value, claims[0].unit
    return outcome.record.emissions_metadata_value, None


def _own(claims: Sequence[Claim]) -> list[Claim]:
    """Emissions in the metadata as claims with a number."""
    return [c for c in claims if c.quantity == "emissions" and c.value is not None and c.where.startswith("metadata:")]


def _written(words: str) -> str:
    """The metadata's words about carbon, as JSON."""
    try:
        return msgspec.json.encode(msgspec.json.decode(words)["co2_eq_emissions"]).decode()
    except (msgspec.DecodeError, KeyError, TypeError):
        return ""


def _is_object(words: str) -> bool:
    """Whether a cell of metadata can be read as a mapping."""
    try:
        found = read_cell("cardData", words)
    except NotUnderstoodError:
        return False
    return isinstance(found, msgspec.Raw) and bytes(found)[:1] == b"{"


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of names or of JSON as text, whatever type the file has for it; bytes that are no text are missing."""
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_dictionary(kind):
        return column.cast(pa.string())
    if pa.types.is_struct(kind) or pa.types.is_map(kind):
        cells = [None if cell is None else msgspec.json.encode(cell).decode() for cell in column.to_pylist()]
    else:
        cells = [_decoded(cell) for cell in column.to_pylist()]
    return pa.chunked_array([pa.array(cells, pa.string())])


def _decoded(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        try:
            return cell.decode()
        except UnicodeDecodeError:
            return None
    return None if cell is None else str(cell)


def seconds_of(column: pa.ChunkedArray) -> pa.Array:
    """Times as seconds since 1970, whatever type the file has for them; -1 where there is none."""
    if not pa.types.is_timestamp(column.type):
        head = pc.utf8_slice_codeunits(as_text(column), 0, 19)
        text = pc.replace_substring(head, " ", "T")
        good = pc.fill_null(pc.match_substring_regex(text, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"), False)
        column = pc.strptime(pc.if_else(good, text, None), format="%Y-%m-%dT%H:%M:%S", unit="s", error_is_null=True)
    return pc.fill_null(pc.cast(pc.cast(column, pa.timestamp("s"), safe=False), pa.int64()), -1)


def _no_object(cards: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows whose metadata are there and are no JSON object: nothing can be said of what they state."""
    text = pc.utf8_trim_whitespace(cards)
    is_object = pc.and_(pc.starts_with(text, "{"), pc.ends_with(text, "}"))
    is_other = pc.and_(pc.invert(is_object), pc.invert(pc.is_in(text, pa.array(["", "null"]))))
    found: np.ndarray[Any, np.dtype[np.bool_]] = pc.fill_null(is_other, False).to_numpy(zero_copy_only=False)
    return found
