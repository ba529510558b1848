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


@pytest.mark.parametrize(
    ("sentence", "region", "provider"),
    [
        ("We trained on two A40 in a small server room in Roscoff for 20 hours.", "Roscoff, France", None),
        ("Trained for 30 hours on a 3090 in a barn in Lincolnshire.", "Lincolnshire, United Kingdom", None),
        ("Trained on 8 A100 at EPCC in Edinburgh for 20 hours.", "Edinburgh, United Kingdom", "EPCC"),
        ("Trainiert im Cluster der GWDG auf 4 GPUs in Marburg.", "Marburg, Germany", "GWDG"),
        (
            "학습은 네이버클라우드 춘천 데이터센터에서 A100 8장으로 3시간 했습니다.",
            "Chuncheon, South Korea",
            "Naver Cloud",
        ),
        (
            "The job moved from our room in Warsaw to OVHcloud at Gravelines: 8 A100, 70 h.",
            "Gravelines, France",
            "OVHcloud",
        ),
    ],
)
def test_centres_and_small_towns_are_named_in_a_sentence(sentence: str, region: str, provider: str | None) -> None:
    found = context(read_card(CARD.format(sentence)).claims)
    assert (found.region, found.provider) == (region, provider)


@pytest.mark.parametrize(
    ("language", "label", "value", "region", "provider"),
    [
        ("tr", "Merkez", "TRUBA, Ankara", "Ankara, Turkey", "TRUBA"),
        ("sv", "Kluster", "NSC Berzelius, Linköping", "Linkoping, Sweden", "Berzelius (NSC)"),
        ("zh", "平台", "华为云，贵阳", "Guiyang, China", "Huawei Cloud"),
        ("ja", "計算機", "ABCI（千葉県柏市）", "Kashiwa, Japan", "ABCI (AIST)"),
        ("ru", "Город", "Казань", "Kazan, Russia", None),
        ("en", "System", "LUMI-G, CSC, Kajaani", "Kajaani, Finland", "LUMI (CSC)"),
        ("en", "Location", "Southampton, UK", "Southampton, United Kingdom", None),
    ],
)
def test_a_field_of_a_centre_gives_its_host_and_its_place(
    language: str, label: str, value: str, region: str, provider: str | None
) -> None:
    body = f"- GPU: 4 x A100\n- {label}: {value}\n- CO2e: 4 kg"
    found = context(read_card(f"---\nlanguage: {language}\n---\n\n{CARD.format(body)}").claims)
    assert (found.region, found.provider) == (region, provider)


@pytest.mark.parametrize(
    "sentence",
    [
        "We trained the model on nsc data with 4 GPUs.",  # no short name without capitals
        "The model was trained on four GPUs by a team from Halden.",
        "We trained with jade green as the colour of the plots on 4 GPUs.",
    ],
)
def test_short_names_and_small_towns_are_not_taken_from_other_words(sentence: str) -> None:
    assert place(sentence) == (None, None)


@pytest.mark.parametrize(
    ("body", "provider"),
    [
        ("Trained on a free Kaggle P100 for 4 hours.", "Kaggle"),
        ("We fine-tuned for 11 hours on one A10G rented, AWS paying the bill.", "AWS"),
        ("Training took 31 hours on 8 V100 at the Borealis Supercomputing Center.", "Borealis Supercomputing Center"),
        ("The data were collected at the Borealis Supercomputing Center.", None),
    ],
)
def test_hosts_beside_devices_and_centres_in_no_list(body: str, provider: str | None) -> None:
    reading = read_card(f"# Tern\n\n{body}\n")
    assert context(reading.claims, front_matter=reading.front_matter).provider == provider
