"""The weekly archive fetched as snapshots.

Whole files and single columns, from a folder and from a Hub on this machine.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archive_series import model, write_date
from click.testing import CliRunner, Result
from test_history import table

from analysis.cli import cli
from mining.errors import UsageError
from sample_hub import LoopbackHub, SampleHub
from sample_hub.synthetic.archive import FIRST, WEEKS, life

MODELS = 300


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def crawl(origin: str | Path, out: Path, *more: str) -> Result:
    return run("crawl", "--source", "dump", "--dump", "weekly", "--from", origin, "--out", out, "--quiet", *more)


def manifests(out: Path) -> dict[str, dict[str, object]]:
    return {path.parent.name: json.loads(path.read_text()) for path in sorted(out.glob("raw/*/manifest.json"))}


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(SampleHub(7, MODELS), quota={}) as served:
        yield served


def truth(number: int) -> list[str]:
    """What was planted in the sample archive between two weeks."""
    hub = SampleHub(7, MODELS)
    lives = [life(7, index, "co2_eq_emissions" in (hub.record(index).get("cardData") or {})) for index in range(MODELS)]
    both = [(one[number - 1], one[number]) for one in lives]
    here = [pair for pair in both if "absent" not in pair]
    counts = (
        sum(now != "absent" for _, now in both),
        sum(was == "absent" != now for was, now in both),
        sum(was != "absent" == now for was, now in both),
        sum(was is None and now is not None for was, now in here),
        sum(was is not None and now is None for was, now in here),
    )
    return [str(count) for count in counts]


@pytest.mark.parametrize("raw", ["whole", "columns"])
def test_the_archive_of_a_hub_gives_the_planted_history(hub: LoopbackHub, tmp_path: Path, raw: str) -> None:
    done = crawl(hub.endpoint, tmp_path, "--raw", raw)
    assert done.exit_code == 0, done.output + repr(done.exception)
    kept = manifests(tmp_path)
    assert len(kept) == WEEKS
    for name, manifest in kept.items():
        detail = manifest["plan"]["detail"]  # type: ignore[index]
        assert detail["raw"] == raw
        entry = manifest["files"][0]  # type: ignore[index]
        assert (entry["sha256"] == detail["declared_sha256"]) is (raw == "whole")
        assert run("verify", name, "--out", tmp_path).exit_code == 0
    assert run("history", "--from", tmp_path / "raw", "--out", tmp_path / "h", "--quiet").exit_code == 0
    rows = table(tmp_path / "h")
    assert rows[0]["date"] == str(FIRST)
    names = ("models_count", "entered_count", "left_count", "began_count", "stopped_count")
    for number in range(1, WEEKS):
        assert [rows[number][name] for name in names] == truth(number), number


def test_dates_are_kept_once_and_built_as_any_dump(tmp_path: Path) -> None:
    for number in range(3):
        write_date(tmp_path / "a", number, [model("a/m", 5 + number), model("a/n")])
    assert len(crawl(tmp_path / "a", tmp_path, "--dates", "2026-01-10..", "--every", "week").stdout.split()) == 2
    name = next(iter(manifests(tmp_path)))
    before = (tmp_path / "raw" / name / "manifest.json").read_bytes()
    again = crawl(tmp_path / "a", tmp_path, "--date", "2026-01-14")
    assert again.stdout.strip().endswith(name)
    assert (tmp_path / "raw" / name / "manifest.json").read_bytes() == before
    assert run("build", name, "--out", tmp_path, "--quiet").exit_code == 0
    built = pq.read_table(tmp_path / "processed" / name / "models.parquet").to_pylist()
    assert {row["model_id"]: row["emissions_gco2e"] for row in built} == {"a/m": 6.0, "a/n": None}


def test_a_damaged_date_costs_only_itself(tmp_path: Path) -> None:
    for number in range(2):
        write_date(tmp_path / "a", number, [model("a/m", number)])
    bad = tmp_path / "a" / "models" / "2026-01-21"
    shutil.copytree(tmp_path / "a" / "models" / "2026-01-14", bad)
    (bad / "models.parquet").write_bytes((bad / "models.parquet").read_bytes()[:500])
    done = crawl(tmp_path / "a", tmp_path)
    assert done.exit_code == 4
    assert len(done.stdout.split()) == 2
    assert "2026-01-21" in done.stderr
    assert sum(one["status"] == "complete" for one in manifests(tmp_path).values()) == 2


def test_since_a_dump_that_is_kept_as_files_is_refused(tmp_path: Path) -> None:
    dump = write_date(tmp_path / "a", 0, [model("a/m", 5)])
    for more in ((), ("--dump", "weekly")):
        origin = dump.parent if not more else tmp_path / "a"
        done = run("crawl", "--source", "dump", "--from", origin, "--out", tmp_path, "--quiet", *more)
        assert done.exit_code == 0, done.output
    bases = sorted((tmp_path / "raw").iterdir())
    assert len(bases) == 2
    for base in bases:
        refused = run("crawl", "--source", "hub", "--plan", f"since:{base}", "--dry-run", "--out", tmp_path)
        assert isinstance(refused.exception, UsageError)
        assert "cannot compare" in str(refused.exception)


def test_dry_run_says_traffic_and_time_without_asking(tmp_path: Path) -> None:
    words = run(
        "crawl", "--source", "dump", "--dump", "weekly", "--dates", "2024-07..2026-09", "--every", "week", "--dry-run"
    )
    assert words.exit_code == 0, words.output
    assert "118 dates, 186 GB" in words.stdout
    assert "assumed" in words.stdout
    write_date(tmp_path / "a", 0, [model("a/m")])
    assert "1 dates" in crawl(tmp_path / "a", tmp_path, "--dry-run").stdout
    assert run("crawl", "--source", "hub", "--dump", "weekly").exit_code != 0
