"""The real huggingface_hub client, unchanged, in a process of its own, against the loopback Hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from present import present

from sample_hub import LoopbackHub, RecordHub, SampleHub

SCRIPT = """
import json, os, sys, warnings
from huggingface_hub import CommitOperationAdd, HfApi, ModelCard, hf_hub_download
from huggingface_hub.errors import (
    DisabledRepoError, EntryNotFoundError, GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError,
)

asked = json.loads(sys.argv[1])
api = HfApi()
said = {"endpoint": api.endpoint}

def error_of(act):
    try:
        act()
    except Exception as error:
        return type(error).__name__
    return "none"

rows = list(api.list_models(sort="created_at", expand=["tags", "createdAt", "cardData", "safetensors", "baseModels",
"gated"]))
said["listed"] = [row.id for row in rows]
said["sorted"] = all(a.created_at >= b.created_at for a, b in zip(rows, rows[1:]))
said["limited"] = [row.id for row in api.list_models(sort="created_at", limit=7)]
said["reporters"] = [row.id for row in api.list_models(filter="co2_eq_emissions", cardData=True)]
said["by_author"] = [row.id for row in api.list_models(author=asked["author"])]
said["searched"] = [row.id for row in api.list_models(search="GREEN-ai", sort="likes")]
info = api.model_info(asked["reporter"])
co2 = info.card_data.to_dict().get("co2_eq_emissions")
said["info"] = {"id": info.id, "sha": info.sha, "co2": co2, "tags": info.tags}
blobs = api.model_info(asked["reporter"], files_metadata=True)
said["sizes"] = {item.rfilename: item.size for item in blobs.siblings}
card = ModelCard.load(asked["reporter"])
said["card"] = card.content
path = hf_hub_download(asked["reporter"], "README.md", revision=info.sha)
said["downloaded"] = open(path, encoding="utf-8", newline="").read()
said["commit_of_download"] = info.sha in path
said["legacy"] = api.model_info(asked["legacy"]).id
said["renamed"] = api.model_info(asked["old"]).id
commits = api.list_repo_commits(asked["reporter"])
said["commits"] = [commit.commit_id for commit in commits]
said["first_commit"] = commits[-1].created_at.isoformat()
said["paths"] = [item.path for item in api.get_paths_info(asked["reporter"], ["README.md", "no-such-file"])]
said["dataset"] = api.dataset_info(asked["dataset"]).used_storage
said["errors"] = {
    "missing": error_of(lambda: api.model_info("nobody/nothing")),
    "revision": error_of(lambda: api.model_info(asked["reporter"], revision="v0")),
    "entry": error_of(lambda: hf_hub_download(asked["reporter"], "no.txt")),
    "gated": error_of(lambda: hf_hub_download(asked["gated"], "README.md")),
    "disabled": error_of(lambda: api.model_info(asked["disabled"])),
    "refused field": error_of(lambda: list(api.list_models(expand=["usedStorage"]))),
    "commit without token": error_of(lambda: api.create_commit(asked["reporter"], [CommitOperationAdd("a.txt", b"a")],
    commit_message="m")),
}
token = "hf_" + "x" * 10
said["who"] = api.whoami(token=token)["name"]
commit = api.create_commit(
    asked["reporter"], [CommitOperationAdd("README.md", b"---\\nlicense: mit\\n---\\n# new\\n")],
    commit_message="Say it",
    commit_description="why", create_pr=True, token=token,
)
said["pull_request"] = [commit.pr_url, commit.pr_num]
print(json.dumps(said))
"""


Told = tuple[SampleHub, list[dict[str, Any]], dict[str, Any], dict[str, Any], LoopbackHub]


def run_client(hub: LoopbackHub, home: Path, asked: dict[str, str]) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "COV"))}
    environment = kept | {
        "HF_ENDPOINT": hub.endpoint,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, json.dumps(asked)],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    sample = SampleHub(seed=11, n_models=2_500)
    truths = [sample.truth(index) for index in range(len(sample))]
    reporter = next(t for t in truths if t["kind"] == "autotrain" and t["access"] == "open")
    asked = {
        "reporter": reporter["model_id"],
        "author": reporter["author"],
        "legacy": next(t["model_id"] for t in truths if t["author"] is None and t["access"] == "open"),
        "old": reporter["model_id"].replace("/", "/old-"),
        "gated": next(t["model_id"] for t in truths if t["access"] == "gated" and t["kind"] != "bare"),
        "disabled": next(t["model_id"] for t in truths if t["access"] == "disabled"),
        "dataset": reporter["dataset"],
    }
    with LoopbackHub(sample) as hub:
        said = run_client(hub, tmp_path_factory.mktemp("home"), asked)
        return sample, truths, reporter, said, hub


def test_the_client_lists_every_model_once_newest_first(told: Told) -> None:
    _, truths, _, said, _ = told
    assert said["sorted"]
    assert said["listed"] == [t["model_id"] for t in reversed(truths)]
    assert said["limited"] == said["listed"][:7]


def test_the_client_filters_by_tag_author_and_words(told: Told) -> None:
    sample, truths, reporter, said, _ = told
    tagged = {t["model_id"] for t in truths if "co2_eq_emissions" in sample.record(t["index"])["tags"]}
    assert set(said["reporters"]) == tagged
    assert len(said["reporters"]) == len(tagged)
    assert set(said["by_author"]) == {t["model_id"] for t in truths if t["author"] == reporter["author"]}
    assert set(said["searched"]) == {t["model_id"] for t in truths if "green-ai" in t["model_id"]}


def test_the_client_reads_information_card_and_files(told: Told) -> None:
    sample, _, reporter, said, _ = told
    record = sample.record(reporter["index"])
    card = sample.card(reporter["index"])
    assert said["info"]["sha"] == record["sha"]
    assert said["info"]["co2"] == reporter["metadata_value"]
    assert said["card"] == said["downloaded"] == card
    assert said["commit_of_download"]
    assert said["sizes"]["README.md"] == len(present(card).encode())
    assert set(said["sizes"]) == {item["rfilename"] for item in record["siblings"]}
    assert said["paths"] == ["README.md"]


def test_the_client_follows_renames_and_legacy_names(told: Told) -> None:
    _, _, reporter, said, _ = told
    assert said["renamed"] == reporter["model_id"]
    assert "/" not in said["legacy"]


def test_the_client_reads_commits_and_data_sets(told: Told) -> None:
    sample, _, reporter, said, _ = told
    assert said["commits"] == [row["id"] for row in sample.commits(reporter["index"])]
    assert said["first_commit"].startswith(reporter["first_commit"][:19])
    assert said["dataset"] == reporter["dataset_bytes"] // 3


def test_the_client_meets_its_own_errors(told: Told) -> None:
    said = told[3]
    assert said["errors"] == {
        "missing": "RepositoryNotFoundError",
        "revision": "RevisionNotFoundError",
        "entry": "RemoteEntryNotFoundError",
        "gated": "GatedRepoError",
        "disabled": "DisabledRepoError",
        "refused field": "BadRequestError",
        "commit without token": "HfHubHTTPError",
    }


def test_a_pull_request_is_recorded_and_merged_nowhere(told: Told) -> None:
    sample, _, reporter, said, hub = told
    assert said["who"] == "synthetic-user"
    assert said["pull_request"][1] == 1
    assert said["pull_request"][0].endswith(f"/{reporter['model_id']}/discussions/1")
    pull = hub.pull_requests[0]
    assert (pull.model_id, pull.summary, pull.description) == (reporter["model_id"], "Say it", "why")
    assert pull.files == {"README.md": b"---\nlicense: mit\n---\n# new\n"}
    assert sample.card(reporter["index"]) != "# new"


def test_given_records_are_served_to_the_client_too(tmp_path: Path) -> None:
    script = (
        "from huggingface_hub import HfApi, ModelCard; api = HfApi();"
        "print([m.id for m in api.list_models(filter='x', expand=['tags'])], ModelCard.load('bare-name').text)"
    )
    records = [{"id": "bare-name", "tags": ["x"]}, {"id": "a/b", "tags": ["y"]}]
    with LoopbackHub(RecordHub(records, {"bare-name": "---\ntags: [x]\n---\nwords"})) as hub:
        environment = os.environ | {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.stdout.split("\n")[0] == "['bare-name'] words", done.stderr


def test_files_of_data_sets_are_fetched_by_the_client(tmp_path: Path) -> None:
    script = (
        "from huggingface_hub import HfApi, hf_hub_download; info = HfApi().dataset_info('d/dump');"
        "path = hf_hub_download('d/dump', 'data/a.parquet', repo_type='dataset', revision=info.sha);"
        "print([s.rfilename for s in info.siblings], open(path, 'rb').read(), info.sha in path)\n"
        "try: hf_hub_download('d/dump', 'data/b.parquet', repo_type='dataset')\n"
        "except Exception as error: print(type(error).__name__)"
    )
    catalog = RecordHub([], dataset_files={"d/dump": {"data/a.parquet": b"PAR1\x00\xff"}})
    with LoopbackHub(catalog) as hub:
        environment = os.environ | {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.splitlines() == ["['data/a.parquet'] b'PAR1\\x00\\xff' True", "RemoteEntryNotFoundError"], (
            done.stderr
        )
        assert hub.counters.kinds["dataset-file"] == 3
    assert catalog.dataset_files("d/other") == {}
