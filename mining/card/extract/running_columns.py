"""Columns of emissions that count on from row to row."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec.structs import replace

from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim

__all__ = ["last_of_running"]


def last_of_running(found: list[Claim], head: str) -> list[Claim]:
    """Claims of a column that counts on ("kg CO2eq so far"): its last row is the whole; nothing where it does not.

    Args:
        found: Claims of the column, in the order of its rows.
        head: Head of the column.
    """
    values = [claim.inner_value or 0.0 for claim in found]
    if len(found) < 2 or not _SO_FAR.search(head) or any(low > high for low, high in pairwise(values)):
        return []
    if any(claim.scope not in {*OWN_SCOPES, "component"} for claim in found):
        return []
    last = replace(found[-1], scope="training-run", subject=None, flags=(*found[-1].flags, "inferred-row"))
    return [*(replace(claim, scope="component") for claim in found[:-1]), last]


_SO_FAR = regex(
    r"\bso far\b|\bcumulat|\brunning\b|\bto date\b|\baccumulat|\bsince (?:the )?start|kumul|cumul|acumul|累[计計]|累積"
    r"|누적|нараст|накоп|narasta|تراكم|تجمعی|संचयी|ackumul|kumulat|kertym",
    re.IGNORECASE,
)
