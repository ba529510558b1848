"""Amounts that belong together: stages with and without a total, and statements that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.passages import Passage
from mining.card.extract.roles import Feature, Role
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim
from mining.units import PhysicalQuantity

__all__ = ["Amount", "with_sums", "without_rivals"]

SLACK = 0.012
"""How far a stated total may lie from the sum of its parts, by rounding."""
MOST_PARTS = 8
SAID = 0.5
RIVAL_RATIO = 1.25
CLEARLY = 0.3
"""A lead of the evidence by which one statement puts another one aside."""
TIE = 0.3
"""A lead over another statement of an own amount that is too small to choose between the two."""
_STAGE = frozenset({"stagename", "pretrain", "finetune", "stage", "portion"})
_NO_STAGE = frozenset(
    {
        "trial",
        "evaluate",
        "data",
        "infer",
        "saved",
        "plan",
        "would",
        "embodied",
        "base",
        "other",
        "other-name",
        "sibling",
        "base-name",
        "several",
        "equal",
        "annual",
        "rate",
        "future",
        "project",
        "replicate",
        "citation",
        "ofwhich",
    }
)
_WHOLE = OWN_SCOPES
_PART_OF = frozenset({*_WHOLE, "component"})


class Amount(Struct, frozen=True):
    """An amount of a sentence with what speaks for its role.

    Attributes:
        claim: Its claim.
        role: What it was judged to be.
        quantity: Number and unit; None where the unit was lost.
        passage: Paragraph or item that it stands in.
        features: Evidence.
    """

    claim: Claim
    role: Role
    quantity: PhysicalQuantity | None
    passage: Passage
    features: tuple[Feature, ...]

    @property
    def grams(self) -> float:
        """The amount in grams; 0 where the unit was lost."""
        return self.claim.inner_value or 0.0

    def has(self, names: frozenset[str], least: float = 0.5) -> bool:
        """Whether one of the features speaks strongly in its own clause, heading or item."""
        return any(
            one.name in names and one.strength >= least and one.zone in {"clause", "head"} for one in self.features
        )


def with_sums(amounts: Sequence[Amount]) -> list[Amount]:
    """Amounts of one card in order: totals made clear, their parts marked, and totals that nobody wrote added.

    Args:
        amounts: Amounts of one card in order.
    """
    found: list[Amount] = []
    for _, group in groupby(amounts, lambda one: (one.claim.section, _block(one, amounts))):
        found.extend(_of_block(list(group)))
    return _of_sections(found)


def _of_sections(amounts: list[Amount]) -> list[Amount]:
    """Amounts of sections that are stages ("Stage 1: short sequences", "Stage 2 ..."): parts, and their sum."""
    staged = [
        one
        for one in amounts
        if one.claim.scope in _PART_OF and one.grams and _STAGE_SECTION.match(one.claim.section or "")
    ]
    sections = {one.claim.section for one in staged}
    own = [one for one in amounts if one.claim.scope in _PART_OF and one.grams]
    if not 2 <= len(sections) == len(staged) <= MOST_PARTS or len(own) != len(staged):
        return amounts
    return [*(_part(one) if one in staged else one for one in amounts), _summed(staged)]


_STAGE_SECTION = regex(
    r"\W*(?:stage|phase|step|étape|etapa|fase|stufe|etap|этап|етап|aşama|tahap|giai đoạn|阶段|段階|단계|مرحلة|مرحله|चरण"
    r"|steg|trin|vaihe|urrats)\s?(?:\d|[ivx]{1,3}\b|one|two|three)|第[一二三]阶段",
    re.IGNORECASE,
    stems="aşama;etap;fase;giai đoạn;phase;stage;steg;step;stufe;tahap;trin;urrats;vaihe;étape;"
    "етап;этап;مرحلة;مرحله;चरण;段階;阶段;단계",
)


def _block(amount: Amount, amounts: Sequence[Amount]) -> int:
    """Line on which the paragraph, or the list of items that follow each other, begins."""
    start = amount.passage.lines[0].number
    for other in reversed(amounts):
        last = other.passage.lines[-1].number
        if last < start <= last + 2 and _is_item(other.passage) and _is_item(amount.passage):
            start = other.passage.lines[0].number
    return start


def _is_item(passage: Passage) -> bool:
    head = passage.lines[0].text.lstrip(" >")
    return head[:2] in {"- ", "* ", "+ ", "• "} or (head[:1].isdigit() and head.lstrip("0123456789")[:1] in {".", ")"})


def _times_each(block: list[Amount]) -> list[Amount]:
    """A block in which an amount that is so many times another one ("4.95 kg each, 9.9 kg") is their total."""
    each = [
        one
        for one in block
        if one.has(_EACH) and not one.has(_LEFT_ASIDE) and one.grams and one.claim.scope in _PART_OF
    ]
    wholes = [
        one
        for one in block
        if one not in each
        and one.claim.scope in _PART_OF
        and not one.has(_NO_STAGE)
        and any(2 <= round(one.grams / part.grams) <= MOST_TIMES and _is_multiple(one, part) for part in each)
    ]
    if len(wholes) != 1:
        return block
    return [_made_clear(one) if one is wholes[0] else _part(one) if one in each else one for one in block]


def _is_multiple(whole: Amount, part: Amount) -> bool:
    times = whole.grams / part.grams
    return abs(times - round(times)) <= SLACK * times


_EACH = frozenset({"part"})
MOST_TIMES = 200


def _of_block(block: list[Amount]) -> list[Amount]:
    block = _times_each(block)
    total = _total_of(block)
    if total is not None:
        at, parts = total
        ours = block[at].has(_SAYS_OWN, SAYS_SO)  # a base model of one's own is a stage
        if any(block[place].has(_NO_STAGE - _BASE if ours else _NO_STAGE) for place in parts):
            return [_of_a_project(one) if place == at else one for place, one in enumerate(block)]
        return [
            _made_clear(one) if place == at else _part(one) if place in parts else one
            for place, one in enumerate(block)
        ]
    stages = [
        one for one in block if one.has(_STAGE) and not one.has(_NO_STAGE) and one.claim.scope in _PART_OF and one.grams
    ]
    if (
        2 <= len(stages) <= MOST_PARTS
        and _differ(stages)
        and len(stages) == sum(one.claim.scope in _PART_OF and not one.has(_LEFT_ASIDE) for one in block)
    ):
        return [*map(_part, block), _summed(stages)]
    if len(stages) > 1 and _differ(stages) and not any("total" in one.claim.flags for one in block):
        # stages of which one is not understood: none of them is the training
        return [_part(one) if one in stages and not one.has(_SAYS_OWN) else one for one in block]
    return block


SAYS_SO = 0.8
_BASE = frozenset({"base", "base-name"})
_SAYS_OWN = frozenset({"own", "own-name"})


def _stage_word(stage: Amount) -> str:
    """The name of a stage that stands last before its amount ("SFT", "DPO"); empty where none does."""
    if stage.quantity is None:
        return ""
    before = stage.passage.text[max(0, stage.quantity.start - STAGE_REACH) : stage.quantity.start]
    hits = [one for one in find_concepts(before) if one.concept == "stagename"]
    return before[hits[-1].start : hits[-1].end].lower() if hits else ""


STAGE_REACH = 40
_LEFT_ASIDE = frozenset({"trial", "evaluate", "data"})
"""What is told beside the stages of a training, and is none of them."""


def _differ(stages: Sequence[Amount]) -> bool:
    """Whether amounts are said of several stages, and not of one stage twice."""
    if len({stage.passage.lines[0].number for stage in stages}) == len(stages):
        return True
    named = [
        frozenset(one.name for one in stage.features if one.name in _STAGE and one.strength >= SAID) - {"stagename"}
        for stage in stages
    ]
    words = [_stage_word(stage) for stage in stages]
    if len(set(named)) > 1 or (all(words) and len(set(words)) == len(words)):
        return True
    return named[0] not in ({"finetune"}, {"pretrain"}) and (
        named[0] != {"stage"} or _NUMBERED.search(stages[0].passage.text) is not None
    )


def _total_of(block: Sequence[Amount]) -> tuple[int, range] | None:
    """Place of the amount that the ones right before (or behind) it add up to, and the places of those."""
    best: tuple[float, int, range] | None = None
    for at, amount in enumerate(block):
        for step in (-1, 1):
            total = 0.0
            places: list[int] = []
            for place in range(at + step, -1 if step < 0 else len(block), step):
                one = block[place]
                if not 0 < one.grams <= amount.grams or len(places) >= MOST_PARTS:
                    break
                total += one.grams
                places.append(place)
                away = abs(total - amount.grams) / amount.grams
                if len(places) > 1 and away <= SLACK and (best is None or away < best[0] - 1e-9):
                    best = away, at, range(min(places), max(places) + 1)
    return None if best is None else best[1:]


def _made_clear(amount: Amount) -> Amount:
    if amount.has(_NO_STAGE - {"several"}):
        return amount
    flags = tuple(dict.fromkeys((*(flag for flag in amount.claim.flags if flag != "unclear-subject"), "total")))
    scope = amount.claim.scope if amount.claim.scope in _WHOLE else "training-run"
    return replace(amount, claim=replace(amount.claim, scope=scope, flags=flags), role=replace(amount.role, lead=9.0))


def _of_a_project(amount: Amount) -> Amount:
    """A sum that covers more than a training: flights, trials, other models."""
    return replace(amount, claim=replace(amount.claim, scope="experiments"))


def _part(amount: Amount) -> Amount:
    return replace(amount, claim=replace(amount.claim, scope="component")) if amount.claim.scope in _WHOLE else amount


def _summed(stages: Sequence[Amount]) -> Amount:
    """The sum of stages of one training that each state their amount."""
    first, last = stages[0], stages[-1]
    grams = float(f"{sum(one.grams for one in stages):.12g}")
    text = "; ".join(dict.fromkeys(one.claim.text for one in stages))
    flags = tuple(
        dict.fromkeys(
            ("prose", "total", *(flag for one in stages for flag in one.claim.flags if flag == "approximate"))
        )
    )
    factor = first.grams / first.claim.value if first.claim.value else 1.0
    claim = replace(
        last.claim,
        value=float(f"{grams / factor:.12g}"),
        low=None,
        high=None,
        unit=first.claim.unit,
        inner_value=grams,
        text=text,
        scope="training-run",
        flags=flags,
    )
    return replace(last, claim=claim, role=Role("training-run", True, None, 1.0, 9.0))


def without_rivals(amounts: Iterable[Amount]) -> list[Amount]:
    """Amounts, those put aside that another one with much stronger evidence contradicts.

    Args:
        amounts: Amounts of one card.
    """
    amounts = list(amounts)
    amounts = [_unclear(one) if _is_put_aside(one, amounts) else one for one in amounts]
    own = [one for one in amounts if one.claim.scope in _WHOLE and one.grams and _NO_RIVAL.isdisjoint(one.claim.flags)]
    totals = [one for one in own if "total" in one.claim.flags]
    best = max(totals if len(totals) == 1 else own, key=lambda one: one.role.lead, default=None)
    if best is None:
        return amounts
    rivals = [one for one in own if one is not best and not _close(one.grams, best.grams)]
    unclear = [one for one in rivals if one.role.lead < best.role.lead - CLEARLY]
    ties = [one for one in rivals if one.role.lead > best.role.lead - TIE]
    if ties and "total" not in best.claim.flags and not all(map(_is_plain, (best, *ties))):
        unclear = own
    return [_unclear(one) if one in unclear else one for one in amounts]


_NO_RIVAL = frozenset({"unclear-subject", "market-based"})
_NUMBERED = regex(
    r"(?:stage|phase|step|part|stufe|schritt|étape|fase|etapa|etap|этап|фаза|стадія|aşama|tahap|giai đoạn"
    r"|阶段|段階|フェーズ|단계|مرحلة|مرحله|चरण|steg|trin"
    r"|vaihe|urrats)\s?(?:\d|[A-D]\b|[IVX]{1,3}\b|one\b|two\b)|\d\s?(?:단계|段階|阶段)",
    re.IGNORECASE,
)
"""Stages that are counted; runs, seeds and epochs are no stages that add up."""


def _is_put_aside(amount: Amount, amounts: Sequence[Amount]) -> bool:
    """Whether an amount is what several models emitted together, or is stated more exactly beside it."""
    near = [one for one in amounts if one is not amount and one.passage is amount.passage and one.grams]
    if amount.claim.scope == "family-total":
        return amount.has(frozenset({"family", "denied"})) or any(one.has(frozenset({"ofwhich"})) for one in near)
    if amount.claim.scope not in _WHOLE or not amount.grams:
        return False
    return any(
        one.claim.scope in _WHOLE
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
    stems="dokładnie;exact;exatamente;genau;om precies te zijn;per l'esattezza;precise;если точно;точніше",
)


def _is_plain(amount: Amount) -> bool:
    """Whether an amount is plainly said of a training, so that another one contradicts it."""
    told = any(
        one.name in _OF_TRAINING and one.strength >= PLAIN and one.zone in {"clause", "before"}
        for one in amount.features
    )
    return told and not amount.has(_NO_STAGE, BESIDE)


_OF_TRAINING = frozenset({"train", "finetune", "pretrain", "own"})


PLAIN, BESIDE = 0.8, 0.25


def _close(first: float, second: float) -> bool:
    return max(first, second) <= RIVAL_RATIO * min(first, second)
