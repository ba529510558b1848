"""The audit: the sheet is safe and complete, labels come back as precision, recall and agreement.

And the page works in a browser.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from browser import Browser, needs_chromium
from click.testing import CliRunner, Result
from present import present
from sample_snapshot import write_snapshot

from analysis.audit.evidence import FILE_HEADING, chosen, occurrence, place_in_words
from analysis.audit.read import audit, read_labels
from analysis.audit.sheet import FIELDS, HEADER, Item, Question, page, sheet_csv, sheet_id
from analysis.commands.audit import command
from mining.build.run import build
from mining.errors import UsageError
from mining.paths import Home
from sample_hub.synthetic.sample import SampleHub

HOSTILE = '</script><script>window.stolen=1</script><img src=x onerror="window.stolen=1">'


def item(
    number: int,
    stratum: str = "emissions found",
    *,
    found: str | None = "12.5",
    weight: float = 2.0,
    card: str = "CO2: 12.5 g",
) -> Item:
    questions = (
        Question(field="emissions", found=found, evidence="12.5 g" if found else ""),
        Question(field="hardware"),
    )
    return Item(
        model_key=f"k{number}", model_id=f"a/m{number}", stratum=stratum, weight=weight, card=card, questions=questions
    )


def labelled(tmp_path: Path, labels: dict[tuple[int, str], str], items: list[Item], name: str = "one.csv") -> Path:
    rows = list(csv.DictReader(io.StringIO(sheet_csv(items))))
    for row in rows:
        row["label"] = labels.get((int(row["item"]), row["field"]), "")
    path = tmp_path / name
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return path


# ---------------------------------------------------------------- sheet


def test_hostile_text_stays_text() -> None:
    text = page([item(1, card=HOSTILE)], HOSTILE)
    assert "<script>window" not in text
    assert text.count("<script") == 2
    data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["items"][0]["card"] == HOSTILE
    assert "default-src 'none'" in text
    assert "http" not in re.sub(r"http-equiv", "", text.replace(data[1], ""))


def test_the_csv_holds_one_row_a_field_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(sheet_csv([item(1), item(2, found="=1+1")]))))
    assert [row["field"] for row in rows] == ["emissions", "hardware"] * 2
    assert rows[2]["found"] == "'=1+1"
    assert rows[0]["weight"] == "2.0"


def test_a_sheet_knows_itself() -> None:
    assert sheet_id([item(1)]) == sheet_id([item(1)]) != sheet_id([item(2)])


# ---------------------------------------------------------------- reading back


def test_precision_and_recall(tmp_path: Path) -> None:
    items = [item(n) for n in range(1, 11)] + [item(n, "nothing found", found=None, weight=2.0) for n in range(11, 21)]
    labels = {(n, "emissions"): "right" for n in range(1, 9)} | {
        (9, "emissions"): "wrong",
        (10, "emissions"): "invented",
    }
    labels |= {(n, "emissions"): "rightly-none" for n in range(11, 20)} | {(20, "emissions"): "missed"}
    said = audit(read_labels(labelled(tmp_path, labels, items)))
    (score,) = (one for one in said.fields if one.field == "emissions")
    assert score.precision_of_sample.estimate == pytest.approx(8 / 10)
    assert score.recall_of_sample.estimate == pytest.approx(8 / 10)
    assert score.precision.estimate == pytest.approx(0.8)
    assert score.recall.estimate == pytest.approx(8 / 10)
    assert present(score.precision.low) < 0.8 < present(score.precision.high)
    assert score.counts == {"invented": 1, "missed": 1, "right": 8, "rightly-none": 9, "wrong": 1}
    assert said.unlabelled == 20
    assert "precision 0.800" in said.paragraph


def test_missed_models_count_with_what_they_stand_for(tmp_path: Path) -> None:
    """One missed model that stands for 90 others weighs as much as 90 right ones."""
    items = [
        item(1, weight=10.0),
        item(2, "nothing found", found=None, weight=90.0),
        item(3, "nothing found", found=None, weight=90.0),
    ]
    labels = {(1, "emissions"): "right", (2, "emissions"): "missed", (3, "emissions"): "rightly-none"}
    (score, *_) = audit(read_labels(labelled(tmp_path, labels, items))).fields
    assert score.recall.estimate == pytest.approx(10 / 100)
    assert score.recall_of_sample.estimate == pytest.approx(1 / 2)


def test_unsure_counts_nowhere_and_is_told(tmp_path: Path) -> None:
    labels = {(1, "emissions"): "right", (2, "emissions"): "unsure"}
    said = audit(read_labels(labelled(tmp_path, labels, [item(1), item(2)])))
    assert said.unsure == 1
    assert said.fields[0].precision.n == 1


def test_agreement_of_two_readers(tmp_path: Path) -> None:
    """Cohen 1960: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no of 50 gives kappa 0.4."""
    items = [item(n) for n in range(1, 51)]
    one = ["right"] * 25 + ["wrong"] * 25
    two = ["right"] * 20 + ["wrong"] * 5 + ["right"] * 10 + ["wrong"] * 15
    first = labelled(tmp_path, {(n, "emissions"): one[n - 1] for n in range(1, 51)}, items, "one.csv")
    second = labelled(tmp_path, {(n, "emissions"): two[n - 1] for n in range(1, 51)}, items, "two.csv")
    said = audit(read_labels(first), read_labels(second))
    assert said.agreement["all"].estimate == pytest.approx(0.4)
    assert present(said.agreement["emissions"].low) < 0.4 < present(said.agreement["emissions"].high)
    assert "kappa = 0.40" in said.paragraph


@pytest.mark.parametrize(
    ("label", "message"),
    [("perfect", "is not a label"), ("missed", "where a value was found"), ("rightly-none", "where a value was found")],
)
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, label: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_labels(labelled(tmp_path, {(1, "emissions"): label}, [item(1)]))


def test_files_that_are_no_sheets_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="not a labelling sheet"):
        read_labels(tmp_path / "x.csv")
    with pytest.raises(UsageError, match="no labelled sheet"):
        read_labels(tmp_path / "absent.csv")
    with pytest.raises(UsageError, match="nothing is labelled"):
        audit(read_labels(labelled(tmp_path, {}, [item(1)])))
    broken = labelled(tmp_path, {(1, "emissions"): "right"}, [item(1)])
    broken.write_text(broken.read_text().replace("2.0", "heavy"))
    with pytest.raises(UsageError, match="weight is not a number"):
        read_labels(broken)
    one = labelled(tmp_path, {(1, "emissions"): "right"}, [item(1)], "one.csv")
    other = labelled(tmp_path, {(1, "emissions"): "right"}, [item(7)], "other.csv")
    with pytest.raises(UsageError, match="share no labelled field"):
        audit(read_labels(one), read_labels(other))


# ---------------------------------------------------------------- the command on the sample


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("data"))
    raw = write_snapshot(home.raw("s"), SampleHub(seed=3, n_models=900, reporter_scale=5.0))
    build(raw, home.processed("s"))
    return home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_the_command_makes_a_seeded_stratified_sheet(home: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert (
            run(
                "s", "--out", str(home.root), "--n", "40", "--seed", "5", "--to", str(tmp_path / name), "--quiet"
            ).exit_code
            == 0
        )
    for name in ("audit.html", "audit.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    rows = list(csv.DictReader(io.StringIO((tmp_path / "one" / "audit.csv").read_text())))
    assert len(rows) == 40 * len(FIELDS)
    strata = {row["stratum"] for row in rows}
    assert "emissions found" in strata
    assert len(strata) >= 2
    found = [row for row in rows if row["stratum"] == "emissions found" and row["field"] == "emissions"]
    assert all(row["found"] and row["evidence"] for row in found)


def test_the_command_reads_a_sheet_back(home: Path, tmp_path: Path) -> None:
    path = labelled(tmp_path, {(n, "emissions"): "right" for n in (1, 2, 3)}, [item(n) for n in (1, 2, 3)])
    answer = run("s", "--out", str(home.root), "--read", str(path))
    assert answer.exit_code == 0
    assert "precision" in answer.stdout
    assert "We audited" in answer.stdout
    said = json.loads(run("s", "--out", str(home.root), "--read", str(path), "--second", str(path), "--json").stdout)
    assert said["fields"][0]["precision"]["estimate"] == 1.0


def test_a_snapshot_without_cards_cannot_be_audited(tmp_path: Path) -> None:
    home = Home(tmp_path)
    build(write_snapshot(home.raw("s"), SampleHub(seed=3, n_models=50), cards=False), home.processed("s"))
    assert "no card was read" in str(run("s", "--out", str(tmp_path)).exception)


@pytest.mark.browser
@needs_chromium
def test_the_page_is_used_on_forty_models_and_read_back(home: Path, tmp_path: Path) -> None:
    """Labels forty models by keyboard and by clicks in headless Chromium, reloads the page.

    Exports and reads the file back.
    """
    assert (
        run("s", "--out", str(home.root), "--n", "40", "--seed", "2", "--to", str(tmp_path), "--quiet").exit_code == 0
    )
    with Browser() as browser:
        browser.open((tmp_path / "audit.html").as_uri())
        assert browser.run("data.items.length") == 40
        for _ in range(len(FIELDS)):
            browser.press("1")
        assert browser.run("Object.keys(labels).length") == len(FIELDS)
        browser.press("ArrowRight")
        assert browser.run("at") == 1
        browser.run("document.querySelector('fieldset button').click()")
        browser.run(
            "for (let step = 0; step < 300; step += 1) { document.dispatchEvent(new KeyboardEvent('keydown', {key: "
            "'n', bubbles: true}));"
            "document.dispatchEvent(new KeyboardEvent('keydown', {key: '1', bubbles: true})); }"
        )
        browser.open((tmp_path / "audit.html").as_uri())
        assert (
            browser.run("document.getElementById('share').textContent")
            == f"{40 * len(FIELDS)} of {40 * len(FIELDS)} fields"
        )
        exported = tmp_path / "exported.csv"
        exported.write_text(browser.run("toCsv()"))
        assert browser.run("window.stolen") is None
    said = audit(read_labels(exported))
    assert (said.models, said.unlabelled) == (40, 0)
    (score, *_) = said.fields
    assert score.field == "emissions"
    assert score.precision.estimate == 1.0


def claim(text: str, where: str, *, inner: float | None = None, label: str | None = None) -> dict[str, object]:
    return {"text": text, "where": where, "inner_value": inner, "label": label}


def test_the_evidence_is_the_claim_that_states_the_value() -> None:
    literal = claim("35.1", "metadata:co2_eq_emissions.emissions", inner=35.1)
    spoken = claim("35.1 kg", "card:Impact:9", inner=35100.0)
    assert chosen([literal, spoken], 35100.0) is spoken
    assert chosen([literal, spoken], 7.0) is literal
    board = claim("1 x T4", "card::2", label="NVIDIA T4")
    assert chosen([claim("i7", "card::1"), board], "NVIDIA T4") is board
    assert chosen([], 7.0) is None


CARD = (
    "---\nsteps: 12\nemissions: 12\n---\n\U0001f331 12 epochs\n12 g\n"
    + FILE_HEADING.format(name="emissions.csv")
    + "12,a\n"
)


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("metadata:steps", 0),
        ("metadata:co2_eq_emissions.emissions", 1),
        ("card:Top:6", 3),
        ("file:emissions.csv:1", 4),
        ("card:Top:99", 0),
        ("", 0),
    ],
)
def test_the_marked_words_are_those_of_the_place(where: str, number: int) -> None:
    assert occurrence(CARD, "12", where) == number
    assert occurrence(CARD, "absent", where) == 0


def test_places_in_words() -> None:
    assert place_in_words("file:emissions.csv:1") == "file emissions.csv, row 1"
    assert place_in_words("listing") == "listing"


def test_the_sheet_shows_the_files_that_were_read_and_plain_numbers(home: Path, tmp_path: Path) -> None:
    assert run("s", "--out", str(home.root), "--n", "400", "--to", str(tmp_path), "--quiet").exit_code == 0
    data = json.loads(
        present(re.search(r'id="data">(.*?)</script>', (tmp_path / "audit.html").read_text(), re.DOTALL))[1]
    )
    assert set(data["meanings"]) == set(FIELDS)
    asked = [
        (item["card"], question) for item in data["items"] for question in item["questions"] if question["evidence"]
    ]
    assert asked
    assert all(question["place"] for _, question in asked)
    assert not [question["found"] for _, question in asked if re.fullmatch(r"[\d.]+e\+\d+", question["found"])]
    by_file = [(card, question) for card, question in asked if question["place"].startswith("file emissions.csv")]
    assert by_file
    assert all(
        FILE_HEADING.format(name="emissions.csv") in card and question["evidence"] in card for card, question in by_file
    )


@pytest.mark.browser
@needs_chromium
def test_what_was_found_can_be_kept_out_of_sight_and_the_right_words_are_marked(tmp_path: Path) -> None:
    found = Question(
        field="emissions",
        found="12",
        evidence="12",
        place="card, line 6",
        occurrence=occurrence(CARD, "12", "card:Top:6"),
    )
    items = [
        Item(model_key=str(n), model_id=f"a/{n}", stratum="emissions found", weight=1.0, card=CARD, questions=(found,))
        for n in (1, 2)
    ]
    (tmp_path / "page.html").write_text(page(items, "s", {"emissions": "What was emitted."}))
    with Browser() as browser:
        browser.open((tmp_path / "page.html").as_uri())
        before = browser.run("document.querySelector('#card mark').previousSibling.textContent")
        assert before == CARD[: CARD.index("12 g")]
        assert "What was emitted." in browser.run("document.getElementById('questions').textContent")
        assert "emissions found" not in browser.run("document.body.innerText")
        browser.run("document.getElementById('blind').click()")
        shown = "getComputedStyle(document.getElementById('questions')).display !== 'none'"
        assert browser.run(shown) is False
        browser.press("1")
        assert browser.run("Object.keys(labels).length") == 0
        assert browser.run("document.querySelector('#card mark')") is None
        browser.press(" ")
        assert browser.run(shown) is True
        browser.press("1")
        assert browser.run("Object.keys(labels).length") == 1
        browser.press("ArrowRight")
        assert browser.run(shown) is False
        browser.run("document.getElementById('help').click()")
        assert browser.run("document.getElementById('how').hidden") is False
        assert browser.problems() == []


@pytest.mark.browser
@needs_chromium
def test_hostile_cards_run_nothing_in_a_browser(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page([item(1, card=HOSTILE, found=HOSTILE)], HOSTILE))
    with Browser() as browser:
        browser.open((tmp_path / "page.html").as_uri())
        assert browser.run("window.stolen") is None
        assert HOSTILE in browser.run("document.getElementById('card').textContent")
        row = next(csv.DictReader(io.StringIO(browser.run("toCsv()"))))
        assert row["found"] == HOSTILE
