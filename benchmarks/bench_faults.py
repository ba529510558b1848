"""Fail every write, fsync, rename, request and step of memory of every stage once, and count what was survived.

Run ``python -m benchmarks faults [--quick]``.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.faults import CARD, KINDS, MODELS, Stage, Tally, memory_steps, run, try_all
from mining.paths import Home, Processed

NAMES = ("crawl", "build", "analyse", "report")
MEBIBYTES = (40, 58, 85, 124, 181, 264, 385, 562, 820, 1_200)


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
def computed_once(found: Sequence[Stage]) -> Iterator[None]:
    """Answers and pictures of the first run serve all others: they are most of the time, and neither reads nor writes.

    They are computed in a process of its own, so that this one, which holds every module that a stage needs, has no
    threads when it forks.
    """
    from analysis import questions
    from analysis.report import writer

    for name in ("analysis.commands.analyse", "analysis.commands.report", "mining.build.run", "mining.build.workers"):
        importlib.import_module(name)
    answer, draw = questions.answer_all, writer.draw_all
    answers, pictures = _in_a_child(_answered, found[2]), _in_a_child(_drawn, found[3])
    questions.answer_all, writer.draw_all = (lambda *_: answers), (lambda *_, **__: pictures)
    try:
        yield
    finally:
        questions.answer_all, writer.draw_all = answer, draw


def _in_a_child(function: Callable[[Stage], Any], stage: Stage) -> Any:
    """What a function gives in a process of its own."""
    reader, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(sender, "wb") as stream:
                pickle.dump(function(stage), stream)
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(reader, "rb") as stream:
        value = pickle.load(stream)
    os.waitpid(child, 0)
    return value


def _processed(stage: Stage) -> tuple[Processed, Path]:
    raw = next((stage.before / "data/raw").iterdir())
    return Home(stage.before / "data").processed_of(raw), raw


def _answered(stage: Stage) -> Any:
    from analysis.questions import answer_all
    from analysis.questions.protocol import load
    from analysis.questions.tables import Tables

    tables = Tables(_processed(stage)[0])
    try:
        return answer_all(tables, load())
    finally:
        tables.close()


def _drawn(stage: Stage) -> Any:
    from analysis.report import sections, writer
    from analysis.report.study import load_study
    from mining.snapshot.manifest import load_manifest

    processed, raw = _processed(stage)
    study = load_study(processed, load_manifest(raw))
    return writer.draw_all(study.tables, sections.source_line(study), synthetic=study.is_synthetic)


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """All faults of all stages."""
    tallies: list[Tally] = []
    with hub_process() as endpoint, computed_once(found := stages(folder, endpoint)):
        for stage in found:
            for kind in stage.kinds:
                tallies.append(try_all(stage, kind, folder / "work", step=7 if quick else 1))
                print(tallies[-1], file=sys.stderr, flush=True)
            tallies.append(memory_steps(stage, folder / "work", MEBIBYTES[:: 4 if quick else 1]))
            print(tallies[-1], file=sys.stderr, flush=True)
    return {
        "models": MODELS,
        "faults_tried": sum(tally.tried for tally in tallies),
        "survived": sum(tally.survived for tally in tallies),
        "tracebacks": sum(tally.tracebacks for tally in tallies),
        "silent_losses": sum(tally.silent_losses for tally in tallies),
        "stages": [
            {key: value for key, value in vars(tally).items() if key != "examples" or value} for tally in tallies
        ],
    }


def main(out: Path, quick: bool = False) -> None:
    """Measure and write."""
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        out.write_text(json.dumps(measure(Path(folder), quick=quick), indent=1) + "\n", encoding="utf-8")
