"""The multiverse: refusals, determinism, main results among its universes, and a joint test that keeps its size."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import yaml
from msgspec.structs import replace
from question_tables import MemoryTables, from_published, hub, metrics_frame, models_frame
from scipy import stats as scipy_stats

from analysis.cli import main
from analysis.questions import answer_all
from analysis.questions.multiverse import curves
from analysis.questions.multiverse.contributions import Contributions, of_mean, of_slope
from analysis.questions.multiverse.joint import t_statistics, wild_cluster_test
from analysis.questions.multiverse.months import autoregressive_test
from analysis.questions.multiverse.universes import Analyses
from analysis.questions.protocol import Protocol, grid_hash, load, parse
from analysis.questions.study_data import StudyData, TablesLike

PROTOCOL = load()


def only(*claims: str, **options: tuple[str, ...]) -> Protocol:
    """The protocol with some grids, some dimensions of which are cut to a few options."""
    grids = tuple(
        replace(
            grid,
            dimensions=tuple(
                replace(d, options=options[d.id], published=options[d.id][0], headline=options[d.id][-1])
                if d.id in options
                else d
                for d in grid.dimensions
            ),
        )
        for grid in PROTOCOL.multiverse.grids
        if grid.claim in claims
    )
    return replace(PROTOCOL, multiverse=replace(PROTOCOL.multiverse, grids=grids))


def test_the_declared_grid_is_within_bounds_and_names_each_claim_once() -> None:
    grids = PROTOCOL.multiverse.grids
    assert sum(grid.size for grid in grids) < 20_000
    assert len({grid.claim for grid in grids}) == len(grids)
    for grid in grids:
        assert len(curves.choices_of(grid)) == grid.size


def test_same_snapshot_same_bytes_and_the_hash_of_the_grid() -> None:
    protocol = only("domain", "training-type")
    one, two = (curves.run(StudyData(hub(n=300)), protocol, grid_hash(protocol)) for _ in range(2))
    assert msgspec.json.encode(one) == msgspec.json.encode(two)
    assert one.grid_sha256 == grid_hash(protocol) != grid_hash(PROTOCOL)


def test_a_planted_relation_holds_and_no_relation_does_not() -> None:
    kept = {"unit": ("literal", "settled"), "clusters": ("rows", "authors"), "measure": ("bytes",)}
    protocol = only("model-size", **kept, excluded=("nothing",), influential=("kept",))
    planted = curves.run(StudyData(hub(n=900, slope=0.0)), protocol, "").curves[0]
    assert planted.holds == planted.computed > 0
    assert planted.p_median is not None
    assert planted.p_median < 0.01
    none = curves.run(StudyData(hub(n=900, size_power=0.0, slope=0.0)), protocol, "").curves[0]
    assert none.holds < none.computed / 4
    assert none.p_median is not None
    assert none.p_median > 0.02


def test_a_majority_holds_where_its_interval_leaves_out_one_half() -> None:
    curves_of = curves.run(StudyData(hub(n=900)), only("nlp-majority", "basic-majority"), "").curves
    for curve in curves_of:
        rows = [dict(zip([c.name for c in curve.tables[0].columns], row, strict=True)) for row in curve.tables[0].rows]
        for row in rows:
            assert row["p"] is None
            if row["value"] is not None and row["low"] is not None:
                assert row["holds"] == (row["low"] > 0)


def test_a_snapshot_too_small_is_said_so() -> None:
    models = models_frame(n=200).assign(emissions_gco2e=np.nan, emissions_metadata_value=np.nan)
    models.loc[:2, "emissions_gco2e"] = 1.0
    protocol = only("training-type", "domain", "performance-accuracy")
    found = curves.run(StudyData(MemoryTables(models, metrics_frame(models))), protocol, "")
    assert all(curve.computed == 0 for curve in found.curves)
    assert all("no analysis can be computed, " in curve.sentence for curve in found.curves)


def test_tables_of_a_curve() -> None:
    curve = curves.run(StudyData(hub(n=500)), only("training-type"), "").curves[0]
    main_table, choices, explained = curve.tables
    assert [table.id for table in curve.tables] == [
        "multiverse.training-type",
        "multiverse.training-type.choices",
        "multiverse.training-type.explained",
    ]
    names = [column.name for column in main_table.columns]
    frame = pd.DataFrame(main_table.rows, columns=names)
    assert len(frame) == curve.universes
    assert frame["value"].dropna().is_monotonic_increasing
    assert frame["is_published"].sum() == frame["is_headline"].sum() == 1
    assert (frame["band_low"].dropna() <= frame["band_high"].dropna()).all()
    assert len(choices.rows) == curve.universes * 5
    shares = {row[0]: row[2] for row in explained.rows}
    assert all(share is None or 0 <= share <= 1 for share in shares.values())
    assert f"holds in {curve.holds} of {curve.computed}" in curve.sentence


def dependent(rng: np.random.Generator, authors: int) -> list[Contributions]:
    """Eight universes of unrelated columns that share most of their rows; few authors have most of the rows."""
    codes = np.repeat(np.arange(authors), np.minimum(np.ceil(rng.pareto(1.2, authors) + 0.5), 200).astype(int))
    x, y = (rng.normal(size=authors)[codes] + rng.normal(size=len(codes)) for _ in range(2))
    parts = [rng.random(len(codes)) < 0.8 for _ in range(8)]
    return [of_slope(x[part], y[part], codes[part].astype(str)) for part in parts]


def monthly(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=[f"{2021 + i // 12}-{i % 12 + 1:02d}" for i in range(len(values))])


def test_the_wild_cluster_test_keeps_its_size_with_dependent_universes_and_uneven_authors() -> None:
    """Signs of sums without a new error in each draw (before) rejected in .065 and .080."""
    rng, draws = np.random.default_rng(11), 300
    rejected = sum(wild_cluster_test(dependent(rng, 30), 199, seed).p_median <= 0.05 for seed in range(draws))
    assert rejected / draws <= scipy_stats.binom.ppf(0.9999, draws, 0.06) / draws
    rng = np.random.default_rng(13)
    codes = rng.integers(0, 30, 200)
    x = rng.normal(size=200)
    planted = [of_slope(x, 0.5 * x + rng.normal(size=200), codes.astype(str)) for _ in range(3)]
    assert wild_cluster_test(planted, 999, 1).p_median < 0.01


def test_its_statistic_is_the_slope_over_the_cluster_jackknife_error() -> None:
    """Against a refit without each author (statsmodels), with a column held constant."""
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 9, 60)
    x, z = rng.normal(size=(2, 60))
    y = 0.4 * x + 0.3 * z + rng.normal(size=9)[codes] + rng.normal(size=60)
    found = float(t_statistics(of_slope(x, y, codes.astype(str), [z]), np.ones((1, 9)))[0])
    design = sm.add_constant(np.column_stack([x, z]))
    slope = sm.OLS(y, design).fit().params[1]
    without = [sm.OLS(y[codes != one], design[codes != one]).fit().params[1] for one in range(9)]
    assert found == pytest.approx(slope / np.sqrt(8 / 9 * sum((one - slope) ** 2 for one in without)), rel=1e-9)
    shares = np.asarray(rng.integers(0, 2, 60) - 0.5, dtype=np.float64)
    found = float(t_statistics(of_mean(shares, codes.astype(str)), np.ones((1, 9)))[0])
    without = [shares[codes != one].mean() for one in range(9)]
    error = np.sqrt(8 / 9 * sum((one - shares.mean()) ** 2 for one in without))
    assert found == pytest.approx(shares.mean() / error, rel=1e-9)


def test_an_author_without_whom_nothing_can_be_estimated_widens_the_error() -> None:
    codes = np.array(["a"] * 5 + ["b"] * 5 + ["c"] * 5)
    x = (codes == "a").astype(float)
    y = np.arange(15.0)
    assert abs(float(t_statistics(of_slope(x, y, codes), np.ones((1, 3)))[0])) <= np.sqrt(3 / 2)


@pytest.mark.parametrize("alike", [0.0, 0.8])
def test_the_test_of_months_finds_a_trend_and_keeps_its_size_without_one(alike: float) -> None:
    """Shuffled blocks (before) rejected in .115 of series of 17 months at an autocorrelation of .8."""
    rng, draws = np.random.default_rng(12), 150
    trend = [monthly(-0.15 * np.arange(30) + rng.normal(size=30)) for _ in range(4)]
    assert autoregressive_test(trend, 999, 1).p_median < 0.01
    rejected = 0
    for seed in range(draws):
        noise = rng.normal(size=(5, 60))
        for month in range(1, 60):
            noise[:, month] += alike * noise[:, month - 1]
        universes = [monthly(noise[0, 43:] + 0.5 * own[43:]).iloc[k:] for k, own in enumerate(noise[1:])]
        rejected += autoregressive_test(universes, 199, seed).p_median <= 0.05
    assert rejected / draws <= scipy_stats.binom.ppf(0.9999, draws, 0.06) / draws


def test_months_that_are_missing_stay_missing() -> None:
    """A gap counts as the months that it lasts: the line through months 0, 1, 2, 9, 10, 11 is that of these places."""
    whole = monthly(np.arange(12.0) + np.tile([0.3, -0.3], 6))
    gap = whole.iloc[[0, 1, 2, 9, 10, 11]]
    observed = autoregressive_test([gap, gap], 199, 1).observed
    closed = monthly(gap.to_numpy())
    assert observed[0] != autoregressive_test([closed, closed], 199, 1).observed[0]


def main_results(tables: TablesLike) -> None:
    """The universes of the study and of the headline are the results of the questions."""
    results = {result.id: result for answer in answer_all(tables, PROTOCOL) for result in answer.results}
    claims = {claim.id: claim for claim in PROTOCOL.claims}
    analyses = Analyses(StudyData(tables), PROTOCOL)
    for grid in PROTOCOL.multiverse.grids:
        for name, key in (("published", claims[grid.claim].published), ("headline", claims[grid.claim].repaired)):
            choice = {dimension.id: getattr(dimension, name) for dimension in grid.dimensions}
            found = analyses.run(grid, choice).estimate
            if key not in results:  # the share of the published data: its non-reporters were never made public
                assert found.refused is not None
                continue
            if found.refused is not None:
                assert results[key].estimate.n < 30
                continue
            expected = results[key].estimate
            for field in ("estimate", "low", "high", "p"):
                value, wanted = getattr(found, field), getattr(expected, field)
                assert (value is None) == (wanted is None), (grid.claim, name, field)
                assert wanted is None or value == pytest.approx(wanted, rel=1e-9), (grid.claim, name, field)


@pytest.mark.shared
def test_the_universes_of_study_and_headline_are_the_main_results(shared_dir: Path) -> None:
    folder = shared_dir / "published"
    bodies = {"mined": gzip.decompress((folder / "HFStreamlit.csv.gz").read_bytes())}
    bodies |= {"merged": (folder / "HFCO2.csv").read_bytes(), "curated": (folder / "HFClean.csv").read_bytes()}
    frames = {k: pd.read_csv(io.BytesIO(v), dtype={"auto": str}, low_memory=False) for k, v in bodies.items()}
    main_results(from_published(frames))


def test_the_universes_of_study_and_headline_are_the_main_results_where_others_report_nothing() -> None:
    main_results(hub(n=900))


def test_the_share_over_time_and_the_labels_have_their_curves() -> None:
    """A planted rise of the share has a curve; labels are compared with those of 2023."""
    protocol = only("share-trend", "best-labels", unit=("literal", "settled"), clusters=("rows", "authors"))
    share, labels = curves.run(StudyData(hub(n=900)), protocol, "").curves
    assert share.claim == "share-trend"
    assert share.computed > 0
    assert share.p_median is not None
    rows = [dict(zip([c.name for c in labels.tables[0].columns], row, strict=True)) for row in labels.tables[0].rows]
    study = [row for row in rows if row["is_published"]]
    assert study[0]["value"] == pytest.approx(0, abs=1e-12)
    assert labels.computed > 0
    assert labels.p_median is not None


def test_the_command_refuses_a_protocol_with_an_unknown_key(
    tmp_path: Path, project_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from published_like import write as write_published

    from mining.build.run import build
    from mining.paths import Home
    from mining.sources import published

    home = Home(tmp_path / "data")
    raw = published.fetch(home, str(write_published(tmp_path / "files")), verified=False)
    build(raw, home.processed_of(raw))
    content = yaml.safe_load((project_dir / "analysis" / "questions" / "protocol.yml").read_text(encoding="utf-8"))
    content["multiverse"]["grids"] = [g for g in content["multiverse"]["grids"] if g["claim"] == "training-type"]
    text = yaml.safe_dump(content, allow_unicode=True)
    odd = tmp_path / "odd.yml"
    odd.write_text(text + "\nsurprise: 1\n", encoding="utf-8")
    for command in ("multiverse", "analyse"):
        with pytest.raises(SystemExit) as leaving:
            main([command, raw.name, "--out", str(home.root), "--protocol", str(odd)])
        spoken = capsys.readouterr()
        assert leaving.value.code == 2
        assert spoken.err.count("\n") == 1
        assert "odd.yml" in spoken.err
        assert "surprise" in spoken.err
    other = tmp_path / "other.yml"
    other.write_text(text.replace("least_n: 10", "least_n: 12"), encoding="utf-8")
    for _ in range(2):
        try:
            main(["multiverse", raw.name, "--out", str(home.root), "--protocol", str(other)])
        except SystemExit as leaving:
            assert not leaving.code  # noqa: PT017 - the front door may leave with 0
    spoken = capsys.readouterr()
    folder = home.processed(raw.name).results / "multiverse"
    assert "multiverse: current, nothing to do" in spoken.err
    kept = msgspec.json.decode((folder / "multiverse.json").read_bytes())
    assert kept["grid_sha256"] == grid_hash(parse(other.read_bytes()))
    for curve in kept["curves"]:
        lines = (folder / f"multiverse.{curve['claim']}.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) == curve["universes"] + 1
