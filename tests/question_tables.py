"""Tables for tests of the questions, held in memory: made from a seed, or from frames in the published layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from analysis.questions.tables import REPORTS

MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
CLAIMS = ("model_key", "quantity", "scope", "outcome", '"where"', "subject", "text")
NOT_TOLD = {
    "source": "'hub'",
    "card_status": "'read'",
    "gated": "'no'",
    "is_disabled": "false",
    "has_weights": "true",
    "base_models": "[]",
    "base_relation": "NULL",
    "model_id": "model_key",
    "created_at": "NULL",
    "created_at_is_floor": "false",
    "pipeline_tag": "NULL",
    "training_flop": "NULL",
    "license": "NULL",
    "emissions_outcome": "CASE WHEN emissions_gco2e IS NULL THEN 'not-reported' ELSE 'reported' END",
    "emissions_unit_status": "NULL",
    "emissions_scope": "NULL",
    "emissions_decided_by": "NULL",
    "hardware_count": "NULL",
    "duration_basis": "NULL",
    "power_w": "NULL",
    "intensity_g_per_kwh": "NULL",
    "pue_ratio": "NULL",
}
TEXTS = ("hardware", "region", "provider", "tool", "training_type")


class MemoryTables:
    """What :class:`analysis.questions.tables.Tables` offers, over frames."""

    def __init__(
        self,
        models: pd.DataFrame,
        metrics: pd.DataFrame,
        *,
        source: str = "hub",
        plan: str = "census",
        lineage: pd.DataFrame | None = None,
        published: dict[str, pd.DataFrame] | None = None,
    ) -> None:
        self.source = source
        self.provenance: dict[str, Any] = {"source": source, "snapshot": {"plan": {"frame": plan}}}
        self._published = published or {}
        self._connection = duckdb.connect(":memory:")
        empty = pd.DataFrame({name: pd.Series(dtype=str) for name in ("model_key", "lineage_kind", "group")})
        for name, frame in (
            ("models", models),
            ("metrics", metrics),
            ("lineage", empty if lineage is None else lineage),
        ):
            self._connection.register(f"{name}_frame", frame)
            more = (
                "".join(f", {value} AS {column}" for column, value in NOT_TOLD.items() if column not in frame)
                if name == "models"
                else ""
            )
            self._connection.execute(f"CREATE TABLE {name} AS SELECT *{more} FROM {name}_frame")
        self._connection.execute(f"CREATE TABLE claims ({', '.join(f'{column} VARCHAR' for column in CLAIMS)})")

    def query(self, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
        return self._connection.execute(sql, parameters or []).df()

    def reporters(self, columns: Sequence[str] = ()) -> pd.DataFrame:
        return self.query(f"SELECT {', '.join(columns) or '*'} FROM models WHERE {REPORTS} ORDER BY model_key")

    def published(self, name: str) -> pd.DataFrame | None:
        return self._published.get(name)

    def count(self) -> int:
        return int(self.query("SELECT count(*) AS n FROM models")["n"].iloc[0])


ABSENT = np.array(None, dtype=object)
"""No value; numpy's types know None only as an array of objects."""


def models_frame(
    n: int = 1600,
    *,
    seed: int = 3,
    slope: float = -0.08,
    share_slope: float = 0.0,
    vision: float = -1.0,
    size_power: float = 0.6,
) -> pd.DataFrame:
    """A made-up Hub in the columns of the models table.

    ``slope`` moves log grams per month, ``share_slope`` the log odds of reporting, ``vision`` the log grams of vision
    models at equal size.
    """
    rng = np.random.default_rng(seed)
    month = rng.integers(0, len(MONTHS), n)
    domain = rng.choice(np.array(["NLP", "Computer Vision", "Audio", None], dtype=object), n, p=[0.55, 0.3, 0.1, 0.05])
    log_size = rng.normal(20, 1.0, n)
    log_grams = (
        size_power * (log_size - 20)
        + slope * (month - 12)
        + vision * (domain == "Computer Vision")
        + rng.normal(2, 0.6, n)
    )
    reports = rng.random(n) < 1 / (1 + np.exp(-(-0.4 + share_slope * (month - 12))))
    generator = rng.choice(np.array(["autotrain", "sentence-transformers", None], dtype=object), n, p=[0.4, 0.3, 0.3])
    hand = np.array([name is None for name in generator])
    grams = np.exp(log_grams)
    training = np.where(hand, rng.choice(["pre-training", "fine-tuning", "both"], n, p=[0.4, 0.5, 0.1]), ABSENT)
    grams = grams * np.where(training == "pre-training", 6.0, 1.0)
    tags = [["transformers", "pytorch", *(["autotrain"] if g == "autotrain" else [])] for g in generator]
    return pd.DataFrame(
        {
            "model_key": [f"k{i:06d}" for i in range(n)],
            "name": [f"name{i % 97}-{i}" for i in range(n)],
            "author": [f"author{i % 83}" for i in range(n)],
            "created_at_is_floor": False,
            "year_month": [MONTHS[m] for m in month],
            "domain": domain,
            "generator": generator,
            "libraries": [["pytorch", "transformers"]] * n,
            "tags": tags,
            "datasets": [["data"]] * n,
            "storage_bytes": np.round(np.exp(log_size)),
            "datasets_bytes": np.where(rng.random(n) < 0.4, np.exp(0.5 * log_size + rng.normal(8, 1, n)), np.nan),
            "parameters_count": np.where(rng.random(n) < 0.8, np.round(np.exp(log_size) / 4), np.nan),
            "downloads_count": rng.integers(0, 900, n),
            "likes_count": rng.integers(0, 50, n),
            "emissions_metadata_value": np.where(reports, grams, np.nan),
            "emissions_gco2e": np.where(reports, grams, np.nan),
            "emissions_source": np.where(reports, "metadata", ABSENT),
            "emissions_flags": [[] for _ in range(n)],
            "duplicate_group": pd.Series([None] * n, dtype=object),
            "training_type": training,
            "hardware": np.where(rng.random(n) < 0.2, "NVIDIA A100", ABSENT),
            "region": np.where(rng.random(n) < 0.1, "France", ABSENT),
            "provider": pd.Series([None] * n, dtype=object),
            "tool": np.where(hand, "codecarbon", ABSENT),
            "duration_h": np.where(rng.random(n) < 0.1, 3.0, np.nan),
            "energy_kwh": np.nan,
        },
    )


def metrics_frame(models: pd.DataFrame, *, seed: int = 4, related: float = 0.0) -> pd.DataFrame:
    """Performance of half of the models; ``related`` ties it to log grams."""
    rng = np.random.default_rng(seed)
    rows = models.sample(frac=0.5, random_state=seed)
    grams = np.log(rows["emissions_gco2e"].fillna(1.0).clip(lower=1e-6))
    score = 1 / (1 + np.exp(-(related * grams + rng.normal(0, 1, len(rows)))))
    found = pd.DataFrame(
        {
            "model_key": rows["model_key"],
            "task": "text-classification",
            "dataset": "d",
            "metric": "accuracy",
            "metric_value": score,
        }
    )
    return pd.concat([found, found.assign(metric="f1", metric_value=score * 0.9)], ignore_index=True)


def hub(**planted: float) -> MemoryTables:
    """A made-up Hub with planted effects."""
    related = planted.pop("related", 0.0)
    models = models_frame(**planted)  # type: ignore[arg-type]
    return MemoryTables(models, metrics_frame(models, related=related))


def from_published(frames: dict[str, pd.DataFrame]) -> MemoryTables:
    """Models table made of the mined one, emissions taken literally.

    Curated training types joined on name and creation time.
    """
    mined = frames["mined"].reset_index(drop=True)
    curated = frames["curated"].drop_duplicates(["modelId", "created_at"])[
        ["modelId", "created_at", "training_type", "datasets_size"]
    ]
    joined = mined[["modelId", "created_at"]].merge(curated, on=["modelId", "created_at"], how="left")
    kinds = {"pretraining": "pre-training", "fine-tuning": "fine-tuning", "pretraining + fine-tuning": "both"}
    keys = [f"row-{i:04d}" for i in range(len(mined))]
    auto = mined["auto"].astype(str) == "True"
    hardware = mined["hardware_used"].where(mined["hardware_used"] != "Not Specified")
    models = pd.DataFrame(
        {
            "model_key": keys,
            "name": mined["modelId"],
            "author": pd.Series([None] * len(mined), dtype=object),
            "created_at_is_floor": False,
            "year_month": mined["year_month"],
            "domain": mined["domain"].where(mined["domain"] != "Not Specified"),
            "generator": np.where(auto, "autotrain", ABSENT),
            "libraries": [["pytorch"]] * len(mined),
            "tags": [["pytorch"]] * len(mined),
            "datasets": [[text.strip("[]'")] for text in mined["datasets"].astype(str)],
            "storage_bytes": mined["size"],
            "datasets_bytes": joined["datasets_size"].fillna(mined["datasets_size"]),
            "parameters_count": np.nan,
            "downloads_count": mined["downloads"],
            "likes_count": mined["likes"],
            "emissions_metadata_value": mined["co2_eq_emissions"],
            "emissions_gco2e": mined["co2_eq_emissions"],
            "emissions_source": "metadata",
            "emissions_flags": [[] for _ in keys],
            "duplicate_group": pd.Series([None] * len(mined), dtype=object),
            "training_type": joined["training_type"].map(kinds),
            "hardware": hardware,
            "region": None,
            "provider": None,
            "tool": None,
            "duration_h": np.nan,
            "energy_kwh": np.nan,
        },
    )
    metrics = pd.concat(
        [
            pd.DataFrame(
                {"model_key": keys, "task": None, "dataset": None, "metric": name.lower(), "metric_value": mined[name]}
            )
            for name in ("accuracy", "f1", "rouge1", "rougeL")
        ],
    ).dropna(subset=["metric_value"])
    return MemoryTables(models, metrics, source="published", published=frames)
