"""Shares and means: a plain share with Wilson's interval, and totals of a stratified sample."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.results import Estimate
from analysis.stats.columns import LEVEL, FloatArray, complete, estimated, labels, refusal


def proportion(successes: int, n: int) -> Estimate:
    """A share of a simple random sample (or of a process seen n times).

    Wilson's interval, (p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n); it stays in [0, 1] and has a width at
    0 and n.

    Args:
        successes: How many of them.
        n: Out of how many.

    Returns:
        ``estimate`` in [0, 1]. ``details``: ``successes``. No p-value, no effect size beside the share.

    Raises:
        ValueError: A negative count, or more successes than n.

    Source: Wilson, JASA 22, 1927. R: ``prop.test(successes, n, correct = FALSE)``.

    Measured (summed exactly) at n = 47, 79, 188, 1,417: coverage .960, .958, .951, .951 at a share of 0.5, .952, .964,
    .949, .949 at 0.1, .920, .955, .958, .956 at 0.01.

    >>> result = proportion(0, 10)
    >>> result.estimate, result.low, round(result.high, 4)
    (0.0, 0.0, 0.2775)
    """
    method = "share, Wilson interval"
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return refusal(method, "no observations", n=0)
    low, high = proportion_confint(successes, n, alpha=1 - LEVEL, method="wilson")
    share = successes / n
    return estimated(
        method,
        (
            share,
            min(float(low), share) if successes else 0.0,
            max(float(high), share) if successes < n else 1.0,
        ),
        estimate_name="share",
        n=n,
        details={"successes": successes},
    )


def weighted_share(
    hits: Any, weights: Any = None, *, strata: Any = None, population: Mapping[str, float] | None = None
) -> Estimate:
    """A share in a population, from a stratified sample.

    The estimate is sum(w y) / sum(w). The interval joins Wilson's intervals (l_h, u_h) of the strata by squares: from p
    - sqrt(sum (W_h (p_h - l_h))² (1 - n_h / N_h)) to p + sqrt(sum (W_h (u_h - p_h))² (1 - n_h / N_h)), with W_h the
    weight of the stratum and Kish's size (sum w)² / sum w² within it. Over several strata, t with the degrees of
    freedom of :func:`weighted_mean` stands for z. So it keeps inside [0, 1], has a width where no hit was seen, and is
    Wilson's own where there is one stratum.

    Args:
        hits: 1 or True, 0 or False, or missing, of shape (n,).
        weights: Units of the population one row stands for, shape (n,); by default 1, or from ``population``.
        strata: Stratum of each row, shape (n,).
        population: Stratum to its number of units; the weights of each stratum are scaled to it, and its finite size
            counts.

    Returns:
        ``estimate`` in [0, 1]; ``details``: ``se`` (as :func:`weighted_mean`), ``df``, ``n_strata``, ``population``,
        ``coverage``. Rows with a missing value are dropped, their stratum keeps its total.

    Raises:
        ValueError: A value other than 0 and 1; else as :func:`weighted_mean`.

    Assumes random sampling within strata, and that missing rows are like the others of their stratum. Source: Cochran,
    Sampling Techniques, 1977; Yan & Su, Stat. Biopharm. Research 2, 2010 (stratified Wilson). R: ``survey::svyciprop``.

    Measured on 300 rows in 3 strata, rare in the largest: coverage .950.

    >>> result = weighted_share([1, 0, 1, 1], strata=["a", "a", "b", "b"], population={"a": 90, "b": 10})
    >>> round(result.estimate, 3)
    0.55
    """
    method = "weighted share, stratified Wilson interval"
    sample = _sample(hits, weights, strata, population)
    if sample.reason:
        return refusal(method, sample.reason, **sample.counts)
    if not np.all(np.isin(sample.values, [0.0, 1.0])):
        raise ValueError("a share is taken of values 0 and 1")
    share, variance, df = _mean(sample)
    share = min(1.0, max(0.0, share))  # sums of weights leave dust beyond the ends
    below, above = _stratified_wilson(sample, df)
    bounds = (share, max(0.0, share - below), min(1.0, share + above))
    return _estimate(method, "share", sample, bounds, {"se": math.sqrt(variance), "df": df})


def weighted_mean(
    values: Any, weights: Any = None, *, strata: Any = None, population: Mapping[str, float] | None = None
) -> Estimate:
    """A mean in a population, from a stratified sample.

    mean = sum(w y) / sum(w); with e = w (y - mean) / sum(w), variance = sum over strata of (1 - n_h / N_h) n_h / (n_h -
    1) sum (e - mean of e in h)² = sum of v_h. The interval is t with (sum v_h)² / sum(v_h² / (n_h - 1)) degrees of
    freedom, at most n - H (Satterthwaite's approximation: where one small stratum holds most of the variance, the
    interval is as wide as its rows say). A stratum with one row is centred at the mean of all.

    Args:
        values: Numbers of shape (n,).
        weights: Units of the population one row stands for, shape (n,); by default 1, or from ``population``.
        strata: Stratum of each row, shape (n,).
        population: Stratum to its number of units; the weights of each stratum are scaled to it, and its finite size
            counts.

    Returns:
        ``estimate`` in the unit of the values; ``details``: ``se``, ``df``, ``effective_n``, ``n_strata``,
        ``population``, ``coverage`` (share of the population in strata with rows). Rows with a missing value are
        dropped.

    Raises:
        ValueError: A weight of 0 or less, or a stratum without a population total.

    Assumes random sampling within strata and rows enough for a normal mean; heavy tails need a median instead. Source:
    Cochran, Sampling Techniques, 1977, sections 5A and 5.4 (formula 5.16). R: ``survey::svymean`` (which takes n - H).

    Measured on 300 rows in 3 strata: coverage .953.

    >>> result = weighted_mean([1, 3, 10, 12], strata=["a", "a", "b", "b"], population={"a": 90, "b": 10})
    >>> round(result.estimate, 3)
    2.9
    """
    method = "weighted mean of a stratified sample"
    sample = _sample(values, weights, strata, population)
    if sample.reason:
        return refusal(method, sample.reason, **sample.counts)
    mean, variance, df = _mean(sample)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * math.sqrt(variance) if df > 0 else math.nan
    kish = float(sample.weights.sum() ** 2 / (sample.weights**2).sum())
    return _estimate(
        method,
        "mean",
        sample,
        (mean, mean - half, mean + half),
        {"effective_n": kish, "se": math.sqrt(variance), "df": df},
    )


class _Sample(Struct, frozen=True, kw_only=True):
    """Complete rows of a stratified sample; ``sizes``: units of the strata, infinite where unknown."""

    values: FloatArray
    weights: FloatArray
    strata: npt.NDArray[Any]
    sizes: dict[str, float]
    coverage: float
    n_missing: int
    reason: str | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Counts as an Estimate takes them."""
        return {"n": len(self.values), "n_missing": self.n_missing}


def _sample(values: Any, weights: Any, strata: Any, population: Mapping[str, float] | None) -> _Sample:
    """Clean the columns and scale the weights to the totals of the strata."""
    given = np.ones(len(values)) if weights is None else weights
    (y, w), kept = complete(values, given)
    groups = labels(["all"] * len(kept) if strata is None else strata, len(kept))[kept]
    known = groups != ""
    y, w, groups = y[known], w[known], groups[known].astype(str)
    if np.any(w <= 0):
        raise ValueError("weights must be above 0")
    names = sorted(set(groups.tolist()))
    unlisted = [name for name in names if population is not None and name not in population]
    if unlisted:
        raise ValueError(f"no population total for stratum {', '.join(unlisted)}")
    sizes, coverage = dict.fromkeys(names, math.inf), 1.0
    if population is not None and names:
        sizes = {name: float(population[name]) for name in names}
        scale = {name: sizes[name] / float(w[groups == name].sum()) for name in names}
        w = w * np.array([scale[name] for name in groups])
        coverage = sum(sizes.values()) / float(sum(population.values()))
    reason = f"fewer than 2 rows ({len(y)})" if len(y) < 2 else None
    return _Sample(
        values=y, weights=w, strata=groups, sizes=sizes, coverage=coverage, n_missing=len(kept) - len(y), reason=reason
    )


def _stratified_wilson(sample: _Sample, df: float) -> tuple[float, float]:
    """Distances from the share to its bounds."""
    total, below, above = float(sample.weights.sum()), 0.0, 0.0
    owns = [sample.strata == name for name in sample.sizes]
    weights = [sample.weights[own] for own in owns]
    shares = [float(w @ sample.values[own] / w.sum()) for w, own in zip(weights, owns, strict=True)]
    kish = np.array([float(w.sum() ** 2 / (w**2).sum()) for w in weights])
    few = len(owns) > 1 and df > 0
    alpha = 2 * float(stats.norm.sf(stats.t.ppf(0.5 + LEVEL / 2, df))) if few else 1 - LEVEL
    lows, highs = proportion_confint(np.array(shares) * kish, kish, alpha=alpha, method="wilson")
    for w, size, share, low, high in zip(weights, sample.sizes.values(), shares, lows, highs, strict=True):
        part = (float(w.sum()) / total) ** 2 * max(0.0, 1 - len(w) / size)
        below += part * (share - float(low)) ** 2
        above += part * (float(high) - share) ** 2
    return math.sqrt(below), math.sqrt(above)


def _mean(sample: _Sample) -> tuple[float, float, float]:
    """Weighted mean, its design variance, and degrees of freedom (Cochran's 5.16)."""
    total = float(sample.weights.sum())
    mean = float(sample.weights @ sample.values) / total
    part = sample.weights * (sample.values - mean) / total
    parts, free = [], []
    for name, size in sample.sizes.items():
        own = part[sample.strata == name]
        spread = (
            float(((own - own.mean()) ** 2).sum()) * len(own) / (len(own) - 1) if len(own) > 1 else float(own[0] ** 2)
        )
        parts.append(max(0.0, 1 - len(own) / size) * spread)
        free.append(max(1, len(own) - 1))
    most = len(sample.values) - len(sample.sizes)
    variance, fourth = sum(parts), sum(one**2 / df for one, df in zip(parts, free, strict=True))
    return mean, variance, min(float(most), variance**2 / fourth) if fourth > 0 and most > 0 else float(most)


def _estimate(
    method: str, name: str, sample: _Sample, bounds: tuple[float, float, float], details: dict[str, float]
) -> Estimate:
    """The result with what is known of the sample."""
    single = sorted(stratum for stratum in sample.sizes if int((sample.strata == stratum).sum()) == 1)
    total = sum(sample.sizes.values())
    sentences = [f"strata with a single row, centred at the overall mean: {len(single)}"] if single else []
    if sample.coverage < 1:
        sentences.append(f"strata without rows hold {1 - sample.coverage:.1%} of the population and are left out")
    return estimated(
        method,
        bounds,
        estimate_name=name,
        n_by_group={stratum: int((sample.strata == stratum).sum()) for stratum in sample.sizes}
        if len(sample.sizes) > 1
        else {},
        details={**details, "n_strata": len(sample.sizes), "population": total, "coverage": sample.coverage},
        assumptions=tuple(sentences),
        **sample.counts,
    )
