"""Normalizing one model: rows of the wire become records, or rejections with a reason; unknown is never no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.build.parts import Part, read_rows, write_part
from mining.normalize.model import Normalized, normalize
from mining.normalize.unseen import unseen_values
from mining.normalize.values import bases_in_tags, literal_number
from mining.schema import Envelope, ModelRecord, Rejection
from mining.tables import to_arrow, violations
from mining.vocab import fold


def row(body: object, **values: Any) -> Envelope:
    text = body if isinstance(body, str) else json.dumps(body)
    return Envelope(kind="model", id="x/y", address="/api/models", body=text, **values)


def card(text: str, **values: Any) -> Envelope:
    return Envelope(
        kind="card",
        id="x/y",
        address="/x/y/resolve/abc/README.md",
        body=text,
        headers={"x-repo-commit": "abc"},
        **values,
    )


def record(body: object, *sides: Envelope, **values: Any) -> ModelRecord:
    outcome = normalize(row(body), sides, **values)
    assert isinstance(outcome, Normalized), outcome
    return outcome.record


# ---------------------------------------------------------------- recorded answers


@pytest.mark.shared
def test_a_recorded_answer_of_the_hub(shared_dir: Path) -> None:
    body = (shared_dir / "wire" / "model_info_2026-07-05.json").read_text()
    outcome = normalize(row(body))
    assert isinstance(outcome, Normalized)
    model = outcome.record
    assert outcome.notes == []
    assert (model.author, model.name) == ("OrionLLM", "GRM-2.6-Opus")
    assert model.model_key == "69fd1f6afa2150562b3cc474"
    assert (model.parameters_count, model.parameters_source, model.parameters_is_packed) == (
        27781427952,
        "safetensors",
        False,
    )
    assert (model.storage_bytes, model.has_weights, model.gated, model.is_disabled) == (55582996143, True, "no", False)
    assert (model.base_relation, len(model.base_models)) == ("merge", 2)
    assert (model.domain, model.domain_decided_by, model.license) == ("Multimodal", "pipeline-tag", "apache-2.0")
    assert (model.created_at, model.year_month, model.created_at_is_floor) == ("2026-05-07T23:25:30Z", "2026-05", False)
    assert (model.parameters_class, model.popularity_class) == ("10B-100B", "1,000-9,999")


@pytest.mark.shared
def test_packed_weights_of_a_recorded_listing_are_not_counted_one_to_one(shared_dir: Path) -> None:
    for entry in json.loads((shared_dir / "wire" / "list_models_expand_2026-08.json").read_text()):
        model = record(entry)
        assert model.parameters_is_packed is True
        assert model.parameters_count is None
        assert model.parameters_source is None


# ---------------------------------------------------------------- rows


def test_a_bare_row_says_nothing_it_does_not_know() -> None:
    model = record({"id": "x/y"})
    unknown = (
        "gated",
        "is_disabled",
        "downloads_count",
        "likes_count",
        "has_weights",
        "storage_bytes",
        "domain",
        "license",
        "created_at",
    )
    assert all(getattr(model, name) is None for name in unknown)
    assert model.card_status == "not-asked"
    assert model.carbon.emissions_outcome == "could-not-look"
    assert model.model_key == "id:x/y"
    assert model.stratum == "unknown | unknown | unknown"


def test_a_legacy_name_has_no_author() -> None:
    model = record({"id": "gpt2", "_id": "621ffdc036468d709f174328"})
    assert (model.author, model.name) == (None, "gpt2")
    assert model.created_at == "2022-03-02T23:29:04Z"
    assert model.created_at_is_floor
    assert model.year_month is None


def test_older_names_of_the_id_are_understood() -> None:
    assert record({"modelId": "x/old"}).model_id == "x/old"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not-json"),
        ("{", "not-json"),
        ("[1]", "not-an-object"),
        ('"text"', "not-an-object"),
        ("null", "not-an-object"),
        ("{}", "no-name"),
        ('{"id": ""}', "no-name"),
        ('{"id": 5}', "no-name"),
        ("[" * 5000, "not-an-object"),
        ('{"id": "x", "downloads": ' + "[" * 5000, "not-json"),
    ],
)
def test_what_is_no_model_is_rejected_with_its_reason(body: str, reason: str) -> None:
    outcome = normalize(row(body))
    assert isinstance(outcome, Rejection)
    assert outcome.reason == reason
    assert outcome.id == "x/y"


def test_a_wrong_type_costs_its_own_field_and_is_counted() -> None:
    outcome = normalize(row({"id": "x/y", "downloads": "many", "likes": 3, "tags": [1], "safetensors": 7}))
    assert isinstance(outcome, Normalized)
    assert outcome.notes == ["wrong-type:downloads", "wrong-type:tags", "wrong-type:safetensors"]
    assert (outcome.record.downloads_count, outcome.record.likes_count, outcome.record.tags) == (None, 3, ())


def test_keys_that_are_not_known_are_counted() -> None:
    outcome = normalize(row({"id": "x/y", "flavour": "sour", "likes": 1}))
    assert isinstance(outcome, Normalized)
    assert outcome.notes == ["unknown-key:flavour"]
    assert outcome.record.likes_count == 1


def test_a_task_of_no_vocabulary_is_counted() -> None:
    outcome = normalize(row({"id": "x/y", "pipeline_tag": "mind-reading", "tags": ["translation"]}))
    assert isinstance(outcome, Normalized)
    assert unseen_values(outcome.record, outcome.claims) == (("task", "mind-reading"),)
    assert (outcome.record.domain, outcome.record.domain_decided_by) == ("NLP", "task-tag")


def test_negative_and_absurd_counts_are_not_known() -> None:
    model = record({"id": "x/y", "downloads": -4, "likes": 2**62, "usedStorage": -1})
    assert (model.downloads_count, model.likes_count, model.storage_bytes) == (None, None, None)


@pytest.mark.parametrize(
    ("gated", "expected"), [(False, "no"), ("auto", "auto"), ("manual", "manual"), ("else", None), (True, None)]
)
def test_gated(gated: object, expected: Any) -> None:
    assert record({"id": "x/y", "gated": gated}).gated == expected


# ---------------------------------------------------------------- metadata


def test_norwegian_is_a_language() -> None:
    data = {"language": ["en", False, "nn"], "license": "MIT"}
    model = record({"id": "x/y", "cardData": data})
    assert model.languages == ("en", "no", "nn")
    assert model.license == "mit"
    assert record({"id": "x/y", "cardData": {"language": False}}).languages == ("no",)


@pytest.mark.parametrize(
    ("data", "tags", "expected"),
    [
        ({"license": "Apache-2.0"}, [], "apache-2.0"),
        ({"license": ["mit", "cc-by-4.0"]}, [], "mit, cc-by-4.0"),
        ({"license": "other", "license_name": "Llama 3"}, [], "other: llama 3"),
        ({"license": "other"}, [], "other"),
        ({"license": "Apache License 2.0"}, [], "apache-2.0"),
        ({"license": "My Own"}, [], "my own"),
        ({}, ["license:gpl-3.0"], "gpl-3.0"),
        ({"license": 5}, [], None),
        ({"license": {"a": 1}}, ["nothing"], None),
    ],
)
def test_licences(data: Any, tags: list[str], expected: Any) -> None:
    assert record({"id": "x/y", "cardData": data, "tags": tags}).license == expected


@pytest.mark.parametrize("data", [None, [], "text", 5, {"datasets": {"a": 1}}, {"tags": 3}, {"language": [[[]]]}])
def test_odd_metadata_costs_nothing_else(data: Any) -> None:
    model = record({"id": "x/y", "cardData": data, "likes": 1})
    assert (model.likes_count, model.license, model.datasets) == (1, None, ())


def test_bases_from_field_tags_or_metadata() -> None:
    field = {"id": "x/y", "baseModels": {"relation": "merge", "models": [{"_id": "1", "id": "a/b"}, {"id": "c/d"}]}}
    assert (record(field).base_models, record(field).base_relation) == (("a/b", "c/d"), "merge")
    tags = {"id": "x/y", "tags": ["base_model:a/b", "base_model:quantized:a/b"]}
    assert (record(tags).base_models, record(tags).base_relation) == (("a/b",), "quantized")
    data = {"id": "x/y", "cardData": {"base_model": "a/b", "base_model_relation": "adapter"}}
    assert (record(data).base_models, record(data).base_relation) == (("a/b",), "adapter")
    assert bases_in_tags(["base_model:a/b:c"]) == (("a/b:c",), None)


def test_data_sets_have_bytes_only_where_all_of_them_are_known() -> None:
    body = {"id": "x/y", "cardData": {"datasets": ["a/b", "c"]}, "tags": ["dataset:c", "dataset:d/e"]}
    known = {"a/b": 10.0, "c": 5.0, "d/e": 1.0}
    assert record(body).datasets == ("a/b", "c", "d/e")
    assert record(body, dataset_bytes=known).datasets_bytes == 16.0
    assert record(body, dataset_bytes={"a/b": 10.0, "c": 5.0}).datasets_bytes is None
    assert record({"id": "x/y"}, dataset_bytes=known).datasets_bytes is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12.5, 12.5),
        (0, 0.0),
        ("0.2 kg", 0.2),
        ("29 tons", 29.0),
        ("1,400", 1.0),
        ("1e-3", 1.0),
        ("2.3e5", 2.3),
        ("<1 g", None),
        ("~29 t", None),
        (" 5", None),
        ({"emissions": 7}, 7.0),
        ({"emissions": "7 g"}, 7.0),
        ({"source": "x"}, None),
        ([{"source": "x"}, {"emissions": 4}], 4.0),
        (True, None),
        (None, None),
        (float("nan"), None),
        (10**400, None),
        ("9" * 400, None),
    ],
)
def test_the_metadata_number_as_the_study_read_it(value: object, expected: Any) -> None:
    """Facts on ``harmonize_co2``: anchored at the beginning, first number, unit dropped."""
    assert literal_number(value) == expected


# ---------------------------------------------------------------- cards and what else was received


def test_metadata_alone_is_read_where_it_speaks_of_carbon() -> None:
    model = record({"id": "x/y", "cardData": {"co2_eq_emissions": {"emissions": 12.5, "source": "codecarbon"}}})
    assert (model.emissions_metadata_value, model.carbon.emissions_gco2e, model.carbon.emissions_source) == (
        12.5,
        12.5,
        "metadata",
    )
    assert model.card_status == "not-asked"
    assert model.carbon.emissions_outcome == "reported"


def test_a_card_is_read_with_its_row() -> None:
    outcome = normalize(
        row({"id": "x/y", "_id": "k1", "likes": 1}), [card("# A\n\n- **Carbon Emitted:** 5 kg CO2eq\n")]
    )
    assert isinstance(outcome, Normalized)
    assert outcome.record.card_status == "read"
    assert outcome.record.carbon.emissions_gco2e == 5000.0
    assert outcome.record.revision == "abc"
    assert {claim.model_key for claim in outcome.claims} == {"k1"}
    assert outcome.text is not None


def test_front_matter_stands_in_for_metadata_that_the_hub_did_not_list() -> None:
    text = "---\nlicense: mit\nlanguage:\n- no\ndatasets:\n- a/b\nbase_model: q/w-7b\n---\n# A\n"
    model = record({"id": "x/y"}, card(text))
    assert (model.license, model.datasets, model.base_models, model.parameters_count) == (
        "mit",
        ("a/b",),
        ("q/w-7b",),
        7_000_000_000,
    )
    assert model.languages == ("no",)


@pytest.mark.parametrize(
    ("envelope", "status", "outcome"),
    [
        ({"failure": "gated", "status": 403}, "gated", "could-not-look"),
        ({"failure": "gone", "status": 404}, "gone", "could-not-look"),
        ({"failure": "disabled", "status": 403}, "disabled", "could-not-look"),
        ({"failure": "unreachable", "status": 0}, "unreachable", "could-not-look"),
        ({"failure": "too-large", "size_bytes": 10**9}, "too-large", "could-not-look"),
        ({"failure": "gone", "status": 404, "headers": {"X-Error-Code": "EntryNotFound"}}, "absent", "not-reported"),
    ],
)
def test_why_a_card_was_not_read(envelope: dict[str, Any], status: str, outcome: str) -> None:
    failed = Envelope(kind="failure", id="x/y", address="/x/y/resolve/main/README.md", **envelope)
    model = record({"id": "x/y"}, failed)
    assert (model.card_status, model.carbon.emissions_outcome) == (status, outcome)


def test_an_empty_card_reports_nothing() -> None:
    model = record({"id": "x/y"}, card("  \n"))
    assert (model.card_status, model.carbon.emissions_outcome, model.card_bytes) == ("empty", "not-reported", 3)


def test_a_later_answer_that_came_through_wins_over_a_failure() -> None:
    failed = Envelope(kind="failure", id="x/y", address="/x/y/resolve/main/README.md", failure="unreachable", status=0)
    assert record({"id": "x/y"}, failed, card("# A card\n")).card_status == "read"
    assert record({"id": "x/y"}, card("# A card\n"), failed).card_status == "read"


def test_the_single_answer_completes_the_row() -> None:
    info = Envelope(
        kind="info",
        id="x/y",
        address="/api/models/x/y",
        body='{"id": "x/y", "usedStorage": 5000000, "likes": 9, "siblings": []}',
    )
    model = record({"id": "x/y", "likes": 1}, info)
    assert (model.likes_count, model.storage_bytes, model.has_weights) == (1, 5_000_000, False)
    broken = Envelope(kind="info", id="x/y", address="/api/models/x/y", body="<html>")
    outcome = normalize(row({"id": "x/y"}), [broken])
    assert isinstance(outcome, Normalized)
    assert outcome.notes == ["info-not-json"]


def test_a_model_known_only_from_a_single_answer_or_a_card() -> None:
    info = Envelope(kind="info", id="x/y", address="/api/models/x/y", body='{"id": "x/y", "_id": "k", "likes": 2}')
    alone = normalize(None, [info])
    assert isinstance(alone, Normalized)
    assert (alone.record.model_key, alone.record.likes_count) == ("k", 2)
    only_card = normalize(None, [card("# A\n")], source="cards")
    assert isinstance(only_card, Normalized)
    assert (only_card.record.source, only_card.record.name, only_card.record.card_status) == ("cards", "y", "read")


def test_commits_tell_the_age_at_the_floor_only() -> None:
    commits = Envelope(
        kind="commits",
        id="x/y",
        address="/api/models/x/y/commits/main",
        body='[{"date": "2019-10-03T14:08:13.000Z"}, {"no": 1}]',
    )
    floor = {"id": "x/y", "createdAt": "2022-03-02T23:29:04.000Z"}
    assert (record(floor, commits).created_at, record(floor, commits).year_month) == ("2019-10-03T14:08:13Z", "2019-10")
    young = {"id": "x/y", "createdAt": "2025-01-01T00:00:00.000Z"}
    assert record(young, commits).created_at == "2025-01-01T00:00:00Z"
    for odd in ("{}", "[", "[1, {}]", '[{"date": "soon"}]'):
        assert record(floor, Envelope(kind="commits", id="x/y", address="/commits/", body=odd)).created_at_is_floor


def test_a_file_of_a_meter_is_read() -> None:
    text = "timestamp,project_name,duration,emissions,energy_consumed\n2024-01-01T00:00:00,x,3600,0.5,1.25\n"
    meter = Envelope(kind="file", id="x/y", address="/x/y/resolve/main/emissions.csv", body=text)
    model = record({"id": "x/y"}, card("# A\n"), meter)
    assert model.carbon.emissions_gco2e == pytest.approx(500.0)
    assert model.carbon.emissions_source == "file"


def test_bodies_that_are_no_text_come_as_base64() -> None:
    model = record({"id": "x/y"}, card("/wAAAP8AAAA=", encoding="base64"))
    assert model.card_status == "not-text"
    assert model.carbon.emissions_outcome == "could-not-look"
    assert record({"id": "x/y"}, card("%%%", encoding="base64")).card_status in {"empty", "not-text"}


# ---------------------------------------------------------------- hostile input

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES_WORDS = (
    "_id modelId author sha createdAt gated disabled downloads likes pipeline_tag library_name tags cardData siblings "
    "usedStorage safetensors gguf baseModels model-index evalResults config private"
)
NAMES = st.sampled_from(NAMES_WORDS.split())
DATA_WORDS = "license language datasets base_model tags co2_eq_emissions model-index library_name pipeline_tag"
DATA = st.sampled_from(DATA_WORDS.split())


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, JSON), st.dictionaries(DATA, JSON))
def test_no_row_breaks_the_registry(body: dict[str, Any], data: Any) -> None:
    outcome = normalize(row({"id": "x/y", "cardData": data} | body))
    assert isinstance(outcome, Normalized | Rejection)
    if isinstance(outcome, Normalized):
        assert violations(to_arrow([outcome.record], ModelRecord), ModelRecord) == []


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_text_crashes(body: str) -> None:
    assert isinstance(normalize(row(body)), Normalized | Rejection)


# ---------------------------------------------------------------- numbers that no table holds


@pytest.mark.parametrize("number", ["9223372036854775808", "1" * 30, "1" * 400, "-" + "1" * 30])
@pytest.mark.parametrize(
    "fields",
    [
        '"downloads": N, "likes": N, "usedStorage": N',
        '"safetensors": {"total": N}',
        '"safetensors": {"parameters": {"F32": N, "I32": 1}}',
        '"gguf": {"total": N}',
        '"siblings": [{"rfilename": "a.bin", "size": N}]',
        '"evalResults": [{"value": N}]',
        '"cardData": {"co2_eq_emissions": {"emissions": N, "energy": N}, "license": N}',
    ],
)
def test_absurd_numbers_cost_their_field_and_no_run(fields: str, number: str, tmp_path: Path) -> None:
    row = Envelope(
        kind="model", id="a/b", key="k", address="/", body='{"id": "a/b", ' + fields.replace("N", number) + "}"
    )
    outcome = normalize(row)
    assert isinstance(outcome, Normalized)
    part = Part(models=[outcome.record], claims=list(outcome.claims), metrics=outcome.metrics)
    write_part(tmp_path, part, part.tally({}, 0))
    assert read_rows(tmp_path / "models.arrow")["parameters_count"].to_pylist() == [None]


# ---------------------------------------------------------------- values that nobody filed


def unseen(body: Mapping[str, object], *sides: Envelope) -> tuple[tuple[str, str], ...]:
    outcome = normalize(row(body), sides)
    assert isinstance(outcome, Normalized)
    return unseen_values(outcome.record, outcome.claims)


def test_what_stands_in_a_vocabulary_is_not_unseen() -> None:
    body = {
        "id": "x/y",
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "cardData": {"license": "mit"},
    }
    assert unseen(body) == ()
    assert unseen({"id": "x/y", "library_name": "unknown", "cardData": {"license": "n/a"}}) == ()
    assert unseen({"id": "x/y", "cardData": {"license": "other", "license_name": "my own"}}) == ()


def test_licence_task_and_library_are_told_as_written() -> None:
    assert unseen({"id": "x/y", "library_name": "Quux", "cardData": {"license": ["mit", "dwtfyl-9"]}}) == (
        ("library", "Quux"),
        ("licence", "dwtfyl-9"),
    )


def test_names_in_claims_are_told_without_their_label() -> None:
    emissions = {
        "emissions": 5,
        "hardware_used": "Foo 9000",
        "geographical_location": "Brigadoon",
        "training_type": "osmosis",
    }
    body = {"id": "x/y", "cardData": {"co2_eq_emissions": emissions}}
    assert set(unseen(body)) == {("hardware", "Foo 9000"), ("region", "Brigadoon"), ("training_type", "osmosis")}
    text = "# A\n\n## Environmental impact\n\n- **Cloud Provider:** Nimbus Nine\n- **Carbon Emitted:** 5 kg\n"
    ((name, value),) = unseen({"id": "x/y"}, card(text))
    assert (name, fold(value)) == ("provider", "nimbus nine")
    assert unseen({"id": "x/y"}, card(text.replace("Nimbus Nine", "[More Information Needed]"))) == ()
