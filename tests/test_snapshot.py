"""Raw snapshots: what goes in comes out, once, and damage is named."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import DiskFullError, SnapshotDamagedError, UsageError
from mining.schema import Envelope
from mining.snapshot import (
    KeySet,
    Manifest,
    Shelf,
    SnapshotReader,
    SnapshotWriter,
    asked_for,
    decode_frame,
)
from mining.snapshot.frames import encode_frame, inflate, walk_frames
from mining.snapshot.shelf import age, finished_at

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def model(number: int, body: str = "{}") -> Envelope:
    return Envelope(kind="model", id=f"a/m{number}", key=f"{number:024x}", address="/api/models", body=body)


def start(folder: Path, **options: Any) -> SnapshotWriter:
    return SnapshotWriter.create(
        folder, source="hub", plan={"frame": "census"}, plan_hash="p1", clock=lambda: NOON, **options
    )


def small(folder: Path) -> Manifest:
    with start(folder, protocol_hash="abc", versions={"hf-carbon": "0"}) as writer:
        writer.append([model(1), model(2), Envelope(kind="card", id="a/m1", body="# é\n")], cursor={"next": "x"})
        writer.append([model(2), model(3), Envelope(kind="failure", id="a/m2", failure="gated", status=403)])
        writer.add_file("table.csv", b"a,b\n")
        writer.note("a remark")
        return writer.complete()


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.log"
    }


def test_what_was_written_is_read_back_once_and_in_order(tmp_path: Path) -> None:
    manifest = small(tmp_path / "s")
    reader = SnapshotReader(tmp_path / "s")
    reader.verify()
    assert [e.id for e in reader.envelopes("model")] == ["a/m1", "a/m2", "a/m3"]
    assert [e.body for e in reader.envelopes("card")] == ["# é\n"]
    assert reader.file("table.csv") == b"a,b\n"
    assert list(reader.envelopes("dataset")) == []
    assert reader.manifest == manifest
    assert manifest.counts == {"card": 1, "failure": 1, "model": 3}
    assert (manifest.failures, manifest.duplicates, manifest.notes) == ({"gated": 1}, 1, ("a remark",))
    assert (manifest.protocol_hash, manifest.status) == ("abc", "complete")
    assert not (tmp_path / "s/journal.jsonl").exists()
    assert not (tmp_path / "s/.lock").exists()


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    assert small(tmp_path / "one").digest == small(tmp_path / "two").digest
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_nothing_but_the_run_log_holds_a_clock_time_or_the_folder(tmp_path: Path) -> None:
    small(tmp_path / "hidden-name")
    written = b"".join(content(tmp_path / "hidden-name").values()) + b"".join(
        inflate(frame) for path in (tmp_path / "hidden-name/shards").iterdir() for frame in walk_frames(path)
    )
    assert b"hidden-name" not in written
    assert b"2026" not in written
    assert "2026-09-01T12:00:00Z started" in (tmp_path / "hidden-name/run.log").read_text()


def test_a_complete_folder_is_refused(tmp_path: Path) -> None:
    small(tmp_path)
    with pytest.raises(UsageError, match="written once"):
        start(tmp_path)
    with pytest.raises(UsageError, match="complete"):
        SnapshotWriter.resume(tmp_path)


def test_a_partial_snapshot_is_not_read(tmp_path: Path) -> None:
    start(tmp_path).close()
    with pytest.raises(SnapshotDamagedError, match="partial"):
        SnapshotReader(tmp_path)


def test_resume_cuts_off_what_the_journal_does_not_confirm(tmp_path: Path) -> None:
    small(tmp_path / "whole")
    writer = start(tmp_path / "cut", protocol_hash="abc", versions={"hf-carbon": "0"})
    writer.append([model(1), model(2), Envelope(kind="card", id="a/m1", body="# é\n")], cursor={"next": "x"})
    writer.close()
    with (tmp_path / "cut/shards/model-00000.jsonl.zst").open("ab") as stream:
        stream.write(encode_frame([model(9)])[:-3])
    (tmp_path / "cut/shards/failure-00000.jsonl.zst").write_bytes(b"never confirmed")
    with (tmp_path / "cut/journal.jsonl").open("ab") as stream:
        stream.write(b'{"cursor": "torn')
    with SnapshotWriter.resume(tmp_path / "cut", plan_hash="p1", clock=lambda: NOON) as writer:
        assert writer.cursor == {"next": "x"}
        writer.append([model(2), model(3), Envelope(kind="failure", id="a/m2", failure="gated", status=403)])
        writer.add_file("table.csv", b"a,b\n")
        writer.note("a remark")
        writer.complete()
    assert content(tmp_path / "cut") == content(tmp_path / "whole")
    assert "unconfirmed bytes cut off" in (tmp_path / "cut/run.log").read_text()


def test_resume_refuses_another_plan_and_lost_confirmed_bytes(tmp_path: Path) -> None:
    writer = start(tmp_path)
    writer.append([model(1)])
    writer.close()
    with pytest.raises(UsageError, match="another plan"):
        SnapshotWriter.resume(tmp_path, plan_hash="p2")
    shard = tmp_path / "shards/model-00000.jsonl.zst"
    data = shard.read_bytes()
    os.truncate(shard, 5)
    with pytest.raises(SnapshotDamagedError, match="truncated"):
        SnapshotWriter.resume(tmp_path)
    shard.unlink()
    with pytest.raises(SnapshotDamagedError, match="not there"):
        SnapshotWriter.resume(tmp_path)
    shard.write_bytes(data)
    (tmp_path / "journal.jsonl").write_bytes(b"{]\n{}\n")
    with pytest.raises(SnapshotDamagedError, match="line 1"):
        SnapshotWriter.resume(tmp_path)
    (tmp_path / "journal.jsonl").unlink()
    with pytest.raises(SnapshotDamagedError, match=r"no journal\.jsonl"):
        SnapshotWriter.resume(tmp_path)


def test_a_second_crawler_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    with start(tmp_path), pytest.raises(UsageError, match=f"process {os.getpid()}"):
        SnapshotWriter.resume(tmp_path)
    SnapshotWriter.resume(tmp_path).close()


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import os,signal,sys; from pathlib import Path; from mining.snapshot import SnapshotWriter;"
        "w = SnapshotWriter.create(Path(sys.argv[1]), source='hub', plan={}, plan_hash='p1'); os.kill(os.getpid(), "
        "signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    assert (tmp_path / ".lock").exists()
    SnapshotWriter.resume(tmp_path, plan_hash="p1").close()


def test_a_crash_in_the_last_step_is_tidied(tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / "journal.jsonl").write_bytes(b'{"closed":true}\n')
    SnapshotReader(tmp_path).verify()
    SnapshotWriter.tidy(tmp_path)
    assert not (tmp_path / "journal.jsonl").exists()
    (tmp_path / "journal.jsonl").write_bytes(b"{}\n")
    with pytest.raises(SnapshotDamagedError, match="journal is open"):
        SnapshotReader(tmp_path)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("victim", ["shard", "journal"])
def test_a_full_disk_stops_cleanly_and_the_crawl_goes_on_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, victim: str
) -> None:
    small(tmp_path / "whole")
    writer = start(tmp_path / "full", protocol_hash="abc", versions={"hf-carbon": "0"})
    writer.append([model(1), model(2), Envelope(kind="card", id="a/m1", body="# é\n")], cursor={"next": "x"})
    write = os.write
    calls = []

    def full(handle: int, data: bytes) -> int:
        calls.append(handle)
        if len(calls) == (1 if victim == "shard" else 3):
            write(handle, bytes(data)[:7])
            raise OSError(number, "no room")
        return write(handle, data)

    second = [model(2), model(3), Envelope(kind="failure", id="a/m2", failure="gated", status=403)]
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DiskFullError, match="free some room"):
        writer.append(second, cursor=1)
    monkeypatch.setattr(os, "write", write)
    writer.close()
    with SnapshotWriter.resume(tmp_path / "full", clock=lambda: NOON) as writer:
        assert writer.cursor == {"next": "x"}
        writer.append(second)
        writer.add_file("table.csv", b"a,b\n")
        writer.note("a remark")
        writer.complete()
    assert content(tmp_path / "full") == content(tmp_path / "whole")


def test_a_real_size_limit_of_the_system_is_met_as_a_full_disk(tmp_path: Path) -> None:
    code = """
import resource, signal, sys, random
from pathlib import Path
from mining.schema import Envelope
from mining.errors import DiskFullError
from mining.snapshot import SnapshotWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
rng = random.Random(1)
with SnapshotWriter.create(Path(sys.argv[1]), source="hub", plan={}, plan_hash="p1") as writer:
    try:
        for page in range(100):
            writer.append([Envelope(kind="card", id=str(page), body=rng.randbytes(4000).hex())], cursor=page)
    except DiskFullError as error:
        print(page, error.exit_code)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    page, exit_code = map(int, done.stdout.split())
    assert exit_code == 3
    with SnapshotWriter.resume(tmp_path) as writer:
        assert writer.cursor == page - 1 > 0
        writer.complete()
    SnapshotReader(tmp_path).verify()
    assert len(list(SnapshotReader(tmp_path).envelopes("card"))) == page


def damage_truncated(folder: Path) -> None:
    os.truncate(folder / "shards/model-00000.jsonl.zst", 20)


def damage_altered(folder: Path) -> None:
    path = folder / "shards/model-00000.jsonl.zst"
    data = bytearray(path.read_bytes())
    data[-6] ^= 1
    path.write_bytes(data)


def damage_foreign(folder: Path) -> None:
    (folder / "shards/model-00007.jsonl.zst").write_bytes(b"")


def damage_missing(folder: Path) -> None:
    (folder / "shards/card-00000.jsonl.zst").unlink()


def damage_file(folder: Path) -> None:
    (folder / "files/table.csv").write_bytes(b"a;b\n")


def damage_link(folder: Path) -> None:
    (folder / "files/table.csv").unlink()
    (folder / "files/table.csv").symlink_to("/etc/hostname")


def damage_counts(folder: Path) -> None:
    manifest = SnapshotReader(folder).manifest
    path = folder / "manifest.json"
    path.write_bytes(msgspec.structs.replace(manifest, counts={**manifest.counts, "model": 4}).encode())


def damage_shard_counts(folder: Path) -> None:
    manifest = SnapshotReader(folder).manifest
    shards = tuple(msgspec.structs.replace(shard, envelopes=shard.envelopes + 1) for shard in manifest.shards)
    (folder / "manifest.json").write_bytes(msgspec.structs.replace(manifest, shards=shards).encode())


def damage_schema(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"schema_version": "1"', '"schema_version": "0"'))


def damage_format(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace("hf-carbon/snapshot/1", "other/1"))


def damage_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"format": "hf-carbon/snapshot/1", "schema_version": "1"}')


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (damage_truncated, "truncated"),
        (damage_altered, "altered"),
        (damage_foreign, "foreign"),
        (damage_missing, "missing"),
        (damage_file, "altered"),
        (damage_link, "foreign"),
        (damage_counts, "counts"),
        (damage_shard_counts, "altered"),
        (damage_schema, "schema version"),
        (damage_format, "foreign format"),
        (damage_manifest, "not a manifest"),
    ],
)
def test_verify_says_what_is_wrong(tmp_path: Path, damage: Callable[[Path], object], word: str) -> None:
    small(tmp_path)
    damage(tmp_path)
    with pytest.raises(SnapshotDamagedError, match=word):
        SnapshotReader(tmp_path).verify()


def test_a_folder_without_manifest_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamagedError, match="not a snapshot"):
        SnapshotReader(tmp_path)


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", ".hidden", "", "a//b", "a\\..\\b", "x\n"])
def test_path_tricks_in_file_names_are_refused(tmp_path: Path, name: str) -> None:
    with start(tmp_path) as writer, pytest.raises(UsageError, match="not a name"):
        writer.add_file(name, b"")
    assert not (tmp_path / "files").exists()


def test_a_kind_cannot_leave_the_folder(tmp_path: Path) -> None:
    with start(tmp_path) as writer, pytest.raises(UsageError, match="not a kind"):
        writer.append([Envelope(kind="../x", id="a")])


def test_an_unknown_file_is_a_users_mistake(tmp_path: Path) -> None:
    small(tmp_path)
    with pytest.raises(UsageError, match=r"table\.csv"):
        SnapshotReader(tmp_path).file("other.csv")


def test_full_shards_are_followed_by_new_ones_and_read_in_order(tmp_path: Path) -> None:
    with start(tmp_path) as writer:
        writer.max_shard_bytes = 150
        for page in range(20):
            writer.append([model(page * 10 + i, body=str(page)) for i in range(10)])
        writer.complete()
    reader = SnapshotReader(tmp_path)
    reader.verify()
    shards = reader.shards("model")
    assert len(shards) > 3
    assert [e.key for e in reader.envelopes("model")] == [f"{n:024x}" for n in range(200)]
    assert [e.key for s in shards for e in reader.envelopes("model", s)] == [f"{n:024x}" for n in range(200)]
    assert sum(len(decode_frame(frame)) for s in shards for frame in reader.frames(s)) == 200


@given(st.lists(st.text(max_size=3)))
def test_the_key_set_is_a_set(keys: list[str]) -> None:
    compact = KeySet(4)
    truth: set[str] = set()
    for key in keys:
        assert compact.add(key) == (key not in truth)
        truth.add(key)
    assert len(compact) == len(truth)
    assert all(key in compact for key in truth)
    assert "never there" not in compact


@settings(max_examples=50)
@given(st.lists(st.text(max_size=50), min_size=1), st.binary(max_size=9), st.integers(0, 200))
def test_frames_survive_and_damage_is_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[str], junk: bytes, cut: int
) -> None:
    path = tmp_path_factory.mktemp("frames") / "x.jsonl.zst"
    page = [Envelope(kind="card", id=str(i), body=body) for i, body in enumerate(bodies)]
    frame = encode_frame(page)
    path.write_bytes(frame * 2)
    assert [decode_frame(f) for f in walk_frames(path)] == [page, page]
    path.write_bytes((frame + junk)[: -cut or None])
    try:
        for f in walk_frames(path):
            decode_frame(f)
    except SnapshotDamagedError:
        pass


def test_a_frame_that_claims_too_much_is_refused() -> None:
    import zstandard

    bomb = zstandard.ZstdCompressor(write_content_size=False)
    stream = bomb.compressobj()
    frame = stream.compress(b"x" * 1000) + stream.flush()
    with pytest.raises(SnapshotDamagedError, match="claims"):
        decode_frame(frame)
    with pytest.raises(SnapshotDamagedError, match="not an envelope"):
        decode_frame(zstandard.ZstdCompressor().compress(b'{"kind": 1}\n'))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/a/b/resolve/abc/README.md", "card"),
        ("/a/b/raw/abc/README.md", "card"),
        ("/a/b/resolve/abc/emissions.csv", "file"),
        ("/api/models/a/b/commits/main?p=1", "commits"),
        ("/api/models/a/b?expand=author", "info"),
        ("/api/models/a/b/revision/abc?expand=author", "info"),
        ("/api/datasets/a/b", "dataset"),
        ("/api/models?limit=1000", "model"),
    ],
)
def test_a_failure_knows_what_was_asked_for(address: str, kind: str) -> None:
    assert asked_for(Envelope(kind="failure", id="a/b", address=address)) == kind
    assert asked_for(Envelope(kind="card", id="a/b", address="/x")) == "card"


def test_the_shelf_knows_plans_ages_and_free_names(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.complete("p1") is None
    small(tmp_path / "one")
    start(tmp_path / "two").close()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/manifest.json").write_text("{")
    assert shelf.complete("p1") == tmp_path / "one"
    assert shelf.partial("p1") == tmp_path / "two"
    assert shelf.complete("p2") is None
    assert shelf.new("one") == tmp_path / "one-2"
    assert shelf.new("three") == tmp_path / "three"
    assert age(tmp_path / "one", NOON + timedelta(days=2)) == timedelta(days=2)
    assert finished_at(tmp_path / "broken") is None
    assert age(tmp_path / "broken", NOON) is None
