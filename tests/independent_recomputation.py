"""A second computation of the published numbers that shares no code with the first.

Csv module, plain NumPy, special functions. Nothing of pandas, scipy.stats, statsmodels or this project is used, so that
a mistake in one of the computations shows as a disagreement. Missing is an empty cell.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Rows = list[dict[str, str]]
Numbers = dict[str, Any]
Array = npt.NDArray[np.float64]

CELL_LIMIT = 16_000_000
METRIC_CELL = re.compile(r"'(\w+)': ([^,}]+)")
LABEL = {
    "co2_eq_emissions": 35,
    "size_efficency": 10,
    "datasets_size_efficency": 10,
    "downloads": 25,
    "performance_score": 20,
}
CORRECTED_TOGETHER = ("rq1.2.slope-p", "rq2.3.p", "rq2.2.model-size.p", "rq2.2.data-size.p", "rq2.4.p")
GIVEN_P = 0.0642103


def recompute(contents: Mapping[str, bytes]) -> Numbers:
    """Compute the numbers from the bytes of ``HFStreamlit.csv``, ``HFCO2.csv`` and ``HFClean.csv``.

    Args:
        contents: Bytes of each file by its name.

    Returns:
        Numbers by the ids of ``published_numbers.yml``; sections that altered files no longer carry are left out.
    """
    mined, merged, curated = (read(contents[name]) for name in ("HFStreamlit.csv", "HFCO2.csv", "HFClean.csv"))
    sections: tuple[Callable[[], Numbers], ...] = (
        lambda: counts(mined, merged, curated),
        lambda: sources(mined, merged, curated),
        lambda: monthly(mined),
        lambda: performance(merged, curated),
        lambda: sizes(curated),
        lambda: training(curated),
        lambda: domain(mined),
        lambda: regression(mined),
        lambda: reporting(mined),
        lambda: label(merged),
    )
    numbers: Numbers = {}
    for section in sections:
        try:
            numbers |= section()
        except (ValueError, KeyError, IndexError, ZeroDivisionError, StopIteration):
            continue
    return numbers | (holm(numbers) if all(name in numbers for name in CORRECTED_TOGETHER) else {})


def read(body: bytes) -> Rows:
    """Rows of a CSV file as dictionaries of text."""
    csv.field_size_limit(CELL_LIMIT)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def column(rows: Rows, name: str) -> Array:
    """A column as numbers, NaN where the cell is empty."""
    return np.array([float(row[name]) if row[name] else math.nan for row in rows])


def tally(values: Sequence[str]) -> dict[str, int]:
    """How often each value occurs."""
    return dict(Counter(values))


def ranks(values: Array) -> Array:
    """Ranks from 1, ties sharing their mean."""
    order = np.argsort(values, kind="stable")
    placed = np.empty(len(values))
    placed[order] = np.arange(1, len(values) + 1)
    _, inverse, count = np.unique(values, return_inverse=True, return_counts=True)
    sums = np.zeros(len(count))
    np.add.at(sums, inverse, placed)
    return np.asarray((sums / count)[inverse], dtype=float)


def student_p(t: float, df: int) -> float:
    """Two-sided p-value of Student's t."""
    return float(special.betainc(df / 2, 0.5, df / (df + t * t)))


def correlation(x: Array, y: Array) -> tuple[float, float]:
    """Pearson's r and its p-value."""
    a, b = x - x.mean(), y - y.mean()
    r = float(a @ b / math.sqrt((a @ a) * (b @ b)))
    df = len(x) - 2
    return r, student_p(r * math.sqrt(df / (1 - r * r)), df)


def rank_sum(a: Array, b: Array) -> tuple[float, float]:
    """Mann-Whitney's U of the first group and its p-value: normal approximation, ties and continuity corrected."""
    pooled = ranks(np.concatenate([a, b]))
    n, m = len(a), len(b)
    u = float(pooled[:n].sum() - n * (n + 1) / 2)
    _, ties = np.unique(pooled, return_counts=True)
    total = n + m
    variance = n * m / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
    z = (max(u, n * m - u) - n * m / 2 - 0.5) / math.sqrt(variance)
    return u, min(1.0, float(special.erfc(z / math.sqrt(2))))


def counts(mined: Rows, merged: Rows, curated: Rows) -> Numbers:
    """Rows, ids, dates."""
    dates = sorted(row["created_at"] for row in mined if row["created_at"])
    names = Counter(row["modelId"] for row in curated)
    return {
        "counts.reporters": len(mined),
        "counts.first-created": dates[0][:10],
        "counts.last-created": dates[-1][:10],
        "counts.merged-rows": len(merged),
        "counts.merged-rows-by-merging": sum(max(1, names[row["modelId"]]) for row in mined),
        "counts.curated-rows": len(curated),
        "counts.curated-ids": len(names),
        "counts.domains": tally([row["domain"] for row in mined]),
        "counts.with-hardware": sum(row["hardware_used"] != "Not Specified" for row in mined),
        "counts.card-texts": sum(bool(row["modelcard_text"]) for row in mined),
    }


def sources(mined: Rows, merged: Rows, curated: Rows) -> Numbers:
    """Source tallies."""
    names = Counter(row["modelId"] for row in curated)
    remade = [source for row in mined for source in (["AutoTrain"] * names[row["modelId"]] or [row["source"]])]
    auto = [row["auto"] == "True" for row in mined]
    grams = column(mined, "co2_eq_emissions")
    return {
        "source.mined": tally([row["source"] for row in mined]),
        "source.merged": tally([row["source"] for row in merged]),
        "source.merged-as-merging-gives": tally(remade),
        "source.auto-values": tally([row["auto"] for row in merged]),
        "source.autotrain-and-curated": sum(row["auto"] in {"True", "1"} for row in merged),
        "source.false-counted-as-autotrain": sum(
            row["auto"] == "False" and row["source"] == "AutoTrain" for row in merged
        ),
        "source.autotrain": sum(auto),
        "source.autotrain-share": 100 * sum(auto) / len(auto),
        "source.autotrain-mass-share": 100 * math.fsum(grams[auto]) / math.fsum(grams),
    }


def monthly(mined: Rows) -> Numbers:
    """Monthly medians with their line; AutoTrain and tags."""
    months: dict[str, list[tuple[float, bool]]] = {}
    for row in mined:
        if row["year_month"]:
            months.setdefault(row["year_month"], []).append((float(row["co2_eq_emissions"]), row["auto"] == "True"))
    medians = np.array(
        [
            np.median([grams for grams, _ in months[month]])
            for month in sorted(months)
            if "2021-11" <= month <= "2023-03"
        ]
    )
    centred = np.arange(len(medians)) - (len(medians) - 1) / 2
    slope = float(centred @ medians / (centred @ centred))
    residual = medians - medians.mean() - slope * centred
    df = len(medians) - 2
    error = math.sqrt(float(residual @ residual) / df / float(centred @ centred))
    return {
        "rq1.2.months": len(medians),
        "rq1.2.median-max": float(medians.max()),
        "rq1.2.median-mean": math.fsum(medians) / len(medians),
        "rq1.2.median-last": float(medians[-1]),
        "rq1.2.median-median": float(np.median(medians)),
        "rq1.2.slope": slope,
        "rq1.2.slope-p": student_p(slope / error, df),
        "rq1.3.autotrain-by-month": {
            month: [sum(auto for _, auto in rows), len(rows)] for month, rows in months.items()
        },
        "rq1.3.pytorch-share": 100 * float(column(mined, "is_pytorch").sum()) / len(mined),
        "rq1.3.transformers-share": 100 * float(column(mined, "is_transformers").sum()) / len(mined),
    }


def performance(merged: Rows, curated: Rows) -> Numbers:
    """Rank correlations of grams and performance."""
    numbers: Numbers = {}
    for metric in ("accuracy", "f1", "rouge1", "rougeL"):
        cells = [
            (row, dict(METRIC_CELL.findall(row["performance_metrics"]))[metric])
            for row in merged
            if row["auto"] == "True"
        ]
        pairs = {
            "autotrain": [
                (float(row["co2_eq_emissions"]), float(cell)) for row, cell in cells if cell not in {"nan", "None"}
            ],
            "curated": [(float(row["co2_eq_emissions"]), float(row[metric])) for row in curated if row[metric]],
        }
        for cohort, found in pairs.items():
            grams, values = np.array(found).T
            rho, p = correlation(ranks(grams), ranks(values))
            numbers |= {
                f"rq2.1.{cohort}-{metric}.{name}": value for name, value in (("n", len(found)), ("rho", rho), ("p", p))
            }
    return numbers


def sizes(curated: Rows) -> Numbers:
    """Log grams against log bytes of model and data."""
    numbers: Numbers = {}
    for name, cell in (("model-size", "size"), ("data-size", "datasets_size")):
        pairs = np.array([(float(row["co2_eq_emissions"]), float(row[cell])) for row in curated if row[cell]])
        grams, size = np.log(pairs + 1e-6).T
        r, p = correlation(grams, size)
        rho = correlation(ranks(grams), ranks(size))[0]
        numbers |= {
            f"rq2.2.{name}.{part}": value for part, value in (("n", len(pairs)), ("r", r), ("p", p), ("spearman", rho))
        }
    return numbers


def training(curated: Rows) -> Numbers:
    """Pretraining against fine-tuning."""
    kinds = ("pretraining", "fine-tuning", "pretraining + fine-tuning")
    pre, fine, both = (
        np.array([float(row["co2_eq_emissions"]) for row in curated if row["training_type"] == kind]) for kind in kinds
    )
    u, p = rank_sum(pre, fine)
    return {
        "rq2.3.u": u,
        "rq2.3.p": p,
        "rq2.3.n": [len(pre), len(fine)],
        "rq2.3.both-n": len(both),
        "rq2.3.median-pretraining": float(np.median(pre)),
        "rq2.3.median-fine-tuning": float(np.median(fine)),
        "rq2.3.median-both": float(np.median(both)),
        "rq2.3.mean-pretraining": math.fsum(pre) / len(pre),
        "rq2.3.mean-fine-tuning": math.fsum(fine) / len(fine),
    }


def domain(mined: Rows) -> Numbers:
    """Computer vision against NLP."""
    vision, nlp = ([row for row in mined if row["domain"] == name] for name in ("Computer Vision", "NLP"))
    grams = [column(rows, "co2_eq_emissions") for rows in (vision, nlp)]
    size = [column(rows, "size") for rows in (vision, nlp)]
    known = [~np.isnan(values) for values in size]
    relative = [values[there] / sizes_[there] for values, sizes_, there in zip(grams, size, known, strict=True)]
    u, p = rank_sum(grams[0], grams[1])
    relative_u, relative_p = rank_sum(relative[0], relative[1])
    return {
        "rq2.4.u": u,
        "rq2.4.p": p,
        "rq2.4.n": [len(vision), len(nlp)],
        "rq2.4.median-vision": float(np.median(grams[0])),
        "rq2.4.median-nlp": float(np.median(grams[1])),
        "rq2.4.size-p": rank_sum(size[0][known[0]], size[1][known[1]])[1],
        "rq2.4.relative-u": relative_u,
        "rq2.4.relative-p": relative_p,
    }


def regression(mined: Rows) -> Numbers:
    """Domain with size held constant, by QR decomposition."""
    rows = [row for row in mined if row["size"]]
    y = np.log(column(rows, "co2_eq_emissions") + 1e-6)
    dummies = [[float(row["domain"] == name) for row in rows] for name in ("NLP", "Computer Vision")]
    x = np.column_stack([np.ones(len(rows)), *dummies, np.log(column(rows, "size") + 1e-6)])
    order = np.random.RandomState(42).permutation(len(rows))
    held = math.ceil(len(rows) / 5)
    test, train = order[:held], order[held:]
    q, r = np.linalg.qr(x[train])
    beta = np.linalg.solve(r, q.T @ y[train])
    residual = y[train] - x[train] @ beta
    df = len(train) - x.shape[1]
    inverse = np.linalg.inv(r)
    t = beta / np.sqrt(residual @ residual / df * (inverse**2).sum(axis=1))
    centred, error, spread = y[train] - y[train].mean(), y[test] - x[test] @ beta, y[test] - y[test].mean()
    numbers: Numbers = {"rq2.4.ols.n-all": len(rows), "rq2.4.ols.n": len(train)}
    for name, place in (("nlp", 1), ("vision", 2), ("log-size", 3)):
        numbers |= {f"rq2.4.ols.{name}": float(beta[place]), f"rq2.4.ols.{name}-p": student_p(float(t[place]), df)}
    return numbers | {
        "rq2.4.ols.r-squared": float(1 - residual @ residual / (centred @ centred)),
        "rq2.4.ols.test-r-squared": float(1 - error @ error / (spread @ spread)),
        "rq2.4.ols.test-mse": float(error @ error / held),
    }


def holm(numbers: Mapping[str, Any]) -> Numbers:
    """Holm's step-down correction."""
    names = {"reporting-slope": GIVEN_P, "emissions-slope": numbers["rq1.2.slope-p"]}
    names |= {
        key.removeprefix("rq2.1.").removesuffix(".p"): p
        for key, p in numbers.items()
        if key.startswith("rq2.1.") and key.endswith(".p")
    }
    names |= {"training-type": numbers["rq2.3.p"], "domain": numbers["rq2.4.p"]}
    names |= {key: numbers[f"rq2.2.{key}.p"] for key in ("model-size", "data-size")}
    adjusted: Numbers = {}
    highest = 0.0
    for place, (name, p) in enumerate(sorted(names.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, p * (len(names) - place)))
        adjusted[f"holm.{name}"] = highest
    return adjusted


def reporting(mined: Rows) -> Numbers:
    """Reporting classes."""
    classes = [
        "Basic Energy Reporting" if row["hardware_used"] == "Not Specified" else "Energy Awareness" for row in mined
    ]
    kinds = ["AutoTrain" if row["auto"] == "True" else "other" for row in mined]
    aware = [row for row, name in zip(mined, classes, strict=True) if name == "Energy Awareness"]
    liked = sorted(aware, key=lambda row: -int(row["likes"]))[:5]
    return {
        "rq1.4.classes": tally(classes),
        "rq1.4.classes-by-auto": tally([f"{kind} / {name}" for kind, name in zip(kinds, classes, strict=True)]),
        "rq1.4.top-awareness": [[row["modelId"], float(row["co2_eq_emissions"])] for row in liked],
    }


def label(merged: Rows) -> Numbers:
    """The efficiency label, metric by metric in arrays."""
    values = {metric: column(merged, metric) for metric in LABEL}
    place = next(number for number, row in enumerate(merged) if row["modelId"] == "distilgpt2")
    reference = {m: float(v[place]) if not math.isnan(v[place]) else float(np.nanmedian(v)) for m, v in values.items()}
    with np.errstate(divide="ignore"):
        index = {m: reference[m] / v if m == "co2_eq_emissions" else v / reference[m] for m, v in values.items()}
    cuts = {m: cut_points(m, v, rooted=True) for m, v in index.items()}
    rated = {m: rates(index[m], cuts[m]) for m in LABEL}
    one_scale = {
        **rated,
        "co2_eq_emissions": rates(
            index["co2_eq_emissions"], cut_points("co2_eq_emissions", index["co2_eq_emissions"], rooted=False)
        ),
    }
    letters, mended = (letters_of(found, len(merged)) for found in (rated, one_scale))
    changed = sum(a != b for a, b in zip(letters, mended, strict=True))
    best = int((rated["co2_eq_emissions"] == 0).sum())
    there = np.sum([~np.isnan(found) for found in rated.values()], axis=0)
    return {
        **{f"rq2.5.reference.{m}": value for m, value in reference.items()},
        **{f"rq2.5.boundaries.{m}": [float(cut) for cut in found] for m, found in cuts.items()},
        "rq2.5.weights": {m: weight / 100 for m, weight in LABEL.items()},
        "rq2.5.labels": tally(letters),
        "rq2.5.metrics-available": tally([str(number) for number in there]),
        "rq2.5.emissions-rated-a": best,
        "rq2.5.emissions-rated-a-share": 100 * best / len(merged),
        "rq2.5.changed-by-one-scale": changed,
        "rq2.5.changed-by-one-scale-share": 100 * changed / len(merged),
        "rq2.5.datasets-size-missing": sum(not row["datasets_size"] for row in merged),
    }


def cut_points(metric: str, index: Array, *, rooted: bool) -> Array:
    """Descending percentiles of an index; for emissions as published, of its square root."""
    percents = [96, 94, 85, 60] if metric == "downloads" else [80, 60, 40, 20]
    scaled = np.sqrt(index) if metric == "co2_eq_emissions" and rooted else index
    cuts: Array = np.asarray(np.percentile(scaled[~np.isnan(scaled)], percents), dtype=np.float64)
    return cuts


def rates(index: Array, cuts: Array) -> Array:
    """Ratings 0..4: how many cut points are not passed; the worst where the index is not above zero."""
    found: Array = (index[:, None] <= cuts[None, :]).sum(axis=1).astype(np.float64)
    found[index <= 0] = 4
    found[np.isnan(index)] = math.nan
    return found


def letters_of(rated: Mapping[str, Array], n: int) -> list[str]:
    """Letter of the weighted mean, each term added with one rounding, halves to the even letter."""
    letters = []
    for row in range(n):
        pairs = [(int(rated[m][row]), weight / 100) for m, weight in LABEL.items() if not math.isnan(rated[m][row])]
        total = 0.0
        for _, weight in pairs:
            total += weight
        mean = 0.0
        for rate, weight in pairs:
            mean = float(Fraction(mean) + rate * Fraction(weight / total))
        letters.append("ABCDE"[round(mean)])
    return letters
