"""Estimates stay apart: in no reported column, no class, no suggested metadata, and in no sum over a snapshot."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_snapshot import write_snapshot

from analysis import classify_card
from analysis.cli import main
from analysis.estimates.of_models import COLUMNS, estimate_of_row, estimate_routes
from analysis.questions import rq3_1, rq3_2, rq3_3, rq3_4, rq3_5
from analysis.questions.estimated_models import Estimated, estimated_models
from analysis.questions.protocol import load
from analysis.questions.study_data import StudyData
from analysis.questions.tables import Tables
from benchmarks import bench_estimates
from mining.paths import Home
from mining.schema import TABLES
from sample_hub.synthetic.sample import SampleHub

RUNS = (
    "- **Hours used:** {hours:.2f}\n",
    "\nThe model has 7 billion parameters. It was trained for {tokens}B tokens.\n",
    "\nTraining compute: {tokens}e20 FLOPs\n",
    "\nIt was fine-tuned on {tokens}M tokens for 3 epochs.\n",
    "",
)


@given(
    run=st.sampled_from(RUNS),
    relation=st.sampled_from(["", "base_model: org/base-7b\nbase_model_relation: adapter\n"]),
    hours=st.floats(0.1, 1e5),
    tokens=st.integers(1, 900),
    count=st.integers(1, 4096),
    grams=st.one_of(st.none(), st.floats(1, 1e9)),
    device=st.sampled_from(["A100", "H100 SXM", "RTX 3090", "T4"]),
)
@settings(max_examples=60, deadline=None)
def test_no_estimate_enters_a_reported_value_a_class_or_metadata(
    run: str, relation: str, hours: float, tokens: int, count: int, grams: float | None, device: str
) -> None:
    """A card's classification is the same, field by field, whether or not anything could be estimated of it."""
    stated = f"co2_eq_emissions:\n  emissions: {grams!r}\n" if grams is not None else ""
    front = f"---\n{stated}{relation}---\n" if stated or relation else ""
    card = f"{front}# A model\n\n- **Hardware Type:** {count} x {device}\n{run.format(hours=hours, tokens=tokens)}"
    with pytest.MonkeyPatch.context() as patch:
        with_it = json.loads(classify_card(card).to_json())
        patch.setattr("analysis.classify.classification.estimate_of", lambda *_: bench_estimates.NO_ESTIMATE)
        without = json.loads(classify_card(card).to_json())
    assert with_it.pop("estimate") != without.pop("estimate")
    assert with_it == without
    assert (with_it["emissions"]["grams"] is None) == (grams is None)


def test_no_column_of_the_tables_holds_an_estimate() -> None:
    names = {name for table in TABLES.values() for name in table.__struct_fields__}
    assert not [name for name in names if "estimat" in name or "statistical" in name]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tables, Path]]:
    folder = tmp_path_factory.mktemp("estimates")
    write_snapshot(folder / "raw" / "s", SampleHub(seed=3, n_models=800, reporter_scale=4.0))
    main(["build", "s", "--out", str(folder), "--quiet"])
    with Tables(Home(folder).processed("s")) as tables:
        yield tables, Home(folder).processed("s").table("models")


def numbers(value: Any) -> Iterator[float]:
    """Every number anywhere in an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def test_no_question_sums_estimates_over_the_snapshot(study: tuple[Tables, Path]) -> None:
    """Neither energy nor emissions at any boundary: none of their sums stands in any answer."""
    import msgspec

    data, protocol = StudyData(study[0]), load()
    models = estimated_models(data)
    estimated = [one for one in models if one.answer.emissions_gco2e is not None]
    assert len(estimated) > 5
    sums = [math.fsum(values) for values in _amounts(estimated)]
    for question in (rq3_1, rq3_2, rq3_3, rq3_4, rq3_5):
        answer = msgspec.to_builtins(_plain(question.uncorrected(data, protocol)))
        for number in numbers(answer):
            assert not any(total and math.isclose(number, total, rel_tol=1e-6) for total in sums)


def _amounts(models: list[Estimated]) -> Iterator[list[float]]:
    for factor in (1.0, 1e-3, 1e-6):
        for end in ("low", "central", "high"):
            yield [factor * getattr(one.answer.emissions_gco2e, end) for one in models]
            yield [factor * getattr(one.answer.boundaries.facility, end) for one in models]


def _plain(made: Any) -> Any:
    return {name: getattr(made, name) for name in ("results", "tables", "n_flow") if hasattr(made, name)}


def test_what_the_data_cannot_tell_is_refused_and_no_share_of_nought(tmp_path: Path) -> None:
    """Where every model reports, none names a base and no factor is stated, these questions give no zero."""
    for name in ("one", "two"):
        (tmp_path / "cards" / name).mkdir(parents=True)
        front = "---\nco2_eq_emissions:\n  emissions: 1200\n---\n"
        text = f"# {name}\n- **Hardware Type:** 2 x A100\n- **Hours used:** 20\n"
        (tmp_path / "cards" / name / "README.md").write_text(front + text, encoding="utf-8")
    main(["crawl", "--source", "cards", "--from", str(tmp_path / "cards"), "--out", str(tmp_path), "--quiet"])
    main(["build", "latest", "--out", str(tmp_path), "--quiet"])
    with Tables(Home(tmp_path).processed_of(Home(tmp_path).find("latest"))) as tables:
        data, protocol = StudyData(tables), load()
        found = {
            result.id: result.estimate
            for question in (rq3_1, rq3_4, rq3_5)
            for result in question.uncorrected(data, protocol).results.values()
        }
    refusals = {name.rpartition(".")[0]: one.refused for name, one in found.items() if one.refused}
    assert refusals == {
        "rq3.1.estimable-silent": rq3_1.NO_SILENT,
        "rq3.4.formula": rq3_4.NONE_TOLD,
        "rq3.5.reused": rq3_5.NO_BASES,
    }
    assert (found["rq3.5.tasks.repaired"].estimate or 0) > 1000


def test_routes_beside_the_table_are_those_of_the_questions(study: tuple[Tables, Path]) -> None:
    tables, path = study
    routes = estimate_routes(pq.ParquetFile(path)).to_pylist()
    keys = pq.read_table(path, columns=["model_key"])["model_key"].to_pylist()
    wanted = {row["model_key"]: estimate_of_row(row)[1].route for row in _rows(tables)}
    assert len(routes) == len(keys)
    assert {key: route for key, route in zip(keys, routes, strict=True) if route} == {
        key: route for key, route in wanted.items() if route
    }
    assert "hours" in routes


def _rows(tables: Tables) -> list[dict[Any, Any]]:
    frame = tables.query(f"SELECT {', '.join(COLUMNS)} FROM models WHERE hardware IS NOT NULL")
    return frame.astype(object).where(frame.notna(), None).to_dict("records")
