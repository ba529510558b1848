"""Judging single models: the very functions of the study, on one record (card -> claims -> findings -> verdict).

This module is a door: it may see card reading and normalizing. It imports neither pandas nor the Hub's client, so that
a local card is answered at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.classify.classification import Classification, classification_of
from analysis.classify.findings import Case
from analysis.classify.local_cards import CARD_NAME, card_envelope, cards_at, local_envelopes
from analysis.classify.probes import probe_all
from analysis.classify.suggestion import suggested_metadata
from analysis.classify.verdict import judge
from mining.corrections import Corrections, corrected
from mining.errors import CouldNotLookError, DisabledError, GatedError, GoneError
from mining.normalize.model import Normalized, normalize
from mining.schema import CardStatus, Envelope, ModelRecord, Source

if TYPE_CHECKING:
    from analysis.classify.reference import Reference

UNSEEN: dict[type[CouldNotLookError], CardStatus] = {GatedError: "gated", GoneError: "gone", DisabledError: "disabled"}
PROBLEMS: dict[CardStatus, str] = {
    "gated": "the files are behind an agreement: accept it on the Hub and give a token",
    "gone": "no such repository, or it is private",
    "disabled": "the Hub disabled this repository",
    "unreachable": "the Hub could not be reached",
    "too-large": "the card is too large to be read whole",
    "not-text": "the card is not text, or a Git LFS pointer is in its place",
    "our-error": "the card could not be read because of an internal error",
}


def classify_envelopes(
    target: str,
    row: Envelope | None,
    sides: Sequence[Envelope],
    source: Source,
    reference: Reference | None = None,
    corrections: Corrections | None = None,
) -> Classification:
    """Classify what was received about one model.

    Args:
        target: What the user asked about, as typed.
        row: The model's own record on the Hub, if any.
        sides: Card, files and failures.
        source: Where the envelopes come from.
        reference: Cohort to rate efficiency against; the published one unless given.
        corrections: What is put right by hand.
    """
    normalized = normalize(row, sides, source=source, has_metrics=False)
    if not isinstance(normalized, Normalized):
        record = ModelRecord(model_key=target, name=target, source=source, card_status="our-error")
        return _classified(target, Case(record), reference, problem=f"rejected: {normalized.reason}")
    record = normalized.record
    if corrections is not None:
        record = corrected(record, corrections.of(record.model_id, record.model_key, target))
    return _classified(
        target,
        Case(
            record,
            normalized.claims,
            title=normalized.title,
            text=normalized.text,
            notes=tuple(note.removeprefix("card:") for note in normalized.notes if note.startswith("card:")),
        ),
        reference,
        problem=PROBLEMS.get(normalized.record.card_status),
    )


def _classified(target: str, case: Case, reference: Reference | None, *, problem: str | None) -> Classification:
    """Findings, verdict and suggestion of one case."""
    verdict = judge(case, probe_all(case))
    suggestion = suggested_metadata(case.record, case.claims)
    return classification_of(target, case, verdict, problem=problem, suggestion=suggestion, reference=reference)


def classify_card(
    data: str | bytes,
    *,
    name: str = CARD_NAME,
    model_id: str | None = None,
    reference: Reference | None = None,
    corrections: Corrections | None = None,
) -> Classification:
    r"""Classify the text of one model card.

    Args:
        data: The card, as text or as bytes.
        name: What to call it in the answer.
        model_id: ``author/name`` of the model, where it is known.
        reference: Cohort to rate efficiency against; the published one unless given.
        corrections: What is put right by hand.

    Returns:
        The classification; a card that cannot be read is answered with its reason, never with an exception.

    Examples:
        >>> answer = classify_card("---\nco2_eq_emissions:\n  emissions: 12.5\n---\n# A model\n")
        >>> answer.emissions.grams, answer.transparency.level
        (12.5, 'stated')
    """
    return classify_envelopes(name, None, [card_envelope(data, model_id or "")], "cards", reference, corrections)


def unseen(target: str, error: CouldNotLookError) -> Classification:
    """The answer about a target that could not be looked at: everything unknown, nothing held against it.

    Args:
        target: What the user asked about, as typed.
        error: Why it could not be looked at.
    """
    status: CardStatus = next((status for kind, status in UNSEEN.items() if isinstance(error, kind)), "unreachable")
    return _classified(
        target, Case(ModelRecord(model_key=target, name=target, card_status=status)), None, problem=str(error)
    )


def classify_path(
    path: Path, reference: Reference | None = None, corrections: Corrections | None = None
) -> Iterator[Classification]:
    """Classify a card on disk, or every card of a folder in the order of their names.

    Raises:
        UsageError: The path does not exist, or the folder holds no card.
    """
    yield from (classify_file(file, reference, corrections) for file in cards_at(path))


def classify_file(
    path: Path, reference: Reference | None = None, corrections: Corrections | None = None
) -> Classification:
    """Classify one card on disk, with the files of meters that lie beside a README.md.

    Raises:
        UsageError: The file cannot be opened.
    """
    return classify_envelopes(str(path), None, local_envelopes(path), "cards", reference, corrections)
