"""Models named together (``author:NAME``, ``ids:FILE``): crawled once into a snapshot, then judged one by one from it.

The crawl keeps the Hub's quota, goes on where it was stopped, and leaves the raw answers on disk, so that asking again
costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mining.envelope import Envelope
from mining.errors import UsageError
from mining.files import read_given
from mining.paths import Home
from mining.schema import Source

KINDS = ("card", "info", "file", "failure")


def received(
    target: str, out: Path, *, endpoint: str | None = None, snapshot: str | None = None
) -> Iterator[tuple[str, list[Envelope], Source]]:
    """What is known of every model of a list, in the order of their names.

    Args:
        target: ``author:NAME``, or ``ids:FILE`` with one name a line.
        out: Data folder that the snapshot lies in.
        endpoint: The Hub; None for the one the client knows.
        snapshot: Read the models from this raw snapshot instead of the Hub.

    Yields:
        Name of a model, everything received about it, and where from.

    Raises:
        UsageError: The list is not understood, or names no model.
        CouldNotLookError: The Hub cannot be reached.
    """
    from mining.snapshot import SnapshotReader

    folder = Home(out).find(snapshot) if snapshot is not None else _crawled(target, out, endpoint)
    reader = SnapshotReader(folder)
    wanted = _wanted(target) if snapshot is not None else None
    models: dict[str, list[Envelope]] = {}
    for envelope in reader.envelopes("model"):
        if wanted is None or envelope.id in wanted or envelope.id.startswith(wanted):
            models[envelope.id] = [envelope]
    for kind in KINDS:
        for envelope in reader.envelopes(kind):
            if envelope.id in models or (wanted is None and kind == "failure"):
                models.setdefault(envelope.id, []).append(envelope)
    if not models:
        raise UsageError(f"no model found for '{target}'")
    for model_id in sorted(models):
        yield model_id, models[model_id], reader.manifest.source


def _crawled(target: str, out: Path, endpoint: str | None) -> Path:
    """Folder of a complete snapshot of the list; one that lies there is used again, a partial one is finished."""
    from mining.acquire_snapshot import acquire
    from mining.crawl.request import CrawlRequest

    request = CrawlRequest(source="hub", plan=target, cards="all", endpoint=endpoint, resume=True)
    return acquire(request, Home(out)).folder


def _wanted(target: str) -> tuple[str, ...]:
    """Names, or the beginning of names, that a list stands for."""
    kind, _, value = target.partition(":")
    if kind == "author":
        return (f"{value}/",)
    try:
        lines = read_given(Path(value), "the list").decode("utf-8").split()
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read the list '{value}'") from error
    return tuple(lines)
