"""Ways to show a classification.

Nothing of the Hub steers them, every level and letter can be drawn, a phone can show them.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest
from browser import Browser, needs_chromium
from classify_run import BAD_YAML, CARD, HARDWARE_ONLY, METADATA_ONLY, PLAIN, RTF

from analysis.classify.cards import classify_card, unseen
from analysis.classify.classification import Classification
from analysis.classify.rubric import rubric
from analysis.label.annotations import annotate, line_of
from analysis.label.badge import COLOURS, badge, small_badge
from analysis.label.page import page, with_code
from analysis.label.terminal import render, row
from analysis.label.wording import clean, grams_in_words, significant
from mining.errors import GatedError

EVIL = "<script>alert(1)</script>\"'&]]>\x1b[31m\u202e::error::x\n,"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
NAMES = {"verifiable": CARD, "stated": METADATA_ONLY, "context": HARDWARE_ONLY, "silent": PLAIN, "unknown": RTF}
EXPLAINED = CARD.replace("Training consumed 205 kWh in total.", "").replace("- **Hours used:** 10\n", "")


def answer(level: str) -> Classification:
    return classify_card(EXPLAINED if level == "explained" else NAMES[level], model_id="org/model")


def hostile() -> Classification:
    probe = msgspec.structs.replace(
        answer("stated").transparency.probes[0], reason=EVIL, evidence=EVIL, remedy=EVIL, outcome="unreadable"
    )
    told = answer("stated")
    transparency = msgspec.structs.replace(
        told.transparency, reason=EVIL, probes=(probe, *told.transparency.probes[1:])
    )
    return msgspec.structs.replace(
        told, model_id=EVIL, input=EVIL, problem=EVIL, revision=EVIL, transparency=transparency, suggested_metadata=EVIL
    )


@pytest.mark.parametrize("level", [*rubric().level_ids(), "unknown"])
def test_every_level_is_drawn(level: str) -> None:
    told = answer(level)
    assert told.transparency.level == level
    picture = ET.fromstring(badge(told))
    rows = [group for group in picture.iter("{http://www.w3.org/2000/svg}g") if group.get("class") == "own"]
    assert len(rows) == (0 if level == "unknown" else 1)
    title = (
        "Not assessed" if level == "unknown" else next(known.title for known in rubric().levels if known.id == level)
    )
    assert title in render(told)
    assert title in page(told)
    assert title in badge(told)


@pytest.mark.parametrize("level", [*rubric().level_ids(), "unknown"])
def test_the_small_badge_is_one_line(level: str) -> None:
    picture = ET.fromstring(small_badge(answer(level)))
    assert picture.get("height") == "20"
    words = [text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    title = next((known.title for known in rubric().levels if known.id == level), "Not assessed")
    assert words[0] == "carbon disclosure"
    assert words[1].startswith(title)
    evil = ET.fromstring(small_badge(hostile()))
    assert not list(evil.iter("{http://www.w3.org/2000/svg}script"))


def test_the_arrows_grow_from_best_to_worst() -> None:
    assert len(COLOURS) == len(rubric().levels)
    widths = [
        float(width) for width in re.findall(r'<path class="\w*" d="M[\d.]+ [\d.]+h([\d.]+)', badge(answer("stated")))
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(rubric().levels)


@pytest.mark.parametrize("letter", [*"ABCDE", None])
def test_every_letter_is_drawn(letter: str | None) -> None:
    told = answer("stated")
    told = msgspec.structs.replace(told, efficiency=msgspec.structs.replace(told.efficiency, label=letter))
    assert f"efficiency {letter or '–'}" in badge(told)
    assert ("Efficiency" in render(told)) is (letter is not None)
    assert (f"Efficiency  {letter}" if letter else "Not rated") in render(told, detail="full")


def test_hostile_text_stays_text() -> None:
    told = hostile()
    picture = badge(told)
    ET.fromstring(picture)
    html = page(told)
    for text in (picture, html):
        assert "<script" not in text
        assert "\x1b" not in text
    assert "&lt;script&gt;" in html
    for line in render(told, width=80).split("\n"):
        assert "\u202e" not in line
        assert "\x1b" not in ANSI.sub("", line)


def test_a_long_name_keeps_its_end() -> None:
    told = msgspec.structs.replace(
        answer("stated"), model_id="organisation-with-a-long-name/a-model-with-a-name-longer-than-it-2b"
    )
    shown = re.findall(r">([^<]*…[^<]*)<", badge(told))[0]
    assert shown.endswith("-2b")
    assert len(shown) <= 30


@pytest.mark.parametrize("columns", [80, 160])
@pytest.mark.parametrize("level", [*rubric().level_ids(), "unknown"])
def test_lines_fit_the_terminal(level: str, columns: int) -> None:
    for line in render(answer(level), width=columns).split("\n"):
        assert len(ANSI.sub("", line)) <= columns, line


def test_quiet_is_the_verdict_alone() -> None:
    quiet, usual, full = (
        render(answer("stated"), detail=detail, width=80) for detail in ("verdict", "compact", "full")
    )
    assert usual.startswith(quiet)
    assert len(quiet.split("\n")) < len(usual.split("\n")) < 16 < len(full.split("\n"))


def test_a_row_for_each_of_several_cards() -> None:
    for level in NAMES:
        assert len(row(answer(level), 80)) <= 80
    assert row(answer("stated"), 80).split()[0] == "Stated"


@pytest.mark.parametrize(
    ("grams", "words"),
    [
        (None, "not stated"),
        (0.0, "0 g CO2eq"),
        (0.00062, "0.62 mg CO2eq"),
        (0.6, "600 mg CO2eq"),
        (12.5, "12.5 g CO2eq"),
        (999.99, "1 kg CO2eq"),
        (149_200.0, "149 kg CO2eq"),
        (24.7e6, "24.7 t CO2eq"),
        (1.39e12, "1,390,000 t CO2eq"),
        (1e-9, "<0.001 mg CO2eq"),
    ],
)
def test_grams_as_a_reader_says_them(grams: float | None, words: str) -> None:
    assert grams_in_words(grams) == words


def test_numbers_have_no_exponents() -> None:
    assert significant(1_082_990.0) == "1,080,000"
    assert "e" not in significant(999.6)


def test_clean_leaves_one_line() -> None:
    assert clean("a\x1b[0m\nb\u2028c\u202ed") == "a [0m b c d"


def test_workflow_commands_are_encoded() -> None:
    lines = annotate([hostile()], "github").split("\n")
    assert all(re.match(r"::(?:notice|warning) file=[^,:\n]+,line=\d+,title=[^,:\n]+::", line) for line in lines)
    assert sum(line.startswith("::error") for line in lines) == 0
    first = lines[0]
    assert "%0A" in first
    assert "%3A%3Aerror%3A%3Ax" in first.split("::")[1]


def test_percent_signs_survive() -> None:
    told = msgspec.structs.replace(answer("silent"), input="a%0Ab.md")
    assert "file=a%250Ab.md," in annotate([told], "github")


def test_sarif_holds_together() -> None:
    log = json.loads(annotate([answer("stated"), hostile()], "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == [probe.id for probe in rubric().probes]
    assert run["results"]
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"note", "warning", "error", "none"}
        (place,) = result["locations"]
        assert place["physicalLocation"]["region"]["startLine"] >= 1
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", uri)


def test_annotations_point_at_the_line() -> None:
    told = classify_card(BAD_YAML + "\n## Environmental Impact\n\n- **Carbon Emitted:** [More Information Needed]\n")
    lines = {probe.id: line_of(probe) for probe in told.transparency.probes if probe.remedy}
    assert lines["emissions-in-card"] == 9
    assert lines["provider-stated"] == 1


PICTURES = [
    (level, width, dark)
    for level in ("verifiable", "unknown", "hostile")
    for width in (1280, 360)
    for dark in (False, True)
]
CONTRAST = """(() => {
  const lin = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
  const lum = s => { const m = s.match(/[\\d.]+/g).map(Number); return 0.2126 * lin(m[0]) + 0.7152 * lin(m[1]) + 0.0722
  * lin(m[2]) };
  const paper = lum(getComputedStyle(document.body).backgroundColor);
  let worst = 99;
  for (const e of document.querySelectorAll('body *:not(svg *):not(svg):not(pre)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const l = lum(getComputedStyle(e).color);
    worst = Math.min(worst, (Math.max(l, paper) + 0.05) / (Math.min(l, paper) + 0.05));
  }
  return worst })()"""


@pytest.mark.browser
@needs_chromium
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    with Browser() as browser:
        for level, width, dark in PICTURES:
            path = tmp_path / f"{level}.html"
            path.write_text(page(hostile() if level == "hostile" else answer(level)), encoding="utf-8")
            browser.open(path.as_uri(), width=width, dark=dark)
            assert browser.problems() == []
            assert browser.requests() == [path.as_uri()]
            assert browser.run("document.documentElement.scrollWidth") <= width, (level, width)
            assert browser.run(CONTRAST) >= 4.5, (level, dark)


def test_what_was_not_seen_gets_a_page_and_a_badge() -> None:
    told = unseen("org/gated", GatedError("org/gated: behind an agreement"))
    assert "behind an agreement" in page(told)
    assert "?" in badge(told)


def test_words_between_backticks_are_code_on_the_page_and_hostile_text_stays_text() -> None:
    shown = page(answer("silent"))
    assert "<code>hardware_used</code>" in shown
    assert "`" not in re.sub(r"(?s)<(script|style)>.*?</\1>", "", shown)
    assert str(with_code("`<b>` & <i>")) == "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"
