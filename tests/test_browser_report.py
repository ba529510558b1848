"""The report page in a real browser: quiet, alone, readable on a phone and in the dark, sortable with keys alone."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from browser import Browser, needs_chromium
from study_answers import answers

from analysis.figures.gallery import draw_all
from analysis.report.html import page
from analysis.report.study import Study

pytestmark = [pytest.mark.browser, needs_chromium]
IDS = (
    "inclusion_flow",
    "effect_sizes",
    "carbon_emissions_evolution",
    "reporting_classes",
    "label_confusion",
    "generator_carbon_emissions",
)
CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                            return Array.from(canvas.getImageData(0, 0, 1, 1).data); };
  const light = ([r, g, b]) => { const f = (v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
                                 return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const own = (node) => rgb(getComputedStyle(node).backgroundColor);
  const back = (node) => { for (; node; node = node.parentElement) if (own(node)[3] > 250) return own(node);
                           return rgb('Canvas'); };
  const worst = [99, ''];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest('svg, script, style, .skip')) continue;
    const a = light(rgb(getComputedStyle(holder).color)), b = light(back(holder));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < worst[0]) { worst[0] = ratio; worst[1] = node.data.trim().slice(0, 40) + ' in ' +
    holder.outerHTML.slice(0, 80); }
  }
  const paper = light(rgb(getComputedStyle(document.body).backgroundColor));
  for (const glyphs of document.querySelectorAll('svg.figure text')) {
    const colour = rgb(getComputedStyle(glyphs).fill);
    if (glyphs.closest('.onfill') || colour.slice(0, 3).join() === '16,20,24' || colour.slice(0, 3).join() ===
    '254,254,254') continue;
    const a = light(colour);
    const ratio = (Math.max(a, paper) + .05) / (Math.min(a, paper) + .05);
    if (ratio < worst[0]) { worst[0] = ratio; worst[1] = 'figure text ' + glyphs.textContent; }
  }
  return worst;
})()"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a made-up study, served on this machine as a reader's web server would."""
    folder = tmp_path_factory.mktemp("page")
    study = Study(
        snapshot="snapshot-x",
        source="sample",
        answers=answers(),
        provenance={"tool_version": "0.1.0", "snapshot": {"sha256": "ab" * 32}},
        manifest={"files": [{"name": "a-file-with-a-rather-long-name.csv", "size_bytes": 446528, "sha256": "1" * 64}]},
    )
    tables = {table.id: table for answer in study.answers for table in answer.tables}
    figures = draw_all(tables, "Source: made up", synthetic=True, ids=IDS)
    (folder / "report.html").write_text(page(study, figures), encoding="utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/report.html"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as running:
        yield running


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_page_is_quiet_alone_and_fits(browser: Browser, address: str, width: int, dark: bool) -> None:
    browser.open(address, width=width, dark=dark)
    assert browser.problems() == []
    assert [each for each in browser.requests() if not each.startswith("data:font/woff;")] == [address]
    assert browser.run(
        "document.fonts.check('12px \"Carbon Plot Sans\"') && [...document.fonts].every(f => f.status === 'loaded')"
    )
    assert browser.run("document.documentElement.scrollWidth") <= width
    beyond = browser.run(
        "Array.from(document.querySelectorAll('body *')).filter(e => !e.closest('.scroll, .canvas, .skip, .contents "
        "ul, svg')"
        f" && e.getBoundingClientRect().right > {width} + 1).map(e => e.outerHTML.slice(0, 90))"
    )
    assert beyond == []


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_can_be_read(browser: Browser, address: str, dark: bool) -> None:
    browser.open(address, dark=dark)
    browser.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    ratio, where = browser.run(CONTRAST)
    assert ratio >= 4.5, where


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, dark: bool) -> None:
    browser.open(address, width=width, dark=dark)
    assert browser.axe() == []
    browser.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert browser.axe() == []


def test_every_chart_has_its_table_and_contents_stay_in_view(browser: Browser, address: str) -> None:
    browser.open(address)
    without = browser.run(
        "[...document.querySelectorAll('figure[id]')]"
        ".filter(f => !f.querySelector('figcaption a[href$=\".csv\"]')).map(f => f.id)"
    )
    assert without == []
    browser.run("scrollTo(0, 5000)")
    top = browser.run("document.querySelector('nav.contents').getBoundingClientRect().top")
    assert 0 <= top < 60


def test_figures_turn_dark_with_the_page(browser: Browser, address: str) -> None:
    colours = []
    for dark in (False, True):
        browser.open(address, dark=dark)
        colours.append(browser.run("getComputedStyle(document.querySelector('svg.figure path')).fill"))
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 24, 29)"]


def test_figures_are_announced_with_their_words(browser: Browser, address: str) -> None:
    browser.open(address)
    session = browser.page.context.new_cdp_session(browser.page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    images = [node for node in tree if node.get("role", {}).get("value") in {"image", "img"}]
    assert len(images) == len(IDS)
    assert all(
        (node["name"]["value"] and node.get("description", {}).get("value")) or "labelledby" in str(node)
        for node in images
    )


COLUMN = "Array.from(document.querySelectorAll('#results-RQ2\\\\.2 tbody tr')).map(row => row.cells[6].dataset.v)"


def test_tables_sort_by_mouse_and_by_keys_alone(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.run("document.querySelector('#results-RQ2\\\\.2').closest('details').open = true")
    before = browser.run(COLUMN)
    assert before == ["48", "48", "3"]
    head = "document.querySelectorAll('#results-RQ2\\\\.2 th')[6]"
    browser.run(f"{head}.querySelector('button').click()")
    assert browser.run(COLUMN) == ["3", "48", "48"]
    assert browser.run(f"{head}.getAttribute('aria-sort')") == "ascending"
    browser.run(f"{head}.querySelector('button').focus()")
    browser.press("Enter")
    assert browser.run(COLUMN) == ["48", "48", "3"]
    assert browser.run(f"{head}.getAttribute('aria-sort')") == "descending"
    browser.press("Enter")
    assert browser.run(COLUMN) == before
    assert browser.run(f"{head}.getAttribute('aria-sort')") is None
    assert browser.problems() == []


def test_missing_numbers_sort_last_both_ways(browser: Browser, address: str) -> None:
    browser.open(address)
    head = "document.querySelectorAll('#results-RQ2\\\\.2 th')[2].querySelector('button')"
    column = COLUMN.replace("cells[6]", "cells[2]")
    for expected in (["-0.123457", "0.5615", ""], ["0.5615", "-0.123457", ""]):
        browser.run(f"{head}.click()")
        assert browser.run(column) == expected


def test_hostile_names_are_text(browser: Browser, address: str) -> None:
    browser.open(address)
    assert "<script>alert" in browser.run("document.body.textContent")
    assert browser.run("document.scripts.length") == 1


def test_a_number_leads_to_its_result_and_unfolds_it(browser: Browser, address: str) -> None:
    browser.open(f"{address}#table-rq1_4.top")
    assert browser.run("document.getElementById('table-rq1_4.top').closest('details').open") is True
    browser.open(address)
    browser.run("document.querySelector('.pair a.n').click()")
    assert (
        browser.run(
            "location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1))).tagName"
        )
        == "TR"
    )


def test_wide_tables_scroll_inside_themselves_on_a_phone(browser: Browser, address: str) -> None:
    browser.open(address, width=360)
    widths = browser.run(
        "(() => { const e = document.querySelector('#results-RQ2\\\\.2'); return [e.scrollWidth, e.clientWidth]; })()"
    )
    assert widths[0] > widths[1] > 250
    assert browser.run("document.querySelector('#results-RQ2\\\\.2').tabIndex") == 0


def test_made_up_data_stays_in_sight(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.run("scrollTo(0, 4000)")
    assert browser.run("document.querySelector('.synthetic').getBoundingClientRect().top") == 0
