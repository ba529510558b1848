"""Which claims of a body may be the training of this model, and which contradict the one that is chosen."""

from __future__ import annotations

from typing import Any

import pytest
from test_card_mutants_settling import LABELLED, PROSE, said

from mining.card.extract.model_names import THIS_MODEL
from mining.card.resolve.candidates import best_of_body, names_a_size, names_of, rivals, usable, without_parts
from mining.schema import Claim


@pytest.mark.parametrize(
    ("changes", "is_it"),
    [
        ({}, True),
        ({"outcome": "unreadable"}, False),
        ({"scope": "saved"}, False),
        ({"scope": "family-total"}, True),
        ({"flags": ("market-based",)}, False),
        ({"flags": ("unclear-subject",)}, False),
    ],
)
def test_claims_that_may_be_a_training(changes: dict[str, Any], is_it: bool) -> None:
    assert usable(said(7.0, **changes)) is is_it


NAMES = names_of("bird/heron-7b", None, None)


def test_names_are_sets_of_telling_words() -> None:
    assert names_of("bird/Heron-7b", "The Heron model card", {"model_name": "Heron"}) == (
        frozenset({"heron", "7b"}),
        frozenset({"heron"}),
        frozenset({"heron"}),
    )
    assert names_of(None, "Model card", {"model_name": 3}) == ()
    assert [names_a_size(name) for name in ("Heron 7B", "heron-350m", "heron-v2", None)] == [True, True, False, False]


def row(subject: str | None, value: float | None, line: int, *flags: str) -> Claim:
    return said(value, line=line, subject=subject, flags=("table", *flags))


@pytest.mark.parametrize(
    ("claims", "line"),
    [
        ([row("heron-7b", 1.0, 1), row("heron-13b", 2.0, 2)], 1),
        ([row("heron-13b", 2.0, 1), row("heron", 3.0, 2), row("heron 7b", 1.0, 3)], 3),  # the most of its words
        ([row("crane", 2.0, 1), row(THIS_MODEL, 1.0, 2)], 2),
        ([row("crane", 2.0, 1), row("heron-7b", 3.0, 2), row(THIS_MODEL, 1.0, 3)], 3),
        ([row("crane", 2.0, 1), row("stork", 1.0, 2)], None),
        ([row("crane", 2.0, 1), row("stork", 1.0, 2), row(None, 3.0, 3, "total")], 3),
        ([row("crane", 2.0, 1), row(None, 1.0, 2)], 2),
        ([row("crane", 2.0, 1), row(None, 1.0, 2), row(None, 3.0, 3)], None),
        ([row("crane", 2.0, 1)], 1),
        ([row("crane", 2.0, 1), row("crane", 2.0, 2)], 1),
        ([row("heron-7b", None, 1), row("crane", 2.0, 2)], None),  # its own cell is empty
        ([said(1.0, line=2, flags=PROSE), said(2.0, line=3, flags=LABELLED)], 3),
        ([said(1.0, line=2, flags=PROSE), said(2.0, line=3, flags=PROSE)], 2),
        ([said(1.0, line=2, flags=PROSE), said(2.0, line=3, flags=(*PROSE, "total"))], 3),
        ([said(1.0, None, line=2, flags=LABELLED), said(2.0, line=3, flags=PROSE)], 3),
        ([said(1.0, line=2, flags=LABELLED, scope="family-total"), said(2.0, line=3, flags=PROSE)], 3),
        ([said(1.0, line=2, subject="crane"), said(2.0, line=3, subject="heron-7b")], 3),
        ([said(1.0, line=2, subject="crane"), said(2.0, line=3, subject="stork")], 2),
    ],
)
def test_the_claim_of_a_body_that_is_this_models(claims: list[Claim], line: int | None) -> None:
    best = best_of_body(claims, NAMES)
    assert (best and best.line) == line


def test_parts_of_a_sum_on_one_line_are_left_out() -> None:
    parts = [said(value, line=4, flags=PROSE) for value in (2.0, 1.4, 3.4)]
    assert without_parts(parts) == parts[2:]
    assert without_parts([*parts[:2], said(3.43, line=4, flags=PROSE)])[0].value == 3.43
    rough = [*parts[:2], said(3.6, line=4, flags=PROSE)]
    assert without_parts(rough) == rough
    apart = [*parts[:2], said(3.4, line=5, flags=PROSE)]
    assert without_parts(apart) == apart
    labelled = [said(value, line=4, flags=LABELLED) for value in (2.0, 1.4, 3.4)]
    assert without_parts(labelled) == labelled


@pytest.mark.parametrize(
    ("other", "is_rival"),
    [
        ({"value": 9.0}, True),
        ({"value": 7.0 * 1.25}, False),
        ({"value": 7.0 * 1.26}, True),
        ({"value": 7.0 / 1.26}, True),
        ({"value": 9.0, "line": 1}, False),
        ({"value": 9.0, "flags": (*PROSE, "total")}, False),
        ({"value": 9.0, "flags": (*PROSE, "range")}, False),
        ({"value": 9.0, "low": 6.0}, False),
        ({"value": 9.0, "subject": "crane"}, False),
        ({"value": 9.0, "scope": "pre-training"}, True),
        ({"value": 9.0, "scope": "inference"}, False),
    ],
)
def test_statements_that_contradict(other: dict[str, Any], is_rival: bool) -> None:
    chosen = said(7.0, line=1, flags=PROSE)
    one = said(**{"line": 2, "flags": PROSE, **other})
    assert bool(rivals(chosen, [chosen, one])) is is_rival
    assert not rivals(said(7.0, None), [one])
    assert not rivals(said(7.0, line=1, scope="experiments"), [one])


def test_stages_of_a_training_do_not_contradict_each_other() -> None:
    chosen = said(7.0, line=1, scope="pre-training")
    assert not rivals(chosen, [chosen, said(9.0, line=2, scope="fine-tuning", flags=PROSE)])
    assert rivals(chosen, [chosen, said(9.0, line=2, scope="unknown", flags=PROSE)])
