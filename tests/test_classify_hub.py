"""Classifying models of the Hub, through real HTTP on the loopback Hub.

And the same models from their cards and from a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from classify_run import CARD, METADATA_ONLY, PLAIN, RTF, classify
from sample_snapshot import fixed_clock

from analysis.classify import targets
from mining.hub import FIELDS, HubClient, RetryPolicy, fetch_model
from mining.snapshot import SnapshotWriter
from sample_hub import LoopbackHub, RecordHub

FAST = RetryPolicy(attempts=2, first_attempts=2, base_s=0.001, cap_s=0.002, deadline_s=2)
TOKEN = "hf_SecretSecretSecretSecret"
LOG = b"timestamp,project_name,duration,emissions,energy_consumed\n2024-01-01T00:00:00,x,3600,0.5,2.0\n"
FRONT = {
    "license": "apache-2.0",
    "datasets": ["org/data"],
    "co2_eq_emissions": {
        "emissions": 12300,
        "source": "codecarbon",
        "training_type": "fine-tuning",
        "geographical_location": "Paris, France",
        "hardware_used": "8 x A100 80GB",
    },
}
README = {"rfilename": "README.md"}
WEIGHTS = {"rfilename": "model.safetensors"}


def record(name: str, *files: str, **changes: Any) -> dict[str, Any]:
    siblings = [README, WEIGHTS, *({"rfilename": file} for file in files)]
    return {"id": name, "downloads": 10, "usedStorage": 400_000_000, "siblings": siblings, "cardData": {}, **changes}


def hub_of_cases() -> LoopbackHub:
    records = [
        record("org/good", cardData=FRONT),
        record("org/closed", gated="manual", cardData={"co2_eq_emissions": 700}),
        record("org/closed-silent", gated="auto", cardData={"license": "mit"}),
        record("org/blocked", disabled=True),
        record("org/private"),
        record("org/huge"),
        record("org/binary"),
        record("org/rich"),
        record("org/empty"),
        record("org/no-card", siblings=[WEIGHTS]),
        record("org/new-name", cardData={"co2_eq_emissions": 0.6}),
        record("org/log", "emissions.csv"),
        record("legacy", cardData={"license": "mit"}),
    ]
    cards = {
        "org/good": CARD,
        "org/closed": PLAIN,
        "org/closed-silent": PLAIN,
        "org/blocked": PLAIN,
        "org/new-name": METADATA_ONLY,
    }
    cards |= {"org/huge": "x" * 5_100_000, "org/rich": RTF, "org/empty": "", "legacy": PLAIN, "org/log": PLAIN}
    catalog = RecordHub(
        records,
        cards,
        files={"org/binary": {"README.md": bytes(range(256)) * 50}, "org/log": {"emissions.csv": LOG}},
        access={"org/closed": "gated", "org/closed-silent": "gated", "org/blocked": "disabled", "org/private": "gone"},
        renamed={"org/old-name": "org/new-name"},
    )
    return LoopbackHub(catalog, quota={})


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with hub_of_cases() as running:
        yield running


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A client that gives up at once, in an empty folder."""
    monkeypatch.setattr("mining.hub.HubClient", lambda endpoint: HubClient(endpoint, retry_policy=FAST), raising=False)
    monkeypatch.chdir(tmp_path)


CASES = {
    "org/good": (0, "read", "verifiable"),
    "https://huggingface.co/org/good": (0, "read", "verifiable"),
    "hub:org/good": (0, "read", "verifiable"),
    "legacy": (0, "read", "silent"),
    "org/closed": (3, "gated", "stated"),
    "org/closed-silent": (3, "gated", "unknown"),
    "org/huge": (3, "too-large", "unknown"),
    "org/binary": (3, "not-text", "unknown"),
    "org/rich": (3, "not-text", "unknown"),
    "org/empty": (0, "empty", "silent"),
    "org/no-card": (0, "absent", "silent"),
    "org/log": (0, "read", "stated"),
}


@pytest.mark.parametrize("target", list(CASES))
def test_one_model(hub: LoopbackHub, capsys: pytest.CaptureFixture[str], target: str) -> None:
    said = classify(capsys, target, "--json", "--endpoint", hub.endpoint)
    assert (said.code, said.json["looked_at"], said.json["transparency"]["level"]) == CASES[target]
    assert (said.json["problem"] is not None) == (said.code == 3)


@pytest.mark.parametrize(
    ("target", "words", "looked_at"),
    [
        ("org/nosuch", "no such model", "gone"),
        ("org/private", "no such model", "gone"),
        ("org/blocked", "disabled", "disabled"),
    ],
)
def test_what_is_not_there_is_one_line(
    hub: LoopbackHub, capsys: pytest.CaptureFixture[str], target: str, words: str, looked_at: str
) -> None:
    said = classify(capsys, target, "--endpoint", hub.endpoint)
    assert said.code == 3
    assert words in said.out + said.err
    told = classify(capsys, target, "--json", "--endpoint", hub.endpoint)
    assert (told.code, told.json["looked_at"], told.json["transparency"]["level"]) == (3, looked_at, "unknown")


def test_a_renamed_model_is_followed_and_said(hub: LoopbackHub, capsys: pytest.CaptureFixture[str]) -> None:
    said = classify(capsys, "org/old-name", "--json", "--endpoint", hub.endpoint)
    assert said.code == 0
    assert (said.json["model_id"], said.json["emissions"]["grams"]) == ("org/new-name", 0.6)
    assert said.json["problem"] == "renamed: 'org/old-name' is now 'org/new-name'"


def test_no_network_is_could_not_look(capsys: pytest.CaptureFixture[str]) -> None:
    said = classify(capsys, "org/good", "--endpoint", "http://127.0.0.1:9")
    assert said.code == 3
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "could not reach" in said.err


def test_every_target_is_answered_and_the_worst_code_counts(
    hub: LoopbackHub, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("card.md").write_text(CARD, encoding="utf-8")
    typed = ("org/nosuch", "card.md", "nosuch.md", "org/good", "datasets/org/x")
    said = classify(capsys, *typed, "--jsonl", "--endpoint", hub.endpoint)
    assert said.code == 3
    assert [line["input"] for line in said.lines] == ["org/nosuch", "card.md", "org/good"]
    assert said.err.count("\n") == 3
    assert classify(capsys, "card.md", "nosuch.md", "--endpoint", hub.endpoint).code == 2


def test_the_token_is_never_printed(
    hub: LoopbackHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    for endpoint in (hub.endpoint, "http://127.0.0.1:9"):
        for target in ("org/good", "org/closed", "org/nosuch"):
            said = classify(capsys, target, "--json", "--endpoint", endpoint)
            assert TOKEN not in said.out + said.err


def test_exactly_the_fields_of_the_crawl_are_asked(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = []
    with hub_of_cases() as own:
        route = own.router.route

        def noting(request: Any) -> Any:
            asked.append(request)
            return route(request)

        own.router.route = noting  # type: ignore[method-assign]
        assert classify(capsys, "org/log", "--quiet", "--endpoint", own.endpoint).code == 0
        kinds = dict(own.counters.kinds)
    assert kinds == {"info": 1, "card": 1, "file": 1, "cache": 2}
    info = next(request for request in asked if request.path.startswith("/api/models/"))
    assert [value for key, value in info.query if key == "expand[]"] == list(FIELDS)


def written_snapshot(folder: Path, hub: LoopbackHub, names: list[str]) -> Path:
    client = HubClient(hub.endpoint, token=False, retry_policy=FAST)
    writer = SnapshotWriter.create(folder, source="hub", plan={"plan": "census"}, plan_hash="abc", clock=fixed_clock)
    sides = []
    for name in names:
        model, *others = fetch_model(client, name)
        writer.append([model])
        sides += others
    for kind in ("card", "file", "failure"):
        some = [side for side in sides if side.kind == kind]
        if some:
            writer.append(some)
    writer.complete()
    writer.close()
    return folder


def test_hub_snapshot_and_card_give_the_same_verdict(
    hub: LoopbackHub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    written_snapshot(tmp_path / "data" / "raw" / "snap", hub, ["org/new-name", "org/good", "org/closed", "legacy"])
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    online = classify(capsys, "org/good", "--json", "--endpoint", hub.endpoint).json
    stored = classify(capsys, "org/good", "--json", "--snapshot", "snap").json
    local = classify(capsys, "README.md", "--json").json
    assert stored == online
    assert local["emissions"] == online["emissions"]
    assert local["context"] == online["context"]
    for key in ("level", "reason", "published_level", "repaired_level", "disclosure"):
        assert local["transparency"][key] == online["transparency"][key], key
    differ = {
        here["id"]: here["outcome"]
        for here, there in zip(local["transparency"]["probes"], online["transparency"]["probes"], strict=True)
        if here["outcome"] != there["outcome"]
    }
    assert differ == {"model-size-known": "could-not-look", "weights-open": "could-not-look"}
    assert local["efficiency"]["label"] is None
    assert "classify org/model instead" in local["efficiency"]["reason"]
    assert online["efficiency"]["label"] in "ABCDE"


def test_a_snapshot_answers_for_what_it_holds(
    hub: LoopbackHub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = written_snapshot(tmp_path / "snap", hub, ["org/closed", "legacy"])
    assert classify(capsys, "org/closed", "--json", "--snapshot", folder).code == 3
    assert classify(capsys, "legacy", "--json", "--snapshot", folder).code == 0
    missing = classify(capsys, "org/nosuch", "--snapshot", folder)
    assert (missing.code, missing.err) == (3, "hf-carbon: no model 'org/nosuch' in snapshot 'snap'\n")
    assert classify(capsys, "legacy", "--snapshot", "nosuch").code == 2


def test_a_snapshot_is_read_line_by_line_only_where_the_name_stands(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mining.snapshot import SnapshotReader

    reader = SnapshotReader(written_snapshot(tmp_path / "snap", hub, ["org/new-name", "org/good", "legacy"]))
    decoded = []
    decode = msgspec.json.decode

    def counted(line: bytes, **given: Any) -> Any:
        decoded.append(line)
        return decode(line, **given)

    monkeypatch.setattr("msgspec.json.decode", counted)
    found = list(targets.envelopes_of(reader, "model", "org/good"))
    assert [envelope.id for envelope in found] == ["org/good"]
    assert len(decoded) == 1


def test_text_of_the_hub_is_harmless_at_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    evil = '---\nlicense: "x\\e[2J"\nco2_eq_emissions: 5\n---\n# t\n\n- **Hardware Type:** A100 \x1b]0;owned\x07\n'
    with LoopbackHub(RecordHub([record("org/evil")], {"org/evil": evil}), quota={}) as own:
        said = classify(capsys, "org/evil", "--endpoint", own.endpoint)
    assert "\x1b]" not in said.out
    assert "\x07" not in said.out
