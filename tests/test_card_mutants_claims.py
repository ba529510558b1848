"""What claims are made of a table, a label for several purposes, a sum in prose: one small card each."""

from __future__ import annotations

import pytest
from answers import answered

from mining.card import read_card
from mining.card.document.front_matter import find_front_matter, front_matter_of, is_dangerous
from mining.card.extract.activities import with_the_training
from mining.card.extract.context_grids import find_grids
from mining.card.lexicon.number_words import with_digits
from mining.card.values.emission_value import read_value
from mining.schema import Claim

HEAD = "# Wagtail-2\n\n## Environmental Impact\n\n"


def read(text: str) -> tuple[float | None, tuple[tuple[float | None, str], ...], tuple[str, ...]]:
    """The amount that a card answers in grams, each amount that was read with what it covers, and what is doubted."""
    reading, settled, _ = answered(HEAD + text)
    assert reading.rejections == ()
    claims = [claim for claim in reading.claims if claim.quantity == "emissions"]
    return (
        settled.emissions_gco2e,
        tuple((one.inner_value, one.scope) for one in claims),
        settled.emissions_flags,
    )


@pytest.mark.parametrize(
    ("line", "grams", "scope"),
    [
        ("CO2 emissions (training / inference): 3.4 kg / 0.2 kg", 3400.0, "training-run"),
        ("CO2 emissions (training / inference): 3.4 / 0.2 kg", 3400.0, "training-run"),
        ("CO2 emissions (inference / training): 3.4 / 0.2 kg", 200.0, "training-run"),
        ("CO2 emissions (inference / evaluation): 3 g / 4 g", None, "inference"),
        ("CO2 emissions (training / inference): 3 g / 4 g / 5 g", None, "inference"),  # which is which is not told
        ("CO2 emissions (training): 3 g / 4 g", 3.0, "training-run"),
    ],
)
def test_a_label_of_several_purposes(line: str, grams: float | None, scope: str) -> None:
    found, claims, _ = read(f"- {line}\n")
    assert found == (grams if grams is None else pytest.approx(grams))
    assert [covered for _, covered in claims] == [scope]


def table(head: str, *rows: str) -> str:
    return "\n".join((head, "|".join(["---"] * (head.count("|") + 1)), *rows, ""))


@pytest.mark.parametrize(
    ("head", "rows", "grams", "scopes"),
    [
        (
            "Item | kg CO2e",
            ("Pre-training | 51", "Second stage | 9", "Total | 60"),
            60_000.0,
            ("component", "component", "training-run"),
        ),
        (
            "Item | kg CO2e",
            ("Pre-training | 51", "Second stage | 9", "Total | 61"),  # no sum of these
            51_000.0,
            ("training-run", "component", "experiments"),
        ),
        (
            "Work | kg CO2e",
            ("Pre-training | 51", "Fine-tuning | 9"),
            60_000.0,
            ("component", "component", "training-run"),
        ),
        ("Step | kg CO2e", ("Fine-tuning A | 51", "Fine-tuning B | 9"), None, ("component", "component")),
        ("Work | kg CO2e", ("Run 1 | 51", "Run 2 | 9"), None, ("unknown", "unknown")),
        ("Model | kg CO2e", ("Pre-training | 51", "Fine-tuning | 9"), None, ("pre-training", "fine-tuning")),
        ("Stage | kg CO2e", ("warmup | 51", "cooldown | 9"), 60_000.0, ("component", "component", "training-run")),
    ],
)
def test_rows_of_a_table_are_stages_or_not(
    head: str, rows: tuple[str, ...], grams: float | None, scopes: tuple[str, ...]
) -> None:
    found, claims, _ = read(table(head, *rows))
    assert found == grams
    assert tuple(scope for _, scope in claims) == scopes


def in_table(value: float, scope: str = "component", *flags: str, **more: object) -> Claim:
    given = {"value": value, "unit": "kg", "inner_value": 1000 * value, "line": 1, "text": "", "where": ""} | more
    return Claim(quantity="emissions", scope=scope, flags=("table", *flags), **given)  # type: ignore[arg-type]


CARD = "# Wagtail-2\n"


@pytest.mark.parametrize(
    ("rows", "names", "are_stages", "scopes"),
    [
        (
            (7.3, 600.0, 0.9),
            ("Training", "Field trips", "Evaluation"),
            False,
            ("training-run", "component", "component"),
        ),
        ((51.0, 9.0), ("Pre-training", "Fine-tuning"), False, ("component", "component", "training-run")),
        ((51.0, 9.0), ("Left", "Right"), True, ("component", "component", "training-run")),
        ((51.0, 9.0), ("Left", "Right"), False, ("component", "component")),
        ((3.0, 4.0, 5.0), ("Evaluation", "Search", "Travel"), False, ("component", "component", "component")),
    ],
)
def test_the_training_among_rows(
    rows: tuple[float, ...], names: tuple[str, ...], are_stages: bool, scopes: tuple[str, ...]
) -> None:
    from mining.card.document.document import parse

    claims = [in_table(value) for value in rows]
    found = with_the_training(claims, names, parse(CARD), are_stages=are_stages, are_models=False)
    assert tuple(claim.scope for claim in found) == scopes
    summed = [claim.inner_value for claim in found[len(rows) :]]
    assert summed == [1000 * sum(rows)] * (len(scopes) - len(rows))


@pytest.mark.parametrize(
    ("text", "grams", "flags"),
    [
        ("Pre-training emitted 40 kg of CO2 and fine-tuning 2 kg.", 42_000.0, ()),
        ("Pre-training emitted about 40 kg of CO2 and fine-tuning 2 kg.", 42_000.0, ("approximate",)),
        ("Phase 1 emitted 40 kg CO2. Phase 2 emitted about 2 kg CO2.", 42_000.0, ("approximate",)),
        ("We did not measure the emissions, but estimate them at 3 kg.", 3_000.0, ()),
        ("Its emissions are unknown. An estimate is 3 kg.", 3_000.0, ()),
        ("Mistral-7B emitted 3 kg; ours emitted 4 kg.", 4_000.0, ()),
        ("We did not measure the emissions.", None, ()),
    ],
)
def test_sums_and_denials_in_prose(text: str, grams: float | None, flags: tuple[str, ...]) -> None:
    found, _, doubted = read(f"{text}\n")
    assert (found, doubted) == (grams, flags)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("We took 0.30 kg/kWh for Italy.", ["Italy"]),
        ("We took 0.30 kg/kWh for Birdland.", []),
        ("It would be 300 g/kWh for Italy.", []),
        ("We took 300 g CO2/kWh for Italy, 50 g/kWh for France.", ["Italy", "France"]),
        ("The bird is of Italy.", []),
    ],
)
def test_grids_that_were_taken(text: str, places: list[str]) -> None:
    assert list(find_grids(text)) == places


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x 1\nb: *x", "anchors"),
        ("a: *x", "anchors"),
        ("<<: *a", "anchors"),
        ("a: 3 * 4 & 5 !", None),
        ("a: " + "[" * 21, "too-deep"),
        ("a: " + "[]" * 21, None),
        ("a: {b: [1]}", None),
        ("a: " + "- -" * 40, "too-deep"),
        ("a: - - b", None),
    ],
)
def test_texts_that_no_loader_must_see(text: str, reason: str | None) -> None:
    assert is_dangerous(text) == reason


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["---", "license: mit", "---", "x"], ("ok", 1, 3, 2)),
        (["---", "", "", "license: mit", "---", "x"], ("ok", 1, 5, 4)),
        (["---", "a: 1", "---"], ("ok", 1, 3, 2)),
        (["---", "a: 1", "-----", "x"], ("ok", 1, 3, 2)),
        (["---", "a: 1", "...", "x"], ("ok", 1, 3, 2)),
        (["---", "---"], ("empty", 1, 2, 2)),
        (["x"], ("absent", 0, -1, 0)),
    ],
)
def test_the_place_of_a_front_matter_is_the_same_by_both_ways(
    lines: list[str], place: tuple[str, int, int, int]
) -> None:
    for found in (find_front_matter(lines), front_matter_of("\n".join(lines))):
        assert (found.status, found.first_line, found.last_line) == place[:3]
        assert found.status != "ok" or found.body_line == place[3]
    windows = front_matter_of("\ufeff" + "\r\n".join(lines))
    assert windows == front_matter_of("\n".join(lines))


@pytest.mark.parametrize(
    ("front", "status"),
    [
        ("---\nlicense: mit\n---\n", "ok"),
        ("---\nlicense: [mit\n---\n", "invalid-yaml"),
        ("", "absent"),
    ],
)
def test_what_is_said_of_a_front_matter(front: str, status: str) -> None:
    assert read_card(f"{front}# Wagtail\n").front_matter_status == status


def test_two_digits_in_words_are_no_number() -> None:
    assert with_digits("one two kilograms", frozenset({"en"})) == "one two kilograms"
    assert with_digits("twenty two kilograms", frozenset({"en"})).split() == ["22", "kilograms"]


def test_an_equation_gives_its_result_unless_that_is_a_formula_too() -> None:
    found = read_value("3 x 4 = 12", "CO2 (kg)")
    assert found is not None
    assert found.number.value == 12
    assert read_value("energy = grid_mix * 12", "CO2 (kg)") is None
    assert read_value("grid_mix * 12", "CO2 (kg)") is None


@pytest.mark.parametrize(
    ("value", "provider", "outcomes"),
    [
        ("No cloud", "No cloud", ["reported"]),
        ("None", None, ["not-reported"]),
        ("N/A (local)", None, ["not-reported"]),
        ("on-premise", "Private", ["reported"]),
    ],
)
def test_a_refusal_that_is_a_name_is_a_name(value: str, provider: str | None, outcomes: list[str]) -> None:
    reading, _, found = answered(f"{HEAD}- **Hardware Type:** A100\n- **Cloud Provider:** {value}\n")
    assert found.provider == provider
    assert [claim.outcome for claim in reading.claims if claim.quantity == "provider"] == outcomes
