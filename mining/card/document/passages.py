"""Paragraphs of a card with their wrapped lines joined, and the one way to cut them into sentences.

Offsets in a passage's text lead back to the lines: ``passage.line_at(offset)`` is the line, and
``passage.written(start, end)`` the verbatim piece of the line in which ``end`` lies.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from mining.card.document.lines import Line
from mining.patterns import regex

LINES_CAP = 40
"""Lines of one paragraph that are joined."""
_STARTS = regex(
    r"\s{0,40}(?:[-*+•‣◦▪●]\s|\[\^[\w-]{1,24}\]:|\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\d{1,3}[.)]\s|>|<|\|"
    r"|\*\*[^*]{1,80}:|(?:\*\*"
    r"|__)[^*_]{1,80}(?:\*\*|__)\s*:"
    r"|[^\W\d_](?:[\w /-]|\.(?!\s)|\([^()]{1,40}\)){0,40}:\s|[^\x00-\x7f]\w{0,20}(?:[(（][^()（）]{1,30}[)）])?[:：])"
)
BREAK_CAP = 16
"""Characters at the end of a line in which a hard break stands."""
_HARD_BREAK = regex(r"(?:\\|<br\s*/?>|\s{2})$")
_SHORT = (
    "approx",
    "acc",
    "ok",
    "ca",
    "cca",
    "est",
    "incl",
    "equiv",
    "eq",
    "e.g",
    "i.e",
    "bzw",
    "z.B",
    "ekv",
    "экв",
    "екв",
    "ок",
    "al",
    "vs",
    "pr",
    "env",
    "aprox",
    "circ",
    "Nr",
    "no",
    "resp",
    "ок",
    "ym",
    "yms",
    "esim",
    "vgl",
    "cf",
    "bzw",
    "ung",
    "ungef",
    "vgl",
    "m.fl",
    "тис",
    "тыс",
    "tys",
    "Tsd",
    "Mio",
    "Mrd",
)
"""Abbreviations whose point ends no sentence."""
SENTENCE_END = regex(
    r"[.!?;؟](?=\s|$)(?!\s{1,2}CO\W{0,2}[2₂])(?<=[^\W\d_)\]\"'*»”].)"
    + "".join(rf"(?<!\b{re.escape(word)}\.)" for word in _SHORT)
    + "|"
    r"[.;](?<=[\d%].)(?=\s+(?:[^\W\d_a-zà-ÿа-я]|\([^\W\d_]))|\.(?:(?<=\bal\.)(?=\s+\([12])|(?<=\bэкв\.)(?=\s+[А-Я])"
    r"|(?:(?<=\bekv\.)|(?<=\beq\.)|(?<=\beqv\.)|(?<=equiv\.)|(?<=\bäq\.))(?=\s+[A-ZÀ-Þ][a-zà-ÿ])"
    r"|(?<=\bекв\.)(?=\s+[А-ЯІЇЄ])|(?<=[)\"”»]\.)(?=\s+[A-ZÀ-ÞА-ЯІЇЄ]))"
    r"|\.(?<=\s\.)(?=\s+[^\W\d_a-zà-ÿа-я])"
    r"|[。！？।۔](?=.)|;(?<=\.;)(?=\s)|\.(?<=[\u064b-\u0652].)(?=\s)"
)


class Passage(Struct, frozen=True, gc=False):
    """A paragraph, or an item of a list.

    Attributes:
        text: Plain text of its lines, joined by spaces.
        lines: Its lines.
        starts: Offset of each line in the text.
    """

    text: str
    lines: tuple[Line, ...]
    starts: tuple[int, ...]

    def line_at(self, offset: int) -> Line:
        """The line in which an offset lies."""
        return self.lines[max(0, bisect_right(self.starts, offset) - 1)]

    def written(self, start: int, end: int) -> str:
        """Verbatim piece of the line in which the last character of a span lies, as far as the span covers it."""
        at = max(0, bisect_right(self.starts, max(start, end - 1)) - 1)
        begin = self.starts[at]
        return self.lines[at].text[max(0, start - begin) : end - begin].strip()


def passages(lines: Sequence[Line]) -> Iterator[Passage]:
    """Paragraphs and items of lists, in order; headings stand alone, tables and code are left out.

    Args:
        lines: Lines of a body, in order.
    """
    block: list[Line] = []
    for line in lines:
        if block and (
            line.kind != "text"
            or block[-1].number != line.number - 1
            or len(block) >= LINES_CAP
            or _HARD_BREAK.search(block[-1].text, max(0, len(block[-1].text) - BREAK_CAP))
            or _STARTS.match(_unquoted(line.text) if _is_quote(line) and _is_quote(block[-1]) else line.text)
        ):
            yield _joined(block)
            block = []
        if line.kind == "text":
            block.append(line)
        elif line.kind == "heading":
            yield _joined([line])
    if block:
        yield _joined(block)


def _is_quote(line: Line) -> bool:
    return line.text.startswith(">")


def _unquoted(text: str) -> str:
    """A line of a block quote that goes on, without its mark."""
    return text.lstrip("> ")


def _joined(block: list[Line]) -> Passage:
    starts, at = [], 0
    for line in block:
        starts.append(at)
        at += len(line.plain) + 1
    return Passage(" ".join(line.plain for line in block), tuple(block), tuple(starts))


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end.

    Args:
        text: Plain text.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for match in SENTENCE_END.finditer(text):
        found.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return [(low + _blank(text, low), high) for low, high in found]


def _blank(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end].isspace():
        end += 1
    return end - at
