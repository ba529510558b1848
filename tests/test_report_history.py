"""The history of a data folder as a section of the report."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from study_answers import answers

from analysis.figures.catalogue import FIGURES
from analysis.figures.gallery import Drawn
from analysis.report import over_dates, render, writer
from analysis.report.freshness import inputs_of
from mining.errors import DamagedDataError
from mining.paths import Processed


def summary(*sources: str) -> over_dates.HistorySummary:
    return over_dates.HistorySummary(
        headline="1 % of models state a carbon number.",
        basis="An archive.",
        sources=sources,
        figure={"title": "t", "caption": "c", "alternative": "a", "data": "data:image/svg+xml;base64,"},
        rows=(("2026-09-02", 100, 1, 0.01, 0.0, 0.05),),
    )


def kept(processed: Processed, body: bytes) -> None:
    path = over_dates.path_of(processed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def analysed(home: Path, source: str) -> Processed:
    processed = Processed(home / "processed" / "one")
    processed.results.mkdir(parents=True)
    for answer in answers()[:2]:
        (processed.results / f"{answer.question}.json").write_bytes(msgspec.json.encode(answer))
    processed.provenance.write_text(json.dumps({"source": source, "snapshot": {}, "account": {}}))
    return processed


def test_the_report_shows_the_history_of_its_source_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "draw_all", lambda *_, **__: [Drawn(spec, missing="not asked for") for spec in FIGURES])
    processed = analysed(tmp_path, "hub")
    manifest = {"source": "hub", "plan_hash": "c" * 64, "files": [], "shards": []}
    before = inputs_of(processed, manifest)
    kept(processed, msgspec.json.encode(summary("hub", "dump")))
    assert inputs_of(processed, manifest) != before
    render(processed, manifest)
    page = processed.report.read_text(encoding="utf-8")
    assert "1 % of models state a carbon number." in page
    assert 'href="../../history/history.html"' in page
    assert render(processed, manifest).skipped
    kept(processed, msgspec.json.encode(summary("sample")))
    assert not render(processed, manifest).skipped
    assert "of models state a carbon number" not in processed.report.read_text(encoding="utf-8")


def test_a_history_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    processed = analysed(tmp_path, "hub")
    kept(processed, b'{"headline": 5}')
    with pytest.raises(DamagedDataError, match="run history again"):
        over_dates.read_history(processed, "hub")
