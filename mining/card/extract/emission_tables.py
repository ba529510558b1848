"""Emission claims of tables: columns and rows whose heading announces emissions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from mining.card.document.document import Document, Line, Row, Table
from mining.card.document.title import is_telling
from mining.card.extract.activities import with_the_training
from mining.card.extract.emission_claim import ambiguity, emission_claim, emission_scope, foreign
from mining.card.extract.emission_surroundings import is_about_emissions, is_of_others
from mining.card.extract.marked_rows import (
    BOLD_CELL,
    FOLDS,
    NOTE_CAP,
    is_own_row,
    marked_row,
    names_of_rows,
    number_here,
    rows_of_somebody_else,
)
from mining.card.extract.model_names import (
    THIS_MODEL,
    is_marked_here,
    is_of_known_others,
    names_in,
    size_of,
    words_of,
)
from mining.card.extract.named_others import names_another
from mining.card.extract.repetitions import are_all_published, are_none_published
from mining.card.extract.roles import heads_of, labelled_role
from mining.card.extract.running_columns import last_of_running
from mining.card.extract.tables_of_others import is_of_a_leaderboard, is_of_the_world, is_of_use
from mining.card.extract.told_names import told_name
from mining.card.extract.uses import counts_by_things
from mining.card.lexicon.number_words import with_digits
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import MARKET, TOTAL, TRAINING, is_emission_label, is_placeholder
from mining.card.values.emission_value import read_value
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim, Outcome, Scope
from mining.units import Number, find_number, find_quantities

__all__ = ["table_emissions"]

CELL_CAP = 160
CAPTION_CAP = 90
"""Characters of the line above a table beyond which it is a paragraph, and no heading of the table."""
_ACCOUNTING = regex(r"\W*(?:location|market)[ -]based\b", re.IGNORECASE)
"""Rows that state the same training by two ways of accounting, and are about no model."""
_KIND = regex(r"checkpoint|model|variant|version|size|candidate|method|approach|classifier|adapter", re.IGNORECASE)
"""Heads of a column that names models, whatever else they are."""
MOST_COLUMNS = 12
_PART_COLUMN = regex(
    r"epoch|step|token|checkpoint|stage|phase|batch|fold|component|\brun\b|trial|source|device|iteration|\bdate"
    r"|part\b|category|\bsites?\b|hospital|\bclient|participant",
    re.IGNORECASE,
)


def table_emissions(table: Table, card: Document) -> Iterator[Claim]:
    """Emission claims of one table.

    Args:
        table: The table.
        card: The card it stands in.

    Yields:
        Claims whose subject is what the row (or column) is about.
    """
    found = [*_column_claims(table, card), *(_row_claims(table, card) if table.width > 2 else ())]
    if found and _is_copied(table, card):
        whole = {*OWN_SCOPES, "family-total"}
        found = [replace(claim, scope="other-model") if claim.scope in whole else claim for claim in found]
    if not found:
        found = list(_unnamed_claims(table, card))
        if table.width == 2 and not any(map(is_emission_label, names_of_rows(table))):
            found = _with_the_training(table, card, found)
    yield from found


def _is_copied(table: Table, card: Document) -> bool:
    """Whether all rows are named after known models of others, and none shares a word with this one's name."""
    names = [name for name in names_of_rows(table) if name and not TOTAL.search(name)]
    own = {word for word in words_of(card.title or "") if word.isalpha() and len(word) >= LEAST_WORD}
    if len(names) < LEAST_ROWS or not own:
        return False
    return all(
        own.isdisjoint(words_of(name))
        and any(kind == "other-name" for kind, _, _ in names_in(name, 0, len(name), (frozenset(own),)))
        for name in names
    )


LEAST_WORD, LEAST_ROWS = 3, 2


def _column_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Columns whose heading announces emissions; the first column names what a row is about."""
    columns = [
        at
        for at, head in enumerate(table.header)
        if is_emission_label(head) and len(head) <= 160 and not any(find_quantities(head))
    ] or [at for at, head in enumerate(table.header) if _TOTAL_IN_CO2.fullmatch(head.strip())]
    if not columns:
        return
    if (
        table.width == 2
        and len(columns) == 1
        and columns[0] == 0
        and any(is_emission_label(name) and not any(find_quantities(name)) for name in names_of_rows(table))
    ):
        return  # labels and values, the first pair of which stands in the head
    named = next((at for at, head in enumerate(table.header) if _OF_MODELS.fullmatch(head.strip())), 0)
    named = named if named < columns[0] else 0
    parts = _has_parts(table, card) and not named
    marked, others = marked_row(table, card), rows_of_somebody_else(table)
    for at in columns:
        found: list[Claim] = []
        for row in table.rows:
            if at < len(row.cells) and row.cells[at].plain and (at == 0 or row.cells[at] is not row.cells[at - 1]):
                name = row.cells[named].plain if at > named < len(row.cells) else ""
                claims = _cell_claim(table, card, row, at, table.header[at], name, parts and at > 0)
                found.extend(
                    _marked(one, row)
                    if row is marked
                    else replace(one, scope="other-model")
                    if row.line in others and one.scope in {*OWN_SCOPES, "component"}
                    else one
                    for one in claims
                )
        running = last_of_running(found, table.header[at])
        found = running or (_with_the_training(table, card, found) if at > 0 else found)
        yield from found if parts else _without_idle_total(found)


_OF_MODELS = regex(
    r"(?:model|checkpoint|variant|version|modell|modèle|modelo|modello|модель|模型|モデル|모델)s?", re.IGNORECASE
)
_TOTAL_IN_CO2 = regex(
    r"(?:total|sum|all|overall|together|summe|gesamt|somme|suma|soma|totale|totaal|razem|итого|всего|合计|合計|합계)\s?"
    r"[(\[,]\s?(?:in\s)?(?:k?g|t|tons?|tonnes?)\s?CO.{1,6}[)\]]?",
    re.IGNORECASE,
)
"""A head that names the sum of the columns before it, with their unit ("Sum (kg CO2eq)")."""


def _marked(claim: Claim, row: Row) -> Claim:
    """The claim of the row that is what is published here."""
    is_told = any(is_own_row(cell.plain) for cell in row.cells[1:] if len(cell.plain) <= NOTE_CAP)
    strange = {"component", "other-model"} if is_told else {"component"}
    scope: Scope = "training-run" if claim.scope in strange else claim.scope
    return replace(claim, subject=THIS_MODEL, scope=scope)


def _with_the_training(table: Table, card: Document, found: list[Claim]) -> list[Claim]:
    """Claims of a column; where its rows are activities, the training among them is told from the rest."""
    names = {row.line: row.cells[0].plain for row in table.rows if row.cells}
    head = table.header[0] if table.header else ""
    if len(found) < 2 or any(claim.line not in names for claim in found) or _BILL.search(table.caption[:CAPTION_CAP]):
        return found
    is_stage = any(hit.concept == "stage" for hit in find_concepts(head)) and not _REPEATS.search(head)
    return with_the_training(
        found,
        [
            THIS_MODEL if claim.subject == THIS_MODEL else _with_own_name(names[claim.line or 0], card)
            for claim in found
        ],
        card,
        are_stages=is_stage and len(found) == len(table.rows),
        are_models=_KIND.search(head) is not None,
    )


_REPEATS = regex(
    r"epoch|step|token|batch|fold|seed|\brun|trial|source|category|component|\bpart|element|module|ingredient|device"
    r"|machine",
    re.IGNORECASE,
)
"""Heads of rows that are no stages: parts that are counted on, or repetitions."""


def _without_idle_total(found: list[Claim]) -> list[Claim]:
    """Claims of a column; a total of rows none of which is a training is none either."""
    if not all(claim.scope in _NO_TRAININGS for claim in found if "total" not in claim.flags) or len(found) < 2:
        return found
    return [
        replace(claim, scope="component") if "total" in claim.flags and claim.scope != "training-run" else claim
        for claim in found
    ]


_NO_TRAININGS = frozenset({"component", "inference", "saved", "planned", "embodied", "evaluation", "experiments"})


def _has_parts(table: Table, card: Document) -> bool:
    """Whether the rows of a table are stages or runs of one training; not so where one bears this model's name."""
    head = table.header[0] if table.header else ""
    if not (_PART_COLUMN.search(head) or any(hit.concept == "stage" for hit in find_concepts(head))):
        return False
    title = words_of(card.title or "")
    own = [
        name
        for name in names_of_rows(table)
        if (words := words_of(name)) and any(map(str.isalpha, name)) and words <= title
    ]
    return not (own and _KIND.search(head))


_UNDECIDED = frozenset({"unknown", "training-run", "pre-training", "fine-tuning", "family-total"})
MOST_ROWS = 30


def _adds_up(table: Table, row: Row, at: int) -> bool:
    """Whether a row is the last one, and its cell the sum of those above: a total that is named by no word for it."""
    is_added = bool(row.cells) and _ADDED.fullmatch(row.cells[0].plain.strip()) is not None
    if (row is not table.rows[-1] and not is_added) or not 3 <= len(table.rows) <= MOST_ROWS:
        return False
    name = row.cells[0]
    if name.plain and not BOLD_CELL.fullmatch(name.text.strip()) and not _ADDED.fullmatch(name.plain.strip()):
        return False  # 1 + 2 = 3 may be chance: of three models as well
    rows = table.rows[: table.rows.index(row) + 1]
    values = [find_number(one.cells[at].plain) if at < len(one.cells) else None for one in rows]
    numbers = [one.value for one in values if isinstance(one, Number)]
    if len(numbers) != len(values) or min(numbers) <= 0:
        return False
    return abs(sum(numbers[:-1]) - numbers[-1]) <= 0.006 * numbers[-1]


_ADDED = regex(
    r"[^+]{1,24}(?:\s?\+\s?[^+]{1,24}){1,5}|\W*(?:all|alle|tous|toutes|todos|todas|tutti|tutte|tots|wszystkie|все"
    r"|усі|hepsi"
    r"|semua|tất cả|全部|すべて|전체|الكل|همه|सभी|alla|kaikki|guztiak)(?:\s\d{1,2}|\s[^\W\d_]{3,12}){0,2}\W*",
    re.IGNORECASE,
)
"""The name of a sum ("A + B + C", "all five folds")."""


def _unnamed_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Cells that state a mass of CO2 where no heading announces it; the first cell names what its row is about."""
    if is_about_emissions(card):
        return  # examples of what it reads or writes
    for row in (table.header_row, *table.rows):
        for at, cell in enumerate(row.cells[:MOST_COLUMNS]):
            if (
                len(cell.plain) > CELL_CAP
                or _QUOTED.fullmatch(cell.plain)
                or not any(one.has_co2 and one.rate is None for one in find_quantities(cell.plain))
            ):
                continue
            name = " ".join(dict.fromkeys(one.plain for one in row.cells[:at]))[:CELL_CAP]
            label = ""
            if at > 0 and table.width > 2 and row is not table.header_row and _is_of_climate(name):
                name, label = table.header[at], name  # "Climate | 900 kg CO2e | 21 kg CO2e": a column is a model
            elif at == 1 and table.width == 2 and _is_of_climate(name) and not is_emission_label(name):
                name, label = "", name  # "Climate burden | 1.9 t CO2e" among labels and values
            if not (at == 1 and is_emission_label(name) and table.width == 2):
                yield from _cell_claim(table, card, row, at, label, name, False)


_QUOTED = regex(r"\s{0,2}[\"“”„«「『].{20,}[\"”“»」』]\s{0,2}")
"""A cell that quotes a sentence: an example of what the model reads."""


def _is_of_climate(name: str) -> bool:
    """Whether the name of a row speaks of carbon or of the climate, and so of no model."""
    return any(hit.concept in {"carbon", "environment"} for hit in find_concepts(name[:CAPTION_CAP]))


def _row_claims(table: Table, card: Document) -> Iterator[Claim]:
    """Rows whose first cell announces emissions; the headings name what a column is about."""
    for row in table.rows:
        if row.cells and is_emission_label(row.cells[0].plain) and not _tells(row.cells[0].plain):
            for at in range(1, min(len(row.cells), table.width)):
                if row.cells[at].plain:
                    yield from _cell_claim(table, card, row, at, row.cells[0].plain, table.header[at], False)


def _tells(label: str) -> bool:
    """Whether what stands for a label is a statement itself: a sentence, a quote, or one with an amount of its own."""
    return len(label) > LABEL_LENGTH or _QUOTED.fullmatch(label) is not None or any(find_quantities(label))


LABEL_LENGTH = 160


def _with_own_name(name: str, card: Document) -> str:
    """The name of a row, with "this model" where it names this one."""
    own, words = card.title or "", words_of(name)
    is_named = len(words) >= LEAST_ROWS and words <= words_of(own) and size_of(name) in {None, size_of(own)}
    if is_named and not is_of_known_others(name, ""):
        return THIS_MODEL
    if not is_telling(own):
        return name  # a title such as "Training" is no name
    return re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", THIS_MODEL, name, flags=re.IGNORECASE)


def _is_of_trials(words: str) -> bool:
    """Whether the head of a table or the name of a row speaks of trials, of a search, or of what was left out."""
    return _LEFT_OUT.search(words) is not None or any(hit.concept == "trial" for hit in find_concepts(words[:200]))


_LEFT_OUT = regex(r"\b(?:removed|without|search)\b", re.IGNORECASE)


TWO = 2
_BILL = regex(r"\bbilling account\b|\baccount-wide\b", re.IGNORECASE)
"""Above a table of all that somebody ran ("export for our billing account, March")."""


def _is_of_a_project(line: Line, languages: frozenset[str]) -> bool:
    """Whether the heading above a table says that it is of a project."""
    return any(hit.concept == "project" for hit in find_concepts(heads_of(line)[:CAPTION_CAP], languages))


def _scope_of_table(
    scope: Scope,
    table: Table,
    line: Line,
    label: str,
    name: str,
    said: str,
    languages: frozenset[str],
    card: Document,
) -> Scope:
    """The scope of a cell, where the words above its table, or its heads, say whose or what its rows are."""
    is_short = len(table.caption) < CAPTION_CAP
    if is_short and said != THIS_MODEL and is_of_others(table.caption, languages):
        return "other-model"
    if scope not in OWN_SCOPES:
        return scope
    if (is_short and is_of_use(table.caption, languages)) or (
        counts_by_things(label, languages) and not TRAINING.search(label)
    ):
        return "inference"
    if table.width == TWO and names_another(name, card):
        return "other-model"
    if _BILL.search(table.caption[:CAPTION_CAP]):
        return "experiments"
    return "other-model" if is_of_a_leaderboard(table, label) or is_of_the_world(table, line) else scope


def _cell_claim(table: Table, card: Document, row: Row, at: int, label: str, name: str, parts: bool) -> Iterator[Claim]:
    cell = row.cells[at]
    plain = cell.plain
    if not any(map(str.isdigit, plain.replace("CO2", ""))):
        plain = with_digits(plain, frozenset({"en", *card.languages}))
    found = read_value(plain, label)
    if found is None and not cell.text:
        return
    line = card.line(cell.line)
    scope = emission_scope(f"{label} {name}", "", line.path)
    languages = frozenset({"en", *card.languages})
    told = cell.plain[: found.number.start] if found is not None else ""
    said = _with_own_name(name, card)
    scope = labelled_role(scope, f"{label} {said} {told}".strip(), line, languages)
    scope = _scope_of_table(scope, table, line, label, name, said, languages, card)
    total = (
        TOTAL.search(name) is not None
        or any(hit.concept == "total" for hit in find_concepts(name, frozenset({"en", *card.languages})))
        or (at > 0 and _adds_up(table, row, at))
    )
    if total and (_is_of_trials(f"{table.header[0]} {name}") or (not parts and _is_of_a_project(line, languages))):
        scope = "experiments"
    elif total:
        one_here = any(map(is_marked_here, names_of_rows(table))) or number_here(table, card) is not None  # of seeds
        one_here = one_here or (FOLDS.search(table.header[0]) is not None and are_none_published(card.text))
        whole: Scope = "experiments" if one_here else "training-run"
        repeated = scope == "experiments" and are_all_published(card.text)
        scope = "training-run" if repeated else scope if scope not in _UNDECIDED else whole if parts else "family-total"
    elif parts:
        scope = "training-run" if is_own_row(name) else "component"
    flags = ("table", *(("market-based",) if MARKET.search(f"{label} {name}") else ()), *(("total",) if total else ()))
    flags = (
        *flags,
        *foreign(card, f"{label} {name}"),
        *(("only-row",) if len(table.rows) == 1 else ()),
        *ambiguity(card, cell.plain, 0, len(cell.plain)),
    )
    subject = None if total or parts or not name or _ACCOUNTING.match(name) else name
    subject = THIS_MODEL if subject is not None and name.strip().lower() == told_name(card.text) else subject
    text = cell.text if cell.text in line.text else line.text.strip()
    if found is None:
        outcome: Outcome = "not-reported" if is_placeholder(cell.plain) else "unreadable"
        yield emission_claim(text, line, cell.line, scope, outcome=outcome, flags=flags, subject=subject)
    else:
        yield emission_claim(text, line, cell.line, scope, found=found, flags=flags, subject=subject)
