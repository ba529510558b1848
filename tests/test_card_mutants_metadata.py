"""What a front matter says of emissions, in every shape that people give it, and where the claim stands."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answered

from mining.card import read_card


def card(front: str) -> str:
    return f"---\nlanguage: en\n{front}\n---\n# Heron\n\nA model of birds.\n"


def answers(front: str) -> dict[str, Any]:
    """What is answered besides the usual: a reported amount of a training run."""
    _, settled, found = answered(card(front))
    said = {
        "grams": settled.emissions_gco2e,
        "low": settled.emissions_low_gco2e,
        "high": settled.emissions_high_gco2e,
        "scope": settled.emissions_scope,
        "status": settled.emissions_unit_status,
        "flags": settled.emissions_flags or None,
        "outcome": settled.emissions_outcome,
        "hardware": found.hardware,
        "count": found.hardware_count,
        "hours": found.duration_h,
        "kwh": found.energy_kwh,
        "region": found.region,
        "tool": found.tool,
        "type": found.training_type,
    }
    usual = {None, "reported", "training-run", "not-reported"}
    return {name: value for name, value in said.items() if value not in usual}


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("co2_eq_emissions: 12", {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions: 12.5 kg", {"grams": 12500.0, "status": "stated"}),
        ('co2_eq_emissions: "12,5 kg"', {"grams": 12500.0, "status": "stated"}),
        ("co2_eq_emissions: ~", {"outcome": "unreadable"}),
        ("co2_eq_emissions: n/a", {"flags": ("placeholder",)}),
        ("co2_eq_emissions: -3", {"outcome": "unreadable"}),
        ("co2_eq_emissions: 0", {"grams": 0.0, "status": "assumed", "flags": ("assumed-unit", "zero")}),
        ("co2_eq_emissions: .nan", {"outcome": "unreadable"}),
        ("co2_eq_emissions: true", {"outcome": "unreadable"}),
        ("co2_eq_emissions:\n  emissions: 12", {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions:\n  emissions: 12\n  unit: kg", {"grams": 12000.0, "status": "stated"}),
        (
            (
                'co2_eq_emissions:\n  emissions: "12 g"\n  source: CodeCarbon\n'
                "  training_type: fine-tuning\n  geographical_location: Oslo, Norway\n  hardware_used: 2 x A100"
            ),
            {
                "grams": 12.0,
                "scope": "fine-tuning",
                "status": "stated",
                "hardware": "NVIDIA A100",
                "count": 2,
                "region": "Oslo, Norway",
                "tool": "codecarbon",
                "type": "fine-tuning",
            },
        ),
        (
            (
                'co2_eq_emissions:\n  emissions: "12 t"\n  source: mlco2\n'
                "  training_type: pre-training\n  geographical_location: us-east1\n  hardware_used: TPU v3-8"
            ),
            {
                "grams": 12000000.0,
                "scope": "pre-training",
                "status": "stated",
                "hardware": "TPU v3-8",
                "region": "us-east1",
                "tool": "mlco2",
                "type": "pre-training",
            },
        ),
        ('co2_eq_emissions:\n  emissions: unknown\n  source: ""', {"flags": ("placeholder",)}),
        ("co2_eq_emissions:\n  value: 12", {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions:\n  emissions_kg: 12", {"grams": 12000.0, "status": "stated"}),
        (
            "co2_eq_emissions:\n  emissions: 12\n  emissions_kg: 12",
            {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",)},
        ),
        ("co2_eq_emissions:\n  emissions: 1.2e3", {"grams": 1200.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions:\n  emissions: 1,200", {"grams": 1200.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions:\n  emissions: 1.200,5", {"grams": 1200.5, "status": "assumed", "flags": ("assumed-unit",)}),
        (
            'co2_eq_emissions:\n  emissions: "around 12 g"',
            {"grams": 12.0, "status": "stated", "flags": ("approximate",)},
        ),
        (
            'co2_eq_emissions:\n  emissions: "2-3 kg"',
            {"grams": 2500.0, "low": 2000.0, "high": 3000.0, "status": "stated", "flags": ("range",)},
        ),
        ('co2_eq_emissions:\n  emissions: ">12 kg"', {"grams": 12000.0, "status": "stated", "flags": ("lower-bound",)}),
        (
            "co2_eq_emissions:\n  training:\n    emissions: 12\n  inference:\n    emissions: 3",
            {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",)},
        ),
        (
            "co2_eq_emissions:\n  emissions: 12\n  energy_consumed: 30\n  duration: 7200",
            {"grams": 12000.0, "status": "corrected", "flags": ("corrected-unit",), "kwh": 30.0},
        ),
        (
            "co2_eq_emissions:\n  emissions: 12\n  duration: 2 hours\n  hours_used: 2",
            {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",), "hours": 2.0},
        ),
        ("carbon_emissions: 12 kg", {"grams": 12000.0, "status": "stated"}),
        ("co2_emissions: 12", {"grams": 12.0, "status": "assumed", "flags": ("assumed-unit",)}),
        (
            (
                "co2_eq_emissions:\n  emissions: 12\n  on_cloud: true\n  cpu_model: Intel Xeon\n"
                "  ram_total_size: 64\n  hours_used: 3.5\n  hardware_used: 1 x NVIDIA H100"
            ),
            {
                "grams": 12.0,
                "status": "assumed",
                "flags": ("assumed-unit",),
                "hardware": "NVIDIA H100",
                "count": 1,
                "hours": 3.5,
            },
        ),
        (
            "model-index:\n- name: Heron\n  results: []\nco2_eq_emissions: 4",
            {"grams": 4.0, "status": "assumed", "flags": ("assumed-unit",)},
        ),
        ("co2_eq_emissions: 4\nco2_eq_emissions: 5", {"grams": 5.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ('"co2_eq_emissions": 4', {"grams": 4.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions: 4 # grams", {"grams": 4.0, "status": "assumed", "flags": ("assumed-unit",)}),
        ("co2_eq_emissions: 3 kg for training, 1 kg for evaluation", {"grams": 3000.0, "status": "stated"}),
    ],
)
def test_what_a_front_matter_says(front: str, said: dict[str, Any]) -> None:
    assert answers(front) == said


@pytest.mark.parametrize(
    ("front", "line", "text"),
    [
        ("co2_eq_emissions: 12", 3, "12"),
        ("co2_eq_emissions:\n  source: mlco2\n  emissions: 12 kg", 5, "12 kg"),
        ("co2_eq_emissions:\n\n  # grams\n  emissions: 12", 6, "12"),
        ("tags:\n- a\nco2_eq_emissions: 4\nlicense: mit", 5, "4"),
        ("co2_eq_emissions: 4\nco2_eq_emissions: 5", 4, "5"),
    ],
)
def test_the_claim_stands_at_its_line(front: str, line: int, text: str) -> None:
    claims = [one for one in read_card(card(front)).claims if one.quantity == "emissions"]
    assert [(one.line, one.text) for one in claims] == [(line, text)]
