"""Amounts that belong together: stages with and without a total, and statements that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from msgspec.structs import replace

from mining.card.document.passages import Passage
from mining.card.extract.activities import NUMBERED_STAGE
from mining.card.extract.added_amounts import MOST_PARTS, PART_OF, are_added, is_first_of_more
from mining.card.extract.amounts import NO_STAGE, Amount
from mining.card.extract.roles import Role
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex
from mining.schema import OWN_SCOPES

__all__ = ["NO_STAGE", "Amount", "with_sums"]

SLACK = 0.012
"""How far a stated total may lie from the sum of its parts, by rounding."""
SAID = 0.5
_STAGE = frozenset({"stagename", "pretrain", "finetune", "stage", "portion"})
_WHOLE = OWN_SCOPES


def with_sums(amounts: Sequence[Amount], all_published: bool = False, has_base: bool = False) -> list[Amount]:
    """Amounts of one card in order: totals made clear, their parts marked, and totals that nobody wrote added.

    Args:
        amounts: Amounts of one card in order.
        all_published: Whether all repetitions are published (:func:`repetitions.are_all_published`), so that their sum
            is of this model.
        has_base: Whether the metadata name a base model, so that a stage said to be this repository's is its only one.
    """
    found: list[Amount] = []
    no_stage = NO_STAGE - _REPETITION if all_published else NO_STAGE
    for _, group in groupby(amounts, lambda one: (one.claim.section, _block(one, amounts))):
        block = list(group)
        alone = _only_one_here(block) if has_base else None
        found.extend(_of_block(block, no_stage) if alone is None else alone)
    return _with_total_of_sections(_of_sections(found))


def _only_one_here(block: list[Amount]) -> list[Amount] | None:
    """Stages, one of which is said to be this repository's; the others are of the base model."""
    stages = [one for one in block if one.has(_STAGE) and one.claim.scope in PART_OF and one.grams]
    here = [one for one in stages if any(each.name == "own" and each.zone == "label" for each in one.features)]
    if len(here) != 1 or len(stages) < LEAST_STAGES:
        return None
    others = [one for one in stages if one is not here[0]]
    return [
        replace(one, claim=replace(one.claim, scope="other-model")) if any(one is each for each in others) else one
        for one in block
    ]


LEAST_STAGES = 2
_REPETITION = frozenset({"replicate", "several"})


def _with_total_of_sections(amounts: list[Amount]) -> list[Amount]:
    """Amounts; where one is the sum of those of the sections before it, it is the total, and they are its parts."""
    own = [
        one for one in amounts if one.claim.scope in PART_OF and one.grams and "unclear-subject" not in one.claim.flags
    ]
    total = _total_of(own) if len({id(one.passage) for one in own}) > MOST_KNOWN_PARTS else None
    if total is None:
        return amounts
    at, places = total
    parts = [own[place] for place in places]
    if len({id(one.passage) for one in (*parts, own[at])}) != len(parts) + 1:
        return amounts
    if any(one.has(NO_STAGE - _BASE) or not one.has(_STAGE) for one in parts):
        return amounts
    return [_made_clear(one) if one is own[at] else _part(one) if one in parts else one for one in amounts]


MOST_KNOWN_PARTS = 2


def _of_sections(amounts: list[Amount]) -> list[Amount]:
    """Amounts of sections that are stages ("Stage 1: short sequences", "Stage 2 ..."): parts, and their sum."""
    staged = [
        one
        for one in amounts
        if one.claim.scope in PART_OF and one.grams and _STAGE_SECTION.match(one.claim.section or "")
    ]
    sections = {one.claim.section for one in staged}
    own = [one for one in amounts if one.claim.scope in PART_OF and one.grams]
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
    if len(passage.lines) == 1 and _LABELLED_LINE.match(head):
        return True
    return head[:2] in {"- ", "* ", "+ ", "• "} or (head[:1].isdigit() and head.lstrip("0123456789")[:1] in {".", ")"})


_LABELLED_LINE = regex(r"[^\W\d_][^:：.;]{1,60}[:：]\s?\S")
"""A line that is a label with what it labels, like an item of a list."""


def _times_each(block: list[Amount]) -> list[Amount]:
    """A block in which an amount that is so many times another one ("4.95 kg each, 9.9 kg") is their total."""
    each = [
        one for one in block if one.has(_EACH) and not one.has(_LEFT_ASIDE) and one.grams and one.claim.scope in PART_OF
    ]
    wholes = [
        one
        for one in block
        if one not in each
        and one.claim.scope in PART_OF
        and not one.has(NO_STAGE)
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


def _of_block(block: list[Amount], no_stage: frozenset[str] = NO_STAGE) -> list[Amount]:
    block = _times_each(block)
    total = _total_of(block)
    if total is not None:
        at, parts = total
        ours = block[at].has(_SAYS_OWN, SAYS_SO)  # a base model of one's own is a stage
        told = (
            no_stage - {"ofwhich"} if at < min(parts) else no_stage
        )  # "642 kg, of which 511 kg for this and 131 kg for that"
        here = [place for place in parts if block[place].has(_SAYS_OWN, SAYS_SO)]
        if (
            len(here) == 1 and not ours and block[at].has(_FAMILY)
        ):  # one of several models, and what all of them emitted
            return [_of_one_model(one, place, at, here[0], parts) for place, one in enumerate(block)]
        if any(block[place].has(told - _BASE if ours else told) for place in parts):
            return [
                _of_a_project(one)
                if place == at
                else _part(one)  # one of the repetitions, and it is not told which
                if place in parts and one.has(_REPETITION) and not one.has(_SAYS_OWN)
                else one
                for place, one in enumerate(block)
            ]
        return [
            _made_clear(one) if place == at else _part(one) if place in parts else one
            for place, one in enumerate(block)
        ]
    for first, whole in pairwise(block):
        if _adds_an_elided_part(first, whole):
            return [_made_clear(one) if one is whole else _part(one) if one is first else one for one in block]
    if _are_of_sites(block) or are_added(block):
        return [*map(_part, block), _summed(block)]
    stages = [
        one
        for one in block
        if one.has(_STAGE)
        and not (one.has(NO_STAGE) or one.has(_ANOTHER, WEAKLY))
        and one.claim.scope in PART_OF
        and one.grams
    ]
    if (
        2 <= len(stages) <= MOST_PARTS
        and _differ(stages)
        and len(stages) == sum(one.claim.scope in PART_OF and not one.has(_LEFT_ASIDE) for one in block)
    ):
        return [*map(_part, block), _summed(stages)]
    if len(stages) > 1 and _differ(stages) and not any("total" in one.claim.flags for one in block):
        # stages of which one is not understood: none of them is the training
        return [_part(one) if one in stages and not one.has(_SAYS_OWN) else one for one in block]
    return [_part(one) if is_first_of_more(one, block) else one for one in block]


_ANOTHER, WEAKLY = frozenset({"other", "sibling"}), 0.25
"""What keeps a stage out of a sum even from behind a break ("the tuning (0.6 t) is told on another card")."""
_FAMILY = frozenset({"family", "members"})


def _of_one_model(amount: Amount, place: int, total: int, here: int, parts: range) -> Amount:
    """An amount of a paragraph that tells of several models, one of which is this one."""
    if place == here:
        return _made_clear(amount)
    scope = "family-total" if place == total else "other-model" if place in parts else amount.claim.scope
    return replace(amount, claim=replace(amount.claim, scope=scope))


_BARE = regex(
    r"(?<![\w.,])(\d{1,6}(?:\.\d{1,4})?)(?=[,;.]?\s|[,;])(?!\s?(?:%|k?g\b|t\b|h\b|hours|kwh|gpus?|days))", re.IGNORECASE
)
"""A number whose unit stands with the number before it."""


def _adds_an_elided_part(first: Amount, last: Amount) -> bool:
    """Whether an amount and a number without a unit behind it add up to the next amount.

    "The first part emitted 4.9 tonnes and the second 1.2, so it stands at 6.1 tonnes."
    """
    if first.passage is not last.passage or first.has(NO_STAGE) or last.has(NO_STAGE):
        return False
    if first.quantity is None or last.quantity is None or not first.quantity.number.value:
        return False
    between = first.passage.text[first.quantity.end : last.quantity.start]
    scale = first.grams / first.quantity.number.value
    parts = [float(one) * scale for one in _BARE.findall(between)]
    return last.grams > first.grams and any(
        abs(first.grams + part - last.grams) <= SLACK * last.grams for part in parts
    )


def _are_of_sites(block: Sequence[Amount]) -> bool:
    """Whether the amounts of a sentence are those of the places that one training ran at, one after the other."""
    text = block[0].passage.text
    told = _SITES.search(text) if 2 <= len(block) <= MOST_PARTS else None
    if told is None or len({id(one.passage) for one in block}) > 1:
        return False
    if not _ONE_AFTER_THE_OTHER.search(text, told.end()) or _COMPARED.search(text):
        return False
    return len(block) == _NUMBERS[told[1].lower()] and all(
        one.grams and one.claim.scope in PART_OF and not one.has(NO_STAGE - {"equal"}) for one in block
    )


_NUMBERS = dict.fromkeys(("two", "both", "2", "zwei", "deux", "dos", "dois", "due", "twee"), 2) | {"three": 3, "3": 3}
_SITES = regex(
    r"\b(two|both|2|three|3|zwei|deux|dos|dois|due|twee)\s(?:different\s)?(?:sites?|clusters?|cent(?:re|er)s"
    r"|data cent\w+"
    r"|places|locations|standorte\w*|rechenzentren|lieux|centros|siti|locaties)\b",
    re.IGNORECASE,
)
_ONE_AFTER_THE_OTHER = regex(
    r"\b(?:then|after|later|moved|continued|finished|the rest|remainder|dann|danach|später|puis|ensuite|après"
    r"|luego|después|depois"
    r"|poi|dopo|daarna|vervolgens)\b",
    re.IGNORECASE,
)
_COMPARED = regex(
    r"compar|\beither\b|\bwould\b|\bversus\b|\bvs\b|\binstead\b|\beach\b|\bsame\b|\bonly\b|\bbut\b", re.IGNORECASE
)
"""Measured at two places, not trained at one after the other."""
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


def _stage_behind(stage: Amount) -> str:
    """What the stage is called that an amount is said to be for ("912 kg for the 256px stage")."""
    found = stage.quantity and _FOR_A_STAGE.match(stage.passage.text, stage.quantity.end)
    return found[1].lower() if found else ""


_FOR_A_STAGE = regex(
    r"(?:\sCO\S{1,6})?\s(?:for|in|during|by|from|für|in|pour|para|per|voor|dla|за|для)\s(?:the\s|die\s|der\s"
    r"|l['’]|la\s|el\s|de\s|a\s|o\s)?"
    r"([^\s.;,]{1,24})\s(?:stage|phase|step|stufe|étape|etapa|fase|etap\w*|этап\w*)\b",
    re.IGNORECASE,
)
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
    words = [_stage_word(stage) or _stage_behind(stage) for stage in stages]
    if len(set(named)) > 1 or (all(words) and len(set(words)) == len(words)):
        return True
    text = stages[0].passage.text
    return named[0] not in ({"finetune"}, {"pretrain"}) and (
        named[0] != {"stage"} or NUMBERED_STAGE.search(text) is not None or _IN_SEQUENCE.search(text) is not None
    )


_STAGE_NAMES = (
    r"(?:stage|phase|stufe|étape|etapa|fase|etap|этап|етап|стади|aşama|tahap|giai đoạn|阶段|階段|段階|단계|مرحل|चरण"
    r"|steg|vaihe)"
)
_IN_SEQUENCE = regex(
    rf"{_STAGE_NAMES}[^.;。]{{0,60}}(?:\b(?:then|afterwards|followed by|subsequently|dann|danach|anschließend|puis"
    rf"|ensuite"
    r"|luego|después|depois|em seguida|poi|successivamente|daarna|vervolgens|następnie|potem|затем|потом|потім|ardından"
    r"|sonra|lalu|kemudian|sau đó|sedan|därefter|derefter|sitten|ondoren|després)\b"
    r"|然后|接着|随后|隨後|その後|続いて|次に|이어서"
    rf"|그다음|그 다음|ثم|سپس|फिर)[^.;。]{{0,60}}{_STAGE_NAMES}",
    re.IGNORECASE,
)
"""Stages that follow each other, by the word between them ("the first stage 210 g, then the stage at 1024 340 g")."""


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
    if amount.has(NO_STAGE - {"several"}):
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
            ("prose", "total", "summed", *(flag for one in stages for flag in one.claim.flags if flag == "approximate"))
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
