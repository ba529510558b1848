"""Training types in labels, rows and names: what a field, a table of stages or the card's own name says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document, LabelledValue, Line, is_labelled
from mining.card.document.tables import Table
from mining.card.extract.context_checkpoints import STARTING_LABELS
from mining.card.extract.context_origins import ADAPTER_NAME, TUNED_NAME
from mining.card.extract.context_roles import name_of, own_names
from mining.card.extract.context_tables import is_no_training
from mining.card.extract.context_type_sentences import TUNING, types_of_sentence
from mining.card.extract.training_type import is_derived
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.values.context_values import is_nothing
from mining.fields import ClaimFlag
from mining.patterns import regex
from mining.remembered import remembered
from mining.schema import Claim

__all__ = ["types_of_labels", "types_of_name", "types_of_stages"]

_TEMPLATE = regex(
    r"(?:model )?(?:fine-?\s?|instruction[\s-])tuned from(?: model)?(?: \[optional\])?|parent model"
    r"|base model(?: \[optional\])?|(?:starting|initial) (?:point|checkpoint|model|weights)",
    re.IGNORECASE,
    stems="base model;initial;parent model;starting;tuned from",
)
_TEMPLATE_STEMS = ("tuned from", "base model", "parent model", "starting ", "initial ")
_AT_RANDOM = regex(r"\W*(?:random|none|no\b|scratch|from scratch|xavier|kaiming)", re.IGNORECASE)
_ROW = regex(
    r"initiali[sz]|tokens|from scratch|trained|\btype\b|\bkind\b|method|approach|adaptation|training|procedure|tuning"
    r"|recipe|objective|weights",
    re.IGNORECASE,
)
"""Labels of table rows that may say how a model was made."""
_PRE_STAGE = regex(r"(?<!continued )\bpre-?\s?train|from scratch", re.IGNORECASE)
_FINE_STAGE = regex(
    rf"\b(?:{TUNING})\b|\bsft\b|instruct|\bdpo\b|\brlhf\b|fine-tun",
    re.IGNORECASE,
    stems="dpo;fine;instruct;preference;rlhf;sft",
)


def types_of_name(card: Document) -> Iterator[Claim]:
    """What the card's own name says: "-LoRA", "-instruct"."""
    title = name_of(card) or ""
    mark: ClaimFlag | None = "adapter" if ADAPTER_NAME.search(title) else "named" if TUNED_NAME.search(title) else None
    if mark is None or len(title) >= LONGEST_NAME or is_derived(title):
        return
    line = next((line for line in card.body if line.kind == "heading"), None)
    if line is not None:
        yield _type_claim("fine-tuning", mark, line.text.strip(), line)


LONGEST_NAME = 80
_A_BASE_LABEL = regex(r"original(?:\s\S*(?:model|модел|模型|モデル|모델|modèle)\w*)?", re.IGNORECASE, stems="original")


def types_of_labels(card: Document, locale: Locale, own: frozenset[str]) -> Iterator[Claim]:
    """What labels say: the template's "Finetuned from model", a starting point, rows of a table."""
    for pair in card.labelled_values if locale.languages else _english_labels(card, locale):
        label = _plain_label(pair.label, locale) if len(pair.label) < LONGEST_NAME else ""
        if pair.kind != "code" and _is_template(label) and not is_nothing(pair.value) and pair.value.strip(" -"):
            line = card.line(pair.value_line)
            if _AT_RANDOM.match(pair.value):
                continue
            mark: ClaimFlag = "base" if label.lower().startswith(("base", "parent", "start", "initial")) else "template"
            text = pair.evidence(card)
            yield _type_claim("fine-tuning", mark, text, line)
        elif pair.kind == "table" and _ROW.search(label):
            yield from _of_pair(card, pair, locale, own)


@remembered(8192)
def _plain_label(written: str, locale: Locale) -> str:
    """The gloss of a label; "base model" for whatever other languages call it."""
    label = gloss(written, locale).strip()
    if written.strip(" *_:").casefold() in STARTING_LABELS or (
        _A_BASE_LABEL.fullmatch(label) and not written.lower().startswith("original")
    ):
        return "base model"
    return label


@remembered(8192)
def _is_template(label: str) -> bool:
    return _TEMPLATE.fullmatch(label) is not None


def _english_labels(card: Document, locale: Locale) -> list[LabelledValue]:
    """Labels that may be the template's, and rows of tables."""
    low = card.text.lower().replace("\u00a0", " ")
    stems = [stem for stem in _TEMPLATE_STEMS if stem in low]
    lines = [line for line in card.body if line.kind == "text"] if stems else []
    found = card.labelled_in(
        [line for line in lines if is_labelled(line) and any(stem in line.plain.lower() for stem in stems)]
    )
    return [*found, *card.rows_labelled(lambda label: _says_how(label, locale))]


@remembered(8192)
def _says_how(written: str, locale: Locale) -> bool:
    """Whether the label of a row may say how a model was made."""
    label = _plain_label(written, locale) if len(written) < LONGEST_NAME else ""
    return _is_template(label) or _ROW.search(label) is not None


def _of_pair(card: Document, pair: LabelledValue, locale: Locale, own: frozenset[str]) -> Iterator[Claim]:
    """What a row of a table says of how the model was made ("Initialisation | random", "method | full fine-tuning")."""
    label, value = gloss(pair.label, locale).strip(), gloss(pair.value[:120], locale).strip()
    said = f"{label}: {value}"
    denied = _DENIED.match(value)
    if _TOKENS_LABEL.fullmatch(label) and _MANY_TOKENS.search(value):
        yield _type_claim("pre-training", "tokens", pair.evidence(card), card.line(pair.value_line))
        return
    for kind, mark in () if denied else types_of_sentence(said, own & own_names(said), False):
        yield _type_claim(
            kind, "made" if mark == "described" else mark, pair.evidence(card), card.line(pair.value_line)
        )


_TOKENS_LABEL = regex(
    r"(?:(?:pre-?)?train\w*\s)?(?:(?:\S+\s)?tokens?(?:\s(?:seen|processed|trained on))?|(?:på|on|met|auf|sur|su|con"
    r"|com))"
    r"|pre-?trained",
    re.IGNORECASE,
    stems="auf;com;met;on;på;su;token;trained",
)


@remembered(8192)
def _is_tokens_label(label: str) -> bool:
    # most labels are numbers
    return label[-1:].isalpha() and _TOKENS_LABEL.fullmatch(label.strip()) is not None


_MANY_TOKENS = regex(
    r"\d\s?T\b|\d\s?trillion|[1-9]\d(?:\.\d)?\s?B\b|[1-9]\d\s?billion|\d\s\S{0,16}\s?(?:tok|词元|トークン|토큰)",
    re.IGNORECASE,
)
"""So many tokens in a row labelled with them."""
_DENIED = regex(
    r"\W*(?:no|none|not|never|nein|non|nee|nie|нет|ні|hayır|tidak|không|否|无|なし|아니|لا|خیر|नहीं|nej|ei|ez)\b",
    re.IGNORECASE,
)


def types_of_stages(card: Document, locale: Locale) -> Iterator[Claim]:
    """The stages of a training that the rows or columns of a table with hours or energy name."""
    for table in card.tables:
        if table.width < 3:
            continue
        yield from _of_tokens(card, table)
        heads = [gloss(one, locale) for one in table.header]
        if not any(map(_is_spent_head, heads[1:])):
            continue
        rows = [row for row in table.rows if row.cells and not is_no_training(row.cells[0].plain, locale)]
        named = [row for row in rows if (words := own_names(row.cells[0].plain)) and words <= own_names(name_of(card))]
        for row in named if len(named) == 1 else rows:
            if _is_of_another(row.cells[0].plain, name_of(card) or ""):
                continue
            name = gloss(row.cells[0].plain[:80], locale)
            for kind, pattern in (("pre-training", _PRE_STAGE), ("fine-tuning", _FINE_STAGE)):
                if pattern.search(name):
                    line = card.line(row.line)
                    yield _type_claim(kind, "stage", row.cells[0].text or line.text.strip(), line)
                    break


_MODEL_NAME = regex(r"[^\W\d]\w+-\d+(?:\.\d+)?[bm]\b", re.IGNORECASE)


def _of_tokens(card: Document, table: Table) -> Iterator[Claim]:
    """The tokens that a table of several models says they saw."""
    for row in table.rows if any(map(_is_tokens_label, table.labels)) else ():
        cells = [cell.plain for cell in row.cells]
        if cells and _TOKENS_LABEL.fullmatch(cells[0].strip()) and any(map(_MANY_TOKENS.search, cells[1:])):
            yield _type_claim("pre-training", "tokens", card.line(row.line).text.strip(), card.line(row.line))


def _is_of_another(name: str, title: str) -> bool:
    """Whether a row's name is of another model, or of the one that the card's own was tuned from."""
    found = _MODEL_NAME.search(name)
    if found is None:
        return False
    return not own_names(title) >= own_names(found.group()) or (
        TUNED_NAME.search(title) is not None and TUNED_NAME.search(name) is None
    )


_SPENT_HEAD = regex(
    r"hours|time|duration|energy|[km]?wh\b|co2|emission|carbon",
    re.IGNORECASE,
    stems="carbon;co2;duration;emission;energy;hours;time;wh",
)


@remembered(8192)
def _is_spent_head(head: str) -> bool:
    return _SPENT_HEAD.search(head) is not None


def _type_claim(kind: str, mark: ClaimFlag, text: str, line: Line) -> Claim:
    return Claim(
        quantity="training-type",
        label=kind,
        text=text if text in line.text else line.text.strip(),
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("prose", mark),
    )
