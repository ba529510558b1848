"""Which words of a sentence are said of its amount, and which of something else that stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.said_of_grids import (
    GRID,
    TOPIC_REACH,
    annual_says_nothing,
    part_says_nothing,
    topic_says_nothing,
)
from mining.card.extract.said_of_plans import (
    REACH,
    Word,
    example_says_nothing,
    infer_says_nothing,
    plan_says_nothing,
    project_says_nothing,
    rate_says_nothing,
    saved_says_nothing,
    stands_before,
    would_says_nothing,
)
from mining.card.extract.said_of_shares import OWN_WORDS, share_says_nothing
from mining.patterns import regex

__all__ = ["TOOL_NEXT", "Word", "is_negated", "says_nothing"]

TOOL_NEXT = regex(
    r"\W{0,4}(?:the |our |unser\w* |le |la |el |il |de |het )?(?:code ?carbon|carbon ?tracker|eco2ai|ml ?co2"
    r"|green ?algo|cumulator|experiment|(?:ml |co2 |carbon )?"
    r"(?:calculator|meter|tool|logs?|wattmeter|rechner|zähler|calculat\w+|compteur|contador|medidor))",
    re.IGNORECASE,
)
_INCLUDED = frozenset({"evaluate", "data", "part", "several", "portion", "replicate", "many", "not"})
_INCLUDING = regex(
    r"\b(?:includ\w*|incl\.|contain\w*|einschlie(?:ß|ss)lich|inklusive|inkl\.|samt|"
    r"y compris|inclu\w*|compres\w*|inclos\w*|inclusief|w tym|включая|"
    r"включно|dahil|termasuk|bao gồm|med|inkluder\w*|mukaan lukien|"
    r"barne)\W[^,;:()]{0,28}$|(?:包括|包含|含|を含|포함)[^,;:()]{0,8}$",
    re.IGNORECASE,
)
_FAILED = regex(
    r"crash|fail|abort|restart|interrupt|fehlstart|fehlgeschlag|abgebroch|abgestürz|échou|avort|fallid|falhad|fallit"
    r"|mislukt|afgebroken|nieudan|przerwan|неудач|прерван|сорван|невдал|başarısız|gagal|thất bại|失败|中断|失敗"
    r"|실패|중단|فاشل|ناموفق|असफल"
    r"|misslyck|avbrut|mislykk|epäonnistu|keskeyt",
    re.IGNORECASE,
    stems="abgebroch;abgestürz;abort;afgebroken;avbrut;avort;başarısız;crash;epäonnistu;fail;"
    "falhad;fallid;fallit;fehlgeschlag;fehlstart;gagal;interrupt;keskeyt;mislukt;mislykk;"
    "misslyck;nieudan;przerwan;restart;thất bại;échou;невдал;неудач;прерван;сорван;فاشل;"
    "ناموفق;असफल;中断;失敗;失败;실패;중단",
)
_NEGATED = regex(
    r"\b(?:not|isn't|nicht|pas|non|não|no|niet|nie|не|değil|bukan|không phải|inte|ikke|ei"
    r"|ez)\s{1,2}(?:in |of |from )?$|不是|并非|非$",
    re.IGNORECASE,
)
_MORE_THAN = regex(r"\b(?:than|niż|чем|ніж|än|kuin|baino)\s(?:the |in |for )?$", re.IGNORECASE)
_EACH_OF = regex(
    r"\b(?:each|every|per|any|jede\w?|pro|je|chaque|cada|ogni|elke?|każd\w+|кажд\w+|кожн\w+|her|setiap|mỗi|varje"
    r"|hver)\s$",
    re.IGNORECASE,
)
_MATERIAL = regex(
    r"[\w-]*\s?(?:sets?\b|data|corpus|corpora|splits?\b|examples|labels|samples|sentences|texts|material|pairs)"
    r"|\w*(?:daten|satz|menge)\b"
    r"|\w*\s(?:données|corpus|datos|dados|dati|dades|gegevens|danych|данны|даних|veri)|(?:数据|データ|데이터|集)",
    re.IGNORECASE,
    stems="corpora;corpus;dades;dados;danych;data;daten;dati;datos;données;examples;gegevens;"
    "labels;material;menge;pairs;samples;satz;sentences;set;split;texts;veri;даних;данны;"
    "データ;数据;集;데이터",
)
"""What a model is trained on."""
_RECKONING = regex(
    r"\s(?:own |best |rough |eigenen? )?(?:reckoning|estimat|calculation|guess|knowledge|count\b|view"
    r"|judg|measurements? of|schätzung|rechnung"
    r"|berechnung|kenntnis|wissens|calcul|estim|cálcul|stima|càlcul|schatting|berekening|szacunk|oblicz|wiedz"
    r"|оценк|расч|підрахунк|оцінк"
    r"|tahmin|hesap|perkiraan|perhitungan|beräkning|uppskattning|beregning|skøn|arvio|lask)",
    re.IGNORECASE,
    stems="arvio;beregning;berekening;beräkning;calcul;count;càlcul;cálcul;estim;guess;hesap;"
    "judg;kenntnis;knowledge;lask;measurement;oblicz;perhitungan;perkiraan;rechnung;"
    "reckoning;schatting;schätzung;skøn;stima;szacunk;tahmin;uppskattning;view;wiedz;"
    "wissens;оценк;оцінк;підрахунк;расч",
)
_OF_OTHERS = frozenset({"other", "other-name", "base", "trial"})
GENITIVE = 14
_GENITIVE = regex(
    r"\s(?:card |run |training )?(?:of|to|for|von|der|du|de|del|di|do|van|av|af)?\s?(?:the |el |le |la )?",
    re.IGNORECASE,
)
_KILOGRAMS = regex(
    r"^(?![0٠۰][.,٫])\d.{0,12}?\d?[\s\u2060]?(?:k|t|К|к|Т|т|公斤|千克|吨|トン|キロ|킬로|톤|كيلو|طن|کیلو|تن|कि|टन)"
)
_INSTEAD = regex(
    r"instead of|rather than|statt|anstatt|anstelle|en vez de|en lugar de|au lieu de|plutôt que|em vez de"
    r"|ao invés|invece di|anziché"
    r"|in plaats van|zamiast|вместо|замість|i stället för|istället för|i stedet for|yerine|alih-alih"
    r"|thay vì|sijaan|en lloc de|ordez",
    re.IGNORECASE,
)
_COMPARES = regex(
    r"compar|in comparison|by contrast|in contrast|vergl|dagegen|hingegen|compara|confront|paragon"
    r"|vergelijk|porówn|сравн|порівн|比|jämför"
    r"|sammenlign|verrat|alder",
    re.IGNORECASE,
)
"""Words that compare, and do not say with what."""
_NAMES = regex(r"[^\W\d_]{2,}\s[^\W\d_]{2,}\s[^\W\d_]{2,}|[,;]\s")
FACTOR_REACH = 24
"""Signs between "multiply by" and the number that is one."""
_MADE = regex(r"[\d,;=:]")


def _is_included(text: str, start: int, low: int) -> bool:
    """Whether a word stands behind "including", and that is not negated."""
    found = _INCLUDING.search(text, start, low)
    return found is not None and not stands_before(_LEFT_OUT, text, found.start())


_LEFT_OUT = regex(
    r"\b(?:not|n't|nicht|pas|no|non|não|niet|nie|не|değil|belum|tidak|chưa|không|inte|ikke|ei|ez|ohne|without"
    r"|sans|sin|sem|senza)\b"
    r"[^.;,]{0,10}$|(?:不|未|没有|없이)$",
    re.IGNORECASE,
)


def is_negated(text: str, low: int) -> bool:
    """Whether a word stands behind a denial ("das waren nicht wir", "that was not us").

    Args:
        text: Plain text.
        low: Where the word begins.
    """
    return stands_before(_NEGATED, text, low)


def says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int], start: int) -> bool:
    """Whether a word is not said of the amount, whatever its concept."""
    concept, low, _ = word
    if at[0] <= low < at[1] or (concept in {"equal", "citation"} and low > at[0]):
        return True
    is_named = concept in _INCLUDED and text[word[2] : word[2] + 9].lower() == " included"
    if is_named or (concept in _INCLUDED and _is_included(text, max(start, low - REACH), low)):
        return True  # "including five-fold calibration": a part of the training that is told of
    if concept == "trial" and _FAILED.match(text, low) and _is_included(text, max(0, low - REACH), low):
        return True  # a training's own false starts; a search that is included makes it a project
    return concept in _CHECKS and _CHECKS[concept](text, word, words, at)


def _own_name_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """What others are like: "models like cairn"."""
    return stands_before(_LIKE, text, word[1])


_LIKE = regex(
    r"(?:\b(?:like|such as|similar to|comparable to|wie|comme|como|come|zoals|jak|вроде|типа|на кшталт"
    r"|gibi|seperti|như|som|kuten)\s|像)$",
    re.IGNORECASE,
)


def _own_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """Not this model's: "our data centre", "not ours", "by our reckoning", "version 1 of this model"."""
    return (
        _SUGGESTED.search(text, max(0, word[1] - 12), word[2]) is not None
        or (text[word[1] : word[1] + 3].lower() in _POSSESSIVES and _is_of_whose(text, word[1]))
        or stands_before(_NEGATED, text, word[1])
        or (_IN_POLISH.match(text, word[1]) is not None and _POLISH.search(text) is not None)
        or stands_before(_EACH_OF, text, word[1])
        or stands_before(_MORE_THAN, text, word[1])
        or _RECKONING.match(text, word[2]) is not None
        or any(0 <= one[1] - word[2] <= 12 for one in words if one[0] == "facility")
        or any(
            one[0] in _OF_OTHERS
            and not text[word[1] : word[2]].lower().startswith("you")
            and _GENITIVE.fullmatch(text[one[2] : word[1]])
            for one in words
            if 0 < word[1] - one[2] <= GENITIVE
        )
    )


_SUGGESTED = regex(r"\b(?:somebody|someone|they|he|she|who)\sproposed$", re.IGNORECASE)


def _is_of_whose(text: str, at: int) -> bool:
    """Whether "its" is said of another model that a relative clause is about."""
    whose = _WHOSE.search(text, 0, at)
    return whose is not None and not _OF_THIS.search(text, max(0, whose.start() - LOAD_REACH), whose.start())


_RELATIVE = regex(
    r"whose|dessen|deren|dont|l'article du|cuy[oa]s?|cuj[oa]s?|(?:il|i|la) cui|waarvan|któr\w+|автор|стат|карточ|vars"
    r"|hvis|jonka",
    re.IGNORECASE,
)
_OF_THIS = regex(
    r"\b(?:this|our|the|dieses|unser|das|ce|notre|le|este|nuestro|el|questo|il|nostro|dit|ons|het|ten|nasz|эта|наша)\s"
    r"(?:model\w{0,2}|modell\w{0,2}|modèle|checkpoint|adapter|модель)\s?,?\s$",
    re.IGNORECASE,
)
"""Before a relative clause that is about this model ("this model, whose paper ...")."""
_POSSESSIVES = frozenset({"its", "the"})
_WHOSE = regex(
    r"\bwhose (?:\w+ )?(?:paper|authors?|card|makers?|developers?|report|team|creators?|page|readme|documentation"
    r"|site)\b"
    r"[^.;:!?]{0,80}$",
    re.IGNORECASE,
    stems="whose",
)
"""Before what is said of the model that a relative clause is about ("whose paper puts its training at ...")."""
_IN_POLISH = regex(r"we\s[wf]\w", re.IGNORECASE)
"""Polish for "in" before words such as "wniosek"; in English it is who did it."""
_POLISH = regex(r"[ąćęłńśźż]")


def _train_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """The material, not the training ("the whole training set"), or what is trained already and used."""
    return _MATERIAL.match(text, word[2]) is not None or stands_before(_ALREADY, text, word[1])


_ALREADY = regex(
    r"(?:\b(?:already|once|ya|já|déjà|già|ja|bereits|fertig|al|reeds|już|уже|вже|zaten|sudah|đã|redan|allerede"
    r"|jo)\s|已|既に|이미)$",
    re.IGNORECASE,
)


def _base_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """What is tuned is the base model; the tuning is this model's."""
    if (
        text[word[1] : word[2]].lower().startswith("zugrunde")
        and text[word[2] : word[2] + 5].strip()[:4].lower() != "lieg"
    ):
        return True  # "300 g je kWh zugrunde gelegt"
    looked_at = (low for one, low, _ in words if one == "own" and 0 <= low - word[2] <= BASE_REACH)
    if any(text[low : low + 3].lower() == "you" for low in looked_at):
        return True  # "the base checkpoint you are looking at"
    return any(0 <= word[1] - end <= 24 for one, _, end in words if one == "finetune")


BASE_REACH = 12


def _source_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A tool or a meter is no other model: "according to CodeCarbon"."""
    if GRID.search(text, word[2], word[2] + TOPIC_REACH):
        return True  # "the power company's factor"
    if word[0] == "facility" and _IN_A.search(text, max(0, word[1] - 40), word[1]):
        return True  # a place, not who emits
    near = any(
        one == "measured" and 0 <= place - word[2] <= 24 and not any(map(str.isdigit, text[word[2] : place]))
        for one, place, _ in words
    )
    return near or TOOL_NEXT.match(text, word[2]) is not None


_IN_A = regex(
    r"\b(?:in|at|inside|im|bei|dans|en|em|no|na|nel|nella|w|в|у|i|på|bij)\s(?:(?:an?|the|our|my|his|her|their"
    r"|this|einem|einer|unserem"
    r"|unserer|dem|un|une|notre|el|la|nuestro|um|uma|nosso|uno|una|nostro|het|een|ons|nasz\w+|нашем|нашому|et"
    r"|ett|vår[at]?|vores)\s)?"
    r"(?:[^\W\d]\S*\s){0,2}$",
    re.IGNORECASE,
)
"""Before a building that something runs in."""


def _factor_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A factor is the number right behind the word, and none of kilograms of CO2 ("times the factor: 3.4 kg")."""
    return (
        (not text.isascii() and "CO" in text[at[0] : at[1]].upper())  # "times the coefficient makes 270 g of CO2"
        or any(one[0] in {"carbon", "emit"} and word[2] <= one[1] and one[2] <= at[0] for one in words)
        or not 0 <= at[0] - word[2] <= FACTOR_REACH
        or _MADE.search(text[word[2] : at[0]]) is not None
        or _KILOGRAMS.match(text[at[0] : at[1]]) is not None
    )


def _other_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A tool is no other model; and this model may be what is compared ("the last fit is tiny in comparison")."""
    is_of_this = _RELATIVE.match(text, word[1]) and _OF_THIS.search(text, max(0, word[1] - LOAD_REACH), word[1])
    if is_of_this or _source_says_nothing(text, word, words, at):
        return True
    if text[word[1] : word[1] + 4].lower() in {"publ", "repo", "stat", "give"} and stands_before(GRID, text, word[1]):
        return True  # "at the factor our retailer publishes"
    if word[1] >= at[1] and _INSTEAD.match(text, word[1]):
        return True
    if _USUAL.match(text, word[1]) or _LOAD_USUAL.search(text, max(0, word[1] - LOAD_REACH), word[1]):
        return True
    if _FIGURE_NEXT.match(text, word[1]) or (text[word[2] : word[2] + 1] == ":" and word[2] < at[0]):
        return True  # "larger than you might guess for a job of that size: 95 kg"
    if word[1] > at[0] or not _COMPARES.match(text, word[1]):
        return False
    if any(one.search(text, max(0, word[1] - REACH), word[1]) for one in (_LITTLE_BY, _ELECTRICITY)):
        return True  # "the tuning is small by comparison"; "Swedish electricity is clean compared with most"
    told = text[word[2] : at[0]]
    return any(one[0] in {"own", "we"} and one[2] <= word[1] for one in words) and not _NAMES.search(told)


_LITTLE_BY = regex(
    r"\b(?:small|tiny|little|modest|negligible|cheap|nothing|minor|light|klein|gering|winzig)\s(?:by|in|im)\s$"
)
_LOAD = (
    r"(?:utili[sz]\w*|load|power|draw|consumption|usage|wattage|tdp|values?|factors?|intensit\w+|mix|auslastung|last\b"
    r"|leistung\w*|verbrauch\w*|werte?n?\b|benutting|belasting|verbruik|vermogen|belastning|förbrukning|effekt|forbrug"
    r"|charge|consommation|puissance|carga|consumo|potencia|potência|utilizz\w+|carico|potenza|obciąż\w+|zużyci\w+)"
)
_USUAL = regex(rf"(?:typi|typo|usual)\w*\s(?:[^\W\d_]+\s)?{_LOAD}", re.IGNORECASE, stems="typi;typo;usual")
_LOAD_USUAL = regex(rf"{_LOAD}\s$", re.IGNORECASE)
LOAD_REACH = 24
"""What is usual of a machine or of a grid ("from the cards' limit and typical utilisation"): no other model."""
_FIGURE_NEXT = regex(
    r"(?:rather than|instead of) (?:an? )?(?:single |exact |precise |point |one )*(?:figures?|numbers?|values?"
    r"|estimates?|guess)\b",
    re.IGNORECASE,
)
"""How exactly an amount is told ("an interval rather than a figure")."""
_ELECTRICITY = regex(
    r"\b(?:el|electricity|strom|électricité|electricidad|eletricidade|elettricità|stroom|prąd|электр\w*"
    r"|електр\w*|strøm|sähkö\w*"
    r"|elektrik|listrik)\b|电|電力|전기|كهرباء|برق|बिजली",
    re.IGNORECASE,
)


def _many_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """So many hours or devices, no number of runs ("three hours and 0.6 kWh")."""
    return _COUNTED_THINGS.match(text, word[2]) is not None


_COUNTED_THINGS = regex(
    r"\s(?:and a half\s)?(?:(?:full|whole|long|big|small|old|new|rented)\s)?(?:h|hours?|days?|weeks?|months?"
    r"|minutes?|nights?|gpus?|cards"
    r"|chips?|nodes?|machines?|servers?|devices?|stunden|tagen?|wochen|heures|jours|semaines|horas|días|dias|semanas"
    r"|ore|giorni|uur|uren|dagen"
    r"|godzin\w*|dni|час\w*|дн\w+|годин\w*|saat|gün|jam|hari|giờ|ngày|timmar|dagar|timer|dage|tuntia|päivää)\b",
    re.IGNORECASE,
)


def _not_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """What belongs to this model is not left out ("of which 9.3 lb belong to this kidney model")."""
    is_belonging = text[word[1] : word[2]].lower().startswith("belong")
    return is_belonging and any(one[0] in OWN_WORDS and 0 <= one[1] - word[2] <= GENITIVE for one in words)


def _equal_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """A unit, no comparison ("in American units: 7.3 lb")."""
    is_own = any(one[0] in {"own", "own-name"} and 0 <= word[1] - one[2] <= GENITIVE for one in words)
    stands = is_own and text[word[1] : word[2]].lower() == "stands for"  # "what this release stands for: 52 kg"
    return _UNITS_OF.match(text, word[1]) is not None or stands


_UNITS_OF = regex(r"american(?: units| measure| terms)?\s?:|american (?:units|measure|terms)\b", re.IGNORECASE)
_CHECKS = {
    "example": example_says_nothing,
    "equal": _equal_says_nothing,
    "not": _not_says_nothing,
    "many": _many_says_nothing,
    "topic": topic_says_nothing,
    "infer": infer_says_nothing,
    "would": would_says_nothing,
    "project": project_says_nothing,
    "own": _own_says_nothing,
    "we": _own_says_nothing,
    "own-name": _own_name_says_nothing,
    "train": _train_says_nothing,
    "base": _base_says_nothing,
    "other": _other_says_nothing,
    "according": _source_says_nothing,
    "facility": _source_says_nothing,
    "ofwhich": share_says_nothing,
    "factor": _factor_says_nothing,
    "annual": annual_says_nothing,
    "part": part_says_nothing,
    "rate": rate_says_nothing,
    "saved": saved_says_nothing,
    "plan": plan_says_nothing,
}
"""Of each concept, when a word of it is not said of the amount."""
