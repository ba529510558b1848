"""The built wheel, installed away from the checkout, carries everything it needs: it classifies and studies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import published_like
import pytest

pytestmark = pytest.mark.slow
NEEDED = (
    "analysis/classify/rubric.yml",
    "analysis/questions/protocol.yml",
    "analysis/label/page.html.j2",
    "analysis/classify/cut_points_2023.json",
    "analysis/figures/fonts/OFL.txt",
    "analysis/report/page/report.css",
    "mining/vocab/tables/hardware.csv",
)


def run(*arguments: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "COVERAGE_PROCESS_START"}
    }
    answer = subprocess.run(
        [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**environment, **more},
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return answer


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    run("git", "-c", "safe.directory=*", "clone", "-q", "--no-hardlinks", project_dir, copy, cwd=folder)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        copy,
        cwd=folder,
    )
    return next(folder.glob("hf_carbon-*.whl"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A new environment with the wheel; its dependencies are lent by this one, the checkout is not."""
    folder = tmp_path_factory.mktemp("bare")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip())
    run(
        sys.executable,
        "-m",
        "pip",
        "--quiet",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=folder,
    )
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "venv" / "bin"


def test_the_wheel_holds_packages_and_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"mining", "analysis", "sample_hub"}
    for needed in (
        "analysis/classify/rubric.yml",
        "analysis/questions/protocol.yml",
        "analysis/label/page.html.j2",
        "analysis/classify/cut_points_2023.json",
    ):
        assert needed in names


def test_it_imports_from_the_new_environment(bare: Path, tmp_path: Path) -> None:
    where = run(
        bare / "python", "-c", "import analysis, mining; print(analysis.__file__); print(mining.__file__)", cwd=tmp_path
    ).stdout
    assert where.count(str(bare.parent)) == 2


def test_it_classifies(bare: Path, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text("---\nco2_eq_emissions: 12.5\n---\n# A model\n", encoding="utf-8")
    answer = json.loads(
        run(
            bare / "hf-carbon",
            "classify",
            card,
            "--json",
            "--svg",
            tmp_path / "a.svg",
            "--html",
            tmp_path / "a.html",
            cwd=tmp_path,
        ).stdout
    )
    assert answer["emissions"]["grams"] == 12.5
    assert (tmp_path / "a.svg").stat().st_size > 1000
    assert (tmp_path / "a.html").stat().st_size > 3000


def test_it_studies(bare: Path, tmp_path: Path) -> None:
    files = published_like.write(tmp_path / "files")
    answer = run(
        bare / "hf-carbon",
        "study",
        "--source",
        "published",
        "--unverified",
        "--from",
        files,
        "--out",
        tmp_path / "data",
        "--quiet",
        cwd=tmp_path,
    )
    report = tmp_path / Path(answer.stdout.strip().splitlines()[-1])
    assert report.is_file()
    assert len(list((report.parent / "results").glob("RQ*.json"))) == 14
