"""What the study computed its numbers from: pure selections on frames in the published layout, mistakes included.

Frames: ``mined`` (HFStreamlit, one row per reporting model), ``merged`` (HFCO2, the same with curated values merged
in), ``curated`` (HFClean). Source of every rule: the notebooks HFPreprocessing, HFReportingAnalysis,
HFEmissionsAnalysis and HFGeneralAnalysis of the replication package GAISSA-UPC/ML-EnergyLabel.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.classify.classes_2023 import published_class
from analysis.classify.efficiency import (
    AS_PUBLISHED,
    METRICS,
    REFERENCE_MODEL,
    CutPoints,
    Efficiency,
    Switches,
    fit,
    rate,
)

FloatArray = npt.NDArray[np.float64]

NOT_SPECIFIED = "Not Specified"
NLP = "NLP"
VISION = "Computer Vision"
LOG_CONSTANT = 1e-6
"""Added before every logarithm; turns a zero into -13.8."""

PERFORMANCE = ("accuracy", "f1", "rouge1", "rougeL")
TREND_MONTHS = ("2021-11", "2023-03")
"""First and last month of the trend of reported emissions."""

TEST_SHARE = 0.2
REPORTING_SLOPE_P = 0.0642103
"""p-value of the reporting ratio, pasted by hand into the study's correction; taken as given, its 170,462-model table
is not public.
The notebook that computed it prints 0.0642133."""

FAMILY = (
    "reporting-slope",
    "emissions-slope",
    *(f"{cohort}-{metric}" for cohort in ("autotrain", "curated") for metric in PERFORMANCE),
    "training-type",
    "model-size",
    "data-size",
    "domain",
)
"""The 14 tests of the study's one Holm correction."""
TRAINING_KINDS = ("pretraining", "fine-tuning", "pretraining + fine-tuning")


def is_auto(frame: pd.DataFrame) -> pd.Series:
    """Rows whose ``auto`` reads ``True``; the six curated rows that read ``1`` are left out, as in the study."""
    return frame["auto"].astype(str) == "True"


def monthly_medians(mined: pd.DataFrame) -> pd.Series:
    """Median grams by month of creation, November 2021 to March 2023, index ``YYYY-MM``."""
    first, last = TREND_MONTHS
    medians = mined.groupby("year_month")["co2_eq_emissions"].median()
    return medians[(medians.index >= first) & (medians.index <= last)]


def autotrain_by_month(mined: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """AutoTrain repositories and all reporters by month of creation."""
    dated = mined[mined["year_month"].notna()]
    auto = is_auto(dated).groupby(dated["year_month"]).agg(["sum", "size"])
    return {str(month): (int(row["sum"]), int(row["size"])) for month, row in auto.iterrows()}


def domain_groups(mined: pd.DataFrame, column: str) -> tuple[FloatArray, FloatArray]:
    """Values of a column among computer vision and among NLP models, missing ones left out."""
    vision, nlp = (column_of(mined[mined["domain"] == domain], column) for domain in (VISION, NLP))
    return vision, nlp


def column_of(frame: pd.DataFrame, column: str) -> FloatArray:
    """A column as floats, missing cells left out."""
    values: FloatArray = np.array(frame[column].dropna(), dtype=np.float64)
    return values


def grams_per_byte(mined: pd.DataFrame) -> pd.DataFrame:
    """Domain, and grams over bytes of the weights file, of the mined rows."""
    return mined[["domain"]].assign(grams_per_byte=mined["co2_eq_emissions"] / mined["size"])


def autotrain_performance(merged: pd.DataFrame, metric: str) -> tuple[FloatArray, FloatArray]:
    """Grams and metric of the AutoTrain rows of the merged table; metrics stand in a cell as a Python dictionary."""
    rows = merged[is_auto(merged)]
    values = rows["performance_metrics"].map(lambda cell: metrics_in(cell).get(metric)).astype(float)
    return column_of(rows[values.notna()], "co2_eq_emissions"), column_of(values.to_frame("value"), "value")


def metrics_in(cell: Any) -> dict[str, float | None]:
    """The dictionary written in a cell, with ``nan`` as None; an unreadable cell holds nothing."""
    if not isinstance(cell, str):
        return {}
    try:
        value = ast.literal_eval(cell.replace("nan", "None"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def curated_pair(curated: pd.DataFrame, column: str) -> tuple[FloatArray, FloatArray]:
    """Grams and one column of the curated rows where that column has a value."""
    rows = curated[curated[column].notna()]
    return rows["co2_eq_emissions"].to_numpy(dtype=float), rows[column].to_numpy(dtype=float)


def logged(values: FloatArray) -> FloatArray:
    """Natural logarithm after adding the study's constant."""
    return np.asarray(np.log(values + LOG_CONSTANT), dtype=float)


def training_groups(curated: pd.DataFrame) -> dict[str, FloatArray]:
    """Grams by training type as curated: pretraining, fine-tuning, and both."""
    grams = curated["co2_eq_emissions"]
    return {kind: grams[curated["training_type"] == kind].to_numpy(dtype=float) for kind in TRAINING_KINDS}


def domain_regression(mined: pd.DataFrame, split_seed: int) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """Design of the domain regression on all rows with a size.

    Args:
        mined: The mined table.
        split_seed: Seed of the split, ``seeds.split`` of the protocol; 42 in the study.

    Returns:
        Log grams; columns constant, is NLP, is computer vision, log bytes; and row numbers in the order of
        scikit-learn's split with that seed, of which the first fifth (rounded up) is the test part.
    """
    rows = mined[mined["size"].notna()]
    y = logged(rows["co2_eq_emissions"].to_numpy(dtype=float))
    dummies = [(rows["domain"] == domain).to_numpy(dtype=float) for domain in (NLP, VISION)]
    x = np.column_stack([np.ones(len(rows)), *dummies, logged(rows["size"].to_numpy(dtype=float))])
    order = np.random.RandomState(split_seed).permutation(len(rows))
    return y, x, order.astype(np.int64)


def test_rows(n: int) -> int:
    """Rows of the test part: a fifth, rounded up."""
    return int(np.ceil(TEST_SHARE * n))


def reporting_classes(mined: pd.DataFrame) -> pd.Series:
    """Reporting class of every row; any text in the hardware cell counts as hardware."""
    hardware = mined["hardware_used"].notna() & (mined["hardware_used"] != NOT_SPECIFIED)
    return hardware.map(lambda there: published_class(reports_emissions=True, reports_hardware=bool(there)))


def merge(mined: pd.DataFrame, curated: pd.DataFrame) -> pd.DataFrame:
    """The study's merge: on the bare name, so that namesakes are confused; a curated value wins where it is there.

    Returns:
        Columns of the mined frame. 1,417 and 48 rows become 1,419.
    """
    joined = mined.merge(curated, on="modelId", how="left", suffixes=("", "_y"))
    columns = {}
    for column in mined.columns:
        other = f"{column}_y"
        columns[column] = (
            joined[column] if other not in joined else joined[other].where(joined[other].notna(), joined[column])
        )
    return pd.DataFrame(columns)


def merged_sources(mined: pd.DataFrame, curated: pd.DataFrame) -> pd.Series:
    """Source of the emission after the merge.

    A matched curated row makes ``auto`` text, and any text counts as true.
    """
    joined = mined.merge(curated[["modelId", "auto"]], on="modelId", how="left", suffixes=("", "_y"))
    return joined["source"].where(joined["auto_y"].isna(), "AutoTrain")


def combined_training_type(text: Any) -> str:
    """Training type in the study's words; ``fine`` is asked before ``pre``, so a model with both is a fine-tuning."""
    written = NOT_SPECIFIED if pd.isna(text) else str(text)
    if "fine" in written:
        return "fine-tuning"
    return "pretraining" if "pre" in written else NOT_SPECIFIED


def label_rows(merged: pd.DataFrame) -> list[dict[str, float | None]]:
    """The five metrics of the label, row by row, None where missing."""
    columns = {metric: [None if pd.isna(value) else float(value) for value in merged[metric]] for metric in METRICS}
    return [{metric: columns[metric][place] for metric in METRICS} for place in range(len(merged))]


def label_cut_points(merged: pd.DataFrame, switches: Switches = AS_PUBLISHED) -> CutPoints:
    """Cut points of the label on the merged cohort, against the first row of the reference model."""
    rows = label_rows(merged)
    reference = next(place for place, name in enumerate(merged["modelId"]) if name == REFERENCE_MODEL)
    return fit("published 2023 cohort", rows, rows[reference], switches)


def labels(merged: pd.DataFrame, switches: Switches = AS_PUBLISHED) -> list[Efficiency]:
    """Label of every row of the merged table by the cut points of that very table."""
    cut_points = label_cut_points(merged, switches)
    return [rate(row, cut_points) for row in label_rows(merged)]


def top_awareness(mined: pd.DataFrame, count: int = 5) -> list[tuple[str, float]]:
    """Most liked models of the class Energy Awareness with their grams."""
    rows = (
        mined[reporting_classes(mined) == "Energy Awareness"]
        .sort_values("likes", ascending=False, kind="stable")
        .head(count)
    )
    return [(str(name), float(grams)) for name, grams in zip(rows["modelId"], rows["co2_eq_emissions"], strict=True)]


def counted(values: pd.Series) -> dict[str, int]:
    """How often each value occurs, most frequent first."""
    return {str(value): int(count) for value, count in values.value_counts().items()}


def family(raw: Mapping[str, float]) -> dict[str, float]:
    """The 14 raw p-values of the study's correction: 13 recomputed and the one that is taken as given.

    Args:
        raw: p-values by the names in :data:`FAMILY`, without ``reporting-slope``.
    """
    return {name: REPORTING_SLOPE_P if name == "reporting-slope" else raw[name] for name in FAMILY}
