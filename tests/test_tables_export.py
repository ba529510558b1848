"""Exports: CSV that no spreadsheet runs, with a descriptor that says what every column is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.exports import export, join_list, safe_cell
from mining.paths import Processed
from mining.schema import TABLES, Claim, Lineage, Metric, ModelRecord, Rejection
from mining.tables import columns, write_table

HOSTILE = '=HYPERLINK("http://evil","click")'


@pytest.fixture
def processed(tmp_path: Path) -> Processed:
    place = Processed(tmp_path / "p")
    rows: dict[str, list[Any]] = {
        "models": [ModelRecord(model_key="k", model_id=HOSTILE, tags=("a b", "@x"), likes_count=-0)],
        "claims": [Claim(model_key="k", quantity="emissions", text="+5 kg", where="card::3", value=-5.0)],
        "metrics": [Metric(model_key="k", metric="f1", metric_value=0.5, metric_source="mined")],
        "rejects": [Rejection(kind="model", id="x", reason="not-json", detail="<html>")],
        "lineage": [Lineage(model_key="k", lineage_kind="constant")],
    }
    for name, records in rows.items():
        write_table(place.table(name), records, TABLES[name])
    return place


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_formulas_are_made_harmless_and_numbers_are_not_touched(processed: Processed, tmp_path: Path) -> None:
    export(processed, tmp_path / "csv")
    model = read(tmp_path / "csv" / "models.csv")[0]
    assert model["model_id"] == f"'{HOSTILE}"
    assert model["tags"] == "a_b @x"
    claim = read(tmp_path / "csv" / "claims.csv")[0]
    assert (claim["text"], claim["value"]) == ("'+5 kg", "-5.0")


def test_words_of_cards_can_be_left_out(processed: Processed, tmp_path: Path) -> None:
    descriptor = export(processed, tmp_path / "csv", with_card_text=False)
    assert "text" not in read(tmp_path / "csv" / "claims.csv")[0]
    assert "5 kg" not in (tmp_path / "csv" / "claims.csv").read_text()
    assert "left out" in json.loads(descriptor.read_text())["description"]


def test_the_descriptor_says_what_every_column_is(processed: Processed, tmp_path: Path) -> None:
    package = json.loads(export(processed, tmp_path / "csv").read_text())
    assert package["profile"] == "tabular-data-package"
    for resource in package["resources"]:
        rows = read(tmp_path / "csv" / resource["path"])
        assert len(rows) == resource["rows"]
        fields = {entry["name"]: entry for entry in resource["schema"]["fields"]}
        assert list(rows[0]) == list(fields) == [column.name for column in columns(TABLES[resource["name"]])]
        assert all(entry["description"] for entry in fields.values())
    grams = next(entry for entry in package["resources"][0]["schema"]["fields"] if entry["name"] == "emissions_gco2e")
    assert (grams["unit"], grams["constraints"]["minimum"]) == ("g CO2eq", 0)


def test_the_same_tables_give_the_same_bytes(processed: Processed, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(processed, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@given(st.text())
def test_no_text_cell_starts_a_formula(text: str) -> None:
    assert not str(safe_cell(text)).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝"))


@given(st.floats(allow_nan=False) | st.integers())
def test_numbers_survive(number: float) -> None:
    assert type(number)(safe_cell(number)) == number


def test_other_cells() -> None:
    absent_and_true: list[Any] = [None, True, False, []]
    assert [safe_cell(value) for value in absent_and_true] == ["", "true", "false", ""]
    assert join_list(["a", "b c"]) == "a b_c"
