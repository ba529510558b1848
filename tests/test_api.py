"""The Python interface: typed names, examples that run, a display that escapes."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT

import analysis
from analysis import classify_card, classify_model, read_card
from mining.errors import GoneError, UsageError
from sample_hub import LoopbackHub, RecordHub

PACKAGES = ("mining", "analysis", "sample_hub")
DOCTESTED = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", DOCTESTED)
def test_examples_in_docstrings_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", ["analysis.api", "analysis.classify.cards"])
def test_the_interface_has_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).attempted > 0


def test_names_come_lazily_and_lightly(project_dir: Path) -> None:
    script = (
        "import sys, analysis; assert 'analysis.api' not in sys.modules; analysis.classify_card('# x'); "
        "print([name for name in ('pandas', 'numpy', 'huggingface_hub', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=project_dir, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = analysis.no_such_name
    assert {name for name in analysis.__all__ if callable(getattr(analysis, name))} == set(analysis.__all__)


def test_errors_of_the_hub_are_raised() -> None:
    with LoopbackHub(RecordHub([{"id": "someone/tiny"}])) as hub:
        with pytest.raises(GoneError):
            classify_model("someone/else", endpoint=hub.endpoint)
        with pytest.raises(UsageError):
            classify_model("not a name", endpoint=hub.endpoint)


class Collector(HTMLParser):
    """Names of all elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(name for name, _ in attrs)}


HOSTILE = "# x\n\n## <script>alert(1)</script>\n\n- **Carbon Emitted:** 1.2 kg CO2eq <img src=x onerror=alert(1)> '\"\n"


@pytest.mark.parametrize("card", ["", "# nothing", HOSTILE])
def test_the_display_is_html_without_anything_that_runs(card: str) -> None:
    shown = classify_card(card, model_id="a'b/<svg onload=x>")._repr_html_()
    seen = Collector()
    seen.feed(shown)
    assert seen.names <= {
        "div",
        "img",
        "alt",
        "code",
        "width",
        "src",
        "table",
        "tr",
        "th",
        "td",
        "style",
        "p",
        "b",
        "ol",
        "li",
        "pre",
        "details",
        "summary",
    }
    assert "http" not in shown
    assert len(shown) < 20_000


def test_the_display_says_what_the_verdict_says() -> None:
    answer = classify_card("# A model\n\n- **Carbon Emitted:** 1.2 kg CO2eq\n")
    shown = answer._repr_html_()
    assert "1.2 kg CO2eq" in shown
    assert answer.transparency.reason in shown
    assert "emissions: 1200" in shown
    assert read_card("# A model").claims == ()
