"""Rows of a table that are activities: which of them is the training, and stages of one training that add up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.model_names import (
    THIS_MODEL,
    is_marked_here,
    is_of_known_others,
    names_in,
    size_of,
    words_of,
)
from mining.card.extract.said_of import is_negated
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["NUMBERED_STAGE", "with_the_training"]

MOST_STAGES = 8
SLACK = 0.006
"""How far a stated sum may lie from that of its parts, by rounding."""
_TRAINS = frozenset({"train", "finetune", "pretrain", "stagename", "own", "we"})
_PARTS = _TRAINS | {"stage", "ordinal", "portion"}
_NO_TRAINING = frozenset(
    {
        "trial",
        "evaluate",
        "infer",
        "data",
        "saved",
        "base",
        "other",
        "replicate",
        "embodied",
        "plan",
        "would",
        "project",
    }
)
"""What a row is named by that is no training of this model."""
_MAY_BE_OWN = frozenset({"component", "unknown", "training-run", "fine-tuning", "pre-training", "experiments"})
_NOT_OWN = frozenset({"inference", "planned", "other-model", "embodied", "saved"})
NUMBERED_STAGE = regex(
    r"(?:stage|phase|step|part|stufe|schritt|étape|fase|etapa|paso|passo|etap|этап|фаза|стади[яї]|етап|aşama|tahap"
    r"|giai đoạn|阶段|階段|段階|フェーズ|단계|مرحلة|مرحله|चरण|steg|trin|vaihe|urrats)\W{0,2}"
    r"(?:\d|[A-D]\b|[IVX]{1,3}\b|one\b|two\b|three\b)|\d\W{0,2}(?:stage|phase|단계|段階|阶段|階段|aşama)"
    r"|第[一二三四](?:阶段|階段|段階)",
    re.IGNORECASE,
)
"""Stages that are counted; runs, seeds and epochs are no stages that add up."""


def with_the_training(
    claims: Sequence[Claim], names: Sequence[str], card: Document, *, are_stages: bool, are_models: bool
) -> list[Claim]:
    """Claims of rows of activities, the training among them told from the rest, or the sum of its stages added.

    Args:
        claims: One claim of each row, in order.
        names: Names of the rows.
        card: The card.
        are_stages: Whether the head says that the rows are stages of one training.
        are_models: Whether it says that they are models, versions or methods.
    """
    rows = _of_snapshots(claims, names)
    totals = [at for at, claim in enumerate(rows) if "total" in claim.flags]
    parts = [at for at in range(len(rows)) if at not in totals]
    if any(rows[at].scope not in _MAY_BE_OWN | _NOT_OWN for at in parts):
        return rows
    here = [at for at in parts if names[at] == THIS_MODEL or _says_released(names[at])]
    if len(here) == 1 < len(parts) and rows[here[0]].scope in _MAY_BE_OWN | {"component"}:
        return _with_one(rows, here[0], totals)
    summed = None if are_models else _stated_sum(rows, names, parts, totals)
    if summed is not None and not _name_models([names[at] for at in parts], card):
        return _with_one(rows, summed, totals)
    own, beside, unknown, is_told = _sorted_out(names, parts, card, are_stages=are_stages and not totals)
    if not own and len(beside) >= LEAST_BESIDE and not any(_shares_a_word(names[at], card) for at in unknown):
        return _with_one(rows, None, totals)  # "Travel" among crawling, search and hosting
    if any(rows[at].scope not in _MAY_BE_OWN for at in own):
        return rows  # "Training" below "Base model", or in a table of plans
    whole = next((at for at in own if _is_sum_of(rows[at], [rows[other] for other in own if other != at])), None)
    own = own if whole is None else [whole]
    if len(own) == 1 and (beside or unknown or whole is not None):
        is_unsure = are_models or not is_told or _name_models([names[at] for at in unknown], card)
        return (
            rows if unknown and is_unsure else _with_one(rows, own[0], totals, is_inferred=bool(unknown) or not is_told)
        )
    if are_models or unknown or (totals and not beside):
        return rows
    total = _sum_of([rows[at] for at in own], card) if _are_stages([names[at] for at in own], are_stages) else None
    return rows if total is None else [*_with_one(rows, None, totals), total]


LEAST_BESIDE = 2


def _says_released(name: str) -> bool:
    """Whether a row is called what is released here ("Released ensemble (folds 0-4)")."""
    hits = [hit for hit in find_concepts(name[:200]) if hit.concept == "own" and not is_negated(name, hit.start)]
    return bool(hits) and _RELEASED.search(name) is not None


_RELEASED = regex(r"\b(?:released|published|uploaded|shipped)\b(?!\s(?:data|dataset|code))", re.IGNORECASE)


def _shares_a_word(name: str, card: Document) -> bool:
    """Whether a row's name has a word of this model's."""
    return not words_of(name).isdisjoint(words_of(card.title or ""))


def _sorted_out(
    names: Sequence[str], parts: Sequence[int], card: Document, *, are_stages: bool
) -> tuple[list[int], list[int], list[int], bool]:
    """Rows of this training, those of something else, those that cannot be told, and whether the first say so."""
    concepts = {
        at: {hit.concept for hit in find_concepts(names[at][:200])}
        - (_TRAINS if _OF_PEOPLE.search(names[at]) else set())
        for at in parts
    }
    for at in parts:
        if _is_pretraining_of_another(names[at], concepts[at], card):
            concepts[at].add("base")
    here = [at for at in parts if is_marked_here(names[at])]
    if len(here) == 1 and len(parts) > 1:
        return here, [at for at in parts if at not in here], [], True
    own = [at for at in parts if concepts[at] & _TRAINS and not concepts[at] & _NO_TRAINING]
    beside = [at for at in parts if concepts[at] & _NO_TRAINING]
    unknown = [at for at in parts if at not in own and at not in beside]
    is_of_a_model = _name_models([names[at] for at in unknown], card)
    if not own and len(unknown) == 1 and beside and all("would" in concepts[at] for at in beside):
        return unknown, beside, [], False  # where it ran, beside where it did not
    if are_stages and not beside and len(unknown) + len(own) > 1 and unknown and not (own and is_of_a_model):
        return sorted((*own, *unknown)), [], [], False
    return own, beside, unknown, any("train" in concepts[at] for at in own)


def _is_pretraining_of_another(name: str, concepts: set[str], card: Document) -> bool:
    """Whether a row is the pre-training of another model by its name ("Llama 3.1 8B pre-training")."""
    if "pretrain" not in concepts or concepts & {"own", "we"} or _GOES_ON.search(name):
        return False
    kinds = {kind for kind, _, _ in names_in(name, 0, len(name), (words_of(card.title or ""),))}
    return "other-name" in kinds and "own-name" not in kinds


_GOES_ON = regex(
    r"continu|further|additional|fortgesetzt|weiter|poursui|continuad|prosegu|voortgezet|继续|継続|追加", re.IGNORECASE
)
_OF_PEOPLE = regex(
    r"\btraining (?:of|for) (?:the |our |new )?(?:\w+ )?(?:staff|personnel|people|students?|employees|users"
    r"|annotators|volunteers|observers"
    r"|teachers|crew|colleagues|operators)\b|\b(?:staff|safety|first[- ]aid|user|crew) training\b"
    r"|\btraining (?:course|workshop|session|seminar)s?\b",
    re.IGNORECASE,
)
"""Training of people, not of a model ("training of staff (safety course)")."""


def _stated_sum(rows: Sequence[Claim], names: Sequence[str], parts: Sequence[int], totals: Sequence[int]) -> int | None:
    """The total row that adds up all others, where some are named as parts of a training and none as anything else."""
    concepts = [{hit.concept for hit in find_concepts(names[at][:200])} for at in parts]
    if not any(one & _PARTS for one in concepts) or any(one & _NO_TRAINING for one in concepts):
        return None
    if any(is_marked_here(names[at]) for at in parts):
        return None  # one of five seeds is this one
    return next((at for at in totals if at > parts[-1] and _is_sum_of(rows[at], [rows[part] for part in parts])), None)


def _with_one(
    rows: Sequence[Claim], chosen: int | None, totals: Sequence[int], *, is_inferred: bool = False
) -> list[Claim]:
    """Claims of rows, one of which is the training; None where it is none of them."""
    found = []
    for at, claim in enumerate(rows):
        if at == chosen:
            flags = (*claim.flags, "inferred-row") if is_inferred else claim.flags
            found.append(replace(claim, scope="training-run", subject=None, flags=flags))
        elif claim.scope in _NOT_OWN:
            found.append(claim)
        else:
            found.append(replace(claim, scope="experiments" if at in totals else "component"))
    return found


def _of_snapshots(claims: Sequence[Claim], names: Sequence[str]) -> list[Claim]:
    """Claims of rows that go on counting from one checkpoint to the next; the final one is the training."""
    values = [claim.inner_value or 0.0 for claim in claims]
    final = [at for at, name in enumerate(names) if _FINAL.search(name)]
    if (
        len(names) < LEAST_SNAPSHOTS
        or final != [len(names) - 1]
        or not all(low < high for low, high in pairwise([0.0, *values]))
    ):
        return list(claims)
    return [
        *(replace(claim, scope="component") if claim.scope in _MAY_BE_OWN else claim for claim in claims[:-1]),
        replace(claims[-1], subject=None, scope="training-run", flags=(*claims[-1].flags, "inferred-row"))
        if claims[-1].scope in _MAY_BE_OWN
        else claims[-1],
    ]


LEAST_SNAPSHOTS = 3
_FINAL = regex(
    r"\b(?:final|main|last|latest|end|finale|endstand|dernier|dernière|último|última|ultimo|laatste|eind\w*"
    r"|końcow\w*)\b"
    r"|итог|финал|последн|最终|最終|最后|최종",
    re.IGNORECASE,
)


def _is_sum_of(claim: Claim, parts: Sequence[Claim]) -> bool:
    """Whether a row is the sum of other rows."""
    total = sum(filter(None, (part.inner_value for part in parts)))
    return len(parts) > 1 and claim.inner_value is not None and abs(total - claim.inner_value) <= SLACK * total


def _name_models(names: Sequence[str], card: Document) -> bool:
    """Whether rows bear names of models or sizes, and so may be trainings too."""
    return any(size_of(name) is not None or is_of_known_others(name, card.title or "") for name in names)


def _are_stages(names: Sequence[str], is_said: bool) -> bool:
    """Whether several rows are stages that follow each other, not the same done in several ways."""
    if not 2 <= len(names) <= MOST_STAGES:
        return False
    if is_said or all(NUMBERED_STAGE.search(name) for name in names):
        return True
    kinds = [
        frozenset(
            name[hit.start : hit.end].lower()
            for hit in find_concepts(name[:200])
            if hit.concept in {"stagename", "pretrain", "finetune"}
        )
        for name in names
    ]
    return all(kinds) and all(first.isdisjoint(second) for at, first in enumerate(kinds) for second in kinds[:at])


def _sum_of(stages: Sequence[Claim], card: Document) -> Claim | None:
    """What stages emitted together; None where one of them states no plain amount."""
    if not all(claim.outcome == "reported" and claim.inner_value and claim.low is None for claim in stages):
        return None
    grams = float(f"{sum(filter(None, (claim.inner_value for claim in stages))):.12g}")
    first, last = stages[0], stages[-1]
    factor = (first.inner_value or 0.0) / first.value if first.value else 1.0
    lines = [card.line(claim.line or 1).text.strip() for claim in stages]
    return replace(
        last,
        value=float(f"{grams / factor:.12g}"),
        unit=first.unit,
        inner_value=grams,
        scope="training-run",
        subject=None,
        flags=("table", "total", "summed"),
        text="; ".join(dict.fromkeys(lines)),
    )
