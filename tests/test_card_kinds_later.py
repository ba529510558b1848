"""Kinds of statements that strangers' cards held and no earlier test: ``kinds.jsonl``, in words of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from answers import answered

OWN = Path(__file__).parent / "cards_own"
KINDS = [json.loads(line) for line in (OWN / "kinds.jsonl").read_text(encoding="utf-8").splitlines()]
SENTENCES = [json.loads(line) for line in (OWN / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]


def near(value: object) -> object:
    return pytest.approx(value, rel=1e-3) if isinstance(value, float) else value


@pytest.mark.parametrize("row", KINDS, ids=[row["kind"] for row in KINDS])
def test_a_kind_is_answered(row: dict[str, Any]) -> None:
    _, emissions, found = answered(row["text"])
    if "emissions_gco2e" in row:
        wanted = row["emissions_gco2e"]
        assert emissions.emissions_gco2e == (None if wanted is None else near(float(wanted)))
    assert emissions.emissions_outcome == row.get("outcome", emissions.emissions_outcome)
    expected = row.get("context", {})
    assert {name: getattr(found, name) for name in expected} == {name: near(one) for name, one in expected.items()}


@pytest.mark.parametrize("row", SENTENCES, ids=[str(number) for number in range(len(SENTENCES))])
def test_a_card_of_one_sentence_is_answered(row: dict[str, Any]) -> None:
    wanted = row["emissions_gco2e"]
    assert answered(row["text"])[1].emissions_gco2e == (None if wanted is None else near(float(wanted)))
