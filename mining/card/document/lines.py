"""The lines of a card's body: what kind each is, and under which heading it stands."""

from __future__ import annotations

import re
from bisect import bisect_left

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.plain_text import plain_text
from mining.patterns import regex

__all__ = ["Line", "Paragraph", "classify_lines"]

_HTML_HEADING = regex(r"\s*<h([1-6])\b[^<>]{0,200}>(.{0,300}?)</h\1>", re.IGNORECASE)
_SETEXT = regex(r"\s{0,3}(=+|-+)\s*$")
_FENCE = regex(r"\s{0,3}(`{3,}|~{3,})")
_PARTING = regex(r"<!--|```|~~~")
_ITALIC_LINE = regex(r"\s{0,3}(?:\*(?!\*)[^*_|:.!?]{2,80}\*|_(?!_)[^*_|:.!?]{2,80}_)\s*$")
_BOLD_LINE = regex(r"\s{0,3}(?:(?:\*\*|__)[^*_|:]{2,80}:?(?:\*\*|__)\s{0,3}){1,3}:?\s*$")

_MARKS = frozenset("#<=-*_")
"""What a heading, or the line below one, begins with."""


class Line(Struct, frozen=True, gc=False):
    """One line: number from 1, text as written, same-length plain text, kind, heading above it.

    And all headings above it (`A > B`).
    """

    number: int
    text: str
    plain: str
    kind: str
    section: str | None
    path: str = ""


class Paragraph(Struct, frozen=True, gc=False):
    """A paragraph in sentences.

    Attributes:
        last: Number of its last line.
        cues: Cues of its lines.
        section: The headings above it, in English.
        text: As written.
        sentences: Each as written, in plain text, the line it begins on, and whether it begins the paragraph; none
            where its section speaks of something else.
    """

    last: int
    cues: int
    section: str
    text: str
    sentences: tuple[tuple[str, str, Line, bool], ...]


def classify_lines(raw: list[str], start: int) -> list[Line]:
    """Tell headings, code, tables, blank lines and text apart.

    Args:
        raw: Lines without line ends, from one outside any code block.
        start: Number of the first of them.

    Returns:
        As many lines; time linear in their length.
    """
    lines: list[Line] = []
    heads = _Heads()
    comment = False
    at = 0
    # what parts a run of lines that are made plain together
    parts = _parting_lines("\n".join(raw))
    parts.append(len(raw))
    while at < len(raw):
        text = raw[at]
        if not comment and ("```" in text or "~~~" in text) and (fence := _fence_of(text)) is not None:
            end = _end_of_code(raw, at + 1, fence) if fence else at + 1
            lines.extend(_code(raw[at:end], start + at, heads))
            at = end
            continue
        end = parts[bisect_left(parts, at)]
        end = at + 1 if comment or end == at else end
        plain, comment = plain_text("\n".join(raw[at:end]), comment)
        section, path = heads.section, heads.path
        for number, written, shown in zip(range(start + at, start + end), raw[at:end], plain.split("\n"), strict=True):
            if not shown or shown.isspace():
                lines.append(Line(number, written, shown, "blank", section, path))
            elif ((mark := written[0]) in _MARKS or mark.isspace()) and _is_special(written):
                _add(lines, heads, number, written, shown)
                section, path = heads.section, heads.path
            else:
                bars = written.count("|") if "|" in written else 0
                kind = "table" if bars > 1 or (bars and written.lstrip()[0] == "|") else "text"
                if mark in _INITIALS and written.strip().lower() in TEMPLATE_TITLES:
                    heads.enter(BARE_LEVEL, written.strip())
                    kind, section, path = "heading", heads.section, heads.path
                lines.append(Line(number, written, shown, kind, section, path))
        at = end
    return _with_lone_bars(lines) if any(line.kind == "table" for line in lines) else lines


def _with_lone_bars(lines: list[Line]) -> list[Line]:
    """Lines; one with bars and no such neighbour is no table, but a text whose parts they stand between.

    "GPU: A100 | Time: 3 h | CO2: 3 kg": each bar becomes a point in the middle, at the same length.
    """
    barred = {line.number for line in lines if "|" in line.text}
    return [
        Line(line.number, line.text, line.plain.replace(" | ", " · "), "text", line.section, line.path)
        if line.kind == "table"
        and " | " in line.plain
        and not line.text.lstrip().startswith("|")
        and barred.isdisjoint({line.number - 1, line.number + 1})
        else line
        for line in lines
    ]


def _parting_lines(whole: str) -> list[int]:
    """Numbers, from 0, of the lines on which a comment or a fence of code may begin."""
    if "<!--" not in whole and "```" not in whole and "~~~" not in whole:
        return []
    parts: list[int] = []
    number = behind = 0
    for match in _PARTING.finditer(whole):
        number += whole.count("\n", behind, match.start())
        behind = match.start()
        if not parts or parts[-1] != number:
            parts.append(number)
    return parts


class _Heads:
    """The headings above a line."""

    def __init__(self) -> None:
        self._above: list[tuple[int, str]] = []
        self.section: str | None = None
        self.path = ""

    def enter(self, level: int, title: str) -> None:
        self._above = [head for head in self._above if head[0] < level] + [(level, title)]
        self.section, self.path = title, " > ".join([name for _, name in self._above])

    def leave_bold(self) -> None:
        """A paragraph that begins in bold stands beside a heading in bold, not below it."""
        if self._above and self._above[-1][0] >= BOLD_LEVEL:
            self._above = [head for head in self._above if head[0] < BOLD_LEVEL]
            self.section = self._above[-1][1] if self._above else None
            self.path = " > ".join([name for _, name in self._above])


TEMPLATE_TITLES = frozenset(
    (
        *("model details", "model description", "model sources", "direct use", "downstream use", "out-of-scope use"),
        *("bias, risks, and limitations", "training details", "training data", "training procedure", "testing data"),
        *("training hyperparameters", "environmental impact", "technical specifications", "compute infrastructure"),
        *("model card authors", "model card contact", "how to get started with the model", "more information"),
    )
)
"""Titles of the Hub's template that some cards give without a mark of a heading, as pasted from a page."""
_INITIALS = frozenset("BDEHMOTbdehmot")
BARE_LEVEL = 2
BOLD_LEVEL = 7
"""Level of a line in bold that serves as a heading, below those of HTML."""


def _add(lines: list[Line], heads: _Heads, number: int, text: str, plain: str) -> None:
    level, kind, title = _kind(text, plain)
    if kind == "setext":
        kind, title = _setext(lines)
    if title is not None:
        heads.enter(level, title)
        if kind == "blank":
            lines[-1] = replace(lines[-1], kind="heading", section=heads.section, path=heads.path)
    elif kind == "text" and text.startswith("**") and text.find("**", 2) > 0:
        heads.leave_bold()
    lines.append(Line(number, text, plain, kind, heads.section, heads.path))


def _fence_of(text: str) -> str | None:
    """The fence that opens a code block on this line; empty where it is closed on the same line."""
    match = _FENCE.match(text)
    if match is None:
        return None
    mark = match.group(1)
    return mark if "`" not in text.strip()[len(mark) :] else ""


def _end_of_code(raw: list[str], at: int, fence: str) -> int:
    """Index behind the closing fence, or behind the last line."""
    while at < len(raw):
        text = raw[at]
        at += 1
        if (
            fence in text
            and (match := _FENCE.match(text))
            and match.group(1).startswith(fence)
            and not text.strip().strip(fence[0])
        ):
            break
    return at


def _code(raw: list[str], start: int, heads: _Heads) -> list[Line]:
    section, path = heads.section, heads.path
    return [
        Line(number, text, text.replace("\t", " "), "code", section, path) for number, text in enumerate(raw, start)
    ]


def _setext(lines: list[Line]) -> tuple[str, str | None]:
    """Underlined heading: the line before is the title."""
    if lines and lines[-1].kind == "text" and len(lines[-1].text) <= 120:
        return "blank", lines[-1].plain.strip()
    return "blank", None


def _is_special(text: str) -> bool:
    """Whether a line that is not blank may be a heading or underline one; most items of lists may not."""
    stripped = text.strip()
    first = stripped[:1]
    if first not in _MARKS or first in "#<":
        return first in _MARKS
    return stripped[-1] == first if first in "=-" else stripped[-1] in "*_:" or stripped.startswith("**")


def _heading(plain: str) -> tuple[int, str, str] | None:
    """Level, kind and title of a line that begins with one to six ``#``."""
    stripped = plain.lstrip()
    title = stripped.lstrip("#")
    level = len(stripped) - len(title)
    if not title or not 0 < level <= 6 or len(plain) - len(stripped) > 3:
        return None
    return level, "heading", " ".join(title.split()).rstrip("# ")[:200]


def _kind(text: str, plain: str) -> tuple[int, str, str | None]:
    """Level, kind and, for headings, title of a line that is special."""
    stripped = text.lstrip()
    if stripped[0] == "#" and (heading := _heading(plain)) is not None:
        return heading
    if stripped[:2] in {"<h", "<H"} and (match := _HTML_HEADING.match(text)):
        return int(match.group(1)), "heading", " ".join(plain_text(match.group(2), False)[0].split())[:200]
    if stripped[:1] in "=-" and _SETEXT.match(text) and len(stripped.rstrip()) > 1:
        return 2, "setext", None
    if stripped[:2] in {"**", "__"} and _BOLD_LINE.match(text):
        return BOLD_LEVEL, "heading", " ".join(plain.split()).rstrip(": ")
    if stripped[0] in "*_" and _ITALIC_LINE.match(text):
        return 8, "heading", " ".join(plain.split())
    if stripped.startswith("|") or text.count("|") > 1:
        return 0, "table", None
    return 0, "text", None
