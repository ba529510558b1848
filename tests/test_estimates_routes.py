"""Routes by size and data.

What a card states of tokens, parameters and epochs, what is refused, and how little a regression says.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from msgspec.structs import replace

from analysis import classify_card, estimate_card
from analysis.estimates.contract import Estimate
from analysis.estimates.from_card import estimate_of
from analysis.estimates.statistical import statistical_of
from analysis.estimates.training_data import training_data
from analysis.estimates.wording import in_words
from benchmarks import statistical_route
from mining.schema import ModelRecord

HARDWARE = "# A model\n\n- **Hardware Type:** 64 x A100 SXM4 80GB\n"
TUNED = "---\nbase_model: org/base-7b-hf\nbase_model_relation: {relation}\n---\n" + HARDWARE


def inputs_of(answer: Estimate) -> dict[str, tuple[float | str, bool]]:
    return {one.what: (one.value, one.assumed) for one in answer.inputs}


@pytest.mark.parametrize(
    ("sentence", "tokens"),
    [
        ("It was pretrained on 1.5T tokens with a context of 4096 tokens and batches of 4M tokens.", [1.5e12]),
        ("The final training corpus consists of about 1,8B tokens.", [1.8e9]),
        ("Trained for 300 billion tokens over 572,300 steps.", [3e11]),
        ("- **Training tokens:** 1.4T", [1.4e12]),
        ("| | |\n|---|---|\n| Training tokens | 2 trillion |", [2e12]),
        ("Trained at 8,000,000 tokens per second.", []),
        ("Its vocabulary of 250,000 tokens was trained on Wikipedia.", []),
        ("Trained on 5.9 million unique tokens.", []),
        ("The base model was trained on 15T tokens.", []),
        ("Trained with sequences of up to 131,072 tokens.", []),
        ("```\ntrained on 3B tokens\n```", []),
    ],
)
def test_only_training_data_are_tokens(sentence: str, tokens: list[float]) -> None:
    assert [one.value for one in training_data(f"# A model\n\n{sentence}\n").tokens] == pytest.approx(tokens)


def test_size_and_tokens_of_a_card_are_six_flop_each_with_their_places() -> None:
    answer = estimate_card(HARDWARE + "\nThe model has 7 billion parameters.\n\nIt was trained for 300B tokens.\n")
    assert answer.route == "size-and-tokens"
    assert answer.is_order_of_magnitude
    found = {one.what: one for one in answer.inputs}
    assert found["flop"].value == pytest.approx(6 * 7e9 * 3e11)
    assert (found["parameters"].where, found["tokens"].where) == ("card:A model:5", "card:A model:7")
    assert not any(found[name].assumed for name in ("parameters", "tokens", "count", "hardware"))


def test_a_corpus_is_multiplied_by_its_epochs_and_a_large_one_is_taken_as_passed_once() -> None:
    size = HARDWARE + "\nThe model has 7B parameters and was trained on a corpus of {data}.\n"
    often, once = (estimate_card(size.format(data=data)) for data in ("20B tokens for 4 epochs", "2T tokens"))
    assert inputs_of(often)["flop"][0] == pytest.approx(6 * 7e9 * 2e10 * 4)
    assert inputs_of(once)["epochs"] == (1.0, True)
    assert estimate_card(size.format(data="20B tokens")).route is None


@pytest.mark.parametrize(("relation", "factor"), [("finetune", 6), ("adapter", 4)])
def test_a_fine_tuning_counts_its_own_data_and_an_adapter_leaves_the_base_frozen(relation: str, factor: int) -> None:
    card = TUNED.format(relation=relation) + "\nIt was fine-tuned on 50M tokens for 3 epochs.\n"
    answer = estimate_card(card)
    assert answer.route == "fine-tune"
    assert inputs_of(answer)["flop"][0] == pytest.approx(factor * 7e9 * 5e7 * 3)
    assert answer.boundaries.gpu is not None
    assert not answer.boundaries.gpu.validated
    scratch = estimate_card(
        HARDWARE + "\nThe model has 7B parameters. It was trained for 300B tokens.\n"
    ).boundaries.gpu
    assert scratch is not None
    assert answer.boundaries.gpu.high / answer.boundaries.gpu.low > scratch.high / scratch.low


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (TUNED.format(relation="merge") + "\nTrained on 1T tokens.\n", "a merge trains nothing of its own"),
        (TUNED.format(relation="quantized") + "\nTrained on 1T tokens.\n", "a quantized copy trains nothing"),
        (TUNED.format(relation="finetune") + "\nIt was trained on 2T tokens.\n", "may be the base model's"),
        (TUNED.format(relation="finetune") + "\nFine-tuned on 50M tokens.\n", "how many epochs is not stated"),
        (HARDWARE + "\nThis mixture of experts has 47B parameters, trained on 1T tokens.\n", ("active parameters are "
            "not")),
        (HARDWARE + "\nIt was trained on 1T tokens.\n", "the number of parameters is not stated"),
        (HARDWARE + "\nThe model has 7B parameters.\n", "the number of tokens is not stated"),
        ("---\npipeline_tag: image-classification\n---\n" + HARDWARE + "\n7B parameters, trained on 1T tokens.\n",
         "Computer Vision"),
    ],
)  # fmt: skip
def test_what_size_and_data_do_not_give_is_refused_with_its_reason(card: str, said: str) -> None:
    answer = estimate_card(card)
    assert (answer.route, answer.emissions_gco2e) == (None, None)
    assert said in str(answer.refusal)


def test_contradicting_tokens_are_shown_with_their_places_and_not_averaged() -> None:
    answer = estimate_card(HARDWARE + "\nIt has 7B parameters. Trained for 1T tokens.\n\nTrained for 2T tokens.\n")
    assert answer.route is None
    assert "1 trillion (card:A model:5); 2 trillion (card:A model:7)" in str(answer.refusal)


def test_active_parameters_of_a_mixture_count() -> None:
    text = "\nA mixture of experts with 47B parameters, 13B active parameters, trained on 1T tokens.\n"
    assert inputs_of(estimate_card(HARDWARE + text))["parameters"][0] == pytest.approx(13e9)


def test_hours_win_over_size_and_data() -> None:
    text = "- **Hours used:** 120\n\nThe model has 7B parameters and was trained for 1T tokens.\n"
    assert estimate_card(HARDWARE + text).route == "hours"


REPORTER = ModelRecord(
    model_key="k", model_id="o/m", name="m", domain="NLP", year_month="2022-11", created_at="2022-11-02T00:00:00Z",
    parameters_count=110_000_000,
)  # fmt: skip


def test_the_statistical_interval_is_more_than_four_decades_wide_and_no_estimate() -> None:
    answer = estimate_of(REPORTER, ())
    one = answer.statistical
    assert one is not None
    assert one.low_gco2e is not None
    assert one.high_gco2e is not None
    assert math.log10(one.high_gco2e / one.low_gco2e) > 4
    assert (answer.route, answer.emissions_gco2e, answer.boundaries.gpu) == (None, None, None)
    assert any("too wide to use, in no total" in line for line in in_words(answer))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"year_month": "2026-05"}, "made in 2026-05"),
        ({"domain": "Audio"}, "too few models of Audio report"),
        ({"parameters_count": 70_000_000_000}, "280 GB"),
        ({"parameters_count": None}, "not known"),
        ({"created_at_is_floor": True}, "not known"),
    ],
)
def test_outside_the_support_of_reporters_it_is_refused(changed: dict[str, object], said: str) -> None:
    found = statistical_of(replace(REPORTER, **changed))
    assert (found.central_gco2e, found.low_gco2e) == (None, None)
    assert said in str(found.refusal)


def test_a_model_that_reports_or_can_be_estimated_gets_no_statistical_interval() -> None:
    assert classify_card(HARDWARE + "- **Hours used:** 120\n").estimate.statistical is None
    assert classify_card("---\nco2_eq_emissions: 12\n---\n# A model\n").estimate.statistical is None


def test_the_packaged_coefficients_are_what_the_reporters_of_2023_give() -> None:
    folder = Path(__file__).parents[2] / "shared" / "published"
    if not folder.is_dir():
        pytest.skip("the published files are not on this machine")
    from analysis.estimates.reference import read_table

    found = statistical_route.fit(statistical_route.reporters(folder))
    packed = {row["name"]: float(row["value"]) for row in read_table("statistical")}
    assert packed == {name: pytest.approx(value, rel=1e-3) for name, value in found.items()}
