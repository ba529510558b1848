"""The report: the same bytes from the same answers, every number traced to its result.

And no text of the Hub ever executed.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from present import present
from study_answers import HOSTILE_NAME, answers

from analysis import rounding
from analysis.figures.catalogue import FIGURES
from analysis.figures.gallery import Drawn, draw_all
from analysis.questions.snapshot_summary import SnapshotSummary
from analysis.report import gallery, render, sections, typeset, writer
from analysis.report.html import page
from analysis.report.names import anchor, file_name, macro_name
from analysis.report.study import Study, load_study, question_order, read_answer
from analysis.report.view import linked, measure_of
from analysis.results import Answer, Column, Conclusion, Estimate, Result, Table
from analysis.stats import proportion
from mining.errors import DamagedDataError, HfCarbonError, SchemaMismatchError, UsageError
from mining.paths import Processed

MANIFEST = {
    "source": "published",
    "plan_hash": "c" * 64,
    "files": [{"name": "HFCO2.csv", "size_bytes": 446528, "sha256": "1" * 64}],
    "shards": [],
}
PROVENANCE = {
    "source": "published",
    "schema_version": "1",
    "tool_version": "0.1.0",
    "snapshot": {"sha256": "ab" * 32, "plan": {"files": {"HFCO2.csv": "1" * 64}}},
    "account": {"models_in": 1417, "models_kept": 1417, "models_rejected": {}},
}


def analysed(folder: Path, source: str = "published", keep: int = 14) -> Processed:
    processed = Processed(folder / "snapshot-x")
    processed.results.mkdir(parents=True)
    for answer in answers()[:keep]:
        (processed.results / f"{answer.question}.json").write_bytes(msgspec.json.encode(answer))
    processed.provenance.write_text(json.dumps({**PROVENANCE, "source": source}))
    return processed


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    """Every figure, drawn once for all tests of this file."""
    tables = {table.id: table for answer in answers() for table in answer.tables}
    study = Study(
        snapshot="snapshot-x", source="published", answers=answers(), provenance=PROVENANCE, manifest=MANIFEST
    )
    return draw_all(tables, sections.source_line(study), synthetic=False)


@pytest.fixture
def without_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask nothing of a figure."""
    monkeypatch.setattr(writer, "draw_all", lambda *_, **__: [Drawn(spec, missing="not asked for") for spec in FIGURES])


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, drawn: list[Drawn]) -> Processed:
    processed = analysed(tmp_path_factory.mktemp("report"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "draw_all", lambda *_, **__: drawn)
        render(processed, MANIFEST)
    return processed


@pytest.fixture(scope="module")
def html(rendered: Processed) -> str:
    return rendered.report.read_text(encoding="utf-8")


class Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str | None] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        self.ids += [said["id"]] if "id" in said else []
        self.links += [said["href"] or ""] if "href" in said else []
        self.sources += [said["src"] or ""] if "src" in said else []


def parsed(html: str) -> Page:
    parser = Page()
    parser.feed(html)
    return parser


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_two_folders_hold_the_same_bytes(
    rendered: Processed, drawn: list[Drawn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures that are drawn twice have a test of their own."""
    monkeypatch.setattr(writer, "draw_all", lambda *_, **__: drawn)
    again = analysed(tmp_path / "quite" / "another" / "place")
    render(again, MANIFEST)
    ours, theirs = everything(rendered.folder), everything(again.folder)
    ours = {name: body for name, body in ours.items() if not name.startswith("gallery/")}
    assert ours == theirs
    assert not any(b"another/place" in body for body in theirs.values())


def test_a_second_call_does_nothing_and_a_changed_answer_does(rendered: Processed, tmp_path: Path) -> None:
    before = rendered.report.stat().st_mtime_ns
    assert render(rendered, MANIFEST).skipped
    assert rendered.report.stat().st_mtime_ns == before


def test_nothing_is_left_of_a_figure_that_is_no_longer_drawn(tmp_path: Path, without_drawing: None) -> None:
    processed = analysed(tmp_path, keep=1)
    processed.figures.mkdir()
    processed.paper_tables.mkdir()
    (processed.figures / "old.png").write_bytes(b"x")
    (processed.paper_tables / "old.csv").write_bytes(b"x")
    done = render(processed, MANIFEST)
    assert done.missing
    assert not (processed.figures / "old.png").exists()
    assert not (processed.paper_tables / "old.csv").exists()
    assert not list(processed.folder.rglob("*.part"))


def test_the_page_asks_for_nothing_from_elsewhere(html: str) -> None:
    found = parsed(html)
    assert not found.sources
    assert not [tag for tag in found.tags if tag in {"iframe", "object", "embed", "form", "img"}]
    outside = [link for link in found.links if not link.startswith(("#", "figures/", "tables/", "results/", "data:,"))]
    assert outside == []
    assert "default-src &#39;none&#39;" in html
    assert "url(http" not in html


def test_every_link_inside_the_page_leads_somewhere(html: str) -> None:
    found = parsed(html)
    assert len(found.ids) == len(set(found.ids))
    missing = {link for link in found.links if link.startswith("#")} - {f"#{name}" for name in found.ids}
    assert missing == set()


def test_every_file_that_the_page_names_is_there(rendered: Processed, html: str) -> None:
    for link in parsed(html).links:
        if link.startswith(("figures/", "tables/")):
            assert (rendered.folder / link).is_file(), link


def test_hostile_names_stay_text(rendered: Processed, html: str) -> None:
    assert '<script>alert("x")' not in html
    assert "&lt;script&gt;alert" in html
    assert html.count("<script") == 1
    body = (rendered.paper_tables / "rq1_4.top.tex").read_text()
    assert r"\_\{evil\}\textbackslash{}" in body
    assert r"\$10\%" in body


def test_every_result_is_on_the_page_with_its_number(html: str) -> None:
    for answer in answers():
        for result in answer.results:
            assert f'id="{anchor(result.id)}"' in html
            assert present(answer.conclusion).sentence[:20] in html
    assert "data-v=0.5615>0.561<" in html
    assert "[0.361, 0.762]" in html


def test_conclusions_say_whether_they_stand(html: str) -> None:
    assert html.count('class="conclusion stands"') == 13
    assert html.count('class="conclusion changes"') == 1


def test_sections_a_reviewer_looks_for(html: str) -> None:
    for title in (
        "What is taken as given",
        "Threats to validity",
        "Data availability",
        "Provenance",
        "Figures this source cannot carry",
    ):
        assert title in html
    assert "GAISSA-UPC/ML-EnergyLabel" in html
    assert "1" * 64 in html
    assert "The number of all models is not public." in html


def test_made_up_data_is_called_synthetic_everywhere(tmp_path: Path, without_drawing: None) -> None:
    processed = analysed(tmp_path, source="sample", keep=2)
    render(processed, {**MANIFEST, "source": "sample"})
    text = processed.report.read_text()
    assert "SYNTHETIC DATA: made by a generator" in text
    assert "SYNTHETIC" in processed.numbers.read_text()
    assert "SYNTHETIC" in (processed.paper_tables / "results.tex").read_text()


def test_published_data_is_not(html: str, rendered: Processed) -> None:
    assert 'class="synthetic"' not in html
    assert "SYNTHETIC" not in rendered.numbers.read_text()


def test_csv_keeps_full_precision_and_no_formula_runs(rendered: Processed) -> None:
    rows = list(csv.reader(io.StringIO((rendered.paper_tables / "rq1_4.top.csv").read_text())))
    assert rows[1][0] == HOSTILE_NAME
    assert rows[2] == ["'=HYPERLINK(1)", "5", "-1.5", "repaired"]
    body = (rendered.paper_tables / "rq1_2.monthly_median.csv").read_text()
    assert re.search(r"\d\.\d{12,}", body)


def test_rows_of_single_models_are_data_and_not_print(rendered: Processed, html: str) -> None:
    """Their CSV files hold all rows; the page shows a few and says where the rest is."""
    study = Study(snapshot="s", source="published", answers=answers())
    single = [table.id for table in study.tables.values() if typeset.is_of_single_models(table)]
    assert "rq2_2.scatter" in single
    for name in single:
        assert (rendered.paper_tables / f"{name}.csv").is_file()
        assert not (rendered.paper_tables / f"{name}.tex").exists()
    rows = len(study.tables["rq2_2.scatter"].rows)
    assert f"The first 10 of {rounding.count(rows)} rows; the CSV file holds all." in html
    many = Table(id="t", title="T", columns=(Column(name="x", title="x"),), rows=((1,),) * 151)
    assert not typeset.is_printed(many)


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode()) < 900_000


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])
def test_texts_that_spreadsheets_execute_are_disarmed(start: str) -> None:
    table = Table(
        id="t", title="T", columns=(Column(name="=x", title="x"),), rows=((start,), (-1.5,), (None,), (True,))
    )
    rows = list(csv.reader(io.StringIO(typeset.csv_text(table).decode(), newline="")))
    assert rows[0] == ["'=x"]
    assert rows[1] == [f"'{start}".replace("\r", "\n")]
    assert rows[2:] == [["-1.5"], [], ["true"]] or rows[2:] == [["-1.5"], [""], ["true"]]


@pytest.mark.parametrize(
    ("text", "typeset_as"),
    [
        ("50 % & more_of #1 {x} $y$ ~ ^", r"50 \% \& more\_of \#1 \{x\} \$y\$ \textasciitilde{} \textasciicircum{}"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("−1.5 × 10⁻⁵", r"$-$1.5 $\times$ 10\textsuperscript{-}\textsuperscript{5}"),
        ("Castaño, CO₂", r"Castaño, CO\textsubscript{2}"),
        ("模型\x07", "???"),
    ],
)
def test_latex_prints_text_and_executes_none(text: str, typeset_as: str) -> None:
    assert typeset.latex(text) == typeset_as


def test_latex_tables_are_booktabs_and_long_ones_break() -> None:
    columns = (Column(name="name", title="Name"), Column(name="x", title="x", unit="g CO2eq"))
    short = typeset.latex_table(Table(id="t", title="T", columns=columns, rows=(("a", 1.5),)))
    assert short.splitlines() == [
        "% T",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"Name & x (g CO\textsubscript{2}eq) \\",
        r"\midrule",
        r"a & 1.50 \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]
    long = typeset.latex_table(Table(id="t", title="T", columns=columns, rows=(("a", 1.5),) * 60))
    assert r"\begin{longtable}" in long
    assert r"\endhead" in long


def test_macros_are_valid_unique_and_cover_every_number(rendered: Processed) -> None:
    lines = [line for line in rendered.numbers.read_text().splitlines() if not line.startswith("%")]
    names = [present(re.fullmatch(r"\\newcommand\{\\([A-Za-z]+)\}\{.*\\xspace\}", line))[1] for line in lines]
    assert len(names) == len(set(names))
    assert r"\newcommand{\rqTwoTwoModelSizeRepairedEstimate}{$-$0.123\xspace}" in lines
    assert r"\newcommand{\rqTwoTwoModelSizeAsPublishedP}{\textless{} 0.001\xspace}" in lines
    assert r"\newcommand{\rqTwoTwoModelSizeRepairedN}{48\xspace}" in lines


def test_two_numbers_never_share_a_macro() -> None:
    def result(name: str, value: float) -> Result:
        return Result(
            id=name, question="RQ1.1", version="repaired", title="t", estimate=Estimate(method="m", estimate=value, n=1)
        )

    answer = Answer(
        question="RQ1.1", title="t", status="answered", results=(result("rq1.a-b", 1.0), result("rq1.a.b", 2.0))
    )
    with pytest.raises(HfCarbonError, match="same macro"):
        typeset.macros(Study(snapshot="s", source="hub", answers=(answer,)))


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("rq2.2.model-size.repaired", "p"), "rqTwoTwoModelSizeRepairedP"),
        (("9 lives",), "nineLives"),
        (("é!", "x"), "x"),
    ],
)
def test_macro_names(parts: tuple[str, ...], name: str) -> None:
    assert macro_name(*parts) == name


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("rq1_2.trends", "rq1_2.trends"),
        ("", "unnamed"),
        ("a/b\\c", "a-b-c"),
        (".hidden", "hidden"),
    ],
)
def test_file_names_never_leave_the_folder(identity: str, name: str) -> None:
    found = file_name(identity)
    assert "/" not in found
    assert ".." not in found
    assert found == name or found.endswith(name)


def test_numbers_in_sentences_lead_to_their_result() -> None:
    html = str(linked("r = −0.56 [1,204; 2.87 × 10⁻⁵¹], RQ2.2, 95 % interval, CO2 & <b>", "t"))
    assert html.count('<a class="n" href="#t">') == 3
    assert "−0.56</a>" in html
    assert "2.87 × 10⁻⁵¹</a>" in html
    assert "&lt;b&gt;" in html
    assert ">95<" not in html


def test_published_and_repaired_are_found_as_a_pair() -> None:
    ids = [measure_of(result) for result in answers()[0].results]
    assert ids[0] == ids[1] == "rq1.1.model-size"


def test_threats_are_read_off_the_results() -> None:
    study = Study(snapshot="s", source="published", answers=answers())
    found = {threat.title: threat.entries for threat in sections.threats(study)}
    assert any("RQ1.1" in entry for entry in found["Not answered, or not in full"])
    assert any("RQ2.3" in entry for entry in found["Conclusions that do not survive the repairs"])
    assert any("fewer than 4 observations" in entry for entry in found["Not computed"])
    assert any("Kilograms" in entry for entry in found["Input that had to be repaired"])
    assert any("skew" in entry for entry in found["Assumptions checked"])
    assert sections.threats(Study(snapshot="s", source="hub", answers=())) == []


def test_source_line_names_the_manifest_and_no_place_of_the_machine() -> None:
    study = Study(snapshot="snapshot-x", source="sample", answers=(), provenance=PROVENANCE, manifest=MANIFEST)
    line = sections.source_line(study)
    assert (
        line == "Source: SYNTHETIC sample, generated from a seed · snapshot snapshot-x · manifest abababababab · "
        "hf-carbon 0.1.0"
    )


def test_a_question_without_any_result_still_has_its_section() -> None:
    bare = Answer(question="RQ1.1", title="Why?", status="not-answerable", reason="not public")
    text = page(Study(snapshot="s", source="hub", answers=(bare,)), [])
    assert "not answerable" in text
    assert "not public" in text


def test_a_planted_reversal_flips_the_page() -> None:
    answer = answers()[0]
    flipped = msgspec.structs.replace(answer, conclusion=Conclusion(verdict="contradicted", sentence="It does not."))
    unclear = msgspec.structs.replace(answer, conclusion=Conclusion(verdict="inconclusive", sentence="Nobody knows."))
    kinds = [
        present(re.search(r'class="conclusion (\w+)"', page(Study(snapshot="s", source="hub", answers=(a,)), [])))[1]
        for a in (answer, flipped, unclear)
    ]
    assert kinds == ["stands", "changes", "open"]


def test_questions_stand_in_their_order() -> None:
    assert sorted(["RQ1.10", "RQ2.1", "RQ1.9"], key=question_order) == ["RQ1.9", "RQ1.10", "RQ2.1"]


def test_what_cannot_be_reported_is_one_clear_line(tmp_path: Path) -> None:
    processed = Processed(tmp_path / "s")
    with pytest.raises(UsageError, match="run analyse first"):
        load_study(processed, MANIFEST)
    processed.results.mkdir(parents=True)
    (processed.results / "RQ1.1.json").write_bytes(b"{")
    with pytest.raises(DamagedDataError, match=r"RQ1\.1\.json"):
        load_study(processed, MANIFEST)
    body = msgspec.json.encode(msgspec.structs.replace(answers()[0], schema="hf-carbon/results/0"))
    with pytest.raises(SchemaMismatchError, match="results/0"):
        read_answer("x", body)
    (processed.results / "RQ1.1.json").write_bytes(msgspec.json.encode(answers()[0]))
    with pytest.raises(UsageError, match="run build first"):
        load_study(processed, MANIFEST)
    processed.provenance.write_text("{")
    with pytest.raises(DamagedDataError, match=r"provenance\.json"):
        load_study(processed, MANIFEST)


def test_contact_sheet_shows_every_figure(rendered: Processed, capsys: pytest.CaptureFixture[str]) -> None:
    assert gallery.main([str(rendered.folder)]) == 0
    page_path, picture = map(Path, capsys.readouterr().out.split())
    captions = json.loads((rendered.figures / "captions.json").read_text())
    text = page_path.read_text(encoding="utf-8")
    assert all(f'id="{name}"' in text for name in captions)
    first = picture.read_bytes()
    assert first.startswith(b"\x89PNG")
    gallery.main([str(rendered.folder)])
    assert picture.read_bytes() == first


def test_contact_sheet_needs_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gallery.main([]) == 2
    assert gallery.main([str(tmp_path)]) == 2
    assert "run report first" in capsys.readouterr().err


def test_the_command_has_help_with_units() -> None:
    from analysis.commands.report import command

    said = " ".join(CliRunner().invoke(command, ["--help"]).output.split())
    assert "85 or 178 mm" in said
    assert "grams" in said


ROUNDED = [
    (rounding.number, 0.0032, "0.00320"),
    (rounding.number, 432.67, "433"),
    (rounding.number, 69376.0, "69,376"),
    (rounding.number, 2.867e-51, "2.87 × 10⁻⁵¹"),
    (rounding.number, -0.6917, "−0.692"),
    (rounding.number, 0, "0"),
    (rounding.number, None, "–"),
    (rounding.number, float("nan"), "–"),
    (rounding.number, float("inf"), "–"),
    (rounding.number, 9.999, "10.0"),
    (rounding.number, 1.9e7, "1.90 × 10⁷"),
    (rounding.count, 1417.0, "1,417"),
    (rounding.count, -3, "−3"),
    (rounding.p_value, 0.0292, "0.029"),
    (rounding.p_value, 3e-5, "< 0.001"),
    (rounding.p_value, 0.0009999, "< 0.001"),
    (rounding.p_value, 0.0, "< 0.001"),
    (rounding.p_value, 1.0, "1"),
    (rounding.p_statement, 0.5, "p = 0.500"),
    (rounding.p_statement, 0.0001, "p < 0.001"),
    (rounding.share, 0.9111, "91.1 %"),
    (rounding.share, None, "–"),
]


@pytest.mark.parametrize(("function", "value", "shown"), ROUNDED)
def test_rounding(function: Callable[[Any], str], value: Any, shown: str) -> None:
    assert function(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (24.7e6, "g CO2eq", "24.7 t CO₂eq"),
        (999.9, "g CO2eq", "1.00 kg CO₂eq"),
        (0.02794, "g CO2eq", "27.9 mg CO₂eq"),
        (0.0, "g CO2eq", "0 µg CO₂eq"),
        (176e9, "1", "176 B"),
        (110, "1", "110"),
        (446528, "B", "447 kB"),
        (5.0, "kWh", "5 kWh"),
        (None, "B", "–"),
    ],
)
def test_quantities_carry_a_handy_unit(value: Any, unit: str, shown: str) -> None:
    assert rounding.scaled(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "name", "unit", "shown"),
    [
        (0.5, "share", "1", "50.0 %"),
        (0.99123, "mass_share", "1", "99.1 %"),
        (0.5, "low", None, "0.500"),
        (0.0001, "p_adjusted", None, "< 0.001"),
        (True, "is_landmark", None, "yes"),
        ("as-published", "version", None, "as published"),
        (12, "n", "models", "12"),
        (None, "n", None, "–"),
    ],
)
def test_cells(value: Any, name: str, unit: str, shown: str) -> None:
    assert rounding.cell(value, name, unit) == shown


def test_open_intervals() -> None:
    assert rounding.interval(None, 3.0) == "[−∞, 3]"
    assert rounding.interval(None, None) == "–"
    assert rounding.interval(-1.5, float("inf")) == "[−1.50, ∞]"


@pytest.mark.parametrize("population", [None, 4_167])
def test_each_statement_of_the_first_screen_leads_to_result_data_and_method_in_two_clicks(
    rendered: Processed, drawn: list[Drawn], population: int | None
) -> None:
    """First click: the row with number, method and data; second: the table on the page, its file, or the files kept."""
    summary = SnapshotSummary(
        population=population,
        reporters=5,
        kept=2,
        share=None if population is None else proportion(5, population),
        median_gco2e=12.5,
        smallest_gco2e=1.0,
        largest_gco2e=24.0,
        largest_share=0.96,
        largest_models=1,
        not_own=1,
        unread_cards=3,
    )
    study = Study(
        snapshot="s",
        source="published",
        answers=answers(),
        provenance=PROVENANCE,
        manifest=MANIFEST,
        summary=summary,
    )
    made = page(study, drawn)
    first = re.findall(
        r'<p class="snapshot">.*?</p>|<ul class="numbers">.*?</ul>|<blockquote.*?</blockquote>', made, re.DOTALL
    )
    clicks = [link for part in first for link in re.findall(r'href="#([^"]+)"', part)]
    assert len(first) == 3
    assert len(clicks) == 7
    counted = made.partition(f'id="{clicks[0]}"')[2].partition("</table>")[0]
    assert set(clicks) == {clicks[0]}
    rows = re.findall(r"<tr>(.*?)</tr>", counted.partition("<tbody>")[2], re.DOTALL)
    assert len(rows) == 7
    for row in rows:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        (target,) = re.findall(r'href="([^"]+)"', row)
        assert len(cells[-2]) > 5  # how it is counted
        assert f'id="{target[1:]}"' in made if target.startswith("#") else target.endswith(".csv")
    findings = made.partition('<ul class="summary">')[2].partition('<p class="note">')[0]
    for target in set(re.findall(r'<a class="n" href="#([^"]+)"', findings)):
        row = made.partition(f'<tr id="{target}">')[2].partition("</tr>")[0]
        assert not row or len(re.findall(r"<td", row)) == 13  # the last is the method
        section = made.partition(f'id="{target}"')[2].partition("</section>")[0]
        assert "tables/" in section
        assert "Method</th>" in section or row


def test_digits_of_a_name_are_no_number() -> None:
    assert str(linked("Emissions and ROUGE-1 (rho −0.02, n 225).", "x")).count("<a ") == 2
