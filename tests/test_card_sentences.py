"""Wordings that stood between a number and its reading.

Abbreviations, languages, units in sentences, equal neighbours in a table.
"""

from __future__ import annotations

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context


def grams(text: str) -> float | None:
    reading = read_card(text)
    return settle(
        reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title)
    ).emissions_gco2e


def test_an_abbreviation_ends_no_sentence() -> None:
    card = "---\nco2_eq_emissions: 0.319355\n---\n# M\n\n## Impact\n\n- Carbon emission {} 0.319355 Kg\n"
    for word in ("approx.", "ca.", "est.", "is"):
        assert grams(card.format(word)) == pytest.approx(319.355), word


@pytest.mark.parametrize(
    "label",
    [
        "Ślad węglowy",
        "Koolstofvoetafdruk",
        "Hiilijalanjälki",
        "Uhlíková stopa",
        "カーボンフットプリント",
        "CO2-utsläpp",
        "Päästöt",
    ],
)
def test_labels_in_other_languages(label: str) -> None:
    assert grams(f"# M\n\n## M\n\n- **{label}:** 12.5 kg CO2eq\n") == 12_500
    assert grams(f"# M\n\n## M\n\n- **{label}:** 12.5 kg\n") == 12_500


def test_amounts_in_sentences() -> None:
    section = "# M\n\n## Environmental Impact\n\n{}\n"
    assert grams(section.format("The training run produced about 2.14 kgCO<sub>2</sub>eq.")) == pytest.approx(2140)
    assert grams(
        section.format("We estimated the total emissions at 0.58 tonnes, most of it in one week.")
    ) == pytest.approx(580_000)
    assert grams("# M\n\n## Data\n\nThe company's emissions were 25 tonnes, and it was trained on that.\n") is None


def test_equal_neighbours_in_a_table_are_two_cells() -> None:
    table = "# Zebra\n\n## Impact\n\n| Model | Hours | CO2 (kg) |\n|---|---|---|\n| Zebra | 12 | 12 |\n"
    assert grams(table) == 12_000


@pytest.mark.parametrize(("text", "hardware"), [("a Tesla P100", "NVIDIA P100"), ("one Titan RTX", "NVIDIA TITAN RTX")])
def test_hardware_without_any_other_hint(text: str, hardware: str) -> None:
    assert context(read_card(f"# M\n\nWe pre-trained the model on {text}.\n").claims).hardware == hardware
