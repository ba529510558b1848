"""Corrections as data.

Checked, applied in build and classify, hashed, counted, and shown beside every corrected value.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from analysis.audit.read import corrections_of, read_labels
from analysis.audit.sheet import HEADER as SHEET
from analysis.classify.cards import classify_card
from analysis.cli import cli
from mining.corrections import Corrections, corrections_csv, read_corrections
from mining.errors import UsageError

HEAD = "model,field,value,reason,source\n"
CARD = "---\nlicense: mit\n---\n# Owl\n\n- **Carbon Emitted:** 1.2 kg CO2eq\n- **Hardware Type:** 2 x NVIDIA T4\n"


def written(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "corrections.csv"
    path.write_text(head + rows, encoding="utf-8")
    return path


def test_classify_shows_both_values_reason_and_source(tmp_path: Path) -> None:
    rows = (
        'a/owl,emissions_gco2e,900,"table, row 2",J. Doe\na/owl,hardware_count,4,typo,J. '
        "Doe\na/owl,hardware,nothing,other model,J. Doe\n"
    )
    answer = classify_card(CARD, model_id="a/owl", corrections=read_corrections(written(tmp_path, rows)))
    assert (answer.emissions.grams, answer.emissions.decided_by) == (900.0, "by-hand")
    assert (answer.context.hardware, answer.context.hardware_count) == (None, 4)
    assert answer.corrections[0] == "emissions_gco2e: 1200 -> 900 (table, row 2; J. Doe)"
    assert answer.suggested_metadata is None
    assert answer.transparency.level == "stated"
    untouched = classify_card(CARD, model_id="a/other", corrections=read_corrections(tmp_path / "corrections.csv"))
    assert (untouched.emissions.grams, untouched.corrections) == (1200.0, ())


def test_nothing_means_not_reported(tmp_path: Path) -> None:
    corrections = read_corrections(written(tmp_path, "README.md,emissions_gco2e,nothing,another model's,me\n"))
    answer = classify_card(CARD, corrections=corrections)
    assert (answer.emissions.grams, answer.transparency.level) == (None, "context")
    outcomes = {probe.id: probe.outcome for probe in answer.transparency.probes}
    assert (outcomes["emissions-in-card"], outcomes["unit-explicit"]) == ("not-reported", "does-not-apply")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("a/b,emissions,1,r,s\n", "cannot be corrected"),
        ("a/b,emissions_gco2e,-1,r,s\n", "is not a value"),
        ("a/b,emissions_gco2e,inf,r,s\n", "is not a value"),
        ("a/b,hardware_count,1.5,r,s\n", "is not a value"),
        ("a/b,pue_ratio,0.5,r,s\n", "is not a value"),
        ("a/b,training_type,trained,r,s\n", "training_type"),
        ("a/b,region,,r,s\n", "is not a region"),
        ("a/b,region,France,,s\n", "must be filled"),
        ("a/b,region,France\n", "columns"),
        ("a/b,region,France,r,s\na/b,region,Peru,r,s\n", "twice"),
    ],
)
def test_rows_that_cannot_be_used_are_refused_with_their_line(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        read_corrections(written(tmp_path, rows))
    assert "line" in str(refused.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_corrections(tmp_path / "none.csv")
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        read_corrections(tmp_path / "odd.csv")


def test_build_applies_hashes_counts_and_tells(tmp_path: Path) -> None:
    for name in ("owl", "wren"):
        (tmp_path / "cards" / "a" / name).mkdir(parents=True)
        (tmp_path / "cards" / "a" / name / "README.md").write_text(CARD, encoding="utf-8")
    run = CliRunner()
    out = str(tmp_path / "data")
    crawled = run.invoke(
        cli, ["crawl", "--source", "cards", "--from", str(tmp_path / "cards"), "--out", out, "--quiet"]
    )
    assert crawled.exit_code == 0, crawled.output
    path = written(tmp_path, "a/owl,emissions_gco2e,900,typo,me\na/gone,region,Peru,r,s\n")
    build = ["build", "cards", "--out", out, "--quiet"]
    assert run.invoke(cli, [*build, "--corrections", str(path)]).exit_code == 0
    (folder,) = (tmp_path / "data" / "processed").iterdir()
    told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert told["corrections_sha256"] == read_corrections(path).sha256
    assert told["account"]["notes"] == {"corrected:emissions_gco2e": 1, "correction-without-model": 1}
    models = {row["model_id"]: row for row in pq.read_table(folder / "models.parquet").to_pylist()}
    assert (models["a/owl"]["emissions_gco2e"], models["a/wren"]["emissions_gco2e"]) == (900.0, 1200.0)
    assert models["a/owl"]["corrections"] == ["emissions_gco2e: 1200 -> 900 (typo; me)"]
    assert not models["a/wren"]["corrections"]
    # kept beside the tables: a later build applies them too, until the file is deleted
    assert run.invoke(cli, [*build, "--refresh"]).exit_code == 0
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8")) == told
    (folder / "corrections.csv").unlink()
    assert run.invoke(cli, build).exit_code == 0
    again = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert "corrections_sha256" not in again
    assert again["account"]["notes"] == {}


def test_an_audit_sheet_becomes_corrections(tmp_path: Path) -> None:
    rows = [
        "1,k1,a/owl,s,1,emissions,1200,1.2 kg,wrong,900; the second row",
        "1,k1,a/owl,s,1,hardware,NVIDIA T4,T4,invented,",
        "1,k1,a/owl,s,1,region,,,missed,France",
        "1,k1,a/owl,s,1,energy,,,missed,not sure how much",
        "1,k1,a/owl,s,1,tool,codecarbon,codecarbon,right,",
    ]
    (tmp_path / "sheet.csv").write_text("\n".join([",".join(SHEET), *rows]) + "\n", encoding="utf-8")
    columns = {"emissions": "emissions_gco2e", "hardware": "hardware", "region": "region", "energy": "energy_kwh"}
    found, without = corrections_of(read_labels(tmp_path / "sheet.csv"), columns, "audit sheet sheet.csv")
    assert without == 1
    assert [(one.field, one.value, one.reason) for one in found] == [
        ("emissions_gco2e", 900.0, "audit: wrong: the second row"),
        ("hardware", None, "audit: invented"),
        ("region", "France", "audit: missed"),
    ]
    (tmp_path / "corrections.csv").write_text(corrections_csv(found), encoding="utf-8")
    again = read_corrections(tmp_path / "corrections.csv")
    assert isinstance(again, Corrections)
    assert again.of("a/owl") == tuple(found)
