"""Emission claims of a card's body: labelled values, table rows, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.document import Document, LabelledValue, Line
from mining.card.extract.emission_claim import emission_claim, emission_scope, subject_of
from mining.card.extract.emission_tables import table_emissions
from mining.card.lexicon.keywords import has_emission_word
from mining.card.lexicon.words import (
    ELSEWHERE,
    ENVIRONMENT,
    MARKET,
    TOTAL,
    TRAINING,
    is_emission_label,
    is_placeholder,
    scope_of,
)
from mining.card.values.emission_value import OFFSET_NEAR, Found, read_value
from mining.patterns import regex
from mining.schema import Claim
from mining.units import Quantity, find_quantities

VALUE_CAP = 2_000
CLAIMS_CAP = 1_000
SHORT_VALUE = 160
PROSE_CAP_G = 1e12
"""A million tonnes: a sentence that says more speaks of countries and companies, not of a training."""
_EQUATION = regex(r"=[^=]{0,80}\bk?wh\b|\bk?wh\b[^=]{0,80}=", re.IGNORECASE)
_EXAMPLE = regex(
    r"example|how to|\be\.?\s?g\.|such as|template|for instance|\bformat\b|snippet|\busage\b|looks? like|\byou (?:can|could|should|may)\b"
    r"|\badd (?:this|these|the following|a)\b|your (?:own )?(?:card|model|readme|metadata)",
    re.IGNORECASE,
)
"""Words that lead to a block of code which only shows how a thing is written."""
INTRODUCTION_LINES = 40
_SPLIT_CO2 = regex(r"(?:(?<![^\W\d_])|(?<=\d[gt])|(?<=[km]g))co\W{1,14}2", re.IGNORECASE)
_SENTENCE_END = regex(
    r"(?<=[^\W\d_)\]\"'*])(?<!\bapprox)(?<!\bca)(?<!\bcca)(?<!\best)(?<!\bincl)(?<!\bequiv)(?<!\beq)(?<!\be\.g)(?<!\bi\.e)[.!?;](?=\s|$)"
    r"|(?<=[\d%])\.(?=\s+[A-Z])|。"
)


def body_emissions(card: Document) -> list[Claim]:
    """All emission claims of the body, in order of lines.

    Args:
        card: A parsed card.

    Returns:
        Claims with scope and subject; placeholders and unreadable values are claims with that outcome.
    """
    claims: list[Claim] = []
    used: set[int] = set()
    for pair, parents in _with_parents(card):
        if not has_emission_word(pair.label.lower()) and not _split_formula(pair.label):
            continue
        claim = _pair_claim(card, pair, parents)
        if claim is not None:
            claims.append(claim)
            used.add(pair.line)
            used.add(pair.value_line)
    for table in card.tables:
        if len(claims) > CLAIMS_CAP:
            break
        claims.extend(claim for claim in table_emissions(table, card) if claim.line not in used or table.width > 2)
    tabled = {row.line for table in card.tables for row in (table.header_row, *table.rows)}
    for line in card.body:
        if (
            len(claims) <= CLAIMS_CAP
            and line.kind in {"text", "heading"}
            and line.number not in used
            and line.number not in tabled
        ):
            claims.extend(_prose_claims(card, line))
    claims.extend(_empty_blocks(card, claims))
    claims.sort(key=lambda claim: claim.line or 0)
    return claims


def _empty_blocks(card: Document, claims: list[Claim]) -> Iterator[Claim]:
    """Blocks headed "X Estimated Emissions" that state nothing: what other blocks state is not X's."""
    filled = {claim.section for claim in claims}
    for line in card.body:
        if line.kind == "heading" and line.section not in filled and (subject := subject_of(line)) is not None:
            yield emission_claim(
                line.text.strip(),
                line,
                line.number,
                "unknown",
                outcome="not-reported",
                flags=("placeholder",),
                subject=subject,
            )


def _split_formula(label: str) -> bool:
    """CO2 whose two stands apart in the plain text (``CO<sub>2</sub>``)."""
    return _SPLIT_CO2.search(label) is not None


def _with_parents(card: Document) -> Iterator[tuple[LabelledValue, str]]:
    """Pairs with the labels that they are nested under (deeper indentation, same section, near by)."""
    stack: list[tuple[int, LabelledValue]] = []
    for pair in card.labelled_values:
        text = card.line(pair.line).text
        indent = len(text) - len(text.lstrip())
        while stack and (
            stack[-1][0] >= indent or stack[-1][1].section != pair.section or pair.line - stack[-1][1].line > 12
        ):
            stack.pop()
        yield pair, " > ".join(parent.label for _, parent in stack)
        stack.append((indent, pair))


def _pair_claim(card: Document, pair: LabelledValue, parents: str) -> Claim | None:
    label = " ".join(pair.label.split())
    if not is_emission_label(label) or (pair.kind == "code" and not _code_label(label)):
        return None
    if pair.kind != "table" and len(label) > 160 and not label.lower().startswith(("carbon", "co2")):
        return None
    line = card.line(pair.line)
    evidence = pair.evidence(card)
    if pair.kind == "code" and (
        not pair.value.strip() or _is_example(card, pair, " ".join((parents, label, pair.value[:200])))
    ):
        return None
    scope = emission_scope(f"{parents} {label}", pair.value, line.path)
    value = pair.value[:VALUE_CAP]
    found = read_value(value, label)
    # a long value is a sentence that happens to follow a label
    flags: list[str] = ["labelled" if len(value) <= SHORT_VALUE else "prose"]
    if MARKET.search(label):
        flags.append("market-based")
    if found is None:
        if not value.strip() or is_placeholder(value):
            return emission_claim(
                evidence,
                line,
                pair.value_line,
                scope,
                outcome="not-reported",
                flags=(*flags, "placeholder"),
                subject=subject_of(line),
            )
        if pair.value_line != pair.line or not _value_like(value):
            return None
        return emission_claim(
            evidence, line, pair.value_line, scope, outcome="unreadable", flags=tuple(flags), subject=subject_of(line)
        )
    return emission_claim(
        evidence, line, pair.value_line, scope, found=found, flags=tuple(flags), subject=subject_of(line)
    )


def _code_label(label: str) -> bool:
    """In code only the words of the metadata or of a log are taken for a label, never a variable of a program."""
    return (
        re.fullmatch(
            r"co2_eq_emissions|emissions|co2[ _]emissions?.{0,20}|carbon[ _](?:emitted|emissions?|footprint).{0,20}|total emissions.{0,20}",
            label,
            re.IGNORECASE,
        )
        is not None
    )


def _is_example(card: Document, pair: LabelledValue, context: str) -> bool:
    """Whether a value in a code block shows how something is written, or is a program's, rather than states what this model emitted."""
    path = card.line(pair.line).path
    if _EXAMPLE.search(f"{path} {_introduction(card, pair.line)}"):
        return True
    return not (ENVIRONMENT.search(path) or TRAINING.search(context))


def _introduction(card: Document, number: int) -> str:
    """The text line that leads to a code block."""
    above = (card.line(at) for at in range(number - 1, max(0, number - INTRODUCTION_LINES), -1))
    return next((line.plain for line in above if line.kind == "text"), "")


def _value_like(value: str) -> bool:
    """Short answers count as a value ("Negligible", "Not so much"); long sentences are text."""
    return len(value) <= 80


def _prose_claims(card: Document, line: Line) -> Iterator[Claim]:
    """Amounts in sentences: a mass with CO2 beside it, or with an emission word earlier in the sentence."""
    plain = line.plain
    if not has_emission_word(plain.lower()) and _SPLIT_CO2.search(plain) is None:
        return
    if not any(map(str.isdigit, plain)):
        return
    near = ENVIRONMENT.search(line.path) is not None
    for quantity in find_quantities(plain, ("emissions",)):
        start, end = _sentence(plain, quantity)
        sentence = plain[start:end]
        before = plain[start : quantity.start]
        if (
            quantity.kind != "emissions"
            or quantity.rate is not None
            or not _is_statement(plain, quantity, before, near)
        ):
            continue
        around = plain[max(0, start - 400) : end + 100]
        if quantity.inner > PROSE_CAP_G or not (
            near or TRAINING.search(around) or TRAINING.search(line.section or "") or _EQUATION.search(sentence)
        ):
            continue
        scope = emission_scope(plain[start : min(end, quantity.end + 32)], "", line.path)
        if scope in {"unknown", "training-run", "pre-training"} and scope_of(around) == "family-total":
            scope = "family-total"
        found = Found(quantity.number, quantity.unit, quantity.factor)
        flags = (
            "prose",
            *(("market-based",) if MARKET.search(before[-60:]) else ()),
            *(("total",) if TOTAL.search(before[-40:]) else ()),
        )
        yield emission_claim(
            line.text[start:end].strip(), line, line.number, scope, found=found, flags=flags, subject=subject_of(line)
        )


def _is_statement(plain: str, quantity: Quantity, before: str, near: bool) -> bool:
    if ELSEWHERE.search(before[-90:]) or ELSEWHERE.search(plain[quantity.end : quantity.end + 30]):
        return False
    if OFFSET_NEAR.search(before[-30:]):
        return False
    if quantity.has_co2:
        return True
    # tonnes of something are mostly not of CO2, unless a section speaks of nothing else
    return (quantity.unit != "t" or near) and is_emission_label(before[-200:]) and len(before) < 400


def _sentence(plain: str, quantity: Quantity) -> tuple[int, int]:
    low = max(0, quantity.start - 600)
    start = low
    for match in _SENTENCE_END.finditer(plain, low, quantity.start):
        start = match.end()
    after = _SENTENCE_END.search(plain, quantity.end, min(len(plain), quantity.end + 600))
    end = after.end() if after else min(len(plain), quantity.end + 600)
    while start < end and plain[start].isspace():
        start += 1
    return start, end
