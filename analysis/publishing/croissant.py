"""Croissant 1.1 metadata (docs.mlcommons.org/croissant) with its RAI extension: a record set a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.publishing.tables import Table

CONFORMS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
DATA_TYPES = {
    "text": "sc:Text", "texts": "sc:Text", "whole": "cr:Int64", "number": "cr:Float64", "truth": "sc:Boolean",
}  # fmt: skip


def croissant(tables: Sequence[Table], digests: Mapping[str, str], about: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata as JSON-LD.

    Args:
        tables: Tables of the data set.
        digests: SHA-256 of every file by its name.
        about: Properties of the data set: name, description, license, url, citeAs, version and the ``rai:`` ones.
    """
    return {
        "@context": json.loads(Path(__file__).with_name("croissant_context.json").read_text(encoding="utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        **about,
        "distribution": [_file(table, digests[table.file]) for table in tables],
        "recordSet": [_record_set(table) for table in tables],
    }


def _file(table: Table, digest: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{table.name}-file",
        "name": table.file,
        "contentUrl": table.file,
        "encodingFormat": "application/x-parquet",
        "sha256": digest,
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "field": [_field(table, place) for place in range(len(table.columns))],
    }


def _field(table: Table, place: int) -> dict[str, Any]:
    column = table.columns[place]
    missing = "" if column.missing in {"", "never missing"} else f" Missing: {column.missing}."
    unit = f" Unit: {column.unit}." if column.unit else ""
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": f"{column.meaning}{unit}{missing}",
        "dataType": DATA_TYPES[column.kind],
        "source": {"fileObject": {"@id": f"{table.name}-file"}, "extract": {"column": column.name}},
    }
    if column.kind == "texts":
        field |= {"isArray": True, "arrayShape": "-1"}
    return field
