"""What a user typed becomes something to classify.

A path, standard input, a model on the Hub, or one inside a snapshot. An existing path wins; ``hub:`` forces the Hub.
Every target is answered: an error of one is handed out in its place.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from analysis.classify.cards import classify_card, classify_envelopes, classify_path, unseen
from analysis.classify.classification import Classification
from analysis.classify.local_cards import MAX_CARD_BYTES
from mining.corrections import Corrections
from mining.errors import (
    CouldNotLookError,
    DisabledError,
    GatedError,
    GoneError,
    HfCarbonError,
    UnreachableError,
    UsageError,
)
from mining.patterns import regex
from mining.schema import Envelope, Source
from mining.source_contracts import source_of

if TYPE_CHECKING:
    from analysis.classify.reference import Reference
    from mining.hub import HubClient
    from mining.snapshot import SnapshotReader

STANDARD_INPUT = "-"
HUB = "hub:"
SHOWN_WAIT_S = 5.0
PREFIXES = ("author:", "ids:")
"""Targets that stand for a list of models; see :mod:`analysis.classify.lists_of_models`."""
KINDS = ("model", "card", "info", "file", "failure")
ONCE = frozenset({"model", "card"})
_REPOSITORY = regex(r"[A-Za-z0-9][\w.-]{0,95}(?:/[\w.-]{1,96})?\Z")
_NOT_MODELS = frozenset({"datasets", "spaces", "papers", "collections", "docs", "blog"})
_LOOKS_LIKE_FILE = regex(r"\.(?:md|markdown|mdx|txt|rst|json|ya?ml)\Z", re.IGNORECASE)
_ERRORS: dict[str, type[CouldNotLookError]] = {"gated": GatedError, "gone": GoneError, "disabled": DisabledError}


class Options(Struct, frozen=True, kw_only=True):
    """Where to look, apart from the target itself."""

    snapshot: str | None = None
    reference: str | None = None
    corrections: Corrections | None = None
    revision: str | None = None
    endpoint: str | None = None
    out: Path = Path("data")


def answers(targets: Sequence[str], options: Options) -> Iterator[tuple[str, Classification | HfCarbonError]]:
    """Answer every target in turn; a folder gives an answer for each of its cards.

    Args:
        targets: What the user typed.
        options: Snapshot, revision, endpoint.

    Yields:
        The target, and its classification or the error that stands in its place.
    """
    resolver = TargetResolver(options)
    for target in targets:
        try:
            for answer in resolver.answer(target):
                yield target, answer
        except HfCarbonError as error:
            yield target, error


def repository_of(target: str) -> str:
    """Name of a repository from what was typed: a name, ``hub:NAME``, or a full address.

    Raises:
        UsageError: It names no model.
    """
    text = target.removeprefix(HUB)
    if "://" in text:
        from urllib.parse import urlsplit

        try:
            parts = [part for part in urlsplit(text).path.split("/") if part]
        except ValueError:
            raise UsageError(f"not an address: {target}") from None
        if not parts or parts[0] in _NOT_MODELS:
            raise UsageError(f"not the address of a model: {target}")
        end = next(
            (at for at, part in enumerate(parts) if part in {"tree", "blob", "resolve", "raw", "discussions"}), 2
        )
        text = "/".join(parts[: min(end, 2)])
    if not _REPOSITORY.match(text) or ".." in text or "--" in text:
        raise UsageError(f"neither a file nor the name of a model: '{target}'")
    return text


class TargetResolver:
    """Answers targets, opening the Hub or a snapshot only when one is needed."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._client: HubClient | None = None
        self._cohort: Reference | None = None

    @property
    def reference(self) -> Reference | None:
        """The cohort to rate against; None for the published one."""
        if self._cohort is None and self.options.reference is not None:
            from analysis.classify.reference import reference_of

            self._cohort = reference_of(self.options.reference, self.options.out)
        return self._cohort

    def answer(self, target: str) -> Iterator[Classification]:
        """The classification of a target, or of each card of a folder."""
        if target == STANDARD_INPUT:
            yield classify_card(
                sys.stdin.buffer.read(MAX_CARD_BYTES + 1),
                name=STANDARD_INPUT,
                reference=self.reference,
                corrections=self.options.corrections,
            )
        elif not target.startswith(HUB) and "://" not in target and Path(target).exists():
            yield from classify_path(Path(target), self.reference, self.options.corrections)
        elif target.startswith(PREFIXES):
            yield from self._from_list(target)
        elif self.options.snapshot is not None:
            yield self._from_snapshot(target, repository_of(target), self.options.snapshot)
        elif not target.startswith(HUB) and ("://" not in target) and _LOOKS_LIKE_FILE.search(target):
            raise UsageError(f"no such file: '{target}'")
        else:
            yield self._from_hub(target, repository_of(target))

    def _from_list(self, target: str) -> Iterator[Classification]:
        """One answer a model; one that cannot be looked at is an answer, too."""
        from analysis.classify.lists_of_models import received

        options = self.options
        found = received(target, options.out, endpoint=options.endpoint, snapshot=options.snapshot)
        for model_id, envelopes, source in found:
            try:
                yield self._judged(model_id, envelopes, source)
            except CouldNotLookError as error:
                yield unseen(model_id, error)

    def _from_hub(self, target: str, model_id: str) -> Classification:
        from mining.hub import HubClient, fetch_model

        if self._client is None:
            self._client = HubClient(self.options.endpoint)
            self._client.on_wait = _say_wait
        return self._judged(target, fetch_model(self._client, model_id, self.options.revision), "hub")

    def _from_snapshot(self, target: str, model_id: str, snapshot: str) -> Classification:
        """Read one model's envelopes from disk, so that an examiner can repeat a verdict without network or token."""
        from mining.paths import Home
        from mining.snapshot import SnapshotReader

        reader = SnapshotReader(Home(self.options.out).find(snapshot))
        if not source_of(reader.manifest.source).has_cards:
            raise UsageError("the published files hold no models of their own; look at their tables instead")
        found = [envelope for kind in KINDS for envelope in envelopes_of(reader, kind, model_id)]
        if not found:
            raise GoneError(f"no model '{model_id}' in snapshot '{reader.folder.name}'")
        return self._judged(target, found, reader.manifest.source)

    def _judged(self, target: str, envelopes: Sequence[Envelope], source: Source) -> Classification:
        row = next((envelope for envelope in envelopes if envelope.kind == "model"), None)
        sides = [envelope for envelope in envelopes if envelope is not row]
        if row is None and all(envelope.kind == "failure" for envelope in sides):
            reason = sides[-1].failure or "unreachable"
            kind = _ERRORS.get(reason)
            if kind is None:
                raise UnreachableError(target, "no usable answer from the Hub")
            raise kind(f"{target}: {_WORDS[reason]}")
        answer = classify_envelopes(target, row, sides, source, self.reference, self.options.corrections)
        moved = next((envelope for envelope in sides if envelope.failure == "moved"), None)
        return _renamed(answer, target) if moved is not None else answer


_WORDS = {
    "gated": "behind an agreement; accept it on the Hub and give a token",
    "gone": "no such model, or it is private",
    "disabled": "disabled by the Hub",
}


def envelopes_of(reader: SnapshotReader, kind: str, model_id: str) -> Iterator[Envelope]:
    """Envelopes of one kind about one model, decoding only lines that hold its name.

    A model's row and card stand once, so they are sought no further.

    Args:
        reader: An open snapshot.
        kind: Kind of envelope.
        model_id: ``author/name``.
    """
    import msgspec

    from mining.snapshot.frames import inflate

    name = msgspec.json.encode(model_id)
    for shard in reader.shards(kind):
        for frame in reader.frames(shard):
            lines = inflate(frame)
            if name not in lines:
                continue
            found = [msgspec.json.decode(line, type=Envelope) for line in lines.split(b"\n") if name in line]
            mine = [envelope for envelope in found if envelope.id == model_id]
            yield from mine
            if mine and kind in ONCE:
                return


def _say_wait(seconds: float, reason: str) -> None:
    """Say why nothing comes for a while."""
    if seconds >= SHOWN_WAIT_S:
        sys.stderr.write(f"waiting {seconds:.0f} s ({reason})\n")


def _renamed(answer: Classification, target: str) -> Classification:
    """An answer that says that the model was found under another name."""
    import msgspec

    return msgspec.structs.replace(answer, problem=answer.problem or f"renamed: '{target}' is now '{answer.model_id}'")
