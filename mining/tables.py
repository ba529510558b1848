"""Registry structs as tables: Arrow schema, validator, data dictionary, and the writer and checking reader of Parquet files.

Everything here derives from the structs in ``mining.schema``; nothing is said twice. Fields of a nested struct become columns of the
same name in the outer table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import TracebackType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from mining.errors import SchemaMismatchError
from mining.schema import SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    import pandera.pandas as pandera_pandas

VERSION_KEY = b"hf-carbon.schema-version"
TABLE_KEY = b"hf-carbon.table"
BATCH_ROWS = 32_768
COMPRESSION = "zstd"
UNIQUE_TEXTS = frozenset(
    {"model_key", "model_id", "name", "revision", "created_at", "last_modified_at", "text", "address", "detail", "evidence"}
)
"""Columns whose values hardly repeat: a dictionary of them would only be built to be thrown away."""

_ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "texts": pa.list_(pa.string()),
}
_KINDS: dict[Any, str] = {str: "text", int: "whole", float: "number", bool: "truth"}


@dataclass(frozen=True)
class Column:
    """One column of a registry table.

    Attributes:
        name: Column name; the unit is its last word.
        origin: Dotted path of the attribute in the struct.
        kind: ``text``, ``whole``, ``number``, ``truth`` or ``texts`` (a list of text).
        is_nullable: Whether the value may be missing.
        meaning, unit, missing, path: As said in the registry.
        ge, le: Smallest and largest value allowed.
        allowed: Closed list of values, where there is one.
    """

    name: str
    origin: str
    kind: str
    is_nullable: bool
    meaning: str
    unit: str | None = None
    missing: str = ""
    path: str | None = None
    ge: float | None = None
    le: float | None = None
    allowed: tuple[str, ...] | None = None

    @property
    def arrow_type(self) -> pa.DataType:
        """Arrow type of the column."""
        return _ARROW_TYPES[self.kind]

    @property
    def arrow_field(self) -> pa.Field:
        """Arrow field with unit and meaning as metadata."""
        notes = {"unit": self.unit, "meaning": self.meaning, "missing": self.missing, "path": self.path}
        return pa.field(self.name, self.arrow_type, nullable=self.is_nullable, metadata={k: v for k, v in notes.items() if v})


@cache
def columns(struct: type[Struct]) -> tuple[Column, ...]:
    """Columns of the table of a registry struct, nested structs flattened, in order of definition."""
    found: list[Column] = []
    hints = get_type_hints(struct, include_extras=True)
    for name in struct.__struct_fields__:
        hint = hints[name]
        if isinstance(hint, type) and issubclass(hint, Struct):
            found.extend(_nested(inner, name) for inner in columns(hint))
        else:
            found.append(_column(name, hint))
    return tuple(found)


def _nested(column: Column, outer: str) -> Column:
    """The same column, reached through the attribute ``outer``."""
    return Column(**{**vars(column), "origin": f"{outer}.{column.origin}"})


def _column(name: str, hint: Any) -> Column:
    """Describe one annotated field."""
    if get_origin(hint) is not Annotated:
        raise TypeError(f"field '{name}' has no description in the registry")
    inner, *notes = get_args(hint)
    meta = next(note for note in notes if isinstance(note, msgspec.Meta))
    extra = meta.extra or {}
    kind, is_nullable, allowed = _kind(name, inner)
    return Column(
        name=name,
        origin=name,
        kind=kind,
        is_nullable=is_nullable,
        meaning=meta.description or "",
        unit=extra.get("unit"),
        missing=extra.get("missing", ""),
        path=extra.get("path"),
        ge=extra.get("ge"),
        le=extra.get("le"),
        allowed=allowed,
    )


def _kind(name: str, hint: Any) -> tuple[str, bool, tuple[str, ...] | None]:
    """Kind, nullability and closed list of a plain type."""
    is_nullable = False
    if get_origin(hint) in (Union, UnionType):
        members = [member for member in get_args(hint) if member is not type(None)]
        if len(members) != 1:
            raise TypeError(f"field '{name}' has more than one type")
        is_nullable, hint = True, members[0]
    if get_origin(hint) is Literal:
        return "text", is_nullable, get_args(hint)
    if get_origin(hint) is tuple:
        return "texts", is_nullable, None
    if hint not in _KINDS:
        raise TypeError(f"field '{name}' has a type that no table can hold: {hint}")
    return _KINDS[hint], is_nullable, None


def table_name(struct: type[Struct]) -> str:
    """Name under which a struct is registered; its class name in lower case where it is not."""
    return next((name for name, known in TABLES.items() if known is struct), struct.__name__.lower())


@cache
def arrow_schema(struct: type[Struct]) -> pa.Schema:
    """Arrow schema of the table, with the registry's version in its metadata."""
    notes = {VERSION_KEY: SCHEMA_VERSION.encode(), TABLE_KEY: table_name(struct).encode()}
    return pa.schema([column.arrow_field for column in columns(struct)], metadata=notes)


@cache
def _row_getter(struct: type[Struct]) -> attrgetter[tuple[Any, ...]]:
    return attrgetter(*(column.origin for column in columns(struct)))


def to_arrow(records: Sequence[Struct], struct: type[Struct]) -> pa.Table:
    """Turn records into an Arrow table of their registry schema."""
    schema = arrow_schema(struct)
    if not records:
        return schema.empty_table()
    by_column = zip(*map(_row_getter(struct), records), strict=True)
    arrays = [pa.array(values, type=column.type) for values, column in zip(by_column, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def violations(table: pa.Table, struct: type[Struct]) -> list[str]:
    """What in a table breaks the registry: missing values, bounds, closed lists; one short sentence per column.

    Args:
        table: Any table; only columns of the struct are looked at.
        struct: Registry struct.

    Returns:
        Sentences, empty when all is well.
    """
    found: list[str] = []
    for column in columns(struct):
        if column.name in table.column_names:
            found.extend(f"{column.name}: {fault}" for fault in _faults(table[column.name], column))
    return found


def _faults(values: pa.ChunkedArray, column: Column) -> Iterator[str]:
    if not column.is_nullable and values.null_count:
        yield f"{values.null_count} missing"
    if column.kind in {"whole", "number"}:
        yield from _range_faults(values, column)
    if column.allowed is not None:
        known = pc.or_kleene(pc.is_in(values, value_set=pa.array(column.allowed)), pc.is_null(values))
        if not pc.all(known).as_py():
            yield "a value outside its closed list"


def _range_faults(values: pa.ChunkedArray, column: Column) -> Iterator[str]:
    if column.kind == "number" and pc.any(pc.invert(pc.is_finite(values))).as_py():
        yield "a number that is not finite"
    if column.ge is not None and pc.any(pc.less(values, column.ge)).as_py():
        yield f"a value below {column.ge:g}"
    if column.le is not None and pc.any(pc.greater(values, column.le)).as_py():
        yield f"a value above {column.le:g}"


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
        self._temporary = path.with_name(f".{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        repeating = [column.name for column in columns(struct) if column.name not in UNIQUE_TEXTS]
        self._file = pq.ParquetWriter(self._temporary, arrow_schema(struct), compression=COMPRESSION, use_dictionary=repeating)

    def __enter__(self) -> TableWriter:
        """Open for writing."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Rename into place, or drop what was written when an error is under way."""
        try:
            if kind is None:
                self.close()
        finally:
            self._file.close()
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
        SchemaMismatchError: No such file, no Parquet file, another schema version, or unknown, missing or retyped columns.
    """
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise SchemaMismatchError(f"{path.name}: not a readable table ({type(error).__name__}); build the snapshot again") from error
    _refuse(path.name, file.schema_arrow, struct)
    return file


def _refuse(name: str, found: pa.Schema, struct: type[Struct]) -> None:
    expected = arrow_schema(struct)
    version = (found.metadata or {}).get(VERSION_KEY, b"none").decode()
    if version != SCHEMA_VERSION:
        raise SchemaMismatchError(f"{name}: schema version {version}, this program reads {SCHEMA_VERSION}; build the snapshot again")
    unknown = sorted(set(found.names) - set(expected.names))
    missing = sorted(set(expected.names) - set(found.names))
    if unknown or missing:
        raise SchemaMismatchError(f"{name}: unknown columns {unknown}, missing columns {missing}; build the snapshot again")
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


def validator(struct: type[Struct]) -> pandera_pandas.DataFrameSchema:
    """Pandera schema of the table as a pandas frame, for users of the tables (strict: no unknown columns); imported late, it is slow."""
    import pandera.pandas as pandera

    return pandera.DataFrameSchema(
        {column.name: pandera.Column(None, checks=_checks(column), nullable=column.is_nullable) for column in columns(struct)},
        strict=True,
        name=table_name(struct),
    )


def _checks(column: Column) -> list[Any]:
    import pandera.pandas as pandera

    checks = []
    if column.ge is not None:
        checks.append(pandera.Check.ge(column.ge))
    if column.le is not None:
        checks.append(pandera.Check.le(column.le))
    if column.allowed is not None:
        checks.append(pandera.Check.isin(list(column.allowed)))
    return checks


_KIND_WORDS = {"text": "text", "whole": "whole number", "number": "number", "truth": "true or false", "texts": "list of text"}


def dictionary(tables: Mapping[str, type[Struct]] | None = None) -> str:
    """Data dictionary of the tables as Markdown."""
    parts = [
        f"# Data dictionary\n\nSchema version {SCHEMA_VERSION}. One heading per table; the unit of a column is the last word of its name.\n"
    ]
    for name, struct in (tables or TABLES).items():
        summary = (struct.__doc__ or "").strip().splitlines()[0]
        parts.append(
            f"## {name}\n\n{summary}\n\n| column | type | unit | meaning | a missing value means | on the Hub |\n|---|---|---|---|---|---|"
        )
        parts.extend(_dictionary_line(column) for column in columns(struct))
        parts.append("")
    return "\n".join(parts)


def _dictionary_line(column: Column) -> str:
    meaning = column.meaning
    if column.allowed is not None:
        meaning += " One of: " + ", ".join(f"`{value}`" for value in column.allowed) + "."
    cells = (
        f"`{column.name}`",
        _KIND_WORDS[column.kind],
        column.unit or "",
        meaning,
        column.missing,
        f"`{column.path}`" if column.path else "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
