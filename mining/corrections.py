"""Corrections as data.

What a card was misread for is put right by a row of a file, never by a change of code for one card. ``corrections.csv``
has the columns model, field, value, reason, source. A model is ``author/name``, the key of its snapshot, or the name of
a local card; a value is a number in the unit of its field, a text, or ``nothing``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from mining.errors import UsageError
from mining.fields import TrainingType
from mining.files import read_given
from mining.schema import ModelRecord, Settlement

HEADER = ("model", "field", "value", "reason", "source")
NOTHING = "nothing"
EMISSIONS = "emissions_gco2e"
NUMBERS = ("duration_h", "energy_kwh", "power_w", "intensity_g_per_kwh", "pue_ratio")
COUNTS = ("hardware_count",)
TEXTS = ("hardware", "region", "provider", "tool", "training_type")
FIELDS = (EMISSIONS, *NUMBERS, *COUNTS, *TEXTS)
"""Fields that can be corrected."""
BY_HAND = "by-hand"
"""Rule that settled emissions which a correction states."""
MAX_BYTES = 20_000_000


class Correction(Struct, frozen=True, kw_only=True):
    """One corrected field of one model; `value` is None where the card states nothing."""

    model: str
    field: str
    value: float | int | str | None
    reason: str
    source: str


class Corrections(Struct, frozen=True, kw_only=True):
    """All corrections of a file, with its digest.

    Attributes:
        sha256: Digest of the file.
        by_model: Corrections by model, one a field.
    """

    sha256: str = ""
    by_model: dict[str, tuple[Correction, ...]] = {}

    def of(self, *names: str | None) -> tuple[Correction, ...]:
        """Corrections of a model by any of its names."""
        return next((self.by_model[name] for name in names if name and name in self.by_model), ())


def read_corrections(path: Path) -> Corrections:
    """Read and check a file of corrections.

    Args:
        path: A CSV file in UTF-8.

    Raises:
        UsageError: There is no such file, or a row of it cannot be used; the line is named.
    """
    data = read_given(path, "corrections", most_bytes=MAX_BYTES)
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"'{path.name}' is not a CSV file in UTF-8") from error
    found: dict[str, dict[str, Correction]] = {}
    for number, row in enumerate(rows, start=2):
        one = _correction(path.name, number, row)
        if one.field in found.setdefault(one.model, {}):
            raise UsageError(f"{path.name}, line {number}: {one.field} of {one.model} is corrected twice")
        found[one.model][one.field] = one
    by_model = {model: tuple(fields.values()) for model, fields in found.items()}
    import hashlib

    return Corrections(sha256=hashlib.sha256(data).hexdigest(), by_model=by_model)


def _correction(name: str, number: int, row: Mapping[str | None, str | None]) -> Correction:
    """One row, checked."""
    if not set(HEADER) <= set(row) or any(row[column] is None for column in HEADER):
        raise UsageError(f"{name}, line {number}: a correction has the columns {', '.join(HEADER)}")
    model, field, value, reason, source = (str(row[column]).strip() for column in HEADER)
    if not model or not reason or not source:
        raise UsageError(f"{name}, line {number}: model, reason and source must be filled")
    if field not in FIELDS:
        raise UsageError(f"{name}, line {number}: '{field}' cannot be corrected, only {', '.join(FIELDS)}")
    try:
        typed = typed_value(field, value)
    except ValueError as error:
        raise UsageError(f"{name}, line {number}: {error}") from None
    return Correction(model=model, field=field, value=typed, reason=reason, source=source)


def typed_value(field: str, text: str) -> float | int | str | None:
    """A value as its field has it; None for ``nothing``.

    Raises:
        ValueError: It is none.
    """
    if text.lower() == NOTHING:
        return None
    if field in TEXTS:
        if not text or (field == "training_type" and text not in get_args(TrainingType)):
            raise ValueError(f"'{text}' is not a {field}")
        return text
    number = float(text) if text.replace(".", "", 1).replace("e", "", 1).replace("-", "", 1).isdecimal() else -1.0
    least = 1.0 if field == "pue_ratio" else 0.0
    if not least <= number < float("inf") or (field in COUNTS and number != int(number)):
        raise ValueError(f"'{text}' is not a value of {field}; write a number, or '{NOTHING}'")
    return int(number) if field in COUNTS else number


def corrected(record: ModelRecord, corrections: Sequence[Correction]) -> ModelRecord:
    """A record with its corrections applied, each told in ``corrections`` with what was read before.

    Args:
        record: The model as read.
        corrections: Its corrections.
    """
    told = []
    carbon, training = record.carbon, record.training
    for one in corrections:
        before = carbon.emissions_gco2e if one.field == EMISSIONS else getattr(training, one.field)
        told.append(f"{one.field}: {_shown(before)} -> {_shown(one.value)} ({one.reason}; {one.source})")
        if one.field == EMISSIONS:
            carbon = _settled(carbon, one.value)
        elif one.field == "duration_h" and one.value is None:
            training = replace(training, duration_h=None, duration_basis=None)
        elif one.field == "region":
            training = replace(training, region=one.value, country=None)
        else:
            training = replace(training, **{one.field: one.value})
    return replace(record, carbon=carbon, training=training, corrections=tuple(told))


def _settled(carbon: Settlement, value: float | int | str | None) -> Settlement:
    """Emissions as corrected: no bounds and no marks of what was read."""
    if not isinstance(value, (int, float)):
        return Settlement(emissions_outcome="not-reported")
    return Settlement(
        emissions_gco2e=float(value),
        emissions_source=carbon.emissions_source or "card",
        emissions_unit_status="stated",
        emissions_decided_by=BY_HAND,
        emissions_scope=carbon.emissions_scope or "training-run",
        emissions_original=carbon.emissions_original,
        emissions_original_unit=carbon.emissions_original_unit,
        emissions_outcome="reported",
    )


def _shown(value: float | int | str | None) -> str:
    return NOTHING if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def corrections_csv(corrections: Sequence[Correction]) -> str:
    """Corrections as the text of a file that :func:`read_corrections` reads."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([one.model, one.field, _shown(one.value), one.reason, one.source] for one in corrections)
    return stream.getvalue()
