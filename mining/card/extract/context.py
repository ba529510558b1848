"""Context of a training run: hardware, hours, place, provider, tool and type, as claims, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.context_beside import host_in
from mining.card.extract.context_code import code_claims
from mining.card.extract.context_fields import device_claims, duration_claim, field_claims
from mining.card.extract.context_prose import prose_claims
from mining.card.extract.context_roles import name_of, own_names
from mining.card.extract.context_rows import (
    NUMBERS,
    distinct,
    own_rows,
    whole_of,
    with_measures_of_settled,
    without_strange_energy,
)
from mining.card.extract.context_statements import card_locale
from mining.card.extract.context_tools import tag_claims, tool_claims, tool_of_tags
from mining.card.extract.context_types import type_claims
from mining.card.extract.training_type import training_type
from mining.card.values.context_numbers import number_claims
from mining.card.values.context_values import (
    exactness,
    is_mere_generic,
    is_nothing,
    read_duration,
    read_name,
    read_training_type,
)
from mining.patterns import regex
from mining.schema import Claim, Context, DurationBasis, Quantity
from mining.vocab.load import vocabulary
from mining.vocab.reference import country_of

__all__ = ["complete", "context", "context_claims"]

CLAIMS_CAP = 500
WRITTEN_CAP = 80
"""Characters of a written name that is in no vocabulary and is kept as it stands."""

_NAMES: tuple[Quantity, ...] = ("hardware", "region", "provider", "tool", "training-type")


def context_claims(card: Document, only_made: bool = False) -> list[Claim]:
    """All context claims of a card's body, with standard names and verbatim evidence.

    Args:
        card: A parsed card.
        only_made: Whether it has no word of emissions, energy or hardware, so that it can only say how it was made.

    Returns:
        Claims in order of lines; never more than 500.
    """
    locale = card_locale(card)
    if only_made:
        made = [*tag_claims(card), *type_claims(card, locale, own_names(name_of(card)), only_made=True)]
        return distinct(sorted(made, key=lambda claim: claim.line or 0))[:CLAIMS_CAP]
    claims = [
        *tag_claims(card),
        *field_claims(card, locale),
        *prose_claims(card, locale, own := own_names(name_of(card))),
        *type_claims(card, locale, own),
        *tool_claims(card, bool(locale.languages)),
        *number_claims(card),
        *code_claims(card),
    ]
    if card.tables:
        from mining.card.extract.context_tables import table_claims

        for table in card.tables:
            claims.extend(table_claims(table, card, locale))
    return distinct(sorted(claims, key=lambda claim: claim.line or 0))[:CLAIMS_CAP]


def complete(claims: Iterable[Claim]) -> list[Claim]:
    """Give the written names of metadata their standard names, and read what else hides in them.

    Args:
        claims: Claims of a card; those that are complete stay as they are.

    Returns:
        The claims in the same order, with labels and counts; a hardware string such as "P100 for about 1.5 hours,
        Google Colab" also gives a duration and a provider.
    """
    done: list[Claim] = []
    for claim in claims:
        unread = claim.quantity in _NAMES and claim.label is None and claim.outcome == "reported"
        if unread and (claim.place.source != "card" or "log" in claim.flags):
            done.extend(_labelled(claim))
        elif claim.quantity == "duration" and claim.place.source == "metadata":
            done.append(_whole_duration(claim))
        else:
            done.append(claim)
    return distinct(done)


def _whole_duration(claim: Claim) -> Claim:
    """A duration of the metadata that is more than one number with one unit: "2 days and 5 hours", "1h30"."""
    text = claim.text.strip().strip("\"'")
    found = read_duration(text, "hours") if any(map(str.isalpha, text)) or ":" in text else None
    if found is None or found.hours == claim.inner_value:
        return claim
    return duration_claim(found, claim, ())


def _labelled(claim: Claim) -> list[Claim]:
    text = claim.text.strip().strip("\"'")
    if is_nothing(text):
        return [replace(claim, outcome="not-reported")]
    if claim.quantity == "training-type":
        return [replace(claim, label=read_training_type(text))]
    if claim.quantity == "tool":
        return [replace(claim, label=_tool_name(text)), *_hours_inside(claim, text)]
    if claim.quantity != "hardware":
        named = replace(claim, label=read_name(claim.quantity, text).name)
        host = host_in(text) if claim.quantity == "region" else None
        return [named, replace(claim, quantity="provider", label=host)] if host else [named]
    found = device_claims(text, True, claim) or [claim]
    found = [one if one.count else replace(one, count=claim.count) for one in found] if claim.count else found
    if all("(unspecified)" in (one.label or "") for one in found) and not is_mere_generic(text):
        found = [claim]
    found.extend(_hours_inside(claim, text))
    provider = next((part for part in re.split(r"[,;()@]| on | via | at ", text)[1:] if _is_provider(part)), None)
    if provider is not None:
        found.append(replace(claim, quantity="provider", label=read_name("provider", provider).name))
    return found


def _hours_inside(claim: Claim, text: str) -> list[Claim]:
    """Hours that hide in another field of the metadata."""
    duration = read_duration(text) if any(map(str.isdigit, text)) else None
    return [] if duration is None else [duration_claim(duration, claim, ("soft",))]


def _is_provider(text: str) -> bool:
    coded = vocabulary("provider").encode(text)
    return coded.name is not None and vocabulary("provider").attributes(coded.name)["kind"] != "private"


_ARTICLE = regex(r"arxiv|\bdoi\b|\bpaper\b|\barticle\b|aclanthology|\bet al", re.IGNORECASE)


def _tool_name(text: str) -> str | None:
    name = read_name("tool", text).name
    if name is not None:
        return name
    if "mlco2" in text.lower():
        return "mlco2"
    return "article" if _ARTICLE.search(text) or len(text) > 60 else None


def context(
    claims: Iterable[Claim], *, front_matter: Mapping[str, Any] | None = None, emissions_gco2e: float | None = None
) -> Context:
    """Choose among the claims what is known of the training of the card's own model.

    Metadata counts before fields of the body, fields before tables, tables before sentences; claims about inference,
    evaluation or all experiments count only where nothing else is stated; a placeholder is no statement.

    Args:
        claims: All claims of a card.
        front_matter: Its metadata, for tags that name the trainer.
        emissions_gco2e: The settled emissions; of a table they stand in only their own row counts.

    Returns:
        The context, fields None where nothing is stated.
    """
    of_training = [claim for claim in claims if claim.quantity == "emissions" or claim.scope != "other-model"]
    if not of_training:
        return Context(training_type=training_type((), front_matter))
    told = of_training
    if any(claim.quantity != "training-type" for claim in of_training):
        told = with_measures_of_settled(without_strange_energy(of_training), emissions_gco2e)
    known = own_rows(complete(told), emissions_gco2e)
    if all(claim.quantity == "training-type" for claim in known):
        return Context(training_type=training_type(known, front_matter))
    chosen = {quantity: _best(known, quantity) for quantity in ("provider", *NUMBERS)}
    hardware, count = _hardware(known)
    region = _region(known)
    duration = _summed(_without_small_totals(known), "duration")
    measured = _is_measured(known)
    tool = _best([claim for claim in known if measured or claim.label != "autotrain"], "tool")
    return Context(
        hardware=hardware,
        hardware_count=count,
        duration_h=duration.inner_value if duration else None,
        duration_basis=_basis(duration),
        energy_kwh=_number(_summed(known, "energy")),
        power_w=_number(chosen["power"]),
        region=_written(region),
        country=country_of(region.label or region.text[:WRITTEN_CAP]) if region else None,
        provider=_written(chosen["provider"]),
        intensity_g_per_kwh=_number(chosen["intensity"]),
        pue_ratio=_number(chosen["pue"], least=1.0),
        water_l=_number(chosen["water"]),
        training_flop=_number(chosen["flop"]),
        training_type=training_type(known, front_matter),
        tool=_written(tool) or (tool_of_tags(front_matter) if measured else None),
    )


_PLACE_RANK = {
    "metadata": 0,
    "labelled": 1,
    "soft": 3,
    "total": 3,
    "table": 4,
    "prose": 5,
    "tag": 2,
    "aside": 6,
    "definition": 6,
}
_SCOPE_RANK = dict.fromkeys(("training-run", "pre-training", "fine-tuning", "unknown"), 0) | {
    "family-total": 1,
    "component": 2,
    "experiments": 3,
}


def _rank(claim: Claim) -> tuple[int, int, int]:
    """Order of preference of a claim: what it covers, where it stands, how exact it is."""
    places = [rank for mark, rank in _PLACE_RANK.items() if mark in claim.flags]
    first = claim.place.source != "card" and not places
    # a time that a sentence calls the whole comes before those of parts, and behind fields
    total = 4 if claim.quantity == "duration" and "prose" in claim.flags else 3
    place = 0 if first else total if "total" in claim.flags else max(places, default=2)
    unseen = claim.quantity in _NAMES and claim.label is None
    vague = claim.quantity == "hardware" and (
        "(unspecified)" in (claim.label or "") or (unseen and not any(map(str.isdigit, claim.text)))
    )
    alone = claim.quantity == "duration" and place == _PLACE_RANK["prose"] and "beside" not in claim.flags
    return _SCOPE_RANK.get(claim.scope, 9), 6 if vague else place, int(unseen or alone)


_PART = r"\b(?:per|each|every)\s(?:training\s)?(?:epoch|step|iteration|fold|batch"
_PER_PART = regex(rf"{_PART}|image|sample|token|query|second)", re.IGNORECASE, stems="per;each;every")
_PER_PART_OF_TRAINING = regex(rf"{_PART})", re.IGNORECASE, stems="per;each;every")
"""What makes a duration one of a part; a speed ("tokens per second") beside it does not."""


def _usable(claims: Iterable[Claim], quantity: Quantity) -> list[Claim]:
    numeric = quantity in NUMBERS
    per_part = _PER_PART_OF_TRAINING if quantity == "duration" else _PER_PART
    found = [
        claim
        for claim in claims
        if claim.quantity == quantity
        and claim.outcome == "reported"
        and claim.scope not in {"inference", "embodied"}
        and not (quantity == "energy" and claim.scope == "component" and "prose" in claim.flags)
        and (
            claim.inner_value is not None
            and ({"total", "beside"} <= set(claim.flags) or per_part.search(claim.text) is None)
            if numeric
            else bool(claim.label or claim.text)
        )
    ]
    by_line: dict[object, Claim] = {}
    for at, claim in enumerate(found):
        # of two readings of one number on one line the later, more careful one stays
        by_line[(claim.line, claim.subject) if numeric and claim.line and "prose" not in claim.flags else at] = claim
    return list(by_line.values())


def _summed(claims: list[Claim], quantity: Quantity) -> Claim | None:
    """The duration or energy that counts most; where it is one of several stages, their sum."""
    best = _best(claims, quantity)
    if best is None or "stage" not in best.flags:
        return best
    stages = {
        one.line: one
        for one in _usable(claims, quantity)
        if "stage" in one.flags and one.place.source == best.place.source and one.subject == best.subject
    }
    return replace(best, inner_value=whole_of([one.inner_value for one in stages.values() if one.inner_value]))


def _without_small_totals(claims: list[Claim]) -> list[Claim]:
    """Claims; a time that a sentence calls the whole, and that is shorter than another one, is the whole of less."""
    told = [claim for claim in _usable(claims, "duration") if "prose" in claim.flags and claim.inner_value]
    longest = max((claim.inner_value or 0.0 for claim in told if "device-hours" not in claim.flags), default=0.0)
    return [
        replace(claim, flags=tuple(flag for flag in claim.flags if flag != "total"))
        if claim.quantity == "duration" and "prose" in claim.flags and (claim.inner_value or 0.0) < longest
        else claim
        for claim in claims
    ]


def _best(claims: Iterable[Claim], quantity: Quantity) -> Claim | None:
    """The claim that counts most; of table rows one that states emissions comes before one that states none."""
    claims = list(claims)
    emitting = {
        claim.line for claim in claims if claim.quantity == "emissions" and claim.value and "table" in claim.flags
    }
    return min(
        _usable(claims, quantity),
        key=lambda one: (_rank(one), "table" in one.flags and one.line not in emitting),
        default=None,
    )


def _hardware(claims: list[Claim]) -> tuple[str | None, int | None]:
    """Standard name and count of the accelerator, or of the processor where no accelerator is named.

    A processor written in the same value as the accelerator is named behind it.
    """
    named = [claim for claim in claims if not _COUNTS & set(claim.flags)]
    counted = {
        flag: claim.count for claim in claims for flag in _COUNTS & set(claim.flags) if claim.quantity == "hardware"
    }
    name, count = _named_hardware(named)
    if "per-node" in counted and "nodes" in counted:
        return name, (counted["per-node"] or 1) * (counted["nodes"] or 1)
    return name, counted.get("pieces", counted.get("per-node")) if count is None and name is not None else count


_COUNTS = frozenset({"nodes", "per-node", "pieces"})
"""Marks of a claim that is no device but a number of machines or devices."""


def _named_hardware(claims: list[Claim]) -> tuple[str | None, int | None]:
    """Standard name of the device that counts most, and how many of it are told anywhere."""
    best = _best(claims, "hardware")
    if best is None:
        return None, None
    stated = _usable(claims, "hardware")
    beside = [one for one in stated if one.label and _rank(one) == _rank(best) and one.section == best.section]
    beside = [one for one in beside if one.line == best.line or "table" not in best.flags]
    first = min(beside, key=_is_processor, default=best)
    if first.label is None:
        return _written(best), best.count
    names = [
        first.label,
        *(one.label for one in beside if one.text == first.text and one.where == first.where and one.label),
    ]
    counts = [one.count for one in (first, *stated) if one.label == first.label and one.count is not None]
    return ", ".join(dict.fromkeys(names)), next(iter(counts), None)


def _is_processor(claim: Claim) -> bool:
    return vocabulary("hardware").attributes(claim.label or "")["kind"] == "cpu"


def _region(claims: list[Claim]) -> Claim | None:
    """The place that counts most; a field that names the same country more exactly is preferred."""
    best = _best(claims, "region")
    if best is None or best.label is None:
        return best
    country = country_of(best.label)
    finer = [
        one
        for one in _usable(claims, "region")
        if one.label and "prose" not in one.flags and country_of(one.label) == country
    ]
    return min(finer, key=lambda one: (exactness(one.label or ""), _rank(one)), default=best)


def _is_measured(claims: Iterable[Claim]) -> bool:
    """Whether the card states an amount of emissions."""
    return any(
        claim.quantity == "emissions" and claim.outcome == "reported" and claim.value is not None for claim in claims
    )


def _written(claim: Claim | None) -> str | None:
    """Standard name, or what was written where it is in no list."""
    if claim is None:
        return None
    if claim.label is not None:
        return claim.label
    _, colon, value = claim.text.partition(":")
    text = value if colon and claim.place.source != "metadata" else claim.text
    return " ".join(text.strip(" *_`\"'.").split())[:WRITTEN_CAP] or None


def _number(claim: Claim | None, least: float = 0.0) -> float | None:
    value = claim.inner_value if claim is not None else None
    return value if value is not None and value >= least else None


def _basis(claim: Claim | None) -> DurationBasis | None:
    if claim is None:
        return None
    if "device-hours" in claim.flags:
        return "device-hours"
    return "wall-clock" if "wall-clock" in claim.flags else None
