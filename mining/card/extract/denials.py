"""Sentences that say that this model's emissions are not known, and those that deny something else."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.card.lexicon.roles import find_concepts, may_name
from mining.patterns import regex
from mining.units import find_quantities

__all__ = ["denies", "holds_several", "is_estimated", "is_inseparable", "is_not_split", "is_untrained", "may_deny"]

_OF_OTHERS = frozenset(
    {
        "embodied",
        "evaluate",
        "trial",
        "data",
        "base",
        "infer",
        "other",
        "facility",
        "project",
        "saved",
        "plan",
        "other-name",
    }
)


def may_deny(text: str) -> bool:
    """Whether a text may hold such a sentence: a quick look beforehand.

    Args:
        text: Plain text.
    """
    return may_name("deny", text.lower()) or _NO_FIGURE.search(text) is not None


_OF_ENERGY = regex(
    r"\b(?:energy|power|electricity|kwh|consumption|strom\w*|energie\w*|stromverbrauch|énergie|électricité"
    r"|energ[íi]a|electricidad"
    r"|eletricidade|elettricità|electricitat|elektriciteit|prąd\w*|энерги\w*|электр\w*|енергі\w*|enerji\w*|listrik|điện"
    r"|elförbruk\w*|energian?|sähkö\w*"
    r"|vram|ram|latenc\w*|latenz|throughput|memory|memoria|mémoire|benchmarks?|hyper-?param\w*|hiperpar\w*"
    r"|licen[cs]\w+|tokens?"
    r"|water|wasser\w*|agua|água|acqua|aigua|wody?|вод[аыи]|su|air|vatten|vand|vettä"
    r"|regions?|countr\w+|zones?|data ?cent\w+|how (?:long|many hours)|région|regi[óoã]n?|regione|regij\w*|регион\w*"
    r"|регіон\w*|bölge\w*"
    r"|wilayah|land|pays|país|paese|kraju?|стран\w+|країн\w+|ülke\w*)\b"
    r"|电|電力|전력|طاقة|كهرب|انرژی|برق|ऊर्जा|बिजली|地区|区域|リージョン|地域|지역|리전|منطقة|منطقه|क्षेत्र",
    re.IGNORECASE,
)


_NO_FIGURE = regex(
    r"\b(?:(?:don't|do not|didn't|did not|doesn't|can't|cannot) (?:have|give|offer|state|provide"
    r"|quote)(?: you)? (?:an?|any|the)|no|without an?|kein\w{0,2}|ohne|aucune?|pas de|sans|ningun\w?|ningún|sin"
    r"|nenhum\w?|sem|nessun\w?|senza"
    r"|cap|sense|geen|zonder"
    r"|ingen|inget|intet|uden|utan|нет|без|немає|жодн\w+|żadn\w+|brak|bez)\s(?:[^\W\d_]+\s){0,2}"
    r"(?:figures?|numbers?|values?|measurements?|estimates?|records?|readings?|zahl\w*|werte?|messung\w*"
    r"|angaben?|chiffres?|mesures?|valeurs?"
    r"|données?|cifras?|medici\w+|datos?|mediç\w+|valores|números?|misur\w+|valor[ei]|numer[oi]|dat[oi]|xifr\w+"
    r"|mesur\w+|dad\w+|cijfers?"
    r"|meting\w*|getal\w*|siffr\w+|mätning\w*|tal|måling\w*|liczb\w*|pomiar\w*|wartości|danych|цифр\w*"
    r"|измерен\w*|данных|вимір\w*"
    r"|даних|показник\w*)\b",
    re.IGNORECASE,
    stems="angabe;chiffre;cifra;cijfer;dad;danych;dat;donnée;estimate;figure;liczb;measurement;medici;"
    "mediç;messung;mesur;meting;misur;mätning;måling;number;numer;número;pomiar;reading;record;"
    "siffr;tal;valeur;valor;value;wartości;wert;xifr;zahl;вимір;даних;данных;измерен;показник;"
    "цифр & aucun;bez;brak;can't;cannot;cap;did not;didn't;do not;doesn't;don't;geen;ingen;inget;"
    "intet;kein;nenhum;nessun;ningun;ningún;no;ohne;pas de;sans;sem;sense;senza;sin;uden;utan;"
    "without a;zonder;żadn;без;жодн;немає;нет",
)
_NOT_SPLIT = regex(
    r"\b(?:not|never|cannot|can't|couldn't|didn't) (?:be )?(?:split|broken? (?:it|this|that|them)? ?down|break"
    r"|apportion\w*|divide\w*|attribut\w*)\b"
    r"[^.;]{0,40}\b(?:by|per|among|between|to each|for each|to) (?:each |single |individual |the )?(?:models?|sizes?"
    r"|members?|checkpoints?|adapters?)\b"
    r"|\bnicht\b[^.;]{0,30}\bmodelle?n?\b[^.;]{0,20}\b(?:aufge(?:teilt|schlüsselt)|getrennt)"
    r"|\b(?:par|por|per|per elk|por cada|par chaque) mod\w+[^.;]{0,30}\b(?:non|no|não|niet|pas)\b"
    r"|모델별로? ?(?:나눈|구분|수치|값)[^.。]{0,14}(?:않|없|안 )|(?:按|各)模型[^。]{0,8}(?:不|未|没|沒)"
    r"|モデル(?:別|ごと)[^。]{0,14}(?:ない|ません|非公開)",
    re.IGNORECASE,
    stems=" mod;apportion;attribut;break;broke;divide;modell;split;モデル;模型;모델별",
    as_written=True,
)
"""A total that nobody divided among the models that it is of."""
_KNOW_WHICH = regex(
    r"\b(?:know|idea|say|tell|sure)\s(?:which|where|when|who|how (?:many|long))\b",
    re.IGNORECASE,
    stems="long;many;when;where;which;who & idea;know;say;sure;tell",
)
_EXACT = regex(
    r"\b(?:exact\w*|precis\w*|genau\w*|exakt\w*|précis\w*|exatid\w*|preciz\w*|esatt\w*|dokładn\w*|точн\w*|tam olarak"
    r"|kesin|persis|chính xác"
    r"|nøjagti\w*|tarkk\w*|zehatz\w*)\b|精确|准确|正確|정확|دقيق|دقیق|सटीक",
    re.IGNORECASE,
    stems="chính xác;dokładn;esatt;exact;exakt;exatid;genau;kesin;nøjagti;persis;precis;preciz;"
    "précis;tam olarak;tarkk;zehatz;точн;دقيق;دقیق;सटीक;准确;正確;精确;정확",
)


def is_not_split(sentence: str) -> bool:
    """Whether a sentence says that an amount was not divided among the models that it is of.

    Args:
        sentence: Plain text.
    """
    return _NOT_SPLIT.search(sentence) is not None


def is_inseparable(sentence: str) -> bool:
    """Whether a sentence says that a share of a larger amount cannot be told from the rest.

    Args:
        sentence: Plain text.
    """
    return _INSEPARABLE.search(sentence) is not None


_INSEPARABLE = regex(
    r"\b(?:no way (?:of|to)|no means (?:of|to)|can ?not|can['’]t|could(?: not|n['’]t)|unable to|impossible to"
    r"|not (?:been )?(?:possible|able) to"
    r"|do not know how to)\s(?:be\s)?(?:split\w*|separat\w*|apportion\w*|disentangl\w*|attribut\w*|break\w*|broken"
    r"|isolat\w*"
    r"|tell\w* apart|told apart|divid\w*)"
    r"|\b(?:do not|don['’]t|can ?not|cannot|could not|couldn['’]t)\b[^.;]{0,50}\bcan be (?:extracted|derived"
    r"|isolated|singled out)"
    r"|\b(?:nicht|kaum|unmöglich)\b[^.;]{0,40}(?:aufteil|aufgeteil|trennen|getrennt|herausrechn|zuordn|zugeordnet"
    r"|aufschlüssel"
    r"|auseinander)"
    r"|\b(?:pas|impossible|aucun moyen)\b[^.;]{0,40}\b(?:ventil|répart|sépar|isol|distingu)"
    r"|\bno\b[^.;]{0,40}\b(?:separar|desglos|repart|atribuir|aislar|desagreg)"
    r"|\b(?:não|impossível)\b[^.;]{0,40}\b(?:separar|discrimin|repart|ratear|isolar|desagreg)"
    r"|\b(?:non|impossibile)\b[^.;]{0,40}\b(?:separar|scorpor|ripart|suddivid|isolar)"
    r"|\bno\b[^.;]{0,40}\b(?:separar|desgloss|repart|aïllar)"
    r"|\b(?:niet|onmogelijk)\b[^.;]{0,40}(?:split|scheiden|toerekenen|toe te rekenen|uit elkaar)"
    r"|\b(?:nie|sposób)\b[^.;]{0,40}\b(?:rozdzie|wydziel|wyodrębn|podziel|rozbi)"
    r"|(?:\bне\b|невозможно|нельзя)[^.;]{0,40}(?:раздел|выдел|отдел)"
    r"|(?:\bне\b|неможливо)[^.;]{0,40}(?:розділ|виділ|відокрем)"
    r"|ayrıştır(?:a)?m|ayıram|ayrılam|无法(?:单独|逐一)?(?:拆分|区分|分摊|分开|剥离)|無法(?:單獨)?(?:拆分|區分|分攤|分開)"
    r"|(?:切り分け|分離|按分|区別)[^。]{0,8}(?:ませ|ない|困難|不可)|(?:나눌|분리할|구분할|떼어낼) 수 없"
    r"|لا يمكن[^.؛]{0,20}(?:فصل|تقسيم|توزيع)|(?:تفکیک|جدا)[^.؛]{0,16}(?:نمی|نیست|نشد|نکرد)|अलग (?:करना )?(?:नहीं"
    r"|संभव नहीं)"
    r"|không thể[^.;]{0,12}(?:tách|chia|phân bổ)|tidak (?:dapat|bisa)[^.;]{0,12}(?:pisah|bagi|urai)"
    r"|\b(?:inte|ej|omöjligt)\b[^.;]{0,40}\b(?:dela upp|skilja|särskilja|fördela)"
    r"|\b(?:ikke|umuligt)\b[^.;]{0,40}\b(?:opdele|adskille|fordele|skille)"
    r"|\bei\b[^.;]{0,40}\b(?:erotella|erottaa|jakaa|eritellä)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def is_untrained(text: str) -> bool:
    """Whether a card says that nothing was trained for it.

    Args:
        text: The card.
    """
    return _UNTRAINED.search(text[:INTRODUCTION]) is not None


_UNTRAINED = regex(
    r"\b(?:we|i)\s(?:(?:have|had|did)\s)?(?:not|never)\s(?:re-?)?train(?:ed)?\s(?:anything|any model|any weights)\b"
    r"(?!\s(?:on|with|for|to|until|from|else|new|larger|bigger))"
    r"|\b(?:we|i)\s(?:re-?)?trained nothing\b|\bnothing (?:was|has been|is|got) (?:re-?)?trained\b"
    r"|\bno training(?: whatsoever| of any kind| at all)? (?:was|has been|is) (?:done|performed|carried out|involved"
    r"|conducted|run)\b(?!\s(?:on|with|for|to|by))"
    r"|\bnichts (?:nach)?trainiert\b|\bkein(?:erlei)? training (?:statt|durchgeführt)|\brien entraîné\b"
    r"|\baucun entraînement n['’]a|\bno (?:hemos|se ha|he) entrenado nada\b"
    r"|\bnão (?:treinamos|treinámos|treinei|foi treinado) nada\b|\bnon abbiamo addestrato (?:nulla|niente)\b"
    r"|\bnessun addestramento (?:è stato|effettuato)|\bniets (?:ge|ver)traind\b|\bni(?:c|czego) nie (?:trenowa"
    r"|dotrenowy)"
    r"|ничего не (?:обуча|дообуча|тренирова)|обучени[ея] не проводил|нічого не (?:навча|тренува)|навчання не проводи"
    r"|hiçbir (?:şey eğit|eğitim yap)|(?:没有|未|并未)(?:进行|做)过?任何(?:训练|微调)"
    r"|(?:一切の?(?:追加)?(?:学習|訓練)を?|(?:学習|訓練)(?:は|を)一切)(?:行って|おこなって|実施して|して)い(?:ない|ませ)"
    r"|(?:^|。|\n)(?:追加の?)?(?:学習|訓練)は(?:行って|おこなって|実施して)い(?:ない|ませ)"
    r"|학습(?:은|을)?\s?(?:전혀|아무것도)\s?(?:하지|진행하지|수행하지)\s?않았|không huấn luyện (?:gì|bất)"
    r"|\bquanti[sz]ation (?:(?:needs|requires|involves|needed|required|involved) no|does not (?:need|require)(?: any)?)"
    r" (?:re-?|further )?(?:training|fine-?tuning)"
    r"|\b(?:weights|model|checkpoint|repo(?:sitory)?|this|these|files|i|we|have|has)\b[^.;]{0,20}"
    r"\b(?:only|merely|nothing but) (?:been )?(?:converted|quanti[sz]ed|re-?packaged|mirrored)\b"
    r"(?! (?:the |our |all )?(?:audio|data\w*|images?|labels?|texts?|recordings?|samples?|sound|files? to \d))"
    r"|(?:^|[.\n]\s?)(?:only|merely) (?:converted|quanti[sz]ed|mirrored|a conversion)\b"
    r"|\bis (?:only|merely) a (?:conversion|mirror|quanti[sz]ed copy)\b"
    r"|\bconversion only\b|\bquanti[sz]ation\b[^.;]{0,100}\bno (?:fine-?tuning|further training|gradients?)\b"
    r"|\bnur (?:konvertiert|quantisiert|umgewandelt)\b|\btylko konwersja\b|\bhanya konversi\b|\btidak ada pelatihan\b"
    r"|\b(?:solo|sólo) (?:se )?(?:convert|la conversi)|\bsimple conversion\b|仅(?:做|进行)?(?:了)?(?:量化|转换)"
    r"|量子化のみ|変換のみ"
    r"|только (?:конверт|квант)|тільки (?:конверт|квант)|лише (?:конверт|квант)|yalnızca dönüştür|sadece dönüştür"
    r"|tidak melatih apa pun|\binte tränat någo|\bikke trænet noget\b|\bemme kouluttaneet mitään",
    re.IGNORECASE,
)


def holds_several(text: str) -> bool:
    """Whether a card says that its repository holds several models, so that what they emitted together is its own.

    Args:
        text: The card.
    """
    return _HOLDS_SEVERAL.search(text[:INTRODUCTION]) is not None


INTRODUCTION = 8_000
_SEVERAL_HERE = r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|\d{1,3}|both|several|multiple)"
_HOLDS_SEVERAL = regex(
    r"\b(?:this|the|our) (?:repo(?:sitory)?|page|card|collection|bundle|release|archive) (?:holds|contains|has|hosts"
    r"|bundles|ships|covers|describes|is about|documents"
    r"|collects|includes|gathers|keeps|is (?:a|the) home (?:of|to))\s(?:all\s|the\s|both\s|of\s|our\s)*"
    rf"{_SEVERAL_HERE}\s(?:[\w-]+\s){{0,2}}?"
    r"(?:checkpoints|models|sizes|variants|adapters|weights|versions|networks|taggers|classifiers|voices)\b"
    r"|\bone (?:checkpoint|model|adapter|network|tagger|voice) (?:per|for each|for every|each for)\b"
    rf"|\b(?:one|a single) (?:repo(?:sitory)?|page|card)[,:;]? (?:with "
    rf"|for )?(?:all )?{_SEVERAL_HERE} (?:sub-?)?(?:folders|models|checkpoints|sizes"
    r"|directories|branches)\b"
    rf"|\b(?:all )?{_SEVERAL_HERE} (?:checkpoints|sizes|models|variants) (?:live |are |sit "
    rf"|stand )?in (?:sub-?folders|folders|branches|this repo\w*|one repo\w*)",
    re.IGNORECASE,
    stems="holds;contains;has;hosts;bundles;ships;covers;describes;is about;documents;collects;includes;gathers"
    ";keeps;is a home;is the home"
    ";one checkpoint;one model;one adapter;one network;one tagger;one voice;one repo;one page;one card;a single"
    ";in sub;in folders;in branches;in this repo;in one repo",
)


def denies(sentence: str, languages: frozenset[str], is_near: bool) -> bool:
    """Whether a sentence says that emissions of this model are not known.

    Args:
        sentence: Plain text.
        languages: Languages whose words count.
        is_near: Whether it stands under a heading of carbon or environment.
    """
    concepts = {hit.concept for hit in find_concepts(sentence[:600], languages)}
    if is_not_split(sentence):
        return True
    if ("deny" not in concepts and not _NO_FIGURE.search(sentence)) or not concepts.isdisjoint(_OF_OTHERS):
        return False
    if _UNPUBLISHED.search(sentence) and concepts.isdisjoint({"carbon", "emit", "measured"}):
        return False  # "because the candidates are not published"
    if _EXACT.search(sentence) or _KNOW_WHICH.search(sentence):
        return False  # "no exact number": a rough one follows
    if not (is_near or "carbon" in concepts or "emit" in concepts):
        return False
    if _OF_ENERGY.search(sentence) and concepts.isdisjoint({"carbon", "emit"}):
        return False  # "energy was not logged", "no idea which region": what was emitted may be estimated all the same
    return not any(one.rate is None for one in find_quantities(sentence[:600], ("emissions",)))


_UNPUBLISHED = regex(
    r"\b(?:candidates?|models?|weights|checkpoints?|runs|data|dataset|corpus|code|images?|recordings?|texts?"
    r"|scripts?|folds"
    r"|adapters?|kandidaten|modelle|gewichte|daten|modèles|poids|données|modelos|pesos|datos|dados|modelli|pesi|dati"
    r"|modellen"
    r"|gewichten|gegevens|modele|wagi|dane|модели|веса|данные|моделі|ваги|дані)\s(?:\w+\s){0,2}?"
    r"(?:not|n't|nicht|pas|no|não|non|niet|nie|не)\s(?:\w+\s){0,2}?"
    r"(?:publi|releas|public|shar|upload|veröffentlich|opublik|gepubliceerd|опублик|опублік)",
    re.IGNORECASE,
)
"""What is denied is that something else is published."""
_ESTIMATE = regex(
    r"estimat|must (?:be|have been)|should be|rough|about|around|approx|circa|\bca\b|at (?:most|least)|(?:less"
    r"|more) than"
    r"|guess|envelope|assum|reckon|works? out|(?:comes?|came) to|would put|~|≈|schätz|ungefähr|etwa|rund|höchst"
    r"|überschl"
    r"|environ|estim|à peu près|au plus|aproximad|alrededor|unos|cerca de|cálcul|circa|stim|all'incirca|ongeveer"
    r"|schatting|hooguit|szacun|około|najwyżej|пример|около|оцен|прикид|приблизн|близько|оцін|yaklaşık|tahmin|perkira"
    r"|sekitar|khoảng|ước|大约|约|估|約|推定|概算|およそ|약|추정|대략|حوالي|تقريب|نحو|حدود|تخمین|लगभग|अनुमान|करीब|ungefär"
    r"|uppskatt|omkring|cirka|anslå|noin|arvio|inguru|gutxi gorabehera",
    re.IGNORECASE,
)
"""Words of an estimate, in place of what was not measured."""


def is_estimated(sentence: str, languages: frozenset[str]) -> bool:
    """Whether the sentence behind a denial states an estimate of what was not measured.

    Args:
        sentence: Plain text.
        languages: Languages whose words count.
    """
    if not sentence or _ESTIMATE.search(sentence) is None:
        return False
    if not any(one.rate is None for one in find_quantities(sentence[:600], ("emissions",))):
        return False
    return {hit.concept for hit in find_concepts(sentence[:600], languages)}.isdisjoint(_OF_OTHERS - {"plan"})
