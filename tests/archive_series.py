"""Archives made by tests.

Dates of models with planted births, edits and deaths, written as the weekly archive has them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

FIRST = date(2026, 1, 7)
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "author", "cardData", "pipeline_tag", "library_name")),
        ("createdAt", pa.timestamp("us")),
        ("lastModified", pa.timestamp("us")),
        ("tags", pa.list_(pa.string())),
    ]
)


def model(name: str, co2: Any = None, *, created: str = "2025-01-02T03:04:05", **more: Any) -> dict[str, Any]:
    """A row of a dump; ``co2`` is what stands under ``co2_eq_emissions``, None for nothing."""
    card = {"license": "mit"} | ({} if co2 is None else {"co2_eq_emissions": co2})
    row = {"id": name, "author": name.partition("/")[0], "cardData": json.dumps(card), "tags": ["license:mit"]}
    stamp = pa.scalar(created).cast(pa.timestamp("us")).as_py()
    return row | {"createdAt": stamp, "lastModified": stamp} | more


def write_date(folder: Path, number: int, rows: Sequence[Mapping[str, Any]], schema: pa.Schema = SCHEMA) -> Path:
    """Write one date, ``number`` weeks after the first."""
    path = folder / "models" / f"{FIRST + timedelta(7 * number)}" / "models.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), path, compression="zstd")
    return path


def stated(row: Mapping[str, Any]) -> Any:
    """The amount that a row states."""
    value = json.loads(row["cardData"] or "{}").get("co2_eq_emissions")
    return value.get("emissions") if isinstance(value, dict) else value


def with_amount(row: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The row with another amount, or without one."""
    card = json.loads(row["cardData"] or "{}")
    card.pop("co2_eq_emissions", None)
    return {**row, "cardData": json.dumps(card | ({} if value is None else {"co2_eq_emissions": value}))}


class Planted:
    """A series of dates made from rows by a seed, and what was planted in each of them."""

    def __init__(self, rows: Sequence[dict[str, Any]], seed: int) -> None:
        self._random = random.Random(seed)
        self._held = [dict(row) for row in rows]
        self._random.shuffle(self._held)
        self.now = {row["id"]: row for row in self._held[len(rows) // 10 :]}
        del self._held[len(rows) // 10 :]

    def step(self) -> None:
        """Births, deaths, and reports that begin, stop and change."""
        draw = self._random
        for _ in range(min(len(self._held), draw.randint(0, 5))):
            row = self._held.pop()
            self.now[row["id"]] = row
        for _ in range(draw.randint(0, 4)):
            self.now.pop(draw.choice(sorted(self.now)))
        for _ in range(draw.randint(1, 4)):
            name = draw.choice(sorted(self.now))
            if stated(self.now[name]) is None:
                amount = round(draw.uniform(1, 1e4), 2)
                self.now[name] = with_amount(
                    self.now[name], draw.choice([amount, {"emissions": amount, "source": "codecarbon"}])
                )
        for value in (None, round(draw.uniform(1, 1e4), 3)):
            reporting = sorted(name for name, row in self.now.items() if stated(row) is not None)
            if reporting and draw.random() < 0.6:
                name = draw.choice(reporting)
                self.now[name] = with_amount(self.now[name], value)

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the date in any order."""
        rows = list(self.now.values())
        self._random.shuffle(rows)
        return rows


def truth(dates: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rows of ``history.csv`` without the date and the settled reporters.

    Each date maps a name to the amount it states.
    """
    lines = []
    for before, now in zip([None, *dates[:-1]], dates, strict=True):
        line = [len(now), sum(value is not None for value in now.values())]
        if before is not None:
            both = before.keys() & now.keys()
            line += [len(now.keys() - before.keys()), len(before.keys() - now.keys())]
            line.append(sum(before[name] is None and now[name] is not None for name in both))
            line.append(sum(before[name] is not None and now[name] is None for name in both))
            line.append(sum(None not in (before[n], now[n]) and before[n] != now[n] for n in both))
        lines.append([*map(str, line), *[""] * (7 - len(line))])
    return lines
