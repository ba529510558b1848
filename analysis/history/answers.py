"""What a history answers: the share over time, what moved it, what broke, and how models come to report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.special import xlogy

from analysis import rounding
from analysis.history.counts import ALL, DurationCounts, ShareCounts
from analysis.history.panel import GROUPINGS
from analysis.history.tables import table
from analysis.results import Estimate, Table
from analysis.stats.durations import clustered_hazard, clustered_share, incidence, incidence_bounds
from analysis.stats.multiple import adjust

SHARE_COLUMNS = (
    "date",
    "grouping",
    "level",
    "models_count",
    "reporters_count",
    "share",
    "low",
    "high",
    "low_naive",
    "high_naive",
    "design_effect",
)
CHANGE_COLUMNS = ("grouping", "change_share", "composition_share", "behaviour_share")
BREAK_COLUMNS = (
    "grouping",
    "level",
    "date",
    "entered_before",
    "share_before",
    "entered_after",
    "share_after",
    "p",
    "p_adjusted",
)
HAZARD_COLUMNS = (
    "event",
    "grouping",
    "level",
    "watched_count",
    "events",
    "hazard_per_year",
    "low",
    "high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "compared_with",
    "refused",
)
INCIDENCE_COLUMNS = ("months", "days", "entered_count", "incidence", "low", "high", "least", "most", "refused")
HORIZONS = ((1, 30), (6, 182), (12, 365))
BREAK_DATES = 8
BREAK_EVENTS = 5
PERMUTATIONS = 999
SEED = 20240701


def shares_table(counts: ShareCounts) -> Table:
    """Share of models that report, by date, for all models and for each level of each grouping."""
    rows = []
    for (date, grouping, level), (models, reporters) in counts.listed.items():
        found = clustered_share(reporters, models)
        more = found.details
        rows.append(
            (
                date,
                grouping,
                level,
                found.n,
                int(reporters.sum()),
                *found.interval,
                more.get("low_naive"),
                more.get("high_naive"),
                more.get("design_effect"),
            )
        )
    note = "Intervals at 95 % count an owner once (design effect beside them); the naive ones count every model."
    return table("shares", "Share of models that report, by date", SHARE_COLUMNS, rows, note)


def decomposition_table(counts: ShareCounts) -> Table:
    """What of the change of the share comes from which models there are, and what from what models of a kind do.

    With w the share of a level among models and r the share of its models that report, the change from first to last
    date is sum (w1 - w0) (r0 + r1) / 2 (composition) + sum (r1 - r0) (w0 + w1) / 2 (behaviour). Source: Kitagawa, JASA
    50, 1955.
    """
    first, last = counts.dates[0], counts.dates[-1]
    rows = []
    for grouping in GROUPINGS:
        levels = sorted({key[2] for key in counts.listed if key[1] == grouping and key[0] in (first, last)})
        (w0, r0), (w1, r1) = (_weights(counts, date, grouping, levels) for date in (first, last))
        composition, behaviour = float((w1 - w0) @ (r0 + r1)) / 2, float((r1 - r0) @ (w0 + w1)) / 2
        rows.append((grouping, composition + behaviour, composition, behaviour))
    note = (
        f"Change of the share from {first} to {last}, in parts of one. Levels that no model had at a date count "
        f"with the rate of the other."
    )
    return table("decomposition", "Why the share changed", CHANGE_COLUMNS, rows, note)


def _weights(counts: ShareCounts, date: str, grouping: str, levels: Sequence[str]) -> tuple[Any, Any]:
    """Share among models, and share that reports, of every level."""
    cells = [counts.listed.get((date, grouping, level)) for level in levels]
    models = np.array([0 if cell is None else cell[0].sum() for cell in cells], dtype=np.float64)
    reporters = np.array([0 if cell is None else cell[1].sum() for cell in cells], dtype=np.float64)
    other = counts.dates[-1] if date == counts.dates[0] else counts.dates[0]
    elsewhere = [counts.listed.get((other, grouping, level)) for level in levels]
    filled = [0.0 if cell is None or not cell[0].sum() else cell[1].sum() / cell[0].sum() for cell in elsewhere]
    rates = np.divide(reporters, models, out=np.array(filled), where=models > 0)
    return models / max(models.sum(), 1.0), rates


def breaks_table(counts: ShareCounts) -> Table:
    """Dates from which new models of a kind report more or less often than before.

    The likeliest single break of each level. The statistic is the largest log-likelihood ratio of two binomial shares
    over all places of the break; its p-value comes from putting the dates in random order (seeded), and is corrected
    over all levels by Holm.
    """
    rows: list[list[Any]] = []
    dates = counts.dates[1:]
    for grouping, level in sorted({key[1:] for key in counts.entered}):
        cells = [counts.entered.get((date, grouping, level)) for date in dates]
        models = np.array([0 if cell is None else cell[0].sum() for cell in cells])
        reporters = np.array([0 if cell is None else cell[1].sum() for cell in cells])
        if len(dates) < BREAK_DATES or not BREAK_EVENTS <= reporters.sum() < models.sum():
            continue
        place, size = _break(models, reporters)
        generator = np.random.default_rng(SEED)
        orders = (generator.permutation(len(dates)) for _ in range(PERMUTATIONS))
        p = (1 + sum(_break(models[order], reporters[order])[1] >= size - 1e-9 for order in orders)) / (
            PERMUTATIONS + 1
        )
        halves = ((models[:place].sum(), reporters[:place].sum()), (models[place:].sum(), reporters[place:].sum()))
        shares = [value for n, k in halves for value in (int(n), float(k / n) if n else None)]
        rows.append([grouping, level, dates[place], *shares, p])
    corrected = adjust({place: row[-1] for place, row in enumerate(rows)})
    found = [(*row, corrected[place]) for place, row in enumerate(rows)]
    found.sort(key=lambda row: (row[-1], row[-2], row[0], row[1]))
    note = (
        "Share of new models that report before and from the date of the likeliest break; p by random order of "
        "the dates, corrected by Holm."
    )
    return table("breaks", "Breaks: kinds of models that began or stopped to report", BREAK_COLUMNS, found, note)


def _break(models: Any, reporters: Any) -> tuple[int, float]:
    """Place and size of the likeliest break."""
    n0, k0 = np.cumsum(models)[:-1], np.cumsum(reporters)[:-1]
    n1, k1 = models.sum() - n0, reporters.sum() - k0
    gain = sum(_loglik(k, n) for k, n in ((k0, n0), (k1, n1))) - _loglik(reporters.sum(), models.sum())
    place = int(np.argmax(gain))
    return place + 1, float(gain[place])


def _loglik(k: Any, n: Any) -> Any:
    share = np.divide(k, n, out=np.zeros(np.shape(k)), where=np.asarray(n) > 0)
    return xlogy(k, share) + xlogy(n - k, 1 - share)


def hazards_table(counts: DurationCounts) -> Table:
    """Hazards of first report, removal, change and disappearance, by the level a model had when the watch began."""
    events = (
        ("first report", counts.first, 1),
        ("no longer listed, never reported", counts.first, 2),
        ("report removed", counts.kept, 1),
        ("report changed", counts.kept, 2),
        ("no longer listed, reporting", counts.kept, 3),
        ("context added to a number", counts.raised, 1),
    )
    rows = []
    for event, cells, cause in events:
        largest = {
            name: max(
                (level for g, level in cells if g == name), key=lambda level: _watched(cells[name, level]), default=""
            )
            for name in GROUPINGS
        }
        for grouping, level in sorted(cells, key=lambda key: (key[0] != ALL, key)):
            hazard = clustered_hazard(cells[grouping, level], cause)
            base = largest.get(grouping)
            ratio = (
                clustered_hazard(cells[grouping, level], cause, cells[grouping, base])
                if base and base != level
                else None
            )
            rows.append(
                (
                    event,
                    grouping,
                    level,
                    hazard.n,
                    int(sum(c[..., cause].sum() for c in cells[grouping, level].values())),
                    hazard.estimate,
                    hazard.low,
                    hazard.high,
                    *_values(ratio),
                    base if ratio is not None else None,
                    hazard.refused,
                )
            )
    note = (
        "Events a model and year. The level is the one at the date before, so that exposures change with time. A "
        "ratio compares with the "
        "largest level; it is a difference between kinds of models, not an effect: kinds differ in more than their "
        "name."
    )
    return table("hazards", "How often models begin, stop and change", HAZARD_COLUMNS, rows, note)


def _watched(cells: dict[float, Any]) -> int:
    return int(sum(c[..., 0].sum() for c in cells.values()))


def _values(found: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if found is None else found.interval


def incidence_table(counts: DurationCounts) -> Table:
    """Incidence of the first report among models that entered during the series."""
    rows = []
    for months, days in HORIZONS:
        found = incidence(counts.ages, days)
        least, most = (None, None) if found.estimate is None else incidence_bounds(counts.ages, days, counts.unread)
        rows.append((months, days, found.n, *found.interval, least, most, found.refused))
    note = (
        "Aalen-Johansen: no longer being listed is a competing end. Time runs from the first date listed; models "
        "that report at that date "
        f"count at age 0. Strata: generator at entry. Watches that a date could not end, because the metadata could "
        f"not be read: {counts.lost:,}; "
        "they go on until a date could look, and are never a removal. Least and most: if none, or all, of the models "
        "that are no longer listed, and "
        f"of the {counts.unread:,} that could not be read when they entered, had come to report."
    )
    return table("incidence", "How many models report within a time of being listed", INCIDENCE_COLUMNS, rows, note)


def agreement_table(archive: dict[str, Any], crawl: dict[str, Any], names: tuple[str, str]) -> Table:
    """Archive and crawl of about the same day: who reports by which of them, and whether the amounts agree.

    Args:
        archive: Amount (number and unit) of every model that both list, None where it states none.
        crawl: The same.
        names: What the two are called.
    """
    both = sorted(archive.keys() & crawl.keys())
    kinds = [(archive[name] is not None, crawl[name] is not None) for name in both]
    equal = sum(archive[name] == crawl[name] for name, kind in zip(both, kinds, strict=True) if all(kind))
    rows = [
        ("models in both", len(both)),
        (f"only in {names[0]}", len(archive) - len(both)),
        (f"only in {names[1]}", len(crawl) - len(both)),
        ("report in both", kinds.count((True, True))),
        ("report in both, same number", equal),
        (f"report by {names[0]} only", kinds.count((True, False))),
        (f"report by {names[1]} only", kinds.count((False, True))),
    ]
    return table("agreement", f"{names[0]} and {names[1]}", ("what", "models_count"), rows)


def headline(counts: ShareCounts) -> str:
    """RQ1.1 in one sentence."""
    first, last = (
        clustered_share(*counts.listed[date, ALL, ALL][::-1]) for date in (counts.dates[0], counts.dates[-1])
    )
    if last.estimate is None or first.estimate is None:
        return "No models are listed."
    words = (
        f"{percent(last.estimate)} of models state a carbon number ({rounding.count(last.details['successes'])} of "
        f"{rounding.count(last.n)}, "
        f"{counts.dates[-1]})"
    )
    if len(counts.dates) == 1:
        return f"{words}."
    return f"{words}; it was {percent(first.estimate)} on {counts.dates[0]}."


def percent(value: float | None) -> str:
    """A share as a reader sees it: two digits, also where it is far below one per cent."""
    if value is None or not math.isfinite(value):
        return rounding.MISSING
    return "0 %" if value == 0 else f"{float(f'{100 * value:.2g}'):,} %"


def drivers(rows: Iterable[tuple[Any, ...]]) -> str:
    """The grouping whose composition explains most of the change, in words."""
    known = [row for row in rows if row[1]]
    if not known:
        return "The share did not change."
    most = max(known, key=lambda row: abs(row[2]))
    change, composition, behaviour = (points(value) for value in most[1:4])
    return (
        f"The share changed by {change}. {behaviour} come from models of a kind that report more or less often, "
        f"{composition} from which models there are (grouped by {most[0].replace('_', ' ')})."
    )


def points(value: float) -> str:
    """A difference of two shares as a reader sees it, with its sign."""
    written = f"{float(f'{100 * value:.2g}'):+,}".replace("-", "\u2212")
    return "0 percentage points" if value == 0 else f"{written} percentage points"
