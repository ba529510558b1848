"""The places where people are: the Hub's own command line, pre-commit, a GitHub Action, shell completion."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.classify.rubric import rubric

BIN = Path(sys.executable).parent
STATED = "---\nlicense: mit\n---\n# A model\n\n## Environmental Impact\n\n- **Carbon Emitted:** 0.51 kg CO2eq\n"
SILENT = "# A model\n\nNothing is said.\n"


def environment(home: Path, **settings: str) -> dict[str, str]:
    """A home of one's own, no token, this installation first on the path."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HF_", "HUGGING", "COV", "GIT_", "PRE_COMMIT"))
    }
    own = {
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "PATH": f"{BIN}{os.pathsep}{kept['PATH']}",
    }
    names = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    return kept | own | names | settings


def run(command: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, cwd=cwd, env=env, capture_output=True, text=True, timeout=300)


def scratch(folder: Path, env: dict[str, str], **cards: str) -> Path:
    """A git repository with cards in folders."""
    repository = folder / "scratch"
    repository.mkdir()
    for name, text in cards.items():
        (repository / name).mkdir()
        (repository / name / "README.md").write_text(text, encoding="utf-8")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "cards"]):
        assert run(["git", *command], repository, env).returncode == 0
    return repository


def script(name: str) -> Path:
    if not (BIN / name).is_file():
        pytest.skip(f"{name} is not installed beside this Python")
    return BIN / name


def test_hf_carbon_runs_through_the_hubs_own_command_line(tmp_path: Path) -> None:
    hf, ours = script("hf"), script("hf-carbon")
    folder = tmp_path / ".local/share/hf/extensions/hf-carbon"
    folder.mkdir(parents=True)
    manifest = {
        "owner": "local",
        "repo": "hf-carbon",
        "repo_id": "local/hf-carbon",
        "short_name": "carbon",
        "executable_path": str(ours),
        "type": "python",
        "installed_at": "2026-01-01T00:00:00+00:00",
        "description": "x",
        "commit_sha": None,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    card = tmp_path / "README.md"
    card.write_text(STATED, encoding="utf-8")
    env = environment(tmp_path)
    done = run([str(hf), "carbon", "classify", "README.md", "--json"], tmp_path, env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["emissions"]["grams"] == 510
    assert (
        run([str(hf), "carbon", "classify", "README.md", "--fail-below", "verifiable"], tmp_path, env).returncode == 1
    )
    assert run([str(hf), "carbon", "classify", "missing.md"], tmp_path, env).returncode == 2
    assert "carbon" in run([str(hf), "--help"], tmp_path, env).stdout
    assert "hf carbon" in run([str(hf), "extensions", "list"], tmp_path, env).stdout
    assert run([str(hf), "extensions", "remove", "carbon"], tmp_path, env).returncode == 0
    assert not (tmp_path / ".local/share/hf/extensions/hf-carbon").exists()


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o nosort"), ("zsh", "compdef"), ("fish", "complete --no-files")]
)
def test_shell_completion_prints_a_script(tmp_path: Path, shell: str, sign: str) -> None:
    done = run([str(script("hf-carbon"))], tmp_path, environment(tmp_path, _HF_CARBON_COMPLETE=f"{shell}_source"))
    assert done.returncode == 0, done.stderr
    assert sign in done.stdout


def test_shell_completion_knows_commands_and_levels(tmp_path: Path) -> None:
    def words(line: str, at: int) -> str:
        env = environment(tmp_path, _HF_CARBON_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(at))
        return run([str(script("hf-carbon"))], tmp_path, env).stdout

    assert "plain,classify" in words("hf-carbon cl", 1)
    assert "plain,verifiable" in words("hf-carbon classify --fail-below ", 3)


def test_the_offered_hooks_are_valid(project_dir: Path) -> None:
    validate = pytest.importorskip("pre_commit.clientlib")
    hooks = validate.load_manifest(str(project_dir / ".pre-commit-hooks.yaml"))
    assert [hook["id"] for hook in hooks] == ["hf-carbon", "hf-carbon-write"]
    level = hooks[0]["args"][0].partition("=")[2]
    assert level in rubric().level_ids()


@pytest.mark.slow
def test_pre_commit_holds_cards_to_a_level(tmp_path: Path, project_dir: Path) -> None:
    """The real pre-commit.

    The hooks run the installed command, because installing all dependencies anew takes the network.
    """
    pre_commit = script("pre-commit")
    env = environment(tmp_path, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    repository = scratch(tmp_path, env, said=STATED, silent=SILENT)
    offered = yaml.safe_load((project_dir / ".pre-commit-hooks.yaml").read_text())
    hooks = [
        {**hook, "language": "system", "entry": hook["entry"].replace(".ci/hook", "hf-carbon")} for hook in offered
    ]
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]}))
    assert run(["git", "add", "."], repository, env).returncode == 0

    both = run([str(pre_commit), "run", "hf-carbon", "--all-files"], repository, env)
    assert both.returncode == 1, both.stdout + both.stderr
    assert "silent/README.md" in both.stdout
    assert "below 'stated'" in both.stdout
    good = run([str(pre_commit), "run", "hf-carbon", "--files", "said/README.md"], repository, env)
    assert good.returncode == 0, good.stdout
    none = run([str(pre_commit), "run", "hf-carbon", "--files", ".pre-commit-config.yaml"], repository, env)
    assert "no files to check" in none.stdout

    writing = run([str(pre_commit), "run", "hf-carbon-write", "--files", "said/README.md"], repository, env)
    assert writing.returncode == 1
    assert "files were modified" in writing.stdout
    assert "emissions: 510" in (repository / "said/README.md").read_text()
    assert (
        run([str(pre_commit), "run", "hf-carbon-write", "--files", "said/README.md"], repository, env).returncode == 0
    )


def test_the_hook_installs_from_the_lock_by_hash_and_hands_its_words_on(tmp_path: Path, project_dir: Path) -> None:
    hooks = yaml.safe_load((project_dir / ".pre-commit-hooks.yaml").read_text())
    assert {hook["entry"].split()[0] for hook in hooks} == {".ci/hook"}
    for name in (".ci/hook", "Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(project_dir / name, tmp_path / name)
    installed = tmp_path / ".venv/bin"
    installed.mkdir(parents=True)
    for name, words in (("python", 'echo "$@" >>"$0.calls"'), ("hf-carbon", 'printf "<%s>" "$@"; exit 4')):
        (installed / name).write_text(f"#!/bin/sh\n{words}\n")
        (installed / name).chmod(0o755)
    for _ in range(2):
        done = run([str(tmp_path / ".ci/hook"), "classify", "--", "a b.md"], tmp_path, environment(tmp_path))
        assert (done.returncode, done.stdout) == (4, "<classify><--><a b.md>"), done.stderr
    calls = (installed / "python.calls").read_text().splitlines()
    assert len(calls) == 2
    assert "--require-hashes -r requirements.lock" in calls[0]
    assert "--no-deps --no-build-isolation" in calls[1]


def action(project_dir: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((project_dir / "action.yml").read_text(encoding="utf-8"))
    return parsed


def judged(project_dir: Path, repository: Path, env: dict[str, str], **given: str) -> subprocess.CompletedProcess[str]:
    """Run the classifying step of the action as the runner would, with its inputs in the environment."""
    step = next(step for step in action(project_dir)["runs"]["steps"] if step.get("name") == "classify")
    names = {
        name.upper().replace("-", "_"): str(part.get("default", ""))
        for name, part in action(project_dir)["inputs"].items()
    }
    file = repository.parent / "step.sh"
    file.write_text(step["run"], encoding="utf-8")
    settings = {name: names.get(name, "") for name in step["env"]} | given
    return run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(file)], repository, env | settings)


def test_the_action_interpolates_nothing_into_its_scripts(project_dir: Path) -> None:
    said = action(project_dir)
    assert said["runs"]["using"] == "composite"
    for step in said["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    assert set(rubric().level_ids()) <= set(
        said["inputs"]["fail-below"]["description"].replace(".", "").replace(",", "").split()
    )


def test_a_pull_request_cannot_lower_its_own_gate(tmp_path: Path, project_dir: Path) -> None:
    script("hf-carbon")
    env = environment(tmp_path)
    repository = scratch(tmp_path, env, silent=SILENT)

    def commit(gate: str) -> str:
        (repository / "hf-carbon.toml").write_text(f'fail-below = "{gate}"\n', encoding="utf-8")
        (repository / "silent" / "README.md").write_text(SILENT + f"\n{gate}\n", encoding="utf-8")
        for command in (["add", "."], ["commit", "-q", "-m", gate]):
            assert run(["git", *command], repository, env).returncode == 0
        return run(["git", "rev-parse", "HEAD"], repository, env).stdout.strip()

    strict = commit("stated")
    lax = commit("silent")
    assert judged(project_dir, repository, env, BASE=strict).returncode == 1
    commit("stated")
    assert judged(project_dir, repository, env, BASE=lax).returncode == 0


def test_the_action_annotates_changed_cards_and_holds_them_to_a_level(tmp_path: Path, project_dir: Path) -> None:
    script("hf-carbon")
    env = environment(tmp_path)
    repository = scratch(tmp_path, env, said=STATED, silent=SILENT)
    base = run(["git", "rev-parse", "HEAD"], repository, env).stdout.strip()
    (repository / "odd, name:1%").mkdir()
    (repository / "odd, name:1%" / "README.md").write_text(SILENT, encoding="utf-8")
    (repository / "said" / "README.md").write_text(STATED + "\nMore.\n", encoding="utf-8")
    for command in (["add", "."], ["commit", "-q", "-m", "change"]):
        assert run(["git", *command], repository, env).returncode == 0

    free = judged(project_dir, repository, env, BASE=base)
    assert free.returncode == 0, free.stderr
    assert "file=said/README.md,line=" in free.stdout
    assert [line.split("file=")[1].split("/README")[0] for line in free.stdout.splitlines()[:4]] == [
        "odd%2C name%3A1%25",
        "said",
    ] * 2
    assert "file=odd%2C name%3A1%25/README.md" in free.stdout
    assert "silent/README.md" not in free.stdout
    assert all(line.startswith(("::notice ", "::warning ")) for line in free.stdout.splitlines())

    summary = tmp_path / "summary.md"
    below = judged(project_dir, repository, env, BASE=base, FAIL_BELOW="stated", GITHUB_STEP_SUMMARY=str(summary))
    assert below.returncode == 1
    assert below.stdout.splitlines()[-1] == "::error title=hf-carbon::a model card is below the level 'stated'"
    assert all(line.startswith("    ") for line in summary.read_text(encoding="utf-8").splitlines())
    assert "Level" in summary.read_text(encoding="utf-8")
    assert judged(project_dir, repository, env, BASE=base, FAIL_BELOW="nonsense").returncode == 2
    assert judged(project_dir, repository, env, BASE=base, FAIL_BELOW="stated", CARDS="said/README.md").returncode == 0
    every = judged(project_dir, repository, env, ALL="true", SARIF="out.sarif")
    assert "file=silent/README.md" in every.stdout
    log = json.loads((repository / "out.sarif").read_text())
    assert log["version"] == "2.1.0"
    assert log["runs"][0]["results"]
    nothing = judged(
        project_dir, repository, env, BASE=run(["git", "rev-parse", "HEAD"], repository, env).stdout.strip()
    )
    assert nothing.stdout == "no model card has changed\n"


def test_examples_in_the_readme_name_what_exists(project_dir: Path) -> None:
    """Every YAML example parses; its hooks and inputs are those that are offered."""
    offered = {hook["id"] for hook in yaml.safe_load((project_dir / ".pre-commit-hooks.yaml").read_text())}
    inputs = set(action(project_dir)["inputs"])
    for text in re.findall(
        r"```yaml\n(.*?)```", (project_dir / "docs/guides/author.md").read_text(encoding="utf-8"), re.DOTALL
    ):
        said = yaml.safe_load(text)
        for entry in said.get("repos", []):
            assert entry["repo"] == "local" or {hook["id"] for hook in entry["hooks"]} <= offered
        for job in said.get("jobs", {}).values():
            for step in job["steps"]:
                assert "hf-carbon" not in step.get("uses", "") or set(step["with"]) <= inputs
