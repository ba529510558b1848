"""A folder of model cards as a raw snapshot.

``author/name/README.md`` and ``author/name.md`` belong to ``author/name``; ``name/README.md`` and ``name.md`` to the
bare ``name``. Deeper folders count by their last two levels. Files of meters (``emissions.csv`` and the like) beside a
README.md are kept too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mining.crawl.plan import CrawlPlan
from mining.crawl.request import Acquired, CrawlRequest, shelve
from mining.crawl.tally import tally_of
from mining.envelope import MAX_TEXT_BYTES, as_text
from mining.errors import UsageError
from mining.files import file_sha256, files_below
from mining.hub.answers import failed
from mining.meter_files import MAX_FILES, meter_files
from mining.paths import Home
from mining.schema import Envelope
from mining.snapshot import SnapshotWriter
from mining.snapshot.manifest import NAME as MANIFEST
from mining.version import package_version

if TYPE_CHECKING:
    from mining.crawl.progress import Progress

CARD = "README.md"
_PAGE = 200
_PART = re.compile(r"[\w][\w.+ -]{0,199}\Z")


def acquire(request: CrawlRequest, home: Home, *, progress: Progress | None, clock: Callable[[], datetime]) -> Acquired:
    """Snapshot of a folder of cards; the same files give the same snapshot wherever the folder lies.

    Args:
        request: Its ``origin`` is the folder.
        home: Data folder that the snapshot is written below.
        progress: Not used: a folder is read in seconds.
        clock: Wall clock, for ``run.log``.

    Raises:
        UsageError: No such folder, or no cards in it.
    """
    if request.origin is None or not Path(request.origin).is_dir():
        raise UsageError(f"folder '{request.origin}' not found; it should hold the cards")
    root = Path(request.origin)
    paths = list(card_paths(root))
    if not paths:
        raise UsageError(f"no README.md or other .md files in '{root}'")
    plan = _plan_of(request, root, paths)
    folder, reused = shelve(plan, home, request, clock)
    if reused is not None:
        return reused
    began = clock()
    with open_writer(plan, folder, request, clock) as writer:
        done = writer.cursor or 0
        todo = iter(paths[: request.max_models][done:])
        while page := list(islice(todo, _PAGE)):
            done += len(page)
            writer.append([envelope for path in page for envelope in read_card_file(root, path)], cursor=done)
        tally = tally_of(writer, None, (clock() - began).total_seconds())
        writer.complete()
    return Acquired(folder, tally)


def card_paths(root: Path) -> Iterator[PurePosixPath]:
    """Cards below a folder, relative to it, in the order of their names; hidden folders and links are not followed."""
    cards = (path for path in files_below(root, hidden=False) if path.name.lower().endswith(".md"))
    yield from sorted(PurePosixPath(path.relative_to(root)) for path in cards if not path.name.startswith("."))


def model_id_of(path: PurePosixPath) -> str | None:
    """Repository name that a card's place stands for; None where it cannot be one."""
    parts = path.parts[:-1] if path.name == CARD else (*path.parts[:-1], path.name[: -len(".md")])
    parts = parts[-2:]
    if not parts or any(not _PART.match(part) or ".." in part for part in parts):
        return None
    return "/".join(parts)


def read_card_file(root: Path, path: PurePosixPath) -> Iterator[Envelope]:
    """Envelopes of one card: the model, its card, and the files of meters that lie beside it.

    What cannot be taken (a link, a name that is no repository's, a file too large) is a ``failure`` with its reason.
    """
    shown = str(path).encode("utf-8", "backslashreplace").decode()
    key = f"cards-{hashlib.sha256(os.fsencode(str(path))).hexdigest()[:20]}"
    model_id = model_id_of(path) if shown == str(path) else None
    if model_id is None and path.name == CARD and len(path.parts) == 1:
        model_id = "local-card"
    if model_id is None:
        yield failed(shown, shown, "unreadable", key, reason="no repository's name")
        return
    row = {"_id": key, "id": model_id, **({"author": model_id.partition("/")[0]} if "/" in model_id else {})}
    yield Envelope(kind="model", id=model_id, key=key, address=shown, body=msgspec.json.encode(row).decode())
    yield _file_envelope(root, path, "card", model_id, key)
    for log in _meters_files(root, path):
        yield _file_envelope(root, log, "file", model_id, key)


def _meters_files(root: Path, card: PurePosixPath) -> list[PurePosixPath]:
    """Files of meters beside a README.md, those that count most first."""
    names = (file.name for file in (root / card).parent.iterdir()) if card.name == CARD else ()
    return [card.with_name(name) for name in meter_files(names)[:MAX_FILES]]


def _file_envelope(root: Path, path: PurePosixPath, kind: str, model_id: str, key: str) -> Envelope:
    """One file, bounded; its address looks like a resolver's, so that readers find its name in the usual place."""
    name = CARD if kind == "card" else path.name
    address = f"/{model_id}/resolve/local/{name}"
    place = root / path
    if place.is_symlink() or not place.is_file():
        return failed(address, model_id, "unreadable", key, reason="a link, or not a regular file")
    try:
        size = place.stat().st_size
        if size > MAX_TEXT_BYTES:
            return replace(failed(address, model_id, "too-large", key), size_bytes=size)
        body, encoding = as_text(place.read_bytes())
    except OSError as error:
        return failed(address, model_id, "unreadable", key, reason=error.strerror or "not readable")
    return Envelope(kind=kind, id=model_id, key=key, address=address, body=body, encoding=encoding)


def _plan_of(request: CrawlRequest, root: Path, paths: list[PurePosixPath]) -> CrawlPlan:
    """Plan whose hash stands for names and contents of the cards, not for where they lie."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(str(path)) + b"\0")
        for place in (root / path, *(root / log for log in _meters_files(root, path))):
            if place.is_file() and not place.is_symlink():
                digest.update(file_sha256(place).encode())
    detail = {"folder_sha256": digest.hexdigest()}
    return CrawlPlan(source="cards", frame="folder", cards=("all",), max_models=request.max_models, detail=detail)


def open_writer(plan: CrawlPlan, folder: Path, request: CrawlRequest, clock: Callable[[], datetime]) -> SnapshotWriter:
    """A new or resumed writer for a plan."""
    if (folder / MANIFEST).exists():
        return SnapshotWriter.resume(folder, plan_hash=plan.hash, clock=clock)
    return SnapshotWriter.create(
        folder,
        source=plan.source,
        plan=plan.as_dict(),
        plan_hash=plan.hash,
        protocol_hash=request.protocol_hash,
        versions={"hf-carbon": package_version()},
        clock=clock,
    )
