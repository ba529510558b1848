"""When "of which" is said of an amount, and when the share is that of the run that is published."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.said_of_plans import COMMA_LIKE, Word, stands_before
from mining.patterns import regex

__all__ = ["OWN_WORDS", "share_says_nothing"]

OWN_WORDS = frozenset({"own", "own-name", "we"})
_WORTH = regex(r"\s(?:karşılığı|sonucu|anlamı|toplamı|karşılık)", re.IGNORECASE)
_RESULT = regex(
    r"(?:\b(?:my|our|unser\w*|mein\w*|notre|ma|nuestr\w+|noss\w+|nostr\w+|ons|nasz\w*|наш\w*)|wysz\w+|wynik\w+"
    r"|daj\w+|dał\w*|zrobi\w+|получ\w+|вых\w+|выш\w+|вийш\w+|вих\w+)\s$",
    re.IGNORECASE,
)


def share_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """Not a mere part: "of this, 5.2 kg stem from the run that is published here"; "what came of this is 1.5 kg"."""
    if stands_before(_RESULT, text, word[1]) or _WORTH.match(text, word[2]):
        return True
    before = (text[one[2] : word[1]] for one in words if one[0] in OWN_WORDS and one[2] <= word[1])
    if any(not _COUNTED.search(told) and not told.rstrip().endswith(",") for told in before):
        return True  # "to the run that the published weights come from, 14 kg of it are due"
    own = [text[at[1] : max(at[1], one[1])] for one in words if one[0] in OWN_WORDS and word[1] < one[1]]
    return word[1] > at[0] or any(not COMMA_LIKE.search(told) or _OF_A_RUN.fullmatch(told) for told in own)


_COUNTED = regex(r"[\d;=:]")
_OF_A_RUN = regex(
    r"[^\d,;:]{0,60}(?:run|job|training|lauf|läufe|exécution|entraînement|ejecución|entrenamiento|execução|treino"
    r"|esecuzione|addestramento|training|przebieg\w*|trening\w*|запуск\w*|прогон\w*|обучени\w|навчання|körning\w*"
    r"|kørsel\w*|ajo\w*|koulutu\w*)[,،、，]?\s[^\d,;:]{0,40}",
    re.IGNORECASE,
)
"""A run, and a clause that says which ("... fall to the run, made for the published weights")."""
