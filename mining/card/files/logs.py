"""CodeCarbon's own output: ``emissions.csv`` (kilograms) as a file or pasted into a card, and its log lines."""

from __future__ import annotations

import math
import re

from mining.card.document.document import Document
from mining.patterns import regex
from mining.schema import Claim, Quantity
from mining.units import find_quantities

ROWS_CAP = 2_000
_HEADER = regex(r"(?:^|,)\"?emissions\"?,", re.IGNORECASE)
_LOG_ENERGY = regex(r"kwh of electricity|energy consumed for|electricity used since", re.IGNORECASE)
_LOG_TOTAL = regex(r"of electricity (?:used )?since|electricity used since", re.IGNORECASE)


def csv_claims(text: str, name: str) -> list[Claim]:
    """Claims of a CodeCarbon file, one row a run; emissions in kg, energy in kWh, duration in s.

    Args:
        text: The file.
        name: Its name, for the place of the claims.

    Returns:
        Claims; every row's text is its line as written.
    """
    if _HEADER.search(text[:4000]) is None:
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[: ROWS_CAP + 1]
    rows = _rows(lines)
    claims = [
        claim
        for at, row in enumerate(rows, start=1)
        for claim in _row_claims(row, lines[at] if at < len(lines) else "", f"file:{name}:{at}", None, None)
    ]
    return claims + [claim for row in rows[:1] if claims for claim in _surroundings(row, f"file:{name}:1")]


_COLUMNS: tuple[tuple[Quantity, tuple[str, ...]], ...] = (
    ("hardware", ("gpu_model", "cpu_model")),
    ("region", ("cloud_region", "region", "country_name", "country_iso_code")),
    ("provider", ("cloud_provider",)),
)
"""What CodeCarbon's columns name; of several the first that is filled counts."""


def _surroundings(row: dict[str, str], where: str) -> list[Claim]:
    """Hardware, place, provider and tool of a run, from its first row."""
    claims = []
    for quantity, columns in _COLUMNS:
        value = next((row[column].strip() for column in columns if row.get(column, "").strip() not in _EMPTY), None)
        if value is not None:
            claims.append(Claim(quantity=quantity, text=value[:200], where=where, flags=("log",)))
    if row.get("codecarbon_version", "").strip():
        claims.append(Claim(quantity="tool", text="codecarbon", label="codecarbon", where=where, flags=("log",)))
    return claims


_EMPTY = frozenset({"", "None", "none", "nan", "NaN"})


def _rows(lines: list[str]) -> list[dict[str, str]]:
    import csv
    import io

    try:
        return [
            {str(key): value or "" for key, value in row.items() if isinstance(value, str) and key}
            for row in csv.DictReader(io.StringIO("\n".join(lines)))
        ]
    except csv.Error:
        return []


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _row_claims(row: dict[str, str], text: str, where: str, line: int | None, section: str | None) -> list[Claim]:
    claims: list[Claim] = []
    kilograms = _number(row.get("emissions"))
    if kilograms is not None and "energy_consumed" in row:
        zero = ("zero",) if kilograms == 0 else ()
        claims.append(
            Claim(
                quantity="emissions",
                value=kilograms,
                unit="kg",
                inner_value=kilograms * 1000,
                text=text,
                where=where,
                line=line,
                section=section,
                scope="training-run",
                flags=("log", *zero),
            )
        )
        energy = _number(row.get("energy_consumed"))
        if energy is not None:
            claims.append(
                Claim(
                    quantity="energy",
                    value=energy,
                    unit="kWh",
                    inner_value=energy,
                    text=text,
                    where=where,
                    line=line,
                    section=section,
                    flags=("log",),
                )
            )
        duration = _number(row.get("duration"))
        if duration is not None:
            claims.append(
                Claim(
                    quantity="duration",
                    value=duration,
                    unit="s",
                    inner_value=duration / 3600,
                    text=text,
                    where=where,
                    line=line,
                    section=section,
                    flags=("log",),
                )
            )
    return claims


def log_claims(card: Document) -> list[Claim]:
    """CodeCarbon rows and log lines that were pasted into a card.

    Args:
        card: A parsed card.

    Returns:
        Claims with their lines; of a running log only the last total of the energy counts.
    """
    if "kWh" not in card.text and "emissions," not in card.text:
        return []
    claims: list[Claim] = []
    header: list[str] | None = None
    total: Claim | None = None
    for line in card.body:
        where = f"card:{line.section or ''}:{line.number}"
        if "energy_consumed" in line.text and _HEADER.search(line.text):
            header = line.text.strip().split(",")
        elif header is not None and line.text.count(",") >= len(header) - 1:
            import csv

            row = next(iter(csv.reader([line.text.strip()])), [])
            claims.extend(
                _row_claims(dict(zip(header, row, strict=False)), line.text, where, line.number, line.section)
            )
        elif _LOG_TOTAL.search(line.plain):
            for one in find_quantities(line.plain, ("energy",)):
                text = line.text[one.start :].strip()
                total = Claim(
                    quantity="energy",
                    value=one.number.value,
                    unit=one.unit,
                    inner_value=one.inner,
                    text=text,
                    where=where,
                    line=line.number,
                    section=line.section,
                    flags=("log",),
                )
        else:
            header = None
    return claims + ([total] if total is not None else [])
