"""Raw snapshots: written once, frame by frame, resumable at any instant, and checked on reading.

Folder: ``manifest.json``, ``run.log`` (the only place with wall-clock times), ``shards/<kind>-NNNNN.jsonl.zst``,
``files/<name>`` where the source is files, and ``journal.jsonl`` as long as the crawl runs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.snapshot.frames import decode_frame
    from mining.snapshot.manifest import FileEntry, Manifest, ShardEntry
    from mining.snapshot.reader import SnapshotReader, asked_for
    from mining.snapshot.seen import KeyMap, KeySet
    from mining.snapshot.shelf import Shelf
    from mining.snapshot.writer import SnapshotWriter

__all__ = [
    "FileEntry",
    "KeyMap",
    "KeySet",
    "Manifest",
    "ShardEntry",
    "Shelf",
    "SnapshotReader",
    "SnapshotWriter",
    "asked_for",
    "decode_frame",
]

_HOMES = {
    "FileEntry": "manifest",
    "KeyMap": "seen",
    "KeySet": "seen",
    "Manifest": "manifest",
    "ShardEntry": "manifest",
    "Shelf": "shelf",
    "SnapshotReader": "reader",
    "SnapshotWriter": "writer",
    "asked_for": "reader",
    "decode_frame": "frames",
}


def __getattr__(name: str) -> Any:
    """Import a public name only when it is used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
