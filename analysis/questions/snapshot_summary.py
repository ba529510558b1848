"""What a snapshot is, in a few numbers.

Who states emissions, what remains after the checks, how the values are spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.questions.protocol import Protocol
from analysis.questions.repairs import flagged
from analysis.questions.study_data import StudyData, TablesLike
from analysis.results import Estimate
from analysis.stats.shares import proportion

LARGEST = 3
READ = frozenset({"read", "empty"})
CHECKS = ("exercise", "not-own", "constant", "doubtful")


@dataclass(frozen=True)
class SnapshotSummary:
    """The first numbers of a report.

    Attributes:
        population: All models, reporting or not; None where only reporters were mined.
        reporters: Models that state emissions, in metadata or card.
        kept: Reporters that remain after the checks: a readable value, of the model's own training, neither repeated
            nor doubtful.
        share: Share of reporters in the population (Wilson's interval); None without a population.
        median_gco2e, smallest_gco2e, largest_gco2e: Spread of the kept values; None where none is kept.
        largest_share: Share of the kept mass that the largest models hold; ``largest_models`` says how many they are.
        not_own: Reports that are not a measurement of the model itself (copied, inherited, a total or a repeated
            constant).
        unread_cards: Models whose card was not, or could not be, looked at.
    """

    population: int | None
    reporters: int
    kept: int
    share: Estimate | None
    median_gco2e: float | None
    smallest_gco2e: float | None
    largest_gco2e: float | None
    largest_share: float | None
    largest_models: int
    not_own: int
    unread_cards: int


def snapshot_summary(tables: TablesLike, protocol: Protocol) -> SnapshotSummary:
    """Describe the snapshot behind processed tables.

    Args:
        tables: Processed tables.
        protocol: Names the flags that each check leaves out.
    """
    study = StudyData(tables)
    reporters = study.reporters
    not_own = protocol.flags_of("not-own") + protocol.flags_of("constant")
    flags = tuple(flag for check in CHECKS for flag in protocol.flags_of(check))
    kept = reporters[reporters["grams"].notna() & ~flagged(reporters, flags)]
    return _summary(study, reporters, kept["grams"].sort_values(), int(flagged(reporters, not_own).sum()))


def _summary(study: StudyData, reporters: pd.DataFrame, grams: pd.Series, not_own: int) -> SnapshotSummary:
    """The numbers of reporters and of the kept values, which are sorted."""
    total, top = float(grams.sum()), min(LARGEST, len(grams))
    population = study.population
    statuses = study.tables.query("SELECT card_status, count(*) AS n FROM models GROUP BY 1 ORDER BY 1")
    return SnapshotSummary(
        population=population,
        reporters=len(reporters),
        kept=len(grams),
        share=proportion(len(reporters), population) if population else None,
        median_gco2e=float(grams.median()) if len(grams) else None,
        smallest_gco2e=float(grams.iloc[0]) if len(grams) else None,
        largest_gco2e=float(grams.iloc[-1]) if len(grams) else None,
        largest_share=float(grams.tail(top).sum()) / total if total > 0 else None,
        largest_models=top,
        not_own=not_own,
        unread_cards=int(statuses.loc[~statuses["card_status"].isin(READ), "n"].sum()),
    )
