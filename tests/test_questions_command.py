"""``hf-carbon analyse`` on built tables: files written whole, skipped when current, refused when altered."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from published_like import write as write_published

from analysis.cli import main
from analysis.commands import analyse
from analysis.questions.protocol import load
from analysis.questions.study_data import COLUMNS
from analysis.questions.tables import Tables
from analysis.results import Answer, Column, Table
from mining.build.run import build
from mining.paths import Home
from mining.sources import published


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    folder = tmp_path_factory.mktemp("analyse")
    home = Home(folder / "data")
    raw = published.fetch(home, str(write_published(folder / "files")), verified=False)
    build(raw, home.processed_of(raw))
    return home, raw.name


def call(home: tuple[Home, str], capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    try:
        main(["analyse", home[1], "--out", str(home[0].root), *more])
        code = 0
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    spoken = capsys.readouterr()
    return code, spoken.out, spoken.err


def test_tables_give_named_columns_of_reporters_and_set_aside_outside_the_working_folder(
    home: tuple[Home, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Tables(home[0].processed(home[1])) as tables:
        assert list(tables.reporters(COLUMNS).columns) == list(COLUMNS)
        whole = tables.reporters()
        assert set(COLUMNS) < set(whole.columns)
        assert tables.reporters(["model_key"])["model_key"].tolist() == whole["model_key"].tolist()
        place = Path(tables.query("SELECT current_setting('temp_directory') AS place")["place"].iloc[0])
        tables.query("SET memory_limit = '60MB'")
        assert len(tables.query("SELECT DISTINCT range % 2000000 AS n FROM range(3000000)")) == 2_000_000
    assert not place.exists()
    assert list(tmp_path.iterdir()) == []


def test_answers_are_written_once_and_the_same(home: tuple[Home, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(home, capsys)
    results = home[0].processed(home[1]).results
    assert code == 0
    assert out.strip() == str(results)
    assert "RQ1.1 partly" in err
    answers = [msgspec.json.decode(path.read_bytes(), type=Answer) for path in sorted(results.glob("RQ*.json"))]
    assert [answer.question for answer in answers] == [question.id for question in load().questions]
    tables = {table.id: table for answer in answers for table in answer.tables}
    assert {path.stem for path in results.glob("*.parquet")} == set(tables)
    for identifier, table in tables.items():
        kept = pq.read_table(results / f"{identifier}.parquet")
        assert kept.column_names == [column.name for column in table.columns]
        assert kept.num_rows == len(table.rows)
    before = {path.name: path.read_bytes() for path in results.iterdir()}

    code, _, err = call(home, capsys)
    assert (code, err.strip()) == (0, "analyse: current, nothing to do")

    stray = results / "RQ9.9.json"
    stray.write_text("{}", encoding="utf-8")
    code, _, err = call(home, capsys, "--refresh", "--quiet")
    assert (code, err) == (0, "")
    assert {path.name: path.read_bytes() for path in results.iterdir()} == before


def test_altered_tables_are_refused(home: tuple[Home, str], capsys: pytest.CaptureFixture[str]) -> None:
    path = home[0].processed(home[1]).table("metrics")
    body = path.read_bytes()
    path.write_bytes(body[:-1] + b"?")
    try:
        code, out, err = call(home, capsys)
    finally:
        path.write_bytes(body)
    assert (code, out) == (4, "")
    assert err.count("\n") == 1
    assert "metrics" in err


def test_a_snapshot_that_was_not_built_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "data")
    raw = published.fetch(home, str(write_published(tmp_path / "files")), verified=False)
    code, _, err = call((home, raw.name), capsys)
    assert code == 2
    assert "run build first" in err


def test_columns_of_mixed_kinds_become_text(tmp_path: Path) -> None:
    columns = tuple(Column(name=name, title=name) for name in ("a", "b", "c", "d"))
    table = Table(id="x.y", title="t", columns=columns, rows=((1, 1.5, None, "x"), (None, 2, None, 3)))
    path = tmp_path / "t.parquet"
    path.write_bytes(analyse.parquet(table))
    assert pq.read_table(path).to_pylist() == [
        {"a": 1, "b": 1.5, "c": None, "d": "x"},
        {"a": None, "b": 2.0, "c": None, "d": "3"},
    ]
    assert json.loads(json.dumps(pq.read_schema(path).metadata[b"id"].decode())) == "x.y"
