"""The scorecard as a page of an organisation that can be printed: no scripts, nothing fetched, Hub text escaped."""

from __future__ import annotations

from pathlib import Path

import jinja2

from analysis.classify.rubric import rubric
from analysis.label.page import with_code
from analysis.label.scorecard import Scorecard
from analysis.label.wording import grams_in_words
from mining.version import package_version


def as_page(card: Scorecard) -> str:
    """The scorecard as HTML."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = with_code
    template = environment.from_string(Path(__file__).with_name("scorecard_page.html.j2").read_text(encoding="utf-8"))
    return template.render(
        card=card,
        reporting=sum(row.grams is not None for row in card.rows),
        grams=grams_in_words,
        version=package_version(),
        rubric=rubric().version,
    )
