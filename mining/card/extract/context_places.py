"""Where a training ran, as sentences say it.

"trained on AWS in us-west-2", "computations took place in Orsay, France".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.extract.context_beside import find_hosts
from mining.patterns import regex, text_before
from mining.remembered import remembered
from mining.vocab import finder, vocabulary
from mining.vocab.finder import Match
from mining.vocab.gazetteer import find_named_places

__all__ = ["find_centres", "find_places", "find_providers"]

_LITTLE = (
    r"(?:the\s|an?\s|our\s|their\s|its\s|die\s|la\s|el\s|il\s|de\s|der\s|l')?(?:[^\W\d][\w-]*\s){0,3}"
    r"(?:region\s|city of\s)?$"
)
_IN = regex(
    rf"(?:\b(?:in|at|within|near|outside|location|region)|\bregions?:?|location:?)\s{_LITTLE}",
    re.IGNORECASE,
)
_IN_OTHERS = regex(
    r"(?<![^\W_])(?:in|am|beim|per|im|em|en|à|au|aux|na|no|nel|nella|a|w|we|в|во|у|под|під|pod"
    r"|di|tại|ở|i|på|till|bei|nahe"
    r"|unweit"
    r"|près de|cerca de|vicino a|perto de|nära|nær|في|در|đặt tại|location|region)"
    rf"\s{_LITTLE}",
    re.IGNORECASE,
)
"""Words for "in" of other languages, in the gloss of their cards."""
_FROM = regex(
    rf"(?:(?<![^\W_])(?:from|of|de|da|do|du|del|dal|su|op|te|u|aus|fra|dans)|[(,·–-])\s{_LITTLE}", re.IGNORECASE
)
"""Words and marks before a place that count only beside a machine or an amount of energy or carbon."""
_ON = regex(
    r"\b(?:on|using|via|through|van|von|di|dal|of|de|at|from|by|in|to|our|auf|bei|an|mit|sur"
    r"|chez|en|de|em|na|no|da|su|con|op|bij|met|w|i|na|на|в|у"
    r"|im|dans|nel|nella|på|hos|di|trên|presso|al|all|pri|tại|w|we|على|في|عبر|در|روی|用"
    r"|在)\s(?:the\s|an?\s|eine[rm]?\s|un[ea]?\s|de[rmns]\s|la\s|le\s|el\s|il\s|het\s)?(?:\w+\s)?$"
    r"|\b(?:session|notebook|instance|instanz|sesión|sessão|sessione|sessie|sesji|oturum)\s$",
    re.IGNORECASE,
)
_OF = regex(r"(?:\b(?:der|des|del|dell|dello|della|do|du|vom|van|von|av|af)\s|['’])$", re.IGNORECASE)
"""Before a host whose machines a sentence names ("auf vier A100 der GWDG")."""
_ABOUT_DATA = regex(
    r"collected|annotat|scraped|data ?sets?\b.{0,20}\b(?:from|in)\b|based in|founded|dialect|spoken|language"
    r"|students?\b|news (?:from|about)|\babout\b(?!\s[\d~])[^.;,]{0,40}$"
    r"|\b(?:programs?|schools?|hospitals?|people|users"
    r"|customers|patients|charity|organi[sz]ation\w*)\b[^.;,]{0,12}$|\bofficial\b",
    re.IGNORECASE,
    stems="collected;annotat;scraped;data;based in;founded;dialect;spoken;language;student;news ;about;program;"
    "school;hospital;people;users;customers;patients;charity;organi;official",
)
_MACHINES = regex(
    r"gpus?\b|tpu|cluster|cloud|super-?computer|data ?cent|colocation|comput(?:e|er|ers|ing|ation\w*)\b|servers?\b"
    r"|nodes?\b|\baws\b|azure|\bgcp\b|hardware|machines?\b|workstation"
    r"|partition|\bpod\b|laborator|office|studio|basement|rack|server room|\bhall\b|\bsite\b|\bcentres?\b|\bcenters?\b"
    r"|\bhpc\b|\bk?wh\b|codecarbon|carbon ?tracker|grid\b|\butility\b|\belectricity\b|\blabs?\b|colab|host(?:ed|ing)?\b"
    r"|\bmeters?\b|\b(?:rtx|gtx|geforce|tesla|[avhlp]\d{1,3}s?|mi\d{2,3}x?s?|g?[bh]\d{3}|\d{4}\sti)\b"
    r"|macbook|laptop|desktop|\bpc\b|kitchen|cupboard|\bshed\b|\bbarn\b|garage|\battic\b|spare room|bedroom|cellar"
    r"|\bflat\b|co-op\b|supplier",
    re.IGNORECASE,
    stems="macbook;laptop;desktop;pc;kitchen;cupboard;shed;barn;garage;attic;spare;bedroom;"
    "cellar;flat;co-op;supplier;mi;gb;b1;b2;b3;b4;b5;b6;b7;b8;b9;b0; ti;p1;p4;p6;gpu;tpu;colab;"
    "cluster;cloud;super;data;colo;comput;server;node;aws;azure;gcp;hardware;machine;work;partition;"
    "labor;office;pod;studio;basement;rack;hall;site;cent;hpc;wh;rtx;gtx;ge;tesla;carbon;grid;"
    "utility;electricity;lab;host;"
    "meter;a1;a2;a3;a4;a5;a6;a7;a8;a9;a0;v0;v1;v2;v3;v4;v5;v6;v7;v8;v9;h0;h1;h2;h3;h4;h5;h6;h7;"
    "h8;h9;l0;l1;l2;l3;l4;l5;l6;"
    "l7;l8;l9",
)
"""Words of machines and of where they stand."""
_RAN = regex(
    r"train|fine-tun|\bran\b|\brun\b|\bused\b|perform|carried out|conducted|comput|took place|happened|located"
    r"|location|stood|stands|housed|based (?:at|on)|done|\btook\b|energy|kwh|hours|days|\bco2",
    re.IGNORECASE,
)
_MATERIAL = regex(
    r"\b(?:audio|data(?! ?cent)|speech|recordings?|interviews?|clips|images|photos?|photographs|scans|slides|letters"
    r"|articles|news|texts?|sentences|reviews|patients|(?<!dgx )stations|hospitals?|clinics?|museums?"
    r"|speakers?|annotat\w+|volunteers?|colleagues|kolleg\w*|collègues|colegas|colleghi"
    r"|collega\W?s|коллег\w*|колег\w*|students?|teachers?|users?|customers?|written|collected|spoken"
    r"|published|conference|workshop|birds?|species|trees|hives|fields?|river|dialects?|accent\w*|street\w*"
    r"|programs?|schools?|people|charity|organi[sz]ation\w*|official|founded|owner|creator|liab\w+|in no event"
    r"|company is|based in|scheme|reforest\w*|offset\w*|credits|scraped|crawled"
    r"|about|corpus|benchmark|evaluation|cut|sav(?:ed|es|ing|ings)|reduc\w+|avoid\w*|whether|or)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
"""Words before a place that say what else is from there."""
_AFTER = regex(
    r"^(?:'s)?\s(?:\w+\s)?(?:office|studio|site|cluster|data ?cent\w+|region|partition|colocation|server|laborator"
    r"|campus|room|nodes?|hall|machines?|zone|super-?computer|grid)\b"
    r"|^(?:'s)?\s?\((?:[a-z]{2,9}-)[a-z-]+\d|^['’]?\w{0,6}\s(?:data ?cent|server|nodes|cluster|super-?computer"
    r"|laborator)",
    re.IGNORECASE,
    stems="(;campus;cent;cluster;colocation;computer;grid;hall;laborator;machine;node;office;"
    "partition;region;room;server;site;studio;zone",
)
_WOULD = regex(r"\b(?:would|had it|same job|if it|were it)\b", re.IGNORECASE)
_NAMED_IN = regex(
    r"\b(?i:in|near|at|from|of|site|place|location|region)\b:?\s(?:(?i:the|an?|our|their|its)\s)?[^\W\d_a-z]\w{2}"
    r"|[(,·–]\s?[^\W\d_a-z]\w{2}|\b(?i:place|location|where|region|site)\b[^.;]{0,40}:"
    r"|[^\W\d_a-z]\w{2,20}(?:'s)?\s(?i:office|studio|site|cluster|partition|data|campus|lab)\b"
)
"""Where an English sentence may name a city."""
BEFORE = 40
_COMPANIES = frozenset(
    [
        "amazon",
        "google",
        "microsoft",
        "nvidia",
        "huggingface",
        "hugging face",
        "hf",
        "kaggle",
        "oracle",
        "huawei",
        "meta",
        "ibm",
        "alibaba",
        "baidu",
        "tencent",
        "yandex",
        "lightning",
        "mosaic",
        "together",
        "gradient",
        "vast",
        "stability",
        "sakura",
        "sber",
        "vega",
        "alps",
        "delta",
        "hawk",
        "marvin",
        "leonardo",
        "saga",
    ]
)
"""Names that stand for data, software and devices as well as for a place where something runs."""
_HOSTS = regex(
    r"(?:'s)?\s{1,3}(?:[\w-]{1,14}\s{1,3}){0,2}(?:cloud|clusters?|platforms?|servers?|instances?|comput(?:e|er|ers"
    r"|ing)|notebooks?|infrastructure|[gt]pus?"
    r"|vms?|machines?|data ?cent(?:er|re)s?|super-?computers?|spaces|hardware|kernels?|nodes?|regions?|zones?)\b"
    r"|['’]\w{1,5}\s(?:\w+\s){0,2}(?:[tpavhl]\d{1,3}|rtx|gpu|tpu)"
    r"|\s{0,3}(?:$|[.,;:()])|\s{1,3}(?:with|using|for|in|on|and|via|at|by|from|over|during)\b",
    re.IGNORECASE,
)
_OTHER_PRODUCT = regex(
    r"\s(?:planetary computer|data ?sets?|translate|books|news|scholar|drive|earth engine|open data|competitions?"
    r"|academy|models?|api|search|corpus)\b",
    re.IGNORECASE,
)
_MAKERS = frozenset({"nvidia"})
"""Makers of devices, whose bare name before a device is no place."""
_SURE = frozenset(
    {"Google Colab", "Kaggle", "AWS", "Google Cloud", "Azure", "Modal", "RunPod", "Vast.ai", "Lambda", "CoreWeave"}
)


_SPENT = regex(r"\d\s?[km]?wh\b|\d\s?(?:hours|days)\b", re.IGNORECASE)
_GLUED = regex(r"[\u3040-\u30ff\u4e00-\u9fff]{2}")
"""Scripts without blanks, in which every sign may begin a name."""
CODED_WEIGHT = 20
_CODE_BEHIND = regex(r"-[a-z]{2,9}-?\d")
"""The rest of a code of a region, of which a name is only the beginning ("eu-north1")."""
_PRONOUNS = frozenset({"us", "it", "is", "no", "in", "me"})
LEAST_PLACE_WEIGHT = 3
"""Weight of what stands around a place from which it is taken for the place of the training."""


_CASES = frozenset({"fi", "eu", "tr", "pl", "ru", "uk"})
"""Languages whose names carry endings."""
_NO_WORD_FOR_IN = frozenset({"zh", "ja", "ko", "hi", "tr", "fi", "eu"})
"""Languages that say "in" behind a name, or by its ending."""


@remembered(4096)
def find_places(said: str, languages: tuple[str, ...] = (), trains: bool = False) -> tuple[tuple[str, int], ...]:
    """Places of a sentence that stand where the place of a training is told.

    A cloud's own code of a region needs no word beside it; for all others the words around are weighed.

    Args:
        said: The gloss of a sentence.
        languages: Of its card, besides English.
        trains: Whether the sentence, its heading or its paragraph speaks of a training.

    Returns:
        Standard names and offsets.
    """
    return tuple(_places(said, languages, trains))


def _places(said: str, languages: tuple[str, ...], trains: bool) -> Iterator[tuple[str, int]]:
    found = finder("region").find(said)
    more = find_named_places(said, not _CASES.isdisjoint(languages)) if languages or _NAMED_IN.search(said) else []
    if not found and not more:
        return
    machines = _MACHINES.search(said) is not None
    if not (machines or trains) and _GLUED.search(said):
        return
    found += [one for one in more if all(one.end <= other.start or one.start >= other.end for other in found)]
    hosted = any(said[one.start : one.end].lower() not in _COMPANIES for one in find_hosts(said)) if found else False
    machines = hosted or machines
    free = not _NO_WORD_FOR_IN.isdisjoint(languages)
    told: list[tuple[int, Match]] = []
    for match in sorted(found, key=lambda one: one.start):
        row = vocabulary("region").attributes(match.name) if match.name in vocabulary("region") else None
        kind = row["kind"] if row else "city"
        if kind == "area" and match.name == "World":
            continue
        if _WOULD.search(text_before(said, match.start)) or _WOULD.search(said, match.end, match.end + 24):
            continue
        if said[match.start : match.end] in _PRONOUNS or _CODE_BEHIND.match(said, match.end):
            continue
        coded = kind == "cloud-region" and (
            any(map(str.isdigit, said[match.start : match.end])) or (hosted and match.end - match.start > 6)
        )
        if coded and not _MATERIAL.search(_before(said, match.start)) and (machines or trains):
            told.append((-CODED_WEIGHT, match))
        elif (weight := _weight(said, match, free, bool(languages), trains, machines)) >= LEAST_PLACE_WEIGHT:
            told.append((-weight, match))
    for _, match in sorted(told, key=lambda one: (one[0], one[1].start)):
        yield match.name, match.start


_RIGHT_IN = regex(
    r"(?:^|[^\w])(?:in|at|near|outside|em|à|en|a|i|på|w|we|di|bei|nahe|unweit|près de|cerca de|vicino a|perto de|nära"
    r"|nær|te|site|location|place|region)\s$",
    re.IGNORECASE,
)
"""Right before the name of a small town."""
_LEFT = regex(r"\b(?:from|moved|instead of|rather than)\b[^.;]{0,40}$", re.IGNORECASE)


def _weight(said: str, match: Match, free: bool, foreign: bool, trains: bool, machines: bool) -> int:
    """How much around a place says that a training ran there: a word for "in", machines, what ran."""
    before = _before(said, match.start)
    after = said[match.end : match.end + 40]
    labelled = _PLACE_LABEL.search(text_before(said, match.start)) is not None
    beside = f"{said[max(0, match.start - BEFORE) : match.start]} {after}"
    close = _MACHINES.search(beside) is not None or any(
        mark.start < match.end + 40 and mark.end > match.start - BEFORE for mark in find_hosts(said)
    )
    if match.weak and not (labelled or _RIGHT_IN.search(before)):
        return 0
    if after.startswith(" to ") and _LEFT.search(before):
        return 0
    hosting = any(
        one.start <= match.start and match.end <= one.end and _ON.search(_before(said, one.start))
        for one in find_hosts(said)
    )
    within = (_IN_OTHERS if foreign else _IN).search(before) is not None or (
        _FROM.search(before) is not None and (close or _SPENT.search(said) is not None) and not after.startswith(" to ")
    )
    sited = _AFTER.match(after) is not None
    if not (labelled or within or sited or hosting or (free and machines)):
        return 0
    weight = 3 * labelled + within + hosting + 2 * sited + machines + trains + close + (_RAN.search(beside) is not None)
    return weight - 3 * (_MATERIAL.search(text_before(said, match.start)) is not None)


_PLACE_LABEL = regex(
    r"\b(?:location|place|site|region|where|zone|data ?cent(?:re|er)|country)\b[^.;:]{0,40}:\s{1,2}(?:the\s|in\s"
    r"|an?\s)?(?:[^\W\d_]+,\s)?$",
    re.IGNORECASE,
)


@remembered(4096)
def find_providers(said: str, trains: bool = True, used: bool = False) -> tuple[tuple[str, int], ...]:
    """Providers of a sentence about training that stand where a host is told.

    Args:
        said: The gloss of a sentence.
        trains: Whether the sentence, its heading or its paragraph speaks of a training.
        used: Whether it tells of the devices or the time of one, so that a host in it needs no word like "on".

    Returns:
        Standard names and offsets.
    """
    return tuple(_providers(said, trains, used))


def _providers(said: str, trains: bool, used: bool) -> Iterator[tuple[str, int]]:
    for match in find_hosts(said) if trains else ():
        private = vocabulary("provider").attributes(match.name)["kind"] == "private"
        before = _before(said, match.start)
        if private or _OTHER_PRODUCT.match(said, match.end) or _ABOUT_DATA.search(before):
            continue
        written = " ".join(said[match.start : match.end].lower().split())
        if "autotrain" in written:
            continue  # the service writes that into every card; it is the tool
        named = written not in _COMPANIES
        if (
            _ON.search(before)
            or (used and (named or _DEVICE_BEHIND.match(said, match.end)))
            or (named and _OF.search(before) and _MACHINES.search(said[: match.start]))
            or ((named or written == "kaggle") and (_LISTED.search(before) or match.start < 3))
            or (named and not said.isascii() and any(mark >= OTHER_LETTERS and mark.isalpha() for mark in said))
        ) and _hosts(said, match):
            yield match.name, match.start


OTHER_LETTERS = "\u0370"
"""Where letters begin whose languages put no word like "on" before a host."""
_LISTED = regex(
    r"(?:[(,;:–]|\s-|\b(?:used|rented|booked|leased|hired|single|1|free|spot))\s(?:an?\s|the\s)?$", re.IGNORECASE
)
"""A host that stands in a list of facts, or as what was used."""


def _before(sentence: str, start: int) -> str:
    """The words before a name, one blank between and behind them (blanked markup leaves more)."""
    return " ".join(f"{sentence[max(0, start - BEFORE) : start]}|".split()).removesuffix("|").rstrip() + " "


def _hosts(sentence: str, match: Match) -> bool:
    """Whether a name means the place where something runs, not a company's data, software or devices."""
    name = " ".join(sentence[match.start : match.end].lower().split())
    if name == "kaggle" and not sentence.isascii():
        return True  # the words behind it are of another language
    return name not in _COMPANIES or (
        name not in _MAKERS
        and (_HOSTS.match(sentence, match.end) or _DEVICE_BEHIND.match(sentence, match.end)) is not None
    )


_DEVICE_BEHIND = regex(r"\s(?:[TPVA]\d{1,3}s?\b|\d\s?[x×]\s?[TPVA]\d)")
"""A device right behind the name of the notebook service that lends it ("a free Kaggle P100")."""
_CENTRE = regex(
    r"\b(?:at|of|on|by|in|from)\s(?:the\s|our\s)?(?P<name>(?:[A-ZÀ-Ž][\w'’-]+\s){1,4}(?:Supercomput(?:er|ing)"
    r"|Computing|HPC)\s(?:and\s[A-Z]\w+\s)?(?:Cent(?:er|re)|Facility)"
    r"|(?:National\s)?Cent(?:er|re)\sfor\s(?:High[\s-]Performance|Scientific|Advanced|Research)\sComputing)\b"
)
"""A computing centre behind a word for "at", whether it is in the list or not."""


def find_centres(text: str) -> Iterator[tuple[str, int]]:
    """Computing centres by their names, as a sentence writes them.

    Args:
        text: Plain text of a sentence.

    Yields:
        Name and offset.
    """
    for match in _CENTRE.finditer(text):
        yield match["name"], match.start("name")
