"""The front door: help, README, exit codes, cold start."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from analysis.cli import COMMANDS, cli
from analysis.commands.examples import examples


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(name: str) -> None:
    answer = CliRunner().invoke(cli, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.output.splitlines()) >= 5


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_stands_in_the_readme(name: str, project_dir: Path) -> None:
    assert f"hf-carbon {name}" in (project_dir / "README.md").read_text(encoding="utf-8")


def test_no_command_is_answered_with_the_help() -> None:
    answer = run()
    assert answer.returncode == 2
    assert answer.stderr.startswith("Usage:")
    assert "\\n" not in answer.stderr
    assert len(answer.stderr.splitlines()) > 20


@pytest.mark.parametrize(("value", "is_coloured"), [("1", False), ("", True)])
def test_no_color_is_respected(value: str, is_coloured: bool, project_dir: Path) -> None:
    card = str(project_dir / "examples/cards/silent.md")
    answer = CliRunner(env={"NO_COLOR": value}).invoke(cli, ["classify", card, "-v"], color=True)
    assert answer.exit_code == 0
    assert ("\x1b[" in answer.output) is is_coloured


def test_an_unknown_command_is_one_line_and_wrong_use() -> None:
    answer = run("frobnicate")
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert "No such command" in answer.stderr


def test_a_missing_snapshot_is_one_line_and_wrong_use(tmp_path: Path, project_dir: Path) -> None:
    answer = run("verify", "no-such-snapshot", "--out", str(tmp_path), cwd=project_dir)
    assert answer.returncode == 2, answer.stderr
    assert "Traceback" not in answer.stderr
    assert "no snapshot 'no-such-snapshot'" in answer.stderr


def test_help_imports_nothing_heavy(project_dir: Path) -> None:
    script = (
        "import sys\nfrom analysis.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'scipy', 'matplotlib', 'huggingface_hub', 'pyarrow', 'duckdb', 'numpy'} & "
        "set(sys.modules)\n"
        "print('HEAVY', sorted(heavy))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=project_dir
    )
    assert "HEAVY []" in answer.stdout


@pytest.mark.parametrize("example", [each for name in COMMANDS for each in examples()[name]])
def test_every_example_of_a_help_is_right_use(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("README.md", "corrections.csv", "my-protocol.yml", "sheet.csv"):
        (tmp_path / name).write_text("")
    for name in ("FOLDER", "archive"):
        (tmp_path / name).mkdir()
    name, *arguments = shlex.split(example)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.make_context(name, arguments).params
    assert f"hf-carbon {example}" in command.get_help(click.Context(command, info_name=name))
