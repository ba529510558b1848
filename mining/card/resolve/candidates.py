"""Which of several emission claims of a body is the training of this very model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mining.card.extract.model_names import THIS_MODEL, is_marked_here
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim

_NEVER = {"experiments", "inference", "embodied", "component", "other-model", "saved", "planned"}
_WHOLE = OWN_SCOPES
MOST_PARTS = 8
OWN_LABEL = 40
"""Signs of a labelled value in which its label says whose it is."""
SUM_SLACK = 0.02
RIVAL_RATIO = 1.25
"""Two amounts that differ by less are roundings of each other, or of two meters."""
_SCOPE_RANK = {
    "training-run": 0,
    "pre-training": 0,
    "fine-tuning": 0,
    "unknown": 0,
    "family-total": 1,
    "experiments": 2,
}
_TOKEN = regex(r"[^\W\d_]+|\d+(?:\.\d+)?[a-z]?", re.IGNORECASE)
_SIZE = regex(r"(?<![a-z\d.])\d{1,4}(?:\.\d{1,2})?\s?[bm]\b", re.IGNORECASE)
_NAME_WORDS = ("model", "card", "for", "the", "of", "a", "an", "readme", "hf", "details", "information", "summary")
_TYPE_WORDS = ("fine", "tuning", "tunning", "tuned", "finetuning", "finetuned", "training", "pretraining")
_COMMON = frozenset((*_NAME_WORDS, *_TYPE_WORDS))


def names_of(
    model_id: str | None, title: str | None, front_matter: Mapping[str, Any] | None
) -> tuple[frozenset[str], ...]:
    """Word sets of the names that the model goes by."""
    stated = (front_matter or {}).get("model_name")
    names = (model_id.rpartition("/")[2] if model_id else None, title, stated if isinstance(stated, str) else None)
    return tuple(words for words in (_words(name) for name in names if name) if words)


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _TOKEN.findall(name[:200])) - _COMMON


def names_a_size(*names: str | None) -> bool:
    """Whether a model's name says which member of a family it is (7B, 350M)."""
    return any(_SIZE.search(name) for name in names if name)


def usable(claim: Claim) -> bool:
    """Whether a claim states a number that could be a training emission."""
    return (
        claim.outcome == "reported"
        and claim.value is not None
        and claim.scope not in _NEVER
        and "market-based" not in claim.flags
        and "unclear-subject" not in claim.flags
    )


def best_of_body(claims: Sequence[Claim], names: Sequence[frozenset[str]]) -> Claim | None:
    """Choose among the claims of a body.

    Args:
        claims: Emission claims of the body, in order of lines.
        names: Word sets of the model's names.

    Returns:
        The claim, or None where all speak of something else.
    """
    blocks = _own_blocks(claims, names)
    cells = [claim for claim in blocks if "table" in claim.flags]
    rows, total = _own_rows([claim for claim in cells if usable(claim)], names)
    empty = [claim.subject or "" for claim in cells if claim.value is None and _is_own(claim, names)]
    if empty and (
        rows is None or any(map(_says_own, empty)) or _named_by(rows.subject or "") < max(map(_named_by, empty))
    ):
        rows = total = None  # this model's own cell is empty: what stands beside it is of others
    rest = without_parts([claim for claim in blocks if "table" not in claim.flags and usable(claim)])
    if rows is not None:
        return rows
    candidates = rest + ([total] if total is not None else [])
    if any("placeholder" in claim.flags and _says_own(claim.text[:OWN_LABEL]) for claim in blocks):
        # "this model: not counted apart" beside a family's total
        candidates = [one for one in candidates if "prose" in one.flags or _says_own(one.text[:OWN_LABEL])]
    return min(candidates, key=_rank, default=None)


def _rank(claim: Claim) -> tuple[int, ...]:
    kind = next((at for at, name in enumerate(("labelled", "log", "table")) if name in claim.flags), 3)
    return (
        claim.inner_value is None,
        _SCOPE_RANK[claim.scope],
        kind,
        "total" not in claim.flags,
        claim.line or 0,
    )


def _own_blocks(claims: Sequence[Claim], names: Sequence[frozenset[str]]) -> list[Claim]:
    """Where blocks are headed by names of models and one is this model's, only that one counts, even if empty."""
    subjects = {claim.subject for claim in claims if claim.subject and "table" not in claim.flags}
    own = {subject for subject in subjects if _match(subject, names)}
    if not own or own == subjects:
        return list(claims)
    best = max(own, key=lambda subject: (len(_words(subject)), subject))
    return [claim for claim in claims if "table" in claim.flags or claim.subject in {None, best}]


def _match(subject: str, names: Sequence[frozenset[str]]) -> bool:
    words, bare = _words(subject), _words(_SETTING.sub(" ", _REMARK.sub(" ", subject)))
    return any(one and any(one <= name for name in names) for one in (words, bare))


_REMARK = regex(r"\((?!(?:the )?(?:base|teacher|parent|original|start|initial))[^()]{0,80}\)", re.IGNORECASE)


_SETTING = regex(r"\b[^\W\d]{1,12}\s?=\s?[\d.e+-]{1,8}")
"""A setting behind a name ("QLoRA r=64")."""


def _says_own(subject: str) -> bool:
    """Whether a row or column is named "ours" or "this model"."""
    if is_marked_here(subject):
        return True
    concepts = {hit.concept for hit in find_concepts(subject)}
    return bool(concepts & {"own", "we"}) and not concepts & {"other", "base", "infer", "trial"}


def without_parts(claims: Sequence[Claim]) -> list[Claim]:
    """Claims without those that one of them adds up: "2.0 kg and 1.4 kg, 3.4 kg in total".

    Args:
        claims: Usable claims of a body.
    """
    parts: set[int] = set()
    for line in {claim.line for claim in claims}:
        here = [claim for claim in claims if claim.line == line and "prose" in claim.flags]
        group = [(claim, claim.inner_value) for claim in here if claim.inner_value]
        total = sum(grams for _, grams in group)
        for claim, grams in group if 3 <= len(group) <= MOST_PARTS else ():
            if abs(total - 2 * grams) <= SUM_SLACK * grams:
                parts.update(id(other) for other, _ in group if other is not claim)
    return [claim for claim in claims if id(claim) not in parts]


def rivals(chosen: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """Statements of the body that contradict the chosen one: this model's training too, and another amount.

    Args:
        chosen: The claim that was chosen.
        claims: Emission claims of the body.
    """
    if chosen.inner_value is None or chosen.scope not in _WHOLE:
        return []
    plain = [
        claim
        for claim in without_parts([claim for claim in claims if usable(claim)])
        if claim.scope in _WHOLE
        and claim.inner_value
        and claim.subject == chosen.subject
        and not {"table", "total"} & set(claim.flags)
        and claim.line != chosen.line
        and (
            claim.scope == chosen.scope
            or "unknown" in {claim.scope, chosen.scope}
            or "training-run" in {claim.scope, chosen.scope}
        )
    ]
    return [claim for claim in plain if not _compatible(chosen, claim)]


def _compatible(chosen: Claim, claim: Claim) -> bool:
    low, high = sorted((chosen.inner_value or 0.0, claim.inner_value or 0.0))
    inside = claim.low is not None or chosen.low is not None or "range" in claim.flags
    return low == 0 or high <= RIVAL_RATIO * low or inside


def _is_own(claim: Claim, names: Sequence[frozenset[str]]) -> bool:
    """Whether a cell is of a row or column that is named after this model."""
    return claim.subject is not None and (_says_own(claim.subject) or _match(claim.subject, names))


def _named_by(subject: str) -> int:
    """How many words of a name a row has."""
    return len(_words(_REMARK.sub(" ", subject)))


def _own_rows(rows: Sequence[Claim], names: Sequence[frozenset[str]]) -> tuple[Claim | None, Claim | None]:
    """This model's own row of a table, and the row of the total."""
    total = next((claim for claim in rows if "total" in claim.flags), None)
    named = [claim for claim in rows if claim.subject is not None]
    ours = [claim for claim in named if claim.subject == THIS_MODEL] or [
        claim for claim in named if _says_own(claim.subject or "")
    ]
    if ours and len({claim.inner_value for claim in ours}) == 1:
        return ours[0], total
    matching = [claim for claim in named if _match(claim.subject or "", names)]
    if matching:
        longest = max(len(_words(claim.subject or "")) for claim in matching)
        top = [claim for claim in matching if len(_words(claim.subject or "")) == longest]
        if len({claim.inner_value for claim in top}) == 1:
            return top[0], total
    unnamed = [claim for claim in rows if claim.subject is None]
    if total is None and unnamed and len({claim.inner_value for claim in unnamed}) == 1:
        return None, unnamed[0]  # beside the rows of others
    if total is None and not unnamed and len({claim.subject for claim in named}) == 1:
        return None, named[0]
    return None, total
