"""Rubric, probes and verdicts: docs and code locked together, every outcome and level reached."""

from __future__ import annotations

import copy
from importlib.resources import files
from typing import Any

import msgspec
import pytest
import yaml

from analysis.classify.findings import Case, Finding
from analysis.classify.probes import PROBES, Probe, probe_all
from analysis.classify.rubric import parse_rubric, rubric
from analysis.classify.verdict import UNKNOWN_LEVEL, judge, level_of, score_of
from mining.errors import CheckFailedError, DamagedDataError
from mining.schema import Claim, Context, ModelRecord, Settlement

GRAMS = Claim(
    quantity="emissions",
    value=1.2,
    unit="kg",
    inner_value=1200.0,
    text="1.2 kg",
    where="card:Environmental Impact:9",
    line=9,
)
META = Claim(
    quantity="emissions",
    value=1200.0,
    unit="g",
    inner_value=1200.0,
    text="emissions: 1200",
    where="metadata:co2_eq_emissions.emissions",
)


def record(**changes: Any) -> ModelRecord:
    return msgspec.structs.replace(
        ModelRecord(model_key="k", name="m", card_status="read", source="hub", has_weights=True), **changes
    )


def carbon(**changes: Any) -> Settlement:
    base = Settlement(
        emissions_gco2e=1200.0,
        emissions_source="card",
        emissions_unit_status="stated",
        emissions_decided_by="unit-beside",
        emissions_scope="pre-training",
        emissions_outcome="reported",
    )
    return msgspec.structs.replace(base, **changes)


FULL = Context(
    hardware="NVIDIA A100",
    hardware_count=8,
    duration_h=10.0,
    energy_kwh=3.0,
    region="France",
    tool="codecarbon",
    training_type="pre-training",
)


def raw() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("analysis.classify").joinpath("rubric.yml").read_text(encoding="utf-8"))
    return data


def test_every_probe_has_text_and_every_text_has_a_probe() -> None:
    assert list(PROBES) == [probe.id for probe in rubric().probes]


def test_every_text_says_what_its_outcomes_mean() -> None:
    for probe in rubric().probes:
        assert {"reported", "not-reported"} <= set(probe.outcomes)
        for words in (probe.question, probe.motivation, probe.rule, probe.remedy):
            assert len(words) >= 20
        assert probe.question.endswith("?")


@pytest.mark.parametrize("damage", ["twice", "weights", "unknown key", "yardstick"])
def test_a_rubric_that_does_not_hold_together_is_refused(damage: str) -> None:
    data = copy.deepcopy(raw())
    if damage == "twice":
        data["probes"][1]["id"] = data["probes"][0]["id"]
    elif damage == "weights":
        data["probes"][0]["weight"] += 1
    elif damage == "unknown key":
        data["probes"][0]["surprise"] = 1
    else:
        data["probes"][0]["yardsticks"] = []
    with pytest.raises(DamagedDataError, match=r"rubric\.yml"):
        parse_rubric(data)


LEVEL_CASES = {
    "silent": Case(record(card_status="absent")),
    "context": Case(record(training=Context(hardware="NVIDIA A100"))),
    "stated": Case(record(carbon=carbon(emissions_unit_status="assumed")), (META,)),
    "explained": Case(
        record(carbon=carbon(), training=msgspec.structs.replace(FULL, energy_kwh=None, region=None)), (GRAMS,)
    ),
    "verifiable": Case(record(carbon=carbon(), training=FULL), (GRAMS, META)),
    UNKNOWN_LEVEL: Case(record(card_status="gated")),
}


@pytest.mark.parametrize("level", [*rubric().level_ids(), UNKNOWN_LEVEL])
def test_every_level_is_reached(level: str) -> None:
    case = LEVEL_CASES[level]
    verdict = judge(case, probe_all(case))
    assert verdict.level == level, verdict.reason
    assert verdict.reason


def test_levels_grow_with_what_is_stated() -> None:
    scores = [judge(case, probe_all(case)).score for name, case in LEVEL_CASES.items() if name != UNKNOWN_LEVEL]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0]


def test_a_gated_card_is_never_silence() -> None:
    case = Case(record(card_status="gated"))
    findings = {finding.id: finding for finding in probe_all(case)}
    assert findings["emissions-in-card"].outcome == "could-not-look"
    assert findings["hardware-stated"].outcome == "could-not-look"
    verdict = judge(case, tuple(findings.values()))
    assert verdict.level == UNKNOWN_LEVEL
    assert verdict.coverage < 0.2


def test_a_gated_card_with_metadata_is_stated() -> None:
    case = Case(record(card_status="gated", carbon=carbon(emissions_unit_status="assumed")), (META,))
    assert judge(case, probe_all(case)).level == "stated"


def test_placeholder_is_no_report_and_unreadable_is_not_absent() -> None:
    placeholder = msgspec.structs.replace(
        GRAMS, outcome="not-reported", text="[More Information Needed]", inner_value=None
    )
    odd = msgspec.structs.replace(GRAMS, outcome="unreadable", text="Carbon Emitted: yes", inner_value=None)
    outcomes = [
        {finding.id: finding.outcome for finding in probe_all(Case(record(), claims))}["emissions-in-card"]
        for claims in ((placeholder,), (odd,), ())
    ]
    assert outcomes == ["not-reported", "unreadable", "not-reported"]


def test_doubt_lowers_the_level() -> None:
    case = Case(record(carbon=carbon(emissions_flags=("implausible",)), training=FULL), (GRAMS,))
    verdict = judge(case, probe_all(case))
    assert verdict.level == "explained"
    assert "contradicts" in verdict.reason


def test_a_missing_probe_is_an_internal_error_not_a_zero() -> None:
    case = LEVEL_CASES["verifiable"]
    with pytest.raises(CheckFailedError, match="emissions-in-metadata"):
        judge(case, probe_all(case)[1:])


def test_a_failing_probe_is_our_error_and_the_others_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Case) -> Finding:
        raise ValueError("no")

    monkeypatch.setitem(PROBES, "tool-stated", Probe(broken, ()))
    findings = {finding.id: finding for finding in probe_all(LEVEL_CASES["verifiable"])}
    assert findings["tool-stated"].outcome == "our-error"
    assert findings["energy-stated"].outcome == "reported"


def test_unseen_lowers_coverage_not_score() -> None:
    seen = {probe.id: "reported" for probe in rubric().probes}
    score, coverage = score_of(seen, rubric())  # type: ignore[arg-type]
    assert (score, coverage) == (100.0, 1.0)
    half = {name: ("could-not-look" if name.startswith("e") else outcome) for name, outcome in seen.items()}
    score, coverage = score_of(half, rubric())  # type: ignore[arg-type]
    assert score == 100.0
    assert coverage < 1.0


def test_every_outcome_is_reached() -> None:
    found = {finding.outcome for case in LEVEL_CASES.values() for finding in probe_all(case)}
    assert {"reported", "not-reported", "could-not-look", "does-not-apply"} <= found


def test_crosswalk_needs_all_probes_of_an_item() -> None:
    case = LEVEL_CASES["verifiable"]
    met = {item.item: item.outcome for item in judge(case, probe_all(case)).yardsticks}
    assert met["hub-emissions"] == met["hub-hardware"] == met["fmti-energy"] == "reported"
    without = Case(record(training=msgspec.structs.replace(FULL, hardware_count=None)))
    met = {item.item: item.outcome for item in judge(without, probe_all(without)).yardsticks}
    assert met["hub-hardware"] == "not-reported"


def test_emissions_beside_an_unknown_never_become_silent() -> None:
    outcomes = {probe.id: "could-not-look" for probe in rubric().probes}
    assert level_of(outcomes)[0] == UNKNOWN_LEVEL  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("intensity", "pue", "outcome"),
    [(400.0, None, "reported"), (333.0, 1.2, "reported"), (100.0, None, "not-reported"), (None, None, "not-reported")],
)
def test_factors_that_give_the_emissions_are_a_method(intensity: float | None, pue: float | None, outcome: str) -> None:
    training = msgspec.structs.replace(FULL, tool=None, intensity_g_per_kwh=intensity, pue_ratio=pue)
    case = Case(record(carbon=carbon(), training=training), (GRAMS,))
    assert {finding.id: finding.outcome for finding in probe_all(case)}["tool-stated"] == outcome


def test_a_formula_beside_the_value_is_a_method() -> None:
    words = msgspec.structs.replace(GRAMS, text="Carbon Emitted (Power consumption x Time x Carbon produced): 1.2 kg")
    case = Case(record(carbon=carbon(), training=msgspec.structs.replace(FULL, tool=None)), (words,))
    finding = next(finding for finding in probe_all(case) if finding.id == "tool-stated")
    assert finding.outcome == "reported"
    assert finding.evidence is not None
    assert "Power consumption x Time" in finding.evidence


def test_zero_needs_no_unit() -> None:
    case = Case(record(carbon=carbon(emissions_gco2e=0.0, emissions_unit_status="assumed")), (META,))
    assert {finding.id: finding.outcome for finding in probe_all(case)}["unit-explicit"] == "reported"


def test_another_models_row_is_no_report_of_this_one() -> None:
    row = msgspec.structs.replace(GRAMS, subject="another-7b")
    alone = Case(record(), (row,))
    assert {finding.id: finding.outcome for finding in probe_all(alone)}["emissions-in-card"] == "not-reported"
    settled = Case(record(carbon=carbon()), (row,))
    assert {finding.id: finding.outcome for finding in probe_all(settled)}["emissions-in-card"] == "reported"


def test_what_raises_the_level_is_to_be_added_first() -> None:
    for level, first in (
        ("silent", "emissions-in-metadata"),
        ("stated", "unit-explicit"),
        ("explained", "energy-stated"),
    ):
        case = LEVEL_CASES[level]
        verdict = judge(case, probe_all(case))
        wanted = {
            "stated": {"unit-explicit", "scope-stated", "hardware-stated", "tool-stated"},
            "explained": {"energy-stated", "region-stated"},
        }
        assert verdict.next_steps[0] in wanted.get(level, {first})


def test_sizes_of_data_are_asked_of_the_study_only() -> None:
    named = record(datasets=("org/data",))
    outcomes = [
        {finding.id: finding.outcome for finding in probe_all(Case(named, (), data_sizes_asked=asked))}[
            "dataset-size-known"
        ]
        for asked in (False, True)
    ]
    assert outcomes == ["could-not-look", "not-reported"]
