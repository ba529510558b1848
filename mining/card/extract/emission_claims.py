"""Emission claims of a card's body: labelled values, table rows, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mining.card.document.document import Document, LabelledValue
from mining.card.document.keyed import is_key_of_emissions
from mining.card.document.passages import sentences
from mining.card.extract.code_values import is_of_a_program
from mining.card.extract.emission_claim import ambiguity, emission_claim, emission_scope, foreign, subject_of
from mining.card.extract.emission_prose import prose_emissions
from mining.card.extract.emission_records import as_records_say
from mining.card.extract.left_out import without_left_out
from mining.card.extract.model_names import words_of
from mining.card.extract.named_others import is_of_an_example, names_another, refers_to_another
from mining.card.extract.of_organisations import is_of_an_organisation
from mining.card.extract.of_something_else import as_the_card_says
from mining.card.extract.remarks import is_of_base, is_only_of, names_other_gas
from mining.card.extract.roles import LABEL_CAP, decide, features_of, labelled_role, zone_features
from mining.card.extract.siblings import siblings_in
from mining.card.extract.sizes_apart import sizes_apart
from mining.card.lexicon.keywords import has_emission_word
from mining.card.lexicon.number_forms import with_halves
from mining.card.lexicon.number_words import with_digits
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import (
    MARKET,
    TOTAL,
    has_split_formula,
    is_emission_label,
    is_example,
    is_placeholder,
)
from mining.card.values.emission_value import PLUS, Found, by_location, is_formula, read_value
from mining.card.values.equations import is_factor
from mining.fields import ClaimFlag
from mining.patterns import regex
from mining.schema import OWN_SCOPES, Claim, Scope
from mining.units import find_quantities, unit_in_label

VALUE_CAP = 2_000
CLAIMS_CAP = 1_000
SHORT_VALUE = 160
SHORT_SENTENCES = 50
"""Characters beyond which two sentences behind a label are read one by one."""


def body_emissions(card: Document) -> list[Claim]:
    """All emission claims of the body, in order of lines.

    Args:
        card: A parsed card.

    Returns:
        Claims with scope and subject; placeholders and unreadable values are claims with that outcome.
    """
    claims: list[Claim] = []
    used: set[int] = set()
    headed = _rows_below_a_unit(card)
    for pair, parents in _with_parents(card):
        label = pair.label.lower()
        if pair.kind == "table" and pair.line in headed and not any(map(str.isalpha, pair.value)):
            continue  # its unit stands in the head of the table
        if not (has_emission_word(label) or label.startswith("scope") or has_split_formula(pair.label)):
            continue
        claim = _pair_claim(card, pair, parents)
        if claim is not None:
            claims.append(claim)
            used.add(pair.line)
            used.add(pair.value_line)
    for table in card.tables:
        from mining.card.extract.emission_tables import table_emissions

        if len(claims) > CLAIMS_CAP:
            break
        claims.extend(
            claim
            for claim in table_emissions(table, card)
            if claim.line not in used or table.width > 2 or claim.line == table.header_row.line
        )
    tabled = {number for table in card.tables for number in table.lines}
    if len(claims) <= CLAIMS_CAP:
        claims.extend(prose_emissions(card, used | tabled))
    claims.extend(_empty_blocks(card, claims))
    claims.sort(key=lambda claim: claim.line or 0)
    if not claims:
        return claims
    return as_the_card_says(sizes_apart(as_records_say(claims, card), card), card)


def _rows_below_a_unit(card: Document) -> frozenset[int]:
    """Lines of the rows of tables of two columns whose second head gives the unit of emissions ("Line | tCO2e")."""
    return frozenset(
        row.line
        for table in card.tables
        if table.width == 2
        and unit_in_label("emissions", table.header[1]) is not None
        and is_emission_label(table.header[1])
        for row in table.rows
    )


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


def _announces(card: Document, label: str, pair: LabelledValue) -> bool:
    """Whether a label announces an amount, and neither it nor its value is a sentence of its own."""
    if (
        not is_emission_label(label)
        or _FILE_NAME.search(label) is not None
        or (pair.kind == "code" and not _code_label(label))
    ):
        return False
    if _is_sentence(with_digits(label, frozenset({"en", *card.languages})), pair.kind == "table") or _goes_on(
        card, pair
    ):
        return False
    if pair.kind == "text" and len(pair.value) > SHORT_SENTENCES and len(sentences(pair.value[:VALUE_CAP])) > 1:
        return False  # a paragraph that begins with a word in bold: its sentences are read one by one
    if pair.kind == "text" and _names_several(pair.value[:VALUE_CAP]):
        return False  # "v1 41 kg CO2e, v2 (this repository) 2.9 kg CO2e": each is said of something else
    return pair.kind == "table" or len(label) <= 160 or label.lower().startswith(("carbon", "co2"))


_FILE_NAME = regex(r"\w\.(?:csv|json|ya?ml|txt|log)\b", re.IGNORECASE, stems="csv;json;log;ml;txt", as_written=True)
"""A label that names a file announces what stands in it ("emissions.csv of the final run, shortened:")."""


def _goes_on(card: Document, pair: LabelledValue) -> bool:
    """Whether what looks like a label is the end of a sentence that began on the line above."""
    if pair.kind != "text" or pair.line < 2 or not pair.label[:1].islower():
        return False
    above = card.line(pair.line - 1)
    return above.kind == "text" and _UNFINISHED.search(above.plain.rstrip()[-2:]) is not None and ":" not in above.plain


_UNFINISHED = regex(r"[^\W\d][\w,)]$")
"""The end of a line whose sentence goes on."""


def _names_several(value: str) -> bool:
    """Whether a value names what each of several amounts is said of, or goes on to another sentence with one."""
    amounts = [one for one in find_quantities(value) if one.rate is None] if len(value) > LEAST_SEVERAL else []
    pairs = [
        value[one.end - value[: one.end].endswith(".") : two.start]
        for one, two in pairwise(amounts)
        if max(one.inner, two.inner) > 1.02 * min(one.inner, two.inner) > 0
    ]
    if any(_NEXT_SENTENCE.search(between) or _OF_WHICH.match(between) for between in pairs):
        return True
    if any(map(_FOR_ONE_OF.match, pairs)) or (pairs and "=" not in value and all(map(PLUS.fullmatch, pairs))):
        return True
    return bool(pairs) and (
        _NAMED_FIRST.fullmatch(value[: amounts[0].start]) is not None and any(map(_NAMED_NEXT.search, pairs))
    )


LEAST_SEVERAL = 12
_OF_WHICH = regex(
    r"[,;]\s(?:of which|davon|dont|de los cuales|de las que|dos quais|di cui|waarvan|z czego|из них|з них)\b",
    re.IGNORECASE,
)
_NEXT_SENTENCE = regex(
    r"^(?:\s?\([^()]{0,80}\))?\.\s{1,2}\w|^(?!\s?[(\[])[^()\[\]]{0,60}?(?:[^\d\s]\.\s{1,2}\w"
    r"|[;；。]\s?\w|,\s(?:but|while|whereas|not|instead|the|what)\s)|^\s(?:were|was|is|are) (?!the|in|for"
    r"|our)\w+ [^()]{8,}"
)


_FOR_ONE_OF = regex(
    r"^\s(?:for|in|during|by|from|für|pour|para|per|voor)\s[^.;,()]{2,40},\s(?:and\s|und\s|et\s|y\s)?(?:another\s)?$"
)
"""What an amount is for, before the next one ("912 kg for the first stage, 1,340 kg for the second")."""
_NAMED_FIRST = regex(
    r"\W{0,4}(?!(?:about|approx\w*|around|circa|ca|roughly|some|only|total|in total|est\w*|over|under"
    r"|almost)\b)[^\W\d_][^.;,]{1,40}?[\s(:=]{1,3}"
)
_NAMED_NEXT = regex(r"^[^.;,(]{0,24}[,;]\s(?:and |but )?[^\W\d_]")


def _pair_claim(card: Document, pair: LabelledValue, parents: str) -> Claim | None:
    label = " ".join(pair.label.split())
    if not _announces(card, label, pair):
        return None
    line = card.line(pair.line)
    evidence = pair.evidence(card)
    if pair.kind == "code" and is_of_a_program(card, pair, parents):
        return None
    above = parents if len(parents) + len(label) < LABEL_CAP else parents.rpartition(" > ")[2]
    scope = _scope_of(card, pair, f"{parents} {label}", f"{above} {label}")
    value = pair.value[:VALUE_CAP]
    value = _NEXT_LABEL.split(value, maxsplit=1)[0] if pair.kind == "text" and " / " in value else value
    part = _part_for_training(label, value)
    scope, value = ("training-run" if part != value else scope), by_location(part)
    if len(value) <= SHORT_VALUE and not any(map(str.isdigit, value.replace("CO2", ""))):
        value = with_digits(value, frozenset({"en", *card.languages}))
    value = value if value.isascii() or len(value) > SHORT_VALUE else with_halves(value)
    found = read_value(value, label)
    # a long value is a sentence that happens to follow a label
    flags: list[ClaimFlag] = ["labelled" if len(value) <= SHORT_VALUE else "prose"]
    if MARKET.search(label):
        flags.append("market-based")
    flags += foreign(card, f"{parents} {label}")
    if found is not None:
        is_value = pair.kind == "table" or flags[0] == "labelled"
        scope = _role_of_value(card, scope, value, found) if is_value else scope
        older = siblings_in(value, 0, found.number.start, (words_of(card.title or ""),)) if scope in OWN_SCOPES else ()
        scope = "other-model" if older else scope
        flags += ambiguity(card, value, found.number.start, found.number.end) if card.locale != "open" else ()
    if found is None or _is_withheld(value, card):
        if not value.strip() or is_placeholder(value) or _is_withheld(value, card):
            return emission_claim(
                evidence,
                line,
                pair.value_line,
                scope,
                outcome="not-reported",
                flags=(*flags, "placeholder"),
                subject=subject_of(line),
            )
        if pair.value_line != pair.line or not _value_like(value) or is_formula(value):
            return None
        return emission_claim(
            evidence, line, pair.value_line, scope, outcome="unreadable", flags=tuple(flags), subject=subject_of(line)
        )
    return emission_claim(
        evidence, line, pair.value_line, scope, found=found, flags=tuple(flags), subject=subject_of(line)
    )


def _scope_of(card: Document, pair: LabelledValue, label: str, nearest: str) -> Scope:
    """Scope of a labelled value by its label, with those above it or the nearest of them, and its headings."""
    line = card.line(pair.line)
    languages = frozenset({"en", *card.languages})
    label, nearest, value = (without_left_out(told, languages) for told in (label, nearest, pair.value))
    scope = labelled_role(emission_scope(label, value, line.path), nearest, line, languages)
    if scope in OWN_SCOPES and (names_another(pair.label, card) or is_of_an_example(pair, card)):
        return "other-model"
    is_strange = scope in OWN_SCOPES and is_of_an_organisation(card, line, pair.label, pair.value)
    return "component" if is_strange else scope


def _is_withheld(value: str, card: Document) -> bool:
    """Whether a value says first that there is none, whatever it goes on to tell ("TBD (target: < 100 g)")."""
    if is_example(value):
        return True
    head = _REMARK.split(value, maxsplit=1)[0][:80].strip()
    if not head or any(map(str.isdigit, head)) or _BUT.search(value[len(head) :]):
        return False
    return is_placeholder(head) or any(
        hit.concept == "deny" for hit in find_concepts(head, frozenset({"en", *card.languages}))
    )


_BUT = regex(r"^[^.;]{0,24}\b(?:but|still|yet|though)\b[^.;]{0,80}\d", re.IGNORECASE)
"""What goes on to an amount all the same ("no meter here, but it cannot be more than 0.5 kg")."""


def _role_of_value(card: Document, scope: Scope, value: str, found: Found) -> Scope:
    """Scope of a labelled value by the words around its amount ("12 kg a year", "target: 100 g")."""
    if scope not in OWN_SCOPES:
        return scope
    start = found.number.start
    if is_only_of(value, start, frozenset({"en", *card.languages})):
        return "component"
    is_of_others = is_factor(value, 0, start) or is_of_base(value, start, frozenset({"en", *card.languages}))
    if is_of_others or names_other_gas(value) or refers_to_another(value, start, card):
        return "other-model"
    if TOTAL.search(value, max(0, start - TOTAL_REACH), start):
        stated = [one.inner for one in find_quantities(value[:start]) if one.rate is None]
        if len(stated) > 1 and abs(sum(stated) - found.number.value * (found.factor or 0)) <= 0.02 * sum(stated):
            return scope  # the sum of what stands before it
    end = start + len(value[start:].partition(" ")[0]) + 6
    own = next((cut for cut in sentences(value) if cut[0] <= start < cut[1]), (0, len(value)))
    features = [
        one
        for one in features_of(value, (start, min(end, own[1])), own, (), (), frozenset({"en", *card.languages}))
        if one.name in _OF_VALUES and one.strength >= OWN_CLAUSE
    ]
    features += [
        one
        for one in zone_features(value[own[0] : start], "label", (), frozenset({"en", *card.languages}))
        if one.name in _OF_VALUES
    ]
    role = decide(features, scope) if features else None
    return role.scope if role is not None and role.is_clear else scope


TOTAL_REACH = 12
OWN_CLAUSE = 0.6
"""Strength of a word that stands in the amount's own clause."""
_OF_VALUES = frozenset(
    {
        "other",
        "plan",
        "would",
        "future",
        "annual",
        "rate",
        "saved",
        "embodied",
        "base",
        "trial",
        "several",
        "project",
        "family",
        "data",
        "sibling",
        "example",
        "train",
        "own",
        "we",
        "finetune",
    }
)
_REMARK = regex(r"[(\[;,:.]|\s[-–—]\s")
_NEXT_LABEL = regex(r"\s/\s(?=[^\W\d][^:/]{1,30}:\s)")
"""Where another label begins on the same line ("training: 1.4 kg / inference: 7 g")."""
_SLASH = regex(r"\s?/\s")


def _part_for_training(label: str, value: str) -> str:
    """Of values for several purposes ("training / inference: 3.4 kg / 0.2 g"), the one for training."""
    uses = re.split(r"\s?/\s?", label[label.find("(") + 1 :].rstrip(") ")) if "/" in label else []
    parts = _SLASH.split(value)
    if len(uses) < 2 or len(parts) != len(uses):
        return value
    trains = {"train", "finetune", "pretrain"}
    own = [part for part, use in zip(parts, uses, strict=True) if trains & {hit.concept for hit in find_concepts(use)}]
    if len(own) != 1:
        return value
    # the unit may stand behind the last of them only
    unit = "" if any(map(str.isalpha, own[0])) else re.sub(r"^[\d\s.,]+", "", parts[-1])
    return f"{own[0]} {unit}".strip()


def _is_sentence(label: str, is_cell: bool) -> bool:
    """Whether a label states an amount itself, or ends one sentence and begins another."""
    return (not is_cell and len(sentences(label)) > 1) or (
        any(map(str.isdigit, label))
        and any(one.rate is None for one in find_quantities(label, ("emissions", "energy")))
    )


def _code_label(label: str) -> bool:
    """In code only the words of the metadata or of a log are taken for a label, never a variable of a program."""
    return is_key_of_emissions(label) or (
        re.fullmatch(
            r"co2_eq_emissions|(?:(?:final|total|overall) )?emissions|co2e?(?:[ _](?:kg|g|t|lbs?))?"
            r"|co2[ _]emissions?.{0,20}|carbon[ _](?:emitted|emissions?|footprint).{0,20}"
            r"|total emissions.{0,20}",
            label,
            re.IGNORECASE,
        )
        is not None
    )


def _value_like(value: str) -> bool:
    """Short answers count as a value ("Negligible", "Not so much"); long sentences are text."""
    return len(value) <= 80
