"""The sample as dumps, and the command that serves it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from present import present

from analysis.commands.serve_sample import command
from mining.errors import UsageError
from sample_hub import SampleHub


def test_dumps_hold_the_records_and_the_readable_cards(tmp_path: Path) -> None:
    sample = SampleHub(seed=3, n_models=400)
    paths = sample.write_dump(tmp_path)
    models = pq.read_table(paths["models"]).to_pylist()
    assert [row["id"] for row in models] == [sample.record(i)["id"] for i in range(400)]
    for index, row in enumerate(models):
        record = sample.record(index)
        assert row["tags"] == record["tags"]
        assert row["createdAt"].isoformat() == record["createdAt"].replace(".000Z", "+00:00")
        for name in ("cardData", "safetensors", "baseModels", "gguf"):
            assert (None if row[name] is None else json.loads(row[name])) == record.get(name)
        assert row["siblings"] == record["siblings"]
    cards = {row["modelId"]: row["card"] for row in pq.read_table(paths["cards"]).to_pylist()}
    readable = {
        sample.record(i)["id"]: sample.card(i)
        for i in range(400)
        if sample.access(i) == "open" and sample.card(i) is not None
    }
    assert cards == readable
    assert not list(tmp_path.rglob("*.part"))


def test_dumps_are_the_same_bytes_again_and_can_be_cut_short(tmp_path: Path) -> None:
    sample = SampleHub(seed=3, n_models=300)
    first = sample.write_dump(tmp_path / "a", 50)
    second = SampleHub(seed=3, n_models=300).write_dump(tmp_path / "b", 50)
    assert {name: path.read_bytes() for name, path in first.items()} == {
        name: path.read_bytes() for name, path in second.items()
    }
    assert pq.read_metadata(first["models"]).num_rows == 50
    assert pq.read_metadata(sample.write_dump(tmp_path / "c", 10**6)["models"]).num_rows == 300


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_sample_tells_its_address_serves_and_leaves_quietly(ending: signal.Signals, project_dir: Path) -> None:
    arguments = [sys.executable, "-m", "analysis", "serve-sample", "--models", "300", "--seed", "4", "--quota", "50"]
    with subprocess.Popen(
        arguments,
        cwd=project_dir,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as serving:
        endpoint = present(serving.stdout).readline().strip()
        with urllib.request.urlopen(f"{endpoint}/api/models?limit=2&sort=createdAt", timeout=10) as answer:
            assert len(json.load(answer)) == 2
            assert "q=50;" in answer.headers["ratelimit-policy"]
        serving.send_signal(ending)
        _, words = serving.communicate(timeout=10)
    assert serving.returncode == 0
    assert "SYNTHETIC" in words
    assert f"HF_ENDPOINT={endpoint}" in words
    assert "served 1 requests" in words
    assert "Traceback" not in words


def test_serve_sample_counts_what_it_served(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoints: list[str] = []
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    monkeypatch.setattr(
        "analysis.commands.serve_sample._tell", lambda endpoint, models, seed: endpoints.append(endpoint)
    )
    before = signal.getsignal(signal.SIGINT)
    result = CliRunner().invoke(command, ["--models", "20", "--faults", "0.5"])
    assert result.exit_code == 0
    assert "served 0 requests, refused 0, faults 0" in result.stderr
    assert endpoints[0].startswith("http://127.0.0.1:")
    assert signal.getsignal(signal.SIGINT) is before


def test_a_taken_port_is_one_line_and_wrong_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(command, ["--port", str(taken.getsockname()[1]), "--models", "10"])
    assert isinstance(result.exception, UsageError)
    assert "cannot serve on port" in str(result.exception)


def test_help_names_its_units_and_says_what_it_is() -> None:
    text = CliRunner().invoke(command, ["--help"]).output
    assert "SYNTHETIC" in text
    assert "300 s" in text
