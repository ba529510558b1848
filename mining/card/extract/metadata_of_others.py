"""Whether a card says of its own metadata that their emissions are another model's: in a comment, or in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.document.passages import sentences
from mining.card.extract.said_of import is_negated
from mining.card.lexicon.keywords import has_emission_word
from mining.card.lexicon.roles import find_concepts, languages_of
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim

__all__ = ["as_of_others", "is_said_in_source", "is_said_in_text", "of_whom"]

_COMMENT = regex(
    r"\s#.*?(?:\b(?:kept|copied|inherited|taken|carried over|unchanged|borrowed)\s(?:\w+\s){0,3}from\b"
    r"|\b(?:of|from|for|by)\s(?:the\s)?(?:base|parent|upstream|teacher|(?:original|source)\s(?:model|card"
    r"|authors?))\b)",
    re.IGNORECASE,
    stems="#",
)
_METADATA = regex(
    r"\b(?:meta-?data|front ?matter|yaml|header|co2_eq_emissions|(?:carbon|climate|emissions?)[ -](?:block|field"
    r"|entry|record))\b"
    r"|\b(?:metadaten|kopfdaten|métadonnées|en-tête|metadatos|cabecera|metadados|cabeçalho|metadati|intestazione"
    r"|metadades"
    r"|capçalera|metadane|metadanych|nagłówk\w+|метадан\w+|заголовк\w+|üst veri\w*|metatie\w+|huvudet|hovedet"
    r"|sidhuvudet)\b"
    r"|元数据|元資料|メタデータ|메타데이터|البيانات الوصفية|فراداده|मेटाडेटा",
    re.IGNORECASE,
)
_BELONGS = regex(
    r"\b(?:belongs? to|inherited|copied|came along|comes? from|carried over|taken (?:over )?from|(?:is"
    r"|are) (?:that|those) of"
    r"|(?:is|are) the (?:base|original|parent)|(?:is|are) (?:the|an?) [\w-]+(?: [\w-]+)?['’]s|refers? to|describes?)\b"
    r"|\b(?:stamm(?:t|en)|übernommen|gehör(?:t|en)|geerbt|kopiert|provien\w+|hérit\w+|reprise?s?|copiée?s?"
    r"|appartien\w+|hered\w+"
    r"|copiad\w+|pertenec\w+|provêm|provem|herdad\w+|pertenc\w+|proveng\w+|ereditat\w+|copiat\w+|afkomstig|overgenomen"
    r"|hoort|horen"
    r"|pochodz\w+|skopiowan\w+|odziedziczon\w+|przejęt\w+|взят\w+|унаследован\w+|скопирован\w+|относ(?:ятся|ится)"
    r"|узят\w+"
    r"|успадкован\w+"
    r"|скопійован\w+|стосу\w+|ait(?:tir)?|alın\w+|kopyalan\w+|devral\w+|kommer från|kvar från|ärv\w+|kopiera\w+"
    r"|tillhör|stammer"
    r"|arvet|kopieret"
    r"|tilhører|peräisin|kopioi\w+|peritty|perit(?:tiin|ään)|berasal|disalin|diwaris\w+|sao chép|thừa hưởng|thuộc về)\b"
    r"|来自|繼承|继承|沿用|复制|複製|引き継|コピー|由来|のもの|가져온|복사|물려|모델의 것"
    r"|منسوخ|مأخوذ|تعود|تخص|گرفته|کپی|متعلق|कॉपी|लिया गया",
    re.IGNORECASE,
)
_OTHERS = frozenset({"base", "other", "family"})
_NOT = regex(
    r"\b(?:not|never|no longer|n't|nicht|pas|no|não|non|niet|nie|не|inte|ikke|ei)\s(?:\w+\s)?$|(?:不是|并非|没有)$",
    re.IGNORECASE,
)
_NOT_OF = regex(
    r"\b(?:not|never|nicht|pas|no|não|non|niet|nie|не|inte|ikke|ei)\s(?:\w+\s){0,3}$|(?:不是|并非|没有|而非)$",
    re.IGNORECASE,
)
LINES_CAP = 400


def of_whom(claims: list[Claim], said: Sequence[str], block: Sequence[str], front: str) -> list[Claim]:
    """Claims of a block; another model's where a comment ("# kept from the parent's record") or the source says so.

    Args:
        claims: Claims of the block.
        said: What its fields for source and kind of training hold, where that is more than a name.
        block: Lines of the block.
        front: Text of the metadata.
    """
    if not any(claim.quantity == "emissions" and claim.scope in OWN_SCOPES for claim in claims):
        return claims  # a leaderboard's, or an inference's, by what is known already
    is_of_others = any(_COMMENT.search(line) for line in block) or any(is_said_in_source(text, front) for text in said)
    return as_of_others(claims) if is_of_others else claims


def is_said_in_source(source: str, front: str) -> bool:
    """Whether the field ``source`` says so, or names what is no training ("per request in production").

    What it says of how the value was counted (a tool, a log, a grid, a power) does not count.

    Args:
        source: What the field holds.
        front: Text of the metadata.
    """
    told = _CLAUSE_ENDS.split(source[:SOURCE_CAP], maxsplit=1)[0]
    if "://" in told:
        return False
    languages = frozenset({"en", *_LANGUAGE.findall(front), *languages_of(told)})
    hits = [
        hit
        for hit in find_concepts(told, languages)
        if not _IN_A_NAME.match(told, max(0, hit.start - 1)) and not _COUNTED_WITH.match(told, hit.start)
    ]
    concepts = {hit.concept for hit in hits if not is_negated(told, hit.start)}
    is_another = not concepts.isdisjoint({"base", "other"})
    if _A_CARD.search(told) and (is_another or _TAKEN_FROM.search(told)):
        return concepts.isdisjoint(_OWN) or "deny" in concepts
    if not concepts.isdisjoint(_OF_MANY) and concepts.isdisjoint(_OWN):
        return _HOW.search(told) is None  # "annual report of the department, all computing"
    return concepts.isdisjoint(_TRAININGS | _OWN) and not concepts.isdisjoint(_NO_TRAININGS)


SOURCE_CAP = 300
_CLAUSE_ENDS = regex(r"[;.]\s")
_LANGUAGE = regex(r"^(?:language:\s*\[?\s*|\s*-\s+)([a-z]{2})\b", re.MULTILINE)
_IN_A_NAME = regex(r"-\w")
_COUNTED_WITH = regex(r"evaluat\w*\s(?:with|using|by|from|via|through|in|on)\b", re.IGNORECASE)
"""What is evaluated with a tool is the amount ("evaluated with CodeCarbon")."""
_HOW = regex(
    r"code ?carbon|carbon ?tracker|eco2ai|calculator|tracker|meter\b|grid|\bmix\b|factor|intensit|power|watt"
    r"|kwh",
    re.IGNORECASE,
)
"""How an amount was counted: a tool, a grid, a power."""
_A_CARD = regex(
    r"\b(?:card|readme|repo(?:sitory)?|karte|fiche|ficha|scheda|kaart\w*|karta|карт\w+|kart\w*|kartu|thẻ|kort\w*)s?\b"
    r"|\bmodel\w*\b|[\w.-]{2,40}/[\w.-]{3,60}|-\d{1,3}[bm]\b|模型|卡|モデル|カード|모델|카드|نموذج|مدل|मॉडल",
    re.IGNORECASE,
)
"""A card, a repository or a model, from which a value may have been taken."""
_TAKEN_FROM = regex(
    r"\b(?:copied|taken|inherited|carried over|came along|borrowed|reused|imported|from the card of|refers? to"
    r"|belongs? to|cards? of|übernommen|kopiert|repris\w*|copié\w*|copiad\w+|tomad\w+|ripres\w+|copiat\w+|overgenomen"
    r"|skopiowan\w+|взят\w*|скопирован\w*|узят\w*|скопійован\w*|alınan|alındı|kopyalan\w*|disalin|diambil"
    r"|sao chép|lấy từ|kopierad|hämtad|kopieret|kopioitu)\b|摘自|来自|取自|复制|引用元|より引用|コピー|에서 가져",
    re.IGNORECASE,
)
_OWN = frozenset({"own", "we"})
_OF_MANY = frozenset({"annual", "project", "facility"})
_TRAININGS = frozenset({"train", "finetune", "pretrain"})
_NO_TRAININGS = frozenset({"base", "infer", "evaluate", "would", "trial"})


def is_said_in_text(card: Document) -> bool:
    """Whether a sentence of the card says so ("the climate block in the header belongs to the base").

    Args:
        card: A parsed card.
    """
    for line in card.body[:LINES_CAP]:
        if line.kind != "text" or not _METADATA.search(line.plain):
            continue
        if not _BELONGS.search(line.plain) and not _IS_OF_USE.search(line.plain):
            continue
        for low, high in sentences(line.plain):
            said = line.plain[low:high]
            said += behind[0] if (behind := _TAKEN_UP.match(line.plain, high)) else ""
            if _IS_OF_USE.search(said):
                return True
            speaks = _METADATA.search(said) and (has_emission_word(said.lower()) or "climate" in said.lower())
            verb = _BELONGS.search(said) if speaks else None
            if verb is None or _NOT.search(said, 0, verb.start()):
                continue
            if _COPIED.search(said) or _ANOTHERS.search(said) or _names_another(said, card):
                return True
    return False


def _names_another(said: str, card: Document) -> bool:
    """Whether a sentence speaks of another model or version, and not to deny it ("and not from the base model")."""
    version = _OF_VERSION.search(said)
    if version is not None and not re.search(rf"\b{re.escape(version[1])}\b", card.title or "", re.IGNORECASE):
        return True
    hits = find_concepts(said, frozenset({"en", *card.languages}))
    return any(hit.concept in _OTHERS and not _NOT_OF.search(said, 0, hit.start) for hit in hits)


_IS_OF_USE = regex(
    r"\b(?:value|figure|number|amount|block|field|entry|emissions?)\b[^.;:]{0,40}\b(?:meta-?data|front ?matter|yaml"
    r"|header|co2_eq_emissions)\b"
    r"[^.;:]{0,24}\b(?:is|are|was|were|counts?|covers?)\s(?:only\s)?(?:(?:the|an?)\s(?:\w+\s)?(?:emissions?"
    r"|footprint|cost|value|amount)\s)?"
    r"(?:(?:of|for)\s)?(?:the\s)?(?:(?:one|a|\d[\d,]*)\s(?:thousand|hundred|million)\b|\d[\d,]*\s(?:generat|answer"
    r"|quer|request|image|sentence)"
    r"|inference|generation|serving|evaluation|a (?:single )?(?:answer|query|request|inference))",
    re.IGNORECASE,
    stems="meta;front;yaml;header;co2_eq_emissions",
)
"""A value of the metadata that is called one of use ("the value in the metadata is that of one thousand clues")."""
_ANOTHERS = regex(
    r"\b(?:is|are)\s(?:the|an?)\s(?!(?:model|run|training)['’]s)[\w-]+(?:\s[\w-]+)?['’]s\b"
    r"(?!\s(?:training|emission))",
    re.IGNORECASE,
)
"""A value that is called another one's ("the value under co2_eq_emissions is the cardiology model's")."""
_COPIED = regex(
    r"\bcopied (?:the|this|its|their|over)\b|\bcame along\b"
    r"|\bwhen (?:this|the|we|i)\s(?:\w+\s){0,2}(?:duplicat|fork|clon|copi)\w+|\bnot (?:to |of )?this (?:model"
    r"|checkpoint|one|adapter)\b",
    re.IGNORECASE,
    stems="copi;came along;when ;not ",
)
_OF_VERSION = regex(
    r"\b(?:from|of|fra|från|von|aus|de|da|van|z|из|від) (?:the )?(?:versi\w+ )?(v\d+(?:\.\d+)?)\b", re.IGNORECASE
)
"""A version that a value is said to be from ("left over from v1")."""
_TAKEN_UP = regex(r"\s?(?:It|They|That|Those|Es|Sie|Das|Il|Elle|Ils|Lo|Hij|Ze)\s[^.!?]{1,160}")
"""The sentence behind, which goes on about the metadata ("It describes the parent, not this checkpoint")."""


def as_of_others(claims: Sequence[Claim]) -> list[Claim]:
    """Claims of such metadata, as another model's.

    Args:
        claims: Claims of the metadata.
    """
    return [
        replace(claim, scope="other-model") if claim.outcome == "reported" and claim.scope in OWN_SCOPES else claim
        for claim in claims
    ]
