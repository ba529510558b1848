"""Traps of units and scopes, as cards in our own words made from public facts; each must come out right, or warn."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.resolve.settling import RULES
from mining.schema import Settlement


def judge(text: str, model_id: str | None = None, files: dict[str, bytes] | None = None) -> Settlement:
    reading = read_card(text, files=files)
    settled = settle(
        reading.claims, model_id=model_id, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title)
    )
    assert settled.emissions_decided_by is None or settled.emissions_decided_by in RULES
    assert (settled.emissions_gco2e is None) == (settled.emissions_decided_by is None)
    return settled


class Trap(NamedTuple):
    """A card and what must come out of it."""

    name: str
    text: str
    grams: float | None
    status: str | None = None
    rule: str | None = None
    flags: tuple[str, ...] = ()


def metadata(value: str, body: str = "", extra: str = "") -> str:
    return f"---\nlicense: mit\nco2_eq_emissions:\n  emissions: {value}\n{extra}---\n# A model\n\n{body}\n"


def body(text: str) -> str:
    return f"# A model\n\n## Environmental Impact\n\n{text}\n"


META_TABLE = """# Herd 2

**Carbon Footprint** Pretraining took a cumulative 3.3M GPU hours (TDP of 350-400W).
Estimated total emissions were 539 tCO2eq, 100% of which were offset.

| |Time (GPU hours)|Power Consumption (W)|Carbon Emitted(tCO<sub>2</sub>eq)|
|---|---|---|---|
|Herd 2 7B|184320|400|31.22|
|Herd 2 13B|368640|400|62.44|
|Herd 2 70B|1720320|400|291.42|
|Total|3311616||539.00|
"""
MARKET_TABLE = """# Herd 3.1

| | GPU hours | Power Consumption (W) | Location-Based Emissions (tons CO2eq) | Market-Based Emissions (tons CO2eq) |
|---|---|---|---|---|
| Herd 3.1 8B | 1.46M | 700 | 420 | 0 |
| Herd 3.1 70B | 7.0M | 700 | 2,040 | 0 |
| Herd 3.1 405B | 30.84M | 700 | 8,930 | 0 |
| Total | 39.3M | | 11,390 | 0 |
"""
INTENSITY_TABLE = """# Open 7B

| | GPU Type | Power Consumption From GPUs | Carbon Intensity (kg CO₂e/KWh) | Carbon Emissions (tCO₂eq) |
|---|---|---|---|---|
| Open 7B Twin | MI250X | 135 MWh | 0* | 0* |
| Open 7B | A100-40GB | 104 MWh | 0.656 | 75.05 |
"""
QUESTIONS = """# Climate model card

| Question | Answer |
|---|---|
| 4. What is the power of GPU and CPU? | 0.7 kW |
| 6. What was the energy mix? | 470 gCO2eq/kWh |
| 7. How much CO2eq was emitted to train the final model? | 15.79 kg |
| 8. How much CO2eq was emitted for all experiments? | 115.15 kg |
| 9. What is the average CO2eq emission for the inference of one sample? | 0.62 mg |
"""
HTML_TABLE = """# A model

<table>
<tr><th>Model</th><th>Energy (kWh)</th><th>Emissions (kg CO<sub>2</sub>eq)</th></tr>
<tr><td>A model</td><td>4.09</td>
<td>1.99</td></tr>
</table>
"""
TWO_MODELS = """# Little Painter

## Environmental Impact

### Little Painter Estimated Emissions

- **Carbon Emitted:** 30.16 kg CO2 eq.

### Great Painter Estimated Emissions

- **Carbon Emitted:** 18013.47 kg CO2 eq.
"""
OTHERS_BLOCK = """# Dreamer

## Environmental Impact

### Base Diffuser Estimated Emissions

- **Carbon Emitted:** 11250 kg CO2 eq.

### Dreamer Estimated Emissions

Still to be determined.
"""

TRAPS = [
    Trap("metadata are grams", metadata("123.45"), 123.45, "assumed", "metadata-grams", ("assumed-unit",)),
    Trap("scalar", "---\nco2_eq_emissions: 149200\n---\n# M\n", 149_200, "assumed", "metadata-grams"),
    Trap("underscores", metadata("24_700_000"), 24_700_000),
    Trap("exponent as a string", metadata('"1.2e-05"'), 1.2e-5),
    Trap("thousands and decimals", metadata('"1,500.5 g"'), 1500.5, "stated", "metadata-states-unit"),
    Trap("kilograms as a string", metadata('"12.3 kg"'), 12_300, "stated", "metadata-states-unit"),
    Trap("tonnes", metadata("29 tons"), 29e6),
    Trap("approximate tonnes", metadata("~29 t"), 29e6, None, None, ("approximate",)),
    Trap("upper bound", metadata("<1 g"), 1, None, None, ("upper-bound",)),
    Trap("range", metadata("60-70"), 65, None, None, ("range",)),
    Trap("fraction of a gram", metadata(".6"), 0.6),
    Trap("decimal comma", metadata("0,6 kg"), 600),
    Trap(
        "list of one-key maps",
        "---\nco2_eq_emissions:\n- emissions: 1.2g CO2\n- source: CodeCarbon\n- hardware used: 12 CPU\n---\n# M\n",
        1.2,
    ),
    Trap("a value with its unit key", "---\nco2_eq_emissions:\n  value: 3.5\n  unit: kg\n---\n# M\n", 3500),
    Trap("emissions.value", "---\nco2_eq_emissions:\n  emissions:\n    value: 7.5\n  source: meter\n---\n# M\n", 7.5),
    Trap("not a number", metadata("TBD"), None),
    Trap("a bare unit", metadata("Kg"), None),
    Trap("negative", metadata("-5"), None),
    Trap("infinite", metadata(".inf"), None),
    Trap("not-a-number", metadata(".nan"), None),
    Trap("energy in the field", metadata("0.5 kWh"), None),
    Trap("intensity in the field", metadata("475 g/kWh"), None),
    Trap("zero is a claim", metadata("0"), 0, "assumed", "metadata-grams", ("zero",)),
    # equal digits, kilograms in the body
    Trap(
        "kg in the grams field",
        metadata("41.1", "- **Emissions:** 41.1 KgCO2 (Germany)"),
        41_100,
        "corrected",
        "body-repeats-number",
        ("corrected-unit",),
    ),
    Trap(
        "no colon", metadata("0.319355", "- Carbon emission 0.319355 Kg"), 319.355, "corrected", "body-repeats-number"
    ),
    Trap("right metadata", metadata("41100", "- **Emissions:** 41.1 KgCO2 (Germany)"), 41_100, "stated", "body-agrees"),
    Trap("rounded metadata", metadata("25460", "- **Emissions:** 25.4 KgCO2"), 25_460, "stated", "body-agrees"),
    Trap(
        "four decimals", metadata("0.0044712", "- CO2 Emissions (in grams): 0.0045"), 0.0044712, "stated", "body-agrees"
    ),
    Trap(
        "a body of zeros",
        metadata("0.128", "- **Carbon Emitted**: 0.000 kg of CO2", "  energy_consumed: 0.000348\n"),
        0.128,
        "stated",
        "body-agrees",
    ),
    Trap(
        "tiny grams, kilograms in the body",
        metadata("0.0002", "- **Emissions:** 0.0002 KgCO2 (Canada)"),
        0.2,
        "corrected",
    ),
    Trap(
        "the exercise card",
        metadata("83.524", "The run emitted 83.524 kg CO2eq in training."),
        83_524,
        "corrected",
        "body-repeats-number",
    ),
    # emissions over energy
    Trap(
        "energy says kilograms",
        metadata("5.6", "- **Total energy consumption:** 15.5 kWh"),
        5600,
        "corrected",
        "energy-ratio",
    ),
    Trap(
        "energy says grams", metadata("0.128", "", "  energy_consumed: 0.000348\n"), 0.128, "assumed", "metadata-grams"
    ),
    Trap("clean grid is no slip", metadata("1.6", "", "  energy_consumed: 1.0\n"), 1.6, "assumed", "metadata-grams"),
    # the wrong correction
    Trap(
        "411000 against its own body",
        metadata("411000", "- **Emissions:** 41.1 KgCO2 (Germany)\n- **Total energy consumption:** 115.69 kWh"),
        41_100,
        "contradicted",
        "body-states-unit",
        ("contradicted",),
    ),
    Trap(
        "411000 against its energy",
        metadata("411000", "- **Total energy consumption:** 115.69 kWh"),
        411_000,
        None,
        None,
        ("implausible",),
    ),
    Trap(
        "body four times the metadata",
        metadata("7540", "- **Carbon Emitted:** 30.16 kg CO2 eq."),
        30_160,
        "contradicted",
        "body-states-unit",
        ("contradicted",),
    ),
    # hardware, count, hours
    Trap(
        "a calculator's kilograms",
        metadata('"0.21 in grams of CO2"', "", '  hardware_used: "P100 for about 1.5 hours"\n'),
        210,
        "corrected",
        "hardware-bound",
        ("corrected-unit",),
    ),
    Trap(
        "a hand-written few seconds",
        metadata("0.0363", "", "  source: code carbon\n  hardware_used: 1 Tesla T4\n"),
        36.3,
        "corrected",
        "tool-prints-kilograms",
    ),
    Trap(
        "a few seconds without a tool",
        metadata("0.0334", "", "  hardware_used: Tesla P100\n"),
        0.0334,
        "assumed",
        None,
        ("implausible",),
    ),
    # bodies
    Trap("colon inside the bold", body("- **Carbon Emitted:** 11250 kg CO2 eq."), 11_250_000, "stated", "card-label"),
    Trap("colon outside", body("- **Carbon Emitted**: 5 kg"), 5000),
    Trap(
        "colon after italics",
        body(
            "- **Carbon Emitted** *(Power consumption x Time x Carbon produced based on location of power grid)*: "
            "149.2 kg eq. CO2"
        ),
        149_200,
    ),
    Trap("colon missing", body("- **Carbon Emitted** 18t CO2eq"), 18e6),
    Trap("plain", body("- Carbon emitted: 0.6 kg CO2e\n- Carbon efficiency: 0.0016 kg CO2e/kWh"), 600),
    Trap("cca.", body("- Carbon Emitted: cca. 42 kg CO2 eq."), 42_000, None, None, ("approximate",)),
    Trap("unit in the label", body("- **Carbon Emitted (kg CO2):** 0.4"), 400),
    Trap(
        "AutoTrain line",
        "# Model Trained Using AutoTrain\n\n- Problem type: Summarization\n- CO2 Emissions (in grams): 7.1012\n",
        7.1012,
        "stated",
    ),
    Trap(
        "offset does not subtract",
        body("- **Carbon Emitted:** 0.6 kgCO2eq of which 100 percent were directly offset."),
        600,
    ),
    Trap(
        "photovoltaic zero", body("- **Carbon Emissions:** **0 kgCO2eq** (solar panels)"), 0, "stated", None, ("zero",)
    ),
    Trap("YAML-like body", "# M\n\n### co2_eq_emissions:\n\n- emissions: 49.49 g\n- source: eco2AI\n", 49.49),
    Trap(
        "equation",
        "# M\n\n543 gCO2eq/kWh\n\n60-70 gCO2eq = 543 gCO2eq/kWh * 0,060 kW * 2 h\n",
        65,
        None,
        None,
        ("range",),
    ),
    Trap("no unit, no evidence", body("- **Carbon Emitted:** 8.88"), None),
    Trap(
        "no unit, an energy",
        body("- **Carbon Emitted:** 8.88\n- **Energy consumed:** 20 kWh"),
        8880,
        "assumed",
        "card-energy-ratio",
    ),
    Trap("energy in the label's place", body("- **Carbon Emitted:** 0.000618 kWh"), None),
    Trap("not so much", body("- **Carbon Emitted:** Not so much"), None),
    Trap("negligible", body("- **Carbon Emitted:** Negligible"), None),
    Trap("placeholder", body("- **Carbon Emitted:** [More Information Needed]"), None),
    Trap("forthcoming", body("**Estimated carbon emissions:** *(Forthcoming.)*"), None),
    Trap("empty label does not catch the next line", body("- **Carbon Emitted:**\n- **Hours used:** 5 kg"), None),
    Trap(
        "comment of the template",
        body("<!-- Total emissions (in grams of CO2eq) 12 -->\n- **Carbon Emitted:** N/A"),
        None,
    ),
    Trap("refusal", body("We do not estimate emissions: our power is nuclear, and 12 of 13 tools disagree."), None),
    Trap(
        "calculator without a number",
        body("Emissions can be estimated with the ML CO2 impact calculator (Lacoste et al., 2019)."),
        None,
    ),
    Trap("pounds", body("Training the model emitted 1,438 lbs of CO2."), 652_265.82806),
    Trap("kilotonnes", body("Training emitted 20.4 kt CO2e."), 20.4e9),
    Trap("per query", body("- **Inference emissions:** 1.14 g CO2e per 400 tokens"), None),
    Trap(
        "a log of energy only",
        "# M\n\n```\n[codecarbon INFO] 7.200000 kWh of electricity used since the beginning.\n```\n",
        None,
    ),
    Trap(
        "a pasted row of the meter",
        "# M\n\n```\ntimestamp,emissions,energy_consumed,duration\n2024-01-01,0.0123,0.031,60\n```\n",
        12.3,
        "stated",
        "card-log",
    ),
    # tables
    Trap("family total", META_TABLE, 539e6, "stated"),
    Trap("market-based zero", MARKET_TABLE, 11_390e6, "stated", "card-table"),
    Trap("intensity column, twin row", INTENSITY_TABLE, 75_050_000, "stated", "card-table"),
    Trap("questionnaire", QUESTIONS, 15_790, "stated"),
    Trap("HTML table", HTML_TABLE, 1990, "stated", "card-table"),
    Trap("two models in a card", TWO_MODELS, 30_160, "stated", "card-label"),
    Trap("another model's block", OTHERS_BLOCK, None),
    # decoys
    Trap(
        "names", "# carbonara-atco2-model\n\nTrained on the ATCO2 corpus, 300 g of carbonara, energy level 5.\n", None
    ),
    Trap(
        "companies",
        "# Climate classifier\n\nThe company emitted 25 million tonnes of CO2 in 2019, and cut 3 t in training.\n",
        None,
    ),
    Trap("cars", "# Car emissions\n\nPredicts emissions: a car emits 120 g CO2 per km.\n", None),
]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap(trap: Trap) -> None:
    settled = judge(trap.text)
    assert settled.emissions_gco2e == (trap.grams if trap.grams is None else pytest.approx(trap.grams, rel=1e-9))
    assert trap.status is None or settled.emissions_unit_status == trap.status
    assert trap.rule is None or settled.emissions_decided_by == trap.rule
    assert set(trap.flags) <= set(settled.emissions_flags)


def test_the_model_id_finds_its_row() -> None:
    assert judge(META_TABLE, "someone/Herd-2-13b-hf").emissions_gco2e == 62_440_000
    assert judge(MARKET_TABLE, "someone/Herd-3.1-405B").emissions_gco2e == 8_930e6


def test_a_members_card_with_only_the_total_is_flagged() -> None:
    text = (
        "# Coder 7B\n\nIn aggregate, training all 12 Coder models took 1400K GPU hours. Estimated total "
        "emissions were 228.55 tCO2eq.\n"
    )
    settled = judge(text)
    assert settled.emissions_gco2e == 228_550_000
    assert settled.emissions_scope == "family-total"
    assert "family-total" in settled.emissions_flags
    assert "family-total" not in judge(text.replace("Coder 7B", "Coder")).emissions_flags


def test_a_row_that_its_own_hours_deny_is_implausible() -> None:
    text = MARKET_TABLE.replace("| 2,040 |", "| 12.9 |")
    settled = judge(text, "someone/Herd-3.1-70B")
    assert settled.emissions_gco2e == 12_900_000
    assert "implausible" in settled.emissions_flags
    assert "implausible" not in judge(MARKET_TABLE, "someone/Herd-3.1-70B").emissions_flags


def test_a_correction_keeps_the_original() -> None:
    settled = judge(metadata("41.1", "- **Emissions:** 41.1 KgCO2"))
    assert (settled.emissions_original, settled.emissions_original_unit, settled.emissions_source) == (
        41.1,
        None,
        "metadata",
    )


def test_ranges_and_bounds_have_ends() -> None:
    settled = judge(metadata("60-70"))
    assert (settled.emissions_low_gco2e, settled.emissions_high_gco2e) == (60, 70)
    bound = judge(body("- **Carbon Emitted:** < 0.01 kg CO2eq"))
    assert (bound.emissions_gco2e, bound.emissions_low_gco2e, bound.emissions_high_gco2e) == (10, 0, 10)


def test_outcomes_tell_unreadable_from_absent() -> None:
    assert judge("# M\n").emissions_outcome == "not-reported"
    assert judge(metadata("TBD")).emissions_outcome == "not-reported"
    assert judge(metadata("Kg")).emissions_outcome == "unreadable"
    assert judge(body("- **Carbon Emitted:** Not so much")).emissions_outcome == "unreadable"
    assert judge(body("- **Carbon Emitted:** 8.88")).emissions_outcome == "unreadable"
    assert judge(body("- **Carbon Emitted:** Unknown")).emissions_outcome == "not-reported"
    assert judge(body("- **Carbon Emitted:** 5 kg")).emissions_outcome == "reported"
    assert judge(body("- **Carbon Emitted:** Unknown")).emissions_flags == ("placeholder",)
    assert judge(body("- **Carbon Emitted:** Not so much")).emissions_flags == ()


def test_the_meters_file_is_kilograms() -> None:
    one = b"timestamp,emissions,energy_consumed,duration\n2024-01-01,0.0123,0.031,60\n"
    settled = judge("# M\n", files={"emissions.csv": one})
    assert (settled.emissions_gco2e, settled.emissions_source, settled.emissions_decided_by) == (
        12.3,
        "file",
        "file-kilograms",
    )
    two = judge("# M\n", files={"emissions.csv": one + b"2024-01-02,0.02,0.05,90\n"})
    assert (two.emissions_gco2e, two.emissions_low_gco2e, two.emissions_flags) == (20.0, 12.3, ("range",))
    assert two.emissions_high_gco2e == pytest.approx(32.3)
    repeated = judge(metadata("0.0123"), files={"emissions.csv": one})
    assert (repeated.emissions_gco2e, repeated.emissions_decided_by) == (12.3, "file-repeats-number")
    assert judge("# M\n", files={"emissions.csv": b"a,b\n1,2\n"}).emissions_gco2e is None


def test_a_quantized_copy_inherits() -> None:
    text = metadata("41100").replace("license: mit", "license: mit\nbase_model_relation: quantized")
    assert "inherited" in judge(text).emissions_flags


def test_scope_follows_the_training_type() -> None:
    assert judge(metadata("5", "", "  training_type: fine-tuning\n")).emissions_scope == "fine-tuning"
    assert judge(metadata("5", "", "  training_type: pre-training\n")).emissions_scope == "pre-training"
    assert judge(metadata("5", "", "  training_type: pre-training and fine-tuning\n")).emissions_scope == "training-run"


@pytest.mark.parametrize("factor", [0.5, 3, 40])
@pytest.mark.parametrize(("unit", "grams"), [("g", 1), ("kg", 1e3), ("t", 1e6), ("lbs", 453.59237)])
def test_the_answer_follows_the_change(factor: float, unit: str, grams: float) -> None:
    for text in (
        "- **Carbon Emitted:** {} {} CO2eq",
        "Training emitted about {} {} of CO2.",
        "| Carbon Emitted | Note |\n|---|---|\n| {} {} CO2eq | x |\n",
    ):
        settled = judge(body(text.format(12.5 * factor, unit)))
        assert settled.emissions_gco2e == pytest.approx(12.5 * factor * grams)


IMPACT = "## Environmental Impact\n\n"


@pytest.mark.parametrize(
    ("text", "grams", "status", "rule"),
    [
        # half a tonne from a tenth of a kilowatt hour: the body is the one that cannot be
        (
            metadata("41.1", f"{IMPACT}- **Carbon Emitted:** 500 kg CO2eq", "  energy_consumed: 0.1\n"),
            41.1,
            "contradicted",
            "metadata-grams",
        ),
        # a twentieth of a gram from 1.5 kWh was kilograms, unless a label says otherwise and can be right
        (metadata("0.05", "", "  energy_consumed: 1.5\n"), 50, "corrected", "energy-ratio"),
        (
            metadata("0.05", f"{IMPACT}Training emitted about 0.6 kg of CO2.", "  energy_consumed: 1.5\n"),
            50,
            "corrected",
            "energy-ratio",
        ),
        (
            metadata("0.05", f"{IMPACT}- **Carbon Emitted:** 7.5", "  energy_consumed: 1.5\n"),
            50,
            "corrected",
            "energy-ratio",
        ),
        (
            metadata("0.05", f"{IMPACT}- **Carbon Emitted:** 0.6 kg CO2eq", "  energy_consumed: 1.5\n"),
            600,
            "contradicted",
            "body-states-unit",
        ),
        (
            metadata("0.05", f"{IMPACT}- **Carbon Emitted:** 3 kg CO2eq", "  energy_consumed: 1.5\n"),
            0.05,
            "contradicted",
            "metadata-grams",
        ),
    ],
)
def test_metadata_against_body_and_energy(text: str, grams: float, status: str, rule: str) -> None:
    settled = judge(text)
    assert (settled.emissions_gco2e, settled.emissions_unit_status, settled.emissions_decided_by) == pytest.approx(
        (grams, status, rule)
    )


def test_a_table_without_the_members_row_gives_the_total_of_the_family() -> None:
    prose = "Estimated total emissions were 539 tCO2eq, 100% of which were offset."
    for text in (META_TABLE, META_TABLE.replace(prose, "")):
        settled = judge(text.replace("# Herd 2\n", "# Herd 2 34B\n"))
        assert (settled.emissions_gco2e, settled.emissions_scope) == (539e6, "family-total")
        assert "family-total" in settled.emissions_flags
