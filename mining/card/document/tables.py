"""Tables of a card, Markdown and HTML alike, cell by cell with their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from mining.card.document.plain_text import plain_text
from mining.card.once import once
from mining.patterns import regex

MAX_COLUMNS = 60
_ROW_KINDS = frozenset({"table", "text"})
MAX_CELLS = 4_000
"""Cells of one HTML table that are kept; spans can multiply a short text."""
_SEPARATOR = regex(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*){0,60}\|?\s*$")
_TAG = regex(r"<(/?)(table|tr|td|th)\b([^<>]{0,1000})>", re.IGNORECASE)
_SPAN = regex(r"(col|row)span\s*=\s*[\"']?(\d{1,2})", re.IGNORECASE)


class LineLike(Protocol):
    """What is needed of a line."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def plain(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str | None: ...  # noqa: D102


class Cell(Struct, frozen=True, gc=False):
    """One cell: text as written on line ``line`` (verbatim) and its plain text (all lines of the cell)."""

    text: str
    plain: str
    line: int


class Row(Struct, frozen=True, gc=False):
    """One row of cells."""

    cells: tuple[Cell, ...]
    line: int


LEAST_NUMBERED = 4
"""Columns of the narrowest table whose first one may only number the rows."""


def _named(row: Row) -> Row:
    """A row whose number and name are one cell ("2 vocoder")."""
    number, name, *others = row.cells
    first = Cell(name.text, f"{number.plain} {name.plain}".strip(), name.line)
    return Row((first, *others), row.line)


class Table:
    """A table.

    Attributes:
        header_row: Cells of the header.
        section: Heading above it.
        caption: Last text line before it.
        line: Number of its first line.
    """

    def __init__(
        self,
        header_row: Row,
        rows: Sequence[LineLike] | tuple[Row, ...],
        section: str | None,
        caption: str,
        line: int,
    ) -> None:
        self._head = header_row
        self._rows = rows
        self.section = section
        self.caption = caption
        self.line = line

    @property
    def lines(self) -> tuple[int, ...]:
        """Numbers of the lines of the header and of the data rows, which need no cutting for that."""
        return (self._head.line, *(row.line if isinstance(row, Row) else row.number for row in self._rows))

    @once
    def _cut(self) -> tuple[Row, ...]:
        return tuple([row if isinstance(row, Row) else _markdown_row(row) for row in self._rows])

    @once
    def _is_numbered(self) -> bool:
        """Whether the first column only numbers the rows, whose names stand in the second."""
        if len(self._head.cells) < LEAST_NUMBERED or self._first_cells[:2] != ("1", "2"):
            return False
        numbers = [one for one in self._first_cells if one]
        names = [row.cells[1].plain if len(row.cells) > 1 else "" for row in self._cut]
        return numbers == [str(one + 1) for one in range(len(numbers))] and all(
            any(map(str.isalpha, one)) for one in names
        )

    @once
    def _first_cells(self) -> tuple[str, ...]:
        return tuple(
            [
                row.cells[0].plain if isinstance(row, Row) else _first_of(row)
                for row in self._rows
                if not isinstance(row, Row) or row.cells
            ]
        )

    @once
    def header_row(self) -> Row:
        """The header; its first two cells are one where the first column only numbers the rows."""
        return _named(self._head) if self._is_numbered else self._head

    @once
    def rows(self) -> tuple[Row, ...]:
        """Data rows; cut into cells on first use, since most tables are about something else."""
        return tuple(map(_named, self._cut)) if self._is_numbered else self._cut

    @once
    def labels(self) -> tuple[str, ...]:
        """Plain text of the first cell of each data row that has any."""
        return tuple(row.cells[0].plain for row in self.rows) if self._is_numbered else self._first_cells

    @property
    def all_labels(self) -> tuple[str, ...]:
        """The same, that of the header first."""
        return (*(cell.plain for cell in self.header_row.cells[:1]), *self.labels)

    @property
    def header(self) -> tuple[str, ...]:
        """Plain text of the header cells."""
        return tuple(cell.plain for cell in self.header_row.cells)

    @property
    def width(self) -> int:
        """Number of columns of the header."""
        return len(self.header_row.cells)


def find_tables(lines: Sequence[LineLike], start: int = 0) -> tuple[Table, ...]:
    """All tables of a card.

    Args:
        lines: Lines of the card in order, the line numbered one first.
        start: Number of lines at the beginning that are not looked at.

    Returns:
        Tables in order of their first line.
    """
    looked_at = [line for line in lines[start:] if line.kind not in {"code", "front"}]
    found = _markdown_tables(lines, looked_at)
    if any("<" in line.text and "<t" in line.text.lower() for line in looked_at):
        found.extend(_html_tables(lines, looked_at))
    return tuple(sorted(found, key=lambda table: table.line))


def _markdown_tables(lines: Sequence[LineLike], looked_at: Sequence[LineLike]) -> list[Table]:
    found: list[Table] = []
    taken: set[int] = set()
    end = 1
    for line in looked_at:
        at = line.number - 1
        if (
            at < end
            or "-" not in line.text
            or "|" not in (head := lines[at - 1]).text
            or not _SEPARATOR.match(line.text)
        ):
            continue
        if "|" not in head.plain:
            continue
        end = at + 1
        while end < len(lines) and lines[end].kind in _ROW_KINDS and "|" in lines[end].plain:
            end += 1
        found.append(Table(_markdown_row(head), lines[at + 1 : end], head.section, _caption(lines, at), at))
        taken.update(range(at, end + 1))
        end += 1
    return found + _headless_tables(lines, looked_at, taken)


def _headless_tables(lines: Sequence[LineLike], looked_at: Sequence[LineLike], taken: set[int]) -> list[Table]:
    """Rows of cells without a separator line: every row is one of data, and the head is empty."""
    blocks: list[list[LineLike]] = []
    for line in looked_at:
        if line.kind != "table" or line.number in taken or _SEPARATOR.match(line.text):
            continue
        if blocks and blocks[-1][-1].number == line.number - 1:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    tables = []
    for block in blocks:
        head = _markdown_row(block[0])
        first = block[0]
        if len(head.cells) > 1:
            tables.append(Table(head, block[1:], first.section, _caption(lines, first.number), first.number))
    return tables


def _markdown_row(line: LineLike) -> Row:
    body = line.plain.rstrip()
    start = len(body) - len(body.lstrip())
    start += body[start : start + 1] == "|"
    stop = len(body) - (body.endswith("|") and len(body) > start)
    cells = []
    at = start
    for piece in body[start:stop].split("|", MAX_COLUMNS):
        plain = piece.strip()
        text = line.text[at : at + len(piece)].strip()
        cells.append(Cell(text, " ".join(plain.split()), line.number))
        at += len(piece) + 1
    return Row(tuple(cells), line.number)


def _first_of(line: LineLike) -> str:
    """Plain text of the first cell of a row."""
    return " ".join(line.plain.strip().removeprefix("|").partition("|")[0].split())


def _caption(lines: Sequence[LineLike], number: int) -> str:
    for line in reversed(lines[max(0, number - 4) : number - 1]):
        if line.kind == "text":
            return " ".join(line.plain.split())[:1000]
        if line.kind != "blank":
            break
    return ""


class _HtmlReader:
    """Small machine over table tags; a cell may run over several lines, a span repeats it."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.cells: list[Cell] = []
        self.cell: list[tuple[str, int]] | None = None
        self.attributes = ""
        self.carry: dict[int, tuple[int, Cell]] = {}
        self.kept = 0

    def add(self, text: str, line: int) -> None:
        if self.cell is not None and text.strip():
            self.cell.append((text.strip(), line))

    def tag(self, closes: bool, name: str, attributes: str, line: int) -> None:
        self.end_cell(line)
        if name == "tr":
            self.end_row(line)
        elif name in {"td", "th"} and not closes:
            self.cell, self.attributes = [], attributes

    def end_cell(self, line: int) -> None:
        if self.cell is None:
            return
        pieces, self.cell = self.cell, None
        text, number = pieces[0] if pieces else ("", line)
        plain = " ".join(" ".join(plain_text(piece, False)[0] for piece, _ in pieces).split())
        spans = {kind.lower(): int(count) for kind, count in _SPAN.findall(self.attributes)}
        for _ in range(max(1, min(spans.get("col", 1), MAX_COLUMNS))):
            self.fill()
            cell = Cell(text, plain, number)
            if spans.get("row", 1) > 1:
                self.carry[len(self.cells)] = (spans["row"] - 1, cell)
            self.cells.append(cell)

    def fill(self) -> None:
        while len(self.cells) in self.carry and len(self.cells) < MAX_COLUMNS:
            column = len(self.cells)
            left, cell = self.carry.pop(column)
            self.cells.append(cell)
            if left > 1:
                self.carry[column] = (left - 1, cell)

    def end_row(self, line: int) -> None:
        if self.cells:
            fresh = set(self.carry) - set(range(len(self.cells)))
            if fresh:
                self.fill()
            if self.kept < MAX_CELLS:
                self.rows.append(Row(tuple(self.cells[:MAX_COLUMNS]), self.cells[0].line or line))
            self.kept += len(self.cells)
        self.cells = []


def _html_tables(lines: Sequence[LineLike], looked_at: Sequence[LineLike]) -> list[Table]:
    found: list[Table] = []
    reader: _HtmlReader | None = None
    for line in looked_at:
        if reader is None and "<" not in line.text:
            continue
        at = 0
        for match in _TAG.finditer(line.text):
            name, closes = match.group(2).lower(), bool(match.group(1))
            if reader is not None:
                reader.add(line.text[at : match.start()], line.number)
            at = match.end()
            if name == "table":
                _finish(reader, lines, found, line.number)
                reader = None if closes else _HtmlReader()
            elif reader is not None:
                reader.tag(closes, name, match.group(3), line.number)
        if reader is not None:
            reader.add(line.text[at:], line.number)
    _finish(reader, lines, found, len(lines))
    return found


def _finish(reader: _HtmlReader | None, lines: Sequence[LineLike], found: list[Table], line: int) -> None:
    if reader is None:
        return
    reader.end_cell(line)
    reader.end_row(line)
    if reader.rows:
        first = reader.rows[0].line
        rows = tuple(reader.rows[1:])
        found.append(Table(reader.rows[0], rows, lines[first - 1].section, _caption(lines, first), first))
