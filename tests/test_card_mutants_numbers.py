"""Numbers beside the emissions in sentences, labels and tables, and names in values: what counts and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from mining.card import read_card
from mining.card.document.document import parse
from mining.card.values.context_numbers import number_claims
from mining.card.values.context_values import exactness, read_devices, read_name, read_training_type
from mining.card.values.equations import energy_of_equation
from mining.card.values.measures import body_measures


@pytest.mark.parametrize(
    ("text", "quantity", "inner", "evidence"),
    [
        ("Each card has a TDP of 400 W.", "power", 400.0, "as a TDP of 400 W"),
        ("The 400 W TDP card.", "power", 400.0, "The 400 W"),
        ("PUE: 1.25", "pue", 1.25, "PUE: 1.25"),
        ("It was 300 g/kWh", "intensity", 300.0, "It was 300 g/kWh"),
        ("It was 0.3 kg CO2/kWh", "intensity", 300.0, "It was 0.3 kg CO2/kWh"),
        ("Training used 30 L of water.", "water", 30.0, "Training used 30 L"),
        ("Training took 3e21 FLOPs.", "flop", 3e21, "Training took 3e21 FLOPs"),
    ],
)
def test_a_sentence_states_a_number(text: str, quantity: str, inner: float, evidence: str) -> None:
    (claim,) = number_claims(parse(f"# A\n\n{text}\n"))
    assert (claim.quantity, claim.text) == (quantity, evidence)
    assert claim.inner_value == pytest.approx(inner)
    assert (claim.line, claim.section, claim.where, claim.flags) == (3, "A", "card:A:3", ("prose",))


@pytest.mark.parametrize(
    "text",
    [
        "The TDP of it is told here, and far behind that there is a lamp of 400 W.",
        "The lamp has 400 W.",
        "PUE of 3.5",  # no data centre wastes so much
        "PUE of 1.2.3",
        "The bath holds 30 L of water.",
        "Training drank 30 L.",
        "Training used 30 L/h of water.",
        "Training runs at 3e21 FLOPs/s.",
        "Training took 3e21 FLOPs per second.",
        "Training took 3e9 FLOPs.",  # of a pass
        "```\nThe TDP is 400 W\n```",
    ],
)
def test_a_sentence_states_no_number(text: str) -> None:
    assert list(number_claims(parse(f"# A\n\n{text}\n"))) == []


def test_the_ends_of_a_range_of_watts_are_kept() -> None:
    (claim,) = number_claims(parse("The TDP is 10 to 12 W.\n"))
    assert (claim.value, claim.low, claim.high, claim.unit) == (11.0, 10.0, 12.0, "W")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Energy used: 3 kWh", ("energy", 3.0, "unknown")),
        ("Energy used (kWh): 3", ("energy", 3.0, "unknown")),
        ("Energy: about 3 kWh", ("energy", 3.0, "unknown")),
        ("Energy: 0.5 kW", ("energy", 0.5, "unknown")),  # a kilowatt hour, under such a label
        ("Energy: 4 x 0.4 kW x 10 h", ("energy", 16.0, "unknown")),
        ("Energy: 4 * 0.4 kW * 10 h", ("energy", 16.0, "unknown")),
        ("GPU energy: 3 kWh", ("energy", 3.0, "component")),
        ("Power: 0.5 kW", ("power", 500.0, "unknown")),
        ("PUE: 1.2", ("pue", 1.2, "unknown")),
        ("PUE: 5", ("pue", 5.0, "unknown")),
        ("PUE: 5.1", None),
        ("PUE: 0.9", None),
        ("Carbon intensity: 300", ("intensity", 300.0, "unknown")),
        ("Carbon intensity: 1.9", ("intensity", 1900.0, "unknown")),  # nobody's grid emits two grams
        ("Carbon intensity: 2", ("intensity", 2.0, "unknown")),
        ("Carbon intensity (kg/kWh): 3", ("intensity", 3000.0, "unknown")),
        ("Carbon intensity: 3 kg", None),
        ("Energy: 3", None),
        ("Energy saved: 3 kWh", None),
        ("Energy per day: 3 kWh", None),
        ("Energy 3 kWh of: 4 kWh", None),
        ("Energy: see the 3 birds", None),
        ("Water: 3 L", ("water", 3.0, "unknown")),
        ("Water: 3", None),
    ],
)
def test_a_label_states_a_number(line: str, found: tuple[str, float, str] | None) -> None:
    claims = list(body_measures(parse(f"# A\n\n- {line}\n")))
    assert [(one.quantity, one.scope) for one in claims] == ([] if found is None else [(found[0], found[2])])
    assert [one.inner_value for one in claims] == pytest.approx([] if found is None else [found[1]])
    assert all(one.line == 3 and one.text == line and one.where == "card:A:3" for one in claims)


def test_rows_that_name_no_energy_state_one_by_its_unit() -> None:
    rows = "| what | how |\n|---|---|\n| from the socket | 3 kWh |\n| for inference | 4 kWh |\n| saved | 5 kWh |\n"
    more = "| by us | so 6 kWh |\n| by them | 7 kWh/day |\n| by it | 8 kWh of some forty and more letters in all |\n"
    claims = list(body_measures(parse(rows + more)))
    assert [(one.quantity, one.inner_value, one.line) for one in claims] == [("energy", 3.0, 3)]


def test_columns_of_watts_are_of_the_models_in_their_rows() -> None:
    text = "| model | power (W) | x |\n|---|---|---|\n| A | 300 | 1 |\n| Total | 0.7 kW | 2 |\n| B | n/a | |\n| C |\n"
    claims = list(body_measures(parse(text)))
    assert [(one.inner_value, one.subject, one.scope, one.text, one.line) for one in claims] == [
        (300.0, "A", "unknown", "300", 3),
        (700.0, "Total", "family-total", "0.7 kW", 4),
    ]
    assert list(body_measures(parse(text.replace("power (W)", "powers (W)")))) == []


@pytest.mark.parametrize(
    ("kind", "text", "name", "is_whole"),
    [
        ("region", "Paris, Texas", "Texas, United States", False),
        ("region", "Southampton, UK", "Southampton, United Kingdom", False),
        ("region", "us-east1", "us-east1", True),
        ("region", "Germany", "Germany", True),
        ("region", "europe-west4 (Netherlands)", "europe-west4", False),
        ("region", "x " * 60 + "Germany", "Germany", False),
        ("region", "x " * 85 + "Germany", None, False),  # far into a long value
        ("provider", "x " * 78 + "AWS", "AWS", False),
        ("provider", "x " * 85 + "AWS", None, False),
        ("tool", "estimated with CodeCarbon", "codecarbon", False),
        ("region", "nowhere at all", None, False),
    ],
)
def test_the_name_in_a_value(kind: str, text: str, name: str | None, is_whole: bool) -> None:
    found = read_name(kind, text)
    assert (found.name, found.whole) == (name, is_whole)


def test_a_place_is_the_more_exact_the_less_it_covers() -> None:
    order = ["us-east-1", "Paris, France", "Germany", "World"]
    assert [exactness(place) for place in order] == sorted({exactness(place) for place in order})
    assert exactness("Nowhere") == exactness("Paris, France")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pretraining", "pre-training"),
        ("from scratch", "pre-training"),
        ("fine-tuned", "fine-tuning"),
        ("pretraining and LoRA", "both"),
        ("inference", None),
    ],
)
def test_kinds_of_training(text: str, kind: str | None) -> None:
    assert read_training_type(text) == kind


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("8x A100 and 2 V100", [("NVIDIA A100", 8), ("NVIDIA V100", 2)]),
        ("g5.12xlarge, 4 GPUs", [("NVIDIA A10G", 4)]),  # those that are in it
        ("2 x g5.12xlarge", [("NVIDIA A10G", 8)]),
        ("a pelican", []),
    ],
)
def test_devices_of_a_value(text: str, devices: list[tuple[str, int]]) -> None:
    assert [(one.name, one.pieces) for one in read_devices(text, True)] == devices


def test_a_factor_begins_with_its_number() -> None:
    assert energy_of_equation("~400 W x 10 h") == (4.0, "kWh", 4.0)
    assert energy_of_equation("a 400 W x 10 h") is None


def test_a_pasted_log_names_its_devices_from_the_line_that_opens_it() -> None:
    devices = "CarbonTracker: The following components were found: GPU with device(s) NVIDIA A100.\n"
    measured = "CarbonTracker: Actual consumption for 3 epoch(s):\n\tTime:\t1:30:00\n\tEnergy:\t2.500000 kWh\n"
    measured += "\tCO2eq:\t900.500000 g\n"

    def named(text: str) -> list[Any]:
        return [one.text for one in read_card(text).claims if one.quantity == "hardware" and "log" in one.flags]

    assert named(f"# A\n\nText.\n\n```\n{devices}{measured}```\n") == ["NVIDIA A100"]
    assert named(f"# A\n\nText.\n\n{devices}\n```\n{measured}```\n") == []


def test_the_evidence_of_a_row_without_a_leading_bar_begins_with_its_label() -> None:
    card = parse("a | b\n---|---\nCO2 | 3 kg\n")
    assert [pair.evidence(card) for pair in card.labelled_values] == ["a | b", "CO2 | 3 kg"]
