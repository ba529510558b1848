"""Labels read back: precision and recall of every field with intervals, agreement of two readers.

And a paragraph for a paper. Precision is the share of values found that are right: right / (right + wrong + invented).
Recall is the share of values stated that were found rightly: right / (right + wrong + missed). Both are estimated for
all models with a card, with the weights of the sheet's strata.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from analysis.audit.sheet import FIELDS, HEADER, LABELS, LABELS_FOUND
from analysis.results import Estimate
from analysis.stats import cohen_kappa, proportion, weighted_share
from mining.corrections import Correction, typed_value
from mining.errors import UsageError

MAX_BYTES = 100_000_000
STATED = ("right", "wrong", "missed")


class Label(Struct, frozen=True, kw_only=True):
    """One labelled field of one model."""

    model_key: str
    stratum: str
    weight: float
    field: str
    found: bool
    label: str
    note: str = ""
    model_id: str = ""


class FieldScore(Struct, frozen=True, kw_only=True):
    """How well one field is read.

    Attributes:
        field: Name of the field.
        counts: Fields by label.
        precision, recall: Shares with 95 % intervals, weighted to all models with a card.
        precision_of_sample, recall_of_sample: The same shares of the labelled models themselves.
    """

    field: str
    counts: dict[str, int]
    precision: Estimate
    recall: Estimate
    precision_of_sample: Estimate
    recall_of_sample: Estimate


class Audit(Struct, frozen=True, kw_only=True):
    """What the labels say.

    Attributes:
        models: Models with at least one label.
        unlabelled: Fields without a label.
        unsure: Fields whose reader was unsure.
        fields: Scores by field.
        agreement: Cohen's kappa of two readers by field and over ``all``; empty with one reader.
        paragraph: Text for a paper.
    """

    models: int
    unlabelled: int
    unsure: int
    fields: tuple[FieldScore, ...]
    agreement: dict[str, Estimate]
    paragraph: str


def read_labels(path: Path) -> list[Label]:
    """Read a labelled sheet, as exported by the page or filled in by hand.

    Raises:
        UsageError: The file is no sheet, or holds a label that does not exist or does not fit what was found.
    """
    if not path.is_file():
        raise UsageError(f"no labelled sheet at '{path}'")
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(f"'{path.name}' is too large for a labelling sheet")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        if not set(HEADER) <= set(rows.fieldnames or ()):
            raise UsageError(
                f"'{path.name}' is not a labelling sheet: it lacks columns "
                f"{sorted(set(HEADER) - set(rows.fieldnames or ()))}"
            )
        return [_label(path.name, number, row) for number, row in enumerate(rows, start=2)]


def _label(name: str, number: int, row: dict[str, str]) -> Label:
    """One row, checked."""
    label = (row["label"] or "").strip().lower()
    is_found = bool(row["found"])
    if label and (label not in LABELS or (label != "unsure" and (label in LABELS_FOUND) is not is_found)):
        raise UsageError(
            f"{name}, line {number}: '{label}' is not a label for a field where {'a' if is_found else 'no'} value was "
            f"found"
        )
    try:
        weight = float(row["weight"])
    except (TypeError, ValueError) as error:
        raise UsageError(f"{name}, line {number}: the weight is not a number") from error
    return Label(
        model_key=row["model_key"],
        stratum=row["stratum"],
        weight=weight,
        field=row["field"],
        found=is_found,
        label=label,
        note=(row["note"] or "").strip(),
        model_id=row["model_id"] or "",
    )


def corrections_of(labels: Sequence[Label], columns: Mapping[str, str], source: str) -> tuple[list[Correction], int]:
    """Corrections that a labelled sheet asks for.

    A note beside *wrong* or *missed* begins with the right value, perhaps followed by ``;`` and words; *invented* needs
    none.

    Args:
        labels: The labels.
        columns: Columns of the tables by judged field.
        source: Where the corrections come from.

    Returns:
        The corrections, and how many labels call for one whose note gives no value.
    """
    found: list[Correction] = []
    without = 0
    for label in labels:
        if label.label not in {"wrong", "missed", "invented"}:
            continue
        text, _, words = label.note.removeprefix("'").partition(";")
        field = columns[label.field]
        try:
            value = None if label.label == "invented" else typed_value(field, text.strip())
        except ValueError:
            without += 1
            continue
        words = (label.note if label.label == "invented" else words).strip()
        reason = f"audit: {label.label}" + (f": {words}" if words else "")
        found.append(
            Correction(model=label.model_id or label.model_key, field=field, value=value, reason=reason, source=source)
        )
    return found, without


def audit(first: Sequence[Label], second: Sequence[Label] = ()) -> Audit:
    """Score a labelled sheet.

    Args:
        first: Labels of the first reader; the scores are theirs.
        second: Labels of a second reader of the same sheet, for the agreement.

    Raises:
        UsageError: Nothing is labelled, or the two sheets share no field.
    """
    judged = [label for label in first if label.label and label.label != "unsure"]
    if not judged:
        raise UsageError("nothing is labelled yet")
    known = {label.field for label in first}
    fields = tuple(score for name in FIELDS if name in known for score in [_score(name, judged)])
    agreement = _agreement(first, second) if second else {}
    said = Audit(
        models=len({label.model_key for label in first if label.label}),
        unlabelled=sum(not label.label for label in first),
        unsure=sum(label.label == "unsure" for label in first),
        fields=fields,
        agreement=agreement,
        paragraph="",
    )
    return msgspec.structs.replace(said, paragraph=paragraph(said))


def _score(name: str, judged: Sequence[Label]) -> FieldScore:
    own = [label for label in judged if label.field == name]
    return FieldScore(
        field=name,
        counts=dict(sorted(Counter(label.label for label in own).items())),
        precision=_weighted(own, LABELS_FOUND),
        recall=_weighted(own, STATED),
        precision_of_sample=_plain(own, LABELS_FOUND),
        recall_of_sample=_plain(own, STATED),
    )


def _plain(labels: Iterable[Label], among: tuple[str, ...]) -> Estimate:
    counted = [label for label in labels if label.label in among]
    return proportion(sum(label.label == "right" for label in counted), len(counted))


def _weighted(labels: Iterable[Label], among: tuple[str, ...]) -> Estimate:
    counted = [label for label in labels if label.label in among]
    hits = [int(label.label == "right") for label in counted]
    return weighted_share(hits, [label.weight for label in counted], strata=[label.stratum for label in counted])


def _agreement(first: Sequence[Label], second: Sequence[Label]) -> dict[str, Estimate]:
    """Kappa by field and over all fields that both readers labelled."""
    other = {(label.model_key, label.field): label.label for label in second if label.label}
    pairs = [
        (label.field, label.label, other[label.model_key, label.field])
        for label in first
        if label.label and (label.model_key, label.field) in other
    ]
    if not pairs:
        raise UsageError("the two sheets share no labelled field")
    found = {"all": cohen_kappa([one for _, one, _ in pairs], [two for _, _, two in pairs])}
    for name in FIELDS:
        own = [(one, two) for field, one, two in pairs if field == name]
        if own:
            found[name] = cohen_kappa([one for one, _ in own], [two for _, two in own])
    return found


def paragraph(said: Audit) -> str:
    """What the audit found, as a paragraph for a paper; every number with its 95 % interval."""
    sentences = [f"We audited the extraction by hand on a stratified random sample of {said.models} model cards."]
    for score in said.fields:
        parts = [
            f"{word} {_shown(estimate)}"
            for word, estimate in (("precision", score.precision), ("recall", score.recall))
            if estimate.estimate is not None
        ]
        if parts:
            sentences.append(f"For {score.field} we found {' and '.join(parts)}.")
    overall = said.agreement.get("all")
    if overall is not None and overall.estimate is not None:
        span = (
            f", 95 % CI {overall.low:.2f} to {overall.high:.2f}"
            if overall.low is not None and overall.high is not None
            else ""
        )
        sentences.append(
            f"Two readers agreed with Cohen's kappa = {overall.estimate:.2f}{span} (n = {overall.n} fields)."
        )
    sentences.append(
        "Shares are weighted to all models whose card was read; intervals are stratified Wilson intervals."
    )
    return " ".join(sentences)


def _shown(estimate: Estimate) -> str:
    if estimate.estimate is None:
        return "not estimable"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.estimate:.3f} (n = {estimate.n})"
    return f"{estimate.estimate:.3f} (95 % CI {estimate.low:.3f} to {estimate.high:.3f}, n = {estimate.n})"
