"""The small judges of whose an amount is: each said once by a text that has it and one that has not."""

from __future__ import annotations

import pytest

from analysis import classify_card
from mining.card.document.code_blocks import is_exercise, is_shown_as_example
from mining.card.document.document import parse
from mining.card.extract.citations import citations
from mining.card.extract.copied import copied_blocks
from mining.card.extract.marked_rows import marked_row
from mining.card.extract.of_organisations import is_of_an_organisation
from mining.card.extract.repetitions import are_all_published, are_none_published, number_published
from mining.card.extract.uses import is_used_on
from mining.card.files.run_logs import logged_emissions
from mining.card.values.changes import without_former
from mining.card.values.emission_value import by_location


@pytest.mark.parametrize(
    ("text", "is_all", "is_none", "number"),
    [
        ("This is an ensemble of seven networks.", True, False, None),
        ("All folds are included in the repository.", True, False, None),
        ("The folds served only to evaluate; one final model was fit on all data.", False, True, None),
        ("We publish the best one, which is run 6.", False, False, "6"),
        ("# Walker - seed 2024\n\nFive seeds were run.", False, False, "2024"),
        ("We ran three seeds and liked run 1 and run 2.", False, False, None),
    ],
)
def test_which_repetitions_are_published(text: str, is_all: bool, is_none: bool, number: str | None) -> None:
    assert (are_all_published(text), are_none_published(text), number_published(text)) == (is_all, is_none, number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("market-based 0 kg; location-based 12 kg", "location-based 12 kg"),
        ("location-based 3.5 t, market-based 0.1 t", "location-based 3.5 t"),
        ("12 kg; 14 kg", "12 kg; 14 kg"),
        ("location-based 12 kg", "location-based 12 kg"),
    ],
)
def test_of_both_bases_the_place_s_counts(value: str, expected: str) -> None:
    assert by_location(value) == expected


@pytest.mark.parametrize(
    ("around", "label", "expected"),
    [
        ("- Our offices run on wind power", "Our emissions in 2021", True),
        ("- Our offices run on wind power", "Emissions of training in 2021", False),
        ("- One A100 for three hours", "Our emissions in 2021", False),
        ("- Our offices run on wind power", "Our emissions", False),
    ],
)
def test_a_year_of_a_firm_is_no_training(around: str, label: str, expected: bool) -> None:
    card = parse(f"# Tern\n\n## Sustainability\n\n{around}\n- {label}: 35 t CO2e\n")
    line = next(line for line in card.lines if label in line.text)
    assert is_of_an_organisation(card, line, label, "35 t CO2e") is expected


def test_the_first_number_of_a_change_is_blanked_at_its_length() -> None:
    text = "The estimate rose from 45 to 128 g of CO2."
    plain = without_former(text)
    assert len(plain) == len(text)
    assert "45" not in plain
    assert "128 g" in plain
    assert without_former("It took from 4 to 6 h.") == "It took from 4 to 6 h."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A model like ours emitted 9 kg (Holm et al., 2021).", {"citation"}),
        ("The calculator presented in Lacoste et al. (2019) gives 9 kg.", set()),
        ("We measured 9 kg.", set()),
    ],
)
def test_the_paper_of_a_method_is_no_source_of_the_amount(text: str, expected: set[str]) -> None:
    assert {kind for kind, _, _ in citations(text, 0, len(text))} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Diarizing one hour of talk emits 5 g of CO2.", True), ("Training for one hour emitted 5 g of CO2.", False)],
)
def test_a_deed_of_the_model_is_no_training(text: str, expected: bool) -> None:
    assert is_used_on(text, 0, text.index("5 g"), frozenset({"en"})) is expected


def test_code_below_an_exercise_or_an_example_is_no_record() -> None:
    card = parse(
        "# Tern\n\n## Exercise 2\n\n```\nemissions_kg: 3\n```\n\n## Example output\n\n```\nemissions_kg: 4\n```\n"
    )
    third, fourth = (line.number for line in card.lines if line.text.startswith("emissions_kg"))
    assert is_exercise(card, third)
    assert is_shown_as_example(card, fourth)
    assert not is_exercise(card, fourth)


def test_a_block_that_was_copied_ends_with_its_section() -> None:
    card = parse("# Tern\n\n## Original model card\n\nEmitted 9 kg CO2.\n\n## Our training\n\nEmitted 2 kg CO2.\n")
    lines = {line.text: line.number for line in card.lines}
    inside = {number for block in copied_blocks(card) for number in block}
    assert lines["Emitted 2 kg CO2."] not in inside


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("| base | its authors | 910 |\n| tuning | us | 3 |", "tuning"),
        ("| first | us | 910 |\n| second | us | 3 |", None),
        ("| base | them | 910 |\n| tuning | others | 3 |", None),
    ],
)
def test_the_row_of_ours_is_marked(rows: str, expected: str | None) -> None:
    card = parse(f"# Tern\n\n| phase | who | kg CO2eq |\n|---|---|---|\n{rows}\n")
    row = marked_row(card.tables[0], card)
    assert (None if row is None else row.cells[0].plain) == expected


@pytest.mark.parametrize(
    ("section", "first", "expected"),
    [
        ("Training log", "[codecarbon INFO @ 12:00] 0.2 kWh of electricity used", [70.0]),
        ("Training log", "[12:00] start", []),  # no meter speaks
        ("Evaluation log", "[codecarbon INFO @ 12:00] 0.2 kWh of electricity used", []),
        ("Training log", "tracker = EmissionsTracker(co2 codecarbon)", []),  # a program, and what it may print
    ],
)
def test_the_last_amount_of_a_metered_training_s_log_counts(section: str, first: str, expected: list[float]) -> None:
    card = parse(
        f"# Tern\n\n## {section}\n\n```\n{first}\nepoch 1 loss 0.4 emissions 0.03 kg CO2eq\n"
        "epoch 2 loss 0.3 emissions 0.07 kg CO2eq\n```\n"
    )
    assert [claim.inner_value for claim in logged_emissions(card)] == expected


@pytest.mark.parametrize("value", ["7.3 kg + 0.9 kg", "7.3 kg for general training + 0.9 kg for the adaptation"])
def test_a_sum_nobody_wrote_is_answered_and_never_suggested(value: str) -> None:
    card = f"---\nlicense: mit\n---\n# Tern\n\n## Environmental Impact\n\n- **Carbon Emitted:** {value}\n"
    found = classify_card(card.encode())
    assert found.emissions.grams == pytest.approx(8200.0)
    assert found.suggested_metadata is None
    whole = classify_card(card.replace(value, "8.2 kg").encode())
    assert whole.suggested_metadata is not None
