"""The published data as a source: pinned, cached, refused when it is not what it should be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pooch
import published_like
import pytest

from mining.errors import (
    CheckFailedError,
    DamagedDataError,
    SchemaMismatchError,
    SnapshotDamagedError,
    UnreachableError,
    UsageError,
)
from mining.paths import Home
from mining.snapshot import SnapshotReader
from mining.sources import published


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """No words on standard error."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return published_like.write(tmp_path / "files")


@pytest.fixture
def served(files: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(files))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)


def test_raw_is_the_files_byte_for_byte(files: Path, tmp_path: Path) -> None:
    folder = published.fetch(Home(tmp_path / "data"), str(files), verified=False)
    reader = SnapshotReader(folder)
    for file in published.FILES:
        assert reader.file(file.name) == (files / file.name).read_bytes()
    reader.verify()


def test_a_second_fetch_finds_the_same_snapshot(files: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    first = published.fetch(home, str(files), verified=False)
    log = (first / "run.log").read_text()
    assert published.fetch(home, str(files), verified=False) == first
    assert (first / "run.log").read_text() == log
    assert [path.name for path in home.root.joinpath("raw").iterdir()] == [first.name]


def test_gzipped_files_give_the_same_snapshot(tmp_path: Path) -> None:
    plain = published.fetch(Home(tmp_path / "a"), str(published_like.write(tmp_path / "plain")), verified=False)
    zipped = published.fetch(
        Home(tmp_path / "b"), str(published_like.write(tmp_path / "zipped", zipped=True)), verified=False
    )
    assert plain.name == zipped.name


def test_files_served_over_http_give_the_same_snapshot(files: Path, served: str, tmp_path: Path) -> None:
    local = published.fetch(Home(tmp_path / "a"), str(files), verified=False)
    remote = published.fetch(Home(tmp_path / "b"), served, verified=False)
    assert remote.name == local.name


def test_an_altered_file_is_refused_by_name(files: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckFailedError, match=r"HFStreamlit\.csv, HFCO2\.csv") as caught:
        published.fetch(Home(tmp_path / "data"), str(files))
    assert caught.value.exit_code == 1
    assert not (tmp_path / "data").exists()


def test_a_missing_file_is_wrong_use(files: Path, tmp_path: Path) -> None:
    (files / "HFClean.csv").unlink()
    with pytest.raises(UsageError, match=r"HFClean\.csv"):
        published.fetch(Home(tmp_path / "data"), str(files), verified=False)
    with pytest.raises(UsageError, match="not found"):
        published.fetch(Home(tmp_path / "data"), str(tmp_path / "nowhere"))


def test_truncated_gzip_is_damage(tmp_path: Path) -> None:
    files = published_like.write(tmp_path / "files", zipped=True)
    packed = files / "HFStreamlit.csv.gz"
    packed.write_bytes(packed.read_bytes()[:-100])
    with pytest.raises(DamagedDataError, match="cannot be unpacked"):
        published.fetch(Home(tmp_path / "data"), str(files), verified=False)


def test_no_network_and_no_cache_is_could_not_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "ORIGIN", "http://127.0.0.1:9/")
    with pytest.raises(UnreachableError, match="--from DIR") as caught:
        published.fetch(Home(tmp_path / "data"), None)
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_a_missing_file_at_an_address_is_could_not_look(files: Path, served: str, tmp_path: Path) -> None:
    (files / "HFCO2.csv").unlink()
    with pytest.raises(UnreachableError, match="status 404"):
        published.fetch(Home(tmp_path / "data"), served, verified=False)


@pytest.mark.parametrize(("change", "words"), [("drop", "lacks columns: domain"), ("add", "unknown columns: surprise")])
def test_another_set_of_columns_is_refused(files: Path, tmp_path: Path, change: str, words: str) -> None:
    table = published_like.mined()
    table = table.drop(columns=["domain"]) if change == "drop" else table.assign(surprise=1)
    table.to_csv(files / "HFStreamlit.csv", index=False)
    folder = published.fetch(Home(tmp_path / "data"), str(files), verified=False)
    with pytest.raises(SchemaMismatchError, match=words):
        published.read_tables(SnapshotReader(folder))


def test_a_file_that_is_no_table_is_refused(files: Path, tmp_path: Path) -> None:
    (files / "HFCO2.csv").write_bytes(b"\xff\xfe\x00broken")
    folder = published.fetch(Home(tmp_path / "data"), str(files), verified=False)
    with pytest.raises(SchemaMismatchError, match=r"HFCO2\.csv"):
        published.read_tables(SnapshotReader(folder))


def test_an_altered_snapshot_is_found(files: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    folder = published.fetch(home, str(files), verified=False)
    (folder / "files" / "HFCO2.csv").write_text("modelId\nx\n")
    with pytest.raises(SnapshotDamagedError, match="HFCO2"):
        published.fetch(home, str(files), verified=False)


@pytest.mark.shared
def test_the_real_files_are_the_pinned_ones(shared_dir: Path, tmp_path: Path) -> None:
    folder = published.fetch(Home(tmp_path / "data"), str(shared_dir / "published"))
    tables = published.read_tables(SnapshotReader(folder))
    assert {name: len(table) for name, table in tables.items()} == {"mined": 1417, "merged": 1419, "curated": 48}
    assert tables["merged"]["auto"].value_counts().to_dict() == {"True": 1291, "False": 122, "1": 6}
