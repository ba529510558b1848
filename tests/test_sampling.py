"""Sampling: allocation, drawing, weights; a weighted estimate covers the census value at its nominal rate."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present
from sample_snapshot import write_snapshot

from analysis.stats import proportion, weighted_share
from mining.build.run import build
from mining.errors import UsageError
from mining.paths import Home, Processed
from mining.sampling import Allocation, Frame, allocate, draw, frame_of, sample_csv, size_for_share
from mining.sampling.drawing import ALLOCATIONS
from sample_hub.synthetic.sample import SampleHub

SIZES = {"a": 5000, "b": 800, "c": 60, "d": 3}


# ---------------------------------------------------------------- allocation


def test_proportional_follows_size() -> None:
    assert allocate({"a": 800, "b": 200}, 100) == {"a": 80, "b": 20}


def test_small_strata_are_never_left_out() -> None:
    given_out = allocate(SIZES, 100)
    assert sum(given_out.values()) == 100
    assert given_out["c"] == 2
    assert given_out["d"] == 2


def test_equal_and_fixed() -> None:
    assert allocate({"a": 800, "b": 200, "c": 5}, 65, "equal") == {"a": 30, "b": 30, "c": 5}
    assert allocate(SIZES, 10, "fixed") == {"a": 10, "b": 10, "c": 10, "d": 3}


def test_neyman_is_size_times_spread() -> None:
    """Cochran 1977, eq. 5.26: n_h in proportion to N_h S_h."""
    assert allocate({"a": 100, "b": 100}, 40, "neyman", spreads={"a": 3.0, "b": 1.0}) == {"a": 30, "b": 10}
    assert allocate({"a": 100, "b": 100}, 40, "neyman") == {"a": 20, "b": 20}


def test_strata_without_spread_still_get_two() -> None:
    assert allocate({"a": 100, "b": 100}, 40, "neyman", spreads={"a": 0.0, "b": 1.0}) == {"a": 2, "b": 38}


def test_refusals() -> None:
    with pytest.raises(UsageError, match="cannot be drawn"):
        allocate({"a": 5}, 6)
    with pytest.raises(UsageError, match="at least 6"):
        allocate({"a": 5, "b": 5, "c": 5}, 5)


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 400), min_size=1),
    st.floats(0, 1),
    st.sampled_from(["proportional", "equal", "neyman"]),
    st.lists(st.floats(0, 50), min_size=8, max_size=8),
)
def test_allocations_keep_their_bounds(
    sizes: dict[str, int], share: float, how: Allocation, numbers: list[float]
) -> None:
    total = sum(sizes.values())
    floor = sum(min(2, size) for size in sizes.values())
    n = floor + round(share * (total - floor))
    found = allocate(sizes, n, how, spreads=dict(zip("abcdefgh", numbers, strict=True)))
    assert sum(found.values()) == n
    assert all(min(2, sizes[name]) <= count <= sizes[name] for name, count in found.items())
    assert found == allocate(
        dict(reversed(list(sizes.items()))), n, how, spreads=dict(zip("abcdefgh", numbers, strict=True))
    )


# ---------------------------------------------------------------- drawing


def labels() -> list[str]:
    return [name for name, size in SIZES.items() for _ in range(size)]


def test_a_draw_has_weights_that_sum_to_the_frame() -> None:
    drawn = draw(labels(), allocate(SIZES, 200), seed=4)
    assert len(set(drawn.rows.tolist())) == 200
    assert drawn.weights.sum() == pytest.approx(sum(SIZES.values()))
    assert np.allclose(drawn.probabilities * drawn.weights, 1)
    counts = Counter(labels()[row] for row in drawn.rows)
    assert counts == allocate(SIZES, 200)


def test_the_same_seed_draws_the_same_and_another_draws_another() -> None:
    one, same, other = (draw(labels(), allocate(SIZES, 50), seed) for seed in (1, 1, 2))
    assert np.array_equal(one.rows, same.rows)
    assert not np.array_equal(one.rows, other.rows)


def test_one_stratum_never_changes_the_draw_of_another() -> None:
    small, large = {"a": 5, "b": 5}, {"a": 5, "b": 50}
    names = ["a"] * 100 + ["b"] * 100
    assert [r for r in draw(names, small, 1).rows if r < 100] == [r for r in draw(names, large, 1).rows if r < 100]


def test_nothing_is_drawn_where_nothing_is_wanted() -> None:
    assert len(draw(["a", "b"], {}, 1).rows) == 0


def test_inclusion_probabilities_are_true() -> None:
    """Over many draws every model of a stratum is drawn as often as its inclusion probability says."""
    names = ["a"] * 20 + ["b"] * 10
    hits = np.zeros(30)
    for seed in range(1000):
        hits[draw(names, {"a": 5, "b": 2}, seed).rows] += 1
    assert hits[:20] / 1000 == pytest.approx(np.full(20, 0.25), abs=0.06)
    assert hits[20:] / 1000 == pytest.approx(np.full(10, 0.2), abs=0.06)


# ---------------------------------------------------------------- size from a margin


def test_sample_size_from_a_margin() -> None:
    """Cochran 1977, 4.4: 385 for five points at 95 %, 370 of 10,000; any textbook table."""
    assert size_for_share(0.05) == 385
    assert size_for_share(0.05, 10_000) == 370
    assert size_for_share(0.01, 3_000_000) == 9_574
    assert size_for_share(0.05, 10) == 10
    assert size_for_share(0.05, 1000, share=0.0) == 1
    with pytest.raises(UsageError):
        size_for_share(0)


# ---------------------------------------------------------------- estimates


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("data")
    home = Home(folder)
    raw = write_snapshot(home.raw("s"), SampleHub(seed=5, n_models=3000), cards=False, page=1000)
    build(raw, home.processed("s"))
    return home


def truth(processed: Processed) -> np.ndarray:
    from mining.schema import ModelRecord
    from mining.tables import read_table

    table = read_table(processed.table("models"), ModelRecord, ["tags", "downloads_count"])
    return np.array(["pytorch" in tags or "safetensors" in tags for tags in table["tags"].to_pylist()], dtype=float)


DRAWS = 1000


@pytest.fixture(scope="module")
def census(built: Home) -> tuple[Frame, np.ndarray]:
    """The frame of the sample Hub and the value of every model in it; read once for all allocations."""
    processed = built.processed("s")
    return frame_of(processed, ("domain",), "downloads_count"), truth(processed)


@pytest.mark.parametrize("how", ALLOCATIONS)
def test_a_weighted_estimate_covers_the_census_value(census: tuple[Frame, np.ndarray], how: Allocation) -> None:
    """A thousand draws of every allocation.

    Intervals of 95 % cover the true share that often, within the error of the simulation.
    """
    frame, values = census
    wanted = allocate(frame.sizes, 50 if how == "fixed" else 400, how, spreads=frame.spreads)
    drawn = [draw(frame.strata, wanted, seed).rows for seed in range(DRAWS)]
    found = [weighted_share(values[rows], strata=frame.strata[rows], population=frame.sizes) for rows in drawn]
    coverage = proportion(sum(one.low <= values.mean() <= one.high for one in found), DRAWS)
    assert present(coverage.high) >= 0.95
    assert present(coverage.low) <= 0.97
    errors = np.array([one.estimate for one in found]) - values.mean()
    assert abs(errors.mean()) < 4 * errors.std() / DRAWS**0.5


def test_neyman_beats_proportional_beats_equal_where_spreads_differ() -> None:
    dice = np.random.default_rng(2)
    sizes = {"calm": 6000, "wild": 1500, "small": 500}
    spread = {"calm": 1.0, "wild": 12.0, "small": 2.0}
    strata = np.array([name for name, size in sizes.items() for _ in range(size)], dtype=object)
    values = np.concatenate([dice.normal(5, spread[name], size) for name, size in sizes.items()])

    def error(how: Allocation) -> float:
        wanted = allocate(sizes, 300, how, spreads=spread)
        means = []
        for seed in range(150):
            drawn = draw(strata, wanted, seed)
            means.append(float(np.average(values[drawn.rows], weights=drawn.weights)))
        return float(np.std(means))

    assert error("neyman") < error("proportional")
    assert error("neyman") < error("equal")


# ---------------------------------------------------------------- frame, CSV and command


def test_the_frame_by_any_variables(built: Home) -> None:
    frame = frame_of(built.processed("s"), ("domain", "size", "popularity", "generator", "year"))
    assert sum(frame.sizes.values()) == 3000
    assert all(name.count(" | ") == 4 for name in frame.sizes)
    only = frame_of(built.processed("s"), ("year",), "emissions_gco2e", only_reporters=True)
    assert 0 < len(only.keys) < 3000
    assert set(only.spreads) == set(only.sizes)
    with pytest.raises(UsageError, match="cannot stratify by colour"):
        frame_of(built.processed("s"), ("colour",))
    with pytest.raises(UsageError, match="not a numeric column"):
        frame_of(built.processed("s"), ("domain",), "name")


def test_the_default_frame_has_the_strata_of_the_account(built: Home) -> None:
    import json

    account = json.loads(built.processed("s").provenance.read_text())["account"]
    assert frame_of(built.processed("s")).sizes == account["strata"]


def test_the_csv_is_a_sample_with_weights(built: Home) -> None:
    frame = frame_of(built.processed("s"), ("domain",))
    text, count = sample_csv(frame, 50, "proportional", 9)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == count == 50
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(3000)
    assert sample_csv(frame, 50, "proportional", 9)[0] == text


def run(*arguments: str) -> Result:
    from analysis.commands.sample import command

    return CliRunner().invoke(command, list(arguments))


def test_the_command(built: Home, tmp_path: Path) -> None:
    out = str(built.root)
    answer = run("s", "--out", out, "--by", "domain", "--n", "30", "--seed", "3", "--quiet")
    assert answer.exit_code == 0, answer.output
    assert len(answer.stdout.splitlines()) == 31
    target = tmp_path / "sample.csv"
    assert run("s", "--out", out, "--by", "domain", "--margin", "0.05", "--to", str(target)).exit_code == 0
    assert len(target.read_text().splitlines()) == size_for_share(0.05, 3000) + 1
    assert isinstance(run("s", "--out", out).exception, UsageError)
    assert isinstance(run("s", "--out", out, "--n", "5", "--margin", "0.1").exception, UsageError)
    assert isinstance(run("absent", "--out", out, "--n", "5").exception, UsageError)
