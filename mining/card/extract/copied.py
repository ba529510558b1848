"""What a card copied from the card of its base, as its headings say."""

from __future__ import annotations

import re
from itertools import islice

from mining.card.document.document import Document, Line
from mining.card.lexicon.roles import find_concepts, may_name
from mining.patterns import regex

__all__ = ["copied_blocks", "original_from"]

_BELOW = regex(
    r"\b(?:below|following|follows|beneath|rest of this|unten|unterhalb|nachfolgend\w*|ci-dessous|ci-après"
    r"|a continuación|abajo|abaixo|a seguir"
    r"|di seguito|sotto|a sota|hieronder|poniżej|ниже|далее|нижче|aşağıda\w*|di bawah|bên dưới"
    r"|nedan\w*|nedenfor|alla|behean)\b"
    r"|以下|下面|아래|أدناه|در زیر|नीचे",
    re.IGNORECASE,
    stems="a continuación;a seguir;a sota;abaixo;abajo;alla;aşağıda;behean;below;beneath;"
    "bên dưới;ci-après;ci-dessous;di bawah;di seguito;following;follows;hieronder;"
    "nachfolgend;nedan;nedenfor;poniżej;rest of this;sotto;unten;unterhalb;далее;ниже;"
    "нижче;أدناه;در زیر;नीचे;下面;以下;아래",
)

_ORIGINAL = regex(r"original (?:model )?(?:card|readme|authors?|text)|upstream (?:card|readme)", re.IGNORECASE)

_COPIED = regex(
    r"written|copied|card|readme|author|quoted|unchanged|reproduced|verbatim|geschrieben|übernommen|stammt"
    r"|kopiert|copié|repris|écrit|copiad"
    r"|tomad|escrito|reproduc"
    r"|copiat|ripres|scritt|overgenomen|geschreven|skopiow|napisan|скопир|взят|написан|скопій|узят|alınt|kopyalan"
    r"|disalin|ditulis|sao chép|viết bởi"
    r"|转载|摘自|原作者|転載|原文|작성|인용|منقول|كتبه|نقل|نوشته|उद्धृत|लिखा|kopier|skriven|hämtad|skrevet|kopioitu|kirjoitt"
    r"|kopiatu|idatzi",
    re.IGNORECASE,
    stems="alınt;author;card;copiad;copiat;copied;copié;disalin;ditulis;escrito;geschreven;"
    "geschrieben;hämtad;idatzi;kirjoitt;kopiatu;kopier;kopioitu;kopyalan;napisan;"
    "overgenomen;quoted;readme;repris;reproduc;ripres;sao chép;scritt;skopiow;skrevet;"
    "skriven;stammt;tomad;unchanged;verbatim;viết bởi;written;écrit;übernommen;взят;"
    "написан;скопир;скопій;узят;كتبه;منقول;نقل;نوشته;उद्धृत;लिखा;原作者;原文;摘自;転載;"
    "转载;인용;작성",
)


def original_from(card: Document) -> int | None:
    """Number of the line below which a card quotes its original ("all below was written by the original authors").

    Args:
        card: The card.
    """
    languages = frozenset({"en", *card.languages})
    for line in card.body:
        low = line.plain[:400].lower()
        if line.kind == "code" or not may_name("base", low) or not _COPIED.search(low) or not _BELOW.search(low):
            continue
        if _ORIGINAL.search(low) or any(hit.concept == "base" for hit in find_concepts(low, languages)):
            return line.number
    return None


_WHOLE_CARD = regex(
    r"\W{0,6}(?:the )?(?:(?:original|upstream|source)(?:\smodel(?:['’]s)?)?\s(?:card|readme)"
    r"|originale? (?:modellkarte|model card"
    r"|modelkaart)"
    r"|ursprüngliche (?:modellkarte|model card)|carte (?:du modèle )?d['’]origine|carte originale"
    r"|tarjeta (?:del modelo )?original"
    r"|cartão (?:do modelo )?original|scheda (?:del modello )?originale|oryginalna karta|(?:исходн"
    r"|оригинальн)\w+ карточк"
    r"|原(?:始)?模型卡|元のモデルカード|원본 모델 카드)",
    re.IGNORECASE,
)
"""A heading below which the whole card of the original stands, headings and all."""


def _speaks_of_own(heading: str, languages: frozenset[str]) -> bool:
    return any(hit.concept == "own" for hit in find_concepts(heading[:200], languages))


def _is_lead_of_own(line: Line, languages: frozenset[str]) -> bool:
    """Whether a line begins with words in bold that speak of this model ("**This adapter.** ...")."""
    lead = line.text.lstrip()
    return lead.startswith(("**", "__")) and any(
        hit.concept == "own" for hit in find_concepts(lead[2 : lead.find(lead[:2], 2)][:200], languages)
    )


def _lead_of(line: Line) -> str:
    """The words in bold that begin a line; the whole line where they are not closed on it."""
    text = line.text.lstrip()
    end = text.find(text[:2], 2)
    return text[2:end] if end > 0 and len(text) > LONGEST_LEAD else line.plain


LONGEST_LEAD = 200
"""Characters of a line up to which all of it heads what follows ("**Emissions** (copied from the base's card)")."""


def copied_blocks(card: Document) -> list[range]:
    """Numbers of the lines below a heading, or words in bold, that says that they were copied from a base's card.

    Args:
        card: The card.
    """
    languages = frozenset({"en", *card.languages})
    found: list[range] = []
    for at, line in enumerate(card.body):
        if found and line.number in found[-1]:
            continue
        low = (line.plain if line.kind == "heading" else _lead_of(line))[:400].lower()
        if (line.kind != "heading" and not line.text.lstrip().startswith(("**", "__"))) or not _COPIED.search(low):
            continue
        if _ORIGINAL.search(low) or any(hit.concept == "base" for hit in find_concepts(low, languages)):
            is_whole = line.kind == "heading" and _WHOLE_CARD.match(low) is not None
            ends = (
                one.number
                for one in islice(card.body, at + 1, None)
                if (one.kind == "heading" and (not is_whole or _speaks_of_own(one.plain, languages)))
                or _is_lead_of_own(one, languages)
            )
            end = next(ends, len(card.lines) + 1)
            found.append(range(line.number, end))
    return [*found, *_quoted_blocks(card)]


def _quoted_blocks(card: Document) -> list[range]:
    """Numbers of the quoted lines whose lead-in says that they stand in another card or paper."""
    found: list[range] = []
    lead = ""
    for line in card.body:
        if not line.text.lstrip().startswith(">"):
            lead = line.plain if line.plain.strip() else lead
        elif found and found[-1].stop == line.number:
            found[-1] = range(found[-1].start, line.number + 1)
        elif _introduces_another(lead[-LONGEST_LEAD:]):
            found.append(range(line.number, line.number + 1))
    return found


def _introduces_another(lead: str) -> bool:
    """Whether the line above a quotation says that it stands in another card, or speaks of the base up to a colon."""
    if _IN_THEIR_CARD.search(lead):
        return True
    return lead.rstrip().endswith((":", "：")) and any(hit.concept == "base" for hit in find_concepts(lead))


_IN_THEIR_CARD = regex(
    r"(?<!\bthis )(?<!\bour )(?<!\bmy )(?<!\bthis model )\b(?:card|paper|report|readme|page|documentation|authors)\b"
    r"(?:\s(?:of|for)\s[^.;:]{1,60}?)?\s(?:states?|says?|reads?|gives?|reports?|writes?|wrote|lists?|has"
    r"|tells? us)\W*$",
    re.IGNORECASE,
)
"""Before a quotation ("the base's card for version 2 states")."""
