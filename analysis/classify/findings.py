"""What a probe answers.

An outcome from a closed list of six, a reason, the evidence, and the remedy where one is called for. Unknown is never
"no": *could not look* and *our error* are outcomes of their own, and a remedy never stands beside a good outcome.
"""

from __future__ import annotations

from msgspec import Struct

from mining.schema import LOOKED_AT, Claim, ModelRecord, Outcome

MAX_EVIDENCE = 240
NEEDS_REMEDY: frozenset[Outcome] = frozenset({"not-reported", "unreadable"})


class Case(Struct, frozen=True):
    """What is judged: one model record and the claims read from its metadata, card and files.

    Attributes:
        data_sizes_asked: Whether the sizes of the data sets named were asked for, as a crawl does and ``classify`` does
            not.
        title: First heading of the card.
        notes: What of the card could not be read, as keys of :data:`mining.meter_files.CARD_FAULTS`.
        text: The card; None where none was read.
    """

    record: ModelRecord
    claims: tuple[Claim, ...] = ()
    data_sizes_asked: bool = False
    title: str | None = None
    notes: tuple[str, ...] = ()
    text: str | None = None

    @property
    def card_was_read(self) -> bool:
        """Whether the card's text was seen; an absent or empty card was looked at, too."""
        return self.record.card_status in LOOKED_AT


class Finding(Struct, frozen=True, kw_only=True, gc=False):
    """The answer of one probe about one case."""

    id: str
    outcome: Outcome
    reason: str
    evidence: str | None = None


def reported(probe: str, reason: str, evidence: str | None = None) -> Finding:
    """It is stated, and here are the words."""
    return Finding(id=probe, outcome="reported", reason=reason, evidence=shortened(evidence))


def not_reported(probe: str, reason: str, evidence: str | None = None) -> Finding:
    """It was looked for where it would stand, and is not there."""
    return Finding(id=probe, outcome="not-reported", reason=reason, evidence=shortened(evidence))


def unreadable(probe: str, reason: str, evidence: str | None) -> Finding:
    """Something stands there, but it cannot be understood."""
    return Finding(id=probe, outcome="unreadable", reason=reason, evidence=shortened(evidence))


def could_not_look(probe: str, reason: str) -> Finding:
    """The place where it would stand could not be seen."""
    return Finding(id=probe, outcome="could-not-look", reason=reason)


def does_not_apply(probe: str, reason: str) -> Finding:
    """The question makes no sense for this model."""
    return Finding(id=probe, outcome="does-not-apply", reason=reason)


def our_error(probe: str, reason: str) -> Finding:
    """The probe itself failed; the model is not to blame."""
    return Finding(id=probe, outcome="our-error", reason=reason)


def absent(case: Case, probe: str, reason: str) -> Finding:
    """Not there, if the card was seen; otherwise it could not be looked for."""
    if case.card_was_read:
        return not_reported(probe, reason)
    return could_not_look(probe, why_not_seen(case))


def why_not_seen(case: Case) -> str:
    """Why the card's text was not seen, in words."""
    status = case.record.card_status
    words = {
        "not-asked": "the card was not asked for",
        "gated": "the card is behind an agreement",
        "gone": "the repository is gone or private",
        "disabled": "the repository is disabled",
        "unreachable": "the card could not be fetched",
        "too-large": "the card is too large to be read",
        "not-text": "the card is not text",
    }
    return words.get(status, "the card could not be read")


def shortened(text: str | None) -> str | None:
    """Evidence in one line of bounded length."""
    if text is None:
        return None
    line = " ".join(text.split())
    return line if len(line) <= MAX_EVIDENCE else line[: MAX_EVIDENCE - 1] + "…"
