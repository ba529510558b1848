"""A card taken apart: kinds of lines, pairs, tables, passages, sentences and plain text, each from a few characters."""

from __future__ import annotations

import pytest

from mining.card.document.document import parse
from mining.card.document.keyed import is_key_of_emissions, keyed_numbers
from mining.card.document.locale import locale_of
from mining.card.document.passages import passages, sentences
from mining.card.document.plain_text import plain_text
from mining.card.document.simple_yaml import UNKNOWN, read_plain
from mining.card.document.title import is_telling
from mining.units import NOTHING


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("A\n===\n", "heading blank blank"),
        ("A\n=\n", "text text blank"),  # one mark underlines nothing
        ("A\n---\ntext\n", "heading blank text blank"),
        ("\n---\ntext\n", "blank blank text blank"),
        ("x" * 121 + "\n===\n", "text blank blank"),
        ("x" * 120 + "\n===\n", "heading blank blank"),
        ("###### six\n", "heading blank"),
        ("####### seven\n", "text blank"),
        ("   # one\n", "heading blank"),
        ("    # one\n", "text blank"),
        ("#\n", "text blank"),
        ("<h2>Head</h2>\n", "heading blank"),
        ("<h7>Head</h7>\n", "text blank"),
        ("**Bold**\n", "heading blank"),
        ("**Bold** text\n", "text blank"),
        ("*Italic*\n", "heading blank"),
        ("- item\n", "text blank"),
        ("| a | b |\n", "table blank"),
        ("| a\n", "table blank"),
        ("a | b\n", "text blank"),
        ("a | b | c\n", "text blank"),
        ("x\n~~~\na\n```\n~~~\nb\n", "text code code code code text blank"),
        ("x\n```py\na\n````\nb\n", "text code code code text blank"),
        ("x\n````\na\n```\nb\n", "text code code code code code"),  # closed by fewer marks than it was opened with
        ("x\n```a```\nb\n", "text code text blank"),
        ("x\n<!-- a\nb -->\nc\n", "text blank blank text blank"),
        ("x\n<!-- a\n```\nb -->\nc\n", "text blank blank blank text blank"),
    ],
)
def test_kinds_of_lines(text: str, kinds: str) -> None:
    assert [line.kind for line in parse(text).lines] == kinds.split()


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("# A\n## B\n# C\nx", ["A", "A > B", "C", "C"]),
        ("# A\n### B\n## C\n### D\nx", ["A", "A > B", "A > C", "A > C > D", "A > C > D"]),
        ("# A\n**Bee**\n**Cee**\nx", ["A", "A > Bee", "A > Cee", "A > Cee"]),
        ("# A\n**Bee**\n**Lead** goes on\nx", ["A", "A > Bee", "A", "A"]),
        ("**Bee**\n**Lead** goes on\nx", ["Bee", "", ""]),
        ("# A\n**Lead** goes on\nx", ["A", "A", "A"]),
    ],
)
def test_headings_above_a_line(text: str, paths: list[str]) -> None:
    card = parse(text)
    assert [line.path for line in card.lines] == paths
    assert [line.section or "" for line in card.lines] == [path.rpartition(" > ")[2] for path in paths]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("# A\n\n1. Cloud = AWS", [("Cloud", "AWS", 3, "Cloud = AWS")]),
        ("# A\n\n* **Energy** 4 kWh", [("Energy", "4 kWh", 3, "**Energy** 4 kWh")]),
        ("Hours used:\n\n5 h\nnext: 3", [("Hours used", "5 h", 3, "5 h"), ("next", "3", 4, "next: 3")]),
        ("Hours used:\n- 5 h", [("Hours used", "5 h", 2, "- 5 h")]),
        ("Hours used:\n\n\n5 h", [("Hours used", "", 1, "Hours used:")]),
        ("Hours used:\n# 5 h", [("Hours used", "", 1, "Hours used:")]),
        ("a == b\nhttp://x", []),
        ("co2 emitted = 3", [("co2 emitted", "3", 1, "co2 emitted = 3")]),
        ("x\n```\nco2_kg: 3\nother: 4\n```", [("co2_kg", "3", 3, "co2_kg: 3")]),
        ("| a | b |\n|---|---|\n| CO2: | 3 kg |", [("a", "b", 1, "a | b"), ("CO2", "3 kg", 3, "CO2: | 3 kg")]),
        (
            "| a | value | unit |\n|---|---|---|\n| E | 4 | kWh |",
            [("a", "value", 1, "a | value"), ("E", "4 kWh", 3, "E | 4")],
        ),
        (
            "| a | value | note |\n|---|---|---|\n| E | 4 | x |\n| | 5 | y |",
            [("a", "value", 1, "a | value"), ("E", "4", 3, "E | 4")],
        ),
        ("| a | b | c |\n|---|---|---|\n| E | 4 | x |", []),
    ],
)
def test_labelled_values_with_their_evidence(text: str, pairs: list[tuple[str, str, int, str]]) -> None:
    card = parse(text)
    found = [(pair.label, pair.value, pair.value_line, pair.evidence(card)) for pair in card.labelled_values]
    assert found == pairs
    for pair in card.labelled_values:
        line = card.line(pair.value_line)
        assert line.text[pair.value_start :].startswith(pair.value.split(" ")[0])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\nb", ["a b"]),
        ("a  \nb", ["a  ", "b"]),
        ("a\\\nb", ["a\\", "b"]),
        ("a\n\nb", ["a", "b"]),
        ("> a\n> b", ["> a > b"]),
        ("a\n> b", ["a", "> b"]),
        ("- a\n- b", ["- a", "- b"]),
        ("a\n12. b", ["a", "12. b"]),
        ("a\n1234. b", ["a 1234. b"]),
        ("# h\na", ["# h", "a"]),
        ("a\n| b |\nc", ["a", "c"]),
        ("a\nKey: b", ["a", "Key: b"]),
        ("a\n" * 41, [" ".join("a" * 40), "a"]),
    ],
)
def test_paragraphs_and_items(text: str, found: list[str]) -> None:
    assert [passage.text for passage in passages(parse(text).lines)] == found


def test_offsets_of_a_passage_lead_back_to_its_lines() -> None:
    (passage,) = passages(parse("first **line**\nsecond here").lines)
    assert [passage.line_at(at).number for at in (0, 13, 14, 15, 25)] == [1, 1, 1, 2, 2]
    assert passage.written(0, 5) == "first"
    assert passage.written(6, 14) == "**line**"
    assert passage.written(6, 21) == "second"  # of the line of its end
    assert passage.written(15, 26) == "second here"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A b. C d.", ["A b.", "C d."]),
        ("It is 3.5 kg. Then.", ["It is 3.5 kg.", "Then."]),
        ("12. Then", ["12.", "Then"]),
        ("12. then", ["12. then"]),
        ("so ca. 3 kg. B", ["so ca. 3 kg.", "B"]),
        ("你好。再见。", ["你好。", "再见。"]),
        ("A; B", ["A;", "B"]),
        ("A.  ", ["A."]),
        ("", []),
    ],
)
def test_sentences_and_where_they_stand(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("emissions_kg: 3.5", [("emissions_kg", "3.5", 0, 17, 14)]),
        ("total_emissions_kg=3, x=4", [("total_emissions_kg", "3", 0, 20, 19)]),
        ('"co2_g": 12,', [("co2_g", "12", 0, 11, 9)]),
        ("emissions: 3", []),
        ("teacher_emissions_kg: 3", []),
        ("k: 1, " * 7 + "emissions_kg: 3", [("emissions_kg", "3", 42, 57, 56)]),
        (" ".join(f"key{n}: 1," for n in range(8)) + " emissions_kg: 3", []),  # a line of settings
    ],
)
def test_numbers_behind_keys(text: str, found: list[tuple[str, str, int, int, int]]) -> None:
    assert list(keyed_numbers(parse(text).lines[0])) == found


def test_keys_of_emissions_name_a_unit_and_nobody_else() -> None:
    told = {"emissions_kg": True, "kgCO2e": True, "total_co2_t": True, "emissions": False, "weight_kg": False}
    assert {key: is_key_of_emissions(key) for key in told} == told


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Heron\n", "Heron"),
        ("# Model card\n\n**Heron-7B** is a model.\n", "Heron-7B"),
        ("# Overview\n\n`heron_7b`\n", "heron_7b"),
        ("# Model card\n\n**Heron** is.\n", "Model card"),
        ("# Overview\n" + "x\n\n" * 11 + "**Heron-7B** y\n", "Heron-7B"),
        ("# Overview\n" + "x\n\n" * 12 + "**Heron-7B** y\n", "Overview"),
        ("text\n", None),
    ],
)
def test_what_a_card_calls_its_model(text: str, title: str | None) -> None:
    assert parse(text).title == title


def test_a_telling_name_has_a_mark() -> None:
    assert [is_telling(name) for name in ("Heron", "Heron7", "heroN", "a-b", "Her on")] == [
        *(False, True, True, True, False)
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("12&nbsp;480 kg", "12 480 kg"),
        ("**3**.**5** kg", "  3.5   kg"),
        ("1{,}234", "1,234"),
        ("10<sup>3</sup>", "10^3"),
        ("3·5", "3.5"),
        ("3 * 4", "3 x 4"),
        ("2\\times 3", "2x      3"),
        ("~~3~~ 4 kg", "      4 kg"),
        ("<del>4</del>5", "            5"),
        ("CO$_2$", "CO  2 "),
        ("a<!-- b -->c", "a          c"),
        ("a_b_ c", "a_b  c"),
        ("[z](http://a.b) w", " z              w"),
        ("arXiv:2101.00001 x", "                 x"),
        ("&#8322;&nope;x", "2            x"),
        ("３kg\u202fCO₂", "3kg CO2"),
    ],
)
def test_markup_is_blanked_in_its_place(text: str, plain: str) -> None:
    shown, is_open = plain_text(text)
    assert (shown.replace(NOTHING, ""), len(shown), is_open) == (plain, len(text), False)


def test_a_comment_stays_open_over_lines() -> None:
    assert plain_text("a <!-- b") == ("a       ", True)
    assert plain_text("b --> c", True) == ("      c", False)
    assert plain_text("b <!-- c", True) == (" " * 8, True)


@pytest.mark.parametrize(
    ("numbers", "languages", "locale"),
    [
        (["3,5 kg", "4,25 kg", "1,5 kg"], (), "comma"),
        (["3.5 kg", "4.25 kg", "1.5 kg"], ("de",), "point"),
        (["3,5 kg"], ("de",), "comma"),
        (["3,5 kg"], (), "comma"),
        (["3,5 kg", "3.5 kg"], ("de",), "open"),
        (["1,234"], ("en",), "point"),
        (["1,234"], ("de",), "comma"),
        (["1,234"], (), "open"),
        (["1,234,567.5 kg"], (), "point"),
        (["1.234.567,5 kg"], (), "comma"),
        (["12,5"], ("en",), "open"),
    ],
)
def test_which_mark_begins_decimals(numbers: list[str], languages: tuple[str, ...], locale: str) -> None:
    assert locale_of([(number, False) for number in numbers], lambda: languages) == locale


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (["tags:", "- a", "- b c"], {"tags": ["a", "b c"]}),
        (["co2:", "  emissions: 0.5", "  source: x"], {"co2": {"emissions": 0.5, "source": "x"}}),
        (["a: 1", "b: '2'", 'c: "d"', "e: []", "f: {}"], {"a": 1, "b": "2", "c": "d", "e": [], "f": {}}),
        (["a:", "- b: 1", "  c: 2", "- b: 3"], {"a": [{"b": 1, "c": 2}, {"b": 3}]}),
        (["a:", "b: 1"], {"a": None, "b": 1}),
        (["a: 007"], UNKNOWN),
        (["a: null"], UNKNOWN),
        (["a:", "   b: 1", "  c: 2"], UNKNOWN),
        (["just words"], UNKNOWN),
        (["", "  "], UNKNOWN),
    ],
)
def test_plain_yaml(lines: list[str], value: object) -> None:
    assert read_plain(lines) == value


def test_plain_yaml_keeps_numbers_as_they_were_written() -> None:
    assert read_plain(["a: 1.50", "b:", "  c: 2", "d:"], as_text=True) == {"a": "1.50", "b": {"c": "2"}, "d": ""}
