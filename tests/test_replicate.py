"""``hf-carbon replicate`` from the front door."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from published_like import write

from analysis.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    try:
        main(["replicate", *arguments])
        code = 0
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    spoken = capsys.readouterr()
    return code, spoken.out, spoken.err


@pytest.mark.shared
def test_every_id_comes_out_of_the_published_files(shared_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--from", str(shared_dir / "published"), "--json")
    content = json.loads(out)
    assert code == 0
    assert content["holds"]
    assert content["tally"] == {"equal": len(content["numbers"]), "differs": 0, "not computed": 0}
    assert len(content["numbers"]) >= 129
    assert "cannot be checked" in err


@pytest.mark.shared
def test_a_perturbed_copy_is_refused_and_unverified_changes_numbers(
    shared_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (shared_dir / "published").iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    rows = gzip.decompress((tmp_path / "HFStreamlit.csv.gz").read_bytes())
    (tmp_path / "HFStreamlit.csv.gz").write_bytes(gzip.compress(rows.replace(b",Computer Vision,", b",NLP,", 40)))

    code, out, err = run(capsys, "--from", str(tmp_path))
    assert (code, out) == (1, "")
    assert "SHA-256 differs" in err

    code, out, err = run(capsys, "--from", str(tmp_path), "--unverified", "--json", "--quiet")
    numbers = {number["id"]: number for number in json.loads(out)["numbers"]}
    assert code == 1
    assert numbers["counts.domains"]["recomputed"]["Computer Vision"] == 148
    assert numbers["rq2.4.u"]["verdict"] == "differs"
    assert numbers["rq2.1.autotrain-f1.rho"]["verdict"] == "equal"
    assert "differ" in err


def test_other_tables_do_not_hold_but_are_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(write(tmp_path / "files", zipped=True))
    code, out, err = run(capsys, "--from", folder, "--unverified")
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert code == 1
    assert "differs" in lines["counts.reporters"]
    assert "not computed" in lines["tags.task-to-domain"]
    assert "Cannot be checked:" in out
    assert "numbers differ" in err


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--from", str(tmp_path))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
