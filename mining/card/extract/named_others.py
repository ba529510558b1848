"""Labels and rows that name another model, or stand in an example of what a model answers.

A sibling of this one, the larger model that its base belongs to, or what is printed as a sample of the output.
"""

from __future__ import annotations

import re

from mining.card.document.document import Document, LabelledValue
from mining.card.extract.model_names import made_from, names_in, words_of
from mining.card.extract.shared_names import names_base, stated_bases
from mining.card.extract.siblings import names_sibling, siblings_in
from mining.card.lexicon.roles import find_concepts
from mining.patterns import regex

__all__ = ["is_of_an_example", "names_another", "refers_to_another"]

LABEL_CAP = 200
LEAST_NAME = 4
_SIZED = regex(r"([A-Za-z][\w.]{2,20}?)[\s(（-]{0,2}(\d{1,4}(?:\.\d{1,2})?)\s?[bB]\b")


def names_another(label: str, card: Document) -> bool:
    """Whether a label names a sibling of this model, or another size of its base model.

    "Training of Wren-large" on the card of "Wren-base"; "BLOOM (176B)" on a card whose base is bloom-1b7.

    Args:
        label: Plain text of a label or of the name of a row.
        card: The card.
    """
    label, title = label[:LABEL_CAP], card.title or ""
    lettered = [word for word in sorted(words_of(title)) if word.isalpha() and len(word) >= LEAST_NAME]
    stem = max(lettered, key=len, default="")
    found = names_in(label, 0, len(label), (words_of(title),)) if stem and stem in label.lower() else []
    kinds = {
        kind
        for kind, low, high in found
        if kind != "other-name" or (label[low:high].lower() == stem and not made_from(label[:low]))
    }
    if names_base(label, card.front.text, title) and not _OF_TUNING.search(label):
        return True
    if (
        _is_named_in_brackets(label, title)
        or names_sibling(label, title)
        or siblings_in(label, 0, len(label), (words_of(title),))
    ):
        return True
    return ("other-name" in kinds and "own-name" not in kinds) or _is_larger_base(label, title, card)


_OF_TUNING = regex(
    r"tun(?:ing|ed)|adapt|lora|train(?:ing|ed) on|this|our|feinab|affin|ajust|afin|dostro|дообуч|донавч|微调|微調",
    re.IGNORECASE,
)


def _is_named_in_brackets(label: str, title: str) -> bool:
    """Whether a label ends with a known model of others in brackets ("CO2eq (BLOOM)")."""
    inside = _LAST_BRACKETS.search(label)
    if inside is None:
        return False
    named = names_in(inside[1], 0, len(inside[1]), (words_of(title),))
    return [kind for kind, low, high in named if high - low == len(inside[1].strip())] == ["other-name"]


_LAST_BRACKETS = regex(r"\(([^()]{2,40})\)\W{0,4}$")


def refers_to_another(value: str, amount: int, card: Document) -> bool:
    """Whether a value sends its reader to another model's card, whose amount it repeats ("see owl-7b (61 t)").

    Args:
        value: Plain text of a labelled value.
        amount: Where the amount begins.
        card: The card.
    """
    sent = _SEE.match(value, 0, amount)
    if sent is None:
        return False
    kinds = {kind for kind, _, _ in names_in(value, 0, amount, (words_of(card.title or ""),))}
    return "other-name" in kinds and "own-name" not in kinds


_SEE = regex(
    r"\W{0,3}(?:see|cf\.|siehe|voir|véase|ver|vedi|zie|zob\.|см\.|див\.|bkz\.|lihat|xem|se|katso|参见|参照|见)\s",
    re.IGNORECASE,
)


def _is_larger_base(label: str, title: str, card: Document) -> bool:
    stated = stated_bases(card.front.text)
    if not stated:
        return False
    known = f"{stated} {title}".lower()
    return any(
        match[1].lower() in known and f"{match[2]}b" not in known and match[2].replace(".", "b") not in known
        for match in _SIZED.finditer(label)
    )


def is_of_an_example(pair: LabelledValue, card: Document) -> bool:
    """Whether the words before a pair on its line, or the head of its table, call it an example.

    Args:
        pair: A label and its value.
        card: The card.
    """
    if pair.kind == "table":
        lead = next((one.header[0] for one in card.tables if pair.line in {row.line for row in one.rows}), "")
    else:
        plain = card.line(pair.line).plain[:LEAD_CAP]
        lead = plain[: max(0, plain.find(pair.label))]
    languages = frozenset({"en", *card.languages})
    return bool(lead.strip()) and any(hit.concept == "example" for hit in find_concepts(lead[-LEAD_REACH:], languages))


LEAD_CAP, LEAD_REACH = 400, 80
"""Characters of a line that are looked at, and those before a pair in which a word for an example is said of it."""
