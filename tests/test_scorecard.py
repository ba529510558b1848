"""Scorecards of an organisation: one row a model, within the Hub's quota, resumable, hostile names escaped."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, needs_chromium
from classify_run import CARD
from click.testing import CliRunner, Result

from analysis.classify.cards import classify_card
from analysis.cli import cli
from analysis.label.scorecard import NOT_ASSESSED, as_csv, as_markdown, as_table, scorecard
from analysis.label.scorecard_page import as_page
from sample_hub import LoopbackHub, RecordHub

N = 300
HOSTILE = "evil/<img src=x onerror=1>|`=cmd`"


def hub_of_an_organisation() -> RecordHub:
    siblings = [{"rfilename": "README.md"}, {"rfilename": "model.safetensors"}]
    records = [{"id": f"lab/model-{number:03}", "siblings": siblings} for number in range(N)]
    records += [{"id": "lab2/other", "siblings": siblings}]
    cards = {f"lab/model-{number:03}": CARD if number % 3 else "# Nothing\n" for number in range(N)}
    return RecordHub(records, cards, access={"lab/model-007": "gated"})


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(hub_of_an_organisation(), quota={"api": 500, "resolvers": 5_000}) as running:
        yield running


def classify(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["classify", *arguments])


def test_an_organisation_of_300_models_is_one_row_each_within_the_quota(hub: LoopbackHub, tmp_path: Path) -> None:
    run = classify("author:lab", "--endpoint", hub.endpoint, "--out", str(tmp_path), "--format", "csv")
    assert run.exit_code == 3, run.output  # one model is gated
    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [row["model"] for row in rows] == [f"lab/model-{number:03}" for number in range(N)]
    assert next(row for row in rows if row["model"] == "lab/model-007")["level"] == NOT_ASSESSED
    assert all(
        float(row["emissions_gco2e"]) > 0 for row in rows if int(row["model"][-3:]) % 3 and row["model"][-3:] != "007"
    )
    assert {row["level"] for row in rows if not int(row["model"][-3:]) % 3} == {"Silent"}
    assert 429 not in hub.counters.statuses
    asked = sum(hub.counters.statuses.values())
    again = classify("author:lab", "--endpoint", hub.endpoint, "--out", str(tmp_path), "--format", "csv")
    assert again.stdout == run.stdout
    assert sum(hub.counters.statuses.values()) == asked, "what was crawled is read from disk"


def test_an_interrupted_scorecard_goes_on(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mining.snapshot import SnapshotWriter

    whole = SnapshotWriter.append
    calls = []

    def interrupted(self: SnapshotWriter, envelopes: list[object]) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        whole(self, envelopes)  # type: ignore[arg-type]

    monkeypatch.setattr(SnapshotWriter, "append", interrupted)
    assert classify("author:lab", "--endpoint", hub.endpoint, "--out", str(tmp_path)).exit_code
    monkeypatch.setattr(SnapshotWriter, "append", whole)
    run = classify("author:lab", "--endpoint", hub.endpoint, "--out", str(tmp_path), "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(run.stdout)))) == N


def test_a_list_of_names_and_a_snapshot(hub: LoopbackHub, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("lab/model-001\nlab2/other\n")
    run = classify(f"ids:{tmp_path / 'ids.txt'}", "--endpoint", hub.endpoint, "--out", str(tmp_path))
    assert "lab/model-001" in run.stdout
    assert "lab2/other" in run.stdout
    assert "2 models: " in run.stdout
    name = next((tmp_path / "raw").iterdir()).name
    offline = classify("author:lab2", "--snapshot", name, "--out", str(tmp_path))
    assert "1 model: " in offline.stdout
    assert classify("author:nobody", "--snapshot", name, "--out", str(tmp_path)).exit_code


def test_totals_and_actions_follow_from_the_models() -> None:
    answers = [classify_card(CARD, name="a.md"), *(classify_card("# Nothing\n", name=f"{n}.md") for n in range(4))]
    card = scorecard(answers, "examples")
    assert dict(card.levels)["Silent"] == 4
    assert sum(count for _, count in card.levels) == len(card.rows) == 5
    assert len(card.actions) == 3
    assert all(action.models >= 4 and action.of == 5 for action in card.actions)
    assert card.actions[0].probe in answers[1].transparency.next_steps
    assert "5 models: " in as_table(card)
    assert as_table(card).splitlines()[-1].startswith("3. ")


def test_hostile_names_are_text_in_every_form() -> None:
    silent = "No heading here.\n"
    card = scorecard([classify_card(silent, name=HOSTILE), classify_card(silent, name="=1+1\x1b[31m")], HOSTILE)
    assert "<img" not in as_page(card)
    assert "<img" not in as_markdown(card)
    assert "\n'=1+1" in as_csv(card)
    assert "\x1b" not in as_table(card) + as_csv(card) + as_markdown(card) + as_page(card)


def test_no_form_of_nothing_fails() -> None:
    empty = scorecard([], "none")
    assert all(form(empty) for form in (as_table, as_csv, as_markdown, as_page))


@pytest.mark.browser
@needs_chromium
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    answers = [
        classify_card(CARD if n % 2 else "# x\n", name=f"organisation/model-with-a-long-name-{n}.md") for n in range(40)
    ]
    path = tmp_path / "card.html"
    path.write_text(as_page(scorecard(answers, "author:organisation")), encoding="utf-8")
    with Browser() as browser:
        for width, dark in ((1280, False), (390, True)):
            browser.open(path.as_uri(), width=width, dark=dark)
            assert browser.problems() == []
            assert browser.run("document.documentElement.scrollWidth") <= width
            assert browser.axe() == []
