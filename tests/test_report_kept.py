"""The replication that is kept in the repository is what the code gives today, is small.

And holds no copy of the published rows.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

KEPT = "docs/replication-2023"
SMALL = ("README.md", "replication.json", "replication.md", "numbers.tex", "results/*.json", "tables/*")
MAX_BYTES = 900_000
NUMBER = re.compile(r"-?(?:\d+\.\d+(?:e[-+]?\d+)?|\d+e-\d+)")
"""Numbers with a point or a negative exponent; counts, and all other text, must agree to the character."""
RELATIVE, ABSOLUTE = 1e-7, 1e-12
"""BLAS picks its kernels by processor, and they differ in the last digits; anything larger is a change of ours."""

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def written(project_dir: Path, shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "replication"
    subprocess.run(
        [sys.executable, "-m", "docs.generate", str(folder)], cwd=project_dir, check=True, capture_output=True
    )
    return folder


def small_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for pattern in SMALL
        for path in sorted(folder.glob(pattern))
    }


def test_every_file_is_small(written: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in written.rglob("*") if path.is_file()}
    assert {name: size for name, size in sizes.items() if size >= MAX_BYTES} == {}


def test_no_row_of_a_single_model_is_kept(written: Path) -> None:
    for path in written.glob("results/*.json"):
        for table in json.loads(path.read_text(encoding="utf-8"))["tables"]:
            assert "name" not in [column["name"] for column in table["columns"]], table["id"]
            assert len(table["rows"]) <= 250, table["id"]
    assert not [path for path in written.glob("tables/*") if re.search(r"points|scatter|examples", path.name)]


def test_every_file_that_the_page_names_is_kept(written: Path) -> None:
    page = (written / "report.html").read_text(encoding="utf-8")
    links = re.findall(r'href="((?:figures|tables)/[^"]+)"', page)
    assert links
    assert [link for link in links if not (written / link).is_file()] == []


def differences(new: bytes, old: bytes) -> list[tuple[str, str]]:
    """Lines that differ in their words, or in a number by more than another processor explains."""
    lines = new.decode("utf-8").splitlines(), old.decode("utf-8").splitlines()
    if len(lines[0]) != len(lines[1]):
        return [(f"{len(lines[0])} lines", f"{len(lines[1])} lines")]
    return [(one, other) for one, other in zip(*lines, strict=True) if one != other and not same_line(one, other)]


def same_line(one: str, other: str) -> bool:
    if NUMBER.split(one) != NUMBER.split(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=ABSOLUTE) for a, b in pairs)


@pytest.mark.parametrize(
    ("new", "old", "same"),
    [
        (b"r,0.26223998508080586,1197", b"r,0.2622399850808058,1197", True),
        (b"r,0.26223998508080586,1197", b"r,0.26224008508080586,1197", False),
        (b"p,2.0e-17,3", b"p,2.1e-12,3", False),
        (b"r,0.5,1197", b"r,0.5,1198", False),
        (b"p,4e-16,3", b"p,0.0,3", True),
        (b"p,4e-06,3", b"p,5e-06,3", False),
        (b"r,0.5,x", b"r,0.5,y", False),
        (b"r,0.5", b"r,0.5\nr,0.5", False),
    ],
)
def test_only_last_digits_may_differ(new: bytes, old: bytes, same: bool) -> None:
    assert (differences(new, old) == []) is same


def test_the_committed_copy_is_current(written: Path, project_dir: Path) -> None:
    """A difference means: run ``make docs`` and look at what changed."""
    kept = project_dir / KEPT
    if not kept.is_dir():
        pytest.skip("docs/replication-2023 is not generated in this checkout")
    new, old = small_files(written), small_files(kept)
    assert new.keys() == old.keys()
    assert {name: found[:3] for name in new if (found := differences(new[name], old[name]))} == {}
