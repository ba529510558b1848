"""Sentences about training, in our own words: what is read, and what only looks like it."""

from __future__ import annotations

import pytest

from mining.card import read_card
from mining.card.extract.context import context
from mining.schema import Context

CARD = "# M\n\n## Training procedure\n\n{}\n"


def said(sentence: str) -> Context:
    return context(read_card(CARD.format(sentence)).claims)


@pytest.mark.parametrize(
    ("sentence", "provider"),
    [
        ("Trained on Nvidia Tesla P100 GPUs.", None),
        ("The training was run on an NVIDIA DGX Station with 4 V100 GPUs.", None),
        ("Trained on NVIDIA DGX Cloud with 8 A100 GPUs.", "NVIDIA DGX Cloud"),
        ("Trained on Amazon reviews using 8 V100 GPUs.", None),
        ("Trained on Google Open Images using 8 V100 GPUs.", None),
        ("We trained it on Microsoft's COCO with 4 V100 GPUs.", None),
        ("Trained using Hugging Face libraries on one T4 GPU.", None),
        ("Trained on Meta's LLaMA with 8 A100 GPUs.", None),
        ("Training ran on AWS with 4 V100 GPUs.", "AWS"),
        ("Training ran on Amazon with 4 V100 GPUs.", "AWS"),
        ("The model was trained on Google's vertex platform with 2 A100 GPUs.", "Google Cloud"),
        ("Trained on a TPU v3-8 made available via the [TPU Research Cloud](https://x.y).", "Google Cloud"),
        ("Trained on 64 A100 GPUs, provided by [Stability AI](https://s.t)", "Stability AI"),
        ("Trained using 2 A6000 GPUs on [Lambda GPU Cloud](https://s.t/gpu-cloud) for 3 hours.", "Lambda"),
    ],
)
def test_a_companys_name_is_a_place_only_where_it_means_one(sentence: str, provider: str | None) -> None:
    assert said(sentence).provider == provider


@pytest.mark.parametrize(
    ("sentence", "hardware", "count", "hours"),
    [
        ("It was trained on a single V100 GPU with recommended settings.", "NVIDIA V100", 1, None),
        ("It was trained on 4 V100 GPUs of 16GB VRAM for 3 days.", "NVIDIA V100", 4, 72),
        ("It was trained on 8 A100 GPUs and evaluated on ImageNet.", "NVIDIA A100", 8, None),
        ("It was trained on 8 A100 GPUs for 3 days, as required by the licence.", "NVIDIA A100", 8, 72),
        ("The model can be loaded on a single T4 GPU after training.", None, None, None),
        ("For inference a GPU with 16 GB VRAM is recommended; training takes longer.", None, None, None),
        ("We recommend to run the trained model on a V100 GPU.", None, None, None),
        ("A model trained on our data needs an A100 GPU.", None, None, None),
        ("It was trained on 2 NVIDIA_TESLA_A100 GPUs for 3 hours.", "NVIDIA A100", 2, 3),
        ("It was trained on 8 GPUs (V100) for 3 hours.", "NVIDIA V100", 8, 3),
        ("It was trained on a T4.", "NVIDIA T4", 1, None),
        ("It was trained on a single A40.", "NVIDIA A40", 1, None),
        ("It was trained on a P100.", "NVIDIA P100", 1, None),
        ("Training took 14 hours, with 500 tokens per second.", None, None, 14),
        ("Training took 2 hours per epoch.", None, None, None),
    ],
)
def test_words_of_use_end_a_statement_of_training(
    sentence: str, hardware: str | None, count: int | None, hours: float | None
) -> None:
    found = said(sentence)
    assert (found.hardware, found.hardware_count, found.duration_h) == (hardware, count, hours)


@pytest.mark.parametrize(
    "sentence",
    [
        "- Train set: ~250 hours.",
        "- Train subset [28 hours]",
        "It was trained on a data set, which contains around 1203 hours training, 28 hours of development.",
        "The duration of the training data is 16.8 hours.",
        "It was trained on a corpus of 1000 hours spoken Swedish.",
        "It was trained on the noisy 1200 hours [training set](https://x.y).",
        "The training corpus consists of 965 hours of read text and 4 hours of talk.",
        "With these settings the training might take 3-4 days on an average GPU.",
    ],
)
def test_hours_of_material_and_of_advice_are_no_duration(sentence: str) -> None:
    assert said(sentence).duration_h is None


@pytest.mark.parametrize(
    ("sentence", "hours"),
    [("Training on this data took 16 hours.", 16), ("Fine-tuned on the data set for 3 hours.", 3)],
)
def test_a_duration_beside_the_data_is_one(sentence: str, hours: float) -> None:
    assert said(sentence).duration_h == hours
