"""Kinds found at a review: numbers with a word of scale inside, who reports an amount, moments, and doubtful words."""

from __future__ import annotations

import pytest

from analysis import classify_card
from mining.card.values.moments import between_moments
from mining.units import Refusal, find_quantities, parse_number


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("1万2,480 g", 12_480),
        ("3千500克", 3_500),
        ("1만 2,480g", 12_480),
        ("12 mille 480 g", 12_480),
        ("7 mil 305 g", 7_305),
        ("12 Tausend 480 g", 12_480),
        ("12 тыс. 480 г", 12_480),
        ("1 lakh 20,480 g", 120_480),
        ("1千克", 1_000),
        ("trained on 3 million. 480 g", 480),
        ("3 thousand 5,200 g", 5_200),
    ],
)
def test_a_word_of_scale_inside_a_number_is_part_of_it(text: str, grams: float) -> None:
    assert [one.inner for one in find_quantities(text)] == [grams]


def test_a_range_behind_a_word_of_scale_is_not_read() -> None:
    assert list(find_quantities("1万2,480〜3,000 g")) == []
    assert isinstance(parse_number("12 mille 480"), Refusal)


def _card(sentence: str) -> str:
    return f"# Wader\n\nA model for birds.\n\n## Environmental impact\n\n{sentence}\n"


@pytest.mark.parametrize(
    ("sentence", "grams"),
    [
        ("Zeus reported 3.2 kg CO2eq for training this model.", 3_200),
        ("Perun reports 41 g CO2eq for the run.", 41),
        ("LUMI's report gives 3.2 kg CO2eq for training this model.", 3_200),
        ("Heron's card gives 3.2 kg CO2eq for its training.", None),
        ("Heron reported 18 t of CO2eq for its training.", None),
    ],
)
def test_who_reports_is_a_meter_or_a_site_unless_it_speaks_of_its_own_training(
    sentence: str, grams: float | None
) -> None:
    assert classify_card(_card(sentence)).emissions.grams == grams


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("3 March, 00:00 to 17 March, 00:00", [336.0]),
        ("10 February, 00:00 to 10 March, 00:00", []),
        ("10 February 2023, 00:00 to 10 March, 00:00", [672.0]),
        ("10 February 2024, 00:00 to 10 March, 00:00", [696.0]),
        ("29 February, 00:00 to 2 March, 00:00", []),
    ],
)
def test_moments_over_an_end_of_february_need_a_year(text: str, hours: list[float]) -> None:
    assert [one[0] for one in between_moments(text)] == hours


@pytest.mark.parametrize(
    "sentence",
    [
        "It emitted 17.4 kg CO2eq according to CodeCarbon.",
        "What the same run would have emitted on the other sites: 212 kg CO2eq in Gdańsk.",
        "Das Training der Vorgängerversion stieß 3,1 kg CO2eq aus.",
    ],
)
def test_words_that_leave_open_whose_an_amount_is_are_never_suggested(sentence: str) -> None:
    assert classify_card(_card(sentence)).suggested_metadata is None


@pytest.mark.parametrize(
    "sentence",
    ["Training this model emitted 3.2 kg CO2eq.", "Das Training dieses Modells stieß 3,2 kg CO2-Äquivalente aus."],
)
def test_plain_words_are_suggested(sentence: str) -> None:
    block = classify_card(_card(sentence)).suggested_metadata
    assert block is not None
    assert "  emissions: 3200\n" in block
