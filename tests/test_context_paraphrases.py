"""One-liners of many languages, devices and forms: what a sentence says of the run that made the card's own model."""

from __future__ import annotations

from typing import Any

import pytest

from mining.card import read_card
from mining.card.extract.context import context
from mining.schema import Context


def said(body: str, front: str = "") -> Context:
    """The context of a card with this body."""
    reading = read_card(f"{front}# Tern\n\n{body}\n")
    return context(reading.claims, front_matter=reading.front_matter)


SENTENCES: tuple[tuple[str, str | None, int | None, float | None], ...] = (
    ("Trainiert auf vier V100-Karten in neun Stunden.", "NVIDIA V100", 4, 9),
    ("Das Training lief auf acht A100 und dauerte zwei Tage.", "NVIDIA A100", 8, 48),
    ("L'entraînement a été fait sur huit cartes A100 pendant douze heures.", "NVIDIA A100", 8, 12),
    ("El entrenamiento usó cuatro tarjetas V100 durante seis horas.", "NVIDIA V100", 4, 6),
    ("O modelo foi treinado em duas placas A100 durante nove horas.", "NVIDIA A100", 2, 9),
    ("Il modello è stato addestrato su quattro schede V100 per dieci ore.", "NVIDIA V100", 4, 10),
    ("Het model is getraind op vier A100-kaarten gedurende acht uur.", "NVIDIA A100", 4, 8),
    ("Model był trenowany na czterech kartach A100 przez 20 godzin.", "NVIDIA A100", 4, 20),
    ("Модель обучалась на восьми картах V100 в течение 30 часов.", "NVIDIA V100", 8, 30),
    ("Модель навчали на чотирьох картах A100 протягом 12 годин.", "NVIDIA A100", 4, 12),
    ("Model 8 adet V100 üzerinde 12 saat boyunca eğitildi ve bu kadar.", "NVIDIA V100", 8, 12),
    ("Model ini dilatih dengan 4 kartu A100 selama 15 jam.", "NVIDIA A100", 4, 15),
    ("Mô hình được huấn luyện trên 8 card A100 trong 24 giờ.", "NVIDIA A100", 8, 24),
    ("模型在8张A100上训练了36小时。", "NVIDIA A100", 8, 36),
    ("A100を4枚使い、18時間学習した。", "NVIDIA A100", 4, 18),
    ("A100 GPU 4장으로 36시간 학습했다.", "NVIDIA A100", 4, 36),
    ("Modellen tränades på fyra A100-kort i tio timmar och är fri för alla.", "NVIDIA A100", 4, 10),
    ("Modellen blev trænet på fire V100-kort i ti timer.", "NVIDIA V100", 4, 10),
    ("Eredua lau A100 txartelekin entrenatu dugu, 52 ordu.", "NVIDIA A100", 4, 52),
    ("Six L40S cards needed thirteen hours.", "NVIDIA L40S", 6, 13),
    ("Trained on 4 nodes, 8 MI250X GPUs per node, for 30 hours.", "AMD Instinct MI250X", 32, 30),
    ("The cluster consists of 12 nodes of 8x A100 GPUs, used for training.", "NVIDIA A100", 96, None),
    ("We used 64 V100 GPUs from 16 nodes of 4 GPUs during 20 hours of training.", "NVIDIA V100", 64, 20),
    ("Training took 10 epochs, each taking 3 hours, on one A100.", "NVIDIA A100", 1, 30),
    ("Trained on 800 hours of speech.", None, None, None),
    ("Inference needs one A100 and takes 2 hours.", None, None, None),
    ("It would have taken 40 hours on 8 H100.", None, None, None),
)


@pytest.mark.parametrize(("sentence", "hardware", "count", "hours"), SENTENCES)
def test_a_sentence_is_read_whatever_its_language(
    sentence: str, hardware: str | None, count: int | None, hours: float | None
) -> None:
    found = said(f"## Training\n\n{sentence}")
    assert (found.hardware, found.hardware_count, found.duration_h) == (hardware, count, hours)


OTHERS = (
    "For comparison, training BERT-large took 64 TPU v3 chips and 96 hours in Iowa.",
    "Reef-GPT 175B was trained on 1,024 A100 GPUs for 34 days.",
    "The original model needed 16 V100 GPUs for 5 days on Azure.",
)


@pytest.mark.parametrize("other", OTHERS)
def test_a_sentence_about_another_model_changes_nothing(other: str) -> None:
    own = "## Training\n\nThis adapter was trained on 2 RTX 3090 GPUs for 6 hours in Norway."
    assert said(f"{own}\n\n{other}") == said(f"## Training\n\n{other}\n\n{own[13:]}") == said(own)


TYPES: tuple[tuple[str, str, str | None], ...] = (
    ("This model is a fine-tuned version of sea/base.", "", "fine-tuning"),
    ("A QLoRA fine-tune of sea/base.", "", "fine-tuning"),
    ("We trained the encoder from scratch.", "", "pre-training"),
    ("The model can be fine-tuned on your own data.", "", None),
    ("Das Modell wurde von Grund auf trainiert und ist frei.", "", "pre-training"),
    ("Ce modèle a été entraîné de zéro pour la langue.", "", "pre-training"),
    ("- **Finetuned from model:** sea/base", "", "fine-tuning"),
    ("A tagger.", "---\nbase_model: sea/base\nlibrary_name: peft\n---\n", "fine-tuning"),
    ("Weights in four bits.", "---\nbase_model: sea/base\nbase_model_relation: quantized\n---\n", None),
)


@pytest.mark.parametrize(("body", "front", "expected"), TYPES)
def test_the_training_type_is_what_the_card_says_of_its_own_model(body: str, front: str, expected: Any) -> None:
    assert said(f"## Training\n\n{body}\n\n- **Hardware Type:** A100", front).training_type == expected


PLACES: tuple[tuple[str, str | None, str | None], ...] = (
    ("Trained on 4 A100 GPUs for 12 hours in the Google Cloud europe-west4 region.", "europe-west4", "Google Cloud"),
    ("Training ran on 2 V100 GPUs in Azure's swedencentral region.", "Sweden Central", "Azure"),
    ("Trained on one of the largest GPU clusters in the world.", None, None),
    ("Trained on 8 A100 GPUs with scenes of the Microsoft Planetary Computer.", None, None),
)


@pytest.mark.parametrize(("sentence", "region", "provider"), PLACES)
def test_places_and_providers_resolve_or_stay_empty(sentence: str, region: str | None, provider: str | None) -> None:
    found = said(f"## Training\n\n{sentence}")
    assert (found.region, found.provider) == (region, provider)


@pytest.mark.parametrize("value", ["No", "Not used", "There is no record of it.", "Please ask the authors."])
def test_a_refusal_in_a_slot_is_empty(value: str) -> None:
    found = said(f"## Environmental Impact\n\n- **Cloud Provider:** {value}\n- **Compute Region:** {value}")
    assert (found.region, found.provider) == (None, None)
