"""Other wordings of one statement.

A count glued to a device, durations of several parts, units with glyphs, labels abroad.
"""

from __future__ import annotations

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context
from mining.schema import Context

FIELDS = (
    "# Zebra\n\n## Environmental Impact\n\n- **Hardware Type:** {hardware}\n- **Hours used:** {hours}\n- "
    "**Carbon Emitted:** 3 kg\n"
)
PROSE = "# Zebra\n\n## Training\n\nThe model was trained on {} using our pipeline. Emissions: 3 kg CO2.\n"
MAPPING = "---\nco2_eq_emissions:\n  emissions: 5\n  hours_used: {}\n---\n# Zebra\n"


def judged(text: str) -> tuple[float | None, Context]:
    reading = read_card(text)
    carbon = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
    return carbon.emissions_gco2e, context(reading.claims, front_matter=reading.front_matter)


@pytest.mark.parametrize(
    ("written", "name", "count"),
    [
        ("4xRTX 3090", "NVIDIA GeForce RTX 3090", 4),
        ("8xNVIDIA A100", "NVIDIA A100", 8),
        ("2xRTX 4060 Laptop GPU", "NVIDIA GeForce RTX 4060 Laptop GPU", 2),
        ("Google TPU v3-8", "TPU v3-8", None),
        ("2 Google Cloud TPU v5e", "TPU v5e", 2),
        ("3090", "NVIDIA GeForce RTX 3090", None),
        ("B300", "NVIDIA B300", None),
    ],
)
def test_devices_of_a_field(written: str, name: str, count: int | None) -> None:
    _, training = judged(FIELDS.format(hardware=written, hours="5"))
    assert (training.hardware, training.hardware_count) == (name, count)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a single T4 for 90 hours", "NVIDIA T4"),
        ("16 Google TPU v3 for 3 days", "TPU v3"),
        ("960 hours of speech", None),
    ],
)
def test_a_short_name_beside_a_duration_is_a_device(written: str, name: str | None) -> None:
    assert judged(PROSE.format(written))[1].hardware == name


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        *(
            ("2 days and 5 hours", 53.0),
            ("5h 30m", 5.5),
            ("half an hour", 0.5),
            ("two days", 48.0),
            ("05:30:00", 5.5),
            ("12", 12.0),
        ),
        *(
            ("12 hours per GPU", 12.0),
            ("12 node hours", 12.0),
            ("12 wall-clock hours", 12.0),
            ("12 часов", 12.0),
            ("12시간", 12.0),
        ),
    ],
)
def test_durations_of_fields_and_metadata(written: str, hours: float) -> None:
    assert judged(FIELDS.format(hardware="A100", hours=written))[1].duration_h == pytest.approx(hours)
    assert judged(MAPPING.format(f'"{written}"'))[1].duration_h == pytest.approx(hours)


@pytest.mark.parametrize("written", ["12 hours per GPU", "90 min", "12 hr"])
def test_durations_of_sentences(written: str) -> None:
    hours = 1.5 if "min" in written else 12.0
    assert (
        judged(f"# Zebra\n\n## Training\n\nThe model was trained for {written} on 8 A100 GPUs.\n")[1].duration_h
        == hours
    )


@pytest.mark.parametrize("unit", ["kgCO₂eq", "kgCO<sub>2</sub>eq", "kgCO$_2$eq", "kg CO₂e", "kgCO$_{2}$"])
def test_units_of_the_metadata_with_other_twos(unit: str) -> None:
    assert judged(f'---\nco2_eq_emissions: "1.25 {unit}"\n---\n# Zebra\n')[0] == 1250.0
    assert judged(f'---\nco2_eq_emissions: "1.25{unit}"\n---\n# Zebra\n')[0] == 1250.0


@pytest.mark.parametrize("label", ["碳足迹", "Impronta di carbonio", "Petjada de carboni"])
def test_labels_abroad(label: str) -> None:
    assert judged(f"# Zebra\n\n- **{label}:** 12.5 kg\n")[0] == 12500.0


def test_the_dashboard_of_a_cloud_is_not_the_tool_of_nearly_the_same_name() -> None:
    card = "# Zebra\n\n## Environmental Impact\n\nEmissions were measured with {}.\n\n- **Carbon Emitted:** 3 kg\n"
    assert judged(card.format("Google Cloud Carbon Footprint"))[1].tool == "google-cloud"
    assert judged(card.format("Cloud Carbon Footprint"))[1].tool == "cloud-carbon-footprint"


@pytest.mark.parametrize(
    ("metadata", "body", "grams"),
    [
        ("0.1", "0.1 t CO2eq", 1e5),
        ("0.01", "0.01 tonnes CO2e", 1e4),
        ("0.001", "0.001 lbs of CO2", 0.45359237),
        ("1", "1 kg", 1e3),
    ],
)
def test_few_digits_are_no_excuse_for_a_unit(metadata: str, body: str, grams: float) -> None:
    """A last digit as coarse as the number itself leaves room for rounding, not for a thousandth."""
    text = f"---\nco2_eq_emissions: {metadata}\n---\n# Zebra\n\n- **Carbon Emitted:** {body}\n"
    reading = read_card(text)
    settled = settle(reading.claims, front_matter=reading.front_matter)
    assert settled.emissions_gco2e == pytest.approx(grams)
    assert "corrected-unit" in settled.emissions_flags


@pytest.mark.parametrize("grams", ["0.128", "0.9", "0.4"])
def test_a_body_rounded_or_cut_to_zero_kilograms_still_agrees(grams: str) -> None:
    reading = read_card(f"---\nco2_eq_emissions: {grams}\n---\n# Zebra\n\n- **Carbon Emitted**: 0.000 kg of CO2\n")
    settled = settle(reading.claims, front_matter=reading.front_matter)
    assert (settled.emissions_gco2e, settled.emissions_unit_status) == (float(grams), "stated")


def test_what_goes_into_the_atmosphere_was_emitted() -> None:
    assert judged("# Zebra\n\n## Training\n\nTraining released 3 kg of CO2 into the atmosphere.\n")[0] == 3000.0
