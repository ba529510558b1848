"""Tables for other programs: CSV that is safe to open in a spreadsheet, with a Frictionless descriptor.

A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"); numbers are
written as they are. Model cards hold names and addresses of people, so the words quoted from cards can be left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mining.escaping import FORMULA_STARTS
from mining.files import write_bytes, written_beside
from mining.paths import Processed
from mining.schema import SCHEMA_VERSION, TABLES
from mining.tables import TableColumn, columns, iter_tables
from mining.version import package_version

DESCRIPTOR = "datapackage.json"
LIST_SEPARATOR = " "
CARD_TEXT = {"claims": ("text", "section", "subject"), "rejects": ("detail",)}
"""Columns that quote cards word for word."""

_FULL_WIDTH = {"＝", "＋", "－", "＠"}
_FRICTIONLESS = {"text": "string", "whole": "integer", "number": "number", "truth": "boolean", "texts": "string"}


def export(
    processed: Processed, folder: Path, *, with_card_text: bool = True, tables: Mapping[str, type[Struct]] | None = None
) -> Path:
    """Write the registry's tables as CSV.

    Args:
        processed: Where the tables lie.
        folder: Where the files go; it is made where it does not exist.
        with_card_text: Also write columns that quote cards word for word.
        tables: Tables to write; all of the registry by default.

    Returns:
        Path of the descriptor ``datapackage.json``.

    Raises:
        SchemaMismatchError: A table is missing or was written under another schema version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for name, struct in (tables or TABLES).items():
        left_out = () if with_card_text else CARD_TEXT.get(name, ())
        kept = [column for column in columns(struct) if column.name not in left_out]
        rows = _write_csv(processed.table(name), folder / f"{name}.csv", struct, kept)
        resources.append(_resource(name, struct, kept, rows))
    descriptor = folder / DESCRIPTOR
    write_bytes(
        descriptor, msgspec.json.format(msgspec.json.encode(_package(resources, with_card_text)), indent=1) + b"\n"
    )
    return descriptor


def _write_csv(source: Path, target: Path, struct: type[Struct], kept: list[TableColumn]) -> int:
    """Write one table, a row group at a time; returns its rows."""
    names = [column.name for column in kept]
    rows = 0
    with written_beside(target) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        for table in iter_tables(source, struct, names):
            lists = [table[name].to_pylist() for name in names]
            writer.writerows([safe_cell(value) for value in row] for row in zip(*lists, strict=True))
            rows += table.num_rows
    return rows


def safe_cell(value: Any) -> Any:
    """One cell: lists joined, truth in lower case, text that a spreadsheet takes for a formula made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = join_list(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text[:1] in _FULL_WIDTH else text


def join_list(items: Iterable[str]) -> str:
    """A list as one text; blanks inside an item become underscores, so that it can be split again."""
    return LIST_SEPARATOR.join(item.replace(LIST_SEPARATOR, "_") for item in items)


def _resource(name: str, struct: type[Struct], kept: list[TableColumn], rows: int) -> dict[str, Any]:
    """One table in the descriptor."""
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": (struct.__doc__ or "").strip().splitlines()[0],
        "rows": rows,
        "schema": {"fields": [_field(column) for column in kept], "missingValues": [""]},
    }


def _field(column: TableColumn) -> dict[str, Any]:
    """One column in the descriptor, with unit and meaning."""
    constraints: dict[str, Any] = {"required": not column.is_nullable} if column.kind != "text" else {}
    if column.ge is not None:
        constraints["minimum"] = column.ge
    if column.le is not None:
        constraints["maximum"] = column.le
    if column.allowed is not None:
        constraints["enum"] = list(column.allowed)
    said = {
        "name": column.name,
        "type": _FRICTIONLESS[column.kind],
        "description": column.meaning,
        "constraints": constraints,
    }
    return (
        said
        | ({"unit": column.unit} if column.unit else {})
        | ({"missing": column.missing} if column.is_nullable else {})
    )


def _package(resources: list[dict[str, Any]], with_card_text: bool) -> dict[str, Any]:
    """The descriptor (Frictionless data package, version 1)."""
    note = "Columns that quote model cards are included: cards are their authors' text and may name people."
    if not with_card_text:
        note = "Columns that quote model cards word for word were left out."
    return {
        "profile": "tabular-data-package",
        "name": "hf-carbon",
        "title": "Carbon disclosure on the Hugging Face Hub",
        "version": f"{package_version()} (schema {SCHEMA_VERSION})",
        "description": note,
        "resources": resources,
    }
