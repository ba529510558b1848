"""What is worked out from packaged tables is kept beside them: current, and never used where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.prepare_tables import files
from mining.prepared import as_kept, prepared

FILES = files()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_packaged_files_are_current(path: Path) -> None:
    assert path.read_bytes() == FILES[path], "run python -m benchmarks.prepare_tables"


def test_they_are_the_same_bytes_every_time() -> None:
    assert files() == FILES


def test_a_changed_table_is_worked_out_anew(tmp_path: Path) -> None:
    table, kept = tmp_path / "table.csv", tmp_path / "table.msgpack"
    table.write_text("a", encoding="utf-8")
    made = {"a": [1, 2]}

    def anew() -> dict[str, list[int]]:
        return {"anew": []}

    assert prepared(kept, (table,), dict[str, list[int]], anew) == anew()
    kept.write_bytes(as_kept((table,), made))
    assert prepared(kept, (table,), dict[str, list[int]], anew) == made
    table.write_text("b", encoding="utf-8")
    assert prepared(kept, (table,), dict[str, list[int]], anew) == anew()
