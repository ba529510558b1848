"""The contract of ``classify --json``: its schema ships, derives from the code, and real outputs hold to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from classify_run import BAD_YAML, CARD, HARDWARE_ONLY, METADATA_ONLY, PLAIN, RTF

from analysis.classify.cards import classify_card, unseen
from analysis.classify.generated_files import DERIVED
from analysis.classify.rubric import HERE
from mining.errors import GatedError

CONTRACT = {
    "": "schema model_id revision input tool_version rubric_version emissions context transparency efficiency "
    "suggested_metadata",
    "emissions": "grams low_grams high_grams source unit_status decided_by scope flags evidence",
    "context": "hardware hardware_count hours energy_kwh region provider intensity_g_per_kwh pue training_type tool",
    "transparency": "level published_level disclosure score coverage probes",
    "efficiency": "label published_label ratings reference",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(json.loads((HERE / "classification.schema.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", list(DERIVED))
def test_derived_files_are_what_the_code_gives(name: str) -> None:
    """After a change of rubric or structs: ``python -m analysis.classify.generated_files``."""
    assert (HERE / name).read_text(encoding="utf-8") == DERIVED[name]()


def test_the_schema_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


NAN = "---\nco2_eq_emissions: .nan\n---\n"


@pytest.mark.parametrize("card", [CARD, PLAIN, METADATA_ONLY, HARDWARE_ONLY, RTF, BAD_YAML, "", "\x00" * 99, NAN])
def test_answers_hold_to_the_schema(schema: dict[str, Any], card: str) -> None:
    text = classify_card(card).to_json()
    said = json.loads(text, parse_constant=pytest.fail)
    jsonschema.validate(said, schema, cls=jsonschema.Draft202012Validator)


def test_an_answer_about_nothing_seen_holds_to_the_schema(schema: dict[str, Any]) -> None:
    said = json.loads(unseen("org/x", GatedError("behind an agreement")).to_json())
    jsonschema.validate(said, schema, cls=jsonschema.Draft202012Validator)
    assert (said["looked_at"], said["transparency"]["level"], said["problem"]) == (
        "gated",
        "unknown",
        "behind an agreement",
    )


def test_every_key_of_the_contract_stands_in_every_answer() -> None:
    said = json.loads(classify_card(CARD).to_json())
    for part, keys in CONTRACT.items():
        assert set(keys.split()) <= set(said[part] if part else said), part
    assert said["schema"] == "hf-carbon/classification/2"
    assert {"where", "text", "value", "unit", "decided"} <= set(said["emissions"]["evidence"][0])
    for probe in said["transparency"]["probes"]:
        assert {"id", "outcome", "reason", "evidence", "remedy"} <= set(probe)
        assert (probe["remedy"] is not None) == (probe["outcome"] in {"not-reported", "unreadable"})


@pytest.mark.parametrize("damage", [{"schema": "other/1"}, {"efficiency": {}}, {"emissions": None}])
def test_the_schema_refuses_what_is_no_answer(schema: dict[str, Any], damage: dict[str, Any]) -> None:
    said = {**json.loads(classify_card(CARD).to_json()), **damage}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(said, schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.shared
def test_real_cards_hold_to_the_schema(schema: dict[str, Any], shared_dir: Path) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted((shared_dir / "cards" / "github").rglob("*.md"))[:40]:
        validator.validate(json.loads(classify_card(path.read_bytes()).to_json(), parse_constant=pytest.fail))
