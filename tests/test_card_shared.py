"""The bars of card reading on real annotated cards, through the yardstick that lies beside them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.shared


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["github", "published"])
def report(request: pytest.FixtureRequest, shared_dir: Path, project_dir: Path) -> dict[str, Any]:
    folder = shared_dir / "cards" / request.param
    lines = "\n".join(load(project_dir / "benchmarks" / "score_cards.py").lines(folder))
    script = [sys.executable, str(shared_dir / "cards" / "score.py"), str(folder / "index.jsonl"), "--list"]
    done = subprocess.run(script, input=lines, capture_output=True, text=True, check=True)
    scored: dict[str, Any] = json.loads(done.stdout)
    return scored


def test_bars(report: dict[str, Any]) -> None:
    assert report["unanswered"] == 0
    assert report["precision"] >= 0.99, report["not_right"]
    assert report["recall"] >= 0.97, report["not_right"]
    assert report["silent_unit_errors"] == 0
    assert report["warned_right"] <= 0.10


def test_no_shared_card_raises_or_lies_about_its_words(shared_dir: Path) -> None:
    from mining.card import read_card

    for path in sorted((shared_dir / "cards").glob("*/*.md")):
        data = path.read_bytes()
        reading = read_card(data)
        assert not [reason for reason in reading.rejections if reason.startswith("our-error")], path.name
        lines = (
            data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        )
        for claim in reading.claims:
            if claim.line is not None and claim.where.startswith("card:"):
                wrapped = claim.text.count("\n") + 1
                assert claim.text in "\n".join(lines[claim.line - 1 :][:wrapped]), (path.name, claim)
