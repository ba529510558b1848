"""Which of several repetitions of a training a card publishes: all folds of an ensemble, or one of five seeds."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.patterns import regex

__all__ = ["are_all_published", "are_none_published", "number_published", "number_told"]

INTRODUCTION = 12_000
_ALL = regex(
    r"\b(?:ensemble of (?:the |all )?(?:\w+ )?(?:folds|seeds|runs|members|networks|models|checkpoints)"
    r"|(?:all|both) (?:the )?(?:\w+ )?(?:folds|seeds|runs|members|checkpoints) (?:are|were) (?:in|included|published"
    r"|released|uploaded|part|used)"
    r"|(?:contains?|holds?|bundles?|includes?|ships?) (?:with )?(?:the weights of )?all (?:\w+ )?(?:folds|seeds"
    r"|members|checkpoints|runs)"
    r"|(?:fold|model|weight|checkpoint|uniform|greedy) soup|soup of (?:the |all )?(?:\w+ )?(?:folds|seeds|runs"
    r"|checkpoints|models)"
    r"|(?:weights|checkpoints|parameters) (?:of (?:the|all) (?:\w+ )?(?:folds|seeds|runs) )?(?:were|are) averaged"
    r"|averag(?:e|ing) (?:of )?(?:the |all )?(?:\w+ )?(?:weights|checkpoints|folds|runs)"
    r"|(?:\d+|two|three|four|five|ten)-fold ensemble)\b",
    re.IGNORECASE,
    stems="ensemble;folds;seeds;runs;members;checkpoints;soup;averag",
)
_KIND = r"(?:run|seed|fold|trial|replicate|row|variant|config(?:uration)?|setting|experiment|option)"
_NUMBERED = regex(
    r"(?:\b(?:which|this one|this) (?:is|was)|^#\s[^\n]{2,80}?\s[-–—:(]"
    r"|\b(?:publish|releas|upload|shar|shipp?|keep|kept)\w*(?: only)?(?: the weights of| that of)?|[(\[])\s?"
    rf"(?:the )?{_KIND}\s(?:no\.?\s|number\s|#)?[*`\"“(]*(?P<behind>\d{{1,5}}|[b-hj-z])\b"
    rf"|\b{_KIND}\s(?:no\.?\s|number\s|#)?[*`\"“(]*(?P<before>\d{{1,5}}|[b-hj-z])[*`\"”)]* (?:is|was)"
    r" (?:the one )?(?:published|released|uploaded|kept|here|what you)"
    r"|\b(?:weights|checkpoint|model|files?) (?:in this repo\w*|here|that (?:is|are) (?:here|published|released)"
    r"|we (?:publish|release)\w*)"
    r"\s(?:come|comes|is|are|was|were|stems?|stem)\s(?:taken\s)?(?:from|of|that of|those of)?\s?(?:the )?"
    rf"{_KIND}\s"
    r"(?:no\.?\s|number\s|#)?(?P<from>\(?[a-z]\)|\d{1,5}\b|[A-Z]\b)",
    re.IGNORECASE | re.MULTILINE,
    stems="run;seed;fold;trial;replicate;row;variant;config;setting;experiment;option",
)


@lru_cache(maxsize=64)
def are_all_published(text: str) -> bool:
    """Whether a card says that all of its repetitions are published, so that what they emitted together is its own.

    Args:
        text: The card.
    """
    return _ALL.search(text[:INTRODUCTION]) is not None


@lru_cache(maxsize=64)
def number_told(text: str, name: str) -> str | None:
    """The number of the one run, in any language's word for it, that a sentence about what is published names.

    Args:
        text: The card.
        name: The word, as the head of a table gives it ("Semente").
    """
    told = re.compile(rf"{re.escape(name)}(?:\s(?:n[ro.º°]{{1,2}}\s?)?|\s?#)?\*{{0,2}}(\d{{1,5}})(?!\d)", re.IGNORECASE)
    numbers = {
        match[1]
        for line in text[:INTRODUCTION].split("\n")
        if "|" not in line and _PUBLISHED.search(line)
        for match in told.finditer(line)
    }
    return numbers.pop() if len(numbers) == 1 else None


_PUBLISHED = regex(
    r"publi|veröffentlich|opublik|опублик|опублік|yayın|yayım|dirilis|diterbit|gepubliceerd|julkais|argitar|udgiv|utgiv"
    r"|weights|gewicht|poids|pesos|pesi\b|wagi|веса|ваги|ağırlık|bobot|vikter|vægte|painot|pisu|trọng số|công bố"
    r"|发布|發布"
    r"|公开|公開|权重|權重|重み|가중치|공개|منشور|أوزان|منتشر|وزن|प्रकाशित|भार",
    re.IGNORECASE,
)
"""A line about what is published."""
_NONE = regex(
    r"\bfolds? (?:served only|were only|are only|(?:are|were) (?:not|n['’]t) (?:uploaded|published|released|included"
    r"|part))|\b(?:aren['’]t|weren['’]t|not)"
    r" (?:uploaded|published|released)\b|\bfold_all\b|\b(?:one|final|last) (?:more )?(?:run|model|network|fit"
    r"|training) (?:\w+ ){0,4}?(?:on|with) (?:all|the whole"
    r"|the full|everything)|\b(?:has|have) seen all\b",
    re.IGNORECASE,
    stems="fold;upload;publish;release;run;model;network;fit;training;seen all",
)


@lru_cache(maxsize=64)
def are_none_published(text: str) -> bool:
    """Whether a card says that its folds only served to evaluate, and that another run is published.

    Args:
        text: The card.
    """
    return _NONE.search(text[:INTRODUCTION]) is not None


@lru_cache(maxsize=64)
def number_published(text: str) -> str | None:
    """The number of the one run, seed or fold that a card publishes ("the best one, which is run 4"); None if untold.

    Args:
        text: The card.
    """
    numbers = {
        (match["behind"] or match["before"] or match["from"]).strip("()")
        for match in _NUMBERED.finditer(text[:INTRODUCTION])
    }
    return numbers.pop() if len(numbers) == 1 else None
