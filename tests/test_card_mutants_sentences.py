"""Sentences about a training, a kind each: the amount and the context that they give, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answered, settled

from mining.card import read_card
from mining.card.extract.context_grids import find_grids
from mining.card.values.context_values import is_refusal


def answers(sentence: str, section: str = "Training") -> dict[str, Any]:
    """What a card that says nothing else answers."""
    _, emissions, found = answered(f"# Heron\n\nA model of birds.\n\n## {section}\n\n{sentence}\n")
    said = {
        "grams": emissions.emissions_gco2e,
        "hardware": found.hardware,
        "count": found.hardware_count,
        "hours": found.duration_h,
        "kwh": found.energy_kwh,
        "region": found.region,
        "provider": found.provider,
        "tool": found.tool,
        "type": found.training_type,
    }
    return {name: value for name, value in said.items() if value is not None}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "Training took 3 days on 8 A100 in Lund.",
            {"hardware": "NVIDIA A100", "count": 8, "hours": 72.0, "region": "Lund, Sweden"},
        ),
        (
            "Training ran for 36 hours on 2 nodes with 8 H100 each.",
            {"hardware": "NVIDIA H100", "count": 16, "hours": 36.0},
        ),
        (
            "We trained on 4 V100 for 12 hours and then evaluated on 1 T4 for 2 hours.",
            {"hardware": "NVIDIA V100", "count": 4, "hours": 12.0},
        ),
        ("Evaluation took 3 hours on one T4.", {}),
        ("Inference needs one T4.", {}),
        (
            "The model was trained in Oslo on one A100; annotators sat in Rome.",
            {"hardware": "NVIDIA A100", "count": 1, "region": "Oslo, Norway"},
        ),
        (
            "Trained on AWS in eu-west-1 with p4d.24xlarge for 10 hours.",
            {"hardware": "NVIDIA A100", "count": 8, "hours": 10.0, "region": "eu-west-1", "provider": "AWS"},
        ),
        ("The run used 41 kWh of electricity.", {"kwh": 41.0}),
        ("The run used 41 kWh, of which the GPUs drew 30 kWh.", {"kwh": 41.0}),
        ("Training would have used 41 kWh on V100s.", {}),
        (
            "Fine-tuning took 20 hours on one A100.",
            {"hardware": "NVIDIA A100", "count": 1, "hours": 20.0, "type": "fine-tuning"},
        ),
        (
            "It was fine-tuned from BERT on one A100 for three hours.",
            {"hardware": "NVIDIA A100", "count": 1, "hours": 3.0, "type": "fine-tuning"},
        ),
        ("The base model was trained on 512 TPU v4 for 21 days.", {}),
        (
            "We trained it from scratch on 512 TPU v4 for 21 days.",
            {"hardware": "TPU v4", "count": 512, "hours": 504.0, "type": "pre-training"},
        ),
        ("Emissions were estimated with CodeCarbon.", {"tool": "codecarbon"}),
        ("Emissions were estimated with the ML CO2 Impact calculator at 4.2 kg.", {"grams": 4200.0, "tool": "mlco2"}),
        (
            "CodeCarbon reported 4.2 kg CO2e and 10.1 kWh for training.",
            {"grams": 4200.0, "kwh": 10.1, "tool": "codecarbon"},
        ),
        ("Training lasted from 10:00 to 14:30 on one A100.", {"hardware": "NVIDIA A100", "count": 1, "hours": 4.5}),
        (
            "It took half a day on a single RTX 3090.",
            {"hardware": "NVIDIA GeForce RTX 3090", "count": 1, "hours": 12.0},
        ),
        (
            "We rented two RTX 4090 at RunPod for 9 hours.",
            {"hardware": "NVIDIA GeForce RTX 4090", "count": 2, "hours": 9.0, "provider": "RunPod"},
        ),
        (
            "The dataset has 3000 hours of speech; training took 40 hours on 4 A100.",
            {"hardware": "NVIDIA A100", "count": 4, "hours": 40.0},
        ),
        ("Training took 1,200 GPU hours on A100.", {"hardware": "NVIDIA A100", "hours": 1200.0}),
        ("We did not measure the energy.", {}),
        (
            "The university's cluster in Graz gave us 4 A40 for two weeks.",
            {"hardware": "NVIDIA A40", "count": 4, "hours": 336.0, "region": "Graz, Austria"},
        ),
        (
            "Training took 55 h. Place: Graz. Cards: 4 A40.",
            {"hardware": "NVIDIA A40", "count": 4, "hours": 55.0, "region": "Graz, Austria"},
        ),
        (
            "In all, 55 hours of training on Kaggle with two T4.",
            {"hardware": "NVIDIA T4", "count": 2, "hours": 55.0, "provider": "Kaggle"},
        ),
        (
            "Training was done on Colab with one T4 in 6 hours.",
            {"hardware": "NVIDIA T4", "count": 1, "hours": 6.0, "provider": "Google Colab"},
        ),
        (
            "Unlike Heron-1, which ran 80 hours on 8 V100, this model took 30 hours on 8 A100.",
            {"hardware": "NVIDIA A100", "count": 8, "hours": 30.0},
        ),
        ("To reproduce the training you need at least 2 A100 and 30 hours.", {}),
        ("Quantized on one A100 in 20 minutes.", {}),
        ("Training cost 300 euros on 4 A100 over 25 hours.", {"hardware": "NVIDIA A100", "count": 4, "hours": 25.0}),
        (
            "It was pretrained for 90 hours on 32 H100 in Kajaani, Finland (LUMI).",
            {
                "hardware": "NVIDIA H100",
                "count": 32,
                "hours": 90.0,
                "region": "Kajaani, Finland",
                "provider": "LUMI (CSC)",
                "type": "pre-training",
            },
        ),
        (
            "The training was stopped after 7.5 hours on one L40S.",
            {"hardware": "NVIDIA L40S", "count": 1, "hours": 7.5},
        ),
        ("Power was measured at the socket: 6.3 kWh for the whole training.", {"kwh": 6.3}),
        ("6.3 kWh at 300 g/kWh make 1.9 kg CO2e for the training.", {"grams": 1900.0, "kwh": 6.3}),
        ("PUE of the data centre is 1.2, the run used 6.3 kWh.", {"kwh": 6.3}),
    ],
)
def test_what_a_sentence_says_of_the_training(sentence: str, said: dict[str, Any]) -> None:
    assert answers(sentence) == said


@pytest.mark.parametrize(
    ("sentence", "grams", "scope"),
    [
        ("Training emitted less than we had planned: 980 g CO2e.", 980.0, None),
        ("The plan was 2 kg CO2e.", None, "planned"),
        ("Training emitted more than the plan of 2 kg: 3 kg CO2e.", 3_000.0, None),
        ("Das Training verursachte 3 kg CO2e, wobei 300 g je kWh zugrunde gelegt wurden.", 3_000.0, "training-run"),
        ("Das zugrunde liegende Modell verursachte 3 kg CO2e.", None, "other-model"),
        ("Das zugrundeliegende Modell verursachte 300 kg CO2e.", None, "other-model"),
        ("- CO2 emissions: 41 kg (41,000 g)", 41_000.0, "unknown"),
        ("- CO2 emissions: 41 kg for training, of which 3 kg evaluation", 41_000.0, None),
        ("- CO2 emissions: v1 41 kg CO2e, v2 (this repository) 2.9 kg CO2e", None, None),
        ("- CO2 emissions: 41 kg. The base model: 300 kg.", 41_000.0, None),
        ("Models like Heron emit 3 kg CO2e.", None, "other-model"),
        ("Other models, unlike Heron, emit 3 kg CO2e.", None, "other-model"),
        ("Training used 12 kWh; at 400 g CO2e per kWh that is 4.8 kg CO2e.", 4_800.0, None),
        ("Training used 12 kWh at 400 g: 4.8 kg CO2e.", 4_800.0, None),
        ("400 g × 12 kWh = 4.8 kg CO2e", 4_800.0, None),
        ("For the good of the planet: 3 kg CO2e were emitted by training.", 3_000.0, None),
        ("At most 3 kWh were used: 980 g CO2e.", 980.0, None),
    ],
)
def test_whose_an_amount_is(sentence: str, grams: float | None, scope: str | None) -> None:
    assert answers(sentence, "Environmental impact").get("grams") == grams
    claims = read_card(f"# Heron\n\n## Environmental impact\n\n{sentence}\n").claims
    assert scope is None or scope in {one.scope for one in claims if one.quantity == "emissions"}


@pytest.mark.parametrize(
    ("sentence", "countries"),
    [
        ("We used the French grid.", ["France"]),
        ("If the French grid had been used", []),
        ("Had the French grid been used, it would be less.", []),
        (
            "The carbon intensity of the Danish electricity mix is 50 g, of the Polish grid 700 g.",
            ["Denmark", "Poland"],
        ),
        ("Unlike the Polish grid, the one in use is clean.", []),
        ("We would not say. The Irish grid was used.", ["Ireland"]),
    ],
)
def test_grids_that_were_used(sentence: str, countries: list[str]) -> None:
    assert list(find_grids(sentence)) == countries


def test_a_refusal_stands_at_the_beginning_of_a_value() -> None:
    assert is_refusal("There is no record of it")
    assert not is_refusal("A " * 110 + "There is no record of it")


@pytest.mark.parametrize(("count", "read"), [("16", 16), ("1500000", None), ("0", None), ("2.5", None)])
def test_columns_of_devices_hold_counts(count: str, read: int | None) -> None:
    table = f"| Model | Number of GPUs | Hours | CO2 (kg) |\n|---|---|---|---|\n| Heron | {count} | 4 | 2 |\n"
    claims = read_card(f"# Heron\n\n## Training\n\n{table}").claims
    assert [one.count for one in claims if one.quantity == "hardware"] == [read] * (read is not None)


@pytest.mark.parametrize(
    ("value", "hours"),
    [
        ("12 hours on one A100, which was enough for us. As a yardstick, BERT took 96 hours on 64 TPU v3.", 12.0),
        ("12 hours on one A100. BERT: 96 hours.", 12.0),
        ("12 hours", 12.0),
    ],
)
def test_a_value_says_no_more_than_its_own_sentences(value: str, hours: float) -> None:
    assert answers(f"- Training time: {value}")["hours"] == hours


@pytest.mark.parametrize(
    ("sentence", "grams", "scope", "flags"),
    [
        ("Pre-training emitted 4 kg CO2e and fine-tuning 1 kg CO2e.", 5000.0, "training-run", ()),
        ("Pre-training emitted 4 kg CO2e and fine-tuning 1 kg CO2e, 5 kg CO2e in total.", 5000.0, "unknown", ()),
        ("Training emitted 4 kg CO2e, evaluation another 1 kg CO2e.", 4000.0, "training-run", ()),
        ("Training emitted between 4 and 6 kg CO2e.", 5000.0, "training-run", ("range",)),
        ("Training emitted at most 6 kg CO2e.", 6000.0, "training-run", ("upper-bound",)),
        ("Training emitted at least 6 kg CO2e.", 6000.0, "training-run", ("lower-bound",)),
        ("Training emitted about 6 kg CO2e.", 6000.0, "training-run", ("approximate",)),
        ("Training emitted 6 kg CO2e, i.e. 6,000 g CO2e.", 6000.0, "unknown", ()),
        ("Training emitted 6 kg CO2e, as much as a car emits over 40 km.", 6000.0, "training-run", ()),
        ("Training emitted 6 kg CO2e, which we offset.", 6000.0, "training-run", ()),
        ("We offset 10 kg CO2e.", None, None, ()),
        ("A request emits 0.2 g CO2e; training emitted 6 kg CO2e.", 6000.0, "training-run", ()),
        ("Serving the model emits 3 kg CO2e a day.", None, None, ()),
        ("Our laboratory emitted 40 t CO2e in 2023, training this model 6 kg CO2e of it.", 6000.0, "training-run", ()),
        ("The whole project emitted 60 kg CO2e, the final training 6 kg CO2e.", 6000.0, "training-run", ()),
        ("The hyperparameter search emitted 54 kg CO2e.", None, None, ()),
        ("The base model's training emitted 300 kg CO2e; our fine-tuning 6 kg CO2e.", 6000.0, "fine-tuning", ()),
        ("BERT's training emitted 652 kg CO2e.", None, None, ()),
        ("Training emitted 6 kg CO2e, a tenth of what BERT's training did (60 kg CO2e).", 6000.0, "training-run", ()),
        ("In Norway training emitted 6 kg CO2e; in Poland it would have been 60 kg CO2e.", 6000.0, "training-run", ()),
        ("We expect training to emit 6 kg CO2e.", None, None, ()),
        ("The budget was 10 kg CO2e; training emitted 6 kg CO2e.", 6000.0, "training-run", ()),
        ("The next version should stay below 5 kg CO2e.", None, None, ()),
        ("We saved 4 kg CO2e by training at night.", None, None, ()),
        ("Using 20 kWh at 0.3 kg/kWh, training emitted 6 kg CO2e.", 6000.0, "training-run", ()),
        ("20 kWh * 300 g/kWh = 6 kg CO2e", 6000.0, "unknown", ()),
        ("8 GPUs x 300 W x 10 h = 24 kWh, 7.2 kg CO2e.", 7200.0, "unknown", ()),
        ("Production of the hardware emitted 150 kg CO2e.", None, None, ()),
        ("The data were collected by car (30 kg CO2e).", None, None, ()),
        ("Total: 6 kg CO2e.", 6000.0, "unknown", ()),
        ("CO2eq: 6 kg", 6000.0, "unknown", ()),
        ("Carbon emitted: 6", None, None, ()),
        ("Carbon emitted (kg): 6", 6000.0, "training-run", ()),
        ("Carbon emitted: 6 kg (estimated with CodeCarbon)", 6000.0, "training-run", ()),
        ("Carbon emitted: [More Information Needed]", None, None, ("placeholder",)),
        ("Not 60 but 6 kg CO2e were emitted by training.", 6000.0, "training-run", ()),
        ("Training emitted ~~60~~ 6 kg CO2e.", 6000.0, "training-run", ()),
        ("Training emitted **6 kg** CO~2~eq.", 6000.0, "training-run", ()),
        ("Training emitted 6 kg CO<sub>2</sub>eq.", 6000.0, "training-run", ()),
        ("Training emitted 13 lbs of CO2e.", 5896.70081, "training-run", ()),
        ("Training emitted 0.006 tCO2e.", 6000.0, "training-run", ()),
        ("Training emitted 6000000 mg CO2e.", 6000.0, "training-run", ()),
        ("Training emitted 6 tons of CO2e on one T4 in 3 hours.", None, None, ()),
        ("Training emitted 6,5 kg CO2e.", 6500.0, "training-run", ()),
    ],
)
def test_amounts_with_their_scope_and_marks(
    sentence: str, grams: float | None, scope: str | None, flags: tuple[str, ...]
) -> None:
    found = settled(f"# Heron\n\nA model of birds.\n\n## Environmental impact\n\n{sentence}\n")
    got = None if found.emissions_gco2e is None else pytest.approx(found.emissions_gco2e, rel=1e-6)
    assert (got, found.emissions_scope, found.emissions_flags) == (grams, scope, flags)
