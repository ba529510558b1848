"""Pieces of the merge: cells replaced, row groups of one size, a process without pandas."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mining.build import name_digests as keys
from mining.build import row_group_writer as gathering
from mining.build.arrow_cells import cells_at, with_cells, without_rows
from mining.build.parts import NOTES_TOLD, OTHER_NOTES, Tally, bounded
from mining.build.row_group_writer import RowGroupWriter
from mining.errors import SchemaMismatchError
from mining.schema import Rejection
from mining.tables import TableWriter, read_table, to_arrow


def rejects(first: int, count: int) -> pa.Table:
    return to_arrow(
        [Rejection(kind="model", id=f"m{number}", reason="x") for number in range(first, first + count)], Rejection
    )


def test_cells_are_replaced_whatever_their_type() -> None:
    table = pa.table({"text": ["a", None, "c"], "texts": [["x"], [], ["y", "z"]], "whole": [1, 2, None]})
    table = pa.concat_tables([table, table])
    rows = np.array([4, 0])
    for name, values in (("text", ["new", None]), ("texts", [["n", "m"], []]), ("whole", [None, 7])):
        changed = with_cells(table, name, rows, values)
        expected = table[name].to_pylist()
        expected[4], expected[0] = values
        assert changed[name].to_pylist() == expected
        assert changed.schema == table.schema
        assert cells_at(changed, name, rows) == values
        assert changed.drop_columns(name).equals(table.drop_columns(name))
    assert with_cells(table, "text", np.array([], dtype=np.int64), []) is table
    assert without_rows(table, rows)["whole"].to_pylist() == [2, None, 1, None]


def test_row_groups_have_one_size_however_the_rows_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH_ROWS", 10)
    files = []
    for name, counts in (("one", [37]), ("many", [3, 0, 11, 1, 22])):
        path, first = tmp_path / name, 0
        with TableWriter(path, Rejection) as writer, RowGroupWriter(writer) as gather:
            for count in counts:
                gather.add(rejects(first, count))
                first += count
        metadata = pq.ParquetFile(path).metadata
        assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [10, 10, 10, 7]
        assert read_table(path, Rejection)["id"].to_pylist() == [f"m{number}" for number in range(37)]
        files.append(path.read_bytes())
    assert files[0] == files[1]


def test_rows_that_break_the_registry_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH_ROWS", 2)
    path = tmp_path / "t.parquet"
    broken = rejects(0, 5).set_column(3, "reason", pa.nulls(5, pa.string()))
    with (
        pytest.raises((SchemaMismatchError, ValueError)),
        TableWriter(path, Rejection) as writer,
        RowGroupWriter(writer) as gather,
    ):
        gather.add(broken)
    assert list(tmp_path.iterdir()) == []


def test_digests_of_many_names_are_those_of_each() -> None:
    names = ["a/b", "", "\u00fcn\u00ef", "\ud800"]
    assert keys.digests(names).tolist() == [keys.digest(name) for name in names]
    assert len(keys.digests([])) == 0


def test_a_process_that_only_builds_makes_arrays_without_pandas() -> None:
    code = (
        "import sys; from mining.build.worker_init import without_pandas; without_pandas(); import pyarrow as pa;"
        "print(pa.array(['a', None]).to_pylist(), pa.array([[1.5]]).to_pylist(), 'pandas' in sys.modules); import "
        "json, zoneinfo"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a', None] [[1.5]] False"


def test_notes_are_bounded_and_none_is_lost() -> None:
    few = Counter({"b": 2, "a": 1})
    assert list(bounded(few).items()) == [("a", 1), ("b", 2)]
    many = Counter({f"unknown-key:{number:05d}": 1 + (number == 7) for number in range(3 * NOTES_TOLD)})
    told = bounded(many)
    assert len(told) == NOTES_TOLD + 1
    assert sum(told.values()) == 3 * NOTES_TOLD + 1
    assert told["unknown-key:00007"] == 2
    total = Tally()
    for start in (0, 1000, 2000):
        total.add(Tally(notes=bounded(Counter({f"unknown-key:{start + number}": 1 for number in range(700)}))))
    assert len(total.notes) <= NOTES_TOLD + 1
    assert sum(total.notes.values()) == 2100
    assert total.notes[OTHER_NOTES] == 2100 - NOTES_TOLD
