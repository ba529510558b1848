"""Threads that begin to read together read what one alone reads, whatever a cold start has left out."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mining.card.loading import LATER

READ = """
import json, sys, threading
from mining.card.read import read_card
texts = json.load(sys.stdin)
barrier, readings = threading.Barrier(4), {}

def read(first):
    barrier.wait()
    for at in range(first, len(texts), 4):
        readings[at] = read_card(texts[at])

threads = [threading.Thread(target=read, args=(first,)) for first in range(4)]
for one in threads:
    one.start()
for one in threads:
    one.join()
from mining.card.loading import LATER

assert all(name in sys.modules for name in LATER)
json.dump([at for at, text in enumerate(texts) if readings.get(at) != read_card(text)], sys.stdout)
"""
CARDS = Path(__file__).parent / "cards_own" / "strangers_twelfth.jsonl"


def imported_later(path: Path) -> set[str]:
    """Modules of the project that functions of a file import."""
    functions = (
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    )
    found = set()
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mining.") and not node.level:
                found.add(str(node.module))
    return found


def test_all_that_is_imported_later_is_loaded_for_threads(project_dir: Path) -> None:
    files = [*(project_dir / "mining" / "card").rglob("*.py"), project_dir / "mining" / "normalize" / "settled.py"]
    later = set().union(*map(imported_later, files))
    # the door of the package gives ``settle`` from its own room
    assert later - {"mining.card"} | {"mining.card.resolve.settling"} == set(LATER)


@pytest.mark.parametrize("part", range(3))
def test_threads_read_what_one_alone_reads(part: int, project_dir: Path) -> None:
    texts = [json.loads(line)["text"] for line in CARDS.read_text(encoding="utf-8").splitlines()[part::12]]
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        cwd=project_dir,
        check=True,
    )
    assert json.loads(done.stdout) == []
    assert done.stderr == ""
