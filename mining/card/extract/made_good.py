"""Whether an amount was emitted and taken up again afterwards, so that it was emitted all the same."""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["is_made_good"]


def is_made_good(text: str, amount_end: int, start: int, end: int) -> bool:
    """Whether a word of savings behind an amount says that this amount was offset ("3 kg, fully offset by the host").

    Args:
        text: Plain text.
        amount_end: Where the amount ends.
        start: Where the word begins.
        end: Where it ends.
    """
    if _BEFORE_IT.search(text, amount_end, start):
        return True
    if _WAS.match(text, amount_end, start) and _MADE_GOOD.match(text, start):
        return True
    return _THEN.match(text, amount_end, start) is not None and _MADE_GOOD.search(text, amount_end, end) is not None


_BEFORE_IT = regex(
    r"\b(?:before|prior to|without|not counting|vor|ohne|avant|sans|antes de|sin|sem|prima|senza|abans|sense|voor"
    r"|zonder|przed|bez|до|без"
    r"|före|utan|før|uden|ennen)\b",
    re.IGNORECASE,
)
"""What was emitted before an offset was taken off."""
_WAS = regex(
    r"(?:\sCO\S{1,4})?\s?(?:[,;(–—-]|(?:which|that|and|all|was|were|is|are|has|been|wurden?|ist|sind|est|sont|a|ont|été|fue(?:ron)?|son|foi"
    r"|foram|è|sono|stato|stati|werd|werden|был[иоа]?|було|zostało)\s)"
    r"(?:\s?(?:which|that|all|it|they|were|was|is|are|has|have|been|since|then|also|fully|entirely|wholly|completely|partly"
    r"|half|100\s?%|of|by|now|later|afterwards|vollständig|ganz|entièrement|totalmente|completamente|interamente"
    r"|volledig|w|pełni|całości|полностью|повністю)(?=\s|$))*\s?$",
    re.IGNORECASE,
)
_THEN = regex(
    r"\W{0,3}(?:CO\S{1,4}\s?)?,?\s?\(?(?:(?:all )?(?:of )?(?:which|that|those|these)|die|qui|que|che|welche"
    r"|welke|которые|які|som|joka)\s"
    r"(?:we|i|were|was|has|have|had|are|is|wir|wurden?|nous|ont|hemos|se|abbiamo|sono|wij|мы|ми|vi|on)\b",
    re.IGNORECASE,
)
_MADE_GOOD = regex(r"offset|compens|remov|neutral|kompens|ausgegl|компенс|captur|absor|balanc", re.IGNORECASE)
"""What was taken up again afterwards had been emitted ("37 kg, which we then had removed")."""
