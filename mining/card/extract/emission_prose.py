"""Amounts of emissions in sentences, each with its role."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from mining.card.document.document import Document
from mining.card.document.passages import Passage, passages, sentences
from mining.card.extract.amounts import Amount
from mining.card.extract.beside_amount import is_market_based, is_rate_as_before, labels_it
from mining.card.extract.denials import holds_several
from mining.card.extract.emission_asides import referring_sentence, tells_of_training, with_own_size
from mining.card.extract.emission_claim import ambiguity, emission_claim, emission_scope, subject_of
from mining.card.extract.emission_features import features_of_amount, is_emitted_by_training
from mining.card.extract.emission_parts import with_sums
from mining.card.extract.emission_physics import intensities_apart
from mining.card.extract.emission_rivals import without_rivals
from mining.card.extract.emission_surroundings import (
    Reader,
    before_colon,
    caption_of,
    is_about_carbon,
    lead_in,
    reader_of,
)
from mining.card.extract.left_out import without_left_out
from mining.card.extract.model_names import names_in
from mining.card.extract.repetitions import are_all_published
from mining.card.extract.roles import (
    Feature,
    Role,
    decide,
    labelled_role,
    zone_features,
)
from mining.card.extract.shared_names import with_bases_told
from mining.card.extract.strange_subject import has_strange_subject
from mining.card.extract.turning import is_elliptic
from mining.card.extract.unreadable_prose import of_fractions, of_unknown_language
from mining.card.lexicon.keywords import has_emission_word, names_device
from mining.card.lexicon.number_words import with_digits
from mining.card.lexicon.words import (
    TOTAL,
    TRAINING,
    has_split_formula,
    is_emission_label,
    scope_of,
)
from mining.card.values.changes import without_former
from mining.card.values.emission_value import OFFSET_NEAR, Found, joined
from mining.patterns import regex
from mining.schema import Claim, Scope
from mining.units import Number, PhysicalQuantity, find_quantities
from mining.units.numbers import number_matches, number_of

PROSE_CAP_G = 1e11
"""A hundred thousand tonnes: a sentence that says more speaks of countries and companies, not of a training."""
_EQUATION = regex(r"=[^=]{0,80}\bk?wh\b|\bk?wh\b[^=]{0,80}=")
_QUESTION = regex(r"[?？؟]\W{0,3}$")
_NEXT_CLAUSE = regex(r"[,;،، 、；]\s")
_REMARK = regex(r"\s?\([^()]{0,200}")
_BARE_CO2 = regex(r"\s{0,3}(?:CO\s{0,6}2\s?-?\s?(?:e|eq)\b)", re.IGNORECASE)
CLAIMS_CAP = 300
"""Amounts of all sentences of a card that are read."""
AMOUNTS_CAP = 100
"""Amounts of one paragraph that are looked at."""
NEIGHBOURS = 4
LABEL_REACH = 60
"""Characters before a number without a unit in which its label must stand."""
REACH = 500
"""Characters of a sentence before and behind an amount that are looked at."""
_OWN_SCOPES = frozenset({"training-run", "pre-training", "fine-tuning", "unknown", "family-total", "experiments"})
_OF_TRAINING = frozenset(
    {"train", "finetune", "pretrain", "own", "own-name", "we", "meter", "agrees", "energy", "stagename"}
)
UNTOLD = 2.5
"""Strength of an amount's being alone where nothing around it speaks of a training, a device or this model."""


def prose_emissions(card: Document, used: set[int]) -> Iterator[Claim]:
    """Emission claims of the sentences of a body.

    Args:
        card: The card.
        used: Numbers of lines that other readers have read.
    """
    reader: Reader | None = None
    found: list[Amount] = []
    intro = ""
    if not card.languages:
        yield from of_unknown_language(card, used)
    for passage in passages([line for line in card.body if line.kind != "code" and line.number not in used]):
        low = passage.text.lower()
        is_heading = passage.lines[0].kind == "heading"
        if _may_state(passage, low, card):
            reader = reader or reader_of(card)
            note = referring_sentence(card, passage)
            found.extend(_of_passage(reader, passage, note or intro, bool(note) and tells_of_training(note)))
            if len(found) >= CLAIMS_CAP:
                break
        leads = passage.text.rstrip().endswith((":", "：", "?", "？", "؟"))
        intro = "" if is_heading else _last_sentence(passage.text) if leads else intro
    if not found and card.languages:
        yield from of_fractions(card, used)
    if reader is None:
        return
    summed = with_sums(found[:CLAIMS_CAP], are_all_published(card.text), "base_model:" in card.front.text)
    for amount in without_rivals(with_own_size(summed, card.title or ""), holds_several(card.text)):
        yield amount.claim


def _last_sentence(text: str) -> str:
    """The sentence that leads to what follows; what a paragraph says before it is of something else."""
    starts = [low for low, _ in sentences(text) if any(map(str.isalpha, text[low:]))]
    return text[starts[-1] :] if starts else text


def _may_state(passage: Passage, low: str, card: Document) -> bool:
    """Whether a passage has a number and a word of emissions, or stands where a heading speaks of them."""
    languages = frozenset({"en", *card.languages})
    if not (has_emission_word(low) or has_split_formula(low) or is_about_carbon(passage.lines[0].path, languages)):
        return False
    return any(map(str.isdigit, low)) or any(map(str.isdigit, with_digits(passage.text, languages)))


def _of_passage(reader: Reader, passage: Passage, intro: str, is_noted: bool) -> Iterator[Amount]:
    named = with_bases_told(passage.text, reader.card.front.text, reader.card.title)
    plain = without_left_out(without_former(with_digits(named, reader.languages)), reader.languages)
    quantities = joined(plain, [one for one in find_quantities(plain, ("emissions",)) if one.kind == "emissions"])
    if not quantities:
        yield from _without_unit(reader, passage)
        return
    head = lead_in(passage) or caption_of(passage)
    cut = sentences(plain)
    begins = [low for low, _ in cut]
    grids = intensities_apart(plain, quantities[:AMOUNTS_CAP], reader)
    quantities = [one for one in quantities if one.start not in grids] if grids else quantities
    grid_values = tuple(grids.values())
    has_co2 = any(
        (one.has_co2 and one.rate is None) or _METER_SAYS.search(plain[max(0, one.start - METER_REACH) : one.start])
        for one in quantities[:AMOUNTS_CAP]
    )
    for number, quantity in enumerate(quantities[:AMOUNTS_CAP]):
        at = max(0, bisect_right(begins, quantity.start) - 1)
        line = passage.line_at(quantity.start)
        near = is_about_carbon(f"{line.path} {intro[-80:]} {head} {before_colon(passage)}", reader.languages)
        beside_co2 = near or has_co2
        start, end = max(cut[at][0], quantity.start - REACH), min(cut[at][1], quantity.end + REACH)
        if at and plain[cut[at - 1][1] - 1] in ";；" and is_elliptic(plain[start : quantity.start]):
            start = max(cut[at - 1][0], quantity.start - REACH)  # "...; in Ohio, about 43 kg": the same statement
        if (
            quantity.rate is not None
            or is_rate_as_before(plain, quantity, quantities[:number], start)
            or not _is_statement(reader, plain, quantity, start, beside_co2, line.number in reader.labelled_otherwise)
        ):
            continue
        around = plain[max(0, start - 400) : end + 100]
        asked = cut[at - 1] if at else (0, 0)
        near = near or (_QUESTION.search(plain, *asked) is not None and _names_carbon(reader, plain[slice(*asked)]))
        told = (
            near
            or is_noted
            or labels_it(plain[start : quantity.start])
            or _speaks_of_training(reader, around, f"{line.section or ''} {head}", plain[start:end])
        )
        if quantity.inner > PROSE_CAP_G or not (told or (beside_co2 and not reader.is_topic)):
            continue
        strays = 0.0 if near or is_noted else 1.0 if told else UNTOLD
        near_by = quantities[max(0, number - NEIGHBOURS) : number] + quantities[number + 1 : number + 1 + NEIGHBOURS]
        spans = [(one.start, one.end) for one in near_by]
        before, after = _neighbours(plain, cut, at, spans)
        after = "" if any(start <= low < end for low, _ in spans) else after
        features = features_of_amount(
            reader, passage, plain, quantity, (start, end), spans, before, after, f"{intro[-200:]} {head}", grid_values
        )
        features += _of_its_setting(features, strays if spans else min(1.0, strays))
        if not is_noted and has_strange_subject(plain, start, quantity.start, features, reader.languages):
            features.append(Feature("strange", "clause", 1.0))
        role = _role(passage, plain, quantity, (start, end), spans, features)
        claim = _claim(reader, passage, plain, quantity, (start, end), role)
        yield Amount(claim, role, quantity, passage, tuple(features))


def _of_its_setting(features: Sequence[Feature], strays: float) -> list[Feature]:
    """Evidence that nothing around an amount speaks of a training."""
    is_told = any(one.name in _OF_TRAINING and one.zone in {"clause", "before", "after"} for one in features)
    return [] if is_told or not strays else [Feature("stray", "clause", strays)]


def _neighbours(
    plain: str, cut: Sequence[tuple[int, int]], at: int, spans: Sequence[tuple[int, int]]
) -> tuple[str, str]:
    """The sentences before and behind one; empty where another amount stands in it."""
    low, high = (cut[one] if 0 <= one < len(cut) else (0, 0) for one in (at - 1, at + 1))
    before, after = (
        "" if any(start <= span[0] < end for span in spans) else plain[start:end] for start, end in (low, high)
    )
    return before, after


def _without_unit(reader: Reader, passage: Passage) -> Iterator[Amount]:
    """A number right before "CO2eq", whose unit was lost: what else the card states may tell it."""
    for match in number_matches(passage.text):
        number = number_of(match)
        before = passage.text[max(0, match.start() - LABEL_REACH) : match.start()].rpartition(". ")[2]
        if isinstance(number, Number) and _BARE_CO2.match(passage.text, number.end) and is_emission_label(before):
            line = passage.line_at(match.start())
            evidence = passage.written(max(0, match.start() - 80), number.end + 6)
            scope = labelled_role("training-run", before, line, reader.languages)
            claim = emission_claim(
                evidence, line, line.number, scope, found=Found(number, None, None), flags=("prose",)
            )
            yield Amount(claim, Role(scope, True, None, 1.0), None, passage, ())


def _is_statement(
    reader: Reader, plain: str, quantity: PhysicalQuantity, start: int, near: bool, is_labelled: bool
) -> bool:
    before = plain[start : quantity.start]
    if _MARGIN.search(before[-MARGIN_REACH:]):
        return False
    if not quantity.has_co2 and _WEIGHS.search(before[-WEIGHS_REACH:]):
        return False
    if OFFSET_NEAR.search(before[-30:]) and not is_emitted_by_training(plain, quantity.end):
        return False
    if quantity.has_co2:
        return True
    if is_labelled:
        return False  # "Hours used: 5 kg"
    # tonnes of something are mostly not of CO2, unless a section speaks of nothing else
    sentence_before = plain[max(0, quantity.start - 400) : quantity.start]
    behind = plain[quantity.end : quantity.end + 60]
    is_footprint = _FOOTPRINT_OF.search(plain, max(start, quantity.start - FOOTPRINT_REACH), quantity.start) is not None
    return (quantity.unit != "t" or near or is_footprint or bool(reader.languages - {"en"})) and (
        near
        or is_emission_label(before[-200:])
        or _names_carbon(reader, sentence_before)
        or _names_carbon(reader, behind)
    )


MARGIN_REACH = 40
_MARGIN = regex(
    r"(?:\b(?:give or take|plus or minus|plus-minus|(?:un)?certain(?:ty)? (?:of|to)(?: within)?|margin of"
    r"|error of|errors? bars? of|(?:uncertainty|tolerance|standard deviation|spread)"
    r"(?: (?:of|on|in|for)(?: the| our)? [^.;:\d]{2,30}?)?(?: is| was| of|:)?)|±|\+/-)"
    r"(?:\s(?:about|around|roughly|some|a|an|perhaps|maybe))?\W{0,24}$",
    re.IGNORECASE,
)
"""How far an amount may be off, which is no amount ("3.5 kg, give or take half a kilo")."""
FOOTPRINT_REACH = 90
_FOOTPRINT_OF = regex(
    r"\b(?:carbon footprint|footprint|emissions?)\b(?! (?:factor|intensity))(?:[^.;:()\d]|\d\.\d){0,80}$",
    re.IGNORECASE,
    stems="footprint;emission",
)
"""Before tonnes that need no CO2 behind them ("the footprint of the run cannot have exceeded two tonnes")."""
WEIGHS_REACH = 24
_WEIGHS = regex(
    r"\b(?:weigh(?:s|ed|ing)?|wiegt|wog|pèse|pesai[st]?|pesa|pesaba|weegt|woog|waży|ważył[ao]?|весит|весил[ао]?"
    r"|важить|ağırlığı|berat\w*"
    r"|nặng|väger|vejer|painaa)\s(?:(?:in\sat|only|just|about|rund|etwa|nur|environ|unos|circa|ongeveer|około"
    r"|около|близько)\s){0,2}$",
    re.IGNORECASE,
)
"""Before the weight of a thing."""
METER_REACH = 80
_METER_SAYS = regex(
    r"\b(?:code ?carbon|carbon ?tracker|eco2 ?ai|ml ?co2(?: ?impact)?|green[- ]?algorithms?|cumulator"
    r"|experiment-impact-tracker)\b"
    r"(?:(?!wh\b)[^.;:()\d]){0,60}$",
    re.IGNORECASE,
)
"""A meter of emissions, of which a mass right behind it is a reading."""


def _names_carbon(reader: Reader, text: str) -> bool:
    return any(feature.name == "carbon" for feature in zone_features(text[-200:], "clause", (), reader.languages))


def _speaks_of_training(reader: Reader, around: str, section: str, sentence: str) -> bool:
    if TRAINING.search(around) or TRAINING.search(section) or _EQUATION.search(sentence.lower()):
        return True
    if any(one.rate is None for one in find_quantities(around, ("energy",))):
        return True
    if names_device(around.lower()) or names_in(sentence, 0, len(sentence), reader.names):
        return True
    return any(
        feature.name in {"train", "finetune", "pretrain", "own", "we"}
        for feature in zone_features(around, "clause", (), reader.languages)
    )


def _role(
    passage: Passage,
    plain: str,
    quantity: PhysicalQuantity,
    sentence: tuple[int, int],
    spans: Sequence[tuple[int, int]],
    features: list[Feature],
) -> Role:
    start, end = sentence
    line = passage.line_at(quantity.start)
    behind = _REMARK.match(plain, quantity.end)
    if behind is not None and any(map(str.isdigit, behind.group())):
        end = quantity.end  # "6.4 kg (training 6.1, validation 0.3)"
    own_part = max([start, *(high for _, high in spans if start < high <= quantity.start)])
    if (which := _OF_WHICH.search(plain, own_part, quantity.start)) is not None:
        own_part = which.start()  # what stands before it is said of the whole
    next_one = min([end, quantity.end + 32, *(low for low, _ in spans if low >= quantity.end)])
    if any(quantity.end <= low < end for low, _ in spans) and (
        comma := _NEXT_CLAUSE.search(plain, quantity.end, next_one)
    ):
        next_one = comma.start()  # what follows is said of the next amount
    if _TOGETHER_WITH.search(plain, quantity.end, next_one):
        next_one = quantity.end  # "4.1 kg, including the evaluation"
    default = emission_scope(plain[own_part:next_one], "", line.path)
    if (
        default in {"unknown", "training-run", "pre-training"}
        and scope_of(plain[max(0, start - 400) : end + 100]) == "family-total"
    ):
        default = "family-total"
    other = next((one.name for one in features if one.name == "other-name"), None)
    if default not in _OWN_SCOPES:
        agreed = any(one.name == "agrees" for one in features)
        default = "training-run" if agreed and default == "component" else default
    return (
        decide(features, default if default in _OWN_SCOPES else "training-run", other)
        if default in _OWN_SCOPES
        else Role(default, True, None, 0)
    )


_OF_WHICH = regex(
    r"\b(?:of (?:which|this|these|those|that|them)|out of (?:this|that|these|those)|davon|dont|de los cuales"
    r"|dos quais|di cui|waarvan|z czego"
    r"|из них|з них)\b",
    re.IGNORECASE,
    stems="of ;davon;dont;de los cuales;dos quais;di cui;waarvan;z czego;из них;з них",
)
_TOGETHER_WITH = regex(r"(?<!not )\b(?:includ|inclus|counting)\w*", re.IGNORECASE)


def _claim(
    reader: Reader, passage: Passage, plain: str, quantity: PhysicalQuantity, sentence: tuple[int, int], role: Role
) -> Claim:
    start, end = sentence
    line = passage.line_at(quantity.start)
    before = plain[start : quantity.start]
    is_market = is_market_based(before) and not is_emitted_by_training(plain, quantity.end)
    flags = (
        "prose",
        *(("market-based",) if is_market else ()),
        *(
            ("total",)
            if TOTAL.search(before[-40:])
            or TOTAL.search(
                _TOTAL_OF.split(_NEXT_CLAUSE.split(plain[quantity.end : min(end, quantity.end + 24)])[0])[0][:16]
            )
            else ()
        ),
        *(() if role.is_clear and reader.card.languages else ("unclear-subject",)),
    )
    scope: Scope = role.scope
    evidence = passage.written(start, max(quantity.end, min(end, _line_end(passage, quantity.end))))
    return emission_claim(
        evidence,
        line,
        passage.line_at(quantity.end - 1).number,
        scope,
        found=Found(quantity.number, quantity.unit, quantity.factor),
        flags=(*flags, *ambiguity(reader.card, plain, quantity.start, quantity.end)),
        subject=subject_of(line),
    )


_TOTAL_OF = regex(
    r"\s(?:for|to|making|giving|bringing|which makes)\s(?:it\s)?(?:an?|the)?\s?(?:grand\s)?total(?:\sof)?\b",
    re.IGNORECASE,
)
"""Behind an amount, where the total is the next one ("adds 5.1 kg for a total of 34.7 kg")."""


def _line_end(passage: Passage, offset: int) -> int:
    at = passage.lines.index(passage.line_at(offset - 1))
    return passage.starts[at] + len(passage.lines[at].text)
