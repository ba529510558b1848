"""Scores card reading on annotated cards: writes the JSON lines that ``score.py`` beside the real cards reads.

    python benchmarks/score_cards.py FOLDER [--recipe ours|published|client] | python3 ../shared/cards/score.py
    FOLDER/index.jsonl

Recipes beside ours: ``published`` is the 2023 study's way (metadata first, else one anchored regular expression over
the body; first number, unit dropped), ``client`` the Hub client's filter (metadata only, first number of a string by
regular expression).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mining.card import CardReading, ModelFacts, read_card, settle
from mining.card.extract.context import context

PUBLISHED_BODY = re.compile(r"carbon emitted\s*[:]+\s*(.+)", re.IGNORECASE)
FIRST_NUMBER = re.compile(r"\d+\.\d+|\d+")


def context_of(reading: CardReading, grams: float | None) -> dict[str, Any]:
    found = context(reading.claims, front_matter=reading.front_matter, emissions_gco2e=grams)
    return {
        "hardware": found.hardware,
        "region": found.region,
        "hours": found.duration_h,
        "tool": found.tool,
        "training_type": found.training_type,
    }


def ours(data: bytes) -> dict[str, Any]:
    reading = read_card(data)
    settled = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
    return {
        "emissions": {
            "grams": settled.emissions_gco2e,
            "unit_status": settled.emissions_unit_status,
            "decided_by": settled.emissions_decided_by,
            "flags": list(settled.emissions_flags),
        },
        "context": context_of(reading, settled.emissions_gco2e),
    }


def _metadata(text: str) -> Any:
    match = re.match(r"\s*---[\r\n]+([\S\s]*?)[\r\n]+---(?:\r\n|\r|\n|$)", text)
    try:
        loaded = yaml.safe_load(match.group(1)) if match else None
    except (yaml.YAMLError, ValueError):
        return None
    value = loaded.get("co2_eq_emissions") if isinstance(loaded, dict) else None
    return value.get("emissions") if isinstance(value, dict) else value


def published(data: bytes) -> dict[str, Any]:
    text = data.decode("utf-8", errors="replace")
    value = _metadata(text)
    if value is None:
        match = PUBLISHED_BODY.search(text)
        value = match.group(1) if match else None
    match = re.match(r"\d+\.\d+|\d+", str(value)) if isinstance(value, str) else None
    grams = float(match.group()) if match else value if isinstance(value, (int, float)) else None
    return {"emissions": {"grams": grams, "flags": []}}


def client(data: bytes) -> dict[str, Any]:
    value = _metadata(data.decode("utf-8", errors="replace"))
    if isinstance(value, str):
        match = FIRST_NUMBER.search(value)
        value = float(match.group()) if match else None
    grams = float(value) if isinstance(value, (int, float)) and value else None
    return {"emissions": {"grams": grams, "flags": []}}


RECIPES = {"ours": ours, "published": published, "client": client}


def lines(folder: Path, recipe: str = "ours") -> Iterator[str]:
    for path in sorted(folder.glob("*.md")):
        yield json.dumps({"input": str(path), **RECIPES[recipe](path.read_bytes())}, allow_nan=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="ours")
    chosen = parser.parse_args()
    for line in lines(chosen.folder, chosen.recipe):
        sys.stdout.write(line + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
