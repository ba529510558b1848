"""Amounts of one record that only together say what they are: running totals, forms not filled in, and more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.metadata import as_placeholder
from mining.card.extract.model_names import names_in, words_of
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import is_placeholder
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim

__all__ = ["as_records_say", "shares_like_their_whole", "with_last_of_running", "without_beside_blank"]


def as_records_say(claims: Sequence[Claim], card: Document) -> list[Claim]:
    """Claims as the other fields of their records let them stand.

    Args:
        claims: Emission claims of a body in order of lines.
        card: The card.
    """
    claims = _with_sum_of_record(shares_like_their_whole(_without_defaults(claims, card)), card)
    return with_last_of_running(without_beside_blank(claims, card), card)


def shares_like_their_whole(claims: Sequence[Claim]) -> list[Claim]:
    """Claims; one that is a share of the one before it has that one's role.

    Args:
        claims: Emission claims of a body in order of lines.
    """
    return [_like_its_whole(claim, before) for before, claim in pairwise([claims[0], *claims])]


def _like_its_whole(claim: Claim, before: Claim) -> Claim:
    """A claim that is a share of the one before it has that one's role ("share of that for this training: 4 kg")."""
    near = claim.section == before.section and 0 < (claim.line or 0) - (before.line or 0) <= SHARE_REACH
    if not near or claim.scope not in OWN_SCOPES or before.scope not in _SHARED or not _SHARE_OF_THAT.match(claim.text):
        return claim
    return replace(claim, scope=before.scope)


def _with_sum_of_record(claims: list[Claim], card: Document) -> list[Claim]:
    """Claims; where a key of a record names a sum of those above it in the same block, they are its parts."""
    for at, claim in enumerate(claims):
        if not _is_of_code(claim, card) or not _SUM_KEY.search(claim.text):
            continue
        parts = [
            place
            for place in range(at)
            if _is_of_code(claims[place], card)
            and claims[place].section == claim.section
            and (claim.line or 0) - (claims[place].line or 0) <= RECORD_REACH
        ]
        added = sum(claims[place].inner_value or 0.0 for place in parts)
        if len(parts) > 1 and abs(added - (claim.inner_value or 0.0)) <= 0.006 * added:
            return [
                replace(one, scope="training-run", flags=(*one.flags, "total"))
                if place == at
                else replace(one, scope="component")
                if place in parts
                else one
                for place, one in enumerate(claims)
            ]
    return claims


def _is_of_code(claim: Claim, card: Document) -> bool:
    return claim.outcome == "reported" and claim.scope in OWN_SCOPES and card.line(claim.line or 1).kind == "code"


RECORD_REACH = 40
_SUM_KEY = regex(r"^\W*\w{0,20}?(?:sum|total|overall|all|gesamt|together)(?![a-z])", re.IGNORECASE)
SHARE_REACH = 3
_SHARED = frozenset({"embodied", "saved", "planned", "inference"})
_SHARE_OF_THAT = regex(
    r"\W*(?:(?:the\s|our\s)?(?:share|part|portion|fraction)\sof\s(?:that|this|it|them|these|those|which)\b"
    r"|of (?:that|which)\b|thereof\b"
    r"|davon\b|(?:notre\s|la\s)?part\sde\sce|dont\b|de (?:ello|eso|esto)\b|di (?:cui|questi)\b|daarvan\b"
    r"|z tego\b|из (?:них|этого)\b)",
    re.IGNORECASE,
)


NEAR_LINES = 6
_OWN = frozenset({"own", "own-name", "train", "finetune", "pretrain"})
_OURS = regex(r"\b(?:student|this|model[_ ]training|adapter|final)\b", re.IGNORECASE)
_TAG = regex(r"<[^<>]{0,20}>")
_FILLED = regex(r"[:=：]\W{0,6}\w")
_DIGITS = regex(r"\d[\d.,]*")


def without_beside_blank(claims: Sequence[Claim], card: Document) -> list[Claim]:
    """Claims; those of a record whose own field is blank are not this model's.

    Args:
        claims: Emission claims of a body in order of lines.
        card: The card.
    """
    names = (words_of(card.title or ""),)
    languages = frozenset({"en", *card.languages})

    def is_own(claim: Claim) -> bool:
        said = card.line(claim.line or 1).plain[:200].replace("_", " ")
        found = {hit.concept for hit in find_concepts(said, languages)} | {
            kind for kind, _, _ in names_in(said, 0, len(said), names)
        }
        return not found.isdisjoint(_OWN) or _OURS.search(said) is not None

    blanks = [
        one
        for one in claims
        if one.outcome == "not-reported"
        and "placeholder" in one.flags
        and _FILLED.search(_TAG.sub("", one.text)) is not None  # a label over a list is no blank
        and is_own(one)
    ]
    if not blanks:
        return list(claims)
    return [
        replace(one, flags=tuple(dict.fromkeys((*one.flags, "unclear-subject"))))
        if one.outcome == "reported"
        and one.scope in OWN_SCOPES
        and "table" not in one.flags
        and any(
            one.section == blank.section and 0 < abs((one.line or 0) - (blank.line or 0)) <= NEAR_LINES
            for blank in blanks
        )
        and not is_own(one)
        else one
        for one in claims
    ]


def with_last_of_running(claims: Sequence[Claim], card: Document) -> list[Claim]:
    """Claims; of a log that counts on, line by line, only the last total stands for the training.

    Args:
        claims: Emission claims of a body in order of lines.
        card: The card.
    """
    return [
        replace(one, scope="component") if after is not None and _counts_on(one, after, card) else one
        for one, after in zip(claims, [*claims[1:], None], strict=True)
    ]


def _counts_on(one: Claim, after: Claim, card: Document) -> bool:
    """Whether the next line of a log states the same total again, grown."""
    first, second = (card.line(claim.line or 1) for claim in (one, after))
    return (
        first.kind == second.kind == "code"
        and 0 < second.number - first.number <= 2
        and one.scope in OWN_SCOPES
        and (one.inner_value or 0) <= (after.inner_value or 0)
        and _DIGITS.sub("0", first.text) == _DIGITS.sub("0", second.text)
    )


_FIELD = regex(r"(?P<indent>\s{0,40})\W{0,6}[^\W\d][^:=|]{0,60}[:=|]\W{0,8}?(?P<value>(?:[-<\[(?]|\w).{0,120}|)$")
_NOUGHT = regex(r"\W*0(?:[.,]0*)?(?:\s?[^\W\d]\S{0,16}(?:\s\S{1,8})?)?\W*")


def _without_defaults(claims: Sequence[Claim], card: Document) -> list[Claim]:
    """Claims; a nought beside fields that hold only placeholders and noughts is the form's, not a measurement."""
    return [
        as_placeholder(one)
        if one.outcome == "reported" and one.value == 0 and _is_of_blank_form(one.line or 1, card)
        else one
        for one in claims
    ]


def _is_of_blank_form(at: int, card: Document) -> bool:
    """Whether a field stands among others of its record of which one at least is blank, and none states a number."""
    own = _FIELD.match(card.line(at).text[:LINE_REACH])
    if own is None:
        return False
    values: list[str] = []
    for step in (-1, 1):
        for number in range(at + step, at + step * (NEAR_LINES + 1), step):
            line = card.line(number) if 0 < number <= len(card.lines) else None
            field = (
                _FIELD.match(line.text[:LINE_REACH]) if line is not None and line.kind == card.line(at).kind else None
            )
            if field is None or field["indent"] != own["indent"]:
                break
            values.append(field["value"].strip(" \"'`,;|*"))
    told = [value for value in values if not (is_placeholder(value) or _NOUGHT.fullmatch(value))]
    return (
        len(told) < len(values)
        and any(map(is_placeholder, values))
        and not any(len(value.split()) <= FACT_WORDS and _DIGITS.search(value) for value in told)
    )


LINE_REACH = 200
FACT_WORDS = 4
"""Words of the longest value that is a fact; longer ones are remarks ("default values, fill me in before 1.0")."""
