"""What a table's other rows and a sentence before a colon say is not said of the card's own model."""

from __future__ import annotations

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context
from mining.card.extract.context_rows import own_rows
from mining.schema import Context

FAMILY = """# Zebra {size}

## Footprint

| Model | Time (GPU hours) | Power (W) | Carbon Emitted (tCO2eq) |
|---|---|---|---|
| Zebra 7B | 1000 | 300 | 3.0 |
| Zebra 70B | 9000 | 350 | 31.5 |
| Total | 10000 | | 34.5 |
"""


def judged(text: str) -> tuple[float | None, Context]:
    reading = read_card(text)
    carbon = settle(reading.claims, facts=ModelFacts(title=reading.title))
    return carbon.emissions_gco2e, context(reading.claims, emissions_gco2e=carbon.emissions_gco2e)


@pytest.mark.parametrize(
    ("size", "grams", "hours", "watts"), [("7B", 3.0e6, 1000.0, 300.0), ("70B", 31.5e6, 9000.0, 350.0)]
)
def test_hours_and_power_come_from_the_row_of_the_emissions(
    size: str, grams: float, hours: float, watts: float
) -> None:
    found, training = judged(FAMILY.format(size=size))
    assert (found, training.duration_h, training.power_w) == (grams, hours, watts)


def test_rows_stay_where_no_row_was_settled_on() -> None:
    claims = list(read_card(FAMILY.format(size="7B")).claims)
    shown = [claim for claim in claims if "row" not in claim.flags]
    assert own_rows(claims, None) == shown
    assert own_rows(claims, 12345.0) == shown


def test_a_sentence_before_a_colon_is_no_label() -> None:
    _, training = judged(
        "# Card\n\n## Impact\n\nThe run used 4,000 kWh of energy on the grid at 50 gCO2eq/kWh: 200 kg of CO2eq.\n"
    )
    assert training.energy_kwh == 4000.0
    assert training.intensity_g_per_kwh == 50.0


def test_a_mass_under_a_label_of_factors_is_no_intensity() -> None:
    found, training = judged(
        "# Card\n\n## Environmental Impact\n\n- **Carbon Emitted** *(power x time x grid intensity)*: 7.5 kg CO2 eq.\n"
    )
    assert found == 7500.0
    assert training.intensity_g_per_kwh is None


HEADS = ("## Base model footprint", "## Planned training", "## Geplantes Training", "## 计划中的训练")
"""Headings below which the row "Training" is not this model's."""


@pytest.mark.parametrize("head", HEADS)
def test_a_training_below_a_heading_of_others_or_of_plans_is_not_this_model_s(head: str) -> None:
    rows = "| Activity | CO2eq (kg) | kWh |\n|---|---|---|\n| Training | 420 | 900 |\n| Evaluation | 3 | 5 |\n"
    found, training = judged(f"# Kestrel\n\n{head}\n\n{rows}")
    assert (found, training.energy_kwh) == (None, None)
    own, training = judged(f"# Kestrel\n\n## Footprint\n\n{rows}")
    assert (own, training.energy_kwh) == (420_000, 900)


def test_a_last_row_that_is_the_sum_of_the_others_is_a_total_only_where_it_is_set_apart() -> None:
    def claims(name: str) -> list[tuple[float | None, bool]]:
        rows = f"| Part | GPUs | kg CO2eq |\n|---|---|---|\n| A | 4 | 1 |\n| B | 4 | 2 |\n| {name} | 8 | 3 |\n"
        reading = read_card(f"# Kestrel\n\n## Training\n\n{rows}")
        return [(one.inner_value, "total" in one.flags) for one in reading.claims if one.quantity == "emissions"]

    assert claims("**A-B**")[-1] == (3_000, True)
    assert claims("C")[2] == (3_000, False)


@pytest.mark.parametrize("label", ["Climate", "Klima", "Umwelt", "Footprint"])
@pytest.mark.parametrize(("title", "grams"), [("tern-small", 900_000), ("tern-large", 21_000)])
def test_a_row_of_the_climate_is_no_model_its_columns_are(label: str, title: str, grams: float) -> None:
    rows = (
        f"| | tern-small | tern-large |\n|---|---|---|\n| Layers | 24 | 36 |\n| {label} | 900 kg CO2e | 21 kg CO2e |\n"
    )
    assert judged(f"# {title}\n\n{rows}")[0] == grams
