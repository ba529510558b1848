"""Where a training ran, as sentences say it.

"trained on AWS in us-west-2", "computations took place in Orsay, France".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.patterns import regex
from mining.vocab import finder, vocabulary
from mining.vocab.finder import Match
from mining.vocab.gazetteer import find_named_places

__all__ = ["find_places", "find_providers"]

_IN = regex(
    r"(?:\b(?:in|at|within|near|im|em|en|à|au|aux|na|no|nel|nella|a|w|we|в|во|у|di|tại|ở|i|på|till)|\bregions?:?"
    r"|location:?|\()\s(?:the\s|die\s|la\s|el\s)?(?:\w+\s)?(?:region\s|city of\s)?$",
    re.IGNORECASE,
)
_ON = regex(
    r"\b(?:on|using|via|at|from|by|in|to|our|auf|bei|an|mit|sur|chez|en|de|em|na|no|da|su|con|op|bij|met|w|na|на|в|у"
    r"|på|hos|di|trên|用|在)\s(?:the\s|an?\s|eine[rm]?\s|un[ea]?\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)
_ABOUT_DATA = regex(
    r"collected|annotat|scraped|data ?sets?\b.{0,20}\b(?:from|in)\b|based in|founded|dialect|spoken|language"
    r"|students?\b|news (?:from|about)|\babout\b[^.;,]{0,40}$|\b(?:programs?|schools?|hospitals?|people|users"
    r"|customers|patients|charity|organi[sz]ation\w*)\b[^.;,]{0,12}$|\bofficial\b",
    re.IGNORECASE,
)
_MACHINES = regex(
    r"gpu|tpu|cluster|cloud|super-?computer|data ?cent|comput|server|nodes?\b|\baws\b|azure|\bgcp\b|co2|carbon|kwh"
    r"|train|hours|hardware|machine",
    re.IGNORECASE,
    stems="gpu;tpu;cluster;cloud;super;data;comput;server;node;aws;azure;gcp;co2;carbon;kwh;train;hours;hardware;machine",
)
_NAMED_IN = regex(r"\b(?:in|near|at|i|di|em|en|w|à)\s(?:the\s)?[^\W\d_a-z]\w{2}")
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
    r"|vms?|machines?|data ?cent(?:er|re)s?|super-?computers?|spaces|hardware|kernels?|nodes?)\b"
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


def find_places(said: str) -> Iterator[tuple[str, int]]:
    """Places of a sentence about training that stand where a place is told.

    Args:
        said: The gloss of a sentence.

    Yields:
        Standard name and offset; a cloud's own code of a region needs no word before it.
    """
    if not _MACHINES.search(said):
        return
    found = finder("region").find(said)
    if not found and (not said.isascii() or _NAMED_IN.search(said)):
        found = find_named_places(said, not said.isascii())
    for match in found:
        if match.name not in vocabulary("region"):
            if not _ABOUT_DATA.search(before := _before(said, match.start)) and (
                _IN.search(before) or not said.isascii()
            ):
                yield match.name, match.start
            continue
        kind = vocabulary("region").attributes(match.name)["kind"]
        if kind == "area" and match.name == "World":
            continue
        coded = kind == "cloud-region" and any(map(str.isdigit, said[match.start : match.end]))
        before = _before(said, match.start)
        if _ABOUT_DATA.search(before):
            continue
        if (
            coded
            or _IN.search(before)
            or said[match.end : match.end + 8].lower().startswith(" region")
            or not said.isascii()
        ):
            yield match.name, match.start


def find_providers(said: str) -> Iterator[tuple[str, int]]:
    """Providers of a sentence about training that stand where a host is told.

    Args:
        said: The gloss of a sentence.

    Yields:
        Standard name and offset.
    """
    for match in finder("provider").find(said):
        private = vocabulary("provider").attributes(match.name)["kind"] == "private"
        before = _before(said, match.start)
        if private or _OTHER_PRODUCT.match(said, match.end) or _ABOUT_DATA.search(before):
            continue
        if (
            _ON.search(before) or (not said.isascii() and said[match.start : match.end].lower() not in _COMPANIES)
        ) and _hosts(said, match):
            yield match.name, match.start


def _before(sentence: str, start: int) -> str:
    """The words before a name, one blank between and behind them (blanked markup leaves more)."""
    return " ".join(f"{sentence[max(0, start - BEFORE) : start]}|".split()).removesuffix("|").rstrip() + " "


def _hosts(sentence: str, match: Match) -> bool:
    """Whether a name means the place where something runs, not a company's data, software or devices."""
    name = " ".join(sentence[match.start : match.end].lower().split())
    return name not in _COMPANIES or (name not in _MAKERS and _HOSTS.match(sentence, match.end) is not None)
