"""Cards taken apart: headings, pairs, tables, front matter, plain YAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mining.card.document.document import parse, where
from mining.card.document.front_matter import find_front_matter, parse_front_matter
from mining.card.document.simple_yaml import UNKNOWN, read_plain
from mining.card.extract.emission_claims import body_emissions
from mining.card.files.logs import log_claims
from mining.card.files.meters import meter_claims
from mining.card.lexicon.keywords import has_emission_word
from mining.card.lexicon.words import is_emission_label, is_placeholder, scope_of
from mining.card.read import read_card
from mining.card.values.measures import body_measures


def test_headings_of_every_kind_make_a_path() -> None:
    card = parse(
        "# Top\n\n## Environment ##\n\n**Carbon:**\n\ntext\n\nUnderlined\n==========\n\n<h3>Markup "
        "<b>x</b></h3>\n\nlast\n"
    )
    assert card.title == "Top"
    assert [line.section for line in card.lines if line.kind == "heading"] == [
        "Top",
        "Environment",
        "Carbon",
        "Underlined",
        "Markup x",
    ]
    text = next(line for line in card.lines if line.text == "text")
    assert (text.section, text.path, where(text)) == ("Carbon", "Top > Environment > Carbon", "card:Carbon:7")


@pytest.mark.parametrize(
    "written",
    [
        "- **Hours used:** 5",
        "- **Hours used**: 5",
        "* Hours used: 5",
        "**Hours used** 5",
        "Hours used = 5",
        "1. Hours used: 5",
        "- *Hours used*: 5",
        "<b>Hours used</b>: 5",
        "Hours used：5",
    ],
)
def test_a_pair_in_every_dress(written: str) -> None:
    card = parse(f"## A\n\n{written}\n")
    (pair,) = card.labelled_values
    assert (pair.label, pair.value, pair.line) == ("Hours used", "5", 3)
    assert pair.evidence(card) in written


def test_a_value_on_the_next_line_but_never_the_next_label() -> None:
    card = parse("- **Carbon Emitted:**\n  5 kg\n\n- **Hours used:**\n- **Cloud Provider:** none\n")
    assert [(pair.label, pair.value, pair.value_line) for pair in card.labelled_values] == [
        ("Carbon Emitted", "5 kg", 2),
        ("Hours used", "", 4),
        ("Cloud Provider", "none", 5),
    ]


def test_comments_code_and_links_are_blanked_at_equal_length() -> None:
    text = "a <!-- 5 kg CO2 --> [tool](https://co2.example/12) `x` &nbsp;CO<sub>2</sub> 5\u202fkg"
    (line,) = parse(text).lines
    assert len(line.plain) == len(text)
    assert "5 kg CO2" not in line.plain
    assert "12" not in line.plain
    assert line.plain.split() == ["a", "tool", "x", "CO", "2", "5", "kg"]


def test_code_blocks_keep_their_lines_and_close() -> None:
    card = parse("```py\nx = 1\n```\ntext\n~~~\n```\n~~~\nend")
    assert [line.kind for line in card.lines] == ["code", "code", "code", "text", "code", "code", "code", "text"]


def test_markdown_table() -> None:
    card = parse("Caption here\n\n| A | B **b** | C |\n|:--|---|--:|\n| 1 | `2` | |\n| x | y | z |\n\nafter | not\n")
    (table,) = card.tables
    assert table.header == ("A", "B b", "C")
    assert [[cell.plain for cell in row.cells] for row in table.rows] == [["1", "2", ""], ["x", "y", "z"]]
    assert table.rows[0].cells[1].text == "`2`"
    assert (table.caption, table.line) == ("Caption here", 3)


def test_html_table_with_spans() -> None:
    html = "<table><tr><th>M</th><th colspan=2>E</th></tr>\n"
    html += "<tr><td rowspan='2'>a</td><td>1</td><td>2</td></tr>\n<tr><td>3</td><td>4\n5</td></tr></table>"
    (table,) = parse(html).tables
    assert table.header == ("M", "E", "E")
    assert [[cell.plain for cell in row.cells] for row in table.rows] == [["a", "1", "2"], ["a", "3", "4 5"]]
    assert table.rows[1].cells[2].line == 3


def test_two_column_tables_are_pairs() -> None:
    card = parse("| Key | Value |\n|---|---|\n| emissions | 0.04 |\n")
    assert [(pair.label, pair.value) for pair in card.labelled_values] == [("Key", "Value"), ("emissions", "0.04")]


@pytest.mark.parametrize(
    ("text", "status", "first", "last"),
    [
        ("---\nlicense: mit\n---\nx", "ok", 1, 3),
        ("x\ny", "absent", 0, -1),
        ("---\n---\n", "empty", 1, 2),
        ("\n---\nlicense: mit\n---\nx", "misplaced", 2, 4),
        ("# T\n\n---\nlicense: mit\n---\nx", "misplaced", 3, 5),
        ("---\n---\nlicense: mit\n---\nx", "twice", 1, 4),
        ("---\nlicense: mit\n# T", "unclosed", 1, 2),
        ("```yaml\n---\nlicense: mit\n---\n```\nx", "fenced", 1, 5),
        ("license: mit\n---\nx", "misplaced", 1, 2),
        ("---\njust a rule\n\ntext", "absent", 0, -1),
    ],
)
def test_where_front_matter_lies(text: str, status: str, first: int, last: int) -> None:
    front = find_front_matter(text.split("\n"))
    assert (front.status, front.first_line, front.last_line) == (status, first, last)


def test_front_matter_values() -> None:
    text = "license: mit\nlanguage:\n- en\n- no\ndatasets: [a, b]\nwidget:\n- text: x\n"
    text += "model-index:\n- name: m\n  results: []\nco2_eq_emissions:\n  emissions: 1.5\n"
    parsed = parse_front_matter(text)
    assert parsed.problem is None
    said = {
        "license": "mit",
        "language": ["en", "no"],
        "datasets": ["a", "b"],
        "co2_eq_emissions": {"emissions": 1.5},
    }
    assert parsed.mapping == said
    assert parse_front_matter(text, model_index=True).mapping == {**said, "model-index": [{"name": "m", "results": []}]}


def test_what_is_done_to_one_reading_does_not_show_in_the_next() -> None:
    text = "tags:\n- a\nco2_eq_emissions:\n  emissions: 1\n"
    first = parse_front_matter(text).mapping
    assert first is not None
    first["tags"].append("b")
    first["co2_eq_emissions"]["emissions"] = 2
    assert parse_front_matter(text).mapping == {"tags": ["a"], "co2_eq_emissions": {"emissions": 1}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", None),
        ("# only a comment", None),
        ("{}", None),
        ("- a\n- b", "not-a-mapping"),
        ("license: [mit", "invalid-yaml"),
        ("license: &a mit", "anchors"),
        ("license: " + "[" * 60, "too-deep"),
    ],
)
def test_front_matter_problems(text: str, problem: str | None) -> None:
    assert parse_front_matter(text).problem == problem


SCALARS = st.one_of(
    st.sampled_from(
        [
            "word",
            "two words",
            "a/b-c",
            "0.5",
            "12",
            "-3.25",
            "'quoted'",
            '"q: x"',
            "no",
            "1e5",
            "null",
            "~",
            "12:30",
            "x # y",
            "a: b",
            "- z",
            "[1]",
            "@x",
            "%",
            "0x1F",
            "1_000",
            "[]",
        ]
    ),
    st.text(alphabet="abc 0123.-_/#:'\"[]{}", max_size=12),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "key one", "- a", "  c", "  - d", "    e", "- - f", "-"]), SCALARS),
        min_size=1,
        max_size=8,
    )
)
def test_plain_yaml_agrees_with_the_loader(rows: list[tuple[str, str]]) -> None:
    from mining.card.document.front_matter import _load

    lines = [f"{key}: {value}".rstrip() if not key.endswith("-") else f"{key} {value}".rstrip() for key, value in rows]
    read = read_plain(["top:", *lines])
    if read is not UNKNOWN:
        try:
            yaml.safe_load("\n".join(["top:", *lines]))
        except yaml.YAMLError:
            return
        assert repr(read) == repr(_load("\n".join(["top:", *lines])))


def test_logs_and_files() -> None:
    log = "```\n[codecarbon INFO @ 10:00:00] 0.5 kWh of electricity used since the beginning.\n"
    log += "[codecarbon INFO] 7.2 kWh of electricity used since the beginning.\n```\n"
    (claim,) = log_claims(parse(log))
    assert (claim.quantity, claim.inner_value, claim.line) == ("energy", 7.2, 3)
    table = b'timestamp,emissions,energy_consumed,duration\n"a,b",0.5,1.25,3600\nx,nan,,\n'
    rows = meter_claims({"emissions.csv": table})
    assert [(rows[0].outcome, rows[0].flags)] == [("unreadable", ("row-no-number",))]
    assert [(row.quantity, row.inner_value, row.where) for row in rows[1:4]] == [
        ("emissions", 500.0, "file:emissions.csv:1"),
        ("energy", 1.25, "file:emissions.csv:1"),
        ("duration", 1.0, "file:emissions.csv:1"),
    ]
    assert meter_claims({"x.csv": b"a,b\n1,2\n"}) == []


def test_measures_beside_the_emissions() -> None:
    text = (
        "## Environmental Impact\n\n- **Energy consumed:** 0.0074 kW\n- RAM energy: 0.1 kWh\n"
        "- PUE: 1.1\n- **Carbon efficiency (kg/kWh):** 0.432\n"
        "- **TDP:** 350 W\n- Water used: 12 kL\n- Training FLOPs: 1e21 FLOPs\n\n"
        "The run took 31 kWh in all.\n\n| M | Power (W) | Energy |\n|---|---|---|\n| x | 400 | 2 MWh |\n"
    )
    found = {(claim.quantity, claim.inner_value, claim.scope) for claim in body_measures(parse(text))}
    assert {
        ("energy", 0.0074, "unknown"),
        ("energy", 0.1, "component"),
        ("pue", 1.1, "unknown"),
        ("intensity", 432.0, "unknown"),
        ("power", 350.0, "unknown"),
        ("water", 12_000.0, "unknown"),
        ("flop", 1e21, "training-run"),
        ("power", 400.0, "unknown"),
    } <= found
    own = {(claim.quantity, claim.inner_value, claim.scope) for claim in read_card(text).claims}
    assert ("energy", 2000.0, "training-run") in own


def test_claims_name_their_subject_and_place() -> None:
    claims = body_emissions(parse("## Impact\n\n| Model | CO2 (kg) |\n|---|---|\n| Alpha | 5 |\n| Total | 7 |\n"))
    assert [(claim.value, claim.unit, claim.subject, claim.scope, claim.where) for claim in claims] == [
        (5.0, "kg", "Alpha", "unknown", "card:Impact:5"),
        (7.0, "kg", None, "family-total", "card:Impact:6"),
    ]


@pytest.mark.parametrize(
    "label",
    [
        "Carbon Emitted",
        "CO2 Emissions (in grams)",
        "Carbon Footprint",
        "GHG emissions",
        "Émissions de carbone",
        "炭素排出量",
        "CO2eq",
    ],
)
def test_labels_of_emissions(label: str) -> None:
    assert is_emission_label(label)


@pytest.mark.parametrize(
    "label",
    [
        "Carbon Intensity",
        "Carbon efficiency (kg/kWh)",
        "Carbon offset",
        "Carbon source",
        "Emission factor",
        "Hours used",
        "CO2 tracker",
        "Emissions dataset",
        "atco2 corpus",
        "Energy level",
        "CO2 per kWh",
    ],
)
def test_labels_of_something_else(label: str) -> None:
    assert not is_emission_label(label)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "N/A",
        "[More Information Needed]",
        "more information needed.",
        "Unknown",
        "TBD",
        "-",
        "…",
        "Not measured",
        "to be determined",
        "*(Forthcoming.)*",
        "未定" * 0,
        "Inconnu",
    ],
)
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["5 kg", "none of 12 kg", "Negligible", "low", "0", "~35 kg"])
def test_values_that_are_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)


def test_scopes() -> None:
    assert scope_of("inference of one sample") == "inference"
    assert scope_of("all experiments") == "experiments"
    assert scope_of("training all 12 models") == "family-total"
    assert scope_of("fine-tuning") == "fine-tuning"
    assert scope_of("Pretraining") == "pre-training"
    assert scope_of("embodied") == "embodied"
    assert scope_of("x", "training-run") == "training-run"
    assert has_emission_word("炭素")
    assert not has_emission_word("nothing here")


@pytest.mark.parametrize(
    ("before", "grams"),
    [
        ("The training was metered:", [1200.0]),
        ("For example, you can write:", []),
        ("Add this to your card:", []),
    ],
)
def test_a_value_in_code_counts_unless_it_is_an_example(before: str, grams: list[float]) -> None:
    card = parse(
        f"# M\n\n## Environmental impact\n\n{before}\n\n```yaml\nco2_eq_emissions:\n  emissions: 1200 g\n```\n"
    )
    assert [claim.inner_value for claim in body_emissions(card)] == grams
