"""Who lent the machines that a training ran on, as sentences say it ("on AWS", "auf vier A100 der GWDG")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.extract.context_beside import find_hosts
from mining.card.extract.context_places import COMPANIES, MACHINES, ON, before_name
from mining.patterns import regex
from mining.remembered import remembered
from mining.vocab import finder, vocabulary
from mining.vocab.finder import Match

__all__ = ["find_centres", "find_providers", "named_centres"]

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
_MADE_BY = regex(
    r"\b(?:models?|weights|checkpoints?|paper|card|report|released|developed|created|published|made|built|introduced"
    r"|proposed|open-sourced|article|artigo|artículo|articolo|artikel\w*|modell\w*|modèle|modelo|modello|autor\w*"
    r"|équipe|equip\w*|team)\s(?:by|of|from|von|van|de|do|da|di|av|af)\s(?:the\s)?$",
    re.IGNORECASE,
)
"""Before whoever made a model or wrote of it ("the Llama 2 model by Meta")."""
_PUBLISHED_ON = regex(
    r"\b(?:(?<!made )available|published|shared|uploaded|released|downloaded|found|pushed|listed|viewed)\s(?:here\s)?"
    r"(?:on|at|from|via|to|in)\s(?:the\s)?\W{0,3}$"
    r"|\b(?:tarif\w*|prices?|pricing|rates?|costs?|costo|coste|custo|prix|preise?)\W{1,3}(?:(?:of|de|del|for|at)\s)?$",
    re.IGNORECASE,
)
"""Before where a model can be had, or whose price a comparison takes."""
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
    stems=(
        "academy;api;books;competition;corpus;data;drive;earth engine;model;news;open data;"
        "planetary computer;scholar;search;translate"
    ),
)
_MAKERS = frozenset({"nvidia"})
"""Makers of devices, whose bare name before a device is no place."""
_SURE = frozenset(
    {"Google Colab", "Kaggle", "AWS", "Google Cloud", "Azure", "Modal", "RunPod", "Vast.ai", "Lambda", "CoreWeave"}
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
        before = before_name(said, match.start)
        if (
            private
            or _OTHER_PRODUCT.match(said, match.end)
            or _ABOUT_DATA.search(before)
            or _MADE_BY.search(before)
            or _PUBLISHED_ON.search(before)
        ):
            continue
        written = " ".join(said[match.start : match.end].lower().split())
        if "autotrain" in written:
            continue  # the service writes that into every card; it is the tool
        named = written not in COMPANIES
        if (
            ON.search(before)
            or (used and (named or _DEVICE_BEHIND.match(said, match.end)))
            or (named and _OF.search(before) and MACHINES.search(said[: match.start]))
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


def _hosts(sentence: str, match: Match) -> bool:
    """Whether a name means the place where something runs, not a company's data, software or devices."""
    name = " ".join(sentence[match.start : match.end].lower().split())
    if name == "kaggle" and not sentence.isascii():
        return True  # the words behind it are of another language
    return name not in COMPANIES or (
        name not in _MAKERS
        and (_HOSTS.match(sentence, match.end) or _DEVICE_BEHIND.match(sentence, match.end)) is not None
    )


_DEVICE_BEHIND = regex(r"\s(?:[TPVA]\d{1,3}s?\b|\d\s?[x×]\s?[TPVA]\d)")
"""A device right behind the name of the notebook service that lends it ("a free Kaggle P100")."""
_CENTRE = regex(
    r"\b(?:at|of|on|by|in|from)\s(?:the\s|our\s)?(?P<name>(?:[A-ZÀ-Ž][\w'’-]+\s){1,4}(?:Supercomput(?:er|ing)"
    r"|Computing|HPC)\s(?:and\s[A-Z]\w+\s)?(?:Cent(?:er|re)|Facility)"
    r"|(?:National\s)?Cent(?:er|re)\sfor\s(?:High[\s-]Performance|Scientific|Advanced|Research)\sComputing)\b",
    stems="comput;hpc & cent;facility",
)
"""A computing centre behind a word for "at", whether it is in the list or not."""


_WITH_ENDING = regex(r"\b([A-Z]{3,})(?=[a-zåäöñéü]{1,6}\b)")
"""A name in capitals with the ending of a case glued to it ("DIPCren", "LUMIssa")."""


def named_centres(text: str) -> Iterator[tuple[str, int]]:
    """Public computing centres by their own names, in a sentence that is not English.

    Args:
        text: Plain text of a sentence, without a gloss.

    Yields:
        Standard name and offset.
    """
    text = _WITH_ENDING.sub(r"\1 ", text)
    for match in finder("provider").find(text):
        written = text[match.start : match.end]
        is_sure = not written.isascii() or sum(map(str.isupper, written)) >= CAPITALS  # "Cedar" may be a tree
        if is_sure and vocabulary("provider").attributes(match.name)["kind"] == "public supercomputer":
            yield match.name, match.start


CAPITALS = 3


def find_centres(text: str) -> Iterator[tuple[str, int]]:
    """Computing centres by their names, as a sentence writes them.

    Args:
        text: Plain text of a sentence.

    Yields:
        Name and offset.
    """
    for match in _CENTRE.finditer(text):
        yield match["name"], match.start("name")
