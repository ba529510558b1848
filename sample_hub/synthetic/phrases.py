"""The words of the synthetic cards, from ``phrases.yml``."""

from __future__ import annotations

from pathlib import Path

import yaml

_WORDS = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
USAGE: str = _WORDS["usage"]
FILLER: list[str] = _WORDS["filler"]
CLAIMS: list[str] = _WORDS["claims"]
DECOYS: list[str] = _WORDS["decoys"]
UNIT_WORDS: dict[str, list[str]] = _WORDS["unit_words"]


def fill(text: str, **values: object) -> str:
    """A sentence with its gaps filled; only the names in braces are gaps."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
