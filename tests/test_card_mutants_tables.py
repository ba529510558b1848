"""Tables of a training: which row and column is this model's, what a unit or a total does, what is passed over."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answered


def table(*rows: str) -> str:
    cells = [row.split("|") for row in rows]
    lines = [cells[0], ["---"] * len(cells[0]), *cells[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def answers(*rows: str) -> dict[str, Any]:
    _, settled, found = answered(f"# Heron\n\nA model of birds.\n\n## Carbon footprint of training\n\n{table(*rows)}\n")
    said = {
        "grams": settled.emissions_gco2e,
        "low": settled.emissions_low_gco2e,
        "high": settled.emissions_high_gco2e,
        "flags": settled.emissions_flags or None,
        "hardware": found.hardware,
        "count": found.hardware_count,
        "hours": found.duration_h,
        "kwh": found.energy_kwh,
        "region": found.region,
        "type": found.training_type,
    }
    return {name: value for name, value in said.items() if value is not None}


HEAD = "Model|Hours|CO2 (kg)"
OWL = "Owl|8|5"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((HEAD, "Heron|4|2", OWL), {"grams": 2_000.0, "hours": 4.0}),
        ((HEAD, OWL, "Heron|4|2"), {"grams": 2_000.0, "hours": 4.0}),
        ((HEAD, "**Heron**|4|2", OWL), {"grams": 2_000.0, "hours": 4.0}),
        ((HEAD, "This model|4|2", OWL), {"grams": 2_000.0, "hours": 4.0}),
        ((HEAD, "Ours|4|2", OWL), {"grams": 2_000.0, "hours": 4.0}),
        (("Model|Hours|CO2 (g)", "Heron|4|2", OWL), {"grams": 2.0, "hours": 4.0}),
        (("Model|Hours|CO2", "Heron|4|2 kg", "Owl|8|5 t"), {"grams": 2_000.0, "hours": 4.0}),
        (
            ("Stage|Hours|CO2 (kg)", "Pre-training|4|2", "Fine-tuning|8|5", "Total|12|7"),
            {"grams": 7_000.0, "hours": 12.0, "type": "both"},
        ),
        (
            ("Stage|Hours|CO2 (kg)", "Pre-training|4|2", "Fine-tuning|8|5"),
            {"grams": 7_000.0, "hours": 12.0, "type": "both"},
        ),
        (
            ("Field|Value", "Hardware|8 x A100", "Hours|40", "CO2|12 kg", "Region|Oslo"),
            {"grams": 12_000.0, "hardware": "NVIDIA A100", "count": 8, "hours": 40.0, "region": "Oslo, Norway"},
        ),
        (("Field|Value", "CO2 (kg)|12", "Energy (kWh)|40"), {"grams": 12_000.0, "kwh": 40.0}),
        (
            ("Metric|Value|Unit", "CO2|12|kg", "Energy|40|kWh", "Duration|3|h"),
            {"grams": 12_000.0, "kwh": 40.0, "hours": 3.0},
        ),
        (("Model|gCO2/kWh|kWh|CO2 (kg)", "Heron|400|10|4"), {"grams": 4_000.0, "kwh": 10.0}),
        (("Phase|CO2 (kg)|kWh", "Training|4|10", "Inference (per 1000)|0.1|0.2"), {"grams": 4_000.0, "kwh": 10.0}),
        (
            ("Model|GPU|Number of GPUs|Hours|CO2 (kg)", "Heron|A100|8|40|12", "Owl|V100|4|20|3"),
            {"grams": 12_000.0, "hardware": "NVIDIA A100", "count": 8, "hours": 40.0},
        ),
        (("Field|Value", "CO2 (kg)|n/a", "Hours|4"), {"flags": ("placeholder",), "hours": 4.0}),
        (("Hours|CO2 (kg)|Energy (kWh)", "4|2|5"), {"grams": 2_000.0, "hours": 4.0, "kwh": 5.0}),
        (
            ("Field|Value", "CO2|2-3 kg", "Hours|4"),
            {"grams": 2_500.0, "low": 2_000.0, "high": 3_000.0, "flags": ("range",), "hours": 4.0},
        ),
        (("Model|CO2 saved (%)|Hours", "Heron|20|4"), {"hours": 4.0}),
        (("Field|Value", "CO2|2 kg", "CO2 offset|2 kg"), {"grams": 2_000.0}),
        (
            ("Part|Energy (kWh)|CO2 (kg)", "GPU|4|2", "CPU|2|1", "RAM|1|0.5", "Total|7|3.5"),
            {"grams": 3_500.0, "kwh": 7.0},
        ),
        (
            ("|Heron|Owl", "CO2 (kg)|2|5", "Hours|4|8", "GPU|A100|V100"),
            {"grams": 2_000.0, "hours": 4.0, "hardware": "NVIDIA A100"},
        ),
    ],
)
def test_what_a_table_says_of_the_training(rows: tuple[str, ...], said: dict[str, Any]) -> None:
    assert answers(*rows) == said


def test_rows_of_other_models_say_no_amount_of_this_one() -> None:
    assert "grams" not in answers(HEAD, "Wren|4|2", OWL)
    assert "grams" not in answers(HEAD, "Heron-base|4|2", "Heron-large|8|5")
    assert "grams" not in answers("Model|Hours|CO2", "Heron|4|2", OWL)
