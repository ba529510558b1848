"""The suggestion: a valid ``co2_eq_emissions`` block made from what a card already says.

Nothing is invented: the grams are those that the card's own words (or its meter's file) state with a unit, and the
words go along as a comment. A value that is flagged, contradicted, computed for others, or whose coverage is not stated
is never suggested. Specification of the block: the Hub's documentation, docs/hub/model-cards-co2.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

from analysis.classify.decided import decisive_claim, states
from mining.card.extract.model_names import is_marked_here
from mining.card.extract.roles import TAKES_UP
from mining.card.lexicon.roles import find_concepts, languages_of
from mining.card.read import EMISSIONS_KEY
from mining.patterns import regex
from mining.schema import Claim, Context, ModelRecord

FIT_FLAGS = frozenset({"corrected-unit"})
"""The only mark that a suggested value may bear: the metadata's unit is corrected by what the text says with a unit."""
FIT_SCOPES = frozenset({"training-run", "pre-training", "fine-tuning"})
MAX_WORDS = 120
CLOSE = 0.05
"""How far another statement of the training's emissions may lie from the value, as a share, and still be the same
after rounding."""
MOST_GRAMS = 1e12
FACTOR = 2.0
"""How far energy times carbon intensity may lie from the value."""


def suggested_metadata(record: ModelRecord, claims: Sequence[Claim]) -> str | None:
    """The block that would state in metadata what the card states in prose.

    Args:
        record: The model, its emissions settled.
        claims: Its claims, for the evidence.

    Returns:
        YAML lines that end with a newline, or None where nothing is missing or nothing safe can be said.
    """
    carbon, claim = record.carbon, _evidence(record, claims)
    grams = carbon.emissions_gco2e
    if claim is None or grams is None or not _is_fit(record, claims):
        return None
    lines = [f"{EMISSIONS_KEY}:", f"  # {_words(claim)}", f"  emissions: {plain(grams)}"]
    return "\n".join([*lines, *_stated(record.training, claims)]) + "\n"


def minimal(block: str) -> str:
    """The same block with nothing but the emissions and their words."""
    return "\n".join(block.split("\n")[:3]) + "\n"


def _is_fit(record: ModelRecord, claims: Sequence[Claim]) -> bool:
    """Whether the value is beyond doubt, and the metadata do not hold it already."""
    carbon, training = record.carbon, record.training
    if record.corrections or set(carbon.emissions_flags) - FIT_FLAGS or carbon.emissions_scope not in FIT_SCOPES:
        return False
    if carbon.emissions_source == "metadata" and carbon.emissions_unit_status != "corrected":
        return False
    grams = carbon.emissions_gco2e or 0.0
    if carbon.emissions_unit_status not in {"stated", "corrected"} or not 0 < grams <= MOST_GRAMS:
        return False
    if training.energy_kwh and training.intensity_g_per_kwh:
        product = training.energy_kwh * training.intensity_g_per_kwh * (training.pue_ratio or 1.0)
        if not grams / FACTOR <= product <= grams * FACTOR:
            return False
    return not any(_competes(claim, grams) for claim in claims)


def _competes(claim: Claim, grams: float) -> bool:
    """Whether a claim of the text states other emissions of this model's training."""
    own = claim.quantity == "emissions" and claim.outcome == "reported" and claim.subject is None
    if not own or claim.where.startswith("metadata:") or claim.scope not in FIT_SCOPES | {"unknown"}:
        return False
    return claim.inner_value is not None and abs(claim.inner_value - grams) > CLOSE * grams


def _evidence(record: ModelRecord, claims: Sequence[Claim]) -> Claim | None:
    """The claim outside the metadata that states these very grams with a unit; None where nobody says them."""
    outside = [claim for claim in claims if not claim.where.startswith("metadata:") and claim.unit is not None]
    grams = record.carbon.emissions_gco2e
    stating = [claim for claim in outside if claim.quantity == "emissions" and states(claim, grams)]
    found = decisive_claim([claim for claim in stating if claim.scope in FIT_SCOPES | {"unknown"}], record.carbon)
    if found is None or {"summed", "inferred-row"} & set(found.flags):
        return None  # answered by reckoning or by what stands beside it: too little to edit a file by
    if _is_doubtful(found) or _is_one_of_many(found, outside):
        return None
    return found


def _is_one_of_many(found: Claim, claims: Sequence[Claim]) -> bool:
    """Whether an amount stands in a table beside other trainings, and no word says that its row is this one."""
    if "table" not in found.flags or "total" in found.flags:
        return False
    beside = [
        one
        for one in claims
        if one.quantity == "emissions" and "table" in one.flags and one.scope in FIT_SCOPES | {"unknown"}
    ]
    if all(one.value == found.value for one in beside if one.value):
        return False
    subject = found.subject or ""
    said = {hit.concept for hit in find_concepts(subject)}
    return not (is_marked_here(subject) or ("own" in said and said.isdisjoint(DOUBTFUL)))


DOUBTFUL = frozenset(
    {
        *("would", "plan", "base", "other", "infer", "saved", "project"),
        *("evaluate", "data", "embodied", "annual", "deny", "family", "trial"),
    }
)
"""Concepts of ``mining/card/lexicon/roles.csv`` beside which an amount may be another one's, whatever was decided."""


def _is_doubtful(claim: Claim) -> bool:
    """Whether the words leave open whose the amount is.

    A sentence does with a word for something else than this training, with a pronoun for its subject, or where it began
    on an earlier line; a label does with such a word.
    """
    is_prose = "prose" in claim.flags
    words = claim.text if is_prose else _LABEL_END.split(claim.text, maxsplit=1)[0]
    said = {hit.concept for hit in find_concepts(words, frozenset(("en", *languages_of(words))))}
    begin = words.lstrip(" *_>-•(\"'")
    is_cut = begin[:1].islower() or (TAKES_UP.match(begin) is not None and "own" not in said)
    return not said.isdisjoint(DOUBTFUL) or (is_prose and is_cut)


_LABEL_END = regex(r"[:：|=]")


def _words(claim: Claim) -> str:
    """Place, words and unit of a claim, for a comment."""
    if claim.where.startswith("file:"):
        name, _, row = claim.where.removeprefix("file:").rpartition(":")
        return f"{one_line(name)}, row {row}: {claim.value:.15g} {claim.unit} CO2eq"
    place = one_line(claim.section or claim.where)
    unit = "" if claim.unit is None or claim.unit in one_line(claim.text) else f" ({claim.unit})"
    return f"{place}: {quoted(claim.text)}{unit}"


def _stated(training: Context, claims: Sequence[Claim]) -> list[str]:
    """The other keys of the specification, where the card states them; hardware only together with its count."""
    counted = any(
        claim.quantity == "hardware" and claim.outcome == "reported" and claim.count == training.hardware_count
        for claim in claims
    )
    hardware = (
        f"{training.hardware_count} x {training.hardware}" if training.hardware and training.hardware_count else None
    )
    stated = (
        ("source", training.tool),
        ("training_type", training.training_type if training.training_type != "both" else None),
        ("geographical_location", training.region),
        ("hardware_used", hardware if counted else None),
    )
    return [f"  {key}: {quoted(value)}" for key, value in stated if value]


def plain(grams: float) -> str:
    """A number as YAML 1.1 and 1.2 both read it: digits and a point, no exponent."""
    text = format(Decimal(repr(grams)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def one_line(text: str) -> str:
    """Text without line ends and control characters, shortened."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"


def quoted(text: str) -> str:
    """Text as one double-quoted YAML scalar; line ends and control characters cannot leave it."""
    return json.dumps(one_line(text), ensure_ascii=False)
