"""Amounts that contradict each other: which one is put aside by evidence, by a total, or by a more exact statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mining.card.extract.amounts import NO_STAGE, Amount
from mining.patterns import regex
from mining.schema import OWN_SCOPES

__all__ = ["without_rivals"]

RIVAL_RATIO = 1.25
CLEARLY = 0.3
"""A lead of the evidence by which one statement puts another one aside."""
TIE = 0.3
"""A lead over another statement of an own amount that is too small to choose between the two."""


SURE = 1.2
"""A lead with which an amount stands against others that nothing says are of a training."""


def without_rivals(amounts: Iterable[Amount], holds_all: bool = False) -> list[Amount]:
    """Amounts, those put aside that another one with much stronger evidence contradicts.

    Args:
        amounts: Amounts of one card.
        holds_all: Whether the card's repository holds all models of its family, so that what they emitted together is
            its own.
    """
    amounts = list(amounts)
    amounts = [_unclear(one) if _is_put_aside(one, amounts, holds_all) else one for one in amounts]
    own = [
        one for one in amounts if one.claim.scope in OWN_SCOPES and one.grams and _NO_RIVAL.isdisjoint(one.claim.flags)
    ]
    totals = [one for one in own if "total" in one.claim.flags]
    best = max(totals if len(totals) == 1 else own, key=lambda one: one.role.lead, default=None)
    if best is None:
        return [_unclear(one) if _is_strange(one) else one for one in amounts]
    if best.role.lead >= SURE and not _is_strange(best):
        own = [one for one in own if not _is_strange(one)]
    rivals = [one for one in own if one is not best and not _close(one.grams, best.grams)]
    unclear = [one for one in rivals if one.role.lead < best.role.lead - CLEARLY]
    ties = [one for one in rivals if one.role.lead > best.role.lead - TIE]
    if ties and "total" not in best.claim.flags and not all(map(_is_plain, (best, *ties))):
        unclear = own
    return [_unclear(one) if one in unclear or _is_strange(one) else one for one in amounts]


def _is_strange(amount: Amount) -> bool:
    """Whether an amount is said of something that no word of a training stands for; a sum is of what it adds up."""
    is_own = amount.claim.scope in OWN_SCOPES and "total" not in amount.claim.flags
    return is_own and any(one.name == "strange" for one in amount.features)


_NO_RIVAL = frozenset({"unclear-subject", "market-based"})


def _is_put_aside(amount: Amount, amounts: Sequence[Amount], holds_all: bool) -> bool:
    """Whether an amount is what several models emitted together, or is stated more exactly beside it."""
    near = [one for one in amounts if one is not amount and one.passage is amount.passage and one.grams]
    if amount.claim.scope == "family-total":
        is_of_several = amount.has(frozenset({"family", "denied"}))
        return (is_of_several and not holds_all) or any(one.has(frozenset({"ofwhich"})) for one in near)
    if amount.claim.scope not in OWN_SCOPES or not amount.grams:
        return False
    near = [one for one in near if "total" in one.claim.flags or "total" not in amount.claim.flags]
    return any(
        one.claim.scope in OWN_SCOPES
        and "unclear-subject" not in one.claim.flags
        and _close(one.grams, amount.grams)
        and (_is_exact(one) or _is_rounded_from(amount, one))
        for one in near
    )


def _is_rounded_from(amount: Amount, exact: Amount) -> bool:
    """Whether an amount is the other one in round words ("three and a quarter kilos of CO2, 3.26 kg")."""
    first, second = amount.quantity, exact.quantity
    if first is None or second is None or abs(first.start - second.start) > SAME_BREATH or _is_in_words(exact):
        return False
    step, finer = (one.number.half_step * one.inner / (one.number.value or 1.0) for one in (first, second))
    if _is_in_words(amount):
        return True
    return finer < step and abs(first.inner - second.inner) <= ROUNDING * step


SAME_BREATH = 120
"""Signs within which an amount says another one again."""
ROUNDING = 1.2
"""Half steps of the last digit by which a rounded amount may lie away from the exact one."""


def _is_in_words(amount: Amount) -> bool:
    """Whether the number of an amount is written in words."""
    start = amount.quantity.start if amount.quantity is not None else 0
    return not any(map(str.isnumeric, amount.passage.text[start : start + NUMBER_BEGINS]))


NUMBER_BEGINS = 2


def _is_exact(amount: Amount) -> bool:
    return amount.quantity is not None and _EXACT.match(amount.passage.text, amount.quantity.end) is not None


def _unclear(amount: Amount) -> Amount:
    flags = tuple(dict.fromkeys((*amount.claim.flags, "unclear-subject")))
    return replace(amount, claim=replace(amount.claim, flags=flags))


_EXACT = regex(
    r"(?: ?CO[\w₂]{1,4})?,? (?:to be (?:exact|precise)|exactly|precisely|genau(?:er)?(?: gesagt)?"
    r"|exactement|pour être exact|exactamente"
    r"|para ser exact[oa]s?|exatamente|per l'esattezza|om precies te zijn|dokładnie|если точно|точніше)\b",
    re.IGNORECASE,
)


def _is_plain(amount: Amount) -> bool:
    """Whether an amount is plainly said of a training, so that another one contradicts it."""
    told = any(
        one.name in _OF_TRAINING and one.strength >= PLAIN and one.zone in {"clause", "before"}
        for one in amount.features
    )
    return told and not amount.has(NO_STAGE, BESIDE)


_OF_TRAINING = frozenset({"train", "finetune", "pretrain", "own"})


PLAIN, BESIDE = 0.8, 0.25


def _close(first: float, second: float) -> bool:
    return max(first, second) <= RIVAL_RATIO * min(first, second)
