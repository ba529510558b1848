"""The public dumps become the envelopes that a crawl would have stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import HfApi, constants
from present import present

from mining.acquire_snapshot import acquire
from mining.crawl import CrawlRequest
from mining.errors import SchemaMismatchError, UnreachableError, UsageError
from mining.paths import Home
from mining.snapshot import KeyMap, SnapshotReader

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
STAMP = datetime(2024, 1, 2, 3, 4, 5, 678000)


def metadata(count: int) -> list[dict[str, Any]]:
    return [
        {
            "_id": f"{number + 1:024x}",
            "id": f"org/m{number}",
            "createdAt": STAMP,
            "lastModified": STAMP,
            "tags": ["co2_eq_emissions"] if number % 10 == 0 else ["x"],
            "cardData": '{"co2_eq_emissions": 1e-05, "n": 12345678901234567890}' if number % 10 == 0 else "not json",
            "safetensors": {"parameters": {"F32": number, "BF16": None}, "total": number},
            "siblings": [{"rfilename": "README.md"}],
            "library_name": None,
            "brandNew": 1,
        }
        for number in range(count)
    ]


def cards(count: int) -> list[dict[str, Any]]:
    return [
        {
            "modelId": f"org/m{number}",
            "author": "org",
            "last_modified": STAMP,
            "tags": [],
            "likes": 2,
            "card": f"# {number}" if number else None,
        }
        for number in range(count)
    ]


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def take(origin: Path, out: Path, **more: Any) -> SnapshotReader:
    acquired = acquire(CrawlRequest(source="dump", origin=str(origin), **more), Home(out), clock=lambda: NOON)
    reader = SnapshotReader(acquired.folder)
    reader.verify()
    return reader


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    write(tmp_path / "dump/models.parquet", metadata(2_300))
    write(tmp_path / "dump/cards/part-0.parquet", cards(1_200))
    return tmp_path / "dump"


def test_rows_become_envelopes_marked_with_the_dumps_revision(dump: Path, tmp_path: Path) -> None:
    reader = take(dump, tmp_path / "out")
    models = list(reader.envelopes("model"))
    assert len(models) == 2_300
    assert json.loads(models[10].body) == {
        "_id": f"{11:024x}",
        "id": "org/m10",
        "createdAt": "2024-01-02T03:04:05.678Z",
        "lastModified": "2024-01-02T03:04:05.678Z",
        "tags": ["co2_eq_emissions"],
        "cardData": {"co2_eq_emissions": 1e-05, "n": 12345678901234567890},
        "safetensors": {"parameters": {"F32": 10}, "total": 10},
        "siblings": [{"rfilename": "README.md"}],
        "brandNew": 1,
    }
    assert '"cardData":{"co2_eq_emissions": 1e-05' in models[10].body
    assert json.loads(models[11].body)["cardData"] == "not json"
    assert present(models[0].source_revision).startswith("sha256:")
    texts = list(reader.envelopes("card"))
    assert [(texts[0].id, texts[0].key, texts[0].body)] == [("org/m1", f"{2:024x}", "# 1")]
    assert len(texts) == 1_199
    assert [(e.id, e.failure) for e in reader.envelopes("failure")] == [("org/m0", "absent")]
    assert reader.manifest.notes == ("models.parquet: unknown columns kept: brandNew",)
    assert reader.manifest.plan["detail"]["dump_date"] == "2024-01-02"


def test_plan_cards_and_bounds(dump: Path, tmp_path: Path) -> None:
    few = take(dump, tmp_path / "a", plan="reporters", cards="reporters")
    assert few.manifest.counts == {"card": 119, "failure": 1, "model": 230}
    none = take(dump, tmp_path / "b", cards="none", max_models=5)
    assert none.manifest.counts == {"model": 5}
    for wrong in ({"plan": "author:x"}, {"cards": "sample:3"}):
        with pytest.raises(UsageError, match="--source dump knows"):
            take(dump, tmp_path / "c", **wrong)


def test_card_texts_alone_are_enough(tmp_path: Path) -> None:
    write(tmp_path / "cards.parquet", cards(3))
    reader = take(tmp_path / "cards.parquet", tmp_path / "out")
    assert [e.id for e in reader.envelopes("model")] == ["org/m0", "org/m1", "org/m2"]
    assert json.loads(next(reader.envelopes("model")).body)["lastModified"] == "2024-01-02T03:04:05.678Z"
    assert [e.body for e in reader.envelopes("card")] == ["# 1", "# 2"]
    assert b"cards.parquet" not in (reader.folder / "manifest.json").read_bytes()


def test_the_same_dump_gives_the_same_bytes_and_a_stopped_load_goes_on(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = take(dump, tmp_path / "whole")
    from mining.snapshot.writer import SnapshotWriter

    append, calls = SnapshotWriter.append, []

    def dying(self: SnapshotWriter, *args: Any, **kwargs: Any) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return append(self, *args, **kwargs)

    monkeypatch.setattr(SnapshotWriter, "append", dying)
    with pytest.raises(RuntimeError):
        take(dump, tmp_path / "cut")
    monkeypatch.undo()
    with pytest.raises(UsageError, match="--resume"):
        take(dump, tmp_path / "cut")
    assert take(dump, tmp_path / "cut", resume=True).manifest.digest == whole.manifest.digest


def test_what_is_no_dump_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no Parquet files"):
        take(tmp_path, tmp_path / "out")
    (tmp_path / "x.parquet").write_bytes(b"no parquet")
    with pytest.raises(SchemaMismatchError, match="not a Parquet file"):
        take(tmp_path / "x.parquet", tmp_path / "out")
    write(tmp_path / "y.parquet", [{"name": 1}])
    with pytest.raises(SchemaMismatchError, match="no column 'id'"):
        take(tmp_path / "y.parquet", tmp_path / "out")


def test_a_row_without_a_name_is_a_failure_and_a_huge_card_too_large(tmp_path: Path) -> None:
    write(tmp_path / "d/models.parquet", [{"id": "org/a", "likes": 1}, {"id": None, "likes": 2}])
    write(tmp_path / "d/texts.parquet", [{"modelId": "org/a", "card": "x" * 5_000_001}])
    reader = take(tmp_path / "d", tmp_path / "out")
    assert sorted((e.failure, e.size_bytes) for e in reader.envelopes("failure")) == [
        ("row-without-id", None),
        ("too-large", 5_000_001),
    ]


def test_the_public_dumps_cannot_be_had_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UnreachableError, match="hub-stats"):
        acquire(CrawlRequest(source="dump"), Home(tmp_path))


def test_the_public_dumps_are_pinned_to_their_revision(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mining.hub.datasets as datasets

    class Info:
        sha = "0123456789abcdef0123456789abcdef01234567"
        last_modified = STAMP

        def __init__(self, names: list[str]) -> None:
            self.siblings = [type("Sibling", (), {"rfilename": name})() for name in names]

    listed = {
        "cfahlgren1/hub-stats": ["README.md", "models.parquet"],
        "librarian-bots/model_cards_with_metadata": ["data/train-0.parquet"],
    }
    local = {"models.parquet": dump / "models.parquet", "data/train-0.parquet": dump / "cards/part-0.parquet"}
    monkeypatch.setattr(HfApi, "dataset_info", lambda self, repository, **_: Info(listed[repository]))
    monkeypatch.setattr(
        datasets,
        "hf_hub_download",
        lambda repository, name, *, revision, **_: str(local[name]) if revision == Info.sha else None,
    )
    reader = SnapshotReader(acquire(CrawlRequest(source="dump"), Home(tmp_path / "out"), clock=lambda: NOON).folder)
    assert reader.manifest.plan["detail"]["cards_date"] == "2024-01-02"
    assert next(reader.envelopes("model")).source_revision == Info.sha
    assert next(reader.envelopes("model")).address == "cfahlgren1/hub-stats/models.parquet"
    listed["cfahlgren1/hub-stats"] = []
    with pytest.raises(UnreachableError, match="no Parquet files"):
        acquire(CrawlRequest(source="dump", refresh=True), Home(tmp_path / "out"))


def test_the_key_map_keeps_names_and_keys() -> None:
    keys = KeyMap(4)
    for number in range(100):
        keys.remember(f"m{number}", f"{number + 1:024x}")
    keys.remember("m3", f"{77:024x}")
    keys.remember("odd", "row-1")
    assert [keys.get(f"m{number}") for number in range(100)] == [f"{number + 1:024x}" for number in range(100)]
    assert "odd" in keys
    assert keys.get("odd") is None
    assert keys.get("never") is None
    assert len(keys) == 101
