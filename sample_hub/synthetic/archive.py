"""The synthetic Hub as the weekly archive.

The same models week after week, with births, edits and deaths that are known. A date holds the models created before it
that are not deleted yet; a number in the metadata begins, changes and stops in weeks that follow from the seed. Columns
are those of the public dumps without what an archive does not have (ids, revisions, gating).
"""

from __future__ import annotations

import io
import random
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from sample_hub.server.catalog import Record
from sample_hub.synthetic.dump import MODELS_SCHEMA, model_row

ARCHIVE = "hfmlsoc/hub_weekly_snapshots"
FIRST = date(2026, 6, 3)
WEEKS = 6
SHARE_BORN = 0.1
SHARE_OF_A_WEEK = {"dies": 0.002, "begins": 0.004, "changes": 0.2, "stops": 0.05}
"""Chance of an event in a week: to die of any model, to begin of a silent one, to change and to stop of a reporting
one."""
_LEFT_OUT = {"_id", "sha", "gated", "private", "disabled", "siblings"}
SCHEMA = pa.schema([column for column in MODELS_SCHEMA if column.name not in _LEFT_OUT])


class Models(Protocol):
    """What the archive asks of a catalog."""

    seed: int

    def __len__(self) -> int:
        """Number of models."""

    def record(self, index: int) -> Record:
        """The model as the listing shows it."""


def file_name(week: int) -> str:
    """Name of a date's file in the repository."""
    return f"models/{FIRST + timedelta(7 * week)}/models.parquet"


def life(seed: int, index: int, states: bool) -> list[str | None]:
    """What a model of the archive states in each week.

    ``absent``, None for nothing, ``own`` for its own number, or another number.

    Args:
        seed: Seed of the Hub.
        index: Number of the model.
        states: Whether its metadata hold a number to begin with.
    """
    draw = random.Random(f"{seed}-{index}")
    born = draw.randrange(1, WEEKS) if draw.random() < SHARE_BORN else 0
    told: str | None = "own" if states else None
    weeks: list[str | None] = ["absent"] * born
    while len(weeks) < WEEKS:
        weeks.append(told)
        chance = draw.random()
        if draw.random() < SHARE_OF_A_WEEK["dies"]:
            return weeks + ["absent"] * (WEEKS - len(weeks))
        if told is None and chance < SHARE_OF_A_WEEK["begins"]:
            told = str(draw.randrange(1, 10_000))
        elif told is not None and chance < SHARE_OF_A_WEEK["stops"]:
            told = None
        elif told is not None and chance < SHARE_OF_A_WEEK["changes"]:
            told = str(draw.randrange(10_000, 100_000))
    return weeks


@lru_cache(maxsize=2)
def archive_files(catalog: Models) -> dict[str, bytes]:
    """Files of the archive of a catalog."""
    weeks: list[list[Record]] = [[] for _ in range(WEEKS)]
    for index in range(len(catalog)):
        row = model_row(catalog.record(index))
        card = msgspec.json.decode(row["cardData"] or "{}")
        for week, told in enumerate(life(catalog.seed, index, "co2_eq_emissions" in card)):
            if told != "absent":
                weeks[week].append(row | {"cardData": _card(card, told)})
    return {file_name(week): _parquet(rows, week) for week, rows in enumerate(weeks)}


def _card(card: dict[str, Any], told: str | None) -> str:
    """Metadata with what is told of carbon."""
    others = {name: value for name, value in card.items() if name != "co2_eq_emissions"}
    if told == "own":
        others["co2_eq_emissions"] = card["co2_eq_emissions"]
    elif told is not None:
        others["co2_eq_emissions"] = float(told)
    return msgspec.json.encode(others).decode()


def _parquet(rows: list[Record], week: int) -> bytes:
    """The date's file; its newest change lies on the day before its label."""
    newest = datetime.combine(FIRST + timedelta(7 * week - 1), datetime.min.time())
    if rows:
        rows[0] = rows[0] | {"lastModified": newest}
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), stream, compression="zstd")
    return stream.getvalue()
