"""The build: every row accounted for, the same bytes however it is run, killed at random and gone on with."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sample_snapshot import fixed_clock, row_of, sides_of, write_snapshot

from mining.build import work, workers
from mining.build.account import Account
from mining.build.partition_files import read_partition, write_spill
from mining.build.run import build
from mining.errors import DamagedDataError, HfCarbonError, SnapshotDamagedError
from mining.fields import Source
from mining.files import file_sha256
from mining.normalize.model import normalize
from mining.paths import Processed
from mining.schema import TABLES, Claim, Envelope, Lineage, ModelRecord
from mining.snapshot import SnapshotReader, SnapshotWriter
from mining.tables import columns, read_table, validator
from sample_hub.synthetic.sample import SampleHub

MODELS = 1200
Built = tuple[Processed, Account]


@pytest.fixture(scope="module")
def hub() -> SampleHub:
    return SampleHub(seed=11, n_models=MODELS, reporter_scale=4.0)


@pytest.fixture(scope="module")
def snapshot(hub: SampleHub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_snapshot(tmp_path_factory.mktemp("raw") / "s", hub, page=100)


@pytest.fixture
def small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small units and partitions, so that a small snapshot is cut like a large one."""
    monkeypatch.setattr(work, "FRAMES_PER_UNIT", 2)
    monkeypatch.setattr(work, "BYTES_PER_PARTITION", 20_000)


@pytest.fixture(scope="module")
def built(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    processed = Processed(tmp_path_factory.mktemp("processed") / "s")
    return processed, build(snapshot, processed)


def digests(processed: Processed) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in sorted(processed.folder.iterdir()) if path.is_file()}


# ---------------------------------------------------------------- account


def test_every_model_is_kept_or_rejected(built: Built, hub: SampleHub) -> None:
    processed, account = built
    assert account.models_in == MODELS == account.models_kept
    assert account.models_rejected == {}
    table = read_table(processed.table("models"), ModelRecord)
    assert sorted(table["model_id"].to_pylist()) == sorted(hub.record(index)["id"] for index in range(MODELS))
    assert account.rows["models"] == table.num_rows
    assert sum(account.strata.values()) == MODELS


def test_provenance_tells_account_tables_and_snapshot(built: Built, snapshot: Path) -> None:
    processed, account = built
    said = json.loads(processed.provenance.read_text())
    assert said["source"] == "sample"
    assert said["is_synthetic"] is True
    assert said["schema_version"] == "1"
    assert said["snapshot"]["sha256"] == SnapshotReader(snapshot).manifest.digest
    assert said["account"]["models_in"] == MODELS
    assert set(said["tables"]) == set(TABLES)
    for name, entry in said["tables"].items():
        assert entry["sha256"] == file_sha256(processed.table(name))
        assert entry["rows"] == pq.ParquetFile(processed.table(name)).metadata.num_rows == account.rows[name]
    assert str(processed.folder) not in processed.provenance.read_text()


def test_an_account_that_does_not_add_up_is_refused(built: Built) -> None:
    _, account = built
    import msgspec

    with pytest.raises(DamagedDataError, match="row account"):
        msgspec.structs.replace(account, models_in=MODELS + 1).check()


def test_tables_pass_the_validator_and_the_gate(built: Built) -> None:
    from analysis.questions.tables import Tables

    processed, _ = built
    for name, struct in TABLES.items():
        validator(struct).validate(read_table(processed.table(name), struct).to_pandas(), lazy=True)
    with Tables(processed) as tables:
        assert tables.count() == MODELS


def test_every_registered_field_is_written_by_somebody(built: Built, tmp_path: Path) -> None:
    """A column that is empty everywhere, in a snapshot made to fill it, is a field that nobody writes."""
    processed, _ = built
    seldom = {
        "corrections",
        "power_w",
        "water_l",
        "training_flop",
        "emissions_low_gco2e",
        "emissions_high_gco2e",
        "low",
        "high",
        "subject",
        "country",
        "pue_ratio",
        "duration_basis",
        "duplicate_group",
        "parameters_class",
        "intensity_g_per_kwh",
    }
    body = json.dumps(
        {"id": "x/y", "gguf": {"total": 5}, "tags": ["base_model:quantized:a/b"], "cardData": {"base_model": "a/b"}}
    )
    rows = [
        Envelope(kind="model", id="x/y", address="/api/models", body=body),
        Envelope(kind="model", id="z", address="/", body="{"),
    ]
    extra = SnapshotWriter.create(tmp_path / "raw", source="hub", plan={}, plan_hash="x", clock=fixed_clock)
    extra.append(rows)
    extra.complete()
    extra.close()
    other = Processed(tmp_path / "processed")
    build(tmp_path / "raw", other)
    for name in ("models", "claims", "metrics", "rejects", "lineage"):
        struct = TABLES[name]
        tables = [read_table(place.table(name), struct) for place in (processed, other)]
        for column in columns(struct):
            filled = any(_is_filled(table[column.name].to_pylist()) for table in tables)
            assert filled or column.name in seldom, f"{name}.{column.name}"


def _is_filled(values: list[Any]) -> bool:
    return any(value not in (None, [], "") for value in values)


def test_values_that_nobody_filed_stand_in_the_account(tmp_path: Path, small_units: None) -> None:
    rows = [
        model_row(f"a/m{n}", _id=f"{n}", library_name=f"lib {n % 3}", pipeline_tag="mind-reading") for n in range(40)
    ]
    emissions = {"emissions": 5, "hardware_used": "Foo 9000"}
    rows.append(model_row("a/x", _id="x", library_name="transformers", cardData={"co2_eq_emissions": emissions}))
    card = Envelope(kind="card", id="a/m1", address="/a/m1/resolve/main/README.md", body="# A\n")
    raw = snapshot_of(tmp_path / "raw", *([row] for row in rows), [card])
    results = []
    with ThreadPoolExecutor(3) as threads:
        for name, executor in (("threads", threads), ("alone", _Alone())):
            processed = Processed(tmp_path / name)
            results.append(build(raw, processed, executor=executor).unseen)
    assert results[0] == results[1]
    assert {name: (unseen.times, unseen.values) for name, unseen in results[0].items()} == {
        "hardware": (1, (("foo 9000", 1),)),
        "library": (40, (("lib 0", 14), ("lib 1", 13), ("lib 2", 13))),
        "task": (40, (("mind reading", 40),)),
    }
    said = json.loads(processed.provenance.read_text())["account"]["unseen"]
    assert said["library"] == {"times": 40, "values": [["lib 0", 14], ["lib 1", 13], ["lib 2", 13]]}


# ---------------------------------------------------------------- what the sample says of itself


def test_failures_are_kept_apart_from_silence(built: Built, hub: SampleHub) -> None:
    processed, _ = built
    rows = read_table(
        processed.table("models"), ModelRecord, ["model_id", "card_status", "emissions_outcome"]
    ).to_pylist()
    by_id = {row["model_id"]: row for row in rows}
    for index in range(MODELS):
        access = hub.access(index)
        row = by_id[hub.record(index)["id"]]
        if access != "open" and row["card_status"] != "not-asked":
            assert row["card_status"] == access
        if row["card_status"] == "not-asked":
            assert row["emissions_outcome"] in {"could-not-look", "reported", "not-reported"}


def test_claims_belong_to_models(built: Built) -> None:
    processed, _ = built
    keys = set(read_table(processed.table("models"), ModelRecord, ["model_key"])["model_key"].to_pylist())
    assert set(read_table(processed.table("claims"), Claim, ["model_key"])["model_key"].to_pylist()) <= keys
    assert set(read_table(processed.table("lineage"), Lineage, ["model_key"])["model_key"].to_pylist()) <= keys


def test_flags_of_lineage_stand_in_the_models(built: Built) -> None:
    processed, account = built
    flags = {
        row["model_key"]: set(row["emissions_flags"])
        for row in read_table(processed.table("models"), ModelRecord, ["model_key", "emissions_flags"]).to_pylist()
    }
    rows = read_table(processed.table("lineage"), Lineage).to_pylist()
    assert sum(account.lineage.values()) == len(rows) > 0
    assert all(row["lineage_kind"] in flags[row["model_key"]] for row in rows)


# ---------------------------------------------------------------- same bytes


def test_the_same_bytes_by_threads_processes_and_alone(snapshot: Path, tmp_path: Path, small_units: None) -> None:
    results = []
    with ThreadPoolExecutor(3) as threads:
        for name, executor in (("threads", threads), ("alone", _Alone())):
            processed = Processed(tmp_path / name)
            build(snapshot, processed, executor=executor)
            results.append(digests(processed))
    assert results[0] == results[1]
    assert set(results[0]) >= {"models.parquet", "provenance.json", "dictionary.md"}


def test_processes_give_the_same_bytes(snapshot: Path, built: Built, tmp_path: Path) -> None:
    processed = Processed(tmp_path / "p")
    seen: list[tuple[str, int, int]] = []
    build(snapshot, processed, progress=lambda *step: seen.append(step))
    assert digests(processed) == digests(built[0])
    assert {step for step, _, _ in seen} >= {"rows", "models", "merge"}


class _Alone(Executor):
    """Runs at once what it is given."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future


class _Killed(BaseException):
    """Stands for the process being killed: nothing catches it."""


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_and_run_again_gives_the_same_bytes(
    snapshot: Path, tmp_path: Path, small_units: None, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    whole = Processed(tmp_path / "whole")
    build(snapshot, whole, executor=_Alone())
    torn = Processed(tmp_path / "torn")
    dice = random.Random(seed)
    kills = 0
    rename, write = Path.rename, Path.write_bytes
    left = dice.randint(1, 60)

    def maybe_killed(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise _Killed
            return call(*args, **kwargs)

        return wrapped

    monkeypatch.setattr(Path, "rename", maybe_killed(rename))
    monkeypatch.setattr(Path, "write_bytes", maybe_killed(write))
    while True:
        try:
            build(snapshot, torn, executor=_Alone())
            break
        except _Killed:
            kills += 1
            left = dice.randint(1, 60) if kills < 8 else -1
    assert kills >= 1
    assert digests(torn) == digests(whole)


def test_finished_units_are_not_made_again(
    snapshot: Path, tmp_path: Path, small_units: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    processed = Processed(tmp_path / "p")
    monkeypatch.setattr("mining.build.run.Merger.merge", _raise_killed)
    with pytest.raises(_Killed):
        build(snapshot, processed, executor=_Alone())
    monkeypatch.undo()
    calls = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return normalize(*args, **kwargs)

    monkeypatch.setattr(workers, "normalize", counted)
    monkeypatch.setattr(work, "FRAMES_PER_UNIT", 2)
    monkeypatch.setattr(work, "BYTES_PER_PARTITION", 20_000)
    build(snapshot, processed, executor=_Alone())
    assert calls == []


def _raise_killed(*_: object) -> None:
    raise _Killed


def test_work_of_another_snapshot_is_thrown_away(snapshot: Path, built: Built, tmp_path: Path) -> None:
    processed = Processed(tmp_path / "p")
    stale = processed.folder / ".parts"
    stale.mkdir(parents=True)
    (stale / "key.json").write_text("{}")
    (stale / "rubbish").write_text("x")
    build(snapshot, processed, executor=_Alone())
    assert digests(processed) == digests(built[0])
    assert not stale.exists()


def test_a_process_that_dies_is_one_clear_line(snapshot: Path, tmp_path: Path) -> None:
    class Dying(_Alone):
        def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("gone"))
            return future

    with pytest.raises(HfCarbonError, match="run build again"):
        build(snapshot, Processed(tmp_path / "p"), executor=Dying())


# ---------------------------------------------------------------- odd snapshots


def snapshot_of(folder: Path, *pages: list[Envelope], source: Source = "hub") -> Path:
    writer = SnapshotWriter.create(folder, source=source, plan={}, plan_hash="x", clock=fixed_clock)
    for page in pages:
        writer.append(page)
    writer.complete()
    writer.close()
    return folder


def model_row(model_id: str, **values: Any) -> Envelope:
    body = json.dumps({"id": model_id, **values})
    return Envelope(kind="model", id=model_id, key=str(values.get("_id") or model_id), address="/api/models", body=body)


def test_an_empty_snapshot_gives_empty_tables(tmp_path: Path) -> None:
    processed = Processed(tmp_path / "p")
    account = build(snapshot_of(tmp_path / "raw"), processed)
    assert account.models_in == 0
    assert all(read_table(processed.table(name), struct).num_rows == 0 for name, struct in TABLES.items())


def test_rejections_are_rows_with_reasons(tmp_path: Path) -> None:
    bad = Envelope(kind="model", id="bad/one", key="b", address="/api/models", body="<html>")
    lost = Envelope(kind="failure", id="gone/model", address="/api/models/gone/model", status=404, failure="gone")
    processed = Processed(tmp_path / "p")
    account = build(snapshot_of(tmp_path / "raw", [model_row("a/b"), bad], [lost]), processed)
    assert (account.models_in, account.models_kept, account.models_rejected) == (3, 1, {"gone": 1, "not-json": 1})
    rows = read_table(processed.table("rejects"), TABLES["rejects"]).to_pylist()
    assert {(row["id"], row["reason"]) for row in rows} == {("bad/one", "not-json"), ("gone/model", "gone")}


def test_data_sets_that_are_gone_are_no_lost_models(tmp_path: Path) -> None:
    lost = Envelope(kind="failure", id="d/gone", address="/api/datasets/d/gone", status=404, failure="gone")
    processed = Processed(tmp_path / "p")
    account = build(snapshot_of(tmp_path / "raw", [model_row("a/b")], [lost]), processed)
    assert (account.models_in, account.models_kept, account.models_rejected) == (1, 1, {})
    (row,) = read_table(processed.table("rejects"), TABLES["rejects"]).to_pylist()
    assert (row["kind"], row["id"], row["reason"]) == ("dataset", "d/gone", "gone")


def test_cards_without_a_listing_are_models(tmp_path: Path) -> None:
    card = Envelope(
        kind="card",
        id="x/y",
        address="/x/y/resolve/main/README.md",
        body="---\nlicense: mit\n---\n# A\n\nco2 emissions: 5 kg\n",
    )
    processed = Processed(tmp_path / "p")
    account = build(snapshot_of(tmp_path / "raw", [card], source="cards"), processed)
    assert account.models_kept == 1
    row = read_table(processed.table("models"), ModelRecord).to_pylist()[0]
    assert (row["model_id"], row["license"], row["source"], row["card_status"]) == ("x/y", "mit", "cards", "read")


def test_a_name_that_comes_twice_is_kept_once_and_accounted_for(tmp_path: Path) -> None:
    rows = [model_row("a/b", _id="1", likes=1), model_row("c/d", _id="2"), model_row("a/b", _id="3", likes=2)]
    processed = Processed(tmp_path / "p")
    account = build(snapshot_of(tmp_path / "raw", rows), processed)
    assert (account.models_in, account.models_kept, account.models_rejected) == (3, 2, {"duplicate": 1})
    kept = read_table(processed.table("models"), ModelRecord).to_pylist()
    assert [(row["model_id"], row["likes_count"]) for row in kept] == [("a/b", 1), ("c/d", None)]


def test_quantized_models_borrow_the_parameters_of_their_base(tmp_path: Path) -> None:
    rows = [
        model_row("q/copy", _id="1", downloads=3, baseModels={"relation": "quantized", "models": [{"id": "b/base"}]}),
        model_row("b/base", _id="2", safetensors={"parameters": {"BF16": 123_456_789}, "total": 123_456_789}),
        model_row("m/merge", _id="3", baseModels={"relation": "merge", "models": [{"id": "b/base"}]}),
    ]
    processed = Processed(tmp_path / "p")
    build(snapshot_of(tmp_path / "raw", rows), processed)
    copy, _, merge = read_table(processed.table("models"), ModelRecord).to_pylist()
    assert (copy["parameters_count"], copy["parameters_source"], copy["parameters_class"]) == (
        123_456_789,
        "base-model",
        "100M-1B",
    )
    assert copy["stratum"] == "unknown | 100M-1B | 1-9"
    assert merge["parameters_count"] is None


def test_data_sets_bring_their_bytes(tmp_path: Path) -> None:
    info = {"cardData": {"dataset_info": [{"dataset_size": 10}, {"dataset_size": 5}]}, "usedStorage": 3}
    answers = [
        Envelope(kind="dataset", id="d/one", address="/api/datasets/d/one", body=json.dumps(info)),
        Envelope(kind="dataset", id="d/two", address="/api/datasets/d/two", body='{"usedStorage": 7}'),
        Envelope(kind="dataset", id="d/odd", address="/api/datasets/d/odd", body="[]"),
    ]
    rows = [
        model_row("a/one", _id="1", cardData={"datasets": ["d/one", "d/two"]}),
        model_row("a/two", _id="2", cardData={"datasets": ["d/two", "d/odd"]}),
    ]
    processed = Processed(tmp_path / "p")
    account = build(snapshot_of(tmp_path / "raw", rows, answers), processed)
    assert read_table(processed.table("models"), ModelRecord, ["datasets_bytes"])["datasets_bytes"].to_pylist() == [
        22.0,
        None,
    ]
    assert account.received["dataset"] == 3


def test_partial_and_damaged_snapshots_are_refused(hub: SampleHub, tmp_path: Path) -> None:
    writer = SnapshotWriter.create(tmp_path / "partial", source="hub", plan={}, plan_hash="x", clock=fixed_clock)
    writer.append([row_of(hub, 0)])
    writer.close()
    with pytest.raises(SnapshotDamagedError, match="partial"):
        build(tmp_path / "partial", Processed(tmp_path / "p"))
    whole = snapshot_of(tmp_path / "whole", [row_of(hub, index) for index in range(50)])
    shard = SnapshotReader(whole).shards("model")[0]
    shard.write_bytes(shard.read_bytes()[:-9] + b"alteredit")
    with pytest.raises(SnapshotDamagedError):
        build(whole, Processed(tmp_path / "p"))


def test_spill_keeps_order_and_loses_nothing(hub: SampleHub, tmp_path: Path) -> None:
    envelopes = [side for index in range(60) for side in sides_of(hub, index)]
    write_spill(tmp_path, envelopes, 7)
    back = [list(read_partition(tmp_path, number)) for number in range(7)]
    assert sum(len(page) for page in back) == len(envelopes)
    for page in back:
        places = [envelopes.index(envelope) for envelope in page]
        assert places == sorted(places)
    assert list(read_partition(tmp_path / "absent", 0)) == []


def test_a_data_set_of_absurd_size_has_none(tmp_path: Path) -> None:
    answers = [
        Envelope(
            kind="dataset",
            id=f"d/{number}",
            address="/",
            body=f'{{"cardData": {{"dataset_info": {{"dataset_size": {size}}}}}}}',
        )
        for number, size in enumerate(("1" * 400, "-5", "12"))
    ]
    rows = [model_row(f"a/m{number}", _id=str(number), cardData={"datasets": [f"d/{number}"]}) for number in range(3)]
    processed = Processed(tmp_path / "p")
    build(snapshot_of(tmp_path / "raw", rows, answers), processed)
    assert read_table(processed.table("models"), ModelRecord, ["datasets_bytes"])["datasets_bytes"].to_pylist() == [
        None,
        None,
        12.0,
    ]
