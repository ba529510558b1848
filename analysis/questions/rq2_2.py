"""RQ2.2: are carbon emissions related to the size of the model and of its data?

As published: Pearson's r of the logarithms on 48 curated rows, a constant added that turns a zero into an outlier.
Repaired, first like for like: those very rows, settled, no constant, errors that count clusters. Then every model with
settled grams and a size; parameters beside bytes; without the models that move the slope most; and what each repair
moves, whatever its order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import stats
from analysis.published import recipe
from analysis.questions import descriptives, like_for_like, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData, by_autotrain
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate

Frame = pd.DataFrame
Line = tuple[object, ...]
PREDICTORS = {
    "model-size": ("size", "model size"),
    "data-size": ("data_size", "data set size"),
    "parameters": ("parameters", "parameters"),
}
PUBLISHED = {"model-size": "size", "data-size": "datasets_size"}
LANDMARKS = 6
MOST_INFLUENTIAL = 2
BAND_POINTS = 40
METHODS = frozenset({"no-constant-in-log", "clustered"})
MOST_POINTS = 3000


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Correlation of emissions and size, as published and repaired."""
    made = UncorrectedAnswer("RQ2.2", protocol, study.baseline)
    lines, points, fits = _published(made, study)
    repaired = repairs.run(made, study, lambda rows, methods: _measure(rows, methods, made), needed="size")
    terms: list[Line] = []
    for name, (column, words) in PREDICTORS.items():
        lines += list(_repaired(made, repaired.rows, name))
        kept = _log_pairs(repaired.rows, column, plain=True)
        points += _points(kept, name, column, protocol)
        fits += _band(kept[f"log_{column}"], kept["log_value"], name, "repaired")
        terms += _slope(made, kept, name, words)
    lines += _like_for_like(made, study, repaired.rows)
    made.put("correlations", lines)
    made.put("scatter", points)
    made.put("fit", fits)
    made.put("regressions", terms)
    for name, (column, words) in list(PREDICTORS.items())[:2]:
        repairs.with_without(
            made,
            repaired.settled,
            f"r of emissions and {words}",
            "1",
            lambda rows, column=column: _r(rows, column, repaired.methods, protocol),  # type: ignore[misc]
            title=f"Emissions and {words}",
        )
        del name
    return made


def _like_for_like(made: UncorrectedAnswer, study: StudyData, rows: Frame) -> list[Line]:
    """The study's own rows repaired, both cohorts without the models that move the slope most, and each repair."""
    own = like_for_like.repaired(like_for_like.own_rows(study), made.protocol, "RQ2.2")
    lines: list[Line] = []
    left_out: list[Line] = []
    parts: list[Line] = []
    for name in PUBLISHED:
        column, words = PREDICTORS[name]
        cohorts = {
            f"{name}-like-for-like": (study.own_rows_named, own),
            f"{name}-without-landmarks": ("all, without the most influential", _without(rows, column)),
            f"check.{name}-like-for-like-without-landmarks": (
                "own, without the most influential",
                _without(own, column),
            ),
        }
        for identifier, (cohort, kept) in cohorts.items():
            found = _r(kept, column, METHODS, made.protocol)
            key = made.add(f"{identifier}.repaired", f"Emissions and {words}, {cohort}", found)
            lines.append((cohort, name, "Pearson, logarithms", "repaired", *made.cells(key)))
        left_out += _leave_one_out(own, name, column, study.own_rows_named) + _leave_one_out(rows, name, column, "all")
        parts += _parts(made, study, name, column)
    made.put("leave_one_out", left_out)
    made.put("shapley", parts)
    return lines


def _influence(rows: Frame, column: str) -> Frame:
    """Rows with both values, with r without each, most influential first."""
    kept = _log_pairs(rows, column, plain=True)
    if len(kept) < 4:
        return kept.assign(r_without=np.nan, change=np.nan)
    dx, dy = ((kept[name] - kept[name].mean()).to_numpy() for name in (f"log_{column}", "log_value"))
    n, xx, yy, xy = len(kept), float(dx @ dx), float(dy @ dy), float(dx @ dy)
    shrink = n / (n - 1)
    with np.errstate(all="ignore"):
        without = (xy - shrink * dx * dy) / np.sqrt((xx - shrink * dx**2) * (yy - shrink * dy**2))
        change = without - xy / np.sqrt(xx * yy)
    found = kept.assign(r_without=without, change=change, moved=-np.abs(change))
    return found.sort_values(["moved", "key"], kind="stable")


def _without(rows: Frame, column: str) -> Frame:
    """Rows without the models that move r most."""
    most = _influence(rows, column).head(MOST_INFLUENTIAL)["key"]
    return rows[~rows["key"].isin(set(most))]


def _leave_one_out(rows: Frame, name: str, column: str, cohort: str) -> list[Line]:
    """Rows of the table of the most influential models."""
    found = _influence(rows, column).head(LANDMARKS)
    cells = zip(found["name"], found["value"], found["r_without"], found["change"], strict=True)
    return [(name, cohort, model, grams, r, change) for model, grams, r, change in cells]


def _parts(made: UncorrectedAnswer, study: StudyData, name: str, column: str) -> list[Line]:
    """What each repair moves on the mean over all orders."""

    def r(rows: Frame, on: frozenset[str]) -> float | None:
        kept = _log_pairs(rows, column, plain="no-constant-in-log" in on)
        return stats.pearson(kept[f"log_{column}"], kept["log_value"]).estimate

    found = like_for_like.shapley_of(study, made.protocol, "RQ2.2", r)
    if found is None:
        return []
    parts, start, end = found
    return [(name, repair, part, start, end) for repair, part in parts.items()]


def _published(made: UncorrectedAnswer, study: StudyData) -> tuple[list[Line], list[Line], list[Line]]:
    """The study's two correlations with their Spearman companions, points and bands."""
    lines: list[Line] = []
    points: list[Line] = []
    fits: list[Line] = []
    for name, column in PUBLISHED.items():
        words = PREDICTORS[name][1]
        curated = study.frames["curated"]
        grams, size = recipe.curated_pair(curated, column)
        x, y = recipe.logged(size), recipe.logged(grams)
        found = stats.pearson(y, x)
        key = made.add(f"{name}.as-published", f"Emissions and {words}", found)
        lines.append(("curated", name, "Pearson, logarithms", "as-published", *made.cells(key)))
        ranked = stats.spearman(y, x, p_value="t")
        key = made.add(f"outside.{name}-spearman.as-published", f"Emissions and {words} (Spearman)", ranked)
        lines.append(("curated", name, "Spearman", "as-published", *made.cells(key)))
        rows = curated[curated[column].notna()]
        cells = zip(size, grams, rows["modelId"], rows["likes"], strict=True)
        points += [(name, s, g, label, float(likes), "curated", False, "as-published") for s, g, label, likes in cells]
        fits += _band(pd.Series(x), pd.Series(y), name, "as-published")
    return lines, points, fits


def _repaired(made: UncorrectedAnswer, rows: Frame, name: str) -> Iterator[Line]:
    """Repaired correlation of one predictor, its rank companion, and each kind of card."""
    column, words = PREDICTORS[name]
    found = _r(rows, column, METHODS, made.protocol)
    key = made.add(f"{name}.repaired", f"Emissions and {words}", found)
    yield ("all", name, "Pearson, logarithms", "repaired", *made.cells(key))
    kept = descriptives.pairs(rows, "value", column)
    x, y = descriptives.numbers(kept["value"]), descriptives.numbers(kept[column])
    ranked = repairs.least(
        made.protocol, lambda: stats.clustered_spearman(x, y, list(kept["cluster"])), len(kept), "Spearman"
    )
    key = made.add(f"check.{name}-spearman.repaired", f"Emissions and {words} (Spearman)", ranked)
    yield ("all", name, "Spearman", "repaired", *made.cells(key))
    for cohort, part in by_autotrain(rows).items():
        alone = _r(part, column, METHODS, made.protocol)
        slug = cohort.lower().replace(" ", "-")
        key = made.add(f"check.{name}-{slug}.repaired", f"Emissions and {words}, {cohort}", alone)
        yield (cohort, name, "Pearson, logarithms", "repaired", *made.cells(key))


def _log_pairs(rows: Frame, column: str, *, plain: bool) -> Frame:
    """Rows with both values and their logarithms; ``plain`` without the study's constant, hence without zeros."""
    kept = descriptives.pairs(rows, "value", column, positive=plain)
    if plain:
        return kept.assign(log_value=np.log(kept["value"]), **{f"log_{column}": np.log(kept[column])})
    constant = recipe.LOG_CONSTANT
    return kept.assign(log_value=np.log(kept["value"] + constant), **{f"log_{column}": np.log(kept[column] + constant)})


def _r(rows: Frame, column: str, methods: frozenset[str], protocol: Protocol) -> Estimate:
    """Pearson's r of the logarithms with what is switched on."""
    kept = _log_pairs(rows, column, plain="no-constant-in-log" in methods)
    clusters = list(kept["cluster"]) if "clustered" in methods else None
    x, y = descriptives.numbers(kept[f"log_{column}"]), descriptives.numbers(kept["log_value"])
    return repairs.least(
        protocol,
        lambda: stats.pearson(x, y) if clusters is None else stats.clustered_pearson(x, y, clusters),
        len(kept),
        "Pearson",
    )


def _measure(rows: Frame, methods: frozenset[str], made: UncorrectedAnswer) -> dict[str, float | None]:
    """Both correlations; before the first repair those of the curated rows."""
    found: dict[str, float | None] = {}
    for name in PUBLISHED:
        column, words = PREDICTORS[name]
        is_curated = "every-known-value" not in methods
        estimate = (
            made.results[f"rq2.2.{name}.as-published"].estimate
            if is_curated
            else _r(rows, column, methods, made.protocol)
        )
        found |= {f"r {words}": estimate.estimate, f"p {words}": estimate.p, f"n {words}": float(estimate.n)}
    return found


def _points(rows: Frame, name: str, column: str, protocol: Protocol) -> list[Line]:
    """Points of the scatter plot, the most liked models marked as landmarks."""
    liked = set(
        rows.sort_values(["likes", "key"], ascending=[False, True]).drop_duplicates("cluster").head(LANDMARKS)["key"]
    )
    marked = rows["key"].isin(liked)
    kept = pd.concat([rows[marked], descriptives.sampled(rows[~marked], MOST_POINTS, protocol.seeds.sample)])
    columns = zip(kept[column], kept["value"], kept["name"], kept["likes"], kept["group"], kept["key"], strict=True)
    return [
        (name, size, grams, label, likes, group, key in liked, "repaired")
        for size, grams, label, likes, group, key in columns
    ]


def _band(x: pd.Series, y: pd.Series, name: str, version: str) -> list[Line]:
    """Fitted line with its band, back on the scale of grams and bytes."""
    if len(x) < 3 or x.nunique() < 2:
        return []
    at = np.linspace(float(x.min()), float(x.max()), BAND_POINTS)
    return [(name, *np.exp(np.array(row)).tolist(), version) for row in stats.line_band(list(x), list(y), list(at))]


def _slope(made: UncorrectedAnswer, rows: Frame, name: str, words: str) -> list[Line]:
    """Slope of log grams on log size: a ten-fold size means ten to the slope times the grams."""
    column = PREDICTORS[name][0]
    if len(rows) < made.protocol.least_n:
        return []
    found = stats.ols(
        list(rows["log_value"]), {f"log {words}": list(rows[f"log_{column}"])}, clusters=list(rows["cluster"])
    )[f"log {words}"]
    key = made.add(f"check.{name}-slope.repaired", f"Slope of log emissions on log {words}", found)
    return [("log-log", f"log {words}", "repaired", *made.cells(key))]
