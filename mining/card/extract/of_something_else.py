"""Claims of a body that are of something else by what the card says as a whole: a copy, its data, a simulation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.copied import copied_blocks, original_from
from mining.card.extract.denials import is_untrained
from mining.card.lexicon.keywords import has_emission_word
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim

__all__ = ["as_the_card_says"]


def as_the_card_says(claims: Sequence[Claim], card: Document) -> list[Claim]:
    """Claims; those that the card as a whole tells of are another model's.

    All of them where nothing was trained; those below a quoted card; those of the periods that the data come from, and
    those of a simulation.

    Args:
        claims: All of a body.
        card: The card.
    """
    if is_untrained(card.text):
        claims = [_of_another(one) if one.scope in OWN_SCOPES else one for one in claims]
    start = original_from(card) or len(card.lines)
    copied = copied_blocks(card)
    has_periods = _TRAINED_ON.search(card.text) is not None and (
        _TESTED_ON.search(card.text) is not None or _ABOUT.search(card.front.text) is not None
    )
    return [
        _of_another(claim)
        if (claim.line or 0) > start
        or any((claim.line or 0) in block for block in copied)
        or _is_of_the_world(card.line(claim.line or 1).plain, has_periods)
        else claim
        for claim in claims
    ]


def _of_another(claim: Claim) -> Claim:
    return replace(claim, scope="other-model")


def _is_of_the_world(said: str, has_periods: bool) -> bool:
    if has_periods and (_TRAINED_ON.search(said) or _TESTED_ON.search(said)) and not _OF_A_MACHINE.search(said):
        return True
    behind = _SIMULATED.search(said)
    is_simulated = behind is not None and has_emission_word(behind.group().lower())
    return is_simulated or _FELL.search(said) is not None


_OF_A_MACHINE = regex(r"\b(?:[gt]pus?|code ?carbon|kwh|our|we)\b", re.IGNORECASE)
"""What tells that the period is that of a training of one's own."""


_TRAINED_ON = regex(
    r"\btrain(?:ing)? (?:period|window|months?|season|span)\b|\btrainings(?:zeitraum|periode)|période d['’]entraînement"
    r"|per[ií]odo de (?:entrenamiento|treino|treinamento)|periodo di addestramento|okres\w* (?:trening|ucz)\w+"
    r"|период\w* обучения|період\w* навчання|eğitim dönem|periode pelatihan|giai đoạn huấn luyện"
    r"|训练(?:期|时段)|学習期間|학습 기간",
    re.IGNORECASE,
)
_TESTED_ON = regex(
    r"\b(?:test|validation|hold-?out) (?:period|window|months?|season|year|span)\b|\b(?:test|validierungs|prüf"
    r"|validatie)"
    r"(?:zeitraum|periode)|période de (?:test|validation)|per[ií]odo de (?:prueba|validación|teste|validação)"
    r"|periodo di (?:test|validazione)|okres\w* (?:test|walid)\w+|период\w* (?:тест|валид)\w+|період\w* (?:тест"
    r"|валід)\w+"
    r"|test dönem|periode (?:uji|pengujian|validasi)|giai đoạn (?:kiểm thử|kiểm tra)"
    r"|(?:测试|验证)期|(?:テスト|検証)期間"
    r"|(?:테스트|검증) 기간",
    re.IGNORECASE,
)
"""Periods from which the data for training and for tests come: what was emitted in both is the data's."""
_ABOUT = regex(
    r"^tags:(?:.*|(?:\n[ \t]*-.*){0,20}\n[ \t]*-.*)(?:emission|co2|carbon|greenhouse)", re.IGNORECASE | re.MULTILINE
)
"""Tags of a card whose model is about emissions."""
_FELL = regex(
    r"\b(?:during|over|in|throughout) training,?\s(?:the )?(?:\w+ )?(?:emissions|co2\w*)\s(?:per \w+ )?(?:fell"
    r"|dropped|decreased|sank"
    r"|declined|went down|came down|improved|rose)\b",
    re.IGNORECASE,
)
"""What an agent learns to lower: its reward's, not what training emitted."""
_SIMULATED = regex(
    r"[.!?。)]\s?(?:This|That|These|Those|It|They|Das|Dies|Es|Ce|C['’]est|Ces|Esto|Eso|Isso|Isto|Questo|Dit|Dat|To"
    r"|Это|Це"
    r"|Bu|Ini|Đây|这|これ|이는|Det|Se|Tämä|Hau)\b[^.!?。]{0,60}"
    r"(?:simulat|simulier|simulé|simulad|simulaz|simülasyon|симул|模拟|仿真|シミュレ|시뮬레|simuler|simuloi|mô phỏng)"
    r"[^.!?。]{0,60}",
)
"""The sentence behind an amount; where it speaks of emissions, they are a simulation's."""
