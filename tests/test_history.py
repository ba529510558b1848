"""History of an archive.

Counts and changes against planted truth, odd dates noted, killed and resumed to the same bytes.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_series import SCHEMA, Planted, model, stated, truth, write_date
from click.testing import CliRunner, Result

from analysis.cli import cli
from mining.errors import UsageError


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=True)


def table(out: Path, name: str = "history") -> list[dict[str, str]]:
    with (out / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def history(archive: Path, out: Path, *more: str, code: int = 0) -> list[dict[str, str]]:
    done = run("history", "--from", archive, "--out", out, "--quiet", *more)
    assert done.exit_code == code, done.output + repr(done.exception)
    return table(out)


def notes(out: Path) -> str:
    return "\n".join(f"{row['date']} {row['status']} {row['note']}" for row in table(out, "dates"))


def planted(archive: Path, rows: list[dict[str, Any]], schema: pa.Schema, dates: int) -> list[list[str]]:
    series, seen = Planted(rows, seed=11), []
    for number in range(dates):
        if number:
            series.step()
        write_date(archive, number, series.rows(), schema)
        seen.append({name: stated(row) for name, row in series.now.items()})
    return truth(seen)


def test_every_planted_edit_is_found_and_none_is_invented(tmp_path: Path) -> None:
    rows = [model(f"owner{n % 17}/model-{n}", 3.5 + n if n % 9 == 0 else None) for n in range(120)]
    expected = planted(tmp_path / "a", rows, SCHEMA, 5)
    found = history(tmp_path / "a", tmp_path / "out", "--every", "week")
    assert [list(row.values())[1:8] for row in found] == expected
    assert list(found[0]) == [
        "date",
        "models_count",
        "reporters_count",
        "entered_count",
        "left_count",
        "began_count",
        "stopped_count",
        "changed_count",
        "reporters_settled_count",
    ]


def test_real_rows_over_dates(tmp_path: Path, shared_dir: Path) -> None:
    real = pq.read_table(shared_dir / "dump" / "models.parquet")
    expected = planted(tmp_path / "a", real.to_pylist(), real.schema, 3)
    found = history(tmp_path / "a", tmp_path / "out")
    assert [list(row.values())[1:8] for row in found] == expected
    assert (found[0]["reporters_count"], found[0]["reporters_settled_count"]) == ("5", "2")


def test_a_run_that_was_killed_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    for number in range(3):
        write_date(tmp_path / "a", number, [model(f"a/m{n}", number * n or None) for n in range(5 + number)])
    history(tmp_path / "a", tmp_path / "whole")
    shutil.copytree(tmp_path / "whole" / "dates", tmp_path / "cut" / "dates")
    shutil.rmtree(tmp_path / "cut" / "dates" / "2026-01-14")
    (tmp_path / "cut" / "dates" / ".2026-01-14.part").mkdir()
    history(tmp_path / "a", tmp_path / "cut")
    for path in sorted((tmp_path / "whole").rglob("*.*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "cut" / path.relative_to(tmp_path / "whole")).read_bytes(), (
                path.name
            )


def test_what_could_not_be_read_is_never_a_change(tmp_path: Path) -> None:
    cut = {"cardData": '{"co2_eq_emissions": 5, "lic'}
    write_date(tmp_path / "a", 0, [model("a/m", 5), model("a/n")])
    write_date(tmp_path / "a", 1, [{**model("a/m", 5), **cut}, model("a/n", 2)])
    write_date(tmp_path / "a", 2, [model("a/m", 5), model("a/n", 2)])
    found = history(tmp_path / "a", tmp_path / "out")
    assert [
        (row["reporters_count"], row["began_count"], row["stopped_count"], row["changed_count"]) for row in found
    ] == [
        ("1", "", "", ""),
        ("1", "1", "0", "0"),
        ("2", "0", "0", "0"),
    ]
    assert "metadata that could not be read" in notes(tmp_path / "out")


def test_odd_dates_are_noted_and_never_joined(tmp_path: Path) -> None:
    first = write_date(tmp_path / "a", 0, [model("a/m", 5), model("b/gone", 1), model("c/name", 7), model("d/d")])
    shutil.copytree(first.parent, tmp_path / "a" / "models" / "2026-01-14")
    texts = pa.schema([pa.field(f.name, pa.string()) if f.name == "createdAt" else f for f in SCHEMA])
    rows = [model("a/m", 5), model("c/other", 7), model("d/d"), model("d/d", 3)]
    write_date(tmp_path / "a", 3, [{**row, "createdAt": "2025-01-02T03:04:05.000Z"} for row in rows], texts)
    truncated = tmp_path / "a" / "models" / "2026-02-04" / "models.parquet"
    truncated.parent.mkdir()
    truncated.write_bytes(first.read_bytes()[:900])
    write_date(tmp_path / "a", 5, [model("a/m", 5, created="2026-02-01T00:00:00"), model("b/gone", 1), model("d/d")])
    (tmp_path / "a" / "models" / "latest").mkdir()
    found = history(tmp_path / "a", tmp_path / "out", "--every", "week", code=4)
    assert [row["date"] for row in found] == ["2026-01-07", "2026-01-28", "2026-02-11"]
    assert [(row["entered_count"], row["left_count"], row["changed_count"]) for row in found[1:]] == [
        ("1", "2", "0"),
        ("2", "2", "0"),
    ]
    said = notes(tmp_path / "out")
    for words in (
        "2026-01-14 repeated The file equals that of 2026-01-07",
        "2026-W04 missing",
        "c/name is no longer listed and c/other is new, with the same author and creation time: possibly renamed",
        "2026-01-28 note 1 rows repeat a name",
        "2026-01-28 note Column createdAt is string",
        "2026-02-04 unreadable",
        "a/m has another creation time",
        "b/gone was listed before, then not, and is listed again",
        "latest not chosen",
    ):
        assert words in said, words


def test_range_and_month_choose_dates(tmp_path: Path) -> None:
    for number in range(6):
        write_date(tmp_path / "a", number, [model(f"a/m{n}") for n in range(number + 1)])
    assert [row["date"] for row in history(tmp_path / "a", tmp_path / "m", "--every", "month")] == [
        "2026-01-28",
        "2026-02-11",
    ]
    found = history(tmp_path / "a", tmp_path / "r", "--dates", "2026-01-10..2026-01-25")
    assert [row["date"] for row in found] == ["2026-01-14", "2026-01-21"]
    for words in ("nothing..", "2026-02..2026-01", "1999-01..1999-02"):
        assert isinstance(run("history", "--from", tmp_path / "a", "--dates", words, "--quiet").exception, UsageError)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_diff_of_two_dates_carries_its_evidence(tmp_path: Path, form: str) -> None:
    one = write_date(tmp_path / "a", 0, [model("a/m", 5), model("a/n"), model("b/left"), model("a/u", "3 g")])
    other = write_date(
        tmp_path / "a", 1, [model("a/m", {"emissions": 6}), model("a/n", 2), model("c/new"), model("a/u", "3 kg")]
    )
    done = run("diff", one, other.parent, "--format", form, "--html", tmp_path / "d.html", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    for words in ("a/m", "a/n", "b/left", "c/new", "5.0", "6.0"):
        assert words in done.stdout
    if form == "json":
        found = json.loads(done.stdout)
        assert found["counts"] == {
            "began": 1, "stopped": 0, "changed": 2, "renamed": 0, "possibly renamed": 0, "entered": 1, "left": 1,
        }  # fmt: skip
        assert [row["what"] for row in found["rows"] if row["change"] == "changed"] == ["amount", "unit"]
    assert "a/m" in (tmp_path / "d.html").read_text(encoding="utf-8")


def test_list_names_prefixes_and_the_nearest(tmp_path: Path) -> None:
    assert "No snapshots" in run("list", "--out", tmp_path).stdout
    dump = write_date(tmp_path / "a", 0, [model("a/m", 5), model("a/n")])
    name = Path(run("crawl", "--source", "dump", "--from", dump, "--out", tmp_path, "--quiet").stdout.strip()).name
    assert run("build", "dump", "--out", tmp_path, "--quiet").exit_code == 0
    rows = json.loads(run("list", "--format", "json", "--out", tmp_path).stdout)
    assert [(row["name"], row["models_count"], row["reporters_count"], row["state"]) for row in rows] == [
        (name, 2, 1, "built")
    ]
    same = json.loads(run("diff", "latest", dump, "--format", "json", "--out", tmp_path).stdout)
    assert not any(same["counts"].values())
    wrong = run("build", name[:-1] + "zz", "--out", tmp_path)
    assert wrong.exit_code == 1  # click's runner shows the error itself; the front door turns it into one line
    assert f"did you mean {name}" in str(wrong.exception)


def test_agreement_of_archive_and_crawl(tmp_path: Path) -> None:
    archive = write_date(tmp_path / "a", 0, [model("a/m", 5), model("a/n"), model("a/x", 7), model("b/only")])
    crawled = write_date(tmp_path / "c", 0, [model("a/m", 5), model("a/n", 2), model("a/x", 8)])
    name = Path(run("crawl", "--source", "dump", "--from", crawled, "--out", tmp_path, "--quiet").stdout.strip()).name
    assert run("build", name, "--out", tmp_path, "--quiet").exit_code == 0
    history(archive.parents[2], tmp_path / "out", "--crawl", str(tmp_path / "raw" / name))
    counts = [int(row["models_count"]) for row in table(tmp_path / "out", "agreement")]
    assert counts == [3, 1, 0, 2, 1, 0, 1]


def test_a_page_shows_hostile_names_as_text(tmp_path: Path) -> None:
    name = "a/<script>alert(1)</script>"
    write_date(tmp_path / "a", 0, [model(name)])
    write_date(tmp_path / "a", 1, [model(name, {"emissions": 5, "source": "<img src=x onerror=alert(1)>"})])
    history(tmp_path / "a", tmp_path / "out")
    page = (tmp_path / "out" / "history.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
