"""Evidence of an amount in a sentence: its own sentence, its neighbours, the headings above, and what the card is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mining.card.document.passages import Passage
from mining.card.extract.beside_amount import (
    has_gaps,
    is_answer,
    is_cited_quote,
    is_output,
    is_quoted,
    is_quoted_report,
)
from mining.card.extract.bracketed_bases import is_bracketed_base
from mining.card.extract.denials import is_inseparable
from mining.card.extract.emission_physics import physics
from mining.card.extract.emission_surroundings import Reader, lead_in
from mining.card.extract.model_names import base_names_in
from mining.card.extract.remarks import is_of_base
from mining.card.extract.roles import (
    OF_LABELS,
    TAKES_UP,
    Feature,
    features_of,
    heads_of,
    takes_subject_from_before,
    zone_features,
)
from mining.card.extract.siblings import is_other_version, names_sibling
from mining.card.extract.uses import is_used_on
from mining.card.values.equations import is_factor
from mining.patterns import regex
from mining.units import PhysicalQuantity

__all__ = ["features_of_amount", "is_emitted_by_training"]

_NEXT_CLAUSE = regex(r"[,;،، 、；]\s")
SHORT_LABEL = 16
LABEL_REACH = 60
"""Characters before an amount in which its label must stand."""
_TRAINED = frozenset({"train", "finetune", "pretrain", "meter"})
SAID = 0.8
"""Strength of a word that is said of the amount."""


def features_of_amount(
    reader: Reader,
    passage: Passage,
    plain: str,
    quantity: PhysicalQuantity,
    sentence: tuple[int, int],
    spans: Sequence[tuple[int, int]],
    before: str,
    after: str,
    head: str,
    grids: Sequence[float],
) -> list[Feature]:
    """All evidence of an amount.

    Args:
        reader: The card.
        passage: Paragraph or item that it stands in.
        plain: Its plain text, number words in digits.
        quantity: The amount.
        sentence: Where its sentence begins and ends.
        spans: Where the other amounts near it stand.
        before: The sentence before.
        after: The sentence behind.
        head: What leads to the paragraph.
        grids: Carbon intensities in g/kWh that the paragraph names apart.
    """
    start, end = sentence
    features = features_of(plain, (quantity.start, quantity.end), sentence, spans, reader.names, reader.languages)
    is_bare = not any(map(str.isalpha, plain[start : quantity.start] + plain[quantity.end : end]))
    features.extend(_of_neighbours(reader, plain, start, before, after, is_bare))
    features.extend(_of_headings(reader, passage, quantity, head))
    features.extend(
        Feature("base-name", "clause", 0.35 if any(low <= one < quantity.start for one, _ in spans) else 1.0)
        for low, _ in base_names_in(plain, start, end, reader.bases, reader.languages)
    )
    features.extend(_of_labels(reader, plain, start, quantity.start))
    if any(one.name == "trial" and one.zone == "clause" for one in features) and _TUNING_OF.search(
        plain, max(0, quantity.start - LABEL_REACH), quantity.start
    ):  # "Tuning: 1.9 kg over 600 configurations" is of the settings
        features = [one for one in features if one.name != "finetune" or one.zone not in {"clause", "label"}]
    if not any(one.name == "example" and one.zone == "clause" for one in features):
        features.extend(physics(reader, plain, quantity, (start, end), before, grids))
    features.extend(_of_the_card(reader, features))
    features.extend(_of_words_before(reader, passage, plain, quantity, start, spans))
    if is_emitted_by_training(plain, quantity.end):
        features = [one for one in features if one.name != "saved"] + [Feature("train", "clause", 1.0)]
    if _NEARLY_ALL.search(plain, quantity.end, max(quantity.end, end)):
        features = [one for one in features if one.name not in _OF_MORE] + [Feature("own", "clause", 1.0)]
    if is_inseparable(f"{plain[start:end]} {after}") and any(one.name in _OF_MORE | _OF_SEVERAL for one in features):
        features.append(Feature("project", "clause", 1.0))
    if has_gaps(plain) or plain[start:end].rstrip().endswith(("?", "？", "؟")):
        features.append(Feature("example", "clause", 1.0))
    if is_quoted(plain, quantity.start, quantity.end):
        is_told = any(one.name == "citation" and one.zone in {"before", "sentence"} for one in features)
        cited = is_told or is_cited_quote(plain, quantity.end) or is_quoted_report(plain, quantity.start)
        features.extend([Feature("citation", "clause", 1.0)] * cited)
        features.append(Feature("quoted", "clause", 1.0 if reader.is_topic or cited else 0.5))
    return features


def _of_words_before(
    reader: Reader,
    passage: Passage,
    plain: str,
    quantity: PhysicalQuantity,
    start: int,
    spans: Sequence[tuple[int, int]],
) -> Iterator[Feature]:
    """Evidence of the words right before an amount, or of the head of its paragraph."""
    at = quantity.start
    if _NOT_SO_MUCH.search(plain, max(start, at - 12), at):
        yield Feature("superseded", "clause", 1.0)
    if _TIMES_AS_MUCH.search(plain, max(start, at - TIMES_REACH), at):
        yield Feature("several", "clause", 1.0)
    if _USING_IT.search(plain, max(start, at - USE_REACH), at) or is_used_on(plain, start, at, reader.languages):
        yield Feature("infer", "clause", 1.0)
    if is_output(plain, at):
        yield Feature("example", "clause", 1.0)
    if is_bracketed_base(plain, start, at, quantity.end) or is_of_base(plain, at, reader.languages):
        yield Feature("base", "clause", 2.0)
    if is_factor(plain, start, at):
        yield Feature("factor", "clause", 1.0)
    begins = max([start, *(high for _, high in spans if high <= at)])
    named = names_sibling(plain[begins:at], reader.card.title or "")
    if named is not None:
        yield Feature("sibling", "clause", 1.0)
    if is_other_version(passage.text, passage.lines[0], reader.card, reader.names):
        yield Feature("sibling", "clause", 1.0)


_OF_MORE = frozenset({"project", "annual", "facility", "facility-year", "many"})
_OF_SEVERAL = frozenset({"several", "total", "family", "topic"})
_NEARLY_ALL = regex(
    r"\b(?:practically|nearly|almost|virtually|essentially|basically) (?:all|everything)"
    r"(?: of (?:it|this|that|which))?\b"
    r"[^.;\d]{0,24}\b(?:this|the|our)\s(?:\w+\s)?(?:run|training|model|job|fine-?tun\w+)\b",
    re.IGNORECASE,
    stems="practically;nearly;almost;virtually;essentially;basically",
)
"""Behind the amount of a month or a project that is this training's but for little."""


def is_emitted_by_training(plain: str, end: int) -> bool:
    """Whether an amount is called the one that training emitted, whatever was done about it.

    Args:
        plain: Plain text of a paragraph.
        end: Where the amount ends.
    """
    return _THAT_TRAINING_EMITTED.match(plain, end) is not None


def _goes_on(plain: str, start: int) -> bool:
    """Whether a semicolon ends what stands before."""
    return plain[max(0, start - 2) : start].rstrip().endswith((";", "；"))


def _of_neighbours(reader: Reader, plain: str, start: int, before: str, after: str, is_bare: bool) -> list[Feature]:
    """Evidence of the sentences before and behind the amount's own, which may be nothing but the amount."""
    goes_on = is_bare or _goes_on(plain, start) or takes_subject_from_before(plain, start, reader.languages)
    zone = "clause" if _NO_SUBJECT.match(plain, start) else "sentence" if goes_on else "before"
    features = zone_features(before, zone, reader.names, reader.languages)
    # "Those are the parents', ..."
    taken_up = _NEXT_CLAUSE.split(after, maxsplit=1)[0] if TAKES_UP.match(after) else ""
    told = zone_features(taken_up, "sentence", reader.names, reader.languages)
    if not any(one.name == "equal" for one in told):  # "That is what eleven trees take up": of the same amount
        features.extend(told)
    features.extend(zone_features(after[len(taken_up) :], "after", reader.names, reader.languages))
    return features


_NO_SUBJECT = regex(r"\s{0,3}(?:Stopped|Aborted|Cancell?ed|Killed|Interrupted|Took|Ran|Cost|Burned|Burnt)\b")
"""A sentence in a diary's style, of what the one before speaks ("First try. Stopped after 40 h, 24 kg CO2eq.")."""


def _of_headings(reader: Reader, passage: Passage, quantity: PhysicalQuantity, head: str) -> list[Feature]:
    """Evidence of what stands above, or of the words in bold that begin the paragraph."""
    lead = zone_features(lead_in(passage), "head", (), reader.languages)
    if any(one.name == "own" for one in lead):  # "**This adapter.** ...": the headings above no longer rule
        return lead
    heads = heads_of(passage.line_at(quantity.start))
    return zone_features(f"{heads} {head}", "head", reader.names, reader.languages)


def _of_labels(reader: Reader, plain: str, start: int, amount: int) -> list[Feature]:
    """Evidence of the label of the amount's sentence, or of the one that rules over a semicolon."""
    features = _item_label(plain[start:amount], reader)
    if _goes_on(plain, start) and ":" not in plain[start:amount]:
        features.extend(_item_label(_SENTENCE_BEFORE.split(plain[max(0, start - 300) : start])[-1].lstrip(), reader))
    return features


def _of_the_card(reader: Reader, features: Sequence[Feature]) -> list[Feature]:
    """Evidence of what the card is: a merge, one that denies, one whose topic is carbon."""
    found = []
    names = {(one.name, one.zone) for one in features}
    is_many = any(one.name == "many" and one.zone == "clause" and one.strength >= LEAST_MANY for one in features)
    if is_many and ("replicate", "before") in names and ("replicate", "clause") not in names:
        found.append(Feature("several", "clause", 1.0))
    if reader.is_merge and ("measured", "clause") not in names and ("agrees", "clause") not in names:
        found.append(Feature("merged", "clause", 1.0))
    if reader.denied:
        found.append(Feature("denied", "clause", 1.0))
        if any(one.name == "family" for one in features):
            found.append(Feature("family-denied", "clause", 1.0))
    if reader.is_topic and not any(
        one.name in _TRAINED and one.zone == "clause" and one.strength >= SAID for one in features
    ):
        found.append(Feature("topic-card", "clause", 1.0))
    return found


LEAST_MANY = 0.3
"""Strength of a number word that stands near enough to the amount to count its repetitions."""


def _item_label(before: str, reader: Reader) -> list[Feature]:
    """What the words before the first colon of a sentence name, where the amount is what follows it."""
    label, colon, rest = _STAMP.sub("", before).partition(":")
    if (
        not colon
        or is_answer(f"{label.strip()}:")
        or len(label) > LABEL_REACH
        or any(map(str.isdigit, label))
        or len(rest) > LABEL_REACH
    ):
        return []
    known = OF_LABELS if len(label) <= SHORT_LABEL else OF_LABELS - {"we"}
    return [one for one in zone_features(label, "label", (), reader.languages) if one.name in known]


TIMES_REACH = 48
_TIMES_AS_MUCH = regex(
    r"\b(?:times|fois|veces|vezes|volte|keer|-?fache|раз)\s(?:as much|that(?: much| amount)?|so viel|autant"
    r"|tanto)\s?[(:,]?\s?[~≈]?$",
    re.IGNORECASE,
    stems="times;fois;veces;vezes;volte;keer;fache;раз",
)
"""Before what many such runs emitted together ("and forty times as much (4.8 kg) for the sweep")."""
USE_REACH = 120
_USING_IT = regex(
    r"\b(?:encod|embedd|index|transcrib|translat|summari[sz]|classify|generat|process|annotat|label+|rerank|caption"
    r"|pars|scor)ing\b"
    r"[^.;]{0,60}\b(?:with|using|through) (?:this|the|our) (?:\w+ )?(?:model|checkpoint|encoder|adapter)\b",
    re.IGNORECASE,
    stems="with;using;through & this;the;our & model;checkpoint;encoder;adapter",
)
"""What the model is used for ("encoding the passages with this model emitted ...")."""
_NOT_SO_MUCH = regex(
    r"\b(?:not|nicht|pas|non|não|niet|nie|не|inte|ikke)\s(?:the\s)?$",
    re.IGNORECASE,
    stems="not;nicht;pas;non;não;niet;nie;не;inte;ikke",
)
"""Before an amount that is denied ("436 g, not 436 kg")."""
_THAT_TRAINING_EMITTED = regex(
    r"(?:\sof)?(?:\sCO\S{1,4})?(?:\sequivalents?)?\s(?:that|which)\s(?:(?:the|our|this|its)\s)?(?:\S+\s)?"
    r"(?:training|fine-tuning|pre-?training|run|job)\s(?:\w+\s)?(?:emitted|caused|produced|cost|released|generated)\b",
    re.IGNORECASE,
    stems="that;which & emitted;caused;produced;cost;released;generated",
)
"""Behind an amount that is offset, and was emitted ("the 63.5 kg that training emitted")."""
_SENTENCE_BEFORE = regex(r"[.!?。]\s")
_TUNING_OF = regex(r"(?<!fine-)(?<!fine )(?<!instruction )(?<!preference )\btuning\b", re.IGNORECASE)
_STAMP = regex(r"^\W{0,3}\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?\W{0,3}")
"""The time at which a line of a log was written."""
