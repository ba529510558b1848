"""The multiverse: refusals, determinism, main results among its universes, and a joint test that keeps its size."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
import yaml
from msgspec.structs import replace
from question_tables import MemoryTables, from_published, hub, metrics_frame, models_frame

from analysis.cli import main
from analysis.questions import answer_all
from analysis.questions.multiverse import curves
from analysis.questions.multiverse.joint import block_shuffles, sign_flips
from analysis.questions.multiverse.universes import Analyses
from analysis.questions.protocol import Protocol, grid_hash, load, parse
from analysis.questions.study_data import StudyData

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
    assert all("no analysis can be computed, there are too few data" in curve.sentence for curve in found.curves)


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


def test_sign_flips_keep_their_size_with_dependent_universes_and_uneven_authors() -> None:
    rng = np.random.default_rng(11)
    rejected, draws = 0, 400
    for seed in range(draws):
        codes = np.repeat(np.arange(30), np.minimum(np.ceil(rng.pareto(1.2, 30) + 0.5), 60).astype(int))
        x, y = (rng.normal(size=30)[codes] + rng.normal(size=len(codes)) for _ in range(2))
        universes = []
        for _ in range(8):
            part = rng.random(len(codes)) < 0.8
            scores = (x[part] - x[part].mean()) * (y[part] - y[part].mean())
            universes.append(pd.Series(scores).groupby(codes[part]).sum().rename(index=str))
        rejected += sign_flips(universes, 199, seed).p_median <= 0.05
    assert 0.02 <= rejected / draws <= 0.085


def test_block_shuffles_find_a_trend_and_keep_their_size_without_one() -> None:
    rng = np.random.default_rng(12)
    months = [f"{2021 + i // 12}-{i % 12 + 1:02d}" for i in range(30)]
    trend = [pd.Series(-0.1 * np.arange(30) + rng.normal(size=30), index=months) for _ in range(4)]
    assert block_shuffles(trend, 999, 1).p_median < 0.01
    rejected = 0
    for seed in range(120):
        base = rng.normal(size=30)
        universes = [pd.Series(base + 0.5 * rng.normal(size=30), index=months).iloc[k:] for k in range(4)]
        rejected += block_shuffles(universes, 199, seed).p_median <= 0.05
    assert 0.01 <= rejected / 120 <= 0.12


@pytest.mark.shared
def test_the_universes_of_study_and_headline_are_the_main_results(shared_dir: Path) -> None:
    folder = shared_dir / "published"
    bodies = {"mined": gzip.decompress((folder / "HFStreamlit.csv.gz").read_bytes())}
    bodies |= {"merged": (folder / "HFCO2.csv").read_bytes(), "curated": (folder / "HFClean.csv").read_bytes()}
    frames = {k: pd.read_csv(io.BytesIO(v), dtype={"auto": str}, low_memory=False) for k, v in bodies.items()}
    tables = from_published(frames)
    results = {result.id: result for answer in answer_all(tables, PROTOCOL) for result in answer.results}
    claims = {claim.id: claim for claim in PROTOCOL.claims}
    analyses = Analyses(StudyData(tables), PROTOCOL)
    for grid in PROTOCOL.multiverse.grids:
        for name, key in (("published", claims[grid.claim].published), ("headline", claims[grid.claim].repaired)):
            choice = {dimension.id: getattr(dimension, name) for dimension in grid.dimensions}
            found, expected = analyses.run(grid, choice).estimate, results[key].estimate
            for field in ("estimate", "low", "high", "p"):
                value, wanted = getattr(found, field), getattr(expected, field)
                assert (value is None) == (wanted is None), (grid.claim, name, field)
                assert wanted is None or value == pytest.approx(wanted, rel=1e-9), (grid.claim, name, field)


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
