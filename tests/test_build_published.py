"""The published files built: 1,417 models, and what is known to be wrong in them flagged by general rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mining.build.run import build
from mining.paths import Home, Processed
from mining.schema import TABLES, Lineage, ModelRecord
from mining.sources.published import fetch
from mining.tables import read_table

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def processed(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Processed:
    home = Home(tmp_path_factory.mktemp("data"))
    raw = fetch(home, str(shared_dir / "published"))
    place = home.processed_of(raw)
    account = build(raw, place)
    assert (account.models_in, account.models_kept) == (1417, 1417)
    return place


@pytest.fixture(scope="module")
def models(processed: Processed) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_table(processed.table("models"), ModelRecord).to_pylist()
    return rows


def flags(models: list[dict[str, Any]], name: str) -> list[set[str]]:
    return [set(row["emissions_flags"]) for row in models if row["name"] == name]


def test_all_tables_stand_in_the_provenance(processed: Processed) -> None:
    tables = json.loads(processed.provenance.read_text())["tables"]
    assert set(tables) == set(TABLES) | {"published_mined", "published_merged", "published_curated"}
    assert [tables[f"published_{name}"]["rows"] for name in ("mined", "merged", "curated")] == [1417, 1419, 48]


@pytest.mark.parametrize(
    ("name", "grams"),
    [
        ("swissbert", 600.0),
        ("bias-detection-model", 319.355),
        ("environmental-due-diligence-model", 106.9),
        ("test1", 106.9),
        ("biomedical-ner-all", 27.93999),
    ],
)
def test_kilograms_stored_as_grams_are_corrected_and_marked(
    models: list[dict[str, Any]], name: str, grams: float
) -> None:
    """Slips named in the study's critique: kilograms in the metadata or the body, taken for grams."""
    for row in (row for row in models if row["name"] == name):
        assert row["emissions_gco2e"] == pytest.approx(grams, rel=1e-4)
        assert "corrected-unit" in row["emissions_flags"]
        assert row["emissions_original"] == pytest.approx(grams / 1000, rel=1e-4)


def test_a_body_that_contradicts_the_metadata_is_marked(models: list[dict[str, Any]]) -> None:
    for name in ("dalle-mini", "dalle-mega"):
        assert all("contradicted" in found for found in flags(models, name)), name


def test_copies_are_marked_and_their_originals_are_not(models: list[dict[str, Any]]) -> None:
    assert flags(models, "gpt2wilkinscoffee") == [{"copied-card"}]
    assert sorted("copied-card" in found for found in flags(models, "distilgpt2")) == [False, True]
    assert all("copied-card" in found for found in flags(models, "SpecLab"))
    assert sorted("copied-card" in found for found in flags(models, "biomedical-ner-all")) == [False, True]


def test_constants_are_marked(processed: Processed) -> None:
    rows = read_table(processed.table("lineage"), Lineage).to_pylist()
    groups: dict[str, int] = {}
    for row in rows:
        if row["lineage_kind"] == "constant":
            groups[row["group"]] = groups.get(row["group"], 0) + 1
    assert sorted(groups.values()) == [3, 6, 8, 9, 9, 18]
    assert all(row["evidence"] for row in rows)


def test_few_models_are_marked_at_all(models: list[dict[str, Any]]) -> None:
    """A warning means something: what lineage marks is 5 % of the reports."""
    kinds = {"inherited", "copied-card", "near-duplicate", "constant", "exercise"}
    assert 0.03 < sum(bool(kinds & set(row["emissions_flags"])) for row in models) / len(models) < 0.06
