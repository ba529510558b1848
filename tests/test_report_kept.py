"""The replication that is kept in the repository is what the code gives today, is small, and holds no copy of the published rows."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

KEPT = "docs/replication-2023"
SMALL = ("README.md", "replication.json", "replication.md", "numbers.tex", "results/*.json", "tables/*")
MAX_BYTES = 900_000

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def written(project_dir, shared_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "replication"
    subprocess.run([sys.executable, "-m", "docs.generate", str(folder)], cwd=project_dir, check=True, capture_output=True)
    return folder


def small_files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for pattern in SMALL for path in sorted(folder.glob(pattern))}


def test_every_file_is_small(written):
    sizes = {path.name: path.stat().st_size for path in written.rglob("*") if path.is_file()}
    assert {name: size for name, size in sizes.items() if size >= MAX_BYTES} == {}


def test_no_row_of_a_single_model_is_kept(written):
    for path in written.glob("results/*.json"):
        for table in json.loads(path.read_text(encoding="utf-8"))["tables"]:
            assert "name" not in [column["name"] for column in table["columns"]], table["id"]
            assert len(table["rows"]) <= 250, table["id"]
    assert not [path for path in written.glob("tables/*") if re.search(r"points|scatter|examples", path.name)]


def test_every_file_that_the_page_names_is_kept(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    links = re.findall(r'href="((?:figures|tables)/[^"]+)"', page)
    assert links
    assert [link for link in links if not (written / link).is_file()] == []


def test_the_committed_copy_is_current(written, project_dir):
    """A difference means: run ``make docs`` and look at what changed."""
    kept = project_dir / KEPT
    if not kept.is_dir():
        pytest.skip("docs/replication-2023 is not generated in this checkout")
    assert small_files(written) == small_files(kept)
