"""Keys with numbers as programs write them: JSON, YAML, and ``key=value`` in a log."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.card.document.lines import Line
from mining.patterns import regex

__all__ = ["is_key_of_emissions", "keyed_numbers", "names_emissions"]

_KEYED = regex(
    r"(?<![\w.\"'])[\"'`]?(?P<key>[A-Za-z][\w./-]{2,40})[\"'`]?(?:\s?(?::|=(?!=))\s?|\s?\.{3,40}\s?|\s{1,24})"
    r"(?P<value>[\"'`]?\d[\d.,]{0,18}(?<!,)(?:e[-+]?\d{1,3})?(?:\s?[A-Za-z][\w-]{0,11})?[\"'`]?)(?=\s{0,4}(?:[,;}\]|&]|$)|\s{1,4}[A-Za-z][\w./-]{0,40}\s?[:=])",
    re.IGNORECASE,
)
_PARTS = regex(r"[a-z]+\d?[a-z]*|\d+", re.IGNORECASE)
_EMISSIONS = frozenset({"co2", "co2e", "co2eq", "emission", "emissions", "emitted", "carbon", "footprint", "ghg"})
_MASSES = frozenset(
    {"g", "kg", "t", "mg", "gram", "grams", "kilogram", "kilograms", "tonne", "tonnes", "ton", "tons", "lb", "lbs"}
    | {mass + co2 for mass in ("g", "kg", "t") for co2 in ("co2", "co2e", "co2eq")}
)
_OF_THE_WHOLE = frozenset(
    {
        *(
            "total",
            "training",
            "train",
            "trained",
            "est",
            "estimated",
            "estimate",
            "final",
            "run",
            "overall",
            "sum",
            "gross",
        ),
        *(
            "measured",
            "all",
            "cumulative",
            "codecarbon",
            "location",
            "based",
            "finetuning",
            "finetune",
            "fine",
            "tuning",
        ),
        *(
            "pretraining",
            "pretrain",
            "equiv",
            "equivalent",
            "equivalents",
            "eq",
            "e",
            "emitted",
            "sys",
            "model",
            "so",
            "far",
        ),
    }
)
MOST = 8


def is_key_of_emissions(key: str) -> bool:
    """Whether a program's key names emissions with their unit.

    Args:
        key: The key as written.

    Examples:
        >>> [is_key_of_emissions(key) for key in ("emissions_kg", "co2_g", "emissions", "carbon_tax")]
        [True, True, False, False]
    """
    parts = {part.lower() for part in _PARTS.findall(key)}
    if parts.isdisjoint(_MASSES) or not parts <= _EMISSIONS | _MASSES | _OF_THE_WHOLE:
        return False  # of a teacher, a search, an offset: not told here
    return not parts.isdisjoint(_EMISSIONS) or any(part.endswith(("co2", "co2e", "co2eq")) for part in parts)


def names_emissions(label: str) -> bool:
    """Whether a label has a word of emissions, whatever else."""
    return any(part.lower() in _EMISSIONS for part in _PARTS.findall(label))


def keyed_numbers(line: Line) -> Iterator[tuple[str, str, int, int, int]]:
    """Keys of emissions on a line with their numbers.

    Args:
        line: A line of text or code.

    Yields:
        Key, value, where the statement begins and ends, and where the value begins.
    """
    for count, match in enumerate(_KEYED.finditer(line.text)):
        if count >= MOST:
            return
        if is_key_of_emissions(match["key"]) or _is_with_unit(match["key"], match["value"], line):
            yield match["key"], match["value"].strip("\"'`"), match.start(), match.end(), match.start("value")


def _is_with_unit(key: str, value: str, line: Line) -> bool:
    """Whether a key of a record in columns is of emissions, and its value has their unit ("co2e     3317 g")."""
    parts = {part.lower() for part in _PARTS.findall(key)}
    unit = value.strip("\"'`").rpartition(" ")[2].lower()
    return (
        line.kind == "code"
        and unit in _MASSES
        and bool(parts & _EMISSIONS)
        and parts <= _EMISSIONS | _OF_THE_WHOLE
        and line.text.lstrip().startswith(key)
    )
