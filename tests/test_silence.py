"""What needs no Hub asks none.

Every connection outside this machine, and every request to the Hub's own address, is counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CARD = "---\nlicense: mit\n---\n# M\n\n## Environmental Impact\n\n- **Carbon Emitted:** 0.51 kg CO2eq\n"


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


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("crawl", "--source", "sample", "--sample-models", "50", "--quiet"),
        ("classify", "README.md", "--quiet"),
        ("classify", "README.md", "--write", "--quiet"),
    ],
)
def test_no_request_leaves_the_machine(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    with counting_proxy() as (address, asked):
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), address)
        settings = {"HF_ENDPOINT": address, "HF_HUB_DISABLE_TELEMETRY": "0", "HF_TOKEN": "hf_" + "x" * 20}
        done = subprocess.run(
            [sys.executable, "-m", "analysis", *command],
            cwd=tmp_path,
            env={**os.environ, **proxies, **settings, "no_proxy": "", "NO_PROXY": "", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert asked == []
