"""A dump kept whole: built from its columns, it gives the tables that single rows give.

Broken rows and killed builds are accounted for.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_series import SCHEMA, model
from click.testing import CliRunner

from analysis.cli import cli
from mining.normalize.dump_batches import is_ordinary

TABLES = ("models", "claims", "metrics", "rejects", "lineage")


def built(dump: Path, out: Path, *more: str) -> Path:
    runner = CliRunner()
    crawled = runner.invoke(
        cli, ["crawl", "--source", "dump", "--from", str(dump), "--out", str(out), "--quiet", *more]
    )
    assert crawled.exit_code == 0, crawled.output + repr(crawled.exception)
    name = Path(crawled.stdout.strip()).name
    for stage in ("verify", "build"):
        done = runner.invoke(cli, [stage, name, "--out", str(out), *(["--quiet"] if stage == "build" else [])])
        assert done.exit_code == 0, done.output + repr(done.exception)
    return out / "processed" / name


def assert_same_tables(dump: Path, tmp_path: Path) -> None:
    """Columns at once, and row by row (a limit on models takes that way), give the same."""
    whole, rows = built(dump, tmp_path / "whole"), built(dump, tmp_path / "rows", "--max-models", "9999999")
    for name in TABLES:
        one, other = pq.read_table(whole / f"{name}.parquet"), pq.read_table(rows / f"{name}.parquet")
        # where a row came from is not the same: one snapshot keeps the file, the other its rows
        drop = [column for column in ("address", "detail") if column in one.column_names]
        assert one.drop_columns(drop).equals(other.drop_columns(drop)), name
    accounts = [json.loads((folder / "provenance.json").read_text())["account"] for folder in (whole, rows)]
    for key in ("models_in", "models_kept", "models_rejected", "rows", "notes", "lineage", "strata"):
        assert accounts[0][key] == accounts[1][key], key


def test_columns_and_rows_give_the_same_tables_of_the_real_rows(tmp_path: Path, shared_dir: Path) -> None:
    assert_same_tables(shared_dir / "dump" / "models.parquet", tmp_path)


def test_columns_and_rows_give_the_same_tables_of_odd_rows(tmp_path: Path) -> None:
    odd = [
        model("a/good", 4500),
        model("a/cut") | {"cardData": '{"co2_eq_emissions": 5, "lic'},
        model("a/repr") | {"cardData": "{'co2_eq_emissions': 5}"},
        model("a/inside") | {"cardData": '{"co2_eq_emissions": 5, x}'},
        model("a/list") | {"cardData": "[1]"},
        model("a/empty") | {"cardData": ""},
        model("a/none") | {"cardData": None, "tags": None, "createdAt": None},
        model("a/tags") | {"tags": ["x", None, "license:mit"]},
        model("") | {"id": None},
        model("legacy", {"emissions": "12 kg"}),
    ]
    path = tmp_path / "models.parquet"
    pq.write_table(pa.Table.from_pylist(odd, schema=SCHEMA), path, row_group_size=4)
    whole = built(path, tmp_path / "one")
    models = {row["model_id"]: row for row in pq.read_table(whole / "models.parquet").to_pylist()}
    assert models["a/good"]["emissions_gco2e"] == 4500
    assert models["legacy"]["emissions_gco2e"] == 12000
    assert models["a/cut"]["emissions_outcome"] in {"could-not-look", "unreadable"}
    account = json.loads((whole / "provenance.json").read_text())["account"]
    assert (account["models_in"], account["models_kept"]) == (10, 9)


@pytest.mark.parametrize("name", ["createdAt", "tags", "cardData"])
def test_a_column_of_another_type_goes_the_way_of_rows(name: str) -> None:
    assert is_ordinary(SCHEMA)
    assert not is_ordinary(SCHEMA.set(SCHEMA.get_field_index(name), pa.field(name, pa.binary())))
