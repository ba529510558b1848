"""Which row of a table of emissions is what is published here, as the table or the text around it marks it."""

from __future__ import annotations

import re

from mining.card.document.document import Document, Row, Table
from mining.card.extract.model_names import (
    is_marked_here,
    is_of_known_others,
    own_size,
    size_of,
)
from mining.card.extract.repetitions import number_published, number_told
from mining.card.extract.said_of import is_negated
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import TOTAL
from mining.patterns import regex

__all__ = [
    "BOLD_CELL",
    "FOLDS",
    "NOTE_CAP",
    "is_own_row",
    "marked_row",
    "names_of_rows",
    "number_here",
    "rows_of_somebody_else",
]

LEAST_ROWS, MOST_COLUMNS = 2, 12


def marked_row(table: Table, card: Document) -> Row | None:
    """The one row in bold, where the text above or below says that the one in bold is what is published."""
    told = [
        row
        for row in table.rows
        if any(is_own_row(cell.plain) for cell in row.cells[1:] if len(cell.plain) <= NOTE_CAP)
        and not _is_no_training(row)
    ]
    if len(told) == 1 < len(table.rows):
        return told[0]
    if (done := _done_row(table) or _told_row(table) or _row_of_us(table)) is not None:
        return done
    number = number_here(table, card)
    if number is not None:
        return next(row for row in table.rows if row.cells and row.cells[0].plain.strip(" ()") == number)
    sizes = [size_of(name) for name in names_of_rows(table)]
    if len({size for size in sizes if size}) > 1 and (own := own_size(card)) is not None and sizes.count(own) == 1:
        row = next(row for row in table.rows if row.cells and size_of(row.cells[0].plain) == own)
        return None if is_of_known_others(row.cells[0].plain, card.title or "") else row
    bold = [row for row in table.rows if row.cells and BOLD_CELL.fullmatch(row.cells[0].text.strip())]
    if len(bold) != 1 or len(table.rows) < 2 or TOTAL.search(bold[0].cells[0].plain):
        return None
    below = next(
        (line.plain for line in card.lines[table.rows[-1].line : table.rows[-1].line + 3] if line.kind == "text"), ""
    )
    return bold[0] if _IN_BOLD.search(table.caption) or _IN_BOLD.search(below) else None


def _done_row(table: Table) -> Row | None:
    """The one row that a column calls done, where it calls all others reckoned ("done", "extrapolated")."""
    if len(table.rows) < LEAST_ROWS or not table.rows[0].cells:
        return None
    for at in range(1, min(table.width, MOST_COLUMNS)):
        cells = [row.cells[at].plain.strip() if at < len(row.cells) else "" for row in table.rows]
        done = [row for row, cell in zip(table.rows, cells, strict=True) if _DONE.fullmatch(cell)]
        if len(done) == 1 and sum(_RECKONED.search(cell) is not None for cell in cells) == len(cells) - 1:
            return done[0]
    return None


def _row_of_us(table: Table) -> Row | None:
    """The one row that a column says was done by the card's authors ("us" below "who")."""
    ours = [
        row
        for row in table.rows
        if any(_US.fullmatch(cell.plain) for cell in row.cells[1:MOST_COLUMNS]) and not _is_no_training(row)
    ]
    return ours[0] if len(ours) == 1 < len(table.rows) else None


def rows_of_somebody_else(table: Table) -> frozenset[int]:
    """Lines of the rows that a column "who" says somebody else than the card's authors did."""
    at = next((at for at, head in enumerate(table.header[:MOST_COLUMNS]) if _WHO.fullmatch(head.strip())), 0)
    if not at:
        return frozenset()
    told = [row for row in table.rows if at < len(row.cells) and row.cells[at].plain.strip(" -–—")]
    return frozenset(
        row.line
        for row in told
        if not _US.fullmatch(row.cells[at].plain)
        and not is_own_row(row.cells[at].plain)
        and not TOTAL.search(row.cells[0].plain)
    )


_WHO = regex(
    r"(?:done|trained|paid) by|by whom|who(?: (?:ran|did|trained|paid) it)?|whose|actor|party|owner|von wem|par qui|qui"
    r"|quién|quien|quem|door wie|kto|кто|хто|siapa|谁|誰|누가|vem|hvem|kuka|nork",
    re.IGNORECASE,
)
"""Heads of such a column; the German word for it is left out, as it names an error rate as well."""


def _is_no_training(row: Row) -> bool:
    """Whether a row is named after something else that was done ("Evaluation", whoever did it)."""
    concepts = {hit.concept for hit in find_concepts(row.cells[0].plain[:200])} if row.cells else set()
    return bool(concepts & _ELSE) and not concepts & _TRAINS


_TRAINS = frozenset({"train", "finetune", "pretrain"})
_ELSE = frozenset({"evaluate", "infer", "data", "embodied", "saved", "plan"})


_US = regex(
    r"\W*(?:by )?(?:us|we|ourselves|ours|me|myself|this (?:work|repo(?:sitory)?|card|release)|wir|nous|nosotros|nós|noi"
    r"|wij|my|мы|ми|我们|我們|当方|自分たち|우리)\W*",
    re.IGNORECASE,
)


def _told_row(table: Table) -> Row | None:
    """The row that the text above calls the only one that happened ("Only the first row was run")."""
    match = _ONLY_ROW.search(table.caption)
    if match is None or len(table.rows) < LEAST_ROWS:
        return None
    return table.rows[-1] if match[1].lower() in {"last", "bottom"} else table.rows[0]


_ONLY_ROW = regex(
    r"\bonly the (first|top|last|bottom) (?:row|line|one)\b[^.;]{0,24}\b(?:happened|run|ran|real|ours|measured"
    r"|took place|counts|done)\b",
    re.IGNORECASE,
)

_DONE = regex(
    r"\W*(?:(?:really |actually )?(?:done|run|ran|measured|used|observed)|actual|real|this run|ours)\W*", re.IGNORECASE
)

_RECKONED = regex(
    r"extrapol|hypothe|estimat|project|simulat|calculat|reckon|not run|would|modell?ed|expected|scaled|what if"
    r"|alternative",
    re.IGNORECASE,
)


def number_here(table: Table, card: Document) -> str | None:
    """The number of the run, seed or fold that is published, where the rows of a table are numbered by them."""
    if not table.header:
        return None
    head = table.header[0].strip()
    if _REPETITIONS.search(head):
        number = number_published(card.text)
    elif len(head) <= NOTE_CAP and _FOREIGN_REPETITIONS.search(head):
        number = number_told(card.text, head)
    else:
        return None
    return (
        number
        if number is not None and [name.strip(" ()") for name in names_of_rows(table)].count(number) == 1
        else None
    )


_FOREIGN_REPETITIONS = regex(
    r"\b(?:lauf|durchlauf|samen|fold|graine|essai|exécution|pli|semilla|pliegue|corrida|ejecución|semente|dobra"
    r"|execução|rodada"
    r"|seme|esecuzione|prova|llavor|execució|plec|ziarno|przebieg|próba|fałd|сид|запуск|прогон|фолд|сід|tohum"
    r"|çalıştırma|koşu"
    r"|kat|benih|putaran|lipatan|hạt giống|lần chạy|frö|körning|veck|frø|kørsel|siemen|ajo|hazi|exekuzio)\b"
    r"|种子|種子|折|シード|実行|시드|실행|폴드|بذرة|تشغيل|بذر|اجرا|बीज|रन",
    re.IGNORECASE,
)
FOLDS = regex(r"\bfolds?\b", re.IGNORECASE)

_REPETITIONS = regex(
    r"\b(?:run|seed|fold|trial|replicate|variant|config(?:uration)?|setting|experiment|option)s?\b", re.IGNORECASE
)

BOLD_CELL = regex(r"(?:\*\*|__|<b>|<strong>).{1,120}(?:\*\*|__|</b>|</strong>)")

_IN_BOLD = regex(
    r"\b(?:bold|fett\w*|gras|negrit[ao]s?|grassetto|vet(?:gedrukt)?|pogrubi\w*|kalın|tebal|"
    r"fed skrift|fetstil\w*|fremhæv\w*|lihavo\w*|lodi\w*|highlighted)\b|"
    r"жирн|đậm|粗体|粗體|太字|굵|غامق|عريض|پررنگ|बोल्ड|मोटे",
    re.IGNORECASE,
    stems="bold;fed skrift;fetstil;fett;fremhæv;gras;highlighted;kalın;lihavo;lodi;negrit;"
    "pogrubi;tebal;vet;đậm;жирн;عريض;غامق;پررنگ;बोल्ड;मोटे;太字;粗体;粗體;굵",
)


def names_of_rows(table: Table) -> list[str]:
    """Plain texts of the first cells of a table."""
    return [row.cells[0].plain for row in table.rows if row.cells]


NOTE_CAP = 40
"""Characters of a remark in a row that says which one is published."""


def is_own_row(name: str) -> bool:
    """Whether a row says that it is what is published here."""
    hits = (hit for hit in find_concepts(name) if hit.concept in {"own", "we"})
    return is_marked_here(name) or any(not is_negated(name, hit.start) for hit in hits)
