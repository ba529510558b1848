"""Labels of a card's fields: what each announces, labels that share a line, and what stands right above a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import cast

from msgspec.structs import replace

from mining.card.document.document import Document, LabelledValue
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import is_emission_label
from mining.card.values.context_durations import VALUE_CAP
from mining.patterns import regex
from mining.schema import Quantity
from mining.vocab.encoder import fold
from mining.vocab.tables import read_table

__all__ = ["foreign_quantity_of", "lead_in", "named_by_parent", "node_role", "quantity_of", "split_labels"]

_BRACKETS = regex(r"[(（][^()（）]{0,120}[)）]|\[[^\[\]]{0,60}\]|^\s{0,3}\d{1,2}[.)]\s")

_DURATION = regex(
    r"\b(?:train\w*|comput\w*|tuning|run) (?:\w+ ){0,2}(?:time|duration|hours|clock)\b|\b(?:duration|hours"
    r"|time) (?:\w+ ){0,3}(?:train|comput|run)",
    stems="clock;duration;hours;time",
)
_NO_DURATION = regex(
    r"\b(?:per|each|inference|epoch|eval\w*|steps?|date|speed|estimat\w* cost|remaining|samples?|late?ncy|timeout"
    r"|time series|real time|first)\b",
    stems="date;each;epoch;estimat;eval;first;inference;ncy;per;real time;remaining;sample;"
    "speed;step;time series;timeout",
)
_TWO_SENTENCES = regex(r"(?<=\w{2})[.!?]\s+(?=[A-Z])")
"""A label that ends one sentence and begins the next ("Training took 14 hours. LM: ...")."""
_HEAD = regex(r"^(?:total|the|estimated|approximate|main|overall|final|actual) ")
_TAIL = regex(
    r" (?:used|type|model|s|utilized|specs|specifications|details|for training|during training|estimate|approx"
    r"|approximately)$"
)


@cache
def _labels() -> dict[str, tuple[Quantity, bool]]:
    """Folded label -> what it announces, and whether it does so only in a section about training."""
    return {
        label: (cast("Quantity", row["quantity"]), row["strength"] == "soft")
        for row in read_table("labels")
        for label in row["labels"].split(";")
    }


@lru_cache(maxsize=4096)
def quantity_of(label: str) -> tuple[Quantity, bool] | None:
    """What a label announces, and whether it does so only in a section about training.

    Args:
        label: Plain text of the label.

    Returns:
        Quantity and softness; None for other labels.
    """
    if len(label) > 120:
        return None
    label = _TWO_SENTENCES.split(label)[-1]
    key = fold(_BRACKETS.sub(" ", label))
    labels = _labels()
    known = labels.get(key) or labels.get(_TAIL.sub("", key)) or labels.get(_HEAD.sub("", key))
    if known is None and len(key) < 60 and _DURATION.search(key) and not _NO_DURATION.search(key):
        return "duration", True
    return known or _by_concepts(key)


@lru_cache(maxsize=2048)
def foreign_quantity_of(label: str, locale: Locale) -> tuple[Quantity, bool] | None:
    """What a label in another language announces: by its gloss, or by the one word of it that is a concept.

    Args:
        label: Plain text of the label.
        locale: Of its card.

    Returns:
        Quantity and softness; None for other labels.
    """
    said = gloss(label, locale)
    known = quantity_of(said)
    if known is not None or not locale.languages or len(label) > LONGEST_FOREIGN or said == label:
        return known
    if _OF_RECORDINGS.search(label):
        return None
    key = fold(_BRACKETS.sub(" ", said))
    words = [word for word in key.split(" ") if word not in _FILLERS]
    told = {quantity for quantity, concept in _CONCEPTS for word in words if word in concept}
    if len(words) > MOST_FOREIGN_WORDS or len(told) != 1 or _NO_DURATION.search(key):
        return None
    concepts = {hit.concept for hit in find_concepts(label, frozenset({"en", *locale.languages}))}
    return (told.pop(), True) if concepts.isdisjoint(_OF_SOMETHING_ELSE) else None


_OF_RECORDINGS = regex(
    r"[aàáá]udio|音|声|聲|오디오|음성|صوت|صدا|ऑडियो|आवाज|lyd|ljud|ääni|v[ií]deo|dat[ae]\w*|dad[oe]s|enregistr|grabaci"
    r"|grava[çc]|registr"
    r"|aufnahm|sprach|opnam|nagra|запис|аудио|аудіо|дан[нi]|kayıt|録|录|speech|parole|\bvo[zc]e?\b|rozmów|mow[ya]|речи",
    re.IGNORECASE,
)
"""What hours and days are of besides a training."""
LONGEST_FOREIGN, MOST_FOREIGN_WORDS = 40, 3
_OF_SOMETHING_ELSE = frozenset(
    {
        "infer",
        "data",
        "evaluate",
        "base",
        "other",
        "plan",
        "would",
        "trial",
        "embodied",
        "saved",
        "rate",
        "usage",
        "part",
    }
)
_CONCEPTS: tuple[tuple[Quantity, frozenset[str]], ...] = (
    (
        "hardware",
        frozenset(
            [
                "gpu",
                "gpus",
                "hardware",
                "device",
                "devices",
                "accelerator",
                "accelerators",
                "machine",
                "machines",
                "card",
                "cards",
                "tpu",
                "tpus",
                "processor",
                "processors",
                "computer",
                "server",
                "nodes",
                "chips",
                "cpu",
                "cpus",
                "rig",
                "equipment",
                "instance",
                "instances",
                "trainium",
            ]
        ),
    ),
    ("duration", frozenset(["duration", "time", "hours", "runtime", "days", "elapsed"])),
    ("region", frozenset(["location", "place", "region", "site", "where", "country", "zone"])),
    ("provider", frozenset(["provider", "cloud", "host"])),
)
_FILLERS = frozenset(
    [
        "used",
        "using",
        "use",
        "training",
        "trained",
        "train",
        "fine",
        "tuned",
        "tuning",
        "pre",
        "total",
        "type",
        "model",
        "of",
        "for",
        "the",
        "our",
        "own",
        "booked",
        "wall",
        "clock",
        "needed",
        "run",
        "and",
        "in",
        "on",
        "compute",
        "taken",
        "spent",
        "kind",
        "released",
        "final",
        "actual",
        "s",
        "a",
        "at",
        "platform",
        "it",
        "ran",
        "released",
        "seed",
        "this",
        "h",
        "hrs",
        "approx",
        "about",
        "each",
        *(
            "de",
            "des",
            "del",
            "della",
            "do",
            "da",
            "di",
            "der",
            "d",
            "l",
            "la",
            "le",
            "el",
            "het",
            "van",
            "av",
            "af",
            "na",
        ),
    ]
)
"""Words that leave a label what it is ("Time booked", "GPUs used", "Training, wall clock")."""


def _by_concepts(key: str) -> tuple[Quantity, bool] | None:
    """What a label announces whose words all are of one concept, or say nothing."""
    words = key.split(" ")
    if len(words) > 6:
        return None
    if key in {"training wall clock", "wall clock", "clock", "wall", "wall clock h", "wall h"}:
        return "duration", True
    told = [word for word in words if word not in _FILLERS]
    for quantity, concept in _CONCEPTS if told else ():
        if all(word in concept for word in told):
            return quantity, True
    if told and all(any(word in concept for _, concept in _CONCEPTS[2:]) for word in told):
        return "provider", True  # "Provider, place"
    return None


_INNER_LABEL = regex(r"(?<![\w:])((?:[^\W\d_][\w/-]{0,14}\s(?:\([^()]{1,12}\)\s?)?){0,3}[^\W\d_]\w{1,14}):\s")
_NODES = regex(
    r"(?:number|no|num|count) of (?:compute |gpu )?(?:nodes|machines|servers|instances)|(?:nodes|num nodes|machines)$",
    stems="instances;machines;nodes;servers",
)
_PER_NODE = regex(
    r"(?:number of )?(?:gpus|accelerators|tpus|devices|cards|chips|processors) (?:per|each|a"
    r"|in a) (?:compute )?(?:node|nodes|instance|machine|server)",
    stems="instance;machine;node;server",
)
_PIECES = regex(
    r"(?:total )?(?:number|no|num|count) of (?:gpus?|accelerators|tpus?|devices|cards)|(?:num|n) (?:gpus?|tpus?"
    r"|devices|cards|accelerators)"
    r"|(?:gpu|tpu|device) count|(?:world size|n gpus?)|[gt]pus?\s?(?:数|数量|台数|枚数|個数|数目|개수|수|số lượng)"
    r"|(?:how many (?:gpus|devices|cards|accelerators|tpus|chips))",
    stems=" count; of ;accelerators;cards;devices;how many ;pu;world size",
)


@lru_cache(maxsize=4096)
def node_role(label: str) -> str | None:
    """What a bare number under a label counts: nodes, devices of one node, or devices."""
    key = fold(label[:80])
    roles = (("nodes", _NODES), ("per-node", _PER_NODE), ("pieces", _PIECES))
    return next((role for role, pattern in roles if pattern.fullmatch(key)), None)


def split_labels(pair: LabelledValue) -> Iterator[LabelledValue]:
    """The labelled values of one running line: "GPU: T4 (x2); hours: 3 Region: Iowa"."""
    if "/" in pair.label and pair.value.count("/") == pair.label.count("/") > 0:
        labels, values = pair.label.split("/"), pair.value.split("/")
        if all(map(_is_label, map(str.strip, labels))):
            for label, value in zip(labels, values, strict=True):  # "Provider / region: none / Madrid"
                yield replace(pair, label=label.strip(), value=value.strip())
            return
    label, at = pair.label, 0
    for match in _INNER_LABEL.finditer(pair.value[:VALUE_CAP]) if pair.value.count(":") else ():
        words = match.group(1).split(" ")
        known = next((" ".join(words[skip:]) for skip in range(len(words)) if _is_label(" ".join(words[skip:]))), None)
        if known is not None:
            start = match.end(1) - len(known)
            yield replace(pair, label=label, value=pair.value[at:start].strip(" ;,.|"))
            label, at = known, match.end()
    yield replace(pair, label=label, value=pair.value[at:]) if at else pair


def _is_label(text: str) -> bool:
    return quantity_of(text) is not None or is_emission_label(text)


def lead_in(card: Document, pair: LabelledValue) -> str:
    """The short line right above a list, which heads it ("*Pilot study*", "For comparison:")."""
    for number in range(pair.line - 1, max(0, pair.line - 9), -1):
        line = card.line(number)
        if line.kind == "heading":
            return ""
        if line.kind == "text" and not line.text.lstrip().startswith(("-", "*   ", "* ", "+", "•")):
            said = line.plain.strip()
            said = said.rpartition(". ")[2] if said.endswith(":") else said
            return said if len(said) <= 100 and not said.endswith(".") and ": " not in said else ""
    return ""


def named_by_parent(card: Document, pair: LabelledValue, indent: int, locale: Locale) -> LabelledValue:
    """A pair whose label only means something under another item ("Hardware > Type", "Hardware > Count").

    Args:
        card: The card.
        pair: The pair.
        indent: Blanks before it.
        locale: Of the card.

    Returns:
        The pair, under the label that it stands for.
    """
    label = fold(gloss(pair.label[:40], locale)) if indent else ""
    if label not in _MEANINGLESS:
        return pair
    above = quantity_of(gloss(_item_above(card, pair.line, indent), locale))
    if above is not None and above[0] == "duration" and label in _OF_TRAINING:
        return replace(pair, label="hours used")
    if above is None or above[0] != "hardware" or label in _OF_TRAINING:
        return pair
    return replace(pair, label="number of devices" if label in _COUNTING else "hardware type")


def _item_above(card: Document, number: int, indent: int) -> str:
    """Plain text of the item that an item is nested under."""
    for at in range(number - 1, max(0, number - 9), -1):
        text = card.line(at).text
        if text.strip() and len(text) - len(text.lstrip()) < indent:
            return card.line(at).plain.strip(" -*+•:")[:60]
    return ""


_COUNTING = frozenset({"count", "number", "quantity", "amount", "how many", "pieces", "units", "n"})
_OF_TRAINING = frozenset(
    {"training", "train", "trained", "total", "fine tuning", "fine tuned", "pre training", "pre trained"}
)
_MEANINGLESS = _COUNTING | _OF_TRAINING | {"type", "model", "name", "kind", "what", "make"}
"""Labels that say what of their parent's they tell."""
