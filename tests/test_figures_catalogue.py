"""Every figure of the catalogue is drawn from result tables alone, or says why it is missing."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from present import present
from study_answers import HOSTILE_NAME, answers

from analysis.figures import catalogue, effects, gallery
from analysis.figures.checks import refuse_flaws
from analysis.figures.contract import Size, house_style, new_figure
from analysis.figures.gallery import Drawn
from analysis.figures.page_svg import THEMED, page_svg
from analysis.results import Table

LINE = "Source: made up for a test · snapshot test · manifest 0123456789ab · hf-carbon 0.0"


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return {table.id: table for answer in answers() for table in answer.tables}


@pytest.fixture(scope="module")
def drawn(tables: dict[str, Table]) -> list[Drawn]:
    return gallery.draw_all(tables, LINE, synthetic=True)


def test_every_figure_is_drawn_when_the_tables_are_there(drawn: list[Drawn]) -> None:
    assert {each.spec.id: each.missing for each in drawn if each.missing} == {}
    assert [each.spec.id for each in drawn] == [spec.id for spec in catalogue.FIGURES]


def test_every_figure_has_three_files_and_words(drawn: list[Drawn]) -> None:
    for each in drawn:
        assert sorted(each.files) == ["pdf", "png", "svg"]
        assert each.files["pdf"].startswith(b"%PDF")
        assert each.files["png"].startswith(b"\x89PNG")
        assert len(each.alternative) > 60, each.spec.id
        assert "nan" not in each.alternative.lower().split()
        assert "None" not in each.alternative


def test_figures_are_as_wide_as_a_column(drawn: list[Drawn]) -> None:
    for each in drawn:
        width = float(present(re.search(rb'width="([\d.]+)pt"', each.files["svg"]))[1]) / 72 * 25.4
        assert min(abs(width - 85), abs(width - 178)) < 0.01, each.spec.id


def test_two_processes_draw_the_same_bytes_as_one(drawn: list[Drawn], tables: dict[str, Table]) -> None:
    ids = [spec.id for spec in catalogue.FIGURES[:4]]
    again = gallery.draw_all(tables, LINE, synthetic=True, ids=ids)
    assert [each.files for each in again] == [each.files for each in drawn[:4]]


def test_no_tables_no_figures_but_reasons() -> None:
    found = gallery.draw_all({}, LINE, synthetic=False)
    assert all(each.missing and not each.files for each in found)


def test_a_missing_denominator_is_the_reason_that_is_given(tables: dict[str, Table]) -> None:
    share = tables["rq1_1.monthly_share"]
    without = Table(
        id=share.id,
        title=share.title,
        columns=share.columns,
        rows=(),
        note="the models that do not report are not public",
    )
    found = gallery.draw_all({share.id: without}, LINE, synthetic=False, ids=["carbon_emissions_reporting_evolution"])
    assert found[0].missing == "the models that do not report are not public"


def test_page_figures_have_words_their_own_ids_and_themed_colours(drawn: list[Drawn]) -> None:
    seen: set[str] = set()
    for each in drawn:
        text = each.page
        root = ET.fromstring(text)
        assert root.get("role") == "img"
        title, description = root[0], root[1]
        assert (title.text, description.text) == (each.spec.title, each.alternative)
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert not seen & set(ids)
        seen |= set(ids)
        assert set(re.findall(r"var\((--\w+)\)", text)) <= set(THEMED.values())
        used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
        assert used <= set(ids)
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        for colour in THEMED:
            assert colour not in text, (each.spec.id, colour)


def test_words_of_a_figure_are_escaped() -> None:
    with house_style():
        figure = new_figure(Size(1, 60))
        figure.subplots().plot([1, 2], [1, 2])
        text = page_svg(refuse_flaws(figure).files(Size(1, 60))["page"], "x", HOSTILE_NAME, HOSTILE_NAME)
    assert "<script" not in text
    ET.fromstring(text)


def test_files_are_small(drawn: list[Drawn]) -> None:
    """They are kept in the repository, and the page holds all of them."""
    for each in drawn:
        assert max(map(len, each.files.values())) < 300_000, each.spec.id
        assert len(each.page) < 100_000, each.spec.id


def test_the_forest_shows_what_answers_a_question_and_no_checks(tables: dict[str, Table]) -> None:
    forest = tables["rq2_2.forest"]
    names = [column.name for column in forest.columns]
    aside = tuple(
        "rq2.2.check.other.repaired" if name == "result" else "not a headline" if name == "title" else 0.5
        for name in names
    )
    aside = tuple(
        "repaired" if name == "version" else "r" if name == "effect_name" else value
        for name, value in zip(names, aside, strict=True)
    )
    more = {
        **tables,
        forest.id: Table(id=forest.id, title=forest.title, columns=forest.columns, rows=(*forest.rows, aside)),
    }
    assert effects._panels(effects._rows(more)) == effects._panels(effects._rows(tables))


def test_drawing_code_computes_nothing() -> None:
    """No statistics library, no raw data: a figure shows tables."""
    folder = Path(catalogue.__file__).parent
    banned = {
        "scipy",
        "statsmodels",
        "pandas",
        "pyarrow",
        "duckdb",
        "analysis.stats",
        "analysis.questions.tables",
        "mining.build.run",
        "mining.snapshot",
    }
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name == bad or name.startswith(f"{bad}.") for name in names for bad in banned), path.name
            assert not any("pyplot" in name for name in names), path.name
