"""When words for a year, an average or a country are said of the electricity, and not of the amount beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.card.extract.said_of_plans import KWH_NEAR, REACH, Word, stands_before
from mining.patterns import regex

__all__ = ["GRID", "MEAN_OF", "TOPIC_REACH", "annual_says_nothing", "part_says_nothing", "topic_says_nothing"]

GRID = regex(
    r"grid|mix\b|stroom|intensit|інтенсив|интенсив|intensywn|(?:power|electric\w*|national|public|supply) network"
    r"|network(?:['’]s)? (?:average|mix|factor)|strom|netz|réseau|réseaux|\bred\b|\brete\b"
    r"|xarxa|sieci|сет[ьи]|мереж|şebeke|jaringan|lưới"
    r"|national|nazional|nacional|landesweit|krajow|национал|全国|국내|nasional|ulusal"
    r"|fa[ck]tor|coeff?icient|koeffi[zc]ient|коэффициент|коефіцієнт|współczynnik|kerroin|kertoim|fattore|系数|係数"
    r"|계수|معامل|ضریب|katsayı"
    r"|电网|電力|电力|전력|شبك|شبک|ग्रिड|elnät|elmix|elnet|sähkö|sare",
    re.IGNORECASE,
)


_AT_AN = regex(
    r"\b(?:at|with|using|by|under)\s(?:the|an?|our)\s(?:[^\W\d_]+\s){0,2}$|\b(?:beim|mit dem|nach dem)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
"""Before an average with which something was multiplied."""


_AVERAGE = regex(
    r"averag|mean|keskimäär|mitt|durchschn|moyen|promedi|medi|média|mitjan|gemiddeld|średni|средн|середн"
    r"|ortalama|rata-rata"
    r"|trung bình|平均|평균|متوسط|میانگین|औसत|snitt|gennemsnit|keskiarv|batez",
    re.IGNORECASE,
)


_GRID_NEXT = regex(
    r"[^,.;]{0,24}(?:mix|average|factor|intensit|\bgrid|\bmean\b|faktor|netz|moyenn|mezcla|\bmedi[ao]\b|\brete\b"
    r"|gemiddeld|średni|средн|ortalama"
    r"|rata-rata|trung bình|平均|평균|متوسط|میانگین|औसत|genomsnitt|gennemsnit|keskiarvo|batez)",
    re.IGNORECASE,
    stems="average;batez;factor;faktor;gemiddeld;gennemsnit;genomsnitt;grid;intensit;keskiarvo;"
    "mean;medi;mezcla;mix;moyenn;netz;ortalama;rata-rata;rete;trung bình;średni;средн;"
    "متوسط;میانگین;औसत;平均;평균",
)


TOPIC_REACH = 24


def annual_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """Of the grid, not of the amount: "the annual mix", "the mix that the agency gives for last year"."""
    if stands_before(GRID, text, word[1]) or _ONE_OF_GRIDS.match(text, word[2]):
        return True
    if stands_before(_AVERAGE_OF, text, word[1]):
        return True  # "at the UK average of that month"
    return _GRID_NEXT.match(text, word[2]) is not None


_AVERAGE_OF = regex(
    r"\b(?:average|mean|mix|durchschnitt|mittel|moyenne|promedio|media|média|gemiddelde|średnia|средн\w+|snitt\w*"
    r"|keskiarvo\w*)\s"
    r"(?:of|for|in|from|des|der|von|de|du|del|di|do|van|z|za|за|för|for)\s(?:the\s|la\s|le\s|el\s)?$",
    re.IGNORECASE,
)
_ONE_OF_GRIDS = regex(
    r"\s(?:[^\W\d_]+\s)?(?:one|ones|figures?|number)\b|[^.;:\d]{0,48}\b(?:figures?|numbers?|values?|average)\b[^."
    r";:\d]{0,24}\bgrid\b",
    re.IGNORECASE,
)
"""Behind "annual", a figure of the grid whose word is left out ("the hourly figures or the annual UK one")."""


def part_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """The average is the grid's: "counted with the Swedish grid average"; a part of a kilowatt-hour is none."""
    if KWH_NEAR.search(text, max(0, word[1] - 14), word[2] + 20) and not _MEMBER.search(text, word[1], word[2]):
        return True
    if stands_before(_ABOVE_IT, text, word[1]):
        return True  # "over and above idle": what the training drew beyond it
    if stands_before(_FACTOR_OF, text, word[1]) and word[1] < at[0]:
        return True  # "the factor of the grid in each month"
    if _is_the_whole(text, word, words):
        return True
    if word[1] >= at[1] and _LEFT_ASIDE.search(text, word[2], word[2] + REACH):
        return True  # "and their figure for an idle server has been left out"
    if _AVERAGE.search(text, word[1], word[2]) is None:
        return False
    around = text[max(0, word[1] - REACH) : word[2] + REACH]
    if MEAN_OF.match(text, word[2]) or _OF_METERS.match(text, word[2]):
        return True  # "averaged over the three meters": of measurements of one thing
    # "37 kg at the US average"; before its amount an average is one of several runs
    at_a_mean = word[1] >= at[1] and stands_before(_AT_AN, text, word[1])
    of_a_country = stands_before(_OF_A_COUNTRY, text, word[1])
    return at_a_mean or of_a_country or GRID.search(around) is not None


_LEFT_ASIDE = regex(
    r"[^.;]{0,40}\b(?:left (?:out|aside|off)|not (?:included|counted)|excluded|omitted|ignored|disregarded)\b",
    re.IGNORECASE,
)


def _is_the_whole(text: str, word: Word, words: Sequence[Word]) -> bool:
    """Whether a part is what is published here: "the released weights are seed 2, thus a third of that"."""
    if _OF_THAT.match(text, word[1]) and any(one[0] == "own" and one[2] <= word[1] for one in words):
        return True
    # Polish and Russian for "due to the run that ...", not "a run"
    return stands_before(_DUE_TO, text, word[1]) or _WHICH_ONE.match(text, word[2]) is not None


_OF_THAT = regex(r"(?:an?|one)?\s?(?:third|half|quarter|fifth|tenth)\sof\s(?:that|it|this|them)\b", re.IGNORECASE)
_DUE_TO = regex(r"\b(?:przypad\w+|przypis\w+|прих(?:од|оди)\w+|припада\w+|приш\w+)\s(?:[^\W\d]+\s)?$", re.IGNORECASE)
_WHICH_ONE = regex(r",\s(?:(?:z|w|из|в|з|у|с)\s)?(?:któr|котор|як[аоиі]|що\b|дав)", re.IGNORECASE)
_MEMBER = regex(r"member", re.IGNORECASE)
"""What draws energy itself ("a member draws 8.4 kWh")."""
_ABOVE_IT = regex(
    r"\b(?:over and above|above|minus|net of|beyond|less|without|excluding|subtract\w*"
    r"|deduct\w*)\s(?:the\s)?(?:usual\s)?$",
    re.IGNORECASE,
)
_FACTOR_OF = regex(r"\b(?:fa[ck]tor|fator|facteur|fattore|intensi\w+|współczynnik\w*)\b[^.;:,\d]{0,32}$", re.IGNORECASE)


_OF_A_COUNTRY = regex(
    r"\b(?:[Ww]ith|[Aa]t|[Uu]sing|[Bb]y|[Oo]n|[Pp]er|[Uu]nder)\s(?:the|an?|our)\s"
    r"(?:[A-Z][\w.'’-]*|national|regional|state|provincial|local|country|continental|global|world)\s(?:[a-z]+\s)?$"
    r"|\b(?:[Ww]ith|[Aa]t|[Uu]sing|[Bb]y|[Pp]er)\s[A-Z][\w.-]*['’]s\s(?:[a-z]+\s)?$"
)
"""Before the average of a country's electricity, whose word for it is left out ("with the UK average of 2023")."""


MEAN_OF = regex(
    r"\w{0,2}\s(?:\d[\d.,]{0,6}\s?k?W(?:atts?)?|power|wattage|draw|watts|load|utili[sz]ation)\b"
    r"|\w*\s(?:of|der|des|de la|del|du|do|da|della|van het|van de)\s(?:(?:the|that|its|our)\s)?(?:\w+\s)?(?:region|grid"
    r"|country|state|zone|province|network|landes|netzes|réseau|pays|país|región|região|rede|regione|paese|rete|regio|sieci"
    r"|kraju|сети|региона|страны|мережі|регіону|країни)\b",
    re.IGNORECASE,
)
"""Behind the word for a mean: it is of a power, or of a grid ("the published average of the region")."""
_OF_METERS = regex(
    r"\s(?:power|wattage|draw|watts|load|utili[sz]ation|electricity price|consumption per|leistung\w*|puissance"
    r"|potencia"
    r"|potência|potenza|vermogen|moc|мощност\w*|потужн\w*|功率|電力|전력)\b"
    r"|\w*\s(?:of|over|across|from|von|über|aus|de|sur|entre|di|tra|van|z|по|з|av"
    r"|af)\s(?:[^\W\d_]+\s){0,3}(?:meters?|tools?|trackers?|readings?"
    r"|measurements?|estimat\w+|methods?|calculators?|messgerät\w*|zähler\w*|messungen|methoden|compteurs?"
    r"|mesures?|outils?"
    r"|medidor\w*|medici\w+|contador\w*|herramientas|métodos?|medi[çd]\w+|ferramentas|contatori|misur\w+"
    r"|strumenti|metingen|meters"
    r"|pomiar\w*|liczni\w+|измерен\w+|счётчик\w*|метод\w*|вимірюван\w*|лічильник\w*|mätning\w*|måling\w*)\b",
    re.IGNORECASE,
    stems="power;watt;draw;load;tili;price;consumption per;leistung;puissance;potenc;potênc;potenz;vermogen;moc"
    ";мощност;потужн;功率;電力;전력;calculator;compteur;contador;contatori;estimat;ferramentas;herramientas;liczni;"
    "measurement;medi;messgerät;messungen;mesure;meter;method;metingen;misur;mätning;"
    "måling;método;outil;pomiar;reading;strumenti;tool;tracker;zähler;вимірюван;измерен;"
    "лічильник;метод;счётчик",
)


def topic_says_nothing(text: str, word: Word, words: Sequence[Word], at: tuple[int, int]) -> bool:
    """Of the grid's factor, not of what emits ("the yearly Italian factor", "with country-level factors")."""
    is_yearly = text[word[1] : word[2]].lower().startswith(("annual", "yearly"))
    if is_yearly and _ONE_OF_GRIDS.match(text, word[2]):
        return True
    return GRID.search(text, max(0, word[1] - TOPIC_REACH), word[2] + TOPIC_REACH) is not None
