"""When words of plans, savings, rates and answers are said of something else than the amount beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.beside_amount import is_answer
from mining.card.extract.made_good import is_made_good
from mining.patterns import regex

__all__ = [
    "COMMA_LIKE",
    "KWH_NEAR",
    "REACH",
    "Word",
    "example_says_nothing",
    "infer_says_nothing",
    "plan_says_nothing",
    "project_says_nothing",
    "rate_says_nothing",
    "saved_says_nothing",
    "stands_before",
    "would_says_nothing",
]

Word = tuple[str, int, int]
"""A concept, and where its word begins and ends."""
REACH = 56
"""Characters before a word in which another one changes what it says."""
_BOUND = regex(
    r"höchstens|at most|no more than|au plus|como mucho|como máximo|no máximo|al massimo|hooguit|najwyżej|не более"
    r"|не більше|en fazla|paling banyak|không quá|不超过|不超過|以下|최대|högst|højst|enintään|gehienez",
    re.IGNORECASE,
    stems="al massimo;at most;au plus;como mucho;como máximo;en fazla;enintään;gehienez;"
    "hooguit;höchstens;högst;højst;không quá;najwyżej;no more than;no máximo;"
    "paling banyak;не более;не більше;不超过;不超過;以下;최대",
)
_OF_A_MONTH = regex(
    r"month|mês|mes\b|mois|monat|mese|maand|miesiąc|месяц|місяц|månad|måned|kuukau|monthly", re.IGNORECASE
)
_FACTOR = regex(
    r"fa[ck]tor|fator|facteur|fattore|intensi|\bmix\b|współczynnik|коэффициент|коефіцієнт|kerroin", re.IGNORECASE
)
"""The factor of the grid, which differs from month to month."""
KWH_NEAR = regex(
    r"kwh|यूनिट|\d\s?度|k(?:ilo)?watt|kilovat|chilowatt|quilowatt|квт|киловатт|кіловат|千瓦|キロワット|킬로와트|كيلوواط"
    r"|کیلووات|किलोवाट",
    re.IGNORECASE,
)
_THAN = regex(r"\b(?:than|als|que|quanto|dan|niż|чем|ніж|än|end|kuin|baino)\s(?:\w+\s){0,2}$", re.IGNORECASE)
_PERCENT = regex(r"[^.;:]{0,20}\d\s?(?:%|percent|prozent|por ciento|pour cent)", re.IGNORECASE)
_SHARE = regex(
    r"of (?:which|it|this|that|them)\b|%|percent|prozent|por ?ciento|pour ?cent|por cento|per cento|per cent|процент"
    r"|відсот",
    re.IGNORECASE,
)
RATE_REACH = 34
COMMA_LIKE = regex(r"[,،、，](?!\d)|\s(?:and|und|et|y|e|i|en|и|і|та|ve|dan|và|och|og|ja|eta)\s")
"""What parts two clauses, or two members of a list."""


def stands_before(pattern: re.Pattern[str], text: str, at: int) -> bool:
    """Whether an expression is found in the characters right before a place."""
    return pattern.search(text, max(0, at - REACH), at) is not None


def rate_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A rate is said of the amount right before it, else of a duration."""
    return not 0 <= word[1] - at[1] <= RATE_REACH or _ON_DEVICES.match(text, word[2]) is not None


_ON_DEVICES = regex(r"\s(?:on|with|of)\s(?:an?|one|two|three|four|six|eight|\d{1,4}|the|our|my)\s", re.IGNORECASE)
"""A duration, and what ran so long ("9.3 lb: a day on two RTX A6000")."""


_MORE_OR_LESS = regex(
    r"\b(?:more or less|mehr oder weniger|mniej więcej|plus ou moins|más o menos|mais ou menos|més o menys|più o meno"
    r"|meer of minder|min of meer|mer eller mindre|более или менее|більш-менш|kurang lebih)\b",
    re.IGNORECASE,
)


def saved_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """What is drawn is nothing taken up ("absorbed 8 kWh"); the amount is the one before its offset."""
    idiom = _MORE_OR_LESS.search(text, max(0, word[1] - 16), word[2] + 10)
    if idiom is not None or KWH_NEAR.search(text, word[2], word[2] + DRAWN_REACH):
        return True
    if word[1] < at[0]:
        return _PERCENT.match(text[word[2] : at[0]]) is not None or plan_says_nothing(text, word, words, at)
    return is_made_good(text, at[1], word[1], word[2]) or _SHARE.search(text[at[1] : word[1]]) is not None


DRAWN_REACH = 16


BOUND_REACH = 3
"""Characters between an amount and a bound right behind it."""
_GOES_ON = regex(r"\s?[^\s.;!?,)]")


def plan_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """What an amount is compared with: "less than we feared: 980 g"."""
    if _BOUND.match(text, word[1]) and stands_before(KWH_NEAR, text, at[0]):
        return True  # a bound of what was emitted, behind the energy that was used
    if 0 <= word[1] - at[1] <= BOUND_REACH and _BOUND.match(text, word[1]) and not _GOES_ON.match(text, word[2]):
        return True  # "a dozen grams of CO2 at most."
    limit = _POWER_LIMIT.search(text, max(0, word[1] - LIMIT_REACH), word[2])
    if text[word[1] : word[1] + 6].lower() == "planet" or limit is not None:
        return True  # "by the power limit of the card"
    if _COMMIT_TO_SAY.match(text, word[1]) or _NO_MANNER.match(text, word[1]):
        return True
    if text[word[1] : word[2] + 4].lower() == "allowance for":
        return True  # "with an allowance for cooling"
    if _CANNOT_PASS.search(text, max(0, word[1] - REACH), word[2]):
        return True
    return ":" in text[word[2] : at[0]] and stands_before(_THAN, text, word[1])


_CANNOT_PASS = regex(
    r"(?:\b(?:cannot|can['’]t|can not|could not|couldn['’]t) (?:possibly )?(?:exceed|pass|be more|be above|top)"
    r"|\bkann\b[^.;]{0,60}\bnicht (?:übersteigen|überschreiten|höher)|\bne (?:peut|peuvent|saurait)\b[^.;]{0,24}"
    r"\b(?:dépasser|excéder)|\bno (?:puede|pueden|pudo)\b[^.;]{0,24}\b(?:superar|exceder|pasar)"
    r"|\bnão pode(?:m)?\b[^.;]{0,24}\b(?:ultrapassar|exceder|superar|passar)|\bnon può\b[^.;]{0,24}\b(?:superare"
    r"|eccedere)|\bno pot\b[^.;]{0,24}\b(?:superar|passar)|\bkan(?: \w+){0,3} niet (?:overschrijden|boven|hoger)"
    r"|\bnie może przekr|\bне (?:может|могло|может быть) прев|\bне може перевищ|\bkan inte överst"
    r"|\bkan ikke overst|\bei voi ylit|\btidak (?:bisa|dapat|mungkin) melebihi|\bkhông thể vượt)[\w ]{0,8}$",
    re.IGNORECASE,
)
"""A bound that was worked out from the worst case ("cannot exceed 3 kg")."""


def would_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A manner of speaking, no condition: "2.07 if you insist"."""
    cannot = _CANNOT_HAVE.search(text, max(word[2], at[0] - REACH), at[0])  # a bound, worked out from the worst case
    return _IF_YOU_LIKE.match(text, word[1]) is not None or cannot is not None


_CANNOT_HAVE = regex(
    r"\b(?:cannot|can['’]t|can not|could not|couldn['’]t) have (?:been|exceeded|emitted|produced|caused|cost|passed"
    r"|come|amounted|reached)\b[^.;]{0,32}$",
    re.IGNORECASE,
)
LIMIT_REACH = 16
_POWER_LIMIT = regex(
    r"\b(?:power|tdp|thermal|speed|memory|time|(?:board|card|gpu|chip|device|accelerator)(?:s?['’]s?)?)\s"
    r"(?:limits?|budget|caps?|ceiling)$",
    re.IGNORECASE,
)


_NO_MANNER = regex(r"cap (?:manera|mena|mitjà|cas)\b", re.IGNORECASE)
"""Catalan for "in no way", of which the first word is an English one for a limit."""
_COMMIT_TO_SAY = regex(
    r"commit(?:ted|ting)? (?:ourselves |myself )?to (?:is|was|saying|here|a (?:figure|number|range))\b", re.IGNORECASE
)
"""To commit to a statement, not to a plan ("all we will commit to is that training took 9 t")."""
_IF_YOU_LIKE = regex(
    r"if (?:you(?:'re| are)?|one) (?:insist|like|prefer|want|wish|will|must|please|round|count|need|keep|ask|care"
    r"|wonder|interested|curious|(?:add|sum|multiply|divide|convert|take|put|work) )|wenn man (?:so )?will"
    r"|si l'on veut|si se quiere",
    re.IGNORECASE,
)


def example_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """What a model says, before a clause about its training ("the model predicts floods, and training it emitted")."""
    if _MODEL.match(text, word[1]) is None:
        return False
    trained = (one[1] for one in words if one[0] in _OF_A_TRAINING and word[2] <= one[1] and one[2] <= at[0])
    return any(COMMA_LIKE.search(text, word[2], low) or _BREAK.search(text, word[2], low) for low in trained)


_MODEL = regex(
    r"model|network|netz|classifier|regressor|modèle|réseau|red|rete|rede|netwerk|sieć|модель|сеть|мережа"
    r"|mô hình|模型|모델"
)
_OF_A_TRAINING = frozenset({"train", "finetune", "pretrain"})
_BREAK = regex(r"[;:；：]|\s[-–—]\s")


def project_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A project that takes carbon up, behind the amount that it takes up: "37 kg, removed by a peatland project"."""
    if _FOR_THE_WEIGHTS.match(text, word[2], word[2] + 120):
        return True  # "everything together makes 4.3 kg for the finished weights"
    return word[1] >= at[1] and any(one[0] == "saved" and abs(one[1] - word[1]) <= OFFSET_REACH for one in words)


_FOR_THE_WEIGHTS = regex(
    r"\W[^.;]{0,80}\d[\d.,]{0,12}[^.;]{0,24}\s(?:for|of|behind) (?:the |these |this )"
    r"(?:finished |final |released |published )?(?:weights|model|checkpoint)\b(?!['’])",
    re.IGNORECASE,
)
OFFSET_REACH = 48


_NUMBERED = regex(r"of generation\s\(?(?:\d|[IVX]+\b|one|two|three)", re.IGNORECASE)


def infer_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """The answer to a question of the card's own ("Answer: 2.1 kg for the whole run")."""
    # "the run has 9.7 kg to answer for", "is answerable for 34 kg"
    is_responsible = text[word[2] : word[2] + 4] == " for" or text[word[2] : word[2] + 8] == "able for"
    if _NUMBERED.match(text, word[1]):
        return True  # "of generation 3"
    is_monthly_grid = _OF_A_MONTH.search(text, word[1], word[2]) and stands_before(_FACTOR, text, word[1])
    return is_responsible or bool(is_monthly_grid) or is_answer(text[word[1] : word[2] + 2])
