"""Front matters at their edges: where they lie, what is too dangerous to load, what their values claim."""

from __future__ import annotations

from typing import Any

import pytest

from mining.card import read_card
from mining.card.document.front_matter import find_front_matter, is_dangerous, is_valid_yaml, parse_front_matter
from mining.card.document.locale import Locale, locale_of
from mining.card.extract.metadata import metadata_claims

KEY = "license: mit"
TEXT = "Some words."


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], ("absent", 0, -1, 0, "")),
        (["---", KEY, "---", TEXT], ("ok", 1, 3, 2, KEY)),
        (["---", KEY, "...", TEXT], ("ok", 1, 3, 2, KEY)),
        (["-----", KEY, "--- ", TEXT], ("ok", 1, 3, 2, KEY)),
        (["---", "", KEY, "---"], ("ok", 1, 4, 3, KEY)),
        (["---", "---", KEY, "---", TEXT], ("twice", 1, 4, 3, KEY)),
        (["---", "---", TEXT, "---"], ("empty", 1, 2, 2, "")),
        (["---", "---", TEXT], ("empty", 1, 2, 2, "")),
        (["---", TEXT], ("absent", 0, -1, 0, "")),
        (["---", KEY, "# Title", TEXT], ("unclosed", 1, 2, 2, KEY)),
        (["---", KEY, "tags:", "- a", "", TEXT], ("unclosed", 1, 5, 2, f"{KEY}\ntags:\n- a\n")),
        (["---", KEY, "tags: []"], ("unclosed", 1, 3, 2, f"{KEY}\ntags: []")),
        ([TEXT, "---", KEY, "---", TEXT], ("misplaced", 2, 4, 3, KEY)),
        ([TEXT, "---", TEXT, "---", TEXT], ("absent", 0, -1, 0, "")),
        (["```", "---", KEY, "---", "```", TEXT], ("fenced", 1, 5, 3, KEY)),
        (["```yaml", KEY, "tags: a", "---", TEXT], ("fenced", 1, 4, 2, f"{KEY}\ntags: a")),
        (["", "```yml", KEY, "---", "```"], ("fenced", 2, 5, 3, KEY)),
        ([TEXT, "```yaml", KEY, "```"], ("absent", 0, -1, 0, "")),
        ([KEY, "tags: a", "---", TEXT], ("misplaced", 1, 3, 1, f"{KEY}\ntags: a")),
        ([KEY, "# Title"], ("unclosed", 1, 1, 1, KEY)),
        (["colour: red", "---", TEXT], ("absent", 0, -1, 0, "")),
        ([TEXT] * 39 + ["---", KEY, "---"], ("misplaced", 40, 42, 41, KEY)),
        ([TEXT] * 40 + ["---", KEY, "---"], ("absent", 0, -1, 0, "")),
        ([TEXT, "---", *["x: 1"] * 11, KEY, "---"], ("misplaced", 2, 15, 3, "\n".join(["x: 1"] * 11 + [KEY]))),
        ([TEXT, "---", *["x: 1"] * 12, KEY, "---"], ("absent", 0, -1, 0, "")),
    ],
)
def test_where_a_front_matter_lies(lines: list[str], found: tuple[str, int, int, int, str]) -> None:
    front = find_front_matter(lines)
    assert (front.status, front.first_line, front.last_line, front.body_line, front.text) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1", None),
        ("a: &b 1\nc: *b", "anchors"),
        ("<<: 1", "anchors"),
        ("a: !!python/name:os.system x", "anchors"),
        ("a: fish & chips, 2 *3", None),
        ('a: "&b"', None),
        ("a: 'x &b " + "x" * 100_000 + "'", "anchors"),
        ("a: 'x &b " + "x" * 99_000 + "'", None),
        ("a: " + "[" * 20 + "]" * 20, None),
        ("a: " + "[" * 21 + "]" * 21, "too-deep"),
        ("a: " + "{" * 21, "too-deep"),
        ("a: " + "[]" * 30, None),
        (" " * 200 + "a", None),
        (" " * 201 + "a", "too-deep"),
        ("- - " * 20, None),
        ("- - " * 21, "too-deep"),
        ("? ? " * 20, None),
        ("? ? " * 21, "too-deep"),
        (": : " * 20, None),
        (": : " * 21, "too-deep"),
    ],
)
def test_what_no_loader_may_see(text: str, reason: str | None) -> None:
    assert is_dangerous(text) == reason


@pytest.mark.parametrize(
    ("text", "mapping", "problem"),
    [
        (KEY, {"license": "mit"}, None),
        ("license: mit\nlicense: gpl", {"license": "gpl"}, None),
        ("colour: red", None, None),
        ("# nothing\n\n", None, None),
        ("- a\n- b", None, "not-a-mapping"),
        ("just words", None, "not-a-mapping"),
        ("[a: {", None, "invalid-yaml"),
        ("license: [mit\ntags: a", {"tags": "a"}, "invalid-yaml"),
        ("license: &a mit\ntags: b", {"tags": "b"}, "anchors"),
        ("tags: " + "[" * 21 + "]" * 21 + "\nlicense: mit", {"license": "mit"}, "too-deep"),
        ('tags: ["' + "x" * 65_000 + '", b]', {"tags": ["x" * 65_000, "b"]}, None),
        ("tags: {a: " + "x" * 65_600 + "}", None, "too-large"),
        ("- " + "x" * 65_600, None, "too-large"),
        ("license:\u00a0mit\ntags: \u2028a", {"license": "mit", "tags": "a"}, None),
        ("license: m\x07t", {"license": "m\ufffdt"}, None),
        ("language: no", {"language": "no"}, None),
        ("tags: [1, 2.5, ~, 2024-01-01]", {"tags": [1, 2.5, None, "2024-01-01"]}, None),
        ("model-index: [a]\nlicense: mit", {"license": "mit"}, None),
    ],
)
def test_what_is_read_of_a_front_matter(text: str, mapping: dict[str, Any] | None, problem: str | None) -> None:
    found = parse_front_matter(text)
    assert (found.mapping, found.problem) == (mapping, problem)


def test_results_of_evaluations_are_parsed_for_those_who_ask() -> None:
    text = "model-index: [a]\nlicense: mit\nother: 1"
    assert parse_front_matter(text, model_index=True).mapping == {"model-index": ["a"], "license": "mit"}


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [(KEY, True), ("a: [1, {b: c}]", True), ("a: [1", False), ("- a", False), ("a: &b 1", True), ("words", False)],
)
def test_what_the_hub_would_read(text: str, is_valid: bool) -> None:
    assert is_valid_yaml(text) == is_valid


def told(front: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (one.quantity, one.value, one.unit, one.inner_value, one.text, one.outcome, one.flags)
        for one in metadata_claims(None, {"co2_eq_emissions": front})
    ]


GRAMS = ("emissions", 3.0, "g", 3.0, "3 g", "reported", ())


@pytest.mark.parametrize(
    ("more", "claim"),
    [
        ({"source": "CodeCarbon"}, ("tool", None, None, None, "CodeCarbon", "reported", ())),
        ({"method": "n/a"}, ("tool", None, None, None, "n/a", "not-reported", ())),
        ({"training type": "fine-tuning"}, ("training-type", None, None, None, "fine-tuning", "reported", ())),
        ({"cloud_region": "us-east1"}, ("region", None, None, None, "us-east1", "reported", ())),
        ({"Geographical-Location": "Oslo"}, ("region", None, None, None, "Oslo", "reported", ())),
        ({"cloud_provider": "AWS"}, ("provider", None, None, None, "AWS", "reported", ())),
        ({"gpu_model": "A100"}, ("hardware", None, None, None, "A100", "reported", ())),
        ({"energy": "2 MWh"}, ("energy", 2.0, "MWh", 2000.0, "2 MWh", "reported", ())),
        ({"energy_consumed": 2.5}, ("energy", 2.5, "kWh", 2.5, "2.5", "reported", ())),
        ({"electricity": "?"}, ("energy", None, None, None, "?", "not-reported", ())),
        ({"electricity": "plenty"}, ("energy", None, None, None, "plenty", "unreadable", ())),
        ({"hours_used": 4}, ("duration", 4.0, "h", 4.0, "4", "reported", ())),
        ({"hours_used": "30 min"}, ("duration", 30.0, "min", 0.5, "30 min", "reported", ())),
        ({"duration": 4}, ("duration", 4.0, None, None, "4", "reported", ())),
        ({"training_time": "4"}, ("duration", 4.0, None, None, "4", "reported", ())),
        ({"pue": "1.2"}, ("pue", 1.2, "1", 1.2, "1.2", "reported", ())),
        ({"carbon_intensity": "400 g/kWh"}, ("intensity", 400.0, "g/kWh", 400.0, "400 g/kWh", "reported", ())),
        ({"carbon_intensity": 400}, ("intensity", 400.0, "g/kWh", 400.0, "400", "reported", ())),
        ({"deep": {"hardware": ["T4"]}}, ("hardware", None, None, None, "T4", "reported", ())),
    ],
)
def test_what_stands_beside_an_amount(more: dict[str, Any], claim: tuple[object, ...]) -> None:
    assert told({"emissions": "3 g", **more}) == [GRAMS, claim]


@pytest.mark.parametrize(
    ("value", "claims"),
    [
        ({"emissions": 3}, [("emissions", 3.0, None, 3.0, "3", "reported", ("assumed-unit",))]),
        ({"emissions": 3, "unit": "kg"}, [("emissions", 3.0, "kg", 3000.0, "3", "reported", ())]),
        ({"emissions_kg": 3}, [("emissions", 3.0, "kg", 3000.0, "3", "reported", ())]),
        ({"emissions_(kg_co2eq)": 3}, [("emissions", 3.0, "kg", 3000.0, "3", "reported", ())]),
        ({"amount": 3, "total": 4}, [("emissions", 3.0, None, 3.0, "3", "reported", ("assumed-unit",))]),
        ({"value": "-", "total": "4 g"}, None),
        ({"emissions": True}, [("emissions", None, None, None, "true", "unreadable", ())]),
        ({"emissions": 0.0}, [("emissions", 0.0, None, 0.0, "0.0", "reported", ("zero", "assumed-unit"))]),
        ({"emissions": "-3"}, [("emissions", None, None, None, "-3", "unreadable", ())]),
        ({"emissions": "inf"}, [("emissions", None, None, None, "inf", "unreadable", ())]),
        ({"emissions": "3 g per kWh"}, [("emissions", None, None, None, "3 g per kWh", "unreadable", ())]),
        ({"emissions": ""}, [("emissions", None, None, None, "", "not-reported", ("placeholder",))]),
        (
            {"emissions": "2-3 kg, 5 kWh"},
            [
                ("emissions", 2.5, "kg", 2500.0, "2-3 kg, 5 kWh", "reported", ("range",)),
                ("energy", 5.0, "kWh", 5.0, "2-3 kg, 5 kWh", "reported", ()),
            ],
        ),
        (
            {"emissions": "5 kWh"},
            [
                ("emissions", None, None, None, "5 kWh", "unreadable", ()),
                ("energy", 5.0, "kWh", 5.0, "5 kWh", "reported", ()),
            ],
        ),
        ({"colour": "red"}, []),
        ({"a": {"b": {"c": {"d": {"e": {"emissions": "3 g"}}}}}}, [GRAMS]),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"emissions": "3 g"}}}}}}}, []),
        ({**{f"k{n}": n for n in range(99)}, "emissions": "3 g"}, [GRAMS]),
        ({**{f"k{n}": n for n in range(100)}, "emissions": "3 g"}, []),
    ],
)
def test_what_an_amount_may_be(value: dict[str, Any], claims: list[tuple[object, ...]] | None) -> None:
    found = told(value)
    if claims is None:
        assert ("emissions", 4.0, "g", 4.0, "4 g", "reported", ()) in found
    else:
        assert found == claims


@pytest.mark.parametrize(
    ("more", "scope"),
    [
        ({}, "training-run"),
        ({"training_type": "pre-training"}, "pre-training"),
        ({"training type": "fine-tuning"}, "fine-tuning"),
        ({"training_type": "pre-training and fine-tuning"}, "training-run"),
        ({"source": "Open LLM Leaderboard"}, "component"),
        ({"note": "leaderboard, fine"}, "training-run"),
    ],
)
def test_what_an_amount_covers(more: dict[str, str], scope: str) -> None:
    claims = metadata_claims(None, {"co2_eq_emissions": {"emissions": "3 g", **more}})
    assert [one.scope for one in claims if one.quantity == "emissions"] == [scope]
    assert all(one.scope == "unknown" for one in claims if one.quantity != "emissions")


@pytest.mark.parametrize(
    ("mapping", "amounts"),
    [
        ({"co2_emissions": "3 g"}, [3.0]),
        ({"emissions": {"value": 3}}, [3.0]),
        ({"emissions": "none of it"}, []),
        ({"emissions": ["3 g"]}, []),
        ({"co2_eq_emissions": "3 g", "co2_emissions": "4 g"}, [3.0]),
        ({"co2_emissions": {"x": 1}, "carbon_footprint": "4 g"}, [4.0]),
        ({"co2_eq_emissions": None, "carbon_footprint": "4 g"}, [4.0]),
        ({"license": "mit"}, []),
    ],
)
def test_the_specified_key_comes_before_its_synonyms(mapping: dict[str, Any], amounts: list[float]) -> None:
    assert [one.value for one in metadata_claims(None, mapping) if one.quantity == "emissions"] == amounts


@pytest.mark.parametrize(
    ("front", "places"),
    [
        ("co2_eq_emissions:\n  emissions: 4\n  hours_used: 4", [("4", 3), ("4", 4)]),
        ("co2_eq_emissions:\n  source: 4 meters\n  emissions: 4", [("4 meters", 3), ("4", 4)]),
        ('co2_eq_emissions:\n  emissions: "3 g,\n    about"', [("3 g, about", None)]),
        ("co2_eq_emissions: 3\ntags: [3]", [("3", 2)]),
        ("co2_eq_emissions:\n- 3 g", [("3 g", 3)]),
        ("co2_eq_emissions: 3\nco2_eq_emissions:\n  emissions: 5 g", [("5 g", 4)]),
        ("tags: a\nco2_eq_emissions: [3 g\nlicense: mit", [("[3 g", 3)]),
        ("co2_eq_emissions:\n  a: [\n  emissions: 3 g\n  emissions: 4 g", [("3 g", 4)]),
    ],
)
def test_claims_stand_where_their_words_do(front: str, places: list[tuple[str, int | None]]) -> None:
    claims = read_card(f"---\n{front}\n---\n# Heron\n\nA model of birds.\n").claims
    assert [(one.text, one.line) for one in claims if one.where.startswith("metadata:co2_eq")] == places


PLAIN, PRINTED = False, True


@pytest.mark.parametrize(
    ("lines", "languages", "locale"),
    [
        ([], (), "open"),
        ([], ("de",), "comma"),
        ([], ("en",), "point"),
        ([], ("ja", "de"), "point"),
        (["3,14 und 2,7 und 0,55 und 9,1"], (), "comma"),
        (["0.14 and 0.7 and 0.55 and 0.9"], ("de",), "point"),
        (["3.14 and 2.7"], ("de",), "comma"),  # versions and sections: no vote
        (["1,5 kg"], ("en",), "open"),
        (["1,5 kg", "2,5 kg"], ("en",), "comma"),
        (["1,5 kg", "0.55"], ("en",), "open"),
        (["1.5 kg"], ("de",), "open"),
        (["1.5 kg", "0.5 kg"], ("de",), "point"),
        (["1,5"], ("de", "en"), "comma"),
        (["1,5"], ("en",), "open"),
        (["(1,5)"], (), "open"),
        (["(1,5 kg)"], (), "comma"),
        (["1.200,5"], (), "comma"),
        (["1,200.5 kg"], (), "point"),
        (["1.200.300"], (), "comma"),
        (["1,200,300 kg"], (), "point"),
        (["1,200"], (), "open"),
        (["0,200"], (), "comma"),
        (["1200,300"], (), "comma"),
        (["1.5 million"], (), "point"),
        (["1,5,7 kg"], (), "open"),
        (["3,14 und 2,7"] + ["0.5 kg"] * 4, (), "point"),
        (["3,1 kg"] * 4 + ["0.5 kg"], (), "comma"),
        (["3,1 kg"] * 2 + ["0.5 kg"] * 2, (), "open"),
    ],
)
def test_the_locale_of_numbers(lines: list[str], languages: tuple[str, ...], locale: Locale) -> None:
    assert locale_of([(line, PLAIN) for line in lines], lambda: languages) == locale


def test_numbers_of_tables_and_programs_say_little_of_the_locale() -> None:
    commas = ("3,14 und 2,7", PLAIN)
    points = [("0.5, 0.6 and 0.7", PRINTED)] * 2
    assert locale_of([commas, *points], tuple) == "open"
    assert locale_of([commas, *points[:1]], tuple) == "comma"
    assert locale_of([("0.5 kg", PRINTED)], lambda: ("de",)) == "open"
    many = [("0.5", PLAIN)] * 400 + [("3,1 kg", PLAIN)] * 4000
    assert locale_of(many, tuple) == "point"
