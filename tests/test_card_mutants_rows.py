"""Rows that are marked as the published one, words that lead to a list, amounts said twice: as near as they count."""

from __future__ import annotations

from typing import Any

import pytest
from test_card_mutants_claims import read
from test_card_mutants_context import context_of, table

from mining.card.document.document import parse
from mining.card.extract.context_labels import lead_in

ROWS = table("Model | kg CO2e", "a | 3", "**b** | 4", "c | 5")
NOTE = "The row in bold is published.\n"


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        (f"{NOTE}\n{ROWS}\n", 4_000.0),
        (f"{ROWS}\n\n{NOTE}", 4_000.0),
        (f"{ROWS}\n\n\n{NOTE}", 4_000.0),
        (f"{ROWS}\n\n\n\n\n{NOTE}", None),  # too far below
        (f"{ROWS}\n", None),
        (f"{NOTE}\n{ROWS.replace('| c |', '| **c** |')}\n", None),  # two of them
        (f"{NOTE}\n{ROWS.replace('**', '')}\n", None),
    ],
)
def test_the_row_in_bold_is_chosen_where_a_text_near_it_says_so(text: str, grams: float | None) -> None:
    assert read(text)[0] == grams


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pilot study:\n- Hours: 3\n", "Pilot study:"),
        ("It is so. For comparison:\n- Hours: 3\n", "For comparison:"),
        ("It is a sentence.\n- Hours: 3\n", ""),
        ("a: b\n- Hours: 3\n", ""),
        ("# Head\n- Hours: 3\n", ""),
        ("Pilot\n# Head\n\n- Hours: 3\n", ""),
        ("Pilot\n" + "- x: 1\n" * 7 + "- Hours: 3\n", "Pilot"),
        ("Pilot\n" + "- x: 1\n" * 9 + "- Hours: 3\n", ""),
        ("x" * 100 + "\n- Hours: 3\n", "x" * 100),
        ("x" * 101 + "\n- Hours: 3\n", ""),
    ],
)
def test_words_that_lead_to_a_list(text: str, words: str) -> None:
    card = parse(text)
    assert lead_in(card, card.labelled_values[-1]) == words


@pytest.mark.parametrize(
    ("text", "grams", "flags"),
    [
        ("Training emitted about 8 kg of CO2, or 7.76 kg.", 7_760.0, ()),
        ("Training emitted about 8 kg of CO2, or 7.3 kg.", 8_000.0, ("approximate",)),  # no rounding of it
        ("Training emitted three kilos of CO2, 3.26 kg.", 3_260.0, ()),
        (f"Training emitted about 8 kg of CO2, {'as we have said ' * 9}or 7.76 kg.", 8_000.0, ("approximate",)),
        ("It emitted 8 kg. In all it emitted 7.9 kg of CO2.", 7_900.0, ()),
        ("- Stage 1: 3 kg CO2\n- Stage 2: 4 kg CO2", 7_000.0, ()),
        ("- Pre-training: 3 kg CO2\n\n- Fine-tuning: 4 kg CO2", 7_000.0, ()),
    ],
)
def test_an_amount_said_twice_or_in_parts(text: str, grams: float, flags: tuple[str, ...]) -> None:
    found, _, doubted = read(f"{text}\n")
    assert (found, doubted) == (grams, flags)


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("Cloud Provider: 4 x A100", {"hardware": "NVIDIA A100", "hardware_count": 4}),
        ("Cloud Provider: AWS, 4 x A100", {"hardware": "NVIDIA A100", "hardware_count": 4, "provider": "AWS"}),
        ("Hardware: 4 x A100, Germany", {"hardware": "NVIDIA A100", "hardware_count": 4, "region": "Germany"}),
        ("Compute Region: AWS Germany", {"region": "Germany", "provider": "AWS"}),
    ],
)
def test_several_things_in_one_field(line: str, more: dict[str, Any]) -> None:
    assert context_of(f"- Training time: 3 h\n- {line}") == {"duration_h": 3.0, **more}
