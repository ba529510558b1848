"""Statistics of a history against planted rates and outside numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.history.answers import breaks_table, decomposition_table, hazards_table, incidence_table, shares_table
from analysis.history.counts import ALL, ShareCounts
from analysis.stats.durations import (
    BUCKETS,
    clustered_hazard,
    clustered_share,
    incidence,
    incidence_bounds,
    interval_hazard,
)
from benchmarks.simulated_archive import DATES, FIRST_REPORT, GONE, RATIO, REMOVED, Simulated, simulate


@pytest.fixture(scope="module")
def large() -> Simulated:
    return simulate(seed=5, owners=6_000)


def test_shares_equal_the_truth(large: Simulated) -> None:
    for date, true in zip(large.shares.dates, large.true_shares, strict=True):
        models, reporters = large.shares.listed[date, ALL, ALL]
        assert clustered_share(reporters, models).estimate == pytest.approx(true, abs=1e-12)
    rows = shares_table(large.shares).rows
    assert len({row[0] for row in rows}) == DATES


def test_planted_hazards_are_found_within_ten_per_cent(large: Simulated) -> None:
    cells = large.durations.first
    assert clustered_hazard(cells["generator", "A"], 1).estimate == pytest.approx(FIRST_REPORT, rel=0.1)
    assert clustered_hazard(cells["generator", "B"], 1).estimate == pytest.approx(FIRST_REPORT * RATIO, rel=0.1)
    assert clustered_hazard(cells["generator", "B"], 1, cells["generator", "A"]).estimate == pytest.approx(
        RATIO, rel=0.1
    )
    assert clustered_hazard(cells[ALL, ALL], 2).estimate == pytest.approx(GONE, rel=0.1)
    assert clustered_hazard(large.durations.kept[ALL, ALL], 1).estimate == pytest.approx(REMOVED, rel=0.1)
    assert large.durations.lost > 0
    assert {row[0] for row in hazards_table(large.durations).rows} >= {"first report", "report removed"}


def test_incidence_under_competing_ends_is_the_closed_form(large: Simulated) -> None:
    days = 56
    found = incidence(large.durations.ages, days)
    rates = [(FIRST_REPORT * factor) for factor in (1, RATIO)]
    # gamma frailty of shape 4: averaged over owners by quadrature
    nodes = np.random.default_rng(0).gamma(4, 0.25, 200_000)
    true = np.mean(
        [np.mean(r * nodes / (r * nodes + GONE) * -np.expm1(-(r * nodes + GONE) * days / 365.25)) for r in rates]
    )
    assert found.estimate == pytest.approx(true, rel=0.12)
    assert found.low is not None
    assert found.low < true < (found.high or 0)
    assert incidence_table(large.durations).rows[-1][-1] is not None  # 24 weeks are no year
    least, most = incidence_bounds(large.durations.ages, days, unseen=0)
    assert least == pytest.approx(found.estimate)
    any_end = np.mean([-np.expm1(-(r * nodes + GONE) * days / 365.25) for r in rates])
    assert most == pytest.approx(any_end, rel=0.12)


def test_bounds_count_whom_nobody_could_look_at() -> None:
    ages = {0: np.zeros((BUCKETS, 3), dtype=np.int64), 7: np.zeros((BUCKETS, 3), dtype=np.int64)}
    ages[0][0], ages[7][0] = (10, 1, 0), (9, 1, 3)
    assert incidence_bounds({"x": ages}, 7) == pytest.approx((0.2, 0.5))
    assert incidence_bounds({"x": ages}, 7, unseen=10) == pytest.approx((0.1, 0.75))


def test_coverage_over_replications_small() -> None:
    """Twenty archives of 300 owners; two hundred run in ``make bench``."""
    hits = 0
    for seed in range(20):
        found = clustered_hazard(simulate(seed, owners=300).durations.kept[ALL, ALL], 1)
        hits += (found.low or 0) <= REMOVED <= (found.high or 0)
    assert hits >= 16


def test_interval_hazard_of_one_length_is_the_closed_form() -> None:
    n, d1, d2, days = 1_000, 30, 10, 7.0
    total = -math.log(1 - (d1 + d2) / n) / days * 365.25
    found = {cause: interval_hazard({days: np.array([n, d1, d2])}, cause) for cause in (1, 2)}
    assert found[1] == pytest.approx(total * d1 / (d1 + d2), rel=1e-8)
    assert found[2] == pytest.approx(total * d2 / (d1 + d2), rel=1e-8)


def test_incidence_of_a_known_table() -> None:
    """R 4.2.2: survfit(Surv(t, factor(e)) ~ 1), 10 models.

    At 7 days 2 report and 1 leaves, at 14 days 1 of 7 reports: 2/10 + 7/10/7.
    """
    ages = {}
    for age, row in {0: (10, 0, 0), 7: (10, 2, 1), 14: (7, 1, 0)}.items():
        table = np.zeros((BUCKETS, 3), dtype=np.int64)
        table[0] = row
        ages[age] = table
    assert incidence({"x": ages}, 14).estimate == pytest.approx(0.3, abs=1e-12)


def test_a_generator_that_stops_is_dated_and_the_change_is_decomposed() -> None:
    counts = ShareCounts()
    draw = np.random.default_rng(3)
    for number in range(20):
        date = f"2026-{1 + number // 4:02}-{1 + 7 * (number % 4):02}"
        counts.dates.append(date)
        for level, rate in (("stops", 0.3 if number < 12 else 0.0), ("steady", 0.1)):
            models = np.full(BUCKETS, 5)
            both = np.stack([models, draw.binomial(models, rate)])
            counts.listed[date, "generator", level] = counts.entered[date, "generator", level] = both
        counts.listed[date, ALL, ALL] = np.sum(
            [counts.listed[date, "generator", level] for level in ("stops", "steady")], axis=0
        )
    rows = [row for row in breaks_table(counts).rows if row[-1] < 0.05]
    assert [(row[1], row[2]) for row in rows] == [("stops", counts.dates[12])]
    _, change, composition, behaviour = next(row for row in decomposition_table(counts).rows if row[0] == "generator")
    assert composition == pytest.approx(0, abs=1e-12)
    assert change == pytest.approx(behaviour)
    assert change < 0
