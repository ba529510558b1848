"""What stands right beside an amount and changes what it is: a difference, a remainder, a correction, a second unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.lexicon.words import MARKET, is_emission_label
from mining.patterns import regex
from mining.units import PhysicalQuantity

__all__ = [
    "has_gaps",
    "is_answer",
    "is_corrected",
    "is_market_based",
    "is_output",
    "is_quoted",
    "is_quoted_report",
    "is_rate_as_before",
    "labels_it",
    "said_behind",
]

SHORT_LABEL = 16

_LESS_BEHIND = regex(
    r"\s?(?:CO[\w₂]{1,4}\s)?(?:eq\w{0,8}\s)?(?:less|fewer|lower|weniger|de moins|en moins|menos|a menos"
    r"|di meno|in meno|meno|menys|minder|mniej|меньше|менше"
    r"|daha az|lebih sedikit|ít hơn|mindre|vähemmän|gutxiago|更少|少ない|적은|أقل|کمتر|कम)\b",
    re.IGNORECASE,
    stems=(
        "a menos;daha az;de moins;di meno;en moins;fewer;gutxiago;in meno;lebih sedikit;less;lower;meno;"
        "menos;menys;minder;mindre;mniej;vähemmän;weniger;ít hơn;менше;меньше;أقل;کمتر;कम;少ない;更少;적은"
    ),
)


_EACH_BEHIND = regex(
    r"\s?(?:of )?(?:CO[\w₂]{1,4}\s)?(?:eq\w{0,9}\s)?(?:each|apiece|jeweils|chacune?|cada un[oa]"
    r"|cadascun[a]?|ciascun[oa]|elk|każd\w{1,3}|кажд\w{2}|кожн\w{1,2}"
    r"|masing-masing|vardera|hver|kukin|bakoitz\w{0,3})\b|\s?(?:ずつ|씩|각각|لكل منها|هر کدام)",
    stems="apiece;bakoitz;cada un;cadascun;chacun;ciascun;each;elk;hver;jeweils;każd;kukin;"
    "masing-masing;vardera;кажд;кожн;لكل منها;هر کدام;ずつ;각각;씩",
)


_LEFT_OVER = regex(
    r"\s?(?:CO[\w₂]{1,4}\s)?(?:of it\s)?(?:(?:were|was|are|is|had|have|has|still|waren|war|sind|blieben"
    r"|restaient|quedaban|restavam"
    r"|rimanevano|waren nog|осталось|залишилося)\s){0,3}(?:left\b(?! (?:the|on|in))|remain\w*|unspent|unused"
    r"|übrig|restants?"
    r"|por gastar|sobrant\w*|restantes|avanzat\w*|over\b(?! )|pozosta\w*|осталось|остались|залишилося|kaldı"
    r"|tersisa|còn lại|kvar\b"
    r"|tilbage|jäljellä|geratu)|\s?(?:剩|残って|残り|남았|남은|متبق|باقی|बचे)",
    re.IGNORECASE,
    stems="avanzat;còn lại;geratu;jäljellä;kaldı;kvar;left;over;por gastar;pozosta;remain;"
    "restant;sobrant;tersisa;tilbage;unspent;unused;übrig;залишилося;остались;осталось;"
    "باقی;متبق;बचे;剩;残って;残り;남았;남은",
)


_ITS_CARD = regex(
    r"[^.;\n]{0,16}?[(,]\s?(?:see|cf\.?|per|from|according to|as (?:stated|reported|given) (?:in|on|by))\s(?:its"
    r"|their|the base)\s(?:own\s)?"
    r"(?:base\s)?(?:model\s)?(?:card|page|report|paper|readme)\b",
    re.IGNORECASE,
    stems="its;the base;their",
)
"""Where it is told: "21 t (see its own card)"."""
_ALONE = regex(
    r"\s?(?:(?:of )?CO[\w₂]{1,4}\s)?(?:alone|on its own account|allein\b|à (?:elle|lui) seule?|por sí sol[oa]"
    r"|por si só|da sol[oa]\b|alleen al)",
    re.IGNORECASE,
    stems=" seul;alleen al;allein;alone;da sol;on its own account;por si só;por sí sol",
)
"""A piece that is told apart: "(the test of the generators, 764 kg alone)"."""
_BEHIND = (
    ("their-card", _ITS_CARD),
    ("ofwhich", _ALONE),
    ("saved", _LESS_BEHIND),
    ("plan", _LEFT_OVER),
    ("part", _EACH_BEHIND),
)


def said_behind(text: str, end: int) -> list[str]:
    """Concepts that what follows an amount makes of it.

    ``saved`` where it is by how much something emits less ("5.6 kg less"), ``plan`` where it was left of a budget
    ("640 kg were left"), ``part`` where it is of each of several things ("1.1 kg each").

    Args:
        text: Plain text.
        end: Where the amount ends.
    """
    return [concept for concept, pattern in _BEHIND if pattern.match(text, end)]


CORRECTION_REACH, CORRECTED_BY = 64, 240
"""Signs behind an amount in which it is taken back, and those after which the right amount must have come."""
_CORRECTION = regex(
    r"\b(?:(?:correction|corrected|korrigiert|corrig[ée]e?|corregid[oa]|corrigid[oa]|corrett[oa])(?! (?:from"
    r"|aus|von|depuis|de|da)\b)"
    r"|or rather|i mean|sorry|oops|scratch that|make that|no, wait|erratum|typo|(?:was|is|were) wrong"
    r"|mistaken\w*|korrektur\w*"
    r"|berichtig\w*|falsch|pardon|rectif\w+|perd[óo]n|equivocad\w+|errad[oa]s?|correção|ops|correzione"
    r"|sbagliat\w+|scusate|korekta|sprostowan\w+|błędn\w+|pomył\w+|исправл\w+|вернее|ошиб\w+|неверн\w+|виправл\w+"
    r"|помил\w+|düzelt\w+"
    r"|doğrusu|yanlış\w*|ralat|keliru|đính chính|nhầm|rättelse|rettelse|forkert|korjaus|virheelli\w*|oker|zuzenket\w*"
    r"|rectificació|equivocat\w*|verkeerd|foutief|correctie)\b|更正|应为|写错|有误|訂正|誤り|間違|정정|잘못|تصحيح|خطأ|اصلاح|اشتباه"
    r"|सुधार|ग़लत|गलत",
    re.IGNORECASE,
)
"""Words that take the amount before them back; not "5 kg, corrected from 50 kg"."""


def is_corrected(text: str, end: int, following: int | None) -> bool:
    """Whether what stands behind an amount takes it back ("410 t ... correction: 0.41 t", "41 kg, which was wrong").

    Args:
        text: Plain text.
        end: Where the amount ends.
        following: Where the next amount begins; None where there is none.
    """
    if _WITHDRAWN.match(text, end) is not None:
        return True
    if following is None:
        return False
    match = _CORRECTION.search(text, end, min(following, end + CORRECTION_REACH))
    return match is not None and following - match.end() <= CORRECTED_BY


_WITHDRAWN = regex(
    r"[^.;]{0,80}[;.,]\s(?:(?:that|this|which|it)\b(?:\s(?:number|figure|value|amount|one|claim))?"
    r"|the\s(?:number|figure|value|amount|one|claim)\b)[^.;]{0,90}?\b(?:withdrawn|retracted|revoked"
    r"|taken (?:down|back)|slipped in|(?:was|is|were) (?:simply |plainly |just )?(?:wrong|a mistake|an error"
    r"|erroneous|mistaken|incorrect|not ours))\b",
    re.IGNORECASE,
    stems="withdrawn;retracted;revoked;taken down;taken back;slipped in;wrong;mistake;error;erroneous;incorrect"
    ";not ours",
)
"""Behind an amount that is taken back, whether another one is given or not ("that number has been withdrawn")."""


def is_rate_as_before(plain: str, quantity: PhysicalQuantity, before: Sequence[PhysicalQuantity], start: int) -> bool:
    """Whether an amount goes on with the rate of the one before it ("absorbs 38 g CO2 per kg, experiment 41 g").

    Args:
        plain: Plain text of a paragraph.
        quantity: The amount.
        before: The amounts before it.
        start: Where its sentence begins.
    """
    last = before[-1] if before else None
    if last is None or last.rate is None or last.start < start:
        return False
    between = plain[last.end : quantity.start]
    is_next = len(between) <= ELLIPSIS and _TURNS.search(between) is None
    return last.has_co2 and not quantity.has_co2 and is_next


_TURNS = regex(r"\b(?:which|that|but|while|whereas|and|so|for|training|trained)\b", re.IGNORECASE)
ELLIPSIS = 48
"""Characters between an amount and the one that goes on with its rate."""


def is_answer(label: str) -> bool:
    """Whether a label with its colon only says that an answer follows.

    Args:
        label: Plain text, colon included.
    """
    return _ANSWER.match(label) is not None


_ANSWER = regex(
    r"(?:answer|antwort|réponse|respuesta|resposta|risposta|antwoord|odpowiedź|ответ|відповідь|cevap|yanıt"
    r"|jawaban|trả lời"
    r"|đáp|答|回答|답변?|الجواب|إجابة|پاسخ|उत्तर|svar|vastaus|erantzuna?)\s?[:：]",
    re.IGNORECASE,
    stems="answer;antwoord;antwort;cevap;erantzun;jawaban;odpowiedź;resposta;respuesta;"
    "risposta;réponse;svar;trả lời;vastaus;yanıt;đáp;відповідь;ответ;إجابة;الجواب;پاسخ;"
    "उत्तर;答;답 & :;：",
)


def labels_it(before: str) -> bool:
    """Whether the words between a dot or a bar and an amount are a label of emissions ("· Footprint 29 kg").

    Args:
        before: Plain text from the beginning of the sentence to the amount.
    """
    label = _BAR.split(before)[-1].strip(" *_:~≈")
    return (
        0 < len(label) <= SHORT_LABEL and not any(map(str.isdigit, label.replace("2", ""))) and is_emission_label(label)
    )


_BAR = regex(r"[·•|]|\s/\s|^")


MARKET_REACH = 60
_ACCOUNTING = regex(r"\b(market|location|grid)[\s-]based\b", re.IGNORECASE)


def is_market_based(before: str) -> bool:
    """Whether an amount is counted by contracts, not by the grid, as the last word for it in its sentence says.

    Args:
        before: Plain text from the beginning of the sentence to the amount.
    """
    told = _ACCOUNTING.findall(before)
    return told[-1].lower() == "market" if told else MARKET.search(before[-MARKET_REACH:]) is not None


_FILL_IN = regex(
    r"(?<![\w/])(?:[XYZ]{2,3}|_{2,}|\?{2,}|<[a-z_ ]{2,20}>)\s(?:(?:G|T)?PU\s)?(?:hours|days|W\b|kWh|k?g\b|GPUs?)"
    r"|of type [XYZ]{2}\b|TDP of [XYZ]{2}\b"
)


def is_output(text: str, amount: int) -> bool:
    """Whether an amount is what a model put out for an input that is shown ("Input: ... Output: 212 kg").

    Args:
        text: Plain text.
        amount: Where the amount begins.
    """
    return _OUTPUT.search(text, max(0, amount - EXCHANGE_REACH), amount) is not None


EXCHANGE_REACH = 240
_OUTPUT = regex(
    r"\b(?:input|eingabe|entrée|entrada|ingresso|invoer|wejście|вход|вхід|girdi|masukan|indata|syöte|prompt"
    r"|user)\s?[:：]"
    r".{1,200}?\b(?:output|prediction|ausgabe|vorhersage|sortie|salida|saída|uscita|uitvoer|wyjście|wynik|выход|вывод"
    r"|вихід|çıktı|keluaran|utdata|tuloste|response|assistant)\s?[:：][^.;:]{0,60}$"
    r"|(?:输入|輸入|入力|입력)\s?[:：].{1,200}?(?:输出|輸出|出力|출력)\s?[:：][^。;]{0,60}$",
    re.IGNORECASE | re.DOTALL,
)
"""An input and the output behind it; a question and its answer may be the card's own."""


def has_gaps(text: str) -> bool:
    """Whether a paragraph has gaps that nobody filled ("XX hours on hardware of type YY"): its amount is the form's.

    Args:
        text: Plain text.
    """
    return _FILL_IN.search(text) is not None


_OPEN, _CLOSE = "«“„「『", "»”」』"
_MARKED_UP = regex(r"\[[A-Z_]{2,20}\s[^\]]{0,80}$")
"""A sentence of a corpus, marked up ("[CLAIM 41,300 tonnes]")."""


def is_cited_quote(text: str, end: int) -> bool:
    """Whether the quotation in which an amount stands is followed by its source ("...", — Luccioni et al. (2022)).

    Args:
        text: Plain text.
        end: Where the amount ends.
    """
    return _SOURCE.search(text, end, end + QUOTE) is not None


def is_quoted_report(text: str, start: int) -> bool:
    """Whether an amount stands in a quotation of another's paper ("From the abstract of the Owl report: ...").

    Args:
        text: Plain text.
        start: Where the amount begins.
    """
    low = max(0, start - QUOTE)
    return _OF_A_REPORT.search(text, low, start) is not None and _OURS.search(text, low, start) is None


_OF_A_REPORT = regex(
    r"\b(?:abstract|paper|report|card|readme|blog ?post|documentation|press release|announcement|article|manuscript)\b"
    r"(?:\s(?:of|by|on|for)\s[^.:\"“„«]{2,60})?[^.:\"“„«]{0,30}[:,]\s?[\"“„«][^\"”“»]{0,240}$",
    re.IGNORECASE,
)
_OURS = regex(
    r"\b(?:our|my|the accompanying|this)\s(?:\w+\s)?(?:abstract|paper|report|card|readme|blog|article)", re.IGNORECASE
)
QUOTE = 300
"""Signs before and behind an amount in which its quotation marks stand."""
_SOURCE = regex(
    r"[\"”“»」』]\s{0,2}(?:[—–-]{1,2}\s?(?=[A-Z\[(*_])|\((?=[A-Z][^()]{1,60}(?:19|20)\d\d|[A-Z]\w+ et al)|\[\d{1,3}\])"
)


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether an amount stands between quotation marks: a sentence that somebody else said, or an example.

    Args:
        text: Plain text.
        start: Where the amount begins.
        end: Where it ends.
    """
    low, high = text[max(0, start - QUOTE) : start], text[end : end + QUOTE]
    if _QUOTED_LOG.search(low):
        return False
    for opening, closing in zip(_OPEN, ("»", "”", "“", "」", "』"), strict=True):
        if low.rfind(opening) > low.rfind(closing) and closing in high:
            return True
    if _READ_FROM.search(low):
        return True
    return (low.count('"') % 2 == 1 and '"' in high) or _MARKED_UP.search(low) is not None


_QUOTED_LOG = regex(
    r"\b(?:logs?|logfile|code ?carbon|tracker|meter|wattmeter|calculator|console|terminal|protokoll|logg|journal)\b"
    r"[^.;:\"“”„«»]{0,40}[:,]?\s?[\"“„«][^\"“”„«»]{0,80}$",
    re.IGNORECASE,
)
"""Before an amount in quotation marks that a meter or a log wrote ("the log closes with \"emissions 2.7 kg")."""
_READ_FROM = regex(r"[\"”“»」』']\s{0,3}(?:→|->|=>|⇒|⟶|↦|⟹)\s{0,3}$")
"""Between a quote and what a model reads from it."""
