"""The cases beside the checkout that a card, a file or a written card once failed, run by their own judge."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.shared


def test_every_case_of_reading_files_and_writing_holds(shared_dir: Path) -> None:
    """It used to be run by hand only: a rule for the time of an epoch lost the time of fifty of them unseen."""
    command = Path(sys.executable).with_name("hf-carbon")
    judge = shared_dir / "cases" / "check.py"
    done = subprocess.run(
        [sys.executable, str(judge), "--command", str(command), "--jobs", "2", "reading", "files", "write"],
        capture_output=True,
        text=True,
        check=False,
    )
    passed = [int(line.split()[0]) for line in done.stdout.splitlines() if line.endswith(" 0 failed")]
    assert done.returncode == 0, done.stdout[-3000:]
    assert passed[-1] > 200
