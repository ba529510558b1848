"""Context in a block of code that states what a training emitted: a tracker's last lines, a run's report as JSON.

Keys are read as labels ("wall_hours": 88.6, "location": "Montpellier"), a tracker's own lines name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import cast

from msgspec.structs import replace

from mining.card.document.document import Document, Line
from mining.card.extract.context_beside import host_in, may_be_place
from mining.card.extract.context_fields import device_claims, duration_claim
from mining.card.extract.context_labels import node_role, quantity_of
from mining.card.extract.context_statements import is_elsewhere, line_claim
from mining.card.lexicon.keywords import Cue
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import is_emission_label
from mining.card.values.context_values import read_duration, read_name
from mining.patterns import regex
from mining.schema import Claim, Quantity
from mining.units import find_quantities, unit_in_label

__all__ = ["code_claims"]

BLOCK_CAP = 400
"""Lines of a block that are read."""
_PAIR = regex(
    r"[\"']?(?P<label>[^\W\d][\w .()/-]{1,40}?)[\"']?(?:\s{0,8}[:=]\s{0,8}|(?<=elapsed)\s)(?P<value>\{[^{}]{1,200}\}"
    r"|\"[^\"]{1,120}\"|'[^']{1,120}'|[^\"'{}|,]{1,80}(?:,\s[^\"'{}|,=:]{2,40}$)?)"
)
_INNER = regex(r"[\"'{}]")
_COUNT = regex(r"[\"']?(?:count|num\w*|n|quantity)[\"']?\s?[:=]\s?(\d{1,5})", re.IGNORECASE)
_TRACKERS = (
    ("codecarbon", regex(r"^\s{0,8}\[?codecarbon (?:INFO|WARNING|DEBUG)\b|\bEmissionsTracker\b", re.IGNORECASE)),
    ("carbontracker", regex(r"^\s{0,8}CarbonTracker:")),
    ("eco2ai", regex(r"\beco2ai\b", re.IGNORECASE)),
)
_OTHER_RUN = regex(
    r"\bpredicted consumption\b|^import |^from \w+ import |\beval\w*|judge|inferen\w*|benchmark",
    re.IGNORECASE | re.MULTILINE,
)
_NO_FIELD = regex(r"emission|intensity|factor|\bper\b|\brate\b|offset|power", re.IGNORECASE)
_OWN_RUN = regex(r"\bactual consumption\b", re.IGNORECASE)


def code_claims(card: Document) -> Iterator[Claim]:
    """Claims of the blocks of code that state emissions or energy and are not of use or of an evaluation.

    Args:
        card: A parsed card.

    Yields:
        Claims that count like a field under a heading for training.
    """
    by_scheduler = "gres/gpu" in card.text
    if not by_scheduler and not any(line.kind == "code" for line, _ in card.lines_with(Cue.EMISSION | Cue.ENERGY)):
        return
    for kind, lines in groupby(card.body, lambda line: line.kind):
        block = _without_use([*lines][:BLOCK_CAP]) if kind == "code" else []
        told = any(card.cues.get(line.number, 0) & (Cue.EMISSION | Cue.ENERGY) for line in block)
        whole = "\n".join(line.text for line in block)
        if (
            (told or "gres/gpu" in whole)
            and block
            and not (is_elsewhere(block[0].section) or _is_other(whole) or _is_example(card, block[0]))
        ):
            yield from _of_block(block)


def _without_use(block: list[Line]) -> list[Line]:
    """Lines of a block, without the part of a record that is of the model's use ("inference": {...})."""
    whole = "\n".join(line.text for line in block)
    used = [match.span() for match in _USE_PART.finditer(whole)]
    if not used:
        return block
    kept, at = [], 0
    for line in block:
        if not any(low <= at + len(line.text) and at < high for low, high in used):
            kept.append(line)
        at += len(line.text) + 1
    return kept


_USE_PART = regex(
    r"[\"'](?:inference|serving|deployment|evaluation|eval|benchmarks?|usage|in_use"
    r"|operation)[\"']\s?:\s{0,4}\{[^{}]{0,2000}\}",
    re.IGNORECASE,
)


def _is_example(card: Document, first: Line) -> bool:
    """Whether what stands above a block makes it an example, or one of the reader's own project."""
    above = next((line.plain for line in reversed(card.lines[: first.number - 1]) if line.kind == "text"), "")
    told = f"{first.section or ''} {above[-200:]}"
    return _YOURS.search(told) is not None or any(hit.concept == "example" for hit in find_concepts(told))


_YOURS = regex(r"\byou(?:rs?)?\b|\bhow to\b|\bof this kind\b", re.IGNORECASE)


_EVAL_KEY = regex(
    r"^\s{0,12}[\"']?[\w-]{0,20}(?:eval\w{0,8}|benchmarks?|judge)[\w-]{0,20}[\"']?\s?[:=].*$", re.MULTILINE
)
"""A field of a record for its evaluation; the others are of what the record is of."""


_NOTE_KEY = regex(
    r"^\s{0,12}[\"'](?:licen[cs]e|notes?|description|purpose|intended\w{0,12}|metrics|comment"
    r"|approved\w{0,6})[\"']\s?:.*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A field that only remarks on the model ("licence": "evaluation allowed")."""


def _is_other(text: str) -> bool:
    """Whether a block tells of no training: an evaluation, a prediction that no actual consumption follows."""
    text = _NOTE_KEY.sub("", _EVAL_KEY.sub("", text))
    return _OTHER_RUN.search(text) is not None and _OWN_RUN.search(text) is None


def _of_block(block: list[Line]) -> Iterator[Claim]:
    """Claims of a block; of several times and energies the last ones, since logs are running totals."""
    last: dict[str, Claim] = {}
    for claim in _of_lines(block):
        if claim.quantity in {"energy", "duration"}:
            last[claim.quantity] = claim
        else:
            yield claim
    yield from last.values()


def _of_lines(block: list[Line]) -> Iterator[Claim]:
    predicted = False
    for line in block:
        if _EVAL_KEY.match(line.text):
            continue
        yield from _of_scheduler(line)
        predicted = (predicted or _OTHER_RUN.search(line.text) is not None) and not _OWN_RUN.search(line.text)
        if predicted:
            continue
        for name, pattern in _TRACKERS:
            if pattern.search(line.text):
                yield replace(line_claim("tool", line, 0, len(line.text)), label=name)
        for match in _PAIR.finditer(line.text[:1_000]):
            yield from _of_pair(match["label"].replace("_", " ").strip(), match["value"].strip(" \"'"), line)


_SCHEDULER = regex(
    r"(?<!\S)(?P<elapsed>(?:\d{1,3}-)?\d\d:\d\d:\d\d)\s.*?gres/gpu(?::(?P<device>[A-Za-z][\w.-]{1,24}))?=(?P<count>\d{1,4})",
    stems="gres/gpu",
)
"""A line that a batch system printed of a job: how long it ran, on which devices."""


def _of_scheduler(line: Line) -> Iterator[Claim]:
    match = _SCHEDULER.search(line.text[:1_000])
    if match is None:
        return
    base = replace(line_claim("hardware", line, 0, len(line.text)), flags=("labelled", "soft"))
    duration = read_duration(match["elapsed"], "elapsed")
    if duration is not None:
        yield duration_claim(duration, base, ())
    for claim in device_claims(match["device"] or "", True, base):
        yield replace(claim, count=int(match["count"]))


def _of_pair(label: str, value: str, line: Line) -> Iterator[Claim]:
    base = replace(line_claim("hardware", line, 0, len(line.text)), flags=("labelled", "soft"))
    label = _IN_SECONDS.sub(r"\1 (seconds)", label)
    found = quantity_of(label)
    if (role := node_role(label)) is not None and value.isdigit():
        yield replace(base, count=int(value), flags=("labelled", role))
        return
    if is_emission_label(label) or _NO_FIELD.search(label):
        return
    if unit_in_label("energy", label) or "energy" in label.lower():
        yield from _energy(label, value, base)
    elif found is not None:
        yield from _of_quantity(found[0], label, value, base)


_IN_SECONDS = regex(r"\b(duration|runtime|elapsed|time|wall ?clock)\s(?:s|secs?|seconds)$", re.IGNORECASE)
"""A key whose last part is the unit of its time ("duration_s")."""


def _of_quantity(quantity: str, label: str, value: str, base: Claim) -> Iterator[Claim]:
    if quantity == "hardware":
        plain = " ".join(_INNER.sub(" ", value).split())
        count = _COUNT.search(value)
        for claim in device_claims(plain, True, base):
            yield replace(claim, count=int(count[1]) if count else claim.count)
    elif quantity == "duration":
        duration = read_duration(value, label)
        if duration is not None:
            yield duration_claim(duration, base, ())
    elif quantity == "tool" and (tool := read_name("tool", value).name):
        yield replace(base, quantity="tool", label=tool)
    elif quantity in {"region", "provider"} and (name := read_name(quantity, value).name or _place(quantity, value)):
        yield replace(base, quantity=cast("Quantity", quantity), label=name)
        if quantity == "region" and (host := host_in(value)) is not None:
            yield replace(base, quantity="provider", label=host)


def _place(quantity: str, value: str) -> str | None:
    return value if quantity == "region" and may_be_place(value) else None


def _energy(label: str, value: str, base: Claim) -> Iterator[Claim]:
    unit = unit_in_label("energy", label)
    for amount in find_quantities(f"{value} {unit or ''}", ("energy",)):
        if amount.rate is None and amount.inner:  # no training takes nothing: a nought is a form's default
            yield replace(
                base, quantity="energy", value=amount.number.value, unit=amount.unit, inner_value=amount.inner
            )
            return
