"""Plans carried out on the loopback Hub.

Everything once, the same bytes twice, stopped and resumed, changed and unchanged.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from present import present

from mining.crawl import crawl, make_plan
from mining.crawl.draw import allocate
from mining.crawl.plan import CrawlPlan
from mining.crawl.progress import Progress
from mining.crawl.suspects import is_reporter, is_suspect
from mining.errors import UnreachableError, UsageError
from mining.hub import HubClient, RetryPolicy
from mining.hub.answers import HubResponse
from mining.hub.models import ModelHead
from mining.snapshot import SnapshotReader
from sample_hub import Faults, LoopbackHub, RecordHub, SampleHub

FLOOR = "2022-03-02T23:29:04.000Z"
LATER = "2024-05-06T07:08:09.000Z"
FAST = RetryPolicy(attempts=4, first_attempts=4, base_s=0.001, cap_s=0.002)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def record(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"org/m{number:04d}", "createdAt": LATER, "siblings": [{"rfilename": "README.md"}], **more}


def records(count: int = 30) -> list[dict[str, Any]]:
    rows = [record(number) for number in range(count)]
    rows[0] |= {
        "tags": ["co2_eq_emissions", "dataset:org/data"],
        "createdAt": FLOOR,
        "cardData": {"datasets": ["org/data", "../x", 7]},
    }
    rows[1] |= {
        "cardData": {"co2_eq_emissions": 3},
        "siblings": [{"rfilename": "README.md"}, {"rfilename": "emissions.csv"}],
    }
    rows[2] |= {"tags": ["setfit"], "createdAt": FLOOR}
    rows[3] |= {"id": "org/my-carbon-model"}
    rows[4] |= {"siblings": [{"rfilename": "config.json"}]}
    return rows


def small_hub(rows: list[dict[str, Any]] | None = None, **options: Any) -> LoopbackHub:
    rows = rows or records()
    cards = {row["id"]: f"# {row['id']}\n" for row in rows if {"rfilename": "README.md"} in row["siblings"]}
    datasets = {"org/data": {"_id": "621ffdc036468d709f17434d", "id": "org/data"}}
    return LoopbackHub(
        RecordHub(rows, cards, files={"org/m0001": {"emissions.csv": b"emissions\n1\n"}}, datasets=datasets),
        quota={},
        **options,
    )


def run(hub: LoopbackHub, folder: Path, plan: str = "census", cards: str = "none", **options: Any) -> SnapshotReader:
    what, base = make_plan(plan, cards, **options.pop("plan_options", {}))
    client = HubClient(hub.endpoint, token=False, retry_policy=FAST)
    crawl(what, folder, client=client, base=base, clock=lambda: NOON, **options)
    reader = SnapshotReader(folder)
    reader.verify()
    return reader


def ids(reader: SnapshotReader, kind: str = "model") -> list[str]:
    return [envelope.id for envelope in reader.envelopes(kind)]


def content(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "run.log"
    }


def test_a_census_keeps_every_row_exactly_as_received(tmp_path: Path) -> None:
    with small_hub() as hub:
        reader = run(hub, tmp_path / "s")
        assert hub.counters.kinds["list"] == 2
    models = list(reader.envelopes("model"))
    assert len(models) == 30
    assert reader.manifest.notes == ("the listing refused the fields usedStorage",)
    assert all(json.loads(e.body)["_id"] == e.key for e in models)
    assert [e.key for e in models] == sorted((present(e.key) for e in models), reverse=True)
    assert reader.manifest.plan["frame"] == "census"


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ("none", {}),
        ("reporters", {"card": {"org/m0000", "org/m0001"}}),
        ("flagged", {"card": {"org/m0000", "org/m0001", "org/m0002", "org/my-carbon-model"}}),
    ],
)
def test_only_the_cards_that_were_asked_for_are_fetched(
    tmp_path: Path, cards: str, expected: dict[str, set[str]]
) -> None:
    with small_hub() as hub:
        reader = run(hub, tmp_path / "s", cards=cards)
    assert set(ids(reader, "card")) == expected.get("card", set())
    if cards == "none":
        assert set(reader.manifest.counts) == {"model"}
    else:
        assert ids(reader, "file") == ["org/m0001"]
        assert ids(reader, "commits") == ["org/m0000"]
        assert set(ids(reader, "info")) == {"org/m0000", "org/m0001"}
        assert ids(reader, "dataset") == ["org/data"]


def test_no_call_is_made_twice_or_in_vain(tmp_path: Path) -> None:
    with small_hub() as hub:
        run(hub, tmp_path / "s", cards="flagged")
        once = {path: count for path, count in hub.counters.paths.items() if path != "GET /api/models"}
        assert set(once.values()) == {1}
        assert hub.counters.kinds["card"] == 4
    with small_hub(refused_expand=()) as hub:
        run(hub, tmp_path / "t", cards="reporters")
        assert hub.counters.kinds["info"] == 0
        assert hub.counters.kinds["list"] == 1


def test_all_cards_and_a_drawn_sample(tmp_path: Path) -> None:
    with small_hub() as hub:
        everything = run(hub, tmp_path / "all", cards="all")
        drawn = run(hub, tmp_path / "some", cards="sample:7", plan_options={"seed": 3})
        run(hub, tmp_path / "again", cards="sample:7", plan_options={"seed": 3})
        other = run(hub, tmp_path / "other", cards="sample:7", plan_options={"seed": 4})
    assert len(ids(everything, "card")) == 29
    assert everything.manifest.failures == {"absent": 1}
    draw = json.loads(drawn.file("card-sample.json"))
    assert len(draw["keys"]) == 7 == sum(stratum["drawn"] for stratum in draw["strata"])
    assert sum(stratum["models"] for stratum in draw["strata"]) == 30
    assert {e.key for e in drawn.envelopes("card")} | {e.key for e in drawn.envelopes("failure")} == set(draw["keys"])
    assert content(tmp_path / "some") == content(tmp_path / "again")
    assert set(ids(drawn, "card")) != set(ids(other, "card"))


def test_reporters_authors_and_named_models(tmp_path: Path) -> None:
    rows = [*records(), {"id": "other/one", "siblings": [], "createdAt": LATER}]
    names = tmp_path / "names.txt"
    names.write_text("# wanted\norg/m0005\n\norg/never\norg/m0005\n../evil\norg/m0006\n")
    with small_hub(rows) as hub:
        assert ids(run(hub, tmp_path / "r", "reporters")) == ["org/m0000"]
        assert ids(run(hub, tmp_path / "a", "author:other")) == ["other/one"]
        named = run(hub, tmp_path / "n", f"ids:{names}", cards="all")
    assert ids(named) == ["org/m0005", "org/m0006"]
    assert [(e.id, e.failure) for e in named.envelopes("failure")] == [("org/never", "gone"), ("../evil", "gone")]
    assert named.file("ids.txt") == b"org/m0005\norg/never\n../evil\norg/m0006\n"
    assert str(tmp_path).encode() not in b"".join(content(tmp_path / "n").values())
    assert ids(named, "card") == ["org/m0005", "org/m0006"]


def test_a_first_look_takes_no_more_than_it_was_told(tmp_path: Path) -> None:
    with small_hub() as hub:
        assert len(ids(run(hub, tmp_path / "s", plan_options={"max_models": 7}))) == 7
    with LoopbackHub(SampleHub(7, 2_500), quota={}) as hub:
        assert len(ids(run(hub, tmp_path / "t", plan_options={"max_models": 1_200}))) == 1_200
        assert hub.counters.kinds["list"] == 3


def test_since_a_snapshot_only_what_is_new_or_changed(tmp_path: Path) -> None:
    rows = records()
    with small_hub([dict(row) for row in rows]) as hub:
        run(hub, tmp_path / "base")
    changed = [dict(row) for row in rows] + [record(99)]
    changed[5]["lastModified"] = "2026-01-01T00:00:00.000Z"
    with small_hub(changed) as hub:
        later = run(hub, tmp_path / "later", f"since:{tmp_path / 'base'}")
        assert sorted(ids(later)) == ["org/m0005", "org/m0099"]
        plan, _ = make_plan(f"since:{tmp_path / 'base'}", "none")
        with pytest.raises(UsageError, match="needs the snapshot"):
            crawl(plan, tmp_path / "x", client=HubClient(hub.endpoint, token=False))
        with pytest.raises(UsageError, match="not the snapshot"):
            crawl(plan, tmp_path / "y", client=HubClient(hub.endpoint, token=False), base=tmp_path / "later")
    assert not (tmp_path / "x").exists()


def test_two_crawls_of_a_hub_that_stands_still_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with LoopbackHub(SampleHub(7, 1_500), quota={}) as hub:
            run(hub, tmp_path / name, cards="flagged")
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert len(content(tmp_path / "one")) > 5


@pytest.mark.parametrize("most", [3, 8, 14])
def test_an_outage_stops_the_crawl_and_it_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    with small_hub() as hub:
        run(hub, tmp_path / "whole", cards="flagged")
        plan, _ = make_plan("census", "flagged")
        weak = HubClient(
            hub.endpoint, token=False, retry_policy=RetryPolicy(attempts=1, first_attempts=1, base_s=0.001), workers=1
        )
        send, sent = weak._send, []

        def fail_after(url: str, address: str, bucket: str, max_bytes: int) -> tuple[HubResponse, str | None]:
            sent.append(address)
            if len(sent) > most:
                raise RuntimeError("killed")
            return send(url, address, bucket, max_bytes)

        monkeypatch.setattr(weak, "_send", fail_after)
        with pytest.raises(RuntimeError):
            crawl(plan, tmp_path / "cut", client=weak, clock=lambda: NOON)
        run(hub, tmp_path / "cut", cards="flagged", resume=True)
    assert content(tmp_path / "cut") == content(tmp_path / "whole")


def test_nothing_reached_in_a_whole_batch_is_our_outage_not_their_silence(tmp_path: Path) -> None:
    with small_hub() as hub:
        faults = Faults(share=1, kinds=("503",), retry_after_s=0, under="/org")
        with small_hub(faults=faults) as broken, pytest.raises(UnreachableError):
            run(broken, tmp_path / "s", cards="all")
        reader = run(hub, tmp_path / "s", cards="all", resume=True)
    assert len(ids(reader, "card")) == 29


def test_a_crawl_that_cannot_begin_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        crawl(make_plan()[0], tmp_path / "s", client=HubClient("http://127.0.0.1:1", token=False, retry_policy=FAST))
    assert not (tmp_path / "s").exists()


def test_the_token_is_in_no_file_and_in_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_abcdefghijklmnop")
    caplog.set_level(logging.DEBUG)
    with small_hub(faults=Faults(share=0.2, retry_after_s=0, stall_s=0.01)) as hub:
        client = HubClient(hub.endpoint, retry_policy=FAST)
        assert client.has_token
        tally = crawl(make_plan("census", "all")[0], tmp_path / "s", client=client, progress=Progress(always=True))
    said = caplog.text + "".join(capfd.readouterr()) + repr(tally)
    assert "hf_abcdefghijklmnop" not in said
    from mining.snapshot.frames import inflate, walk_frames

    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".zst":
                data = b"".join(inflate(frame) for frame in walk_frames(path))
            assert b"hf_abcdefghijklmnop" not in data, path


def test_plans_are_read_and_hashed_alike_everywhere(tmp_path: Path) -> None:
    assert make_plan()[0].hash == CrawlPlan().hash
    assert make_plan("census", "flagged,reporters")[0].hash == make_plan("census", "reporters,flagged")[0].hash
    assert len({make_plan(cards=cards)[0].hash for cards in ("all", "none", "sample:3", "sample:4", "flagged")}) == 5
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x/y\n")
    assert make_plan(f"ids:{tmp_path / 'a.txt'}")[0].hash == make_plan(f"ids:{tmp_path / 'b.txt'}")[0].hash


@pytest.mark.parametrize(
    ("plan", "cards", "words"),
    [
        ("everything", "none", "unknown plan"),
        ("census:x", "none", "unknown plan"),
        ("author:", "none", "unknown plan"),
        ("ids:/nowhere", "none", "cannot read the names"),
        ("census", "some", "unknown choice of cards"),
        ("census", "sample", "unknown choice of cards"),
        ("census", "sample:0", "unknown choice of cards"),
        ("census", "all:3", "unknown choice of cards"),
        ("census", "none,all", "cannot be combined"),
    ],
)
def test_words_that_are_not_understood_are_a_users_mistake(plan: str, cards: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        make_plan(plan, cards)


def test_empty_lists_and_impossible_bounds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nothing\n")
    (tmp_path / "binary").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="names no models"):
        make_plan(f"ids:{tmp_path / 'empty'}")
    with pytest.raises(UsageError, match="not UTF-8"):
        make_plan(f"ids:{tmp_path / 'binary'}")
    with pytest.raises(UsageError, match="at least 1"):
        make_plan(max_models=0)


@pytest.mark.parametrize(
    ("head", "reporter", "suspect"),
    [
        ({"id": "a/b"}, False, False),
        ({"id": "a/b", "tags": ["co2_eq_emissions"]}, True, True),
        ({"id": "a/b", "card_data": {"co2_eq_emissions": 0}}, True, False),
        ({"id": "a/b", "card_data": "broken"}, False, False),
        ({"id": "a/b", "library_name": "setfit"}, False, True),
        ({"id": "meta-llama/x"}, False, True),
        ({"id": "x/tds-carbon-card"}, False, True),
        ({"id": "x/b", "tags": ["energy-consumption"]}, False, True),
    ],
)
def test_the_net_for_reports_outside_the_metadata(head: dict[str, Any], reporter: bool, suspect: bool) -> None:
    model = ModelHead(**head)
    assert (is_reporter(model), is_suspect(model)) == (reporter, suspect)


def test_a_sample_is_shared_out_in_proportion() -> None:
    assert allocate({"a": 90, "b": 9, "c": 1}, 10) == {"a": 7, "b": 2, "c": 1}
    assert allocate({"a": 2, "b": 1}, 10) == {"a": 2, "b": 1}
    assert allocate({"a": 5, "b": 4, "c": 3}, 2) == {"a": 1, "b": 1, "c": 0}
    assert allocate({}, 5) == {}
    assert sum(allocate({str(n): n for n in range(1, 40)}, 200).values()) == 200
