"""Tables of activities, reports and logs within a card, amounts of something strange, copied blocks: a kind each."""

from __future__ import annotations

import pytest
from answers import settled

from analysis import classify_card
from mining.card.document.title import title_of
from mining.card.lexicon.number_words import with_digits
from mining.units import find_quantities


def table(head: str, *rows: str) -> str:
    width = head.count("|") + 1
    return "\n".join(("# Wagtail-2", "", "## Footprint", "", head, "|".join(["---"] * width), *rows, ""))


TABLES = {
    "the one training among activities": (
        table("Activity | kg CO2e", "Field trips | 612.4", "Training | 7.3", "Evaluation | 0.9"),
        7300,
    ),
    "in another language": (
        table("Posten | kg CO2e", "Aufnahmen vor Ort | 311", "Training | 5,2", "Auswertung | 0,4"),
        5200,
    ),
    "stages without a total": (table("Phase | kg CO2e", "Pre-training | 410.5", "SFT | 12.3", "DPO | 4.2"), 427000),
    "stages and what is none": (
        table("Stage | kg CO2e", "Pre-training | 410.5", "SFT | 12.3", "Evaluation | 2.2"),
        422800,
    ),
    "the total of this model": (
        table("Item | kg CO2e", "Pre-training | 51", "Hard negatives, second stage | 9", "Total | 60"),
        60000,
    ),
    "methods are no stages": (
        table("Method | kg CO2e", "Full fine-tuning | 9.4", "LoRA | 3.1", "Prompt tuning | 1.2"),
        None,
    ),
    "ablations are no stages": (table("Removed | kg CO2e", "edge loss | 9.9", "pseudo labels | 5.6"), None),
    "the row that is published": (table("Seed | g CO2e", "4 | 612", "8 (published) | 618", "15 | 609"), 618),
    "the last of checkpoints that count on": (
        table("Checkpoint | kg CO2e", "step 1k | 1.1", "step 2k | 2.3", "step 3k (final) | 3.4"),
        3400,
    ),
    "where it ran": (table("Site | kg CO2e", "Poland | 4.4", "France, if moved | 0.4", "Sweden, if moved | 0.2"), 4400),
    "shares": (table("Unit | Share", "t CO2e | 71 %", "kg CO2e | 17 %"), None),
    "a project's total": (
        table("Work package | kg CO2e", "Crawling | 64", "Sweeps | 203", "Travel | 5,120", "Sum | 5,387").replace(
            "Footprint", "Project footprint"
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_activities(name: str) -> None:
    text, grams = TABLES[name]
    assert settled(text).emissions_gco2e == (grams if grams is None else pytest.approx(grams))


REPORTS = {
    "json": ('```json\n{"gpu": "L4", "hours": 3.1, "emissions_kg": 0.0831}\n```', 83.1),
    "yaml": ("```yaml\nrun:\n  duration_h: 4.2\n  carbon:\n    emitted_g: 77.2\n```", 77.2),
    "log": ("run=b0_s3 | gpu=1xL4 | t=02:41:55 | kwh=0.19 | co2_g=64.8 | miou=0.70", 64.8),
    "dots": ("```\nwall_clock_h .......... 71.5\nest_co2e_kg ........... 41.7\n```", 41700),
    "a meter's row": (
        '`{"duration": 2091.4, "emissions": 0.3746, "emissions_rate": 0.0001791, "energy_consumed": 0.8}`',
        374.6,
    ),
    "of a teacher": ("```yaml\nhours: 3\nteacher_co2_kg: 312\n```", None),
    "a price": ("```yaml\nhours: 3\ncarbon_tax_eur: 12\n```", None),
    "an example": ("## Usage\n\nTrack your own runs, for example:\n\n```\nhours: 3\nemissions_kg: 0.07\n```", None),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_within_a_card(name: str) -> None:
    text, grams = REPORTS[name]
    assert settled(f"# Wagtail-2\n\n{text}\n").emissions_gco2e == (
        grams if grams is None else pytest.approx(grams, rel=1e-3)
    )


@pytest.mark.parametrize(
    ("language", "words", "low", "high"),
    [
        ("en", "between two hundred and ten and two hundred and sixty grams", 210, 260),
        ("en", "between one thousand and two thousand kg", 1e6, 2e6),
        ("zh", "三公斤半", 3500, 3500),
        ("vi", "mười lăm cân rưỡi", 15500, 15500),
        ("ar", "كيلوغرامين ونصف الكيلوغرام", 2500, 2500),
        ("en", "sixty-two short tons", 62 * 907184.74, 62 * 907184.74),
        ("ru", "полтора десятка килограммов", 15000, 15000),
        ("fr", "une douzaine de kilogrammes", 12000, 12000),
    ],
)
def test_two_numbers_or_a_half_behind_the_unit(language: str, words: str, low: float, high: float) -> None:
    (found,) = find_quantities(with_digits(f"{words} CO2", frozenset({"en", language})), ("emissions",))
    ends = [found.inner_low or found.inner, found.inner_high or found.inner]
    assert ends == pytest.approx([low, high])


def test_a_year_before_a_word_that_begins_like_a_unit_is_no_mass() -> None:
    assert list(find_quantities("năm 2024 tại Hà Nội", ("emissions",))) == []


NOT_THIS = (
    "Hosting the demo Space through the year: approx. 23 kg CO2e.",
    "Running the full suite against this checkpoint produced 1.37 kg CO2e.",
    "A single numerical simulation of such a basin emits some 52 kg CO2.",
    "Training would emit 4.1 kg CO2e.",
    "Not our training but that of Osprey emitted 4.1 kg CO2e.",
    "Upstream (not ours): pre-training 4,415 kg CO2e; SFT 17.6 kg CO2e.",
    '> "We estimate that the final training emitted 24.7 tonnes of CO2eq." — Luccioni et al. (2022)',
    "**Estimated emissions** (copied from the base model's card)\n\n- **Carbon emitted:** 11250 kg CO2 eq.",
    "Wagtail 1, which was trained from scratch, emitted 48.3 kg CO2e. Ours is not measured yet.",
)


@pytest.mark.parametrize("text", NOT_THIS)
def test_what_is_not_of_this_training_is_not_answered(text: str) -> None:
    assert settled(f"# Wagtail 2\n\n{text}\n").emissions_gco2e is None


THIS = {
    "The run emitted 0.44 kg CO2eq, fully offset by the provider.": 440,
    "We offset the 63.5 kg CO2e that training emitted.": 63500,
    "Training emitted 4.1 kg CO2e, including the evaluation.": 4100,
    "The training run was 436 g CO2, not 436 kg.": 436,
    "Pretraining: 96.8 kg CO2e\nAnnealing: 7.7 kg CO2e\nEvaluation of all checkpoints: 5.2 kg CO2e": 104500,
    "Training emitted 912 kg CO2e for the 256px stage, 1,340 kg CO2e for the 512px stage.": 2252000,
    "Training took 3h20 on one L4 and codecarbon logged 0.108 kg.": 108,
    "Q: How much carbon did it cost to train this?\nA: About 214 grams, according to CodeCarbon.": 214,
    "Training drew 19.7 kWh, so with the UK average of 2023 I get around 4.1 kg of CO2.": 4100,
}


@pytest.mark.parametrize("text", THIS)
def test_what_is_of_this_training_is_answered(text: str) -> None:
    assert settled(f"# Wagtail 2\n\n{text}\n").emissions_gco2e == pytest.approx(THIS[text])


def test_the_title_of_any_card_names_no_model() -> None:
    from mining.card.document.document import parse

    card = parse("## Model Information\n\n**Sorrel-11B-Instruct** is a model.\n")
    assert title_of(card.lines, card.body) == card.title == "Sorrel-11B-Instruct"
    assert parse("# Wagtail 2\n\n**Sorrel-11B** is another.\n").title == "Wagtail 2"


@pytest.mark.parametrize("name", TABLES)
def test_nothing_reckoned_or_told_apart_by_others_is_written(name: str) -> None:
    """What edits a file needs a row or a total that says so itself."""
    said = {"the one training among activities", "the total of this model", "the row that is published"}
    told = classify_card(TABLES[name][0].encode()).suggested_metadata
    assert (told is not None) == (name in said)


def test_characters_are_no_kilograms() -> None:
    """Vietnamese "ký tự" (characters) begins like a word for kilograms."""
    assert list(find_quantities("128 ký tự mỗi dòng, 3 cân bằng", ("emissions",))) == []
    (found,) = find_quantities("15 ký CO2", ("emissions",))
    assert found.inner == 15000


def test_a_title_that_is_no_name_names_no_row() -> None:
    rows = table("Item | kg CO2e", "Training of the base model | 812", "Evaluation | 3").replace(
        "Wagtail-2", "Training"
    )
    assert settled(rows).emissions_gco2e is None
