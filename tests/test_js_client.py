"""The Hub's own JavaScript client works against the sample Hub unchanged, downloads included."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sample_hub import LoopbackHub, SampleHub

NODE, NPM = shutil.which("node"), shutil.which("npm")


@pytest.fixture(scope="module")
def client(project_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if NODE is None or NPM is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("js")
    for name in ("package.json", "package-lock.json", "client.mjs"):
        shutil.copy(project_dir / "tests/js_client" / name, folder)
    done = subprocess.run(
        [NPM, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    if done.returncode:
        pytest.skip(f"npm cannot install the client here: {done.stderr.strip()[-200:]}")
    return folder


@pytest.mark.slow
def test_list_read_and_download(client: Path) -> None:
    with LoopbackHub(SampleHub(7, 60), quota={}) as hub:
        done = subprocess.run(
            [str(NODE), "client.mjs", hub.endpoint],
            cwd=client,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["names"]) == 5
    assert found["cards"] > 0
    assert found["words"] > 0
    assert len(found["range"]) == 3
