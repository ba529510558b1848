"""Cards of the later rounds of strangers: sober texts of the Hub in 23 languages and in English, 387 of them.

``cards_own/strangers_later.jsonl``. First reading of each round, before any of its cards was looked at (precision,
recall of the emissions; answers of another model or role), languages and ordinary English:

    round     languages          ordinary
    5a        .97 1.0, 1         1.0 .92, 0
    5b        .93 .875, 1        .96 .85, 0
    6         .90 .96, 5         .94 .92, 2
    7         .97 1.0, 1         .96 .88, 1

What follows holds after mending; it is no estimate for cards never seen.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context

PATH = Path(__file__).parent / "cards_own" / "strangers_later.jsonl"
PARTS = ("languages", "ordinary")
LEAST = 0.9
"""Share of the annotated numbers of a field that is read."""


@cache
def answers() -> tuple[tuple[dict[str, Any], float | None, dict[str, Any]], ...]:
    """Every card with the grams that are answered and the numbers of its context."""
    found = []
    for line in PATH.read_text(encoding="utf-8").splitlines():
        card = json.loads(line)
        reading = read_card(card["text"])
        settled = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
        about = context(reading.claims, front_matter=reading.front_matter, emissions_gco2e=settled.emissions_gco2e)
        numbers = {
            "hardware_count": about.hardware_count,
            "hours": about.duration_h,
            "energy_kwh": about.energy_kwh,
            "training_type": about.training_type,
        }
        found.append((card, settled.emissions_gco2e, numbers))
    return tuple(found)


def is_near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.02 * max(abs(other), 1e-9)


@pytest.mark.parametrize("part", PARTS)
def test_no_amount_of_another_model_or_role_is_answered(part: str) -> None:
    wrong = []
    for card, grams, _ in answers():
        if card["part"] != part or card["ambiguous"] or grams is None:
            continue
        also = card["also_acceptable_g"] or []
        known = [card["expected_emissions_g"], *(also if isinstance(also, list) else [also])]
        low, high = card["range_g"] or (1.0, 0.0)
        if not (low <= grams <= high or any(one is not None and is_near(grams, one) for one in known)):
            wrong.append((card["name"], grams, card["expected_emissions_g"]))
    assert wrong == []


@pytest.mark.parametrize("part", PARTS)
def test_nearly_all_amounts_are_read(part: str) -> None:
    stated = [one for one in answers() if one[0]["part"] == part and one[0]["expected_emissions_g"]]
    missed = [card["name"] for card, grams, _ in stated if not card["ambiguous"] and grams is None]
    assert len(missed) <= 0.02 * len(stated), missed


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("field", ["hardware_count", "hours", "energy_kwh"])
def test_most_numbers_of_the_context_are_read(part: str, field: str) -> None:
    asked = right = 0
    for card, _, numbers in answers():
        if card["part"] != part or field in card["skip"] or ("energy" in card["skip"] and field == "energy_kwh"):
            continue
        if card[field] is None or card["ambiguous"]:
            continue
        also = card["alt"].get("energy" if field == "energy_kwh" else field, [])
        asked += 1
        got = numbers[field]
        right += got is not None and any(is_near(float(got), float(one)) for one in (card[field], *also))
    assert right >= LEAST * asked, (right, asked)
