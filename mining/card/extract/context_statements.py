"""The sentences of a card that may speak of a training run.

Unwrapped, each with its gloss and with what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from mining.card.document.document import Document, Line
from mining.card.document.lines import Paragraph
from mining.card.lexicon.gloss import Locale, gloss, locale_of
from mining.card.lexicon.roles import LANGUAGES
from mining.patterns import regex
from mining.schema import Claim, Quantity

__all__ = [
    "ASIDE",
    "ELSEWHERE",
    "NEAR",
    "Statement",
    "card_locale",
    "claim_of",
    "is_aside",
    "is_elsewhere",
    "line_claim",
    "sentences",
    "statements",
]

LINE_CAP = 4_000
"""Characters of a paragraph that are looked at."""
PARAGRAPH_LINES = 12
STATEMENT_LINES = 2_000
"""Lines that are looked at."""
_STATED = regex(r"^language:[ \t]*\[?(?:\n\s*-\s*)?[\"']?([a-z]{2})[\"']?\]?[ \t]*$(?!\n\s*- )", re.MULTILINE)
"""The only language that the metadata state."""
_ENGLISH = regex(r"\b(?:the|of|and|was|were|is|are|with|this|for|from|by)\b", re.IGNORECASE)
ENGLISH_SHARE = 30
"""A text with more than one little English word in so many is English, whatever the metadata say its data are."""
LOCALE_SAMPLE = 12_000
"""Characters of the lines with cues by which languages are told."""
SHORT_SAMPLE = 1_000
_READ = frozenset({"text", "heading", "table"})
NEAR = regex(
    r"environment|carbon|\bco2|emission|footprint|hardware|infrastructure|comput|train|tun(?:ed|ing)\b|technical"
    r"|energy|impact|resource|set-?up|sustainab|specs|stage|speeds, sizes"
    r"|环境|能耗|môi trường|lingkungan|milieu|środowisk|окружающ|довкілл|çevre|환경|بيئ"
    r"|محیط|पर्यावरण|miljö|miljø|ympäristö|ingurumen"
    r"|環境|ハードウェア|硬件|训练|umwelt|ambient|entorno|écolog|matériel|\bgpus\b|\bnodes\b|cost",
    re.IGNORECASE,
    stems="environment;carbon;co2;emission;footprint;hardware;infrastructure;comput;train;tun;technical;energy;impact"
    ";resource;set-up;setup;sustainab;specs;stage;speeds, sizes;环境;能耗;môi trường;lingkungan;milieu"
    ";środowisk;окружающ;довкілл;çevre;환경;بيئ;محیط;पर्यावरण;miljö;miljø;ympäristö;ingurumen;環境;ハードウェア;硬件;训练;umwelt"
    ";ambient;entorno"
    ";écolog;matériel;gpus;nodes;cost",
)
"""Sections in which short labels ("GPU", "Time", "Location") speak of the training."""
ELSEWHERE = regex(
    r"inferen|requirement|\brequires?\b|\brequired\b(?! by)|deploy|serving|minimum|recommend|how to|getting started"
    r"|quick ?start|latency|usage phase"
    r"|prediction (?:phase|time)"
    r"|limitation|installation|prerequisit|demo\b|reserve|consumer hardware|run(?:ning)? (?:the|this|it)|hosting"
    r"|edge device|compatib"
    r"|related work|for comparison|\bcompared\b|acknowledg|synthetic data|data (?:generation|collection"
    r"|preparation)|base model(?:'s)? (?:train|comput|carbon|emission|energy)"
    r"|scale\b",
    re.IGNORECASE,
    stems="inferen;require;deploy;serving;minimum;recommend;how to;getting started;quick;latency;usage "
    "phase;prediction;limitation;installation;prerequisit;demo;reserve;consumer hardware;run;hosting;edge "
    "device;compatib;related work;for comparison;compared;acknowledg;synthetic;data ;base model;scale",
)
"""Words of a heading or label under which hardware is what one needs to use the model, not what it was trained on."""
ASIDE = regex(
    r"throughput|speed(?!s, sizes)|perform|memory|\busage\b|\buses?\b|quanti[sz]|service|operation"
    r"|running|evaluat|benchmark"
    r"|results?\b|compar"
    r"|citation|how to cite|reference|licen[cs]e|contact|acknowledg",
    re.IGNORECASE,
    stems="throughput;speed;perform;memory;usage;use;quanti;service;operation;running;evaluat;benchmark;"
    "result;compar;citation;how to cite;reference;licen;contact;acknowledg",
)
"""Sections whose devices and short labels are not those of the training, unless a sentence says so."""
_SENTENCE_ENDS = (
    r"(?<!\bstk.)(?<!\bpcs.)(?<!\bca.)(?<!\bapprox.)(?<!\baprox.)(?<!\bшт.)(?<!\bбл.)(?:(?<=[。！？।؟])"
    r"|(?<=[^\W_A-ZÀ-Þ].)(?=\s+(?:[^\W\d_a-zß-ÿа-яё]|[\"'(\[*])|\s*$)|(?<=[)%\]\"'].)(?=\s|$)"
    r"|(?<=[A-Z]{2}.)(?=\s+[A-Z][a-z]))"
)
_SENTENCE = regex(rf"[.!?。！？।؟]{_SENTENCE_ENDS}")
_SENTENCE_OF_ASCII = regex(rf"[.!?]{_SENTENCE_ENDS}")
_MARKS = frozenset(".!?")
_LEAD = regex(r"\W{0,6}(?:\*\*|__)([^*_:\n]{2,60})(?:\*\*|__)(?!:)")
"""Words in bold that begin a paragraph, like a heading of its own."""
_BULLET = regex(r"\s{0,12}(?:[-*+•‣–]\s|\d{1,3}[.)]\s|>)")
_LABELLED = regex(r"\W{0,4}[^\W\d][^.:\n]{1,40}:(?:\*\*|__)?\s")
"""A line of its own, label and value."""


class Statement(Struct, frozen=True, gc=False):
    """One sentence.

    Attributes:
        text: As it is written, markup and line ends included.
        said: Its gloss.
        line: The line it begins on.
        cues: Cues of the lines of its paragraph.
        near: Whether a heading or the label before it speaks of training or its hardware.
        first: Whether it begins a paragraph.
        wanted: Whether it was glossed; else ``said`` is its plain text.
    """

    text: str
    said: str
    line: Line
    cues: int
    near: bool
    first: bool
    wanted: bool


def card_locale(card: Document) -> Locale:
    """Languages of a card, by its lines with cues; the one that its metadata state where those tell none."""
    text = "\n".join([card.line(number).plain[:LINE_CAP] for number in card.cues])[:LOCALE_SAMPLE]
    found = locale_of(text) if len(text) >= SHORT_SAMPLE or text.isascii() else None
    if found is None or (found.languages and len(text) < SHORT_SAMPLE):
        # a few labels are alike in many languages
        text = "\n".join([line.plain[:LINE_CAP] for line in card.body if line.kind in _READ])[:LOCALE_SAMPLE]
        found = locale_of(text)
    stated = _STATED.search(card.front.text) if "language:" in card.front.text else None
    if stated is None or stated[1] not in LANGUAGES or stated[1] == "en" or stated[1] in found.languages:
        return found
    if len(_ENGLISH.findall(text)) * ENGLISH_SHARE > text.count(" "):
        return found
    return Locale((stated[1], *found.languages)[:2])


@lru_cache(maxsize=8192)
def is_elsewhere(section: str | None) -> bool:
    """Whether a section speaks of something else than training: use, evaluation, requirements."""
    return section is not None and ELSEWHERE.search(section) is not None


@lru_cache(maxsize=8192)
def is_aside(section: str | None) -> bool:
    """Whether the devices of a section are not those of the training, unless a sentence says so."""
    return section is not None and ASIDE.search(section) is not None


@lru_cache(maxsize=8192)
def _is_near(path: str) -> bool:
    """Whether the headings below the title speak of training or its hardware."""
    return NEAR.search(path.partition(" > ")[2] or path) is not None


def _begins_near(text: str, locale: Locale) -> bool:
    """Whether the words in bold that begin a paragraph do."""
    lead = _LEAD.match(text)
    return lead is not None and NEAR.search(gloss(lead[1], locale)) is not None


def sentences(plain: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a paragraph."""
    start = 0
    ends = _SENTENCE_OF_ASCII if plain.isascii() else _SENTENCE
    for match in ends.finditer(plain) if not plain.isascii() or not _MARKS.isdisjoint(plain) else ():
        yield start, match.end()
        start = match.end()
    if start < len(plain):
        yield start, len(plain)


def statements(
    card: Document, cue: int, locale: Locale, wanted: Callable[[str], bool], has_near: bool = True
) -> Iterator[Statement]:
    """Sentences of the paragraphs that hold a cue, outside the sections that speak of use or of other models.

    Args:
        card: A parsed card.
        cue: Bits of :class:`Cue`, any of which makes a paragraph count; all paragraphs where it is negative.
        locale: Of the card.
        wanted: Whether an English sentence is glossed.
        has_near: Whether it is asked what headings and labels speak of; else no statement is near a training.

    Yields:
        Statements in order of lines.
    """
    done = 0
    every = [(line, 0) for line in card.body] if cue < 0 else card.lines_with(cue)
    for line, _ in every[:STATEMENT_LINES]:
        if line.number <= done or line.kind not in {"text", "heading"}:
            continue
        told = card.paragraphs.get(line.number)
        if told is None:
            told = card.paragraphs[line.number] = _cut(card, line, locale)
        done = told.last
        near = has_near and bool(told.sentences) and (_is_near(told.section) or _begins_near(told.text, locale))
        for written, plain, begins, first in told.sentences:
            wants, said = bool(locale.languages) or wanted(plain), plain
            if wants:
                said = gloss(plain if "&" not in written and "\\" not in written else _spaced(written, plain), locale)
                said = " ".join(said.split())
            yield Statement(written.strip(), said, begins, told.cues, near, first, wants)


def _cut(card: Document, line: Line, locale: Locale) -> Paragraph:
    """The paragraph of a line, cut into its sentences; without any in the sections that speak of something else."""
    lines = _paragraph(card, line)
    section = gloss(line.path, locale) if locale.languages else line.path
    below = section.partition(" > ")[2] if line.path.startswith(f"{card.title} > ") else section
    # a title is a name, whatever its words say elsewhere
    if line.path != card.title and (is_elsewhere(below.rpartition(" > ")[2]) or is_elsewhere(below)):
        return Paragraph(lines[-1].number, 0, section, "", ())
    plain = " ".join([one.plain for one in lines])[:LINE_CAP]
    text = "\n".join([one.text for one in lines])
    cues = 0
    for one in lines:
        cues |= card.cues.get(one.number, 0)
    found: list[tuple[str, str, Line, bool]] = []
    for start, end in sentences(plain):
        written = text[start:end]
        blank = len(written) - len(written.lstrip())
        number = text.count("\n", 0, start + blank) if len(lines) > 1 else 0
        said = plain[start:end]
        if "，" in written:
            said = "".join("、" if mark == "，" else other for mark, other in zip(written, said, strict=False))
        found.append((written, said, lines[min(number, len(lines) - 1)], start == 0))
    return Paragraph(lines[-1].number, cues, section, text, tuple(found))


def _spaced(written: str, plain: str) -> str:
    """Plain text of a sentence in which typesetters' spaces group digits."""
    joined = re.sub(
        r"(?<=\d)(?:&(?:nbsp|thinsp|#160|#8239);|\\[,;: ]|\{,\})(?=\d{3}(?!\d))",
        lambda match: "\u2060" * len(match.group()),
        written,
    )
    return "".join(mark if mark == "\u2060" else other for mark, other in zip(joined, plain, strict=True))


def _paragraph(card: Document, line: Line) -> list[Line]:
    """The lines of the paragraph or list item that a line belongs to."""
    if line.kind != "text":
        return [line]
    first = last = line.number
    while (
        first > 1
        and line.number - first < PARAGRAPH_LINES
        and (_BULLET.match(card.line(first).text) is None or _is_quoted(card, first))
        and _continues(card.line(first - 1))
    ):
        first -= 1
    while (
        last < len(card.lines)
        and last - line.number < PARAGRAPH_LINES
        and _continues(below := card.line(last + 1))
        and (_BULLET.match(below.text) is None or _is_quoted(card, last + 1))
    ):
        last += 1
    return [card.line(number) for number in range(first, last + 1)]


def _is_quoted(card: Document, number: int) -> bool:
    """Whether a line goes on a quotation that the line above has begun."""
    text, above = (card.line(at).text.lstrip() for at in (number, number - 1))
    return text.startswith(">") and above.startswith(">") and _BULLET.match(text.lstrip("> ")) is None


def _continues(line: Line) -> bool:
    """Whether what stands on a line may go on on the next one."""
    return line.kind == "text" and _LABELLED.match(line.text) is None


def claim_of(quantity: Quantity, statement: Statement) -> Claim:
    """Claim of a statement, still without a value."""
    return _claim(quantity, statement.text, statement.line)


def line_claim(quantity: Quantity, line: Line, start: int, end: int) -> Claim:
    """Claim of a piece of a line, still without a value."""
    return _claim(quantity, line.text[start:end].strip(), line)


def _claim(quantity: Quantity, text: str, line: Line) -> Claim:
    return Claim(
        quantity=quantity,
        text=text,
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope="training-run",
        flags=("prose",),
    )
