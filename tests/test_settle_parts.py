"""The parts that settling is made of, each by itself.

Rounding, physical evidence, the choice among claims of a body.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.resolve.candidates import best_of_body, names_of
from mining.card.resolve.plausibility import NO_EVIDENCE, Evidence, evidence_of, is_instant, plausibility_of
from mining.card.values.rounding import agrees, half_step, same_digits
from mining.fields import ClaimFlag
from mining.schema import Claim, Quantity


def mass(text: str, value: float, unit: str | None, grams: float | None) -> Claim:
    return Claim(quantity="emissions", text=text, value=value, unit=unit, inner_value=grams, where="card::1")


@pytest.mark.parametrize(
    ("text", "value", "unit", "factor", "equal", "unequal"),
    [
        ("0.00 kg", 0.0, "kg", 1e3, 10.0, 11.0),
        ("0.00 t", 0.0, "t", 1e6, 10_000.0, 11_000.0),
        ("0.00 mg", 0.0, "mg", 1e-3, 1e-5, 2e-5),
        ("0.00 g", 0.0, "g", 1.0, 0.01, 0.02),
        ("0.00", 0.0, None, 1.0, 0.01, 0.02),
        ("2.0 kg", 2.0, "kg", 1e3, 2100.0, 2110.0),
        ("200.00 kg", 200.0, "kg", 1e3, 201_900.0, 202_100.0),
    ],
)
def test_a_rounded_writing_agrees(
    text: str, value: float, unit: str | None, factor: float, equal: float, unequal: float
) -> None:
    """Within a whole last digit (rounded or cut off), or a hundredth, whichever is more."""
    claim = mass(text, value, unit, value * factor)
    assert agrees(equal, claim)
    assert not agrees(unequal, claim)
    assert not agrees(equal, mass(text, value, unit, None))


@pytest.mark.parametrize(
    ("text", "value", "same", "other"),
    [("41.123", 41.123, 41.16, 41.17), ("2", 2.0, 2.05, 2.07), ("20", 20.0, 20.5, 20.55), ("0.50", 0.5, 0.505, 0.507)],
)
def test_the_same_digits(text: str, value: float, same: float, other: float) -> None:
    """Half of the last digit, but no less than a thousandth and no more than three hundredths."""
    assert same_digits(same, mass(text, value, None, None))
    assert not same_digits(other, mass(text, value, None, None))
    assert not same_digits(0.0, mass("0", 0.0, None, None))


def test_half_of_the_last_digit_is_that_of_the_claims_own_number() -> None:
    assert half_step(mass("3 runs, 12.50 kg", 12.5, "kg", 12_500.0)) == pytest.approx(0.005)
    assert half_step(mass("3 runs", 12.5, "kg", 12_500.0)) == 0.0


def hardware(text: str, label: str | None = None, count: int | None = None, **more: Any) -> Claim:
    return Claim(quantity="hardware", text=text, label=label, count=count, where="card::1", **more)


def number(quantity: Quantity, inner: float, text: str = "", where: str = "card::2", **more: Any) -> Claim:
    return Claim(quantity=quantity, value=inner, inner_value=inner, text=text, where=where, **more)


A100_KW = 0.4


def test_evidence_of_hardware_and_hours() -> None:
    ten = number("duration", 10.0, "10 hours")
    assert evidence_of([hardware("8 x A100", "NVIDIA A100", 8), ten]) == Evidence(
        "hardware-bound", 10 * A100_KW, 80 * A100_KW
    )
    assert evidence_of([hardware("8 x A100"), ten]) == Evidence("hardware-bound", 10 * A100_KW, 80 * A100_KW)
    unknown = evidence_of([hardware("A100", "NVIDIA A100"), ten])
    assert unknown == Evidence("hardware-bound", 10 * A100_KW, 10 * A100_KW, is_bounded=False)
    device_hours = evidence_of([hardware("8 x A100", "NVIDIA A100", 8), number("duration", 80.0, "80 GPU hours")])
    assert device_hours == Evidence("hardware-bound", 80 * A100_KW, 80 * A100_KW)
    assert evidence_of([ten]) == NO_EVIDENCE
    assert evidence_of([hardware("8 x A100", "NVIDIA A100", 8)]) == NO_EVIDENCE
    placeholder = hardware("A100", "NVIDIA A100", 8, outcome="not-reported")
    assert evidence_of([placeholder, ten]) == NO_EVIDENCE


def test_hours_may_hide_in_the_hardware() -> None:
    hidden = evidence_of([hardware("4 x A100 for 5 hours", "NVIDIA A100", 4)])
    assert hidden == Evidence("hardware-bound", 5 * A100_KW, 20 * A100_KW)
    assert evidence_of([hardware("A100 for 20 GPU hours", "NVIDIA A100")]) == Evidence(
        "hardware-bound", 20 * A100_KW, 20 * A100_KW, is_bounded=True
    )
    elsewhere = number("region", 1.0, "for 5 hours")
    assert evidence_of([elsewhere, hardware("A100", "NVIDIA A100")]) == NO_EVIDENCE


def test_the_better_statement_of_a_duration_counts() -> None:
    device = hardware("A100", "NVIDIA A100", 1)
    prose = number("duration", 3.0, "3 hours", flags=("prose",))
    label = number("duration", 7.0, "7")
    stated = number("duration", 9.0, "9", where="metadata:hours_used")
    assert evidence_of([device, prose, label]).low_kwh == pytest.approx(7 * A100_KW)
    assert evidence_of([device, prose, label, stated]).low_kwh == pytest.approx(9 * A100_KW)
    assert evidence_of([device, number("duration", 2.0, "2", scope="inference")]) == NO_EVIDENCE


def test_a_stated_power_counts_before_a_rated_one() -> None:
    device, ten = hardware("A100", "NVIDIA A100", 1), number("duration", 10.0, "10 hours")
    assert evidence_of([device, ten, number("power", 250.0)]).low_kwh == pytest.approx(2.5)
    assert evidence_of([device, ten, number("power", 2.0)]).low_kwh == pytest.approx(4.0)
    assert evidence_of([device, ten, number("power", 5000.0)]).low_kwh == pytest.approx(4.0)
    assert evidence_of([device, ten, number("intensity", 30.0)]).stated_g_per_kwh == 30.0
    assert evidence_of([hardware("a GPU"), ten]).low_kwh == pytest.approx(2.5)


def test_a_stated_energy_counts_before_hardware() -> None:
    device, ten = hardware("A100", "NVIDIA A100", 1), number("duration", 10.0, "10 hours")
    energies = [
        number("energy", 5.0, flags=("prose",)),
        number("energy", 3.0),
        number("energy", 1.0, scope="inference"),
    ]
    assert evidence_of([device, ten, *energies]) == Evidence("energy-ratio", 3.0, 3.0)
    assert evidence_of([*energies, number("energy", 4.0, where="metadata:energy")]) == Evidence(
        "energy-ratio", 4.0, 4.0
    )
    own = number("energy", 8.0, subject="Big")
    assert evidence_of([*energies, own], "Big") == Evidence("energy-ratio", 8.0, 8.0)
    assert evidence_of([*energies, own]) == Evidence("energy-ratio", 3.0, 3.0)


@pytest.mark.parametrize(
    ("grams", "evidence", "implausible", "as_kilograms"),
    [
        (1000.0, Evidence("energy-ratio", 10, 10), False, False),
        (12_000.0, Evidence("energy-ratio", 10, 10), False, False),
        (12_001.0, Evidence("energy-ratio", 10, 10), True, False),
        (4.0, Evidence("energy-ratio", 10, 10), False, True),
        (0.005, Evidence("energy-ratio", 10, 10), True, False),
        (10.0, Evidence("energy-ratio", 10, 10), False, False),
        (48_000.0, Evidence("hardware-bound", 10, 10), False, False),
        (48_001.0, Evidence("hardware-bound", 10, 10), True, False),
        (48_001.0, Evidence("hardware-bound", 10, 10, is_bounded=False), False, False),
        (20.0, Evidence("hardware-bound", 10, 10), True, False),
        (20.0, Evidence("hardware-bound", 10, 10, 2.0), False, False),
        (20.0, Evidence("hardware-bound", 10, 10, 300.0), True, False),
        (30.0, Evidence("hardware-bound", 10, 10), False, False),
        (0.0, Evidence("energy-ratio", 10, 10), False, False),
        (5.0, Evidence("energy-ratio", 0, 0), False, False),
        (5.0, NO_EVIDENCE, False, False),
    ],
)
def test_what_evidence_allows(grams: float, evidence: Evidence, implausible: bool, as_kilograms: bool) -> None:
    verdict = plausibility_of(grams, evidence)
    assert (verdict.implausible, verdict.as_kilograms) == (implausible, as_kilograms)
    spoken = evidence.rule if evidence.high_kwh > 0 and grams > 0 else None
    assert verdict.rule == spoken


def test_an_instant_is_no_training() -> None:
    device = hardware("A100", "NVIDIA A100", 1)
    least = 30 / 3600 * A100_KW * 400
    assert is_instant(least * 0.99, [device])
    assert not is_instant(least * 1.01, [device])
    assert not is_instant(least * 0.99, [hardware("Intel Xeon", "Intel Xeon")])
    assert not is_instant(0.0, [device])
    assert not is_instant(least * 0.99, [])


def said(grams: float, line: int, subject: str | None = None, *flags: ClaimFlag) -> Claim:
    return Claim(
        quantity="emissions",
        text=f"{grams} g",
        value=grams,
        unit="g",
        inner_value=grams,
        where="card::1",
        line=line,
        subject=subject,
        flags=flags,
    )


def chosen(claims: list[Claim], title: str) -> float | None:
    best = best_of_body(claims, names_of(None, title, None))
    return None if best is None else best.inner_value


def test_of_several_blocks_this_models_own_counts() -> None:
    blocks = [
        said(1.0, 1, "Alpha", "labelled"),
        said(2.0, 2, "Beta Large", "labelled"),
        said(3.0, 3, "Beta", "labelled"),
    ]
    assert chosen(blocks, "Beta Large 7B") == 2.0
    assert chosen(blocks, "Alpha") == 1.0
    assert chosen(blocks[:1], "Alpha") == 1.0
    assert chosen(blocks, "Gamma") == 1.0


def test_a_label_counts_before_a_log_and_a_sentence() -> None:
    ranked = [
        said(1.0, 1, None, "prose"),
        said(2.0, 2, None, "log"),
        said(3.0, 3, None, "labelled"),
        said(4.0, 4, None, "labelled"),
    ]
    assert [chosen(ranked[:count], "M") for count in (1, 2, 3, 4)] == [1.0, 2.0, 3.0, 3.0]
    total = said(5.0, 5, None, "labelled", "total")
    assert chosen([*ranked, total], "M") == 5.0


def test_of_a_table_the_own_row_counts_then_the_total_then_an_only_model() -> None:
    rows = [said(1.0, 1, "Alpha 7B", "table"), said(2.0, 2, "Alpha 13B", "table"), said(3.0, 3, None, "table", "total")]
    assert chosen(rows, "Alpha 13B chat") == 2.0
    assert chosen(rows, "Something else") == 3.0
    assert chosen(rows[:1], "Something else") == 1.0
    assert chosen(rows[:2], "Something else") is None


def test_a_training_counts_before_a_family_and_a_family_before_all_experiments() -> None:
    order = ("experiments", "family-total", "unknown")
    claims = [
        msgspec.structs.replace(said(float(at), at, None, "labelled"), scope=scope)
        for at, scope in enumerate(order, start=1)
    ]
    assert chosen(claims, "M") == 3.0
    assert chosen(claims[:2], "M") == 2.0
    for scope in ("training-run", "pre-training", "fine-tuning"):
        equal = msgspec.structs.replace(said(4.0, 4, None, "labelled"), scope=scope)
        assert chosen([*claims, equal], "M") == 3.0
    for scope in ("inference", "embodied", "component"):
        assert chosen([msgspec.structs.replace(claims[2], scope=scope)], "M") is None


def test_of_equals_the_first_line_counts_and_a_value_without_grams_last() -> None:
    later, earlier = said(2.0, 9, None, "labelled"), said(1.0, 4, None, "labelled")
    assert chosen([later, earlier], "M") == 1.0
    unknown = msgspec.structs.replace(said(7.0, 1, None, "labelled"), inner_value=None, unit=None)
    assert chosen([unknown, later], "M") == 2.0


@pytest.mark.parametrize(("text", "low", "high"), [("2-4 kg CO2eq", 2000, 4000), ("1.5 ± 0.5 kg CO2eq", 1000, 2000)])
def test_bounds_are_scaled_like_the_value(text: str, low: float, high: float) -> None:
    reading = read_card(f"# M\n\n## Environmental Impact\n\n- **Carbon Emitted:** {text}\n")
    settled = settle(reading.claims, facts=ModelFacts(title=reading.title))
    assert (settled.emissions_low_gco2e, settled.emissions_high_gco2e) == pytest.approx((low, high))


def test_a_plain_value_has_no_bounds() -> None:
    reading = read_card("# M\n\n## Environmental Impact\n\n- **Carbon Emitted:** 2 kg CO2eq\n")
    settled = settle(reading.claims, facts=ModelFacts(title=reading.title))
    assert (settled.emissions_low_gco2e, settled.emissions_high_gco2e) == (None, None)


def test_an_unnamed_processor_has_the_power_of_a_usual_one() -> None:
    assert evidence_of([hardware("a CPU"), number("duration", 10.0, "10 hours")]).low_kwh == pytest.approx(0.65)
