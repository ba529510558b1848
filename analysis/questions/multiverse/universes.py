"""One universe: the rows that its choices leave, its estimate, and what the joint test needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec.structs import replace
from scipy.stats import rankdata

from analysis import stats
from analysis.classify.classes_2023 import BASIC, CONTEXT, UNKNOWN
from analysis.published import recipe
from analysis.questions import descriptives, like_for_like, repairs, rq1_4, rq2_1
from analysis.questions.multiverse.contributions import Contributions, of_slope
from analysis.questions.multiverse.labels import Labels
from analysis.questions.multiverse.monthly_share import MonthlyShares
from analysis.questions.multiverse.shares import majority
from analysis.questions.protocol import Grid, Protocol
from analysis.questions.study_data import AUTOTRAIN, NO_DOMAIN, StudyData
from analysis.results import Estimate

Rows = pd.DataFrame
FloatArray = npt.NDArray[np.float64]
Choice = Mapping[str, str]
CLASS_COLUMNS = {"code-of-2023": "as_published", "own-criteria": "repaired"}
MEASURES = {"bytes": "size", "parameters": "parameters"}
EXCLUDED: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "not-own": ("not-own",),
    "no-exercises": ("not-own", "exercise"),
    "no-repeats": ("not-own", "constant", "exercise"),
    "all-flagged": ("not-own", "constant", "exercise", "doubtful"),
}


class Universe(NamedTuple):
    """What one analysis found.

    Attributes:
        choice: Option by dimension.
        estimate: Its estimate; ``effect_size`` is the value on the common scale of the claim.
        contributions: Of each author to the joint test; None for trends and where nothing was computed.
        series: Monthly values by month, for trends; None for all others.
    """

    choice: Choice
    estimate: Estimate
    contributions: Contributions | None = None
    series: pd.Series | None = None


class Analyses:
    """The analyses of one snapshot; rows that several universes share are made once."""

    def __init__(self, study: StudyData, protocol: Protocol) -> None:
        """Hold the tables.

        Args:
            study: The tables.
            protocol: The protocol with its grids.
        """
        self._study, self._protocol = study, protocol
        self._rows = cache(self._make_rows)
        self._own = cache(lambda: like_for_like.own_rows(study))
        self._valued = cache(self._make_valued)
        self._classes = cache(lambda: rq1_4.classified(study, protocol)[0])
        self._labels = cache(lambda: Labels(study, protocol))
        self._shares = cache(lambda: MonthlyShares(study, protocol))

    def run(self, grid: Grid, choice: Choice) -> Universe:
        """One universe of a grid."""
        family = {
            "correlation": self._correlation,
            "trend": self._trend,
            "comparison": self._comparison,
            "regression": self._regression,
            "share": self._share,
            "monthly-share": self._monthly_share,
        }
        if grid.family == "labels":
            return Universe(choice, *self._labels().universe(choice, EXCLUDED[choice["excluded"]]))
        rows = self._rows(choice["unit"], choice["excluded"], choice["cohort"])
        return family[grid.family](rows, grid.predictor, choice)

    def _make_rows(self, unit: str, excluded: str, cohort: str) -> Rows:
        """Rows with their grams in ``value``, in use after unit, exclusions and cohort."""
        if cohort == "own-rows":
            own = self._own()
            start = own.assign(value=own["literal"], is_in=own["literal"].notna())
        else:
            start = repairs.published_rows(self._study.reporters.assign(study_size=self._study_sizes()))
        state = repairs.State(start)
        if unit == "settled":
            state, _ = repairs.settle(state)
        for kind in EXCLUDED[excluded]:
            state, _ = repairs.without(self._protocol.flags_of(kind))(state)
        rows = repairs.in_use(state)
        if cohort == "autotrain":
            return rows[rows["group"] == AUTOTRAIN]
        return rows[rows["group"] != AUTOTRAIN] if cohort == "all-but-autotrain" else rows

    def _study_sizes(self) -> FloatArray:
        """Bytes as the study's mined table holds them, by position; for other sources the bytes known."""
        mined, reporters = self._study.frames["mined"], self._study.reporters
        same = self._study.is_published and len(mined) == len(reporters)
        return (mined if same else reporters)["size"].to_numpy(dtype=float)

    def _make_valued(self, unit: str, excluded: str, cohort: str, task: str) -> Rows:
        """Rows with an accuracy in ``performance``."""
        methods = frozenset({"one-metric-scale"}) if task == "most-frequent" else frozenset[str]()
        rows = self._rows(unit, excluded, cohort)
        tasks = self._study.metrics.query("metric == 'accuracy'").drop_duplicates("model_key")
        found = rq2_1.valued(rows, self._study, "accuracy", methods)
        return found.assign(task=found["key"].map(tasks.set_index("model_key")["task"]).fillna("unknown"))

    def _correlation(self, rows: Rows, predictor: str, choice: Choice) -> Universe:
        """Emissions and size, or emissions and accuracy."""
        if predictor == "accuracy":
            return self._performance(choice)
        column = MEASURES[choice["measure"]] if "measure" in choice else predictor
        scale = choice["scale"]
        kept = descriptives.pairs(rows, "value", column, positive=scale == "log")
        constant = recipe.LOG_CONSTANT if scale == "log-constant" else 0.0
        x, y = kept[column].to_numpy(dtype=float), kept["value"].to_numpy(dtype=float)
        x, y = (x, y) if scale == "ranks" else (np.log(x + constant), np.log(y + constant))
        if choice["influential"] == "dropped" and len(kept) > self._protocol.least_n:
            stay = _without_influential(x, y)
            kept, x, y = kept[stay], x[stay], y[stay]
        return self._correlated(x, y, kept, choice, ranked=scale == "ranks")

    def _performance(self, choice: Choice) -> Universe:
        """Emissions and accuracy; ``study`` is the study's own selection: literal grams and pooled tasks only."""
        if choice["cohort"] == "study":
            return self._study_performance(choice)
        kept = self._valued(choice["unit"], choice["excluded"], choice["cohort"], choice["task"])
        x, y = kept["performance"].to_numpy(dtype=float), kept["value"].to_numpy(dtype=float)
        if choice["scale"] == "log-grams":
            stay = y > 0
            kept, x, y = kept[stay], x[stay], np.log(y[stay])
        if choice["scale"] == "ranks-within-task":
            x, y = (_within(rankdata(column), kept["task"]) for column in (x, y))
        return self._correlated(x, y, kept, choice, ranked=choice["scale"] == "ranks")

    def _study_performance(self, choice: Choice) -> Universe:
        """The study's own pairs of grams and accuracy."""
        own = {"unit": "literal", "excluded": "nothing", "scale": "ranks", "task": "pooled", "clusters": "rows"}
        if any(choice[name] != option for name, option in own.items()):
            return _refused(choice, "the study's own selection has one analysis only")
        grams, values = recipe.autotrain_performance(self._study.frames["merged"], "accuracy")
        return Universe(choice, stats.spearman(grams, values, p_value="t"))

    def _correlated(self, x: FloatArray, y: FloatArray, rows: Rows, choice: Choice, *, ranked: bool) -> Universe:
        """A correlation with the errors of its choice."""
        if len(x) < self._protocol.least_n:
            return _refused(choice, f"only {len(x)} values", len(x))
        if choice["clusters"] == "rows":
            found = stats.spearman(x, y, p_value="t") if ranked else stats.pearson(x, y)
        else:
            function = stats.clustered_spearman if ranked else stats.clustered_pearson
            found = function(x, y, _clusters(rows, choice))
        if ranked:
            x, y = rankdata(x), rankdata(y)
        return Universe(choice, found, of_slope(x, y, rows["cluster"]))

    def _share(self, rows: Rows, predictor: str, choice: Choice) -> Universe:
        """A majority: language models among reporters, or reports without hardware."""
        if predictor == "domain":
            kept = rows if choice["unknown"] == "counted" else rows[rows["domain"] != NO_DOMAIN]
            hits = kept["domain"] == recipe.NLP
        else:
            classes = self._classes()[CLASS_COLUMNS[choice["classes"]]].reindex(rows.index)
            reporting = ~classes.isin({UNKNOWN, CONTEXT})
            kept, hits = rows[reporting], (classes == BASIC)[reporting]
        if len(kept) < self._protocol.least_n:
            return _refused(choice, f"only {len(kept)} reports", len(kept))
        clusters = None if choice["clusters"] == "rows" else _clusters(kept, choice)
        return Universe(choice, *majority(hits, clusters, kept["cluster"]))

    def _monthly_share(self, rows: Rows, _: str, choice: Choice) -> Universe:
        """The share of reporting models over time."""
        found, series = self._shares().universe(rows, choice)
        return Universe(choice, found, series=series)

    def _comparison(self, rows: Rows, predictor: str, choice: Choice) -> Universe:
        """Two groups by Cliff's delta."""
        if predictor == "training_type":
            kinds = rows["training_type"]
            kinds = kinds if choice["mixed"] == "on-its-own" else kinds.map(recipe.combined_training_type)
            first, second = "pretraining", "fine-tuning"
        else:
            kinds = rows["domain"]
            first, second = recipe.VISION, recipe.NLP
            if choice["window"] == "study":
                months = rows["month"].fillna("")
                kinds = kinds.where((months >= recipe.TREND_MONTHS[0]) & (months <= recipe.TREND_MONTHS[1]))
        a, b = rows[kinds == first], rows[kinds == second]
        if min(len(a), len(b)) < self._protocol.least_n:
            return _refused(choice, f"only {len(a)} and {len(b)} values", len(a) + len(b))
        one, two = (part["value"].to_numpy(dtype=float) for part in (a, b))
        if choice["clusters"] == "rows":
            found = stats.mann_whitney(one, two)
        else:
            found = stats.clustered_mann_whitney(one, two, _clusters(a, choice), _clusters(b, choice))
        ranks, member = rankdata(np.concatenate([one, two])), np.r_[np.ones(len(one)), np.zeros(len(two))]
        both = pd.concat([a, b])
        return Universe(choice, found, of_slope(member, ranks, both["cluster"]))

    def _regression(self, rows: Rows, _: str, choice: Choice) -> Universe:
        """Vision against NLP in log grams, with what is held."""
        is_study = choice["design"] == "study"
        kept = self._domain_rows(rows, choice)
        counts = kept["domain"].value_counts().reindex([recipe.VISION, recipe.NLP], fill_value=0)
        if counts.min() < self._protocol.least_n:
            return _refused(choice, f"only {counts.min()} models of one domain", len(kept))
        constant = recipe.LOG_CONSTANT if is_study else 0.0
        y = np.log(kept["value"].to_numpy(dtype=float) + constant)
        vision = (kept["domain"] == recipe.VISION).to_numpy(dtype=float)
        columns = {"vision": vision, **_held(kept, choice, constant)}
        if choice["month"] == "levels":
            y, columns = _within(y, kept["month"]), {name: _within(one, kept["month"]) for name, one in columns.items()}
        clusters = None if choice["clusters"] == "rows" else _clusters(kept, choice)
        found = stats.ols(y, columns, clusters=clusters)["vision"]
        if is_study and clusters is None:
            classic = found.details
            found = replace(found, low=classic["classic_low"], high=classic["classic_high"], p=classic["classic_p"])
        found = replace(found, effect_size=found.estimate, effect_low=found.low, effect_high=found.high)
        others = [one for name, one in columns.items() if name != "vision"]
        return Universe(choice, found, of_slope(columns["vision"], y, kept["cluster"], others))

    def _domain_rows(self, rows: Rows, choice: Choice) -> Rows:
        """Rows of the regression of domains: the study's four fifths, or all vision and language models."""
        is_study = choice["design"] == "study"
        kept = rows.assign(size=rows["study_size"]) if is_study else rows
        kept = kept if is_study else kept[kept["domain"].isin({recipe.VISION, recipe.NLP})]
        if choice["size"] == "held":
            kept = kept[kept["size"].notna() & (is_study | (kept["size"] > 0))]
        kept = kept[(kept["value"] > 0) & (kept["month"].notna() | (choice["month"] == "not-held"))]
        if not is_study:
            return kept
        order = np.random.RandomState(self._protocol.seeds.split).permutation(len(kept))
        return kept.iloc[order[recipe.test_rows(len(kept)) :]]

    def _trend(self, rows: Rows, _: str, choice: Choice) -> Universe:
        """Monthly centres over time."""
        dated = rows[rows["month"].notna() & ((rows["value"] > 0) | (choice["centre"] == "median"))]
        months = dated.groupby("month")["value"]
        centre = months.median() if choice["centre"] == "median" else np.exp(months.agg(lambda v: np.log(v).mean()))
        series = centre[months.size() >= int(choice["least"])]
        series = _window(series, choice["window"], dated["month"].max() if len(dated) else "")
        log = choice["scale"] == "log"
        series = np.log(series[series > 0]) if log else series
        if len(series) < self._protocol.least_months:
            return _refused(choice, f"only {len(series)} months", len(series))
        if choice["estimator"] == "line":
            found = stats.simple_trend(descriptives.spaced(series)[1])
        else:
            numbers = [float(descriptives.month_number(str(month))) for month in series.index]
            found = stats.theil_sen(series.to_numpy(dtype=float), [number - numbers[0] for number in numbers])
        return Universe(choice, descriptives.as_percent(found) if log else found, series=series)


def _held(rows: Rows, choice: Choice, constant: float) -> dict[str, Any]:
    """Columns that are held constant."""
    held: dict[str, Any] = {}
    if choice["design"] == "study":
        held["neither"] = (~rows["domain"].isin({recipe.VISION, recipe.NLP})).to_numpy(dtype=float)
    if choice["size"] == "held":
        held["size"] = np.log(rows["size"].to_numpy(dtype=float) + constant)
    if choice["month"] == "line":
        held["month"] = np.array([float(descriptives.month_number(month)) for month in rows["month"]])
    return {name: column for name, column in held.items() if np.ptp(column) > 0}


def _window(series: pd.Series, window: str, last: str) -> pd.Series:
    """Months of a window; the last month is still running and never full."""
    if window == "study":
        return series[(series.index >= recipe.TREND_MONTHS[0]) & (series.index <= recipe.TREND_MONTHS[1])]
    full = series[series.index < last]
    return full.iloc[1:] if window == "without-first" else full


def _without_influential(x: FloatArray, y: FloatArray, most: int = 2) -> npt.NDArray[np.bool_]:
    """Rows without those whose absence moves the correlation most."""
    dx, dy, n = x - x.mean(), y - y.mean(), len(x)
    xx, yy, xy, shrink = float(dx @ dx), float(dy @ dy), float(dx @ dy), n / (n - 1)
    with np.errstate(all="ignore"):
        change = (xy - shrink * dx * dy) / np.sqrt((xx - shrink * dx**2) * (yy - shrink * dy**2)) - xy / np.sqrt(
            xx * yy
        )
    stay = np.ones(n, dtype=bool)
    stay[np.argsort(-np.abs(np.nan_to_num(change)), kind="stable")[:most]] = False
    return stay


def _within(values: FloatArray, groups: pd.Series) -> FloatArray:
    """Values less the mean of their group."""
    series = pd.Series(values, index=groups.index)
    return np.asarray(series - series.groupby(groups).transform("mean"), dtype=float)


def _clusters(rows: Rows, choice: Choice) -> list[str]:
    """Cluster of each row by the definition chosen."""
    return list(rows["cluster"] if choice["clusters"] == "authors" else rows["card"])


def _refused(choice: Choice, reason: str, n: int = 0) -> Universe:
    """A universe in which nothing can be computed."""
    return Universe(choice, Estimate(method="none", n=n, refused=reason))
