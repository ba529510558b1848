"""What a card states of the data a model was trained on: tokens, parameters and epochs, each with its place.

Only asked where neither hours nor FLOP are stated. A batch, a context window, a vocabulary, a speed, or another model's
tokens are no training data. Values that differ are all kept: whoever asks shows them, and takes none.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import IGNORECASE, Match
from typing import NamedTuple

from mining.card import parse
from mining.card.document.document import Document, where
from mining.card.document.passages import passages, sentences
from mining.patterns import regex

__all__ = ["Statement", "TrainingData", "training_data"]

_SCALES = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "billions": 1e9,
    "t": 1e12,
    "trillion": 1e12,
    "trillions": 1e12,
}
_SCALE = r"(?P<scale>thousand|millions?|mio|billions?|bn|trillions?|[kmbt])?"
_NUMBER = rf"(?<![\w.,/-])(?P<number>\d[\d,]{{0,20}}(?:\.\d{{1,6}})?)\s?{_SCALE}\b\+?"
_TOKENS = regex(
    rf"{_NUMBER}[\s-](?:(?!of\b|and\b|unique\b|distinct\b)[a-z-]{{2,20}}\s){{0,2}}tokens\b(?P<after>.{{0,20}})",
    IGNORECASE,
    stems="tokens",
)
_AMOUNT = regex(
    rf"^\W{{0,4}}(?:~|about |around |approx\w*\.? )?{_NUMBER}(?:\s*tokens\b)?\W*(?:tokens\W*)?$", IGNORECASE
)
_TRAINED = regex(
    r"\b(?:pre-?|post-?)?train(?:ed|ing|s)\b|\bfine-?\s?tun(?:ed|ing)\b|\bsaw\b|\bseen\b|\bsees\b", IGNORECASE
)
_TUNED = regex(r"\bfine-?\s?tun(?:ed|ing)\b|\bpost-?train|\binstruct(?:ion)?[- ]tun|\bsft\b", IGNORECASE)
_NO_TOTAL_BEFORE = regex(
    r"\b(?:batch(?:es)?|context|window|length|sequences?|vocab\w*|chunks?|blocks?|max\w*|up to|limit\w*|every|each"
    r"|per|limit of"
    r"|size|memory|input|output|generat\w*|remaining|last|first|tokenizer)\b[^.;]{0,25}$",
    IGNORECASE,
)
_NO_TOTAL_AFTER = regex(
    r"^\s?(?:/|per\b|a second|each\b|long\b|in (?:length|context)|(?:of )?context|vocabulary|window|batch)", IGNORECASE
)
_TOTAL_BEFORE = regex(
    r"(?:\b(?:for|saw|seen|sees)|(?<!\bon )\bover)\s(?:a total of\s)?(?:(?:about|around|roughly|almost|nearly"
    r"|approx\w*|just|a bit|more|less|than|over)\s|[~≈])*$",
    IGNORECASE,
)
_OTHERS = regex(
    r"\b(?:base model|original(?:ly)?|compared|unlike|whereas|teacher|distill\w*|tokenizer|will be|plan\w*"
    r"|initiali[sz]ed)\b",
    IGNORECASE,
    stems="base model;compared;distill;initiali;original;plan;teacher;tokenizer;unlike;whereas;will be",
)
_TOKENS_LABEL = regex(
    r"^(?:number of |total |pre-?)*(?:train(?:ing|ed)?\s)?tokens(?: (?:seen|trained|processed"
    r"|used))?$|^train(?:ing|ed) (?:on )?tokens",
    IGNORECASE,
)
_PARAMETERS_LABEL = regex(
    r"^(?:(?:number|no\.?|#) of |total |model )*(?:trainable )?(?:param(?:eter)?s?(?: count)?"
    r"|(?:model )?size)$",
    IGNORECASE,
)
_ACTIVE_LABEL = regex(r"^(?:number of |#\s?)?activ(?:e|ated) param(?:eter)?s", IGNORECASE)
_PARAMETERS = regex(rf"{_NUMBER}[\s-](?:(?P<active>activ(?:e|ated))\s)?(?:trainable\s)?param(?:eter)?s?\b", IGNORECASE)
_EPOCHS_LABEL = regex(r"^(?:num(?:ber)?[ _](?:of[ _])?)?(?:train(?:ing)?[ _])?epochs?$", IGNORECASE)
_EPOCHS = regex(r"(?<![\w.,/-])(?P<number>\d{1,4}(?:\.\d{1,3})?)\s(?:full\s|training\s)?epochs?\b", IGNORECASE)
_ONE_EPOCH = regex(r"\b(?:one|a single|single)\s(?:full\s)?epoch\b", IGNORECASE)
_EXPERTS = regex(r"\bmixture[- ]of[- ]experts\b|\bsparse moe\b|\bmoe\b", IGNORECASE, stems="mixture;moe")
KINDS = ("tokens", "tuned_tokens", "parameters", "active_parameters", "epochs")
LEAST_TOKENS, MOST_TOKENS = 1e4, 1e15
LEAST_PARAMETERS, MOST_PARAMETERS = 1e5, 1e14
MOST_EPOCHS = 1000


class Statement(NamedTuple):
    """A number that the card states, with its place; ``is_total`` where it counts every pass over the data."""

    value: float
    where: str
    is_total: bool = False


class TrainingData(NamedTuple):
    """Statements of a card, each value once, in the order in which they stand.

    Attributes:
        tokens: Tokens of a training from scratch.
        tuned_tokens: Tokens of a fine-tuning.
        parameters: Parameters of the model.
        active_parameters: Those of a mixture of experts that a token passes.
        epochs: Passes over the data.
        is_mixture: Whether the card speaks of a mixture of experts.
    """

    tokens: tuple[Statement, ...] = ()
    tuned_tokens: tuple[Statement, ...] = ()
    parameters: tuple[Statement, ...] = ()
    active_parameters: tuple[Statement, ...] = ()
    epochs: tuple[Statement, ...] = ()
    is_mixture: bool = False


def training_data(text: str) -> TrainingData:
    """Read the statements of a card.

    Args:
        text: The whole card; any text.
    """
    card = parse(text)
    found = [*_labelled(card), *_prose(card)]
    tokens, tuned, parameters, active, epochs = (_each_once(found, kind) for kind in KINDS)
    return TrainingData(tokens, tuned, parameters, active, epochs, _EXPERTS.search(text) is not None)


def _each_once(found: list[tuple[str, Statement]], kind: str) -> tuple[Statement, ...]:
    values: dict[float, Statement] = {}
    for name, one in found:
        if name == kind:
            values.setdefault(one.value, one)
    return tuple(values.values())


def _labelled(card: Document) -> Iterator[tuple[str, Statement]]:
    """Labels and rows of two columns: ``- **Training tokens:** 1.4T``, ``num_epochs: 3.0``."""
    for pair in card.labelled_values:
        kind = _kind_of(pair.label.strip())
        match = _AMOUNT.search(pair.value[:60]) if kind and pair.kind != "code" else None
        if kind and match and (value := _within(kind, match)) is not None:
            yield kind, Statement(value, f"card:{pair.section or ''}:{pair.line}", is_total=kind == "tokens")


def _kind_of(label: str) -> str | None:
    kinds = {
        "tokens": _TOKENS_LABEL,
        "parameters": _PARAMETERS_LABEL,
        "active_parameters": _ACTIVE_LABEL,
        "epochs": _EPOCHS_LABEL,
    }
    return next((kind for kind, pattern in kinds.items() if pattern.search(label)), None)


def _prose(card: Document) -> Iterator[tuple[str, Statement]]:
    for passage in passages(card.body):
        if not any(word in passage.text.lower() for word in ("token", "param", "epoch")):
            continue
        for start, end in sentences(passage.text):
            sentence = passage.text[start:end]
            if _OTHERS.search(sentence):
                continue
            for kind, value, at in _of_sentence(sentence):
                is_total = _TOTAL_BEFORE.search(sentence[:at]) is not None
                yield kind, Statement(value, where(passage.line_at(start + at)), is_total)


def _of_sentence(sentence: str) -> Iterator[tuple[str, float, int]]:
    for match in _TOKENS.finditer(sentence):
        before = sentence[: match.start()]
        trained = list(_TRAINED.finditer(before)) or list(_TRAINED.finditer(sentence[match.end() : match.end() + 30]))
        if not trained or _NO_TOTAL_BEFORE.search(before) or _NO_TOTAL_AFTER.search(match["after"]):
            continue
        kind = "tuned_tokens" if _TUNED.search(sentence) else "tokens"
        if (value := _within(kind, match)) is not None:
            yield kind, value, match.start()
    for match in _PARAMETERS.finditer(sentence):
        kind = "active_parameters" if match["active"] else "parameters"
        if (value := _within(kind, match)) is not None:
            yield kind, value, match.start()
    if _TRAINED.search(sentence):
        for match in _EPOCHS.finditer(sentence):
            if 0 < float(match["number"]) <= MOST_EPOCHS:
                yield "epochs", float(match["number"]), match.start()
        if (once := _ONE_EPOCH.search(sentence)) is not None:
            yield "epochs", 1.0, once.start()


def _within(kind: str, match: Match[str]) -> float | None:
    """The number, where it can be what it is said to be."""
    scale = (match["scale"] or "").lower()
    value = _number(match["number"]) * _SCALES[scale]
    low, high = {
        "epochs": (0.0, MOST_EPOCHS),
        "tokens": (LEAST_TOKENS, MOST_TOKENS),
        "tuned_tokens": (LEAST_TOKENS, MOST_TOKENS),
    }.get(kind, (LEAST_PARAMETERS, MOST_PARAMETERS))
    return value if low < value <= high else None


def _number(text: str) -> float:
    """Commas part thousands where three digits follow each ("1,080").

    And begin decimals where one stands alone ("1,8").
    """
    whole, *groups = text.partition(".")[0].split(",")
    if groups and not all(len(group) == 3 for group in groups):
        return float(f"{whole}.{''.join(groups)}") if len(groups) == 1 and "." not in text else float("nan")
    return float(text.replace(",", ""))
