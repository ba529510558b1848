"""The report page: one self-contained file without any request to elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from analysis.figures.contract import FONT_FAMILY, FONT_FOLDER, PAGE_FONT_FILES
from analysis.figures.gallery import Drawn
from analysis.report import first_screen, sections
from analysis.report.measured import measured_table
from analysis.report.names import anchor
from analysis.report.over_dates import FOLDER, PAGE, HistorySummary
from analysis.report.study import Study
from analysis.report.threats import threat_table
from analysis.report.view import answer_view, figure_view, shown_tables, table_view

PAGE_FOLDER = Path(__file__).parent / "page"
APPENDIX = frozenset({"inclusion_flow"})
CURVES = "specification_"
SHARED = "/*shared*/"
STYLE = re.compile(r' style="([^"&]{8,})"(?! class=)')
"""A style of a drawing that can become a class."""
LEAST_REPEATED = 3
FIXED_CONTENTS = (
    ("given", "Taken as given"),
    ("not-drawn", "Figures not drawn"),
    ("threats", "Threats to validity"),
    ("measured", "How well the intervals hold"),
    ("availability", "Data availability"),
    ("provenance", "Provenance"),
)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(PAGE_FOLDER)
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def own_file(name: str) -> Markup:
    """Text of one of the page's own files, which is markup we wrote."""
    return Markup((PAGE_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def font_faces() -> Markup:
    """The fonts of the figures as style rules that hold them, so that text in a drawing looks as it was measured."""
    rules = []
    for name, weight in zip(PAGE_FONT_FILES, (400, 600), strict=True):
        data = base64.b64encode((FONT_FOLDER / name).read_bytes()).decode()
        rules.append(
            f'@font-face{{font-family:"{FONT_FAMILY}";font-weight:{weight};src:url(data:font/woff;base64,{data})format("woff")}}'
        )
    return Markup("\n".join(rules))  # noqa: S704 - our own files


def content_policy(script: str) -> str:
    """Content-Security-Policy that allows this one script and nothing from elsewhere."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    inside = "style-src 'unsafe-inline'; img-src data:; font-src data:"
    return f"default-src 'none'; script-src 'sha256-{digest}'; {inside}; base-uri 'none'; form-action 'none'"


def fill(template: str, **values: Any) -> str:
    """A template of the page folder with its values; every text is escaped."""
    return _environment().get_template(template).render(**values)


def _shared_styles(markup: str) -> str:
    """The page with the styles that its drawings repeat said once, as classes."""
    often = [style for style, count in Counter(STYLE.findall(markup)).most_common() if count >= LEAST_REPEATED]
    names = {style: f"s{place}" for place, style in enumerate(often)}
    rules = "".join(f"svg.figure .{name}{{{style}}}" for style, name in names.items())

    def named(found: re.Match[str]) -> str:
        return f' class="{names[found[1]]}"' if found[1] in names else found[0]

    return STYLE.sub(named, markup).replace(SHARED, rules, 1)


def page(study: Study, figures: Sequence[Drawn]) -> str:
    """The whole page.

    Args:
        study: Answers, provenance and manifest.
        figures: All figures of the catalogue, drawn or with the reason why not.
    """
    words = sections.words_of(study.source)
    drawn = [figure for figure in figures if figure.missing is None]
    shown = shown_tables(study.answers) | {f"table-{anchor(table.id)}" for table in study.curves[:1]}
    script = own_file("report.js")
    answers = [
        answer_view(answer, [figure for figure in drawn if figure.spec.question == answer.question], shown)
        for answer in study.answers
    ]
    contents = [{"anchor": "summary", "title": "Summary"}]
    contents += [{"anchor": anchor(answer.question), "title": answer.question} for answer in study.answers]
    contents += [{"anchor": "multiverse", "title": "Every defensible analysis"}] if study.curves else []
    contents += [{"anchor": "history", "title": "Over time"}] if study.history else []
    contents += [{"anchor": name, "title": title} for name, title in FIXED_CONTENTS]
    curves = [figure for figure in drawn if figure.spec.id.startswith(CURVES)]
    whole = [one for one in drawn if one.spec.question is None and one not in curves]
    summary = first_screen.summary_table(study)
    whole_page = fill(
        "report.html.j2",
        policy=content_policy(str(script)),
        title=words["title"],
        lead=words["lead"],
        synthetic=study.is_synthetic,
        style=own_file("report.css") + font_faces() + SHARED,
        script=script,
        contents=contents,
        answers=answers,
        first=first_screen.first_screen(study),
        summary=None if summary is None else table_view(summary, shown=shown),
        is_published=study.is_published,
        overview=[figure_view(one, shown) for one in whole if one.spec.id not in APPENDIX],
        appendix=[figure_view(one, shown) for one in whole if one.spec.id in APPENDIX],
        curves=[figure_view(one, shown) for one in curves],
        multiverse=table_view(study.curves[0]) if study.curves else None,
        history=None if study.history is None else _history_view(study.history),
        missing=[
            {"id": each.spec.id, "title": each.spec.title, "reason": (each.missing or "").rstrip(".")}
            for each in figures
            if each.missing
        ],
        given={"lead": words["given_lead"], "entries": words["given"]},
        threat_table=table_view(threat_table(study)),
        measured=table_view(measured_table(study)),
        threats=sections.threats(study),
        availability={
            "paragraphs": words["availability"],
            "files": table_view(sections.files_table(study), has_files=False),
        },
        provenance=sections.provenance_items(study),
        version=study.provenance.get("tool_version", ""),
    )
    return _shared_styles(whole_page)


def _history_view(history: HistorySummary) -> dict[str, Any]:
    """The history as the page shows it, with the way to its own page."""
    return {
        "headline": history.headline,
        "basis": history.basis,
        "figure": history.figure,
        "table": table_view(history.as_table(), has_files=False),
        "page": f"../../{FOLDER}/{PAGE}",
    }
