"""Raw snapshots of the synthetic Hub, written as a crawl writes them, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mining.schema import Envelope
from mining.snapshot import SnapshotWriter
from sample_hub.synthetic.plan import DATASET_NAMES
from sample_hub.synthetic.sample import SampleHub

PAGE = 200
FAILURE_STATUS = {"gated": 403, "disabled": 403, "gone": 404}


def fixed_clock() -> datetime:
    return datetime(2026, 11, 1, tzinfo=UTC)


def row_of(hub: SampleHub, index: int) -> Envelope:
    record = hub.record(index)
    body = msgspec.json.encode(record).decode()
    return Envelope(kind="model", id=record["id"], key=record["_id"], address="/api/models?limit=1000", body=body)


def sides_of(hub: SampleHub, index: int) -> Iterator[Envelope]:
    record, access = hub.record(index), hub.access(index)
    model_id, key = record["id"], record["_id"]
    address = f"/{model_id}/resolve/{record['sha']}/README.md"
    headers = {"x-repo-commit": record["sha"]}
    if access != "open":
        yield Envelope(
            kind="failure", id=model_id, key=key, address=address, status=FAILURE_STATUS[access], failure=access
        )
    else:
        for name, body in hub.files(index).items():
            kind = "card" if name == "README.md" else "file"
            yield Envelope(
                kind=kind,
                id=model_id,
                key=key,
                address=address.replace("README.md", name),
                headers=headers,
                body=body.decode(),
            )
    commits = msgspec.json.encode(hub.commits(index)[-1:]).decode()
    yield Envelope(
        kind="commits", id=model_id, key=key, address=f"/api/models/{model_id}/commits/main?p=3", body=commits
    )


def is_asked(hub: SampleHub, index: int) -> bool:
    return bool(hub.planner.kind(index).reports) or index % 7 == 0


def write_snapshot(folder: Path, hub: SampleHub, *, cards: bool = True, page: int = PAGE) -> Path:
    writer = SnapshotWriter.create(folder, source="sample", plan={"plan": "census"}, plan_hash="abc", clock=fixed_clock)
    for start in range(0, len(hub), page):
        writer.append([row_of(hub, index) for index in range(start, min(start + page, len(hub)))])
    if cards:
        asked = [index for index in range(len(hub)) if is_asked(hub, index)]
        for start in range(0, len(asked), page):
            writer.append([side for index in asked[start : start + page] for side in sides_of(hub, index)])
        writer.append(
            [
                Envelope(
                    kind="dataset",
                    id=name,
                    address=f"/api/datasets/{name}",
                    body=msgspec.json.encode(hub.dataset(name)).decode(),
                )
                for name in DATASET_NAMES
            ]
        )
    writer.complete()
    writer.close()
    return folder
