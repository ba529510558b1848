"""Every published number that public data can carry.

Computed from the published frames with the procedures the study called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.classify.classes_2023 import CERTIFIED, OPTIMIZATION
from analysis.classify.efficiency import METRICS, REFERENCE_MODEL, WEIGHTS, Switches
from analysis.published import recipe
from analysis.questions.protocol import load

Frames = Mapping[str, pd.DataFrame]
Numbers = dict[str, Any]
UNCARRIED = (ValueError, KeyError, TypeError, IndexError, StopIteration, ZeroDivisionError)


def recompute(frames: Frames, tags_metadata: bytes | None = None, *, tolerant: bool = False) -> Numbers:
    """Compute every number by its id.

    Args:
        frames: ``mined``, ``merged`` and ``curated`` with their own column names.
        tags_metadata: The published tag dictionary; without it its counts are left out.
        tolerant: Leave out what altered tables no longer carry (an empty group, no reference model) instead of raising.

    Returns:
        Numbers, mappings and lists by id, at full precision.
    """
    mined, merged, curated = frames["mined"], frames["merged"], frames["curated"]
    numbers: Numbers = {}
    sections: tuple[Callable[[], Numbers], ...] = (
        lambda: _counts(mined, merged, curated),
        lambda: _sources(mined, merged, curated),
        lambda: _monthly(mined),
        lambda: _tags(mined),
        lambda: _performance(merged, curated),
        lambda: _size(curated),
        lambda: _training(curated),
        lambda: _domain(mined),
        lambda: _regression(mined),
        lambda: _holm(numbers),
        lambda: _reporting(mined),
        lambda: _label(merged),
        lambda: {} if tags_metadata is None else _dictionary(tags_metadata),
    )
    for section in sections:
        try:
            numbers |= section()
        except UNCARRIED:
            if not tolerant:
                raise
    return numbers


def _counts(mined: pd.DataFrame, merged: pd.DataFrame, curated: pd.DataFrame) -> Numbers:
    """Rows and ids of the three tables (facts of the data itself)."""
    created = mined["created_at"].dropna().astype(str)
    return {
        "counts.reporters": len(mined),
        "counts.first-created": created.min()[:10],
        "counts.last-created": created.max()[:10],
        "counts.merged-rows": len(merged),
        "counts.merged-rows-by-merging": len(recipe.merge(mined, curated)),
        "counts.curated-rows": len(curated),
        "counts.curated-ids": int(curated["modelId"].nunique()),
        "counts.domains": recipe.counted(mined["domain"]),
        "counts.with-hardware": int((mined["hardware_used"] != recipe.NOT_SPECIFIED).sum()),
        "counts.card-texts": int(mined["modelcard_text"].notna().sum()) if "modelcard_text" in mined else None,
    }


def _sources(mined: pd.DataFrame, merged: pd.DataFrame, curated: pd.DataFrame) -> Numbers:
    """Source tallies before and after the text ``False`` was taken for true."""
    own = merged["auto"].astype(str)
    grams = mined["co2_eq_emissions"]
    auto = recipe.is_auto(mined)
    return {
        "source.mined": recipe.counted(mined["source"]),
        "source.merged": recipe.counted(merged["source"]),
        "source.auto-values": recipe.counted(own),
        "source.autotrain-and-curated": int((own != "False").sum()),
        "source.false-counted-as-autotrain": int(((own == "False") & (merged["source"] == "AutoTrain")).sum()),
        "source.merged-as-merging-gives": recipe.counted(recipe.merged_sources(mined, curated)),
        "source.autotrain": int(auto.sum()),
        "source.autotrain-share": float(100 * auto.mean()),
        "source.autotrain-mass-share": float(100 * grams[auto].sum() / grams.sum()),
    }


def _monthly(mined: pd.DataFrame) -> Numbers:
    """Monthly medians, their line, and AutoTrain by month."""
    medians = recipe.monthly_medians(mined)
    values = medians.to_numpy(dtype=float)
    line = stats.linregress(np.arange(len(values)), values)
    return {
        "rq1.2.months": len(values),
        "rq1.2.median-max": float(values.max()),
        "rq1.2.median-mean": float(values.mean()),
        "rq1.2.median-last": float(values[-1]),
        "rq1.2.median-median": float(np.median(values)),
        "rq1.2.slope": float(line.slope),
        "rq1.2.slope-p": float(line.pvalue),
        "rq1.3.autotrain-by-month": {month: list(pair) for month, pair in recipe.autotrain_by_month(mined).items()},
    }


def _tags(mined: pd.DataFrame) -> Numbers:
    """Share of reporters with the two most frequent tags, percent."""
    return {f"rq1.3.{tag}-share": float(100 * mined[f"is_{tag}"].mean()) for tag in ("pytorch", "transformers")}


def _performance(merged: pd.DataFrame, curated: pd.DataFrame) -> Numbers:
    """Spearman correlations of grams and performance."""
    numbers: Numbers = {}
    for metric in recipe.PERFORMANCE:
        pairs = {
            "autotrain": recipe.autotrain_performance(merged, metric),
            "curated": recipe.curated_pair(curated, metric),
        }
        for cohort, (grams, values) in pairs.items():
            found = stats.spearmanr(grams, values)
            numbers[f"rq2.1.{cohort}-{metric}.n"] = len(grams)
            numbers[f"rq2.1.{cohort}-{metric}.rho"] = float(found.statistic)
            numbers[f"rq2.1.{cohort}-{metric}.p"] = float(found.pvalue)
    return numbers


def _size(curated: pd.DataFrame) -> Numbers:
    """Correlations of log grams with log bytes of the model and of its data."""
    numbers: Numbers = {}
    for name, column in {"model-size": "size", "data-size": "datasets_size"}.items():
        grams, size = recipe.curated_pair(curated, column)
        pearson = stats.pearsonr(recipe.logged(grams), recipe.logged(size))
        numbers[f"rq2.2.{name}.n"] = len(grams)
        numbers[f"rq2.2.{name}.r"] = float(pearson.statistic)
        numbers[f"rq2.2.{name}.p"] = float(pearson.pvalue)
        numbers[f"rq2.2.{name}.spearman"] = float(stats.spearmanr(recipe.logged(grams), recipe.logged(size)).statistic)
    return numbers


def _training(curated: pd.DataFrame) -> Numbers:
    """Pretraining against fine-tuning."""
    groups = recipe.training_groups(curated)
    pre, fine, both = groups.values()
    test = stats.mannwhitneyu(pre, fine)
    return {
        "rq2.3.u": float(test.statistic),
        "rq2.3.p": float(test.pvalue),
        "rq2.3.n": [len(pre), len(fine)],
        "rq2.3.both-n": len(both),
        "rq2.3.median-pretraining": float(np.median(pre)),
        "rq2.3.median-fine-tuning": float(np.median(fine)),
        "rq2.3.median-both": float(np.median(both)),
        "rq2.3.mean-pretraining": float(pre.mean()),
        "rq2.3.mean-fine-tuning": float(fine.mean()),
    }


def _domain(mined: pd.DataFrame) -> Numbers:
    """Computer vision against NLP: grams, bytes, grams per byte."""
    vision, nlp = recipe.domain_groups(mined, "co2_eq_emissions")
    grams = stats.mannwhitneyu(vision, nlp)
    size = stats.mannwhitneyu(*recipe.domain_groups(mined, "size"))
    relative = stats.mannwhitneyu(*recipe.domain_groups(recipe.grams_per_byte(mined), "grams_per_byte"))
    return {
        "rq2.4.u": float(grams.statistic),
        "rq2.4.p": float(grams.pvalue),
        "rq2.4.n": [len(vision), len(nlp)],
        "rq2.4.median-vision": float(np.median(vision)),
        "rq2.4.median-nlp": float(np.median(nlp)),
        "rq2.4.size-p": float(size.pvalue),
        "rq2.4.relative-u": float(relative.statistic),
        "rq2.4.relative-p": float(relative.pvalue),
    }


def _regression(mined: pd.DataFrame) -> Numbers:
    """Domain with size held constant, on four fifths of the rows; the other fifth tests it."""
    y, x, order = recipe.domain_regression(mined, load().seeds.split)
    held = recipe.test_rows(len(y))
    test, train = order[:held], order[held:]
    fitted = sm.OLS(y[train], x[train]).fit()
    errors = y[test] - x[test] @ fitted.params
    spread = y[test] - y[test].mean()
    return {
        "rq2.4.ols.n-all": len(y),
        "rq2.4.ols.n": len(train),
        "rq2.4.ols.nlp": float(fitted.params[1]),
        "rq2.4.ols.nlp-p": float(fitted.pvalues[1]),
        "rq2.4.ols.vision": float(fitted.params[2]),
        "rq2.4.ols.vision-p": float(fitted.pvalues[2]),
        "rq2.4.ols.log-size": float(fitted.params[3]),
        "rq2.4.ols.log-size-p": float(fitted.pvalues[3]),
        "rq2.4.ols.r-squared": float(fitted.rsquared),
        "rq2.4.ols.test-r-squared": float(1 - errors @ errors / (spread @ spread)),
        "rq2.4.ols.test-mse": float(errors @ errors / held),
    }


def raw_family(numbers: Mapping[str, Any]) -> dict[str, float]:
    """The raw p-values that the study corrected together, read from the recomputed numbers."""
    raw = {
        f"{cohort}-{metric}": numbers[f"rq2.1.{cohort}-{metric}.p"]
        for cohort in ("autotrain", "curated")
        for metric in recipe.PERFORMANCE
    }
    raw |= {name: numbers[f"rq2.2.{name}.p"] for name in ("model-size", "data-size")}
    raw |= {
        "emissions-slope": numbers["rq1.2.slope-p"],
        "training-type": numbers["rq2.3.p"],
        "domain": numbers["rq2.4.p"],
    }
    return recipe.family(raw)


def _holm(numbers: Mapping[str, Any]) -> Numbers:
    """Holm's correction over the 14 tests."""
    raw = raw_family(numbers)
    adjusted = multipletests(list(raw.values()), method="holm")[1]
    return {f"holm.{name}": float(value) for name, value in zip(raw, adjusted, strict=True)}


def _reporting(mined: pd.DataFrame) -> Numbers:
    """Reporting classes of the reporters."""
    classes = recipe.reporting_classes(mined)
    auto = recipe.is_auto(mined).map({True: "AutoTrain", False: "other"})
    cross = (auto + " / " + classes).value_counts()
    return {
        "rq1.4.classes": recipe.counted(classes),
        "rq1.4.unreachable-classes": {name: int((classes == name).sum()) for name in (OPTIMIZATION, CERTIFIED)},
        "rq1.4.classes-by-auto": {str(key): int(value) for key, value in cross.items()},
        "rq1.4.top-awareness": [[name, grams] for name, grams in recipe.top_awareness(mined)],
    }


def _label(merged: pd.DataFrame) -> Numbers:
    """Reference values, cut points, labels and examples of the efficiency label."""
    cut_points = recipe.label_cut_points(merged)
    rated = recipe.labels(merged)
    one_scale = recipe.labels(merged, Switches(one_scale=True))
    letters = pd.Series([label.label for label in rated])
    emissions = [label.ratings["co2_eq_emissions"] for label in rated]
    changed = sum(old.label != new.label for old, new in zip(rated, one_scale, strict=True))
    numbers: Numbers = {f"rq2.5.reference.{metric}": cut_points.reference[metric] for metric in METRICS}
    numbers |= {f"rq2.5.boundaries.{metric}": list(cut_points.boundaries[metric]) for metric in METRICS}
    names = list(merged["modelId"])
    examples = {name: names.index(name) for name in (REFERENCE_MODEL, "bloom", "dalle-mini") if name in names}
    return numbers | {
        "rq2.5.weights": {metric: float(weight) for metric, weight in WEIGHTS.items()},
        "rq2.5.labels": recipe.counted(letters),
        "rq2.5.metrics-available": recipe.counted(pd.Series([len(label.ratings) for label in rated])),
        "rq2.5.emissions-rated-a": emissions.count(0),
        "rq2.5.emissions-rated-a-share": 100 * emissions.count(0) / len(emissions),
        "rq2.5.changed-by-one-scale": changed,
        "rq2.5.changed-by-one-scale-share": 100 * changed / len(rated),
        "rq2.5.datasets-size-missing": int(merged["datasets_size"].isna().sum()),
        "rq2.5.examples": {
            name: [rated[place].label, *_ratings(rated[place].ratings)] for name, place in examples.items()
        },
    }


def _dictionary(tags_metadata: bytes) -> Numbers:
    """Tags in each part of the published dictionary."""
    parts = yaml.safe_load(tags_metadata)["tags_to_domain"]
    names = {"task": "task_to_domain", "model": "model_to_domain", "concept": "concepts_to_domain"}
    return {f"tags.{name}-to-domain": len(parts[part]) for name, part in names.items()}


def _ratings(ratings: Mapping[str, int]) -> list[int | None]:
    """Ratings in the order of the metrics, None where one is missing."""
    return [ratings.get(metric) for metric in METRICS]
