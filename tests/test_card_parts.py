"""Small parts of the reader, each by itself: moments, equations, counts, names, amounts in two units, sentences."""

from __future__ import annotations

import pytest

from mining.card.document.document import parse
from mining.card.document.passages import passages, sentences
from mining.card.extract.beside_amount import (
    has_gaps,
    is_answer,
    is_corrected,
    is_market_based,
    is_quoted,
    labels_it,
    said_behind,
)
from mining.card.extract.model_names import (
    base_names_in,
    is_marked_here,
    is_of_known_others,
    made_from,
    names_in,
    own_size,
    size_of,
)
from mining.card.extract.role_groups import families, of_a_facility, portions, several
from mining.card.extract.turning import governs, is_elliptic, turns
from mining.card.values.device_counts import count_of
from mining.card.values.emission_value import joined
from mining.card.values.equations import emissions_of_equation, energy_of_equation
from mining.card.values.moments import between_moments
from mining.units import find_quantities
from mining.vocab.load import finder

EN = frozenset({"en"})


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2024-03-01 10:00 to 2024-03-02 12:30", [26.5]),
        ("from 2024-03-01T10:00:00Z until 2024-03-01T11:15:30Z", [1.25]),
        ("3 March, 00:00 - 17 March, 06:00", [342.0]),
        ("3 March 2024, 00:00 - 4 March 2024, 00:00", [24.0]),
        ("30 December 2023, 12:00 to 2 January 2024, 12:00", [72.0]),
        ("27 Feb 00:00 to 2 Mar 00:00", []),  # nobody knows the year
        ("27 Feb 2024 00:00 to 2 Mar 00:00", [96.0]),
        ("27 Feb 00:00 to 2 Mar 2023 00:00", [72.0]),
        ("2024-03-02 10:00 to 2024-03-01 10:00", []),
        ("2024-03-01 10:00 to 2024-03-01 10:00", []),
        ("2024-01-01 00:00 to 2025-01-01 00:00", []),
        ("2024-01-01 01:00 to 2025-01-01 00:00", [8783.0]),
        ("2024-02-31 10:00 to 2024-03-01 10:00", []),
        ("1 May at 8:00 to 1 May at 9:30", [1.5]),
    ],
)
def test_hours_between_two_moments(text: str, hours: list[float]) -> None:
    assert [one for one, _, _ in between_moments(text)] == hours


@pytest.mark.parametrize(
    ("value", "kwh"),
    [
        ("4 x 0.4 kW x 10 h = 16 kWh", 16.0),
        ("4 x 0.4 kW x 10 h = 0.02 MWh", 20.0),
        ("4 x 0.4 kW x 10 h", 16.0),
        ("4 GPUs × 300 W × 10 h of training", 12.0),
        ("300 W * 2 days", 14.4),
        ("2 * 3 h", None),
        ("300 W x 400 W x 2 h", None),
        ("300 W x 2 h x 3 h", None),
        ("300 W", None),
        ("300 W x 2 h x many", None),
        ("300 W x 2 h x 3-4", None),
        ("300 W x 2 h x " + "2 x " * 5 + "2", 38.4),
        ("300 W x 2 h x " + "2 x " * 6 + "2", None),
        ("300 W x 2 h with rather many words", None),
        ("300 W x 2 h = nothing", 0.6),
    ],
)
def test_energy_that_is_worked_out(value: str, kwh: float | None) -> None:
    found = energy_of_equation(value)
    assert (found and found[2]) == (kwh and pytest.approx(kwh))


@pytest.mark.parametrize(
    ("product", "grams"),
    [
        ("543 g/kWh x 2 kWh", 1086.0),
        ("543 g/kWh x 0.060 kW x 2 h", 65.16),
        ("0.5 kg/kWh × 1.2 × 2 kWh", 1200.0),
        ("2 kWh x 3 kWh", None),
        ("543 g/kWh x 2", None),
        ("543 g/kWh", None),
    ],
)
def test_emissions_that_are_worked_out(product: str, grams: float | None) -> None:
    assert emissions_of_equation(product) == (grams and pytest.approx(grams))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("8 A100", 8),
        ("8 x A100", 8),
        ("8x NVIDIA A100", 8),
        ("eight A100", 8),
        ("1,024 H100", 1024),
        ("a pair of A100", None),
        ("A100 x 8", 8),
        ("A100 (8 GPUs)", 8),
        ("A100 80GB 4 gpus", 4),
        ("A100, 8", 8),
        ("16 nodes of 8 A100", 128),
        ("16 nodes with 8 A100 each", 128),
        ("16 nodes, 8 A100", 8),
        ("8 A100 per node on 4 nodes", 32),
        ("8 A100 per node", 8),
        ("4 nodes x 8 A100", 32),
        ("8 A100 × 4 nodes", 32),
        ("32 A100 (4 nodes of 8)", 32),
        ("4 machines of 8 A100", 32),
        ("300 A100 hours", None),
        ("300 A100 hours (8 GPUs)", 8),
        ("1 A100 (64 chips)", 64),
        ("my laptop (RTX 3060)", 1),
        ("an A100", 1),
        ("on the A100", 1),
        ("any A100", None),
        ("the A100s", None),
        ("A100", None),
        ("RTX 3060", None),
        ("30 hours on a node with 4 A100", 4),
    ],
)
def test_how_many_devices_a_text_tells_of(text: str, count: int | None) -> None:
    match = next(iter(finder("hardware").find(text, weak=True)))
    assert count_of(text, match) == count


def test_a_desktops_device_in_a_sentence_is_one() -> None:
    for text, count in (
        ("It ran on RTX 3060", 1),
        ("GPU: RTX 3060", None),
        ("It ran on A100", None),
        ("3 big RTX 3060", None),
    ):
        match = next(iter(finder("hardware").find(text, weak=True)))
        assert count_of(text, match, in_sentence=True) in {count, 3}


NAMES = (frozenset({"linnet", "7b", "chat"}),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Linnet emitted", ["own-name"]),
        ("Linnet-7B emitted", ["own-name"]),
        ("Linnet-13B emitted", ["other-name", "sibling"]),
        ("Linnet large emitted", ["other-name"]),
        ("BERT emitted", ["other-name"]),
        ("fine-tuned from BERT", []),
        ("the 13B model", ["sibling"]),
        ("the 7B model", ["own-name"]),
        ("Linnet-Guard emitted", ["own-name", "sibling"]),
        ("version 2 emitted", ["sibling"]),
        ("a bird", []),
        ("Linnet 3 kg", ["own-name"]),
        ("Linnet 3", ["other-name"]),
    ],
)
def test_names_of_models(text: str, found: list[str]) -> None:
    assert sorted({kind for kind, _, _ in names_in(text, 0, len(text), NAMES)}) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The base Corvus emitted 3 kg", [(9, 15)]),
        ("fine-tuned from Corvus", []),
        ("Corvus was fine-tuned", []),
        ("xCorvus", []),
        ("a bird", []),
    ],
)
def test_names_of_base_models(text: str, found: list[tuple[int, int]]) -> None:
    assert base_names_in(text, 0, len(text), ("corvus",), EN) == found


def test_marks_and_sizes_of_names() -> None:
    for name in ("sft (here)", "sft ← this", "sft [hier]", "sft (you are here)", "sft（本模型)", "sft — ここ"):
        assert is_marked_here(name) or "（" in name
    for name in ("sft", "here we are", "(there)"):
        assert not is_marked_here(name)
    assert [size_of(name) for name in ("Kestrel 3.4B", "7b and 13b", "7b and 7B", "Kestrel", "x7b")] == [
        *("3.4b", None, "7b", None, None),
    ]
    assert own_size(parse("# Kestrel\n\nThis repository holds the 3.4B checkpoint.\n")) == "3.4b"
    assert own_size(parse("# Kestrel 7B\n\nA bird.\n")) == "7b"
    assert own_size(parse("# Kestrel 7B\n\n" + "A bird.\n" * 57 + "This model has 3B.\n")) == "3b"
    assert own_size(parse("# Kestrel 7B\n\n" + "A bird.\n" * 59 + "This model has 3B.\n")) == "7b"
    assert is_of_known_others("BERT large", "Heron")
    assert not is_of_known_others("BERT large", "Tuned BERT")
    assert made_from("fine-tuned from the ")
    assert not made_from("compared with ")


def two_units(text: str) -> list[tuple[float, str]]:
    found = joined(text, [one for one in find_quantities(text, ("emissions",)) if one.kind == "emissions"])
    return [(one.number.value, one.unit) for one in found]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1 kg and 430 g of CO2", [(1.43, "kg")]),
        ("2 t and 30 kg", [(2.03, "t")]),
        ("1 kg and 1430 g", [(1.0, "kg"), (1430.0, "g")]),
        ("1.5 kg and 430 g", [(1.5, "kg"), (430.0, "g")]),
        ("1 kg CO2 and 430 g", [(1.0, "kg"), (430.0, "g")]),
        ("430 g and 1 kg", [(430.0, "g"), (1.0, "kg")]),
        ("1 kg for it and 430 g", [(1.0, "kg"), (430.0, "g")]),
        ("1-2 kg and 430 g", [(1.5, "kg"), (430.0, "g")]),
    ],
)
def test_an_amount_in_two_units(text: str, amounts: list[tuple[float, str]]) -> None:
    assert two_units(text) == amounts


@pytest.mark.parametrize(
    ("behind", "concepts"),
    [
        (" less than before", ["saved"]),
        (" CO2 weniger", ["saved"]),
        (" each", ["part"]),
        (" of CO2 apiece", ["part"]),
        (" were left", ["plan"]),
        (" were left on the table", []),
        (" (see its own card)", ["their-card"]),
        (" alone", ["ofwhich"]),
        (" for training", []),
    ],
)
def test_what_stands_right_behind_an_amount(behind: str, concepts: list[str]) -> None:
    assert said_behind(f"5 kg{behind}", 4) == concepts


def test_amounts_that_are_taken_back() -> None:
    text = "410 t, correction: 0.41 t"
    assert is_corrected(text, 5, 19)
    assert not is_corrected(text, 5, None)
    assert not is_corrected("5 kg, corrected from 50 kg", 4, 21)
    assert not is_corrected("5 kg " + "x" * 64 + " correction: 4 kg", 4, 82)
    assert not is_corrected("5 kg, wrong" + " x" * 130 + " 4 kg", 4, 272)


def test_words_before_and_around_an_amount() -> None:
    assert is_answer("Answer:")
    assert is_answer("答：")
    assert not is_answer("Answers of the model:")
    assert is_market_based("the market-based amount is ")
    assert not is_market_based("at the market, ")
    assert labels_it("CO2 emissions: ")
    assert not labels_it("Hours: ")
    assert has_gaps("It emitted ___ kg")
    assert not has_gaps("It emitted 3 kg")
    text = 'He said "it emitted 3 kg" to us.'
    assert is_quoted(text, text.index("3"), text.index("3") + 4)
    assert not is_quoted("It emitted 3 kg.", 11, 15)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("A b c. D e f.", ["A b c.", "D e f."]),
        ("A b e.g. D e.", ["A b e.g. D e."]),
        ("It used ca. 3 kg. Then", ["It used ca. 3 kg.", "Then"]),
        ("It was 3.5 kg", ["It was 3.5 kg"]),
        ("It took 3. Then more", ["It took 3.", "Then more"]),
        ("It took 3. then more", ["It took 3. then more"]),
        ("A b? C d! E", ["A b?", "C d!", "E"]),
        ("甲。乙！丙", ["甲。", "乙！", "丙"]),
        ("A b; c d", ["A b;", "c d"]),
        ("5 kg eq. CO2 more", ["5 kg eq. CO2 more"]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences_of_a_text(text: str, pieces: list[str]) -> None:
    assert [text[low:high] for low, high in sentences(text)] == pieces


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("a\nb\n\nc\n", ["a b", "c"]),
        ("a\n- b\n- c\n", ["a", "- b", "- c"]),
        ("a  \nb\n", ["a  ", "b"]),
        ("a\\\nb\n", ["a\\", "b"]),
        ("a<br>\nb\n", ["a    ", "b"]),
        ("# A\nb\n", ["# A", "b"]),
        ("a\n| b | c |\nd\n", ["a", "d"]),
        ("> a\n> b\n", ["> a > b"]),
        ("a\n1. b\n", ["a", "1. b"]),
        ("Label: a\nOther: b\n", ["Label: a", "Other: b"]),
        ("x\n" * 41, [" ".join(["x"] * 40), "x"]),
    ],
)
def test_paragraphs_and_items(text: str, blocks: list[str]) -> None:
    found = [one.text for one in passages(parse(text).lines)]
    assert [" ".join(one.split()) for one in found] == [" ".join(one.split()) for one in blocks]


def test_a_passage_leads_back_to_its_lines() -> None:
    (one,) = passages(parse("It **emitted**\n3 kg of\nCO2\n").lines)
    at = one.text.index("3")
    assert (one.line_at(0).number, one.line_at(at).number, one.line_at(len(one.text)).number) == (1, 2, 3)
    assert one.written(0, at + 4) == "3 kg"
    assert one.written(at, at + 4) == "3 kg"
    assert one.written(0, 14) == "It **emitted**"
    assert one.written(at, at) == ""


def word(text: str, piece: str, concept: str) -> tuple[str, int, int]:
    at = text.index(piece)
    return concept, at, at + len(piece)


@pytest.mark.parametrize(
    ("text", "piece", "count"),
    [
        ("all 5 runs emitted", "runs", 1),
        ("5 runs emitted", "runs", 1),
        ("the best of 5 runs emitted", "runs", 0),
        ("3 x 12 runs", "runs", 0),
        ("runs emitted", "runs", 0),
        ("1 runs emitted", "runs", 0),
        ("an ensemble of 5 runs", "runs", 0),
        ("20 times, runs", "runs", 1),
        ("20 times more, runs", "runs", 0),
    ],
)
def test_several_runs(text: str, piece: str, count: int) -> None:
    assert len(several(text, [word(text, piece, "replicate")], 0, len(text))) == count


def test_groups_of_words() -> None:
    text = "all four sizes emitted"
    words = [word(text, "four", "many"), word(text, "sizes", "members")]
    assert families(text, words) == [("family", 4, 14)]
    assert families(text, words[:1]) == []
    far = "all four, and then sizes"
    assert families(far, [word(far, "four", "many"), word(far, "sizes", "members")]) == []
    own = "all four herons, together"
    assert families(own, [word(own, "four", "many"), word(own, "heron", "own-name")]) == [("family", 4, 14)]
    stage = "the first of three stages"
    assert portions(stage, [word(stage, "first", "ordinal"), word(stage, "stages", "stage")]) == [("portion", 4, 25)]
    run = "the first runs"
    assert portions(run, [word(run, "first", "ordinal"), word(run, "runs", "stage")]) == []
    apart = "the first, three stages"
    assert portions(apart, [word(apart, "first", "ordinal"), word(apart, "stages", "stage")]) == []
    hall = "our centre emitted 3 t in 2023"
    facility = [word(hall, "centre", "facility")]
    assert of_a_facility(hall, facility, (0, len(hall))) == [("facility-year", 4, 10)]
    assert of_a_facility(hall, facility, (0, 20)) == []
    assert of_a_facility(hall, [*facility, ("annual", 0, 3)], (0, 20)) == [("facility-year", 4, 10)]
    assert of_a_facility(hall, [], (0, len(hall))) == []


def test_where_a_sentence_turns() -> None:
    text = "predicted 790 g and finally our 812 g"
    plan, own = word(text, "predicted", "plan"), word(text, "our", "own")
    first, last = (10, 15), (32, 37)
    assert turns(text, [plan, own], plan, last, [first], []) == 1
    assert turns(text, [plan], plan, last, [first], []) == 0
    assert turns(text, [plan, own], own, last, [first], []) == 0
    assert turns(text, [plan, own], plan, first, [last], []) == 0
    assert turns(text, [plan], plan, last, [], [first]) == 1
    that = "as much as a flight, that is 3 kg"
    equal = word(that, "as much as", "equal")
    at = (that.index("3"), len(that))
    assert turns(that, [equal], equal, at, [], []) == 2
    assert turns(that.replace("that is", "about so"), [equal], equal, at, [], []) == 0
    serve = "in service: 0.6 g an answer, 51 kg a month"
    word_of = word(serve, "service", "infer")
    one, two = (12, 17), (29, 34)
    assert governs(serve, [word_of], word_of, two, [one], 0)
    assert not governs(serve, [word_of], word_of, one, [two], 0)
    assert not governs(serve, [word_of, ("train", 18, 27)], word_of, two, [one], 0)
    assert not governs(serve.replace(", 51", "; 51"), [word_of], word_of, two, [one], 0)
    assert not governs(serve, [word_of], ("plan", *word_of[1:]), two, [one], 0)
    assert is_elliptic(" in Ohio, about ")
    assert is_elliptic("at Leeds ")
    assert not is_elliptic(" in the end, about ")
