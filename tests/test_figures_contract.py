"""The figure contract refuses what nobody sees in a program.

Wrong size, empty panels, words over words, words beyond the edge.
"""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from present import present

from analysis.figures import axes as ingredients
from analysis.figures import contract
from analysis.figures.checks import overlaps, refuse_flaws
from analysis.figures.contract import (
    FigureRefusedError,
    NothingToDrawError,
    Size,
    add_source_line,
    house_style,
    new_figure,
)
from analysis.figures.page_svg import page_svg
from analysis.figures.picture import RecordingRenderer, Words
from analysis.results import Column, Table

SIZE = Size(1, 60)


@pytest.fixture
def styled() -> Iterator[None]:
    with house_style():
        yield


def drawn(plot: bool = True) -> tuple[Figure, Axes]:
    figure = new_figure(SIZE)
    axes = figure.subplots()
    if plot:
        axes.plot([1, 2, 3], [1, 4, 9])
    return figure, axes


@pytest.mark.parametrize(("columns", "height"), [(3, 60), (0, 60), (1, 5), (2, 400)])
def test_a_size_that_fits_no_page_is_refused(columns: int, height: float) -> None:
    with pytest.raises(FigureRefusedError):
        Size(columns, height)


def test_widths_are_those_of_a_printed_column() -> None:
    assert [Size(columns, 60).width_mm for columns in (1, 2)] == [85.0, 178.0]


@pytest.mark.usefixtures("styled")
def test_a_sound_figure_passes() -> None:
    figure, axes = drawn()
    axes.set_xlabel("time")
    refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_a_figure_resized_while_drawing_is_refused() -> None:
    figure, _ = drawn()
    figure.set_size_inches(4, 4)
    with pytest.raises(FigureRefusedError, match="resized"):
        RecordingRenderer(figure).files(SIZE)


@pytest.mark.usefixtures("styled")
def test_an_empty_panel_is_refused() -> None:
    figure, _ = drawn(plot=False)
    with pytest.raises(FigureRefusedError, match="empty"):
        refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_a_panel_whose_data_lies_outside_its_limits_is_empty() -> None:
    figure, axes = drawn()
    axes.set_xlim(50, 60)
    with pytest.raises(FigureRefusedError, match="empty"):
        refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_a_panel_of_missing_numbers_is_empty() -> None:
    figure, axes = drawn(plot=False)
    axes.plot([1, 2], [float("nan")] * 2)
    with pytest.raises(FigureRefusedError, match="empty"):
        refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_a_panel_of_bars_without_height_is_empty() -> None:
    figure, axes = drawn(plot=False)
    axes.set_xlim(5, 6)
    axes.barh([0, 1], [0, 0])
    with pytest.raises(FigureRefusedError, match="empty"):
        refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_overlapping_words_are_refused_and_named() -> None:
    figure, axes = drawn()
    axes.text(2, 5, "one label")
    axes.text(2.05, 5.1, "another label")
    with pytest.raises(FigureRefusedError, match="'one label' and 'another label'"):
        refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_crowded_ticks_are_refused() -> None:
    figure, axes = drawn()
    axes.set_xticks([1, 1.02, 3], ["January 2022", "February 2022", "March 2022"])
    with pytest.raises(FigureRefusedError, match="overlap"):
        refuse_flaws(figure)


@pytest.mark.usefixtures("styled")
def test_words_beyond_the_edge_are_refused() -> None:
    figure, _ = drawn()
    figure.text(0.98, 0.5, "far away").set_in_layout(False)
    with pytest.raises(FigureRefusedError, match="far away"):
        refuse_flaws(figure)


def test_boxes_that_only_touch_do_not_overlap() -> None:
    boxes = [Words("a", 0, 0, 10, 10), Words("b", 10, 0, 20, 10), Words("c", 0, 10, 10, 20)]
    assert overlaps(boxes) == []
    assert overlaps([*boxes, Words("d", 5, 5, 15, 15)]) == [("a", "d"), ("b", "d"), ("c", "d")]


def test_nobody_elses_settings_are_read_or_left_behind() -> None:
    before = dict(mpl.rcParams)
    with mpl.rc_context({"font.size": 31, "axes.grid": True}):
        with house_style():
            assert mpl.rcParams["font.size"] == contract.SETTINGS["font.size"]
            assert not mpl.rcParams["axes.grid"]
        assert mpl.rcParams["font.size"] == 31
    assert dict(mpl.rcParams) == before


BYTES = """
import hashlib, sys, time
from analysis.figures.contract import *
from analysis.figures.checks import refuse_flaws
from analysis.figures.page_svg import page_svg
with house_style():
    figure = new_figure(Size(1, 50))
    axes = figure.subplots()
    axes.plot([1, 2, 3], [1, 4, 9], label="CO₂")
    axes.legend()
    add_source_line(figure, "Source: nothing", synthetic=True)
    files = refuse_flaws(figure).files(Size(1, 50))
    files["page"] = page_svg(files["page"], "x", "t", "d").encode()
print([hashlib.sha256(files[kind]).hexdigest() for kind in sorted(files)])
"""


def test_bytes_depend_on_neither_time_nor_hash_seed(project_dir: Path) -> None:
    said = []
    for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo")):
        environment = {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "PATH": "/usr/bin",
            "HOME": "/nonexistent",
            "MPLCONFIGDIR": str(mpl.get_configdir()),
        }
        said.append(
            subprocess.run(
                [sys.executable, "-c", BYTES],
                cwd=project_dir,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
    assert said[0] == said[1]
    assert len(said[0]) > 190


@pytest.mark.usefixtures("styled")
def test_pdf_embeds_truetype_and_names_no_date() -> None:
    figure, _ = drawn()
    add_source_line(figure, "Source: nothing", synthetic=True)
    files = refuse_flaws(figure).files(SIZE)
    assert b"/FontFile2" in files["pdf"]
    assert b"CarbonPlotSans" in files["pdf"]
    assert b"/Type3" not in files["pdf"]
    assert b"CreationDate" not in files["pdf"]
    assert b"<dc:date>" not in files["svg"]
    assert b"<text" not in files["svg"]


@pytest.mark.usefixtures("styled")
def test_a_cloud_is_a_few_elements_with_every_point_in_its_place() -> None:
    figure, axes = drawn(plot=False)
    axes.plot(range(1000), [value % 7 for value in range(1000)], "o", color="#0072b2", alpha=0.4, markersize=2)
    recorder = refuse_flaws(figure)
    page = page_svg(recorder.files(SIZE)["page"], "x", "t", "d")
    assert len(page) < 60_000
    assert page.count("stroke-linecap:round") == 4
    places = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", page)]
    assert len(places) == 1000
    expected = axes.transData.transform([(value, value % 7) for value in range(1000)]) * 72 / figure.dpi
    height = SIZE.inches[1] * 72
    wanted = [(x, height - y) for x, y in expected]
    assert sorted(places) == [pytest.approx(each, abs=0.06) for each in sorted(wanted)]
    assert "stroke:var(--blue);stroke-width:2;stroke-linecap:round;stroke-opacity:0.4" in page


@pytest.mark.usefixtures("styled")
def test_words_of_the_page_are_text_where_the_picture_has_them() -> None:
    figure, axes = drawn()
    axes.set_ylabel("up <b>")
    recorder = refuse_flaws(figure)
    root = ET.fromstring(page_svg(recorder.files(SIZE)["page"], "x", "t", "d"))
    texts = [node for node in root.iter() if node.tag.endswith("text")]
    assert [node.text for node in texts] == [each.text for each in recorder.words]
    turned = next(node for node in texts if node.text == "up <b>")
    assert turned.get("transform", "").startswith("rotate(-90 ")
    box = next(each for each in recorder.words if each.text == "up <b>")
    middle = (recorder.height - (box.bottom + box.top) / 2) * 72 / contract.PNG_DPI
    assert float(present(turned.get("y"))) == pytest.approx(middle, abs=0.5)


@pytest.mark.usefixtures("styled")
def test_images_inside_a_figure_are_refused() -> None:
    figure, axes = drawn()
    axes.imshow([[1, 2], [3, 4]])
    with pytest.raises(FigureRefusedError, match="images"):
        refuse_flaws(figure)


def test_palette_differs_in_lightness_or_hue_also_without_red_or_green() -> None:
    """Okabe and Ito's colours under Viénot's 1999 simulation of protanopia and deuteranopia stay apart."""

    def linear(colour: str) -> list[float]:
        return [(int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5)]

    def seen(rgb: list[float], kind: str) -> tuple[float, float, float]:
        r, g, b = rgb
        if kind == "protan":
            return (0.11238 * r + 0.88762 * g, 0.11238 * r + 0.88762 * g, 0.00401 * r - 0.00401 * g + b)
        return (0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b)

    for kind in ("protan", "deutan"):
        for one, other in combinations(contract.CATEGORY_COLOURS[:5], 2):
            a, b = seen(linear(one), kind), seen(linear(other), kind)
            assert sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5 > 0.1, (kind, one, other)


def test_source_line_wraps_and_marks_made_up_data() -> None:
    with house_style():
        figure, _ = drawn()
        add_source_line(figure, "Source: " + "a word " * 40, synthetic=True)
        recorder = refuse_flaws(figure)
    words = [each.text for each in recorder.words]
    assert "SYNTHETIC DATA" in words
    assert sum(text.startswith(("Source", "a word", "word")) for text in words) > 1


def table_with(rows: tuple[tuple[Any, ...], ...], note: str = "") -> dict[str, Table]:
    return {
        "t": Table(
            id="t",
            title="T",
            columns=(Column(name="x", title="x"), Column(name="version", title="v")),
            rows=rows,
            note=note,
        )
    }


def test_rows_without_a_value_are_left_out_and_none_left_says_why() -> None:
    tables = table_with(((1.0, "repaired"), (None, "repaired"), (float("nan"), "as-published")))
    assert ingredients.rows_of(tables, "t", "x") == [{"x": 1.0, "version": "repaired"}]
    with pytest.raises(NothingToDrawError, match="x"):
        ingredients.rows_of(tables, "t", "x", version="as-published")
    with pytest.raises(NothingToDrawError, match="not public"):
        ingredients.rows_of(table_with((), "the population is not public"), "t", "x")
    with pytest.raises(NothingToDrawError, match="no table u"):
        ingredients.rows_of(tables, "u")


@pytest.mark.parametrize(
    ("month", "index"), [("2022-01", 24264), ("2022-12", 24275), ("2022Q1", 24264), ("2022Q4", 24273)]
)
def test_month_numbers(month: str, index: int) -> None:
    assert ingredients.month_index(month) == index


@pytest.mark.parametrize("last", ["2021-02", "2022-01", "2023-04", "2031-12", "2099-01"])
@pytest.mark.usefixtures("styled")
def test_month_axes_of_any_length_have_room(last: str) -> None:
    figure, axes = drawn(plot=False)
    months = ["2021-01", last]
    axes.plot([ingredients.month_index(month) for month in months], [1, 2])
    ingredients.month_axis(axes, months)
    refuse_flaws(figure)
    assert len(axes.get_xticks()) <= 11


@pytest.mark.usefixtures("styled")
def test_names_step_aside_or_stay_away() -> None:
    figure, axes = drawn()
    figure.draw_without_rendering()
    written = ingredients.label_points(axes, [(2, 4, f"a rather long name {index}") for index in range(30)])
    refuse_flaws(figure)
    assert 1 < written < 30


def test_spread_is_even_and_the_same_every_time() -> None:
    shifts = ingredients.spread(64)
    assert shifts == ingredients.spread(64)
    assert len(set(shifts)) == 64
    assert all(-1 <= shift <= 1 for shift in shifts)
    assert abs(sum(shifts) / 64) < 0.05


@pytest.mark.parametrize("text", ["$x^2$ and 20 $", "<b>&amp;</b>", "模型" * 40, "\x00\x07", "%s {0}", "\\"])
@pytest.mark.usefixtures("styled")
def test_any_name_can_be_written(text: str) -> None:
    figure, axes = drawn()
    axes.set_xlabel(ingredients.shorten(text, 30))
    refuse_flaws(figure)
