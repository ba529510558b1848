"""What a remark beside a labelled amount says that it is of ("2.7 kg (benchmarks only)", "402 g of CH4 a day")."""

from __future__ import annotations

import re

from mining.card.extract.left_out import without_left_out
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = ["is_of_base", "is_only_of", "names_other_gas"]

_ONLY = regex(
    r"[(,;–—-]\s?([^()\d]{0,60}?)\b(?:only|alone|nur|seulement|uniquement|solo|sólo|solamente|apenas|somente"
    r"|soltanto|només"
    r"|alleen|tylko|только|лише|тільки|sadece|yalnızca|hanya|chỉ|bara|endast|kun|vain|soilik)\b([^()]{0,60})"
    r"|[（(，、]([^()（）\d]{0,24})(?:のみ|だけ|만|فقط|केवल)|[（(，、](?:仅|僅|只)([^()（）\d]{0,24})",
    re.IGNORECASE,
)
_NO_TRAINING = frozenset({"evaluate", "infer", "data", "embodied", "trial", "facility"})
_TRAINING = frozenset({"train", "finetune", "pretrain", "own", "we"})


def is_only_of(value: str, amount: int, languages: frozenset[str]) -> bool:
    """Whether a remark says that an amount is only of something that is no training ("benchmarks only").

    Args:
        value: Plain text of a labelled value.
        amount: Where the amount begins.
        languages: Languages whose words count.
    """
    remark = _ONLY.search(value, amount)
    if remark is None:
        return False
    for said in filter(None, remark.groups()):
        concepts = {hit.concept for hit in find_concepts(said.partition(",")[0], languages)}
        if not concepts.isdisjoint(_TRAINING | _NO_TRAINING):
            return concepts.isdisjoint(_TRAINING)  # "training only; inference not included"
    return False


def is_of_base(value: str, amount: int, languages: frozenset[str]) -> bool:
    """Whether brackets behind an amount name the base model, or the data it is the sum of ("41 t (base model)").

    Args:
        value: Plain text.
        amount: Where the amount begins.
        languages: Languages whose words count.
    """
    told = _BRACKETS.match(value, amount)
    if told is None:
        return False
    if _OF_DATA.search(told[1]):
        return True
    hits = find_concepts(without_left_out(told[1], languages), languages)
    concepts = {hit.concept for hit in hits}
    begins = any(hit.concept == "base" and hit.start <= ARTICLE for hit in hits)
    return begins and "other" not in concepts and not concepts & _TRAINING


ARTICLE = 7
"""Characters of "of the", up to which brackets begin with the base; "(starting from the base model)" tells how."""


_BRACKETS = regex(r"[^()（）\n]{0,14}?\d[^()（）\d]{0,24}?[(（]\s?([^()（）;,:\d]{2,40})(?=[;,)）])")
_OF_DATA = regex(
    r"\b(?:sum|mean|total|average|maximum) (?:of|over) (?:the |all )?(?:target|label|ground truth|rows|samples|split)",
    re.IGNORECASE,
)


def names_other_gas(value: str) -> bool:
    """Whether a value gives masses of another greenhouse gas, so that its CO2 is reckoned from something else's.

    Args:
        value: Plain text of a labelled value.
    """
    return _GAS.search(value) is not None


_GAS = regex(r"\d\s?(?:k?g|t|mg)\s(?:de\s|of\s|di\s|von\s)?(?:CH\s?4|CH₄|N2O|N₂O)\b", re.IGNORECASE)
