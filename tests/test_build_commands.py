"""The command build: skips what is current, writes CSV, and works on a Dask cluster with the same bytes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sample_snapshot import write_snapshot

from analysis.commands.build import command
from mining.errors import CouldNotLookError, UsageError
from mining.files import file_sha256
from mining.paths import Home
from sample_hub.synthetic.sample import SampleHub


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("data"))
    write_snapshot(home.raw("s"), SampleHub(seed=3, n_models=600, reporter_scale=3.0), page=50)
    return home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def tables(folder: Path) -> dict[str, str]:
    return {
        path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.suffix in {".parquet", ".json", ".md"}
    }


def test_it_builds_once_and_then_only_when_asked(home: Home) -> None:
    first = run("s", "--out", str(home.root))
    assert first.exit_code == 0, first.output
    assert "600 models in, 600 kept, 0 rejected" in first.stderr
    assert first.stdout.strip() == str(home.processed("s").folder.resolve())
    before = tables(home.processed("s").folder)
    assert "nothing to do" in run("s", "--out", str(home.root)).stderr
    assert "600 models in" in run("s", "--out", str(home.root), "--refresh").stderr
    assert tables(home.processed("s").folder) == before


def test_a_changed_table_is_built_again(home: Home) -> None:
    run("s", "--out", str(home.root), "--quiet")
    path = home.processed("s").table("rejects")
    path.write_bytes(b"altered")
    assert "models in" in run("s", "--out", str(home.root)).stderr


def test_csv_files_with_a_descriptor(home: Home) -> None:
    answer = run("s", "--out", str(home.root), "--csv", "--no-card-text", "--quiet")
    assert answer.exit_code == 0
    names = {path.name for path in (home.processed("s").folder / "csv").iterdir()}
    assert names == {"models.csv", "claims.csv", "metrics.csv", "rejects.csv", "lineage.csv", "datapackage.json"}


def test_mistakes_are_one_line(home: Home) -> None:
    assert isinstance(run("absent", "--out", str(home.root)).exception, UsageError)


def test_a_scheduler_that_does_not_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")

    def refuse(*_: object, **__: Any) -> None:
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", refuse)
    assert isinstance(
        run("s", "--out", str(home.root), "--scheduler", "tcp://127.0.0.1:1").exception, CouldNotLookError
    )


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_same_bytes(home: Home, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    run("s", "--out", str(home.root), "--refresh", "--quiet")
    alone = tables(home.processed("s").folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
        )
        try:
            answer = run("s", "--out", str(home.root), "--refresh", "--quiet", "--scheduler", cluster.scheduler_address)
        finally:
            cluster.close()
    assert answer.exit_code == 0, answer.output
    assert tables(home.processed("s").folder) == alone
