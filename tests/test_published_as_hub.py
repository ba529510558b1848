"""The published models, served by the loopback Hub as Hub records and crawled, give what the published source gives.

Both ways must see the same facts: the record's id is the row key (the author is unknown), and the card's front matter
is rebuilt from the columns that did not come from the body.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from analysis.classify.classes_2023 import published_class, repaired_class
from analysis.questions.tables import Tables
from mining.acquire_snapshot import acquire
from mining.build.run import build
from mining.crawl import CrawlRequest
from mining.paths import Home
from mining.snapshot import SnapshotReader
from mining.sources import published
from mining.sources.published_records import _identity, _metadata, _rows
from sample_hub import LoopbackHub, RecordHub

pytestmark = [pytest.mark.shared, pytest.mark.slow]
AFTER_FLOOR = "2022-03-03"
FLOOR = "2022-03-02T23:29:04.000Z"
SAME = [
    "emissions_gco2e",
    "emissions_metadata_value",
    "emissions_unit_status",
    "emissions_decided_by",
    "hardware",
    "generator",
]


def hub_time(value: str | None) -> str:
    return FLOOR if value is None else value.replace(" ", "T").replace("+00:00", ".000Z")


def as_hub_record(number: int, row: dict[str, Any]) -> dict[str, Any]:
    tags = sorted(name.removeprefix("is_") for name, value in row.items() if name.startswith("is_") and value == 1)
    return {
        "id": f"row-{number:04d}",
        "createdAt": hub_time(row["created_at"]),
        "lastModified": hub_time(row["lastModified"]),
        "downloads": int(row["downloads"]),
        "likes": int(row["likes"]),
        "tags": [*tags, "co2_eq_emissions"],
        "gated": False,
        "cardData": {**_metadata(row), "tags": tags},
        "siblings": [{"rfilename": "README.md"}, {"rfilename": "pytorch_model.bin"}],
    }


def as_card(record: dict[str, Any], row: dict[str, Any]) -> str:
    return f"---\n{yaml.safe_dump(record['cardData'], sort_keys=False)}---\n{row['modelcard_text'] or ''}"


@pytest.fixture(scope="module")
def both(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reporters both ways, for models of which nothing was curated by hand.

    The Hub's records know nothing of that file.
    """
    home = Home(tmp_path_factory.mktemp("both"))
    raw = published.fetch(home, str(shared_dir / "published"))
    tables = published.read_tables(SnapshotReader(raw))
    rows = list(_rows(tables["mined"]))
    curated = {_identity(row) for row in _rows(tables["curated"])}
    records = [as_hub_record(number, row) for number, row in enumerate(rows)]
    cards = {record["id"]: as_card(record, row) for record, row in zip(records, rows, strict=True)}
    with LoopbackHub(RecordHub(records, cards), quota=10**6) as hub:
        crawled = acquire(
            CrawlRequest(source="hub", plan="reporters", cards="reporters", endpoint=hub.endpoint), home
        ).folder
    direct, hub_way = (reporters(folder, home) for folder in (raw, crawled))
    direct, hub_way = direct.set_index("model_key").sort_index(), hub_way.set_index("model_id").sort_index()
    assert list(direct.index) == list(hub_way.index)
    assert len(direct) == 1417
    own = [record["id"] for record, row in zip(records, rows, strict=True) if _identity(row) not in curated]
    assert len(own) >= 1417 - 48
    return direct.loc[own], hub_way.loc[own]


def reporters(folder: Path, home: Home) -> pd.DataFrame:
    build(folder, home.processed_of(folder))
    with Tables(home.processed_of(folder)) as tables:
        return tables.reporters()


@pytest.mark.parametrize("column", SAME)
def test_both_ways_settle_the_same(both: tuple[pd.DataFrame, pd.DataFrame], column: str) -> None:
    left, right = (frame[column] for frame in both)
    differing = left.index[(left != right) & ~(left.isna() & right.isna())]
    assert list(differing) == []


@pytest.mark.parametrize("give", [published_class, repaired_class])
def test_both_ways_give_the_same_classes(both: tuple[pd.DataFrame, pd.DataFrame], give: Callable[..., str]) -> None:
    left, right = (
        [
            give(reports_emissions=pd.notna(grams), reports_hardware=pd.notna(name))
            for grams, name in zip(frame["emissions_gco2e"], frame["hardware"], strict=True)
        ]
        for frame in both
    )
    assert left == right


def test_both_ways_give_the_same_trend(both: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    one, other = (
        frame[frame["created_at"] >= AFTER_FLOOR].groupby("year_month")["emissions_gco2e"].median() for frame in both
    )
    pd.testing.assert_series_equal(one, other)
