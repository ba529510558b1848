"""What a crawl is asked to fetch: which models, which cards, which fields; with a stable hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from mining.errors import UsageError
from mining.files import read_given
from mining.hub.fields import FIELDS
from mining.schema import Source
from mining.snapshot import SnapshotReader
from mining.source_contracts import source_of

Frame = Literal["census", "reporters", "author", "ids", "since", "folder"]
Cards = Literal["reporters", "flagged", "sample", "all", "none"]
CARD_MODES = ("reporters", "flagged", "sample:N", "all", "none")
_MAX_IDS_BYTES = 256 << 20


class CrawlPlan(Struct, frozen=True, kw_only=True):
    """A plan; equal plans have equal hashes, whatever machine they are made on.

    Attributes:
        source: Where the records come from.
        frame: Which models are listed.
        author: Account, for the frame ``author``.
        ids: Repository names, for the frame ``ids``.
        base_digest: Content hash of the snapshot that the frame ``since`` compares with.
        max_models: No more models than this.
        cards: Which cards are fetched.
        sample_size: Cards to draw, for ``sample``.
        seed: Seed of the draw.
        fields: Fields asked of every model.
        detail: What else tells two plans apart: size and seed of the sample Hub, revision of a dump, digest of a
            folder.
    """

    source: Source = "hub"
    frame: Frame = "census"
    author: str | None = None
    ids: tuple[str, ...] = ()
    base_digest: str | None = None
    max_models: int | None = None
    cards: tuple[Cards, ...] = ("reporters",)
    sample_size: int = 0
    seed: int = 0
    fields: tuple[str, ...] = FIELDS
    detail: dict[str, str] = {}

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain JSON for the manifest; names are stood for by their digest (the snapshot keeps them)."""
        plan: dict[str, Any] = msgspec.to_builtins(self)
        del plan["ids"]
        if self.ids:
            plan["ids_count"] = len(self.ids)
            plan["ids_sha256"] = hashlib.sha256("\n".join(self.ids).encode()).hexdigest()
        return plan

    @property
    def hash(self) -> str:
        """First 16 digits of the SHA-256 over the plan's canonical JSON."""
        return hashlib.sha256(msgspec.json.encode(self.as_dict(), order="deterministic")).hexdigest()[:16]

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Query of the listing that the frame stands for."""
        if self.frame == "reporters":
            return (("filter", "co2_eq_emissions"),)
        if self.frame == "author" and self.author is not None:
            return (("author", self.author),)
        return ()


def make_plan(
    frame: str = "census",
    cards: str = "reporters",
    *,
    source: Source = "hub",
    max_models: int | None = None,
    seed: int = 0,
    detail: dict[str, str] | None = None,
) -> tuple[CrawlPlan, Path | None]:
    """Read a plan as a user writes it.

    Args:
        frame: ``census``, ``reporters``, ``author:NAME``, ``ids:FILE`` (one name a line) or ``since:SNAPSHOT`` (a
            folder).
        cards: ``reporters``, ``flagged``, ``sample:N``, ``all``, ``none``, or several of them joined by commas.
        source: Where the records come from.
        max_models: No more models than this.
        seed: Seed of the card sample.
        detail: What else tells two plans apart.

    Returns:
        The plan, and the folder of the snapshot that ``since`` compares with.

    Raises:
        UsageError: The words are not understood, or a file is missing.
    """
    name, _, value = frame.partition(":")
    if max_models is not None and max_models < 1:
        raise UsageError("--max-models must be at least 1")
    modes, sample_size = read_cards(cards)
    options: dict[str, Any] = {"author": None, "ids": (), "base_digest": None}
    base = None
    if name == "author" and value:
        options["author"] = value
    elif name == "ids" and value:
        options["ids"] = read_ids(Path(value))
    elif name == "since" and value:
        base = Path(value)
        options["base_digest"] = _base_digest(base)
    elif name not in ("census", "reporters") or value:
        raise UsageError(f"unknown plan {frame!r}: census, reporters, author:NAME, ids:FILE or since:SNAPSHOT")
    plan = CrawlPlan(
        source=source,
        frame=msgspec.convert(name, Frame),
        max_models=max_models,
        cards=modes,
        sample_size=sample_size,
        seed=seed,
        detail=detail or {},
        **options,
    )
    return plan, base


def _base_digest(base: Path) -> str | None:
    """Digest of the snapshot that ``since`` compares with.

    Raises:
        UsageError: It holds no records whose revisions could be compared, so that every model would look new: a dump
            kept as files, the published data, a folder of cards.
    """
    manifest = SnapshotReader(base).manifest
    is_files = not manifest.counts.get("model") and any(file.name.endswith(".parquet") for file in manifest.files)
    if is_files or not source_of(manifest.source).has_revisions:
        kind = "a dump kept as files" if is_files else f"a snapshot of the source {manifest.source}"
        raise UsageError(
            f"{base.name} is {kind}, which since: cannot compare with; it needs a crawl (dates of dumps: hf-carbon "
            f"diff)"
        )
    return manifest.digest


def read_cards(text: str) -> tuple[tuple[Cards, ...], int]:
    """Which cards a user asks for, and how many are to be drawn.

    Raises:
        UsageError: The words are not understood.
    """
    modes: set[Cards] = set()
    sample_size = 0
    for word in text.split(","):
        name, _, number = word.strip().partition(":")
        if name == "sample" and number.isdigit() and 0 < int(number) < 10**9:
            sample_size = int(number)
        elif name not in ("reporters", "flagged", "all", "none") or number:
            raise UsageError(f"unknown choice of cards {word!r}: {', '.join(CARD_MODES)}, or several joined by commas")
        modes.add(msgspec.convert(name, Cards))
    if "none" in modes and len(modes) > 1:
        raise UsageError("--cards none cannot be combined with other cards")
    return tuple(sorted(modes)), sample_size


def read_ids(path: Path) -> tuple[str, ...]:
    """Repository names of a file, one a line, each once; empty lines and lines that begin with # do not count.

    Raises:
        UsageError: No such file, or no names in it.
    """
    try:
        text = read_given(path, "the names in", most_bytes=_MAX_IDS_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read the names in '{path}': not UTF-8") from error
    lines = [line.strip() for line in text.splitlines()]
    names = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not names:
        raise UsageError(f"{path} names no models")
    return names
