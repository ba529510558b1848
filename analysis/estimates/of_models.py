"""Estimates of a snapshot's models from the columns of the table ``models``: never from reported emissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.estimates.contract import Estimate
from analysis.estimates.family import NOT_OWN
from analysis.estimates.from_card import estimate_of
from mining.schema import Context, ModelRecord, Settlement

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["COLUMNS", "estimate_of_row", "estimate_routes"]

TRAINING = (
    "hardware",
    "hardware_count",
    "duration_h",
    "duration_basis",
    "energy_kwh",
    "power_w",
    "region",
    "intensity_g_per_kwh",
    "pue_ratio",
    "training_flop",
    "training_type",
    "tool",
)
COLUMNS = (
    "model_key",
    "model_id",
    "author",
    "name",
    "created_at",
    "created_at_is_floor",
    "year_month",
    "domain",
    "pipeline_tag",
    "base_relation",
    "parameters_count",
    "storage_bytes",
    "emissions_gco2e",
    "emissions_flags",
    *TRAINING,
)
"""Columns of ``models`` that an estimate is made of."""
ROUTE_COLUMNS = (*TRAINING, "base_relation", "domain")
"""Columns that decide the route alone."""
SCALARS = tuple(name for name in COLUMNS if name != "emissions_flags")
WHOLE = ("hardware_count", "parameters_count", "storage_bytes")
SHARED = ("model_key", "model_id", "created_at", "year_month", "domain", "pipeline_tag", "base_relation")


def estimate_of_row(row: Mapping[Any, Any]) -> tuple[ModelRecord, Estimate]:
    """One model's record, as far as an estimate needs it, and its estimate or refusal.

    Args:
        row: Values of :data:`COLUMNS`; None where there are none.
    """
    values = {name: row[name] for name in SCALARS}
    values |= {name: int(values[name]) for name in WHOLE if values[name] is not None}
    flags = set(row["emissions_flags"]) if row["emissions_flags"] is not None else set()
    record = ModelRecord(
        **{name: values[name] for name in SHARED},
        name=values["name"] or "",
        created_at_is_floor=bool(values["created_at_is_floor"]),
        parameters_count=values["parameters_count"],
        storage_bytes=values["storage_bytes"],
        training=Context(**{name: values[name] for name in TRAINING}),
        carbon=Settlement(emissions_gco2e=None if flags & NOT_OWN else values["emissions_gco2e"]),
    )
    return record, estimate_of(record, ())


def estimate_routes(models: pq.ParquetFile) -> pa.ChunkedArray:
    """Route of every model's estimate, in the order of the rows; null where nothing can be estimated.

    A column beside the table, for a page to count by: it is written nowhere, and no number of an estimate is in it.

    Args:
        models: The table ``models``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks, nothing = [], dict.fromkeys(COLUMNS)
    for group in range(models.num_row_groups):
        table = models.read_row_group(group, columns=list(ROUTE_COLUMNS))
        routes: list[str | None] = [None] * len(table)
        at = pc.indices_nonzero(pc.is_valid(table["hardware"]))
        for place, row in zip(at.to_pylist(), table.take(at).to_pylist(), strict=True):
            routes[place] = estimate_of_row(nothing | row)[1].route
        chunks.append(pa.array(routes, pa.string()))
    return pa.chunked_array(chunks, pa.string())
