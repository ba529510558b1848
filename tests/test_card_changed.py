"""The answer follows the card: copies of annotated cards with another number, unit, label, device, place or tool."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.shared

EXTRA_FIELDS = {
    "hardware": 0.98,
    "hours": 0.97,
    "region": 0.98,
    "provider": 0.98,
    "tool": 0.98,
    "training_type": 0.98,
    "count": 0.98,
    "doubt": 0.98,
}


@pytest.fixture(scope="module")
def harness(project_dir: Path) -> Any:
    """The module that makes the copies."""
    if not (project_dir / "benchmarks" / "changed_cards.py").is_file():
        pytest.skip("the benchmarks are not part of this installation")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_dir))
        from benchmarks import changed_cards
    return changed_cards


@pytest.fixture(scope="module")
def changed(shared_dir: Path, harness: Any) -> Any:
    """Every change of every annotated card, once."""
    done, left_out = harness.run(1, shared_dir / "cards")
    return SimpleNamespace(module=harness, done=done, left_out=left_out)


def misses(cases: list[Any]) -> list[tuple[Any, ...]]:
    return [
        (case.kind, case.card.name, case.got, case.card.truths or dict(case.card.expected))
        for case in cases
        if case.outcome != "right"
    ]


def test_emissions_follow_every_change(changed: Any) -> None:
    cases = [case for case in changed.done if case.field.startswith("emissions")]
    assert len(cases) > 1_500
    assert not [case for case in cases if case.outcome == "silent"]
    assert len(misses(cases)) <= 0.01 * len(cases), misses(cases)
    kinds = Counter(case.kind for case in cases)
    wrong = Counter(case.kind for case in cases if case.outcome != "right")
    loose = {kind: 0.9 if kind == "label foreign" else 0.98 for kind in kinds}
    assert {kind: wrong[kind] for kind in kinds if wrong[kind] > (1 - loose[kind]) * kinds[kind]} == {}


@pytest.mark.parametrize("field", sorted(EXTRA_FIELDS))
def test_context_follows_every_change(changed: Any, field: str) -> None:
    cases = [case for case in changed.done if case.field == field]
    assert len(cases) >= 10
    assert len(misses(cases)) <= (1 - EXTRA_FIELDS[field]) * len(cases), misses(cases)


def test_what_was_left_out_says_why(changed: Any) -> None:
    assert all(reason for _, reason in changed.left_out)
    rows = changed.module.table(changed.done, changed.left_out)
    assert sum(row["copies"] for row in rows) == len(changed.done)


def test_the_yardstick_notices_a_unit(harness: Any) -> None:
    """Planted answers: a silent slip, a warned one, a plain error, a rounding, a refusal, an invention."""
    judged, follows = harness.judged, harness.follows
    assert [
        judged(got, (1500.0,), warned)
        for got, warned in ((1.5, False), (1.5, True), (1700.0, False), (1501.0, False), (None, False))
    ] == [*("silent", "wrong", "wrong", "right", "missed")]
    assert judged(680388.6, (1500.0,), False) == "silent"
    assert (judged(None, (), False), judged(0.0, (), False)) == ("right", "spurious")
    assert follows("NVIDIA A100", "a10") == "wrong"
    assert follows("NVIDIA GeForce RTX 3090", "rtx 3090") == "right"
    assert [follows(got, 12.0) for got in (12.1, 13.0, None)] == ["right", "wrong", "missed"]
