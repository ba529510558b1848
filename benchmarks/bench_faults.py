"""Fail every write, fsync, rename, request and step of memory of every stage once, and count what was survived.

Run ``python -m benchmarks faults [--quick]``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.faults import CARD, KINDS, MODELS, Stage, Tally, memory_steps, run, try_all

NAMES = ("crawl", "build", "analyse", "report")
MEBIBYTES = (160, 200, 250, 320, 400, 500, 650, 850, 1_100, 1_500)


@contextmanager
def hub_process() -> Iterator[str]:
    """The synthetic Hub in a process of its own, so that this one may fork."""
    command = [sys.executable, "-m", "analysis", "serve-sample", "--models", str(MODELS), "--quota", "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield (process.stdout or sys.stdin).readline().strip()
        finally:
            process.terminate()


def stages(folder: Path, endpoint: str, names: Sequence[str] = NAMES) -> list[Stage]:
    """Every stage with the folder that it begins with; each is made by the stage before it.

    ``--write`` is always among them.
    """
    crawl = ["crawl", "--source", "hub", "--plan", "census", "--cards", "all", "--endpoint", endpoint, "--quiet"]
    found: list[Stage] = []
    before = folder / "empty"
    before.mkdir(parents=True)
    for name in names:
        snapshot = next((before / "data/raw").iterdir()).name if name != "crawl" else ""
        command = crawl if name == "crawl" else [name, snapshot, "--quiet"]
        again = [*crawl, "--resume"] if name == "crawl" else command
        kinds = KINDS if name == "crawl" else ("write", "fsync", "rename", "memory")
        place = "data/raw" if name == "crawl" else "data/processed"
        found.append(Stage(name, command, again, before, place, kinds))
        after = folder / name
        subprocess.run(["cp", "-a", str(before), str(after)], check=True)
        code, words, _ = run(found[-1], command, after, None)
        if code:
            raise RuntimeError(words)
        before = after
    card = folder / "card"
    card.mkdir()
    (card / "README.md").write_bytes(CARD)
    write = ["classify", "README.md", "--write", "--quiet"]
    return [*found, Stage("write", write, write, card, ".", ("write", "rename", "memory"))]


@contextmanager
def figures_drawn_once() -> Iterator[None]:
    """Drawing is most of a report's time, and no fault falls into it.

    The pictures of the first report serve all others.
    """
    from analysis.report import writer

    draw, kept = writer.draw_all, {}

    def drawn(*given: Any, **named: Any) -> Any:
        if "all" not in kept:
            kept["all"] = draw(*given, **named)
        return kept["all"]

    writer.draw_all = drawn
    try:
        yield
    finally:
        writer.draw_all = draw


def draw_here(stage: Stage) -> None:
    """Draw the figures of the analysed snapshot in this process, before it forks."""
    from analysis.report import sections, writer
    from analysis.report.study import load_study
    from mining.paths import Home
    from mining.snapshot.manifest import load_manifest

    raw = next((stage.before / "data/raw").iterdir())
    study = load_study(Home(stage.before / "data").processed_of(raw), load_manifest(raw))
    writer.draw_all(study.tables, sections.source_line(study), synthetic=study.is_synthetic)


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """All faults of all stages."""
    tallies: list[Tally] = []
    with hub_process() as endpoint, figures_drawn_once():
        found = stages(folder, endpoint)
        draw_here(next(stage for stage in found if stage.name == "report"))
        for stage in found:
            for kind in stage.kinds:
                tallies.append(try_all(stage, kind, folder / "work", step=7 if quick else 1))
                print(tallies[-1], file=sys.stderr, flush=True)
        build = next(stage for stage in found if stage.name == "build")
        memory = memory_steps(build.command, build.before, folder / "work", MEBIBYTES[:: 4 if quick else 1])
    return {
        "models": MODELS,
        "faults_tried": sum(tally.tried for tally in tallies),
        "survived": sum(tally.survived for tally in tallies),
        "tracebacks": sum(tally.tracebacks for tally in tallies),
        "silent_losses": sum(tally.silent_losses for tally in tallies),
        "stages": [
            {key: value for key, value in vars(tally).items() if key != "examples" or value} for tally in tallies
        ],
        "limits_of_memory": memory,
    }


def main(out: Path, quick: bool = False) -> None:
    """Measure and write."""
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        out.write_text(json.dumps(measure(Path(folder), quick=quick), indent=1) + "\n", encoding="utf-8")
