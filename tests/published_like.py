"""Tables shaped like the published ones, made here from a seed: for tests where the real files are absent.

Nothing of the published files is repeated: names, values and texts are invented; only the columns are the same.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

TAGS = [
    "is_transformers",
    "is_pytorch",
    "is_autotrain",
    "is_text-classification",
    "is_image-classification",
    "is_tensorboard",
]
MONTHS = pd.period_range("2021-10", "2023-03", freq="M")


def mined(seed: int = 1, n: int = 160) -> pd.DataFrame:
    """A table with the columns of the mined one; emissions grow with size."""
    rng = np.random.default_rng(seed)
    auto = rng.random(n) < 0.8
    size = np.exp(rng.normal(19, 0.8, n))
    emissions = np.exp(np.log(size) * 0.6 - 10 + rng.normal(0, 0.7, n))
    domain = rng.choice(["NLP", "Computer Vision", "Not Specified"], n, p=[0.7, 0.25, 0.05])
    month = MONTHS[rng.integers(0, len(MONTHS), n)]
    created = [
        f"{m}-{d:02d} 10:00:{s:02d}+00:00"
        for m, d, s in zip(month, rng.integers(1, 28, n), rng.integers(0, 60, n), strict=True)
    ]
    lines = [
        f"- CO2 Emissions (in grams): {e:.4f}" if a else "Trained by hand."
        for a, e in zip(auto, emissions, strict=True)
    ]
    body = [f"# Model {i}\n\n{line}\n" for i, line in enumerate(lines)]
    accuracy = rng.uniform(0.5, 1.0, n)
    frame = pd.DataFrame(
        {
            "Unnamed: 0": np.arange(n),
            "modelId": [f"model-{i}" for i in range(n)],
            "datasets": ["['someone/autotrain-data-x']" if a else "['']" for a in auto],
            "datasets_size": np.where(rng.random(n) < 0.1, np.exp(rng.normal(17, 2, n)), np.nan),
            "co2_eq_emissions": emissions,
            "source": np.where(auto, "AutoTrain", "Not Specified"),
            "training_type": np.where(auto, "Not Specified", "fine-tuning"),
            "geographical_location": "Not Specified",
            "hardware_used": np.where(rng.random(n) < 0.06, "1 Tesla T4", "Not Specified"),
            "accuracy": np.where(rng.random(n) < 0.6, accuracy, np.nan),
            "loss": np.nan,
            "f1": np.where(rng.random(n) < 0.5, accuracy * 0.95, np.nan),
            "rouge1": np.where(rng.random(n) < 0.2, rng.uniform(0.2, 0.6, n), np.nan),
            "rougeL": np.where(rng.random(n) < 0.2, rng.uniform(0.2, 0.5, n), np.nan),
            "size": np.where(rng.random(n) < 0.95, np.round(size), np.nan),
            "auto": auto.astype(str),
            "downloads": rng.integers(0, 500, n),
            "likes": rng.integers(0, 9, n),
            "library_name": "['transformers', 'pytorch']",
            "lastModified": created,
            "created_at": created,
            "modelcard_text": body,
            "hours_used": np.nan,
            "cloud_provider": np.nan,
            "co2_reported": 1,
            "license": "[]",
            "language": "[]",
            "domain": domain,
            "year_month": month.astype(str),
            "size_efficency": np.nan,
            "performance_score": np.where(rng.random(n) < 0.7, accuracy, np.nan),
        },
    )
    frame["size_efficency"] = frame["size"] / frame["co2_eq_emissions"]
    for tag in TAGS:
        frame[tag] = (rng.random(n) < 0.4).astype(int)
    frame["is_autotrain"] = auto.astype(int)
    frame["is_pytorch"] = 1
    return frame


def curated(source: pd.DataFrame, seed: int = 2, n: int = 40) -> pd.DataFrame:
    """A table with the columns of the curated one, for some rows of the mined one."""
    rng = np.random.default_rng(seed)
    rows = source.iloc[np.sort(rng.choice(len(source), n, replace=False))].reset_index(drop=True)
    frame = rows.drop(columns=["hours_used", "performance_score", "size_efficency"]).copy()
    frame["num_of_imgs"] = np.nan
    frame["parameters"] = np.where(rng.random(n) < 0.3, 11000000, np.nan)
    frame["perplexity"] = np.nan
    frame["datasets_size"] = np.exp(rng.normal(17, 2, n))
    frame["size"] = frame["size"].fillna(4e8).astype(int)
    frame["training_type"] = rng.choice(
        ["fine-tuning", "pretraining", "pretraining + fine-tuning"], n, p=[0.5, 0.45, 0.05]
    )
    frame.loc[0, "modelId"] = "distilgpt2"
    return frame


def merged(source: pd.DataFrame) -> pd.DataFrame:
    """A table with the columns of the merged one."""
    metrics = [
        str({"accuracy": a, "f1": f, "rouge1": r, "rougeL": rl})
        for a, f, r, rl in zip(source["accuracy"], source["f1"], source["rouge1"], source["rougeL"], strict=True)
    ]
    frame = source[
        [
            "modelId",
            "datasets",
            "datasets_size",
            "co2_eq_emissions",
            "co2_reported",
            "source",
            "training_type",
            "geographical_location",
        ]
    ].copy()
    frame["environment"] = source["hardware_used"]
    frame["performance_metrics"] = metrics
    for name in ("performance_score", "downloads", "likes", "library_name", "domain", "size"):
        frame[name] = source[name]
    frame["created_at"] = source["created_at"].str[:10]
    frame["size_efficency"] = source["size_efficency"]
    frame["datasets_size_efficency"] = source["datasets_size"] / source["co2_eq_emissions"]
    frame["auto"] = source["auto"]
    frame.loc[0, "modelId"] = "distilgpt2"
    return frame


def write(folder: Path, seed: int = 1, *, zipped: bool = False) -> Path:
    """Write the four files into a folder, the first gzipped if asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    table = mined(seed)
    table.to_csv(folder / "HFStreamlit.csv", index=False)
    merged(table).to_csv(folder / "HFCO2.csv", index=False)
    curated(table).to_csv(folder / "HFClean.csv", index=False)
    (folder / "tags_metadata.yaml").write_text("libraries:\n  - pytorch\n", encoding="utf-8")
    if zipped:
        plain = folder / "HFStreamlit.csv"
        (folder / "HFStreamlit.csv.gz").write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
        plain.unlink()
    return folder
