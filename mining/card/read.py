"""Reading one card: from bytes to claims, bounded, without exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.front_matter import (
    FrontMatter,
    Parsed,
    front_matter_of,
    is_valid_yaml,
    parse_front_matter,
)
from mining.card.extract.metadata import metadata_claims
from mining.card.files.text_of import is_pointer
from mining.card.lexicon.keywords import Cue, cue_lines, cues_in
from mining.card.loading import load_for_threads
from mining.fields import FileFault
from mining.patterns import regex
from mining.schema import CardStatus, Claim

if TYPE_CHECKING:
    from mining.card.document.document import Document

SIZE_CAP = 5_000_000
"""Bytes of a card that are read; larger cards are read up to here and marked."""
CLAIMS_CAP = 2_000
PARTIAL = frozenset({"too-large", "card-cut", "too-many-cue-lines", "too-many-claims"})
"""What was left out so that a part of the card was not read: its status is ``too-large`` then, and silence is no
answer."""
EMISSIONS_KEY = "co2_eq_emissions"
NO_TEXT = (b"{\\rtf", b"%PDF-", b"%!PS", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x93NUMPY")
"""How files begin that are no text for people: rich text, PDF, PostScript, archives, pictures, compressed data."""
BEFORE_TEXT = b"\xef\xbb\xbf \t\r\n"
"""Byte order mark and blanks that may stand before the first sign."""
BINARY_SAMPLE = 65_536
CONTROL = bytes((*range(9), *range(14, 27), *range(28, 32), 127))


class CardReading(Struct, frozen=True, kw_only=True):
    """What one card says.

    Attributes:
        status: What came of reading it.
        front_matter: Needed top-level keys of its metadata; scalars other than numbers and null stay text.
        front_matter_status: absent, ok, misplaced, fenced, unclosed, twice, empty, hub (only the Hub's metadata), or a
            reason why it was not (wholly) read: too-large, too-deep, anchors, invalid-yaml, not-a-mapping.
        claims: Claims in order: metadata, body, files.
        rejections: What was left out, and why: keys of :data:`mining.meter_files.CARD_FAULTS`, or ``our-error-…``.
        text_bytes: Size of the card.
        title: Its first heading.
    """

    status: CardStatus
    front_matter: dict[str, Any] | None = None
    front_matter_status: str = "absent"
    claims: tuple[Claim, ...] = ()
    rejections: tuple[str, ...] = ()
    text_bytes: int = 0
    title: str | None = None


def read_card(
    data: bytes | str,
    *,
    files: Mapping[str, bytes] | None = None,
    unread_files: Mapping[str, FileFault] | None = None,
    metadata: Mapping[str, Any] | None = None,
    model_index: bool = False,
) -> CardReading:
    """Read a card.

    Args:
        data: The card as received.
        files: Further files of the repository by name; those of meters are understood.
        unread_files: Reasons (:data:`mining.meter_files.FILE_FAULTS`) by name, for meters' files that could not be had.
        metadata: The Hub's ``cardData``, used where the card's own front matter does not speak.
        model_index: Whether ``model-index`` of the front matter is parsed as well (no claim of carbon stands there).

    Returns:
        The reading; never raises.
    """
    load_for_threads()
    text, size, rejections = _decoded(data)
    claims: list[Claim] = []
    if text is None:
        claims.extend(_guarded(rejections, "metadata", metadata_claims, None, metadata))
        claims.extend(_measured(rejections, files, unread_files))
        return CardReading(status="not-text", claims=tuple(claims), rejections=tuple(rejections), text_bytes=size)
    front = front_matter_of(text)
    loaded = parse_front_matter(front.text, model_index=model_index) if front.text else Parsed(None, None)
    parsed, problem = loaded.mapping, loaded.problem
    if problem:
        rejections.append(f"front-matter-{problem}")
    mapping = parsed if parsed is not None else (dict(metadata) if metadata else None)
    merged = mapping if metadata is None else {**metadata, **(mapping or {})}
    stated = _standard(rejections, _guarded(rejections, "metadata", metadata_claims, front, merged))
    claims.extend(_trusted(stated, front, metadata, rejections))
    title = None
    cues = _cues(text, front)
    if hints := _hints(cues, front):
        # loaded where a card needs them: most are silent, or say nothing of emissions
        from mining.card.document.document import parse

        only_made = not hints & ~Cue.MADE
        card = parse(text, front, has_amounts=not only_made, cues=cues)
        title = card.title
        rejections.extend(["card-cut"] if card.cut and _speaks_beyond(text) else [])
        if hints & (Cue.EMISSION | Cue.ENERGY):
            claims = _with_amounts(card, claims, rejections)
        claims.extend(_context_claims(card, rejections, only_made=only_made))
        rejections.extend(["too-many-cue-lines"] if card.crowded else [])
    else:
        title = _first_heading(text)
    claims.extend(_measured(rejections, files, unread_files))
    if len(claims) > CLAIMS_CAP:
        rejections.append("too-many-claims")
    status = _status(front, problem, parsed, metadata)
    is_partial = not PARTIAL.isdisjoint(rejections)
    return CardReading(
        status="too-large" if is_partial else "read" if text.strip() else "empty",
        front_matter=merged,
        front_matter_status=status,
        claims=tuple(claims[:CLAIMS_CAP]),
        rejections=tuple(rejections),
        text_bytes=size,
        title=title,
    )


def _with_amounts(card: Document, claims: list[Claim], rejections: list[str]) -> list[Claim]:
    """Claims of the metadata, and what the body says of emissions and energy."""
    from mining.card.extract.emission_claims import body_emissions
    from mining.card.extract.metadata_of_others import as_of_others, is_said_in_text
    from mining.card.files.logs import log_claims
    from mining.card.values.measures import body_measures

    if any(claim.quantity == "emissions" for claim in claims) and is_said_in_text(card):
        claims = as_of_others(claims)
    for name, reader in (("body", body_emissions), ("measures", body_measures), ("log", log_claims)):
        claims.extend(_guarded(rejections, name, reader, card))
    return claims


def _decoded(data: bytes | str) -> tuple[str | None, int, list[str]]:
    rejections: list[str] = []
    if isinstance(data, str):
        size = len(data)
        text: str | None = data[:SIZE_CAP]
    else:
        size = len(data)
        head = bytes(data[:SIZE_CAP])
        text = _text_of(head, rejections)
    if size > SIZE_CAP:
        rejections.append("too-large")
    return text, size, rejections


def _trusted(
    claims: list[Claim], front: FrontMatter, metadata: Mapping[str, Any] | None, rejections: list[str]
) -> list[Claim]:
    """Claims of the metadata; unreadable where the Hub could not read the front matter or withheld it."""
    withheld = next((reason for reason in rejections if reason.startswith("front-matter-")), None)
    speaks = any(claim.quantity == "emissions" for claim in claims)
    if metadata is None and speaks and not is_valid_yaml(front.text):
        rejections.append("front-matter-invalid-yaml")
        return [replace(claim, outcome="unreadable") if claim.outcome == "reported" else claim for claim in claims]
    line = next((line for line in front.text.split("\n") if line.startswith(EMISSIONS_KEY)), None) if withheld else None
    if speaks or line is None:
        return claims
    return [*claims, Claim(quantity="emissions", text=line, where=f"metadata:{EMISSIONS_KEY}", outcome="unreadable")]


def _speaks_beyond(text: str) -> bool:
    """Whether a word of carbon or energy stands in what the bounds on lines cut off."""
    from mining.card.document.document import LINE_CAP, LINES_CAP

    lines = text.replace("\r", "\n").split("\n")
    rest = "\n".join([*(line[LINE_CAP:] for line in lines[:LINES_CAP] if len(line) > LINE_CAP), *lines[LINES_CAP:]])
    return bool(cues_in(rest.encode("utf-8", "surrogatepass")) & (Cue.EMISSION | Cue.ENERGY))


def _text_of(head: bytes, rejections: list[str]) -> str | None:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", errors="replace")
    if (
        head[:BINARY_SAMPLE].lstrip(BEFORE_TEXT).startswith(NO_TEXT)
        or is_pointer(head)
        or _is_binary(head[:BINARY_SAMPLE])
    ):
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        rejections.append("not-utf8")
    return head.decode("utf-8", errors="replace")


def _is_binary(sample: bytes) -> bool:
    """Whether more than a twentieth of the bytes are control characters that no text has."""
    return len(sample) - len(sample.translate(None, CONTROL)) > len(sample) // 20


_SAYS = Cue.EMISSION | Cue.ENERGY | Cue.CONTEXT
"""Without any of these a body claims nothing but how its model was made."""


def _cues(text: str, front: FrontMatter) -> dict[int, int]:
    """Cues of the lines of the body; front matter that is closed and in its place is not searched."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    at, before = 0, front.last_line if front.status == "ok" else 0
    for _ in range(before):
        at = text.find("\n", at) + 1 or len(text)
    return cue_lines(text[at:], before)


def _hints(cues: dict[int, int], front: FrontMatter) -> int:
    """What the lines of the body hint at (bits of :class:`Cue`)."""
    found = Cue.EMISSION if EMISSIONS_KEY in front.text else 0
    for cue in cues.values():
        found |= cue
    return found & _SAYS or (found & Cue.MADE if "base_model" not in front.text else 0)


_TITLE = regex(r"^ {0,3}#{1,6}\s+(.{1,200}?)[\s#]*$", re.MULTILINE)


def _first_heading(text: str) -> str | None:
    at = 0
    if text.startswith("---"):
        at = max(0, text.find("\n---", 3))
    match = _TITLE.search(text, at)
    return match.group(1) if match else None


def _status(front: FrontMatter, problem: str | None, parsed: object, metadata: object) -> str:
    if front.status == "absent":
        return "hub" if metadata else "absent"
    if problem and parsed is None:
        return problem
    return front.status


def _guarded(rejections: list[str], name: str, reader: Any, *arguments: Any) -> list[Claim]:
    """A reader that trips over a card costs its own claims, and says so; it never costs the run."""
    try:
        return list(reader(*arguments))
    except Exception as error:
        # the last fence around hostile text; counted as our error
        rejections.append(f"our-error-{name}-{type(error).__name__}")
        return []


def _measured(
    rejections: list[str], files: Mapping[str, bytes] | None, unread: Mapping[str, FileFault] | None
) -> list[Claim]:
    """Claims of the meters' files, with standard names."""
    if not files and not unread:
        return []
    from mining.card.files.meters import meter_claims

    return _standard(rejections, _guarded(rejections, "file", meter_claims, files or {}, unread))


def _standard(rejections: list[str], claims: list[Claim]) -> list[Claim]:
    """Written names of the metadata get their standard names; the vocabularies are only read where there is a name."""
    if all(claim.quantity == "emissions" for claim in claims):
        return claims
    from mining.card.extract.context import complete

    return _guarded(rejections, "context", complete, claims) or claims


def _context_claims(card: Document, rejections: list[str], *, only_made: bool) -> list[Claim]:
    """Names of hardware, place, provider and tool in the body, read with the closed vocabularies."""
    from mining.card.extract.context import context_claims

    return _guarded(rejections, "context", context_claims, card, only_made)
