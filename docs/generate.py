"""Writes the generated pages.

Methods and dictionary, and ``docs/replication-2023/``, the study of 2023 rerun from its published data. ``make docs``
runs it as ``python -m docs.generate [FOLDER]`` from the root of a checkout. The published files are read from
``../shared/published`` where that lies beside the checkout, else fetched from their public origin. What is written is
derived: no text of a card, and no table whose rows are single models, so that no copy of the published rows lies in the
repository.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from analysis.commands.study import command as study_command
from analysis.published import replicate
from analysis.report.names import file_name
from analysis.report.study import Study, load_study
from analysis.report.typeset import is_of_single_models
from analysis.results import Answer, Table
from docs import generate_methods
from mining.files import write_bytes, write_text
from mining.paths import Home, Processed
from mining.snapshot import SnapshotReader
from mining.sources import published

HERE = Path(__file__).resolve().parent
TARGET = HERE / "replication-2023"
BESIDE = HERE.parent.parent / "shared" / "published"
MAX_CELL = 60


def write(target: Path = TARGET) -> Path:
    """Run the study in a passing folder and keep what is derived.

    Args:
        target: Folder to write; what it held before is removed.

    Returns:
        The folder.
    """
    with tempfile.TemporaryDirectory(prefix="hf-carbon-") as passing:
        origin = ["--from", str(BESIDE)] if BESIDE.is_dir() else []
        with contextlib.redirect_stdout(io.StringIO()):
            study_command.main(["--source", "published", *origin, "--out", passing, "--quiet"], standalone_mode=False)
        home = Home(Path(passing))
        raw = next((home.root / "raw").iterdir())
        reader = SnapshotReader(raw)
        processed = home.processed_of(raw)
        study = load_study(processed, reader.manifest)
        if target.exists():
            shutil.rmtree(target)
        _copy(processed, study, target)
        _write_replication(reader, target)
        write_text(target / "README.md", _readme(study))
    return target


def of_models(table: Table) -> bool:
    """Whether each row of a table is one model."""
    return is_of_single_models(table) or any(column.name == "name" for column in table.columns)


def _copy(processed: Processed, study: Study, target: Path) -> None:
    left_out = {file_name(table.id) for table in study.tables.values() if of_models(table)}
    for path in sorted(processed.figures.iterdir()):
        write_bytes(target / "figures" / path.name, path.read_bytes())
    for path in sorted(processed.paper_tables.iterdir()):
        if path.name.removesuffix(path.suffix) not in left_out:
            write_bytes(target / "tables" / path.name, path.read_bytes())
    for answer in study.answers:
        write_bytes(target / "results" / f"{answer.question}.json", _answer(answer))
    write_bytes(target / "numbers.tex", processed.numbers.read_bytes())
    write_text(target / "report.html", _without_links(processed.report.read_text(encoding="utf-8"), left_out))


def _answer(answer: Answer) -> bytes:
    """An answer as JSON, without tables of single models."""
    kept = msgspec.structs.replace(answer, tables=tuple(table for table in answer.tables if not of_models(table)))
    return msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n"


def _without_links(page: str, left_out: set[str]) -> str:
    """The page without links to the tables that are not kept here."""
    for name in sorted(left_out):
        page = re.sub(rf' · <a href="tables/{re.escape(name)}\.tex"[^>]*>[^<]*</a>', "", page)
        page = re.sub(
            rf'<a href="tables/{re.escape(name)}\.csv"[^>]*>([^<]*)</a>',
            r"\1 (written by <code>hf-carbon study</code>)",
            page,
        )
    return page


def _write_replication(reader: SnapshotReader, target: Path) -> None:
    found = replicate.run(published.read_tables(reader), reader.file("tags_metadata.yaml"))
    said = {
        "schema": "hf-carbon/replication/2",
        "holds": found.holds,
        "tally": found.tally,
        "numbers": found.numbers,
        "unavailable": found.unavailable,
    }
    write_bytes(target / "replication.json", msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n")
    write_text(target / "replication.md", _replication_page(found))


def _replication_page(found: replicate.Replication) -> str:
    tally = ", ".join(f"{count} {verdict}" for verdict, count in found.tally.items())
    numbers = [
        (f"`{one.id}`", one.where, _shown(one.published), _shown(one.recomputed), one.verdict) for one in found.numbers
    ]
    notes = [f"- `{one.id}`: {one.note}" for one in found.numbers if one.note]
    missing = [(f"`{one.id}`", one.where, _cell(one.value), _cell(one.reason)) for one in found.unavailable]
    parts = [
        "# Published numbers beside recomputed ones",
        (
            f"Of {len(found.numbers)} published numbers that public data can carry: {tally}. Full values: "
            f"`replication.json`."
        ),
        _table(("Number", "Published in", "Published", "Recomputed", "Verdict"), numbers),
        "## What each number needs to know",
        "\n".join(notes),
        "## What public data cannot carry",
        _table(("Number", "Published in", "Value", "Why it cannot be checked"), missing),
    ]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *[[_cell(cell) for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _shown(value: Any) -> str:
    """A value in one cell; a table by month is cut."""
    if isinstance(value, Mapping):
        text = ", ".join(f"{key} {_shown(part)}" for key, part in sorted(value.items()))
    elif isinstance(value, list | tuple):
        text = " ".join(_shown(part) for part in value)
    else:
        text = "–" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= MAX_CELL else f"{text[: MAX_CELL - 1]}…"


def _readme(study: Study) -> str:
    files = [(f"`{entry['name']}`", f"`{entry['sha256']}`") for entry in study.manifest.get("files", ())]
    return f"""# The 2023 study, rerun

Generated by `make docs`; do not edit. The study *Exploring the Carbon Footprint of Hugging
Face's ML Models* (Castaño et al., 2023) rerun
from its published data, every question answered twice: as published, by the
study's recipe with its mistakes, and repaired.

- [`report.html`](report.html): answers, figures and tables on one page. Start here.
- [`replication.md`](replication.md): every published number that public data can carry, beside the recomputed one.
- [`figures/`](figures) (PNG, SVG, PDF), [`tables/`](tables) (CSV, LaTeX), [`numbers.tex`](numbers.tex) (a macro per
number),
  [`results/`](results) (the answers at full precision).

Tables whose rows are single models are left out: they would be a copy of the published rows.
`hf-carbon study --source published` writes
them too. No text of a card is kept here.

## Input

Snapshot `{study.snapshot}`, made of these files:

{_table(("File", "SHA-256"), files)}
"""


def main(arguments: Sequence[str]) -> int:
    """Write everything that is generated.

    Returns:
        Exit code.
    """
    if arguments:
        write(Path(arguments[0]))
    else:
        generate_methods.write()
        write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
