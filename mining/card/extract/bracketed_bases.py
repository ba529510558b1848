"""Amounts in brackets behind the name of the model that something was made from ("distilled from owl (1.1 t)")."""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["is_bracketed_base"]

REACH = 140
"""Characters before and behind an amount in which its brackets must open and close."""
_MADE_FROM = (
    r"(?:(?:distill|fine-?tun|deriv|adapt|convert|quanti[sz]|prun|merg|initiali[sz]|fork|port|start|continu)\w*\s"
    r"(?:\w+\s)?(?:from|off)|(?:based|built|builds|continued|merge)\s(?:up)?on|on top of|auf (?:der )?basis von"
    r"|basiert auf"
    r"|ausgehend von|abgeleitet (?:von|aus)|destilliert aus|feinabgestimmt (?:aus|von)|entstand aus|à partir d[eu]"
    r"|basée? sur|dérivée? d[eu]|distillée? d[eu]|a partir d[eo]l?|basad[oa] en|basead[oa] em|derivad[oa] d[eo]l?"
    r"|destilad[oa] d[eo]l?|basat[oa]? (?:su|en)|derivat[oa]? d[ae]l?|distillat[oa] da|destil·lat de|gebaseerd op"
    r"|afgeleid van|uitgaande van|gedestilleerd uit|na podstawie|opart\w+ na|wydestylowan\w+ z|на основ[еі]|на баз[еі]"
    r"|дистил\w+ из|baserad på|utgår från|destillerad från|baseret på|udgår fra|destilleret fra|berdasarkan"
    r"|disuling dari"
    r"|dựa trên|chưng cất từ|基于|基於|蒸馏自|蒸餾自|微调自|微調自|مبني على|مشتق من|بر پایه)"
)
_NAME = (
    r"(?:(?:the|an?|das|dem|der|die|le|la|l['’]|el|il|o|het|de)\s)?(?:\S{0,10}mod[eè]l\w*\s|модел\w+\s)?[^\s()（）,"
    r";:]{2,60}"
    r"(?:\s(?:(?-i:[A-Z\d])[\w.-]{0,20}|base|large|small|(?:base )?mod[eè]l\w*))?"
)
"""A name, of one word or of two, with an article or "the model" before it."""
_BEFORE = regex(rf"{_MADE_FROM}\W{{0,3}}(?P<name>{_NAME})\s?[(（](?P<inside>[^()（）]{{0,80}})$", re.IGNORECASE)
_BEHIND = regex(r"(?P<inside>[^()（）]{0,80})[)）]")
_OF_A_RUN = regex(
    r"\d\s?(?:h\b|hours?|hrs|min|days?|epochs?|stunden|heures|horas|ore\b|uur|godz|час|saat|jam|giờ|timmar|timer"
    r"|tuntia)|[x×]"
    r"|\b(?:[avhl]\d{2,3}|rtx|[gt]pus?|codecarbon|our|ours)\b|小时|小時|時間|시간|ساعة|ساعت|घंट",
    re.IGNORECASE,
)
"""What a run took, listed in the same brackets: they tell of the making, not of the model that it began with."""
_NO_MODEL = regex(
    r"\b(?:scratch|random\w*|zero|nothing|ground|data|dataset|corpus|images?|texts?|checkpoint \d+|epoch|step)\b",
    re.IGNORECASE,
)


def is_bracketed_base(plain: str, start: int, amount: int, end: int) -> bool:
    """Whether an amount stands in brackets behind the name of what this model was made from.

    Args:
        plain: Plain text of a paragraph.
        start: Where the amount's sentence begins.
        amount: Where the amount begins.
        end: Where it ends.
    """
    before = _BEFORE.search(plain, max(start, amount - REACH), amount)
    behind = None if before is None else _BEHIND.match(plain, end)
    if before is None or behind is None or _NO_MODEL.search(before["name"]):
        return False
    return _OF_A_RUN.search(f"{before['inside']} {behind['inside']}") is None
