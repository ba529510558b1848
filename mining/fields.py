"""How a field of the registry is described, the closed lists of values, and the fields that several tables share."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Struct

from mining.units.numbers import NumberMark

SCHEMA_VERSION = "1"

Source = Literal["sample", "published", "hub", "dump", "cards"]
Outcome = Literal["reported", "not-reported", "unreadable", "could-not-look", "does-not-apply", "our-error"]
Quantity = Literal[
    "emissions", "energy", "duration", "power", "hardware", "region", "provider", "intensity", "pue", "water", "flop",
    "tool", "training-type",
]  # fmt: skip
Scope = Literal[
    "training-run", "pre-training", "fine-tuning", "family-total", "component", "experiments", "inference", "embodied",
    "other-model", "saved", "planned", "unknown",
]  # fmt: skip
OWN_SCOPES: frozenset[Scope | None] = frozenset({"unknown", "training-run", "pre-training", "fine-tuning"})
"""Scopes of the model's own training."""
StatedIn = Literal["metadata", "card", "file"]
ClaimForm = Literal["labelled", "table", "log", "prose"]
TrainingType = Literal["pre-training", "fine-tuning", "both"]
DurationBasis = Literal["wall-clock", "device-hours"]
BaseRelation = Literal["finetune", "quantized", "merge", "adapter"]
BASE_RELATIONS: frozenset[str] = frozenset(get_args(BaseRelation))
UnitStatus = Literal["stated", "assumed", "corrected", "contradicted"]
CardStatus = Literal[
    "read", "empty", "absent", "not-asked", "gated", "gone", "disabled", "unreachable", "too-large", "not-text",
    "our-error",
]  # fmt: skip
LOOKED_AT: frozenset[CardStatus] = frozenset({"read", "empty", "absent"})
"""Statuses of a card that was looked at, though there may be none, or nothing in it."""

RowFailure = Literal[
    "row-too-deep", "row-not-an-object", "row-without-id", "row-not-json", "row-with-nan", "row-beyond-64-bits"
]
ROW_FAILURES = frozenset(get_args(RowFailure))
"""Why a row of a listing was set aside."""

EmissionFlag = Literal[
    "assumed-unit", "corrected-unit", "contradicted", "zero", "implausible", "inherited", "copied-card", "family-total",
    "component", "exercise", "constant", "placeholder", "range", "upper-bound", "lower-bound", "approximate",
    "near-duplicate",
]  # fmt: skip


class Place(Struct, frozen=True):
    """Where a claim stands.

    Attributes:
        source: Kind of text: the metadata, the card's body, or another file.
        form: How it is written there: a labelled value, a table's cell, a log's line, or a sentence; None outside the
            body.
        section: Heading above it, in the body.
        key: Key of the metadata, or name of the file.
        line: Line in the card, from 1.
    """

    source: StatedIn
    form: ClaimForm | None
    section: str | None
    key: str | None
    line: int | None


PLACE_FLAGS: tuple[ClaimForm, ...] = get_args(ClaimForm)
"""Flags of a claim that say how it is written."""

NumberFlag = NumberMark | Literal["zero", "ambiguous-number"]
"""How a number is meant, or what is odd about it."""
BasisFlag = Literal["wall-clock", "device-hours", "market-based", "assumed-unit", "pieces", "nodes", "per-node"]
"""What a number counts."""
PartFlag = Literal["total", "stage", "only-row", "summed", "inferred-row"]
"""Whether a number is of the whole or of a part; a sum that nobody wrote, a row that others tell apart."""
DoubtFlag = Literal["placeholder", "unclear-subject", "soft", "cell", "aside", "beside"]
"""Why a claim counts for less."""
EvidenceFlag = Literal["made", "scratch", "described", "base", "template", "cost", "tokens", "tag", "adapter", "named"]
"""How a card tells of the kind of its training."""
FileFault = Literal[
    "file-empty", "file-pointer", "file-not-fetched", "file-too-large", "file-not-text", "file-not-looked-at",
    "file-unknown", "file-tasks", "file-marks-mixed", "row-fields", "row-check", "row-no-number", "runs-left-out",
    "only-predicted", "several-measures",
]  # fmt: skip
"""Why a meter's file, or a row of it, could not be read."""
ClaimFlag = ClaimForm | NumberFlag | BasisFlag | PartFlag | DoubtFlag | EvidenceFlag | FileFault


def place_of(where: str, flags: tuple[str, ...], section: str | None, line: int | None) -> Place:
    """Take a claim's place apart.

    Args:
        where: `metadata:KEY`, `card:SECTION:LINE`, or `file:NAME:ROW`.
        flags: Flags of the claim.
        section: Heading above it.
        line: Line in the card.
    """
    source, _, rest = where.partition(":")
    form = next((name for name in PLACE_FLAGS if name in flags), None)
    if source == "metadata":
        return Place("metadata", form, None, rest, line)
    if source == "file":
        return Place("file", form, None, rest.partition(":")[0], line)
    return Place("card", form, section, None, line)


def field(
    meaning: str,
    *,
    unit: str | None = None,
    missing: str = "never missing",
    path: str | None = None,
    ge: float | None = None,
    le: float | None = None,
) -> msgspec.Meta:
    """Describe one field of the registry.

    Args:
        meaning: What the value says, in one sentence.
        unit: Unit of the value; None where a unit makes no sense.
        missing: What a missing value means.
        path: Where on the Hub's wire the value comes from.
        ge: Smallest value allowed.
        le: Largest value allowed.

    Returns:
        Metadata for ``typing.Annotated``.
    """
    extra = {"unit": unit, "missing": missing, "path": path, "ge": ge, "le": le}
    return msgspec.Meta(description=meaning, extra=extra)


NOT_STATED = "not stated"
NOT_LISTED = "the Hub's listing did not give it"

ModelKey = Annotated[
    str,
    field(
        "Key of the model inside its snapshot: the Hub's `_id`, or a synthetic row key where that is unknown.",
        path="_id",
    ),
]
ModelId = Annotated[
    str | None,
    field(
        "Repository name on the Hub, `author/name`, or the bare name for legacy repositories.",
        path="id",
        missing="not known",
    ),
]
Grams = Annotated[
    float | None,
    field(
        "Training emissions of this model, chosen from all its claims.",
        unit="g CO2eq",
        missing="no value could be chosen",
        ge=0,
    ),
]
LowGrams = Annotated[
    float | None,
    field(
        "Lower end of the training emissions, where a range or rounding is stated.",
        unit="g CO2eq",
        missing="no value could be chosen",
        ge=0,
    ),
]
HighGrams = Annotated[
    float | None,
    field(
        "Upper end of the training emissions, where a range or rounding is stated.",
        unit="g CO2eq",
        missing="no value could be chosen",
        ge=0,
    ),
]
WireFlags = Annotated[tuple[str, ...], field("Marks that warn a reader of the value, from a closed list.")]
ClaimFlags = Annotated[tuple[ClaimFlag, ...], field("Marks that warn a reader of the value, from a closed list.")]
