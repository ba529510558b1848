"""Places and providers in sentences about training, and the sentences that name a place for another reason."""

from __future__ import annotations

import pytest

from mining.card import read_card
from mining.card.extract.context import context

CARD = "# Model\n\n## Training\n\n{}\n"


def place(sentence: str) -> tuple[str | None, str | None]:
    found = context(read_card(CARD.format(sentence)).claims)
    return found.country, found.provider


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Training ran on AWS in us-west-2 with 16 GPUs and emitted 3 kg CO2eq.", ("USA", "AWS")),
        ("The model was trained on a GPU cluster in Orsay, France, 3 kg CO2eq.", ("FRA", None)),
        (
            "Fine-tuning was carried out using Azure in the region West Europe on 4 GPUs, about 3 kg CO2.",
            ("NLD", "Azure"),
        ),
    ],
)
def test_a_training_sentence_names_its_place(sentence: str, expected: tuple[str | None, str | None]) -> None:
    assert place(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The model was trained with GPUs on news collected in Germany and emitted 3 kg CO2.",
        "Inference runs on AWS in us-west-2 with one GPU.",
        "The company is based in France and trained the model on GPUs.",
        "The model was trained to recognise flags seen in France.",
    ],
)
def test_a_place_of_something_else_is_no_place_of_training(sentence: str) -> None:
    assert place(sentence) == (None, None)
