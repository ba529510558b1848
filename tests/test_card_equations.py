"""Energy that a card works out, and what CodeCarbon's file says beside its numbers."""

from __future__ import annotations

import pytest

from mining.card import read_card
from mining.card.extract.context import context
from mining.card.values.equations import energy_of_equation

CARD = "# M\n\n## Environmental Impact\n\n- **Carbon Emitted:** 5 kg CO2eq\n- **{}**\n"


@pytest.mark.parametrize(
    ("statement", "kwh"),
    [
        ("Energy:** 400 W x 4 x 48 h x 1.2 = 92.16 kWh", 92.16),
        ("Energy consumption:** 4 × 0.4 kW × 10 h = 16 kWh", 16),
        ("Energy consumption:** 4 GPUs × 0.4 kW × 10 hours", 16),
        ("Energy consumed:** 543 × 0.060 kW × 2 h", 65.16),
        ("Energy:** 300 W · 2 days", 14.4),
        ("Energy consumption:** 250 W × 8 GPUs x 100 h x 1.1 PUE", 220),
        ("Energy used:** 12 kWh = 43.2 MJ", 12),
        ("Energy consumed:** 0.0074 kW", 0.0074),
        ("Energy:** 0.3 kW * 2 days", 14.4),
        ("Energy:** 4 * 400 W * 10 h = 16 kWh", 16),
        ("Energy:** 3 x 5", None),
        ("Energy:** 1.2 x 400 W", None),
        ("Energy:** 400 W x 2 h x 3 h", None),
    ],
)
def test_energy_that_is_worked_out(statement: str, kwh: float | None) -> None:
    found = context(read_card(CARD.format(statement)).claims).energy_kwh
    assert found == (None if kwh is None else pytest.approx(kwh))


def test_a_product_needs_one_power_and_one_duration() -> None:
    assert energy_of_equation("2 x 3") is None
    assert energy_of_equation("") is None
    assert energy_of_equation("2 kW") is None
    assert energy_of_equation("2 kW x 3 h") == pytest.approx((6.0, "kWh", 6.0))
    assert energy_of_equation("2 kW x 3 h x 9999999999 nonsense words and more") is None


HEAD = b"timestamp,duration,emissions,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,"
FILE = HEAD + b"codecarbon_version,cpu_model,gpu_count,gpu_model\n"


def test_the_meters_file_names_hardware_place_and_tool() -> None:
    row = b"2024,3600,0.5,1.2,France,FRA,ile-de-france,,,2.3.4,Intel Xeon,4,4 x NVIDIA A100-SXM4-40GB\n"
    found = context(read_card("# M", files={"emissions.csv": FILE + row}).claims)
    assert (found.hardware, found.hardware_count, found.country, found.tool) == ("NVIDIA A100", 4, "FRA", "codecarbon")
    assert (found.energy_kwh, found.duration_h, found.provider) == (1.2, 1.0, None)
    names = {
        claim.quantity: claim.label
        for claim in read_card("# M", files={"emissions.csv": FILE + row}).claims
        if claim.label
    }
    assert names == {"hardware": "NVIDIA A100", "region": "Ile-de-France, France", "tool": "codecarbon"}
    cloud = b"2024,3600,0.5,1.2,,,,aws,us-west-2,2.3.4,Intel Xeon,,None\n"
    found = context(read_card("# M", files={"emissions.csv": FILE + cloud}).claims)
    assert (found.provider, found.country) == ("AWS", "USA")
    assert found.hardware == "Intel Xeon"
