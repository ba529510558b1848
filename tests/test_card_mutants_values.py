"""Values, evidence and choices at their edges: what a bound lets in, what it keeps out, and what is weighed more."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mining.card import read_card, settle
from mining.card.document.locale import is_ambiguous, with_points
from mining.card.extract.context import context
from mining.card.extract.training_type import training_type
from mining.card.resolve.candidates import rivals
from mining.card.resolve.plausibility import Evidence, evidence_of, is_beyond, is_instant, plausibility_of
from mining.card.values.context_values import is_name, is_nothing, read_name
from mining.card.values.emission_value import read_value
from mining.schema import Claim, Context
from mining.units import NOTHING


def said(quantity: str, **more: Any) -> Claim:
    return Claim(quantity=quantity, **{"text": "", "where": "card::1", **more})  # type: ignore[arg-type]


def made(label: str, mark: str, line: int = 1) -> Claim:
    return said("training-type", label=label, flags=("prose", mark), line=line)


PRE, FINE = "pre-training", "fine-tuning"


@pytest.mark.parametrize(
    ("claims", "front", "answer"),
    [
        ([], {}, None),
        ([made(FINE, "described")], {}, None),
        ([made(FINE, "made")], {}, FINE),
        ([made(PRE, "made")], {}, PRE),
        ([made(PRE, "made", 1), made(FINE, "made", 2)], {}, PRE),
        ([made(FINE, "made", 1), made(PRE, "made", 2)], {}, FINE),
        ([made(FINE, "made", 1), made(PRE, "made", 2), made(PRE, "made", 3)], {}, PRE),
        ([made(PRE, "scratch"), made(FINE, "made")], {}, PRE),
        ([made(PRE, "scratch"), made(FINE, "cost")], {}, "both"),
        ([made(PRE, "stage"), made(FINE, "stage")], {}, "both"),
        ([made(FINE, "stage"), made(FINE, "stage")], {}, FINE),
        ([made("both", "made")], {}, "both"),
        ([made("both", "made")], {"base_model": "a/b"}, FINE),
        ([made("both", "made"), made(FINE, "made")], {"base_model": "a/b"}, FINE),
        ([made("both", "labelled")], {"base_model": "a/b"}, "both"),
        ([made("both", "labelled")], {"base_model_relation": "adapter"}, "both"),
        ([made(PRE, "labelled")], {"base_model": "a/b", "base_model_relation": "finetune"}, PRE),
        ([], {"base_model": "a/b"}, FINE),
        ([], {"base_model": ["a/b", "c/d"]}, FINE),
        ([], {"base_model": ["", None]}, None),
        ([], {"base_model": "a/b", "base_model_relation": "quantized"}, None),
        ([], {"base_model": "a/b", "tags": ["gguf"]}, None),
        ([], {"base_model": "a/b", "base_model_relation": "merge"}, None),
        ([], {"library_name": "peft"}, FINE),
        ([], {"tags": ["lora"]}, FINE),
        ([], {"tags": ["from-scratch"]}, PRE),
        ([], {"tags": "from-scratch"}, PRE),
        ([], {"tags": ["from-scratch"], "base_model": "a/b"}, FINE),
        ([], {"tags": ["from-scratch", "lora"]}, FINE),
        ([made(PRE, "made")], {"base_model": "a/b"}, PRE),
        ([made(PRE, "made"), made(FINE, "described")], {"base_model": "a/b"}, FINE),
        ([made(FINE, "made"), made(PRE, "made")], {"base_model": "a/b"}, FINE),
        ([said("training-type", label=PRE, flags=())], {}, PRE),
        ([said("training-type", label=PRE, outcome="unreadable")], {}, None),
        ([said("tool", label=PRE)], {}, None),
    ],
)
def test_training_types_add_up(claims: list[Claim], front: dict[str, Any], answer: str | None) -> None:
    assert training_type(claims, front) == answer


ENERGY = Evidence("energy-ratio", 10.0, 10.0)
GRID = Evidence("energy-ratio", 10.0, 10.0, 50.0)
BOUND = Evidence("hardware-bound", 10.0, 40.0)
COUNTED = Evidence("hardware-bound", 10.0, 40.0, None, True)
GREEN = Evidence("hardware-bound", 10.0, 40.0, 2.0, True)


@pytest.mark.parametrize(
    ("evidence", "grams", "verdict"),
    [
        (ENERGY, 10.0, "fits"),
        (ENERGY, 12_000.0, "fits"),
        (ENERGY, 12_001.0, "not"),
        (ENERGY, 9.9, "kilograms"),
        (ENERGY, 0.0099, "not"),
        (GRID, 100.0, "fits"),
        (GRID, 99.0, "not"),
        (GRID, 2_500.0, "fits"),
        (GRID, 2_501.0, "not"),
        (GRID, 9.0, "kilograms"),
        (BOUND, 9.9, "kilograms"),
        (BOUND, 10.0, "fits"),
        (BOUND, 29.9, "fits"),
        (BOUND, 192_000.0, "fits"),
        (COUNTED, 192_000.0, "fits"),
        (COUNTED, 192_001.0, "not"),
    ],
)
def test_an_amount_beside_its_evidence(evidence: Evidence, grams: float, verdict: str) -> None:
    found = plausibility_of(grams, evidence)
    assert found.rule == evidence.rule
    assert ("kilograms" if found.as_kilograms else "not" if found.implausible else "fits") == verdict


def test_a_few_grams_a_kilowatt_hour_fit_a_grid_that_is_said_to_be_so_clean() -> None:
    low = Evidence("hardware-bound", 10_000.0, 10_000.0, None, True)
    assert plausibility_of(20_000.0, low).implausible
    assert not plausibility_of(30_000.0, low).implausible
    clean = Evidence("hardware-bound", 10_000.0, 10_000.0, 2.0, True)
    assert not plausibility_of(20_000.0, clean).implausible
    dirty = Evidence("hardware-bound", 10_000.0, 10_000.0, 300.0, True)
    assert plausibility_of(20_000.0, dirty).implausible


def test_without_evidence_or_amount_nothing_is_implausible() -> None:
    for grams, evidence in ((5.0, Evidence(None, 0.0, 0.0)), (0.0, ENERGY), (-1.0, ENERGY)):
        found = plausibility_of(grams, evidence)
        assert (found.rule, found.implausible, found.as_kilograms) == (None, False, False)


DEVICE = said("hardware", label="NVIDIA A100", count=2, text="2 A100")
HOURS = said("duration", inner_value=100.0, text="100 hours")


@pytest.mark.parametrize(
    ("claims", "grams", "is_it"),
    [
        ([said("energy", inner_value=10.0)], 240_001.0, True),
        ([said("energy", inner_value=10.0)], 239_999.0, False),
        ([HOURS], 1e12, False),
        ([HOURS, said("energy", inner_value=10.0)], 1e12, False),
        ([said("hardware", label="NVIDIA A100", text="A100"), HOURS], 1e12, False),
        ([DEVICE], 1e12, False),
        ([DEVICE, HOURS], 1e9, True),
        ([DEVICE, HOURS], 1e5, False),
        ([DEVICE, HOURS, said("energy", inner_value=1e6)], 1e9, False),
        ([], 1e12, False),
    ],
)
def test_an_amount_beyond_all_that_a_card_tells_of(claims: list[Claim], grams: float, is_it: bool) -> None:
    assert is_beyond(grams, claims) is is_it


@pytest.mark.parametrize(
    ("grams", "claims", "is_it"),
    [
        (0.5, [DEVICE], True),
        (500.0, [DEVICE], False),
        (0.5, [], False),
        (0.0, [DEVICE], False),
        (0.5, [said("hardware", label=None, text="a GPU")], False),
        (0.001, [said("hardware", label="Intel Xeon", text="Xeon")], False),
    ],
)
def test_an_amount_of_a_few_seconds(grams: float, claims: list[Claim], is_it: bool) -> None:
    assert is_instant(grams, claims) is is_it


POWER = said("power", inner_value=300.0)


@pytest.mark.parametrize(
    ("claims", "low", "high", "is_bounded"),
    [
        ([DEVICE, HOURS, POWER], 30.0, 60.0, True),
        ([said("hardware", label="NVIDIA A100", text="A100"), HOURS, POWER], 30.0, 30.0, False),
        ([DEVICE, said("duration", inner_value=100.0, text="100 GPU hours"), POWER], 30.0, 30.0, True),
        ([DEVICE, HOURS, said("power", inner_value=4.0)], None, None, True),
        ([said("hardware", label=None, text="one GPU"), HOURS], 25.0, 25.0, False),
        ([DEVICE, HOURS, said("duration", inner_value=7.0, flags=("prose",)), POWER], 30.0, 60.0, True),
        ([said("hardware", label="NVIDIA A100", text="A100 for 20 hours"), POWER], 6.0, 6.0, False),
        ([DEVICE, POWER], 0.0, 0.0, False),
    ],
)
def test_evidence_of_devices_and_hours(
    claims: list[Claim], low: float | None, high: float | None, is_bounded: bool
) -> None:
    found = evidence_of(claims)
    if low is not None:
        assert (found.low_kwh, found.high_kwh) == pytest.approx((low, high))
    else:
        assert found.low_kwh > 10.0
    assert found.is_bounded is is_bounded or found.rule is None


def test_the_row_of_the_subject_is_better_evidence_than_the_card() -> None:
    claims = [
        said("energy", inner_value=10.0),
        said("energy", inner_value=99.0, subject="wren"),
        said("intensity", inner_value=50.0),
        said("intensity", inner_value=60.0, subject="wren"),
    ]
    whole, own = evidence_of(claims), evidence_of(claims, "wren")
    assert (whole.low_kwh, whole.stated_g_per_kwh) == (10.0, 50.0)
    assert (own.low_kwh, own.stated_g_per_kwh) == (99.0, 60.0)
    assert evidence_of(claims, "owl").low_kwh == 10.0
    assert evidence_of([*claims, said("intensity", inner_value=70.0)]).stated_g_per_kwh is None
    device = said("hardware", label="NVIDIA A100", count=2, text="2 A100", subject="owl")
    assert evidence_of([device, said("duration", inner_value=10.0, subject="wren"), POWER], "wren").high_kwh > 5.0


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Heron cluster", True),
        ("ab", False),
        ("H" * 80, True),
        ("H" * 81, False),
        ("A b c d e f", True),
        ("A b c d e f g", False),
        ("heron cluster", False),
        ("Cluster 3 kWh", False),
    ],
)
def test_what_may_be_a_name(text: str, is_one: bool) -> None:
    assert is_name(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("none (a server of our own)", True),
        ("No GPU used", True),
        ("[More Information Needed]", True),
        ("NVIDIA A100", False),
        ("No GPU used, but the training ran for two days on many processors of our own cluster", False),
    ],
)
def test_values_that_name_nothing(text: str, is_it: bool) -> None:
    assert is_nothing(text) is is_it


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("region", "eastus 2", None),
        ("region", "us-east1 or Iowa", "us-east1"),
        ("region", "Germany, Frankfurt", "Frankfurt, Germany"),
        ("region", "x" * 170 + " Oslo", None),
        ("provider", "AWS", "AWS"),
        ("provider", "somewhere", None),
    ],
)
def test_names_of_places_and_clouds(kind: Any, text: str, name: str | None) -> None:
    found = read_name(kind, text)
    assert found.name == name or name is None


@pytest.mark.parametrize(
    ("value", "label", "number", "unit"),
    [
        ("3 kg", "CO2", 3.0, "kg"),
        ("3", "CO2 (kg)", 3.0, "kg"),
        ("3", "CO2", 3.0, None),
        ("about 3", "CO2", 3.0, None),
        ("3 birds", "CO2", None, None),
        ("3 kWh", "CO2", None, None),
        ("3 g per kWh", "CO2", None, None),
        ("none", "CO2", None, None),
        ("2 kg first, 5 kg in total", "CO2", 5.0, "kg"),
        ("total 5 kg, 2 kg of it idle", "CO2", 5.0, "kg"),
        ("2 kg + 3 kg = 5 kg", "CO2", 5.0, "kg"),
        ("2 kg x 3 = 6 kg", "CO2", 6.0, "kg"),
        ("2 kg ~ 2000 g", "CO2", 2.0, "kg"),
        ("12 x 3 x 4 = 144", "CO2 (kg)", 144.0, "kg"),
        ("12 x 3 x 4", "CO2 (kg)", None, None),
        ("4 x 3 = 12", "CO2 (kg)", 12.0, "kg"),
        ("3 + 4 = 7", "CO2 (kg)", 7.0, "kg"),
        ("0.3 * 400 = 120", "CO2 (g)", 120.0, "g"),
        ("9 kg (4 kg of which offset)", "CO2", 9.0, "kg"),
        ("3 (estimated)", "CO2 (g)", 3.0, "g"),
        ("3, with 4 cards", "CO2 (g)", 3.0, "g"),
    ],
)
def test_amounts_in_values(value: str, label: str, number: float | None, unit: str | None) -> None:
    found = read_value(value, label)
    assert (found and found.number.value, found and found.unit) == (number, unit)


def of(card: str) -> Context:
    read = read_card(card)
    return context(read.claims, front_matter=read.front_matter)


@pytest.mark.parametrize(
    ("lines", "name", "count"),
    [
        ("- GPU: A100\n- GPUs per node: 8\n- Nodes: 4", "NVIDIA A100", 32),
        ("- GPU: A100\n- GPUs per node: 8", "NVIDIA A100", 8),
        ("- GPU: A100\n- Nodes: 4", "NVIDIA A100", None),
        ("- GPU: 2 x A100\n- Number of GPUs: 16", "NVIDIA A100", 2),
        ("- GPU: A100\n- Number of GPUs: 16", "NVIDIA A100", 16),
        ("- GPU: A100\n- Number of GPUs: 16\n- GPUs per node: 8", "NVIDIA A100", 16),
        ("- Number of GPUs: 16", None, None),
        ("- Hardware: 1 x Intel Xeon, 2 x A100", "NVIDIA A100", 2),
    ],
)
def test_devices_are_counted_by_what_is_said_beside_them(lines: str, name: str | None, count: int | None) -> None:
    found = of(f"# Heron\n\n## Training\n\n{lines}\n")
    assert (found.hardware and found.hardware.split(",")[0], found.hardware_count) == (name, count)


HEAD = "| Step | Power draw (W) | Time |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("rows", "watts"),
    [
        ("| Training | 250 | 3 h |", [250.0]),
        ("| Training | 0.25 kW | 3 h |", [250.0]),
        ("| Training | none | 3 h |", []),
        ("| Training | 250 | 3 h |\n| Total | 300 | 4 h |", [250.0, 300.0]),
    ],
)
def test_columns_of_watts(rows: str, watts: list[float]) -> None:
    claims = read_card(f"# Heron\n\n## Carbon footprint of training\n\n{HEAD}{rows}\n").claims
    assert [one.inner_value for one in claims if one.quantity == "power"] == watts


@pytest.mark.parametrize(
    ("line", "quantity", "inner"),
    [
        ("Energy consumed: 0.0074 kW", "energy", 0.0074),
        ("Energy consumed: 12 kWh", "energy", 12.0),
        ("Energy consumed: 2 MWh", "energy", 2000.0),
        ("Energy consumed (MWh): 2", "energy", 2000.0),
        ("Energy consumed: 12", "energy", None),
        ("Power (energy): 3 kW", "power", 3000.0),
        ("PUE: 1.1", "pue", 1.1),
        ("PUE: 5.1", "pue", None),
        ("PUE: 0.9", "pue", None),
        ("Carbon intensity: 0.4", "intensity", 400.0),
        ("Carbon intensity: 400", "intensity", 400.0),
        ("Carbon intensity (kg/kWh): 3", "intensity", 3000.0),
        ("Carbon intensity: 0.4 kg x 12", "intensity", None),
        ("Water consumption: 12 L", "water", 12.0),
        ("Water consumption: 12", "water", None),
        ("Energy consumed: 4 GPUs x 300 W x 10 h", "energy", 12.0),
    ],
)
def test_labelled_measures(line: str, quantity: str, inner: float | None) -> None:
    claims = read_card(f"# Heron\n\n## Carbon footprint\n\n- {line}\n- CO2 emissions: 1 kg\n").claims
    found = [one.inner_value for one in claims if one.quantity == quantity and "labelled" in one.flags]
    assert found == ([] if inner is None else [pytest.approx(inner)])


def whole(grams: float, **more: Any) -> Claim:
    return said("emissions", value=grams, unit="g", inner_value=grams, **{"scope": "training-run", **more})


def test_rivals_are_other_amounts_of_the_same_training() -> None:
    chosen = whole(100.0)
    others = [whole(300.0, line=2), whole(101.0, line=3), whole(300.0, line=4, subject="owl")]
    others += [whole(300.0, line=5, scope="component"), whole(300.0, line=6, flags=("table",))]
    assert [one.line for one in rivals(chosen, [chosen, *others])] in ([2], [2, 3])
    assert rivals(whole(100.0, scope="component"), [chosen, *others]) == []


def two_ways(value: float, factor: float, energy: float | None) -> float | None:
    """What is answered of an amount that another locale reads otherwise, beside an energy."""
    amount = said("emissions", value=value, unit="kg", inner_value=value * factor, text="x", line=1, where="card::1")
    marked = msgspec.structs.replace(amount, flags=("labelled", "ambiguous-number"))
    beside = [] if energy is None else [said("energy", value=energy, unit="kWh", inner_value=energy, line=2)]
    return settle([marked, *beside]).emissions_gco2e


@pytest.mark.parametrize(
    ("value", "energy", "grams"),
    [
        (17_465.0, None, None),  # nothing says which
        (17_465.0, 40_000.0, 17_465_000.0),
        (17_465.0, 40.0, 17_465.0),
        (17.465, 40.0, 17_465.0),
        (17.465, 40_000.0, 17_465_000.0),
        (17.465, 0.04, None),  # a thousandth of it is not what any locale reads
        (17_465.0, 40_000_000.0, None),
        (17_465.0, 1.0, None),
    ],
)
def test_an_amount_that_can_be_read_two_ways_follows_the_energy(
    value: float, energy: float | None, grams: float | None
) -> None:
    assert two_ways(value, 1000.0, energy) == grams


@pytest.mark.parametrize(
    ("written", "is_it"),
    [
        ("17,465", True),
        ("1.234", True),
        ("0.465", False),
        ("1234.567", False),
        ("17.46", False),
        ("1,234.5", False),
        ("1.234.567", False),
        ("12", False),
    ],
)
def test_numbers_that_two_locales_read_otherwise(written: str, is_it: bool) -> None:
    assert is_ambiguous(written) is is_it


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1.234,5 kg", "1234.5 kg"),
        ("0,50 kg", "0.50 kg"),
        ("1.234 kg", "1234 kg"),
        ("17,400 kg", "17.4 kg"),
        ("17,000 kg", "17 kg"),
        ("1,234,567 kg", "1,234,567 kg"),
        ("0.5 kg", "0.5 kg"),
        ("12.3.2024", "12.3.2024"),
    ],
)
def test_numbers_of_a_comma_locale_in_the_notation_of_programs(written: str, plain: str) -> None:
    found = with_points(written)
    assert len(found) == len(written)
    assert found.replace(NOTHING, "") == plain
