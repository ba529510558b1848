"""Measured size at 5 % and coverage of the 95 % intervals of the statistics room.

At the numbers of observations in use. Every cell simulates data of which the truth is known, calls the public function,
and counts how often p is at most 0.05 where nothing is there (size), or how often the interval holds the planted value
(coverage). Run: ``python benchmarks/bench_statistics.py [OUT]``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import stats as scipy_stats

from analysis import stats
from analysis.results import Estimate
from benchmarks.nasty_designs import codes, grouped, nasty, series, within
from benchmarks.simulation import COVERAGE_TARGET, SEED, Array, Cell, Random, run

QUICK = 20
MEASURED = Path(__file__).parents[1] / "analysis" / "stats" / "measured.csv"
SHIPPED = ("method", "n", "scenario", "measure", "value", "error", "outside")
CORRELATED = (4, 7, 9, 11, 47, 48, 224, 766, 834)


def correlated(generator: Random, n: int, rho: float) -> tuple[Array, Array]:
    x, noise = generator.normal(size=(2, n))
    return x, rho * x + math.sqrt(1 - rho * rho) * noise


def correlations() -> Iterator[Cell]:
    functions: dict[str, tuple[Callable[..., Estimate], float]] = {
        "pearson": (stats.pearson, 0.5),
        "spearman": (stats.spearman, 6 / math.pi * math.asin(0.25)),
        "kendall": (stats.kendall, 1 / 3),
    }
    for name, (function, truth) in functions.items():
        for n in CORRELATED:
            draws = 1000 if n < 100 else 500
            yield Cell(
                name, str(n), "independent normal", draws, lambda g, f=function, n=n: f(*correlated(g, n, 0)), None
            )
            yield Cell(
                name, str(n), "normal, Pearson 0.5", draws, lambda g, f=function, n=n: f(*correlated(g, n, 0.5)), truth
            )
    for n in (4, 7, 9, 11):
        draw = lambda g, n=n: stats.spearman(*correlated(g, n, 0), p_value="t")  # noqa: E731
        yield Cell("spearman, t p-value", str(n), "independent normal", 1000, draw, None)


def two_groups() -> Iterator[Cell]:
    for n, m in ((20, 24), (188, 1160)):
        label, draws = f"{n} + {m}", 1000 if n < 100 else 300
        skewed = lambda g, by, n=n, m=m: stats.mann_whitney(g.lognormal(size=n) + by, g.lognormal(size=m))  # noqa: E731
        spread = lambda g, n=n, m=m: stats.mann_whitney(3 * g.normal(size=n), g.normal(size=m))  # noqa: E731
        normal = lambda g, n=n, m=m: stats.mann_whitney(g.normal(size=n) + 0.5, g.normal(size=m))  # noqa: E731
        tied = lambda g, n=n, m=m: stats.mann_whitney(g.poisson(1, size=n), g.poisson(1, size=m))  # noqa: E731
        yield Cell("mann_whitney", label, "equal lognormal", draws, lambda g, f=skewed: f(g, 0.0), None)
        yield Cell("mann_whitney", label, "tied counts (Poisson 1)", draws, tied, None)
        yield Cell("mann_whitney", label, "equal centre, spread 3 to 1", draws, spread, None)
        yield Cell("mann_whitney", label, "lognormal, shift 0.7", draws, lambda g, f=skewed: f(g, 0.7), 0.7)
        delta = 2 * scipy_stats.norm.cdf(0.5 / math.sqrt(2)) - 1
        yield Cell("cliffs_delta", label, "normal, shift 0.5", draws, normal, float(delta), of_effect=True)


def several_groups() -> Iterator[Cell]:
    for sizes in ((15, 15, 15), (11, 188, 1160)):
        label, draws = " + ".join(map(str, sizes)), 600 if sizes[0] == 15 else 150
        centres = np.array([0.0, 0.5, 1.0])
        shares = np.array(sizes) / sum(sizes)
        above = scipy_stats.norm.cdf(np.subtract.outer(centres, centres) / math.sqrt(2)) @ shares
        truth = float(12 * shares @ (above - 0.5) ** 2)

        def draw(g: Random, by: Array, sizes: tuple[int, ...] = sizes) -> Estimate:
            return stats.kruskal({str(i): g.normal(by[i], 1, size=size) for i, size in enumerate(sizes)})

        yield Cell("kruskal", label, "equal normal", draws, lambda g, f=draw: f(g, np.zeros(3)), None)
        yield Cell("kruskal", label, "normal, shifts 0, 0.5, 1", draws, lambda g, f=draw, c=centres: f(g, c), truth)


def regressions() -> Iterator[Cell]:
    def row(g: Random, n: int, slope: float) -> Estimate:
        x = g.normal(size=n)
        return stats.ols(slope * x + g.normal(size=n) * (0.5 + abs(x)), {"x": x, "z": g.integers(0, 2, size=n)})["x"]

    def clustered(g: Random, n: int, clusters: int, slope: float) -> Estimate:
        group = np.concatenate([np.arange(clusters), (clusters * g.random(n - clusters) ** 2).astype(int)])
        x = g.normal(size=clusters)[group] + 0.5 * g.normal(size=n)
        y = slope * x + g.normal(size=clusters)[group] + g.normal(size=n)
        return stats.ols(y, {"x": x}, clusters=group)["x"]

    for n, draws in ((48, 800), (1038, 300)):
        yield Cell("ols, HC3", str(n), "spread grows with x", draws, lambda g, n=n: row(g, n, 0), None)
        yield Cell("ols, HC3", str(n), "spread grows with x, slope 0.8", draws, lambda g, n=n: row(g, n, 0.8), 0.8)
    for n, clusters, draws in ((48, 20, 800), (1038, 60, 300)):
        label = f"{n} in {clusters} clusters"
        yield Cell(
            "ols, clustered", label, "uneven clusters", draws, lambda g, n=n, c=clusters: clustered(g, n, c, 0), None
        )
        yield Cell(
            "ols, clustered",
            label,
            "uneven clusters, slope 0.8",
            draws,
            lambda g, n=n, c=clusters: clustered(g, n, c, 0.8),
            0.8,
        )


def medians() -> Iterator[Cell]:
    def kernel(g: Random, n: int, slope: float) -> Estimate:
        x = g.normal(size=n)
        return stats.median_regression(slope * x + g.standard_t(3, size=n), {"x": x})["x"]

    def bootstrap(g: Random, n: int, slope: float) -> Estimate:
        x = g.normal(size=n)
        return stats.median_regression(
            slope * x + g.standard_t(3, size=n), {"x": x}, draws=99, seed=int(g.integers(2**31))
        )["x"]

    for n, draws in ((48, 500), (1038, 100)):
        yield Cell("median_regression, kernel", str(n), "t3 errors", draws, lambda g, n=n: kernel(g, n, 0), None)
        yield Cell(
            "median_regression, kernel", str(n), "t3 errors, slope 0.8", draws, lambda g, n=n: kernel(g, n, 0.8), 0.8
        )
    yield Cell(
        "median_regression, bootstrap", "48", "t3 errors, slope 0.8, 99 draws", 80, lambda g: bootstrap(g, 48, 0.8), 0.8
    )
    for n in (11, 20, 24, 48, 188):
        yield Cell(
            "median_interval", str(n), "lognormal", 2000, lambda g, n=n: stats.median_interval(g.lognormal(size=n)), 1.0
        )


def trends() -> Iterator[Cell]:
    functions: dict[str, Callable[[Array], Estimate]] = {
        "simple_trend": stats.simple_trend,
        "mann_kendall": stats.mann_kendall,
        "mann_kendall, Hamed-Rao": lambda y: stats.mann_kendall(y, correction="hamed-rao"),
        "mann_kendall, uncorrected": lambda y: stats.mann_kendall(y, correction="none"),
        "theil_sen": stats.theil_sen,
        "theil_sen, uncorrected": lambda y: stats.theil_sen(y, correction="none"),
    }
    for name, function in functions.items():
        for n in (17,) if name == "theil_sen, uncorrected" else (17, 18, 60):
            for phi in (0.0, 0.3, 0.5):
                text, draws = f"autocorrelation {phi}", 1000
                yield Cell(name, str(n), text, draws, lambda g, f=function, n=n, phi=phi: f(series(g, n, phi, 0)), None)
                if not name.startswith("mann_kendall"):
                    planted = lambda g, f=function, n=n, phi=phi: f(series(g, n, phi, 0.2))  # noqa: E731
                    yield Cell(name, str(n), f"{text}, slope 0.2", draws, planted, 0.2)


def shares() -> Iterator[Cell]:
    def months(g: Random, ratio: float) -> Estimate:
        month, totals = np.arange(18), g.integers(2000, 15000, size=18)
        centre = 1 / (1 + np.exp(4.5 - math.log(ratio) * month))
        chance = g.beta(centre * 400, (1 - centre) * 400)
        return stats.binomial_glm(g.binomial(totals, chance), totals, {"month": month})["month"]

    yield Cell("binomial_glm", "18", "beta-binomial, no trend", 800, lambda g: months(g, 1.0), None)
    yield Cell("binomial_glm", "18", "beta-binomial, odds ratio 1.05", 800, lambda g: months(g, 1.05), 1.05)
    sizes = {"a": 5000.0, "b": 800.0, "c": 200.0}
    chances, taken = {"a": 0.01, "b": 0.1, "c": 0.5}, {"a": 150, "b": 80, "c": 70}
    strata = np.repeat(list(taken), list(taken.values()))
    maker = np.random.default_rng(SEED)
    hits = {name: np.arange(size) < round(chances[name] * size) for name, size in sizes.items()}
    amounts = {name: maker.gamma(4, 10 * chances[name], size=int(size)) for name, size in sizes.items()}
    share_truth, mean_truth = (float(np.concatenate(list(one.values())).mean()) for one in (hits, amounts))

    def sample(g: Random, people: dict[str, Array]) -> Array:
        return np.concatenate([g.choice(people[name], size=taken[name], replace=False) for name in taken])

    def share(g: Random) -> Estimate:
        return stats.weighted_share(sample(g, hits), strata=strata, population=sizes)

    def mean(g: Random) -> Estimate:
        return stats.weighted_mean(sample(g, amounts), strata=strata, population=sizes)

    yield Cell("weighted_share", "300 in 3 strata", "rare in the large stratum", 2000, share, share_truth)
    yield Cell("weighted_mean", "300 in 3 strata", "gamma", 2000, mean, mean_truth)


def agreements() -> Iterator[Cell]:
    def rated(g: Random, n: int, same: float) -> Estimate:
        truth = g.choice(3, size=n, p=[0.6, 0.3, 0.1])
        other = np.where(g.random(n) < same, truth, g.choice(3, size=n, p=[0.6, 0.3, 0.1]))
        return stats.cohen_kappa(truth, other)

    for n in (48, 300):
        yield Cell("cohen_kappa", str(n), "independent labels", 1000, lambda g, n=n: rated(g, n, 0), None)
        yield Cell("cohen_kappa", str(n), "kappa 0.8", 1000, lambda g, n=n: rated(g, n, 0.8), 0.8)


def resampled() -> Iterator[Cell]:
    def pearson_r(x: Array, y: Array) -> float:
        a, b = x - x.mean(), y - y.mean()
        return float(a @ b / math.sqrt((a @ a) * (b @ b)))

    def copies(g: Random, n: int, clusters: int) -> Estimate:
        group = np.concatenate([np.arange(clusters), (clusters * g.random(n - clusters) ** 2).astype(int)])
        x, y = correlated(g, clusters, 0.5)
        columns = [x[group] + 0.1 * g.normal(size=n), y[group] + 0.1 * g.normal(size=n)]
        return stats.cluster_bootstrap(pearson_r, columns, group, seed=int(g.integers(2**31)), draws=500)

    for clusters in (25, 40):
        label = f"48 in {clusters} clusters"
        yield Cell(
            "cluster_bootstrap, Pearson", label, "near copies", 200, lambda g, c=clusters: copies(g, 48, c), 0.5 / 1.01
        )


def clusters() -> Iterator[Cell]:
    """Pareto-sized clusters with an intraclass correlation of .5, skewed.

    The design of a Hub on which few hands made most models.
    """

    def pair(g: Random, count: int, function: Callable[..., Estimate]) -> Estimate:
        code = codes(g, count)
        return function(np.exp(within(g, code, count)), np.exp(within(g, code, count)), code)

    def share(g: Random, count: int) -> Estimate:
        code = codes(g, count)
        return stats.clustered_share((g.random(len(code)) < g.beta(0.3, 0.7, count)[code]).astype(float), code)

    for count in (12, 35, 120):
        label, scenario = f"{count} clusters", "Pareto sizes, ICC .5, skewed"
        for name, function in (
            ("clustered_pearson", stats.clustered_pearson),
            ("clustered_spearman", stats.clustered_spearman),
        ):
            yield Cell(name, label, scenario, 600, lambda g, c=count, f=function: pair(g, c, f), None)
        yield Cell("clustered_mann_whitney", label, scenario, 600, lambda g, c=count: grouped(g, c, np.exp), None)
        yield Cell(
            "clustered_mann_whitney", label, f"{scenario}, shift 0", 600, lambda g, c=count: grouped(g, c, np.exp), 0.0
        )
        yield Cell("clustered_share", label, "Pareto sizes, share 0.3", 600, lambda g, c=count: share(g, c), 0.3)


def families() -> Iterator[Cell]:
    def smallest(g: Random) -> Estimate:
        adjusted = stats.adjust({str(place): float(p) for place, p in enumerate(g.random(14))})
        return Estimate(method="Holm", p=min(value for value in adjusted.values() if value is not None))

    yield Cell("adjust, Holm", "14 tests", "nothing there, independent", 4000, smallest, None)


def wilson(n: int, chance: float) -> float:
    """Coverage of the share's interval, summed over the binomial distribution instead of simulated."""
    kept = [stats.proportion(k, n) for k in range(n + 1)]
    inside = [bool(one.low <= chance <= one.high) for one in kept]  # type: ignore[operator]
    return float(scipy_stats.binom.pmf(np.arange(n + 1), n, chance)[inside].sum())


def summed(n: int, chance: float) -> dict[str, object]:
    """A row of the share's interval, without draws and so without an error."""
    value = wilson(n, chance)
    low, high = COVERAGE_TARGET
    found: dict[str, object] = {"test": "proportion", "n": str(n), "scenario": f"share {chance}", "measure": "coverage"}
    method = stats.proportion(1, n).method
    return {
        **found,
        "value": value,
        "error": 0.0,
        "outside": not low <= value <= high,
        "draws": 0,
        "unanswered": 0,
        "method": method,
    }


def measured(rows: Sequence[Mapping[str, object]]) -> str:
    """The cells by procedure as CSV, which ships with the program.

    The report says of each interval how it was measured.
    """
    kept = [row for row in rows if row["value"] is not None]
    lines = [
        ",".join(
            str(round(row[name], 4) if isinstance(row[name], float) else row[name]).replace(",", ";")
            for name in SHIPPED
        )
        for row in kept
    ]
    return "\n".join([",".join(SHIPPED), *lines]) + "\n"


def cells() -> Iterator[Cell]:
    """All simulations in the order of the report."""
    for group in (
        correlations,
        two_groups,
        several_groups,
        regressions,
        medians,
        trends,
        shares,
        agreements,
        resampled,
        clusters,
        families,
        nasty,
    ):
        yield from group()


def main(out: Path, quick: bool = False, tests: tuple[str, ...] = ()) -> dict[str, object]:
    """Measure every cell (or those of some tests) and write them as JSON; the same call writes the same bytes.

    Args:
        out: File to write.
        quick: A twentieth of the draws.
        tests: Names of tests to measure; by default all.
    """
    rows = [
        run(cell, max(20, cell.draws // (QUICK if quick else 1))) for cell in cells() if not tests or cell.test in tests
    ]
    if not tests or "proportion" in tests:
        rows += [summed(n, chance) for n in (47, 79, 188, 1417) for chance in (0.01, 0.1, 0.5)]
    result: dict[str, object] = {
        "schema": "hf-carbon/bench-statistics/1",
        "seed": SEED,
        "quick": quick,
        "level": 0.05,
        "cells": rows,
    }
    if not quick and not tests:
        MEASURED.write_text(measured(rows), encoding="utf-8")
    beside = out.with_name(out.name + ".part")
    beside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    beside.replace(out)
    return result


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "results" / "statistics.json",
        quick="--quick" in sys.argv,
    )
