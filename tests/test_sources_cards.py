"""A folder of cards becomes a snapshot: names from places, tricks refused, the same bytes wherever the folder lies."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from present import present

from mining.acquire_snapshot import acquire
from mining.crawl import CrawlRequest
from mining.errors import UsageError
from mining.paths import Home
from mining.snapshot import SnapshotReader
from mining.sources.cards import model_id_of

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def write(root: Path, name: str, data: bytes = b"# card\n") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def take(root: Path, out: Path, **more: Any) -> SnapshotReader:
    acquired = acquire(CrawlRequest(source="cards", origin=str(root), **more), Home(out), clock=lambda: NOON)
    reader = SnapshotReader(acquired.folder)
    reader.verify()
    return reader


@pytest.mark.parametrize(
    ("path", "model_id"),
    [
        ("org/model/README.md", "org/model"),
        ("model/README.md", "model"),
        ("org/model.md", "org/model"),
        ("model.md", "model"),
        ("deep/er/org/model/README.md", "org/model"),
        ("README.md", None),
        ("a/..b/README.md", None),
        ("we ird\n/README.md", None),
        ("-x/README.md", None),
    ],
)
def test_names_come_from_places(path: Path, model_id: str) -> None:
    assert model_id_of(PurePosixPath(path)) == model_id


def test_cards_logs_and_odd_files(tmp_path: Path) -> None:
    root = tmp_path / "in"
    write(root, "org/model/README.md", "# café\n".encode())
    write(root, "org/model/emissions.csv", b"emissions\n1\n")
    write(root, "org/latin/README.md", b"caf\xe9")
    write(root, "org/huge.md", b"x" * 5_000_001)
    write(root, "README.md", b"# mine\n")
    write(root, ".hidden/README.md")
    write(root, "notes.txt")
    (root / "linked.md").symlink_to("/etc/hostname")
    (root / "folder").symlink_to("/etc")
    os.close(os.open(os.fsencode(root) + b"/bad\xff.md", os.O_CREAT | os.O_WRONLY))
    reader = take(root, tmp_path / "out")
    cards = {e.id: e for e in reader.envelopes("card")}
    assert set(cards) == {"org/model", "org/latin", "local-card"}
    assert cards["org/model"].body == "# café\n"
    assert base64.b64decode(cards["org/latin"].body) == b"caf\xe9"
    assert [(e.id, e.body) for e in reader.envelopes("file")] == [("org/model", "emissions\n1\n")]
    failures = {e.id: e for e in reader.envelopes("failure")}
    assert failures["org/huge"].size_bytes == 5_000_001
    assert failures["linked"].failure == "unreadable"
    assert failures["bad\\udcff.md"].failure == "unreadable"
    model = next(e for e in reader.envelopes("model") if e.id == "org/model")
    assert json.loads(model.body) == {"_id": model.key, "id": "org/model", "author": "org"}
    assert model.key == cards["org/model"].key


def test_the_place_of_the_folder_leaves_no_trace(tmp_path: Path) -> None:
    for name in ("here", "there-and-longer"):
        write(tmp_path / name, "org/model/README.md")
        write(tmp_path / name, "b.md")
    one, two = (take(tmp_path / name, tmp_path / f"out-{name}") for name in ("here", "there-and-longer"))
    assert one.folder.name == two.folder.name
    assert one.manifest.digest == two.manifest.digest
    write(tmp_path / "here", "b.md", b"changed")
    assert take(tmp_path / "here", tmp_path / "out-here").folder.name != one.folder.name


def test_an_unchanged_folder_is_not_taken_twice(tmp_path: Path) -> None:
    write(tmp_path / "in", "b.md")
    request = CrawlRequest(source="cards", origin=str(tmp_path / "in"))
    first = acquire(request, Home(tmp_path / "out"), clock=lambda: NOON)
    assert present(first.tally).received == {"card": 1, "model": 1}
    again = acquire(request, Home(tmp_path / "out"), clock=lambda: NOON)
    assert again.tally is None
    assert present(again.age).total_seconds() == 0


def test_no_folder_and_no_cards_are_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not found"):
        take(tmp_path / "nowhere", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no README\.md"):
        take(tmp_path / "empty", tmp_path / "out")
    with pytest.raises(UsageError, match="not found"):
        acquire(CrawlRequest(source="cards"), Home(tmp_path))


@pytest.mark.shared
def test_real_cards_are_kept_byte_for_byte(shared_dir: Path, tmp_path: Path) -> None:
    reader = take(shared_dir / "cards/github", tmp_path, max_models=40)
    cards = list(reader.envelopes("card"))
    assert len(cards) == 40
    originals = {path.read_bytes() for path in (shared_dir / "cards/github").rglob("*.md")}
    assert all((e.body.encode() if e.encoding == "utf-8" else base64.b64decode(e.body)) in originals for e in cards)
