"""The questions: both versions, repairs in order, corrections across questions.

Conclusions that turn over with the numbers.
"""

from __future__ import annotations

import gzip
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
from msgspec.structs import replace
from present import present
from question_tables import MemoryTables, from_published, hub, metrics_frame, models_frame

from analysis import stats
from analysis.published.recompute import recompute
from analysis.questions import answer_all, descriptives, rq1_2, rq2_1, rq2_2, rq2_3, rq2_4
from analysis.questions import result_tables as catalogue
from analysis.questions.protocol import load
from analysis.questions.rq1_2 import uncorrected as uncorrected_rq1_2
from analysis.questions.study_data import StudyData, cluster_of, group_of, performance_score, quarter_of
from analysis.questions.uncorrected_answer import finish
from analysis.results import Answer, Result

PROTOCOL = load()


def answers_of(tables: MemoryTables) -> dict[str, Answer]:
    return {answer.question: answer for answer in answer_all(tables, PROTOCOL)}


@pytest.fixture(scope="module")
def found() -> dict[str, Answer]:
    return answers_of(hub())


def result(answers: dict[str, Answer], key: str) -> Result:
    question = key.split(".", 2)
    answer = answers[f"{question[0].upper()}.{question[1]}"]
    return next(result for result in answer.results if result.id == key)


def table(answers: dict[str, Answer], key: str) -> pd.DataFrame:
    answer = answers[key.split(".", maxsplit=1)[0].upper().replace("_", ".")]
    kept = next(table for table in answer.tables if table.id == key)
    return pd.DataFrame(list(kept.rows), columns=[column.name for column in kept.columns])


def test_every_table_of_the_catalogue_is_filled(found: dict[str, Answer]) -> None:
    made = {table.id: table for answer in found.values() for table in answer.tables}
    assert set(made) == set(catalogue.CATALOGUE)
    for identifier, kept in made.items():
        assert kept.columns == catalogue.CATALOGUE[identifier][1]
        assert all(len(row) == len(kept.columns) for row in kept.rows)
    empty = {identifier for identifier, kept in made.items() if not kept.rows}
    estimates = {f"rq3_{number}.{name}" for number in range(1, 6) for name in ("forest", "repairs")} | {
        "rq3_5.families"
    }
    assert empty <= estimates | {f"{question}.forest" for question in ("rq1_3", "rq1_4", "rq2_5")}


def test_documentation_lists_the_catalogue() -> None:
    import analysis.questions

    assert "``CATALOGUE``" in (analysis.questions.__doc__ or "")
    assert all(title for title, _ in catalogue.CATALOGUE.values())


def test_a_row_of_the_wrong_width_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rq1_4\.confusion"):
        catalogue.table("rq1_4.confusion", [("a", "b")])


def test_every_p_value_is_corrected_within_its_family(found: dict[str, Answer]) -> None:
    results = [result for answer in found.values() for result in answer.results]
    assert len({result.id for result in results}) == len(results)
    for family in PROTOCOL.families:
        raw = {result.id: result.estimate.p for result in results if result.family == family.id}
        assert {key: result.p_adjusted for key in raw for result in results if result.id == key} == stats.adjust(raw)
    for result in results:
        if result.estimate.p is None:
            assert result.p_adjusted is None
        else:
            assert (result.family is None) == (result.role != "main"), result.id
            assert (result.p_adjusted is None) == (result.family is None)
            assert result.p_adjusted is None or result.p_adjusted >= result.estimate.p


def test_checks_stand_as_they_are_and_no_estimate_is_corrected_twice(found: dict[str, Answer]) -> None:
    """One family of 62 checks made the identical estimate and p print two adjusted values."""
    results = [result for answer in found.values() for result in answer.results]
    checks = [result for result in results if result.role == "check" and result.estimate.p is not None]
    assert checks
    assert all(result.p_adjusted is None and ".check." in result.id for result in checks)
    assert all(result.p_adjusted is None for result in results if result.role == "outside")
    seen: dict[tuple[str, str], set[str | None]] = {}
    for result in results:
        if result.family is not None:
            seen.setdefault((result.id, "family"), set()).add(result.family)
    assert all(len(families) == 1 for families in seen.values())


def test_pending_cells_hold_the_corrected_p(found: dict[str, Answer]) -> None:
    trends = table(found, "rq1_2.trends").set_index(["cohort", "method", "version"])
    key = result(found, "rq1.2.trend.repaired")
    assert trends.loc[("all reporters", "Theil-Sen", "repaired"), "p_adjusted"] == key.p_adjusted
    forest = table(found, "rq2_4.forest").set_index("result")
    assert forest.loc["rq2.4.domain.repaired", "p_adjusted"] == result(found, "rq2.4.domain.repaired").p_adjusted
    assert not forest.index.str.contains("without").any()


def test_repairs_come_in_the_order_of_the_protocol(found: dict[str, Answer]) -> None:
    for question in PROTOCOL.questions:
        steps = found[question.id].repairs
        assert [step.repair for step in steps] == list(question.repairs)
        for earlier, later in pairwise(steps):
            if later.before.keys() == earlier.after.keys():
                assert later.before == earlier.after


def test_planted_effects_are_found(found: dict[str, Answer]) -> None:
    assert present(result(found, "rq1.2.trend.repaired").estimate.high) < 0
    assert present(result(found, "rq2.2.model-size.repaired").estimate.low) > 0.3
    assert present(result(found, "rq2.3.training-type.repaired").estimate.effect_low) > 0.5
    at_size = result(found, "rq2.4.at-size.repaired").estimate
    assert present(at_size.low) < -1.0 < present(at_size.high)
    slope = result(found, "rq2.2.check.model-size-slope.repaired").estimate
    assert present(slope.low) < 0.6 < present(slope.high)
    assert present(result(found, "rq2.1.autotrain-accuracy.repaired").p_adjusted) > 0.05


def test_related_performance_is_found() -> None:
    answers = answers_of(hub(n=1200, related=1.0))
    assert present(result(answers, "rq2.1.autotrain-accuracy.repaired").p_adjusted) < 0.05
    assert present(present(present(present(answers["RQ2.1"]).conclusion).parts[0]).sentence).startswith(
        "Emissions grow with accuracy"
    )


def test_rising_share_is_found() -> None:
    answers = answers_of(hub(share_slope=0.1))
    odds = result(answers, "rq1.1.trend.repaired").estimate
    assert odds.low < np.exp(0.1) < odds.high
    assert any("months resemble each other" in said for said in odds.assumptions)
    assert present(present(answers["RQ1.1"]).conclusion).verdict == "confirmed"
    assert "The share of new models that report rises" in present(present(answers["RQ1.1"]).conclusion).sentence
    assert table(answers, "rq1_1.monthly_share").query("version == 'repaired'")["fitted_share"].is_monotonic_increasing


def test_a_planted_reversal_turns_the_conclusions_over() -> None:
    literal, settled = models_frame(slope=-0.12, vision=-1.5), models_frame(slope=0.12, vision=1.5)
    models = literal.assign(emissions_gco2e=settled["emissions_gco2e"])
    answers = answers_of(MemoryTables(models, metrics_frame(models)))
    assert present(present(answers["RQ1.2"]).conclusion).verdict == "contradicted"
    assert present(present(present(answers["RQ1.2"]).conclusion).sentence).startswith("Reported emissions rise")
    assert "The 2023 recipe does not agree" in present(present(answers["RQ1.2"]).conclusion).sentence
    raw, direct = present(present(answers["RQ2.4"]).conclusion).parts
    assert raw.verdict == direct.verdict == "contradicted"
    assert raw.sentence.startswith("Computer vision models emit more than language models")
    first = answers["RQ1.2"].repairs[0]
    assert first.repair == "settled-values"
    assert present(first.before["slope, g per month"]) < 0 < present(first.after["slope, g per month"])
    assert first.n_changed == int(
        (settled["emissions_gco2e"] != literal["emissions_gco2e"])[models["emissions_gco2e"].notna()].sum()
    )


def test_the_same_numbers_stand(found: dict[str, Answer]) -> None:
    assert present(present(found["RQ1.2"]).conclusion).verdict == "confirmed"
    assert present(present(present(found["RQ1.2"]).conclusion).sentence).startswith("Reported emissions fall")
    assert "as published" not in present(present(found["RQ1.2"]).conclusion).sentence
    assert present(present(found["RQ2.2"]).conclusion).holds is True


def test_flags_are_left_out_in_order_and_the_first_of_a_series_stays() -> None:
    models = models_frame(n=600)
    reporting = list(models.index[models["emissions_gco2e"].notna()])
    flags = models["emissions_flags"].tolist()
    plan = {
        "inherited": reporting[:4],
        "constant": reporting[4:10],
        "exercise": reporting[10:13],
        "implausible": reporting[13:15],
    }
    for flag, rows in plan.items():
        for row in rows:
            flags[row] = [flag]
    models["emissions_flags"] = flags
    first = models.loc[reporting[4], "model_key"]
    keys = models.loc[plan["constant"], "model_key"]
    lineage = pd.DataFrame({"model_key": list(keys), "lineage_kind": "constant", "group": first})
    answers = answers_of(MemoryTables(models, metrics_frame(models), lineage=lineage))
    steps = {step.repair: step.n_changed for step in answers["RQ2.4"].repairs}
    assert (steps["own-measurements"], steps["constants-once"], steps["no-exercises"], steps["no-doubtful"]) == (
        4,
        5,
        3,
        2,
    )
    flow = dict(answers["RQ2.4"].n_flow)
    assert flow["all models"] == 600
    assert flow["no doubtful"] == len(reporting) - 14
    without = table(answers, "rq1_3.with_without").set_index("without")["n"]
    assert without["nothing"] - without["copies and totals"] == 4
    assert without["all flagged"] == len(reporting) - 14


def test_zero_is_kept_in_ranks_and_never_put_into_a_logarithm() -> None:
    models = models_frame(n=600)
    rows = models.index[models["emissions_gco2e"].notna()][:7]
    models.loc[rows, ["emissions_gco2e", "emissions_metadata_value"]] = 0.0
    answers = answers_of(MemoryTables(models, metrics_frame(models)))
    kept = int(models["emissions_gco2e"].notna().sum())
    assert result(answers, "rq2.2.check.model-size-spearman.repaired").estimate.n == kept
    assert result(answers, "rq2.2.model-size.repaired").estimate.n == kept - 7
    assert result(answers, "rq2.2.model-size.as-published").estimate.n < kept - 7
    labels = next(step for step in answers["RQ2.5"].repairs if step.repair == "label-settled-values")
    assert sum(map(present, labels.after.values())) == kept - 7


def test_a_repaired_label_of_the_batch_needs_two_metrics_and_a_value_of_its_own() -> None:
    models = models_frame(n=600)
    metrics = metrics_frame(models)
    reporters = models.index[models["emissions_gco2e"].notna()]
    bare, total = reporters[:9], reporters[9:14]
    models["downloads_count"] = models["downloads_count"].astype(float)
    models.loc[bare, ["storage_bytes", "datasets_bytes", "downloads_count"]] = np.nan
    models["emissions_scope"] = None
    models.loc[total, "emissions_scope"] = "family-total"
    keys = set(models.loc[bare, "model_key"])
    answers = answers_of(MemoryTables(models, metrics[~metrics["model_key"].isin(keys)]))
    steps = {step.repair: step for step in answers["RQ2.5"].repairs}
    assert steps["label-comparable"].before["none"] == 0
    assert (steps["label-comparable"].after["none"], steps["label-comparable"].n_changed) == (14, 14)
    ratings = table(answers, "rq2_5.ratings").query("metric == 'co2_eq_emissions'").groupby("version")["models"].sum()
    assert ratings["repaired"] == ratings["as-published"] - 14
    assert result(answers, "rq2.5.best-share.as-published").estimate.n == len(reporters)
    assert result(answers, "rq2.5.best-share.repaired").estimate.n == len(reporters) - 14


def test_without_the_population_it_says_so_instead_of_guessing() -> None:
    models = models_frame(n=600)
    answers = answers_of(MemoryTables(models, metrics_frame(models), plan="reporters"))
    for question in ("RQ1.1", "RQ1.3", "RQ1.4"):
        assert answers[question].status == "partly"
        assert "reporters" in present(answers[question].reason)
    assert present(present(answers["RQ1.1"]).conclusion).verdict == "not-answerable"
    assert table(answers, "rq1_1.monthly_share")["share"].isna().all()
    assert set(table(answers, "rq1_3.tags")["population"]) == {"reporters"}


def test_the_population_is_counted_where_it_is_there(found: dict[str, Answer]) -> None:
    shares = table(found, "rq1_3.domain").query("version == 'repaired'").set_index("domain")
    assert shares["models"].sum() == 1600
    assert (shares["share_within"] == shares["reporters"] / shares["models"]).all()
    models = hub().query("SELECT coalesce(domain, 'none') AS domain, count(*) AS n FROM models GROUP BY 1")
    assert shares["models"].to_dict() == dict(zip(models["domain"], models["n"], strict=True))
    classes = table(found, "rq1_4.classes").query("version == 'repaired'")
    assert classes["models"].sum() == 1600
    assert set(table(found, "rq1_3.frameworks_quarterly")["population"]) == {"reporters", "all models"}


def test_population_tables_equal_plain_counts_of_models() -> None:
    """Cells without a reporter were left out.

    A domain in which no model reports vanished from "domains among all models".
    """
    models = models_frame(n=900)
    silent = (models["domain"] == "Audio") | (models["year_month"] < "2023-07")
    models.loc[silent, ["emissions_gco2e", "emissions_metadata_value"]] = np.nan
    answers = answers_of(MemoryTables(models, metrics_frame(models)))
    domains = table(answers, "rq1_3.domain").query("version == 'repaired'").set_index("domain")
    known = models["domain"].fillna("none")
    assert domains["models"].to_dict() == known.value_counts().to_dict()
    assert domains.loc["Audio", "reporters"] == 0
    cells = table(answers, "rq1_3.domain_quarterly").set_index(["quarter", "domain"])["models"].astype(int)
    quarters = pd.Series([quarter_of(month) for month in models["year_month"]])
    assert cells.to_dict() == models.groupby([quarters, known]).size().to_dict()
    for name, columns in (
        ("tags", ["tag"]),
        ("frameworks_quarterly", ["quarter", "framework"]),
        ("models_monthly", ["month"]),
    ):
        rows = table(answers, f"rq1_3.{name}")
        assert rows["population"].iloc[0] == "all models"
        found = rows.query("population == 'all models'").set_index(columns)["models"].to_dict()
        if name == "tags":
            expected = models["tags"].explode().value_counts().to_dict()
        elif name == "models_monthly":
            expected = models.groupby("year_month").size().to_dict()
        else:
            expected = {(quarter, "pytorch"): int((quarters == quarter).sum()) for quarter in set(quarters)}
        assert found == expected
    monthly = models.groupby("year_month").size()
    dated = models[~models["created_at_is_floor"]].groupby("year_month").size()
    for version, counts in (("as-published", monthly), ("repaired", dated)):
        shares = table(answers, "rq1_1.monthly_share").query(f"version == '{version}'").set_index("month")["models"]
        assert shares.to_dict() == {month: counts[month] for month in shares.index}
        assert set(shares.index) >= set(counts.index[:-1])
    by_group = table(answers, "rq1_1.monthly_by_group")
    assert (by_group["models"] == by_group["month"].map(monthly)).all()
    traits = table(answers, "rq1_3.selection").set_index("trait")["models"]
    assert traits["NLP"] == (known == "NLP").sum()
    assert traits["domain unknown"] == (known == "none").sum()
    assert traits["size in parameters known"] == models["parameters_count"].notna().sum()


def test_shares_carry_an_interval_that_counts_authors(found: dict[str, Answer]) -> None:
    share = result(found, "rq1.3.nlp-share.repaired").estimate
    assert share.details["n_clusters"] == 83
    assert (
        present(share.low)
        <= present(share.details["naive_low"])
        <= present(share.estimate)
        <= present(share.details["naive_high"])
        <= present(share.high)
    )
    for name in ("rq1_3.domain", "rq1_3.library", "rq1_4.context", "rq2_5.labels"):
        rows = table(found, name)
        rows = rows.query("version == 'repaired'") if "version" in rows else rows
        assert (rows["low_by_author"] <= rows["share"]).all()
        assert (rows["share"] <= rows["high_by_author"]).all()


def test_month_of_creation_is_held_where_the_direct_effect_is_asked_for() -> None:
    """Vision models of a late month emit little because the month is late.

    Raw and at equal size they differ, directly they do not.
    """
    models = models_frame(n=1600, vision=0.0, slope=-0.15)
    late = models["year_month"] >= "2024-01"
    models.loc[late, "domain"] = np.where(np.arange(late.sum()) % 4, "Computer Vision", "NLP")
    models.loc[~late, "domain"] = np.where(np.arange((~late).sum()) % 4, "NLP", "Computer Vision")
    answers = answers_of(MemoryTables(models, metrics_frame(models)))
    assert present(result(answers, "rq2.4.at-size.repaired").estimate.high) < 0
    direct = result(answers, "rq2.4.direct.repaired").estimate
    assert present(direct.low) < 0 < present(direct.high)
    assert abs(present(direct.estimate)) < 0.2
    total = result(answers, "rq2.4.total.repaired").estimate
    assert abs(present(total.estimate)) < 0.3


def test_log_trend_recovers_a_planted_fall(found: dict[str, Answer]) -> None:
    trend = result(found, "rq1.2.log-trend.repaired").estimate
    assert trend.unit == "%/month"
    assert present(trend.low) < 100 * (np.exp(-0.08) - 1) < present(trend.high) < 0
    assert present(result(found, "rq1.2.log-trend-all-but-autotrain.repaired").estimate.high) < 0


def test_clusters_are_named(found: dict[str, Answer]) -> None:
    domain = result(found, "rq2.4.domain.repaired").estimate
    assert "clusters are authors" in domain.assumptions
    assert present(domain.details["n_clusters"]) > 10
    models = models_frame(n=800).assign(author=None)
    unknown = answers_of(MemoryTables(models, metrics_frame(models)))
    assert any("stems of names" in words for words in result(unknown, "rq2.4.domain.repaired").estimate.assumptions)


def test_nobody_reports() -> None:
    models = models_frame(n=200).assign(emissions_gco2e=np.nan, emissions_metadata_value=np.nan, emissions_source=None)
    answers = answers_of(MemoryTables(models, metrics_frame(models)))
    asked = {name: answer.status for name, answer in answers.items() if name not in {"RQ3.1", "RQ3.3", "RQ3.5"}}
    assert set(asked.values()) == {"not-answerable"}
    assert all(answers[name].reason for name in asked)
    assert all(
        answer.conclusion is None or answer.conclusion.verdict == "not-answerable" for answer in answers.values()
    )


@pytest.mark.parametrize("rows", [0, 3])
def test_next_to_nothing_is_refused_not_crashed(rows: int) -> None:
    models = models_frame(n=200).assign(emissions_gco2e=np.nan, emissions_metadata_value=np.nan)
    models.loc[: rows - 1, "emissions_gco2e"] = [1.0, 0.0, 5.0][:rows]
    answers = answers_of(MemoryTables(models if rows else models.head(0), metrics_frame(models)))
    assert answers["RQ2.2"].status == "not-answerable"
    assert all(result.estimate.refused or result.estimate.n <= 3 for result in answers["RQ2.4"].results)


def test_same_tables_same_bytes(found: dict[str, Answer]) -> None:
    again = msgspec.json.encode(answer_all(hub(), PROTOCOL))
    assert again == msgspec.json.encode(list(found.values()))
    assert b"NaN" not in again


def test_answers_survive_json(found: dict[str, Answer]) -> None:
    for answer in found.values():
        again = msgspec.json.decode(msgspec.json.encode(answer), type=Answer)
        assert again.results == answer.results
        assert again.conclusion == answer.conclusion


def test_correction_of_a_single_draft_counts_its_own_tests_only() -> None:
    (alone,) = finish([uncorrected_rq1_2(StudyData(hub(n=900)), PROTOCOL)], PROTOCOL)
    published = next(result for result in alone.results if result.id == "rq1.2.slope.as-published")
    assert published.p_adjusted == published.estimate.p


@pytest.mark.parametrize(
    ("author", "group", "datasets", "name", "cluster"),
    [
        ("me", "g", (), "x", "author me"),
        (None, "row-1", (), "x", "card row-1"),
        (None, "row-1", ("someone/autotrain-data-cats",), "x", "owner someone"),
        (None, None, ("someone/autotrain-data-cats",), "cats-1", "owner someone"),
        (None, None, ("someone/autonlp-data-cats",), "cats-1", "owner someone"),
        (None, None, ("squad",), "It5-base", "stem it5"),
    ],
)
def test_clusters(author: str | None, group: str | None, datasets: tuple[str, ...], name: str, cluster: str) -> None:
    assert cluster_of(author, group, datasets, name) == cluster


def test_small_names() -> None:
    assert quarter_of("2023-02") == "2023Q1"
    assert quarter_of("2023-12") == "2023Q4"
    assert quarter_of(None) is None
    assert group_of(None, datasets=("someone/autonlp-data-cats",)) == group_of(None, ("autotrain",)) == "autotrain"
    assert group_of(None, name="my-autotrain-cats") == group_of("trainer", name="autonlp_x-1") == "autotrain"
    assert group_of(None, name="autotrainer") == "hand-written"
    assert [group_of(name) for name in ("autonlp", "setfit", "template", None)] == [
        "autotrain",
        "other generator",
        "hand-written",
        "hand-written",
    ]


def test_score_is_the_harmonic_mean_of_scaled_metrics() -> None:
    frame = pd.DataFrame(
        {"accuracy": [0.0, 0.5, 1.0, None], "f1": [0.2, 0.6, None, None], "rouge1": [None] * 4, "rougeL": [None] * 4},
        dtype=float,
    )
    # scipy.stats.hmean([0.5, 1.0]) -> 0.6666666666666666
    assert performance_score(frame).tolist()[:3] == pytest.approx([0.0, 2 / 3, 1.0])
    assert np.isnan(performance_score(frame).iloc[3])


@pytest.fixture(scope="module")
def published(shared_dir: Path) -> tuple[dict[str, Answer], dict[str, Any]]:
    folder = shared_dir / "published"
    bodies = {"mined": gzip.decompress((folder / "HFStreamlit.csv.gz").read_bytes())}
    bodies |= {"merged": (folder / "HFCO2.csv").read_bytes(), "curated": (folder / "HFClean.csv").read_bytes()}
    frames = {
        name: pd.read_csv(io.BytesIO(body), dtype={"auto": str}, low_memory=False) for name, body in bodies.items()
    }
    return answers_of(from_published(frames)), recompute(frames)


@pytest.mark.shared
def test_as_published_is_what_was_published(published: tuple[dict[str, Answer], dict[str, Any]]) -> None:
    answers, numbers = published
    slope = result(answers, "rq1.2.slope.as-published")
    assert slope.estimate.estimate == pytest.approx(numbers["rq1.2.slope"], rel=1e-9)
    assert slope.estimate.p == pytest.approx(numbers["rq1.2.slope-p"], rel=1e-9)
    for cohort in ("autotrain", "curated"):
        for metric in ("accuracy", "f1", "rouge1", "rougeL"):
            rho = result(answers, f"rq2.1.{cohort}-{metric}.as-published")
            assert rho.estimate.estimate == pytest.approx(numbers[f"rq2.1.{cohort}-{metric}.rho"], rel=1e-9)
            assert rho.estimate.p == pytest.approx(numbers[f"rq2.1.{cohort}-{metric}.p"], rel=1e-9)
    assert result(answers, "rq2.3.training-type.as-published").estimate.statistic == 333
    assert result(answers, "rq2.4.domain.as-published").estimate.statistic == 69376
    vision = result(answers, "rq2.4.outside.ols-computer-vision.as-published").estimate
    assert (vision.estimate, vision.p) == pytest.approx(
        (numbers["rq2.4.ols.vision"], numbers["rq2.4.ols.vision-p"]), rel=1e-7
    )


@pytest.mark.shared
def test_published_family_is_the_published_correction(published: tuple[dict[str, Answer], dict[str, Any]]) -> None:
    answers, numbers = published
    results = [result for answer in answers.values() for result in answer.results if result.family == "published-2023"]
    assert len(results) == 14
    expected = sorted(value for key, value in numbers.items() if key.startswith("holm."))
    assert sorted(present(result.p_adjusted) for result in results) == pytest.approx(expected, rel=1e-9)


@pytest.mark.shared
def test_label_and_classes_of_the_published_data(published: tuple[dict[str, Answer], dict[str, Any]]) -> None:
    answers, _ = published
    labels = table(answers, "rq2_5.labels").query("version == 'as-published'").set_index("label")["models"]
    assert labels.to_dict() == {"A": 37, "B": 486, "C": 826, "D": 55, "E": 15}
    assert answers["RQ2.5"].repairs[0].repair == "one-scale"
    assert answers["RQ2.5"].repairs[0].n_changed == 888
    contrast = result(answers, "rq2.4.contrast.as-published").estimate
    # R: coef(lm(log(co2) ~ is_nlp + is_cv + log(size))) with NLP as base, the study's train rows: -0.762, p 0.0068
    assert (round(present(contrast.estimate), 3), round(present(contrast.p), 3)) == (-0.762, 0.007)
    parts = table(answers, "rq2_2.shapley").groupby("predictor")
    for name, rows in parts:
        assert rows["published"].iloc[0] == pytest.approx(
            result(answers, f"rq2.2.{name}.as-published").estimate.estimate
        )
        assert rows["repaired"].iloc[0] == pytest.approx(result(answers, f"rq2.2.{name}.repaired").estimate.estimate)
        assert rows["part"].sum() == pytest.approx(rows["repaired"].iloc[0] - rows["published"].iloc[0])
    assert present(present(answers["RQ2.5"]).conclusion).verdict == "contradicted"
    classes = table(answers, "rq1_4.classes").query("version == 'as-published'").set_index("class")["models"]
    assert classes.to_dict() == {
        "Basic Energy Reporting": 1338,
        "Energy Awareness": 79,
        "Energy Optimization": 0,
        "Certified Energy Efficiency": 0,
    }
    assert "never made public" in present(answers["RQ1.1"].reason)
    assert result(answers, "rq1.1.slope.as-published").p_adjusted == pytest.approx(0.5779, abs=5e-5)


def test_points_of_a_figure_are_drawn_with_a_seed_and_keep_their_order() -> None:
    rows = pd.DataFrame({"value": range(100)})
    drawn = descriptives.sampled(rows, 10, seed=1)["value"]
    assert len(drawn) == 10
    assert drawn.is_monotonic_increasing
    assert drawn.tolist() == descriptives.sampled(rows, 10, seed=1)["value"].tolist()
    assert drawn.tolist() != descriptives.sampled(rows, 10, seed=2)["value"].tolist()


def seeded(tables: MemoryTables, **seeds: int) -> dict[str, Answer]:
    protocol = load()
    return {
        answer.question: answer
        for answer in answer_all(tables, replace(protocol, seeds=replace(protocol.seeds, **seeds)))
    }


def test_seeds_of_the_protocol_are_the_ones_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rq1_2, rq2_1, rq2_2, rq2_3, rq2_4):
        monkeypatch.setattr(module, "MOST_POINTS", 25)
    before, drawn, split = (seeded(hub(), **seeds) for seeds in ({}, {"sample": 1}, {"split": 1}))
    points = {"rq1_2.generator_points", "rq2_1.scatter", "rq2_2.scatter", "rq2_3.points", "rq2_4.points"}
    assert {
        table.id
        for one, two in zip(before.values(), drawn.values(), strict=True)
        for table in one.tables
        if table not in two.tables
    } == points
    assert [answer.results for answer in before.values()] == [answer.results for answer in drawn.values()]
    moved = {
        one.id
        for answer in before.values()
        for one, two in zip(answer.results, split[answer.question].results, strict=True)
        if one.estimate != two.estimate
    }
    assert moved
    assert all(
        key.startswith(("rq2.4.outside.ols-", "rq2.4.contrast.")) and key.endswith(".as-published") for key in moved
    )
