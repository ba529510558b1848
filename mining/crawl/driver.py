"""Carrying out a plan: list, then cards and details, then data sets; each page durable before the next is asked for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from mining.crawl.concurrent import in_order
from mining.crawl.cost import HUB_MODELS
from mining.crawl.plan import CrawlPlan
from mining.crawl.progress import Progress
from mining.crawl.selection import FetchTask, Selection, base_marks, datasets_of, mark_of
from mining.crawl.tally import Tally, tally_of
from mining.errors import UnreachableError, UsageError
from mining.hub.calls import Page, call_commits, call_dataset, call_file, call_first_page, call_info, call_page
from mining.hub.client import HubClient
from mining.hub.models import fetch_card
from mining.schema import Envelope
from mining.snapshot import KeySet, SnapshotReader, SnapshotWriter
from mining.snapshot.manifest import NAME as MANIFEST
from mining.snapshot.writer import Clock, utc_now
from mining.source_contracts import source_of
from mining.version import package_version

BATCH = 100
IDS_FILE = "ids.txt"
_MAX_IDLE_PAGES = 20
_OUTAGE = 5


def crawl(
    plan: CrawlPlan,
    folder: Path,
    *,
    client: HubClient,
    base: Path | None = None,
    resume: bool = False,
    protocol_hash: str | None = None,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
    clock: Clock = utc_now,
) -> Tally:
    """Carry out a plan on a Hub, from the beginning or from where it stopped.

    Args:
        plan: What to fetch.
        folder: Folder of the snapshot; new, or partial with the same plan.
        client: The Hub to ask.
        base: Snapshot that the frame ``since`` compares with.
        resume: Go on where a partial snapshot in ``folder`` stopped; without one, begin.
        protocol_hash: Hash of the study protocol, for the manifest.
        notes: Remarks for the manifest, for instance SYNTHETIC.
        progress: Where to show progress; None for silence.
        clock: Wall clock, used in ``run.log`` only.

    Returns:
        The closing account.

    Raises:
        UsageError: The folder holds a complete snapshot or another plan, another crawler works in it, or the Hub
            refuses the plan.
        UnreachableError: The Hub does not answer; what was received is kept and can be resumed.
        DiskFullError: No room; what was received is kept and can be resumed.
    """
    began = time.monotonic()
    versions = {"hf-carbon": package_version()}
    if resume and (folder / MANIFEST).exists():
        writer = SnapshotWriter.resume(folder, plan_hash=plan.hash, clock=clock)
    else:
        writer = SnapshotWriter.create(
            folder,
            source=plan.source,
            plan=plan.as_dict(),
            plan_hash=plan.hash,
            protocol_hash=protocol_hash,
            versions=versions,
            clock=clock,
        )
    client.on_wait = (progress or Progress(quiet=True)).waiting
    run = _Run(plan, client, writer, progress or Progress(quiet=True), base)
    with writer:
        try:
            if writer.cursor is None:
                for note in notes:
                    writer.note(note)
            run.go()
        except BaseException as error:
            if not writer.discard_if_empty():
                writer.log(f"stopped: {type(error).__name__}")
            raise
        finally:
            run.progress.close()
        tally = tally_of(writer, client, time.monotonic() - began)
        for line in tally.lines():
            writer.log(line)
        writer.complete()
    return tally


class _Run:
    """One run of a plan; the cursor in the journal says which phase it is in and how far that came."""

    def __init__(
        self, plan: CrawlPlan, client: HubClient, writer: SnapshotWriter, progress: Progress, base: Path | None
    ) -> None:
        self.plan = plan
        self.client = client
        self.writer = writer
        self.progress = progress
        self.base = base

    def go(self) -> None:
        """Carry out the phases that are not done yet."""
        phases = {"list": self._list, "details": self._details, "datasets": self._datasets}
        while (phase := self._cursor()["phase"]) != "end":
            phases[phase]()

    def _cursor(self) -> dict[str, Any]:
        cursor: dict[str, Any] = self.writer.cursor or {"phase": "list", "done": 0}
        return cursor

    # Listing

    def _list(self) -> None:
        if self.plan.frame == "ids":
            self._list_ids()
            return
        cursor = self._cursor()
        known = self._known_marks()
        expected = HUB_MODELS if self.plan.frame == "census" and source_of(self.plan.source).is_dated else None
        self.progress.phase("listing", self.plan.max_models or expected, self._models())
        refused = tuple(cursor.get("refused", ()))
        next_address = cursor.get("next")
        idle = 0
        asked = KeySet()
        while True:
            if next_address is not None and not asked.add(next_address):
                raise UnreachableError(next_address, "the listing repeats itself: this page was received before")
            page = self._first_page() if next_address is None else self._page(next_address)
            if next_address is None:
                refused = page.refused
                if refused:
                    self.writer.note(f"the listing refused the fields {', '.join(refused)}")
            before = self._models()
            kept = self._wanted(page.envelopes, known)
            next_address = None if self._is_full(kept) else page.next
            self.writer.append(kept, cursor=self._after_page(next_address, refused))
            self.progress.step(self._models() - before, self.client)
            if next_address is None:
                return
            idle = idle + 1 if self._models() == before and (kept or not page.envelopes) else 0
            if idle >= _MAX_IDLE_PAGES:
                raise UnreachableError(next_address, f"{idle} pages in a row brought no new model")

    def _first_page(self) -> Page:
        rows = min(1000, self.plan.max_models or 1000)
        return call_first_page(self.client, self.plan.fields, rows=rows, filters=self.plan.filters)

    def _page(self, address: str) -> Page:
        page = call_page(self.client, address)
        if not isinstance(page, Page):
            raise UnreachableError(address, f"the Hub refuses to go on (HTTP {page.status})")
        return page

    def _after_page(self, next_address: str | None, refused: tuple[str, ...]) -> dict[str, Any]:
        """Cursor behind a page."""
        if next_address is None:
            return {"phase": "details", "done": 0, "refused": list(refused)}
        return {"phase": "list", "next": next_address, "refused": list(refused)}

    def _models(self) -> int:
        return self.writer.counts.get("model", 0)

    def _known_marks(self) -> KeySet | None:
        """States of the models in the base snapshot, for the frame ``since``."""
        if self.plan.frame != "since":
            return None
        if self.base is None:
            raise UsageError("the plan since:SNAPSHOT needs the snapshot it compares with")
        reader = SnapshotReader(self.base)
        if reader.manifest.digest != self.plan.base_digest:
            raise UsageError(f"{self.base} is not the snapshot that the plan was made for")
        return base_marks(reader)

    def _wanted(self, envelopes: list[Envelope], known: KeySet | None) -> list[Envelope]:
        """Rows of a page that belong to the plan: changed ones, and no more than asked for."""
        if known is not None:
            envelopes = [one for one in envelopes if one.failure is not None or mark_of(one) not in known]
        if self.plan.max_models is None:
            return envelopes
        room = self.plan.max_models - self._models()
        fresh: list[Envelope] = []
        taken: set[str] = set()
        for envelope in envelopes:
            if envelope.failure is not None:
                fresh.append(envelope)
                continue
            key = envelope.key or envelope.id
            if len(taken) < room and key not in taken and key not in self.writer.seen:
                taken.add(key)
                fresh.append(envelope)
        return fresh

    def _is_full(self, kept: list[Envelope]) -> bool:
        return (
            self.plan.max_models is not None
            and self._models() + sum(one.failure is None for one in kept) >= self.plan.max_models
        )

    def _list_ids(self) -> None:
        """Ask for each named model singly."""
        names = self.plan.ids[: self.plan.max_models]
        done = self._cursor()["done"]
        if done == 0:
            self.writer.add_file(IDS_FILE, "".join(f"{name}\n" for name in self.plan.ids).encode())
        self.progress.phase("asking", len(names), done)
        ask = partial(_info_as_model, self.client, self.plan.fields)
        self._in_batches(ask, names[done:], "list", {}, done)
        self.writer.append([], cursor={"phase": "details", "done": 0, "refused": []})

    # Cards and details

    def _details(self) -> None:
        cursor = self._cursor()
        selection = Selection(self.plan, self.writer, has_info=not cursor["refused"])
        done = cursor["done"]
        self.progress.phase("cards and details", None, done)
        tasks = islice(selection.tasks(), done, None)
        self._in_batches(
            partial(_carry_out, self.client, self.plan.fields), tasks, "details", {"refused": cursor["refused"]}, done
        )
        self.writer.append([], cursor={"phase": "datasets", "done": 0})

    def _datasets(self) -> None:
        done = self._cursor()["done"]
        if self.plan.cards != ("none",):
            names = islice(datasets_of(self.writer), done, None)
            self.progress.phase("data sets", None, done, unit="data sets")
            self._in_batches(lambda name: [call_dataset(self.client, name)], names, "datasets", {}, done)
        self.writer.append([], cursor={"phase": "end"})

    def _in_batches(self, ask: Any, items: Iterable[Any], phase: str, rest: dict[str, Any], done: int) -> None:
        """Ask for many things at once, and write the answers in the order of the questions."""
        answers: Iterator[list[Envelope]] = in_order(ask, items, workers=self.client.workers)
        while batch := list(islice(answers, BATCH)):
            envelopes = [envelope for answer in batch for envelope in answer]
            refuse_outage(envelopes)
            done += len(batch)
            self.writer.append(envelopes, cursor={"phase": phase, "done": done, **rest})
            self.progress.step(len(batch), self.client)


def refuse_outage(envelopes: list[Envelope]) -> None:
    """Stop where most of a batch could not be reached: that is the network, not the models.

    Raises:
        UnreachableError: Most of it was not reached.
    """
    unreachable = [envelope for envelope in envelopes if envelope.failure == "unreachable"]
    asked = sum(envelope.status > 0 or envelope.failure == "unreachable" for envelope in envelopes)
    if len(unreachable) >= _OUTAGE and 2 * len(unreachable) > asked:
        raise UnreachableError(unreachable[0].address, unreachable[0].body or "no answer")


def _info_as_model(client: HubClient, fields: tuple[str, ...], name: str) -> list[Envelope]:
    """A named model as the listing would give it; a name that cannot be one is a failure, not the end."""
    try:
        return call_info(client, name, kind="model", fields=fields)
    except UsageError as error:
        return [Envelope(kind="failure", id=name, address="/api/models/", status=0, failure="gone", body=str(error))]


def _carry_out(client: HubClient, fields: tuple[str, ...], task: FetchTask) -> list[Envelope]:
    """All calls about one model, in a fixed order."""
    head, key = task.head, task.key
    envelopes = []
    try:
        if task.card:
            envelopes.append(fetch_card(client, head, key))
        if task.info:
            envelopes.extend(call_info(client, head.id, key, fields=fields))
        if task.file is not None:
            envelopes.append(call_file(client, head.id, key, head.sha, task.file))
        if task.commits:
            envelopes.append(call_commits(client, head.id, key, head.sha))
    except UsageError as error:
        envelopes.append(Envelope(kind="failure", id=head.id, key=key, status=0, failure="unreadable", body=str(error)))
    return envelopes
