"""Publication: a folder that validates and can be read, nothing private in it, and its way to the Hub."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import mlcroissant
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner
from sample_snapshot import write_snapshot

from analysis.cli import main
from analysis.publishing.folder import CHECKSUMS, write_folder
from analysis.publishing.licences import LICENCES, licence_of
from analysis.publishing.tables import PUBLISHED, QUOTES
from mining.build.run import build
from mining.errors import UsageError
from mining.paths import Home, Processed
from sample_hub import LoopbackHub, RecordHub, SampleHub

TOKEN = "hf_SecretSecretSecretSecret"
REPOSITORY = "owner/carbon"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("publish"))
    build(write_snapshot(home.raw("snap"), SampleHub(11, 300, 4.0)), home.processed("snap"))
    return home


@pytest.fixture(scope="module")
def processed(home: Home) -> Processed:
    return home.processed("snap")


@pytest.fixture(scope="module")
def folder(processed: Processed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(processed, tmp_path_factory.mktemp("out") / "dataset", REPOSITORY).folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    with LoopbackHub(RecordHub([{"id": "a/b"}])) as running:
        yield running


class Said(NamedTuple):
    exit_code: int
    stdout: str
    output: str


def publish(home: Home, *arguments: str, answer: str | None = None, repository: str = REPOSITORY) -> Said:
    """Run the command as a user does: code of the process, standard output, and everything printed."""
    given = ["publish", "snap", "--repo", repository, "--out", str(home.root), *arguments]
    code = 0
    with CliRunner().isolation(input=answer) as (out, err, *_):
        try:
            main(given)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        stdout = out.getvalue().decode()
        return Said(code, stdout, stdout + err.getvalue().decode())


@pytest.mark.filterwarnings("ignore")
def test_croissant_validates_and_every_record_set_is_read(folder: Path, processed: Processed) -> None:
    data = mlcroissant.Dataset(folder / "croissant.json")
    assert data.metadata.ctx.issues.errors == set()
    assert [each.uuid for each in data.metadata.record_sets] == list(PUBLISHED)
    for name in PUBLISHED:
        table = pq.read_table(folder / "data" / f"{name}.parquet")
        records = list(data.records(name))
        assert len(records) == table.num_rows == pq.ParquetFile(processed.table(name)).metadata.num_rows
        if records:
            assert {key.partition("/")[2] for key in records[0]} == set(table.column_names)
    ids = {record["models/model_id"] for record in data.records("models")}
    assert {each.decode() if isinstance(each, bytes) else each for each in ids} == set(
        pq.read_table(folder / "data" / "models.parquet")["model_id"].to_pylist()
    )


def test_croissant_says_what_responsible_ai_asks(folder: Path) -> None:
    said = json.loads((folder / "croissant.json").read_text())
    assert all(each["encodingFormat"] == "application/x-parquet" for each in said["distribution"])
    for name in ("dataCollection", "dataBiases", "dataLimitations", "personalSensitiveInformation", "dataUseCases"):
        assert len(said[f"rai:{name}"]) > 40
    assert "SYNTHETIC" in said["description"]
    for each in said["distribution"]:
        assert each["sha256"] == hashlib.sha256((folder / each["contentUrl"]).read_bytes()).hexdigest()


def test_checksums_cover_every_file(folder: Path) -> None:
    pairs = (line.split("  ") for line in (folder / CHECKSUMS).read_text().splitlines())
    lines = {name: digest for digest, name in pairs}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {CHECKSUMS}
    assert set(lines) == files
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in lines.items())


def test_quotes_are_left_out_unless_asked_for(folder: Path, processed: Processed, tmp_path: Path) -> None:
    claims = pq.read_table(folder / "data" / "claims.parquet")
    assert not QUOTES & set(claims.column_names)
    places = claims["where"].to_pylist()
    assert places
    assert all(re.fullmatch(r"metadata:[\w.\[\]-]+|(?:card|file):\d+|card", place) for place in places)
    assert any(place.startswith("card:") for place in places)
    assert "are left out" in (folder / "README.md").read_text()
    assert "| `text` |" not in (folder / "dictionary.md").read_text()
    full = write_folder(processed, tmp_path / "full", REPOSITORY, with_quotes=True).folder
    assert set(pq.read_table(full / "data" / "claims.parquet").column_names) >= QUOTES
    assert "are included" in (full / "README.md").read_text()
    assert "| `text` |" in (full / "dictionary.md").read_text()


def test_nothing_private_is_in_the_folder(folder: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            if path.suffix == ".parquet":
                table = pq.read_table(path)
                assert table.schema.metadata is None
                body = "\n".join(str(table[name].to_pylist()) for name in table.column_names).encode()
            for secret in (str(home.root).encode(), b"hf_Secret", b"run.log", b"Bearer "):
                assert secret not in body, path
            assert not re.search(rb"[\w.]+@[\w-]+\.(?:com|org|net)\b", body), path
    assert not list(folder.rglob("rejects*"))


def test_the_card_has_what_the_hub_reads_and_what_people_need(folder: Path) -> None:
    text = (folder / "README.md").read_text()
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["license"] == "cc0-1.0"
    assert [each["config_name"] for each in front["configs"]] == list(PUBLISHED)
    assert all((folder / each["data_files"]).is_file() for each in front["configs"])
    for part in ("What is in it", "How to load it", "How it was made", "Limits", "Privacy", "Licence", "How to cite"):
        assert f"## {part}" in text
    for tool in ("pandas", "polars", "arrow::read_parquet", "DuckDB"):
        assert tool in text
    citation = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert citation["type"] == "dataset"
    assert citation["authors"]


def test_the_same_snapshot_gives_the_same_bytes(folder: Path, processed: Processed, tmp_path: Path) -> None:
    again = write_folder(processed, tmp_path / "again", REPOSITORY).folder
    assert (again / CHECKSUMS).read_bytes() == (folder / CHECKSUMS).read_bytes()


def test_licences_are_carried_and_what_has_none_is_not_handed_on() -> None:
    assert "ODbL-1.0" in {name for _, name, _ in LICENCES["dump"].carried}
    for source in ("published", "cards", "unheard-of"):
        with pytest.raises(UsageError):
            licence_of(source)


def test_upload_creates_the_data_set_and_sends_every_file(home: Home, hub: LoopbackHub, folder: Path) -> None:
    run = publish(home, "--endpoint", hub.endpoint, "--yes")
    assert run.exit_code == 0, run.output
    sent = hub.router.datasets.files[REPOSITORY]
    assert sent["README.md"] == (folder / "README.md").read_bytes()
    assert {name for name in sent if name != ".gitattributes"} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }
    assert run.stdout.strip().endswith(f"/datasets/{REPOSITORY}")
    assert TOKEN not in run.output


def test_a_repository_that_exists_is_asked_about(home: Home, hub: LoopbackHub) -> None:
    assert publish(home, "--endpoint", hub.endpoint, answer="y\n").exit_code == 0
    for answer in ("n\n", ""):
        again = publish(home, "--endpoint", hub.endpoint, answer=answer)
        assert again.exit_code == 2
        assert "exists" in again.output
        assert "nothing was sent" in again.output
    assert len(hub.router.datasets.commits[REPOSITORY]) == 1
    assert publish(home, "--endpoint", hub.endpoint, "--yes").exit_code == 0


def test_without_a_token_nothing_is_sent(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("mining.hub.publishing.get_token", lambda: None)
    run = publish(home, "--yes")
    assert run.exit_code == 3
    assert "hf auth login" in run.output
    assert publish(home, "--dry-run").exit_code == 0
    kept = publish(home, "--folder", str(tmp_path / "zenodo"))
    assert kept.exit_code == 0
    assert (tmp_path / "zenodo" / "croissant.json").is_file()
    assert publish(home, "--folder", str(tmp_path / "zenodo")).exit_code == 2, (
        "a folder that holds something is left alone"
    )


def test_an_unreachable_hub_and_a_wrong_name_are_one_line(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    run = publish(home, "--endpoint", "http://127.0.0.1:9", "--yes")
    assert run.exit_code == 3
    assert TOKEN not in run.output
    assert publish(home, repository="../x").exit_code == 2
