"""Columns of a registry table.

Read off the structs, turned into Arrow, and checked against what the registry allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from mining.schema import SCHEMA_VERSION, TABLES

VERSION_KEY = b"hf-carbon.schema-version"
TABLE_KEY = b"hf-carbon.table"

_ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "texts": pa.list_(pa.string()),
}
_KINDS: dict[Any, str] = {str: "text", int: "whole", float: "number", bool: "truth"}


@dataclass(frozen=True)
class TableColumn:
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
        return pa.field(
            self.name, self.arrow_type, nullable=self.is_nullable, metadata={k: v for k, v in notes.items() if v}
        )


@cache
def columns(struct: type[Struct]) -> tuple[TableColumn, ...]:
    """Columns of the table of a registry struct, nested structs flattened, in order of definition."""
    found: list[TableColumn] = []
    hints = get_type_hints(struct, include_extras=True)
    for name in struct.__struct_fields__:
        hint = hints[name]
        if isinstance(hint, type) and issubclass(hint, Struct):
            found.extend(_nested(inner, name) for inner in columns(hint))
        else:
            found.append(_column(name, hint))
    return tuple(found)


def _nested(column: TableColumn, outer: str) -> TableColumn:
    """The same column, reached through the attribute ``outer``."""
    return TableColumn(**{**vars(column), "origin": f"{outer}.{column.origin}"})


def _column(name: str, hint: Any) -> TableColumn:
    """Describe one annotated field."""
    if get_origin(hint) is not Annotated:
        raise TypeError(f"field '{name}' has no description in the registry")
    inner, *notes = get_args(hint)
    meta = next(note for note in notes if isinstance(note, msgspec.Meta))
    extra = meta.extra or {}
    kind, is_nullable, allowed = _kind(name, inner)
    return TableColumn(
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


def to_arrow(records: Sequence[Struct], struct: type[Struct]) -> pa.Table:
    """Turn records into an Arrow table of their registry schema."""
    schema = arrow_schema(struct)
    if not records:
        return schema.empty_table()
    return pa.Table.from_arrays(list(_arrays(records, struct)), schema=schema)


def _arrays(records: Sequence[Struct], struct: type[Struct]) -> Iterator[pa.Array]:
    """One array a column; each column is read in a pass of its own, which spares a tuple a record."""
    for name, inner, arrow_type in _fields(struct):
        values = list(map(attrgetter(name), records))
        if inner is None:
            yield pa.array(values, type=arrow_type)
        else:
            yield from _inner_arrays(values, inner)


@cache
def _fields(struct: type[Struct]) -> tuple[tuple[str, type[Struct] | None, pa.DataType | None], ...]:
    """Fields of a struct: name, the struct nested there, or the Arrow type of the column."""
    hints = get_type_hints(struct)
    types = {column.name: column.arrow_type for column in columns(struct)}
    nested = {
        name for name in struct.__struct_fields__ if isinstance(hints[name], type) and issubclass(hints[name], Struct)
    }
    return tuple((name, hints[name] if name in nested else None, types.get(name)) for name in struct.__struct_fields__)


def _inner_arrays(holders: Sequence[Struct], struct: type[Struct]) -> Iterator[pa.Array]:
    """Columns of a nested struct; one that many records share, such as the default, is turned into Arrow once."""
    names = list(map(id, holders))
    distinct = dict(zip(names, holders, strict=True))
    arrays = _arrays(list(distinct.values()), struct)
    if len(distinct) == len(holders):
        yield from arrays
        return
    places = {name: place for place, name in enumerate(distinct)}
    indices = pa.array([places[name] for name in names], type=pa.int32())
    for array in arrays:
        yield array.take(indices)


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


def _faults(values: pa.ChunkedArray, column: TableColumn) -> Iterator[str]:
    if not column.is_nullable and values.null_count:
        yield f"{values.null_count} missing"
    if column.kind in {"whole", "number"}:
        yield from _range_faults(values, column)
    if column.allowed is not None:
        known = pc.or_kleene(pc.is_in(values, value_set=pa.array(column.allowed)), pc.is_null(values))
        if not pc.all(known).as_py():
            yield "a value outside its closed list"


def _range_faults(values: pa.ChunkedArray, column: TableColumn) -> Iterator[str]:
    if column.kind == "number" and pc.any(pc.invert(pc.is_finite(values))).as_py():
        yield "a number that is not finite"
    if column.ge is not None and pc.any(pc.less(values, column.ge)).as_py():
        yield f"a value below {column.ge:g}"
    if column.le is not None and pc.any(pc.greater(values, column.le)).as_py():
        yield f"a value above {column.le:g}"
