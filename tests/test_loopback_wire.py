"""The loopback Hub's answers beside recorded answers of the real one: same keys, same types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sample_hub import LoopbackHub, SampleHub
from sample_hub.server.answers import Request

pytestmark = pytest.mark.shared

# Fields that the real Hub gives only where they apply.
OPTIONAL = {"pipeline_tag", "library_name", "safetensors", "gguf", "author", "model-index", "cardData"}


@pytest.fixture(scope="module")
def hub() -> LoopbackHub:
    return LoopbackHub(SampleHub(seed=5, n_models=600))


def ask(hub: LoopbackHub, path: str, *query: tuple[str, str]) -> Any:
    answer, _ = hub.answer(Request("GET", path, query, host="http://127.0.0.1:1"))
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def infos(hub: LoopbackHub) -> Iterator[dict[str, Any]]:
    for index in range(len(hub.catalog)):
        if hub.catalog.access(index) in ("open", "gated"):
            hub.quota.counters.requests.clear()
            yield ask(LoopbackHub(hub.catalog), f"/api/models/{hub.catalog.record(index)['id']}")


def shape(value: Any) -> Any:
    """Type of a value; of lists the type of their items, of mappings with free keys the type of their values."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_information_has_the_recorded_keys_and_types(hub: LoopbackHub, shared_dir: Path) -> None:
    recorded = json.loads((shared_dir / "wire" / "model_info_2026-07-05.json").read_text())
    seen: dict[str, set[str]] = {}
    for info in infos(hub):
        assert set(recorded) - OPTIONAL <= set(info), set(recorded) - set(info)
        for name in set(recorded) & set(info):
            seen.setdefault(name, set()).add(type(info[name]).__name__)
        if "safetensors" in info:
            assert shape(info["safetensors"]["total"]) == "int"
            assert info["safetensors"]["total"] == sum(info["safetensors"]["parameters"].values())
        assert all(shape(item) == shape(recorded["siblings"][0]) for item in info["siblings"])
    for name, value in recorded.items():
        assert type(value).__name__ in seen[name], name


def test_ids_carry_the_creation_second_as_recorded(hub: LoopbackHub, shared_dir: Path) -> None:
    recorded = json.loads((shared_dir / "wire" / "model_info_2026-07-05.json").read_text())
    for info in (recorded, ask(hub, "/api/models", ("sort", "createdAt"), ("limit", "1"))[0]):
        assert int(info["_id"][:8], 16) == datetime.fromisoformat(info["createdAt"]).timestamp()
        assert len(info["_id"]) == 24
        assert info["createdAt"].endswith(".000Z")


def test_tags_repeat_the_base_models_as_recorded(hub: LoopbackHub, shared_dir: Path) -> None:
    recorded = json.loads((shared_dir / "wire" / "model_info_2026-07-05.json").read_text())
    relation = recorded["cardData"]["base_model_relation"]
    for base in recorded["cardData"]["base_model"]:
        assert {f"base_model:{base}", f"base_model:{relation}:{base}"} <= set(recorded["tags"])
    for row in ask(hub, "/api/models", ("sort", "createdAt"), ("expand", "baseModels"), ("expand", "tags")):
        for base in row.get("baseModels", {}).get("models", []):
            assert {f"base_model:{base['id']}", f"base_model:{row['baseModels']['relation']}:{base['id']}"} <= set(
                row["tags"]
            )


def test_the_listing_with_expand_has_the_recorded_keys_and_types(hub: LoopbackHub, shared_dir: Path) -> None:
    recorded = json.loads((shared_dir / "wire" / "list_models_expand_2026-08.json").read_text())
    rows = ask(hub, "/api/models", ("sort", "createdAt"), ("expand[]", "safetensors"), ("expand[]", "downloads"))
    with_weights = [row for row in rows if "safetensors" in row]
    assert with_weights
    for row in with_weights:
        assert set(row) == set(recorded[0]) | {"_id"}  # its recorder left _id out
        assert {name: shape(row[name]) for name in ("id", "downloads")} == {
            name: shape(recorded[0][name]) for name in ("id", "downloads")
        }
        assert set(row["safetensors"]) == set(recorded[0]["safetensors"])
        assert {type(count) for count in row["safetensors"]["parameters"].values()} == {int}
