"""What every question stands on: the reporters as they are in the tables, and the same in the layout of the 2023 study.

Clusters stand for "made by the same hand": the author where the author is known; where not (the published source), the
account that owns the AutoTrain data set, else the group of near-identical cards, else the stem of the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from analysis.published.recipe import NOT_SPECIFIED, PERFORMANCE
from analysis.questions.tables import PUBLISHED_TABLES, REPORTS
from analysis.results import Baseline
from mining.source_contracts import source_of

AUTOTRAIN = "autotrain"
OTHER_GENERATOR = "other generator"
HAND_WRITTEN = "hand-written"
GROUPS = (AUTOTRAIN, OTHER_GENERATOR, HAND_WRITTEN)
NO_DOMAIN = "none"
NOT_GENERATED = frozenset({"template"})
AUTOTRAIN_NAMES = frozenset({"autotrain", "autonlp"})
AUTOTRAIN_NAME = re.compile(r"(?:^|[-_.])auto(?:train|nlp)(?:[-_.]|$)")
AUTOTRAIN_DATA = re.compile(r"^([^/\s]+)/(?:autotrain|autonlp)-data")
STEM_END = re.compile(r"[-_. ]")
TRAINING_TYPES = {"pre-training": "pretraining", "fine-tuning": "fine-tuning", "both": "pretraining + fine-tuning"}
COLUMNS = (
    "model_key", "name", "author", "year_month", "domain", "generator", "libraries", "tags", "datasets",
    "storage_bytes", "datasets_bytes",
    "parameters_count", "downloads_count", "likes_count", "emissions_metadata_value", "emissions_gco2e",
    "emissions_source",
    "emissions_flags", "emissions_scope", "training_type", "hardware", "region", "provider", "tool", "duration_h",
    "energy_kwh",
    "duplicate_group",
)  # fmt: skip
"""Columns of the models table that :func:`reporter_frame` reads; there are three times as many."""
OF_REPORTERS = f"model_key IN (SELECT model_key FROM models WHERE {REPORTS})"  # noqa: S608
CLUSTERS_UNKNOWN_AUTHOR = (
    "authors unknown: clusters are owners of AutoTrain data sets, groups of near-duplicate cards, and stems of names"
)
CLUSTERS_KNOWN_AUTHOR = "clusters are authors"


class TablesLike(Protocol):
    """What the questions ask of processed tables; see :class:`analysis.questions.tables.Tables`."""

    source: str
    provenance: dict[str, Any]

    def query(self, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
        """Result of a query over the views."""

    def reporters(self, columns: Sequence[str] = ()) -> pd.DataFrame:
        """All models with an emission, with some columns or all."""

    def published(self, name: str) -> pd.DataFrame | None:
        """A published table, or None."""

    def count(self) -> int:
        """Number of models."""


@dataclass(frozen=True)
class StudyData:
    """The tables, and what is derived from them once for all questions."""

    tables: TablesLike

    @property
    def is_published(self) -> bool:
        """Whether the tables hold the published data of 2023."""
        return source_of(self.tables.source).has_published_tables

    @property
    def own_rows_named(self) -> str:
        """What the study's curated rows are here, in words."""
        return "the study's own rows" if self.is_published else "rows that are not AutoTrain's"

    @property
    def baseline(self) -> Baseline:
        """What the version ``as-published`` is on these data."""
        return "as published" if self.is_published else "the 2023 recipe"

    @cached_property
    def population(self) -> int | None:
        """All models, reporting or not; None where only reporters were mined."""
        if self.is_published or _frame(self.tables.provenance) == "reporters":
            return None
        return self.tables.count()

    @cached_property
    def reporters(self) -> pd.DataFrame:
        """Reporters, one row each, with columns named as in this module's :func:`reporter_frame`."""
        first = self.tables.query(
            "SELECT model_key FROM lineage WHERE lineage_kind = 'constant' AND model_key = \"group\" ORDER BY 1"
        )
        return reporter_frame(self.tables.reporters(COLUMNS), frozenset(first["model_key"]))

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Tables ``mined``, ``merged`` and ``curated`` in the study's layout: its own, or made alike."""
        own = {name: self.tables.published(name) for name in PUBLISHED_TABLES}
        if all(frame is not None for frame in own.values()):
            return {name: frame for name, frame in own.items() if frame is not None}
        metrics = self.tables.query(
            "SELECT model_key, metric, min(metric_value) AS value FROM metrics "  # noqa: S608
            f"WHERE {OF_REPORTERS} GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return study_frames(self.reporters, metrics)

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Performance values of reporters, one row per model, task, data set and metric."""
        return self.tables.query(
            f"SELECT model_key, task, dataset, metric, metric_value FROM metrics WHERE {OF_REPORTERS} ORDER BY ALL"  # noqa: S608
        )

    @property
    def clusters(self) -> str:
        """What a cluster is, in words."""
        return CLUSTERS_KNOWN_AUTHOR if self.reporters["author"].notna().all() else CLUSTERS_UNKNOWN_AUTHOR


def _frame(provenance: dict[str, Any]) -> str:
    """Sampling frame of the crawl, empty where the provenance names none."""
    plan = provenance.get("snapshot", {}).get("plan") or {}
    return str(plan.get("frame", "")) if isinstance(plan, dict) else ""


def reporter_frame(models: pd.DataFrame, series_first: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Reporters with the columns that the questions use.

    Args:
        models: Rows of the models table.
        series_first: Keys of the models that stand for a series of constants.

    Returns:
        One row per model: ``key name author month quarter domain generator group library libraries tags size data_size
        parameters downloads likes literal grams flags scope cluster card training_type hardware region provider hours
        energy tool stated_in``; ``literal`` is the metadata number as the study read it, ``grams`` the settled
        emissions, sizes in bytes.
    """
    month = models["year_month"].astype(object).where(models["year_month"].notna(), None)
    frame = pd.DataFrame(
        {
            "key": models["model_key"],
            "name": models["name"],
            "author": models["author"],
            "month": month,
            "quarter": [quarter_of(value) for value in month],
            "domain": [_text(value) or NO_DOMAIN for value in models["domain"]],
            "generator": [_generator(_text(value)) for value in models["generator"]],
            "group": [
                group_of(_text(generator), tuple(tags), tuple(datasets), name)
                for generator, tags, datasets, name in zip(
                    models["generator"], models["tags"], models["datasets"], models["name"], strict=True
                )
            ],
            "libraries": [tuple(value) for value in models["libraries"]],
            "tags": [tuple(value) for value in models["tags"]],
            "datasets": [tuple(value) for value in models["datasets"]],
            "size": pd.to_numeric(models["storage_bytes"]).astype(float),
            "data_size": pd.to_numeric(models["datasets_bytes"]).astype(float),
            "parameters": pd.to_numeric(models["parameters_count"]).astype(float),
            "downloads": pd.to_numeric(models["downloads_count"]).astype(float),
            "likes": pd.to_numeric(models["likes_count"]).astype(float),
            "literal": pd.to_numeric(models["emissions_metadata_value"]).astype(float),
            "grams": pd.to_numeric(models["emissions_gco2e"]).astype(float),
            "training_type": models["training_type"].map(TRAINING_TYPES),
            "stated_in": models["emissions_source"],
        },
    )
    for name, column in {"hardware": "hardware", "region": "region", "provider": "provider", "tool": "tool"}.items():
        frame[name] = [_text(value) for value in models[column]]
    frame["hours"] = pd.to_numeric(models["duration_h"]).astype(float)
    frame["energy"] = pd.to_numeric(models["energy_kwh"]).astype(float)
    flags = [
        _flags(found, key in series_first)
        for found, key in zip(models["emissions_flags"], models["model_key"], strict=True)
    ]
    frame["flags"] = pd.Series(flags, index=frame.index, dtype=object)
    frame["scope"] = [_text(value) for value in models["emissions_scope"]] if "emissions_scope" in models else None
    groups = models["duplicate_group"] if "duplicate_group" in models else [None] * len(models)
    frame["cluster"] = [
        cluster_of(_text(author), _text(group), datasets, name)
        for author, group, datasets, name in zip(
            models["author"], groups, frame["datasets"], frame["name"], strict=True
        )
    ]
    frame["card"] = [_text(group) or f"row {key}" for group, key in zip(groups, models["model_key"], strict=True)]
    return frame.reset_index(drop=True)


def _text(value: Any) -> str | None:
    """Text, or None for anything missing."""
    return value if isinstance(value, str) and value else None


def _generator(value: str | None) -> str:
    """Generator of a card; AutoNLP is the former name of AutoTrain."""
    return AUTOTRAIN if value in AUTOTRAIN_NAMES else value or HAND_WRITTEN


def _flags(flags: Any, stands_for_series: bool) -> frozenset[str]:
    """Flags of a model; the one that stands for a series of constants is not counted as its repetition."""
    found = frozenset(str(flag) for flag in flags)
    return found - {"constant"} if stands_for_series else found


def by_autotrain(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of AutoTrain and all others, whose cards are of one make each."""
    is_made = rows["group"] == AUTOTRAIN
    return {"AutoTrain": rows[is_made], "all but AutoTrain": rows[~is_made]}


def quarter_of(month: Any) -> str | None:
    """``2023Q1`` of ``2023-02``."""
    if not isinstance(month, str):
        return None
    return f"{month[:4]}Q{(int(month[5:7]) + 2) // 3}"


def group_of(generator: str | None, tags: tuple[str, ...] = (), datasets: tuple[str, ...] = (), name: str = "") -> str:
    """Kind of card: AutoTrain, another generator.

    Or written by hand (the Hub's blank template counts as written by hand). AutoTrain (AutoNLP until 2022) is known by
    its card, its tag, the data set that it makes for each project, or the name it gives.
    """
    is_made = any(AUTOTRAIN_DATA.match(dataset) for dataset in datasets) or bool(AUTOTRAIN_NAME.search(name.lower()))
    if generator in AUTOTRAIN_NAMES or AUTOTRAIN_NAMES & set(tags) or is_made:
        return AUTOTRAIN
    return HAND_WRITTEN if generator is None or generator in NOT_GENERATED else OTHER_GENERATOR


def cluster_of(author: str | None, card_group: str | None, datasets: tuple[str, ...], name: str) -> str:
    """Who made a model, as well as it can be known."""
    if author:
        return f"author {author}"
    owner = next((found.group(1) for dataset in datasets if (found := AUTOTRAIN_DATA.match(dataset))), None)
    if owner:
        return f"owner {owner}"
    if card_group:
        return f"card {card_group}"
    return f"stem {STEM_END.split(name.lower(), maxsplit=1)[0]}"


def study_frames(reporters: pd.DataFrame, metrics: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The reporters in the layout of the study, read as literally as the study read them.

    Other sources than the published one. The metadata number counts as grams, a zero drops the row, AutoTrain is a tag.
    The hand-curated table has no counterpart: rows that are not AutoTrain's stand in for it.

    Args:
        reporters: From :func:`reporter_frame`.
        metrics: Columns ``model_key metric value``, one value per model and metric.
    """
    rows = reporters[reporters["literal"].notna() & (reporters["literal"] != 0)].reset_index(drop=True)
    mined = pd.DataFrame(
        {
            "key": rows["key"],
            "modelId": rows["name"],
            "co2_eq_emissions": rows["literal"],
            "auto": ["True" if AUTOTRAIN_NAMES & set(tags) else "False" for tags in rows["tags"]],
            "domain": rows["domain"].replace(NO_DOMAIN, NOT_SPECIFIED),
            "year_month": rows["month"],
            "size": rows["size"],
            "datasets_size": rows["data_size"],
            "downloads": rows["downloads"],
            "likes": rows["likes"].fillna(0.0),
            "source": rows["tool"].fillna(NOT_SPECIFIED),
            "training_type": rows["training_type"],
            "hardware_used": rows["hardware"].fillna(NOT_SPECIFIED),
        },
    )
    wide = metrics.assign(metric=metrics["metric"].replace("rougel", "rougeL")).pivot_table(
        index="model_key", columns="metric", values="value", aggfunc="first"
    )
    for name in PERFORMANCE:
        mined[name] = rows["key"].map(wide[name]).astype(float) if name in wide else float("nan")
    mined["performance_score"] = performance_score(mined)
    mined["size_efficency"] = mined["size"] / mined["co2_eq_emissions"]
    mined["datasets_size_efficency"] = mined["datasets_size"] / mined["co2_eq_emissions"]
    cells = zip(*(mined[name] for name in PERFORMANCE), strict=True)
    merged = mined.assign(performance_metrics=[str(dict(zip(PERFORMANCE, values, strict=True))) for values in cells])
    curated = mined[mined["auto"] == "False"].reset_index(drop=True)
    return {"mined": mined, "merged": merged, "curated": curated}


def performance_score(frame: pd.DataFrame) -> pd.Series:
    """The study's score: harmonic mean of the min-max scaled metrics that are there; 0 where one is the minimum."""
    scaled = pd.DataFrame({name: _min_max(frame[name]) for name in PERFORMANCE})
    count = scaled.notna().sum(axis=1)
    positive = scaled.where(scaled > 0)
    score = count / (1 / positive).sum(axis=1)
    return score.where((positive.notna().sum(axis=1) == count) & (count > 0), 0.0).where(count > 0)


def _min_max(values: pd.Series) -> pd.Series:
    """Values scaled to 0..1; missing where they are all alike."""
    width = values.max() - values.min()
    return (values - values.min()) / width if width else values.where(values.isna(), float("nan"))
