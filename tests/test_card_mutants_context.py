"""Whose training a clause, a group of labels or a row of a table is told of: hardware, hours, energy and place."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answered

from mining.card.document.document import parse
from mining.card.document.simple_yaml import UNKNOWN, read_plain
from mining.card.extract.context_groups import speaking_groups
from mining.card.extract.context_roles import Roles, name_of, own_names
from mining.card.lexicon.gloss import Locale
from mining.card.lexicon.number_words import with_digits

OWN = own_names("Heron-7B")


@pytest.mark.parametrize(
    ("said", "device", "role", "last"),
    [
        ("The model was trained on 8 A100.", "8 A100", None, None),
        ("Mistral-7B was trained on 8 A100.", "8 A100", "other", "other"),
        ("Mistral-7B was trained on 8 A100, and ours on 4 V100.", "4 V100", None, None),
        ("The base model was trained on 8 A100; we tuned on 4 V100.", "8 A100", "other", None),
        ("The base model was trained on 8 A100; we tuned on 4 V100.", "4 V100", None, None),
        ("Other models take 8 A100.", "8 A100", "other", "other"),
        ("It needs 8 A100.", "8 A100", "need", "need"),
        ("It needs 3 hours on 8 A100.", "8 A100", None, None),  # a time is of the training
        ("Inference needs 1 T4.", "1 T4", "need", "need"),
        ("You need 1 T4 to run it.", "1 T4", "need", "use"),
        ("We would have used 8 A100.", "8 A100", "planned", "planned"),
        ("We plan to use 8 A100.", "8 A100", "planned", "planned"),
        ("It was evaluated on 8 A100 after training on 4 V100.", "8 A100", "evaluation", None),
        ("It was evaluated on 8 A100 after training on 4 V100.", "4 V100", None, None),
    ],
)
def test_the_role_of_a_clause(said: str, device: str, role: str | None, last: str | None) -> None:
    roles = Roles(said, OWN)
    assert (roles.at(said.index(device)), roles.last) == (role, last)


def test_names_of_a_card() -> None:
    assert (
        name_of(parse("---\nmodel_name: Crane-2\n---\n# Heron-7B\n\n**Stork-3** is.\n")) == "Heron-7B Crane-2 Stork-3"
    )
    assert name_of(parse("text\n")) is None
    assert own_names("Heron-7B", None, "heron") == {"heron", "7b"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- Training time: 3\n- Region: X\n", {1, 2}),
        ("- Training time: 3\n", set()),  # one is no group
        ("- Inference time: 3\n- Region: X\n", set()),
        ("- Training time: 3\n- Inference time: 3\n- Region: X\n", {1, 2, 3}),
        ("- Training time: 3\n- Inference time: 3\n- Requests: 4\n", set()),  # more of its use than of its training
        ("- Training of inference: 3\n- Region: X\n", set()),
        ("- Author: B\n- Region: X\n", set()),
        ("- Training time: 3\n\n- Region: X\n", {1, 3}),
        ("- Training time: 3\n\n\n- Region: X\n", set()),  # too far apart
        ("- Training time: 3\n# A\n- Region: X\n", set()),
        ("- Author: B\n- GPUs: 8 x A100\n", {1, 2}),
    ],
)
def test_groups_of_labels_that_speak_of_a_training(text: str, lines: set[int]) -> None:
    assert speaking_groups(parse(text), Locale(())) == lines


def context_of(body: str) -> dict[str, Any]:
    _, _, found = answered(f"# Heron-7B\n\n## Training\n\n{body}\n")
    fields = ("hardware", "hardware_count", "duration_h", "energy_kwh", "region", "provider")
    return {field: value for field in fields if (value := getattr(found, field)) is not None}


def table(head: str, *rows: str) -> str:
    return "\n".join((f"| {head} |", "|---" * (head.count("|") + 1) + "|", *(f"| {row} |" for row in rows)))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            table("Model | GPUs | Hours", "Heron-13B | 16 A100 | 60", "Heron-7B | 8 A100 | 30"),
            {"hardware": "NVIDIA A100", "hardware_count": 8, "duration_h": 30.0},
        ),
        (
            table("Stage | Hours | kWh", "Pre-training | 30 | 300", "SFT | 3 | 30"),
            {"duration_h": 33.0, "energy_kwh": 330.0},
        ),
        (
            table("Stage | Hours | kWh", "Pre-training | 30 | 300", "SFT | 3 | 30", "Total | 33 | 330"),
            {"duration_h": 33.0, "energy_kwh": 330.0},
        ),
        (
            table("Stage | Hours | kWh", "Evaluation | 3 | 30", "Training | 30 | 300"),
            {"duration_h": 30.0, "energy_kwh": 300.0},
        ),
        (table("Run | Hours | kWh", "theirs | 3 | 30", "ours | 30 | 300"), {"duration_h": 30.0, "energy_kwh": 300.0}),
        (
            "- Training time: 3 hours\n- Hardware: 8 A100\n- Region: Germany",
            {"hardware": "NVIDIA A100", "hardware_count": 8, "duration_h": 3.0, "region": "Germany"},
        ),
        ("## Inference\n\n- Inference time: 3 hours\n- Hardware: 8 A100\n- Serving region: Germany", {}),
        (
            "We trained Heron-7B on 8 A100 for 3 hours in Germany on AWS.",
            {
                "hardware": "NVIDIA A100",
                "hardware_count": 8,
                "duration_h": 3.0,
                "region": "Germany",
                "provider": "AWS",
            },
        ),
        ("Mistral-7B was trained on 8 A100 for 3 hours.", {}),
    ],
)
def test_what_a_card_says_beside_its_emissions(body: str, found: dict[str, Any]) -> None:
    assert context_of(body) == found


@pytest.mark.parametrize(
    ("language", "text", "plain"),
    [
        ("sv", "tvåtusen kilogram", "2000 kilogram"),
        ("sv", "tvåtusen trehundra kilogram", "2300 kilogram"),
        ("da", "femtusind kilogram", "5000 kilogram"),
    ],
)
def test_thousands_in_one_word(language: str, text: str, plain: str) -> None:
    assert with_digits(text, frozenset({language})).split() == plain.split()


def test_a_key_with_a_value_has_no_list_below() -> None:
    assert read_plain(["tags: x", "- a"]) is UNKNOWN
    assert read_plain(["tags:", "- a", "- b"]) == {"tags": ["a", "b"]}
    assert read_plain(["tags", "- a"]) is UNKNOWN
