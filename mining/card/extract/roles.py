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

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.lines import Line
from mining.card.extract.beside_amount import is_corrected, said_behind
from mining.card.extract.citations import citations
from mining.card.extract.model_names import names_in, of_another_name
from mining.card.extract.role_groups import FAR, families, of_a_facility, portions, several
from mining.card.extract.said_of import TOOL_NEXT, is_negated, says_nothing
from mining.card.extract.said_of_grids import GRID, MEAN_OF
from mining.card.extract.said_of_plans import COMMA_LIKE
from mining.card.extract.siblings import siblings_in
from mining.card.extract.turning import governs, turns
from mining.card.extract.uses import counts_by_things
from mining.card.lexicon import roles as lexicon
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import ENVIRONMENT
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Scope

WEIGHTS_VERSION = 5
MARGIN = 0.35
"""A lead smaller than this decides nothing: the amount is kept, and is not read as this model's."""
ZONES = ("clause", "sentence", "before", "after", "head", "label")
COMMA, BREAK = 0.85, 0.35
"""What a comma, and a stronger break, leave of the strength of a word beyond it."""
ADJACENT, NEXT_TO = 12, 1.3
"""Signs within which a word stands next to the amount, and how much more it then says."""
SAID_BEFORE = 60
"""Signs behind an amount in which a word before a colon is said of that amount, not of the ones behind the colon."""
_BREAKS = regex(
    r"[;()؛。；—–]|\s[·•|]\s|،\s?أما\b|\s-\s|,\s(?:while|whereas|but|aber|während|mais|pero|mas|ma|però|maar|ale"
    r"|но|а|але|ama|tetapi|nhưng"
    r"|men|mutta|baina)\b|"
    r"(?<=\w)[:：]\s(?=[\w-]+\s[\w-]+[\s,])"
)
_PARTED = regex(r"[.!?。؟]\s|[,،、，](?!\d)|\s(?:and|und|et|y|e|i|en|и|і|та|ve|dan|và|och|og|ja|eta)\s")
GOVERNED = 0.85
"""Strength of a word that all amounts of a list behind it are said under."""
_DASH = regex(r"\s[—–-]\s?[~≈]?\s?$")
"""A dash right before an amount, like a colon behind a label."""
_REMARKS = regex(r"\([^()]{0,120}\)")
TAKES_UP = regex(
    r"\s{0,2}(?:they|these|this|that|it|which|sie|diese|das|dies|elles?|ils|cela|ça|ellos|estos|eso|isso|eles"
    r"|essi|questi|ze|dat"
    r"|они|это|вони|це|bunlar|det|de|ne)\s",
    re.IGNORECASE,
)
"""Pronouns with which a clause takes up the subject of the clause before."""
_SUBJECTS = {
    "en": r"(?:(?:all |taken )?together,? )?(?:it|they)\s|(?:that|this|which)\s(?:is|was|were|made|makes|came|comes"
    r"|took|gave|gives|emitted|produced|cost|caused)\b",
    "de": r"(?:es|sie|er|zusammen)\s|(?:das|dies)\s(?:war|waren|ist|sind|ergab|ergibt|macht|verursachte)\b",
    "fr": r"(?:ils?|elles?|ensemble)\s|(?:cela|ça)\s(?:était|fait|donne|représente)\b",
    "es": r"(?:ellos|ellas|juntos)\s|(?:esto|eso)\s(?:era|es|fue|da|supone)\b",
    "pt": r"(?:eles?|elas?|juntos)\s|(?:isto|isso)\s(?:era|é|foi|dá)\b",
    "it": r"(?:ess[oaie]|insieme)\s|(?:ciò|questo)\s(?:era|è|fu|fa|dà)\b",
    "nl": r"(?:zij|ze|het|samen)\s(?=(?:was|waren|is|stootte|kostte|gaf|veroorzaakte)\b)"
    r"|dat\s(?:was|waren|is|geeft|kostte)\b",
    "ru": r"(?:он[аи]?|оно)\s|это\s(?:было|дало|даёт)\b",
    "uk": r"(?:він|вона|воно|вони)\s|це\s(?:було|дало|дає)\b",
}
"""By language, how a sentence begins whose subject the one before tells: by a pronoun."""


@cache
def _subject_before(languages: frozenset[str]) -> re.Pattern[str]:
    return re.compile(
        "|".join(_SUBJECTS[one] for one in sorted(languages & _SUBJECTS.keys())) or r"(?!)", re.IGNORECASE
    )


def takes_subject_from_before(text: str, start: int, languages: frozenset[str]) -> bool:
    """Whether a sentence begins with a pronoun, so that the sentence before tells of what it speaks.

    Args:
        text: Plain text of a paragraph.
        start: Where the sentence begins.
        languages: Languages whose words count.
    """
    return _subject_before(languages).match(text, start) is not None


_METER = regex(
    r"code ?carbon|carbon ?tracker|eco2ai|ml ?co2|green[- ]?algorithms?|cumulator|"
    r"watt ?m[eè]t[er]{2}|power ?meter|smart ?plug|nvidia-smi|calculator",
    re.IGNORECASE,
    stems="codecarbon;code carbon;carbontracker;carbon tracker;eco2ai;mlco2;ml co2;green;cumulator;watt;power;plug"
    ";nvidia-smi;calculator",
)
_FUTURE = regex(r"(?<![\d-])20(?:2[89]|[3-5]\d)(?![\d-])", stems="20")
"""Years that lie ahead of every card that is read: what is said of them is a plan."""
_MEASURE = regex(
    r"\d\s?(?:k?g|mg|г|кг|克|千克|公斤|グラム|grams?|kg ?co2e?q?)?\s?(?:co2e?q?\s?)?"
    r"(?:/|per|pro|par|por|je|na|al|à)\s?k?wh",
    re.IGNORECASE,
    stems="wh",
)
"""An intensity: the words before it ("at an average of") are said of it."""


class Role(Struct, frozen=True):
    """What an amount is.

    Attributes:
        scope: What it covers, or ``other-model``, ``saved``, ``planned``.
        is_clear: Whether the lead over the next reading is wide enough.
        subject: Another model that its sentence names.
        own: Strength of the reading that it is this model's.
        lead: By how much the reading as this model's training leads over the next one.
    """

    scope: Scope
    is_clear: bool
    subject: str | None
    own: float
    lead: float = 0.0


class Feature(Struct, frozen=True):
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
    measures = [(one.start() + start, one.end() + start) for one in _MEASURE.finditer(piece)]
    words = [(hit.concept, start + hit.start, start + hit.end) for hit in find_concepts(piece, languages)]
    words.extend(citations(text, start, end))
    words.extend(names_in(text, start, end, names))
    words.extend(several(text, words, start, end))
    words.extend(portions(text, words))
    words.extend(families(text, words))
    words.extend(of_another_name(text, start, end, names))
    words.extend(siblings_in(text, start, end, names))
    words.extend(of_a_facility(text, words, (start, end)))
    for word in words:
        if not says_nothing(text, word, words, at, start):
            feature = _placed(text, word[0], word[1:], at, others)
            for _ in range(turns(text, words, word, at, others, measures)):
                feature = replace(feature, strength=BREAK * feature.strength)
            if feature.strength < GOVERNED and governs(text, words, word, at, others, start):
                feature = replace(feature, strength=GOVERNED)
            found.append(feature)
    found.extend(_placed(text, "meter", one.span(), at, others) for one in _METER.finditer(text, start, end))
    found.extend(Feature(name, "clause", NEXT_TO) for name in said_behind(text, at[1]))
    if is_corrected(text, at[1], min((low for low, _ in others if low >= at[1]), default=None)):
        found.append(Feature("superseded", "clause", 1.0))
    found.extend(_placed(text, "future", one.span(), at, others) for one in _FUTURE.finditer(text, start, end))
    return found


def _placed(
    text: str, concept: str, word: tuple[int, int], at: tuple[int, int], others: Sequence[tuple[int, int]]
) -> Feature:
    """A word of the amount's sentence, the weaker the more stands between the two."""
    between = text[word[1] : at[0]] if word[1] <= at[0] else text[at[1] : word[0]]
    low, high = (word[1], at[0]) if word[1] <= at[0] else (at[1], word[0])
    strength = 1.0 if len(between) <= FAR else 0.5
    between = _without_remarks(between, word[1] <= at[0]) if "(" in between else between
    between = _DASH.sub("", between) if word[1] <= at[0] else between
    breaks = len(_BREAKS.findall(between)) - (word[1] <= at[0] and _carried_over(between))
    commas = (
        0 if concept in {"would", "facility-year"} else min(3, len(COMMA_LIKE.findall(between)))
    )  # "had we, it would": one clause
    strength *= COMMA**commas * (BREAK if breaks else 1.0)
    if word[1] <= at[0] and concept in _CARRIED and _is_the_same_again(text, word[1], at, others):
        return Feature(concept, "clause", CARRIED)
    if any(low <= other[0] < high for other in others):
        strength *= BREAK
    elif word[1] <= at[0] and (COMMA_LIKE.search(between) or ":" in between):
        previous = max((high for _, high in others if high <= word[0]), default=None)
        reach = 24 if ":" not in between else SAID_BEFORE
        if previous is not None and word[0] - previous <= reach and not _PARTED.search(text[previous : word[0]]):
            strength *= BREAK * BREAK  # "790 g after the first epoch and 812 g": said of the amount before it
    if word[1] <= at[0]:
        near = len(between) <= ADJACENT and strength == 1.0 and concept in {"plan", "saved"}
        return Feature(concept, "clause", 1.0 if concept == "example" else NEXT_TO * strength if near else strength)
    if concept == "plan" and len(between) <= ADJACENT and strength == 1.0:
        return Feature(concept, "clause", NEXT_TO)  # "below the 100 kg threshold"
    # a word behind the amount belongs to it less surely than one before it, beyond a comma hardly
    return Feature(concept, "clause", (0.4 if COMMA_LIKE.search(between) and concept != "rate" else 0.85) * strength)


CARRIED = 0.9
_CARRIED = frozenset({"embodied", "infer", "saved", "would", "plan", "data", "evaluate"})
_SAME_AGAIN = regex(
    r"(?:\sCO\S{1,6})?[,;:]?\s(?:and\s)?(?:hence|thus|so|therefore|ergo|i\.?\s?e\.?|that is|that makes"
    r"|which (?:makes|gives)|which is(?! (?:more|less|as|twice|half|far|much|still|nothing|only))|making|also"
    r"|mithin|somit|d\.\s?h\.|das macht|soit|donc|es decir|o sea|ou seja|cioè|quindi|oftewel|dus|czyli|то есть|тобто"
    r"|yani|yaitu"
    r"|tức là|alltså|dvs\.?|eli)\b[^.;\d]{0,16}$",
    re.IGNORECASE,
)
"""Between an amount and the same one counted up ("164 kg for one accelerator, hence 1.31 t for the eight")."""


def _is_the_same_again(text: str, low: int, at: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Whether an amount only counts up the one before it, of which a word is said."""
    before = [other for other in others if low <= other[0] and other[1] <= at[0]]
    return len(before) == 1 and _SAME_AGAIN.match(text[before[0][1] : at[0]]) is not None


def _without_remarks(between: str, is_before: bool) -> str:
    """What stands between a word and an amount, but remarks; an amount in brackets is said of the words before them."""
    between = _REMARKS.sub(" ", between)
    head, bracket, inside = between.rpartition("(")
    return head + inside if bracket and is_before and ")" not in inside and len(inside) <= REMARK else between


REMARK = 40


def _carried_over(between: str) -> bool:
    """Whether a clause takes its subject from the one before ("120 trials: they burned 6.9 kg")."""
    last = max(between.rfind(mark) for mark in ":;–—-")
    return last >= 0 and TAKES_UP.match(between, last + 1) is not None


def zone_features(
    text: str, zone: str, names: Sequence[frozenset[str]], languages: frozenset[str] | None
) -> list[Feature]:
    """Evidence of a text that is not the amount's own sentence: headings, a label, a neighbour."""
    words = [(hit.concept, hit.start, hit.end) for hit in find_concepts(text[:400], languages)]
    found = [
        Feature("other" if concept in {"own", "we"} and is_negated(text, low) else concept, zone, 1.0)
        for concept, low, high in (
            *words,
            *several(text[:400], words, 0, 400),
            *families(text[:400], words),
            *(of_a_facility(text, words, (0, len(text[:400]))) if zone == "label" else ()),
        )
        if (concept not in {"other", "according"} or not TOOL_NEXT.match(text, high))
        and not (concept == "other" and text[low:high] in {"比較", "比较"})  # "rather"
        and not (zone == "head" and text[low:high].lower().startswith(("vs", "versus")))
        and not (zone == "head" and concept == "trial" and _SETTINGS.match(text, low))
        and not (
            concept == "part"
            and (GRID.search(text, max(0, low - GRID_REACH), high + GRID_REACH) or MEAN_OF.match(text, high))
        )
        and not (concept == "stage" and zone in {"before", "after"} and _ALL_OF.search(text, max(0, low - 24), low))
    ]
    found.extend(Feature(name, zone, 1.0) for name, _, _ in citations(text[:400], 0, 400))
    found.extend(Feature(name, zone, 1.0) for name, _, _ in names_in(text, 0, min(len(text), 400), names))
    return found


GRID_REACH = 24
_ALL_OF = regex(r"\b(?:all|both|every)\s(?:of\s)?(?:the\s|these\s|our\s)?(?:[^\W\d_]+\s)?$", re.IGNORECASE)
"""Before stages that are told of together ("all phases: 9,830 kWh")."""
_SETTINGS = regex(
    r"(?:hyper|hiper|iper)\W?param\w*(?!\s(?:search|sweep|tuning|optimi|study))|ハイパーパラメータ(?!探索|最適)|超参数?(?!搜索|调)"
    r"|하이퍼파라미터(?! ?탐색)",
    re.IGNORECASE,
)
"""A heading over the settings of a training, not over the search for them."""
LABEL_CAP = 120
"""Characters of a label beyond which it is a sentence."""
_OF_BOTH = frozenset(
    [
        *("trial", "infer", "saved", "plan", "would", "embodied", "base", "other", "data", "annual"),
        *("own", "we", "train", "finetune", "pretrain"),
    ]
)
"""Concepts that a heading and a label speak of."""
OF_LABELS = _OF_BOTH | frozenset(
    [
        "usage",
        "part",
        "total",
        "project",
        "several",
        "family",
        "rate",
        "future",
        "facility",
        "facility-year",
        "annual",
        "evaluate",
    ]
)
_OF_A_TRAINING = frozenset({"train", "finetune", "pretrain", "part", "own"})
_OF_HEADINGS = _OF_BOTH | {"example"}


def labelled_role(scope: Scope, label: str, line: Line, languages: frozenset[str]) -> Scope:
    """Scope of a labelled value or a cell, by its label and the heading above it.

    Args:
        scope: What the words of the label say already.
        label: Label with the labels above it, or names of row and column.
        line: Line that it stands on.
        languages: Languages whose words count.
    """
    if scope not in OWN_SCOPES or len(label) > LABEL_CAP:
        return scope
    features = [one for one in zone_features(label, "label", (), languages) if one.name in OF_LABELS]
    if any(one.name == "would" for one in features):
        return "planned"
    is_rate = counts_by_things(label, languages)
    if is_rate and not any(one.name in _OF_A_TRAINING for one in features):
        features.append(Feature("rate", "label", 1.0))
    if not any(one.name in {"own", "we"} for one in features):
        heads = heads_of(line)
        features += [one for one in zone_features(heads, "head", (), languages) if one.name in _OF_HEADINGS]
        features += [one for one in zone_features(heads, "head", (), None) if one.name in {"trial", "embodied"}]
    role = decide(features, scope)
    return role.scope if role.is_clear else scope


def heads_of(line: Line) -> str:
    """The headings above a line that speak of it: all but the card's title, whose words name the model."""
    head, _, below = line.path.partition(" > ")
    if below:
        return below
    section = line.section or ""
    return "" if section == head and not ENVIRONMENT.search(section) else section


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
    return Role(default, True, None, own, min(-whose, -lead))
