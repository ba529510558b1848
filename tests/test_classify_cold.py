"""Cold start: what a local card is answered with, and without which modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from classify_run import CARD

HEAVY = frozenset(
    {
        *(
            "pandas",
            "numpy",
            "scipy",
            "matplotlib",
            "statsmodels",
            "pyarrow",
            "duckdb",
            "pandera",
            "pooch",
            "tqdm",
            "zstandard",
            "yaml",
        ),
        *("huggingface_hub", "httpx", "requests", "ssl", "asyncio", "multiprocessing", "jinja2", "markupsafe"),
        *("importlib.metadata", "importlib.resources", "email", "fractions", "hashlib"),
    }
)
SCRIPT = """
import sys
from analysis.cli import main
try:
    main(["classify", sys.argv[1], *sys.argv[3:]])
finally:
    open(sys.argv[2], "w").write("\\n".join(sys.modules))
"""


def modules_of(tmp_path: Path, card: str, *options: str) -> set[str]:
    (tmp_path / "card.md").write_text(card, encoding="utf-8")
    listing = tmp_path / "modules.txt"
    said = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT, str(tmp_path / "card.md"), str(listing), *options],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PYTHONPATH": ":".join(entry for entry in sys.path if entry),
            "PATH": "/usr/bin",
            "COVERAGE_PROCESS_START": "",
        },
    )
    assert said.returncode == 0, said.stderr
    return set(listing.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("options", [(), ("--quiet",), ("--json",), ("--jsonl",), ("--fail-below", "silent")])
def test_a_plain_card_needs_none_of_the_heavy_modules(tmp_path: Path, options: tuple[str, ...]) -> None:
    found = modules_of(tmp_path, "---\nlicense: mit\ntags:\n- x\n---\n# A model\n", *options)
    assert not found & HEAVY


def test_a_card_with_emissions_needs_yaml_at_most(tmp_path: Path) -> None:
    assert found_heavy(modules_of(tmp_path, CARD, "--json")) <= {"yaml"}


def found_heavy(modules: set[str]) -> set[str]:
    return modules & HEAVY
