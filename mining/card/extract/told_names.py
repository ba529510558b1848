"""The name by which a sentence says which of several models a card is of ("This card describes **tern-base**")."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.patterns import regex

__all__ = ["told_name"]

INTRODUCTION = 20_000
"""Characters of a card in which it says so."""
_MARKED = regex(
    r"(?:\*\*|__|`|[\"“„«])(?P<name>[^*_`\"“”„«»|\n][^*`\"“”„«»|\n]{0,38}?)(?:\*\*|__|`|[\"”“»])", stems='*;_;`;";“;„;«'
)
_TELLS = regex(
    r"\b(?:card|page|readme|repo(?:sitory)?|karte|repositorium|fiche|dépôt|ficha|repositorio|tarjeta|repositório"
    r"|cartão|scheda"
    r"|targeta|kaart|karta|repozytorium|карточка|репозиторий|картка|репозиторій|kart|depo|kartu|repositori|thẻ"
    r"|kort\w*|kortti"
    r"|txartel\w*)\b[^.;|]{0,24}\b(?:describes?|documents?|is (?:about|for|of)|covers|holds|contains|hosts"
    r"|beschreibt|enthält"
    r"|décrit|contient|describe|descreve|contiene|contém|descrive|descriu|conté|beschrijft|bevat|opisuje|zawiera"
    r"|описывает"
    r"|содержит|описує|містить|anlat\w+|içer\w+|menjelaskan|berisi|mô tả|chứa|beskriver|innehåller|indeholder|kuvaa"
    r"|sisältää)\b"
    r"|\b(?:here (?:is|are|lies)|hier (?:ist|liegt|liegen)|ici se trouve|aquí está|aqui está|qui c['’]è"
    r"|tutaj (?:jest|leży)"
    r"|здесь (?:лежит|выложен\w*)|тут (?:лежить|викладен\w*)|her ligger|här ligger|täällä on|di sini|đây là bản)\b"
    r"|(?:本|这张|這張)(?:卡片|仓库|倉庫|页面)[^。|]{0,12}(?:描述|介绍|介紹|是|为)|このリポジトリは|本リポジトリは"
    r"|이 (?:저장소|카드)는"
    r"|تصف هذه البطاقة|هذا المستودع|این (?:مخزن|کارت)|यह (?:कार्ड|रिपॉज़िटरी)",
    re.IGNORECASE,
)


_SENTENCE_ENDS = regex(r"[.;。]\s|[.;。]$")


@lru_cache(maxsize=64)
def told_name(text: str) -> str | None:
    """The marked name in the one sentence that says what a card is of; None where it names none or several.

    Args:
        text: The card.
    """
    if _TELLS.search(text[:INTRODUCTION]) is None:
        return None
    names: set[str] = set()
    for line in text[:INTRODUCTION].split("\n"):
        told = None if "|" in line or line.startswith("#") else _TELLS.search(line)
        if told is not None:
            sentence = _SENTENCE_ENDS.split(line[told.start() :], maxsplit=1)[0]
            names.update(named["name"].strip().lower() for named in _MARKED.finditer(sentence))
    return names.pop() if len(names) == 1 else None
