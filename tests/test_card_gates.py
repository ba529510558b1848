"""What the quick looks before card reading skip would have given no claim: annotated cards read alike without them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from read_with_open_gates import claims

ROOT = Path(__file__).parent.parent
STRANGERS = Path(__file__).parent / "cards_own" / "strangers.jsonl"


def with_open_gates(paths: list[str]) -> list[str]:
    """Claims as a process of its own reads them, whose gates are open from the start."""
    script = [sys.executable, str(Path(__file__).with_name("read_with_open_gates.py"))]
    done = subprocess.run(script, input=json.dumps(paths), cwd=ROOT, capture_output=True, text=True, check=True)
    read: list[str] = json.loads(done.stdout)
    return read


def compare(paths: list[str]) -> None:
    different = [
        Path(path).name
        for path, one, other in zip(paths, claims(paths), with_open_gates(paths), strict=True)
        if one != other
    ]
    assert not different


@pytest.mark.parametrize("folder", ["github", "published", "elsewhere"])
def test_gates_hide_no_claim_of_an_annotated_card(folder: str, shared_dir: Path) -> None:
    paths = sorted((shared_dir / "cards" / folder).glob("*.md"))
    assert len(paths) > 60
    compare([str(path) for path in paths])


def test_gates_hide_no_claim_of_a_strangers_card(tmp_path: Path) -> None:
    paths = []
    for number, line in enumerate(STRANGERS.read_text(encoding="utf-8").splitlines()):
        path = tmp_path / f"{number}.md"
        path.write_text(json.loads(line)["text"], encoding="utf-8")
        paths.append(str(path))
    assert len(paths) > 200
    compare(paths)
