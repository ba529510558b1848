"""What needs no Hub asks none: every attempt to reach another machine is counted.

The counting is done inside the interpreter (an audit hook in every process of the command), at the address that stands
for the Hub, and at a proxy for everything else; in a network namespace of its own where there are such.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from archive_series import model, write_date

CARD = "---\nlicense: mit\n---\n# M\n\n## Environmental Impact\n\n- **Carbon Emitted:** 0.51 kg CO2eq\n"
HOOK = """
import os, sys
LOCAL = ("127.", "::1", "localhost", "None", "0.0.0.0")
def told(event, args):
    if event in ("socket.connect", "socket.sendto"):
        place = args[1]
        host = place[0] if isinstance(place, tuple) else "localhost"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not str(host).startswith(LOCAL):
        with open(os.environ["ATTEMPTS"], "a") as stream:
            stream.write(f"{event} {host}\\n")
sys.addaudithook(told)
"""
DRIVER = """
import json, sys
from analysis.cli import main
codes = []
for command in json.load(open("commands.json")) if __name__ == "__main__" else ():
    try:
        main(command)
    except SystemExit as end:
        codes.append((command, end.code))
if __name__ == "__main__":
    sys.exit(str(codes) if codes else 0)
"""
SAMPLE = "sample-"
COMMANDS = (
    ["study", "--source", "sample", "--sample-models", "40", "--cards", "all", "--quiet"],
    ["verify", SAMPLE],
    ["build", SAMPLE, "--refresh", "--csv", "--quiet"],
    ["analyse", SAMPLE, "--quiet"],
    ["report", SAMPLE, "--quiet"],
    ["explore", SAMPLE, "--quiet"],
    ["publish", SAMPLE, "--repo", "a/b", "--dry-run"],
    ["publish", SAMPLE, "--repo", "a/b", "--folder", "handed-on"],
    ["sample", SAMPLE, "--n", "32"],
    ["audit", SAMPLE, "--n", "5"],
    ["list"],
    ["diff", SAMPLE, SAMPLE],
    ["config"],
    ["explain", "emissions-in-card"],
    ["crawl", "--source", "cards", "--from", "cards", "--quiet"],
    ["classify", "README.md"],
    ["classify", "README.md", "--json"],
    ["classify", "README.md", "--html", "label.html", "--svg", "label.svg"],
    ["classify", "README.md", "--write", "--quiet"],
    ["classify", "README.md", "--form", "cyclonedx"],
    ["classify", ".", "--format", "table"],
    ["estimate", "README.md"],
    ["estimate", "--hardware", "A100", "--hours", "10"],
    ["history", "--from", "archive", "--quiet"],
)


@contextmanager
def counting_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that refuses everything and remembers what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stay silent."""

        def refuse(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_error(502)

        do_GET = do_POST = do_HEAD = do_CONNECT = refuse

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def apart() -> list[str]:
    """What gives a command a network of its own; empty where this machine does not allow it."""
    alone = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    tools = shutil.which("unshare") and shutil.which("ip")
    return alone if tools and subprocess.run([*alone, "true"], check=False, capture_output=True).returncode == 0 else []


def environment(folder: Path, hub: str) -> dict[str, str]:
    """Everything that might be asked leads to the counters; nothing keeps the Hub's client from asking."""
    (folder / "hook").mkdir(exist_ok=True)
    (folder / "hook/sitecustomize.py").write_text(HOOK, encoding="utf-8")
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), hub)
    settings = {"HF_ENDPOINT": hub, "HF_HUB_DISABLE_TELEMETRY": "0", "HF_TOKEN": "hf_" + "x" * 20, "HOME": str(folder)}
    paths = os.pathsep.join(filter(None, (str(folder / "hook"), os.environ.get("PYTHONPATH", ""))))
    own = {"no_proxy": "", "NO_PROXY": "", "ATTEMPTS": str(folder / "attempts"), "PYTHONPATH": paths}
    return {**os.environ, **proxies, **settings, **own}


def run(folder: Path, script: str, before: list[str]) -> tuple[int, str, list[str]]:
    """Run a script; its exit code, what it said, and the attempts to reach somebody."""
    (folder / "driver.py").write_text(script, encoding="utf-8")
    with counting_proxy() as (hub, asked):
        done = subprocess.run(
            [*before, sys.executable, "driver.py"],
            cwd=folder,
            env=environment(folder, hub),
            capture_output=True,
            text=True,
            check=False,
        )
    attempts = folder / "attempts"
    return done.returncode, done.stderr, asked + (attempts.read_text().splitlines() if attempts.exists() else [])


def test_the_counter_counts(tmp_path: Path) -> None:
    ask = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), .2)\nexcept OSError: pass\n"
    assert "socket.connect 192.0.2.1" in run(tmp_path, ask, apart())[2]


@pytest.mark.slow
def test_no_command_on_the_sample_or_on_local_files_asks_anybody(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "cards/a/b").mkdir(parents=True)
    (tmp_path / "cards/a/b/README.md").write_text(CARD, encoding="utf-8")
    for number in range(3):
        write_date(tmp_path / "archive", number, [model(f"a/m{one}", one or None) for one in range(5)])
    (tmp_path / "commands.json").write_text(json.dumps(COMMANDS), encoding="utf-8")
    code, said, attempts = run(tmp_path, DRIVER, apart())
    assert attempts == []
    assert code == 0, said
