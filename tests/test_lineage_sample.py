"""A round trip over the synthetic Hub: what its generator knows comes back.

This is a round trip, never accuracy on real cards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sample_snapshot import write_snapshot

from mining.build.run import build
from mining.paths import Processed
from mining.schema import ModelRecord
from mining.tables import read_table
from sample_hub.synthetic.sample import SampleHub

MODELS = 4000
LEAST = 0.99
Pair = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """Truth and row of every model."""
    folder = tmp_path_factory.mktemp("sample")
    hub = SampleHub(seed=11, n_models=MODELS, reporter_scale=4.0)
    build(write_snapshot(folder / "raw", hub), Processed(folder / "p"))
    rows = {row["model_id"]: row for row in read_table(folder / "p" / "models.parquet", ModelRecord).to_pylist()}
    truths = [hub.truth(index) for index in range(MODELS)]
    return [(truth, rows[truth["model_id"]]) for truth in truths]


@pytest.fixture(scope="module")
def reporters(pairs: list[Pair]) -> list[Pair]:
    """Models that report and whose card was read."""
    return [(truth, row) for truth, row in pairs if truth["reports"] and row["card_status"] == "read"]


def share(pairs: list[Pair], agrees: Callable[[dict[str, Any], dict[str, Any]], bool]) -> float:
    assert len(pairs) >= 100
    return sum(bool(agrees(truth, row)) for truth, row in pairs) / len(pairs)


def test_domain(pairs: list[Pair]) -> None:
    assert share(pairs, lambda truth, row: row["domain"] == truth["domain"]) >= LEAST


def test_base_models_and_relation(pairs: list[Pair]) -> None:
    own = [
        (truth, row) for truth, row in pairs if truth["lineage"] not in {"copy", "original"} and truth["base_models"]
    ]
    assert share(own, lambda truth, row: sorted(row["base_models"]) == sorted(truth["base_models"])) >= LEAST
    assert share(own, lambda truth, row: row["base_relation"] == truth["lineage"]) >= LEAST


def test_generator_where_the_card_was_read(pairs: list[Pair]) -> None:
    """Copied cards are left out: the tool wrote the text, though not for this model."""
    read = [(truth, row) for truth, row in pairs if row["card_status"] == "read" and truth["lineage"] != "copy"]
    assert share(read, lambda truth, row: row["generator"] == truth["generator"]) >= LEAST


def test_parameters_that_the_files_tell(pairs: list[Pair]) -> None:
    """Adapters and pipelines of several networks store something else than the parameters of one model."""
    told = [
        (truth, row)
        for truth, row in pairs
        if row["parameters_source"] == "safetensors" and truth["kind"] not in {"adapter", "diffusers"}
    ]
    assert share(told, lambda truth, row: abs(row["parameters_count"] / truth["parameters_count"] - 1) < 0.01) >= LEAST


def test_first_commits_at_the_floor(pairs: list[Pair]) -> None:
    old = [
        (truth, row)
        for truth, row in pairs
        if row["created_at_is_floor"] or truth["first_commit"] < "2022-03-02T23:29:04"
    ]
    assert (
        share(
            old, lambda truth, row: row["created_at_is_floor"] or row["created_at"][:19] == truth["first_commit"][:19]
        )
        == 1.0
    )


def test_emissions_of_reporters(reporters: list[Pair]) -> None:
    def agrees(truth: dict[str, Any], row: dict[str, Any]) -> bool:
        grams = row["emissions_gco2e"]
        return grams is not None and abs(grams - truth["stated_grams"]) <= 0.01 * truth["stated_grams"] + 1e-9

    assert share(reporters, agrees) >= LEAST


@pytest.mark.parametrize("flag", ["inherited", "exercise"])
def test_flags(reporters: list[Pair], flag: str) -> None:
    kinds = {"inherited": {"inherited", "copied-card", "near-duplicate"}, "exercise": {"exercise"}}[flag]
    assert (
        share(reporters, lambda truth, row: bool(kinds & set(row["emissions_flags"])) == (flag in truth["flags"]))
        >= LEAST
    )
    assert sum(flag in truth["flags"] for truth, _ in reporters) >= 10


def test_constants_that_come_often_enough(reporters: list[Pair]) -> None:
    """An author's value is a constant from five models on.

    Rarer ones cannot be told from a coincidence and are not asked for.
    """
    counts = Counter((truth["author"], truth["stated_value"]) for truth, _ in reporters if "constant" in truth["flags"])

    def agrees(truth: dict[str, Any], row: dict[str, Any]) -> bool:
        expected = "constant" in truth["flags"] and counts[truth["author"], truth["stated_value"]] >= 5
        return ("constant" in row["emissions_flags"]) == expected

    assert share(reporters, agrees) >= LEAST


def test_one_training_is_counted_once(reporters: list[Pair]) -> None:
    """Left after the flags: reports of trainings of their own, none twice."""
    foreign = {"inherited", "copied-card", "near-duplicate", "exercise"}
    left = [(truth, row) for truth, row in reporters if not foreign & set(row["emissions_flags"])]
    assert share(left, lambda truth, row: truth["counts"]) >= LEAST
