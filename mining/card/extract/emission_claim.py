"""One emission claim: how it is made, what it covers, and which model it is about."""

from __future__ import annotations

import re

from mining.card.document.document import Document, Line
from mining.card.document.locale import is_ambiguous
from mining.card.lexicon.words import scope_of
from mining.card.values.emission_value import Found
from mining.fields import ClaimFlag
from mining.patterns import regex
from mining.schema import Claim, Outcome, Scope
from mining.units import scaled

__all__ = ["ambiguity", "emission_claim", "emission_scope", "foreign", "subject_of"]


def emission_scope(label: str, value: str, path: str) -> Scope:
    """What an amount covers: the words of its label decide, then those of its value, then the heading it stands under.

    Args:
        label: Label with the labels above it.
        value: Text of the value.
        path: All headings above, ``A > B``.
    """
    scope = scope_of(label)
    if scope in {"unknown", "training-run"}:
        special = scope_of(
            re.split(r"[;；]\s|(?<=\D)\.\s", re.sub(r"\([^()]{0,200}\)", " ", value)[:200], maxsplit=1)[0]
        )
        scope = special if special in {"inference", "family-total", "fine-tuning", "pre-training"} else scope
    if scope in {"unknown", "training-run"}:
        special = scope_of(path.rpartition(" > ")[2])
        scope = special if special in {"inference", "embodied", "fine-tuning", "pre-training"} else scope
    return scope


def subject_of(line: Line) -> str | None:
    """Model that a block's own heading names ("X Estimated Emissions")."""
    match = re.match(
        r"(.{2,80}?)\s+(?:estimated\s+)?(?:carbon |co2 |ghg )?(?:emissions|footprint)\W*$",
        line.section or "",
        re.IGNORECASE,
    )
    if match is None:
        return None
    name = match.group(1).strip(" :-")
    generic = (
        r"(?:the|total|training|model|carbon|co2|estimated|estimate|of|our|greenhouse|gas|ghg|pre-?training"
        r"|fine-?tuning|and|"
        r"energy|equivalent|inference|environmental|impact|climate|[&\d.]+)"
    )
    return None if re.fullmatch(rf"(?:{generic}[\s/&-]*)+", name, re.IGNORECASE) else name


def emission_claim(
    text: str,
    line: Line,
    value_line: int,
    scope: Scope,
    *,
    found: Found | None = None,
    outcome: Outcome = "reported",
    flags: tuple[ClaimFlag, ...] = (),
    subject: str | None = None,
) -> Claim:
    """The claim of an amount, or of a refusal to state one.

    Args:
        text: Verbatim evidence.
        line: Line whose section it stands in.
        value_line: Number of the line of the evidence.
        scope: What it covers.
        found: Number, unit and factor to grams; None where no amount was read.
        outcome: What came of reading it.
        flags: Marks.
        subject: Model it is about, where it names one.
    """
    number = found.number if found is not None else None
    marks = (*number.marks, *(("zero",) if number.value == 0 else ())) if number is not None else ()
    grams = (
        scaled(number.value, found.factor)
        if number is not None and found is not None and found.factor is not None
        else None
    )
    return Claim(
        quantity="emissions",
        value=number.value if number is not None else None,
        low=number.low if number is not None else None,
        high=number.high if number is not None else None,
        unit=found.unit if found is not None else None,
        inner_value=grams,
        text=text,
        where=f"card:{line.section or ''}:{value_line}",
        line=value_line,
        section=line.section,
        scope=scope,
        subject=subject,
        outcome=outcome,
        flags=(*flags, *marks),
    )


def ambiguity(card: Document, text: str, start: int, end: int) -> tuple[ClaimFlag, ...]:
    """Flags of a number that another locale would read as a thousand times as much or as little.

    Args:
        card: The card.
        text: Plain text.
        start: Where the number begins.
        end: Where its unit ends.
    """
    written = text[start:end].partition(" ")[0].rstrip("kKgGtT")
    doubtful = is_ambiguous(written) if card.locale == "open" else _ROUND.fullmatch(written) is not None
    return ("ambiguous-number",) if doubtful else ()


_ROUND = regex(r"[1-9]\d{0,2}\.000")
"""Six thousand in most of Europe, or six measured to a thousandth."""


_WORD = regex(r"[^\W\d_]+")
_ENGLISH = frozenset(
    {
        *("carbon", "dioxide", "co", "kgco", "gco", "tco", "e", "eq", "equivalent", "emission", "emissions", "emitted"),
        *("footprint", "greenhouse", "gas", "gases", "ghg", "environmental", "impact", "released", "produced", "cost"),
        *("total", "model", "training", "train", "run", "fine", "tuning", "finetuning", "pre", "pretraining", "energy"),
        *("estimated", "estimate", "amount", "result", "results", "of", "the", "our", "own", "in", "from", "for"),
        *("during", "this", "and", "g", "kg", "kilo", "kilos", "gram", "grams", "kilogram", "kilograms", "t", "ton"),
        *("tons", "tonne", "tonnes"),
    }
)
"""Words of a label that says whose an amount is whatever language its card is in."""


def foreign(card: Document, label: str) -> tuple[ClaimFlag, ...]:
    """Flags of a labelled amount whose label is in a language that no table has: whose it is cannot be told.

    Args:
        card: The card.
        label: Label with the labels above it, or names of row and column.
    """
    told = card.languages or _ENGLISH.issuperset(_WORD.findall(label[:200].lower()))
    return () if told else ("unclear-subject",)
