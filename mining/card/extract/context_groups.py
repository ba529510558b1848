"""Lists and two-column tables that tell of a training, so that their short labels ("GPU", "Time", "Where") count."""

from __future__ import annotations

import re

from mining.card.document.document import Document, LabelledValue
from mining.card.extract.context_labels import quantity_of
from mining.card.extract.context_statements import ASIDE
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.words import is_emission_label
from mining.card.values.context_values import read_devices
from mining.patterns import regex
from mining.schema import Quantity
from mining.vocab.load import vocabulary

__all__ = ["OF_USE", "is_sure", "speaking_groups"]

OF_USE = regex(
    r"inferen|latency|throughput|tokens?/s|per (?:query|request|token|image|letter|answer|call)|median time|users?\b"
    r"|requests?\b|\bsla\b|where it runs",
    re.IGNORECASE,
    stems="answer;call;image;inferen;latency;letter;median time;query;request;sla;throughput;token;user;where it runs",
)
_SPEAKS = regex(r"train|gpu|hardware|\benergy\b|electric|kwh|epochs|accelerator|\bco2|carbon|emission", re.IGNORECASE)
_TRAINS = regex(r"train|tun(?:ed|ing)\b", re.IGNORECASE, stems="train;tun")
GROUP_GAP = 2


def speaking_groups(card: Document, locale: Locale) -> set[int]:
    """Lines of the lists and two-column tables that tell of a training.

    One of their labels does, and not more of them tell of use.
    """
    speaking: set[int] = set()
    group: list[LabelledValue] = []
    for pair in (*card.labelled_values, None):
        if pair is not None and pair.kind == "code":
            continue
        if group and (
            pair is None
            or pair.line - group[-1].line > GROUP_GAP
            or any(card.line(number).kind == "heading" for number in range(group[-1].line + 1, pair.line))
        ):
            if len(group) > 1 and _speaks(group, locale):
                speaking.update(one.line for one in group)
            group = []
        if pair is not None:
            group.append(pair)
    return speaking


def _speaks(group: list[LabelledValue], locale: Locale) -> bool:
    labels = [gloss(one.label[:80], locale) for one in group]
    of_use = sum(OF_USE.search(label) is not None for label in labels)
    of_training = sum(_TRAINS.search(label) is not None and OF_USE.search(label) is None for label in labels)
    if of_use > of_training or ASIDE.search(group[0].section or ""):
        return False
    return any(
        (_SPEAKS.search(label) and len(label) < 60)
        or is_emission_label(one.label)
        or (
            (found := quantity_of(label)) is not None
            and (not found[1] or is_sure(found[0], one.value, one.value[:120]))
        )
        for one, label in zip(group, labels, strict=True)
    )


def is_sure(quantity: Quantity, value: str, said: str) -> bool:
    """Whether a value tells by itself what it is, under any heading: devices with their number, a region's code."""
    if quantity == "region":
        name = vocabulary("region").encode(value).name
        return name is not None and vocabulary("region").attributes(name)["kind"] == "cloud-region"
    if quantity == "duration":
        return "gpu hours" in said.lower().replace("-", " ")
    return quantity == "hardware" and any(one.pieces and one.kind != "generic" for one in read_devices(said, True))
