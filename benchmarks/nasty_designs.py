"""Nasty designs for every interval and test that reaches the report.

Ties, skew, zeros, leverage, clusters of a few hands, months alike.

Rows: 48, as the curated table has, and 400. Clusters: Pareto-sized with an intraclass correlation of .5, as on a Hub on
which few hands
made most models. Leverage: one row six standard deviations away in the predictor, as BLOOM is. Months: 17 and 60 at
autocorrelation .5, .8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis import stats
from analysis.questions.multiverse.contributions import Contributions, of_mean, of_slope
from analysis.questions.multiverse.joint import wild_cluster_test
from analysis.questions.multiverse.months import autoregressive_test
from analysis.results import Estimate
from benchmarks.simulation import Array, Cell, Random

ROWS = (48, 400)
CLUSTERS = (12, 35, 120)
LEVERAGE = 6.0
SHAPES: dict[str, Callable[[Array], Array]] = {
    "ties": np.round,
    "skew": lambda z: np.exp(2 * z),
    "zeros": lambda z: np.where(z < -0.5, 0.0, np.exp(z)),
}
Pair = Callable[[Random], tuple[Array, Array]]
Correlation = Callable[..., Estimate]


def nasty() -> Iterator[Cell]:
    """All nasty designs, rows first."""
    yield from rows()
    yield from clusters()
    yield from months()
    yield from tails()
    yield from multiverse()


def levered(x: Array) -> Array:
    """The same with its first row six standard deviations away."""
    return np.concatenate([[LEVERAGE * x.std() + x.mean()], x[1:]])


def rows() -> Iterator[Cell]:
    """Tests of independent rows."""
    functions: dict[str, Correlation] = {"pearson": stats.pearson, "spearman": stats.spearman}
    for n in ROWS:
        for shape, turn in SHAPES.items():
            for name, function in functions.items():
                yield Cell(
                    name, str(n), shape, 1000, lambda g, f=function, n=n, t=turn: f(*t(g.normal(size=(2, n)))), None
                )
            halves = lambda g, n=n, t=turn: np.split(t(g.normal(size=n)), [n // 3])  # noqa: E731
            yield Cell("mann_whitney", str(n), shape, 600, lambda g, h=halves: stats.mann_whitney(*h(g)), None)
            yield Cell(
                "mann_whitney", str(n), f"{shape}, shift 0", 600, lambda g, h=halves: stats.mann_whitney(*h(g)), 0.0
            )
            effect = lambda g, h=halves: stats.mann_whitney(*h(g))  # noqa: E731
            yield Cell("cliffs_delta", str(n), f"{shape}, delta 0", 600, effect, 0.0, of_effect=True)
            three = n - n % 3
            yield Cell("kruskal", str(three), shape, 600, lambda g, n=three, t=turn: thirds(g, n, t), None)
            line = lambda g, n=n, t=turn: stats.ols(t(g.normal(size=n)), {"x": g.normal(size=n)})["x"]  # noqa: E731
            yield Cell("ols, HC3", str(n), shape, 600, line, None)
        for name, function in functions.items():
            far = lambda g, f=function, n=n: f(levered(g.normal(size=n)), g.normal(size=n))  # noqa: E731
            yield Cell(name, str(n), "leverage", 1000, far, None)
        far = lambda g, n=n: stats.ols(g.normal(size=n), {"x": levered(g.normal(size=n))})["x"]  # noqa: E731
        yield Cell("ols, HC3", str(n), "leverage", 600, far, None)


def thirds(g: Random, n: int, turn: Callable[[Array], Array]) -> Estimate:
    """Three equal groups that do not differ."""
    first, second, third = np.split(turn(g.normal(size=n)), 3)
    return stats.kruskal({"a": first, "b": second, "c": third})


def codes(g: Random, count: int) -> Array:
    """Cluster of each row: sizes of a Pareto law, at most 200."""
    return np.repeat(np.arange(count), np.minimum(np.ceil(g.pareto(1.2, count) + 0.5).astype(int), 200))


def within(g: Random, code: Array, count: int) -> Array:
    """Normal values with an intraclass correlation of .5."""
    return math.sqrt(0.5) * g.normal(size=count)[code] + math.sqrt(0.5) * g.normal(size=len(code))


def clusters() -> Iterator[Cell]:
    """Tests that count clusters."""
    shapes: dict[str, Callable[[Array], Array]] = {
        "ties": SHAPES["ties"],
        "zeros": SHAPES["zeros"],
        "leverage": lambda z: z,
    }
    for count in CLUSTERS:
        label = f"{count} clusters"
        for shape, turn in shapes.items():
            draw = lambda g, c=count, t=turn, far=shape == "leverage": paired(g, c, t, far)  # noqa: E731
            tests: dict[str, Correlation] = {
                "clustered_pearson": stats.clustered_pearson,
                "clustered_spearman": stats.clustered_spearman,
                "ols, clustered": slope,
            }
            for name, function in tests.items():
                yield Cell(name, label, shape, 600, lambda g, d=draw, f=function: f(*d(g)), None)
            if shape == "leverage":
                continue
            two = lambda g, c=count, t=turn: grouped(g, c, t)  # noqa: E731
            yield Cell("clustered_mann_whitney", label, shape, 600, two, None)
            yield Cell("clustered_mann_whitney", label, f"{shape}, shift 0", 600, two, 0.0)
        yield Cell(
            "clustered_mann_whitney",
            label,
            "skew, delta 0",
            300,
            lambda g, c=count: grouped(g, c, np.exp),
            0.0,
            of_effect=True,
        )
        for share in (0.05, 0.95):
            made = lambda g, c=count, p=share: hits(g, c, p)  # noqa: E731
            yield Cell("clustered_share", label, f"share {share}, Pareto sizes", 600, made, share)
        yield Cell(
            "stratified_spearman",
            label,
            "Pareto sizes, ICC .5, two strata a cluster",
            300,
            lambda g, c=count: stratified(g, c),
            None,
        )


def paired(g: Random, count: int, turn: Callable[[Array], Array], far: bool) -> tuple[Array, Array, Array]:
    """Two unrelated columns and their clusters."""
    code = codes(g, count)
    x, y = turn(within(g, code, count)), turn(within(g, code, count))
    return levered(x) if far else x, y, code


def slope(x: Array, y: Array, code: Array) -> Estimate:
    """The slope of y on x with clustered errors."""
    return stats.ols(y, {"x": x}, clusters=code)["x"]


def grouped(g: Random, count: int, turn: Callable[[Array], Array]) -> Estimate:
    """Two groups of whole clusters that do not differ."""
    code = codes(g, count)
    first = (g.permutation(count) < count // 2)[code]
    y = turn(within(g, code, count))
    return stats.clustered_mann_whitney(y[first], y[~first], code[first], code[~first])


def hits(g: Random, count: int, share: float) -> Estimate:
    """A share that differs from cluster to cluster."""
    code = codes(g, count)
    chance = g.beta(share, 1 - share, count)
    return stats.clustered_share((g.random(len(code)) < chance[code]).astype(float), code)


def stratified(g: Random, count: int) -> Estimate:
    """Unrelated columns in strata that differ."""
    code = codes(g, count)
    half = g.integers(0, 2, len(code))
    x, y = (within(g, code, count) + 2 * half for _ in range(2))
    return stats.stratified_spearman(x, y, [f"{one} {two}" for one, two in zip(code, half, strict=True)], code)


def series(g: Random, n: int, phi: float, slope: float) -> Array:
    """A first-order series about a straight line."""
    noise = g.normal(size=n + 50)
    for place in range(1, n + 50):
        noise[place] += phi * noise[place - 1]
    return noise[50:] + slope * np.arange(n)


def months() -> Iterator[Cell]:
    """Trends of months that resemble each other."""
    for n in (17, 60):
        for phi in (0.5, 0.8):
            for name, function in (("mann_kendall", stats.mann_kendall), ("theil_sen", stats.theil_sen)):
                if phi == 0.8:
                    yield Cell(
                        name,
                        str(n),
                        f"autocorrelation {phi}",
                        1000,
                        lambda g, f=function, n=n, a=phi: f(series(g, n, a, 0)),
                        None,
                    )
            if phi == 0.8:
                planted = lambda g, n=n, a=phi: stats.theil_sen(series(g, n, a, 0.2))  # noqa: E731
                yield Cell("theil_sen", str(n), f"autocorrelation {phi}, slope 0.2", 1000, planted, 0.2)
    for phi in (0.0, 0.5, 0.8):
        yield Cell(
            "weighted_trend",
            "17",
            f"autocorrelation {phi}, uneven weights",
            1000,
            lambda g, a=phi: weighted(g, a, 0),
            None,
        )
        yield Cell(
            "weighted_trend", "17", f"autocorrelation {phi}, slope 0.2", 1000, lambda g, a=phi: weighted(g, a, 0.2), 0.2
        )
        for n in (18, 60):
            yield Cell(
                "binomial_glm, in time",
                str(n),
                f"autocorrelation {phi}",
                600,
                lambda g, n=n, a=phi: odds(g, n, a),
                None,
            )


def weighted(g: Random, phi: float, slope: float) -> Estimate:
    """Monthly medians of which some rest on ten times the reports of others."""
    reports = np.ceil(5 * g.pareto(1.2, 17) + 5)
    y = series(g, 17, phi, slope) + g.normal(size=17) * np.sqrt(20 / reports)
    return stats.weighted_trend(y, reports, np.arange(17))


def odds(g: Random, n: int, phi: float) -> Estimate:
    """Monthly shares whose log odds are a first-order series without a trend."""
    totals = g.integers(2000, 15000, size=n)
    chance = 1 / (1 + np.exp(4.5 - 0.3 * series(g, n, phi, 0)))
    return stats.binomial_glm(g.binomial(totals, chance), totals, {"month": np.arange(n)}, in_time=True)["month"]


def tails() -> Iterator[Cell]:
    """A tail so heavy that no mean exists."""
    for n in (200, 1000):
        yield Cell("hill", str(n), "Pareto, index 0.8", 1000, lambda g, n=n: stats.hill(g.pareto(0.8, n) + 1), 0.8)


def multiverse() -> Iterator[Cell]:
    """Joint tests of dependent universes under no relation at all."""
    for count in CLUSTERS:
        for name, universe in JOINT.items():
            draw = lambda g, c=count, u=universe: flipped(g, c, u)  # noqa: E731
            scenario = f"8 universes, {name}, Pareto sizes, ICC .5"
            yield Cell("multiverse, wild clusters", f"{count} authors", scenario, 2000, draw, None)
    for phi in (0.0, 0.5, 0.8):
        for n in (17, 30, 60):
            draw = lambda g, n=n, a=phi: alike(g, n, a, own=a)  # noqa: E731
            scenario = f"4 universes, autocorrelation {phi}"
            yield Cell("multiverse, autoregressive", f"{n} months", scenario, 2000, draw, None)
            if phi and n < 60:
                white = lambda g, n=n, a=phi: alike(g, n, a, own=0.0)  # noqa: E731
                scenario = f"{scenario} and independent noise"
                yield Cell("multiverse, autoregressive", f"{n} months", scenario, 1000, white, None)


def skewed(g: Random, code: Array, count: int) -> tuple[Array, Array]:
    """Two unrelated skewed columns."""
    return np.exp(within(g, code, count)), np.exp(within(g, code, count))


def normal(g: Random, code: Array, count: int) -> tuple[Array, Array]:
    """Two unrelated columns."""
    return within(g, code, count), within(g, code, count)


def grouped_authors(g: Random, code: Array, count: int) -> tuple[Array, Array]:
    """A third of the authors against the others."""
    return (g.permutation(count) < count // 3)[code].astype(float), within(g, code, count)


def majority(g: Random, code: Array, count: int) -> tuple[Array, None]:
    """A property that half of the models have, differently from author to author."""
    return (g.random(len(code)) < g.beta(0.5, 0.5, count)[code]) - 0.5, None


JOINT: dict[str, Callable[[Random, Array, int], tuple[Array, Array | None]]] = {
    "correlation": normal,
    "correlation of skewed columns": skewed,
    "two groups": grouped_authors,
    "share of one half": majority,
}


def flipped(g: Random, count: int, made: Callable[[Random, Array, int], tuple[Array, Array | None]]) -> Estimate:
    """Universes that share most of their rows."""
    code = codes(g, count)
    x, y = made(g, code, count)
    universes: list[Contributions] = []
    for _ in range(8):
        part = g.random(len(code)) < 0.8
        whose = code[part].astype(str)
        universes.append(of_mean(x[part], whose) if y is None else of_slope(x[part], y[part], whose))
    p = wild_cluster_test(universes, 199, int(g.integers(2**31))).p_median
    return Estimate(method="joint test by a wild cluster bootstrap", p=p)


def alike(g: Random, n: int, phi: float, own: float) -> Estimate:
    """Universes of one series, each with half as much of its own, of autocorrelation ``own``."""
    names = [f"{2000 + place // 12}-{place % 12 + 1:02d}" for place in range(n)]
    base = series(g, n, phi, 0)
    universes = [pd.Series(base + 0.5 * series(g, n, own, 0), index=names).iloc[start:] for start in range(4)]
    p = autoregressive_test(universes, 199, int(g.integers(2**31))).p_median
    return Estimate(method="joint test by first-order series without a trend", p=p)
