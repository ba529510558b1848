"""Which listed models get which calls; read again from the written shards, so that a resumed crawl decides alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from mining.crawl.draw import Draw, DrawHead, draw_sample, read_draw_head
from mining.crawl.plan import CrawlPlan
from mining.crawl.suspects import is_at_floor, is_reporter, is_suspect
from mining.hub.models import ModelHead, emissions_file, read_head
from mining.schema import Envelope
from mining.snapshot import KeySet, SnapshotReader, SnapshotWriter

SAMPLE_FILE = "card-sample.json"
_DATASET = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[\w.-]{1,96})?\Z", re.ASCII)
_MAX_DATASETS = 100


class FetchTask(Struct, frozen=True):
    """Calls about one model.

    Attributes:
        head: What the listing says of it.
        key: Its ``_id``.
        card: Fetch the card.
        info: Fetch what the listing refused to tell.
        file: Name of the meter's log to fetch.
        commits: Fetch the first commit.
    """

    head: ModelHead
    key: str | None
    card: bool
    info: bool
    file: str | None
    commits: bool


class _Mark(Struct):
    sha: str | None = None
    modified: str | None = msgspec.field(name="lastModified", default=None)


class Selection:
    """The tasks of a plan.

    Args:
        plan: The plan.
        writer: Snapshot whose listing is complete.
        has_info: Whether the listing already told everything that an info call would.
    """

    def __init__(self, plan: CrawlPlan, writer: SnapshotWriter, *, has_info: bool) -> None:
        self._plan = plan
        self._writer = writer
        self._has_info = has_info
        self._drawn = self._draw()

    def tasks(self) -> Iterator[FetchTask]:
        """Tasks in the order of the listing; models that need no call are left out."""
        if self._plan.cards == ("none",):
            return
        for envelope in self._writer.written("model"):
            task = self._task(read_head(envelope), envelope.key)
            if task.card or task.info or task.file is not None or task.commits:
                yield task

    def _task(self, head: ModelHead, key: str | None) -> FetchTask:
        cards = self._plan.cards
        reports = is_reporter(head)
        is_drawn = self._drawn is not None and (key or head.id) in self._drawn
        flagged = "flagged" in cards and (reports or is_suspect(head))
        card = "all" in cards or is_drawn or flagged or ("reporters" in cards and reports)
        return FetchTask(
            head=head,
            key=key,
            card=card,
            info=reports and not self._has_info,
            file=emissions_file(head) if card else None,
            commits=is_at_floor(head) and (reports or is_drawn),
        )

    def _draw(self) -> KeySet | None:
        """The drawn models; the draw is kept with the snapshot, with its strata."""
        if "sample" not in self._plan.cards:
            return None
        draw = draw_sample(self._models, self._plan.sample_size, self._plan.seed)
        self._writer.add_file(SAMPLE_FILE, encode_draw(draw))
        drawn = KeySet()
        for key in draw.keys:
            drawn.add(key)
        return drawn

    def _models(self) -> Iterator[tuple[str, ModelHead, DrawHead]]:
        for envelope in self._writer.written("model"):
            yield envelope.key or envelope.id, read_head(envelope), read_draw_head(envelope.body)


def encode_draw(draw: Draw) -> bytes:
    """The draw as JSON."""
    return msgspec.json.format(msgspec.json.encode(draw), indent=1) + b"\n"


def datasets_of(writer: SnapshotWriter) -> Iterator[str]:
    """Data sets that reporters name, each once, in the order of the listing."""
    seen: set[str] = set()
    for envelope in writer.written("model"):
        head = read_head(envelope)
        if not is_reporter(head):
            continue
        for name in named_datasets(head)[:_MAX_DATASETS]:
            if name not in seen:
                seen.add(name)
                yield name


def named_datasets(head: ModelHead) -> list[str]:
    """Data sets named in the metadata and the tags of a model, as far as they can be names on the Hub."""
    stated: Any = head.card_data.get("datasets") if isinstance(head.card_data, dict) else None
    names = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
    names = [name for name in names if isinstance(name, str)]
    names += [tag.removeprefix("dataset:") for tag in head.tags or () if tag.startswith("dataset:")]
    return [name for name in dict.fromkeys(names) if _DATASET.match(name) and ".." not in name]


def mark_of(envelope: Envelope) -> str:
    """State of a listed model: its key with revision and last change."""
    try:
        mark = msgspec.json.decode(envelope.body, type=_Mark)
    except msgspec.MsgspecError:
        mark = _Mark()
    return f"{envelope.key or envelope.id}|{mark.sha}|{mark.modified}"


def base_marks(reader: SnapshotReader) -> KeySet:
    """States of all models of a snapshot."""
    marks = KeySet()
    for envelope in reader.envelopes("model"):
        marks.add(mark_of(envelope))
    return marks
