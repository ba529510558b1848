"""What a card says around its amounts: names, base models, energies, and whether it says that nothing was measured."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from mining.card.document.document import Document
from mining.card.document.passages import Passage, passages, sentences
from mining.card.extract.context_labels import quantity_of
from mining.card.extract.denials import denies, holds_several, is_estimated, is_not_split, is_untrained, may_deny
from mining.card.extract.model_names import names_in, words_of
from mining.card.extract.shared_names import stated_bases
from mining.card.lexicon.keywords import has_emission_word
from mining.card.lexicon.number_words import with_digits
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import ENVIRONMENT, is_emission_label
from mining.patterns import regex
from mining.units import find_quantities

__all__ = [
    "Reader",
    "before_colon",
    "caption_of",
    "is_about_carbon",
    "is_about_emissions",
    "is_of_others",
    "lead_in",
    "may_be_of_others",
    "reader_of",
]

LINES_CAP = 400
"""Lines of a card that are searched for energies and denials."""
MOST_MEASURES = 40
"""Energies, or intensities, of a card that are tried on its amounts."""
_LEAD_IN = regex(
    r"[\s>]{0,12}(?:[-*+•]\s{1,4}|\d{1,3}[.)]\s{1,4})?(?:\*\*|__|\*(?=[^\s*])|_(?=[^\s_]))([^*_|\n]{2,90}?)(?:\*\*"
    r"|__|\*|_)",
    stems="*;_",
)
_BEFORE_COLON = regex(r"[\s>]{0,12}(?:[-*+•]\s{1,4})?([^\W\d][^:：.,;\n]{1,29})[:：]\s", stems=":;：")
_HAS_ENERGY = regex(
    r"[wW][hH](?![A-Za-z])|[wW]att|[вВ][тТ]|瓦|ワット|와트|度|واط|वाट",
    re.IGNORECASE,
    stems="wh;watt;вт;瓦;ワット;와트;度;واط;वाट",
)
_PIECE = regex(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    {
        "base",
        "large",
        "small",
        "medium",
        "tiny",
        "mini",
        "instruct",
        "chat",
        "uncased",
        "cased",
        "model",
        "bert",
        "roberta",
        "transformer",
        "turbo",
        "multilingual",
        "xlarge",
        "distilled",
        "finetuned",
        "version",
        "hugging",
        "face",
        "language",
        "text",
        "english",
        "german",
        "french",
        "vision",
        "image",
        "audio",
        "speech",
        "distil",
        "encoder",
        "decoder",
    }
)
_TOPIC = regex(r"^(?:tags|pipeline_tag|model_name|datasets):(?:.*|(?:\n[ \t]*-.*){1,40})", re.MULTILINE)
_TOPIC_WORD = regex(
    r"climate|carbon|emission|\besg\b|net[- ]?zero|greenwash|co2|klima|clim[aá]t|sustainab"
    r"|sürdürülebil|surdurulebil|nachhaltig|durabilit|sostenib|sustentab|duurza|zrównoważ|устойчив|bền vững"
    r"|可持续|持続可能|지속가능"
    r"|emis[ijs]|émission|ausstoß|uitstoot|utsläpp|udledning|päästö|isuri|salım|karbon|kohlen|климат|клімат"
    r"|углерод|вуглец|выброс|викид|phát thải|khí hậu|碳|排放|气候|炭素|排出|気候|탄소|배출|기후"
    r"|انبعاث|كربون|مناخ|کربن|اقلیم|उत्सर्जन|कार्बन|जलवायु",
    re.IGNORECASE,
    stems="ausstoß;bền vững;carbon;clim;co2;durabilit;duurza;emis;esg;greenwash;isuri;karbon;"
    "khí hậu;klima;kohlen;nachhaltig;phát thải;päästö;salım;sostenib;surdurulebil;"
    "sustainab;sustentab;sürdürülebil;udledning;uitstoot;utsläpp;zero;zrównoważ;émission;"
    "викид;вуглец;выброс;климат;клімат;углерод;устойчив;اقلیم;انبعاث;كربون;مناخ;کربن;"
    "उत्सर्जन;कार्बन;जलवायु;可持续;持続可能;排出;排放;气候;気候;炭素;碳;기후;배출;"
    "지속가능;탄소",
)


_MERGED = regex(
    r"^(?:[ \t]*-[ \t]*|tags:.*[\[, \"'])merge(?:kit|d)?[\"']?(?:[ \t]*$|[,\] ])", re.MULTILINE, stems="merge"
)
_MERGE_METHOD = regex(
    r"\bmergekit\b|\b(?:with|using|by|method:?)\s(?:the\s)?(?:slerp|ties|dare[-_ ]?ties|task arithmetic)\b"
    r"|\bmodel soup\b",
    re.IGNORECASE,
    stems="mergekit;slerp;ties;task arithmetic;model soup",
)
MERGE_REACH = 4000
"""A tag of what was put together from other models, without a training."""


class Reader(Struct, frozen=True):
    """What is needed of a card to weigh the evidence of its sentences.

    Attributes:
        card: The card.
        names: Word sets of the names of this model.
        languages: Languages whose words count.
        bases: Telling words of the names of its base models.
        energies: Energies that its body states, in kWh.
        intensities: Carbon intensities that its body states, in g/kWh.
        denied: Whether it says that the emissions were not measured.
        is_merge: Whether it says that it was merged from others, or that nothing was trained.
        is_topic: Whether the model itself is about emissions or climate.
        labelled_otherwise: Numbers of lines whose label names another quantity (time, device, place).
    """

    card: Document
    names: tuple[frozenset[str], ...]
    languages: frozenset[str]
    bases: tuple[str, ...] = ()
    energies: frozenset[float] = frozenset()
    intensities: frozenset[float] = frozenset()
    denied: bool = False
    is_merge: bool = False
    is_topic: bool = False
    labelled_otherwise: frozenset[int] = frozenset()


def reader_of(card: Document) -> Reader:
    """A card with its names, languages and measures.

    Args:
        card: The card.
    """
    stated = next(
        (line.partition(":")[2] for line in card.front.text.split("\n") if line.startswith("model_name:")), ""
    )
    names = tuple(words for name in (card.title, stated.strip(" \"'")) if name and (words := words_of(name)))
    languages = frozenset({"en", *card.languages})
    energies, intensities = _measures(card, languages)
    front = card.front.text
    return Reader(
        card,
        names,
        languages,
        _bases(front, names),
        energies,
        intensities,
        _is_denied(card, languages),
        _MERGED.search(front) is not None
        or _MERGE_METHOD.search(card.text[:MERGE_REACH]) is not None
        or is_untrained(card.text),
        is_about_emissions(card),
        frozenset(
            pair.line
            for pair in card.labelled_values
            if pair.kind == "text" and _is_otherwise(pair.label) and not has_emission_word(pair.value.lower())
        ),
    )


def is_about_emissions(card: Document) -> bool:
    """Whether the model itself is about emissions or climate, by its tags and its name.

    Args:
        card: The card.
    """
    topic = " ".join(match.group() for match in _TOPIC.finditer(card.front.text[:20_000]))
    return _TOPIC_WORD.search(f"{topic} {card.title or ''}") is not None


def is_of_others(words: str, languages: frozenset[str]) -> bool:
    """Whether the words above a table say that it is of other models, or of a training that is only planned.

    Args:
        words: Section and the line above the table.
        languages: Languages whose words count.
    """
    concepts = {hit.concept for hit in find_concepts(words, languages)}
    if "would" in concepts:
        return True  # "Planned training"
    return not concepts.isdisjoint({"base", "other"}) and concepts.isdisjoint(_OF_THE_FAMILY)


def may_be_of_others(words: str) -> bool:
    """Whether they might say so in any language: a look beforehand, since the languages of a card are dear to tell.

    Args:
        words: Section and the line above the table.
    """
    return any(hit.concept in {"would", "base", "other"} for hit in find_concepts(words))


_OF_THE_FAMILY = frozenset({"own", "we", "own-name", "family", "train", "pretrain", "finetune", "stagename", "total"})


def _is_otherwise(label: str) -> bool:
    """Whether a label names a time, a device or a place for sure."""
    found = None if is_emission_label(label) else quantity_of(label)
    return found is not None and found[0] in {"duration", "hardware", "region", "provider"}


def _bases(front: str, names: tuple[frozenset[str], ...]) -> tuple[str, ...]:
    """Telling words of the base models that the metadata names; words of the model's own name tell nothing."""
    stated = stated_bases(front)
    if not stated:
        return ()
    own = " ".join(word for name in names for word in name)
    words = dict.fromkeys(word.lower() for word in _PIECE.findall(stated))
    return tuple(word for word in words if word not in _COMMON and word not in own)


def _measures(card: Document, languages: frozenset[str]) -> tuple[frozenset[float], frozenset[float]]:
    energies: set[float] = set()
    intensities: set[float] = set()
    seen = 0
    for line in card.body:
        if line.kind != "code" and ("h" in line.plain or not line.plain.isascii()) and _HAS_ENERGY.search(line.plain):
            plain = with_digits(line.plain[:4000], languages)
            energies.update(one.inner for one in find_quantities(plain, ("energy",)) if one.rate is None)
            intensities.update(one.inner for one in find_quantities(line.plain[:4000], ("intensity",)))
            seen += 1
            if seen >= LINES_CAP or len(energies) > MOST_MEASURES or len(intensities) > MOST_MEASURES:
                break
    return frozenset(energies), frozenset(intensities)


@lru_cache(maxsize=512)
def is_about_carbon(heads: str, languages: frozenset[str]) -> bool:
    """Whether headings, or words that begin a paragraph, speak of emissions or of the environment.

    Args:
        heads: Headings above, or words in bold.
        languages: Languages whose words count.
    """
    return ENVIRONMENT.search(heads) is not None or any(
        hit.concept in {"carbon", "environment"} for hit in find_concepts(heads[:400], languages)
    )


def lead_in(passage: Passage) -> str:
    """Words in bold or italics that begin a paragraph or an item, like a heading of its own."""
    match = _LEAD_IN.match(passage.lines[0].text)
    return match.group(1).strip(" .:") if match else ""


def caption_of(passage: Passage) -> str:
    """The first of several lines, where it has no number and ends no sentence ("Ledger, final training only")."""
    first = passage.lines[0].plain.strip()
    if len(passage.lines) <= 2 or len(first) > CAPTION_CAP or first.endswith((".", ",", ";")):
        return ""
    if any(map(str.isdigit, first)) or not all(_ENTRY.match(line.plain) for line in passage.lines[1:3]):
        return ""
    return first.rstrip(":")


CAPTION_CAP = 80
_ENTRY = regex(r"\s{0,8}[^\d.]{2,40}?(?:\s{2,}|:\s|\t)[~≈]?\d|\s{0,8}[-=]{3}")
"""A line of a ledger: words, a gap, a number."""


def before_colon(passage: Passage) -> str:
    """Short words before the first colon of a paragraph or an item ("Carbon: somewhere between ...")."""
    match = _BEFORE_COLON.match(passage.lines[0].text)
    return match.group(1) if match else ""


def _is_denied(card: Document, languages: frozenset[str]) -> bool:
    """Whether some sentence says that this model's emissions were not measured, or are not known."""
    if not may_deny(card.text):
        return False
    seen = 0
    own = (words_of(card.title or ""),)
    for passage in passages([line for line in card.body if line.kind != "code"]):
        if not may_deny(passage.text):
            continue
        heads = is_about_carbon(f"{passage.lines[0].path} {lead_in(passage)}", languages)
        if not heads and not has_emission_word(passage.text.lower()):
            continue
        seen += 1
        if seen > LINES_CAP:
            break
        cut = sentences(passage.text)
        for at, (low, high) in enumerate(cut):
            # "the base model was trained by others; its emissions are unknown": one sentence
            begin = cut[at - 1][0] if at and passage.text[cut[at - 1][1] - 1] in ";；" else low
            near = heads or has_emission_word(passage.text[cut[max(0, at - 1)][0] : high].lower())
            named = {kind for kind, _, _ in names_in(passage.text, low, high, own)}
            if ("other-name" in named and "own-name" not in named) or (
                is_not_split(passage.text[low:high]) and holds_several(card.text)
            ):
                continue  # "Mistral-7B itself: unknown to us"; what the three here emitted together
            if denies(passage.text[low:high], languages, near) and (
                begin == low or denies(passage.text[begin:high], languages, near)
            ):
                behind = cut[at + 1] if at + 1 < len(cut) else (0, 0)
                if not is_estimated(passage.text[slice(*behind)], languages):
                    return True
    return False
