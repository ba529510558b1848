"""Context stated in sentences: "was trained on 8 V100 for 90 hours", the calculator's paragraph, the description of the model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec.structs import replace

from mining.card.document.document import Document, Line
from mining.card.extract.context_fields import ELSEWHERE, device_claims, duration_claim, name_claim
from mining.card.lexicon.keywords import Cue, names_device
from mining.card.values.context_values import is_generic, read_duration, read_name
from mining.patterns import regex
from mining.schema import Claim, Quantity

__all__ = ["is_elsewhere", "prose_claims", "sentences", "statement"]

LINE_CAP = 4_000
"""Characters of a paragraph that are looked at."""

_TRAINED = regex(
    r"\b(?:pre-?|re)?train(?:ed|ing|s)?\b|fine-?\s?tun(?:ed|ing|e)|finetun|\bperformed\b|\bconducted\b|\bspent\b"
    r"|\bcarried out\b|\bcomputation\b"
    r"|entra[iî]n|entren|treinad|addestra|trainiert|学習|训练|обуч|\bran on\b|\bran for\b|experiments",
)
_NOT_TRAINING = regex(
    r"inferen|\bdeploy|requir|recommend|\bneeds?\b|\bneeded\b|minimum|at least \d+\s?gb|\bserv(?:e|ing)\b|\bvram\b"
    r"|to run|can be run|runs? on|fits?\b|load(?:ed|ing)? (?:on|in|the model)"
    r"|latency|throughput|tokens?/s|evaluated on|quantiz|benchmark(?:ed|s)?\b|speed ?up|faster|if you|you can"
    r"|you (?:may|will|should|need)|support(?:s|ed)\b|compatible|tested on",
)
_DEVICE_MEMORY = regex(r"(?<=[a-z\d)])[\s,(]{1,3}(?:of|with|each with|having)?\s?\d{1,4}\s?gi?b\s(?:of\s)?v?ram\b")
"""Memory that a device is named with; elsewhere memory is what one needs."""
_ON_A_DEVICE = regex(
    r"\b(?:on|with|using)\s{1,2}(?:(?:an?|one|two|three|four|six|eight|a single|single"
    r"|\d{1,5})[\s×x]{1,3}[tlpvahk]\d{1,3}|[pvah]\d{3})s?\b",
    re.IGNORECASE,
)
"""A short name of a device right where a training names what it ran on."""
_GENERIC = regex(r"[gt]pu|nvidia|tesla|geforce|accelerator|\bmac\b|macbook|apple|cpu", re.IGNORECASE)
_SHORT_HOURS = ("h ", "h.", "h,", "hr", "min")
"""Short words for hours and minutes; too common to be cues."""
_AMOUNT_OF_TIME = regex(
    r"(?:\d[km]?|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|single|couple))[\s~-]{0,2}(?:[\w-]{1,12}[\s-]){0,3}?"
    r"(?:hours?|days?|weeks?|months?|min(?:ute)?s?|sec(?:ond)?s?|hrs?|h|s|heures?|stunden|horas|years?)\b|\d:\d\d:\d|時間|小时"
)
_TIME_NEAR = regex(
    r"(?:train\w*|tun(?:ed|ing)|took|takes|taken|spent|last(?:ed|s)|ran|run|computation|compute|cumulative|within"
    r"|experiments?)\b[^.;]{0,160}$",
    re.IGNORECASE,
)
_TIME_AFTER = regex(
    r"^[\s)]{0,3}(?:(?:of|for|on|using|with|to)\s[^.;]{0,60})?(?:comput|train|fine-?tun|[gt]pu|v100|a100|h100|run\b|on (?:a|an|one|\d))",
    re.IGNORECASE,
)
_TIME_DECOY_BEFORE = regex(
    r"\b(?:might|may|would|should|can|could) (?:take|last)\W{0,3}(?:\w+\W{1,3}){0,2}$|"
    r"\b(?:per|each|every)\b[^.;]{0,24}$|audio|speech|video|\bold\b|within the (?:last|next)|in the (?:last|next"
    r"|past)|transcri|dialogue|recordings"
    r"|collected|update[sd]?\b|expires?|released?|deadline|response",
    re.IGNORECASE,
)
_MATERIAL = regex(
    r"\b(?:data(?:sets?)?|(?:sub)?sets?|splits?|corp(?:us|ora)|speech|audio)\b\W{0,3}(?:is|are|was|were|has|have|of|with|contain(?:s|ing)?)?\W{0,3}"
    r"(?:about|around|approximately|roughly|over|only|nearly|more than)?\W{0,3}$"
    r"|\b(?:contain(?:s|ing)?|consist(?:s|ing)? of|compris(?:es|ing)|made of|amount(?:s|ing)? to)\b[^.;]{0,30}$"
    r"|\b(?:noisy|labell?ed|unlabell?ed)\W{0,2}$",
    re.IGNORECASE,
)
_MATERIAL_AFTER = regex(
    r"^\W{0,3}(?:of\s)?(?:train(?:ing)?|dev(?:elopment)?|test)\b(?:\s(?:set|data|split|audio|material|samples|subset)\b|[^.;]{0,20}\d\s?h(?:ou)?rs?\b)"
    r"|^\W{0,3}(?:of\s)?(?:spoken|transcribed|labell?ed|unlabell?ed|pseudo)",
    re.IGNORECASE,
)
"""Hours of speech that a set of data holds."""
_OF_MATERIAL = regex(
    r"\b(?:on|with|using|from)(?:\s(?:about|around|over|approximately|roughly|nearly|more than|only|just|the|an additional))?$",
    re.IGNORECASE,
)
"""Trained *on* 960 hours: that is the material, not the time."""
_TIME_DECOY_AFTER = regex(
    r"^\s?(?:per(?! [gt]pu| node| device| card)|each|/|a (?:day|week))\b"
    r"|^.{0,20}\b(?:audio|speech|video|old|data|dataset|corpus|recordings?"
    r"|transcri\w*|dialogues?|later|ago|before|news|samples)\b",
    re.IGNORECASE,
)
_SENTENCE = regex(r"(?<=[a-zà-ÿ\d)%\]\"'])[.!?](?=\s+[A-Z\"'(\[]|\s*$)|(?<=[。！？])")

_CALCULATOR: tuple[tuple[Quantity, re.Pattern[str]], ...] = (
    ("region", regex(r"in region (?P<name>[^,.;]{2,40}),? which has a carbon efficiency", re.IGNORECASE)),
    (
        "provider",
        regex(r"us(?:ing|ed) (?P<name>[^,.;]{2,40}?)(?: in region|,? which has a carbon efficiency)", re.IGNORECASE),
    ),
)
"""The paragraph that the ML impact calculator hands out."""
_PRETRAINING = regex(
    r"\b(?P<what>pre-?\s?training|fine-?\s?tuning)\s(?:took|takes|lasted|utilized|utilised|consumed"
    r"|was (?:done|performed|conducted|carried out) (?:by utili[sz]ing|by using|on|using)"
    r"|used (?:a|about|around|approximately))",
    re.IGNORECASE,
)
_COST_VERBS = (
    "took",
    "takes",
    "lasted",
    "utili",
    "consumed",
    "was done",
    "was performed",
    "was conducted",
    "was carried",
    "training used",
    "tuning used",
)
_DEFINING = (
    "tuned version",
    "tuned variant",
    "tuned checkpoint",
    "tuned from",
    "pretrained",
    "pre-trained",
    "pre trained",
    "built on top",
    "built upon",
)
_DEFINITION = regex(
    r"(?<!which )(?<!that )\bis an?\b[^.;:,]{0,80}?\b(?:model|transformer|network|encoder|decoder)s?,?\s(?P<pre>pre-?\s?trained\b)"
    r"|\b(?:this|the|our|it)\b[^.;:,]{0,60}?\b(?:is|was|has been)\s(?:an?\s)?(?:[\w-]+\s){0,3}?(?:fine-?\s?tuned|finetuned)\s"
    r"(?:version|variant|checkpoint|from)\b"
    r"|\bmodel (?:fine-?\s?tuned|finetuned) from\b|\b(?:was|is|were) built (?:on top of|upon) (?=[^\s.]{3,60}-)",
    re.IGNORECASE,
)
"""A description that says how the card's own model came about."""
_PLACE_BEHIND = regex(r"co2\w{0,3}\s{0,2}\((?P<region>[^\W\d][^()]{2,40})\)\W*$", re.IGNORECASE)


def prose_claims(card: Document) -> Iterator[Claim]:
    """Context claims of the paragraphs of a body, tools apart.

    Args:
        card: A parsed card.

    Yields:
        Claims with standard names.
    """
    for line, cues in card.lines_with(Cue.TRAINING):
        if line.kind in {"text", "heading"}:
            plain = line.plain[:LINE_CAP]
            yield from _hardware_and_hours(line, plain, cues)
            yield from _training_type(line, plain)
    for line, _ in card.lines_with(Cue.CALCULATOR):
        if line.kind == "text":
            yield from _region(line, line.plain[:LINE_CAP])


def sentences(plain: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a paragraph."""
    start = 0
    for match in _SENTENCE.finditer(plain):
        yield start, match.end()
        start = match.end()
    if start < len(plain):
        yield start, len(plain)


def statement(quantity: Quantity, line: Line, start: int, end: int) -> Claim:
    """Claim of a piece of a line, still without a value."""
    text = line.text[start:end].strip()
    return Claim(
        quantity=quantity,
        text=text,
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("prose",),
    )


def _hardware_and_hours(line: Line, plain: str, cues: int) -> Iterator[Claim]:
    low = plain.lower()
    device, time = bool(cues & Cue.DEVICE), bool(cues & Cue.TIME) or _any_of(_SHORT_HOURS, low)
    if not (device or time) or is_elsewhere(line.section):
        return
    trained_before = False
    for start, end in sentences(plain):
        sentence, low_sentence = plain[start:end], low[start:end]
        trained = _TRAINED.search(low_sentence) is not None
        named = device and names_device(low_sentence)
        timed = time and _AMOUNT_OF_TIME.search(low_sentence) is not None
        sentence = _of_training(sentence, low_sentence)
        if not (named or timed) or not (trained or trained_before) or not sentence:
            trained_before = trained and not named and not timed
            continue
        if named and trained:
            weak = timed or _GENERIC.search(sentence) is not None or _ON_A_DEVICE.search(sentence) is not None
            base = statement("hardware", line, start, start + len(sentence))
            yield from (
                claim for claim in device_claims(sentence, weak, base) if claim.label and not is_generic(claim.label)
            )
        if timed:
            yield from _hours(line, sentence, start, trained_before)
        trained_before = trained


def _of_training(sentence: str, low: str) -> str:
    """The part of a sentence that may speak of training: what stands before words of use or evaluation, if that says it already."""
    decoy = _NOT_TRAINING.search(_DEVICE_MEMORY.sub(_blanks, low))
    if decoy is None:
        return sentence
    said = low[: decoy.start()]
    trained = _TRAINED.search(said)
    if trained is None or not (names_device(said[trained.end() :]) or _AMOUNT_OF_TIME.search(said, trained.end())):
        return ""
    return sentence[: decoy.start()]


def _blanks(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


@lru_cache(maxsize=1024)
def is_elsewhere(section: str | None) -> bool:
    """Whether a section speaks of something else than training: use, evaluation, requirements."""
    return section is not None and ELSEWHERE.search(section) is not None


def _any_of(words: tuple[str, ...], low: str) -> bool:
    for word in words:  # noqa: SIM110 - a plain loop is three times as fast as any() over a generator
        if word in low:
            return True
    return False


def _hours(line: Line, sentence: str, start: int, trained_before: bool) -> Iterator[Claim]:
    duration = read_duration(sentence)
    if duration is None:
        return
    before, after = " ".join(sentence[: duration.start].split()), " " + " ".join(sentence[duration.end :].split())
    if duration.basis != "device-hours" and _OF_MATERIAL.search(before[-24:]):
        return
    if duration.basis != "device-hours" and (_MATERIAL.search(before[-70:]) or _MATERIAL_AFTER.search(after[:60])):
        return
    if _TIME_DECOY_BEFORE.search(before[-60:]) or _TIME_DECOY_AFTER.search(after[:40]):
        return
    if not (
        _TIME_NEAR.search(before[-200:])
        or _TIME_AFTER.search(after[:80])
        or (trained_before and _TIME_NEAR.search(before))
    ):
        return
    end = start + len(sentence)
    yield duration_claim(duration, statement("duration", line, start, end), ())


def _region(line: Line, plain: str) -> Iterator[Claim]:
    for quantity, pattern in _CALCULATOR if "carbon efficiency" in plain else ():
        match = pattern.search(plain)
        if match is not None:
            text = line.text[match.start() : match.end()]
            yield name_claim(quantity, match["name"].removeprefix("a ").strip(), text, line, "training-run", ("prose",))
    behind = _PLACE_BEHIND.search(plain[-120:]) if plain.rstrip().endswith(")") else None
    if behind is not None and read_name("region", behind["region"]).name is not None:
        yield name_claim("region", behind["region"], line.text.strip(), line, "training-run", ("prose",))


def _training_type(line: Line, plain: str) -> Iterator[Claim]:
    low = plain.lower()
    match = _PRETRAINING.search(plain) if _any_of(_COST_VERBS, low) else None
    if match is not None:
        text = line.text[match.start() : match.end()]
        yield name_claim("training-type", match["what"], text, line, "training-run", ("prose",))
        return
    defined = _DEFINITION.search(" ".join(plain[:600].split())) if _any_of(_DEFINING, low[:600]) else None
    if defined is not None:
        label = "pre-training" if defined["pre"] else "fine-tuning"
        yield replace(
            statement("training-type", line, 0, min(len(plain), 600)), label=label, flags=("prose", "definition")
        )
