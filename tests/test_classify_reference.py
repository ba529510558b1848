"""Efficiency against stored cut points and against another cohort; every class and letter reached.

Not comparable is an answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from classify_run import CARD, classify
from sample_snapshot import fixed_clock, write_snapshot

from analysis.classify.cards import classify_card, classify_envelopes
from analysis.classify.classes_2023 import AWARENESS, BASIC, CERTIFIED, CLASSES, CONTEXT, OPTIMIZATION, UNKNOWN
from analysis.classify.classification import efficiency_view
from analysis.classify.findings import Case
from analysis.classify.reference import MIN_COHORT, published_reference, reference_of
from mining.build.run import build
from mining.errors import DamagedDataError, UsageError
from mining.paths import Home
from mining.schema import Envelope, ModelRecord, Settlement
from mining.snapshot import SnapshotWriter
from sample_hub import SampleHub


def case(grams: float | None, size: int | None = 400_000_000, downloads: int | None = 100, **flags: Any) -> Case:
    carbon = Settlement(emissions_gco2e=grams, **flags)
    record = ModelRecord(
        model_key="k", storage_bytes=size, downloads_count=downloads, emissions_metadata_value=grams, carbon=carbon
    )
    return Case(msgspec.structs.replace(record, card_status="read"))


LETTERS = {
    "A": (0.01, 10**9, 10**7),
    "B": (1.0, 10**9, 50_000),
    "C": (4.0, 10**8, 50),
    "D": (300.0, 10**7, 50),
    "E": (1e8, 1000, 0),
}


@pytest.mark.parametrize("letter", "ABCDE")
def test_every_letter_is_reached(letter: str) -> None:
    grams, size, downloads = LETTERS[letter]
    view = efficiency_view(case(grams, size, downloads))
    assert view.label == letter, view
    assert view.reference == "castano-2023"
    assert view.ratings["co2_eq_emissions"] is not None
    assert view.ratings["performance_score"] is None


PUBLISHED = {
    "A": (0.01, 10**6, 100),
    "B": (0.01, 1000, 100),
    "C": (0.01, 1000, 0),
    "D": (1000.0, 1000, 0),
    "E": (3000.0, 1000, 0),
}


@pytest.mark.parametrize("letter", "ABCDE")
def test_every_letter_is_reached_as_published(letter: str) -> None:
    grams, size, downloads = PUBLISHED[letter]
    assert efficiency_view(case(grams, size, downloads)).published_label == letter


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (case(None), "no emissions are reported"),
        (case(0.0), "zero"),
        (case(5.0, None, None), "no size or downloads"),
        (case(5.0, emissions_flags=("family-total",)), "not cover this model's own"),
        (case(5.0, emissions_flags=("inherited",)), "not cover this model's own"),
        (case(5.0, emissions_scope="component"), "not cover this model's own"),
    ],
)
def test_not_comparable_is_an_answer(told: Case, words: str) -> None:
    view = efficiency_view(told)
    assert (view.label, view.published_label, view.ratings) == (None, None, {})
    assert view.reason.startswith("Not rated: ")
    assert words in view.reason


def envelope(front: dict[str, Any], tags: list[str]) -> Envelope:
    body = {"id": "org/m", "_id": "621ffdc036468d709f17434d", "tags": tags, "cardData": front, "siblings": []}
    return Envelope(kind="model", id="org/m", body=json.dumps(body))


EMISSIONS, HARDWARE = "co2_eq_emissions:\n  emissions: 5\n", "  hardware_used: NVIDIA A100\n"
FRONTS = {
    UNKNOWN: ("license: mit\n", []),
    CONTEXT: ("license: mit\n", []),
    BASIC: (EMISSIONS, ["distilled"]),
    AWARENESS: (EMISSIONS + HARDWARE, ["EcoCard"]),
    OPTIMIZATION: (EMISSIONS + HARDWARE, ["Distilled"]),
    CERTIFIED: (EMISSIONS + HARDWARE, ["pruned", "EcoCard"]),
}


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_of_2023_is_reached_repaired(name: str) -> None:
    front, tags = FRONTS[name]
    body = "\n## Environmental Impact\n\n- **Hardware Type:** NVIDIA A100\n" if name == CONTEXT else "\n# A model\n"
    card = Envelope(kind="card", id="org/m", address="/org/m/resolve/main/README.md", body=f"---\n{front}---\n{body}")
    told = classify_envelopes("org/m", envelope({}, tags), [card], "hub").transparency
    assert told.repaired_level == name
    assert told.published_level in {UNKNOWN, CONTEXT, BASIC, AWARENESS}
    assert (told.published_level == name) == (name not in {OPTIMIZATION, CERTIFIED})


def test_zero_is_no_report_to_the_code_of_2023() -> None:
    told = classify_card("---\nco2_eq_emissions: 0\n---\n").transparency
    assert (told.published_level, told.repaired_level) == (UNKNOWN, BASIC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("reference"))
    build(write_snapshot(made.raw("snap"), SampleHub(11, 800, 5.0)), made.processed("snap"))
    writer = SnapshotWriter.create(
        made.raw("tiny"), source="hub", plan={"plan": "census"}, plan_hash="a", clock=fixed_clock
    )
    writer.append([Envelope(kind="model", id="org/m", key="621ffdc036468d709f17434d", body=envelope({}, []).body)])
    writer.complete()
    writer.close()
    build(made.raw("tiny"), made.processed("tiny"))
    return made


def test_another_cohort_has_its_own_cut_points(home: Home) -> None:
    found = reference_of("snap", home.root)
    assert found.name == "snap"
    assert found == reference_of(str(home.processed("snap").folder), Path("elsewhere"))
    assert found.repaired is not None
    assert found.repaired.n["co2_eq_emissions"] >= MIN_COHORT
    assert found.repaired.boundaries != published_reference().repaired.boundaries  # type: ignore[union-attr]
    for four in found.repaired.boundaries.values():
        assert list(four) == sorted(four, reverse=True)
    view = efficiency_view(case(5.0), found)
    assert view.reference == "snap"
    assert view.label in set("ABCDE")


def test_a_cohort_too_small_is_not_comparable(home: Home) -> None:
    found = reference_of("tiny", home.root)
    assert (found.repaired, found.as_published) == (None, None)
    view = efficiency_view(case(5.0), found)
    assert (view.label, view.reference) == (None, "tiny")
    assert "too few models" in view.reason


def test_the_command_takes_a_reference(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "card.md").write_text(CARD, encoding="utf-8")
    said = classify(capsys, tmp_path / "card.md", "--json", "--reference", "snap", "--out", home.root)
    assert (said.code, said.json["efficiency"]["reference"]) == (0, "snap")
    assert str(home.root) not in json.dumps(said.json["efficiency"])
    missing = classify(capsys, tmp_path / "card.md", "--reference", "nosuch", "--out", home.root)
    assert (missing.code, missing.out) == (2, "")
    assert "no processed snapshot 'nosuch'" in missing.err


def test_altered_tables_are_refused(home: Home, tmp_path: Path) -> None:
    copy = Home(tmp_path).processed("snap").folder
    copy.mkdir(parents=True)
    for path in home.processed("snap").folder.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    (copy / "models.parquet").write_bytes(b"PAR1")
    with pytest.raises(DamagedDataError):
        reference_of("snap", tmp_path)
    with pytest.raises(UsageError):
        reference_of("other", tmp_path)
