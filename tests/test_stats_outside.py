"""Numbers of other programs, run on data that statsmodels ships or that stand here.

No formula of ours is written twice.

R 4.2.2 with clubSandwich 0.5.8, sandwich 3.0-2 and survey 4.1-1 (Debian 12); the call stands in each test.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.stats import (
    binomial_glm,
    clustered_mann_whitney,
    clustered_pearson,
    clustered_share,
    clustered_spearman,
    mann_kendall,
    ols,
    theil_sen,
    weighted_mean,
    weighted_share,
    weighted_trend,
)


def known(value: float | None) -> float:
    """A number that has to be there."""
    assert value is not None
    return value


@pytest.fixture(scope="module")
def grunfeld() -> pd.DataFrame:
    """Investment of eleven firms over twenty years: eleven clusters of twenty rows."""
    found: pd.DataFrame = sm.datasets.grunfeld.load_pandas().data
    return found


def test_cr2_and_hc3_are_those_of_clubsandwich_and_sandwich(grunfeld: pd.DataFrame) -> None:
    """R: l <- lm(invest ~ value + capital, g); coef_test(l, vcov = "CR2", cluster = g$firm); vcovHC(l, "HC3").

    VcovCL(l, ~firm, type = "HC1").
    """
    columns = {"value": grunfeld["value"], "capital": grunfeld["capital"]}
    found = ols(grunfeld["invest"], columns, clusters=grunfeld["firm"])
    printed = {
        "intercept": (-38.4100539864, 22.8688249089, 7.22144500524, 0.135614341034, 12.580094393719, 18.13627999271),
        "value": (0.114534363011, 0.0166669574213, 2.35348435422, 0.0131615011498, 0.007111157256, 0.01620044544),
        "capital": (0.22751412555, 0.110706553287, 2.88987154164, 0.135578771814, 0.058275425694, 0.08547781688),
    }
    for name, (estimate, cr2, df, p, hc3, cr1) in printed.items():
        one, details = found[name], found[name].details
        assert one.estimate == pytest.approx(estimate, rel=1e-9), name
        assert (details["cluster_se"], details["cluster_df"], one.p) == pytest.approx((cr2, df, p), rel=1e-8), name
        assert (details["hc3_se"], details["cluster_cr1_se"]) == pytest.approx((hc3, cr1), rel=1e-8), name


def test_the_cluster_jackknife_of_a_correlation_leaves_out_a_firm_at_a_time(grunfeld: pd.DataFrame) -> None:
    """R: atanh(cor(...)) without each firm, se = sqrt((G - 1) / G sum((z - mean(z))^2)).

    As summclust's CV3J (MacKinnon, Nielsen & Webb 2023).

    Degrees of freedom: the smaller d.f. of clubSandwich::coef_test(lm(y ~ x), vcov = "CR2") and of lm(x ~ y).
    """
    x, y, firm = np.log(grunfeld["value"]), np.log(grunfeld["invest"]), grunfeld["firm"]
    found = clustered_pearson(x, y, firm)
    assert (found.estimate, found.low, found.high, found.p, found.details["df"]) == pytest.approx(
        (0.8793240315, 0.4975147095, 0.9757220594, 0.01212817155, 3.278806093), rel=1e-8
    )
    swapped = clustered_pearson(y, x, firm)
    assert (swapped.low, swapped.high, swapped.p) == pytest.approx((found.low, found.high, found.p), rel=1e-9)
    ranked = clustered_spearman(x, y, firm)
    assert (ranked.estimate, ranked.low, ranked.high, ranked.details["df"]) == pytest.approx(
        (0.8522894818, 0.391854193, 0.9713089891, 5.252580316), rel=1e-8
    )


def test_the_cluster_jackknife_of_delta_leaves_out_a_firm_at_a_time(grunfeld: pd.DataFrame) -> None:
    """R: mean(sign(outer(a, b, "-"))) for six of the firms against the other five, as above."""
    six = ["American Steel", "Chrysler", "General Electric", "Goodyear", "Union Oil", "Westinghouse"]
    chosen = grunfeld["firm"].isin(six)
    one, other = grunfeld[chosen], grunfeld[~chosen]
    found = clustered_mann_whitney(one["invest"], other["invest"], one["firm"], other["firm"])
    assert (found.effect_size, found.effect_low, found.effect_high, found.p, found.details["df"]) == pytest.approx(
        (-0.275666666667, -0.894856031909, 0.706324773421, 0.56697745118, 5.5063987608), rel=1e-8
    )


def test_the_error_of_a_clustered_share_is_that_of_survey(grunfeld: pd.DataFrame) -> None:
    """R: svymean(~hit, svydesign(ids = ~firm, weights = ~1, data = g)) prints 0.25 and 0.11851.

    Svyciprop(method = "beta") .047 to .597.
    """
    found = clustered_share((grunfeld["invest"] > 100).astype(float), grunfeld["firm"])
    assert found.estimate == 0.25
    error = np.sqrt(known(found.details["design_effect"]) * 0.25 * 0.75 / 220)
    assert error == pytest.approx(0.11851, abs=5e-6)
    # method = "logit", then "beta" (Korn and Graubard); ours is Wilson's at the effective n
    assert (found.low, found.high) == pytest.approx((0.0753719, 0.57682), abs=0.025)
    assert 0.0466 < known(found.low) < known(found.high) < 0.5975
    assert known(found.details["naive_low"]) > known(found.low)


def test_overdispersion_is_that_of_quasibinomial() -> None:
    """R: glm(cbind(y, n - y) ~ t, family = quasibinomial), summary(); interval with qt(.975, 10).

    R stops its iteration at 1e-8 of the deviance.
    """
    hits = [3, 18, 4, 34, 9, 20, 51, 30, 16, 75, 41, 28]
    trials = [120, 150, 90, 210, 140, 180, 160, 250, 190, 170, 260, 200]
    found = binomial_glm(hits, trials, {"t": range(12)})
    assert found["t"].details["dispersion"] == pytest.approx(15.2458751482, rel=2e-5)
    assert (found["intercept"].effect_size, found["t"].effect_size) == pytest.approx(
        (-2.3159774049187, 0.0957948003875), rel=2e-5
    )
    assert [one.details["se"] for one in found.values()] == pytest.approx([0.555846737156, 0.073547461492], rel=2e-5)
    assert [one.p for one in found.values()] == pytest.approx([0.00192844427448, 0.22194625662602], rel=1e-4)
    assert (found["t"].low, found["t"].estimate, found["t"].high) == pytest.approx(
        (0.934186524156, 1.100533211834, 1.296500558540), rel=2e-5
    )


NILE = {"s": -1387.0, "var_s": 241565.3569166269, "z": -2.8199791956451388, "p": 0.004802676310182719}


def test_hamed_and_rao_as_modifiedmk_has_it() -> None:
    """pymannkendall 1.4.3 (Hussain & Mahmud, JOSS 4, 2019), hamed_rao_modification_test.

    After modifiedmk::mmkh; the Nile at Aswan.
    """
    nile = sm.datasets.nile.load_pandas().data["volume"].to_numpy()
    found = mann_kendall(nile, correction="hamed-rao")
    assert found.details["s"] == NILE["s"]
    assert known(found.details["var_s"]) * known(found.details["variance_factor"]) == pytest.approx(
        NILE["var_s"], rel=1e-10
    )
    assert (found.statistic, found.p) == pytest.approx((NILE["z"], NILE["p"]), rel=1e-9)


STRATA = {
    "E": (4421, 100, 674.43, 12.38247979),
    "H": (755, 50, 625.82, 14.93712919),
    "M": (1018, 50, 636.60, 16.21470731),
}
"""Schools, sampled schools, mean and its error by type.

Svyby(~api00, ~stype, svydesign(~1, strata = ~stype, fpc = ~fpc, data = apistrat), svymean).
"""


def test_a_stratified_mean_is_that_of_survey() -> None:
    """R: svymean(~api00, dstrat) prints 662.28736 and 9.40894 (the example of the package).

    Rows here have the strata's means and variances.
    """
    rows, strata = [], []
    for name, (population, n, mean, error) in STRATA.items():
        spread = error / np.sqrt((1 - n / population) / n)
        shape = np.arange(n) - (n - 1) / 2
        rows += list(mean + spread * shape / shape.std(ddof=1))
        strata += [name] * n
    found = weighted_mean(rows, strata=strata, population={name: float(one[0]) for name, one in STRATA.items()})
    assert (found.estimate, found.details["se"]) == pytest.approx((662.28736, 9.40894), abs=6e-6)


def test_a_stratified_share_is_that_of_survey() -> None:
    """R: svymean(~I(api00 >= 700), dstrat) prints 0.40433968161 and 0.03747539005.

    Svyciprop(method = "beta") .3302 to .4818.
    """
    counts = {"E": (46, 100), "H": (15, 50), "M": (12, 50)}
    hits = [float(place < k) for k, n in counts.values() for place in range(n)]
    strata = [name for name, (_, n) in counts.items() for _ in range(n)]
    found = weighted_share(hits, strata=strata, population={name: float(one[0]) for name, one in STRATA.items()})
    assert (found.estimate, found.details["se"]) == pytest.approx((0.40433968161, 0.03747539005), rel=1e-8)
    assert (found.low, found.high) == pytest.approx((0.3321, 0.4795), abs=0.004)  # svyciprop(method = "likelihood")


def test_a_weighted_trend_is_that_of_lm_with_hc3() -> None:
    """R: l <- lm(y ~ t, weights = w); sqrt(diag(vcovHC(l, "HC3")))."""
    weights = [3, 40, 8, 25, 60, 12, 9, 31, 5, 18, 22, 7]
    y = [2.1, 1.9, 2.4, 1.6, 1.7, 1.2, 1.5, 1.1, 0.7, 1.0, 0.6, 0.9]
    found = weighted_trend(y, weights, range(12))
    assert (found.estimate, found.details["intercept"]) == pytest.approx((-0.1392976661, 2.1408187374), rel=1e-8)
    assert found.details["hc3_se"] == pytest.approx(0.02117541059, rel=1e-8)


def planted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forty numbers in nine clusters, sixteen of them in the first group."""
    place = np.arange(40)
    values = (37 * place % 101) / 10 + np.where(place < 16, 1.5, 0) + (place % 9) / 2
    return values, place % 9, place < 16


def test_the_shift_and_delta_of_clusters_as_r_recomputes_them() -> None:
    """R: jackknife of atanh of mean(sign(outer(a, b, "-"))), df of coef_test(vcov = "CR2"); sorted outer(a, b, "-")."""
    values, clusters, first = planted()
    found = clustered_mann_whitney(values[first], values[~first], clusters[first], clusters[~first])
    assert tuple(map(known, found.interval)) == pytest.approx((0.2, -1.6, 2.6), rel=1e-9)
    effect = (0.057291666666667, -0.2885451731735, 0.38990460254623)
    assert tuple(map(known, found.effect)) == pytest.approx(effect, rel=1e-9)
    assert found.p == pytest.approx(0.71629492716364, rel=1e-9)


def test_wilson_at_the_effective_number_of_rows_as_r_recomputes_it() -> None:
    """R: deff from tapply(h - p, c, sum), df from the sizes, Wilson with qt(.975, df) at n / deff."""
    _, clusters, _ = planted()
    hits = (37 * np.arange(40) % 101 > 40) | (clusters < 3)
    found = clustered_share(hits.astype(float), clusters)
    assert tuple(map(known, found.interval)) == pytest.approx((0.75, 0.52899005793542, 0.88905594928019), rel=1e-9)
    assert (found.details["design_effect"], found.details["df"]) == pytest.approx((1.4625, 7.8147320240566), rel=1e-9)


def test_sens_slope_and_its_corrected_interval_as_r_recomputes_them() -> None:
    """R: sort((y[j] - y[i]) / (x[j] - x[i])) over combn(17, 2), factor from 6 / pi asin(phi^lag / 2), qt(.975, 15)."""
    y = [3.35, 3.15, 3.75, 2.95, 2.96, 2.05, 2.45, 2.0, 2.85, 2.55, 3.16, 2.25, 2.3, 1.55, 1.8, 1.5, 2.2]
    found = theil_sen(y)
    assert tuple(map(known, found.interval)) == pytest.approx((-0.09875, -0.16666666666667, -0.0275), rel=1e-9)
    assert found.details["variance_factor"] == pytest.approx(1.3673167567678, rel=1e-9)
    assert found.p == pytest.approx(0.016050016138011, rel=1e-9)
