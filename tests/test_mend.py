"""Carrying out the fix: a card on disk, and a pull request through the real client against the loopback Hub."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from huggingface_hub import ModelCard
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.api import classify_model
from analysis.classify.apply_suggestion import DESCRIPTION, SUMMARY, applied, apply_suggestions
from analysis.classify.cards import classify_card, classify_file, classify_path
from analysis.classify.classification import Classification
from analysis.classify.local_cards import card_envelope
from analysis.commands.classify import command
from mining.errors import CheckFailedError, CouldNotLookError, UnreachableError, UsageError
from mining.hub.answers import HubResponse
from mining.hub.proposals import propose_file
from sample_hub import LoopbackHub, RecordHub

CARD = (
    "---\nlicense: apache-2.0\ntags:\n- tiny\n---\n# A tiny model\n\n## Environmental Impact\n\n"
    "- **Hardware Type:** NVIDIA T4\n- **Hours used:** 20\n- **Carbon Emitted:** 0.51 kg CO2eq\n"
)


def changed(card: bytes, answer: Classification, block: str) -> bytes:
    """The card with the block, as it would be written."""
    envelope = card_envelope(card, "")
    return applied(answer, block, [envelope], envelope, "cards")[1]


NEW = b"---\nlicense: mit\n---\n"
QUIET = "---\nlicense: mit\n---\n# Nothing said\n"
MODEL = "someone/tiny"


def run(folder: Path, *arguments: str, answer: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a home of its own and no token but a given one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "COV"))}
    environment = (
        kept | {"HF_HOME": str(folder / "home"), "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "127.0.0.1"} | settings
    )
    return subprocess.run(
        [sys.executable, "-m", "analysis", "classify", *arguments],
        check=False,
        cwd=Path(__file__).parent.parent,
        env=environment,
        input=answer,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(
        RecordHub([{"id": MODEL}, {"id": "someone/quiet"}], {MODEL: CARD, "someone/quiet": QUIET})
    ) as serving:
        yield serving


def test_a_card_on_disk_is_mended_once(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(CARD, encoding="utf-8")
    first = run(tmp_path, str(path), "--write", "--quiet")
    assert first.returncode == 0, first.stderr
    assert "written" in first.stderr
    once = path.read_bytes()
    again = classify_card(once)
    assert (again.emissions.grams, again.emissions.unit_status, again.emissions.source) == (510.0, "stated", "metadata")
    kept = [line for line in difflib.ndiff(CARD.splitlines(), once.decode().splitlines()) if line[0] == "-"]
    assert not kept
    second = run(tmp_path, str(path), "--write", "--quiet")
    assert second.returncode == 0
    assert "no change" in second.stderr
    assert path.read_bytes() == once
    assert sorted(item.name for item in tmp_path.iterdir()) == ["README.md"]


def test_the_log_of_a_meter_is_evidence_too(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(QUIET, encoding="utf-8")
    (tmp_path / "emissions.csv").write_text(
        "timestamp,project_name,duration,emissions,energy_consumed\n2024-01-01,a,60,0.25,1\n"
    )
    done = run(tmp_path, str(tmp_path / "README.md"), "--write", "--quiet")
    assert done.returncode == 0, done.stderr
    assert "emissions: 250\n" in (tmp_path / "README.md").read_text()


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text(CARD, encoding="utf-8")
    card.chmod(0o600)
    (tmp_path / "README.md").symlink_to(card)
    answer = classify_file(tmp_path / "README.md")
    assert apply_suggestions([answer], write=True, open_pr=False, confirmed=False, endpoint=None) == 0
    assert (tmp_path / "README.md").is_symlink()
    assert "emissions: 510" in card.read_text(encoding="utf-8")
    assert card.stat().st_mode & 0o777 == 0o600


def test_every_card_of_a_folder_is_mended_or_said_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "b.md").write_text(QUIET, encoding="utf-8")
    (tmp_path / "c.md").write_bytes(b"- **Carbon Emitted:** 1.2 kg CO2eq \xff\n")
    assert apply_suggestions(
        list(classify_path(tmp_path)), write=True, open_pr=False, confirmed=False, endpoint=None
    ) in {0, 2}
    said = capsys.readouterr().err
    assert "a.md: co2_eq_emissions written" in said
    assert "b.md: no change" in said
    assert (tmp_path / "c.md").read_bytes() == b"- **Carbon Emitted:** 1.2 kg CO2eq \xff\n"


def test_standard_input_cannot_be_written(tmp_path: Path) -> None:
    done = run(tmp_path, "-", "--write", "--quiet", answer=CARD)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "card on disk" in done.stderr


def test_both_ways_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(CARD, encoding="utf-8")
    assert run(tmp_path, str(path), "--write", "--open-pr").returncode == 2
    assert path.read_text(encoding="utf-8") == CARD


def test_one_pull_request_with_exactly_the_shown_difference(hub: LoopbackHub, tmp_path: Path) -> None:
    done = run(
        tmp_path, MODEL, "--open-pr", "--quiet", answer="y\n", HF_ENDPOINT=hub.endpoint, HF_TOKEN="hf_" + "x" * 10
    )
    assert done.returncode == 0, done.stderr
    (pull,) = hub.pull_requests
    assert (pull.model_id, pull.number, pull.summary, pull.description) == (MODEL, 1, SUMMARY, DESCRIPTION)
    assert set(pull.files) == {"README.md"}
    assert not pull.deleted
    after = pull.files["README.md"].decode()
    shown = "\n".join(
        difflib.unified_diff(CARD.splitlines(), after.splitlines(), "a/README.md", "b/README.md", lineterm="")
    )
    assert shown in done.stderr
    assert pull.parent is not None
    assert classify_card(after).emissions.grams == 510.0
    assert ModelCard(after).data.get("co2_eq_emissions") == {"emissions": 510}
    assert f"opened {hub.endpoint}/{MODEL}/discussions/1" in done.stderr


def test_scripts_say_yes_and_nothing_is_asked(hub: LoopbackHub, tmp_path: Path) -> None:
    done = run(tmp_path, MODEL, "--open-pr", "--yes", "--json", HF_ENDPOINT=hub.endpoint, HF_TOKEN="hf_" + "x" * 10)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")
    assert len(hub.pull_requests) == 1


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_declined_means_nothing_is_sent(hub: LoopbackHub, tmp_path: Path, answer: str) -> None:
    done = run(
        tmp_path, MODEL, "--open-pr", "--quiet", answer=answer, HF_ENDPOINT=hub.endpoint, HF_TOKEN="hf_" + "x" * 10
    )
    assert done.returncode == 0
    assert "nothing was sent" in done.stderr
    assert "+co2_eq_emissions:" in done.stderr
    assert hub.pull_requests == []


def test_without_a_token_the_line_to_run_is_told(hub: LoopbackHub, tmp_path: Path) -> None:
    done = run(tmp_path, MODEL, "--open-pr", "--yes", "--quiet", HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 3
    assert f"Run: hf auth login && hf-carbon classify {MODEL} --open-pr" in done.stderr
    assert "+co2_eq_emissions:" in done.stderr
    assert "Traceback" not in done.stderr
    assert hub.pull_requests == []


def test_a_card_with_nothing_to_say_is_left_alone(hub: LoopbackHub, tmp_path: Path) -> None:
    done = run(
        tmp_path, "someone/quiet", "--open-pr", "--yes", "--quiet", HF_ENDPOINT=hub.endpoint, HF_TOKEN="hf_" + "x" * 10
    )
    assert done.returncode == 0
    assert "no change" in done.stderr
    assert hub.pull_requests == []


def test_a_local_card_is_no_pull_request(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(CARD, encoding="utf-8")
    done = run(tmp_path, str(path), "--open-pr", "--quiet")
    assert done.returncode == 2
    assert "--write" in done.stderr


def test_a_card_that_would_say_something_else_is_not_touched() -> None:
    answer = classify_card(CARD)
    with pytest.raises(CheckFailedError, match="nothing was written"):
        changed(CARD.encode(), answer, "co2_eq_emissions:\n  emissions: 511\n")


@pytest.mark.parametrize(
    ("typed", "sent", "words"), [("y\n", 1, "opened"), ("n\n", 0, "nothing was sent"), ("", 0, "scripts say --yes")]
)
def test_the_question_is_asked_in_process_too(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str, sent: int, words: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 10)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    done = CliRunner().invoke(command, [MODEL, "--open-pr", "--quiet", "--endpoint", hub.endpoint], input=typed)
    assert done.exit_code == 0, done.output
    assert words in done.output
    assert len(hub.pull_requests) == sent


def test_wrong_ways_in_process(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("mining.hub.proposals.get_token", lambda: None)
    answer = classify_model(MODEL, endpoint=hub.endpoint)
    options: Any = {"confirmed": True, "endpoint": hub.endpoint}
    assert apply_suggestions([answer], write=True, open_pr=False, **options) == 2
    assert apply_suggestions([answer], write=False, open_pr=True, **options) == 3
    assert apply_suggestions([classify_card(CARD)], write=False, open_pr=True, **options) == 2
    gone = msgspec.structs.replace(answer, model_id="someone/gone", input="someone/gone")
    assert apply_suggestions([gone], write=False, open_pr=True, **options) == 3
    with pytest.raises(UsageError, match="exclude"):
        apply_suggestions([answer], write=True, open_pr=True, **options)
    assert "Traceback" not in capsys.readouterr().err
    assert hub.pull_requests == []


PIECES = (
    "---",
    "...",
    "```yaml",
    "```",
    "",
    "license: mit",
    "tags: [a, b]",
    "co2_eq_emissions:",
    "co2_eq_emissions: 3 # mine",
    "co2_eq_emissions: {emissions: 3, source: mine}",
    "  emissions: 3",
    "  - emissions: 3",
    "  emissions: |",
    "    3 kg",
    "  source: mine",
    "# a comment",
    "\tindented",
    "a: &x [1]",
    "b: *x",
    "emissions: 3",
    "Words of a paragraph.",
    "## Environmental Impact",
    "- **Carbon Emitted:** 1.2 kg CO2eq",
    "- **Carbon Emitted:** 3 kg CO2eq",
)


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["\n", "\r\n"]))
@example(
    ["co2_eq_emissions:", "## Environmental Impact", "  source: mine", "---", "- **Carbon Emitted:** 1.2 kg CO2eq"],
    "\n",
)
@example(["co2_eq_emissions:", PIECES[-2], "---", PIECES[-2]], "\n")
def test_whatever_stands_in_a_card_it_is_mended_rightly_or_not_at_all(pieces: list[str], ending: str) -> None:
    card = ending.join(pieces).encode()
    answer = classify_card(card)
    if answer.suggested_metadata is None:
        return
    try:
        after = changed(card, answer, answer.suggested_metadata)
    except CheckFailedError:
        return
    again = classify_card(after)
    assert (again.emissions.grams, again.emissions.unit_status) == (answer.emissions.grams, "stated")
    assert again.suggested_metadata is None
    gone = [
        line[2:]
        for line in difflib.ndiff(card.decode().splitlines(), after.decode().splitlines())
        if line.startswith("- ")
    ]
    assert all(
        "emissions" in line or line.strip() in {"3 kg", "source: mine", "# a comment", "indented", "", "- emissions: 3"}
        for line in gone
    ), gone


def test_a_refusing_and_a_dead_hub_are_one_line(monkeypatch: pytest.MonkeyPatch, hub: LoopbackHub) -> None:
    words: Any = {"parent": None, "summary": "s", "description": "d"}
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("mining.hub.proposals.get_token", lambda: None)
    with pytest.raises(CouldNotLookError, match="hf auth login"):
        propose_file(hub.endpoint, MODEL, "README.md", NEW, **words)
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 10)
    monkeypatch.setattr("mining.hub.proposals.get_token", lambda: "hf_" + "x" * 10)
    with pytest.raises(CouldNotLookError, match="refused the pull request on someone/else"):
        propose_file(hub.endpoint, "someone/else", "README.md", NEW, **words)
    with pytest.raises(UnreachableError):
        propose_file("http://127.0.0.1:9", MODEL, "README.md", NEW, **words)
    assert hub.pull_requests == []


def test_metadata_that_the_hub_finds_invalid_are_not_sent(monkeypatch: pytest.MonkeyPatch, hub: LoopbackHub) -> None:
    def refuse(*_: object, **__: Any) -> HubResponse:
        return HubResponse(address="/api/validate-yaml", status=400, body=b'{"errors":[{"message":"no such licence"}]}')

    monkeypatch.setattr("mining.hub.proposals.get_token", lambda: "hf_" + "x" * 10)
    monkeypatch.setattr("mining.hub.client.HubClient.post", refuse)
    with pytest.raises(CheckFailedError, match=r"nothing was sent\. no such licence"):
        propose_file(hub.endpoint, MODEL, "README.md", NEW, parent=None, summary="s", description="d")


def test_a_second_try_finds_the_open_pull_request(monkeypatch: pytest.MonkeyPatch, hub: LoopbackHub) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 10)
    words: Any = {"parent": None, "summary": "the same title", "description": "d"}
    first = propose_file(hub.endpoint, MODEL, "README.md", NEW, **words)
    again = propose_file(hub.endpoint, MODEL, "README.md", NEW, **words)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.address == again.address == f"{hub.endpoint}/{MODEL}/discussions/{hub.pull_requests[-1].number}"
