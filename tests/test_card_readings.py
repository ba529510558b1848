"""All that is read of some own cards: each claim with its line, unit, role, flags and words, and what follows of them.

Annotations hold what a card answers; the evidence beside an answer is as much of what a reader sees. The cards are the
fewest (of all in ``cards_own``) that pass through nearly all that card reading does. ``python
tests/test_card_readings.py`` writes ``cards_own/readings.txt`` anew after a change that was meant: read the difference,
each line is a statement about a card.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import pytest
from answers import answered

from mining.schema import Claim

OWN = Path(__file__).parent / "cards_own"
READINGS = OWN / "readings.txt"
LONG = 56


def texts(name: str) -> dict[str, str]:
    """Texts of the cards of a set by their names."""
    lines = (OWN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(row.get("name") or row["id"]): row.get("text") or row["card"] for row in map(json.loads, lines)}


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def line_of(claim: Claim) -> str:
    """A claim in one line."""
    words = " ".join(claim.text.split())
    words = words if len(words) <= LONG else f"{words[: LONG // 2]}…{words[-LONG // 2 :]}"
    ends = f"({number(claim.low)}..{number(claim.high)})" if claim.low is not None or claim.high is not None else ""
    said = f"{number(claim.value)}{ends} {claim.unit or ''} = {number(claim.inner_value)}"
    value = said if claim.value is not None else ""
    named = " ".join(str(one) for one in (claim.label, claim.count and f"x{claim.count}", claim.subject) if one)
    outcome = claim.outcome if claim.outcome != "reported" else ""
    parts = [claim.quantity, value, named, f"[{claim.scope}]", outcome, *claim.flags, f'"{words}"']
    return f"  {claim.line or claim.where} " + " ".join(one for one in parts if one)


def told(answer: Any) -> str:
    """The fields of a settlement or a context that say something."""
    fields = msgspec.to_builtins(answer)
    return " ".join(
        f"{name.removeprefix('emissions_')}={f'{value:.6g}' if isinstance(value, float) else value}"
        for name, value in fields.items()
        if value not in (None, [], (), "", "not-reported")
    )


def reading(text: str) -> list[str]:
    read, settled, found = answered(text)
    return [*map(line_of, read.claims), f"  => {told(settled)}", f"  => {told(found)}"]


def kept() -> Iterator[tuple[str, str, list[str]]]:
    """Set, name and lines of each card that is held."""
    lines = READINGS.read_text(encoding="utf-8").splitlines()
    blocks = [list(block) for _, block in groupby(lines, key=lambda line: line.startswith("# "))]
    for head, body in zip(blocks[::2], blocks[1::2], strict=True):
        (_, name, card) = head[0].split(" ", 2)
        yield name, card, body


KEPT = list(kept()) if READINGS.exists() else []


@pytest.mark.parametrize("name", sorted({name for name, _, _ in KEPT}))
def test_cards_are_read_as_before_with_the_same_evidence(name: str) -> None:
    known = texts(name)
    changed = {
        card: [line for line in [*before, *now] if (line in before) != (line in now)]
        for held, card, before in KEPT
        if held == name and (now := reading(known[card])) != before
    }
    assert changed == {}, "where this was meant: python tests/test_card_readings.py"


def test_some_cards_are_held() -> None:
    assert len(KEPT) > 200


if __name__ == "__main__":
    sets = {name: texts(name) for name, _, _ in KEPT}
    READINGS.write_text(
        "".join(f"# {name} {card}\n" + "\n".join(reading(sets[name][card])) + "\n" for name, card, _ in KEPT),
        encoding="utf-8",
    )
    sys.stdout.write(f"{len(KEPT)} cards\n")
