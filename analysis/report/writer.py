"""Writes everything that is made from results: figures, tables, number macros and the page.

A second call without news does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.figures.gallery import Drawn, draw_all
from analysis.report import sections, typeset
from analysis.report.first_screen import summary_table
from analysis.report.freshness import STAGE, inputs_of, is_report_current
from analysis.report.html import page
from analysis.report.measured import measured_table
from analysis.report.names import file_name
from analysis.report.study import Study, load_study
from analysis.report.threats import threat_table
from analysis.results import Table
from mining.files import remove_unfinished, write_bytes, write_text
from mining.freshness import mark_current
from mining.lock import FolderLock
from mining.paths import Processed

CAPTIONS = "captions.json"


@dataclass(frozen=True)
class Rendered:
    """What came of rendering.

    Attributes:
        skipped: Whether everything was current already.
        figures: Number of figures drawn.
        missing: Figure to the reason why it is not drawn.
        tables: Number of tables written.
    """

    skipped: bool = False
    figures: int = 0
    missing: dict[str, str] | None = None
    tables: int = 0


def render(processed: Processed, raw_manifest: Any, *, force: bool = False) -> Rendered:
    """Write figures, tables, ``numbers.tex`` and ``report.html`` of an analysed snapshot.

    Args:
        processed: Folders of the snapshot; ``results`` and ``provenance.json`` are read.
        raw_manifest: Manifest of the raw snapshot (mapping or struct).
        force: Write anew also when nothing changed.

    Raises:
        UsageError: The snapshot has not been built or analysed.
        DamagedDataError: A result cannot be read.
    """
    if not force and is_report_current(processed, raw_manifest):
        return Rendered(skipped=True)
    study = load_study(processed, raw_manifest)
    inputs = inputs_of(processed, raw_manifest)
    with FolderLock(processed.folder, "build, analysis or report"):
        return _render(processed, study, inputs)


def _render(processed: Processed, study: Study, inputs: dict[str, Any]) -> Rendered:
    """Draw and write everything."""
    for folder in (processed.folder, processed.figures, processed.paper_tables):
        remove_unfinished(folder)
    words = sections.source_line(study)
    figures = draw_all(study.tables, words, synthetic=study.is_synthetic, is_published=study.is_published)
    written = [*_write_figures(processed, figures), *_write_tables(processed, study)]
    write_text(processed.numbers, typeset.macros(study))
    write_text(processed.report, page(study, figures))
    mark_current(processed.folder, STAGE, inputs, [*written, processed.numbers, processed.report])
    missing = {each.spec.id: each.missing for each in figures if each.missing is not None}
    return Rendered(
        figures=len(figures) - len(missing), missing=missing, tables=len(study.tables) + len(_of_the_page(study))
    )


def _clear(folder: Path, kept: Sequence[Path]) -> None:
    """Remove files of an earlier run that this one did not write."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path not in kept:
            path.unlink()


def _write_figures(processed: Processed, figures: Sequence[Drawn]) -> list[Path]:
    written = []
    for drawn in figures:
        for kind, content in drawn.files.items():
            written.append(processed.figures / f"{drawn.spec.id}.{kind}")
            write_bytes(written[-1], content)
    captions = {
        each.spec.id: {"title": each.spec.title, "finding": each.finding, "alternative": each.alternative}
        for each in figures
        if each.missing is None
    }
    written.append(processed.figures / CAPTIONS)
    write_text(written[-1], json.dumps(captions, indent=1, ensure_ascii=False) + "\n")
    _clear(processed.figures, written)
    return written


def _of_the_page(study: Study) -> list[Table]:
    """Tables that the report makes itself."""
    summary = summary_table(study)
    made = [
        typeset.results_table(study.results(), is_published=study.is_published),
        threat_table(study),
        measured_table(study),
    ]
    return made if summary is None else [*made, summary]


def _write_tables(processed: Processed, study: Study) -> list[Path]:
    written = []
    for result_table in (*study.tables.values(), *_of_the_page(study)):
        table = typeset.marked_synthetic(result_table) if study.is_synthetic else result_table
        place = processed.paper_tables / file_name(table.id)
        written.append(place.with_name(f"{place.name}.csv"))
        write_bytes(written[-1], typeset.csv_text(table))
        if typeset.is_printed(table):
            written.append(place.with_name(f"{place.name}.tex"))
            write_text(written[-1], typeset.latex_table(table))
    _clear(processed.paper_tables, written)
    return written
