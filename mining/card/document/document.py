"""Document of a model card: lines with kind, section and number; label-value pairs; tables.

How to walk a card::

    card = parse(text)                  # str in, never raises, linear in the length of the text
    for line in card.body:              # Line(number, text, plain, kind, section), outside the front matter
        if line.kind == "text": ...     # kinds: heading, code, table, blank, text
    for pair in card.labelled_values:   # LabelledValue(label, value, line, ...): "- **Hours used:** 5", two-column rows
        evidence = pair.evidence(card)  # verbatim piece of the card's line `pair.line`
    for table in card.tables:           # Table(header, rows, section, caption): Markdown and HTML alike
        for row in table.rows: ...      # Row(cells), Cell(text, plain, line); a cell stands under its header

``Line.plain`` has exactly the length of ``Line.text``, but markup (bold, tags, comments, link targets, entities) is
blanked out and odd characters (narrow spaces, Unicode minus, subscript two, full-width colon) are replaced by plain
ones. Search in ``plain`` and cut the evidence out of ``text`` at the same offsets: it is then verbatim. Line numbers
count from 1 over the whole card, front matter included. ``where(line)`` gives the standard place ``card:SECTION:LINE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.front_matter import FrontMatter, find_front_matter, front_matter_of
from mining.card.document.keyed import keyed_numbers, names_emissions
from mining.card.document.lines import Line, Paragraph, classify_lines
from mining.card.document.locale import Locale, locale_of, with_points
from mining.card.document.plain_text import plain_text
from mining.card.document.tables import Cell, Row, Table, find_tables
from mining.card.document.title import title_of
from mining.card.lexicon.keywords import Cue, cue_lines
from mining.card.lexicon.roles import LANGUAGES, languages_of
from mining.card.once import once
from mining.patterns import regex

__all__ = ["Cell", "Document", "FrontMatter", "LabelledValue", "Line", "Row", "Table", "is_labelled", "parse", "where"]

LINE_CAP = 20_000
"""Characters of one line that are looked at; the rest of an overlong line is ignored."""
LINES_CAP = 200_000
LANGUAGE_SAMPLE = 1_500
"""Characters of prose by which the language is told."""
FEW_WORDS = 14
"""Words below which nothing is said of the language for the sake of its decimals."""
CUE_LINES_CAP = 2_000
"""Lines with cue words that are looked at; four times as many as any of 25,000 real cards has."""

_BULLET = regex(r"\s{0,40}(?:[-*+•‣◦▪●·–>]{1,3}\s{0,8}|\(?\d{1,3}[.)]\s{1,8}|\(?[a-z]\)\s{1,8}|\|\s*)?")
_LABEL = regex(r"([^\W\d_][^:=|\n]{0,200}?|co2[^:=|\n]{0,120}?)\s{0,20}(?::(?!//)|=(?!=))")
_BOLD_LABEL = regex(
    r"\s{0,40}(?:[-*+•‣]\s{1,8}|\d{1,3}[.)]\s{1,8})?(?:\*\*|__)([^*\n]{1,120}?)(?:\*\*|__)\s{0,20}(?=[^\s:*])"
)


class LabelledValue(Struct, frozen=True, gc=False):
    """A label and its value.

    ``start``/``end`` cut the whole statement, and ``value_start`` the value, out of the line's text. ``value`` and
    ``label`` are plain text. Where the value stands on the next line, ``value_line`` is that line and the offsets of
    the value count there; otherwise ``value_line`` equals ``line``. ``number`` is the line of the label.
    """

    label: str
    value: str
    line: int
    section: str | None
    start: int
    end: int
    value_line: int
    value_start: int
    kind: str

    def evidence(self, card: Document) -> str:
        """Verbatim piece of the line that states the value (the label's line, unless the value is on the next one)."""
        if self.value_line != self.line:
            return card.line(self.value_line).text.strip()
        return card.line(self.line).text[self.start : self.end].strip()


class Document:
    """A parsed card; everything beyond the lines is worked out on first use.

    Attributes:
        text: The card, without byte-order mark, with plain line ends.
        front: Where the front matter lies and its text.
        lines: All lines in order; those of the front matter are all the same empty one (their text is ``front.text``).
        cut: Whether a bound cut something off (overlong line or too many lines).
        locale: Which mark begins decimals; the plain text of a comma locale is already rewritten with points.
        known_cues: Cues of its lines, where they were sought before it was taken apart.
        paragraphs: Those that were cut into sentences, by the line from which each was found; several readers ask
            for the same.
    """

    def __init__(self, text: str, front: FrontMatter, lines: tuple[Line, ...], cut: bool, locale: Locale) -> None:
        self.text = text
        self.front = front
        self.lines = lines
        self.cut = cut
        self.locale = locale
        self.known_cues: dict[int, int] | None = None
        self.paragraphs: dict[int, Paragraph] = {}

    def line(self, number: int) -> Line:
        """The line with that number (from 1)."""
        return self.lines[number - 1]

    @once
    def body(self) -> tuple[Line, ...]:
        """Lines outside the front matter, in order."""
        return self.lines[: max(0, self.front.first_line - 1)] + self.lines[max(0, self.front.last_line) :]

    @once
    def _cue_lines(self) -> dict[int, int]:
        if self.known_cues is not None:
            return self.known_cues
        before = self.front.last_line if self.front.first_line == 1 else 0
        return cue_lines("\n".join([line.text for line in self.lines[before:]]), before)

    @property
    def crowded(self) -> bool:
        """Whether more lines than are looked at hold a cue word."""
        return len(self._cue_lines) > CUE_LINES_CAP

    @once
    def cues(self) -> dict[int, int]:
        """Numbers of the first body lines that hold a cue word, in order, and their cues (bits of ``Cue``)."""
        return dict(islice(self._cue_lines.items(), CUE_LINES_CAP))

    def lines_with(self, cue: int) -> list[tuple[Line, int]]:
        """Lines that hold a word of a cue, in order, each with all its cues."""
        return [(self.lines[number - 1], found) for number, found in self.cues.items() if found & cue]

    @once
    def languages(self) -> tuple[str, ...]:
        """Languages that the prose may be written in, the likeliest first; none where no table has its words."""
        return _languages(self.front, self.body)

    @once
    def title(self) -> str | None:
        """The name that it gives its model: its first heading, unless that is any card's."""
        return title_of(self.lines, self.body)

    @once
    def tables(self) -> tuple[Table, ...]:
        """Markdown and HTML tables in order."""
        if "|" not in self.text and "<t" not in self.text.lower():
            return ()
        return find_tables(self.lines, self.front.last_line if self.front.first_line == 1 else 0)

    @once
    def labelled_values(self) -> tuple[LabelledValue, ...]:
        """Label-value statements outside the front matter, in order of lines; code blocks included (``kind`` tells)."""
        # a program has many variables, none of which says anything unless it names emissions
        code = [line for line, _ in self.lines_with(Cue.EMISSION) if line.kind == "code"]
        found = self.labelled_in([*(line for line in self.body if line.kind == "text"), *code])
        found.extend(self._keyed({pair.line for pair in found if names_emissions(pair.label)}))
        found.extend(self.labelled_rows)
        found.sort(key=lambda pair: pair.line)
        return tuple(found)

    def _keyed(self, told: Collection[int]) -> list[LabelledValue]:
        """What programs wrote of emissions, on lines that are not labelled values themselves."""
        return [
            LabelledValue(key, value, line.number, line.section, start, end, line.number, at, line.kind)
            for line, _ in self.lines_with(Cue.EMISSION)
            if line.kind in {"code", "text", "table"} and line.number not in told
            for key, value, start, end, at in keyed_numbers(line)
        ]

    @once
    def labelled_rows(self) -> list[LabelledValue]:
        """Label-value statements in rows of tables."""
        return _pairs_of_tables(self.tables, self.lines)

    def rows_labelled(self, wanted: Callable[[str], bool]) -> list[LabelledValue]:
        """The same with some labels only; tables of many results are not even cut into cells for them."""
        tables = tuple(one for one in self.tables if any(map(wanted, map(_as_label, one.all_labels))))
        every = self.labelled_rows if len(tables) == len(self.tables) else _pairs_of_tables(tables, self.lines)
        return [pair for pair in every if wanted(pair.label)]

    def labelled_in(self, lines: Sequence[Line]) -> list[LabelledValue]:
        """Label-value statements of some lines that are no rows of tables."""
        found: list[LabelledValue] = []
        for line in lines:
            if is_labelled(line):
                pair = _pair_of(line)
                if pair is not None:
                    found.append(pair if pair.value else self._with_next_line(pair))
        return found

    def _with_next_line(self, pair: LabelledValue) -> LabelledValue:
        for line in self.lines[pair.line : pair.line + 2]:
            if line.kind == "blank":
                continue
            if line.kind != pair.kind or _pair_of(line) is not None:
                break
            value = _BULLET.sub("", line.plain, count=1).strip()
            return replace(pair, value=value[:400], value_line=line.number, value_start=line.plain.find(value))
        return pair


def is_labelled(line: Line) -> bool:
    """Whether a line has any mark that parts a label from its value."""
    return ":" in line.plain or "=" in line.plain or "**" in line.text or "__" in line.text


def where(line: Line) -> str:
    """Standard place of a claim: ``card:SECTION:LINE``."""
    return f"card:{line.section or ''}:{line.number}"


def parse(
    text: str, front: FrontMatter | None = None, *, has_amounts: bool = True, cues: dict[int, int] | None = None
) -> Document:
    """Take a card apart.

    Args:
        text: The whole card. Any text will do.
        front: Its front matter, where that was found already.
        has_amounts: Whether any of its numbers are read, so that their locale has to be known.
        cues: Cues of the lines behind that front matter, where they were sought already.

    Returns:
        The document; never raises, time linear in the length of the text.
    """
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = front or front_matter_of(text)
    front_in_place = front if front.status == "ok" else None
    known = _LAST[0] if _LAST else None
    if known is not None and (known.text, known.front, known.has_amounts) == (text, front_in_place, has_amounts):
        card = known.card
    else:
        card = _document(text, front_in_place, has_amounts)
        _LAST[:] = [_Parsed(text, front_in_place, has_amounts, card)]
    if cues is not None and front.status == "ok" and not card.cut:
        card.known_cues = cues
    return card


class _Parsed(Struct, frozen=True):
    """What a document was made of."""

    text: str
    front: FrontMatter | None
    has_amounts: bool
    card: Document


_LAST: list[_Parsed] = []
"""The last card is kept: it is read for its claims and, where it names hardware, for its size and data."""


def _document(text: str, front: FrontMatter | None, has_amounts: bool) -> Document:
    raw = text.split("\n", LINES_CAP)
    cut = len(raw) > LINES_CAP or max(map(len, raw)) > LINE_CAP
    if cut:
        raw = [line[:LINE_CAP] for line in raw[:LINES_CAP]]
    if front is None or cut:
        front = find_front_matter(raw)
    first, last = max(0, front.first_line - 1), max(0, front.last_line)
    body = (*classify_lines(raw[:first], 1), *classify_lines(raw[last:], last + 1))
    locale = _locale(front, body) if has_amounts else "point"
    if locale == "comma":
        body = tuple(replace(line, plain=with_points(line.plain)) if line.kind != "code" else line for line in body)
    return Document(text, front, (*body[:first], *[_FRONT] * (last - first), *body[first:]), cut, locale)


_DEPENDS = regex(
    r"[.,](?=\d)(?<=\d.)(?:(?<=,)|(?=\d{3}(?!\d))(?:(?<=[1-9]\d\d.)|(?<=(?<!\d)[1-9].)|(?<=(?<!\d)[1-9]\d.)))"
)
"""The mark of a number that means something else in the other locale."""
_LANGUAGE = regex(r"^language:\s*(?:\n\s*-\s*)?[\"'\[]{0,2}([a-z]{2})\b", re.MULTILINE)


def _locale(front: FrontMatter, body: Sequence[Line]) -> Locale:
    """Locale of a card; nothing is asked where no number depends on it."""
    if _DEPENDS.search("\n".join([line.plain for line in body if line.kind != "code"])) is None:
        return "point"
    lines = ((line.plain, line.kind in {"code", "table"}) for line in body if line.plain)
    return locale_of(lines, partial(_told_languages, front, body))


def _told_languages(front: FrontMatter, body: Sequence[Line]) -> tuple[str, ...]:
    """Languages of a card; none where it has too little prose to tell, and does not say."""
    sample = _sample(body)
    if len(sample.split()) < FEW_WORDS and _LANGUAGE.search(front.text) is None and sample.isascii():
        return ()
    return _languages(front, body)


def _languages(front: FrontMatter, body: Sequence[Line]) -> tuple[str, ...]:
    stated = _LANGUAGE.search(front.text) if front.text else None
    found = languages_of(_sample(body, ("text",)))
    if found == ("en",):
        found = languages_of(_sample(body))  # a list of labels may tell nothing, its headings do
    return (
        found if stated is None or stated.group(1) not in LANGUAGES else tuple(dict.fromkeys((*found, stated.group(1))))
    )


def _sample(body: Sequence[Line], kinds: tuple[str, ...] = ("text", "heading")) -> str:
    """Prose, and headings, by which the language is told."""
    prose, length = [], 0
    for line in body:
        if line.kind in kinds and line.plain:
            prose.append(line.plain)
            length += len(line.plain)
            if length > LANGUAGE_SAMPLE:
                break
    return " ".join(prose)[:LANGUAGE_SAMPLE]


_FRONT = Line(0, "", "", "front", None)


def _pair_of(line: Line) -> LabelledValue | None:
    """Label and value of one line: ``label: value`` in all its dresses, or a bold label without a colon."""
    lead = _BULLET.match(line.plain)
    start = lead.end() if lead else 0
    while start < len(line.plain) and line.plain[start].isspace():
        start += 1
    match = _LABEL.match(line.plain, start)
    label, value_start = (match.group(1), match.end()) if match else ("", 0)
    if not label:
        bold = _BOLD_LABEL.match(line.text)
        if bold is None:
            return None
        label, value_start = plain_text(bold.group(1), False)[0], bold.end()
    while start > 0 and line.text[start - 1] in "*_`":
        start -= 1
    tail = line.plain[value_start:]
    value = tail.strip()
    value_start += len(tail) - len(tail.lstrip())
    end = len(line.text.rstrip())
    return LabelledValue(
        label.strip(), value, line.number, line.section, start, end, line.number, value_start, line.kind
    )


_HEADS_OF_VALUES = (
    "value values details wert angabe valeur valor valore waarde wartość значение значення değer nilai 值 数值 "
    "數值 値 값 القيمة مقدار मान värde værdi arvo balioa"
)
_VALUE_HEADS = frozenset(_HEADS_OF_VALUES.split())
"""Heads of the second of three columns, whose first one holds labels and the third remarks."""


def _is_unit_head(table: Table) -> bool:
    """Whether the third column holds the units of the second one."""
    return table.header[2].strip().lower() in _UNIT_HEADS


_HEADS_OF_UNITS = (
    "unit units einheit unité unidad unidade unità unitat eenheid jednostka единица одиниця birim satuan 单位 "
    "單位 単位 단위 الوحدة واحد इकाई enhet enhed yksikkö"
)
_UNIT_HEADS = frozenset(_HEADS_OF_UNITS.split())


def _as_label(plain: str) -> str:
    return plain.rstrip(": ")


def _pairs_of_tables(tables: tuple[Table, ...], lines: tuple[Line, ...]) -> list[LabelledValue]:
    found = []
    for table in tables:
        if table.width != 2 and not (table.width == 3 and table.header[1].strip().lower() in _VALUE_HEADS):
            continue
        for row in (table.header_row, *table.rows):
            if len(row.cells) < 2 or not row.cells[0].plain:
                continue
            label, value = row.cells[0], row.cells[1]
            text = lines[value.line - 1].text
            start = max(0, text.rfind(value.text)) if value.text else 0
            begin = text.find(label.text) if label.line == value.line else start
            begin = begin if 0 <= begin <= start else start
            unit = row.cells[2].plain if table.width == 3 and len(row.cells) > 2 and _is_unit_head(table) else ""
            found.append(
                LabelledValue(
                    _as_label(label.plain),
                    f"{value.plain} {unit}".strip() if value.plain[:1].isdigit() else value.plain,
                    value.line,
                    table.section,
                    begin,
                    start + len(value.text),
                    value.line,
                    start,
                    "table",
                )
            )
    return found
