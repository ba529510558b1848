"""What meters print, pasted into a card: CodeCarbon's rows and log lines, carbontracker's measurement."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from mining.card.document.code_blocks import is_exercise
from mining.card.document.document import Document, Line
from mining.card.document.passages import sentences
from mining.card.document.tables import Table
from mining.card.files.reports import log_runs
from mining.card.files.run_logs import logged_emissions
from mining.card.files.runs import Run, claims_of_runs
from mining.card.files.tables import layout_of, table_runs
from mining.patterns import regex
from mining.schema import Claim
from mining.units import find_quantities

_LOG_TOTAL = regex(r"of electricity (?:used )?since|electricity used since")
_EVALUATION = regex(r"evaluat|benchmark|inferen|data generation", re.IGNORECASE)
"""Headings under which a log is not the training's."""
BLOCK_CAP = 2_000
"""Lines of a pasted table or log that are read."""


def log_claims(card: Document) -> list[Claim]:
    """What a meter printed and somebody pasted into a card.

    Args:
        card: A parsed card.

    Returns:
        Claims with their lines; of a running log only the last total of the energy counts.
    """
    claims = [*_listed(card), *_tabled(card)] if any(key in card.text for key in _KEYS) else []
    if "kWh" not in card.text and "emissions," not in card.text:
        return claims if any(claim.quantity == "emissions" for claim in claims) else [*claims, *logged_emissions(card)]
    for at, line in enumerate(card.body):
        low = line.text.lower()
        if is_exercise(card, line.number):
            continue
        if "emissions" in low and low.count(",") > 2 and layout_of(cell.strip() for cell in low.split(",")):
            block = list(takewhile(lambda one: one.text.count(",") > 2, card.body[at : at + BLOCK_CAP]))
            runs, faults = table_runs("\n".join(one.text.strip() for one in block), "")
            runs = _own_runs(runs, card)
            # a row that does not fit its header is unreadable, never silence
            claims.extend(_placed([*claims_of_runs(runs, is_partial=False), *faults], block))
        elif "actual consumption" in low and not _is_measured_again(card, at):
            block = list(card.body[_beginning(card, at) : at + 8])
            runs, _ = log_runs("\n".join(one.text for one in block), "")
            claims.extend(_placed(claims_of_runs(runs, is_partial=False), block))
    if not any(claim.quantity == "emissions" for claim in claims):
        claims.extend(logged_emissions(card))
    return [*claims, *_total(card)]


def _own_runs(runs: list[Run], card: Document) -> list[Run]:
    """Runs of a pasted table; where one row bears this model's name, the others are of other models.

    The name may be the run's, of which the text says that its weights are here.
    """
    own = _key(card.title or "")
    named = [run for run in runs if own and any(_key(cell) == own for cell in run.text.split(","))]
    if not named and len(runs) > 1:
        named = [run for run in runs if run.text.count(",") and _is_said_to_be_here(run, runs, card)]
    return named if len(named) == 1 else runs


def _is_said_to_be_here(run: Run, runs: list[Run], card: Document) -> bool:
    """Whether a sentence names a row by a cell that no other row has, and says that its weights are here."""
    others = {cell for other in runs if other is not run for cell in other.text.split(",")}
    names = [cell for cell in run.text.split(",") if cell not in others and _NAME.fullmatch(cell)]
    if any(_RUN_NAME.search(line.text) and any(name in line.text.split() for name in names) for line in card.body):
        return True
    return any(
        any(name in line.plain[low:high] for name in names)
        for line in card.body[:BLOCK_CAP]
        if line.kind == "text" and _IS_HERE.search(line.plain)
        for low, high in sentences(line.plain)
        if _IS_HERE.search(line.plain[low:high])
    )


_RUN_NAME = regex(r"--?(?:run|exp|experiment|job|output)[_-]?(?:name|id|dir)?[ =]", stems="run;exp;job;output")
"""A program that was started for one run ("--run_name tagger-final")."""
_NAME = regex(r"(?=[^,]{0,40}[a-z])[A-Za-z][\w.-]{3,60}")
_IS_HERE = regex(
    r"\b(?:weights|checkpoint|model|files?|run|one) (?:in this repo\w*|here|published|released|uploaded|that (?:is"
    r"|was|we)"
    r" (?:publish|releas|upload|kept|keep)\w*)\b|\b(?:published|released|uploaded|kept) (?:here|run|one|weights"
    r"|model)\b"
    r"|\b(?:is|was) the (?:published|released|uploaded|final) ",
    re.IGNORECASE,
)
"""What says of a run that its weights are the published ones."""


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _is_measured_again(card: Document, at: int) -> bool:
    """Whether the same log measures the same run once more further down: after one epoch, and after all of them."""
    for line in card.body[at + 1 : at + 1 + BEFORE_CAP]:
        low = line.text.lower()
        if line.kind != card.body[at].kind or "finished monitoring" in low or "components were found" in low:
            return False
        if "actual consumption" in low:
            return True
    return False


def _beginning(card: Document, at: int) -> int:
    """Where a log begins that measures at a line: it names its devices and its place before that."""
    start = at
    while start and at - start < BEFORE_CAP and card.body[start - 1].kind == card.body[at].kind == "code":
        start -= 1
    return start


BEFORE_CAP = 60
_KEYS = ("energy_consumed", "CO2_emissions(kg)")
"""Columns that only a meter's table has."""
_PAIR = regex(
    r"\s{0,20}[-*\"'`]{0,2}\s?([A-Za-z][\w()/ .]{0,40}?)[\"'`]{0,2}"
    r"(?:\s{0,8}[:=]\s{0,8}|\s{2,20})(\S.{0,200}?),?\s{0,8}$"
)
LEAST_PAIRS = 3
_INLINE = regex(
    r"(?<![\w.])([A-Za-z]\w{1,30})=(?!=)([^=\n]{0,80}?)(?=[\s,;]{1,3}[A-Za-z]\w{1,30}=|[\s,;]*$)", stems="="
)
"""A row with its columns' names before the values ("duration=5127 emissions=0.0476")."""
_Pair = tuple[Line, str, str]
"""A line, the name of a column on it, and its value."""


def _listed(card: Document) -> Iterator[Claim]:
    """A meter's row that is written as one column a line ("CO2_emissions(kg): 0.0173")."""
    block: list[_Pair] = []
    for line in (*card.body[:BLOCK_CAP], None):
        inline = _inline(line.text) if line is not None else []
        if line is not None and len(inline) >= LEAST_PAIRS:
            yield from _of_pairs([(line, key, value) for key, value in inline])
        elif line is not None and (match := _PAIR.match(line.text)):
            block.append((line, match[1].strip(), match[2].strip(" \"'`")))
            continue
        if len(block) >= LEAST_PAIRS:
            yield from _of_pairs(block)
        block = []


def _inline(text: str) -> list[tuple[str, str]]:
    """Keys and values of one line, as JSON or as ``key=value``."""
    start, end = text.find("{"), text.rfind("}")
    if 0 <= start < end and '"' in text:
        try:
            found = json.loads(text[start : end + 1])
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return [(key, str(value)) for key, value in found.items() if isinstance(value, (str, int, float))]
    return _INLINE.findall(text)


def _tabled(card: Document) -> Iterator[Claim]:
    """A meter's rows that were made a table of Markdown or HTML, or its columns the labels of one."""
    for table in card.tables:
        if _is_of_yours(card, table):
            continue
        rows = [table.header_row, *table.rows][:BLOCK_CAP]
        columns = [[row.cells[0].plain, row.cells[1].plain] for row in rows if len(row.cells) == 2]
        straight = layout_of(cell.lower() for cell in table.header) is not None
        if not straight and layout_of(cells[0].lower() for cells in columns) is None:
            continue
        written = io.StringIO()
        csv.writer(written).writerows(
            [[cell.plain for cell in row.cells] for row in rows] if straight else zip(*columns, strict=True)
        )
        runs, faults = table_runs(written.getvalue(), "")
        block = [card.line(row.line) for row in rows]
        claims = [*claims_of_runs(runs, is_partial=False), *faults]
        if not straight:
            yield from _of_columns(claims, block, columns)
            continue
        for one in _placed(claims, block):
            # columns may be copied; a tool that the card names in words counts more
            claim = replace(one, flags=("log", "aside")) if one.quantity == "tool" else one
            line = card.line(claim.line or 1)
            yield claim if claim.text and claim.text in line.text else replace(claim, text=line.text.strip())


def _is_of_yours(card: Document, table: Table) -> bool:
    """Whether a table only shows what a meter writes: for the reader's own project, or after "such as"."""
    if is_exercise(card, table.header_row.line) or _SUCH_AS.search(table.caption):
        return True
    return any(_YOUR.match(cell.plain) for row in table.rows for cell in row.cells)


_SUCH_AS = regex(r"\b(?:such as|for example|for instance|e\.g\.)\W*$", re.IGNORECASE)
_YOUR = regex(r"\W*(?:your|my|example|sample|some)[ _-](?:project|model|run|experiment)\b", re.IGNORECASE)


def _of_columns(claims: Sequence[Claim], block: Sequence[Line], columns: Sequence[list[str]]) -> Iterator[Claim]:
    """Claims of one run whose columns are the rows of a table: a name at its own row, all else at the emissions'."""
    stated = next(line for line, cells in zip(block, columns, strict=False) if "emissions" in cells[0].lower())
    for one in claims:
        named = one.quantity in {"hardware", "region", "provider"}
        line = next((at for at in block if named and one.text and one.text in at.text), stated)
        claim = replace(one, flags=("log", "aside")) if one.quantity == "tool" else one
        text = claim.text if line is not stated else line.text.strip()
        yield replace(
            claim, where=f"card:{line.section or ''}:{line.number}", line=line.number, section=line.section, text=text
        )


def _of_pairs(pairs: Sequence[_Pair]) -> Iterator[Claim]:
    if layout_of(key.lower() for _, key, _ in pairs) is None:
        return
    written = io.StringIO()
    csv.writer(written).writerows([[key for _, key, _ in pairs], [value for _, _, value in pairs]])
    runs, faults = table_runs(written.getvalue(), "")
    stated = next(line for line, key, _ in pairs if "emissions" in key.lower())
    for claim in (*claims_of_runs(runs, is_partial=False), *faults):
        named = claim.quantity in {"hardware", "region", "provider"}
        line = next((one for one, _, _ in pairs if named and claim.text and claim.text in one.text), stated)
        place = f"card:{line.section or ''}:{line.number}"
        text = claim.text if line is not stated else line.text.strip()
        yield replace(claim, where=place, line=line.number, section=line.section, text=text)


def _placed(claims: Sequence[Claim], block: Sequence[Line]) -> Iterator[Claim]:
    """Claims at their lines in the card: row 0 of a pasted block is its first line."""
    for claim in claims:
        row = claim.where.rpartition(":")[2].partition("-")[0]
        line = block[min(int(row), len(block) - 1) if row.isdecimal() else 0]
        place = f"card:{line.section or ''}:{line.number}"
        yield replace(claim, where=place, line=line.number, section=line.section)


def _total(card: Document) -> Iterator[Claim]:
    """The last running total of the energy that CodeCarbon logged."""
    for line in reversed(card.body):
        logged = _LOG_TOTAL.search(line.plain.lower()) and not _EVALUATION.search(line.section or "")
        found = list(find_quantities(line.plain, ("energy",))) if logged else []
        if found:
            yield Claim(
                quantity="energy",
                value=found[-1].number.value,
                unit=found[-1].unit,
                inner_value=found[-1].inner,
                text=line.text[found[-1].start :].strip(),
                where=f"card:{line.section or ''}:{line.number}",
                line=line.number,
                section=line.section,
                flags=("log",),
            )
            return
