"""``hf-carbon crawl`` and ``hf-carbon verify`` as a user calls them."""

from __future__ import annotations

from pathlib import Path

import pytest
from present import present

from analysis.cli import main
from mining.crawl import CrawlRequest
from mining.snapshot import SnapshotReader, SnapshotWriter
from sample_hub import LoopbackHub, SampleHub

SMALL = ["--source", "sample", "--sample-models", "300"]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_sample_is_crawled_reused_refreshed_and_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path)]
    code, folder, tally = call(capsys, "crawl", *SMALL, *out)
    assert code == 0
    assert "received" in tally
    assert "SYNTHETIC" in tally
    assert SnapshotReader(Path(folder.strip())).manifest.counts["model"] == 300
    code, again, said = call(capsys, "crawl", *SMALL, *out)
    assert (code, again) == (0, folder)
    assert "reusing" in said
    assert "old" in said
    code, anew, said = call(capsys, "crawl", *SMALL, *out, "--refresh", "--quiet")
    assert (code, anew, said) == (0, f"{folder.strip()}-2\n", "")
    name = Path(folder.strip()).name
    code, said, notes = call(capsys, "verify", name, *out)
    assert (code, "intact" in said, "SYNTHETIC" in notes) == (0, True, True)
    shard = next(Path(folder.strip()).glob("shards/model-*"))
    shard.write_bytes(shard.read_bytes()[:-1])
    code, _, said = call(capsys, "verify", name, *out)
    assert code == 4
    assert said.count("\n") == 1
    assert "truncated" in said


def test_the_sample_snapshot_says_synthetic_and_nothing_of_the_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder, _ = call(capsys, "crawl", *SMALL, "--out", str(tmp_path / "hidden"))
    manifest = SnapshotReader(Path(folder.strip())).manifest
    assert any(note.startswith("SYNTHETIC") for note in manifest.notes)
    assert b"hidden" not in manifest.encode()
    assert b"127.0.0.1" not in manifest.encode()
    assert len(present(manifest.protocol_hash)) == 64


def test_a_partial_snapshot_is_named_and_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, _ = CrawlRequest(source="sample", sample_models=300).read()
    SnapshotWriter.create(tmp_path / "raw/begun", source="sample", plan=plan.as_dict(), plan_hash=plan.hash).close()
    code, _, said = call(capsys, "crawl", *SMALL, "--out", str(tmp_path))
    assert code == 2
    assert "--resume" in said
    code, folder, _ = call(capsys, "crawl", *SMALL, "--out", str(tmp_path), "--resume")
    assert (code, Path(folder.strip()).name) == (0, "begun")


def test_a_real_crawl_goes_to_the_endpoint_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LoopbackHub(SampleHub(7, 200), quota={}) as hub:
        code, folder, _ = call(
            capsys, "crawl", "--endpoint", hub.endpoint, "--plan", "reporters", "--out", str(tmp_path)
        )
        assert code == 0
        assert Path(folder.strip()).name.startswith("hub-20")
        base = Path(folder.strip()).name
        code, since, _ = call(
            capsys,
            "crawl",
            "--endpoint",
            hub.endpoint,
            "--plan",
            f"since:{base}",
            "--cards",
            "none",
            "--out",
            str(tmp_path),
        )
        assert code == 0
        reporters = SnapshotReader(Path(folder.strip())).manifest.counts["model"]
        assert SnapshotReader(Path(since.strip())).manifest.counts["model"] == 200 - reporters


def test_nobody_there_is_one_line_and_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mining.hub.client.RetryPolicy",
        lambda: __import__("mining.hub", fromlist=["RetryPolicy"]).RetryPolicy(base_s=0.001),
    )
    code, _, said = call(capsys, "crawl", "--endpoint", "http://127.0.0.1:1", "--out", str(tmp_path))
    assert code == 3
    assert said.startswith("hf-carbon: could not reach http://127.0.0.1:1/api/models")
    assert said.count("\n") == 1
    assert list((tmp_path / "raw").iterdir()) == []


def test_a_dry_run_asks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = call(capsys, "crawl", "--dry-run", "--latency", "0.1", "--cards", "none", "--out", str(tmp_path))
    assert code == 0
    assert "list requests 3,035" in said
    assert "quota binds" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--source", "cards"],
        ["--plan", "nonsense"],
        ["--cards", "nonsense"],
        ["--plan", "since:nowhere"],
        ["--source", "cards", "--from", "/nowhere"],
        ["--max-models", "0"],
        ["--dry-run", "--source", "published"],
    ],
)
def test_a_users_mistake_is_exit_code_2_without_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, _, said = call(capsys, "crawl", *arguments, "--out", str(tmp_path))
    assert code == 2
    assert "Traceback" not in said
