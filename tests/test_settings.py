"""Settings fill in for options; typos are refused with the nearest name.

A waiver changes the gate's exit and nothing else.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from analysis import settings
from analysis.cli import main
from analysis.commands.classify import FORMATS, LEVELS
from mining.errors import UsageError

CARD = "# Heron\n\n**Carbon Emitted:** 3.2 kg CO2eq\n\n**Hardware Type:** 2 x NVIDIA A100\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def code_of(*arguments: str) -> int:
    try:
        main([*arguments])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


def gate(project: Path, text: str) -> int:
    (project / "hf-carbon.toml").write_text(text, encoding="utf-8")
    return code_of("classify", "README.md", "--quiet")


def test_the_gate_of_the_settings_holds(project: Path) -> None:
    assert gate(project, 'fail-below = "stated"') == 0
    assert gate(project, 'fail-below = "explained"') == 1
    assert code_of("classify", "README.md", "--quiet", "--fail-below", "stated") == 0


def missing_of(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    capsys.readouterr()
    code_of("classify", "README.md", "--json")
    out = capsys.readouterr().out
    probes = json.loads(out)["transparency"]["probes"]
    return [probe["id"] for probe in probes if probe["outcome"] != "reported"], out


def waivers(names: list[str], until: str) -> str:
    entries = [f'[[waive]]\nprobe = "{name}"\nreason = "not ours to say"\nuntil = {until}\n' for name in names]
    return 'fail-below = "explained"\n' + "".join(entries)


def test_a_waiver_changes_the_exit_and_nothing_else(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, before = missing_of(capsys)
    assert gate(project, waivers(missing, "2999-01-01")) == 0
    _, after = missing_of(capsys)
    assert json.loads(after) == json.loads(before)


def test_a_waiver_that_ended_is_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, _ = missing_of(capsys)
    assert gate(project, waivers(missing, "2020-01-01")) == 1
    held = settings.read(project / "hf-carbon.toml", levels=LEVELS, formats=FORMATS)
    assert held.waived(date(2019, 6, 1)) == set(missing)
    assert held.waived(date(2020, 1, 2)) == frozenset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('fail-bellow = "stated"', "did you mean 'fail-below'"),
        ('fail-below = "explaned"', "did you mean 'explained'"),
        ('[[waive]]\nprobe = "unit-explicitt"\nreason = "x"\nuntil = 2030-01-01', "did you mean 'unit-explicit'"),
        ('[[waive]]\nprob = "unit-explicit"\nreason = "x"\nuntil = 2030-01-01', "did you mean 'probe'"),
        ('[[waive]]\nprobe = "unit-explicit"\nreason = "x"', "until"),
        ("fail-below = ", "not valid TOML"),
    ],
)
def test_typos_are_refused(project: Path, text: str, words: str) -> None:
    (project / "hf-carbon.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        settings.read(project / "hf-carbon.toml", levels=LEVELS, formats=FORMATS)
    assert code_of("classify", "README.md", "--quiet") == 2
    assert code_of("config") == 2


def test_pyproject_is_read_too_and_the_nearest_file_wins(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text('[tool.hf-carbon]\nformat = "json"\n', encoding="utf-8")
    assert code_of("classify", "README.md") == 0
    assert json.loads(capsys.readouterr().out)["input"] == "README.md"
    assert code_of("config") == 0
    assert "pyproject.toml" in capsys.readouterr().out
    inner = project / "inner"
    inner.mkdir()
    assert settings.find(inner) == project / "pyproject.toml"
    (inner / "hf-carbon.toml").touch()
    assert settings.find(inner) == inner / "hf-carbon.toml"


def test_nothing_above_the_repository_is_read(project: Path) -> None:
    repository = project / "repository"
    (repository / ".git").mkdir(parents=True)
    (project / "hf-carbon.toml").write_text('fail-below = "verifiable"', encoding="utf-8")
    assert settings.find(repository) is None


@pytest.mark.parametrize(("typed", "meant"), [("stduy", "study"), ("clasify", "classify"), ("exlore", "explore")])
def test_a_misspelt_command_is_answered(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(typed) == 2
    assert f"Did you mean '{meant}'?" in capsys.readouterr().err
