"""Cut points of another cohort than the published one: the reporters of a processed snapshot (``--reference``).

The reference model keeps the values of the published study unless the cohort has its own, so that cohorts differ in cut
points only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from analysis.classify.efficiency import AS_PUBLISHED, REPAIRED, CutPoints, Switches, fit, metrics_of, stored
from analysis.classify.rateable import NOT_OWN
from mining.errors import UsageError
from mining.paths import Home, Processed

MIN_COHORT = 20
"""Models with emissions above zero that cut points must rest on: four percentiles of fewer say nothing."""
REFERENCE_2023 = "castano-2023"
REFERENCE_IDS = ("distilbert/distilgpt2", "distilgpt2")
_COLUMNS = (
    "model_id, emissions_gco2e, emissions_metadata_value, emissions_flags, storage_bytes, datasets_bytes, "
    "downloads_count"
)
_QUERY = f"SELECT {_COLUMNS} FROM models WHERE emissions_gco2e > 0 OR emissions_metadata_value > 0 ORDER BY model_key"  # noqa: S608


class Reference(Struct, frozen=True, kw_only=True):
    """What efficiency is rated against; a version without cut points has a cohort too small to be compared with."""

    name: str
    as_published: CutPoints | None
    repaired: CutPoints | None


def published_reference() -> Reference:
    """The cut points of the published 2023 cohort that ship with the package."""
    return Reference(name=REFERENCE_2023, as_published=stored("as-published"), repaired=stored("repaired"))


def reference_of(snapshot: str, out: Path) -> Reference:
    """Fit cut points on the reporters of a processed snapshot.

    Args:
        snapshot: A processed folder, or the name of one below ``processed`` of the data folder.
        out: The data folder.

    Raises:
        UsageError: There is no such processed snapshot.
        DamagedDataError: Its tables are not what was built.
    """
    from analysis.questions.tables import Tables

    processed = _find(snapshot, out)
    with Tables(processed) as tables:
        rows = tables.query(_QUERY)
    records = [
        dict(zip(rows.columns, values, strict=True))
        for values in rows.astype(object).where(rows.notna(), None).to_numpy().tolist()
    ]
    own = [record for record in records if NOT_OWN.isdisjoint(_listed(record["emissions_flags"]))]
    name = processed.folder.name
    return Reference(
        name=name,
        as_published=_fitted(name, records, "emissions_metadata_value", AS_PUBLISHED),
        repaired=_fitted(name, own, "emissions_gco2e", REPAIRED),
    )


def _find(snapshot: str, out: Path) -> Processed:
    """A processed folder from what was typed."""
    for found in (Processed(Path(snapshot)), Home(out).processed(snapshot), Home(out).processed_of(Path(snapshot))):
        if found.provenance.is_file():
            return Processed(found.folder.resolve())
    raise UsageError(f"no processed snapshot '{snapshot}' to compare with; build it first")


def _listed(flags: Any) -> list[str]:
    return [] if flags is None else list(flags)


def _fitted(name: str, records: list[dict[str, Any]], grams: str, switches: Switches) -> CutPoints | None:
    """Cut points on the records that state grams; None where they are too few."""
    cohort = [record for record in records if record[grams]]
    if len(cohort) < MIN_COHORT:
        return None
    rows = [_metrics(record, grams) for record in cohort]
    own = next((row for row, record in zip(rows, cohort, strict=True) if record["model_id"] in REFERENCE_IDS), None)
    return fit(name, rows, own or dict(stored("as-published").reference), switches)


def _metrics(record: dict[str, Any], grams: str) -> dict[str, float | None]:
    return metrics_of(record[grams], record["storage_bytes"], record["datasets_bytes"], record["downloads_count"])
