"""Where a training ran, as sentences say it: "trained on AWS in us-west-2", "computations took place in Orsay, France"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document, Line
from mining.card.extract.context_fields import name_claim
from mining.card.extract.context_prose import LINE_CAP, is_elsewhere, sentences
from mining.card.lexicon.keywords import Cue
from mining.patterns import regex
from mining.schema import Claim
from mining.vocab import finder, vocabulary
from mining.vocab.finder import Match

__all__ = ["place_claims"]

_RAN = regex(
    r"\b(?:pre-?)?(?:train(?:ed|ing)|fine-?tun(?:ed|ing)|computations?|experiments?|jobs?|runs?)\b[^.;]{0,80}?"
    r"\b(?:ran|run|took place|carried out|conducted|performed|hosted|located|train(?:ed|ing)|tun(?:ed|ing)|on|in|at|using)\b",
    re.IGNORECASE,
)
_MACHINES = regex(
    r"co2|carbon|kwh|\bgpus?\b|\btpus?\b|cluster|cloud|super-?computer|data ?cent(?:er|re)|\baws\b|azure|\bgcp\b",
    re.IGNORECASE,
)
_NOT_TRAINING = regex(
    r"inferen|deploy|serv(?:ed|ing)|evaluat|collected|annotat|scraped|data ?sets?\b.{0,20}\bfrom\b|based in|founded",
    re.IGNORECASE,
)
_IN = regex(r"(?:\b(?:in|at|within)|\bregion:?|\()\s(?:the\s)?(?:region\s)?$", re.IGNORECASE)
_ON = regex(r"\b(?:on|using|via|at|from|by)\s(?:the\s|an?\s)?$", re.IGNORECASE)
BEFORE = 40
_COMPANIES = frozenset(
    (
        *(
            "amazon",
            "google",
            "microsoft",
            "nvidia",
            "huggingface",
            "hugging face",
            "hf",
            "kaggle",
            "oracle",
            "modal",
            "huawei",
            "meta",
        ),
        *(
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
        ),
        "sber",
    )
)
"""Names that stand for data, software and devices as well as for a place where something runs."""
_HOSTS = regex(
    r"(?:'s)?\s{1,3}(?:[\w-]{1,14}\s{1,3}){0,2}(?:cloud|clusters?|platforms?|servers?|instances?|comput(?:e|er|ers|ing)|notebooks?|infrastructure|[gt]pus?"
    r"|vms?|machines?|data ?cent(?:er|re)s?|super-?computers?|spaces|hardware|kernels?|nodes?)\b"
    r"|\s{0,3}(?:$|[.,;:()])|\s{1,3}(?:with|using|for|in|on|and|via|at|by|from|over|during)\b",
    re.IGNORECASE,
)
_MAKERS = frozenset({"nvidia"})
"""Makers of devices, whose bare name before a device is no place."""


def place_claims(card: Document) -> Iterator[Claim]:
    """Region and provider of training, from sentences that speak of training and of machines.

    Args:
        card: A parsed card.

    Yields:
        Claims with standard names; a place counts only behind "in", "at" or "region", a provider only behind "on", "using" and the like.
    """
    for line, cues in card.lines_with(Cue.RUN):
        if (
            cues & Cue.MACHINE
            and line.kind == "text"
            and not is_elsewhere(line.section)
            and _MACHINES.search(line.plain[:LINE_CAP])
        ):
            yield from _of_line(line, line.plain[:LINE_CAP])


def _of_line(line: Line, plain: str) -> Iterator[Claim]:
    for start, end in sentences(plain):
        sentence = plain[start:end]
        if _RAN.search(sentence) is None or _NOT_TRAINING.search(sentence):
            continue
        text = line.text[start:end].strip()
        for match in finder("region").find(sentence):
            if _IN.search(_before(sentence, match.start)):
                yield name_claim("region", sentence[match.start : match.end], text, line, "training-run", ("prose",))
        for match in finder("provider").find(sentence):
            private = vocabulary("provider").attributes(match.name)["kind"] == "private"
            if not private and _ON.search(_before(sentence, match.start)) and _hosts(sentence, match):
                yield name_claim("provider", sentence[match.start : match.end], text, line, "training-run", ("prose",))


def _before(sentence: str, start: int) -> str:
    """The words before a name, one blank between and behind them (blanked markup leaves more)."""
    return " ".join(f"{sentence[max(0, start - BEFORE) : start]}|".split()).removesuffix("|").rstrip() + " "


def _hosts(sentence: str, match: Match) -> bool:
    """Whether a name means the place where something runs; a company's name alone may belong to its data, software or devices."""
    name = " ".join(sentence[match.start : match.end].lower().split())
    return name not in _COMPANIES or (name not in _MAKERS and _HOSTS.match(sentence, match.end) is not None)
