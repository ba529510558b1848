"""Comparing groups by ranks: two groups (Mann-Whitney) and several (Kruskal-Wallis with Dunn's comparisons)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from scipy import optimize, stats

from analysis.results import Estimate
from analysis.stats.columns import FloatArray, Z, constant, estimated, numbers, refusal, standardised
from analysis.stats.multiple import adjust
from analysis.stats.pairs import mean_ranks, nth_differences, pair_counts, shift_ranks, tie_term


def mann_whitney(a: Any, b: Any) -> Estimate:
    """Does one group tend to larger values than another, and by how much?

    ``statistic`` is U of the first group, the number of pairs with a > b plus half the ties, with p as SciPy gives it
    (exact where a group has at most 8 values and nothing is tied, else normal with continuity and tie correction).
    ``estimate`` is the Hodges-Lehmann shift, the median of all differences a_i - b_j; its interval runs between two
    order statistics of those differences. The effect is Cliff's delta, see :func:`cliffs_delta`.

    Args:
        a: Numbers of shape (n,).
        b: Numbers of shape (m,), same unit.

    Returns:
        ``estimate`` in the unit of the values, positive when ``a`` is larger; ``effect_size`` in [-1, 1] with the same
        sign. ``n_by_group`` has ``a`` and ``b``; ``details``: ``median_a``, ``median_b``. Missing values are dropped
        from their group. Above a million pairs the order statistics are selected without building them all (memory n +
        m).

    Assumes independent values; the shift is a shift only if both distributions have one shape, else read Cliff's delta.
    Source: Mann & Whitney, Ann. Math. Stat. 18, 1947; Hodges & Lehmann, Ann. Math. Stat. 34, 1963. R:
    ``wilcox.test(a, b, conf.int = TRUE)``.

    Measured at n = 20 + 24 and 188 + 1160: size .044, .057, with ties .056, .050, but .065, .147 where the spreads
    differ as 3 to 1; coverage of the shift .950, .973. At n = 48 and 400 with ties that coverage is 1.000, 1.000, with
    zeros .997 at 400: the interval of the shift is too wide where values are tied.

    >>> result = mann_whitney([1, 4, 6, 8], [0, 2, 3, 5])
    >>> result.statistic, result.estimate, result.effect_size
    (12.0, 2.5, 0.5)
    """
    method = "Mann-Whitney U, Hodges-Lehmann shift"
    all_a, all_b = numbers(a), numbers(b)
    left, right = all_a[np.isfinite(all_a)], all_b[np.isfinite(all_b)]
    n, m = len(left), len(right)
    counts = {"n": n + m, "n_missing": len(all_a) + len(all_b) - n - m, "n_by_group": {"a": n, "b": m}}
    if min(n, m) < 2:
        return refusal(method, f"a group has fewer than 2 values (n = {n} and {m})", **counts)
    both = np.concatenate([left, right])
    if constant(both):
        return refusal(method, "no variation: all values are equal", **counts)
    test = stats.mannwhitneyu(left, right)
    return estimated(
        method,
        _hodges_lehmann(left, right, tie_term(both)),
        estimate_name="Hodges-Lehmann shift",
        test=("U of the first group", float(test.statistic), float(test.pvalue)),
        effect=_cliff(left, right),
        effect_name="Cliff's delta",
        details={"median_a": float(np.median(left)), "median_b": float(np.median(right))},
        assumptions=(_shape(left, right), f"values tied: {len(both) - len(np.unique(both))} of {len(both)}"),
        **counts,
    )


def cliffs_delta(a: Any, b: Any) -> Estimate:
    """How far do two groups lie apart, from -1 (all of ``a`` below ``b``) to 1 (all above)?

    delta = (pairs with a > b minus pairs with a < b) / (n m) = 2 U / (n m) - 1. The interval is Cliff's asymmetric one
    with the unbiased variance of delta; groups that do not overlap get (k - z²) / (k + z²) with k the smaller group as
    the inner bound.

    Args:
        a: Numbers of shape (n,).
        b: Numbers of shape (m,).

    Returns:
        ``estimate`` and ``effect_size`` are delta; ties count half. Missing values are dropped from their group.

    Assumes independent values. Source: Feng & Cliff, J. Mod. Appl. Stat. Meth. 3, 2004; Kromrey & Hogarty, 1998 (no
    overlap). R: ``effsize::cliff.delta``.

    Measured at n = 20 + 24 and 188 + 1160: coverage at a shift of half a standard deviation .965, .960; size as
    :func:`mann_whitney`.

    >>> cliffs_delta([1, 4, 6, 8], [0, 2, 3, 5]).estimate
    0.5
    """
    tested = mann_whitney(a, b)
    method = "Cliff's delta, Feng-Cliff interval"
    counts = {"n": tested.n, "n_missing": tested.n_missing, "n_by_group": tested.n_by_group}
    if tested.refused:
        return refusal(method, tested.refused, **counts)
    return standardised(
        method,
        tested.effect,
        "Cliff's delta",
        test=(tested.statistic_name, tested.statistic, tested.p),
        **counts,
    )


def kruskal(groups: Mapping[str, Any]) -> Estimate:
    """Does any of several groups tend to other values than the rest?

    H and p as SciPy gives them (ties corrected, chi-square with k - 1 degrees of freedom). The effect is epsilon
    squared, H / (n - 1); its interval comes from inverting the noncentral chi-square distribution of H. Dunn's
    comparisons stand in ``details`` as ``dunn.<group>|<group>.z``, ``.p`` and ``.p_holm`` (Holm within this test);
    :func:`dunn` gives them in full.

    Args:
        groups: Name of a group to its numbers of shape (n_i,). Groups without a number are left out and named in
            ``assumptions``.

    Returns:
        ``estimate`` and ``effect_size`` are epsilon squared in [0, 1]. It has no sign, and is (k - 1) / (n - 1) on
        average where nothing differs. Missing values are dropped from their group.

    Assumes independent values. Source: Kruskal & Wallis, JASA 47, 1952; Dunn, Technometrics 6, 1964; Kelley, PNAS 21,
    1935. R: ``kruskal.test``.

    Measured at n = 15 + 15 + 15 and 11 + 188 + 1160: size .050, .040; coverage .968, .980. With skew, at n = 48 and
    399: size .028, .072.

    >>> result = kruskal({"a": [1, 2, 3], "b": [4, 5, 6], "c": [7, 8, 9]})
    >>> round(result.statistic, 3), round(result.p, 4), round(result.effect_size, 3)
    (7.2, 0.0273, 0.9)
    """
    method = "Kruskal-Wallis H, epsilon squared, Dunn's comparisons with Holm's correction"
    kept, counts = _grouped(groups)
    empty = sorted(set(groups) - set(kept))
    if len(kept) < 2:
        return refusal(method, f"fewer than 2 groups with values ({len(kept)})", **counts)
    values = list(kept.values())
    if constant(np.concatenate(values)):
        return refusal(method, "no variation: all values are equal", **counts)
    test = stats.kruskal(*values)
    n, df = int(counts["n"]), len(kept) - 1
    h = float(test.statistic)
    low, high = (bound / (n - 1) for bound in _noncentrality(h, df))
    effect = h / (n - 1)
    interval = (effect, min(low, effect), min(max(high, effect), 1.0))
    return standardised(
        method,
        interval,
        "epsilon squared",
        test=("H", h, float(test.pvalue)),
        details={"df": df} | _dunn_details(dunn(kept)),
        assumptions=(f"groups without values left out: {', '.join(empty)}",) if empty else (),
        **counts,
    )


def dunn(groups: Mapping[str, Any]) -> dict[tuple[str, str], Estimate]:
    """Which of several groups differ from which? One comparison of mean ranks per pair, after :func:`kruskal`.

    z = (mean rank of the first - mean rank of the second) / sqrt(N (N + 1 - ties) / 12 (1 / n_i + 1 / n_j)), ranks over
    all groups.

    Args:
        groups: Name of a group to its numbers of shape (n_i,).

    Returns:
        For each pair of names, in the order given: ``estimate`` the Hodges-Lehmann shift and ``effect_size`` Cliff's
        delta of that pair, with intervals (not corrected for the number of pairs), positive when the first is larger;
        ``statistic`` z; ``p`` raw; ``details``: ``p_holm``, Holm over the pairs. A pair with a group of one value has z
        and p but no shift.

    Assumes independent values. Source: Dunn, Technometrics 6, 1964. R: ``FSA::dunnTest(method = "holm")``.

    Measured: intervals as :func:`mann_whitney` and :func:`cliffs_delta`; Holm keeps the family at .057, see
    :func:`analysis.stats.adjust`.

    >>> pairs = dunn({"a": [1, 2, 3], "b": [4, 5, 6], "c": [7, 8, 9]})
    >>> round(pairs["a", "c"].details["p_holm"], 4)
    0.0219
    """
    kept, _ = _grouped(groups)
    if len(kept) < 2 or constant(np.concatenate(list(kept.values()))):
        return {}
    ranks, means = mean_ranks(list(kept.values()))
    position = dict(zip(kept, means, strict=True))
    unit = len(ranks) / 12 * (len(ranks) + 1 - tie_term(ranks))
    z = {
        (one, two): (position[one] - position[two]) / math.sqrt(unit * (1 / len(kept[one]) + 1 / len(kept[two])))
        for one, two in combinations(kept, 2)
    }
    p = {pair: float(2 * stats.norm.sf(abs(value))) for pair, value in z.items()}
    corrected = adjust(p)
    return {pair: _dunn_pair(kept[pair[0]], kept[pair[1]], z[pair], p[pair], corrected[pair]) for pair in z}


def _dunn_pair(a: FloatArray, b: FloatArray, z: float, p: float, p_holm: float | None) -> Estimate:
    """One comparison with the sizes of its difference."""
    sizes = mann_whitney(a, b)
    return estimated(
        "Dunn's comparison of mean ranks",
        sizes.interval,
        estimate_name="Hodges-Lehmann shift",
        test=("z", z, p),
        effect=sizes.effect,
        effect_name="Cliff's delta",
        n=sizes.n,
        n_by_group=sizes.n_by_group,
        details={"p_holm": p_holm},
    )


def _dunn_details(pairs: dict[tuple[str, str], Estimate]) -> dict[str, float | None]:
    """The comparisons as flat numbers."""
    found: dict[str, float | None] = {}
    for (one, two), pair in pairs.items():
        name = f"dunn.{one}|{two}"
        found |= {f"{name}.z": pair.statistic, f"{name}.p": pair.p, f"{name}.p_holm": pair.details["p_holm"]}
    return found


def _grouped(groups: Mapping[str, Any]) -> tuple[dict[str, FloatArray], dict[str, Any]]:
    """Groups that have values, and the counts of all."""
    columns = {name: numbers(values) for name, values in groups.items()}
    cleaned = {name: column[np.isfinite(column)] for name, column in columns.items()}
    sizes = {name: len(column) for name, column in cleaned.items()}
    total = sum(sizes.values())
    missing = sum(len(column) for column in columns.values()) - total
    kept = {name: column for name, column in cleaned.items() if len(column)}
    return kept, {"n": total, "n_missing": missing, "n_by_group": sizes}


def _hodges_lehmann(a: FloatArray, b: FloatArray, ties: float) -> tuple[float, float, float]:
    """Median difference and its interval; NaN bounds where the groups are too small."""
    pairs = len(a) * len(b)
    bounds = shift_ranks(len(a), len(b), ties)
    places = ((pairs - 1) // 2, pairs // 2, *(bounds or ()))
    found = nth_differences(a, b, places)
    low, high = found[2:] if bounds else (math.nan, math.nan)
    return (found[0] + found[1]) / 2, low, high


def _cliff(a: FloatArray, b: FloatArray) -> tuple[float, float, float]:
    """Cliff's delta with Feng and Cliff's interval."""
    n, m = len(a), len(b)
    balance_a, balance_b = pair_counts(a, b)
    rows, columns = balance_a / m, balance_b / -n
    delta = float(rows.mean())
    if abs(delta) == 1:
        k = min(n, m)
        inner = (k - Z * Z) / (k + Z * Z) * delta
        return delta, min(inner, delta), max(inner, delta)
    by_row, by_column = float(((rows - delta) ** 2).sum()), float(((columns - delta) ** 2).sum())
    ties = _tied_pairs(a, b)
    cells = n * m - ties - n * m * delta**2
    variance = (m * m * by_row + n * n * by_column - cells) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    half = Z * math.sqrt(variance * ((1 - delta**2) ** 2 + Z * Z * variance))
    scale = 1 - delta**2 + Z * Z * variance
    return delta, (delta - delta**3 - half) / scale, (delta - delta**3 + half) / scale


def _tied_pairs(a: FloatArray, b: FloatArray) -> int:
    """How many pairs hold the same value twice."""
    ordered = np.sort(b)
    return int((np.searchsorted(ordered, a, side="right") - np.searchsorted(ordered, a, side="left")).sum())


def _noncentrality(h: float, df: int) -> tuple[float, float]:
    """Noncentralities under which H lies at its upper and at its lower 2.5 % point."""

    def bound(target: float) -> float:
        if stats.chi2.cdf(h, df) <= target:
            return 0.0
        top = 4 * (h + df + 10)
        return float(optimize.brentq(lambda centre: stats.ncx2.cdf(h, df, centre) - target, 1e-9, top))

    return bound(0.975), bound(0.025)


def _shape(a: FloatArray, b: FloatArray) -> str:
    """Whether both groups have one spread about their medians (Brown-Forsythe) in a sentence."""
    centred = [abs(group - np.median(group)) for group in (a, b)]
    if all(constant(column) for column in centred):
        return "equal spread (Brown-Forsythe): not testable"
    p = float(stats.levene(a, b, center="median").pvalue)
    return f"equal spread (Brown-Forsythe): p = {p:.3g}"
