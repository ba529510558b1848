"""Which rows of a table about training are those of the card's own model."""

from __future__ import annotations

import re

from msgspec import Struct

from mining.card.document.document import Document
from mining.card.document.tables import Cell
from mining.card.extract.context_roles import name_of, own_names
from mining.card.extract.model_names import is_marked_here
from mining.card.extract.repetitions import number_published
from mining.card.extract.told_names import told_name
from mining.card.lexicon.words import TOTAL
from mining.patterns import regex

__all__ = ["MeasuredRow", "chosen_rows", "is_whole"]

_STAGE = regex(
    r"pre-?\s?train|fine-?\s?tun|instruct|\bsft\b|\bdpo\b|\brlhf\b|\bppo\b|\bgrpo\b|align|anneal|warm-?\s?up|\bphase"
    r"|\bstage|\bstep\b|adaptation|continued|distill"
    r"|contrastive|main run|cool-?\s?down|extension|self-supervised|preference|\bmask|trained|audio|decay|context"
    r"|checkpoint averaging|distillation|확장|長文|扩展",
    re.IGNORECASE,
)

_WHOLE = regex(
    r"\b(?:whole|entire|overall|altogether|sum|all (?:stages|phases|steps)|total|together"
    r"|everything)\b|^\W*project\b|^\W*Σ",
    re.IGNORECASE,
)


class MeasuredRow(Struct, frozen=True):
    """One row, or one column of a table whose rows are labelled: what it is about, and its cells by their heads.

    ``subject`` is in the words of the gloss, ``written`` as it stands: names are compared as they stand.
    """

    subject: str
    bold: bool
    cells: tuple[tuple[str, Cell], ...]
    is_extra: bool
    is_stage: bool = False
    written: str = ""


def chosen_rows(rows: list[MeasuredRow], card: Document, head: str, first: str) -> tuple[list[MeasuredRow], str]:
    """The rows that speak of the card's own model, and how: its own row, a total, stages that add up; else all rows."""
    parts = [row for row in rows if not is_whole(row)]
    totals = [row for row in rows if is_whole(row)]
    counted = [row for row in parts if row.subject and not row.is_extra]
    ours = [row for row in totals if _OURS.search(row.subject)]
    if len(ours) == 1:
        return ours, "own"
    is_of_stages = _STAGES.fullmatch(first) is not None and bool(totals)
    own = _own(parts, card) if not is_of_stages or any(map(_is_marked, parts)) else None
    if own is not None and len(parts) > 1:
        return [own], "own"
    of_stages = _STAGES.fullmatch(first) is not None or (totals and _STAGE.search(first))
    staged = [row for row in counted if of_stages or row.is_stage or _STAGE.search(row.subject)]
    if len(parts) > 1 and len(counted) == len(staged) == 1:
        return staged, "own"  # all other rows are searches, evaluations and plans
    if counted and 2 * len(staged) >= len(counted) and len(staged) > 1:
        return [*counted, *totals[-1:]], "total" if totals else "stage"
    return ([], "row") if _MODELS.match(head) and len(counted) > 1 else (rows, "row")


_STAGES = regex(r"\W*(?:\S+\s){0,2}(?:stage|phase)s?\W*", re.IGNORECASE)
"""The head of a column of the stages of a training."""

_MODELS = regex(r"\W*(?:name of (?:the )?)?models?\b|\W*systems?\W*$|\W*llms?\W*$", re.IGNORECASE)
"""The head of a column of models, none of which is this one."""


def _is_marked(row: MeasuredRow) -> bool:
    """Whether a row says that it is what is published here."""
    return _OURS.search(row.subject) is not None or is_marked_here(row.subject)


def _own(rows: list[MeasuredRow], card: Document) -> MeasuredRow | None:
    bold = [row for row in rows if row.bold]
    if len(bold) == 1 and len(rows) > 2:
        return bold[0]
    name = name_of(card)
    names = own_names(name)
    title = "".join(sorted(names)) and re.sub(r"[\W_]+", "", (name or "").lower())
    sized = len(rows) > 1 and all(own_names(row.written or row.subject) <= _SIZES for row in rows)
    common = frozenset[str]() if sized else _COMMON
    number = number_published(card.text)
    told = told_name(card.text)
    ours = [row for row in rows if _is_marked(row) or (row.written or row.subject).strip().lower() == told]
    ours = ours or [row for row in rows if row.subject.strip(" ()") == number]
    if len(ours) == 1 and not _BASE.search(ours[0].subject):
        return ours[0]
    named = [
        row
        for row in rows
        if (words := own_names(row.written or row.subject))
        and words <= names
        and not words <= common
        and ("base" in names or not _BASE.search(row.subject))
    ]
    if len(named) == 1:
        return named[0]
    if len(named) == len(rows) > 1:
        return ours[0] if len(ours) == 1 else None  # a title that names all sizes
    glued = [
        row for row in rows if len(key := re.sub(r"[\W_]+", "", row.subject.lower())) > 4 and title and key in title
    ]
    return ours[0] if len(ours) == 1 else glued[0] if len(glued) == 1 else _told_apart(rows, names)


def _told_apart(rows: list[MeasuredRow], names: frozenset[str]) -> MeasuredRow | None:
    """The only row that has a word of the own name which no other row has ("QLoRA r=64" for "tenders-qlora")."""
    words = [own_names(row.written or row.subject) for row in rows]
    alone = [
        row
        for at, row in enumerate(rows)
        if not row.is_extra
        and own_names(" ".join(_SIZED.findall(row.subject))) <= names  # no sibling of another size
        and any(len(word) > 2 for word in (words[at] & names).difference(_COMMON, *words[:at], *words[at + 1 :]))
    ]
    return alone[0] if len(alone) == 1 else None


_BASE = regex(r"\(\W{0,2}(?:the\s)?(?:base|parent|teacher|original|upstream)\b|\bbase model\b", re.IGNORECASE)
"""A row or column of the model that this one was made from ("Harbour-13B (base)")."""

_SIZED = regex(r"[^\W\d]\w+-\d+(?:\.\d+)?[bm]\b", re.IGNORECASE)

_OURS = regex(
    r"\b(?:this model|ours?|this (?:repo\w*|card|adapter|fine-?tune|fork|student|checkpoint|release|version|file|one)"
    r"|submitted|handed in|released?|published|uploaded"
    r"|main(?= \(| branch)"
    r"|you are here|final (?:run|model|training|checkpoint))\b",
    re.IGNORECASE,
)

_SIZES = frozenset(
    ["nano", "micro", "tiny", "mini", "small", "base", "medium", "large", "xl", "xxl", "huge", "giant", "s", "m", "l"]
)

_COMMON = frozenset({"model", "base", "large", "small", "training", "fine", "tuning", "for", "and", "the"})


def is_whole(row: MeasuredRow) -> bool:
    """Whether a row is called a total."""
    return _WHOLE.search(row.subject) is not None or TOTAL.search(row.subject) is not None
