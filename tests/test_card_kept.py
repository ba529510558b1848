"""What is answered right of an annotated card stays right: every field of every card of strangers, each by itself.

Bars over a set (``test_card_strangers*``, ``test_context``) let an answer go as long as most are right. Here each is
held, by the yardstick beside the real cards (``fields.py``). ``cards_own/misread.txt`` names those that are not right;
who mends one takes its line out, who loses one has to say so by a line.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context

pytestmark = pytest.mark.shared
OWN = Path(__file__).parent / "cards_own"
OWN_SETS = (
    "strangers",
    "strangers_later",
    "strangers_latest",
    "strangers_more",
    "strangers_last",
    "strangers_structure",
    "strangers_seventh",
    "strangers_eighth",
    "strangers_ninth",
    "strangers_tenth",
    "strangers_eleventh",
    "strangers_twelfth",
    "strangers_thirteenth",
    "strangers_fourteenth",
)
SETS = (*OWN_SETS, "elsewhere", "github", "published")
FIELDS = ("hardware", "hardware_count", "hours", "energy_kwh", "region", "provider", "tool", "training_type")


@cache
def yardstick(shared: Path) -> ModuleType:
    """The module ``fields.py`` beside the cards, which imports its neighbour ``score.py``."""
    spec = importlib.util.spec_from_file_location("fields", shared / "cards" / "fields.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def cards(name: str, shared: Path) -> list[tuple[str, dict[str, Any], str | bytes]]:
    """Name, annotation and text of each card of a set."""
    if (own := OWN / f"{name}.jsonl").exists():
        rows = [json.loads(line) for line in own.read_text(encoding="utf-8").splitlines()]
        return [(row["name"], row, row["text"]) for row in rows]
    index = shared / "cards" / name / "index.jsonl"
    rows = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
    return [(row["file"], row, (index.parent / row["file"]).read_bytes()) for row in rows]


def is_plain(truth: object) -> bool:
    """Whether an annotated number is a plain one."""
    try:
        float(str(truth))
    except ValueError:
        return False
    return True


def faults(row: dict[str, Any], text: str | bytes, judge: ModuleType) -> list[str]:
    """Fields of a card whose answer is not the annotated one.

    An annotation in words ("two runs of 3 h") is no number; the oldest sets have training types by another rule.
    """
    asked = FIELDS if "skip" in row else FIELDS[:-1]
    row = {"skip": [], "alt": {}, "ambiguous": row.get("debatable"), **row}
    numbers = {name: [one for one in row["alt"].get(name, []) if is_plain(one)] for name in ("hours", "hardware_count")}
    row["alt"] = {**row["alt"], **numbers}
    reading = read_card(text)
    settled = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
    found = context(reading.claims, front_matter=reading.front_matter, emissions_gco2e=settled.emissions_gco2e)
    wrong = []
    if not row["ambiguous"] and judge.outcome(settled.emissions_gco2e, row) not in {"right", "right-none"}:
        wrong.append("emissions")
    for field in asked:
        got = getattr(found, "duration_h" if field == "hours" else field)
        truth = row.get("source_tool" if field == "tool" else field, row)
        is_number = field not in {"hours", "energy_kwh", "hardware_count"} or truth is None or is_plain(truth)
        if truth is not row and is_number and judge.judge(field, got, row) in {"wrong", "missed", "spurious"}:
            wrong.append(field)
    return wrong


@pytest.mark.parametrize("name", SETS)
def test_what_is_answered_right_stays_right(name: str, shared_dir: Path) -> None:
    judge = yardstick(shared_dir)
    known = set((OWN / "misread.txt").read_text(encoding="utf-8").splitlines())
    lost = [
        line
        for card, row, text in cards(name, shared_dir)
        for field in faults(row, text, judge)
        if (line := f"{name} {card} {field}") not in known
    ]
    assert lost == []
