"""Whose an amount is, and what it covers: evidence that adds up, from words around it and where they stand.

Each feature (a concept of the lexicon, a model's name, a citation) speaks with the weight that ``lexicon/weights.csv``
gives it in its zone: the clause of the amount, its sentence, the sentence before or after, the headings above, the
label. Two questions are decided apart: *whose* (own or other) and *what* (training or something else).
``WEIGHTS_VERSION`` changes with the table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mining.card.document.lines import Line
from mining.card.lexicon import roles as lexicon
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import ELSEWHERE
from mining.patterns import regex
from mining.schema import Scope

WEIGHTS_VERSION = 2
MARGIN = 0.35
"""A lead smaller than this decides nothing: the amount is kept, and is not read as this model's."""
ZONES = ("clause", "sentence", "before", "after", "head", "label")
COMMA, BREAK = 0.85, 0.35
"""What a comma, and a stronger break, leave of the strength of a word beyond it."""
FAR = 220
PORTION = 24
"""Signs between an ordinal and the stage that it counts."""
_WHOLE = regex(r"runs?\b|läuf|lauf|source|categor|component|parte?\b|partie|osa|moment")
"""Stage words that also name a whole training: the first run may be the only one."""
"""Characters beyond which a word of the same sentence counts half."""
_BREAKS = regex(
    r"[;()؛。；—–]|\s-\s|,\s(?:while|whereas|but|aber|während|mais|pero|mas|ma|però|maar|ale|но|а|але|ama|tetapi|nhưng"
    r"|men|mutta|baina)\b|"
    r"(?<=\w)[:：]\s(?=\w+\s\w+\s)"
)
_COMMA = regex(r"[,،、，](?!\d)|\s(?:and|und|et|y|e|i|en|и|і|та|ve|dan|và|och|og|ja|eta)\s")
_NAME = regex(
    r"(?<![\w/.-])(?:(?:gpt|bert|roberta|deberta|electra|albert|distilbert|xlnet|t5|mt5|flan|bart|llama|alpaca|vicuna"
    r"|mistral|mixtral|gemma|gemini|"
    r"qwen|falcon|bloom|bloomz|opt|palm|lamda|gopher|chinchilla|claude|deepseek|phi|yi|olmo|pythia|mpt|dolly"
    r"|starcoder|codex|codellama|whisper|"
    r"wav2vec|hubert|xlm|mbert|camembert|flaubert|herbert|beto|stable diffusion|sdxl|flux|clip|vit|resnet|megatron"
    r"|switch transformer|ernie|"
    r"glm|chatglm|baichuan|internlm|evolved transformer|transformer|nllb|sam)\b(?:[-_ ]?(?:v?\d[\w.]{0,12}|base|large"
    r"|small|xl|xxl|mini|tiny|medium)){0,4}"
    r"|[^\W\d_][\w.]{0,30}(?:-[\w.]{1,30}){0,4}-\d{1,4}(?:\.\d{1,3})?[bm]\b)",
    re.IGNORECASE,
)
_CITATION = regex(
    r"\[\d{1,3}\]|\bet al\b|\(\w[\w .&,]{1,60}(?:19|20)\d\d\)|\(20[12]\d\)|\barxiv\b|\\cite|\bstrubell\b"
    r"|\bpatterson\b|\bluccioni\b",
    re.IGNORECASE,
)
_MADE_FROM = regex(
    r"(?:fine-?\s?tun\w*|finetun\w*|adapt\w*|lora\w*|tuning|version of|based on|from|on top of"
    r"|initiali[sz]ed\w* (?:from|with)|distil\w*|quanti[sz]\w*|auf basis von|à partir de|"
    r"a partir de|de|von|van|z modelu|из|на основе|tinh chỉnh|微调|微調整|を|на базе|üzerine|dari|từ|feinabgestimmt\w*"
    r"|dostrojon\w*|afin\w*|ajust\w*|dotren\w*)\W{0,3}(?:the |le |la |el |das |de |il )?$",
    re.IGNORECASE,
)
_TOOL_NEXT = regex(
    r"\W{0,4}(?:the |our |unser\w* |le |la |el |il |de |het )?(?:code ?carbon|carbon ?tracker|eco2ai|ml ?co2"
    r"|green ?algo|cumulator|experiment|(?:ml |co2 |carbon )?"
    r"(?:calculator|meter|tool|logs?|wattmeter|rechner|zähler|calculat\w+|compteur|contador|medidor))",
    re.IGNORECASE,
)
_SHARE = regex(
    r"of which|%|percent|prozent|por ?ciento|pour ?cent|por cento|per cento|per cent|процент|відсот", re.IGNORECASE
)
_UNIT_NEXT = regex(r"\s?(?:kg|g|t|kwh|mwh|h|hours?|gpus?|tonnes?|days?)\b")
_VERSION = regex(r"[\s-]{0,2}v?(\d+(?:\.\d+)?[bm]?)\b", re.IGNORECASE)
_PUNCTUATED = regex(r"[^\W\d_]+|\d+(?:\.\d+)?[a-z]?", re.IGNORECASE)


_JOINED = regex(r"[^.,;:!?()\d]{0,28}")
_COUNTED = regex(r"(?<![\d.,])(?:[2-9]|[1-9]\d{1,2})(?:[\s-]+[^\W\d]{1,12})?[\s-]{0,2}(?:つの|個の|个|次|개의?)?$")
_ONE_OF = regex(r"\b(?:best|one|each|single|average|mean|per) (?:of|over|across) (?:the |these |all )?$", re.IGNORECASE)


class Role(NamedTuple):
    """What an amount is.

    Attributes:
        scope: What it covers, or ``other-model``, ``saved``, ``planned``.
        is_clear: Whether the lead over the next reading is wide enough.
        subject: Another model that its sentence names.
        own: Strength of the reading that it is this model's.
    """

    scope: Scope
    is_clear: bool
    subject: str | None
    own: float


class Feature(NamedTuple):
    """One piece of evidence: what it is, in which zone, and how strong it is (0 to 1)."""

    name: str
    zone: str
    strength: float


@cache
def weights() -> Mapping[tuple[str, str, str], float]:
    """Weight of each role, feature and zone."""
    with Path(lexicon.__file__).with_name("weights.csv").open(encoding="utf-8", newline="") as rows:
        return {
            (row["role"], row["feature"], zone): float(row[zone])
            for row in csv.DictReader(rows)
            for zone in ZONES
            if row[zone] != "0"
        }


def features_of(
    text: str,
    at: tuple[int, int],
    sentence: tuple[int, int],
    others: Sequence[tuple[int, int]],
    names: Sequence[frozenset[str]],
    languages: frozenset[str],
) -> list[Feature]:
    """Evidence of the sentence around an amount.

    Args:
        text: Plain text of its paragraph.
        at: Where the amount begins and ends.
        sentence: Where its sentence begins and ends.
        others: Where the other amounts of the paragraph stand.
        names: Word sets of the names of this model.
        languages: Languages whose words count.
    """
    start, end = sentence
    found: list[Feature] = []
    piece = text[start:end]
    words = [(hit.concept, start + hit.start, start + hit.end) for hit in find_concepts(piece, languages)]
    words.extend(("citation", start + one.start(), start + one.end()) for one in _CITATION.finditer(piece))
    words.extend(_names_in(text, start, end, names))
    words.extend(_several(text, words, start))
    words.extend(_portion(text, words))
    tuned = [end for concept, _, end in words if concept == "finetune"]
    for concept, low, high in words:
        if concept == "base" and any(0 <= low - one <= 24 for one in tuned):
            continue  # what is tuned is the base model; the tuning is this model's
        if at[0] <= low < at[1] or (concept in {"equal", "citation"} and low > at[0]):
            continue
        if concept == "other" and _TOOL_NEXT.match(text, high):
            continue  # "according to CodeCarbon"
        if concept == "saved" and low > at[0] and _SHARE.search(text[at[1] : low]):
            continue  # "of which 100 percent were offset": the amount is the one before the offset
        found.append(_placed(text, concept, (low, high), at, others))
    if ELSEWHERE.search(text[_own_begin(text, start, at, others, words) : at[0]]) or ELSEWHERE.search(
        text[at[1] : min(end, at[1] + 30)]
    ):
        found.append(Feature("elsewhere", "clause", 1.0))
    return found


def _own_begin(
    text: str,
    start: int,
    at: tuple[int, int],
    others: Sequence[tuple[int, int]],
    words: Sequence[tuple[str, int, int]],
) -> int:
    """Where the words about this amount begin: behind another one, if the sentence then comes to this model."""
    begin = max(start, at[0] - 90)
    last = max((high for _, high in others if begin < high <= at[0]), default=begin)
    is_own = any(concept in {"own", "own-name"} and last <= low < at[0] for concept, low, _ in words)
    return last if is_own else begin


def _several(text: str, words: Sequence[tuple[str, int, int]], start: int) -> list[tuple[str, int, int]]:
    """Several seeds, folds or runs ("all five seeds", "10 folds"): their sum is no single training's."""
    if "ensemble" in text[start : start + FAR].lower():
        return []  # the model is made of them
    counts = [(low, high) for concept, low, high in words if concept == "many"]
    found = []
    for concept, low, high in words:
        if concept != "replicate":
            continue
        near = next((one for one in counts if one[0] <= low and _JOINED.fullmatch(text[one[1] : low])), None)
        digits = _COUNTED.search(text[max(start, low - 24) : low])
        first = near[0] if near else low - len(digits.group()) if digits else None
        if first is not None and not _ONE_OF.search(text[max(start, first - 24) : first]):
            found.append(("several", first, high))
    return found


def _portion(text: str, words: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """A counted stage ("the first of three stages", "the first two epochs"): a part of the training."""
    counts = [(low, high) for concept, low, high in words if concept == "ordinal"]
    stages = [
        (low, high) for concept, low, high in words if concept == "stage" and not _WHOLE.match(text[low:high].lower())
    ]
    return [
        ("portion", first, high)
        for low, high in stages
        for first, end in counts
        if (end <= low <= end + PORTION and not _COMMA.search(text[end:low])) or low <= first < high
    ]


def _placed(
    text: str, concept: str, word: tuple[int, int], at: tuple[int, int], others: Sequence[tuple[int, int]]
) -> Feature:
    """A word of the amount's sentence, the weaker the more stands between the two."""
    between = text[word[1] : at[0]] if word[1] <= at[0] else text[at[1] : word[0]]
    low, high = (word[1], at[0]) if word[1] <= at[0] else (at[1], word[0])
    strength = 1.0 if len(between) <= FAR else 0.5
    breaks = len(_BREAKS.findall(between))
    strength *= COMMA ** min(3, len(_COMMA.findall(between))) * (BREAK if breaks else 1.0)
    if any(low <= other[0] < high for other in others):
        strength *= BREAK
    # a word behind the amount belongs to it less surely than one before it
    return Feature(concept, "clause", strength if word[1] <= at[0] else 0.85 * strength)


def _names_in(text: str, start: int, end: int, names: Sequence[frozenset[str]]) -> list[tuple[str, int, int]]:
    found = []
    for match in _NAME.finditer(text, start, end):
        words = words_of(match.group())
        if any(words <= name for name in names):
            found.append(("own-name", match.start(), match.end()))
        elif not _MADE_FROM.search(text[max(start, match.start() - 40) : match.start()]):
            found.append(("other-name", match.start(), match.end()))
    low = text[start:end].lower()
    for name in names:
        longest = max(name, key=len, default="")
        if len(longest) >= 4 and (at := low.find(longest)) >= 0:
            version = _VERSION.match(low, at + len(longest))
            is_own = (
                version is None
                or version.group(1) in name
                or (version.end() < len(low) and low[version.end()] in " /" and _UNIT_NEXT.match(low, version.end()))
            )
            found.append(("own-name" if is_own else "other-name", start + at, start + at + len(longest)))
    return found


def words_of(name: str) -> frozenset[str]:
    """Words of a model's name."""
    return frozenset(word.lower() for word in _PUNCTUATED.findall(name[:200]))


def zone_features(
    text: str, zone: str, names: Sequence[frozenset[str]], languages: frozenset[str] | None
) -> list[Feature]:
    """Evidence of a text that is not the amount's own sentence: headings, a label, a neighbour."""
    words = [(hit.concept, hit.start, hit.end) for hit in find_concepts(text[:400], languages)]
    found = [Feature(concept, zone, 1.0) for concept, _, _ in (*words, *_several(text[:400], words, 0))]
    found.extend(Feature("citation", zone, 1.0) for _ in _CITATION.finditer(text[:400]))
    found.extend(Feature(name, zone, 1.0) for name, _, _ in _names_in(text, 0, min(len(text), 400), names))
    return found


LABEL_CAP = 120
"""Characters of a label beyond which it is a sentence."""
_OF_LABELS = frozenset(
    {
        "trial",
        "infer",
        "saved",
        "plan",
        "embodied",
        "base",
        "other",
        "part",
        "own",
        "train",
        "finetune",
        "pretrain",
        "total",
        "project",
        "several",
    }
)
_OF_HEADINGS = frozenset(
    {"trial", "infer", "saved", "plan", "embodied", "base", "other", "own", "train", "finetune", "pretrain"}
)


def labelled_role(scope: Scope, label: str, line: Line, languages: frozenset[str]) -> Scope:
    """Scope of a labelled value or a cell, by its label and the heading above it.

    Args:
        scope: What the words of the label say already.
        label: Label with the labels above it, or names of row and column.
        line: Line that it stands on.
        languages: Languages whose words count.
    """
    if scope not in {"unknown", "training-run", "fine-tuning", "pre-training"} or len(label) > LABEL_CAP:
        return scope
    features = [one for one in zone_features(label, "label", (), languages) if one.name in _OF_LABELS]
    features += [one for one in zone_features(line.section or "", "head", (), languages) if one.name in _OF_HEADINGS]
    role = decide(features, scope)
    return role.scope if role.is_clear else scope


def decide(features: Iterable[Feature], default: Scope, subject: str | None = None) -> Role:
    """Weigh the evidence.

    Args:
        features: Evidence of all zones.
        default: Scope where it is a training of this model.
        subject: Another model that the sentence names.
    """
    strongest: dict[tuple[str, str], float] = {("prior", "clause"): 1.0}
    for feature in features:
        key = (feature.name, feature.zone)
        strongest[key] = max(strongest.get(key, 0.0), feature.strength)
    table = weights()
    score: dict[str, float] = {}
    for (role, name, zone), weight in table.items():
        if (strength := strongest.get((name, zone))) is not None:
            score[role] = score.get(role, 0.0) + weight * strength
    whose = score.get("other", 0.0) - score.get("own", 0.0)
    own = score.pop("own", 0.0)
    score.pop("other", None)
    training = score.pop("training", 0.0)
    best = max(score, key=score.__getitem__, default="")
    lead = score.get(best, 0.0) - training
    if whose > -MARGIN:
        return Role("other-model", whose > MARGIN, subject, own)
    if lead > -MARGIN and best:
        return Role(best, lead > MARGIN, None, own)  # type: ignore[arg-type]
    return Role(default, True, None, own)
