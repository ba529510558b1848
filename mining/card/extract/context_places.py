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

__all__ = ["COMPANIES", "MACHINES", "ON", "before_name", "find_places"]

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
ON = regex(
    r"\b(?:on|using|via|through|van|von|di|dal|of|de|at|from|by|in|to|our|auf|bei|an|mit|sur"
    r"|chez|en|de|em|na|no|da|su|con|op|bij|met|w|i|na|на|в|у"
    r"|im|dans|nel|nella|på|hos|di|trên|presso|al|all|pri|tại|w|we|على|في|عبر|در|روی|用"
    r"|在)\s(?:the\s|an?\s|eine[rm]?\s|un[ea]?\s|de[rmns]\s|la\s|le\s|el\s|il\s|het\s)?(?:\w+\s)?$"
    r"|\b(?:session|notebook|instance|instanz|sesión|sessão|sessione|sessie|sesji|oturum)\s$",
    re.IGNORECASE,
)
COMPANIES = frozenset(
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
MACHINES = regex(
    r"gpus?\b|tpu|cluster|cloud|super-?computer|data ?cent|colocation|comput(?:e|er|ers|ing|ation\w*)\b|servers?\b"
    r"|nodes?\b|\baws\b|azure|\bgcp\b|hardware|machines?\b|workstation"
    r"|partition|\bpod\b|laborator|office|studio|basement|rack|server room|\bhall\b|\bsite\b|\bcentres?\b|\bcenters?\b"
    r"|\bhpc\b|\bk?wh\b|codecarbon|carbon ?tracker|grid\b|\butility\b|\belectricity\b|\blabs?\b|colab|host(?:ed|ing)?\b"
    r"|\bmeters?\b|\b(?:rtx|gtx|geforce|tesla|[avhlp]\d{1,3}s?|mi\d{2,3}x?s?|g?[bh]\d{3}|\d{4}\sti)\b"
    r"|macbook|laptop|desktop|\bpc\b|kitchen|cupboard|\bshed\b|\bbarn\b|garage|\battic\b|spare room|bedroom|cellar"
    r"|\bflat\b|co-op\b|supplier|\bm[1-5]\s(?:ultra|max|pro)\b|\bcolo\b|\bboxe?s?\b|\bplugged\b",
    re.IGNORECASE,
    stems="m1;m2;m3;m4;m5;box;plugged;macbook;laptop;desktop;pc;kitchen;cupboard;shed;barn;garage;attic;spare;bedroom;"
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
    r"|company is|(?<!^)based in|scheme|reforest\w*|offset\w*|credits|scraped|crawled"
    r"|about(?!\s[\d~])|corpus|benchmark|evaluation|cut|sav(?:ed|es|ing|ings)|reduc\w+|avoid\w*|whether"
    r"|or)\b[^.;:]{0,40}$",
    re.IGNORECASE,
    stems=(
        "about;accent;annotat;articles;audio;avoid;based in;benchmark;bird;charity;clinic;clips;colegas;"
        "colleagues;collected;collega;colleghi;collègues;company is;conference;corpus;crawled;creator;"
        "credits;customer;cut;data;dialect;evaluation;field;founded;hives;hospital;images;in no event;"
        "interview;kolleg;letters;liab;museum;news;official;offset;or;organi;owner;patients;people;"
        "photo;photographs;program;published;recording;reduc;reforest;reviews;river;sav;scans;scheme;"
        "school;scraped;sentences;slides;speaker;species;speech;spoken;stations;street;student;teacher;"
        "text;trees;user;volunteer;whether;workshop;written;колег;коллег"
    ),
    as_written=True,
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
_WOULD = regex(
    r"\b(?:would|had (?:it|we|i|they)|same job|if it|were it)\b",
    re.IGNORECASE,
    stems="had ;if it;same job;were it;would",
    as_written=True,
)
_NAMED_IN = regex(
    r"\b(?i:in|near|at|from|of|site|place|location|region)\b:?\s(?:(?i:the|an?|our|their|its)\s)?[^\W\d_a-z]\w{2}"
    r"|[(,·–]\s?[^\W\d_a-z]\w{2}|\b(?i:place|location|where|region|site)\b[^.;]{0,40}:"
    r"|[^\W\d_a-z]\w{2,20}(?:'s)?\s(?i:office|studio|site|cluster|partition|data|campus|lab)\b"
)
"""Where an English sentence may name a city."""
BEFORE = 40
_SPENT = regex(r"\d\s?[km]?wh\b|\d\s?(?:hours|days)\b", re.IGNORECASE)
_GLUED = regex(r"[\u3040-\u30ff\u4e00-\u9fff]{2}")
"""Scripts without blanks, in which every sign may begin a name."""
ALONE = 3
SHORT = 90
"""Signs of a fragment that names a place alone."""
_ALONE_BEHIND = regex(
    r"(?:,\s[A-Z][\w.]*(?:\s[A-Z]\w*)?)?\s?(?:[.)]?\W{0,2}$|,\s(?:so|with|where|later|then|mostly|which|on"
    r"|all)\b|[,;:(]\s?~?\d[\d.,]*\s?"
    r"(?:k?g|t|g?co2\w*)(?:\s?co2\w*)?\s?(?:/|per)\s?[km]?wh)",
    re.IGNORECASE,
)
_ALONE_BEFORE = regex(r"\W{0,4}(?:(?:in|at|near)\s)?")
_ENERGY_MIX = regex(r"hydro|solar|wind\b|windy|coal|nuclear|geotherm|grid|k?wh|power|electric|later", re.IGNORECASE)


def _stands_alone(said: str, match: Match) -> bool:
    """Whether a place is all that a fragment beside a training says, or ends one of devices ("One 4090, Utrecht")."""
    behind = _ALONE_BEHIND.match(said, match.end)
    if match.weak or behind is None or len(said) > SHORT or not said[match.start].isupper():
        return False
    if _ALONE_BEFORE.fullmatch(said, 0, match.start):
        return not behind.group().startswith(",") or _ENERGY_MIX.search(said, match.end) is not None
    return MACHINES.search(said, 0, match.start) is not None and said[: match.start].endswith(", ")


CODED_WEIGHT = 20
_CODE_OF_ASCII = regex(r"-[a-z]{2,9}-?\d")
_CODE_BEHIND = regex(rf"{_CODE_OF_ASCII.pattern}|(?<=[\u4e00-\u9fff])[語语人文製料理学学]")
"""The rest of a code of a region, of which a name is only the beginning ("eu-north1"), or of a word ("日本語")."""
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
    yield from _of_codes(said) if trains else ()
    found = finder("region").find(said)
    more = _named_places(said, languages) if languages or _NAMED_IN.search(said) else []
    if not found and not more:
        return
    machines = MACHINES.search(said) is not None
    if not (machines or trains) and _GLUED.search(said):
        return
    found += [one for one in more if all(one.end <= other.start or one.start >= other.end for other in found)]
    hosted = any(said[one.start : one.end].lower() not in COMPANIES for one in find_hosts(said)) if found else False
    machines = hosted or machines
    free = not _NO_WORD_FOR_IN.isdisjoint(languages)
    told: list[tuple[int, Match]] = []
    code_behind = _CODE_OF_ASCII if said.isascii() else _CODE_BEHIND
    for match in sorted(found, key=lambda one: one.start):
        row = vocabulary("region").attributes(match.name) if match.name in vocabulary("region") else None
        kind = row["kind"] if row else "city"
        if kind == "area" and match.name == "World":
            continue
        if _WOULD.search(text_before(said, match.start)) or _WOULD.search(said, match.end, match.end + 24):
            continue
        if said[match.start : match.end] in _PRONOUNS or code_behind.match(said, match.end):
            continue
        coded = kind == "cloud-region" and (
            any(map(str.isdigit, said[match.start : match.end])) or (hosted and match.end - match.start > 6)
        )
        if coded and not _MATERIAL.search(before_name(said, match.start)) and (machines or trains):
            told.append((-CODED_WEIGHT, match))
        elif (
            weight := _weight(said, match, free, bool(languages), trains, machines, kind.startswith("cloud"))
        ) >= LEAST_PLACE_WEIGHT or (weight := ALONE * (trains and _stands_alone(said, match))):
            told.append((-weight, match))
    for _, match in sorted(told, key=lambda one: (one[0], one[1].start)):
        yield match.name, match.start


def _named_places(said: str, languages: tuple[str, ...]) -> list[Match]:
    """Towns of the gazetteer; a machine may have a town's name ("the supercomputer Athena")."""
    found = find_named_places(said, not _CASES.isdisjoint(languages))
    return [
        one
        for one in found
        if not _OF_A_MACHINE.search(text_before(said, one.start))
        or vocabulary("provider").encode(said[one.start : one.end]).name is not None  # a known machine: where it stands
    ]


_OF_A_MACHINE = regex(
    r"(?:^|\s)[^\W\d_A-ZÀ-ÞА-Я]{1,12}\s(?:super-?computer\w*|superkomput\w+|суперкомп\S{4,12}|supercalcul\w+"
    r"|supercomputador\w*)\s\W?$"
)
_CODE_LABEL = regex(
    r"\b(?:country|location|region|zone|country_iso_code)(?:[ _](?:iso[ _])?code)?\s?(?:[:=]\s?|\s)[\"'`]?"
    r"(?P<code>[A-Z]{2,3})(?:/(?P<city>[A-Z]\w+))?(?![\w/-])",
)
"""A country's code behind a label ("country = SWE", "region code RU/Moscow")."""
_LABELS_OF_PLACES = ("country", "location", "region", "zone")


_GREEN_ALGORITHMS = regex(
    r"\bBased in (?P<place>[A-Z][^.,;]{2,40}), this (?:has|corresponds|produces|emits)", stems="based in"
)
"""The sentence that the Green Algorithms calculator gives its users for their papers."""


def _of_codes(said: str) -> Iterator[tuple[str, int]]:
    """Countries told by their codes, or the city behind one; the place in the sentence of a calculator."""
    for match in _GREEN_ALGORITHMS.finditer(said):
        name = vocabulary("region").encode(match["place"]).name
        yield from [(name, match.start("place"))] if name is not None else []
    for match in _CODE_LABEL.finditer(said) if any(map(said.lower().__contains__, _LABELS_OF_PLACES)) else ():
        named = find_named_places(match["city"]) if match["city"] else []
        country = vocabulary("region").encode(match["code"]).name
        if country is not None:
            yield (named[0].name if named else country), match.start("code")


_RIGHT_IN = regex(
    r"(?:^|[^\w])(?:in|at|near|outside|em|à|en|a|i|på|w|we|di|bei|nahe|unweit|près de|cerca de|vicino a|perto de|nära"
    r"|nær|te|site|location|place|region)\s(?:\(\s)?$",
    re.IGNORECASE,
)
"""Right before the name of a small town."""
_LEFT = regex(r"\b(?:from|moved|instead of|rather than)\b[^.;]{0,40}$", re.IGNORECASE)


def _weight(said: str, match: Match, free: bool, foreign: bool, trains: bool, machines: bool, coded: bool) -> int:
    """How much around a place says that a training ran there: a word for "in", machines, what ran."""
    before = before_name(said, match.start)
    after = said[match.end : match.end + 40]
    labelled = _PLACE_LABEL.search(text_before(said, match.start)) is not None
    beside = f"{said[max(0, match.start - BEFORE) : match.start]} {after}"
    close = MACHINES.search(beside) is not None or any(
        mark.start < match.end + 40 and mark.end > match.start - BEFORE for mark in find_hosts(said)
    )
    if match.weak and not (labelled or _RIGHT_IN.search(before)):
        return 0
    if after.startswith(" to ") and _LEFT.search(before):
        return 0
    hosting = any(
        one.start <= match.start and match.end <= one.end and ON.search(before_name(said, one.start))
        for one in find_hosts(said)
    )
    chosen = coded and _CHOSEN.search(before) is not None
    within = (
        chosen
        or (_IN_OTHERS if foreign else _IN).search(before) is not None
        or (
            _FROM.search(before) is not None
            and (close or _SPENT.search(said) is not None)
            and not after.startswith(" to ")
        )
    )
    sited = _AFTER.match(after) is not None
    if not (labelled or within or sited or hosting or (free and machines)):
        return 0
    weight = 3 * labelled + within + hosting + 2 * sited + machines + trains + close + (_RAN.search(beside) is not None)
    ahead = text_before(said, match.start)
    material = _MATERIAL.search(ahead)
    # "students ... on our server in Graz": what stands nearer to the place is what is there
    nearer = material is not None and (
        MACHINES.search(ahead, material.start() + len(material[0].split()[0]))
        or _ROOM_OF.search(ahead, 0, material.start())
    )
    return weight - 3 * (material is not None and not nearer)


_ROOM_OF = regex(
    r"\b(?:rooms?|racks?|servers?|clusters?|cent(?:er|re)s?|offices?|laborator\w*|basement|machines?|workstations?)\s"
    r"(?:of|in|at|de|del|della|di|do|da|des|der|vom|van)\s(?:the\s|our\s|a\s|l['’]|la\s|el\s|il\s|los\s)?$",
    re.IGNORECASE,
)
"""Before what a room with machines belongs to ("the server room of the hospital")."""
_CHOSEN = regex(
    r"\b(?:picked|chose|choosing|clicked|selected|took|used|booked|rented|opted for|went (?:with|for)|moved to"
    r"|settled on)\s"
    r"(?:the\s)?$",
    re.IGNORECASE,
    stems=("booked;choosing;chose;clicked;moved to;opted for;picked;rented;selected;settled on;took;used;went "),
    as_written=True,
)
"""Before a region of a cloud that somebody chose."""
_PLACE_LABEL = regex(
    r"\b(?:location|place|site|region|where|zone|data ?cent(?:re|er)|country)\b[^.;:]{0,40}:\s{1,2}(?:the\s|in\s"
    r"|an?\s)?(?:[^\W\d_]+,\s)?$",
    re.IGNORECASE,
)


def before_name(sentence: str, start: int) -> str:
    """The words before a name, one blank between and behind them (blanked markup leaves more).

    Args:
        sentence: Plain text or its gloss.
        start: Where the name begins.
    """
    return " ".join(f"{sentence[max(0, start - BEFORE) : start]}|".split()).removesuffix("|").rstrip() + " "
