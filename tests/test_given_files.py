"""Files that the user names: what is no plain file is refused before it is opened, in every option that takes one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.classify.local_cards import cards_at
from analysis.questions.protocol import read
from analysis.settings import read as read_settings
from mining.corrections import read_corrections
from mining.crawl.plan import read_ids
from mining.errors import UsageError, failure_line
from mining.files import read_given, write_text
from mining.sources.cards import card_paths


@pytest.fixture(params=["pipe", "folder", "device", "loop", "missing"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "given"
    match request.param:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            return Path("/dev/zero")
        case "loop":
            path.symlink_to("given")
        case _:
            pass
    return path


def test_no_option_opens_what_is_no_file(no_file: Path) -> None:
    for reader in (read_corrections, read_ids, read, lambda path: read_settings(path, levels=(), formats=())):
        with pytest.raises(UsageError, match="cannot read"):
            reader(no_file)


def test_a_file_larger_than_any_such_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(UsageError, match="more than"):
        read_given(path, "the list")


def test_a_name_that_no_file_can_have_is_one_line() -> None:
    with pytest.raises(UsageError, match="cannot read the list"):
        read_given(Path("a\0b"), "the list")


def test_nothing_is_written_through_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "out.html").symlink_to("out.html")
    with pytest.raises((UsageError, OSError)) as caught:
        write_text(tmp_path / "out.html", "x")
    assert failure_line(caught.value) is not None
    assert (tmp_path / "out.html").is_symlink()


def test_a_folder_that_cannot_be_listed_is_not_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a/locked").mkdir(parents=True)
    (tmp_path / "a/README.md").write_text("# A\n")
    listed = os.scandir

    def refuse(path: str) -> object:
        if os.fspath(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for look in (cards_at, lambda folder: list(card_paths(folder))):
        with pytest.raises(PermissionError):
            look(tmp_path)


def test_a_module_that_did_not_fit_into_memory_is_told_as_lack_of_memory() -> None:
    unmapped = ImportError("libblas.so: failed to map segment from shared object")
    unmapped.__cause__ = MemoryError()
    error = ImportError("Unable to import required dependency numpy")
    error.__cause__ = unmapped
    assert failure_line(error) == failure_line(MemoryError())
    assert failure_line(ImportError("no module named x")) is None
    wrong = ValueError("x")
    wrong.__context__ = MemoryError()
    assert failure_line(wrong) is None
