"""The sampling frame: the models of a built snapshot with their strata, and a drawn sample as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mining.errors import UsageError
from mining.normalize.strata import SEPARATOR, UNKNOWN
from mining.paths import Processed
from mining.sampling.drawing import Allocation, Drawn, allocate, draw
from mining.schema import ModelRecord
from mining.tables import columns, read_table

VARIABLES = {
    "domain": "domain",
    "size": "parameters_class",
    "popularity": "popularity_class",
    "generator": "generator",
    "year": "year_month",
}
"""Variables that a frame can be stratified by, and the columns they come from; of the month the year counts."""

HEADER = ("model_key", "model_id", "stratum", "inclusion_probability", "weight")


@dataclass(frozen=True)
class Frame:
    """Models to draw from.

    Attributes:
        keys: Key of each model.
        ids: Name of each model, where known.
        strata: Stratum of each model.
        sizes: Models in each stratum.
        spreads: Standard deviation of the logarithm of a quantity in each stratum, for Neyman's allocation.
    """

    keys: list[str]
    ids: list[str | None]
    strata: npt.NDArray[np.object_]
    sizes: dict[str, int]
    spreads: dict[str, float]


def frame_of(
    processed: Processed,
    by: tuple[str, ...] = ("domain", "size", "popularity"),
    spread_of: str | None = None,
    *,
    only_reporters: bool = False,
) -> Frame:
    """Read the frame of a built snapshot.

    Args:
        processed: Where its tables lie.
        by: Variables of the strata: domain, size, popularity, generator, year.
        spread_of: Numeric column whose spread is estimated in each stratum.
        only_reporters: Only models for which emissions were settled.

    Raises:
        UsageError: A variable is not known, or the column is no number.
    """
    unknown = [name for name in by if name not in VARIABLES]
    if unknown or not by:
        raise UsageError(f"cannot stratify by {', '.join(unknown) or 'nothing'}; choose from {', '.join(VARIABLES)}")
    numeric = {column.name for column in columns(ModelRecord) if column.kind in {"number", "whole"}}
    if spread_of is not None and spread_of not in numeric:
        raise UsageError(f"'{spread_of}' is not a numeric column of the models")
    wanted = {
        "model_key",
        "model_id",
        "emissions_gco2e",
        *(VARIABLES[name] for name in by),
        *([spread_of] if spread_of else []),
    }
    table = read_table(processed.table("models"), ModelRecord, sorted(wanted))
    if only_reporters:
        table = table.filter(pc.is_valid(table["emissions_gco2e"]))
    strata = _strata(table, by)
    spreads = _spreads(table[spread_of].to_numpy(zero_copy_only=False), strata) if spread_of else {}
    sizes = dict(sorted(Counter(strata.tolist()).items()))
    return Frame(table["model_key"].to_pylist(), table["model_id"].to_pylist(), strata, sizes, spreads)


def _strata(table: pa.Table, by: tuple[str, ...]) -> npt.NDArray[np.object_]:
    """Stratum of each row; a missing value is a class of its own."""
    parts = []
    for name in by:
        values = pc.fill_null(table[VARIABLES[name]], UNKNOWN)
        parts.append(pc.utf8_slice_codeunits(values, 0, 4) if name == "year" else values)
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, SEPARATOR)
    found: npt.NDArray[np.object_] = joined.to_numpy(zero_copy_only=False)
    return found


def _spreads(values: npt.NDArray[np.float64], strata: npt.NDArray[np.object_]) -> dict[str, float]:
    """Standard deviation of the logarithm in each stratum; the others' median where a stratum has fewer than two."""
    numbers = np.asarray(values, dtype=float)
    is_known = np.isfinite(numbers) & (numbers > 0)
    logs, labels = np.log(numbers[is_known]), strata[is_known].astype(str)
    found = {}
    for name in np.unique(labels):
        part = logs[labels == name]
        if len(part) > 1:
            found[str(name)] = float(part.std(ddof=1))
    usual = float(np.median(list(found.values()))) if found else 1.0
    return {str(name): found.get(str(name), usual) for name in np.unique(strata.astype(str))}


def sample_csv(frame: Frame, n: int, allocation: Allocation, seed: int) -> tuple[str, int]:
    """Draw a sample and write it as CSV, safe to open in a spreadsheet.

    Args:
        frame: Models to draw from.
        n: Sample size, or size per stratum with ``fixed``.
        allocation: How the strata share the sample.
        seed: Seed of the draw.

    Returns:
        The CSV text and the number of models drawn.
    """
    drawn = sample_of(frame, n, allocation, seed)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for row, probability, weight in zip(
        drawn.rows.tolist(), drawn.probabilities.tolist(), drawn.weights.tolist(), strict=True
    ):
        writer.writerow(
            [
                _plain(frame.keys[row]),
                _plain(frame.ids[row] or ""),
                _plain(str(frame.strata[row])),
                repr(probability),
                repr(weight),
            ]
        )
    return stream.getvalue(), len(drawn.rows)


def sample_of(frame: Frame, n: int, allocation: Allocation, seed: int) -> Drawn:
    """Draw a sample from a frame."""
    return draw(frame.strata, allocate(frame.sizes, n, allocation, spreads=frame.spreads), seed)


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
