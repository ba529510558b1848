"""Tables and lines taken apart: cells with their places, spans, heads that are missing, headings of every form."""

from __future__ import annotations

import pytest

from mining.card.document.document import parse
from mining.card.document.front_matter import find_front_matter


def cut(text: str) -> list[tuple[int, str | None, str, list[list[str]]]]:
    """Line, section, caption and cells of each table of a body."""
    card = parse(text, None)
    return [
        (table.line, table.section, table.caption, [[cell.plain for cell in row.cells] for row in rows])
        for table in card.tables
        for rows in [(table.header_row, *table.rows)]
    ]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", [(1, None, "", [["a", "b"], ["1", "2"]])]),
        ("a | b\n---|---\n1 | 2\n\nText.\n", [(1, None, "", [["a", "b"], ["1", "2"]])]),
        ("| a | b |\n|:--|--:|\n| 1 |\n| 1 | 2 | 3 |\n", [(1, None, "", [["a", "b"], ["1"], ["1", "2", "3"]])]),
        ("# H\n\nSee  here:\n\n| a | b |\n|-|-|\n", [(5, "H", "See here:", [["a", "b"]])]),
        ("See here:\n\n\n\n| a | b |\n|-|-|\n", [(5, None, "", [["a", "b"]])]),
        ("See here:\n# H\n| a | b |\n|-|-|\n", [(3, "H", "", [["a", "b"]])]),
        ("| a | b |\n| 1 | 2 |\n\n| c | d |\n", [(1, None, "", [["a", "b"], ["1", "2"]]), (4, None, "", [["c", "d"]])]),
        ("| a |\n", []),
        ("```\n| a | b |\n|---|---|\n```\n", []),
        ("| **a** | `b`  c |\n|---|---|\n", [(1, None, "", [["a", "b c"]])]),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>\n",
            [(1, None, "", [["a", "b"], ["1", "2"]])],
        ),
        (
            "<table>\n<tr><th colspan=2>a</th></tr>\n<tr><td>1\n<br>x</td><td>2</td></tr>\n</table>\n",
            [(2, None, "", [["a", "a"], ["1 x", "2"]])],
        ),
        (
            '<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>\n',
            [(1, None, "", [["a", "b"], ["a", "c"], ["d"]])],
        ),
        (
            "<table><tr><td>a</td><td rowspan=3>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>\n",
            [(1, None, "", [["a", "b"], ["c", "b"], ["d", "b"]])],
        ),
        ("<table><tr><td>a</td><td>b\n", [(1, None, "", [["a", "b"]])]),
        ("<table></table>\n", []),
        ("<TABLE><TR><TD>a</TD><TD></TD></TR></TABLE>\n", [(1, None, "", [["a", ""]])]),
    ],
)
def test_cells_of_a_table(text: str, tables: list[tuple[int, str | None, str, list[list[str]]]]) -> None:
    assert cut(text) == tables


def test_cells_keep_the_text_as_it_is_written_at_their_line() -> None:
    (table,) = parse("x\n\n|  **a** | [b](c) |\n|---|---|\n| `1` |2|\n", None).tables
    assert [(cell.text, cell.line) for cell in table.header_row.cells] == [("**a**", 3), ("[b](c)", 3)]
    assert [(cell.text, cell.line) for row in table.rows for cell in row.cells] == [("`1`", 5), ("2", 5)]
    assert (table.width, table.header) == (2, ("a", "b"))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("# A\ntext\n", [("heading", "A", "A"), ("text", "A", "A")]),
        (
            "# A\n## Bb ##\nx\n# C\nx\n",
            [
                *[("heading", "A", "A"), ("heading", "Bb", "A > Bb"), ("text", "Bb", "A > Bb")],
                *[("heading", "C", "C"), ("text", "C", "C")],
            ],
        ),
        ("####### A\n", [("text", None, "")]),
        ("    # A\n", [("text", None, "")]),
        ("   # A\n", [("heading", "A", "A")]),
        ("#\n", [("text", None, "")]),
        ("A\n===\nx\n", [("heading", "A", "A"), ("blank", "A", "A"), ("text", "A", "A")]),
        ("A\n---\nx\n", [("heading", "A", "A"), ("blank", "A", "A"), ("text", "A", "A")]),
        ("A" * 121 + "\n---\n", [("text", None, ""), ("blank", None, "")]),
        ("\n---\nx\n", [("blank", None, ""), ("blank", None, ""), ("text", None, "")]),
        ("A\n-\n", [("text", None, ""), ("text", None, "")]),
        ("<h2>A <b>b</b></h2>\nx\n", [("heading", "A b", "A b"), ("text", "A b", "A b")]),
        ("# A\n**Bb**\nx\n", [("heading", "A", "A"), ("heading", "Bb", "A > Bb"), ("text", "Bb", "A > Bb")]),
        ("**Bb:**\nx\n", [("heading", "Bb", "Bb"), ("text", "Bb", "Bb")]),
        ("# A\n**Bb**\n**C** and more\n", [("heading", "A", "A"), ("heading", "Bb", "A > Bb"), ("text", "A", "A")]),
        ("*B b*\nx\n", [("heading", "B b", "B b"), ("text", "B b", "B b")]),
        (
            "**Bb**\n*C c*\n**Dd**\nx\n",
            [
                *[("heading", "Bb", "Bb"), ("heading", "C c", "Bb > C c")],
                *[("heading", "Dd", "Dd"), ("text", "Dd", "Dd")],
            ],
        ),
        ("```\n# A\n```\nx\n", [("code", None, ""), ("code", None, ""), ("code", None, ""), ("text", None, "")]),
        ("~~~\n```\n~~~\nx\n", [("code", None, ""), ("code", None, ""), ("code", None, ""), ("text", None, "")]),
        ("````\n```\n````\n", [("code", None, ""), ("code", None, ""), ("code", None, "")]),
        ("```\n# A", [("code", None, ""), ("code", None, "")]),
        ("``` x ```\ny\n", [("code", None, ""), ("text", None, "")]),
        ("a | b\n", [("text", None, "")]),
        ("| a\n", [("table", None, "")]),
        ("a | b | c\n", [("text", None, "")]),
        ("<!-- a\n# b\n-->\nx\n", [("blank", None, ""), ("blank", None, ""), ("blank", None, ""), ("text", None, "")]),
    ],
)
def test_kinds_and_headings_of_lines(text: str, kinds: list[tuple[str, str | None, str]]) -> None:
    assert [(line.kind, line.section, line.path) for line in parse(text, None).lines][: len(kinds)] == kinds


def test_lines_are_numbered_behind_a_front_matter() -> None:
    text = "---\nlicense: mit\n---\n# A\n\nx\n"
    card = parse(text, find_front_matter(text.split("\n")))
    assert [(line.number, line.kind) for line in card.body if line.kind != "blank"] == [(4, "heading"), (6, "text")]
    assert (card.title, card.line(4).text) == ("A", "# A")
