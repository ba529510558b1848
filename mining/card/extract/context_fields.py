"""Context stated in labelled fields: bullets, two-column rows, and columns of larger tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from mining.card.document.document import Document, LabelledValue, Line
from mining.card.extract.context_beside import host_in, may_be_place, place_in
from mining.card.extract.context_groups import is_sure, speaking_groups
from mining.card.extract.context_labels import (
    foreign_quantity_of,
    lead_in,
    named_by_parent,
    node_role,
    quantity_of,
    split_labels,
)
from mining.card.extract.context_roles import Roles
from mining.card.extract.context_scopes import scope_above
from mining.card.extract.context_statements import NEAR
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.words import is_emission_label
from mining.card.values.context_values import (
    Duration,
    is_mere_generic,
    is_name,
    is_nothing,
    is_refusal,
    read_devices,
    read_duration,
    read_name,
    read_training_type,
)
from mining.card.values.duration_parts import whole_of_parts
from mining.patterns import regex
from mining.schema import Claim, Quantity, Scope
from mining.vocab.load import vocabulary

__all__ = ["device_claims", "duration_claim", "field_claims", "name_claim"]


_OF_RECORDINGS = regex(
    r"\bcorp(?:us|ora)\b|\bdatasets?\b|\b(?:training|evaluation|test) data\b|\baudio\b|\bspeech\b"
    r"|\brecordings?\b|\bsplits?\b",
    re.IGNORECASE,
)
"""Headings under which hours are material."""


class _Place(Struct, frozen=True):
    """Everything that a claim says of where it stands."""

    text: str
    line: Line
    scope: Scope
    flags: tuple[str, ...]
    subject: str | None = None


WORDS_OF_SENTENCE = 4
"""So many words without a number are no name of a device."""


def field_claims(card: Document, locale: Locale) -> Iterator[Claim]:
    """Context claims of all labelled fields of a body.

    Args:
        card: A parsed card.
        locale: Of the card.

    Yields:
        Claims with standard names, in order of lines.
    """
    parents: list[tuple[int, str, int]] = []
    speaking: set[int] | None = None
    for pair in card.labelled_values:
        line = card.line(pair.line)
        indent = len(line.text) - len(line.text.lstrip())
        while parents and (parents[-1][0] >= indent or pair.line - parents[-1][2] > 15):
            parents.pop()
        if pair.kind != "code":
            pairs = [*split_labels(pair)]
            for one in (named_by_parent(card, one, indent, locale) for one in map(_own_sentences, pairs)):
                role = node_role(gloss(one.label, locale))
                if role and (role == "per-node" or _COUNT_FIRST.match(one.value.strip())):
                    place = _Place(pair.evidence(card), line, "training-run", ("labelled", role))
                    yield from _of_count(gloss(one.value[:120], locale).strip(), place, role)
                elif (found := quantity_of(one.label) or foreign_quantity_of(one.label, locale)) is not None:
                    above = " > ".join((lead_in(card, pair), *(label for _, label, _ in parents)))
                    above = f"{gloss(line.path.partition(' > ')[2] or line.path, locale)} > {gloss(above, locale)}"
                    speaking = speaking_groups(card, locale) if speaking is None else speaking
                    speaks = pair.line in speaking or (
                        len(pairs) > 2 and any(is_emission_label(one.label) for one in pairs)
                    )
                    yield from _of_pair(card, one, found, above, locale, speaks)
        parents.append((indent, pair.label[:80], pair.line))


def _own_sentences(pair: LabelledValue) -> LabelledValue:
    """A pair without the sentences of its value that speak of other models ("modest. As a yardstick, ...")."""
    cut = pair.value.find(". ") if len(pair.value) > SHORT_VALUE else -1
    if cut < 0 or Roles(pair.value[cut + 2 : VALUE_CAP], frozenset()).last != "other":
        return pair
    return replace(pair, value=pair.value[: cut + 1])


SHORT_VALUE, VALUE_CAP = 40, 400


def _of_count(said: str, place: _Place, role: str) -> Iterator[Claim]:
    """A bare number of machines or devices, or devices with their number ("Accelerators per node: 8 × A100")."""
    named = device_claims(said, True, _claim("hardware", place))
    if not named and (number := _COUNT_FIRST.match(said)) is not None:
        yield _claim("hardware", place, count=int(number[1]))
        return
    for claim in named[:1]:
        yield replace(claim, flags=("labelled",), count=claim.count if role == "pieces" else None)
        if claim.count and role != "pieces":
            yield _claim("hardware", place, count=claim.count)


_COUNT_FIRST = regex(r"(\d{1,6})(?:\s?[(（][^()（）]{1,60}[)）])?$")
"""A number of devices and what it is made of ("16 (4 nodes × 4)")."""
_NODES_LABEL = regex(r"\b(?:nodes|machines|servers)\b", re.IGNORECASE)
_EACH_OF_NODES = regex(r"^(\d{1,5})\s(?=(?:\S+\s){0,2}each\b)")
"""A number of machines before what each holds, under a label that names them ("Nodes: 16 with 4 A100 each")."""


def _of_pair(
    card: Document, pair: LabelledValue, found: tuple[Quantity, bool], above: str, locale: Locale, speaking: bool
) -> Iterator[Claim]:
    quantity, soft = found
    line = card.line(pair.line)
    value = _clean(pair.value)
    said = " ".join(gloss(value, locale).split())
    counted = soft and is_sure(quantity, value, said)
    if (
        soft
        and not counted
        and not speaking
        and not NEAR.search(above)
        and not (quantity == "tool" and _is_tool(pair.value))
    ):
        return
    # "Hosting: Google Cloud" is no word of use where the label names the provider
    # a title is a name, whatever its words say elsewhere ("sib-downscale-unet")
    heads = above.partition(" > ")[2] if line.path == card.title else above
    scope = scope_above(heads if quantity == "provider" else f"{heads} > {gloss(pair.label, locale)}")
    if scope is None or (quantity == "duration" and soft and " > " in line.path and _OF_RECORDINGS.search(above)):
        return
    place = _Place(
        pair.evidence(card),
        replace(card.line(pair.value_line), section=line.section),
        scope,
        ("labelled", *(("soft",) if soft else ())),
    )
    if (
        is_nothing(value)
        or (_is_template_blank(card, pair) and not _is_known(quantity, value))
        or (
            quantity != "training-type"
            and is_refusal(value)
            and not _is_known(quantity, value)
            and host_in(value) is None
        )
    ):
        if not soft:
            yield _nothing(quantity, place)
        return
    if quantity == "hardware":
        yield from _hardware(value, said, gloss(pair.label, locale), place, soft)
    elif quantity == "duration":
        yield from _duration(said, gloss(pair.label, locale), place, soft)
    else:
        claim = name_claim(quantity, value, place.text, line, place.scope, place.flags, place.line.number)
        devices = (
            [*device_claims(said, True, _claim("hardware", place, flags=(*place.flags, "soft")))]
            if quantity == "provider"
            else []
        )
        if claim.label is None and devices:
            yield from devices
        elif claim.label is not None or _may_be_named(quantity, value, soft and not speaking, soft):
            yield claim
    yield from _beside(quantity, value, place)


def _may_be_named(quantity: Quantity, value: str, is_silent: bool, soft: bool) -> bool:
    """Whether a value that is in no list may be a name of its own: of a place only, where the label is a short one."""
    if not soft:
        return is_name(value) or (quantity == "region" and _CODED.fullmatch(value) is not None)
    return not is_silent and quantity == "region" and may_be_place(value)


def _beside(quantity: Quantity, value: str, place: _Place) -> Iterator[Claim]:
    """Place and provider that stand in one field together, or in the field of the device."""
    flags = tuple(dict.fromkeys((*place.flags, "soft")))
    if quantity in {"hardware", "region", "duration"} and (host := host_in(value)) is not None:
        yield _claim("provider", place, label=host, flags=flags)
    if quantity in {"hardware", "provider"} and (region := place_in(value)) is not None:
        yield _claim("region", place, label=region, flags=flags)


def _is_template_blank(card: Document, pair: LabelledValue) -> bool:
    """Whether a value is nothing but words in square brackets, as templates of any language leave it."""
    return _BLANK.search(card.line(pair.value_line).text) is not None and not any(map(str.isdigit, pair.value))


_BLANK = regex(r"[:：|*]\s{0,3}\[[^\[\]\d|]{3,80}\](?!\()\s{0,3}\|?\s{0,3}$")


def _is_known(quantity: Quantity, value: str) -> bool:
    """Whether a whole value is a name of its vocabulary, whatever its words ("No cloud")."""
    return quantity in {"region", "provider", "tool"} and len(value) > 3 and read_name(quantity, value).whole


def _is_tool(value: str) -> bool:
    """Whether a value is nothing but the name of a tool, so that its label may stand anywhere."""
    coded = vocabulary("tool").encode(value)
    return coded.name is not None and vocabulary("tool").attributes(coded.name)["kind"] in {"tracker", "calculator"}


def _clean(value: str) -> str:
    return " ".join(value[:600].split()).strip(" .;,")


def _nothing(quantity: Quantity, place: _Place) -> Claim:
    return _claim(quantity, place, outcome="not-reported", flags=(*place.flags, "placeholder"))


def _claim(quantity: Quantity, place: _Place, **more: object) -> Claim:
    known: dict[str, object] = {
        "quantity": quantity,
        "text": place.text,
        "where": f"card:{place.line.section or ''}:{place.line.number}",
        "line": place.line.number,
        "section": place.line.section,
        "scope": place.scope,
        "subject": place.subject,
        "flags": place.flags,
    }
    return Claim(**{**known, **more})  # type: ignore[arg-type]


def device_claims(value: str, weak: bool, base: Claim) -> list[Claim]:
    """Hardware claims of one value: one a device, with standard name and count.

    Args:
        value: Plain text.
        weak: Whether the place is one for hardware.
        base: Claim whose place, text, scope and flags the claims take over.

    Returns:
        Claims; empty where no known hardware is named.
    """
    return [
        replace(base, quantity="hardware", label=one.name, count=one.pieces, outcome="reported")
        for one in read_devices(value, weak)
    ]


def _hardware(value: str, said: str, label: str, place: _Place, soft: bool) -> Iterator[Claim]:
    base = _claim("hardware", place)
    said = _EACH_OF_NODES.sub(r"\1 nodes ", said) if _NODES_LABEL.search(label) else said
    claims = device_claims(said, True, base)
    if claims and all("(unspecified)" in (claim.label or "") for claim in claims):
        # "4 x Foo 9000 GPUs": the device is in no list yet, and stays as written
        claims = [] if soft else claims if is_mere_generic(said) else [base]
    yield from claims
    if not claims and not soft and not value.isdigit():
        yield replace(base, outcome="unreadable") if _is_sentence(value) else base
    if not soft or "train" in label.lower() or claims:
        yield from _hours_in_it(said, place)


def _is_sentence(value: str) -> bool:
    """Whether words in the place of a device name none that is known, and are more than a name."""
    return len(value.split()) >= WORDS_OF_SENTENCE and not any(map(str.isdigit, value))


def _hours_in_it(value: str, place: _Place) -> Iterator[Claim]:
    """Hours that hide in a hardware string: "P100 for about 1.5 hours"."""
    duration = read_duration(value) if any(map(str.isdigit, value)) else None
    if duration is not None:
        yield duration_claim(duration, _claim("duration", place), ())


def duration_claim(duration: Duration, base: Claim, flags: tuple[str, ...]) -> Claim:
    """The claim of a duration at the place of another claim."""
    basis = (duration.basis,) if duration.basis else ()
    factor = duration.hours / duration.value if duration.value else 1.0
    return replace(
        base,
        quantity="duration",
        label=None,
        count=None,
        value=duration.value,
        low=None if duration.low is None else duration.low / factor,
        high=None if duration.high is None else duration.high / factor,
        unit=duration.unit,
        inner_value=duration.hours,
        outcome="reported",
        flags=tuple(dict.fromkeys((*base.flags, *flags, *basis, *duration.marks))),
    )


def _duration(value: str, label: str, place: _Place, soft: bool) -> Iterator[Claim]:
    duration = None if _SPREAD.search(value) else read_duration(value, label)
    whole = whole_of_parts(" ".join(value.split()), duration) if duration is not None else None
    if whole is not None:
        yield duration_claim(whole, _claim("duration", place), ())
    elif not soft and duration is None:
        yield _claim("duration", place, outcome="unreadable")
    yield from device_claims(
        value,
        _ON_SO_MANY.search(value) is not None,
        _claim("hardware", place, flags=tuple(dict.fromkeys((*place.flags, "soft")))),
    )


_CODED = regex(r"[a-z]{2,14}(?:[-_][a-z]{2,12}){1,2}\d?")
"""A region as a cloud writes it, known or not ("northamerica_northeast")."""
_SPREAD = regex(
    r"\d\s?(?:s|secs?|seconds?|min|minutes?|h|hrs?|hours?|days?)\b[^,;.\d]{1,24}\b(?:to|and|up to|or)\s~?\d[\d.,]*\s?"
    r"(?:min|minutes?|h|hrs?|hours?|days?|weeks?)\b(?=[^,;.]{0,24}(?:\)|depend|config))",
    re.IGNORECASE,
    stems="to;and;or & );depend;config",
)
"""Times of several settings, none of which is said to be this model's ("2 minutes (minimal) to 24 hours (full)")."""
_ON_SO_MANY = regex(r"\bon\s(?:\d{1,6}|an?|one|two|four|eight)\s", re.IGNORECASE, stems="on")
"""Before devices that a time was spent on, whatever they are called ("4 days on 64 TPU chips")."""


def name_claim(
    quantity: Quantity,
    value: str,
    text: str,
    line: Line,
    scope: Scope,
    flags: tuple[str, ...],
    number: int | None = None,
) -> Claim:
    """Claim of a region, provider, tool or training type.

    Args:
        quantity: What is stated.
        value: Plain text of the value.
        text: Evidence.
        line: Line it stands under.
        scope: What it covers.
        flags: Marks.
        number: Number of the line of the evidence, where it is another one.

    Returns:
        The claim; without a label where the value is in no list.
    """
    place = _Place(text, line if number is None else replace(line, number=number), scope, flags)
    if quantity == "training-type":
        return _claim(quantity, place, label=read_training_type(value))
    return _claim(quantity, place, label=read_name(quantity, value).name)
