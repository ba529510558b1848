"""A pure adapter: rows of the published tables become model records, claims and metrics.

The published files know no author and no front matter, so a record's key is the row of ``HFStreamlit.csv`` and its name
is the bare repository name. Nothing is keyed on that name: curated rows are matched on name *and* creation time, which
tells the copies of a card apart that the study's own merge confused (a bare-name join turned 1,417 rows into 1,419).

A context value that the study mined (hardware, region, tool, training type) stood in the front matter when it is not
found in the card's body; only then is it taken as a metadata claim. What stands in the body is read from the body
again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import msgspec
import pandas as pd

from mining.card import read_card, settle
from mining.card.extract.context import complete, context
from mining.normalize.generator import generator_of
from mining.schema import Claim, Metric, ModelRecord
from mining.snapshot import SnapshotReader
from mining.sources.published import read_tables

NOT_SPECIFIED = "Not Specified"
METRICS = ("accuracy", "f1", "rouge1", "rougeL", "loss")
METADATA_KEYS = {
    "hardware_used": "hardware_used",
    "geographical_location": "geographical_location",
    "training_type": "training_type",
    "source": "source",
}
CURATED_KEYS = {
    "hardware_used": "hardware",
    "geographical_location": "region",
    "cloud_provider": "provider",
    "training_type": "training-type",
}
Row = dict[str, Any]
Parsed = tuple[ModelRecord, list[Claim], list[Metric]]


def records(reader: SnapshotReader) -> Iterator[Parsed]:
    """Model records, claims and metrics of the published snapshot, in the order of ``HFStreamlit.csv``.

    Args:
        reader: Reader of a ``published`` snapshot.

    Yields:
        One (record, claims, metrics) for each of the 1,417 rows. Emissions are settled from the metadata value and the
        card's body.
    """
    tables = read_tables(reader)
    curated = {_identity(row): (number, row) for number, row in enumerate(_rows(tables["curated"]), start=2)}
    for number, row in enumerate(_rows(tables["mined"])):
        yield _parse(f"row-{number:04d}", row, *curated.get(_identity(row), (0, {})))


def _rows(frame: pd.DataFrame) -> Iterator[Row]:
    """Rows as dictionaries with None for everything missing."""
    for row in frame.astype(object).where(frame.notna(), None).to_dict(orient="records"):
        yield {str(key): None if value == NOT_SPECIFIED else value for key, value in row.items()}


def _identity(row: Row) -> tuple[str, str]:
    """What tells two repositories of the same bare name apart."""
    return str(row["modelId"]), str(row["created_at"])


def _parse(key: str, row: Row, curated_line: int, curated: Row) -> Parsed:
    """One record with its claims and metrics."""
    tags = tuple(
        sorted(name.removeprefix("is_") for name, value in row.items() if name.startswith("is_") and value == 1)
    )
    reading = read_card(row["modelcard_text"] or "", metadata=_metadata(row))
    found = [msgspec.structs.replace(claim, model_key=key) for claim in reading.claims]
    claims = complete(found + _curated_claims(key, curated_line, curated))
    settlement = settle(claims, model_id=row["modelId"])
    record = ModelRecord(
        model_key=key,
        name=row["modelId"],
        source="published",
        created_at=_utc(row["created_at"]),
        last_modified_at=_utc(row["lastModified"]),
        year_month=row["year_month"],
        card_status=reading.status if row["modelcard_text"] else "empty",
        card_bytes=len((row["modelcard_text"] or "").encode()),
        downloads_count=int(row["downloads"]),
        likes_count=int(row["likes"]),
        domain=row["domain"],
        domain_decided_by="published" if row["domain"] else None,
        libraries=tuple(sorted(_listed(row["library_name"]))),
        generator=generator_of(row["modelcard_text"], tags),
        tags=tags,
        parameters_count=_whole(curated.get("parameters")),
        parameters_source="curated" if _whole(curated.get("parameters")) else None,
        storage_bytes=_whole(row["size"] or curated.get("size")),
        has_weights=True if row["size"] else None,
        datasets=tuple(_listed(row["datasets"])),
        datasets_bytes=curated.get("datasets_size") or row["datasets_size"],
        emissions_metadata_value=row["co2_eq_emissions"],
        carbon=settlement,
        training=context(claims),
    )
    return record, claims, _metrics(key, row, "mined") + _metrics(key, curated, "curated")


def _metadata(row: Row) -> dict[str, Any]:
    """Front matter rebuilt from the columns that cannot have come from the body."""
    body = row["modelcard_text"] or ""
    mapping: dict[str, Any] = {"emissions": row["co2_eq_emissions"]}
    if row["auto"] != "True":
        stated = ((key, row[column]) for column, key in METADATA_KEYS.items())
        mapping |= {key: value for key, value in stated if value is not None and value not in body}
    return {"co2_eq_emissions": mapping}


def _curated_claims(key: str, line: int, curated: Row) -> list[Claim]:
    """Context that the study's authors curated by hand, as claims of that file."""
    stated = ((quantity, curated.get(column)) for column, quantity in CURATED_KEYS.items())
    return [
        Claim(model_key=key, quantity=quantity, text=str(value), where=f"file:HFClean.csv:{line}")  # type: ignore[arg-type]
        for quantity, value in stated
        if value
    ]


def _metrics(key: str, row: Row, source: str) -> list[Metric]:
    """Performance values as published; the task they belong to is not."""
    values = ((name, row.get(name)) for name in METRICS)
    return [
        Metric(model_key=key, metric=name.lower(), metric_value=float(value), metric_source=source)
        for name, value in values
        if value is not None
    ]


def _listed(text: str | None) -> list[str]:
    """Items of a list that was written as Python text; anything else is one item, hostile text included."""
    if not text:
        return []
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [text]
    return [str(item) for item in value if str(item)] if isinstance(value, list) else [str(value)]


def _whole(value: Any) -> int | None:
    """A whole number, or None where the cell is empty or holds words."""
    try:
        return None if value is None else int(float(value))
    except (ValueError, OverflowError):
        return None


def _utc(value: str | None) -> str | None:
    """ISO 8601 with a Z, as the Hub writes it."""
    return None if value is None else value.replace(" ", "T").replace("+00:00", "Z")
