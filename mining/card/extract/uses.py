"""Sentences about the model's use: a deed done to one thing ("Diarizing one hour of audio draws 0.9 Wh")."""

from __future__ import annotations

import re

from mining.patterns import regex

__all__ = ["counts_by_things", "is_used_on"]

_NO_USE = (
    r"(?:pre-?|fine-?|re-?|post-?)?train|(?:fine-?)?tuning|adapt|distill?|fitt|learn|optimi[sz]|runn|us|tak|need"
    r"|spend|rent|burn|add"
    r"|count|assum|multiply|convert|includ|exclud|leav|consider|giv|mak|build|hav|be|go|com|wait|work|finish|complet"
    r"|reach|cost|last"
    r"|sav|avoid|offsett?|compar|reproduc|repeat|produc"
)
"""Stems of the words for a training, for a sum, and for what is no deed."""
_THING = (
    r"(?:(?:hour|minute|second)s?(?=\sof\b|\slong\b|\s?,?\s(?:audio|speech|video|recording))|pages?|images?"
    r"|pictures?|photos?|scans?"
    r"|slides?|sentences?|requests?|quer(?:y|ies)|documents?|articles?|letters?|messages?|e?-?mails?|reviews?"
    r"|invoices?|reports?"
    r"|sequences?|proteins?|molecules?|patients?|volumes?|slices?|frames?|videos?|clips?|recordings?|songs?|prompts?"
    r"|words?|paragraphs?"
    r"|abstracts?|books?|files?|records?|series|tiles?|scenes?|maps?|forecasts?|questions?|answers?|conversations?"
    r"|dialogues?|chats?"
    r"|tickets?|tweets?|posts?|lines?|structures?|spectra|spectrum|genomes?|reads|items?|captions?|descriptions?"
    r"|summar(?:y|ies)"
    r"|translations?|transcripts?)"
)
_USED_ON = regex(
    rf"(?:^|[.!?;:]\s{{1,2}}|,\s|\b(?:for|while|when|by)\s)(?!(?:{_NO_USE})\w*ing\b)[^\W\d_]{{3,16}}ing\s(?:(?:up"
    rf"|through|out)\s)?"
    r"(?:one|an?|1|each|every|any|\d[\d,.]*(?:\s(?:thousand|million))?|(?:a\s)?(?:hundred|thousand|million)|ten"
    r"|the\s(?:average|typical))\s"
    rf"(?:[^\W\d_][\w-]{{1,14}}\s){{0,2}}{_THING}\b(?:[^.;]|\.\d|\bi\.e\.){{0,100}}$",
    re.IGNORECASE,
    stems="ing",
)


def is_used_on(plain: str, start: int, amount: int, languages: frozenset[str]) -> bool:
    """Whether an amount is what one deed of the model costs.

    Args:
        plain: Plain text of a paragraph.
        start: Where the amount's sentence begins.
        amount: Where the amount begins.
        languages: Languages of the card; "per" is Italian for "in order to", "je" is French for "I".
    """
    before = plain[max(start, amount - USE_REACH) : amount]
    if any(one.search(before) is not None for one in (_USED_ON, _RUN_OVER, _PER_USE, _THROUGHPUT)):
        return True
    is_per = languages.isdisjoint(_PER_IS_FOR) and _PER_USE_ENGLISH.match(before) is not None
    is_je = languages.isdisjoint(_JE_IS_I) and _PER_USE_GERMAN.match(before) is not None
    return is_per or is_je or _DEVICE_HOUR.match(before) is not None


_PER_IS_FOR = frozenset({"it", "ca"})
_JE_IS_I = frozenset({"fr", "nl"})


_TIMES_OF_TRAINING = (
    r"(?:[gt]pu|card|kart|carte|tarjeta|placa|scheda|карт|device|node|machine|server|run\b|lauf|läuf|train|entra"
    r"|entren|trein"
    r"|addestr|allen|обуч|epoch|epo[ck]|époque|época|эпох|model|modèle|модел|experiment|seed|fold|job|stage|phase"
    r"|step|k?wh\b|second|hour"
    r"|minute|day|week|month|year|protocol|our|the|your|code ?carbon|carbon|eco2|ml ?co2|green|calculat|log\b"
    r"|estimat|meter|tracker)"
)
_PER_USE = regex(
    rf"^\W{{0,6}}(?:[Pp]or cada|[Pp]ara cada|[Pp]our chaque|[Pp]ar chaque|[Pp]er ogni"
    rf"|[Vv]oor elke?|[Nn]a każd\w+"
    rf"|[Нн]а кажд\w+|[Нн]а кожн\w+)\s(?!{_TIMES_OF_TRAINING})[^\W\d_]{{3,20}}\b[^.;:,]{{0,40}}$"
)
_BY_THING = rf"\s(?!{_TIMES_OF_TRAINING})[^\W\d_]{{3,20}}\b[^.;:,]{{0,40}}$"
_PER_USE_ENGLISH = regex(rf"\W{{0,6}}[Pp]er{_BY_THING}")
"""A sentence that counts by things ("Per hint somewhere between ...")."""
_PER_USE_GERMAN = regex(
    rf"\W{{0,6}}(?:[Jj]e|[Pp]ro)(?!\s(?:nach|mehr|weniger|größer|kleiner|höher|länger|besser|schneller)){_BY_THING}"
)
_THROUGHPUT = regex(
    r"\b\d[\d.,\s\u2060]{0,9}\s?(?:thousand\s|million\s|k\s|mille\s|mil\s|tausend\s)?(?!(?:[gt]pu|h\b|hours?|epochs?"
    r"|steps?|runs?|kwh|kg|g\b))"
    r"(?:[^\W\d_]{3,18}\s){1,2}(?:a|per|each|every|am|pro|im|par|al|por|ao|di|il|al|om de|dziennie|w|в|на)\s?(?:day"
    r"|week|month|year|night"
    r"|hour|tag|woche|monat|jahr|stunde|jour|semaine|mois|an|día|semana|mes|año|dia|mês|ano|giorno|settimana|mese"
    r"|anno|dag|week|maand"
    r"|jaar|dzień|tydzień|miesiąc|rok|день|неделю|месяц|год|добу|тиждень|місяць|рік|dygn|vecka|månad|år|uge"
    r"|måned)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
"""So many things in a time: what that costs is of the use ("at 1,000 pages a day, so 400 g")."""


_DEVICE = (
    r"(?:(?:[avhl]|rtx\s?|gtx\s?|mi|tpu\s?v)\d{1,4}[^\W\d_]{0,6}|[gt]pu|card|device|node|machine|karten?|knoten|tarjeta"
    r"|placa|scheda|kaart|karty|карт\w+|kort)"
)
_DEVICE_HOUR = regex(
    rf"\W{{0,6}}(?:[^\W\d_]{{2,12}},?\s){{0,2}}?(?:(?:one|an?|each|every|per|a single|eine|jede|pro|je|une|chaque|una"
    rf"|cada"
    rf"|uma|un['’]|ogni|een|één|elk|jedna|każda|один|одна|каждый|кожна|en|ett|varje|hver|bir|her|satu|setiap|một|mỗi)\s"
    rf"(?:(?:nvidia|tesla)\s)?{_DEVICE}[\s-]"
    r"(?:hour|stunde|heure|hora|ora|uur|godzina|час|година|timme|time|saati?|jam|giờ)\b"
    r"|(?:one|an|each|every|a single)\shour\s(?:on|of|with)\s(?:(?:one|an?|a single|the|our|this|such an?)\s)?"
    rf"(?:nvidia\s)?{_DEVICE}\b|(?:eine|jede)\sstunde\s(?:auf\s(?:einer|der)\s)?{_DEVICE}"
    rf"|une heure (?:de|sur une?) {_DEVICE}|(?:una|cada|uma) hora de {_DEVICE}|un['’]ora (?:di|su una) {_DEVICE}"
    r"|每(?:个|個)?(?:卡|GPU|显卡|顯卡)(?:小时|小時)|(?:GPU|カード)1?時間(?:あたり|当たり))"
    r"(?![^.;:]{0,60}(?:train|tun(?:ed|ing)|\brun\b|\bjob\b))[^.;:,]{0,60}$",
    re.IGNORECASE,
)
"""What an hour of one device emits ("One H100 hour in Ohio is ...")."""


_RUN_OVER = regex(
    r"\b(?:running|applying|letting|sending)\s(?:it|the model|(?!train|fine|pre-?train|jobs?\b|exper|this"
    r"|that)[\w-]{3,30})\s"
    r"(?:loose\s)?(?:over|across|through)\s(?!(?:\w+\s){0,2}(?:weekend|night|week|day|month|summer|winter|holiday"
    r"|course|year|hour"
    r"|gpu|card|node|epoch))(?:the|our|all|an?|one|\d[\d,.]*)\b[^.;:]{0,80}$",
    re.IGNORECASE,
    stems="running;applying;letting;sending",
)
"""A deed done with a model to some material ("Running tern over the archive once emitted ...")."""


USE_REACH = 160


def counts_by_things(label: str, languages: frozenset[str]) -> bool:
    """Whether a label counts by things: "Per exam analysed", "CO2 per picture", "emission for one summary".

    Args:
        label: Plain text.
        languages: Languages whose words count.
    """
    return (
        _PER_THING.match(label) is not None
        or _MANY_THINGS.search(label) is not None
        or _FOR_ONE.search(label) is not None
        or ("it" not in languages and _PER_ONE.search(label) is not None)
    )


_PER_THING = regex(
    r"\W{0,6}(?:per|por|par|pro|je|cada|för varje|pr\.?|setiap|mỗi|на (?:один|одну|одно)|за (?:один|одну|одно)"
    r"|na jed\w+|per ogni|pour chaque)\s"
    r"[^\W\d_]{3,}",
    re.IGNORECASE,
    stems="cada;för varje;je;mỗi;na jed;par;per;per ogni;por;pour chaque;pr;pro;setiap;за од;на од",
)
"""A label that counts by things ("Per exam analysed")."""
_MANY_THINGS = regex(
    r",\s(?:\d[\d,. ]{0,8}\d\s|a (?:hundred|thousand|million)\s|one (?:hundred|thousand|million)\s)"
    r"(?!epoch|step|hour|run|[gt]pu|seed|fold|kwh|day|week|token|iteration|card|node|device|update"
    r"|batch)[^\W\d_]{4,}\W*$",
    re.IGNORECASE,
)
"""A label that ends with how many things were done ("Emissions, 1,000 images")."""
_PER_ONE = regex(
    r"\b(?:CO[2₂]\w*|carbon|emissions?|footprint)\s(?:equivalents?\s)?per\s(?:\d[\d,.]{0,8}\s?[kKM]?\s)?(?!million"
    r"|model|variant"
    r"|version)[^\W\d_]{3,}",
    re.IGNORECASE,
    stems="per",
)
"""A rate whose label begins by what is emitted ("CO2 per picture, Nigerian mix")."""
_FOR_ONE = regex(
    r"\b(?:(?:przy|na|za)\sjedn\w+|(?:bei|für|pro|je)\sein\w{0,2}|pour\sune?|por\s(?:una?|uma?|cada)"
    r"|per\s(?:un[ao]?|singol\w+)|(?:bij|voor|per)\s(?:één|een|elke?)|(?:за|на|при)\s(?:один|одну|одном|одной|кажд\w+)"
    r"|for\s(?:one|a single|each|every)"
    r"|(?:vid|för)\s(?:en|ett|varje)|(?:ved|for)\s(?:én|ét|hver))\s"
    r"(?!(?:\w+\s)?(?:[gt]pu|card|kart|carte|tarjeta|placa|scheda|карт|device|node|machine|server|run\b|lauf|läuf"
    r"|train|traini"
    r"|entra|entren|trein|addestr|allen|обуч|epoch|epo[ck]|époque|época|эпох|model|modèle|модел|experiment|seed|fold"
    r"|job))"
    r"[^\W\d_]{3,}",
    re.IGNORECASE,
)
"""A label that counts by one thing ("emission for one summary")."""
