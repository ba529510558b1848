"""Claims from metadata: the key ``co2_eq_emissions`` in every shape that cards use, and its neighbours."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mining.card.document.front_matter import FrontMatter, is_dangerous
from mining.card.document.simple_yaml import read_plain
from mining.patterns import regex
from mining.schema import Claim, Quantity, Scope
from mining.units import Number, find_quantities, parse_number, unit_factor, unit_in_label

KEY = "co2_eq_emissions"
SYNONYMS = ("co2_emissions", "carbon_emissions", "carbon_footprint", "carbon_emitted", "emissions", "co2")
VALUE_KEYS = (
    "emissions",
    "emission",
    "value",
    "amount",
    "total",
    "co2_eq_emissions",
    "co2",
    "carbon_emitted",
    "total_emissions",
    "estimate",
)
VALUE_CAP = 2_000
_KEY_LINE = regex(r"\s*(?:-\s+)?[\"']?([\w .()-]{1,80}?)[\"']?\s*:(?:\s+(.*))?$")
_KEYS_OF: tuple[tuple[Quantity, str], ...] = (
    ("tool", "source tool method"),
    ("training-type", "training_type"),
    ("region", "geographical_location geographic_location location country region compute_region cloud_region"),
    ("provider", "cloud_provider provider"),
    ("hardware", "hardware_used hardware hardware_type gpu gpu_model gpu_type cpu_model"),
)
_TEXT_KEYS: dict[str, Quantity] = {key: quantity for quantity, keys in _KEYS_OF for key in keys.split()}
_NUMBER_KEYS: dict[str, tuple[Quantity, str]] = {
    "energy_consumed": ("energy", "kWh"),
    "energy": ("energy", "kWh"),
    "energy_consumption": ("energy", "kWh"),
    "energy_kwh": ("energy", "kWh"),
    "electricity": ("energy", "kWh"),
    "hours_used": ("duration", "h"),
    "hours": ("duration", "h"),
    "training_hours": ("duration", "h"),
    "training_time": ("duration", "h"),
    "duration": ("duration", "h"),
    "pue": ("pue", "1"),
    "carbon_intensity": ("intensity", "g/kWh"),
}
_INTENSITY_TEXT = regex(r"\bper\s?kwh|/\s?kwh", re.IGNORECASE)


class _Leaf(Struct, frozen=True):
    """One value of the metadata as text, with its keys."""

    keys: tuple[str, ...]
    text: str


class _Place(Struct, frozen=True):
    """Where a leaf stands in the card; without a line where only the Hub's metadata is known."""

    text: str
    line: int | None


def metadata_claims(front: FrontMatter | None, mapping: Mapping[str, Any] | None) -> list[Claim]:
    """Claims that the metadata makes.

    Args:
        front: Front matter of the card, where there is a card.
        mapping: Metadata as the Hub gives it (``cardData``), or as parsed from the front matter.

    Returns:
        Claims; those found in the card's own text carry their line.
    """
    claims: list[Claim] = []
    for key in _named(front, mapping):
        block, first = _block(front, key)
        value = _load_text(block, key) if block else None
        if value is None and mapping is not None and key in mapping:
            value = mapping[key]
        if value is None or (key != KEY and not _amount_like(value)):
            continue
        leaves = list(_leaves(value, (key,)))
        told = _claims_of(leaves, block, first)
        said = [
            text
            for text, most in ((_source(leaves), 10), (_kind(leaves), 16))
            if len(text) > most or not text.isascii()
        ]
        if said or any("#" in line for line in block):  # more than the name of a tool, or of a kind of training
            from mining.card.extract.metadata_of_others import of_whom

            told = of_whom(told, said, block, front.text if front is not None else "")
        claims.extend(told)
        if key == KEY or claims:
            break
    return claims


def _kind(leaves: list[_Leaf]) -> str:
    return next((leaf.text for leaf in leaves if leaf.keys[-1].replace(" ", "_") == "training_type"), "")


def _source(leaves: list[_Leaf]) -> str:
    return next((leaf.text for leaf in leaves if leaf.keys[-1].lower() == "source"), "")


def _named(front: FrontMatter | None, mapping: Mapping[str, Any] | None) -> list[str]:
    """Keys of emissions that the metadata may hold, the specified one first."""
    text = front.text if front is not None else ""
    if "co2" not in text and "carbon" not in text and "emissions" not in text:
        text = ""
    return [key for key in (KEY, *SYNONYMS) if (text and key in text) or (mapping is not None and key in mapping)]


def _amount_like(value: Any) -> bool:
    return isinstance(value, (int, float, Mapping)) or (isinstance(value, str) and any(map(str.isdigit, value)))


def _block(front: FrontMatter | None, key: str) -> tuple[list[str], int]:
    """Lines of the last top-level block of that key, and the card's line of the first of them."""
    if front is None or key not in front.text:
        return [], 0
    lines = front.text.split("\n")
    starts = [at for at, line in enumerate(lines) if re.match(rf"[\"']?{key}[\"']?\s*:", line.lstrip("\ufeff"))]
    if not starts:
        return [], 0
    start = starts[-1]
    end = start + 1
    while end < len(lines) and end - start < 200 and (not lines[end].strip() or lines[end][0] in " \t-#"):
        end += 1
    return lines[start:end], front.body_line + start


def _load_text(block: list[str], key: str) -> Any:
    """The block's value with every scalar as the text that was written; salvaged line by line where YAML refuses it."""
    text = "\n".join(block).replace("\t", "  ").replace("\u00a0", " ")
    if len(text) > 20_000 or is_dangerous(text):
        return None
    plain = read_plain(text.split("\n"), as_text=True)
    if isinstance(plain, dict):
        return plain.get(key)
    import yaml

    try:
        loaded = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - the base loader makes strings only
        return loaded.get(key) if isinstance(loaded, dict) else None
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, TypeError):
        return _salvage(block)


def _salvage(block: list[str]) -> Any:
    head = _KEY_LINE.match(block[0])
    if head is not None and head.group(2) and head.group(2).strip():
        return head.group(2).strip().strip("\"'")
    found: dict[str, str] = {}
    for line in block[1:]:
        match = _KEY_LINE.match(line)
        if match is not None and match.group(2):
            found.setdefault(match.group(1), match.group(2).strip().strip("\"'"))
    return found or None


def _leaves(value: Any, keys: tuple[str, ...], depth: int = 0) -> list[_Leaf]:
    if depth > 6:
        return []
    if isinstance(value, Mapping):
        return [leaf for key, item in list(value.items())[:100] for leaf in _leaves(item, (*keys, str(key)), depth + 1)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value[:100] for leaf in _leaves(item, keys, depth + 1)]
    return [] if value is None else [_Leaf(keys, _written(value))]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _is_placeholder(text: str) -> bool:
    from mining.card.lexicon.words import is_placeholder

    return is_placeholder(text)


def _claims_of(leaves: list[_Leaf], block: list[str], first: int) -> list[Claim]:
    claims: list[Claim] = []
    unit_key = next((leaf.text for leaf in leaves if leaf.keys[-1].lower() in {"unit", "units"}), None)
    has_amount = False
    for leaf in leaves:
        name = leaf.keys[-1].strip().lower().replace(" ", "_").replace("-", "_")
        place = _find(leaf, block, first)
        where = "metadata:" + ".".join(leaf.keys)
        if len(leaf.keys) == 1 or _is_amount_key(name):
            if not has_amount or name == "emissions":
                claim = _emissions(leaf, unit_key, place, where, name)
                claims.append(as_placeholder(claim) if claim.value == 0 and _says_unmeasured(leaves) else claim)
                has_amount = has_amount or claims[-1].outcome == "reported"
                claims.extend(_energy_in_it(leaf, place, where))
        elif name in _NUMBER_KEYS:
            claims.extend(_numeric(leaf, place, where, *_NUMBER_KEYS[name]))
        elif name in _TEXT_KEYS:
            outcome = "not-reported" if _is_placeholder(leaf.text) else "reported"
            claims.append(
                Claim(quantity=_TEXT_KEYS[name], text=place.text, where=where, line=place.line, outcome=outcome)  # type: ignore[arg-type]
            )
    if has_amount and _is_blank_form(claims):
        claims = [as_placeholder(claim) if claim.quantity == "emissions" else claim for claim in claims]
    scope = _scope(leaves)
    return [claim if claim.quantity != "emissions" else _with_scope(claim, scope) for claim in claims]


def _is_blank_form(claims: list[Claim]) -> bool:
    """Whether a nought stands among fields of which each holds a placeholder: nobody filled the form in."""
    others = [claim for claim in claims if claim.quantity != "emissions"]
    noughts = all(claim.value == 0 for claim in claims if claim.quantity == "emissions" and claim.outcome == "reported")
    return noughts and bool(others) and all(claim.outcome == "not-reported" for claim in others)


def as_placeholder(claim: Claim) -> Claim:
    """A claim of a nought that a form was made with, as a placeholder.

    Args:
        claim: The claim as it was read.
    """
    from msgspec.structs import replace

    flags = tuple(dict.fromkeys((*claim.flags, "placeholder")))
    return replace(claim, outcome="not-reported", value=None, inner_value=None, unit=None, flags=flags)


def _says_unmeasured(leaves: list[_Leaf]) -> bool:
    """Whether the source of an amount says that nobody measured it."""
    return _UNMEASURED.search(_source(leaves)[:200]) is not None


_UNMEASURED = regex(
    r"\b(?:not|never|n['’]t)\s(?:yet\s)?(?:measured|tracked|estimated|computed|calculated|recorded)\b|\bplaceholder\b"
    r"|^\W*(?:unknown|n/?a|tbd|todo)\W*$",
    re.IGNORECASE,
)


def _is_amount_key(name: str) -> bool:
    return (
        name in VALUE_KEYS
        or re.fullmatch(r"emissions?_?\(?_?(?:in_)?(?:k?g|kgs|grams|tons?|tonnes|kilograms)(?:_?co2.{0,6})?\)?", name)
        is not None
    )


def _with_scope(claim: Claim, scope: Scope) -> Claim:
    from msgspec.structs import replace

    return replace(claim, scope=scope)


def _scope(leaves: list[_Leaf]) -> Scope:
    if "leaderboard" in _source(leaves).lower():
        return "component"  # what a leaderboard measured is the evaluation
    kind = _kind(leaves).lower()
    if _NO_TRAINING.search(kind):
        return "inference"
    has_pre, has_fine = "pre" in kind, "fine" in kind
    if has_pre == has_fine:
        return "training-run"
    return "pre-training" if has_pre else "fine-tuning"


_NO_TRAINING = regex(
    r"^\W*(?:only\s)?(?:inference|serving|deployment|evaluation|generation|usage|quanti[sz]ation)(?:\s(?:only"
    r"|run))?\W*$",
    re.IGNORECASE,
)
"""A kind of training that is none."""


def _find(leaf: _Leaf, block: list[str], first: int) -> _Place:
    """The leaf's text as it stands in the block, verbatim."""
    head = leaf.text.split("\n")[0].strip()
    wanted = head.split("  ")[0][:60]
    for keyed in (True, False):
        for at, line in enumerate(block):
            if wanted and wanted in line and (not keyed or leaf.keys[-1] in line.partition(":")[0]):
                return _Place(head if head in line else wanted, first + at)
    return _Place(leaf.text[:VALUE_CAP], None)


def _emissions(leaf: _Leaf, unit_key: str | None, place: _Place, where: str, name: str) -> Claim:
    text = leaf.text.strip()[:VALUE_CAP]
    number, unit, factor = _amount(text)
    if number is not None and unit is None:
        unit = (
            unit_in_label("emissions", f"({unit_key})")
            if unit_key
            else unit_in_label("emissions", name.replace("_", " "))
        )
        factor = unit_factor("emissions", unit) if unit else None
    if number is None:
        outcome = "not-reported" if not text or _is_placeholder(text) else "unreadable"
        flags = ("placeholder",) if outcome == "not-reported" else ()
        return Claim(quantity="emissions", text=place.text, where=where, line=place.line, outcome=outcome, flags=flags)  # type: ignore[arg-type]
    flags = (*number.marks, *(("zero",) if number.value == 0 else ()))
    inner = number.value * (1.0 if factor is None else factor)
    return Claim(
        quantity="emissions",
        value=number.value,
        low=number.low,
        high=number.high,
        unit=unit,
        inner_value=inner,
        text=place.text,
        where=where,
        line=place.line,
        flags=(*flags, *(("assumed-unit",) if unit is None else ())),
    )


def _amount(text: str) -> tuple[Number | None, str | None, float | None]:
    """Number, unit and factor of an emissions field; the metadata's own number syntax goes first."""
    try:
        value = float(text)
        if math.isfinite(value) and value >= 0:
            decimals = len(text.partition(".")[2]) if "e" not in text.lower() else 0
            return Number(value, None, None, 0.5 * 10.0**-decimals, (), 0, len(text)), None, None
        return None, None, None
    except ValueError:
        pass
    if _INTENSITY_TEXT.search(text):
        return None, None, None
    quantities = list(find_quantities(text, ("emissions", "energy")))
    masses = [one for one in quantities if one.kind == "emissions" and one.rate is None]
    if masses:
        return masses[0].number, masses[0].unit, masses[0].factor
    number = parse_number(re.sub(r"\bco\W{0,3}2\s?(?:e|eq)?\b", "", text, flags=re.IGNORECASE))
    if quantities or not isinstance(number, Number):
        return None, None, None
    return number, None, None


def _energy_in_it(leaf: _Leaf, place: _Place, where: str) -> list[Claim]:
    return [
        Claim(
            quantity="energy",
            value=one.number.value,
            unit=one.unit,
            inner_value=one.inner,
            text=place.text,
            where=where,
            line=place.line,
        )
        for one in list(find_quantities(leaf.text[:VALUE_CAP], ("energy",)))[:1]
        if not _INTENSITY_TEXT.search(leaf.text)
    ]


def _numeric(leaf: _Leaf, place: _Place, where: str, quantity: Quantity, default: str) -> list[Claim]:
    text = leaf.text.strip()[:VALUE_CAP]
    found = None if quantity == "pue" else next(find_quantities(text, (quantity,)), None)
    if found is not None:
        return [
            Claim(
                quantity=quantity,
                value=found.number.value,
                unit=found.unit,
                inner_value=found.inner,
                text=place.text,
                where=where,
                line=place.line,
            )
        ]
    number = parse_number(text)
    if not isinstance(number, Number):
        outcome = "not-reported" if _is_placeholder(text) else "unreadable"
        return [Claim(quantity=quantity, text=place.text, where=where, line=place.line, outcome=outcome)]  # type: ignore[arg-type]
    if quantity == "duration" and leaf.keys[-1].lower() in {"duration", "training_time"}:
        return [Claim(quantity=quantity, value=number.value, text=place.text, where=where, line=place.line)]
    return [
        Claim(
            quantity=quantity,
            value=number.value,
            unit=default,
            inner_value=number.value,
            text=place.text,
            where=where,
            line=place.line,
        )
    ]
