"""What a table's other rows and a sentence before a colon say is not said of the card's own model."""

from __future__ import annotations

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context, own_rows
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
    assert own_rows(claims, None) == claims
    assert own_rows(claims, 12345.0) == claims


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
