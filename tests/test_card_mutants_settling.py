"""Which of several claims is a training's amount, in which unit, and what is doubted: settled from claims alone."""

from __future__ import annotations

from typing import Any

import pytest

from mining.card import ModelFacts, settle
from mining.card.resolve.plausibility import evidence_of, is_beyond, is_instant
from mining.schema import Claim, Settlement

FACTOR = {"g": 1.0, "kg": 1e3, "t": 1e6}


def said(value: float | None, unit: str | None = "kg", line: int = 1, **more: Any) -> Claim:
    """A claim of emissions in the body; without a unit its grams are not known."""
    inner = None if unit is None or value is None else value * FACTOR[unit]
    given = {"text": f"{value} {unit or ''}", "where": f"card::{line}", "line": line, "scope": "training-run", **more}
    return Claim(quantity="emissions", value=value, unit=unit, inner_value=inner, **given)


def in_metadata(value: float, unit: str | None = None, **more: Any) -> Claim:
    grams = value * FACTOR[unit or "g"]
    given = {"text": f"{value!r}", "where": "metadata:co2_eq_emissions", "scope": "training-run", **more}
    return Claim(quantity="emissions", value=value, unit=unit, inner_value=grams, **given)


def of(quantity: Any, inner: float | None, **more: Any) -> Claim:
    return Claim(quantity=quantity, **{"text": "", "where": "card::9", "value": inner, "inner_value": inner, **more})


LABELLED, PROSE = ("labelled",), ("prose",)


def told(settled: Settlement) -> tuple[float | None, str | None, str | None, tuple[str, ...]]:
    return (
        settled.emissions_gco2e,
        settled.emissions_decided_by,
        settled.emissions_unit_status,
        settled.emissions_flags,
    )


@pytest.mark.parametrize(
    ("claims", "grams", "rule", "status", "flags"),
    [
        ([in_metadata(5.0)], 5.0, "metadata-grams", "assumed", {"assumed-unit"}),
        ([in_metadata(5.0, "kg")], 5000.0, "metadata-states-unit", "stated", set()),
        ([in_metadata(5000.0), said(5.0)], 5000.0, "body-agrees", "stated", set()),
        ([in_metadata(5.0), said(5.0)], 5000.0, "body-repeats-number", "corrected", {"corrected-unit"}),
        ([in_metadata(5.0), said(5.0, "g")], 5.0, "body-agrees", "stated", set()),
        (
            [in_metadata(5.0), said(5.0, where="file:emissions.csv:1")],
            5000.0,
            "file-repeats-number",
            "corrected",
            {"corrected-unit"},
        ),
        (
            [in_metadata(5.0), said(7.0, flags=LABELLED)],
            7000.0,
            "body-states-unit",
            "contradicted",
            {"contradicted"},
        ),
        (
            [in_metadata(5.0), said(7.0, "g", flags=LABELLED)],
            5.0,
            "metadata-grams",
            "contradicted",
            {"assumed-unit", "contradicted"},
        ),
        (
            [in_metadata(5.0), said(7.0, flags=PROSE)],
            5.0,
            "metadata-grams",
            "contradicted",
            {"assumed-unit", "contradicted"},
        ),
        ([in_metadata(5.0), said(7.0, flags=(*PROSE, "range"))], 5.0, "metadata-grams", "assumed", {"assumed-unit"}),
        ([in_metadata(5.0), said(7.0, scope="experiments")], 5.0, "metadata-grams", "assumed", {"assumed-unit"}),
        ([in_metadata(5.0), of("energy", 10.0)], 5000.0, "energy-ratio", "corrected", {"corrected-unit"}),
        (
            [in_metadata(0.001), of("energy", 10.0)],
            0.001,
            "metadata-grams",
            "assumed",
            {"assumed-unit", "implausible"},
        ),
        ([in_metadata(0.0)], 0.0, "metadata-grams", "assumed", {"assumed-unit"}),
        ([in_metadata(0.0, "kg")], 0.0, "metadata-grams", "stated", set()),
        ([in_metadata(0.0), said(7.0, flags=LABELLED)], 7000.0, "body-states-unit", "contradicted", {"contradicted"}),
        ([in_metadata(0.0), said(7.0, flags=PROSE)], 0.0, "metadata-grams", "assumed", {"assumed-unit"}),
        ([said(7.0, flags=LABELLED)], 7000.0, "card-label", "stated", set()),
        ([said(7.0, flags=("table",))], 7000.0, "card-table", "stated", set()),
        ([said(7.0, flags=("log",))], 7000.0, "card-log", "stated", set()),
        ([said(7.0, flags=PROSE)], 7000.0, "card-prose", "stated", set()),
        ([said(7.0, flags=(*PROSE, "approximate"))], 7000.0, "card-prose", "stated", {"approximate"}),
        ([said(7.0, None), of("energy", 0.1)], 7.0, "card-energy-ratio", "assumed", {"assumed-unit"}),
        ([said(7.0, None), of("energy", 20.0)], 7000.0, "card-energy-ratio", "assumed", {"assumed-unit"}),
        ([said(7.0, where="file:emissions.csv:1")], 7000.0, "file-kilograms", "stated", set()),
        ([said(2e6, "t", flags=LABELLED)], 2e12, "card-label", "stated", {"implausible"}),
        ([in_metadata(1e-7)], 1e-7, "metadata-grams", "assumed", {"assumed-unit", "implausible"}),
    ],
)
def test_the_rule_that_decides(claims: list[Claim], grams: float, rule: str, status: str, flags: set[str]) -> None:
    found = settle(claims)
    assert found.emissions_gco2e == pytest.approx(grams)
    assert told(found)[1:3] == (rule, status)
    assert set(found.emissions_flags) == flags


@pytest.mark.parametrize(
    ("claims", "outcome", "flags"),
    [
        ([], "not-reported", ()),
        ([said(7.0, scope="inference")], "not-reported", ()),
        ([said(7.0, scope="experiments")], "unreadable", ()),
        ([said(7.0, None)], "unreadable", ()),
        ([said(7.0, flags=("prose", "unclear-subject"))], "unreadable", ()),
        ([said(None, None, outcome="unreadable")], "unreadable", ()),
        ([said(None, None, outcome="could-not-look")], "could-not-look", ()),
        ([said(None, None, outcome="not-reported", flags=("placeholder",))], "not-reported", ("placeholder",)),
        (
            [in_metadata(0.0), said(None, None, outcome="not-reported", flags=("placeholder",))],
            "not-reported",
            ("placeholder",),
        ),
        ([said(7.0, flags=("prose", "ambiguous-number"))], "unreadable", ()),
    ],
)
def test_none_is_settled_and_why(claims: list[Claim], outcome: str, flags: tuple[str, ...]) -> None:
    found = settle(claims)
    assert (found.emissions_gco2e, found.emissions_outcome, found.emissions_flags) == (None, outcome, flags)


@pytest.mark.parametrize(
    ("parameters", "relation", "value", "is_placeholder"),
    [
        (1_000_000_000, None, 1.0, True),
        (999_999_999, None, 1.0, False),
        (None, None, 1.0, False),
        (7_000_000_000, "adapter", 1.0, False),
        (7_000_000_000, "finetune", 1.0, True),
        (7_000_000_000, None, 2.0, False),
    ],
)
def test_one_gram_for_a_large_model_holds_a_place(
    parameters: int | None, relation: str | None, value: float, is_placeholder: bool
) -> None:
    facts = ModelFacts(parameters_count=parameters, base_relation=relation)
    assert ("placeholder" in settle([in_metadata(value)], facts=facts).emissions_flags) is is_placeholder


def test_bounds_of_an_amount_are_in_grams() -> None:
    found = settle([said(7.0, low=6.0, high=9.0, flags=(*PROSE, "range"))])
    assert (found.emissions_low_gco2e, found.emissions_high_gco2e) == (6000.0, 9000.0)
    below = settle([said(7.0, flags=(*PROSE, "upper-bound"))])
    assert (below.emissions_low_gco2e, below.emissions_high_gco2e) == (0.0, 7000.0)
    files = settle([said(value, where=f"file:emissions.csv:{at}") for at, value in enumerate((3.0, 1.0, 2.0), 1)])
    assert (files.emissions_low_gco2e, files.emissions_gco2e, files.emissions_high_gco2e) == (1000.0, 2000.0, 6000.0)
    assert files.emissions_flags == ("range",)


def test_a_family_total_is_said_to_be_one_beside_a_size() -> None:
    total = said(7.0, flags=("table", "total"), scope="family-total")
    for title, flagged in (("Heron-7B", True), ("Heron", False)):
        found = settle([total], facts=ModelFacts(title=title))
        assert found.emissions_scope == "family-total"
        assert ("family-total" in found.emissions_flags) is flagged
    copied = settle([said(7.0, flags=PROSE)], front_matter={"base_model_relation": "quantized"})
    assert copied.emissions_flags == ("inherited",)


AMBIGUOUS = ("labelled", "ambiguous-number")


@pytest.mark.parametrize(
    ("value", "kwh", "grams"),
    [
        (17_465.0, 20_000.0, 17_465_000.0),  # a thousandth would be less than a gram a kilowatt hour
        (17_465.0, 40.0, 17_465.0),
        (17_465.0, None, None),
        (17.465, 40.0, 17_465.0),
        (17.465, 40_000.0, 17_465_000.0),
        (17_465.0, 17_000.0, None),  # both fit
    ],
)
def test_an_ambiguous_number_is_what_the_energy_allows(value: float, kwh: float | None, grams: float | None) -> None:
    energy = [of("energy", kwh)] if kwh else []
    assert settle([said(value, flags=AMBIGUOUS), *energy]).emissions_gco2e == pytest.approx(grams)


def device(**more: Any) -> Claim:
    return Claim(quantity="hardware", **{"text": "", "where": "card::9", **more})


def test_evidence_of_what_is_said_beside_the_amount() -> None:
    hours, a100 = of("duration", 10.0), device(label="NVIDIA A100", text="A100")
    one = evidence_of([hours, a100])
    assert (one.rule, one.is_bounded, one.low_kwh == one.high_kwh) == ("hardware-bound", False, True)
    two = evidence_of([hours, device(label="NVIDIA A100", text="2 A100", count=2)])
    assert (two.is_bounded, two.high_kwh, two.low_kwh) == (True, 2 * one.low_kwh, one.low_kwh)
    assert evidence_of([hours, device(text="2 x A100")]).high_kwh == 2 * one.low_kwh
    assert evidence_of([of("duration", 10.0, text="10 GPU hours"), a100]).is_bounded
    assert evidence_of([hours, a100, of("power", 100.0)]).low_kwh == 1.0
    assert evidence_of([hours, a100, of("power", 3000.0)]).low_kwh == one.low_kwh
    assert evidence_of([hours, device(text="2 GPUs")]).high_kwh == 5.0
    assert evidence_of([hours, device(text="a bird")]).rule is None
    assert evidence_of([hours]).rule is None
    assert evidence_of([a100]).rule is None
    assert evidence_of([device(label="NVIDIA A100", text="A100 for 10 hours")]).low_kwh == one.low_kwh
    assert evidence_of([of("duration", 10.0, scope="inference"), a100]).rule is None


def test_the_energy_is_that_of_metadata_then_labels_then_sentences() -> None:
    prose = of("energy", 1.0, flags=PROSE)
    label = of("energy", 2.0, flags=LABELLED)
    whole = of("energy", 3.0, flags=LABELLED, scope="experiments")
    meta = of("energy", 4.0, where="metadata:energy")
    for claims, kwh in (([prose, label], 2.0), ([whole, label], 2.0), ([label, meta], 4.0), ([whole, prose], 3.0)):
        assert evidence_of(claims).low_kwh == kwh
    assert evidence_of([label, of("intensity", 50.0)]).stated_g_per_kwh == 50.0
    assert evidence_of([label, of("intensity", 50.0), of("intensity", 60.0)]).stated_g_per_kwh is None
    assert evidence_of([of("energy", 5.0, subject="heron"), label], "heron").low_kwh == 5.0
    assert evidence_of([of("energy", 5.0, subject="heron"), label], "crane").low_kwh == 2.0


def test_amounts_of_seconds_and_amounts_beyond_all() -> None:
    a100, cpu = device(label="NVIDIA A100", text="A100"), device(text="Intel Xeon")
    assert is_instant(0.1, [a100])
    assert not is_instant(10.0, [a100])
    assert not is_instant(0.0, [a100])
    assert not is_instant(0.1, [cpu])
    assert is_beyond(24_001.0, [of("energy", 1.0)])
    assert not is_beyond(23_999.0, [of("energy", 1.0)])
