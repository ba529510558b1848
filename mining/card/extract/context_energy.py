"""Energy stated in sentences: of the training, not of searches, evaluations, answers or years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from mining.card.extract.context_roles import Roles
from mining.card.extract.context_statements import Statement, claim_of
from mining.card.values.duration_parts import days_of, is_a_day
from mining.patterns import regex, text_before
from mining.schema import Claim, Scope
from mining.units import PhysicalQuantity, find_quantities

__all__ = ["STAGE_ITEM", "STAGE_WORD", "TOTAL", "energies_of"]

STAGE_ITEM = regex(
    r"\s{0,6}\d{1,2}[.)]\s+\W{0,3}[^.:]{0,60}?(?:align|tun|train|adapt|distil|phase|stage|step|anneal|warm|étape"
    r"|phase|fase"
    r"|etap|этап|aşama|tahap|giai|阶段|段階|단계|مرحلة|مرحله|चरण|steg|trin|vaihe|urrats)",
    re.IGNORECASE,
    stems="align;tun;train;adapt;distil;phase;stage;step;anneal;warm;étape;fase;etap;этап;aşama;tahap;giai;阶段;"
    "段階;단계;مرحل;चरण;steg;trin;vaihe;urrats",
)
_ENERGY = regex(r"[kmg]\.?w\W{0,2}h|\bwh\b|watt|joule", re.IGNORECASE, stems="wh;kw;mw;gw;k.w;m.w;g.w;watt;joule")
_NO_TRAINING_ENERGY = regex(
    r"\bsav(?:e[ds]?|ings?)\b|\boffset\w*|\bavoid\w*|\breduc\w*|\bless\b|\bper (?:year|month|day)\b|\byear(?:ly)?\b"
    r"|\bannual\w*|\bmonthly\b|\bhousehold|\bequivalent to\b|\bbattery|\bcapacity\b",
    re.IGNORECASE,
    stems="sav;offset;avoid;reduc;less;per ;year;annual;monthly;household;equivalent to;battery;capacity",
)
_OF_A_YEAR = regex(
    r"\byearly\b|\bannual\w*|\bper year\b|\ba year\b|\beach year\b|\bin (?:19|20)\d\d (?:it|the|we|our)\b",
    re.IGNORECASE,
    stems="year;annual;in 19;in 20",
)
_EACH_BEFORE = regex(
    r"\b(?:an?|each|one|every)\s(?:answer|query|request|question|image|page|prompt|translation|reply)\s(?:costs?|uses?"
    r"|takes?|needs?|consumes?)\b[^.;]{0,20}$|\b(?:per|every|each|one|a single)\s(?:\w+\s)?(?:letter|answer|query"
    r"|request|question|image|page|document|call"
    r"|token|prompt|translation|summary|description|sample|user)\b[^.;]{0,20}$",
    re.IGNORECASE,
    stems="answer;query;request;question;image;page;prompt;translation;reply;letter;document;call;token;"
    "summary;description;sample;user",
)
_LABELS = regex(r"\W{0,3}:\W{0,3}\d")
_PER_PIECE = regex(
    r"^\W{0,3}(?:(?:in|for)\s)?(?:per|each|every|/)(?!\s(?:training|model))", re.IGNORECASE, stems="/;each;every;per"
)
_EXPERIMENTS = regex(
    r"\bprojects?\b|\bcampaigns?\b|\ball (?:\w+ )?(?:experiments|runs|trials)\b|\bso far\b|\bexperiments\b",
    re.IGNORECASE,
    stems="project;campaign;all ;so far;experiments",
)
TOTAL = regex(
    r"\btotal\b|\baltogether\b|\bin all\b|\boverall\b|\bas a whole\b|\bcombined\b|\bin sum\b"
    r"|^\W{0,3}(?:taken )?together\b",
    re.IGNORECASE,
    stems="together;total;altogether;in all;overall;as a whole;combined;in sum",
)
STAGE_WORD = regex(
    r"\b(?:stages?|phases?|steps?|first|second|third|pre-?train\w*|fine-?tun\w*|instruction tuning"
    r"|alignment|sft|dpo|rlhf|annealing"
    r"|adaptation|étape"
    r"|etapa|fase|etap|этап\w*|aşama|tahap|eerste|tweede|第一|第二|阶段|段階|단계)",
    re.IGNORECASE,
    stems="adaptation;alignment;annealing;aşama;dpo;eerste;etap;fase;fine;first;"
    "instruction tuning;phase;rlhf;second;sft;stage;step;tahap;third;train;tweede;étape;"
    "этап;段階;第一;第二;阶段;단계",
)


def energies_of(one: Statement, roles: Roles) -> list[Claim]:
    """Energies that a sentence states of a training; those of its stages added up.

    Args:
        one: The sentence.
        roles: Whose and of what its places are.
    """
    return _energy_of_stages([*_energy(one, roles)], one) if _ENERGY.search(one.said) else []


def _energy(one: Statement, roles: Roles) -> Iterator[Claim]:
    for amount in find_quantities(one.said, ("energy",)):
        if amount.kind != "energy" or amount.rate is not None:
            continue
        if one.said[amount.end - 1] == ")" and _LABELS.match(one.said, amount.end):
            continue  # "Energy incl. PUE of 1.2 (kWh): 1,935"
        if _PREDICTED.search(one.said, 0, amount.start):
            continue
        role = roles.at(amount.start)
        clause = _clause(one.said, amount)
        if (
            _NO_TRAINING_ENERGY.search(clause)
            or _NO_TRAINING_ENERGY.search(_label(one.said, amount.start))
            or _OF_A_YEAR.search(one.said[: amount.start])
            or _EACH_BEFORE.search(text_before(one.said, amount.start))
        ):
            continue
        behind = one.said[amount.end :]
        days = days_of(one.said) if (a_day := is_a_day(behind)) else 1
        if not days or (not a_day and _PER_PIECE.match(behind)):
            continue
        scope: Scope = (
            "inference" if role in {"use", "need"} else "component" if role == "evaluation" else "training-run"
        )
        if role in {"other", "planned", "trial", "data"}:
            continue
        if scope == "training-run" and _EXPERIMENTS.search(one.said[: amount.start]):
            scope = "experiments"
        whole = _AND_HALF.search(one.said, 0, amount.start) if amount.number.value == HALF else None
        more = 1 + int(whole[1]) / HALF if whole else 1.0
        total = TOTAL.search(one.said) is not None
        flags = ("prose", "total") if total else ("prose", "stage") if STAGE_ITEM.match(one.line.text) else ("prose",)
        yield replace(
            claim_of("energy", one),
            value=amount.number.value * more * days,
            unit=amount.unit,
            inner_value=amount.inner * more * days,
            scope=scope,
            flags=flags,
        )


_PREDICTED = regex(r"\bpredicted consumption\b(?!.*\bactual consumption\b)", re.IGNORECASE, stems="predicted")
"""What carbontracker prints before a training, and no more where it has printed what that took."""
HALF = 0.5
_AND_HALF = regex(r"(?<![\w.,])(\d{1,4})\s(?:and|und|et|y|e|en|i|og|och|и|та)\s(?:a\s)?$", re.IGNORECASE)
"""What stands before the half of "four and a half kilowatt-hours"."""


def _energy_of_stages(claims: list[Claim], one: Statement) -> list[Claim]:
    """The claims of a sentence; where each stands behind the word of its own stage, their sum."""
    if (whole := _sum_behind_parts(claims)) is not None:
        return [whole]
    if len(claims) < 2 or any({"total"} & set(claim.flags) or claim.scope != "training-run" for claim in claims):
        return claims
    ends = [amount.end for amount in find_quantities(one.said, ("energy",)) if amount.rate is None]
    if len(ends) != len(claims) or not all(
        STAGE_WORD.search(one.said, start, end) for start, end in pairwise([0, *ends])
    ):
        return claims
    total = sum(filter(None, (claim.inner_value for claim in claims)), 0.0)
    return [replace(claims[0], value=total, unit="kWh", inner_value=total)]


def _sum_behind_parts(claims: list[Claim]) -> Claim | None:
    """The last claim of a sentence, where those before add up to it ("56 kWh for CPUs, 132 for GPUs: 188")."""
    *parts, last = [claim.inner_value or 0.0 for claim in claims] or [0.0]
    if len(parts) < 2 or not last or abs(sum(parts) - last) > SUM_SLACK * last:
        return None
    return replace(claims[-1], flags=tuple(dict.fromkeys((*claims[-1].flags, "total"))))


SUM_SLACK = 0.015


def _label(said: str, at: int) -> str:
    """The words before the first colon of a sentence, where a value follows ("Avoided energy: 140 kWh")."""
    label, colon, _ = said[:at].partition(":")
    return label if colon and len(label) < 60 else ""


def _clause(said: str, amount: PhysicalQuantity) -> str:
    start = max(said.rfind(mark, 0, amount.start) for mark in ",;(:") + 1
    return said[start : amount.end + 30]
