"""Parquet files of registry tables.

A writer that renames when it is done, and a reader that refuses what is not of this registry.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from mining.errors import SchemaMismatchError
from mining.files import open_beside
from mining.schema import SCHEMA_VERSION
from mining.tables.columns import VERSION_KEY, arrow_schema, columns, to_arrow, violations

BATCH_ROWS = 32_768
COMPRESSION = "zstd"
UNIQUE_TEXTS = frozenset({
    "model_key", "model_id", "name", "revision", "created_at", "last_modified_at", "text", "address", "detail",
    "evidence",
})  # fmt: skip
"""Columns whose values hardly repeat: a dictionary of them would only be built to be thrown away."""


class TableWriter:
    """Writes one Parquet table in batches, beside its final name, and renames it when closed without an error.

    Args:
        path: Final path of the file.
        struct: Registry struct whose table is written.
        batch_rows: Rows per row group.

    Raises:
        SchemaMismatchError: On writing, when a batch breaks the registry.
    """

    def __init__(self, path: Path, struct: type[Struct], *, batch_rows: int = BATCH_ROWS) -> None:
        self.path = path
        self.struct = struct
        self.rows = 0
        self._batch_rows = batch_rows
        self._pending: list[Struct] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._temporary, handle = open_beside(path)
        os.close(handle)
        repeating = [column.name for column in columns(struct) if column.name not in UNIQUE_TEXTS]
        self._file = pq.ParquetWriter(
            self._temporary, arrow_schema(struct), compression=COMPRESSION, use_dictionary=repeating
        )

    def __enter__(self) -> TableWriter:
        """Open for writing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Rename into place, or drop what was written when an error is under way."""
        try:
            if kind is None:
                self.close()
        finally:
            try:
                self._file.close()
            finally:
                self._temporary.unlink(missing_ok=True)

    def write(self, records: Sequence[Struct]) -> None:
        """Add records; row groups are cut at the same places however they are handed in."""
        self._pending.extend(records)
        while len(self._pending) >= self._batch_rows:
            batch, self._pending = self._pending[: self._batch_rows], self._pending[self._batch_rows :]
            self._flush(to_arrow(batch, self.struct))

    def write_table(self, table: pa.Table) -> None:
        """Add an Arrow table of the registry schema as one row group."""
        if self._pending:
            batch, self._pending = self._pending, []
            self._flush(to_arrow(batch, self.struct))
        self._flush(table.cast(arrow_schema(self.struct)))

    def close(self) -> None:
        """Write what is left and give the file its name."""
        if self._pending:
            batch, self._pending = self._pending, []
            self._flush(to_arrow(batch, self.struct))
        self._file.close()
        self._temporary.replace(self.path)

    def _flush(self, table: pa.Table) -> None:
        faults = violations(table, self.struct)
        if faults:
            raise SchemaMismatchError(f"{self.path.name} breaks the registry: {'; '.join(faults[:5])}")
        self.rows += table.num_rows
        self._file.write_table(table, row_group_size=max(self._batch_rows, 1))


def write_table(path: Path, records: Sequence[Struct], struct: type[Struct]) -> int:
    """Write all records as one Parquet table; returns the number of rows."""
    with TableWriter(path, struct) as writer:
        writer.write(records)
    return len(records)


def open_table(path: Path, struct: type[Struct]) -> pq.ParquetFile:
    """Open a Parquet table after checking that it was written under this registry.

    Raises:
        SchemaMismatchError: No such file, no Parquet file, another schema version, or unknown, missing or retyped
            columns.
    """
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise SchemaMismatchError(
            f"{path.name}: not a readable table ({type(error).__name__}); build the snapshot again"
        ) from error
    _refuse(path.name, file.schema_arrow, struct)
    return file


def _refuse(name: str, found: pa.Schema, struct: type[Struct]) -> None:
    expected = arrow_schema(struct)
    version = (found.metadata or {}).get(VERSION_KEY, b"none").decode()
    if version != SCHEMA_VERSION:
        raise SchemaMismatchError(
            f"{name}: schema version {version}, this program reads {SCHEMA_VERSION}; build the snapshot again"
        )
    unknown = sorted(set(found.names) - set(expected.names))
    missing = sorted(set(expected.names) - set(found.names))
    if unknown or missing:
        raise SchemaMismatchError(
            f"{name}: unknown columns {unknown}, missing columns {missing}; build the snapshot again"
        )
    retyped = [column.name for column in expected if found.field(column.name).type != column.type]
    if retyped:
        raise SchemaMismatchError(f"{name}: columns of another type: {retyped}; build the snapshot again")


def read_table(path: Path, struct: type[Struct], names: Sequence[str] | None = None) -> pa.Table:
    """Read a table, or some of its columns, after the same check as :func:`open_table`."""
    with open_table(path, struct) as file:
        return file.read(columns=list(names) if names is not None else None)


def iter_tables(path: Path, struct: type[Struct], names: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Read a table one row group at a time (bounded memory)."""
    with open_table(path, struct) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=list(names) if names is not None else None)


def read_records(path: Path, struct: type[Struct]) -> Iterator[Struct]:
    """Read a table back as registry structs, nested structs rebuilt."""
    for table in iter_tables(path, struct):
        for row in table.to_pylist():
            yield from_row(row, struct)


def from_row(row: Mapping[str, Any], struct: type[Struct]) -> Struct:
    """Rebuild a registry struct from one flat row."""
    hints = get_type_hints(struct)
    values: dict[str, Any] = {}
    for name in struct.__struct_fields__:
        hint = hints[name]
        if isinstance(hint, type) and issubclass(hint, Struct):
            values[name] = from_row(row, hint)
        else:
            values[name] = tuple(row[name]) if isinstance(row[name], list) else row[name]
    return struct(**values)
