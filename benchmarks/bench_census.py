"""A census in which one row of a hundred is poisoned: exactly those are set aside, by reason.

Its time beside the clean one's. Both censuses go through real HTTP on this machine, from pages that were made
beforehand, in turns; the ratio is that of the best times.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

from mining.crawl import crawl, make_plan
from mining.hub import HubClient
from mining.snapshot import SnapshotReader
from sample_hub import SampleHub

PAGE_ROWS = 1_000
EVERY = 100
POISONS = (
    ("row-not-an-object", b"null"),
    ("row-not-an-object", b"[1]"),
    ("row-without-id", b'{"_id": "640000000000000000000000"}'),
    ("row-with-nan", b'{"id": "poison/nan", "downloads": NaN}'),
    ("row-beyond-64-bits", b'{"id": "poison/big", "downloads": 99999999999999999999}'),
    ("row-too-deep", b'{"id": "poison/deep", "cardData": ' + b"[" * 1_200 + b"]" * 1_200 + b"}"),
    ("row-not-json", b'{"id": "poison/torn", "tags": [}'),
)
REPAIRS = (b'"\\ud83d"', b'"caf\xe9"', b'"a\x01b"')


def pages_of(models: int) -> tuple[list[bytes], list[bytes], Counter[str], int]:
    """Clean pages, the same pages with poisoned and repairable rows more, the poisons by reason, and the repairs."""
    sample = SampleHub(7, models)
    poisons, repairs = cycle(POISONS), cycle(REPAIRS)
    clean, poisoned, reasons, repaired = [], [], Counter[str](), 0
    for start in range(0, models, PAGE_ROWS):
        rows = [msgspec.json.encode(sample.record(number)) for number in range(start, min(start + PAGE_ROWS, models))]
        clean.append(b"[" + b",".join(rows) + b"]")
        worse: list[bytes] = []
        for number, row in enumerate(rows):
            if number % EVERY == EVERY - 1:
                reason, poison = next(poisons)
                reasons[reason] += 1
                worse.append(poison)
            if number % EVERY == EVERY // 2:
                worse.append(row[:-1] + b',"x":' + next(repairs) + b"}")
                repaired += 1
            else:
                worse.append(row)
        poisoned.append(b"[" + b",".join(worse) + b"]")
    return clean, poisoned, reasons, repaired


@contextmanager
def served(pages: Sequence[bytes]) -> Iterator[str]:
    """The pages as a listing."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

        def do_GET(self) -> None:
            at = int(self.path.rpartition("cursor=")[2]) if "cursor=" in self.path else 0
            self.send_response(200)
            if at + 1 < len(pages):
                self.send_header("Link", f'</api/models?cursor={at + 1}>; rel="next"')
            self.send_header("Content-Length", str(len(pages[at])))
            self.end_headers()
            self.wfile.write(pages[at])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def census(pages: Sequence[bytes]) -> tuple[float, dict[str, int], dict[str, int], int]:
    """Crawl the pages; processor seconds and wall seconds, envelopes by kind, failures by reason, repaired rows."""
    with tempfile.TemporaryDirectory() as folder, served(pages) as endpoint:
        plan, _ = make_plan("census", "none", source="hub")
        began = time.process_time()
        tally = crawl(plan, Path(folder) / "s", client=HubClient(endpoint, token=False, is_local=True))
        took = time.process_time() - began
        reader = SnapshotReader(Path(folder) / "s")
        reader.verify()
        repaired = sum(one.repaired is not None for one in reader.envelopes("model"))
        return took, dict(tally.received), dict(tally.failed), repaired


def measure(models: int, rounds: int) -> dict[str, Any]:
    """Both censuses in turns."""
    began = time.process_time()
    clean, poisoned, reasons, repaired = pages_of(models)
    made_s = time.process_time() - began
    times: dict[str, list[float]] = {"clean": [], "poisoned": []}
    for _ in range(rounds):
        times["clean"].append(census(clean)[0])
        took, received, failed, found = census(poisoned)
        times["poisoned"].append(took)
    return {
        "models": models,
        "poisoned_rows": reasons.total(),
        "models_kept": received.get("model", 0),
        "set_aside": [
            {"reason": name, "sent": reasons[name], "set_aside": failed.get(name, 0)} for name in sorted(reasons)
        ],
        "exactly_those": failed == dict(reasons) and received.get("model") == models,
        "repairable_rows": repaired,
        "repaired": found,
        "clean_cpu_s": round(min(times["clean"]), 2),
        "poisoned_cpu_s": round(min(times["poisoned"]), 2),
        "cpu_ratio_of_the_crawler_alone": round(min(times["poisoned"]) / min(times["clean"]), 3),
        "making_the_pages_cpu_s": round(made_s, 2),
        "overhead_ratio_of_the_census": round((made_s + min(times["poisoned"])) / (made_s + min(times["clean"])), 3),
    }


def main(out: Path, quick: bool = False) -> None:
    """Measure and write."""
    found = measure(5_000 if quick else 100_000, 2 if quick else 3)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
