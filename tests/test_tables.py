"""Tables derive from the registry: schema, validator, dictionary, writer and checking reader."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, cast, get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec import Struct

from mining.errors import SchemaMismatchError
from mining.schema import TABLES, Claim, Context, Metric, ModelRecord, Rejection, Settlement, field
from mining.tables import (
    TableWriter,
    arrow_schema,
    columns,
    dictionary,
    from_row,
    iter_tables,
    open_table,
    read_records,
    read_table,
    to_arrow,
    validator,
    violations,
    write_table,
)


def model(key: str = "k1", **values: Any) -> ModelRecord:
    return ModelRecord(model_key=key, **values)


def test_nested_structs_become_columns_of_the_same_row() -> None:
    names = [column.name for column in columns(ModelRecord)]
    assert "emissions_gco2e" in names
    assert "duration_h" in names
    assert "carbon" not in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("struct", TABLES.values(), ids=TABLES.keys())
def test_every_table_has_schema_validator_and_dictionary(struct: type[Struct]) -> None:
    schema = arrow_schema(struct)
    assert schema.names == [column.name for column in columns(struct)]
    assert set(validator(struct).columns) == set(schema.names)
    text = dictionary()
    assert all(f"| `{name}` |" in text for name in schema.names)


def test_unit_and_meaning_travel_with_the_column() -> None:
    grams = arrow_schema(ModelRecord).field("emissions_gco2e")
    assert grams.metadata[b"unit"] == b"g CO2eq"
    assert b"chosen" in grams.metadata[b"meaning"]


def test_fields_of_one_name_have_one_meaning() -> None:
    seen: dict[str, tuple[object, ...]] = {}
    for struct in TABLES.values():
        for column in columns(struct):
            said = (column.meaning, column.unit, column.kind, column.ge, column.le)
            assert seen.setdefault(column.name, said) == said, column.name


def test_names_end_in_their_unit() -> None:
    ends = {"g CO2eq": "gco2e", "kWh": "kwh", "h": "h", "W": "w", "g/kWh": "g_per_kwh", "L": "l", "FLOP": "flop"}
    for struct in TABLES.values():
        for column in columns(struct):
            if column.unit in ends:
                assert column.name.endswith(ends[column.unit]), column.name
            if column.unit == "B":
                assert column.name.endswith("_bytes"), column.name


def test_written_records_come_back_equal(tmp_path: Path) -> None:
    records = [
        model(
            "a",
            tags=("x", "y"),
            carbon=Settlement(emissions_gco2e=1.5, emissions_flags=("zero",)),
            training=Context(hardware="A100"),
        ),
        model("b", parameters_count=2**40),
    ]
    path = tmp_path / "models.parquet"
    assert write_table(path, records, ModelRecord) == 2
    assert list(read_records(path, ModelRecord)) == records


def test_same_records_give_the_same_bytes_however_they_are_handed_in(tmp_path: Path) -> None:
    records = [model(f"k{number}", likes_count=number) for number in range(100)]
    for name, step in (("one", 100), ("two", 7)):
        with TableWriter(tmp_path / name, ModelRecord, batch_rows=16) as writer:
            for start in range(0, 100, step):
                writer.write(records[start : start + step])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert [table.num_rows for table in iter_tables(tmp_path / "one", ModelRecord)] == [16] * 6 + [4]


def test_tables_and_records_can_be_mixed(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    with TableWriter(path, Metric) as writer:
        writer.write([Metric(model_key="a", metric="f1", metric_value=0.5, metric_source="model-index")])
        writer.write_table(
            to_arrow([Metric(model_key="b", metric="f1", metric_value=0.6, metric_source="model-index")], Metric)
        )
    assert read_table(path, Metric, ["model_key"]).column("model_key").to_pylist() == ["a", "b"]
    assert writer.rows == 2


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "models.parquet"

    def interrupted() -> None:
        with TableWriter(path, ModelRecord) as writer:
            writer.write([model()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (model(carbon=Settlement(emissions_gco2e=-1.0)), "emissions_gco2e: a value below 0"),
        (model(carbon=Settlement(emissions_gco2e=math.inf)), "emissions_gco2e: a number that is not finite"),
        (
            model(carbon=Settlement(emissions_source=cast("Any", "hearsay"))),
            "emissions_source: a value outside its closed list",
        ),
        (model(source=None), "source: 1 missing"),
    ],
)
def test_what_breaks_the_registry_is_refused(tmp_path: Path, record: ModelRecord, fault: str) -> None:
    assert fault in violations(to_arrow([record], ModelRecord), ModelRecord)
    with pytest.raises(SchemaMismatchError, match=fault.split(":", maxsplit=1)[0]):
        write_table(tmp_path / "m.parquet", [record], ModelRecord)
    assert list(tmp_path.iterdir()) == []


def test_clean_records_break_nothing() -> None:
    assert violations(to_arrow([model()], ModelRecord), ModelRecord) == []


def test_validator_agrees_with_the_arrow_check() -> None:
    good = to_arrow([model()], ModelRecord).to_pandas()
    validator(ModelRecord).validate(good)
    import pandera.errors

    bad = to_arrow([model(likes_count=-3)], ModelRecord).to_pandas()
    with pytest.raises(pandera.errors.SchemaError):
        validator(ModelRecord).validate(bad)


def test_reader_refuses_other_versions_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    table = to_arrow([Rejection(kind="model", id="a/b", reason="not-json")], Rejection)
    pq.write_table(table.replace_schema_metadata({}), path)
    with pytest.raises(SchemaMismatchError, match="schema version none"):
        open_table(path, Rejection)
    pq.write_table(table.drop_columns(["detail"]).append_column("extra", pa.array(["?"])), path)
    with pytest.raises(SchemaMismatchError, match=r"unknown columns \['extra'\], missing columns \['detail'\]"):
        open_table(path, Rejection)
    pq.write_table(table.set_column(0, "kind", pa.array([1])).replace_schema_metadata(table.schema.metadata), path)
    with pytest.raises(SchemaMismatchError, match="another type"):
        open_table(path, Rejection)
    path.write_bytes(b"not parquet")
    with pytest.raises(SchemaMismatchError, match="not a readable table"):
        open_table(path, Rejection)
    with pytest.raises(SchemaMismatchError, match="not a readable table"):
        open_table(tmp_path / "absent", Rejection)


def test_fields_without_description_are_refused() -> None:
    class Bare(Struct):
        value: int

    class Two(Struct):
        value: Annotated[int | str, field("Either.")]

    class Odd(Struct):
        value: Annotated[dict[str, str], field("A map.")]

    for struct in (Bare, Two, Odd):
        with pytest.raises(TypeError, match="value"):
            columns(struct)


def test_from_row_is_the_inverse_of_flattening() -> None:
    claim = Claim(quantity="emissions", text="5 kg", where="card::3", value=5.0, unit="kg", flags=("range",))
    assert from_row(to_arrow([claim], Claim).to_pylist()[0], Claim) == claim


def test_registry_types_are_understood_by_msgspec_too() -> None:
    assert msgspec.json.decode(msgspec.json.encode(model()), type=ModelRecord) == model()
    assert "model_key" in get_type_hints(ModelRecord)
